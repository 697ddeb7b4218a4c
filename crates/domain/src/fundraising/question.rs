//! Questions 提问 about a campaign: anybody may ask, the organisation answers in public or says why not.
//!
//! A question becomes public with its answer. What waits and what was declined is counted in public, so that
//! silence shows.

use super::campaign::{Campaign, State};
use crate::Sentence;
use crate::funds::posting::{Posting, Subject};
use crate::refusal::Refused;
use crate::text::{Form, Problem};
use kernel::{Day, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

/// The longest question, in characters.
pub(crate) const QUESTION_MAX: usize = 500;
/// The longest answer, in characters.
pub(crate) const ANSWER_MAX: usize = 2_000;
/// Questions of one campaign that may wait; more would only drown the answers.
pub(crate) const WAITING_MAX: i64 = 200;
/// Days in which the house promises an answer; no statute names a number.
pub(crate) const ANSWER_DAYS: i32 = 10;

/// 〔提问状态〕 Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionState {
    /// 待答复
    Waiting,
    /// 已答复
    Answered,
    /// 不公开答复
    Declined,
}

impl QuestionState {
    /// All states.
    pub const ALL: [QuestionState; 3] = [
        QuestionState::Waiting,
        QuestionState::Answered,
        QuestionState::Declined,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            QuestionState::Waiting => "waiting",
            QuestionState::Answered => "answered",
            QuestionState::Declined => "declined",
        }
    }

    /// The state of a stored code.
    pub fn parse(code: &str) -> Option<QuestionState> {
        QuestionState::ALL
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// 〔不予公开的理由〕 Why a question is not answered in public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineReason {
    /// 与本活动无关
    Unrelated,
    /// 涉及个人隐私
    Private,
    /// 已经答复过
    Repeated,
    /// 违法或辱骂
    Abusive,
}

impl DeclineReason {
    /// All reasons, in the order of the form.
    pub const ALL: [DeclineReason; 4] = [
        DeclineReason::Unrelated,
        DeclineReason::Private,
        DeclineReason::Repeated,
        DeclineReason::Abusive,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            DeclineReason::Unrelated => "unrelated",
            DeclineReason::Private => "private",
            DeclineReason::Repeated => "repeated",
            DeclineReason::Abusive => "abusive",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            DeclineReason::Unrelated => "与本活动无关",
            DeclineReason::Private => "涉及个人隐私",
            DeclineReason::Repeated => "已经答复过",
            DeclineReason::Abusive => "违法或辱骂",
        }
    }

    /// The reason of a stored code.
    pub fn parse(code: &str) -> Option<DeclineReason> {
        DeclineReason::ALL
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// 〔提问〕 What a decision needs to know of a question.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its key.
    pub id: Id<ids::Question>,
    /// About which campaign.
    pub campaign: Id<ids::Campaign>,
    /// Who is asked.
    pub organisation: Id<ids::Organisation>,
    /// The words.
    pub body: String,
    /// Where it stands.
    pub state: QuestionState,
    /// When it was asked.
    pub asked_at: Timestamp,
}

impl Question {
    /// The last day of the promised answer.
    #[must_use]
    pub fn due(&self) -> Day {
        self.asked_at.day().plus_days(ANSWER_DAYS)
    }
}

/// Reads a question.
///
/// # Errors
/// What is wrong with it.
pub fn read_question(text: &str) -> Result<String, Vec<Problem>> {
    let mut form = Form::new();
    let text = form.line("question", "问题", text, QUESTION_MAX);
    form.finish(text)
}

/// Reads an answer.
///
/// # Errors
/// What is wrong with it.
pub fn read_answer(text: &str) -> Result<String, Vec<Problem>> {
    let mut form = Form::new();
    let text = form.line("answer", "答复", text, ANSWER_MAX);
    form.finish(text)
}

/// Why a question or its answer is refused, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionRefused {
    /// The campaign is not public.
    Draft,
    /// Too many questions wait already.
    TooMany,
    /// It was answered or declined before.
    Decided,
}

impl Refused for QuestionRefused {
    fn code(&self) -> &'static str {
        match self {
            QuestionRefused::Draft => "question_of_draft",
            QuestionRefused::TooMany => "question_too_many",
            QuestionRefused::Decided => "question_decided",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            QuestionRefused::Draft => "这个活动还没有发布，请发布后再提问。",
            QuestionRefused::TooMany => "等待答复的问题太多，请过几天再提，或直接联系慈善组织。",
            QuestionRefused::Decided => "这个问题已经办理过，请刷新页面查看。",
        }
        .into()
    }
}

/// May this be asked? `waiting` questions of the campaign have no answer yet.
///
/// # Errors
/// `QuestionRefused` in precedence order.
pub fn decide_question(campaign: &Campaign, waiting: i64) -> Result<(), QuestionRefused> {
    if campaign.state == State::Draft {
        return Err(QuestionRefused::Draft);
    }
    if waiting >= WAITING_MAX {
        return Err(QuestionRefused::TooMany);
    }
    Ok(())
}

/// States a question with its answer in public.
///
/// # Errors
/// `Decided`.
pub fn decide_answer(
    question: &Question,
    answer: &str,
    at: Timestamp,
) -> Result<Posting, QuestionRefused> {
    decide_decline(question)?;
    let subject = Subject::Question(question.id);
    let mut posting = Posting::new(subject, LeafKind::Answer, question.organisation, at)
        .fact("day", question.asked_at.day().to_string())
        .public_word("question", question.body.clone())
        .public_word("answer", answer);
    posting.campaign = Some(question.campaign);
    Ok(posting)
}

/// May the question be declined? Nothing of it becomes public but that it was.
///
/// # Errors
/// `Decided`.
pub fn decide_decline(question: &Question) -> Result<(), QuestionRefused> {
    match question.state {
        QuestionState::Waiting => Ok(()),
        QuestionState::Answered | QuestionState::Declined => Err(QuestionRefused::Decided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::BasisPoints;

    fn campaign(state: State) -> Campaign {
        let day = Day::parse("2026-11-01").unwrap();
        Campaign {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            title: "冬衣".into(),
            state,
            starts_on: day,
            ends_on: day,
            administrative_share: BasisPoints::ZERO,
            project_fund: None,
            administrative_fund: None,
        }
    }

    fn question(state: QuestionState) -> Question {
        Question {
            id: Id::from_raw(3),
            campaign: Id::from_raw(1),
            organisation: Id::from_raw(2),
            body: "冬衣发到哪些村？".into(),
            state,
            asked_at: Timestamp::parse_rfc3339("2026-11-20T16:30:00Z").unwrap(),
        }
    }

    #[test]
    fn anybody_asks_about_what_is_public_until_too_many_wait() {
        use QuestionRefused::{Draft, TooMany};
        assert_eq!(decide_question(&campaign(State::Ended), 0), Ok(()));
        assert_eq!(
            decide_question(&campaign(State::Live), WAITING_MAX),
            Err(TooMany)
        );
        assert_eq!(
            decide_question(&campaign(State::Draft), WAITING_MAX),
            Err(Draft)
        );
        assert_eq!(read_question(" ").unwrap_err()[0].code, "required");
        assert_eq!(
            read_question(&"问".repeat(501)).unwrap_err()[0].code,
            "too_long"
        );
    }

    #[test]
    fn an_answer_is_given_once() {
        let at = Timestamp::from_micros(0);
        let posting = decide_answer(&question(QuestionState::Waiting), "三个村", at).unwrap();
        let words: Vec<_> = posting.words.iter().map(|word| word.field).collect();
        assert_eq!(words, ["question", "answer"]);
        assert_eq!(
            posting.data.get("day"),
            Some(&leaf::Json::from("2026-11-21"))
        );
        for state in [QuestionState::Answered, QuestionState::Declined] {
            let refused = decide_answer(&question(state), "三个村", at).map(|_| ());
            assert_eq!(refused, Err(QuestionRefused::Decided));
        }
        assert_eq!(
            question(QuestionState::Waiting).due().to_string(),
            "2026-12-01"
        );
    }
}
