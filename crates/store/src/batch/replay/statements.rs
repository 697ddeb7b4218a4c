//! Announcements, reports, answers and withdrawals as their leaves state them.

use super::{Flow, Replay, Said, broken};
use crate::batch::Closing;
use db::{args, sql};
use domain::fundraising::{ReportKind, WithdrawReason, Withdrawn};
use domain::oversight::{AnnouncedBy, Announcement};
use kernel::IdKind;
use leaf::{Json, ids};

impl Replay<'_> {
    pub(super) async fn announcement(&mut self, said: &Said<'_>) -> Flow<()> {
        self.open(said, &[]).await?;
        let by = AnnouncedBy::parse(said.text("by"));
        let (Some(by), Some(day)) = (by, said.day("day")) else {
            return broken("公告没有公布者或日期");
        };
        let announcement = Announcement {
            id: self.id(&said.leaf.id)?,
            organisation: self.owner(said)?,
            by,
            day,
            measure: said.text("measure").to_owned(),
            amount: said.int("amount"),
            number: said.int("number"),
        };
        let kept = self
            .batch
            .announcement_insert(&announcement, None, said.index);
        Ok(kept.await?)
    }

    pub(super) async fn report(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Report>(&said.leaf.id)?;
        let words = self.open(said, &[]).await?;
        let kind = ReportKind::parse(said.text("kind"));
        let campaign = self.campaign_of(said)?;
        let (Some(kind), Some(campaign), Some(until)) = (kind, campaign, said.day("until")) else {
            return broken("活动报告没有种类、活动或截至日");
        };
        let insert = sql!(
            "INSERT INTO campaign_report (id, campaign_id, organisation_id, kind, title, body, plan, until_day, at, user_id, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)"
        );
        let values = args![
            id.raw(),
            campaign.raw(),
            self.owner(said)?.raw(),
            kind.code(),
            words.row(said, "title"),
            words.row(said, "body"),
            words.row(said, "plan"),
            i64::from(until.number()),
            said.at().micros(),
            said.index
        ];
        self.batch.change().await?.exec(insert, values).await?;
        Ok(())
    }

    /// A question with its answer; the question may wait in the backup.
    pub(super) async fn answer(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Question>(&said.leaf.id)?;
        let known = self.batch.question(id).await?;
        let body = known.as_ref().map(|known| known.body.clone());
        let tried: Vec<_> = body.into_iter().map(|body| ("question", body)).collect();
        let words = self.open(said, &tried).await?;
        let campaign = self.campaign_of(said)?;
        let (Some(campaign), Some(day)) = (campaign, said.day("day")) else {
            return broken("答复没有活动或提问日");
        };
        if known.is_none() {
            let insert = sql!(
                "INSERT INTO question (id, campaign_id, organisation_id, body, state, asked_at, answer, declined_reason) VALUES ($1, $2, $3, $4, 'waiting', $5, '', '')"
            );
            let values = args![
                id.raw(),
                campaign.raw(),
                self.owner(said)?.raw(),
                words.row(said, "question"),
                day.start().micros()
            ];
            self.batch.change().await?.exec(insert, values).await?;
        }
        let update = sql!(
            "UPDATE question SET state = 'answered', answer = $2, decided_at = $3, leaf_index = $4 WHERE id = $1"
        );
        let answer = words.row(said, "answer");
        let values = args![id.raw(), answer, said.at().micros(), said.index];
        self.batch.change().await?.exec(update, values).await?;
        Ok(())
    }

    /// What was taken down is taken down again, also in rows that the backup still shows.
    pub(super) async fn withdrawal(&mut self, said: &Said<'_>) -> Flow<()> {
        let id = self.id::<ids::Withdrawal>(&said.leaf.id)?;
        let index = self.named(said)?;
        let concerned = self.leaf_at(index).await?;
        let what = Withdrawn::parse(said.text("kind"));
        let reason = WithdrawReason::parse(said.text("reason"));
        let (Some(what), Some(reason)) = (what, reason) else {
            return broken("撤回的对象或理由不认识");
        };
        let field = match what {
            Withdrawn::File => self.file_of(said)?,
            _ => said.text("field").to_owned(),
        };
        let record = self.record_of(&concerned.id)?;
        if what == Withdrawn::Donor {
            self.losses.hidden.push(concerned.id.clone());
        }
        let closing = Closing {
            id,
            organisation: self.owner(said)?,
            campaign: self.campaign_of(said)?,
            leaf_index: index,
            what,
            field,
            reason,
            record,
            at: said.at(),
        };
        Ok(self.batch.close(&closing, said.index).await?)
    }

    /// The digest of a withdrawn file, in hexadecimal as rows have it.
    fn file_of(&self, said: &Said<'_>) -> Flow<String> {
        let digest = match said.leaf.data.get("evidence") {
            Some(Json::List(list)) => list.first().and_then(Json::text),
            _ => None,
        };
        match digest.and_then(leaf::digest_parse) {
            Some(digest) => Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect()),
            None => broken("撤回的文件没有指纹"),
        }
    }

    /// Prefix and key of the record behind a printed id.
    pub(super) fn record_of(&self, printed: &str) -> Flow<(String, i64)> {
        let prefix = printed.split('_').next().unwrap_or_default();
        let raw = match prefix {
            ids::Organisation::PREFIX => self.id::<ids::Organisation>(printed)?.raw(),
            ids::Place::PREFIX => self.id::<ids::Place>(printed)?.raw(),
            ids::Campaign::PREFIX => self.id::<ids::Campaign>(printed)?.raw(),
            ids::Report::PREFIX => self.id::<ids::Report>(printed)?.raw(),
            ids::Question::PREFIX => self.id::<ids::Question>(printed)?.raw(),
            ids::Disbursement::PREFIX => self.id::<ids::Disbursement>(printed)?.raw(),
            ids::Delivery::PREFIX => self.id::<ids::Delivery>(printed)?.raw(),
            ids::Fund::PREFIX => self.id::<ids::Fund>(printed)?.raw(),
            ids::Movement::PREFIX => self.id::<ids::Movement>(printed)?.raw(),
            ids::RegisterEntry::PREFIX => self.id::<ids::RegisterEntry>(printed)?.raw(),
            ids::Donation::PREFIX => self.id::<ids::Donation>(printed)?.raw(),
            _ => return broken("撤回的不是本机的公开记录"),
        };
        Ok((prefix.to_owned(), raw))
    }
}
