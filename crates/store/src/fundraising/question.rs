//! Questions of the public with their answers.

use crate::batch::rows::known;
use db::{Result, Row, Session, args, sql};
use domain::fundraising::{Question, QuestionState};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔提问〕 A question as it is kept.
#[derive(Debug, Clone)]
pub struct QuestionRecord {
    /// What decisions know.
    pub question: Question,
    /// The answer; empty until there is one.
    pub answer: String,
    /// When it was answered or declined.
    pub decided_at: Option<Timestamp>,
    /// The leaf that states question and answer.
    pub leaf_index: Option<i64>,
}

/// Reads the columns `id, campaign_id, organisation_id, body, state, asked_at`.
pub(crate) fn question_of_row(r: &Row<'_>) -> Result<Question> {
    Ok(Question {
        id: Id::from_raw(r.i64(0)?),
        campaign: Id::from_raw(r.i64(1)?),
        organisation: Id::from_raw(r.i64(2)?),
        body: r.text(3)?,
        state: known(QuestionState::parse(r.str(4)?), "question.state")?,
        asked_at: Timestamp::from_micros(r.i64(5)?),
    })
}

fn record_of_row(r: &Row<'_>) -> Result<QuestionRecord> {
    Ok(QuestionRecord {
        question: question_of_row(r)?,
        answer: r.text(6)?,
        decided_at: r.opt_i64(7)?.map(Timestamp::from_micros),
        leaf_index: r.opt_i64(8)?,
    })
}

/// 〔提问统计〕 How many questions of a campaign stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuestionCounts {
    /// Without an answer.
    pub waiting: i64,
    /// The day of the oldest of them.
    pub waiting_since: Option<Day>,
    /// Answered.
    pub answered: i64,
    /// Declined.
    pub declined: i64,
}

/// A question.
///
/// # Errors
/// The engine's refusal.
pub async fn question_by_id(
    session: &mut Session,
    id: Id<ids::Question>,
) -> Result<Option<QuestionRecord>> {
    let sql = sql!(
        "SELECT id, campaign_id, organisation_id, body, state, asked_at, answer, decided_at, leaf_index FROM question WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The answered questions of a campaign, newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn questions_answered(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    limit: i64,
) -> Result<Vec<QuestionRecord>> {
    let sql = sql!(
        "SELECT id, campaign_id, organisation_id, body, state, asked_at, answer, decided_at, leaf_index FROM question WHERE campaign_id = $1 AND state = 'answered' ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), limit], record_of_row)
        .await
}

/// What an organisation has to answer, oldest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn questions_waiting(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<QuestionRecord>> {
    let sql = sql!(
        "SELECT id, campaign_id, organisation_id, body, state, asked_at, answer, decided_at, leaf_index FROM question WHERE organisation_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// How many questions of a campaign stand where.
///
/// # Errors
/// The engine's refusal.
pub async fn question_counts(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
) -> Result<QuestionCounts> {
    let sql = sql!(
        "SELECT state, COUNT(*), CAST(MIN(asked_at) AS BIGINT) FROM question WHERE campaign_id = $1 GROUP BY state"
    );
    let rows = session
        .rows(sql, args![campaign.raw()], |r| {
            Ok((r.text(0)?, r.i64(1)?, r.i64(2)?))
        })
        .await?;
    let mut counts = QuestionCounts::default();
    for (state, count, oldest) in rows {
        match QuestionState::parse(&state) {
            Some(QuestionState::Waiting) => {
                counts.waiting = count;
                counts.waiting_since = Some(Timestamp::from_micros(oldest).day());
            }
            Some(QuestionState::Answered) => counts.answered = count,
            Some(QuestionState::Declined) => counts.declined = count,
            None => {}
        }
    }
    Ok(counts)
}
