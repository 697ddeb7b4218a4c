//! The map in memory: records, and inner nodes that know at which bit their sides part.
//!
//! Changes only mark the way up as old; [`Map::seal`] hashes every old node once, however many
//! changes met in it, the lowest first.

use super::digest::{branch_message, record_message};
use super::key::{bit, first_difference};
use super::prove::Sealed;
use crate::hash::Hash;
use crate::lanes::digests;
use crate::limits::{MAP_KEY_BYTES_MAX, MAP_RECORDS_MAX};

/// What a map holds for a key, and how it is written.
pub trait MapValue {
    /// Appends the value's one and only form; at most
    /// [`MAP_VALUE_BYTES_MAX`](crate::limits::MAP_VALUE_BYTES_MAX) bytes.
    fn write(&self, bytes: &mut Vec<u8>);
}

impl MapValue for Vec<u8> {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self);
    }
}

/// Why a key was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// The key is beyond the limit.
    #[error("映射的键过长，请缩短")]
    KeyTooLong,
    /// The map holds as many records, or bytes of keys, as it ever may.
    #[error("映射已满，请拆分")]
    Full,
}

impl MapError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            MapError::KeyTooLong => "tlog.map.key_too_long",
            MapError::Full => "tlog.map.full",
        }
    }
}

/// A place of a record or an inner node: the top bit tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link(u32);

const INNER: u32 = 1 << 31;

/// Messages that are written out before they are hashed side by side.
const HASHED_AT_ONCE: usize = 256;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Record(usize),
    Inner(usize),
}

impl Link {
    pub(super) const fn to(self) -> To {
        if self.0 & INNER == 0 {
            To::Record(self.0 as usize)
        } else {
            To::Inner((self.0 & !INNER) as usize)
        }
    }
}

/// A record; its key lies among the bytes of all keys.
#[derive(Debug, Clone)]
pub(super) struct Record<V> {
    key_at: u32,
    key_len: u8,
    fresh: bool,
    pub(super) value: V,
    pub(super) hash: Hash,
}

/// Where the keys of two sides part.
#[derive(Debug, Clone)]
pub(super) struct Inner {
    pub(super) index: u32,
    fresh: bool,
    pub(super) sides: [Link; 2],
    pub(super) hash: Hash,
}

/// 〔默克尔映射〕 Keys with their values under one root.
#[derive(Debug, Clone)]
pub struct Map<V> {
    keys: Vec<u8>,
    records: Vec<Record<V>>,
    inners: Vec<Inner>,
    top: Option<Link>,
}

impl<V> Default for Map<V> {
    fn default() -> Map<V> {
        Map {
            keys: Vec::new(),
            records: Vec::new(),
            inners: Vec::new(),
            top: None,
        }
    }
}

impl<V: MapValue> Map<V> {
    /// A map without records.
    #[must_use]
    pub fn new() -> Map<V> {
        Map::default()
    }

    /// How many keys it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        let record = self.records.get(self.nearest(key)?)?;
        (self.key_of(record) == key).then_some(&record.value)
    }

    /// Gives the key this value, whatever it had before.
    ///
    /// # Errors
    /// [`MapError`] if the key is too long or the map is full; nothing is changed then.
    pub fn insert(&mut self, key: &[u8], value: V) -> Result<(), MapError> {
        match self.find(key)? {
            Found::Record(place) => {
                if let Some(record) = self.records.get_mut(place) {
                    record.value = value;
                }
            }
            Found::Gap(parted) => self.add(key, value, parted)?,
        }
        self.mark(key);
        Ok(())
    }

    /// Changes the value of a key, which is `fresh` if the map has not had it.
    ///
    /// # Errors
    /// [`MapError`] if the key is too long or the map is full; nothing is changed then.
    pub fn update(
        &mut self,
        key: &[u8],
        fresh: impl FnOnce() -> V,
        change: impl FnOnce(&mut V),
    ) -> Result<(), MapError> {
        match self.find(key)? {
            Found::Record(place) => {
                if let Some(record) = self.records.get_mut(place) {
                    change(&mut record.value);
                }
            }
            Found::Gap(parted) => {
                let mut value = fresh();
                change(&mut value);
                self.add(key, value, parted)?;
            }
        }
        self.mark(key);
        Ok(())
    }

    /// Hashes what has changed and gives the map with its root, ready to prove.
    pub fn seal(&mut self) -> Sealed<'_, V> {
        let mut old = Old::default();
        if let Some(top) = self.top {
            self.collect(top, &mut old);
        }
        for places in old.records.chunks(HASHED_AT_ONCE) {
            self.hash_records(places);
        }
        old.levels.iter().for_each(|level| self.hash_level(level));
        Sealed::new(self)
    }

    /// The map as it was sealed last, unless it has changed since.
    #[must_use]
    pub fn sealed(&self) -> Option<Sealed<'_, V>> {
        let fresh = self.top.is_none_or(|top| self.is_fresh(top));
        fresh.then(|| Sealed::new(self))
    }

    pub(super) const fn top(&self) -> Option<Link> {
        self.top
    }

    pub(super) fn record(&self, place: usize) -> Option<&Record<V>> {
        self.records.get(place)
    }

    pub(super) fn inner(&self, place: usize) -> Option<&Inner> {
        self.inners.get(place)
    }

    pub(super) fn key_of(&self, record: &Record<V>) -> &[u8] {
        let start = record.key_at as usize;
        let end = start + usize::from(record.key_len);
        self.keys.get(start..end).unwrap_or_default()
    }

    pub(super) fn hash_of(&self, link: Link) -> Hash {
        match link.to() {
            To::Record(place) => self.records.get(place).map(|record| record.hash),
            To::Inner(place) => self.inners.get(place).map(|inner| inner.hash),
        }
        .unwrap_or(Hash::EMPTY_ROOT)
    }

    fn is_fresh(&self, link: Link) -> bool {
        match link.to() {
            To::Record(place) => self.records.get(place).is_some_and(|record| record.fresh),
            To::Inner(place) => self.inners.get(place).is_some_and(|inner| inner.fresh),
        }
    }

    /// The record at which the way down by the bits of `key` ends; `None` in an empty map.
    fn nearest(&self, key: &[u8]) -> Option<usize> {
        let mut link = self.top?;
        loop {
            match link.to() {
                To::Record(place) => return Some(place),
                To::Inner(place) => link = self.inners.get(place)?.side(key),
            }
        }
    }

    /// Where the key is, or at which bit it parts from the nearest one.
    fn find(&self, key: &[u8]) -> Result<Found, MapError> {
        if key.len() > MAP_KEY_BYTES_MAX {
            return Err(MapError::KeyTooLong);
        }
        let Some(place) = self.nearest(key) else {
            return Ok(Found::Gap(0));
        };
        let record = self.records.get(place);
        let near = record.map(|record| self.key_of(record));
        Ok(match first_difference(key, near.unwrap_or_default()) {
            Some(parted) => Found::Gap(parted),
            None => Found::Record(place),
        })
    }

    /// Adds a record that parts from its nearest one at bit `parted`.
    fn add(&mut self, key: &[u8], value: V, parted: u32) -> Result<(), MapError> {
        let key_at = u32::try_from(self.keys.len()).map_err(|_| MapError::Full)?;
        let key_len = u8::try_from(key.len()).map_err(|_| MapError::KeyTooLong)?;
        if self.records.len() >= MAP_RECORDS_MAX {
            return Err(MapError::Full);
        }
        let record = Link(self.records.len() as u32);
        self.keys.extend_from_slice(key);
        self.records.push(Record {
            key_at,
            key_len,
            fresh: false,
            value,
            hash: Hash::EMPTY_ROOT,
        });
        let Some(top) = self.top else {
            self.top = Some(record);
            return Ok(());
        };
        // The new inner node stands above the first one that parts its keys at a later bit.
        let mut above = None;
        let mut below = top;
        while let To::Inner(place) = below.to() {
            let Some(inner) = self.inners.get(place).filter(|inner| inner.index < parted) else {
                break;
            };
            above = Some(place);
            below = inner.side(key);
        }
        let inner = Link(INNER | self.inners.len() as u32);
        self.inners.push(Inner {
            index: parted,
            fresh: false,
            sides: if bit(key, parted) {
                [below, record]
            } else {
                [record, below]
            },
            hash: Hash::EMPTY_ROOT,
        });
        match above.and_then(|place| self.inners.get_mut(place)) {
            Some(above) => above.set_side(key, inner),
            None => self.top = Some(inner),
        }
        Ok(())
    }

    /// Marks the key's record and all above it as changed.
    fn mark(&mut self, key: &[u8]) {
        let mut link = self.top;
        while let Some(at) = link {
            link = match at.to() {
                To::Record(place) => {
                    if let Some(record) = self.records.get_mut(place) {
                        record.fresh = false;
                    }
                    None
                }
                To::Inner(place) => self.inners.get_mut(place).map(|inner| {
                    inner.fresh = false;
                    inner.side(key)
                }),
            };
        }
    }

    /// Collects what must be hashed below `link`; returns how many levels of inner nodes that is.
    /// Goes no deeper than a key has bits.
    fn collect(&self, link: Link, old: &mut Old) -> usize {
        if self.is_fresh(link) {
            return 0;
        }
        match link.to() {
            To::Record(place) => {
                old.records.push(place);
                0
            }
            To::Inner(place) => {
                let Some([left, right]) = self.inners.get(place).map(|inner| inner.sides) else {
                    return 0;
                };
                let level = self.collect(left, old).max(self.collect(right, old));
                if old.levels.len() <= level {
                    old.levels.resize_with(level + 1, Vec::new);
                }
                if let Some(nodes) = old.levels.get_mut(level) {
                    nodes.push(place);
                }
                level + 1
            }
        }
    }

    fn hash_records(&mut self, places: &[usize]) {
        let message = |place: &usize| {
            let mut value = Vec::new();
            let record = self.records.get(*place);
            if let Some(record) = record {
                record.value.write(&mut value);
            }
            record_message(record.map_or(&[], |record| self.key_of(record)), &value)
        };
        let messages: Vec<Vec<u8>> = places.iter().map(message).collect();
        for (place, hash) in places.iter().zip(digests_of(&messages)) {
            if let Some(record) = self.records.get_mut(*place) {
                (record.hash, record.fresh) = (hash, true);
            }
        }
    }

    /// Hashes inner nodes none of which stands above another.
    fn hash_level(&mut self, level: &[usize]) {
        for places in level.chunks(HASHED_AT_ONCE) {
            let message = |place: &usize| {
                self.inners.get(*place).map_or_else(Vec::new, |inner| {
                    let [left, right] = inner.sides.map(|side| self.hash_of(side));
                    branch_message(inner.index, &left, &right)
                })
            };
            let messages: Vec<Vec<u8>> = places.iter().map(message).collect();
            for (place, hash) in places.iter().zip(digests_of(&messages)) {
                if let Some(inner) = self.inners.get_mut(*place) {
                    (inner.hash, inner.fresh) = (hash, true);
                }
            }
        }
    }
}

fn digests_of(messages: &[Vec<u8>]) -> Vec<Hash> {
    let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    digests(&[], &messages)
}

/// What [`Map::find`] found.
enum Found {
    /// The key's record.
    Record(usize),
    /// The bit at which the key parts from the nearest one.
    Gap(u32),
}

/// What must be hashed: records, and inner nodes by their height above the lowest of these.
#[derive(Default)]
struct Old {
    records: Vec<usize>,
    levels: Vec<Vec<usize>>,
}

impl Inner {
    /// The side on which a key lies.
    pub(super) fn side(&self, key: &[u8]) -> Link {
        let [left, right] = self.sides;
        if bit(key, self.index) { right } else { left }
    }

    fn set_side(&mut self, key: &[u8], link: Link) {
        let [left, right] = &mut self.sides;
        *(if bit(key, self.index) { right } else { left }) = link;
    }
}
