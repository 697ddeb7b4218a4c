//! What a kind demands of its leaf, beyond the envelope.

use crate::envelope::stream_word;
use crate::error::{LeafError, Part};
use crate::ids::{BODY_CHARS, is_crockford};
use crate::json::Json;
use crate::kind::{EVERYWHERE, Need, Rules, Shape};
use crate::limits::KEY_BYTES;
use crate::scan::{Personal, scan};
use crate::view::{LeafView, MoveView};
use crate::vocabulary::{Form, word};

/// Whether the leaf has what its kind demands and nothing else; unknown kinds pass.
pub(crate) fn check(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    check_streams(leaf)?;
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

/// Refuses telephones, identities and cards in any text of the data. The forms that prove
/// themselves are not looked at, and neither are ids and commitments.
pub(crate) fn scan_personal(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    let names = leaf
        .streams
        .iter()
        .filter(|(name, _)| !is_own_stream(name))
        .map(|(name, _)| *name);
    for name in names.chain(leaf.commitments.iter().map(|(field, _)| *field)) {
        if let Some(what) = scan(name) {
            return Err(LeafError::Personal {
                what,
                word: name.to_owned(),
            });
        }
    }
    for (key, value) in leaf.data.iter() {
        let is_closed = leaf.kind.rules().is_some()
            && word(key).is_some_and(|w| !w.form.is_open() && w.form.accepts(value));
        if is_closed {
            continue;
        }
        if let Some(what) = scan_value(value) {
            return Err(LeafError::Personal {
                what,
                word: key.clone(),
            });
        }
    }
    Ok(())
}

/// `fund/` and the body of a printed id, or `uscc/` and a unified code.
fn is_own_stream(name: &str) -> bool {
    name.split_once('/').is_some_and(|(word, part)| {
        (part.len() == BODY_CHARS && part.bytes().all(is_crockford))
            || (word == "uscc" && Form::Uscc.accepts_text(part))
    })
}

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
