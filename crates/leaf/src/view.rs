//! A leaf read in place: what a check of ten million leaves can afford.
//!
//! Ids, names and fields of an envelope never need an escape, so that they are slices of
//! the bytes. [`crate::Leaf`] is the same with its own memory.

use crate::digest::digest_parse;
use crate::envelope::{FundSide, Leaf, LeafSwap, LeafTime, Move};
use crate::error::{LeafError, Part};
use crate::ids::is_printed_as;
use crate::json::{Json, JsonError, JsonFault, Words, is_key};
use crate::kind::Kind;
use crate::limits::{COMMITMENTS, INT_MAX, LEAF_BYTES, MOVES, STREAM_BYTES, STREAMS, SWAPS};
use crate::reader::Reader;
use kernel::{Day, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A leaf whose texts are borrowed.
#[derive(Clone, Debug)]
pub(crate) struct LeafView<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: Kind,
    pub(crate) organisation: Option<&'a str>,
    pub(crate) time: LeafTime,
    pub(crate) streams: Vec<(&'a str, i64)>,
    pub(crate) moves: Vec<MoveView<'a>>,
    pub(crate) swaps: Vec<SwapView<'a>>,
    pub(crate) reference: Option<[u8; 32]>,
    pub(crate) commitments: Vec<(&'a str, [u8; 32])>,
    pub(crate) data: Cow<'a, BTreeMap<String, Json>>,
}

/// A movement whose texts are borrowed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MoveView<'a> {
    pub(crate) n: i64,
    pub(crate) from: Option<SideView<'a>>,
    pub(crate) to: Option<SideView<'a>>,
    pub(crate) place_out: Option<&'a str>,
    pub(crate) place_in: Option<&'a str>,
}

/// A side whose fund is borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SideView<'a> {
    pub(crate) fund: &'a str,
    pub(crate) span: Option<(i64, i64)>,
}

/// A swap whose fund is borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SwapView<'a> {
    pub(crate) tape: &'a str,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) len: i64,
}

impl<'a> LeafView<'a> {
    /// Reads canonical bytes; [`LeafView::check_form`] is the other half.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<LeafView<'a>, LeafError> {
        let mut r = Reader::new(bytes, LEAF_BYTES, Words::Public)?;
        let mut id = None;
        let mut kind = None;
        let mut time = None;
        let mut leaf = LeafView {
            id: "",
            kind: Kind::Log,
            organisation: None,
            time: LeafTime::Day(Day::from_number(0)),
            streams: Vec::new(),
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: Vec::new(),
            data: Cow::Owned(BTreeMap::new()),
        };
        r.byte(b'{')?;
        let mut last = None;
        while let Some(key) = r.next_key(&mut last)? {
            match key {
                "d" => leaf.data = Cow::Owned(read_data(&mut r)?),
                "id" => id = Some(r.plain()?),
                "k" => kind = Some(Kind::parse(r.plain()?)),
                "mv" => leaf.moves = list(&mut r, MOVES, read_move)?,
                "o" => leaf.organisation = Some(r.plain()?),
                "p" => leaf.commitments = read_commitments(&mut r)?,
                "ref" => leaf.reference = Some(read_digest(&mut r, Part::Reference)?),
                "st" => leaf.streams = list(&mut r, STREAMS, read_stream)?,
                "sub" => leaf.swaps = list(&mut r, SWAPS, read_swap)?,
                "t" => time = Some(read_time(r.plain()?)?),
                _ => return r.fault(JsonFault::Member).map_err(LeafError::from),
            }
        }
        r.end()?;
        leaf.id = id.ok_or(LeafError::Envelope(Part::Id))?;
        leaf.kind = kind.ok_or(LeafError::Envelope(Part::Kind))?;
        leaf.time = time.ok_or(LeafError::Envelope(Part::Time))?;
        Ok(leaf)
    }

    /// What is true of every envelope, whatever its kind.
    pub(crate) fn check_form(&self) -> Result<(), LeafError> {
        let parts = [
            (Part::Id, crate::ids::is_printed(self.id)),
            (Part::Kind, Kind::is_code(self.kind.code())),
            (
                Part::Organisation,
                self.organisation.is_none_or(|o| is_printed_as(o, "org")),
            ),
            (Part::Time, self.time.is_whole()),
            (Part::Streams, self.streams_ok()),
            (
                Part::Moves,
                self.moves.len() <= MOVES && self.moves.iter().all(MoveView::is_ok),
            ),
            (
                Part::Swaps,
                self.swaps.len() <= SWAPS && self.swaps.iter().all(SwapView::is_ok),
            ),
            (Part::Commitments, self.commitments_ok()),
        ];
        match parts.into_iter().find(|(_, ok)| !ok) {
            Some((part, _)) => Err(LeafError::Envelope(part)),
            None => Ok(()),
        }
    }

    pub(crate) fn into_leaf(self) -> Leaf {
        Leaf {
            id: self.id.to_owned(),
            kind: self.kind,
            organisation: self.organisation.map(str::to_owned),
            time: self.time,
            streams: self
                .streams
                .into_iter()
                .map(|(name, seq)| (name.to_owned(), seq))
                .collect(),
            moves: self.moves.iter().map(|m| m.to_move()).collect(),
            swaps: self.swaps.iter().map(|s| s.to_swap()).collect(),
            reference: self.reference,
            commitments: self
                .commitments
                .into_iter()
                .map(|(f, c)| (f.to_owned(), c))
                .collect(),
            data: self.data.into_owned(),
        }
    }

    /// Names ascend, which also means that none comes twice; numbers count from 1.
    fn streams_ok(&self) -> bool {
        self.streams.len() <= STREAMS
            && self
                .streams
                .iter()
                .all(|(name, seq)| is_stream(name) && (1..=INT_MAX).contains(seq))
            && self.streams.is_sorted_by(|(a, _), (b, _)| a < b)
    }

    fn commitments_ok(&self) -> bool {
        self.commitments.len() <= COMMITMENTS && self.commitments.iter().all(|(f, _)| is_key(f))
    }
}

impl LeafTime {
    fn is_whole(self) -> bool {
        match self {
            LeafTime::Day(day) => (0..=9999).contains(&day.ymd().0),
            LeafTime::Second(moment) => {
                moment.micros() % 1_000_000 == 0 && (0..=9999).contains(&moment.day().ymd().0)
            }
        }
    }
}

impl MoveView<'_> {
    /// A side is a fund with a place. Both sides have spans, or the movement only changes
    /// the place inside one fund.
    fn is_ok(&self) -> bool {
        let sides = [(self.from, self.place_out), (self.to, self.place_in)];
        let sides_ok = sides.iter().all(|(side, place)| {
            side.is_some() == place.is_some()
                && side.is_none_or(|s| is_printed_as(s.fund, "fnd") && s.is_span_ok())
                && place.is_none_or(|p| is_printed_as(p, "plc"))
        });
        let spans = (self.from.and_then(|s| s.span), self.to.and_then(|s| s.span));
        let spans_ok = match (self.from, self.to) {
            (None, None) => false,
            (Some(_), None) => spans.0.is_some_and(|s| s.1 - s.0 == self.n),
            (None, Some(_)) => spans.1.is_some_and(|s| s.1 - s.0 == self.n),
            (Some(from), Some(to)) => match spans {
                (None, None) => from.fund == to.fund && self.place_out != self.place_in,
                // The in span of a conversion counts other units than the out span.
                (Some(out), Some(_)) => out.1 - out.0 == self.n,
                _ => false,
            },
        };
        (1..=INT_MAX).contains(&self.n) && sides_ok && spans_ok
    }

    /// Whether it moves between places inside one fund and writes no tape.
    pub(crate) fn is_transfer(&self) -> bool {
        self.from.is_some_and(|s| s.span.is_none())
    }

    fn to_move(self) -> Move {
        let side = |side: SideView<'_>| FundSide {
            fund: side.fund.to_owned(),
            span: side.span,
        };
        Move {
            n: self.n,
            from: self.from.map(side),
            to: self.to.map(side),
            place_out: self.place_out.map(str::to_owned),
            place_in: self.place_in.map(str::to_owned),
        }
    }
}

impl SideView<'_> {
    fn is_span_ok(&self) -> bool {
        self.span
            .is_none_or(|(start, end)| 0 <= start && start < end && end <= INT_MAX)
    }
}

impl SwapView<'_> {
    fn is_ok(&self) -> bool {
        let run = |start: i64| start >= 0 && start <= INT_MAX - self.len;
        is_printed_as(self.tape, "fnd")
            && (1..=INT_MAX).contains(&self.len)
            && run(self.from)
            && run(self.to)
            && self.from != self.to
    }

    fn to_swap(self) -> LeafSwap {
        LeafSwap {
            tape: self.tape.to_owned(),
            from: self.from,
            to: self.to,
            len: self.len,
        }
    }
}

/// `word/part` or `word/part/part`: lower-case word, parts of letters, digits, `.`, `_`, `-`.
fn is_stream(name: &str) -> bool {
    let mut parts = name.split('/');
    let word = parts.next().unwrap_or_default();
    let mut count = 0;
    let parts_ok = parts.all(|part| {
        count += 1;
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    });
    name.len() <= STREAM_BYTES
        && !word.is_empty()
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && count > 0
        && parts_ok
}

/// The data; an empty part is an absent one.
fn read_data(r: &mut Reader<'_>) -> Result<BTreeMap<String, Json>, JsonError> {
    let data = r.map(1)?;
    if data.is_empty() {
        r.fault(JsonFault::Form)
    } else {
        Ok(data)
    }
}

/// A list of at least one item and at most `limit`.
fn list<'a, T>(
    r: &mut Reader<'a>,
    limit: usize,
    item: impl Fn(&mut Reader<'a>) -> Result<T, LeafError>,
) -> Result<Vec<T>, LeafError> {
    r.byte(b'[')?;
    let mut items = Vec::with_capacity(4);
    while r.next_item(items.len())? {
        if items.len() == limit {
            return r.fault(JsonFault::Size).map_err(LeafError::from);
        }
        items.push(item(r)?);
    }
    if items.is_empty() {
        return r.fault(JsonFault::Form).map_err(LeafError::from);
    }
    Ok(items)
}

fn read_stream<'a>(r: &mut Reader<'a>) -> Result<(&'a str, i64), LeafError> {
    r.byte(b'[')?;
    let name = r.plain()?;
    r.byte(b',')?;
    let sequence = r.int()?;
    r.byte(b']')?;
    Ok((name, sequence))
}

fn read_swap<'a>(r: &mut Reader<'a>) -> Result<SwapView<'a>, LeafError> {
    r.byte(b'[')?;
    let mut numbers = [0; 3];
    for number in &mut numbers {
        *number = r.int()?;
        r.byte(b',')?;
    }
    let tape = r.plain()?;
    r.byte(b']')?;
    let [from, to, len] = numbers;
    Ok(SwapView {
        tape,
        from,
        to,
        len,
    })
}

fn read_move<'a>(r: &mut Reader<'a>) -> Result<MoveView<'a>, LeafError> {
    let mut movement = MoveView::default();
    let (mut from, mut to) = (None, None);
    let (mut span_out, mut span_in) = (None, None);
    r.byte(b'{')?;
    let mut last = None;
    while let Some(key) = r.next_key(&mut last)? {
        match key {
            "f" => from = Some(r.plain()?),
            "in" => span_in = Some(read_span(r)?),
            "n" => movement.n = r.int()?,
            "out" => span_out = Some(read_span(r)?),
            "pi" => movement.place_in = Some(r.plain()?),
            "po" => movement.place_out = Some(r.plain()?),
            "t" => to = Some(r.plain()?),
            _ => return r.fault(JsonFault::Member).map_err(LeafError::from),
        }
    }
    // A span belongs to a fund.
    if (span_out.is_some() && from.is_none()) || (span_in.is_some() && to.is_none()) {
        return Err(LeafError::Envelope(Part::Moves));
    }
    movement.from = from.map(|fund| SideView {
        fund,
        span: span_out,
    });
    movement.to = to.map(|fund| SideView {
        fund,
        span: span_in,
    });
    Ok(movement)
}

fn read_span(r: &mut Reader<'_>) -> Result<(i64, i64), JsonError> {
    r.byte(b'[')?;
    let start = r.int()?;
    r.byte(b',')?;
    let end = r.int()?;
    r.byte(b']')?;
    Ok((start, end))
}

fn read_commitments<'a>(r: &mut Reader<'a>) -> Result<Vec<(&'a str, [u8; 32])>, LeafError> {
    r.byte(b'{')?;
    let mut commitments = Vec::with_capacity(1);
    let mut last = None;
    while let Some(field) = r.next_key(&mut last)? {
        if commitments.len() == COMMITMENTS {
            return r.fault(JsonFault::Size).map_err(LeafError::from);
        }
        commitments.push((field, read_digest(r, Part::Commitments)?));
    }
    if commitments.is_empty() {
        return r.fault(JsonFault::Form).map_err(LeafError::from);
    }
    Ok(commitments)
}

fn read_digest(r: &mut Reader<'_>, part: Part) -> Result<[u8; 32], LeafError> {
    digest_parse(r.plain()?).ok_or(LeafError::Envelope(part))
}

/// `2026-11-22` or `2026-11-22T04:00:00Z`, no other spelling.
fn read_time(text: &str) -> Result<LeafTime, LeafError> {
    let wrong = |_| LeafError::Envelope(Part::Time);
    if text.len() == 10 {
        return Day::parse(text).map(LeafTime::Day).map_err(wrong);
    }
    let bytes = text.as_bytes();
    if text.len() != 20 || bytes.get(10) != Some(&b'T') || bytes.get(19) != Some(&b'Z') {
        return Err(LeafError::Envelope(Part::Time));
    }
    Timestamp::parse_rfc3339(text)
        .map(LeafTime::Second)
        .map_err(wrong)
}
