//! Everything that the house keeps as a sum, counted again from leaves and rows.

use super::compare::is_transfer;
use super::said::Said;
use leaf::{FundSide, Json, Kind, Leaf, Move};
use std::collections::{BTreeMap, BTreeSet};
use store::audit::{DonationAuditRow, MoneyRow, OpeningRow};

/// Roll-up of a fund: fund, day, kind, direction.
pub(crate) type FundDay = (i64, i64, String, String);
/// Roll-up of a channel: organisation, day, channel.
pub(crate) type ChannelDay = (i64, i64, String);

/// All sums.
#[derive(Debug, Default)]
pub(crate) struct Recount {
    /// Inflow and outflow of each fund, by printed id, from leaves.
    pub(crate) tapes: BTreeMap<String, (i64, i64)>,
    /// What a fund has at a place, both printed, from leaves.
    pub(crate) balances: BTreeMap<(String, String), i64>,
    /// Leaves of each stream.
    pub(crate) streams: BTreeMap<String, i64>,
    /// Amount and number of movements, from movement rows that were compared with their leaves.
    pub(crate) fund_days: BTreeMap<FundDay, (i64, i64)>,
    /// Number and amount of gifts of money, from donation rows that were compared with their leaves.
    pub(crate) channel_days: BTreeMap<ChannelDay, (i64, i64)>,
    /// Funds, places and everything else that only states, by printed id.
    pub(crate) said: BTreeMap<String, Said>,
    /// Leaves of gifts that found their row.
    pub(crate) donations: u64,
    /// Those of them that are gifts of money.
    pub(crate) gifts: u64,
    /// Funds of channel fees, by printed id.
    fee_funds: BTreeSet<String>,
}

impl Recount {
    /// Counts a leaf.
    pub(crate) fn leaf(&mut self, index: u64, leaf: &Leaf, openings: &[OpeningRow]) {
        for (name, _) in &leaf.streams {
            match self.streams.get_mut(name) {
                Some(count) => *count = count.saturating_add(1),
                None => drop(self.streams.insert(name.clone(), 1)),
            }
        }
        for movement in &leaf.moves {
            self.movement(movement);
        }
        let is_statement = matches!(
            leaf.kind,
            Kind::Fund
                | Kind::Place
                | Kind::Organisation
                | Kind::Register
                | Kind::Campaign
                | Kind::Announcement
                | Kind::Report
                | Kind::Answer
        );
        if is_statement {
            self.statement(index, leaf, openings);
        }
    }

    fn movement(&mut self, movement: &Move) {
        let into = match &movement.to {
            Some(FundSide {
                span: Some((start, end)),
                ..
            }) => end.saturating_sub(*start),
            _ => movement.n,
        };
        if !is_transfer(movement) {
            if let Some(from) = &movement.from {
                let tape = self.tapes.entry(from.fund.clone()).or_default();
                tape.1 = tape.1.saturating_add(movement.n);
            }
            if let Some(to) = &movement.to {
                let tape = self.tapes.entry(to.fund.clone()).or_default();
                tape.0 = tape.0.saturating_add(into);
            }
        }
        let sides = [
            (
                &movement.from,
                &movement.place_out,
                movement.n.saturating_neg(),
            ),
            (&movement.to, &movement.place_in, into),
        ];
        for (side, place, change) in sides {
            if let (Some(side), Some(place)) = (side, place) {
                let key = (side.fund.clone(), place.clone());
                let balance = self.balances.entry(key).or_default();
                *balance = balance.saturating_add(change);
            }
        }
    }

    fn statement(&mut self, index: u64, leaf: &Leaf, openings: &[OpeningRow]) {
        if leaf.kind == Kind::Fund && leaf.data.get("kind").and_then(Json::text) == Some("fee") {
            self.fee_funds.insert(leaf.id.clone());
        }
        match self.said.get_mut(&leaf.id) {
            Some(said) => said.hear(index, leaf, openings),
            None => {
                let said = Said::of(index, leaf, openings);
                self.said.insert(leaf.id.clone(), said);
            }
        }
    }

    /// Whether a fund holds the fees of channels.
    pub(crate) fn is_fee_fund(&self, fund: &str) -> bool {
        self.fee_funds.contains(fund)
    }

    /// Counts a movement row.
    pub(crate) fn row(&mut self, row: &MoneyRow) {
        for (side, direction) in [(row.out, "out"), (row.into, "in")] {
            let [Some(fund), _, Some(len)] = side else {
                continue;
            };
            let key = (fund, row.day, row.kind.clone(), direction.to_owned());
            let sum = self.fund_days.entry(key).or_default();
            *sum = (sum.0.saturating_add(len), sum.1.saturating_add(1));
        }
    }

    /// Counts a donation row.
    pub(crate) fn donation(&mut self, row: &DonationAuditRow) {
        self.donations = self.donations.saturating_add(1);
        if row.unit == "fen" {
            self.gifts = self.gifts.saturating_add(1);
            let key = (row.organisation, row.day, row.channel.clone());
            let sum = self.channel_days.entry(key).or_default();
            *sum = (sum.0.saturating_add(1), sum.1.saturating_add(row.amount));
        }
    }
}
