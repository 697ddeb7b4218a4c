//! What a leaf says of a record: its words, and the words that it only commits to where they can be opened.

use leaf::{Json, Kind, Leaf, LeafTime};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::audit::{Kept, OpeningRow};

/// A longer text is remembered by its beginning and its digest, so that a long story costs no memory.
const KEPT_BYTES: usize = 240;
/// Characters of a long text that a message shows.
const SHOWN_CHARS: usize = 24;

/// 〔已陈述〕 What the leaves have said of one record so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// First leaf of it.
    pub(crate) first: u64,
    /// Newest leaf of it.
    pub(crate) last: u64,
    /// Words that its row has too, by the leaf's own name for them.
    pub(crate) words: BTreeMap<String, String>,
    /// Words under commitments that nobody can open any more: withdrawn, or lost.
    pub(crate) closed: BTreeSet<String>,
}

impl Said {
    /// What one leaf says.
    pub(crate) fn of(index: u64, leaf: &Leaf, openings: &[OpeningRow]) -> Said {
        let mut said = Said {
            first: index,
            ..Said::default()
        };
        said.hear(index, leaf, openings);
        said
    }

    /// Hears a leaf: a later word replaces an earlier one, and what it does not repeat stays.
    pub(crate) fn hear(&mut self, index: u64, leaf: &Leaf, openings: &[OpeningRow]) {
        self.last = index;
        for (word, value) in &leaf.data {
            let text = match value {
                Json::Text(text) => brief(text),
                Json::Int(number) => number.to_string(),
                Json::Bool(truth) => truth.to_string(),
                Json::List(_) | Json::Map(_) => continue,
            };
            self.words.insert(word.clone(), text);
        }
        for field in leaf.commitments.keys() {
            let open = openings
                .iter()
                .find(|row| row.field == *field && !row.is_withdrawn && !row.is_lost());
            match open {
                Some(row) => {
                    self.closed.remove(field);
                    self.words.insert(field.clone(), brief(&row.value));
                }
                None => {
                    self.words.remove(field);
                    self.closed.insert(field.clone());
                }
            }
        }
        let organisation = leaf.organisation.clone().unwrap_or_default();
        self.words.insert("organisation".into(), organisation);
        self.words.insert("campaign".into(), campaign_stream(leaf));
        if leaf.kind == Kind::Answer {
            // The leaf is the answer: its row cannot wait any more.
            self.words.insert("state".into(), "answered".into());
        }
        let time = match leaf.time {
            LeafTime::Second(moment) => moment.rfc3339(),
            LeafTime::Day(day) => day.to_string(),
        };
        self.words.entry("time".into()).or_insert(time);
    }

    /// The difference between a column and what was said of it, as (kept, stated); `None` also where the word
    /// cannot be opened. What was never said must be empty.
    pub(crate) fn difference(&self, word: &str, kept: &str) -> Option<(String, String)> {
        if self.closed.contains(word) {
            return None;
        }
        let stated = self.words.get(word).map_or("", String::as_str);
        let kept = brief(kept);
        (kept != stated).then(|| (shown(&kept), shown(stated)))
    }
}

/// The stream of the campaign that a leaf belongs to; empty for none.
pub(crate) fn campaign_stream(leaf: &Leaf) -> String {
    let mut streams = leaf.streams.iter().map(|(name, _)| name);
    streams
        .find(|name| name.starts_with("camp/"))
        .cloned()
        .unwrap_or_default()
}

/// A text, or the beginning and the digest of a long one.
pub(crate) fn brief(text: &str) -> String {
    if text.len() <= KEPT_BYTES {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN_CHARS).collect();
    let digest: [u8; 32] = Sha256::digest(text).into();
    format!("{start}……（{}）", leaf::digest_text(&digest))
}

/// Nothing has a name of its own in messages.
fn shown(text: &str) -> String {
    if text.is_empty() {
        "空".to_owned()
    } else {
        format!("“{text}”")
    }
}

/// A column in the words of a leaf. A statement has no private characters: where a register lost one, the mark
/// of a lost character stands in the leaf.
pub(crate) fn spelt(word: &str, kept: &Kept) -> String {
    let text = kept.stated();
    if word != "name" {
        return text;
    }
    let mut bytes = [0; 4];
    let stated = |c: char| match leaf::has_private_use(c.encode_utf8(&mut bytes)) {
        true => '\u{fffd}',
        false => c,
    };
    text.chars().map(stated).collect()
}

/// The Chinese name of a column.
pub(crate) fn title(word: &str) -> &str {
    const TITLES: &[(&str, &str)] = &[
        ("account", "账户类别"),
        ("admin_share", "管理费比例"),
        ("amount", "金额"),
        ("answer", "答复"),
        ("assumption", "假设说明"),
        ("body", "正文"),
        ("by", "公布人"),
        ("campaign", "募捐活动"),
        ("class", "类别"),
        ("day", "日期"),
        ("document", "文号"),
        ("ends", "结束日"),
        ("filing_number", "备案编号"),
        ("from", "起始日"),
        ("kind", "种类"),
        ("law", "依据"),
        ("measure", "指标"),
        ("name", "名称"),
        ("number", "数量"),
        ("office", "决定机关"),
        ("organisation", "组织"),
        ("payee", "收款方"),
        ("payee_kind", "收款方类型"),
        ("persons", "人数"),
        ("plan", "后续安排"),
        ("promise", "承诺"),
        ("purpose", "用途"),
        ("question", "提问"),
        ("reason", "理由"),
        ("region", "区划"),
        ("registered", "登记日"),
        ("restriction", "限定"),
        ("scheme", "项目"),
        ("scheme_day", "送达日"),
        ("source", "来源"),
        ("source_id", "来源编号"),
        ("starts", "开始日"),
        ("state", "状态"),
        ("story", "说明"),
        ("target", "目标"),
        ("time", "时间"),
        ("title", "标题"),
        ("unit", "单位"),
        ("until", "截至日"),
        ("uscc", "统一社会信用代码"),
        ("words", "登记内容"),
    ];
    TITLES
        .iter()
        .find(|row| row.0 == word)
        .map_or(word, |row| row.1)
}
