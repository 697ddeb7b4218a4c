//! An intent before and after payment.

use crate::App;
use crate::answer::Answer;
use crate::query::found;
use crate::query::limits::TOKEN_SHOWN_MICROS;
use crate::view::IntentView;
use kernel::Id;
use leaf::ids;

impl App {
    /// An intent. The donor's token goes out for a day, and only to whoever brings the intent's own token.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn intent_view<'a>(
        &'a self,
        id: &'a str,
        token: Option<&'a str>,
    ) -> Answer<'a, IntentView> {
        Box::pin(async move {
            let id: Id<ids::Intent> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = found(
                store::fundraising::intent_by_id(read, id).await?,
                "这笔捐赠意向",
            )?;
            let donation = store::fundraising::donation_by_intent(read, id).await?;
            let campaign = self.campaign_link(read, Some(row.intent.campaign)).await?;
            let now = self.now();
            let state = match (&donation, now < row.expires_at) {
                (Some(_), _) => "paid",
                (None, true) => "payable",
                (None, false) => "expired",
            };
            let fresh = row
                .created_at
                .plus_micros(TOKEN_SHOWN_MICROS)
                .is_some_and(|end| now < end)
                && self.intent_token_is_right(id, token);
            let token = donation
                .as_ref()
                .filter(|_| fresh)
                .map(|donation| self.token_of(donation.id));
            Ok(IntentView {
                id: self.print(id),
                campaign: found(campaign, "这个募捐活动")?,
                organisation: self.organisation_link(read, row.organisation).await?,
                amount: row.intent.amount.get(),
                amount_words: row.intent.amount.fen().chinese(),
                state: state.into(),
                expires_at: row.expires_at.rfc3339(),
                donation: donation.map(|donation| self.print(donation.id)),
                token,
            })
        })
    }
}
