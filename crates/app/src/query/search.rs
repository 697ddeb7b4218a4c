//! Search: numbers and codes lead straight to their page, words find names and titles.

use super::limits::SEARCH_CHARS;
use crate::answer::Answer;
use crate::view::{CampaignCard, OrganisationLine, SearchPage};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::CampaignState;
use kernel::Uscc;
use leaf::ids;
use store::limits::SEARCH_MAX;
use store::parties::OrganisationRecord;
use store::search;

impl App {
    /// What a text leads to.
    ///
    /// # Errors
    /// The engine's refusal; a text that finds nothing gives an empty page.
    pub fn search<'a>(&'a self, query: &'a str) -> Answer<'a, SearchPage> {
        Box::pin(async move {
            let text: String = query.trim().chars().take(SEARCH_CHARS).collect();
            let mut page = SearchPage {
                query: text.clone(),
                organisations: Vec::new(),
                campaigns: Vec::new(),
                donation: None,
                direct: None,
                more: false,
            };
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            self.search_number(read, &text, &mut page).await?;
            if page.direct.is_some() {
                return Ok(page);
            }
            if let Ok(uscc) = Uscc::parse(&text)
                && let Some(row) = store::parties::organisation_by_uscc(read, uscc.as_str()).await?
            {
                page.direct = Some(format!("/organisations/{}", self.print(row.id)));
                page.organisations = vec![self.organisation_line(&row)];
                return Ok(page);
            }
            let normalised = search::normalise(&text);
            if !normalised.is_empty() {
                (page.organisations, page.more) =
                    self.search_organisations(read, &normalised).await?;
                page.campaigns = self.search_campaigns(read, &normalised).await?;
            }
            Ok(page)
        })
    }

    /// A printed number that exists leads to its page.
    async fn search_number(
        &self,
        session: &mut Session,
        text: &str,
        page: &mut SearchPage,
    ) -> Result<(), AppError> {
        let cipher = self.cipher();
        if let Ok(id) = cipher.read::<ids::Donation>(text) {
            if let Some(row) = store::fundraising::donation_by_id(session, id).await? {
                page.donation = self.gift_lines(session, &[row]).await?.pop();
                page.direct = Some(format!("/donations/{}", self.print(id)));
            }
        } else if let Ok(id) = cipher.read::<ids::Organisation>(text) {
            let exists = store::parties::organisation_by_id(session, id)
                .await?
                .is_some();
            page.direct = exists.then(|| format!("/organisations/{}", self.print(id)));
        } else if let Ok(id) = cipher.read::<ids::Campaign>(text) {
            let exists = store::fundraising::campaign_by_id(session, id)
                .await?
                .is_some();
            page.direct = exists.then(|| format!("/campaigns/{}", self.print(id)));
        } else if let Ok(id) = cipher.read::<ids::Fund>(text) {
            let exists = store::funds::fund_by_id(session, id).await?.is_some();
            page.direct = exists.then(|| format!("/funds/{}", self.print(id)));
        } else if let Ok(id) = cipher.read::<ids::Movement>(text) {
            let exists = store::funds::movement_by_id(session, id).await?.is_some();
            page.direct = exists.then(|| format!("/movements/{}", self.print(id)));
        } else if let Ok(id) = cipher.read::<ids::Delivery>(text) {
            let delivery = store::funds::delivery_by_id(session, id).await?;
            page.direct = delivery.map(|row| format!("/movements/{}", self.print(row.movement)));
        }
        Ok(())
    }

    async fn search_organisations(
        &self,
        session: &mut Session,
        normalised: &str,
    ) -> Result<(Vec<OrganisationLine>, bool), AppError> {
        let limit = usize::try_from(SEARCH_MAX).unwrap_or_default();
        let mut more = false;
        let mut rows: Vec<OrganisationRecord> = if normalised.chars().nth(1).is_none() {
            store::parties::organisations_by_prefix(session, normalised, SEARCH_MAX + 1).await?
        } else {
            let found = search::candidates(session, "organisation", normalised).await?;
            more = found.more;
            store::parties::organisations_by_ids(session, &found.ids).await?
        };
        rows.retain(|row| row.name_key.contains(normalised));
        rows.sort_by_cached_key(|row| {
            (
                rank(&row.name_key, normalised),
                row.name_key.chars().count(),
                row.id.raw(),
            )
        });
        more |= rows.len() > limit;
        rows.truncate(limit);
        Ok((
            rows.iter().map(|row| self.organisation_line(row)).collect(),
            more,
        ))
    }

    async fn search_campaigns(
        &self,
        session: &mut Session,
        normalised: &str,
    ) -> Result<Vec<CampaignCard>, AppError> {
        if normalised.chars().nth(1).is_none() {
            return Ok(Vec::new());
        }
        let found = search::candidates(session, "campaign", normalised).await?;
        let ids: Vec<i64> = found.ids;
        let mut rows = store::fundraising::campaigns_by_ids(session, &ids).await?;
        let title =
            |row: &store::fundraising::CampaignRecord| search::normalise(&row.campaign.title);
        rows.retain(|row| {
            row.campaign.state != CampaignState::Draft && title(row).contains(normalised)
        });
        rows.sort_by_cached_key(|row| (rank(&title(row), normalised), -row.campaign.id.raw()));
        rows.truncate(usize::try_from(SEARCH_MAX).unwrap_or_default());
        self.cards(session, &rows).await
    }

    /// The page of a printed number, by its prefix; whether it exists is not looked up.
    pub(crate) fn path_of(&self, printed: &str) -> Option<String> {
        let (prefix, _) = printed.split_once('_')?;
        let folder = match prefix {
            "org" => "organisations",
            "cam" => "campaigns",
            "don" => "donations",
            "fnd" => "funds",
            "mov" => "movements",
            _ => return None,
        };
        Some(format!("/{folder}/{printed}"))
    }
}

/// The whole name first, then names that begin so, then the others.
fn rank(name: &str, wanted: &str) -> u8 {
    if name == wanted {
        0
    } else if name.starts_with(wanted) {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_stand_before_beginnings() {
        let mut names = ["云山慈善总会", "慈善总会", "慈善总会云山分会"];
        names.sort_by_key(|name| rank(name, "慈善总会"));
        assert_eq!(names, ["慈善总会", "慈善总会云山分会", "云山慈善总会"]);
    }
}
