//! What is said about a campaign: reports, questions, and what the law asks to be published.

use crate::answer::Answer;
use crate::query::found;
use crate::query::limits::CARDS;
use crate::view::{CampaignWords, DisclosureLine, QuestionLine, ReportLine};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{Campaign, DisclosureDue, disclosures};
use domain::identity::{Action, Actor, Object, permit};
use kernel::{Day, Id, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;
use store::fundraising::{QuestionRecord, ReportRecord};

impl App {
    /// A question with its answer, for those who may decide it.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn question_page<'a>(&'a self, actor: &'a Actor, id: &'a str) -> Answer<'a, QuestionLine> {
        Box::pin(async move {
            let id: Id<ids::Question> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = store::fundraising::question_by_id(read, id).await?;
            let row = found(row, "这个问题")?;
            let object = Object::of(row.question.organisation);
            permit(actor, Action::QuestionDecide, &object).map_err(AppError::denied)?;
            let mut lines = self
                .question_lines(read, std::slice::from_ref(&row))
                .await?;
            found(lines.pop(), "这个问题")
        })
    }

    /// Everything that the page of a campaign says behind its plan.
    pub(crate) async fn campaign_words(
        &self,
        session: &mut Session,
        campaign: &Campaign,
    ) -> Result<CampaignWords, AppError> {
        let id = campaign.id;
        let reports = store::fundraising::reports_of_campaign(session, id, CARDS).await?;
        let questions = store::fundraising::questions_answered(session, id, CARDS).await?;
        let counts = store::fundraising::question_counts(session, id).await?;
        let published: Vec<_> = reports.iter().map(|r| (r.kind, r.at.day())).collect();
        let today = self.now().day();
        let calendar = disclosures(campaign, &published);
        Ok(CampaignWords {
            reports: reports.iter().map(|row| self.report_line(row)).collect(),
            questions: self.question_lines(session, &questions).await?,
            questions_waiting: counts.waiting,
            questions_waiting_since: counts.waiting_since.map(|day| day.to_string()),
            questions_declined: counts.declined,
            calendar: calendar.iter().map(|due| disclosure(due, today)).collect(),
        })
    }

    fn report_line(&self, row: &ReportRecord) -> ReportLine {
        ReportLine {
            id: self.print(row.id),
            kind: row.kind.code().into(),
            kind_title: row.kind.title().into(),
            title: row.title.clone(),
            body: row.body.clone(),
            plan: row.plan.clone(),
            until: row.until.to_string(),
            at: row.at.rfc3339(),
            leaf_index: row.leaf_index,
        }
    }

    /// Questions as lines, with the names of their campaigns.
    pub(crate) async fn question_lines(
        &self,
        session: &mut Session,
        rows: &[QuestionRecord],
    ) -> Result<Vec<QuestionLine>, AppError> {
        let campaigns = crate::query::keys(rows.iter().map(|row| row.question.campaign.raw()));
        let titles: BTreeMap<i64, String> =
            store::fundraising::campaign_titles(session, &campaigns).await?;
        let day = |at: Timestamp| at.day().to_string();
        let line = |row: &QuestionRecord| QuestionLine {
            id: self.print(row.question.id),
            campaign: self.link(row.question.campaign, &titles),
            body: row.question.body.clone(),
            answer: row.answer.clone(),
            asked_on: day(row.question.asked_at),
            answered_on: row.decided_at.map(day),
            due: row.question.due().to_string(),
            leaf_index: row.leaf_index,
        };
        Ok(rows.iter().map(line).collect())
    }
}

fn disclosure(due: &DisclosureDue, today: Day) -> DisclosureLine {
    let left = due.due.number().saturating_sub(today.number());
    let open = due.done.is_none();
    DisclosureLine {
        kind: due.kind.code().into(),
        kind_title: due.kind.title().into(),
        due: due.due.to_string(),
        done: due.done.map(|day| day.to_string()),
        days_late: i64::from(due.days_late(today)),
        days_left: if open { i64::from(left.max(0)) } else { 0 },
    }
}
