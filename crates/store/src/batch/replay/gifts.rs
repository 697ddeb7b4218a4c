//! Gifts as leaves say them, and what became of them.

use super::moves::About;
use super::{Flow, LostGift, Replay, Said, broken};
use crate::batch::{DonationFacts, DonationPrivate, DonationRow};
use db::{args, sql};
use domain::fundraising::{DONOR_LOST, HeldReason};
use domain::funds::{CHARGEBACK_REASON, FundKind};
use domain::parties::DonorKind;
use kernel::Id;
use leaf::{Json, Kind, Leaf, ids};
use ledger::TapeId;

impl Replay<'_> {
    /// A gift of money or goods: nothing is left of who gave it.
    pub(super) async fn gift(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Donation>(&said.leaf.id)?;
        self.open(said, &[]).await?;
        let about = About {
            donation: Some(id.raw()),
            ..About::default()
        };
        let movements = self.moves(said, about).await?;
        let (mut amount, mut fee, mut unit) = (0_i64, 0_i64, String::new());
        for one in &said.leaf.moves {
            let fund = one.to.as_ref().map_or("", |side| side.fund.as_str());
            let fund = self.batch.fund(self.id(fund)?).await?;
            let Some(fund) = fund else {
                return broken("资金不在这个备份里");
            };
            amount = amount.saturating_add(one.n);
            if fund.kind == FundKind::Fee && said.text("held").is_empty() {
                fee = fee.saturating_add(one.n);
            }
            unit = fund.unit;
        }
        let is_money = said.leaf.kind == Kind::Gift;
        let channel = if is_money { said.text("ch") } else { "goods" };
        let lost = LostGift {
            leaf_index: said.index,
            id: said.leaf.id.clone(),
            day: said.leaf.time.day().to_string(),
            channel: channel.to_owned(),
            amount,
            unit,
        };
        let row = self.gift_row(said, &lost, (id, fee, &movements))?;
        self.batch.buffer.recovered.push(row);
        self.losses.gifts.take(lost);
        Ok(())
    }

    /// The public part of a gift. A gift of money has a key in place of its payment's that no payment ever has.
    fn gift_row(
        &self,
        said: &Said<'_>,
        lost: &LostGift,
        (id, fee, movements): (Id<ids::Donation>, i64, &[i64]),
    ) -> Flow<DonationRow> {
        let held = said.text("held");
        let reason = match HeldReason::parse(held) {
            Some(reason) => reason.code(),
            None if held.is_empty() => "",
            None => return broken("待处理的原因本程序不认识"),
        };
        let day = said.leaf.time.day();
        let known = said.leaf.data.get("time_known") != Some(&Json::Bool(false));
        let kind = DonorKind::parse(said.text("donor_kind")).unwrap_or(DonorKind::Person);
        let payment = (format!("recovered/{}", lost.channel), lost.id.clone());
        Ok(DonationRow {
            id: id.raw(),
            organisation: self.owner(said)?.raw(),
            campaign: self.campaign_of(said)?.map(Id::raw),
            intent: None,
            channel: lost.channel.clone(),
            amount: lost.amount,
            fee,
            unit: lost.unit.clone(),
            state: if held.is_empty() { "standing" } else { "held" },
            held_reason: reason,
            paid_at: day.start().micros(),
            time_known: known,
            day: i64::from(day.number()),
            published_day: None,
            donor_kind: kind.code(),
            donor_public: DONOR_LOST.to_owned(),
            leaf_index: lost.leaf_index,
            movement_first: movements.first().copied().unwrap_or_default(),
            movement_count: i64::try_from(movements.len()).unwrap_or(i64::MAX),
            import: None,
            private: DonationPrivate::default(),
            payment: (said.leaf.kind == Kind::Gift).then_some(payment),
        })
    }

    /// A refund, correction or chargeback of one gift, or its way to another campaign.
    pub(super) async fn of_gift(&mut self, said: &Said<'_>) -> Flow<()> {
        let gift = self.leaf_at(self.named(said)?).await?;
        let id = self.id::<ids::Donation>(&gift.id)?;
        let Some(facts) = self.batch.donation_facts(id).await? else {
            return broken("它所指的捐赠不在这个备份里");
        };
        let left = self.left_of(&facts).await?;
        let about = About {
            donation: Some(id.raw()),
            ..About::default()
        };
        self.moves(said, about).await?;
        let moved = sum(said.leaf);
        let (state, campaign) = match said.leaf.kind {
            Kind::Correction => (Some("corrected"), None),
            Kind::Reclassification => (Some("reassigned"), self.campaign_of(said)?),
            Kind::Refund => ((moved >= left).then_some("refunded"), None),
            Kind::Chargeback => ((moved == facts.amount).then_some("refunded"), None),
            _ => (None, None),
        };
        match state {
            Some(state) => Ok(self.batch.donation_mark(id, state, campaign).await?),
            None => Ok(()),
        }
    }

    /// What of a gift can still be given back: advances, goods and fees cannot.
    async fn left_of(&mut self, facts: &DonationFacts) -> Flow<i64> {
        let mut left = 0_i64;
        for (TapeId(fund), spans) in self.batch.owned_spans(facts).await? {
            let kind = self
                .batch
                .fund(Id::from_raw(fund))
                .await?
                .map(|fund| fund.kind);
            if !matches!(
                kind,
                None | Some(FundKind::Advance | FundKind::Goods | FundKind::Fee)
            ) {
                let here: i64 = spans.iter().map(|span| span.len).sum();
                left = left.saturating_add(here);
            }
        }
        Ok(left)
    }

    /// The reason beside a movement: what the house itself writes, or what stood in a request that waited.
    pub(super) async fn reasons(&mut self, said: &Said<'_>) -> Flow<()> {
        let mut tried = vec![("reason", CHARGEBACK_REASON.to_owned())];
        let reasons = self.reasons_asked(said).await?;
        tried.extend(reasons.into_iter().map(|reason| ("reason", reason)));
        self.open(said, &tried).await.map(drop)
    }

    /// Reasons of the organisation's repairs that wait in this backup.
    async fn reasons_asked(&mut self, said: &Said<'_>) -> Flow<Vec<String>> {
        if !said.leaf.commitments.contains_key("reason") {
            return Ok(Vec::new());
        }
        let organisation = self.owner(said)?.raw();
        let sql = sql!(
            "SELECT asked FROM repair WHERE organisation_id = $1 AND state = 'asked' ORDER BY id LIMIT 1000"
        );
        let tx = self.batch.sql().await?;
        let asked = tx.rows(sql, args![organisation], |r| r.text(0)).await?;
        Ok(asked.iter().flat_map(|asked| texts_in(asked)).collect())
    }
}

/// The longest texts of a request: its reason is one of them.
fn texts_in(asked: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![serde_json::from_str(asked).unwrap_or(serde_json::Value::Null)];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::String(text) => found.push(text.trim().to_owned()),
            serde_json::Value::Array(list) => open.extend(list),
            serde_json::Value::Object(map) => open.extend(map.into_iter().map(|one| one.1)),
            _ => {}
        }
    }
    found
}

fn sum(leaf: &Leaf) -> i64 {
    leaf.moves
        .iter()
        .fold(0, |sum, one| sum.saturating_add(one.n))
}
