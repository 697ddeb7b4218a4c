//! Import runs: staged, undone before they are posted, finished; and proposals of duplicates.

use crate::command::{Command, Outcome};
use crate::error::AppError;
use crate::staircase::{Call, Flow, missing};
use domain::identity::{Action, Object};
use domain::say;
use kernel::Id;
use leaf::ids;
use store::batch::ImportProgress;
use store::exchange::RejectRow;

/// Most pairs of one proposal.
pub(crate) const PAIRS_MAX: usize = 2_000;
/// Why two entries are proposed as one.
const SAME_NAME: &str = "名称相同（不计全角半角、空格和臺台之别）";

pub(crate) async fn run(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::ImportStage(run) => stage(call, run).await,
        Command::ImportUndo { run } => undo(call, run).await,
        Command::ImportFinish { run, rejects } => finish(call, run, rejects).await,
        Command::DuplicatesPropose { pairs } => propose(call, pairs).await,
        _ => Err(missing("这个操作")),
    }
}

async fn stage(call: &mut Call<'_>, run: &ImportProgress) -> Flow<Outcome> {
    let organisation = run.organisation.map(Id::<ids::Organisation>::from_raw);
    permit(call, organisation)?;
    if let Some(id) = organisation {
        call.batch
            .organisation(id)
            .await?
            .ok_or(missing("导入的单位"))?;
    }
    if let Some(campaign) = run.campaign {
        let campaign = call.batch.campaign(Id::from_raw(campaign)).await?;
        if campaign.map(|c| Some(c.organisation)) != Some(organisation) {
            return Err(missing("本单位的这个活动"));
        }
    }
    if let Some((earlier, state)) = call.batch.import_earlier(run.sha256).await? {
        let earlier = call.print(earlier);
        let sentence = say!(
            "这个文件以前导入过，批次是 {earlier}（{state}），没有重复导入。",
            earlier,
            state = state_title(&state)
        );
        return Err(AppError::conflict("import_earlier", sentence).into());
    }
    let mut run = run.clone();
    run.user = call.request.actor.user_id().map(Id::raw);
    let now = call.now();
    let id = call.batch.import_stage(&run, now).await?;
    let id = call.print(id);
    call.audit(Action::ImportRun, id.clone(), "stage");
    Ok(Outcome::Record { id })
}

async fn undo(call: &mut Call<'_>, run: &str) -> Flow<Outcome> {
    let (id, organisation, state) = load(call, run).await?;
    permit(call, organisation)?;
    if state != "staged" {
        let sentence = say!(
            "这个批次{state}，不能撤销；记错的请逐笔办理更正。",
            state = state_title(&state)
        );
        return Err(AppError::conflict("import_not_staged", sentence).into());
    }
    let now = call.now();
    call.batch.import_advance(id, "undone", 0, now).await?;
    let id = call.print(id);
    call.audit(Action::ImportRun, id.clone(), "undo");
    Ok(Outcome::Record { id })
}

async fn finish(call: &mut Call<'_>, run: &str, rejects: &[RejectRow]) -> Flow<Outcome> {
    let (id, organisation, state) = load(call, run).await?;
    permit(call, organisation)?;
    let printed = call.print(id);
    if state == "posted" {
        return Ok(Outcome::Record { id: printed });
    }
    if state == "undone" {
        return Err(missing("这次导入（它已撤销）"));
    }
    if let Some(organisation) = organisation.filter(|_| !rejects.is_empty()) {
        call.batch.import_rejects(id, organisation, rejects).await?;
    }
    let now = call.now();
    call.batch.import_advance(id, "posted", 0, now).await?;
    call.audit(Action::ImportRun, printed.clone(), "post");
    Ok(Outcome::Record { id: printed })
}

async fn propose(call: &mut Call<'_>, pairs: &[(String, String)]) -> Flow<Outcome> {
    call.permit(Action::ImportRun, &Object::house())?;
    if pairs.len() > PAIRS_MAX {
        return Err(missing("这么多对重复项的办理方式（每次最多2000对）"));
    }
    let mut known = Vec::with_capacity(pairs.len());
    for (one, other) in pairs {
        let one = call.id::<ids::Organisation>(one, "这个组织")?;
        let other = call.id::<ids::Organisation>(other, "这个组织")?;
        known.push((one, other, SAME_NAME));
    }
    let new = call.batch.duplicates_propose(&known).await?;
    let rows = i64::try_from(new).unwrap_or(i64::MAX);
    let all = i64::try_from(pairs.len()).unwrap_or(i64::MAX);
    Ok(Outcome::Posted {
        rows,
        known: all.saturating_sub(rows),
    })
}

fn permit(call: &Call<'_>, organisation: Option<Id<ids::Organisation>>) -> Flow<()> {
    let object = organisation.map_or_else(Object::house, Object::of);
    call.permit(Action::ImportRun, &object)
}

type Run = (Id<ids::ImportRun>, Option<Id<ids::Organisation>>, String);

async fn load(call: &mut Call<'_>, run: &str) -> Flow<Run> {
    let id = call.id::<ids::ImportRun>(run, "这个导入批次")?;
    let known = store::exchange::import_run_by_id(call.batch.sql().await?, id).await?;
    let known = known.ok_or(missing("这个导入批次"))?;
    Ok((id, known.organisation, known.state))
}

/// The state of a run in words that fit behind 批次.
pub(crate) fn state_title(state: &str) -> &'static str {
    match state {
        "staged" => "已暂存，尚未入账",
        "posting" => "已开始入账，尚未完成",
        "posted" => "已入账",
        "undone" => "已撤销",
        _ => "状态不明",
    }
}
