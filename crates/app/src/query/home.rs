//! The home page.

use super::funds::sums;
use super::limits::{HOME_CAMPAIGNS, HOME_DELIVERIES, RECENT_GIFTS, WALKED_CAMPAIGNS};
use super::transparency::checkpoint_view;
use crate::answer::Answer;
use crate::view::{CampaignCard, DeliveryLine, HomePage, HouseTotals};
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
            let campaigns = self.published_cards(read, HOME_CAMPAIGNS).await?;
            Ok(HomePage {
                totals: totals(read, None).await?,
                deliveries: self.latest_deliveries(read, &campaigns).await?,
                campaigns,
                recent: self.gift_lines(read, &recent).await?,
                checkpoint: checkpoint.map(checkpoint_view),
            })
        })
    }

    /// Paths of what machines may walk: the published campaigns, and the organisations that raise money.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn pages_to_walk(&self) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let raising = store::parties::fundraising_organisations(read).await?;
            let raising = raising.into_iter().map(|id| self.print(id));
            let mut paths: Vec<String> = raising.map(|id| format!("/organisations/{id}")).collect();
            let campaigns = store::fundraising::campaigns_published(read, WALKED_CAMPAIGNS).await?;
            let campaigns = campaigns.into_iter().map(|id| self.print(id));
            paths.extend(campaigns.map(|id| format!("/campaigns/{id}")));
            Ok(paths)
        })
    }

    /// The newest deliveries of these campaigns.
    async fn latest_deliveries(
        &self,
        session: &mut Session,
        campaigns: &[CampaignCard],
    ) -> Result<Vec<DeliveryLine>, AppError> {
        let mut rows = Vec::new();
        for card in campaigns {
            let id: Id<ids::Campaign> = self.read_id(&card.id)?;
            let each = i64::try_from(HOME_DELIVERIES).unwrap_or(i64::MAX);
            rows.extend(store::funds::deliveries_of_campaign(session, id, each).await?);
        }
        // What was reversed reached nobody.
        rows.retain(|row| row.standing() > 0);
        rows.sort_by_key(|row| std::cmp::Reverse((row.reached_on, row.id.raw())));
        rows.truncate(HOME_DELIVERIES);
        self.delivery_lines(session, &rows).await
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
        purchased: sums.purchased,
        cost: sums.cost,
        unspent: sums.unspent,
        gifts,
        organisations,
    })
}
