//! The one place that moves tapes: gives a posting its positions, stream numbers, leaf and index.
//!
//! Everything is computed beside the counters first and takes effect only when the leaf has been encoded, so
//! that a posting happens whole or not at all.

use crate::batch::{Batch, House};
use crate::buffer::MovementRow;
use crate::state::State;
use domain::funds::posting::{End, MoveOrder, Posting, Subject, Take};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Id;
use leaf::{FundSide, Leaf, LeafSwap, LeafTime, Move, ids};
use ledger::{Named, Span, Tape, TapeError};
use std::collections::BTreeMap;

/// 〔记账结果〕 What a posting became.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Index of its leaf: final.
    pub leaf_index: i64,
    /// Keys of its movements, ascending.
    pub movements: Vec<Id<ids::Movement>>,
}

/// Why a posting cannot be booked. Decisions check first, so these are races or mistakes.
#[derive(Debug, thiserror::Error)]
pub enum PostingError {
    /// A fund or place that the posting names was not loaded.
    #[error("资金或存放处不存在，请刷新页面后重试。")]
    Unknown,
    /// The tape refuses.
    #[error(transparent)]
    Tape(#[from] TapeError),
    /// The swap of a named outflow cannot be made.
    #[error(transparent)]
    Swap(#[from] ledger::SwapError),
    /// The rows of a swap cannot be found.
    #[error(transparent)]
    Naming(#[from] ledger::NamingError),
    /// The fund has less at this place.
    #[error("所选账户里这项资金不足，请先登记渠道结算，或换一个账户。")]
    Place,
    /// The leaf refuses its content.
    #[error("公开记录无法写成：{0}")]
    Leaf(#[from] leaf::LeafError),
}

/// The key of a movement and, for a named outflow, the rows of its swap; made before the posting.
pub(crate) struct Prepared {
    pub id: Id<ids::Movement>,
    pub named: Option<Named>,
}

/// What a posting changes, before it takes effect.
#[derive(Default)]
struct Draft {
    tapes: BTreeMap<i64, Tape>,
    balances: BTreeMap<(i64, i64), i64>,
    moves: Vec<Move>,
    swaps: Vec<LeafSwap>,
    swap_rows: Vec<[i64; 8]>,
    standing_rows: Vec<[i64; 4]>,
    rows: Vec<MovementRow>,
}

impl Batch {
    /// Books a posting whose funds, balances and streams were loaded. On an error nothing has changed.
    pub(crate) fn post(
        &mut self,
        posting: &Posting,
        prepared: &[Prepared],
        (streams, reference): (Vec<String>, Option<[u8; 32]>),
    ) -> Result<Posted, PostingError> {
        check_words(posting)?;
        let leaf_index = self.state.next_leaf;
        let house = self.house.clone();
        let mut draft = Draft::default();
        for (order, ready) in posting.moves.iter().zip(prepared) {
            draft_move(
                &self.state,
                &house,
                &mut draft,
                order,
                (ready, posting, leaf_index),
            )?;
        }
        for transfer in &posting.transfers {
            let (fund, from, to) = (transfer.fund.raw(), transfer.from.raw(), transfer.to.raw());
            move_balance(&self.state, &mut draft, (fund, from), -transfer.amount)?;
            move_balance(&self.state, &mut draft, (fund, to), transfer.amount)?;
            draft.moves.push(Move {
                n: transfer.amount,
                from: Some(FundSide {
                    fund: house.print(transfer.fund),
                    span: None,
                }),
                to: Some(FundSide {
                    fund: house.print(transfer.fund),
                    span: None,
                }),
                place_out: Some(house.print(transfer.from)),
                place_in: Some(house.print(transfer.to)),
            });
        }
        let streams = numbered(streams, &self.state)?;
        let (leaf, openings) = leaf_of(
            &house,
            posting,
            &mut draft,
            (streams, reference, leaf_index),
        );
        let bytes = leaf.encode()?;
        let hash = tlog::leaf_hash(&bytes).0;
        self.take_effect(draft, &leaf.streams, posting);
        self.state.next_leaf += 1;
        self.changed();
        self.buffer.leaves.push((leaf_index, bytes, hash));
        for (field, salt, value) in openings {
            self.buffer.openings.push((leaf_index, field, salt, value));
        }
        let movements = self.last_movements(posting.moves.len());
        Ok(Posted {
            leaf_index,
            movements,
        })
    }

    fn last_movements(&self, count: usize) -> Vec<Id<ids::Movement>> {
        let rows = &self.buffer.movements;
        rows[rows.len() - count..]
            .iter()
            .map(|row| Id::from_raw(row.id))
            .collect()
    }

    fn take_effect(&mut self, draft: Draft, streams: &[(String, i64)], posting: &Posting) {
        let day = i64::from(posting.day.number());
        for (id, tape) in draft.tapes {
            if let Some(fund) = self.state.funds.get_mut(&id) {
                fund.tape = tape;
                self.state.dirty_funds.insert(id);
            }
        }
        for (key, amount) in draft.balances {
            self.state.balances.insert(key, amount);
            self.state.dirty_balances.insert(key);
        }
        for (stream, seq) in streams {
            if let Some(known) = self.state.streams.get_mut(stream) {
                *known = *seq;
            }
            if !self.state.dirty_streams.contains(stream) {
                self.state.dirty_streams.insert(stream.clone());
            }
        }
        for row in &draft.rows {
            if let Some((fund, _, len)) = row.from {
                let roll = self
                    .state
                    .rolls
                    .entry((fund, day, row.kind, "out"))
                    .or_default();
                *roll = (roll.0 + len, roll.1 + 1);
            }
            if let Some((fund, _, len)) = row.to {
                let roll = self
                    .state
                    .rolls
                    .entry((fund, day, row.kind, "in"))
                    .or_default();
                *roll = (roll.0 + len, roll.1 + 1);
            }
        }
        self.buffer.movements.extend(draft.rows);
        for mut swap in draft.swap_rows {
            swap[0] = self.state.minter.mint::<ids::Movement>(posting.at).raw();
            self.buffer.swaps.push(swap);
        }
        self.buffer.standings.extend(draft.standing_rows);
    }
}

/// The last door for public words, whichever way they came: forms refuse earlier and say it more kindly.
fn check_words(posting: &Posting) -> Result<(), PostingError> {
    match posting.personal_word() {
        Some((word, what)) => Err(PostingError::Leaf(leaf::LeafError::Personal {
            what,
            word: word.to_owned(),
        })),
        None => Ok(()),
    }
}

fn tape_of(state: &State, draft: &Draft, fund: i64) -> Result<Tape, PostingError> {
    match draft.tapes.get(&fund) {
        Some(tape) => Ok(*tape),
        None => state
            .funds
            .get(&fund)
            .map(|f| f.tape)
            .ok_or(PostingError::Unknown),
    }
}

fn move_balance(
    state: &State,
    draft: &mut Draft,
    key: (i64, i64),
    change: i64,
) -> Result<(), PostingError> {
    let known = draft
        .balances
        .get(&key)
        .or_else(|| state.balances.get(&key))
        .copied();
    let amount = known.ok_or(PostingError::Unknown)? + change;
    if amount < 0 {
        return Err(PostingError::Place);
    }
    draft.balances.insert(key, amount);
    Ok(())
}

fn draft_move(
    state: &State,
    house: &House,
    draft: &mut Draft,
    order: &MoveOrder,
    context: (&Prepared, &Posting, i64),
) -> Result<(), PostingError> {
    let (ready, posting, leaf_index) = context;
    let out = match order.from {
        Some(end) => Some(draft_out(state, house, draft, (order, end, ready))?),
        None => None,
    };
    let arrives = order.arrives.unwrap_or(order.amount);
    let into = match order.to {
        Some(end) => {
            let mut tape = tape_of(state, draft, end.fund.raw())?;
            let span = tape.write(arrives)?;
            draft.tapes.insert(end.fund.raw(), tape);
            move_balance(state, draft, (end.fund.raw(), end.place.raw()), arrives)?;
            Some((end, span))
        }
        None => None,
    };
    let side = |at: (End, Span)| FundSide {
        fund: house.print(at.0.fund),
        span: Some((at.1.start, at.1.end())),
    };
    draft.moves.push(Move {
        n: order.amount,
        from: out.map(side),
        to: into.map(side),
        place_out: out.map(|(end, _)| house.print(end.place)),
        place_in: into.map(|(end, _)| house.print(end.place)),
    });
    let span = |at: (End, Span)| (at.0.fund.raw(), at.1.start, at.1.len);
    draft.rows.push(MovementRow {
        id: ready.id.raw(),
        leaf_index,
        kind: order.kind.code(),
        amount: order.amount,
        from: out.map(span),
        to: into.map(span),
        place_from: out.map(|(end, _)| end.place.raw()),
        place_to: into.map(|(end, _)| end.place.raw()),
        undoes: order.undoes.map(|undo| (undo.movement.0, undo.offset)),
        donation: posting.donation.map(Id::raw),
        matter: posting.matter,
        at: posting.at.micros(),
        day: i64::from(posting.day.number()),
    });
    Ok(())
}

fn draft_out(
    state: &State,
    house: &House,
    draft: &mut Draft,
    what: (&MoveOrder, End, &Prepared),
) -> Result<(End, Span), PostingError> {
    let (order, end, ready) = what;
    let fund = end.fund.raw();
    let mut tape = tape_of(state, draft, fund)?;
    if order.releases > 0 {
        tape.release(order.releases)?;
    }
    let head = tape.take(order.amount)?;
    draft.tapes.insert(fund, tape);
    move_balance(state, draft, (fund, end.place.raw()), -order.amount)?;
    if let Some(named) = &ready.named {
        for exchange in &named.exchanges {
            let (from, to, len) = (exchange.from, exchange.to, exchange.len);
            draft.swaps.push(LeafSwap {
                tape: house.print(end.fund),
                from,
                to,
                len,
            });
        }
        for swap in &named.swaps {
            let (by, since, to_since) = (swap.by.0, swap.since.0, swap.to_since.0);
            let row = [0, fund, swap.from, swap.to, swap.len, by, since, to_since];
            draft.swap_rows.push(row);
        }
        for row in &named.standings {
            draft
                .standing_rows
                .push([fund, row.span.start, row.span.len, row.since.0]);
        }
    }
    Ok((end, head))
}

/// The head that a named order will take, as the tape stands.
pub(crate) fn head_of(tape: &Tape, order: &MoveOrder) -> Option<Span> {
    Span::new(tape.outflow, order.amount)
}

/// The spans of one gift that a named order takes.
pub(crate) fn named_spans(order: &MoveOrder) -> Option<&[Span]> {
    match &order.take {
        Take::Named(owned) => Some(owned),
        Take::Head => None,
    }
}

/// The streams that the posting belongs to with their next numbers.
fn numbered(streams: Vec<String>, state: &State) -> Result<Vec<(String, i64)>, PostingError> {
    streams
        .into_iter()
        .map(|name| {
            let seq = state.streams.get(&name).ok_or(PostingError::Unknown)? + 1;
            Ok((name, seq))
        })
        .collect()
}

/// Every stream name that a posting will need, ascending, so that the batch can load their counts first.
pub(crate) fn stream_names(house: &House, posting: &Posting) -> Vec<String> {
    let mut printed = vec![house.print(posting.organisation)];
    printed.extend(posting.campaign.map(|campaign| house.print(campaign)));
    for end in posting
        .moves
        .iter()
        .flat_map(|m| m.from.iter().chain(&m.to))
    {
        printed.extend([house.print(end.fund), house.print(end.place)]);
    }
    for transfer in &posting.transfers {
        printed.extend([house.print(transfer.fund), house.print(transfer.from)]);
        printed.push(house.print(transfer.to));
    }
    match posting.subject {
        Subject::Fund(fund) => printed.push(house.print(fund)),
        Subject::Place(place) => printed.push(house.print(place)),
        _ => {}
    }
    let register = match posting.subject {
        Subject::RegisterEntry(_) => leaf::register_stream(&house.print(posting.organisation)),
        _ => None,
    };
    // The same place takes several shares of one gift.
    printed.sort_unstable();
    printed.dedup();
    let texts = leaf::directory_texts(&posting.kind, &posting.data);
    let known = texts.into_iter().filter_map(leaf::directory_stream);
    let mut names: Vec<String> = printed
        .iter()
        .filter_map(|printed| leaf::stream_name(printed))
        .chain(register)
        .chain(known)
        .collect();
    names.sort_unstable();
    // A name and a code may share a stream of the directory.
    names.dedup();
    names
}

type OpenWord = (&'static str, [u8; 32], String);

fn leaf_of(
    house: &House,
    posting: &Posting,
    draft: &mut Draft,
    known: (Vec<(String, i64)>, Option<[u8; 32]>, i64),
) -> (Leaf, Vec<OpenWord>) {
    let id = subject_id(house, posting.subject);
    let key = match posting.word_key {
        // A later version of a record must not reuse a salt, so the leaf's index is part of the key.
        [0, ..] if posting.word_key == [0; 32] => house.word_key(&id, known.2),
        key => key,
    };
    let mut commitments = BTreeMap::new();
    let mut openings = Vec::new();
    for word in &posting.words {
        let salt = leaf::salt(&key, &id, word.field);
        commitments.insert(
            word.field.to_string(),
            leaf::commit(&salt, &id, word.field, &word.value),
        );
        if word.public {
            openings.push((word.field, salt, word.value.clone()));
        }
    }
    let time = if posting.kind == leaf::Kind::Gift || posting.kind == leaf::Kind::Goods {
        LeafTime::Day(posting.day)
    } else {
        LeafTime::second(posting.at)
    };
    let leaf = Leaf {
        id,
        kind: posting.kind.clone(),
        organisation: Some(house.print(posting.organisation)),
        time,
        streams: known.0,
        moves: std::mem::take(&mut draft.moves),
        swaps: std::mem::take(&mut draft.swaps),
        reference: known.1,
        commitments,
        data: posting.data.clone(),
    };
    (leaf, openings)
}

fn subject_id(house: &House, subject: Subject) -> String {
    match subject {
        Subject::Announcement(id) => house.print(id),
        Subject::Campaign(id) => house.print(id),
        Subject::Delivery(id) => house.print(id),
        Subject::Disbursement(id) => house.print(id),
        Subject::Donation(id) => house.print(id),
        Subject::Fund(id) => house.print(id),
        Subject::Movement(id) => house.print(id),
        Subject::Organisation(id) => house.print(id),
        Subject::Place(id) => house.print(id),
        Subject::Question(id) => house.print(id),
        Subject::RegisterEntry(id) => house.print(id),
        Subject::Report(id) => house.print(id),
        Subject::Withdrawal(id) => house.print(id),
    }
}

impl House {
    /// The key that salts the public words of a record; gifts bring their own.
    pub(crate) fn word_key(&self, id: &str, leaf_index: i64) -> [u8; 32] {
        let mut out = [0; 32];
        if let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(&self.commit_key) {
            mac.update(b"shanji/words/1\0");
            mac.update(id.as_bytes());
            mac.update(&leaf_index.to_be_bytes());
            out.copy_from_slice(&mac.finalize().into_bytes());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    #[track_caller]
    fn check(kind: &leaf::Kind, field: &'static str, text: &str, is_refused: bool) {
        let subject = Subject::Movement(Id::from_raw(1));
        let at = Timestamp::from_micros(0);
        let posting = Posting::new(subject, kind.clone(), Id::from_raw(2), at);
        let got = check_words(&posting.public_word(field, text));
        assert_eq!(got.is_err(), is_refused, "{} {field} {text}", kind.code());
    }

    #[test]
    fn no_kind_of_leaf_takes_a_number_of_a_person_in_its_public_words() {
        for (kind, _) in leaf::KINDS {
            for field in ["payee", "purpose", "reason", "title", "story", "answer"] {
                for text in [
                    "手机13800138000",
                    "110101 19900307 7758",
                    "6222021234567890128",
                ] {
                    check(kind, field, text, true);
                }
                check(kind, field, "2026.3.1-2026.4.30，共200人", false);
            }
            check(kind, "filing_number", "51880000MJ0000114526001", false);
        }
    }
}
