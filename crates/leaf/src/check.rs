//! Reads a whole log leaf by leaf and says what is wrong where, trusting nobody.
//!
//! A [`Checker`] needs the leaves in order and nothing else. It follows the form of each
//! leaf, the sequence of each stream, the tape of each fund, and the balance of each fund
//! at each place; at the end, funds must equal places. That the leaves are those under the
//! signed root is the other half, which `tlog` checks.
//!
//! Memory: 8 bytes a leaf for its hash and 8 for its id, in tables that are between three
//! eighths and three quarters full, so about 270 MB for ten million leaves and half of
//! that again while a table grows; streams, funds and places are kept by name once.
//! The tables hold 64 bits of a keyed hash. The key is random and the caller's, so that
//! nobody can make a log whose missing leaf looks present.

mod books;
mod names;
mod registers;
mod report;
mod seen;
#[cfg(test)]
mod tests;

pub use report::{Finding, FundTotals, OrganisationTotals, PlaceTotals, Report};

use crate::content;
use crate::digest::digest_text;
use crate::directory;
use crate::error::LeafError;
use crate::index::{IndexStatement, StreamIndex, rules_digest};
use crate::json::Json;
use crate::kind::Kind;
use crate::limits::UNKNOWN_KINDS;
use crate::own_word::stated;
use crate::recovery::Recovery;
use crate::sm2_keys::Sm2Keys;
use crate::sm3_root::Sm3Root;
use crate::succession::{KeyBook, KeyLeaf};
use crate::view::LeafView;
use books::Books;
use names::Names;
use registers::Registers;
use report::Findings;
use seen::Seen;
use std::collections::BTreeMap;
use tlog::{Hash, Sm3Tree, sm3_leaf_hash};

/// 〔核对〕 A check of a log in progress.
pub struct Checker {
    next: u64,
    findings: Findings,
    streams: Names,
    /// For each stream the number that its next leaf must have.
    expected: Vec<i64>,
    ids: Seen,
    hashes: Seen,
    books: Books,
    registers: Registers,
    /// Kinds that were not understood: first index and count.
    unknown: BTreeMap<String, (u64, u64)>,
    commitments: u64,
    swaps: u64,
    index: StreamIndex,
    /// Where the newest statement of the index stands.
    indexed: Option<u64>,
    /// Whether the first leaf says that this is a test log.
    is_test: bool,
    keys: KeyBook,
    /// The newest statement of the SM2 keys.
    sm2_keys: Option<Sm2Keys>,
    /// The tree with SM3, where it is asked for.
    sm3: Option<Sm3Tree>,
    /// Statements of the root with SM3: those that were compared, and those that were only read.
    sm3_roots: (u64, u64),
    /// Whether the first leaf says that names and codes stand in the directory.
    has_directory: bool,
}

impl Checker {
    /// A check that has read nothing yet. `key`: 32 random bytes, fresh for each check.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Checker {
        Checker {
            next: 0,
            findings: Findings::default(),
            streams: Names::new(key),
            expected: Vec::new(),
            ids: Seen::new(key),
            hashes: Seen::new(key),
            books: Books::new(key),
            registers: Registers::default(),
            unknown: BTreeMap::new(),
            commitments: 0,
            swaps: 0,
            index: StreamIndex::new(),
            indexed: None,
            is_test: false,
            keys: KeyBook::default(),
            sm2_keys: None,
            sm3: None,
            sm3_roots: (0, 0),
            has_directory: false,
        }
    }

    /// The same check, which also computes the tree with SM3, so that statements of its root are compared.
    #[must_use]
    pub fn with_sm3(mut self) -> Checker {
        self.sm3 = Some(Sm3Tree::default());
        self
    }

    /// Reads the leaf at `index`. `hash` is the RFC 6962 hash of `bytes`, which whoever
    /// checks the tree has computed from them.
    pub fn feed(&mut self, index: u64, bytes: &[u8], hash: &[u8; 32]) {
        let sm3 = self.sm3.as_ref().map(|_| sm3_leaf_hash(bytes));
        self.feed_hashed(index, bytes, (hash, sm3));
    }

    /// As [`Checker::feed`], where the leaf's hash with SM3 was made beside the other one.
    pub fn feed_hashed(
        &mut self,
        index: u64,
        bytes: &[u8],
        (hash, sm3): (&[u8; 32], Option<Hash>),
    ) {
        self.read(index, bytes, hash);
        if let (Some(tree), Some(sm3)) = (&mut self.sm3, sm3) {
            tree.append_hash(sm3);
        }
    }

    fn read(&mut self, index: u64, bytes: &[u8], hash: &[u8; 32]) {
        self.findings.at(index);
        if index != self.next {
            let sentence = format!(
                "应为第{}条陈述，却读到第{index}条，请补齐日志后重新核对",
                self.next
            );
            self.findings.add("log.index", sentence);
        }
        self.next = index.saturating_add(1);
        if self.is_test {
            return;
        }
        match LeafView::parse(bytes) {
            Ok(leaf) => match leaf.check_form() {
                Ok(()) => {
                    self.check_leaf(&leaf);
                    self.registers.read(&leaf, hash, &mut self.findings);
                    self.check_index(&leaf, hash);
                    self.check_directory(&leaf);
                    self.check_key(&leaf, bytes);
                    self.check_sm2_keys(&leaf);
                    self.check_own_words(&leaf);
                }
                Err(error) => self.add_error(&error),
            },
            Err(error) => self.add_error(&error),
        }
        // A leaf cannot name itself, so its hash is known from the next one on.
        self.hashes.insert(hash);
    }

    /// A checkpoint ends behind the leaf that was read last: from the first index on, that leaf is one (rule 6).
    pub fn end_checkpoint(&mut self) {
        if self
            .indexed
            .is_some_and(|at| at.saturating_add(1) != self.next)
        {
            self.findings.at(self.next.saturating_sub(1));
            let sentence = "检查点的最后一条应是索引，“就是这些”无从证明，请核对日志是否完整";
            self.findings.add("index.missing", sentence.to_owned());
        }
    }

    /// How many findings there are so far.
    #[must_use]
    pub const fn found(&self) -> u64 {
        self.findings.count()
    }

    /// Ends the check: funds against places, sums, and what could not be checked.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.findings.at_end();
        let unchecked = self.unchecked();
        let organisations = self.books.finish(&mut self.findings);
        let (found, findings) = self.findings.into_parts();
        Report {
            is_test: self.is_test,
            leaves: self.next,
            streams: self.expected.len() as u64,
            found,
            findings,
            unchecked,
            organisations,
            keys: self.keys,
            sm2_keys: self.sm2_keys.unwrap_or_default(),
            sm3_roots: self.sm3_roots.0,
        }
    }

    fn add_error(&mut self, error: &LeafError) {
        self.findings.add(error.code(), error.to_string());
    }

    fn check_leaf(&mut self, leaf: &LeafView<'_>) {
        self.check_content(leaf);
        self.check_identity(leaf);
        for (name, sequence) in &leaf.streams {
            self.check_stream(name, *sequence);
        }
        self.books.read(leaf, &mut self.findings);
        self.commitments = self
            .commitments
            .saturating_add(leaf.commitments.len() as u64);
        self.swaps = self.swaps.saturating_add(leaf.swaps.len() as u64);
    }

    fn check_content(&mut self, leaf: &LeafView<'_>) {
        if let Kind::Unknown(code) = &leaf.kind {
            let index = self.findings.index();
            if self.unknown.len() < UNKNOWN_KINDS || self.unknown.contains_key(code) {
                let entry = self.unknown.entry(code.clone()).or_insert((index, 0));
                entry.1 = entry.1.saturating_add(1);
            }
        }
        if let Err(error) = content::check(leaf) {
            self.add_error(&error);
        }
        if let Err(error) = content::scan_personal(leaf) {
            self.add_error(&error);
        }
        let is_beginning = matches!(leaf.kind, Kind::Log | Kind::TestLog);
        if (self.findings.index() == 0) != is_beginning {
            let sentence = "日志的第一条、也只有第一条，应是“日志开篇”，请核对日志是否完整";
            self.findings.add("log.first", sentence.to_owned());
        }
        // Only a sound beginning, and only at the beginning: later it would hide what follows.
        self.is_test = self.findings.index() == 0 && leaf.kind == Kind::TestLog;
    }

    /// A record's first leaf has a fresh id; a leaf that names another names an earlier one.
    fn check_identity(&mut self, leaf: &LeafView<'_>) {
        match &leaf.reference {
            Some(reference) if !self.hashes.contains(reference) => {
                let sentence = "引用的陈述不在它之前的日志里，请核对被引用的摘要".to_owned();
                self.findings.add("ref.unknown", sentence);
            }
            Some(_) => {}
            None if self.ids.insert_text(leaf.id) => {
                let sentence = format!(
                    "编号 {} 已经用过，又没有引用前一条，可能重复入账，请核对",
                    leaf.id
                );
                self.findings.add("id.repeated", sentence);
            }
            None => {}
        }
    }

    fn check_stream(&mut self, name: &str, sequence: i64) {
        let at = self.streams.intern(name);
        if at == self.expected.len() {
            self.expected.push(1);
        }
        let Some(expected) = self.expected.get_mut(at) else {
            return;
        };
        let wanted = *expected;
        *expected = wanted.max(sequence.saturating_add(1));
        if sequence > wanted {
            let last = sequence.saturating_sub(1);
            let sentence =
                format!("序列 {name} 缺第{wanted}至{last}号，这条是第{sequence}号，请补齐");
            self.findings.add("stream.gap", sentence);
        } else if sequence < wanted {
            let sentence = format!("序列 {name} 的第{sequence}号重复，应为第{wanted}号，请核对");
            self.findings.add("stream.repeated", sentence);
        }
    }

    /// What the log says of its streams must be what follows from the leaves before.
    fn check_index(&mut self, leaf: &LeafView<'_>, hash: &[u8; 32]) {
        for (name, _) in &leaf.streams {
            if let Err(error) = self.index.append(name, Hash(*hash)) {
                self.findings.add("index.full", error.to_string());
            }
        }
        // What is wrong in its form was said already.
        let Ok(Some(said)) = IndexStatement::of(leaf) else {
            return;
        };
        let index = self.findings.index();
        self.indexed = Some(index);
        if said.rules != rules_digest() {
            let sentence = "索引所依的规则本程序不认识，请更新核验程序";
            self.findings.add("index.rules", sentence.to_owned());
        } else if u64::try_from(said.before) != Ok(index) {
            let sentence = format!("索引说此前有{}条，实际有{index}条，请核对", said.before);
            self.findings.add("index.before", sentence);
        } else if said.root != self.index.root() {
            let sentence = "索引与此前的陈述推算不符，据它所作的“就是这些”都不可信，请保存并举报";
            self.findings.add("index.root", sentence.to_owned());
        }
    }

    /// In a log with a directory every name and every code stands in it; else "nobody is called so" would prove nothing.
    fn check_directory(&mut self, leaf: &LeafView<'_>) {
        if leaf.kind == Kind::Log {
            let said = leaf.data.get("directory").and_then(Json::text);
            let ours = digest_text(&directory::directory_digest());
            self.has_directory = said == Some(ours.as_str());
            if said.is_some() && !self.has_directory {
                let sentence = "名录所依的规则本程序不认识，请更新核验程序";
                self.findings.add("directory.rules", sentence.to_owned());
            }
        }
        if self.has_directory
            && let Some(text) = directory::missing(leaf)
        {
            let sentence = format!("“{text}”没有写进名录，“查无此名”不可信，请保存并举报");
            self.findings.add("directory.missing", sentence);
        }
    }

    /// A key that is announced or ended must follow from the keys before.
    fn check_key(&mut self, leaf: &LeafView<'_>, bytes: &[u8]) {
        let index = self.findings.index();
        if index == 0 {
            self.keys.found(bytes);
        }
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let read = KeyLeaf::of(leaf).and_then(|said| match said {
            Some(said) => self.keys.take(index, &said),
            None => Ok(()),
        });
        if let Err(error) = read {
            self.findings.add(error.code(), error.to_string());
        }
    }

    /// The SM2 keys that the log names are its own.
    fn check_sm2_keys(&mut self, leaf: &LeafView<'_>) {
        let first = self.keys.keys().first();
        let origin = first.and_then(|first| first.key.split_once('+'));
        let origin = origin.map_or("", |(origin, _)| origin);
        match stated::<Sm2Keys>(leaf) {
            Ok(None) => {}
            Ok(Some(said)) if said.are_of(origin) => self.sm2_keys = Some(said),
            Err(missing @ LeafError::StreamMissing(_)) => self.add_error(&missing),
            Ok(Some(_)) | Err(_) => {
                let sentence = "国密公钥的陈述写法不对，或者不是本日志的公钥，请向运营方询问";
                self.findings.add("sm2.keys", sentence.to_owned());
            }
        }
    }

    /// What the log says of its root with SM3 and of parts that were brought back speaks of leaves before it.
    fn check_own_words(&mut self, leaf: &LeafView<'_>) {
        let index = self.findings.index();
        let said = (stated::<Sm3Root>(leaf), stated::<Recovery>(leaf));
        let finding = match &said {
            // What else is wrong in the form was said already.
            (Err(missing @ LeafError::StreamMissing(_)), _)
            | (_, Err(missing @ LeafError::StreamMissing(_))) => {
                return self.add_error(missing);
            }
            (Ok(Some(said)), _) if u64::try_from(said.before) != Ok(index) => (
                "sm3.before",
                format!(
                    "国密摘要根说此前有{}条，实际有{index}条，请核对",
                    said.before
                ),
            ),
            (Ok(Some(said)), _) => {
                let own = self.sm3.as_ref().filter(|tree| tree.size() == index);
                let (compared, unread) = &mut self.sm3_roots;
                let counted = match own.map(|tree| tree.root() == said.root) {
                    Some(true) => Some(compared),
                    Some(false) => None,
                    None => Some(unread),
                };
                if let Some(counted) = counted {
                    *counted = counted.saturating_add(1);
                    return;
                }
                let sentence = "国密摘要根与此前的陈述推算不符，请保存并向监管部门反映";
                ("sm3.root", sentence.to_owned())
            }
            (_, Ok(Some(said))) if !said.stands_at(index) => (
                "recovery.range",
                "“从镜像补回”所说的范围不在它之前，请核对".to_owned(),
            ),
            _ => return,
        };
        self.findings.add(finding.0, finding.1);
    }

    /// What a check of the leaves alone cannot show, in words.
    fn unchecked(&self) -> Vec<String> {
        if self.is_test {
            return vec![test_log_words(self.next.saturating_sub(1))];
        }
        let mut list = unchecked(&self.unknown, self.commitments, self.swaps);
        if self.sm3_roots.1 > 0 {
            let count = self.sm3_roots.1;
            list.push(format!("{count}条国密摘要根没有重算，加 --sm3 再核对一次"));
        }
        if self.indexed.is_none() {
            list.push("日志里还没有索引，不能证明某一串记录“就是这些”".to_owned());
        }
        if !self.has_directory {
            list.push("日志没有声明名录，不能证明“查无此名”".to_owned());
        }
        list
    }
}

/// What every verifier says of a test log that it has checked.
#[must_use]
pub fn test_log_words(entries: u64) -> String {
    format!(
        "这是测试日志：首条陈述声明其余{entries}条是任意字节，不陈述任何事实，内容没有核对；摘要、瓦片、根和签名照常核对"
    )
}

fn unchecked(unknown: &BTreeMap<String, (u64, u64)>, commitments: u64, swaps: u64) -> Vec<String> {
    let mut list: Vec<String> = unknown
        .iter()
        .map(|(code, (first, count))| {
            format!("{count}条“{code}”（首条在第{first}条）的内容本程序不认识，只核对了外层")
        })
        .collect();
    if commitments > 0 {
        list.push(format!(
            "{commitments}个承诺的内容不公开，只有持有凭据的人能核对自己的"
        ));
    }
    if swaps > 0 {
        list.push(format!(
            "{swaps}段换位的位置已核对，所换份额是否属于被退的那笔捐赠须用追踪核对"
        ));
    }
    list.push("公布的是否就是实际发生的，要靠捐赠人的凭据、银行对账和交付凭证".to_owned());
    list
}
