//! Campaigns: cards with their sums, and the page.

use crate::answer::Answer;
use crate::query::funds::sums;
use crate::query::limits::{CARDS, LIST_ROWS, TOMBSTONES};
use crate::query::transparency::{public_salts, tombstone};
use crate::query::words::unit_word;
use crate::query::{cursor, found, keys, page_of};
use crate::view::{
    CampaignCard, CampaignPage, DayTotal, DeliveryLine, DisbursementLine, GiftLine, Page,
    PictureLine,
};
use crate::{App, AppError};
use db::Session;
use domain::Refused;
use domain::fundraising::{CampaignState, decide_intent};
use domain::funds::{Fund, FundKind};
use kernel::{Day, Id};
use leaf::{Leaf, ids};
use std::collections::BTreeMap;
use store::fundraising::CampaignRecord;
use store::funds::{DeliveryRecord, DisbursementRecord, EvidenceRecord};

/// What a card says of a live campaign whose organisation may not raise from the public now: computed from the
/// register on the day that is asked, and stored nowhere.
pub(crate) const FROZEN: &str = "frozen";
pub(crate) const FROZEN_TITLE: &str = "暂停募捐";
/// Name of the cursors' list.
const GIFTS: &str = "campaign-gifts";

impl App {
    /// All campaigns that were published: live ones first, then ended ones, newest first.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn campaigns(&self) -> Answer<'_, Vec<CampaignCard>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            self.published_cards(&mut read, CARDS).await
        })
    }

    /// Live campaigns first, then ended ones, newest first, at most `limit`.
    pub(crate) async fn published_cards(
        &self,
        session: &mut Session,
        limit: i64,
    ) -> Result<Vec<CampaignCard>, AppError> {
        let live = CampaignState::Live.code();
        let mut rows = store::fundraising::campaigns_of_state(session, live, limit).await?;
        let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
        if left > 0 {
            let ended = CampaignState::Ended.code();
            rows.extend(store::fundraising::campaigns_of_state(session, ended, left).await?);
        }
        self.cards(session, &rows).await
    }

    /// Campaigns as cards, in the order given.
    pub(crate) async fn cards(
        &self,
        session: &mut Session,
        rows: &[CampaignRecord],
    ) -> Result<Vec<CampaignCard>, AppError> {
        let organisations = keys(rows.iter().map(|row| row.campaign.organisation.raw()));
        let names = store::parties::organisation_names(session, &organisations).await?;
        let registers = store::parties::registers_of(session, &organisations).await?;
        let today = self.now().day();
        let mut cards = Vec::with_capacity(rows.len());
        for row in rows {
            let funds = store::funds::funds_of_campaign(session, row.campaign.id).await?;
            let sums = sums::of_funds(session, &funds).await?;
            let organisation = self.link(row.campaign.organisation, &names);
            let register = registers.get(&row.campaign.organisation.raw());
            let is_frozen = row.campaign.state == CampaignState::Live
                && register.is_some_and(|register| register.right(today).freezes());
            let mut card = CampaignCard {
                organisation,
                ..self.card(row, sums)
            };
            if is_frozen {
                card.state = FROZEN.into();
                card.state_title = FROZEN_TITLE.into();
            }
            cards.push(card);
        }
        Ok(cards)
    }

    fn card(&self, row: &CampaignRecord, sums: sums::Sums) -> CampaignCard {
        let campaign = &row.campaign;
        CampaignCard {
            id: self.print(campaign.id),
            title: campaign.title.clone(),
            state: campaign.state.code().into(),
            state_title: campaign.state.title().into(),
            starts_on: campaign.starts_on.to_string(),
            ends_on: campaign.ends_on.to_string(),
            target: row.target,
            raised: sums.raised,
            gifts: sums.gifts,
            delivered: sums.delivered,
            advanced: sums.advanced,
            cost: sums.cost,
            purchased: sums.purchased,
            unspent: sums.unspent,
            progress: progress(sums.raised, row.target),
            ..CampaignCard::default()
        }
    }

    /// A campaign: sums, words, days, gifts, payments and deliveries. Drafts are found by their number only.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn campaign_page<'a>(
        &'a self,
        id: &'a str,
        gifts_cursor: Option<&'a str>,
    ) -> Answer<'a, CampaignPage> {
        Box::pin(async move {
            let id: Id<ids::Campaign> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = found(
                store::fundraising::campaign_record(read, id).await?,
                "这个募捐活动",
            )?;
            let mut cards = self.cards(read, std::slice::from_ref(&row)).await?;
            let card = found(cards.pop(), "这个募捐活动")?;
            let funds = store::funds::funds_of_campaign(read, id).await?;
            let orders = store::funds::disbursements_of_campaign(read, id, CARDS).await?;
            let deliveries = store::funds::deliveries_of_campaign(read, id, CARDS).await?;
            let register = store::parties::register_of(read, row.campaign.organisation).await?;
            let today = self.now().day();
            let right = register.right(today);
            let is_frozen = card.state == FROZEN;
            let refused = match row.online {
                true => decide_intent(&row.campaign, right, today)
                    .err()
                    .map(|r| r.sentence()),
                false => Some("这个活动不在网上接受捐赠，请联系慈善组织办理。".into()),
            };
            let disbursements = self.disbursement_lines(read, &orders).await?;
            let words = self.campaign_words(read, &row.campaign).await?;
            let stopped_by = match is_frozen {
                true => self.stopping_entry(&register)?,
                false => None,
            };
            let stated = row
                .leaf_index
                .into_iter()
                .chain(stopped_by.iter().map(|line| line.leaf_index))
                .chain(disbursements.iter().filter_map(|line| line.leaf_index))
                .chain(deliveries.iter().map(|row| row.leaf_index))
                .chain(words.reports.iter().map(|line| line.leaf_index))
                .chain(words.questions.iter().filter_map(|line| line.leaf_index));
            let salts = public_salts(read, stated).await?;
            Ok(CampaignPage {
                card,
                story: row.story.clone(),
                promise: row.promise.clone(),
                filing_number: row.filing_number.clone(),
                administrative_share: i64::from(row.campaign.administrative_share.get()),
                open: refused.is_none(),
                closed_sentence: refused,
                ended_early: ended_early(read, &row).await?,
                raised_steps: raised_steps(read, &funds).await?,
                days: days(read, &funds).await?,
                gifts: self.campaign_gifts(read, id, gifts_cursor).await?,
                disbursements,
                deliveries: self.delivery_lines(read, &deliveries).await?,
                funds: funds.iter().map(|fund| self.fund_line(fund)).collect(),
                leaf_index: row.leaf_index,
                salts,
                record: self.newest_record(read, &self.print(id)).await?,
                words,
                stopped_by,
                contact: self
                    .contact_view(read, row.campaign.organisation, &register)
                    .await?,
                tombstones: store::fundraising::withdrawals_of_campaign(read, id, TOMBSTONES)
                    .await?
                    .iter()
                    .map(tombstone)
                    .collect(),
            })
        })
    }

    async fn campaign_gifts(
        &self,
        session: &mut Session,
        id: Id<ids::Campaign>,
        cursor: Option<&str>,
    ) -> Result<Page<GiftLine>, AppError> {
        let seal = self.cursors(GIFTS);
        let before = match cursor {
            None => i64::MAX,
            Some(text) => {
                let [before] = cursor::numbers(&seal.open(text)?)?;
                before
            }
        };
        let rows =
            store::fundraising::donations_of_campaign(session, id, before, LIST_ROWS + 1).await?;
        let (rows, more) = page_of(rows, LIST_ROWS);
        let last = rows
            .last()
            .filter(|_| more)
            .map(|row| row.id.raw().to_string());
        let next = last.map(|text| seal.close(&text));
        Ok(Page {
            rows: self.gift_lines(session, &rows).await?,
            next,
        })
    }

    /// Orders to pay as lines, with the names of their funds.
    pub(crate) async fn disbursement_lines(
        &self,
        session: &mut Session,
        rows: &[DisbursementRecord],
    ) -> Result<Vec<DisbursementLine>, AppError> {
        let funds = keys(rows.iter().map(|row| row.order.fund.raw()));
        let names = store::funds::fund_titles(session, &funds).await?;
        let paid = keys(rows.iter().filter_map(|row| row.movement).map(Id::raw));
        let undone = store::funds::undone_of(session, &paid).await?;
        let paid: BTreeMap<i64, i64> = store::funds::movements_by_ids(session, &paid)
            .await?
            .into_iter()
            .map(|record| (record.movement.id.0, record.leaf_index))
            .collect();
        let line = |row: &DisbursementRecord| {
            let undone = row.movement.and_then(|id| undone.get(&id.raw()));
            let standing = row.order.amount.get() - undone.copied().unwrap_or_default();
            let (state, state_title) = payment_state(row, standing);
            DisbursementLine {
                id: self.print(row.order.id),
                class: row.order.class.title().into(),
                payee: row.order.payee.clone(),
                amount: row.order.amount.get(),
                standing,
                purpose: row.order.purpose.clone(),
                state: state.into(),
                state_title: state_title.into(),
                day: row.changed_at.day().to_string(),
                movement: row.movement.map(|id| self.print(id)),
                leaf_index: row.movement.and_then(|id| paid.get(&id.raw()).copied()),
                fund: self.link(row.order.fund, &names),
            }
        };
        Ok(rows.iter().map(line).collect())
    }

    /// Deliveries as lines, with the number of their evidence files and the first photograph of each.
    pub(crate) async fn delivery_lines(
        &self,
        session: &mut Session,
        rows: &[DeliveryRecord],
    ) -> Result<Vec<DeliveryLine>, AppError> {
        let mut lines = Vec::new();
        for row in rows {
            let files = store::funds::evidence_of(session, "delivery", row.id.raw()).await?;
            lines.push(self.delivery_line(row, &files));
        }
        Ok(lines)
    }

    fn delivery_line(&self, row: &DeliveryRecord, files: &[EvidenceRecord]) -> DeliveryLine {
        let shown = |file: &&EvidenceRecord| file.is_picture() && file.hidden.is_none();
        let picture = files.iter().find(shown);
        let (state, state_title) = delivery_state(row);
        DeliveryLine {
            id: self.print(row.id),
            payee: row.payee.clone(),
            scheme: row.scheme.clone(),
            amount: row.amount,
            unit: unit_word(&row.unit).into(),
            standing: row.standing(),
            state: state.into(),
            state_title: state_title.into(),
            persons: if row.persons < 5 { 0 } else { row.persons },
            reached_on: row.reached_on.to_string(),
            movement: self.print(row.movement),
            evidence: i64::try_from(files.len()).unwrap_or(i64::MAX),
            picture: picture.map(|file| PictureLine {
                sha256: hex::encode(file.sha256),
                title: file.title.clone(),
            }),
            leaf_index: row.leaf_index,
        }
    }
}

/// What became of a payment that was undone: codes and what they are called.
pub(crate) const UNDONE_PAYMENTS: [(&str, &str); 2] =
    [("partly", "退回一部分"), ("reversed", "已退回或撤销")];

fn payment_state(row: &DisbursementRecord, standing: i64) -> (&'static str, &'static str) {
    let [partly, reversed] = UNDONE_PAYMENTS;
    match standing {
        0 => reversed,
        left if left < row.order.amount.get() => partly,
        _ => (row.order.state.code(), row.order.state.title()),
    }
}

/// Whether a delivery still stands: codes and what they are called.
pub(crate) const DELIVERY_STATES: [(&str, &str); 3] = [
    ("standing", "已送达"),
    ("partly", "部分撤销"),
    ("reversed", "已撤销"),
];

fn delivery_state(row: &DeliveryRecord) -> (&'static str, &'static str) {
    let [standing, partly, reversed] = DELIVERY_STATES;
    match row.standing() {
        0 => reversed,
        left if left < row.amount => partly,
        _ => standing,
    }
}

/// The day on which a campaign was ended, if its last planned day had not come. Its newest leaf states the end, because
/// nothing changes the state afterwards.
async fn ended_early(
    session: &mut Session,
    row: &CampaignRecord,
) -> Result<Option<String>, AppError> {
    let is_ended = row.campaign.state == CampaignState::Ended;
    let Some(index) = row.leaf_index.filter(|_| is_ended) else {
        return Ok(None);
    };
    let leaf = found(
        store::transparency::leaf_at(session, index).await?,
        "这条日志",
    )?;
    let leaf = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
    let day = leaf.time.day();
    Ok((day < row.campaign.ends_on).then(|| day.to_string()))
}

/// How what the card says was raised comes about.
async fn raised_steps(
    session: &mut Session,
    funds: &[Fund],
) -> Result<Vec<(String, i64)>, AppError> {
    let steps = sums::of_funds(session, funds).await?.made.steps();
    let owned = |(title, amount): (&str, i64)| (title.to_string(), amount);
    Ok(steps.into_iter().map(owned).collect())
}

/// Raised per accounting day, net, by the same rule as the sum of the card, so that the days add up to it.
async fn days(session: &mut Session, funds: &[Fund]) -> Result<Vec<DayTotal>, AppError> {
    let counted: BTreeMap<i64, FundKind> = funds
        .iter()
        .filter(|fund| fund.unit == "fen" && fund.kind.counts_as_raised())
        .map(|fund| (fund.id.raw(), fund.kind))
        .collect();
    let keys: Vec<i64> = counted.keys().copied().collect();
    let mut days: BTreeMap<i64, sums::Adding> = BTreeMap::new();
    for row in store::funds::days_of_funds(session, &keys).await? {
        if let Some(kind) = counted.get(&row.total.fund) {
            days.entry(row.day).or_default().moved(*kind, &row.total);
        }
    }
    let day = |(number, adding): (i64, sums::Adding)| {
        let sums = adding.done();
        let day = i32::try_from(number).ok().map(Day::from_number)?;
        Some(DayTotal {
            day: day.to_string(),
            amount: sums.raised,
            gifts: sums.gifts,
        })
    };
    Ok(days.into_iter().filter_map(day).collect())
}

/// Raised against target in hundredths of a per cent.
fn progress(raised: i64, target: i64) -> Option<i64> {
    let share = i128::from(raised.max(0))
        .checked_mul(10_000)?
        .checked_div(i128::from(target))?;
    i64::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Kind;

    /// The kinds that the store's statement behind the chart of days names.
    const DAY_KINDS: [Kind; 6] = [
        Kind::Gift,
        Kind::Reclassification,
        Kind::Merger,
        Kind::Correction,
        Kind::Refund,
        Kind::Chargeback,
    ];

    #[test]
    fn progress_is_exact_and_absent_without_a_target() {
        for (raised, target, want) in [
            (50, 100, Some(5_000)),
            (1, 3, Some(3_333)),
            (-5, 100, Some(0)),
            (5, 0, None),
            (i64::MAX, 1, None),
        ] {
            assert_eq!(progress(raised, target), want, "{raised} of {target}");
        }
    }

    #[test]
    fn the_chart_reads_every_kind_that_changes_what_was_raised() {
        let total = |kind, inward| store::funds::KindTotal {
            fund: 0,
            kind,
            inward,
            amount: 1,
            movements: 1,
        };
        for (kind, code, _) in ledger::kind::KINDS {
            let changes = [true, false].iter().any(|inward| {
                let mut adding = sums::Adding::default();
                adding.moved(FundKind::Project, &total(*kind, *inward));
                adding.done().raised != 0
            });
            assert_eq!(changes, DAY_KINDS.contains(kind), "{code}");
        }
    }
}
