//! What the form of a correction says, held against the register: which entry was wrong, and what is right.

use crate::oversight::forms::Answers;
use crate::parties::register::{Item, Register, Standing};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, STORY_MAX};
use crate::{Sentence, say};
use kernel::{Day, Id};
use leaf::ids;

/// 〔更正〕 What is right in place of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The entry that was a mistake.
    pub wrong: Id<ids::RegisterEntry>,
    /// What it is about; a correction changes what is said, not what it is about.
    pub item: Item,
    /// The right standing, for items that have one.
    pub standing: Option<Standing>,
    /// The right words, for the others.
    pub words: String,
    /// The first day.
    pub from: Day,
    /// The last day, where it has one.
    pub until: Option<Day>,
}

/// Why an entry cannot be corrected like this, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionRefused {
    /// Something that is always needed is not filled in.
    Incomplete,
    /// The register of the organisation has no such entry.
    NoEntry,
    /// It was corrected already.
    Corrected,
    /// The standing belongs to another item than the entry, or is not chosen.
    Standing(Item),
    /// The words are missing, or there are words where a standing is said.
    Words(Item),
    /// The first day is not over yet, or the last one lies before it.
    Days,
    /// What only a later entry ends has no last day.
    Lasting,
    /// It says what the entry says already.
    Same,
}

impl Refused for CorrectionRefused {
    fn code(&self) -> &'static str {
        match self {
            CorrectionRefused::Incomplete => "correction_incomplete",
            CorrectionRefused::NoEntry => "correction_no_entry",
            CorrectionRefused::Corrected => "correction_corrected",
            CorrectionRefused::Standing(_) => "correction_standing",
            CorrectionRefused::Words(_) => "correction_words",
            CorrectionRefused::Days => "correction_days",
            CorrectionRefused::Lasting => "correction_lasting",
            CorrectionRefused::Same => "correction_same",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            CorrectionRefused::Incomplete => "更正意见没有填完整，请退回补充。".into(),
            CorrectionRefused::NoEntry => {
                "这家组织的登记簿里没有这个序号的记载，请照组织页面上的日志序号填写。".into()
            }
            CorrectionRefused::Corrected => {
                "这条记载已经更正过，请改填更正它的那一条记载的序号。".into()
            }
            CorrectionRefused::Standing(item) => say!(
                "这条记载登记的是{item}，请选择{item}的状态。",
                item = item.title()
            ),
            CorrectionRefused::Words(item) => say!(
                "这条记载登记的是{item}，请核对正确的内容：用文字登记的要填，登记状态的不填，不写个人的号码。",
                item = item.title()
            ),
            CorrectionRefused::Days => {
                "起始日不能晚于今天，终止日不能早于起始日，请照原始文件改正。".into()
            }
            CorrectionRefused::Lasting => {
                "这种状态不会自己结束，请不填终止日，以后有变化再另记一条。".into()
            }
            CorrectionRefused::Same => {
                "填写的和原来的记载一样，没有可以更正的，请核对后再提出。".into()
            }
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some("慈善法 第七十六条")
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            CorrectionRefused::Incomplete
            | CorrectionRefused::NoEntry
            | CorrectionRefused::Corrected
            | CorrectionRefused::Same => Some("entry"),
            CorrectionRefused::Standing(_) => Some("standing"),
            CorrectionRefused::Words(_) => Some("words"),
            CorrectionRefused::Days => Some("from"),
            CorrectionRefused::Lasting => Some("until"),
        }
    }
}

/// Reads the answers against the register.
///
/// # Errors
/// `CorrectionRefused`: the first reason that holds.
pub fn correction(
    answers: &Answers,
    register: &Register,
    today: Day,
) -> Result<Correction, CorrectionRefused> {
    let (Some(number), Some(from)) = (answers.count("entry"), answers.day("from")) else {
        return Err(CorrectionRefused::Incomplete);
    };
    let mut entries = register.entries().iter();
    let entry = entries.find(|entry| entry.leaf_index == number);
    let entry = entry.ok_or(CorrectionRefused::NoEntry)?;
    if register.is_corrected(entry) {
        return Err(CorrectionRefused::Corrected);
    }
    let item = entry.new.item;
    let standing = match answers.get("standing") {
        "" => None,
        code => Some(Standing::chosen(code).ok_or(CorrectionRefused::Standing(item))?),
    };
    let fits = match standing {
        Some(standing) => standing.item() == item,
        None => !item.has_standings(),
    };
    if !fits {
        return Err(CorrectionRefused::Standing(item));
    }
    let words = words_of(item, answers.get("words"))?;
    let until = answers.day("until");
    if (from > today && !item.may_begin_later()) || until.is_some_and(|until| until < from) {
        return Err(CorrectionRefused::Days);
    }
    if until.is_some() && standing.is_some_and(Standing::is_lasting) {
        return Err(CorrectionRefused::Lasting);
    }
    let old = &entry.new;
    if (old.standing, &old.words, old.from, old.until) == (standing, &words, from, until) {
        return Err(CorrectionRefused::Same);
    }
    Ok(Correction {
        wrong: entry.id,
        item,
        standing,
        words,
        from,
        until,
    })
}

/// The words of an item that has words, as an import reads them; nothing where a standing is said.
fn words_of(item: Item, typed: &str) -> Result<String, CorrectionRefused> {
    let typed = typed.trim();
    if item.has_standings() != typed.is_empty() {
        return Err(CorrectionRefused::Words(item));
    }
    let mut form = Form::new();
    let words = match item {
        Item::Scope | Item::Charter | Item::Report => {
            form.optional("words", item.title(), typed, STORY_MAX)
        }
        _ if item.has_standings() => String::new(),
        _ => form.line("words", item.title(), typed, LINE_MAX),
    };
    let words = form.finish(words);
    words.map_err(|_| CorrectionRefused::Words(item))
}
