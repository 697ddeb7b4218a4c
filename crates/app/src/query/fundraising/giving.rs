//! What a donor should know before paying: who receives, what is usual, how fresh the news are.

use crate::answer::Answer;
use crate::query::found;
use crate::query::limits::{CARDS, MEDIAN_GIFTS};
use crate::query::parties::register::right_sentence;
use crate::view::{GivingFacts, LastDay};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{Freshness, freshness, median};
use domain::parties::register::Item;
use kernel::{Day, Id};
use leaf::ids;
use store::fundraising::CampaignRecord;

impl App {
    /// Facts for the summary before paying.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn giving_facts<'a>(&'a self, campaign: &'a str) -> Answer<'a, GivingFacts> {
        Box::pin(async move {
            let id: Id<ids::Campaign> = self.read_id(campaign)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = found(
                store::fundraising::campaign_record(read, id).await?,
                "这个募捐活动",
            )?;
            let organisation =
                store::parties::organisation_record(read, row.campaign.organisation).await?;
            let organisation = found(organisation, "这个组织")?;
            let today = self.now().day();
            let register = store::parties::register_of(read, row.campaign.organisation).await?;
            let certificate = register.on(Item::Fundraising, today);
            let (news, paid) = last_days(read, id).await?;
            let last = |day: Option<Day>| last_day(&row, day, today);
            Ok(GivingFacts {
                uscc: organisation.uscc.clone(),
                kind: organisation.kind.title().into(),
                source: organisation.source.clone(),
                right: right_sentence(register.right(today)),
                qualification: certificate.map(|entry| self.entry_line(&register, entry)),
                usual: usual(read, id).await?,
                progress: last(news),
                finance: last(paid),
            })
        })
    }
}

/// The median of the campaign's latest gifts of money that stand.
async fn usual(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
) -> Result<Option<i64>, AppError> {
    let rows = store::fundraising::donations_of_campaign(session, campaign, i64::MAX, MEDIAN_GIFTS)
        .await?;
    let standing = rows
        .iter()
        .filter(|row| row.unit == "fen" && row.state == "standing");
    Ok(median(standing.map(|row| row.amount).collect()).map(|usual| usual.get()))
}

/// The last days with news (a report, money that reached people), and with money paid out.
async fn last_days(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
) -> Result<(Option<Day>, Option<Day>), AppError> {
    let deliveries = store::funds::deliveries_of_campaign(session, campaign, CARDS).await?;
    let orders = store::funds::disbursements_of_campaign(session, campaign, CARDS).await?;
    let newest = store::fundraising::reports_of_campaign(session, campaign, 1).await?;
    let standing = deliveries.iter().filter(|row| row.standing() > 0);
    let reached = standing.map(|row| row.reached_on);
    let news = reached.chain(newest.iter().map(|row| row.at.day())).max();
    let paid = orders.iter().filter(|row| row.movement.is_some());
    Ok((news, paid.map(|row| row.changed_at.day()).max()))
}

fn last_day(row: &CampaignRecord, last: Option<Day>, today: Day) -> LastDay {
    let Freshness { days, stale } = freshness(last, row.campaign.starts_on, today);
    LastDay {
        day: last.map(|day| day.to_string()),
        days,
        stale,
    }
}
