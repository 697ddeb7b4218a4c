//! Whole questions, as people ask them: "募捐结束后多久要公布结果". No name contains such a text, so the rules that have
//! most of its pairs of characters answer it, rare pairs counting more than common ones.

use super::book::book;
use find::fold;
use rulebook::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Characters of a question that are looked at.
const QUESTION_CHARS_MAX: usize = 64;
/// Characters of one field of a rule that are looked at.
const FIELD_CHARS_MAX: usize = 600;
/// Rules that may answer one question.
const ANSWERS_MAX: usize = 20;

/// Words of a question that say nothing about its subject.
const PASSED_OVER: [&str; 40] = [
    "什么时候",
    "是不是",
    "能不能",
    "可不可以",
    "有没有",
    "要不要",
    "怎么办",
    "怎么样",
    "怎么",
    "怎样",
    "如何",
    "多少",
    "多久",
    "多长时间",
    "几天",
    "几年",
    "几个",
    "什么",
    "哪些",
    "哪个",
    "哪里",
    "是否",
    "可以",
    "应当",
    "应该",
    "必须",
    "需要",
    "请问",
    "我们",
    "我",
    "吗",
    "呢",
    "的",
    "了",
    "要",
    "能",
    "吧",
    "才",
    "在",
    "是",
];

type Pair = (char, char);

/// The pairs of one version, those of its title and of its deadlines apart, because they say what it is about.
struct Words {
    about: BTreeSet<Pair>,
    text: BTreeSet<Pair>,
}

/// The pairs of every version, and in how many versions each of them stands.
static WORDS: LazyLock<(Vec<Words>, BTreeMap<Pair, u32>)> = LazyLock::new(|| {
    let all: Vec<Words> = book().rules().iter().map(words).collect();
    let mut known: BTreeMap<Pair, u32> = BTreeMap::new();
    for words in &all {
        for pair in words.about.union(&words.text) {
            let count = known.entry(*pair).or_default();
            *count = count.saturating_add(1);
        }
    }
    (all, known)
});

fn words(rule: &Rule) -> Words {
    let mut about = pairs(&rule.title);
    for deadline in book().deadlines_by(rule.id) {
        about.extend(pairs(&deadline.duty));
    }
    let mut text = pairs(&rule.text);
    for number in &rule.numbers {
        text.extend(pairs(&number.title));
    }
    for deadline in book().deadlines_by(rule.id) {
        text.extend(pairs(&deadline.since));
    }
    Words { about, text }
}

/// Neighbouring characters; marks part words.
fn pairs(text: &str) -> BTreeSet<Pair> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let mut pairs = BTreeSet::new();
    for part in parts {
        let part = fold(part, FIELD_CHARS_MAX);
        pairs.extend(part.chars().zip(part.chars().skip(1)));
    }
    pairs
}

/// Places in the book of the versions that come nearest to a question, the nearest first.
pub(super) fn nearest(question: &str) -> Vec<usize> {
    let mut subject: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    for word in PASSED_OVER {
        subject = subject.replace(word, " ");
    }
    let asked = pairs(&subject);
    let (all, known) = &*WORDS;
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let weight = |pair: &Pair| {
        let with = known.get(pair).copied().unwrap_or(count).max(1);
        (count / with)
            .checked_ilog2()
            .unwrap_or(0)
            .saturating_add(1)
    };
    let mut scored: Vec<(u32, usize)> = Vec::new();
    for (place, words) in all.iter().enumerate() {
        let (mut score, mut met) = (0_u32, 0_usize);
        for pair in &asked {
            let times = match (words.about.contains(pair), words.text.contains(pair)) {
                (true, true) => 4,
                (true, false) => 3,
                (false, true) => 2,
                (false, false) => continue,
            };
            met = met.saturating_add(1);
            score = score.saturating_add(weight(pair).saturating_mul(times));
        }
        // One pair that happens to stand somewhere is no answer.
        if met >= 2 && met.saturating_mul(3) >= asked.len() {
            scored.push((score, place));
        }
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(ANSWERS_MAX);
    scored.into_iter().map(|(_, place)| place).collect()
}
