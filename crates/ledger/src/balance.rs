//! Balances per fund and place, and the equality that every organisation keeps.
//!
//! Places are the other half of double entry: the fund says whose and for what the money is, the
//! place says where it is. A settlement moves money between places and touches no tape.

use std::collections::{BTreeMap, BTreeSet};

use crate::movement::{Movement, PlaceId, Side};
use crate::tape::TapeId;

/// 〔存放转移〕 Money of one fund goes from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// The fund whose money it is.
    pub tape: TapeId,
    /// The place it leaves.
    pub from: PlaceId,
    /// The place it reaches.
    pub to: PlaceId,
    /// How much, above zero.
    pub amount: i64,
}

/// A balance left the range of whole numbers that we can hold; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceError;

impl BalanceError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        "balance-range"
    }
}

impl std::fmt::Display for BalanceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("余额超出系统可记录的范围，请停止操作并通知管理员核查。")
    }
}

impl std::error::Error for BalanceError {}

/// 〔余额表〕 What each fund has in each place. A place may be overdrawn (a chargeback that no
/// money covers yet); [`Balances::overdrawn`] lists those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    by: BTreeMap<(TapeId, PlaceId), i64>,
}

/// 〔不平〕 An organisation whose funds and places differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imbalance<O> {
    /// The organisation.
    pub owner: O,
    /// The sum of the balances of its funds, in fen.
    pub funds: i128,
    /// The sum of what its places hold, in fen.
    pub places: i128,
}

impl Balances {
    /// Nothing anywhere.
    pub fn new() -> Balances {
        Balances::default()
    }

    /// Books a movement: out of its one place, into its other.
    pub fn apply(&mut self, movement: &Movement) -> Result<(), BalanceError> {
        let out = movement
            .out
            .map(|side| key(side, side.span.len.checked_neg()));
        let into = movement.into.map(|side| key(side, Some(side.span.len)));
        self.book([out, into])
    }

    /// Books a settlement.
    pub fn transfer(&mut self, transfer: Transfer) -> Result<(), BalanceError> {
        let Transfer {
            tape,
            from,
            to,
            amount,
        } = transfer;
        if amount <= 0 {
            return Err(BalanceError);
        }
        let out = ((tape, from), amount.checked_neg());
        self.book([Some(out), Some(((tape, to), Some(amount)))])
    }

    /// What a fund has in a place, in fen or units.
    pub fn at(&self, tape: TapeId, place: PlaceId) -> i64 {
        self.by.get(&(tape, place)).copied().unwrap_or(0)
    }

    /// What a fund has in all places.
    pub fn of_tape(&self, tape: TapeId) -> i128 {
        let all = (tape, PlaceId(i64::MIN))..=(tape, PlaceId(i64::MAX));
        sum(self.by.range(all).map(|(_, n)| *n))
    }

    /// What a place holds for all funds.
    pub fn of_place(&self, place: PlaceId) -> i128 {
        sum(self
            .by
            .iter()
            .filter(|(key, _)| key.1 == place)
            .map(|(_, n)| *n))
    }

    /// Every balance that is not zero, by fund and place.
    pub fn rows(&self) -> impl Iterator<Item = (TapeId, PlaceId, i64)> {
        self.by
            .iter()
            .filter(|(_, n)| **n != 0)
            .map(|(key, n)| (key.0, key.1, *n))
    }

    /// The balances below zero.
    pub fn overdrawn(&self) -> impl Iterator<Item = (TapeId, PlaceId, i64)> {
        self.rows().filter(|row| row.2 < 0)
    }

    fn book(&mut self, entries: [Option<Entry>; 2]) -> Result<(), BalanceError> {
        let mut after = Vec::with_capacity(2);
        for (key, amount) in entries.into_iter().flatten() {
            let earlier = after
                .iter()
                .rev()
                .find(|row: &&(_, i64)| row.0 == key)
                .map(|row| row.1);
            let before = earlier.unwrap_or_else(|| self.at(key.0, key.1));
            let amount = amount
                .and_then(|n| before.checked_add(n))
                .ok_or(BalanceError)?;
            after.push((key, amount));
        }
        self.by.extend(after);
        Ok(())
    }
}

type Entry = ((TapeId, PlaceId), Option<i64>);

const fn key(side: Side, amount: Option<i64>) -> Entry {
    ((side.tape, side.place), amount)
}

fn sum(amounts: impl Iterator<Item = i64>) -> i128 {
    amounts.fold(0, |sum, n| sum.saturating_add(i128::from(n)))
}

/// The organisations whose funds and places differ: none, always (promise 2). Money only, since
/// units of goods do not add up with fen. `funds` are the balances of the tapes by owner,
/// `places` what each place holds by owner.
pub fn imbalances<O: Ord + Copy>(
    funds: impl IntoIterator<Item = (O, i64)>,
    places: impl IntoIterator<Item = (O, i64)>,
) -> Vec<Imbalance<O>> {
    let (funds, places) = (by_owner(funds), by_owner(places));
    let owners: BTreeSet<O> = funds.keys().chain(places.keys()).copied().collect();
    let mut found = Vec::new();
    for owner in owners {
        let funds = funds.get(&owner).copied().unwrap_or(0);
        let places = places.get(&owner).copied().unwrap_or(0);
        if funds != places {
            found.push(Imbalance {
                owner,
                funds,
                places,
            });
        }
    }
    found
}

fn by_owner<O: Ord>(rows: impl IntoIterator<Item = (O, i64)>) -> BTreeMap<O, i128> {
    let mut sums: BTreeMap<O, i128> = BTreeMap::new();
    for (owner, n) in rows {
        let sum = sums.entry(owner).or_default();
        *sum = sum.saturating_add(i128::from(n));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::movement::MovementId;
    use crate::span::Span;

    const BANK: PlaceId = PlaceId(1);
    const CHANNEL: PlaceId = PlaceId(2);

    fn movement(out: Option<(i64, PlaceId)>, into: Option<(i64, PlaceId)>, n: i64) -> Movement {
        let side = |(tape, place)| {
            let span = Span::new(0, n).unwrap();
            Side {
                tape: TapeId(tape),
                span,
                place,
            }
        };
        let (out, into) = (out.map(side), into.map(side));
        Movement {
            id: MovementId(1),
            kind: Kind::Allotment,
            out,
            into,
            undoes: None,
        }
    }

    #[test]
    fn a_settlement_changes_the_place_and_not_the_fund() {
        let mut books = Balances::new();
        books
            .apply(&movement(None, Some((7, CHANNEL)), 100))
            .unwrap();
        let settled = Transfer {
            tape: TapeId(7),
            from: CHANNEL,
            to: BANK,
            amount: 60,
        };
        books.transfer(settled).unwrap();
        assert_eq!(
            (books.at(TapeId(7), CHANNEL), books.at(TapeId(7), BANK)),
            (40, 60)
        );
        assert_eq!((books.of_tape(TapeId(7)), books.of_place(BANK)), (100, 60));
        let nothing = Transfer {
            amount: 0,
            ..settled
        };
        assert_eq!(books.transfer(nothing), Err(BalanceError));
        let same = Transfer {
            to: CHANNEL,
            amount: 5,
            ..settled
        };
        books.transfer(same).unwrap();
        assert_eq!(books.at(TapeId(7), CHANNEL), 40);
    }

    #[test]
    fn an_overdrawn_place_is_named() {
        let mut books = Balances::new();
        books.apply(&movement(Some((7, BANK)), None, 5)).unwrap();
        assert_eq!(
            books.overdrawn().collect::<Vec<_>>(),
            [(TapeId(7), BANK, -5)]
        );
    }

    #[test]
    fn too_much_changes_nothing() {
        let mut books = Balances::new();
        let full = Transfer {
            tape: TapeId(7),
            from: BANK,
            to: CHANNEL,
            amount: i64::MAX,
        };
        books.transfer(full).unwrap();
        let before = books.clone();
        assert_eq!(books.transfer(full), Err(BalanceError));
        assert_eq!(books, before);
    }

    #[test]
    fn funds_equal_places_for_every_owner() {
        assert_eq!(
            imbalances([(1, 5), (1, 5), (2, 3)], [(1, 10), (2, 1), (2, 2)]),
            []
        );
        let wrong = imbalances([(1, 5), (2, 3)], [(1, 4), (2, 3), (3, 1)]);
        let row = |owner, funds, places| Imbalance {
            owner,
            funds,
            places,
        };
        assert_eq!(wrong, [row(1, 5, 4), row(3, 0, 1)]);
    }
}
