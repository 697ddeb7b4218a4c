//! Campaigns: drafted, published with their funds, ended.

use super::Batch;
use super::rows::campaign_of_row;
use crate::posting::PostingError;
use crate::search::Findable;
use db::{Result, args, sql};
use domain::fundraising::{Campaign, CampaignState, NewCampaign};
use domain::funds::posting::{Posting, Subject};
use kernel::{Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

/// Job that ends campaigns after their last day.
pub const CAMPAIGN_END_JOB: &str = "campaign.end";

impl Batch {
    /// A campaign as it stands now in this batch.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn campaign(&mut self, id: Id<ids::Campaign>) -> Result<Option<Campaign>> {
        if let Some(campaign) = self.state.campaigns.get(&id.raw()) {
            return Ok(Some(campaign.clone()));
        }
        let sql = sql!(
            "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund FROM campaign WHERE id = $1"
        );
        let found = self.tx.opt(sql, args![id.raw()], campaign_of_row).await?;
        if let Some(campaign) = &found {
            self.state.campaigns.insert(id.raw(), campaign.clone());
        }
        Ok(found)
    }

    /// The campaign that a filing number belongs to.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn campaign_filed(&mut self, number: &str) -> Result<Option<Id<ids::Campaign>>> {
        let sql = sql!("SELECT id FROM campaign WHERE filing_number = $1 ORDER BY id LIMIT 1");
        let tx = self.sql().await?;
        tx.opt(sql, args![number], |r| r.i64(0).map(Id::from_raw))
            .await
    }

    /// Keeps a draft; nothing public yet.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn campaign_insert(
        &mut self,
        organisation: Id<ids::Organisation>,
        new: &NewCampaign,
        opening_key: [u8; 32],
        now: Timestamp,
    ) -> Result<Id<ids::Campaign>> {
        let id: Id<ids::Campaign> = self.mint(now);
        let region = new.region.as_ref().map(|r| r.as_str().to_string());
        let insert = sql!(
            "INSERT INTO campaign (id, organisation_id, title, story, promise, filing_number, region, state, starts_on, ends_on, target, administrative_share, online, opening_key, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, 1, $12, $13, 1)"
        );
        let arguments = args![
            id.raw(),
            organisation.raw(),
            &new.title,
            &new.story,
            &new.promise,
            &new.filing_number,
            region.as_deref(),
            i64::from(new.starts_on.number()),
            i64::from(new.ends_on.number()),
            new.target.get(),
            i64::from(new.administrative_share.get()),
            opening_key,
            now.micros()
        ];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// States the campaign in public and moves it to its new state with its funds.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn campaign_state(
        &mut self,
        campaign: &Campaign,
        now: Timestamp,
    ) -> Result<std::result::Result<i64, PostingError>> {
        let sql = sql!(
            "SELECT story, promise, filing_number, target, leaf_index FROM campaign WHERE id = $1"
        );
        let raw = campaign.id.raw();
        let (story, promise, filing, target, earlier) = self
            .tx
            .one(sql, args![raw], |r| {
                Ok((r.text(0)?, r.text(1)?, r.text(2)?, r.i64(3)?, r.opt_i64(4)?))
            })
            .await?;
        let subject = Subject::Campaign(campaign.id);
        let mut posting = Posting::new(subject, LeafKind::Campaign, campaign.organisation, now)
            .fact("state", campaign.state.code())
            .fact("starts", campaign.starts_on.to_string())
            .fact("ends", campaign.ends_on.to_string())
            .fact(
                "admin_share",
                i64::from(campaign.administrative_share.get()),
            )
            .fact("target", target)
            .public_word("filing_number", filing.clone());
        // A campaign of the past is stated once, as ended; its words have to come with that.
        let historic = earlier.is_none() && campaign.state == CampaignState::Ended;
        if historic {
            posting = posting.fact("entered_later", true);
        }
        if historic || campaign.state == CampaignState::Live {
            posting = posting
                .public_word("title", campaign.title.clone())
                .public_word("story", story)
                .public_word("promise", promise);
        }
        posting.campaign = Some(campaign.id);
        posting.reference = earlier;
        let posted = match self.book(&posting).await? {
            Ok(posted) => posted,
            Err(error) => return Ok(Err(error)),
        };
        let update = sql!(
            "UPDATE campaign SET state = $2, project_fund = $3, administrative_fund = $4, leaf_index = $5, version = version + 1 WHERE id = $1"
        );
        let arguments = args![
            raw,
            campaign.state.code(),
            campaign.project_fund.map(Id::raw),
            campaign.administrative_fund.map(Id::raw),
            posted.leaf_index
        ];
        self.change().await?.exec(update, arguments).await?;
        self.state.campaigns.insert(raw, campaign.clone());
        let names = [campaign.title.clone(), filing];
        let found = Findable::campaign(raw, campaign.state.code(), names);
        self.findable(found);
        Ok(Ok(posted.leaf_index))
    }

    /// Live campaigns whose last day is before `day`, for the job that ends them.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn campaigns_over(&mut self, day: kernel::Day) -> Result<Vec<Id<ids::Campaign>>> {
        let sql = sql!(
            "SELECT id FROM campaign WHERE state = 'live' AND ends_on < $1 ORDER BY id LIMIT 200"
        );
        let before = i64::from(day.number());
        let tx = self.sql().await?;
        tx.rows(sql, args![before], |r| r.i64(0).map(Id::from_raw))
            .await
    }
}
