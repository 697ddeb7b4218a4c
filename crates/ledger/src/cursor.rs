//! Where a trace stands, as a short text, so that the next page can go on from there.
//!
//! A list of whole numbers in base 36, joined by dots: version, length asked about, offset
//! reached, then fifteen numbers for each frame of the path. Whoever changes it traces something
//! else or gets an error; nothing in it is a permission.

use crate::conversion::Correspondence;
use crate::kind::{KINDS, Kind};
use crate::limits::{CURSOR_BYTES_MAX, PATH_MAX};
use crate::movement::MovementId;
use crate::path::{Frame, Path, Spot};
use crate::span::Span;
use crate::tape::TapeId;

const BASE: u32 = 36;
const FIELDS: usize = 15;

/// A text that is no cursor of this kind of trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorError;

impl CursorError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        "trace-cursor"
    }
}

impl std::fmt::Display for CursorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("翻页标记无效，请从第一页重新查看。")
    }
}

impl std::error::Error for CursorError {}

pub(crate) fn write(direction: char, len: i64, path: &Path) -> String {
    let mut text = String::from(direction);
    number(&mut text, len);
    number(&mut text, path.reached);
    for frame in &path.frames {
        for field in fields(frame) {
            number(&mut text, field);
        }
    }
    text
}

pub(crate) fn read(direction: char, text: &str) -> Result<(i64, Path), CursorError> {
    if text.len() > CURSOR_BYTES_MAX {
        return Err(CursorError);
    }
    let mut parts = text.split('.');
    if parts.next().and_then(|first| first.strip_prefix(direction)) != Some("") {
        return Err(CursorError);
    }
    let numbers: Option<Vec<i64>> = parts.map(parse).collect();
    let numbers = numbers.ok_or(CursorError)?;
    let Some((&[len, reached], rest)) = numbers.split_first_chunk::<2>() else {
        return Err(CursorError);
    };
    let (chunks, odd) = rest.as_chunks::<FIELDS>();
    if !odd.is_empty() || chunks.len() > PATH_MAX || reached > len {
        return Err(CursorError);
    }
    let frames: Option<Vec<Frame>> = chunks.iter().map(frame).collect();
    Ok((len, Path::resume(frames.ok_or(CursorError)?, reached)))
}

fn number(text: &mut String, number: i64) {
    text.push('.');
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = u32::try_from(rest % 36).unwrap_or(0);
        digits.push(char::from_digit(digit, BASE).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits.iter().rev());
}

fn parse(part: &str) -> Option<i64> {
    let plain = part
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    if plain {
        i64::from_str_radix(part, BASE).ok()
    } else {
        None
    }
}

fn fields(frame: &Frame) -> [i64; FIELDS] {
    let [tag, a, b, c, d] = match frame.spot {
        Spot::Stands { tape, since } => [0, tape.0, since.0, 0, 0],
        Spot::Left { tape } => [1, tape.0, 0, 0, 0],
        Spot::Gone {
            movement,
            kind,
            tape,
            start,
        } => {
            let kind = KINDS.iter().position(|row| row.0 == kind).unwrap_or(0);
            [
                2,
                movement.0,
                i64::try_from(kind).unwrap_or(0),
                tape.0,
                start,
            ]
        }
        Spot::Undone { movement, via } => [3, movement.0, via.0, 0, 0],
    };
    let Correspondence { out, into } = frame.link;
    let hop = frame.hop.map_or(0, |movement| movement.0);
    let done = frame.at.saturating_sub(frame.whole.start);
    [
        tag,
        a,
        b,
        c,
        d,
        frame.whole.start,
        frame.whole.len,
        done,
        out.start,
        out.len,
        into.start,
        into.len,
        frame.run.start,
        frame.run.len,
        hop,
    ]
}

fn frame(fields: &[i64; FIELDS]) -> Option<Frame> {
    let &[
        tag,
        a,
        b,
        c,
        d,
        whole,
        whole_len,
        done,
        o,
        o_len,
        i,
        i_len,
        run,
        run_len,
        hop,
    ] = fields;
    let spot = match tag {
        0 => Spot::Stands {
            tape: TapeId(a),
            since: MovementId(b),
        },
        1 => Spot::Left { tape: TapeId(a) },
        2 => {
            let kind: Kind = KINDS.get(usize::try_from(b).ok()?)?.0;
            Spot::Gone {
                movement: MovementId(a),
                kind,
                tape: TapeId(c),
                start: d,
            }
        }
        3 => Spot::Undone {
            movement: MovementId(a),
            via: MovementId(b),
        },
        _ => return None,
    };
    let whole = Span::new(whole, whole_len)?;
    let link = Correspondence::new(Span::new(o, o_len)?, Span::new(i, i_len)?);
    let run = Span::new(run, run_len)?;
    let sound = link.out.covers(run) && link.into.covers(whole) && done <= whole.len;
    let at = whole.start.saturating_add(done);
    let hop = (hop > 0).then_some(MovementId(hop));
    sound.then_some(Frame {
        spot,
        whole,
        at,
        link,
        run,
        hop,
        known: [None, None, None],
    })
}
