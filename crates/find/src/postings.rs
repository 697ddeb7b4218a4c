//! 〔倒排表〕 Lists of entries by key: sorted, as differences of one byte where they are small.

/// Keys with their lists, read only.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    keys: Vec<u32>,
    /// Where each list begins in `bytes`; one more than keys.
    starts: Vec<u32>,
    bytes: Vec<u8>,
}

impl Postings {
    /// Lays out pairs of key (high half) and entry (low half), in any order.
    pub(crate) fn build(mut pairs: Vec<u64>) -> Postings {
        pairs.sort_unstable();
        pairs.dedup();
        let mut made = Postings::default();
        let mut last = 0;
        for pair in pairs {
            let (key, doc) = ((pair >> 32) as u32, (pair & u64::from(u32::MAX)) as u32);
            if made.keys.last() != Some(&key) {
                made.keys.push(key);
                made.starts.push(made.end());
                last = 0;
            }
            write_number(&mut made.bytes, doc - last);
            last = doc;
        }
        made.starts.push(made.end());
        made.keys.shrink_to_fit();
        made.starts.shrink_to_fit();
        made.bytes.shrink_to_fit();
        made
    }

    /// A part has at most 2^19 entries: the bytes of names fit into 32 bits many times over.
    fn end(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// The list of a key; empty if nobody has it.
    pub(crate) fn list(&self, key: u32) -> Docs<'_> {
        match self.keys.binary_search(&key) {
            Ok(place) => self.at(place),
            Err(_) => Docs::default(),
        }
    }

    /// The lists of all keys from `first` to `last`, with their keys.
    pub(crate) fn range(&self, first: u32, last: u32) -> impl Iterator<Item = (u32, Docs<'_>)> {
        let from = self.keys.partition_point(|key| *key < first);
        let keys = self.keys[from..]
            .iter()
            .take_while(move |key| **key <= last);
        keys.enumerate()
            .map(move |(n, key)| (*key, self.at(from + n)))
    }

    fn at(&self, place: usize) -> Docs<'_> {
        let (from, to) = (self.starts[place] as usize, self.starts[place + 1] as usize);
        Docs {
            bytes: &self.bytes[from..to],
            last: 0,
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        (self.keys.capacity() + self.starts.capacity()) * size_of::<u32>() + self.bytes.capacity()
    }
}

/// A list as it is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Docs<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl Docs<'_> {
    /// How long the list is, in bytes: enough to tell rare from common.
    pub(crate) fn weight(&self) -> usize {
        self.bytes.len()
    }
}

impl Iterator for Docs<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let (first, mut rest) = self.bytes.split_first()?;
        let mut number = u32::from(first & 0x7F);
        let mut byte = *first;
        let mut shift = 7;
        while byte & 0x80 != 0 {
            let (next, after) = rest.split_first()?;
            (byte, rest) = (*next, after);
            number |= u32::from(byte & 0x7F) << shift;
            shift += 7;
        }
        self.bytes = rest;
        self.last += number;
        Some(self.last)
    }
}

fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn lists_come_back(pairs in prop::collection::vec((0_u32..50, 0_u32..1 << 18), 0..400)) {
            let mut want: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for (key, doc) in &pairs {
                want.entry(*key).or_default().insert(*doc);
            }
            let packed = pairs.iter().map(|(key, doc)| u64::from(*key) << 32 | u64::from(*doc));
            let made = Postings::build(packed.collect());
            for key in 0..50 {
                let list: Vec<u32> = made.list(key).collect();
                let known = want.get(&key).cloned().unwrap_or_default();
                prop_assert_eq!(list, known.into_iter().collect::<Vec<_>>());
            }
            let keys: Vec<u32> = made.range(10, 20).map(|(key, _)| key).collect();
            prop_assert_eq!(keys, want.range(10..=20).map(|(key, _)| *key).collect::<Vec<_>>());
        }
    }
}
