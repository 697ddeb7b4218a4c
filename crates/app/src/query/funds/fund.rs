//! The page of a fund, and movements as lines.

use crate::answer::Answer;
use crate::query::limits::LIST_ROWS;
use crate::query::links::Names;
use crate::query::{cursor, found, keys, page_of};
use crate::view::{FundPage, KindTotal, Link, MovementLine, Page};
use crate::{App, AppError};
use db::Session;
use domain::funds::account;
use domain::identity::{Action, Actor, Object, permit};
use kernel::Id;
use leaf::ids;
use ledger::limits::POSITION_MAX;
use ledger::{Movement, Side};
use store::funds::{FundRecord, MovementRecord};

/// Names of the cursors' list.
const MOVEMENTS: &str = "fund-movements";

impl App {
    /// A fund: where its money is, sums by kind, movements newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn fund_page<'a>(&'a self, id: &'a str, cursor: Option<&'a str>) -> Answer<'a, FundPage> {
        Box::pin(async move {
            let id: Id<ids::Fund> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let record = found(store::funds::fund_record(&mut read, id).await?, "这项资金")?;
            let fund = &record.fund;
            let places = store::funds::places_of_fund(&mut read, id).await?;
            let totals = store::funds::kind_totals_of_fund(&mut read, id).await?;
            let movements = self.fund_movements(&mut read, &record, cursor).await?;
            Ok(FundPage {
                line: self.fund_line(fund),
                organisation: self.organisation_link(&mut read, fund.organisation).await?,
                campaign: self.campaign_link(&mut read, fund.campaign).await?,
                purpose: record.purpose.clone(),
                places: places.iter().map(|row| self.place_line(row)).collect(),
                kinds: totals.iter().map(kind_total).collect(),
                movements,
                leaf_index: record.leaf_index,
                record: self.newest_record(&mut read, &self.print(id)).await?,
            })
        })
    }

    /// The bank accounts to which an advance may come back, for those who may report its return; without what is
    /// there, which is no business of a partner.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn return_places<'a>(&'a self, actor: &'a Actor, fund: &'a str) -> Answer<'a, Vec<Link>> {
        Box::pin(async move {
            let id: Id<ids::Fund> = self.read_id(fund)?;
            let mut read = self.db().read_tx().await?;
            let fund = found(store::funds::fund_by_id(&mut read, id).await?, "这项资金")?;
            let held = Object::of(fund.organisation).held_by(fund.partner);
            permit(actor, Action::DeliveryRecord, &held).map_err(AppError::denied)?;
            let places = store::funds::places_of_organisation(&mut read, fund.organisation).await?;
            let banks = places
                .iter()
                .filter(|row| row.place.account == account::BANK);
            Ok(banks
                .map(|row| Link {
                    id: self.print(row.place.id),
                    title: row.place.title.clone(),
                })
                .collect())
        })
    }

    async fn fund_movements(
        &self,
        session: &mut Session,
        record: &FundRecord,
        cursor: Option<&str>,
    ) -> Result<Page<MovementLine>, AppError> {
        let seal = self.cursors(MOVEMENTS);
        let mut before = match cursor {
            None => (POSITION_MAX, POSITION_MAX),
            Some(text) => {
                let [out, into] = cursor::numbers(&seal.open(text)?)?;
                (out, into)
            }
        };
        let id = record.fund.id;
        let rows = store::funds::movements_of_fund(session, id, before, LIST_ROWS + 1).await?;
        let (rows, more) = page_of(rows, LIST_ROWS);
        let of = |side: Option<Side>| side.filter(|s| s.tape.0 == id.raw()).map(|s| s.span.start);
        for row in &rows {
            before.0 = of(row.movement.out).unwrap_or(before.0);
            before.1 = of(row.movement.into).unwrap_or(before.1);
        }
        let next = more.then(|| seal.close(&format!("{}.{}", before.0, before.1)));
        Ok(Page {
            rows: self.movement_lines(session, &rows).await?,
            next,
        })
    }

    /// Movements as lines, with the names of their funds and places.
    pub(crate) async fn movement_lines(
        &self,
        session: &mut Session,
        rows: &[MovementRecord],
    ) -> Result<Vec<MovementLine>, AppError> {
        let sides = |m: &Movement| m.out.into_iter().chain(m.into).collect::<Vec<_>>();
        let funds = keys(
            rows.iter()
                .flat_map(|r| sides(&r.movement))
                .map(|s| s.tape.0),
        );
        let places = keys(
            rows.iter()
                .flat_map(|r| sides(&r.movement))
                .map(|s| s.place.0),
        );
        let funds = store::funds::fund_titles(session, &funds).await?;
        let mut places = store::funds::place_titles(session, &places).await?;
        for title in places.values_mut() {
            *title = domain::funds::shown_place(title);
        }
        Ok(rows
            .iter()
            .map(|row| self.movement_line(row, &funds, &places))
            .collect())
    }

    fn movement_line(&self, row: &MovementRecord, funds: &Names, places: &Names) -> MovementLine {
        let movement = &row.movement;
        let link = |side: Side| self.link(Id::<ids::Fund>::from_raw(side.tape.0), funds);
        let span = |side: Side| (side.span.start, side.span.end());
        let place = |side: Side| places.get(&side.place.0).cloned();
        MovementLine {
            id: self.print(Id::<ids::Movement>::from_raw(movement.id.0)),
            kind: movement.kind.code().into(),
            kind_title: movement.kind.title().into(),
            amount: row.amount,
            from: movement.out.map(link),
            out_span: movement.out.map(span),
            to: movement.into.map(link),
            in_span: movement.into.map(span),
            place_from: movement.out.and_then(place),
            place_to: movement.into.and_then(place),
            day: row.day.to_string(),
            donation: row.donation.map(|id| self.print(id)),
            leaf_index: row.leaf_index,
        }
    }
}

fn kind_total(total: &store::funds::KindTotal) -> KindTotal {
    KindTotal {
        kind: total.kind.code().into(),
        title: total.kind.title().into(),
        direction: if total.inward { "in" } else { "out" }.into(),
        amount: total.amount,
        movements: total.movements,
    }
}
