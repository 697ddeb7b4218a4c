//! What the lost leaves say in clear, gathered before the first of them is said again: names that come up later in one
//! leaf stand under a commitment in an earlier one.

use super::lost::GivenWord;
use leaf::{Json, Leaf};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

/// Names that are tried for each title; more would make a long gap slow.
const NAMES_MAX: usize = 2_000;
/// Channels whose code this program may have written.
const CHANNELS: [&str; 12] = [
    "demo",
    "cash",
    "bank",
    "wechat",
    "alipay",
    "unionpay_app",
    "bank_comm",
    "bank_abc",
    "bank_boc",
    "qr_pos",
    "goods",
    "unsaid",
];

/// 〔线索〕 Words that may open commitments, and what the gap holds.
#[derive(Debug, Default)]
pub(crate) struct Clues {
    /// Names of organisations and payees, and words that were given.
    pub(super) names: BTreeSet<String>,
    /// Codes of channels.
    pub(super) channels: BTreeSet<String>,
    /// Printed ids of orders that the gap pays.
    pub(super) orders: HashSet<String>,
    /// Words that were given for one field of one leaf.
    given: HashMap<(i64, String), Vec<String>>,
    /// Hashes of leaves that leaves of the gap name.
    pub(super) named: HashSet<[u8; 32]>,
}

impl Clues {
    /// Gathers what leaves and helpers say.
    ///
    /// # Errors
    /// The leaves cannot be read.
    pub(crate) fn gather(
        leaves: impl Iterator<Item = io::Result<Vec<u8>>>,
        given: &[GivenWord],
    ) -> io::Result<Clues> {
        let mut clues = Clues::default();
        clues.channels.extend(CHANNELS.map(str::to_owned));
        for one in given {
            let key = (one.leaf_index, one.field.clone());
            clues.given.entry(key).or_default().push(one.value.clone());
            clues.name(&one.value);
        }
        for bytes in leaves {
            let Ok(leaf) = Leaf::parse(&bytes?) else {
                continue;
            };
            let text = |word: &str| leaf.data.get(word).and_then(Json::text);
            for word in ["name", "payee"] {
                if let Some(name) = text(word) {
                    clues.name(name);
                }
            }
            clues.channels.extend(text("ch").map(str::to_owned));
            clues.named.extend(leaf.reference);
            if leaf.id.starts_with("dsb_") {
                clues.orders.insert(leaf.id);
            }
        }
        Ok(clues)
    }

    /// Adds a name that was found.
    pub(super) fn name(&mut self, name: &str) {
        if !name.is_empty() && self.names.len() < NAMES_MAX {
            self.names.insert(name.to_owned());
        }
    }

    /// What was given for this field of this leaf.
    pub(super) fn given(&self, leaf_index: i64, field: &str) -> &[String] {
        let found = self.given.get(&(leaf_index, field.to_owned()));
        found.map_or(&[], Vec::as_slice)
    }

    /// The leaves that others name, and which are not in the gap.
    ///
    /// # Errors
    /// The leaves cannot be read.
    pub(crate) fn named_before(
        &self,
        leaves: impl Iterator<Item = io::Result<Vec<u8>>>,
    ) -> io::Result<HashSet<[u8; 32]>> {
        let mut named = self.named.clone();
        for bytes in leaves {
            named.remove(&tlog::leaf_hash(&bytes?).0);
        }
        Ok(named)
    }
}
