//! What an organisation has to know before it asks for the public-fundraising qualification.

use crate::answer::Answer;
use crate::query::found;
use crate::query::limits::CARDS;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use domain::oversight::eligibility::{Checked, Facts, Reports, eligibility};
use domain::oversight::forms::Answers;
use kernel::{Id, RegionCode};
use leaf::ids;

/// Months that reports are looked back.
const MONTHS_BACK: i32 = 12;

impl App {
    /// Every condition, with what the register and the records know of it and nothing declared yet.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn eligibility<'a>(&'a self, organisation: &'a str) -> Answer<'a, Vec<Checked>> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            let mut read = self.db().read_tx().await?;
            let row = store::parties::organisation_record(&mut read, id).await?;
            let row = found(row, "这个组织")?;
            let register = store::parties::register_of(&mut read, id).await?;
            let reports = self.reports_of_year(&mut read, id).await?;
            let region = row.region.as_deref().map(RegionCode::parse);
            Ok(eligibility(&Facts {
                today: self.now().day(),
                region: region.and_then(Result::ok),
                register: &register,
                reports,
                answers: &Answers::default(),
                papers: &[],
            }))
        })
    }

    /// Reports of an organisation's campaigns that fell due in the year before today.
    pub(super) async fn reports_of_year(
        &self,
        read: &mut Session,
        id: Id<ids::Organisation>,
    ) -> Result<Reports, AppError> {
        let mut campaigns = store::fundraising::campaigns_of_organisation(read, id, CARDS).await?;
        campaigns.retain(|row| row.campaign.state != CampaignState::Draft);
        let asked = self.disclosures_of(read, &campaigns).await?;
        let today = self.now().day();
        let since = today.plus_months(-MONTHS_BACK);
        let over = asked.iter().flatten();
        let over = over.filter(|one| one.due > since && one.due <= today);
        let (mut due, mut on_time) = (0, 0);
        for one in over {
            due += 1;
            on_time += i64::from(one.days_late(today) == 0);
        }
        let years = self.years_of(read, id).await?;
        for report in self.reports_asked(read, id, &years).await? {
            if report.due > since && report.due <= today {
                due += 1;
                on_time += i64::from(report.is_in_time());
            }
        }
        Ok(Reports { due, on_time })
    }
}
