//! The naive model: each tape is a list of fen, each fen carries its colours.
//!
//! A colour is (inflow, offset). A fen of money has one; a unit of goods has those of all fen
//! that bought it. Nothing here knows spans, swaps kept as rows, or indexes.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{MovementId, PlaceId, TapeId};

pub(crate) type Colour = (MovementId, i64);
pub(crate) type Paint = BTreeSet<Colour>;

/// Where a fen can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    Resting(TapeId, i64),
    Left(MovementId, i64),
}

#[derive(Default, Clone)]
pub(crate) struct Queue {
    /// The paint at every position ever written; what was consumed keeps its last paint.
    pub(crate) cells: Vec<Paint>,
    pub(crate) head: usize,
}

#[derive(Default)]
pub(crate) struct Oracle {
    pub(crate) tapes: BTreeMap<TapeId, Queue>,
    /// What left to the outside and has not come back, by movement and position on its tape.
    pub(crate) left: BTreeMap<(MovementId, i64), Paint>,
    pub(crate) places: BTreeMap<(TapeId, PlaceId), i64>,
}

impl Oracle {
    pub(crate) fn balance(&self, tape: TapeId) -> i64 {
        self.tapes
            .get(&tape)
            .map_or(0, |q| (q.cells.len() - q.head) as i64)
    }

    pub(crate) fn write(&mut self, tape: TapeId, place: PlaceId, paints: Vec<Paint>) {
        *self.places.entry((tape, place)).or_default() += paints.len() as i64;
        self.tapes.entry(tape).or_default().cells.extend(paints);
    }

    pub(crate) fn fresh(&mut self, tape: TapeId, place: PlaceId, id: MovementId, n: i64) {
        self.write(
            tape,
            place,
            (0..n).map(|x| Paint::from([(id, x)])).collect(),
        );
    }

    /// Takes `n` from the head: positions and paints.
    pub(crate) fn take(&mut self, tape: TapeId, place: PlaceId, n: i64) -> (i64, Vec<Paint>) {
        *self.places.entry((tape, place)).or_default() -= n;
        let queue = self.tapes.entry(tape).or_default();
        let start = queue.head;
        queue.head += n as usize;
        (start as i64, queue.cells[start..queue.head].to_vec())
    }

    pub(crate) fn gone(&mut self, id: MovementId, (start, paints): (i64, Vec<Paint>)) {
        for (x, paint) in paints.into_iter().enumerate() {
            self.left.insert((id, start + x as i64), paint);
        }
    }

    /// Brings a part of an outflow back.
    pub(crate) fn undo(&mut self, id: MovementId, start: i64, n: i64) -> Vec<Paint> {
        (start..start + n)
            .map(|at| self.left.remove(&(id, at)).unwrap())
            .collect()
    }

    /// The positions on a tape, lowest first, that still have one of these colours.
    pub(crate) fn owned(&self, tape: TapeId, colours: &Paint) -> Vec<usize> {
        let Some(queue) = self.tapes.get(&tape) else {
            return vec![];
        };
        let has = |at: &usize| !queue.cells[*at].is_disjoint(colours);
        (queue.head..queue.cells.len()).filter(has).collect()
    }

    /// Before a named outflow of `n`: G∖H and H∖G change their paint, in order.
    pub(crate) fn swap(&mut self, tape: TapeId, owned: &[usize], n: i64) {
        let queue = self.tapes.get_mut(&tape).unwrap();
        let g: BTreeSet<usize> = owned[..n as usize].iter().copied().collect();
        let h: BTreeSet<usize> = (queue.head..queue.head + n as usize).collect();
        for (a, b) in g.difference(&h).zip(h.difference(&g)) {
            queue.cells.swap(*a, *b);
        }
    }

    /// What `a` fen turn into when they become `n` units.
    pub(crate) fn convert(paints: &[Paint], n: i64) -> Vec<Paint> {
        let a = paints.len() as i64;
        let mut units = vec![Paint::new(); n as usize];
        if n <= a {
            for x in 0..a {
                units[(x * n / a) as usize].extend(&paints[x as usize]);
            }
        } else {
            for u in 0..n {
                units[u as usize].extend(&paints[(u * a / n) as usize]);
            }
        }
        units
    }

    /// For every colour, everywhere it can be found now.
    pub(crate) fn whereabouts(&self) -> BTreeMap<Colour, BTreeSet<Spot>> {
        let mut found: BTreeMap<Colour, BTreeSet<Spot>> = BTreeMap::new();
        for (&tape, queue) in &self.tapes {
            for at in queue.head..queue.cells.len() {
                for &colour in &queue.cells[at] {
                    found
                        .entry(colour)
                        .or_default()
                        .insert(Spot::Resting(tape, at as i64));
                }
            }
        }
        for (&(id, at), paint) in &self.left {
            for &colour in paint {
                found.entry(colour).or_default().insert(Spot::Left(id, at));
            }
        }
        found
    }
}
