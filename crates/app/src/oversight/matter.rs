//! Matters: opened and filled in by an organisation, moved on by it and by officials, step by step.

use super::acting::{self, Around};
use super::effect;
use super::report::{self, REPORT};
use super::wake::{WAKE_JOB, next_wake};
use super::{Whose, calendar, reported_year};
use crate::AppError;
use crate::command::{Command, MatterAnswer, MatterStep, Outcome};
use crate::identity::{Represented, represented_by};
use crate::query::may_read;
use crate::staircase::{Call, Flow, Stop, invalid, missing, refused};
use domain::identity::{Action, Object, reach};
use domain::oversight::forms::{self, Answers, Form, Known, Paper, limits::FILES_MAX};
use domain::oversight::matters::MatterRefused;
use domain::oversight::procedures::{StepRefusal, is_of_office, procedure, roles};
use domain::text::{Form as Words, Problem};
use kernel::{Day, Id};
use leaf::ids;
use matter::{Effect, Gap, Matter, Person, Procedure, Request, Step, StepRefused, Taken, Who};
use store::batch::{EvidenceRow, JobTimes, Keeping, NewMatter};
use store::oversight::MatterRecord;

/// Letters and digits of a tracking code: none that are mistaken for another one.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length of a tracking code.
const CODE_CHARS: usize = 8;

/// 〔在办事项〕 A matter with its fold and its place.
pub(super) struct Loaded {
    pub(super) record: MatterRecord,
    pub(super) matter: Matter,
    pub(super) place: Object,
}

pub(crate) async fn run(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::MatterOpen {
            organisation,
            procedure,
        } => open(call, organisation, procedure).await,
        Command::MatterAnswer(form) => answer(call, form).await,
        Command::MatterStep(form) => step(call, form).await,
        _ => Err(missing("这个操作")),
    }
}

async fn open(call: &mut Call<'_>, organisation: &str, name: &str) -> Flow<Outcome> {
    let id: Id<ids::Organisation> = call.id(organisation, "这个组织")?;
    let known = call.batch.organisation(id).await?;
    let known = known.ok_or(missing("这个组织"))?;
    let place = Object {
        region: known.region,
        ..Object::of(id)
    };
    let table = procedure(name).filter(|table| forms::form(table.name).is_some());
    let table = table.ok_or(refused(MatterRefused::NotOnline))?;
    let action = permitted_to_open(call, table, &place)?;
    let region = known.region.ok_or(refused(MatterRefused::NoOffice))?;
    if call.batch.matter_open(id, table.name).await?.is_some() {
        return Err(refused(MatterRefused::OpenAlready));
    }
    let code = tracking_code(&call.word_key(0));
    let new = NewMatter {
        procedure: table.name,
        organisation: id,
        region: &region,
        user: call.user(),
        state: table.start,
        code: &code,
    };
    let now = call.now();
    let matter = call.batch.matter_insert(&new, now).await?;
    if table.name == REPORT {
        report::begin(call, matter).await?;
    }
    let id = matter;
    let id = call.print(id);
    call.audit(action, id.clone(), format!("open {name}"));
    Ok(Outcome::Record { id })
}

/// Organisations apply; what an office does by itself is begun by one of its clerks who does not work there.
fn permitted_to_open(call: &Call<'_>, table: &'static Procedure, place: &Object) -> Flow<Action> {
    if !is_of_office(table) {
        call.permit(Action::MatterApply, place)?;
        return Ok(Action::MatterApply);
    }
    call.permit(Action::MatterHandle, place)?;
    if !roles::roles_of(&call.request.actor, place).contains(&roles::CLERK) {
        return Err(refused(StepRefusal {
            procedure: table,
            refused: StepRefused::Role {
                roles: &[roles::CLERK],
            },
        }));
    }
    Ok(Action::MatterHandle)
}

/// Eight letters of random bytes.
fn tracking_code(key: &[u8; 32]) -> String {
    let letters = key.iter().take(CODE_CHARS);
    letters
        .filter_map(|byte| CODE_LETTERS.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect()
}

/// Whose matter it is, and when.
fn whose(call: &Call<'_>, loaded: &Loaded) -> Whose {
    Whose {
        organisation: loaded.record.organisation,
        today: call.now().day(),
        year: reported_year(&loaded.matter),
    }
}

/// The matter of a printed id, for those who may read it; nobody else learns that it exists.
async fn load(call: &mut Call<'_>, id: &str) -> Flow<Loaded> {
    let id: Id<ids::Matter> = call.id(id, "这件事项")?;
    let loaded = load_by_id(call, id).await?;
    if !may_read(&call.request.actor, &loaded.place, &loaded.matter) {
        return Err(missing("这件事项"));
    }
    Ok(loaded)
}

pub(super) async fn load_by_id(call: &mut Call<'_>, id: Id<ids::Matter>) -> Flow<Loaded> {
    let record = call.batch.matter(id).await?.ok_or(missing("这件事项"))?;
    let matter = store::oversight::matter_folded(call.batch.sql().await?, &record).await?;
    let place = Object {
        region: Some(record.region),
        ..Object::of(record.organisation)
    };
    Ok(Loaded {
        record,
        matter,
        place,
    })
}

/// Whoever saw an older state is told so and decides anew.
fn judge_version(record: &MatterRecord, version: i64) -> Flow<()> {
    if record.version == version {
        return Ok(());
    }
    Err(AppError::conflict(
        "matter_changed",
        "这件事项刚刚有人办理过，请核对最新情况后再办理；您填写的内容还在。",
    )
    .into())
}

/// The step by which a draft is handed on, where the matter stands in one.
fn submission(matter: &Matter) -> Option<&'static Step> {
    let state = matter.state().name;
    let steps = matter.procedure().steps.iter();
    let mut steps = steps.filter(|step| step.effect == Effect::Submit);
    steps.find(|step| step.from.contains(&state))
}

async fn answer(call: &mut Call<'_>, sent: &MatterAnswer) -> Flow<Outcome> {
    let loaded = load(call, &sent.matter).await?;
    let form = forms::form(loaded.record.procedure.name);
    let form = form.ok_or(refused(MatterRefused::NotOnline))?;
    let maker = submission(&loaded.matter).ok_or(refused(MatterRefused::NotADraft))?;
    let action = permitted(call, maker, &loaded.place)?;
    let worth = roles::roles_of(&call.request.actor, &loaded.place);
    if !maker.roles.iter().any(|role| worth.contains(role)) {
        return Err(refused(StepRefusal {
            procedure: loaded.record.procedure,
            refused: StepRefused::Role { roles: maker.roles },
        }));
    }
    judge_version(&loaded.record, sent.version)?;
    let answers = Answers::read(form, sent.answers.iter().map(|(n, t)| (n, t))).map_err(invalid)?;
    let whose = whose(call, &loaded);
    let answers = report::with_ledger(call, whose, answers).await?;
    let kept: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|field| (field.name, answers.get(field.name)))
        .collect();
    call.batch.matter_answered(&loaded.record, &kept).await?;
    keep_files(call, (form, &loaded.record), sent).await?;
    let id = call.print(loaded.record.id);
    call.audit(action, id.clone(), "answer");
    Ok(Outcome::Step {
        id,
        state: loaded.record.state,
    })
}

/// New files, and those that count no more.
async fn keep_files(
    call: &mut Call<'_>,
    (form, record): (&Form, &MatterRecord),
    sent: &MatterAnswer,
) -> Flow<()> {
    for (slot, sha256) in &sent.dropped {
        call.batch.matter_file_end(record, slot, sha256).await?;
    }
    if sent.files.is_empty() {
        return Ok(());
    }
    let there = store::oversight::matter_files(call.batch.sql().await?, record.id).await?;
    let mut words = Words::new();
    if there.len().saturating_add(sent.files.len()) > FILES_MAX {
        words.refuse(
            "files",
            "too_many",
            "这件事项的文件太多了，请合并成较少的文件再上传。",
        );
    }
    words.finish(()).map_err(invalid)?;
    let keeping = Keeping {
        user: call.user(),
        at: call.now(),
    };
    for (slot, file) in &sent.files {
        let Some(slot) = form.slot(slot) else {
            continue;
        };
        let known = there.iter().any(|old| {
            old.slot == slot.name && old.sha256 == file.sha256 && old.until_round.is_none()
        });
        if known {
            continue;
        }
        let row = EvidenceRow {
            sha256: file.sha256,
            length: file.length,
            mime: file.mime.clone(),
            title: file.title.clone(),
        };
        call.batch
            .matter_file_insert(record, (slot.name, &row), keeping)
            .await?;
    }
    Ok(())
}

async fn step(call: &mut Call<'_>, sent: &MatterStep) -> Flow<Outcome> {
    let loaded = load(call, &sent.matter).await?;
    let (record, table) = (&loaded.record, loaded.record.procedure);
    let refusal = |refused| {
        crate::staircase::refused(StepRefusal {
            procedure: table,
            refused,
        })
    };
    let step = table.step(&sent.step);
    let step = step.ok_or(refusal(StepRefused::Unknown))?;
    let represented = represented(call, &sent.on_behalf).await?;
    let action = match &represented {
        None => permitted(call, step, &loaded.place)?,
        Some(one) => permitted_on_behalf(call, step, (&loaded.place, one))?,
    };
    judge_version(record, sent.version)?;
    let papers = match step.effect {
        Effect::Submit => Some(handed_in(call, &loaded).await?),
        _ => None,
    };
    let effect = effect::asked(call, (record, step), sent);
    let request = request(call, (&loaded, step), (sent, papers.as_ref()));
    let (effect, mut request) = match request {
        Ok(request) => (effect, request),
        Err(stop) => return Err(joined(effect, stop)),
    };
    let person = Person(call.user().raw());
    request.who = acting::who(person, represented.as_ref());
    let actor = &call.request.actor;
    let around = match &represented {
        None => Around::alone(person, &roles::roles_of(actor, &loaded.place)),
        Some(one) => Around::default().with(actor, &loaded.place, std::slice::from_ref(one)),
    };
    let office = around.office();
    let taken = matter::take(&loaded.matter, &request, &office, calendar()).map_err(refusal)?;
    if let Some(papers) = papers {
        papers.judge().map_err(invalid)?;
    }
    if let Some((effect, paper)) = effect? {
        effect::write(call, &loaded, (effect, paper)).await?;
    }
    let state = record_step(call, loaded, taken).await?;
    let id = sent.matter.trim().to_string();
    let for_whom = represented.map(|one| call.print(one.delegation.represented));
    let told = for_whom.map_or(step.name.to_string(), |user| {
        format!("{} on behalf of {user}", step.name)
    });
    call.audit(action, id.clone(), told);
    Ok(Outcome::Step {
        id,
        state: state.into(),
    })
}

/// Who is represented under this delegation today; nobody for an empty handle.
async fn represented(call: &mut Call<'_>, handle: &str) -> Flow<Option<Represented>> {
    let handle = handle.trim();
    if handle.is_empty() {
        return Ok(None);
    }
    let (actor, today) = (&call.request.actor, call.now().day());
    let all = represented_by(call.batch.sql().await?, actor, today).await?;
    let mut all = all.into_iter();
    let found = all.find(|one| one.handle == handle);
    found.map(Some).ok_or(missing("这项委托"))
}

/// Any of the permissions that a step asks for, by the duty that was handed over.
fn permitted_on_behalf(
    call: &Call<'_>,
    step: &Step,
    (place, one): (&Object, &Represented),
) -> Flow<Action> {
    let actions = roles::actions_of(step);
    let allowed = |action: &&Action| reach(&one.duty, **action).covers(place);
    let action = actions.iter().find(allowed).or(actions.first());
    let action = action.ok_or(missing("这一步"))?;
    call.permit_on_behalf(&one.duty, *action, place)?;
    Ok(*action)
}

/// Faults of both halves of a form are told together.
fn joined<T>(one: Flow<T>, other: Stop) -> Stop {
    match (one, other) {
        (Err(Stop::App(AppError::Invalid(mut all))), Stop::App(AppError::Invalid(more))) => {
            all.extend(more);
            invalid(all)
        }
        (Err(Stop::Database(error)), _) => Stop::Database(error),
        (_, other) => other,
    }
}

/// Any of the permissions that a step asks for.
fn permitted(call: &Call<'_>, step: &Step, place: &Object) -> Flow<Action> {
    let actions = roles::actions_of(step);
    let allowed = actions
        .iter()
        .find(|action| call.has_role_for(**action, place));
    match allowed.or(actions.first()) {
        Some(action) => call.permit(*action, place).map(|()| *action),
        None => Err(missing("这一步")),
    }
}

/// 〔拟提交的内容〕 What is handed on: answers and documents against the form.
struct HandedIn {
    form: &'static Form,
    answers: Answers,
    files: Vec<(String, usize)>,
    known: Known,
}

impl HandedIn {
    /// Everything that is missing, at once.
    fn judge(&self) -> Result<(), Vec<Problem>> {
        let papers: Vec<Paper<'_>> = self
            .files
            .iter()
            .map(|(slot, files)| Paper {
                slot,
                files: *files,
            })
            .collect();
        let found = forms::problems(self.form, &self.answers, &papers, &self.known);
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

async fn handed_in(call: &mut Call<'_>, loaded: &Loaded) -> Flow<HandedIn> {
    let record = &loaded.record;
    let form = forms::form(record.procedure.name);
    let form = form.ok_or(refused(MatterRefused::NotOnline))?;
    let whose = whose(call, loaded);
    report::keep_ledger(call, record, whose).await?;
    let registered = call
        .batch
        .organisation_registered(record.organisation)
        .await?;
    let register = (*call.batch.register(record.organisation).await?).clone();
    let session = call.batch.sql().await?;
    let stored =
        store::oversight::matter_answers_standing(session, record.id, record.round).await?;
    let files = store::oversight::matter_files(session, record.id).await?;
    let slots = form.slots.iter().map(|slot| {
        let of_slot = files.iter().filter(|file| file.slot == slot.name);
        let counted = of_slot.filter(|file| file.counts_in(record.round));
        (slot.name.to_string(), counted.count())
    });
    let slots: Vec<_> = slots.collect();
    let answers = Answers::kept(form, stored);
    let known = Known {
        today: whose.today,
        registered,
        region: record.region,
        register,
        around: effect::around(call, whose, &answers).await?,
    };
    Ok(HandedIn {
        form,
        answers,
        files: slots,
        known,
    })
}

/// What was typed, read; facts are computed and never typed.
fn request(
    call: &Call<'_>,
    (loaded, step): (&Loaded, &Step),
    (sent, papers): (&MatterStep, Option<&HandedIn>),
) -> Flow<Request> {
    let mut words = Words::new();
    let dated = match sent.dated.trim() {
        "" => None,
        text => words.day("dated", "日期", text),
    };
    let longer_by = match sent.longer_by.trim() {
        "" => None,
        text => {
            let days = text.parse().ok();
            if days.is_none() {
                words.refuse("longer_by", "number", "延长的天数请只填数字。");
            }
            days
        }
    };
    words.private("reason", "理由", &sent.reason, matter::limits::REASON_CHARS);
    words.finish(()).map_err(invalid)?;
    let form = forms::form(loaded.record.procedure.name);
    let known = |item: &str| item == forms::OTHER || form.is_some_and(|f| f.label(item).is_some());
    let gaps = sent.gaps.iter();
    let gaps = gaps.filter(|(item, missing)| known(item) && !missing.trim().is_empty());
    let facts = papers.map_or_else(Vec::new, |papers| papers.form.facts_of(&papers.answers));
    let facts = facts.into_iter().filter(|f| step.states_facts.contains(f));
    let reason = sent.reason.trim();
    Ok(Request {
        step: step.name.to_string(),
        who: Who::alone(Person(call.user().raw())),
        at: call.now(),
        dated,
        reason: (!reason.is_empty()).then(|| reason.to_string()),
        gaps: gaps
            .map(|(item, missing)| Gap {
                item: item.clone(),
                missing: missing.trim().to_string(),
            })
            .collect(),
        facts: facts.map(str::to_string).collect(),
        longer_by,
    })
}

/// Keeps a step and asks for the hour at which the house has to look again; the name of the new state.
pub(super) async fn record_step(
    call: &mut Call<'_>,
    loaded: Loaded,
    taken: Taken,
) -> Flow<&'static str> {
    let Loaded {
        record, mut matter, ..
    } = loaded;
    matter.record(taken.clone()).map_err(AppError::internal)?;
    call.batch.matter_taken(&record, &taken, &matter).await?;
    ask_to_wake(call, record.id, &matter);
    Ok(matter.state().name)
}

/// A job for the first day on which a step of the house itself may fall due.
pub(super) fn ask_to_wake(call: &mut Call<'_>, id: Id<ids::Matter>, matter: &Matter) {
    let now = call.now();
    let today: Day = now.day();
    if let Some(day) = next_wake(matter, today, calendar()) {
        let times = JobTimes {
            now,
            run_at: day.start(),
        };
        let id = call.print(id);
        call.batch.job(WAKE_JOB, id, times);
    }
}
