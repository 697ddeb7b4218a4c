//! What is said about a campaign after it was published: reports, questions and answers.

use super::campaign::load;
use crate::command::Outcome;
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::fundraising::{
    Campaign, DeclineReason, NewReport, Question, ReportForm, decide_answer, decide_decline,
    decide_question, decide_report, read_answer, read_question,
};
use domain::identity::{Action, Object};
use domain::text::Problem;
use kernel::Id;
use leaf::ids;
use store::batch::Decided;

fn decided(call: &Call<'_>) -> Decided {
    Decided {
        user: call.user(),
        at: call.now(),
    }
}

/// What is still in the campaign's own fund, in fen.
async fn unspent(call: &mut Call<'_>, campaign: &Campaign) -> Flow<i64> {
    let Some(fund) = campaign.project_fund else {
        return Ok(0);
    };
    let fund = call.batch.fund(fund).await?;
    Ok(fund.map_or(0, |fund| fund.tape.balance()))
}

pub(crate) async fn report(
    call: &mut Call<'_>,
    campaign: &str,
    form: &ReportForm,
) -> Flow<Outcome> {
    let (campaign, _) = load(call, campaign).await?;
    let object = Object::of(campaign.organisation);
    call.permit(Action::ReportPublish, &object)?;
    let now = call.now();
    let new = NewReport::read(form, now.day()).map_err(invalid)?;
    let unspent = unspent(call, &campaign).await?;
    let id: Id<ids::Report> = call.batch.mint(now);
    let posting = decide_report(&campaign, (id, &new), unspent, now).map_err(refused)?;
    let posted = call.book(&posting).await?;
    let (of, by) = ((campaign.id, campaign.organisation), decided(call));
    call.batch
        .report_insert(of, (id, &new), by, posted.leaf_index)
        .await?;
    let id = call.print(id);
    call.audit(Action::ReportPublish, id.clone(), new.kind.code());
    Ok(Outcome::Record { id })
}

pub(crate) async fn ask(call: &mut Call<'_>, campaign: &str, text: &str) -> Flow<Outcome> {
    call.permit(Action::QuestionAsk, &Object::house())?;
    let (campaign, _) = load(call, campaign).await?;
    let text = read_question(text).map_err(invalid)?;
    let waiting = call.batch.questions_waiting(campaign.id).await?;
    decide_question(&campaign, waiting).map_err(refused)?;
    let (of, now) = ((campaign.id, campaign.organisation), call.now());
    let id = call.batch.question_insert(of, &text, now).await?;
    let id = call.print(id);
    call.audit(Action::QuestionAsk, id.clone(), "");
    Ok(Outcome::Record { id })
}

/// The question, for somebody who may decide it.
async fn question(call: &mut Call<'_>, id: &str) -> Flow<Question> {
    let id: Id<ids::Question> = call.id(id, "这个问题")?;
    let found = call.batch.question(id).await?.ok_or(missing("这个问题"))?;
    call.permit(Action::QuestionDecide, &Object::of(found.organisation))?;
    Ok(found)
}

pub(crate) async fn answer(call: &mut Call<'_>, id: &str, text: &str) -> Flow<Outcome> {
    let question = question(call, id).await?;
    let text = read_answer(text).map_err(invalid)?;
    let posting = decide_answer(&question, &text, call.now()).map_err(refused)?;
    let posted = call.book(&posting).await?;
    let by = decided(call);
    call.batch
        .question_answered(question.id, &text, by, posted.leaf_index)
        .await?;
    let id = call.print(question.id);
    call.audit(Action::QuestionDecide, id.clone(), "answer");
    Ok(Outcome::Record { id })
}

pub(crate) async fn decline(call: &mut Call<'_>, id: &str, reason: &str) -> Flow<Outcome> {
    let question = question(call, id).await?;
    let Some(reason) = DeclineReason::parse(reason) else {
        let sentence = "请选择不公开答复的理由。";
        return Err(invalid(vec![Problem::new("reason", "choice", sentence)]));
    };
    decide_decline(&question).map_err(refused)?;
    let by = decided(call);
    call.batch
        .question_declined(question.id, reason, by)
        .await?;
    let id = call.print(question.id);
    call.audit(Action::QuestionDecide, id.clone(), reason.code());
    Ok(Outcome::Record { id })
}
