//! Questions with more rows than one answer holds: a long trace must equal the traces of its
//! single fen, which never need a second answer.

use ledger::memory_book::{End, MemoryBook, Much};
use ledger::{Fate, Kind, MovementId, PlaceId, Segment, Source, Span, Stretch, TapeId, Undo};

const FUND: End = End {
    tape: TapeId(1),
    place: PlaceId(1),
};
const VILLAGE: End = End {
    tape: TapeId(2),
    place: PlaceId(1),
};
const MANY: i64 = 100;

const fn much(kind: Kind, amount: i64) -> Much {
    Much { kind, amount }
}

fn stretch(tape: i64, start: i64, len: i64) -> Stretch {
    Stretch {
        tape: TapeId(tape),
        span: Span::new(start, len).unwrap(),
    }
}

fn ends(segments: &[Segment]) -> Vec<(i64, Option<MovementId>, TapeId, i64)> {
    let mut all = Vec::new();
    for segment in segments {
        let (movement, at) = match segment.fate {
            Fate::Resting(at) => (None, at),
            Fate::Left { movement, at, .. } => (Some(movement), at),
        };
        assert_eq!(at.span.len, segment.len);
        all.extend(
            (0..segment.len).map(|x| (segment.offset + x, movement, at.tape, at.span.start + x)),
        );
    }
    all
}

fn origins(sources: &[Source]) -> Vec<(i64, MovementId, i64)> {
    let each = |s: &Source| {
        let (offset, id, start) = (s.offset, s.movement, s.within.start);
        (0..s.len).map(move |x| (offset + x, id, start + x))
    };
    sources.iter().flat_map(each).collect()
}

fn check(book: &MemoryBook, of: Stretch) {
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    for x in 0..of.span.len {
        let one = stretch(of.tape.0, of.span.start + x, 1);
        forward.extend(
            ends(&book.forward(one).unwrap())
                .into_iter()
                .map(|e| (x, e.1, e.2, e.3)),
        );
        backward.extend(
            origins(&book.backward(one).unwrap())
                .into_iter()
                .map(|o| (x, o.1, o.2)),
        );
    }
    assert_eq!(ends(&book.forward(of).unwrap()), forward);
    assert_eq!(origins(&book.backward(of).unwrap()), backward);
}

/// Small gifts, then a large one that is refunded in small parts: its positions fill with the
/// small gifts, one swap row each. Then a second large one is refunded at once, over all those.
#[test]
fn many_swaps() {
    let mut book = MemoryBook::default();
    for _ in 0..MANY {
        book.inflow(much(Kind::Gift, 3), FUND).unwrap();
    }
    book.inflow(much(Kind::Gift, 3 * MANY), FUND).unwrap();
    for _ in 0..MANY {
        let gift = stretch(1, 3 * MANY, 3 * MANY);
        book.named(much(Kind::Refund, 3), gift, FUND, None).unwrap();
    }
    let (small, large) = (stretch(1, 0, 3 * MANY), stretch(1, 3 * MANY, 3 * MANY));
    check(&book, small);
    check(&book, large);
    book.inflow(much(Kind::Gift, 3 * MANY), FUND).unwrap();
    let second = stretch(1, 6 * MANY, 3 * MANY);
    book.named(much(Kind::Refund, 3 * MANY), second, FUND, None)
        .unwrap();
    assert_eq!(book.swaps().count(), 2 * MANY as usize);
    for of in [small, large, second, stretch(1, 0, 9 * MANY)] {
        check(&book, of);
    }
    book.between(much(Kind::Allotment, 3 * MANY), FUND, VILLAGE)
        .unwrap();
    for of in [small, large, second, stretch(2, 0, 3 * MANY)] {
        check(&book, of);
    }
}

#[test]
fn many_inflows_outflows_and_reversals() {
    let mut book = MemoryBook::default();
    for _ in 0..MANY {
        book.inflow(much(Kind::Gift, 3), FUND).unwrap();
    }
    book.between(much(Kind::Allotment, 2 * MANY), FUND, VILLAGE)
        .unwrap();
    let whole = book.outflow(much(Kind::Delivery, MANY), FUND).unwrap();
    for _ in 0..MANY {
        book.outflow(much(Kind::Delivery, 2), VILLAGE).unwrap();
    }
    // Every second fen of the large delivery comes back, the last one first.
    for offset in (0..MANY).rev().step_by(2) {
        book.undo(
            Undo {
                movement: whole,
                offset,
            },
            1,
            PlaceId(1),
        )
        .unwrap();
    }
    check(&book, stretch(1, 0, 3 * MANY));
    check(&book, stretch(1, 3 * MANY, MANY / 2));
    check(&book, stretch(2, 0, 2 * MANY));
    // One run for each small delivery, one for each fen of the large one.
    let runs = book.forward(stretch(1, 0, 3 * MANY)).unwrap().len();
    assert_eq!(runs as i64, 2 * MANY);
}
