//! Cursors come back from strangers: a changed one traces something else or is refused, and
//! never stops the program.

use ledger::{BackwardTrace, ForwardTrace, Step};
use proptest::prelude::*;

use crate::history::{History, Random};

/// Polls a resumed trace to its end, or to its first error.
fn follow(history: &History, text: &str) {
    if let Ok(mut trace) = ForwardTrace::resume(text) {
        for _ in 0..200 {
            assert!(trace.remaining() >= 0);
            match trace.poll() {
                Ok(Step::Need(query)) if trace.supply(history.book.answer(&query)).is_ok() => {}
                Ok(Step::Segment(_)) => {}
                _ => return,
            }
        }
    }
    if let Ok(mut trace) = BackwardTrace::resume(text) {
        for _ in 0..200 {
            match trace.poll() {
                Ok(Step::Need(query)) if trace.supply(history.book.answer(&query)).is_ok() => {}
                Ok(Step::Segment(_)) => {}
                _ => return,
            }
        }
    }
}

/// Real cursors of a crowded history, from the middle of long traces.
fn cursors(history: &History) -> Vec<String> {
    let mut cursors = Vec::new();
    for (_, gift) in history.gifts.iter().take(40) {
        let mut trace = ForwardTrace::new(gift.tape, gift.span);
        let mut back = BackwardTrace::new(gift.tape, gift.span);
        for _ in 0..12 {
            if let Ok(Step::Need(query)) = trace.poll() {
                trace.supply(history.book.answer(&query)).unwrap();
            }
            if let Ok(Step::Need(query)) = back.poll() {
                back.supply(history.book.answer(&query)).unwrap();
            }
            cursors.extend([trace.cursor(), back.cursor()]);
        }
    }
    cursors
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_changed_cursor_never_stops_the_program(
        seed in any::<u64>(), changes in proptest::collection::vec((any::<usize>(), "[0-9a-z.]{0,13}"), 1..4)
    ) {
        let history = History::play(&Random(seed).crowded());
        for cursor in cursors(&history) {
            prop_assert!(ForwardTrace::resume(&cursor).is_ok() || BackwardTrace::resume(&cursor).is_ok());
            let mut parts: Vec<&str> = cursor.split('.').collect();
            for (at, part) in &changes {
                let at = at % parts.len();
                parts[at] = part;
            }
            follow(&history, &parts.join("."));
        }
    }

    #[test]
    fn any_text_is_a_cursor_or_refused(text in "[fb]?[.]?([0-9a-z]{0,13}[.]){0,40}|.{0,60}") {
        follow(&History::default(), &text);
    }
}

#[test]
fn a_cursor_belongs_to_one_direction() {
    let span = ledger::Span::new(0, 5).unwrap();
    let forward = ForwardTrace::new(ledger::TapeId(1), span).cursor();
    assert!(BackwardTrace::resume(&forward).is_err());
    assert!(ForwardTrace::resume("").is_err());
    assert!(ForwardTrace::resume("f.5").is_err());
    assert!(ForwardTrace::resume("f.-5.0").is_err());
    assert!(ForwardTrace::resume("f.5.6").is_err());
    assert!(ForwardTrace::resume(&format!("{forward}.1")).is_err());
}
