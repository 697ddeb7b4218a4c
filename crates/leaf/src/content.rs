//! What a kind demands of its leaf, beyond the envelope.

use crate::digest::digest_parse;
use crate::envelope::{REGISTER_WORD, register_stream, stream_word};
use crate::error::{LeafError, Part};
use crate::hidden;
use crate::ids::{BODY_CHARS, PREFIXES, is_crockford};
use crate::json::Json;
use crate::kind::{EVERYWHERE, Kind, Need, Rules, Shape};
use crate::limits::{AMOUNT_MAX, COUNT_MAX, KEY_BYTES};
use crate::names;
use crate::scan::{Personal, is_identity, is_number, is_number_in_disguise, scan, scan_parts};
use crate::view::{LeafView, MoveView};
use crate::vocabulary::{Form, word};

/// Whether the leaf has what its kind demands and nothing else; unknown kinds pass.
pub(crate) fn check(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    check_streams(leaf)?;
    check_register_stream(leaf)?;
    crate::directory::check_foreign(leaf)?;
    match leaf.kind.rules() {
        Some(rules) => check_rules(leaf, rules),
        None => Ok(()),
    }
}

fn check_rules(leaf: &LeafView<'_>, rules: &Rules) -> Result<(), LeafError> {
    let shape_ok = match rules.shape {
        Shape::None => leaf.moves.is_empty(),
        shape => !leaf.moves.is_empty() && leaf.moves.iter().all(|m| has_shape(m, shape)),
    };
    let parts = [
        (Part::Moves, shape_ok),
        (
            Part::Reference,
            is_needed(rules.reference, leaf.reference.is_some()),
        ),
        (Part::Swaps, is_needed(rules.swaps, !leaf.swaps.is_empty())),
        (
            Part::Organisation,
            is_needed(rules.organisation, leaf.organisation.is_some()),
        ),
    ];
    if let Some((part, _)) = parts.into_iter().find(|(_, ok)| !ok) {
        return Err(LeafError::Content(part));
    }
    if let Some(missing) = rules.must.iter().find(|key| !leaf.data.contains_key(**key)) {
        return Err(LeafError::Word((*missing).to_owned()));
    }
    for (key, value) in leaf.data.iter() {
        let listed = [rules.must, rules.may, EVERYWHERE]
            .iter()
            .any(|l| l.contains(&key.as_str()));
        let form_ok = word(key).is_some_and(|word| word.form.accepts(value));
        if !listed || !form_ok {
            return Err(LeafError::Word(key.chars().take(KEY_BYTES).collect()));
        }
    }
    Ok(())
}

const fn is_needed(need: Need, there: bool) -> bool {
    match need {
        Need::Must => there,
        Need::May => true,
        Need::Never => !there,
    }
}

fn has_shape(movement: &MoveView<'_>, shape: Shape) -> bool {
    let spans = (
        movement.from.and_then(|s| s.span),
        movement.to.and_then(|s| s.span),
    );
    let same_length = match spans {
        (Some(out), Some(into)) => out.1 - out.0 == into.1 - into.0,
        _ => true,
    };
    let sides = (
        movement.from.is_some(),
        movement.to.is_some(),
        movement.is_transfer(),
    );
    match shape {
        Shape::None => false,
        Shape::In => sides == (false, true, false),
        Shape::Out => sides == (true, false, false),
        Shape::Between => sides == (true, true, false) && same_length,
        Shape::Back => matches!(sides, (_, true, false)) && same_length,
        Shape::Convert => sides == (true, true, false),
        Shape::Places => sides == (true, true, true),
    }
}

/// All movements of a fund, a place and an organisation are found in their streams; else
/// "these are all" could not be proved.
fn check_streams(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    let funds = leaf
        .moves
        .iter()
        .flat_map(|m| [m.from, m.to])
        .flatten()
        .map(|side| side.fund);
    let places = leaf
        .moves
        .iter()
        .flat_map(|m| [m.place_out, m.place_in])
        .flatten();
    let missing = leaf
        .organisation
        .into_iter()
        .chain(funds)
        .chain(places)
        .find(|id| !has_stream(leaf, id));
    match missing {
        Some(id) => Err(LeafError::StreamMissing(id.to_owned())),
        None => Ok(()),
    }
}

/// The entries of an organisation's register stand in a stream of their own, and nothing else stands there; else
/// "this is the whole register" could not be proved. Kinds that are not known here are left alone.
fn check_register_stream(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    let mut names = leaf.streams.iter().map(|(name, _)| *name);
    match &leaf.kind {
        Kind::Unknown(_) => Ok(()),
        Kind::Register => {
            let organisation = leaf.organisation.unwrap_or_default();
            let own = register_stream(organisation);
            if own.is_some_and(|own| names.any(|name| name == own)) {
                Ok(())
            } else {
                Err(LeafError::StreamMissing(organisation.to_owned()))
            }
        }
        _ if names.any(is_of_register) => Err(LeafError::Content(Part::Streams)),
        _ => Ok(()),
    }
}

fn is_of_register(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(word, _)| word == REGISTER_WORD)
}

fn has_stream(leaf: &LeafView<'_>, id: &str) -> bool {
    let Some((prefix, body)) = id.split_once('_') else {
        return false;
    };
    let is_it = |name: &str| {
        name.strip_prefix(stream_word(prefix))
            .and_then(|n| n.strip_prefix('/'))
            == Some(body)
    };
    leaf.streams.iter().any(|(name, _)| is_it(name))
}

/// Refuses what a person could be known by: telephones, identities and cards in any text, number or digest, names of
/// people where legal persons are named, and digests where none belong. The forms that prove themselves are looked
/// at only for what their form leaves open.
pub(crate) fn scan_personal(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    let found = scan_envelope(leaf).or_else(|| scan_data(leaf));
    match found {
        Some((what, word)) => Err(LeafError::Personal {
            what,
            word: word.to_owned(),
        }),
        None => Ok(()),
    }
}

type Found<'a> = Option<(Personal, &'a str)>;

fn scan_envelope<'a>(leaf: &LeafView<'a>) -> Found<'a> {
    let strange = leaf
        .streams
        .iter()
        .filter(|(name, _)| !is_own_stream(name))
        .map(|(name, _)| *name);
    let fields = leaf.commitments.iter().map(|(field, _)| *field);
    if let Some(found) = strange
        .chain(fields)
        .find_map(|name| Some((scan(name)?, name)))
    {
        return Some(found);
    }
    let sides = leaf.moves.iter().flat_map(|m| {
        let funds = [m.from, m.to].map(|side| side.map(|side| side.fund));
        funds.into_iter().chain([m.place_out, m.place_in]).flatten()
    });
    let ids = [Some(leaf.id), leaf.organisation].into_iter().flatten();
    let tapes = leaf.swaps.iter().map(|swap| swap.tape);
    let disguised = ids
        .chain(sides)
        .chain(tapes)
        .find(|id| is_number_in_disguise(id));
    if let Some(id) = disguised {
        return Some((Personal::Digits, id));
    }
    let digests = leaf
        .commitments
        .iter()
        .map(|(field, digest)| (*field, digest));
    let digests = digests.chain(leaf.reference.as_ref().map(|digest| ("ref", digest)));
    let mut digests = digests.filter_map(|(name, digest)| Some((hidden::in_digest(digest)?, name)));
    let amount = leaf.moves.iter().any(|m| m.n >= AMOUNT_MAX);
    digests
        .next()
        .or_else(|| amount.then_some((Personal::Digits, "mv")))
}

fn scan_data<'a>(leaf: &'a LeafView<'_>) -> Found<'a> {
    let is_known = leaf.kind.rules().is_some();
    let mut before = "";
    for (key, value) in leaf.data.iter() {
        let form = word(key)
            .map(|w| w.form)
            .filter(|form| is_known && form.accepts(value));
        let found = match form {
            Some(form) => scan_formed(form, key, value),
            None => scan_value(value),
        };
        // A number that was cut in two stands in words that are neighbours.
        let text = value.text().unwrap_or_default();
        let parts = || scan_parts(before, text).or_else(|| scan_parts(text, before));
        if let Some(what) = found.or_else(parts) {
            return Some((what, key));
        }
        before = text;
    }
    None
}

/// Words that hold money, or units of goods.
const AMOUNTS: [&str; 7] = ["amount", "fee", "gross", "orig", "sum", "target", "value"];

/// A value whose form is that of its word.
fn scan_formed(form: Form, key: &str, value: &Json) -> Option<Personal> {
    match (form, value) {
        (Form::Name, Json::Text(text)) => {
            scan_open(text).or_else(|| names::is_of_person(text).then_some(Personal::Name))
        }
        (form, Json::Text(text)) if form.is_open() => scan_open(text),
        (Form::Uscc, Json::Text(text)) => is_identity(text).then_some(Personal::IdNumber),
        // Behind the code of the charity its campaigns are counted.
        (Form::Filing, Json::Text(text)) => text.get(18..).and_then(scan),
        (Form::Key, Json::Text(text)) => text.split('+').next().and_then(scan),
        (Form::Id(_), Json::Text(text)) => is_number_in_disguise(text).then_some(Personal::Digits),
        (Form::Digest, Json::Text(text)) => in_digest(text),
        (Form::Digests | Form::Files | Form::Ratio, value) => scan_inside(value),
        (_, Json::Int(number)) => {
            let most = if AMOUNTS.contains(&key) {
                AMOUNT_MAX
            } else {
                COUNT_MAX
            };
            (*number >= most).then_some(Personal::Digits)
        }
        _ => None,
    }
}

fn scan_open(text: &str) -> Option<Personal> {
    let hash = || hidden::is_hash(text).then_some(Personal::Hash);
    scan(text).or_else(hash)
}

fn in_digest(text: &str) -> Option<Personal> {
    hidden::in_digest(&digest_parse(text)?)
}

/// Digests, types and lengths in lists.
fn scan_inside(value: &Json) -> Option<Personal> {
    match value {
        Json::Text(text) => in_digest(text).or_else(|| scan(text)),
        Json::Int(number) => (*number >= COUNT_MAX).then_some(Personal::Digits),
        Json::List(list) => list.iter().find_map(scan_inside),
        Json::Map(map) => map.values().find_map(scan_inside),
        Json::Bool(_) => None,
    }
}

/// `fund/` and the body of a printed id, or `uscc/` and a unified code.
fn is_own_stream(name: &str) -> bool {
    let Some((word, part)) = name.split_once('/') else {
        return false;
    };
    let is_id = part.len() == BODY_CHARS && part.bytes().all(is_crockford);
    let is_ours =
        word == REGISTER_WORD || PREFIXES.iter().any(|prefix| stream_word(prefix) == word);
    (is_id && is_ours && !is_number(part))
        || (word == "uscc" && Form::Uscc.accepts_text(part) && !is_identity(part))
}

/// A value of a word or of a kind that is not known here.
fn scan_value(value: &Json) -> Option<Personal> {
    match value {
        Json::Text(text) => scan(text),
        Json::List(list) => list.iter().find_map(scan_value),
        Json::Map(map) => map
            .iter()
            .find_map(|(key, value)| scan(key).or_else(|| scan_value(value))),
        Json::Int(_) | Json::Bool(_) => None,
    }
}
