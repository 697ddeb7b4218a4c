//! The home page.

use super::funds::sums;
use super::limits::{HOME_CAMPAIGNS, RECENT_GIFTS};
use super::transparency::checkpoint_view;
use crate::answer::Answer;
use crate::view::{HomePage, HouseTotals};
use crate::{App, AppError};
use db::Session;
use kernel::Id;
use leaf::ids;

impl App {
    /// What anybody sees first: sums of the house, campaigns, latest gifts, the newest checkpoint.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn home(&self) -> Answer<'_, HomePage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let recent = store::fundraising::donations_recent(read, RECENT_GIFTS).await?;
            let checkpoint = store::transparency::checkpoint_newest(read).await?;
            Ok(HomePage {
                totals: totals(read, None).await?,
                campaigns: self.published_cards(read, HOME_CAMPAIGNS).await?,
                recent: self.gift_lines(read, &recent).await?,
                checkpoint: checkpoint.map(checkpoint_view),
            })
        })
    }
}

/// Sums of an organisation, or of the whole house.
pub(crate) async fn totals(
    session: &mut Session,
    organisation: Option<Id<ids::Organisation>>,
) -> Result<HouseTotals, AppError> {
    let sums = sums::of_house(session, organisation).await?;
    let (gifts, organisations) = match organisation {
        Some(id) => (
            store::fundraising::gifts_of_organisation(session, id).await?,
            1,
        ),
        None => (
            store::fundraising::gifts_of_house(session).await?,
            store::parties::organisation_count(session).await?,
        ),
    };
    Ok(HouseTotals {
        raised: sums.raised,
        delivered: sums.delivered,
        advanced: sums.advanced,
        unspent: sums.unspent,
        gifts,
        organisations,
    })
}
