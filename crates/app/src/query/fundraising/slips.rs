//! What a clerk entered at the counter today.

use crate::answer::Answer;
use crate::query::limits::{SLIPS_OF_DAY, SLIPS_SHOWN};
use crate::view::SlipsToday;
use crate::{App, AppError};
use domain::identity::{Action, Actor};
use kernel::Id;
use leaf::ids;

impl App {
    /// The actor's own slips of today at an organisation's counter.
    ///
    /// # Errors
    /// `NotFound`; the engine's refusal.
    pub fn slips_today<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
    ) -> Answer<'a, SlipsToday> {
        Box::pin(async move {
            let organisation: Id<ids::Organisation> = self.read_id(organisation)?;
            let Some(user) = actor.user_id() else {
                return Ok(SlipsToday::default());
            };
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let deed = (user, Action::DonationEnter.code());
            let morning = self.now().day().start();
            let printed = store::identity::deeds_of_user(read, deed, morning, SLIPS_OF_DAY).await?;
            let ids = printed
                .iter()
                .map(|text| self.read_id::<ids::Donation>(text).map(Id::raw));
            let ids = ids.collect::<Result<Vec<i64>, AppError>>()?;
            let mut rows = store::fundraising::donations_by_ids(read, &ids).await?;
            rows.retain(|row| row.organisation == organisation);
            rows.sort_by_key(|row| std::cmp::Reverse(row.id));
            let (gifts, amount) = (rows.len(), rows.iter().map(|row| row.amount).sum());
            rows.truncate(SLIPS_SHOWN);
            Ok(SlipsToday {
                last: self.gift_lines(read, &rows).await?,
                gifts,
                amount,
            })
        })
    }
}
