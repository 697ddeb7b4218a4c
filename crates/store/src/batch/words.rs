//! Reports and questions of campaigns, as they are written.

use super::Batch;
use crate::fundraising::question_of_row;
use db::{Result, args, sql};
use domain::fundraising::{DeclineReason, NewReport, Question};
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔办理〕 Who decided a question, and when.
#[derive(Debug, Clone, Copy)]
pub struct Decided {
    /// Who.
    pub user: Id<ids::User>,
    /// When.
    pub at: Timestamp,
}

impl Batch {
    /// Keeps a report that was stated in public.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn report_insert(
        &mut self,
        of: (Id<ids::Campaign>, Id<ids::Organisation>),
        (id, new): (Id<ids::Report>, &NewReport),
        by: Decided,
        leaf_index: i64,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO campaign_report (id, campaign_id, organisation_id, kind, title, body, plan, until_day, at, user_id, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let arguments = args![
            id.raw(),
            of.0.raw(),
            of.1.raw(),
            new.kind.code(),
            &new.title,
            &new.body,
            &new.plan,
            i64::from(new.until.number()),
            by.at.micros(),
            by.user.raw(),
            leaf_index
        ];
        let tx = self.change().await?;
        tx.exec(insert, arguments).await.map(|_| ())
    }

    /// Questions of a campaign that wait for an answer.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn questions_waiting(&mut self, campaign: Id<ids::Campaign>) -> Result<i64> {
        let sql =
            sql!("SELECT COUNT(*) FROM question WHERE campaign_id = $1 AND state = 'waiting'");
        let tx = self.sql().await?;
        tx.one(sql, args![campaign.raw()], |r| r.i64(0)).await
    }

    /// Keeps a question.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn question_insert(
        &mut self,
        of: (Id<ids::Campaign>, Id<ids::Organisation>),
        body: &str,
        now: Timestamp,
    ) -> Result<Id<ids::Question>> {
        let id: Id<ids::Question> = self.mint(now);
        let insert = sql!(
            "INSERT INTO question (id, campaign_id, organisation_id, body, state, asked_at, answer, declined_reason) VALUES ($1, $2, $3, $4, 'waiting', $5, '', '')"
        );
        let arguments = args![id.raw(), of.0.raw(), of.1.raw(), body, now.micros()];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// A question as it stands now.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn question(&mut self, id: Id<ids::Question>) -> Result<Option<Question>> {
        let sql = sql!(
            "SELECT id, campaign_id, organisation_id, body, state, asked_at FROM question WHERE id = $1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![id.raw()], question_of_row).await
    }

    /// Keeps an answer that was stated in public.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn question_answered(
        &mut self,
        id: Id<ids::Question>,
        answer: &str,
        by: Decided,
        leaf_index: i64,
    ) -> Result<()> {
        let update = sql!(
            "UPDATE question SET state = 'answered', answer = $2, decided_at = $3, user_id = $4, leaf_index = $5 WHERE id = $1"
        );
        let arguments = args![id.raw(), answer, by.at.micros(), by.user.raw(), leaf_index];
        let tx = self.change().await?;
        tx.exec(update, arguments).await.map(|_| ())
    }

    /// Notes that a question is not answered in public.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn question_declined(
        &mut self,
        id: Id<ids::Question>,
        reason: DeclineReason,
        by: Decided,
    ) -> Result<()> {
        let update = sql!(
            "UPDATE question SET state = 'declined', declined_reason = $2, decided_at = $3, user_id = $4 WHERE id = $1"
        );
        let arguments = args![id.raw(), reason.code(), by.at.micros(), by.user.raw()];
        let tx = self.change().await?;
        tx.exec(update, arguments).await.map(|_| ())
    }
}
