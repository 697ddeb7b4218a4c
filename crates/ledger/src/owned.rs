//! What a gift still owns on one tape.

use crate::forward::{Fate, Segment};
use crate::span::Span;
use crate::tape::TapeId;

/// 〔剩余位置〕 Gathers, from the segments of a gift's forward trace, the positions of one tape
/// that the gift owns now. Fen that went on to another tape and came back count where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    tape: TapeId,
    runs: Vec<Span>,
}

impl Owned {
    /// Nothing yet.
    pub const fn new(tape: TapeId) -> Owned {
        Owned {
            tape,
            runs: Vec::new(),
        }
    }

    /// Takes what a segment adds.
    pub fn add(&mut self, segment: &Segment) {
        if let Fate::Resting(stretch) = segment.fate
            && stretch.tape == self.tape
        {
            self.runs.push(stretch.span);
        }
    }

    /// How many runs were gathered.
    pub const fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether the gift was found nowhere on this tape.
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The positions, ascending, neighbours joined. A unit of goods that belongs to several fen
    /// of the gift counts once.
    pub fn into_spans(mut self) -> Vec<Span> {
        self.runs.sort_unstable();
        let mut joined: Vec<Span> = Vec::new();
        for run in self.runs {
            match joined.last_mut() {
                Some(last) if run.start <= last.end() => {
                    last.len = last.end().max(run.end()).saturating_sub(last.start);
                }
                _ => joined.push(run),
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Stretch;

    #[test]
    fn runs_of_the_tape_are_sorted_and_joined() {
        let mut owned = Owned::new(TapeId(1));
        for (tape, start, len) in [(1, 20, 5), (1, 3, 2), (2, 0, 9), (1, 5, 1), (1, 4, 2)] {
            let span = Span::new(start, len).unwrap();
            let fate = Fate::Resting(Stretch {
                tape: TapeId(tape),
                span,
            });
            owned.add(&Segment {
                offset: 0,
                len,
                fate,
                hops: vec![],
            });
        }
        assert_eq!(owned.len(), 4);
        let spans: Vec<_> = owned
            .into_spans()
            .iter()
            .map(|s| (s.start, s.end()))
            .collect();
        assert_eq!(spans, [(3, 6), (20, 25)]);
    }
}
