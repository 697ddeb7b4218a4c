//! Organisations, campaigns, funds and places as their leaves state them.

use super::words::Words;
use super::{Flow, Replay, Said, broken};
use crate::search::{Findable, IN_FORCE, normalise, sort_key};
use db::{args, sql};
use domain::fundraising::{CampaignState, WORDS_LOST, channel_title};
use domain::funds::{
    ADMINISTRATIVE_PURPOSE, ASSUMED_PURPOSE, Fund, FundKind, Restriction, STORE_TITLE,
    administrative_title, advance_title, assumed_title, place_name, project_title,
};
use domain::parties::{APPROVAL_THRESHOLD, OUR_REGISTER, OrganisationKind};
use kernel::Id;
use leaf::ids;
use ledger::Tape;

/// What the backup knows of a campaign beside its state.
struct Draft {
    words: [(&'static str, String); 4],
}

impl Replay<'_> {
    pub(super) async fn organisation(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Organisation>(&said.leaf.id)?;
        let (name, uscc) = (said.text("name").to_owned(), said.text("uscc"));
        let tried = [
            ("source", OUR_REGISTER.to_owned()),
            ("source_id", uscc.to_owned()),
            ("source_id", name.clone()),
        ];
        let words = self.open(said, &tried).await?;
        // The key in a register is unique; one that is not known must not be like another.
        let source_id = words.found("source_id").unwrap_or(&said.leaf.id).to_owned();
        let Some(kind) = OrganisationKind::parse(said.text("kind")) else {
            return broken("组织的类型不认识");
        };
        let insert = sql!(
            "INSERT INTO organisation (id, name, name_key, kind, uscc, region, state, source, source_id, registered_text, registered_day, marks, documents, approval_threshold, leaf_index, recorded_at, sort_key) VALUES ($1, $2, $3, $4, $5, $6, 'in_force', $7, $8, $9, $10, '', '', $11, $12, $13, $14)"
        );
        let (name_key, sort_key) = (normalise(&name), sort_key(&name));
        let registered = said.day("registered").map(|day| i64::from(day.number()));
        let values = args![
            id.raw(),
            &name,
            &name_key,
            kind.code(),
            some(uscc),
            some(said.text("region")),
            words.row(said, "source"),
            &source_id,
            said.text("registered"),
            registered,
            APPROVAL_THRESHOLD,
            said.index,
            said.at().micros(),
            &sort_key
        ];
        self.batch.change().await?.exec(insert, values).await?;
        let found = Findable::organisation(id.raw(), IN_FORCE, name);
        self.batch.findable(found);
        Ok(())
    }

    /// A campaign that goes live, ends, or is entered as one of the past.
    pub(super) async fn campaign(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Campaign>(&said.leaf.id)?;
        let draft = self.draft(id.raw()).await?;
        let tried = draft.as_ref().map_or(&[][..], |draft| &draft.words[..]);
        let words = self.open(said, tried).await?;
        let Some(state) = CampaignState::parse(said.text("state")) else {
            return broken("活动的状态不认识");
        };
        if draft.is_none() {
            self.campaign_row(said, (id, &words)).await?;
        }
        let funds = sql!(
            "SELECT kind, id FROM fund WHERE campaign_id = $1 AND (kind = 'project' OR kind = 'administrative') ORDER BY id DESC"
        );
        let tx = self.batch.sql().await?;
        let funds = tx
            .rows(funds, args![id.raw()], |r| Ok((r.text(0)?, r.i64(1)?)))
            .await?;
        // The first of a kind stands last.
        let fund = |kind: &str| funds.iter().rev().find(|fund| fund.0 == kind).map(|f| f.1);
        let update = sql!(
            "UPDATE campaign SET state = $2, project_fund = $3, administrative_fund = $4, leaf_index = $5, version = version + 1 WHERE id = $1"
        );
        let values = args![
            id.raw(),
            state.code(),
            fund("project"),
            fund("administrative"),
            said.index
        ];
        self.batch.change().await?.exec(update, values).await?;
        self.batch.state.campaigns.remove(&id.raw());
        if let (CampaignState::Live, Some(ends)) = (state, said.day("ends")) {
            let times = crate::batch::JobTimes {
                now: self.now,
                run_at: ends.plus_days(1).start(),
            };
            let printed = said.leaf.id.clone();
            self.batch
                .job(crate::batch::CAMPAIGN_END_JOB, printed, times);
        }
        Ok(())
    }

    async fn draft(&mut self, id: i64) -> Flow<Option<Draft>> {
        let sql = sql!("SELECT title, story, promise, filing_number FROM campaign WHERE id = $1");
        let tx = self.batch.sql().await?;
        let found = tx
            .opt(sql, args![id], |r| {
                Ok(Draft {
                    words: [
                        ("title", r.text(0)?),
                        ("story", r.text(1)?),
                        ("promise", r.text(2)?),
                        ("filing_number", r.text(3)?),
                    ],
                })
            })
            .await?;
        Ok(found)
    }

    async fn campaign_row(
        &mut self,
        said: &Said<'_>,
        (id, words): (Id<ids::Campaign>, &Words),
    ) -> Flow<()> {
        let (Some(starts), Some(ends)) = (said.day("starts"), said.day("ends")) else {
            return broken("活动没有起止日期");
        };
        let insert = sql!(
            "INSERT INTO campaign (id, organisation_id, title, story, promise, filing_number, region, state, starts_on, ends_on, target, administrative_share, online, opening_key, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, 1, $12, $13, 1)"
        );
        let values = args![
            id.raw(),
            self.owner(said)?.raw(),
            words.row(said, "title"),
            words.row(said, "story"),
            words.row(said, "promise"),
            words.row(said, "filing_number"),
            None::<&str>,
            i64::from(starts.number()),
            i64::from(ends.number()),
            said.int("target").unwrap_or(0),
            said.int("admin_share").unwrap_or(0),
            &[0_u8; 32][..],
            said.at().micros()
        ];
        self.batch.change().await?.exec(insert, values).await?;
        Ok(())
    }

    /// A fund before anything moves on it.
    pub(super) async fn fund(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Fund>(&said.leaf.id)?;
        let kind = FundKind::parse(said.text("kind"));
        let restriction = Restriction::parse(said.text("restriction"));
        let (Some(kind), Some(restriction)) = (kind, restriction) else {
            return broken("资金的类别不认识");
        };
        let campaign = self.campaign_of(said)?;
        let partner = some(said.text("partner"))
            .map(|text| self.id(text))
            .transpose()?;
        let tried = self.titles_tried(kind, campaign).await?;
        let words = self.open(said, &tried).await?;
        let title = words.row(said, "title").to_owned();
        let unit = match said.text("unit") {
            "fen" => "fen".to_owned(),
            unit => item_key(words.found("title"), (&said.leaf.id, unit)),
        };
        if unit.starts_with(WORDS_LOST) {
            self.losses.goods.push(said.leaf.id.clone());
        }
        let fund = Fund {
            id,
            organisation: self.owner(said)?,
            kind,
            unit,
            title,
            restriction,
            campaign,
            partner,
            tape: Tape {
                inflow: 0,
                outflow: 0,
                reserved: 0,
            },
        };
        self.fund_row(said, &fund, words.row(said, "purpose"))
            .await?;
        let found = Findable::fund(id.raw(), fund.title.clone());
        self.batch.findable(found);
        self.batch.state.funds.insert(id.raw(), fund);
        Ok(())
    }

    async fn fund_row(&mut self, said: &Said<'_>, fund: &Fund, purpose: &str) -> Flow<()> {
        let insert = sql!(
            "INSERT INTO fund (id, organisation_id, kind, unit, title, restriction, purpose, investable, campaign_id, partner_id, inflow, outflow, reserved, opened_at, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, 0, 0, 0, $10, $11)"
        );
        let values = args![
            fund.id.raw(),
            fund.organisation.raw(),
            fund.kind.code(),
            &fund.unit,
            &fund.title,
            fund.restriction.code(),
            purpose,
            fund.campaign.map(Id::raw),
            fund.partner.map(Id::raw),
            said.at().micros(),
            said.index
        ];
        self.batch.change().await?.exec(insert, values).await?;
        Ok(())
    }

    /// What a fund of this kind may be called, and what for: mostly the house itself has put that together.
    async fn titles_tried(
        &mut self,
        kind: FundKind,
        campaign: Option<Id<ids::Campaign>>,
    ) -> Flow<Vec<(&'static str, String)>> {
        let mut tried = vec![
            ("title", kind.title().to_owned()),
            ("purpose", String::new()),
            ("purpose", ADMINISTRATIVE_PURPOSE.to_owned()),
            ("purpose", ASSUMED_PURPOSE.to_owned()),
        ];
        let mut names: Vec<String> = self.clues.names.iter().cloned().collect();
        if let Some(campaign) = campaign
            && let Some(campaign) = self.batch.campaign(campaign).await?
        {
            names.push(campaign.title);
        }
        let titled = match kind {
            FundKind::Project => project_title,
            FundKind::Administrative => administrative_title,
            FundKind::Designated => assumed_title,
            FundKind::Advance => advance_title,
            _ => return Ok(tried),
        };
        for name in names {
            tried.push(("title", titled(&name).to_string()));
            tried.push(("purpose", name));
        }
        Ok(tried)
    }

    /// A place before anything is put there. Its channel stands nowhere but in its title.
    pub(super) async fn place(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Place>(&said.leaf.id)?;
        let account = said.text("account").to_owned();
        let mut known: Vec<(String, String)> = vec![(STORE_TITLE.to_owned(), "store".to_owned())];
        for code in &self.clues.channels {
            let title = place_name(&account, channel_title(code));
            known.push((title, code.clone()));
        }
        for name in &self.clues.names {
            known.push((advance_title(name).to_string(), name.clone()));
        }
        let tried: Vec<_> = known.iter().map(|one| ("title", one.0.clone())).collect();
        let words = self.open(said, &tried).await?;
        let title = words.row(said, "title").to_owned();
        let channel = known
            .into_iter()
            .find(|one| one.0 == title)
            .map(|one| one.1);
        let channel = channel.unwrap_or_else(|| {
            self.losses.places.push(said.leaf.id.clone());
            said.leaf.id.clone()
        });
        let insert = sql!(
            "INSERT INTO place (id, organisation_id, account, channel, title, leaf_index) VALUES ($1, $2, $3, $4, $5, $6)"
        );
        let owner = self.owner(said)?.raw();
        let values = args![id.raw(), owner, &account, &channel, &title, said.index];
        self.batch.change().await?.exec(insert, values).await?;
        Ok(())
    }
}

/// A text that is there.
fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The key of an item from the title of its fund, `name spec（unit）`. Where the words are lost it is like no other.
fn item_key(title: Option<&str>, (id, unit): (&str, &str)) -> String {
    let body = title.and_then(|title| title.strip_suffix(&format!("（{unit}）")));
    match body {
        Some(name) => format!("{name}||{unit}"),
        None => format!("{WORDS_LOST}|{id}|{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_read_from_the_title_of_its_fund() {
        let key = |title| item_key(title, ("fnd_X", "箱"));
        assert_eq!(key(Some("大米（箱）")), "大米||箱");
        assert_eq!(key(Some("大米（袋）")), format!("{WORDS_LOST}|fnd_X|箱"));
        assert_eq!(key(None), format!("{WORDS_LOST}|fnd_X|箱"));
    }
}
