//! Repairs: one person asks for them, another one confirms them, and only then they are booked.

use super::held::draw_reassignment;
use super::privacy;
use crate::AppError;
use crate::command::{Outcome, Repair, RepairStep};
use crate::funds::{
    Drawn, HandOver, Reclassify, draw_correction, draw_handover, draw_reclassification,
    draw_refund, draw_reversal,
};
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::funds::{CountersignRefused, RepairState, check_open, decide_countersign};
use domain::identity::{Action, Object, Who};
use domain::text::{Form, STORY_MAX};
use kernel::{Fen, Id};
use leaf::ids;
use store::batch::StepTaken;

/// Keeps what was asked for until a second person has seen it; the house itself needs nobody.
pub(super) async fn ask(call: &mut Call<'_>, repair: &Repair) -> Flow<Outcome> {
    if repair.is_privacy() {
        return privacy::ask(call, repair).await;
    }
    let drawn = draw(call, repair, Action::CorrectionAsk).await?;
    if matches!(call.request.actor.who, Who::House(_)) {
        return carry_out(call, drawn).await;
    }
    let organisation = drawn.posting.organisation;
    let asked = exactly(repair, &drawn);
    for (_, other) in call.batch.repairs_asked(organisation).await? {
        let other: Repair = serde_json::from_str(&other).map_err(AppError::internal)?;
        if touches_the_same(&asked, &other) {
            return Err(refused(CountersignRefused::Waiting));
        }
    }
    let asked = serde_json::to_string(&asked).map_err(AppError::internal)?;
    let (user, now) = (call.user(), call.now());
    let id = call
        .batch
        .repair_insert(organisation, (&asked, None), user, now)
        .await?;
    let id = call.print(id);
    call.audit(Action::CorrectionAsk, id.clone(), drawn.detail);
    Ok(Outcome::Step {
        id,
        state: RepairState::Asked.code().into(),
    })
}

/// Whether two requests are about one gift or one movement: after the first is confirmed the second could not be.
/// Between two funds money may be moved more than once, so there only the very same request is the same.
fn touches_the_same(one: &Repair, other: &Repair) -> bool {
    match (one.touched(), other.touched()) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

/// What the second person says; what is confirmed is drawn up anew, because the books have moved on.
pub(super) async fn decide(
    call: &mut Call<'_>,
    repair: &str,
    (step, note): (RepairStep, &str),
) -> Flow<Outcome> {
    let id = call.id::<ids::Repair>(repair, "这项更正申请")?;
    let row = call
        .batch
        .repair(id)
        .await?
        .ok_or(missing("这项更正申请"))?;
    let user = call.user();
    let asked: Repair = serde_json::from_str(&row.asked).map_err(AppError::internal)?;
    // Who asked may take it back, whatever else that person may do.
    if step == RepairStep::Confirm || user != row.asked_by {
        call.permit(asked.decided_by(), &Object::of(row.organisation))?;
    }
    let mut form = Form::new();
    let note = match step {
        RepairStep::Confirm => form.optional("note", "意见", note, STORY_MAX),
        RepairStep::Refuse => form.line("note", "退回理由", note, STORY_MAX),
    };
    form.finish(()).map_err(invalid)?;
    let now = call.now();
    let taken = |step| StepTaken {
        step,
        user: Some(user),
        at: now,
        reason: &note,
    };
    match step {
        RepairStep::Confirm => {
            decide_countersign(row.state, row.asked_by, user).map_err(refused)?;
            let done = confirmed(call, &asked, id).await?;
            let state = RepairState::Confirmed;
            call.batch
                .repair_decided(id, state, &taken("confirm"))
                .await?;
            Ok(done)
        }
        RepairStep::Refuse => {
            check_open(row.state).map_err(refused)?;
            sent_back(call, (id, asked.decided_by()), &taken("refuse")).await
        }
    }
}

/// What was asked for is done now.
async fn confirmed(call: &mut Call<'_>, asked: &Repair, id: Id<ids::Repair>) -> Flow<Outcome> {
    if asked.is_privacy() {
        return privacy::confirm(call, asked).await;
    }
    let mut drawn = draw(call, asked, Action::CorrectionRecord).await?;
    drawn.posting.matter = Some(id.raw());
    carry_out(call, drawn).await
}

async fn sent_back(
    call: &mut Call<'_>,
    (id, action): (Id<ids::Repair>, Action),
    taken: &StepTaken<'_>,
) -> Flow<Outcome> {
    let state = RepairState::Refused;
    call.batch.repair_decided(id, state, taken).await?;
    let id = call.print(id);
    call.audit(action, id.clone(), "refuse");
    Ok(Outcome::Step {
        id,
        state: state.code().into(),
    })
}

async fn draw(call: &mut Call<'_>, repair: &Repair, action: Action) -> Flow<Drawn> {
    match repair {
        Repair::Refund {
            donation,
            amount,
            reason,
        } => draw_refund(call, (donation, amount), reason, action).await,
        Repair::Correct { donation, reason } => {
            draw_correction(call, donation, reason, action).await
        }
        Repair::Reverse { movement, reason } => draw_reversal(call, movement, reason, action).await,
        Repair::Reclassify {
            from,
            to,
            place,
            amount,
            reason,
            assumed,
        } => {
            let order = Reclassify {
                from,
                to,
                place,
                amount,
                reason,
                assumed: *assumed,
            };
            draw_reclassification(call, &order, action).await
        }
        Repair::HandOver {
            from,
            to,
            place,
            amount,
            reason,
        } => {
            let order = HandOver {
                from,
                to,
                place,
                amount,
                reason,
            };
            draw_handover(call, &order, action).await
        }
        Repair::Reassign {
            donation,
            campaign,
            consent,
        } => draw_reassignment(call, (donation, campaign), consent, action).await,
        // What concerns privacy books nothing and is drawn up by its own room.
        Repair::Withdraw { .. } | Repair::WithdrawFile { .. } | Repair::Erase { .. } => {
            Err(missing("这个操作"))
        }
    }
}

/// What was asked for with its exact amount: the second person confirms a number and not "all that is left".
fn exactly(repair: &Repair, drawn: &Drawn) -> Repair {
    let fen = drawn.posting.moves.iter().map(|order| order.amount).sum();
    let exact = Fen::new(fen).to_string();
    let mut repair = repair.clone();
    // An amount that is written in another way is the same request.
    if let Repair::Refund { amount, .. }
    | Repair::Reclassify { amount, .. }
    | Repair::HandOver { amount, .. } = &mut repair
    {
        *amount = exact;
    }
    repair
}

async fn carry_out(call: &mut Call<'_>, drawn: Drawn) -> Flow<Outcome> {
    let posted = call.book(&drawn.posting).await?;
    if let Some((donation, state, campaign)) = drawn.mark {
        call.batch.donation_mark(donation, state, campaign).await?;
    }
    call.audit(Action::CorrectionRecord, drawn.record.clone(), drawn.detail);
    let movements = posted.movements.iter().map(|m| call.print(*m)).collect();
    Ok(Outcome::Moved {
        id: drawn.record,
        movements,
    })
}
