//! The envelope of a leaf: stable for ever, whatever its kind says inside.
//!
//! Keys, in the order of the bytes: `d` data, `id`, `k` kind, `mv` movements, `o`
//! organisation, `p` commitments, `ref` hash of the leaf that is corrected, undone or
//! amended, `st` streams, `sub` swaps of a named outflow, `t` day or time. Absent parts are
//! left out, and an empty part is an absent one.

use crate::content;
use crate::digest::digest_text;
use crate::error::LeafError;
use crate::ids;
use crate::json::{Json, JsonError, JsonFault, Words, Writer};
use crate::kind::Kind;
use crate::limits::LEAF_BYTES;
use crate::view::{LeafView, MoveView, SideView, SwapView};
use kernel::{Day, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// 〔陈述〕 One public statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The printed id of the record that speaks; with a field it salts a commitment, so a
    /// leaf without `reference` never repeats one.
    pub id: String,
    /// What kind of statement it is.
    pub kind: Kind,
    /// The printed id of the organisation that states it.
    pub organisation: Option<String>,
    /// When.
    pub time: LeafTime,
    /// Stream and sequence number, counted from 1; ascending by name.
    pub streams: Vec<(String, i64)>,
    /// Movements, in the order in which they happen.
    pub moves: Vec<Move>,
    /// Swaps of a named outflow.
    pub swaps: Vec<LeafSwap>,
    /// Hash of the leaf that is corrected, undone or amended.
    pub reference: Option<[u8; 32]>,
    /// Commitments to private words, by field.
    pub commitments: BTreeMap<String, [u8; 32]>,
    /// What the kind says.
    pub data: BTreeMap<String, Json>,
}

/// 〔时间〕 A natural person's gift shows its day; everything else its second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafTime {
    /// A Beijing day.
    Day(Day),
    /// A whole second in UTC.
    Second(Timestamp),
}

impl LeafTime {
    /// The second of a moment, rounded down.
    #[must_use]
    pub const fn second(moment: Timestamp) -> LeafTime {
        LeafTime::Second(Timestamp::from_micros(
            moment.micros().div_euclid(1_000_000) * 1_000_000,
        ))
    }

    /// The Beijing day.
    #[must_use]
    pub fn day(self) -> Day {
        match self {
            LeafTime::Day(day) => day,
            LeafTime::Second(moment) => moment.day(),
        }
    }
}

/// 〔流转〕 One movement: its amount, and the sides that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Fen or units, more than zero: the length of the out span if there is one, else of
    /// the in span.
    pub n: i64,
    /// The fund it leaves.
    pub from: Option<FundSide>,
    /// The fund it reaches. A settlement has the same fund on both sides and no spans.
    pub to: Option<FundSide>,
    /// Printed id of the place it leaves; there exactly if `from` is.
    pub place_out: Option<String>,
    /// Printed id of the place it reaches; there exactly if `to` is.
    pub place_in: Option<String>,
}

/// 〔资金一侧〕 A fund and the positions on its tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundSide {
    /// Printed id.
    pub fund: String,
    /// Positions `[start, end)`.
    pub span: Option<(i64, i64)>,
}

/// 〔换位〕 One run of a named outflow's swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafSwap {
    /// Printed id of the fund.
    pub tape: String,
    /// First position that the named gift owned.
    pub from: i64,
    /// First position of the head that was taken instead.
    pub to: i64,
    /// Length of the run.
    pub len: i64,
}

impl Leaf {
    /// The bytes of the leaf: made once, here, and hashed, stored and served as they are.
    ///
    /// # Errors
    /// Everything that a checker would find wrong with this one leaf: its form, what its
    /// kind demands, personal data in clear, more than [`LEAF_BYTES`].
    pub fn encode(&self) -> Result<Vec<u8>, LeafError> {
        let view = self.view();
        if let Kind::Unknown(kind) = &view.kind {
            return Err(LeafError::UnknownKind(kind.clone()));
        }
        view.check_form()?;
        content::check(&view)?;
        content::scan_personal(&view)?;
        let bytes = write(&view)?;
        if bytes.len() > LEAF_BYTES {
            return Err(JsonError::new(bytes.len(), JsonFault::Size).into());
        }
        Ok(bytes)
    }

    /// Reads the bytes of a leaf. A kind that is not known here is kept by its name, and
    /// what a kind demands is not asked: envelopes are read for ever.
    ///
    /// # Errors
    /// Bytes that are not the canonical form of an envelope.
    pub fn parse(bytes: &[u8]) -> Result<Leaf, LeafError> {
        let view = LeafView::parse(bytes)?;
        view.check_form()?;
        Ok(view.into_leaf())
    }

    /// Whether the content is what its kind demands; unknown kinds demand nothing.
    ///
    /// # Errors
    /// The first thing that is missing, too much or of a wrong form.
    pub fn check_content(&self) -> Result<(), LeafError> {
        content::check(&self.view())
    }

    pub(crate) fn view(&self) -> LeafView<'_> {
        LeafView {
            id: &self.id,
            kind: self.kind.clone(),
            organisation: self.organisation.as_deref(),
            time: self.time,
            streams: self
                .streams
                .iter()
                .map(|(name, seq)| (name.as_str(), *seq))
                .collect(),
            moves: self.moves.iter().map(Move::view).collect(),
            swaps: self.swaps.iter().map(LeafSwap::view).collect(),
            reference: self.reference,
            commitments: self
                .commitments
                .iter()
                .map(|(field, c)| (field.as_str(), *c))
                .collect(),
            data: Cow::Borrowed(&self.data),
        }
    }
}

impl Move {
    fn view(&self) -> MoveView<'_> {
        MoveView {
            n: self.n,
            from: self.from.as_ref().map(FundSide::view),
            to: self.to.as_ref().map(FundSide::view),
            place_out: self.place_out.as_deref(),
            place_in: self.place_in.as_deref(),
        }
    }
}

impl FundSide {
    fn view(&self) -> SideView<'_> {
        SideView {
            fund: &self.fund,
            span: self.span,
        }
    }
}

impl LeafSwap {
    fn view(&self) -> SwapView<'_> {
        SwapView {
            tape: &self.tape,
            from: self.from,
            to: self.to,
            len: self.len,
        }
    }
}

/// The stream of a record: `fund/0123456789ABCD` for `fnd_0123456789ABCD`. The name of the
/// stream says the kind, so the prefix is left out. `None` if it is no printed id.
#[must_use]
pub fn stream_name(printed_id: &str) -> Option<String> {
    if !ids::is_printed(printed_id) {
        return None;
    }
    let (prefix, body) = printed_id.split_once('_')?;
    Some(format!("{}/{body}", stream_word(prefix)))
}

/// The stream of the register of an organisation: `register/0123456789ABCD` for `org_0123456789ABCD`. It holds the
/// entries of its register and nothing else, so that "these are all" is a short answer. `None` if it is no printed id
/// of an organisation.
#[must_use]
pub fn register_stream(printed_organisation: &str) -> Option<String> {
    if !ids::is_printed_as(printed_organisation, "org") {
        return None;
    }
    let (_, body) = printed_organisation.split_once('_')?;
    Some(format!("{REGISTER_WORD}/{body}"))
}

/// The first word of the streams of registers.
pub(crate) const REGISTER_WORD: &str = "register";

/// The first word of a stream's name for a prefix.
pub(crate) fn stream_word(prefix: &str) -> &str {
    match prefix {
        "cam" => "camp",
        "fnd" => "fund",
        "plc" => "place",
        other => other,
    }
}

/// The canonical bytes; the form was checked, so that ids and names need no escape.
pub(crate) fn write(leaf: &LeafView<'_>) -> Result<Vec<u8>, JsonError> {
    let mut out = Writer::new(Words::Public);
    out.raw("{");
    if !leaf.data.is_empty() {
        out.raw("\"d\":");
        out.map(&leaf.data, 1)?;
        out.raw(",");
    }
    write_texts(
        &mut out,
        &[
            ("\"id\":\"", Some(leaf.id)),
            ("\",\"k\":\"", Some(leaf.kind.code())),
        ],
    );
    out.raw("\",");
    write_moves(&mut out, &leaf.moves)?;
    if let Some(organisation) = leaf.organisation {
        write_texts(
            &mut out,
            &[("\"o\":\"", Some(organisation)), ("\",", Some(""))],
        );
    }
    if !leaf.commitments.is_empty() {
        out.raw("\"p\":{");
        for (count, (field, commitment)) in leaf.commitments.iter().enumerate() {
            out.comma(count);
            out.key(field)?;
            write_texts(
                &mut out,
                &[("\"", Some(&digest_text(commitment))), ("\"", Some(""))],
            );
        }
        out.raw("},");
    }
    if let Some(reference) = &leaf.reference {
        write_texts(
            &mut out,
            &[
                ("\"ref\":\"", Some(&digest_text(reference))),
                ("\",", Some("")),
            ],
        );
    }
    write_streams(&mut out, &leaf.streams)?;
    write_swaps(&mut out, &leaf.swaps)?;
    match leaf.time {
        LeafTime::Day(day) => out.raw(&format!("\"t\":\"{day}\"}}")),
        LeafTime::Second(moment) => out.raw(&format!("\"t\":\"{}\"}}", moment.rfc3339())),
    }
    Ok(out.bytes)
}

/// Each text behind its syntax, those that are there.
fn write_texts(out: &mut Writer, texts: &[(&str, Option<&str>)]) {
    for (syntax, text) in texts {
        if let Some(text) = text {
            out.raw(syntax);
            out.raw(text);
        }
    }
}

fn write_moves(out: &mut Writer, moves: &[MoveView<'_>]) -> Result<(), JsonError> {
    if moves.is_empty() {
        return Ok(());
    }
    out.raw("\"mv\":[");
    for (count, movement) in moves.iter().enumerate() {
        out.comma(count);
        out.raw("{");
        if let Some(from) = movement.from {
            write_texts(out, &[("\"f\":\"", Some(from.fund)), ("\",", Some(""))]);
        }
        write_span(out, "\"in\":[", movement.to)?;
        out.raw("\"n\":");
        out.int(movement.n)?;
        write_span(out, ",\"out\":[", movement.from)?;
        let comma = if movement.from.is_some_and(|side| side.span.is_some()) {
            ""
        } else {
            ","
        };
        out.raw(comma);
        let places = [
            ("\"pi\":\"", movement.place_in),
            ("\"po\":\"", movement.place_out),
            ("\"t\":\"", movement.to.map(|side| side.fund)),
        ];
        let mut written = 0;
        for (syntax, text) in places {
            if let Some(text) = text {
                out.comma(written);
                write_texts(out, &[(syntax, Some(text)), ("\"", Some(""))]);
                written += 1;
            }
        }
        out.raw("}");
    }
    out.raw("],");
    Ok(())
}

/// The span of a side behind its syntax, closed by a comma.
fn write_span(out: &mut Writer, syntax: &str, side: Option<SideView<'_>>) -> Result<(), JsonError> {
    if let Some((start, end)) = side.and_then(|side| side.span) {
        out.raw(syntax);
        out.int(start)?;
        out.raw(",");
        out.int(end)?;
        out.raw("],");
    }
    Ok(())
}

fn write_streams(out: &mut Writer, streams: &[(&str, i64)]) -> Result<(), JsonError> {
    if streams.is_empty() {
        return Ok(());
    }
    out.raw("\"st\":[");
    for (count, (name, sequence)) in streams.iter().enumerate() {
        out.comma(count);
        write_texts(out, &[("[\"", Some(name)), ("\",", Some(""))]);
        out.int(*sequence)?;
        out.raw("]");
    }
    out.raw("],");
    Ok(())
}

fn write_swaps(out: &mut Writer, swaps: &[SwapView<'_>]) -> Result<(), JsonError> {
    if swaps.is_empty() {
        return Ok(());
    }
    out.raw("\"sub\":[");
    for (count, swap) in swaps.iter().enumerate() {
        out.comma(count);
        out.raw("[");
        for position in [swap.from, swap.to, swap.len] {
            out.int(position)?;
            out.raw(",");
        }
        write_texts(out, &[("\"", Some(swap.tape)), ("\"]", Some(""))]);
    }
    out.raw("],");
    Ok(())
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
