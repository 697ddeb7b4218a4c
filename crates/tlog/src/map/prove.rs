//! Making of proofs from a map whose hashes are all known.

use super::digest::write_uvarint;
use super::key::{bit, bits_of, has_prefix};
use super::tree::{Inner, Link, Map, MapValue, Record, To};
use crate::hash::Hash;

/// A map that has not changed since it was hashed.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'m, V> {
    map: &'m Map<V>,
}

impl<'m, V: MapValue> Sealed<'m, V> {
    pub(super) const fn new(map: &'m Map<V>) -> Sealed<'m, V> {
        Sealed { map }
    }

    /// The root over all keys and values.
    #[must_use]
    pub fn root(&self) -> Hash {
        let top = self.map.top().map(|top| self.map.hash_of(top));
        top.unwrap_or(Hash::EMPTY_ROOT)
    }

    /// The proof that the key has the value that the map has for it, or that it has none.
    #[must_use]
    pub fn prove(&self, key: &[u8]) -> Vec<u8> {
        let mut way = Way::default();
        let Some(record) = self.descend(self.map.top(), &mut way, |inner| {
            Some(bit(key, inner.index))
        }) else {
            return Vec::new();
        };
        if self.map.key_of(record) == key {
            way.proof(Vec::new())
        } else {
            way.proof(self.shown(record))
        }
    }

    /// The proof that the records that [`Sealed::records`] gives for the prefix are all of them.
    #[must_use]
    pub fn prove_prefix(&self, prefix: &[u8]) -> Vec<u8> {
        let mut way = Way::default();
        let Some(part) = self.part(prefix, &mut way) else {
            return Vec::new();
        };
        let mut further = Way::default();
        match self.descend(Some(part), &mut further, |_| Some(false)) {
            Some(first) if !has_prefix(self.map.key_of(first), prefix) => {
                way.steps.extend(further.steps);
                way.proof(self.shown(first))
            }
            _ => way.proof(Vec::new()),
        }
    }

    /// The records whose key has the prefix, as the map sorts them, at most `most`.
    #[must_use]
    pub fn records(&self, prefix: &[u8], most: usize) -> Vec<(&'m [u8], &'m V)> {
        let mut found = Vec::new();
        let mut open: Vec<Link> = self.part(prefix, &mut Way::default()).into_iter().collect();
        while let Some(link) = open.pop().filter(|_| found.len() < most) {
            match link.to() {
                To::Inner(place) => {
                    let sides = self.map.inner(place).map(|inner| inner.sides);
                    open.extend(sides.into_iter().flat_map(|[left, right]| [right, left]));
                }
                To::Record(place) => {
                    let Some(record) = self.map.record(place) else {
                        continue;
                    };
                    let key = self.map.key_of(record);
                    // Either all keys of the part have the prefix, or none has.
                    if !has_prefix(key, prefix) {
                        return found;
                    }
                    found.push((key, &record.value));
                }
            }
        }
        found
    }

    /// The part of the map in which all keys with the prefix lie.
    fn part(&self, prefix: &[u8], way: &mut Way) -> Option<Link> {
        let end = bits_of(prefix);
        let mut link = self.map.top()?;
        while let To::Inner(place) = link.to() {
            let inner = self.map.inner(place)?;
            if inner.index >= end {
                break;
            }
            let right = bit(prefix, inner.index);
            link = way.step(self.map, inner, right);
        }
        Some(link)
    }

    /// Goes down to a record, on the side that `right` says, and remembers the way.
    fn descend(
        &self,
        from: Option<Link>,
        way: &mut Way,
        right: impl Fn(&Inner) -> Option<bool>,
    ) -> Option<&'m Record<V>> {
        let mut link = from?;
        loop {
            match link.to() {
                To::Record(place) => return self.map.record(place),
                To::Inner(place) => {
                    let inner = self.map.inner(place)?;
                    link = way.step(self.map, inner, right(inner)?);
                }
            }
        }
    }

    /// Another record, shown in place of what is absent.
    fn shown(&self, record: &Record<V>) -> Vec<u8> {
        let mut value = Vec::new();
        record.value.write(&mut value);
        let mut bytes = Vec::new();
        for part in [self.map.key_of(record), &value] {
            write_uvarint(&mut bytes, part.len() as u64);
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// The way down, from the top.
#[derive(Default)]
struct Way {
    steps: Vec<(u32, Hash)>,
}

impl Way {
    /// Remembers the hash of the side that is not taken and returns the other one.
    fn step<V: MapValue>(&mut self, map: &Map<V>, inner: &Inner, right: bool) -> Link {
        let [left_side, right_side] = inner.sides;
        let (taken, other) = if right {
            (right_side, left_side)
        } else {
            (left_side, right_side)
        };
        self.steps.push((inner.index, map.hash_of(other)));
        taken
    }

    /// Appends the steps from below to what stands before them.
    fn proof(self, mut bytes: Vec<u8>) -> Vec<u8> {
        for (index, hash) in self.steps.into_iter().rev() {
            write_uvarint(&mut bytes, u64::from(index));
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }
}
