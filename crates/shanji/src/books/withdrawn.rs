//! What was taken down: rows say so, and statements say so, and both must say the same.

use super::walk::Walk;
use domain::fundraising::{DONOR_ERASED, DONOR_LOST, DONOR_WITHDRAWN};
use leaf::{Json, Kind, Leaf};
use std::collections::{BTreeMap, BTreeSet};
use store::audit::{DonationAuditRow, OpeningRow};

/// The leaf whose words it was, what was taken down, and which field.
type Place = ([u8; 32], String, String);

/// 〔撤下〕 Statements of withdrawals, and rows that say that something was withdrawn.
#[derive(Debug, Default)]
pub(super) struct Withdrawals {
    /// Index of the statement.
    stated: BTreeMap<Place, u64>,
    /// Index of the leaf whose row it is, and its record.
    kept: BTreeMap<Place, (u64, String)>,
    /// Leaves of gifts of which nothing is shown any more, because an accident took it.
    lost: BTreeSet<[u8; 32]>,
}

impl Withdrawals {
    /// Hears a leaf; files stand in their own store and have no row of words.
    pub(super) fn leaf(&mut self, index: u64, leaf: &Leaf) {
        let text = |word: &str| leaf.data.get(word).and_then(Json::text).unwrap_or_default();
        let (Kind::Withdrawal, Some(reference)) = (&leaf.kind, leaf.reference) else {
            return;
        };
        if text("kind") != "file" {
            let place = (reference, text("kind").to_owned(), text("field").to_owned());
            self.stated.insert(place, index);
        }
    }

    /// Public words beside a leaf that are closed.
    pub(super) fn words(&mut self, at: (u64, &Leaf, [u8; 32]), rows: &[OpeningRow]) {
        for row in rows.iter().filter(|row| row.is_withdrawn) {
            self.keep(at, ("words", &row.field));
        }
    }

    /// A gift whose donor is not shown any more, or cannot be opened.
    pub(super) fn gift(&mut self, at: (u64, &Leaf, [u8; 32]), row: &DonationAuditRow) {
        let shown = row.donor_public.as_str();
        if shown == DONOR_WITHDRAWN || shown == DONOR_ERASED {
            self.keep(at, ("donor", "gift"));
        }
        if shown == DONOR_LOST {
            self.lost.insert(at.2);
        }
        // What an accident took nobody took down; the audit counts it apart.
        if row.private.is_none() && shown != DONOR_LOST || shown == DONOR_ERASED {
            self.keep(at, ("key", "gift"));
        }
    }

    fn keep(&mut self, (index, leaf, hash): (u64, &Leaf, [u8; 32]), what: (&str, &str)) {
        let place = (hash, what.0.to_owned(), what.1.to_owned());
        self.kept.insert(place, (index, leaf.id.clone()));
    }
}

impl Walk<'_> {
    /// Every row that says it was taken down has its statement, and the other way round.
    pub(super) fn withdrawals(&mut self) {
        let all = std::mem::take(&mut self.withdrawals);
        for (place, (index, id)) in &all.kept {
            if !all.stated.contains_key(place) {
                let (what, field) = (title(&place.1), &place.2);
                let sentence = format!(
                    "{id} 的{what}（{field}）已经撤下或删除，没有陈述说过，请查明是谁改了数据库"
                );
                self.found
                    .add(Some(*index), "rows.withdrawal_unstated", sentence);
            }
        }
        for (place, index) in &all.stated {
            let is_lost = place.1 == "donor" && all.lost.contains(&place.0);
            if !all.kept.contains_key(place) && !is_lost {
                let (what, field) = (title(&place.1), &place.2);
                let sentence = format!(
                    "陈述说{what}（{field}）已经撤下，数据库里它仍然公开，请查明是谁改了数据库"
                );
                self.found
                    .add(Some(*index), "rows.withdrawal_undone", sentence);
            }
        }
    }
}

fn title(what: &str) -> &'static str {
    match what {
        "donor" => "捐赠人称呼",
        "key" => "捐赠人姓名",
        _ => "公开文字",
    }
}
