//! Random histories, played to the books and to the model at once.

use std::collections::BTreeSet;

use ledger::memory_book::{BookError, End, MemoryBook, Much};
use ledger::{Kind, MovementId, NamingError, PlaceId, Span, Stretch, SwapError, TapeId, Undo};

use crate::oracle::{Oracle, Paint};

/// Money tapes; the first three belong to one organisation, the others to another.
pub(crate) const MONEY: [TapeId; 5] = [TapeId(1), TapeId(2), TapeId(3), TapeId(4), TapeId(5)];
/// Goods tapes.
pub(crate) const GOODS: [TapeId; 3] = [TapeId(101), TapeId(102), TapeId(103)];

/// One step of a history: what to do, and three numbers to choose by.
pub(crate) type Choice = (u8, u16, u16, u16);

/// A source of choices that needs no crate: SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn choice(&mut self) -> Choice {
        let r = self.next();
        (r as u8, (r >> 8) as u16, (r >> 24) as u16, (r >> 40) as u16)
    }

    /// A few dozen steps of every kind on all tapes.
    pub(crate) fn history(&mut self) -> Vec<Choice> {
        let len = 5 + self.next() % 60;
        (0..len).map(|_| self.choice()).collect()
    }

    /// Hundreds of steps on two money tapes, many of them small, so that one question has more
    /// rows than one answer and positions change their owner again and again.
    pub(crate) fn crowded(&mut self) -> Vec<Choice> {
        const STEPS: [u8; 16] = [0, 0, 1, 3, 3, 3, 4, 6, 6, 7, 8, 9, 11, 12, 12, 13];
        (0..400)
            .map(|_| {
                let (step, a, b, c) = self.choice();
                (STEPS[step as usize % 16], a % 10_000 * 5 + a % 2, b & !3, c)
            })
            .collect()
    }
}

#[derive(Default)]
pub(crate) struct History {
    pub(crate) book: MemoryBook,
    pub(crate) oracle: Oracle,
    /// Every inflow from outside: number, where it was written.
    pub(crate) gifts: Vec<(MovementId, Stretch)>,
    /// Every outflow to the outside: number, tape, start, length.
    outside: Vec<(MovementId, TapeId, i64, i64)>,
    /// Every movement between money tapes: number, source, in span, paints that it carried.
    moved: Vec<(MovementId, TapeId, Stretch, Vec<Paint>)>,
    /// How often each kind of step really happened.
    pub(crate) done: [u32; STEPS as usize],
}

pub(crate) const STEPS: u8 = 20;

const fn place(tape: TapeId, choice: u16) -> PlaceId {
    let organisation = if tape.0 <= 3 || (tape.0 > 100 && tape.0 < 103) {
        10
    } else {
        20
    };
    PlaceId(organisation + (choice % 2) as i64)
}

fn end(tape: TapeId, choice: u16) -> End {
    End {
        tape,
        place: place(tape, choice),
    }
}

/// An amount up to `most`, and now and then ten times as much.
const fn size(c: u16, most: i64) -> i64 {
    let amount = 1 + c as i64 % most;
    if c > 58_000 { amount * 10 } else { amount }
}

fn pick<T: Copy>(from: &[T], choice: u16) -> Option<T> {
    if from.is_empty() {
        None
    } else {
        Some(from[choice as usize % from.len()])
    }
}

impl History {
    pub(crate) fn play(choices: &[Choice]) -> History {
        let mut history = History::default();
        for &choice in choices {
            let step = choice.0 % STEPS;
            if history.step(step, choice.1, choice.2, choice.3).is_some() {
                history.done[step as usize] += 1;
            }
        }
        history
    }

    fn step(&mut self, step: u8, a: u16, b: u16, c: u16) -> Option<()> {
        let money = pick(&MONEY, a)?;
        let other = MONEY[(a as usize + 1 + b as usize % 4) % 5];
        let goods = pick(&GOODS, a)?;
        let more = GOODS[(a as usize + 1 + b as usize % 2) % 3];
        match step {
            0 | 1 => self.inflow(Kind::Gift, money, size(c, 24)),
            2 => {
                self.inflow(Kind::Gift, money, size(c, 19))?;
                self.inflow(Kind::Gift, other, 1 + i64::from(c % 3))
            }
            3 => self.outflow(Kind::Fee, money, 1 + i64::from(c % 3)),
            4 => self.between(Kind::Allotment, money, other, c),
            5 => self.outflow(Kind::Delivery, money, size(c, 30)),
            6 => self.named(Kind::Refund, None, (a, b, c)),
            7 => self.named(Kind::Correction, None, (a, b, c)),
            8 => self.named(Kind::Chargeback, None, (a, b, c)),
            9 => self.named(Kind::Reclassification, Some(other), (a, b, c)),
            10 => self.between(Kind::Return, money, other, c),
            11 => self.named(Kind::Return, Some(other), (a, b, c)),
            12 => self.undo(a, b, c),
            13 => self.reverse(a, b, c),
            14 => self.convert(money, goods, b, c),
            15 => self.outflow(Kind::Delivery, goods, size(c, 9)),
            16 => self.convert(goods, more, b, c),
            17 if b.is_multiple_of(2) => self.inflow(Kind::Gift, goods, size(c, 9)),
            17 => self.outflow(Kind::Loss, goods, 1),
            18 => self.convert(goods, money, b, c),
            _ => self.named_goods(a, b, c),
        }
    }

    fn inflow(&mut self, kind: Kind, tape: TapeId, amount: i64) -> Option<()> {
        let to = end(tape, amount as u16);
        let id = self.book.inflow(Much { kind, amount }, to).unwrap();
        let span = self.book.movements[&id].into.unwrap().span;
        self.gifts.push((id, Stretch { tape, span }));
        self.oracle.fresh(tape, to.place, id, amount);
        Some(())
    }

    fn outflow(&mut self, kind: Kind, tape: TapeId, amount: i64) -> Option<()> {
        let amount = amount.min(self.oracle.balance(tape));
        let from = end(tape, amount as u16);
        let id = self.book.outflow(Much { kind, amount }, from).ok()?;
        let taken = self.oracle.take(tape, from.place, amount);
        self.outside.push((id, tape, taken.0, amount));
        self.oracle.gone(id, taken);
        Some(())
    }

    fn between(&mut self, kind: Kind, from: TapeId, to: TapeId, c: u16) -> Option<()> {
        let amount = size(c, 30).min(self.oracle.balance(from));
        let (source, target) = (end(from, c), end(to, c));
        let id = self
            .book
            .between(Much { kind, amount }, source, target)
            .ok()?;
        let (_, paints) = self.oracle.take(from, source.place, amount);
        self.arrive(id, from, target, paints);
        Some(())
    }

    fn arrive(&mut self, id: MovementId, from: TapeId, to: End, paints: Vec<Paint>) {
        let span = self.book.movements[&id].into.unwrap().span;
        self.moved.push((
            id,
            from,
            Stretch {
                tape: to.tape,
                span,
            },
            paints.clone(),
        ));
        self.oracle.write(to.tape, to.place, paints);
    }

    fn convert(&mut self, from: TapeId, to: TapeId, b: u16, c: u16) -> Option<()> {
        let amount = size(c, 20).min(self.oracle.balance(from));
        let units = 1 + i64::from(b % 14);
        let much = Much {
            kind: Kind::Conversion,
            amount,
        };
        let (source, target) = (end(from, b), end(to, c));
        self.book.convert(much, source, target, units).ok()?;
        let (_, paints) = self.oracle.take(from, source.place, amount);
        self.oracle
            .write(to, target.place, Oracle::convert(&paints, units));
        Some(())
    }

    fn named(&mut self, kind: Kind, to: Option<TapeId>, abc: (u16, u16, u16)) -> Option<()> {
        let (id, gift) = pick(&self.gifts, abc.1)?;
        let colours: Paint = (0..gift.span.len).map(|x| (id, x)).collect();
        let here: Vec<TapeId> = MONEY
            .into_iter()
            .filter(|&t| !self.oracle.owned(t, &colours).is_empty())
            .collect();
        let tape = pick(&here, abc.0)?;
        let another = if tape == MONEY[0] { MONEY[1] } else { MONEY[0] };
        let to = to.map(|to| if to == tape { another } else { to });
        self.take_named(kind, gift, &colours, (tape, to, abc.2))
    }

    fn named_goods(&mut self, a: u16, b: u16, c: u16) -> Option<()> {
        let (id, gift) = pick(&self.gifts, b)?;
        let colours: Paint = (0..gift.span.len).map(|x| (id, x)).collect();
        let here: Vec<TapeId> = GOODS
            .into_iter()
            .filter(|&t| !self.oracle.owned(t, &colours).is_empty())
            .collect();
        self.take_named(Kind::Correction, gift, &colours, (pick(&here, a)?, None, c))
    }

    /// A named outflow of fen with these colours; asks for one too many now and then.
    fn take_named(
        &mut self,
        kind: Kind,
        gift: Stretch,
        colours: &Paint,
        (tape, to, c): (TapeId, Option<TapeId>, u16),
    ) -> Option<()> {
        let owned = self.oracle.owned(tape, colours);
        let amount = (1 + i64::from(c) % (owned.len() as i64 + 1)).min(self.oracle.balance(tape));
        let (from, to) = (end(tape, c), to.map(|to| end(to, c)));
        let result = self.book.named(Much { kind, amount }, gift, from, to);
        if amount > owned.len() as i64 {
            let less = SwapError::OwnsLess {
                owned: owned.len() as i64,
            };
            assert_eq!(result, Err(BookError::Naming(NamingError::Swap(less))));
            return None;
        }
        let id = result.unwrap();
        self.oracle.swap(tape, &owned, amount);
        let taken = self.oracle.take(tape, from.place, amount);
        match to {
            Some(to) => self.arrive(id, tape, to, taken.1),
            None => {
                self.outside.push((id, tape, taken.0, amount));
                self.oracle.gone(id, taken);
            }
        }
        Some(())
    }

    /// A whole outflow, or a part of one, comes back.
    fn undo(&mut self, a: u16, b: u16, c: u16) -> Option<()> {
        let (movement, tape, start, len) = pick(&self.outside, a)?;
        let offset = if b.is_multiple_of(3) {
            0
        } else {
            i64::from(b) % len
        };
        let amount = if b.is_multiple_of(3) {
            len
        } else {
            1 + i64::from(c) % (len - offset)
        };
        let back = end(tape, c);
        let result = self
            .book
            .undo(Undo { movement, offset }, amount, back.place);
        let positions: BTreeSet<i64> = (start + offset..start + offset + amount).collect();
        if positions
            .iter()
            .any(|&at| !self.oracle.left.contains_key(&(movement, at)))
        {
            assert_eq!(result, Err(BookError::Undone));
            return None;
        }
        result.unwrap();
        let paints = self.oracle.undo(movement, start + offset, amount);
        self.oracle.write(tape, back.place, paints);
        Some(())
    }

    /// A movement between tapes, or a part of it, goes back to where it came from.
    fn reverse(&mut self, a: u16, b: u16, c: u16) -> Option<()> {
        let index = a as usize % self.moved.len().max(1);
        let (_, source, into, paints) = self.moved.get(index)?.clone();
        let skip = i64::from(b) % into.span.len;
        let part = Span::new(into.span.start + skip, into.span.len - skip).unwrap();
        let colours: Paint = paints[skip as usize..].iter().flatten().copied().collect();
        if self.oracle.owned(into.tape, &colours).is_empty() || self.shared(&colours) {
            return None;
        }
        let gift = Stretch {
            tape: into.tape,
            span: part,
        };
        self.take_named(Kind::Reversal, gift, &colours, (into.tape, Some(source), c))
    }

    /// Whether one of these fen is in several positions at once, as after a sale of pieces.
    /// Then a span on a tape is less than all positions of its colours.
    fn shared(&self, colours: &Paint) -> bool {
        let mut seen = Paint::new();
        let queues = self.oracle.tapes.values();
        let cells = queues
            .flat_map(|q| q.cells[q.head..].iter())
            .chain(self.oracle.left.values());
        for colour in cells.flatten().filter(|c| colours.contains(c)) {
            if !seen.insert(*colour) {
                return true;
            }
        }
        cells_are_mixed(&self.oracle, colours)
    }
}

/// Whether a position has a fen of these colours beside one of another.
fn cells_are_mixed(oracle: &Oracle, colours: &Paint) -> bool {
    let mut cells = oracle.tapes.values().flat_map(|q| q.cells[q.head..].iter());
    cells.any(|cell| cell.len() > 1 && !cell.is_disjoint(colours))
}
