//! What repairs need to know: what a gift still owns, where money lies, which outflow can be undone.

use super::Batch;
use super::donation::DonationFacts;
use crate::funds::{came_into, forward, movements_of_donation};
use db::{Result, args, sql};
use domain::funds::posting::End;
use kernel::{Day, Id};
use leaf::ids;
use ledger::{Fate, ForwardTrace, Kind, MovementId, Owned, Span, TapeId};
use std::collections::BTreeMap;

/// The most runs of one gift that a repair follows; a gift scattered wider is repaired in parts.
const RUNS_MAX: usize = 4_096;

/// An outflow as repairs see it.
#[derive(Debug, Clone)]
pub struct OutflowFacts {
    /// Whose fund it left.
    pub organisation: Id<ids::Organisation>,
    /// The campaign of that fund.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The fund and place it left.
    pub end: End,
    /// How much.
    pub amount: i64,
    /// True if it is a pure outflow that nothing has undone.
    pub reversible: bool,
    /// Index of its leaf.
    pub leaf_index: i64,
}

/// The allotment that wrote the head of an advance.
#[derive(Debug, Clone)]
pub struct AllotmentFacts {
    /// The movement.
    pub movement: MovementId,
    /// The fund it came from.
    pub fund: Id<ids::Fund>,
    /// First position it wrote.
    pub start: i64,
    /// Position after the last it wrote.
    pub until: i64,
}

impl Batch {
    /// Positions a gift still owns now, tape by tape.
    ///
    /// # Errors
    /// The engine's refusal; damaged books.
    pub async fn owned_spans(&mut self, facts: &DonationFacts) -> Result<Vec<(TapeId, Vec<Span>)>> {
        let (first, count) = (facts.movement_first, facts.movement_count);
        let tx = self.sql().await?;
        let movements = movements_of_donation(tx, first, count).await?;
        let mut found: BTreeMap<i64, Owned> = BTreeMap::new();
        for side in movements.iter().filter_map(|record| record.movement.into) {
            let mut trace = ForwardTrace::new(side.tape, side.span);
            for segment in forward(tx, &mut trace, RUNS_MAX).await? {
                if let Fate::Resting(rest) = segment.fate {
                    found
                        .entry(rest.tape.0)
                        .or_insert_with(|| Owned::new(rest.tape))
                        .add(&segment);
                }
            }
        }
        Ok(found
            .into_iter()
            .map(|(tape, owned)| (TapeId(tape), owned.into_spans()))
            .collect())
    }

    /// The place where the money of a gift came in.
    ///
    /// # Errors
    /// The engine's refusal; damaged books.
    pub async fn entry_place(&mut self, facts: &DonationFacts) -> Result<Option<Id<ids::Place>>> {
        let (first, count) = (facts.movement_first, facts.movement_count);
        let tx = self.sql().await?;
        let movements = movements_of_donation(tx, first, count).await?;
        Ok(came_into(&movements))
    }

    /// Fen of a gift that corrections took out again; a gift may have been used in part before.
    ///
    /// # Errors
    /// The engine's refusal; damaged books.
    pub async fn corrected_amount(&mut self, facts: &DonationFacts) -> Result<i64> {
        let (first, count) = (facts.movement_first, facts.movement_count);
        let tx = self.sql().await?;
        let movements = movements_of_donation(tx, first, count).await?;
        let mut taken = 0_i64;
        for side in movements.iter().filter_map(|record| record.movement.into) {
            let mut trace = ForwardTrace::new(side.tape, side.span);
            for segment in forward(tx, &mut trace, RUNS_MAX).await? {
                if let Fate::Left {
                    kind: Kind::Correction,
                    ..
                } = segment.fate
                {
                    taken = taken.saturating_add(segment.len);
                }
            }
        }
        Ok(taken)
    }

    /// The place that holds most of a fund.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn fullest_place(
        &mut self,
        fund: Id<ids::Fund>,
    ) -> Result<Option<(Id<ids::Place>, i64)>> {
        let sql = sql!(
            "SELECT place_id, amount FROM balance WHERE fund_id = $1 ORDER BY amount DESC, place_id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![fund.raw()], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.i64(1)?))
        })
        .await
    }

    /// The place that holds an advance.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn place_holding(&mut self, fund: Id<ids::Fund>) -> Result<Option<Id<ids::Place>>> {
        Ok(self.fullest_place(fund).await?.map(|found| found.0))
    }

    /// The advance fund of a partner under a campaign.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn advance_fund(
        &mut self,
        organisation: Id<ids::Organisation>,
        campaign: Option<Id<ids::Campaign>>,
        title: &str,
    ) -> Result<Option<Id<ids::Fund>>> {
        let sql = sql!(
            "SELECT id FROM fund WHERE organisation_id = $1 AND kind = 'advance' AND title = $2 AND COALESCE(campaign_id, 0) = $3 ORDER BY id LIMIT 1"
        );
        let campaign = campaign.map_or(0, Id::raw);
        let tx = self.sql().await?;
        let arguments = args![organisation.raw(), title, campaign];
        tx.opt(sql, arguments, |r| r.i64(0).map(Id::from_raw)).await
    }

    /// The fund of a campaign that holds what was designated by assumption.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn designated_fund(
        &mut self,
        campaign: Id<ids::Campaign>,
    ) -> Result<Option<Id<ids::Fund>>> {
        let sql = sql!(
            "SELECT id FROM fund WHERE campaign_id = $1 AND kind = 'designated' ORDER BY id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![campaign.raw()], |r| r.i64(0).map(Id::from_raw))
            .await
    }

    /// Where a fund's money is: (place, fen), by place.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn places_of_fund(
        &mut self,
        fund: Id<ids::Fund>,
    ) -> Result<Vec<(Id<ids::Place>, i64)>> {
        let sql = sql!(
            "SELECT place_id, amount FROM balance WHERE fund_id = $1 AND amount > 0 ORDER BY place_id"
        );
        let tx = self.sql().await?;
        tx.rows(sql, args![fund.raw()], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.i64(1)?))
        })
        .await
    }

    /// The allotment that wrote a position of an advance.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn allotment_at(
        &mut self,
        fund: Id<ids::Fund>,
        position: i64,
    ) -> Result<Option<AllotmentFacts>> {
        let sql = sql!(
            "SELECT id, from_fund, in_start, in_len FROM movement WHERE to_fund = $1 AND in_start IS NOT NULL AND in_start <= $2 ORDER BY in_start DESC LIMIT 1"
        );
        let tx = self.sql().await?;
        let found = tx
            .opt(sql, args![fund.raw(), position], |r| {
                Ok((r.i64(0)?, r.opt_i64(1)?, r.i64(2)?, r.i64(3)?))
            })
            .await?;
        Ok(found.and_then(|(id, from, start, len)| {
            let inside = position < start + len;
            let fund = Id::from_raw(from.filter(|_| inside)?);
            Some(AllotmentFacts {
                movement: MovementId(id),
                fund,
                start,
                until: start + len,
            })
        }))
    }

    /// The day on which the money at a position of an advance was paid to the partner; where a reversal put it
    /// there, the day of the first payment.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn advance_paid_on(
        &mut self,
        fund: Id<ids::Fund>,
        position: i64,
    ) -> Result<Option<Day>> {
        let sql = sql!(
            "SELECT kind, day FROM movement WHERE to_fund = $1 AND in_start IS NOT NULL AND in_start <= $2 ORDER BY in_start DESC LIMIT 1"
        );
        let tx = self.sql().await?;
        let mut day = None;
        for position in [position, 0] {
            let found = tx
                .opt(sql, args![fund.raw(), position], |r| {
                    Ok((Kind::parse(r.str(0)?), r.i64(1)?))
                })
                .await?;
            let Some((kind, number)) = found else {
                return Ok(None);
            };
            day = i32::try_from(number).ok().map(Day::from_number);
            if kind == Some(Kind::Allotment) {
                break;
            }
        }
        Ok(day)
    }

    /// An outflow, if this movement is one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn outflow(&mut self, id: Id<ids::Movement>) -> Result<Option<OutflowFacts>> {
        let sql = sql!(
            "SELECT m.kind, m.from_fund, m.place_from, m.out_len, m.to_fund, m.leaf_index, f.organisation_id, f.campaign_id FROM movement AS m JOIN fund AS f ON f.id = m.from_fund WHERE m.id = $1 AND m.out_start IS NOT NULL"
        );
        let tx = self.sql().await?;
        let found = tx
            .opt(sql, args![id.raw()], |r| {
                let end = End {
                    fund: Id::from_raw(r.i64(1)?),
                    place: Id::from_raw(r.opt_i64(2)?.unwrap_or(0)),
                };
                let pure = r.opt_i64(4)?.is_none();
                let kind = Kind::parse(r.str(0)?);
                let undoable = matches!(
                    kind,
                    Some(Kind::Delivery | Kind::Cost | Kind::Fee | Kind::Loss)
                );
                Ok(OutflowFacts {
                    organisation: Id::from_raw(r.i64(6)?),
                    campaign: r.opt_i64(7)?.map(Id::from_raw),
                    end,
                    amount: r.i64(3)?,
                    reversible: pure && undoable,
                    leaf_index: r.i64(5)?,
                })
            })
            .await?;
        let Some(mut facts) = found else {
            return Ok(None);
        };
        let undone = sql!("SELECT id FROM movement WHERE undoes = $1 LIMIT 1");
        let undone = tx.opt(undone, args![id.raw()], |r| r.i64(0)).await?;
        facts.reversible &= undone.is_none();
        Ok(Some(facts))
    }
}
