//! Numbers of things: time-ordered inside the house, so that indexes grow at their end.
//!
//! An id is 63 bits: 41 bits of milliseconds since 2020-01-01 (until 2089), 10 bits of the
//! node that made it, 12 bits of sequence. Nobody outside sees it: what people see is the
//! keyed form of [`crate::IdCipher`], which tells neither time nor rate.

use crate::time::Timestamp;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// 2020-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH_MILLIS: i64 = 1_577_836_800_000;
const SEQUENCE_BITS: u32 = 12;
const NODE_BITS: u32 = 10;
/// Milliseconds and sequence together: 41 + 12 bits.
const COUNTER_MAX: i64 = (1 << 53) - 1;

/// A kind of thing that has ids. Marker types are defined by higher floors.
pub trait IdKind: 'static {
    /// What stands before the underscore: 2 to 8 lower-case ASCII letters, such as `don`.
    const PREFIX: &'static str;
}

/// 〔编号〕 The id of a thing of kind `K`; a later one is larger.
pub struct Id<K>(i64, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// The id as it stands in a table.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Id(raw, PhantomData)
    }

    /// The id as it is put into a table.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The millisecond this id was made in (a little later than the truth when the minter
    /// had to borrow time).
    #[must_use]
    pub fn minted_at(self) -> Timestamp {
        let millis =
            (self.0 >> NODE_BITS.saturating_add(SEQUENCE_BITS)).saturating_add(EPOCH_MILLIS);
        Timestamp::from_micros(millis.saturating_mul(1000))
    }

    /// The smallest id of a time: what was made before has a smaller one.
    #[must_use]
    pub fn first_at(at: Timestamp) -> Self {
        let millis = at.millis().saturating_sub(EPOCH_MILLIS);
        let clock = millis.clamp(0, COUNTER_MAX >> SEQUENCE_BITS);
        Id::from_raw(clock << NODE_BITS.saturating_add(SEQUENCE_BITS))
    }
}

// By hand, because a derive would ask the same of the marker type.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}

/// Makes ids: strictly increasing, whatever the clock does. There is one for each writer;
/// two writers that run at the same time need different nodes.
#[derive(Debug)]
pub struct IdMinter {
    node: i64,
    /// Milliseconds and sequence of the last id, as one number that counts up.
    counter: i64,
}

impl IdMinter {
    /// A minter that has made nothing yet.
    ///
    /// # Panics
    /// When the node has more than 10 bits: that is a mistake of the set-up.
    #[must_use]
    pub fn new(node: u16) -> Self {
        assert!(node < 1 << NODE_BITS, "a node number has 10 bits");
        IdMinter {
            node: i64::from(node),
            counter: -1,
        }
    }

    /// A minter that continues after the largest id in the tables, so that a clock that
    /// was set back between two runs makes no id twice.
    ///
    /// # Panics
    /// As [`IdMinter::new`].
    #[must_use]
    pub fn after(node: u16, last_raw: i64) -> Self {
        let millis = last_raw.max(0) >> (NODE_BITS.saturating_add(SEQUENCE_BITS));
        let sequence = last_raw.max(0) & ((1 << SEQUENCE_BITS) - 1);
        IdMinter {
            counter: (millis << SEQUENCE_BITS) | sequence,
            ..IdMinter::new(node)
        }
    }

    /// The next id. When the clock stands, has gone back, or more than 4096 ids are made
    /// in a millisecond, the counter runs on and borrows from the milliseconds to come.
    ///
    /// # Panics
    /// When the 41 bits of milliseconds are used up, in 2089.
    pub fn mint<K>(&mut self, now: Timestamp) -> Id<K> {
        let millis = now.millis().saturating_sub(EPOCH_MILLIS);
        let clock = millis.clamp(0, COUNTER_MAX >> SEQUENCE_BITS) << SEQUENCE_BITS;
        self.counter = clock.max(self.counter.saturating_add(1));
        assert!(self.counter <= COUNTER_MAX, "ids are used up");
        let millis = self.counter >> SEQUENCE_BITS;
        let sequence = self.counter & ((1 << SEQUENCE_BITS) - 1);
        let high = ((millis << NODE_BITS) | self.node) << SEQUENCE_BITS;
        Id::from_raw(high | sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Thing;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros((EPOCH_MILLIS + millis) * 1000)
    }

    #[test]
    fn an_id_is_laid_out_as_promised() {
        let mut minter = IdMinter::new(5);
        let raws: Vec<i64> = (0..2).map(|_| minter.mint::<Thing>(at(3)).raw()).collect();
        assert_eq!(raws, [3 << 22 | 5 << 12, 3 << 22 | 5 << 12 | 1]);
        assert_eq!(Id::<Thing>::from_raw(raws[1]).minted_at(), at(3));
        assert_eq!(Id::<Thing>::first_at(at(3)).raw(), 3 << 22);
        assert_eq!(Id::<Thing>::first_at(at(-3)).raw(), 0);
        let last = IdMinter::new(1023).mint::<Thing>(at((1 << 41) - 1)).raw();
        assert_eq!(last, i64::MAX - 4095);
    }

    #[test]
    fn time_is_borrowed_when_the_sequence_is_full() {
        let mut minter = IdMinter::new(0);
        let ids: Vec<Id<Thing>> = (0..5000).map(|_| minter.mint(at(10))).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert_eq!(ids[4096].minted_at(), at(11));
    }

    #[test]
    fn a_new_run_continues_after_the_last_id() {
        let last: Id<Thing> = IdMinter::new(7).mint(at(1_000_000));
        for node in [0, 7, 9] {
            let next: Id<Thing> = IdMinter::after(node, last.raw()).mint(at(5));
            assert!(next > last || node < 7 && next.minted_at() == last.minted_at());
            assert_ne!(next.raw(), last.raw());
        }
        assert_eq!(IdMinter::after(0, -1).mint::<Thing>(at(0)).raw(), 1);
    }

    #[test]
    #[should_panic(expected = "10 bits")]
    fn a_node_has_ten_bits() {
        let _ = IdMinter::new(1024);
    }

    proptest! {
        #[test]
        fn ids_increase_whatever_the_clock_does(
            clock in prop::collection::vec(any::<i64>().prop_map(|m| m >> 12), 1..200),
        ) {
            let mut minter = IdMinter::new(3);
            let ids: Vec<Id<Thing>> =
                clock.iter().map(|m| minter.mint(Timestamp::from_micros(*m))).collect();
            prop_assert!(ids.is_sorted_by(|a, b| a < b) && ids[0].raw() >= 0);
        }
    }
}
