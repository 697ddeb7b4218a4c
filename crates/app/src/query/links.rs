//! Links: names of everything a page refers to, read once per kind.

use crate::view::{FundLine, Link, PlaceLine};
use crate::{App, AppError};
use db::Session;
use domain::funds::{Fund, account};
use kernel::{Id, IdKind};
use leaf::ids;
use std::collections::BTreeMap;
use store::funds::PlaceAmount;

/// Names by key.
pub(crate) type Names = BTreeMap<i64, String>;

impl App {
    /// A link to something whose name was read; what has no name is shown by its number.
    pub(crate) fn link<K: IdKind>(&self, id: Id<K>, names: &Names) -> Link {
        let printed = self.print(id);
        let title = names
            .get(&id.raw())
            .cloned()
            .unwrap_or_else(|| printed.clone());
        Link { id: printed, title }
    }

    /// A fund as a line of a list.
    pub(crate) fn fund_line(&self, fund: &Fund) -> FundLine {
        FundLine {
            id: self.print(fund.id),
            title: fund.title.clone(),
            kind: fund.kind.code().into(),
            kind_title: fund.kind.title().into(),
            unit: super::words::unit_word(&fund.unit).into(),
            restriction: fund.restriction.title().into(),
            inflow: fund.tape.inflow,
            outflow: fund.tape.outflow,
            reserved: fund.tape.reserved,
            balance: fund.tape.balance(),
        }
    }

    /// A place as a line of a list.
    pub(crate) fn place_line(&self, row: &PlaceAmount) -> PlaceLine {
        PlaceLine {
            id: self.print(row.place.id),
            title: domain::funds::shown_place(&row.place.title),
            account: row.place.account.clone(),
            account_title: account::title(&row.place.account).into(),
            amount: row.amount,
        }
    }

    /// A link to one organisation.
    pub(crate) async fn organisation_link(
        &self,
        session: &mut Session,
        id: Id<ids::Organisation>,
    ) -> Result<Link, AppError> {
        let names = store::parties::organisation_names(session, &[id.raw()]).await?;
        Ok(self.link(id, &names))
    }

    /// A link to one campaign, if there is one.
    pub(crate) async fn campaign_link(
        &self,
        session: &mut Session,
        id: Option<Id<ids::Campaign>>,
    ) -> Result<Option<Link>, AppError> {
        let Some(id) = id else { return Ok(None) };
        let names = store::fundraising::campaign_titles(session, &[id.raw()]).await?;
        Ok(Some(self.link(id, &names)))
    }
}
