//! A trace costs a few index seeks, however many gifts a fund has.

use ledger::memory_book::{End, MemoryBook, Much};
use ledger::{Kind, PlaceId, Span, Stretch, TapeId};

const FUND: End = End {
    tape: TapeId(1),
    place: PlaceId(1),
};
const VILLAGE: End = End {
    tape: TapeId(2),
    place: PlaceId(1),
};

/// A fund with this many gifts of 50 yuan: every thousand allotted on and half of that
/// delivered, and one gift in a hundred refunded out of turn.
fn book(gifts: i64) -> MemoryBook {
    let mut book = MemoryBook::default();
    let much = |kind, amount| Much { kind, amount };
    for n in 0..gifts {
        let id = book.inflow(much(Kind::Gift, 5_000), FUND).unwrap();
        if n % 100 == 50 {
            let gift = book.movements[&id].into.unwrap();
            let gift = Stretch {
                tape: gift.tape,
                span: gift.span,
            };
            book.named(much(Kind::Refund, 5_000), gift, FUND, None)
                .unwrap();
        }
        if n % 1_000 == 999 {
            book.between(much(Kind::Allotment, 4_000_000), FUND, VILLAGE)
                .unwrap();
            book.outflow(much(Kind::Delivery, 2_000_000), VILLAGE)
                .unwrap();
        }
    }
    book
}

/// The most seeks that the forward trace of one gift, and the backward trace of 50 yuan of a
/// delivery, took among `samples` spread over the fund.
fn most_seeks(gifts: i64, samples: i64) -> (u64, u64) {
    let book = book(gifts);
    let stretch = |tape, n: i64| Stretch {
        tape,
        span: Span::new(n * 5_000, 5_000).unwrap(),
    };
    let delivered = book.tapes[&TapeId(2)].outflow / 5_000;
    let mut most = (0, 0);
    book.take_seeks();
    for sample in 0..samples {
        let segments = book
            .forward(stretch(TapeId(1), sample * gifts / samples))
            .unwrap();
        assert_eq!(segments.iter().map(|s| s.len).sum::<i64>(), 5_000);
        most.0 = book.take_seeks().max(most.0);
        let sources = book
            .backward(stretch(TapeId(2), sample * delivered / samples))
            .unwrap();
        assert_eq!(sources.iter().map(|s| s.len).sum::<i64>(), 5_000);
        most.1 = book.take_seeks().max(most.1);
    }
    most
}

#[test]
fn the_number_of_gifts_does_not_matter() {
    let (small, large) = (most_seeks(1_000, 1_000), most_seeks(100_000, 1_000));
    println!(
        "most seeks, forward and backward: {small:?} with 1,000 gifts, {large:?} with 100,000"
    );
    assert!(large.0 <= 40 && large.1 <= 40, "{large:?}");
}

/// A campaign is called off: the last donor is refunded first, then all the others in order. So
/// one and the same position changes its owner at every refund.
#[test]
fn nor_does_the_number_of_owners_that_a_position_had() {
    let mut book = MemoryBook::default();
    let much = |kind| Much { kind, amount: 10 };
    let gifts: Vec<Stretch> = (0..3_000)
        .map(|_| {
            let id = book.inflow(much(Kind::Gift), FUND).unwrap();
            let into = book.movements[&id].into.unwrap();
            Stretch {
                tape: into.tape,
                span: into.span,
            }
        })
        .collect();
    let order = std::iter::once(gifts.len() - 1).chain(0..gifts.len() - 1);
    for n in order {
        book.take_seeks();
        book.named(much(Kind::Refund), gifts[n], FUND, None)
            .unwrap();
        let seeks = book.take_seeks();
        assert!(seeks <= 40, "refund of gift {n} took {seeks} seeks");
    }
    assert_eq!(book.tapes[&TapeId(1)].balance(), 0);
    let last = book.backward(*gifts.last().unwrap()).unwrap();
    assert!(book.take_seeks() <= 40);
    assert_eq!(last.len(), 1);
    // The position was consumed last, by the gift that was refunded last.
    assert_eq!(last[0].at, gifts[gifts.len() - 2]);
}
