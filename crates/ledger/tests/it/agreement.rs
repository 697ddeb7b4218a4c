//! After a random history the books and the model agree about every fen.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{
    BackwardTrace, Balances, Fate, ForwardTrace, Hop, MovementId, Segment, Source, Span, Step,
    Stretch, TapeId, Tiling, imbalances,
};
use proptest::prelude::*;

use crate::history::{Choice, History, Random, STEPS};
use crate::oracle::{Colour, Paint, Spot};

fn one(tape: TapeId, at: i64) -> Stretch {
    Stretch {
        tape,
        span: Span::new(at, 1).unwrap(),
    }
}

/// The spots of a fate, position by position.
fn spots(fate: Fate) -> Vec<Spot> {
    match fate {
        Fate::Resting(s) => (s.span.start..s.span.end())
            .map(|at| Spot::Resting(s.tape, at))
            .collect(),
        Fate::Left { movement, at, .. } => (at.span.start..at.span.end())
            .map(|p| Spot::Left(movement, p))
            .collect(),
    }
}

const fn stretch(fate: Fate) -> Stretch {
    match fate {
        Fate::Resting(at) | Fate::Left { at, .. } => at,
    }
}

fn is_money(start: TapeId, hops: &[Hop]) -> bool {
    start.0 < 100
        && hops
            .iter()
            .all(|h| h.from.tape.0 < 100 && h.to.tape.0 < 100)
}

fn check_forward(history: &History) {
    let whereabouts = history.oracle.whereabouts();
    let nowhere = BTreeSet::new();
    for &(id, gift) in &history.gifts {
        let whole = history.book.forward(gift).unwrap();
        let mut ends: BTreeSet<Spot> = BTreeSet::new();
        for x in 0..gift.span.len {
            let want = whereabouts.get(&(id, x)).unwrap_or(&nowhere);
            let single = history
                .book
                .forward(one(gift.tape, gift.span.start + x))
                .unwrap();
            let got: BTreeSet<Spot> = single.iter().flat_map(|s| spots(s.fate)).collect();
            assert_eq!(&got, want, "fen {x} of {id:?}");
            ends.extend(want);
        }
        let got: BTreeSet<Spot> = whole.iter().flat_map(|s| spots(s.fate)).collect();
        assert_eq!(got, ends, "{id:?}");
        check_segments(history, gift, &whole);
        for segment in &whole {
            check_segment(id, gift, segment, &whereabouts);
        }
    }
}

fn check_segment(
    id: MovementId,
    gift: Stretch,
    segment: &Segment,
    whereabouts: &BTreeMap<Colour, BTreeSet<Spot>>,
) {
    let ends = spots(segment.fate);
    for x in 0..segment.len {
        let here = &whereabouts[&(id, segment.offset + x)];
        if is_money(gift.tape, &segment.hops) {
            assert!(here.contains(&ends[x as usize]), "{segment:?}");
        } else {
            assert!(ends.iter().any(|end| here.contains(end)), "{segment:?}");
        }
    }
}

/// Order, tiling, hops and paging of a whole forward trace.
fn check_segments(history: &History, gift: Stretch, segments: &[Segment]) {
    let mut reached = 0;
    for segment in segments {
        assert!(
            segment.offset <= reached,
            "a fen was left out before {segment:?}"
        );
        reached = reached.max(segment.offset + segment.len);
    }
    assert_eq!(reached, gift.span.len);
    if segments.iter().all(|s| is_money(gift.tape, &s.hops)) {
        assert_eq!(segments.iter().map(|s| s.len).sum::<i64>(), gift.span.len);
    }
    for segment in segments {
        let mut at = gift.tape;
        let mut time = MovementId::ORIGIN;
        for hop in &segment.hops {
            assert!(hop.from.tape == at && hop.movement > time, "{segment:?}");
            check_hop(history, hop, hop.from, hop.to);
            (at, time) = (hop.to.tape, hop.movement);
        }
        assert_eq!(stretch(segment.fate).tape, at);
    }
    let mut paged = Vec::new();
    let mut trace = ForwardTrace::new(gift.tape, gift.span);
    loop {
        trace = ForwardTrace::resume(&trace.cursor()).unwrap();
        match trace.poll().unwrap() {
            Step::Need(query) => {
                trace.supply(history.book.answer(&query)).unwrap();
                if let Step::Segment(segment) = drive(history, &mut trace) {
                    paged.push(segment);
                } else {
                    break;
                }
            }
            Step::Segment(segment) => paged.push(segment),
            Step::Done => break,
        }
        let reached = paged.iter().map(|s| s.offset + s.len).max().unwrap_or(0);
        assert_eq!(trace.remaining(), gift.span.len - reached);
    }
    assert_eq!(paged, segments);
}

fn drive(history: &History, trace: &mut ForwardTrace) -> Step<Segment> {
    loop {
        match trace.poll().unwrap() {
            Step::Need(query) => trace.supply(history.book.answer(&query)).unwrap(),
            other => return other,
        }
    }
}

/// A hop between tapes lies within its movement.
fn check_hop(history: &History, hop: &Hop, earlier: Stretch, later: Stretch) {
    let movement = history.book.movements[&hop.movement];
    if earlier.tape == later.tape && movement.undoes.is_none() {
        assert!(movement.kind.may_be_named(), "{hop:?}");
        return;
    }
    let into = movement.into.unwrap();
    assert!(
        into.tape == later.tape && into.span.covers(later.span),
        "{hop:?} {movement:?}"
    );
    if let Some(out) = movement.out {
        assert!(
            out.tape == earlier.tape && out.span.covers(earlier.span),
            "{hop:?}"
        );
    }
}

fn colours(source: &Source) -> Vec<Colour> {
    (0..source.within.len)
        .map(|x| (source.movement, source.within.start + x))
        .collect()
}

/// Every position of every tape, consumed or not, against the model's last paint of it.
fn check_backward(history: &History) {
    for (&tape, queue) in &history.oracle.tapes {
        for (at, paint) in queue.cells.iter().enumerate() {
            let sources = history.book.backward(one(tape, at as i64)).unwrap();
            let got: Paint = sources.iter().flat_map(colours).collect();
            assert_eq!(&got, paint, "{tape:?} {at}");
        }
    }
    for movement in history.book.movements.values() {
        let Some(out) = movement.out else { continue };
        let of = Stretch {
            tape: out.tape,
            span: out.span,
        };
        let sources = history.book.backward(of).unwrap();
        check_sources(history, of, &sources);
    }
}

fn check_sources(history: &History, of: Stretch, sources: &[Source]) {
    let cells = &history.oracle.tapes[&of.tape].cells;
    let cells = &cells[of.span.start as usize..of.span.end() as usize];
    let want: Paint = cells.iter().flatten().copied().collect();
    let got: Paint = sources.iter().flat_map(colours).collect();
    assert_eq!(got, want, "{of:?}");
    let mut reached = 0;
    for source in sources {
        assert!(source.offset <= reached, "{source:?}");
        reached = reached.max(source.offset + source.len);
        let mut time = MovementId(i64::MAX);
        for hop in &source.hops {
            assert!(hop.movement < time, "{source:?}");
            check_hop(history, hop, hop.to, hop.from);
            time = hop.movement;
        }
        if is_money(of.tape, &source.hops) {
            assert_eq!(source.len, source.within.len);
            for (x, colour) in colours(source).into_iter().enumerate() {
                assert!(
                    cells[source.offset as usize + x].contains(&colour),
                    "{source:?}"
                );
            }
        }
    }
    assert_eq!(reached, of.span.len);
    check_source_paging(history, of, sources);
}

fn check_source_paging(history: &History, of: Stretch, sources: &[Source]) {
    let mut paged = Vec::new();
    let mut trace = BackwardTrace::new(of.tape, of.span);
    loop {
        match trace.poll().unwrap() {
            Step::Need(query) => trace.supply(history.book.answer(&query)).unwrap(),
            Step::Segment(source) => {
                paged.push(source);
                trace = BackwardTrace::resume(&trace.cursor()).unwrap();
            }
            Step::Done => break,
        }
    }
    assert_eq!(paged, sources);
}

/// Tiling, fund totals, place totals, and funds equal to places for each organisation.
fn check_counters(history: &History) {
    let mut balances = Balances::new();
    let mut edges: BTreeMap<(TapeId, bool), Tiling> = BTreeMap::new();
    for movement in history.book.movements.values().rev() {
        movement.check().unwrap();
        balances.apply(movement).unwrap();
        for (side, into) in [(movement.out, false), (movement.into, true)] {
            let Some(side) = side else { continue };
            edges
                .entry((side.tape, into))
                .or_default()
                .add(side.span, movement.id);
        }
    }
    for (&tape, queue) in &history.oracle.tapes {
        let counters = history.book.tapes[&tape];
        assert_eq!(counters.inflow, queue.cells.len() as i64);
        assert_eq!(counters.outflow, queue.head as i64);
        assert_eq!(balances.of_tape(tape), i128::from(counters.balance()));
        for (into, total) in [(false, counters.outflow), (true, counters.inflow)] {
            let tiling = edges.remove(&(tape, into)).unwrap_or_default();
            assert_eq!(tiling.finish(total), [], "{tape:?}");
        }
    }
    for (&(tape, place), &amount) in &history.oracle.places {
        assert_eq!(balances.at(tape, place), amount, "{tape:?} {place:?}");
    }
    let owner = |place: i64| place / 10;
    let money = history.book.tapes.iter().filter(|(tape, _)| tape.0 < 100);
    let funds = money.map(|(tape, t)| (if tape.0 <= 3 { 1 } else { 2 }, t.balance()));
    let places = balances
        .rows()
        .filter(|row| row.0.0 < 100)
        .map(|row| (owner(row.1.0), row.2));
    assert_eq!(imbalances(funds, places), []);
}

fn check(choices: &[Choice]) -> History {
    let history = History::play(choices);
    check_counters(&history);
    check_forward(&history);
    check_backward(&history);
    history
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_history_agrees_with_the_painted_model(
        choices in proptest::collection::vec((0..STEPS, any::<u16>(), any::<u16>(), any::<u16>()), 1..60)
    ) {
        check(&choices);
    }
}

/// The same with fixed seeds, and a count of what really happened in them.
#[test]
fn thousands_of_seeded_histories_agree() {
    let runs = std::env::var("LEDGER_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_000);
    let mut random = Random(20_261_122);
    let mut done = [0u32; STEPS as usize];
    let mut swaps = [0u32; 3];
    for run in 0..runs {
        let crowded = run % 60 == 0;
        let history = check(&if crowded {
            random.crowded()
        } else {
            random.history()
        });
        for (sum, n) in done.iter_mut().zip(history.done) {
            *sum += n;
        }
        for swap in history.book.swaps() {
            swaps[0] += 1;
            swaps[1] += u32::from(swap.since > MovementId::ORIGIN);
            swaps[2] += u32::from(swap.to_since > MovementId::ORIGIN);
        }
    }
    println!("{runs} histories; steps that happened: {done:?}");
    println!("swap rows: {swaps:?} (all, over swapped fen, with swapped fen at the head)");
    assert!(
        done.iter().all(|&n| n > runs / 8),
        "a kind of step hardly happened: {done:?}"
    );
    assert!(
        swaps.iter().all(|&n| n > runs / 40),
        "hardly any swap over swaps: {swaps:?}"
    );
}
