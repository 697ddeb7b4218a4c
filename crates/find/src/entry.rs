//! What may be found.

use crate::fold::folded;
use crate::limits::{KEYS_MAX, NAME_CHARS_MAX};

/// 〔条目〕 Something with names: the first one ranks, all of them lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Tells it apart; a later entry with the same id takes the place of the earlier one.
    pub id: i64,
    /// Smaller ones come first among equally good hits.
    pub weight: u8,
    /// Names, short names, numbers.
    pub keys: Vec<String>,
}

/// An entry as it is laid into a part.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    pub(crate) id: i64,
    pub(crate) weight: u8,
    /// None is empty; the first is the name.
    pub(crate) keys: Vec<Vec<char>>,
}

impl Folded {
    pub(crate) fn of(entry: &Entry) -> Folded {
        let mut keys: Vec<Vec<char>> = Vec::new();
        for key in entry.keys.iter().take(KEYS_MAX) {
            let key = folded(key, NAME_CHARS_MAX);
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        Folded {
            id: entry.id,
            weight: entry.weight,
            keys,
        }
    }

    /// Characters of the name, as it ranks.
    pub(crate) fn length(&self) -> u8 {
        let length = self.keys.first().map_or(0, Vec::len);
        u8::try_from(length).unwrap_or(u8::MAX)
    }
}
