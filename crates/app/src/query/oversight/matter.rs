//! One matter, for those who may read it.

use super::clock::{clock_line, phase};
use super::ratio::{Judged, ratios};
use crate::answer::Answer;
use crate::identity::{Represented, represented_by};
use crate::oversight::{Around, Whose, around, calendar, reported_year, worth_of};
use crate::query::{found, keys};
use crate::view::{
    AnswerLine, GapLine, Link, MatterPage, PaperFile, PaperLine, StepOffer, TakenLine, TrackPage,
};
use crate::{App, AppError};
use db::Session;
use domain::identity::{Action, Actor, Object, permit};
use domain::oversight::annual::year_days;
use domain::oversight::effects;
use domain::oversight::eligibility::{Facts, Reports, eligibility};
use domain::oversight::forms::{self, Answers, Form, Known, Paper};
use domain::oversight::procedures::{StepRefusal, is_of_office, roles};
use domain::parties::register::Right;
use domain::{Refused, Sentence, say};
use kernel::Id;
use leaf::ids;
use matter::{
    Dated, Effect, Light, Matter, Person, Phase, STAY, Step, StepRefused, Taken, clocks, open_steps,
};
use std::collections::BTreeMap;
use store::oversight::{MatterFile, MatterRecord};

/// Letters of the tracking code that the public page asks for.
const CODE_END: usize = 4;

/// What is read of a matter.
struct Read {
    record: MatterRecord,
    matter: Matter,
    answers: Answers,
    files: Vec<MatterFile>,
    form: Option<&'static Form>,
    known: Known,
    reports: Reports,
    /// Whom the reader may represent today.
    represented: Vec<Represented>,
}

impl App {
    /// A matter.
    ///
    /// # Errors
    /// `NotFound`, also for those who may not read it: nobody else learns that it exists.
    pub fn matter_page<'a>(&'a self, actor: &'a Actor, id: &'a str) -> Answer<'a, MatterPage> {
        Box::pin(async move {
            let id: Id<ids::Matter> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let mut of = self.matter_read(read, id).await?;
            of.represented = represented_by(read, actor, self.now().day()).await?;
            let place = place_of(&of.record);
            if !may_read(actor, &place, &of.matter) {
                return Err(AppError::NotFound("这件事项"));
            }
            let organisation = self.organisation_link(read, of.record.organisation).await?;
            let people = of
                .matter
                .history()
                .iter()
                .flat_map(|taken| taken.who.people());
            let people = keys(people.filter(|p| *p != Person::SYSTEM).map(|p| p.0));
            let names = store::identity::user_names(read, &people).await?;
            Ok(MatterPage {
                organisation,
                history: of.history(&names),
                ..self.matter_shown(actor, &of, &place)
            })
        })
    }

    async fn matter_read(&self, read: &mut Session, id: Id<ids::Matter>) -> Result<Read, AppError> {
        let record = store::oversight::matter_record(read, id).await?;
        let record = found(record, "这件事项")?;
        let matter = store::oversight::matter_folded(read, &record).await?;
        let stored = store::oversight::matter_answers_standing(read, id, record.round).await?;
        let mut files = store::oversight::matter_files(read, id).await?;
        files.retain(|file| file.counts_in(record.round));
        let form = forms::form(record.procedure.name);
        let registered = store::parties::organisation_registered(read, record.organisation).await?;
        let answers = form.map_or_else(Answers::default, |form| Answers::kept(form, stored));
        let whose = Whose {
            organisation: record.organisation,
            today: self.now().day(),
            year: reported_year(&matter),
        };
        let read_id = |text: &str| self.read_id::<ids::Organisation>(text).ok();
        let around = around(read, whose, &answers, read_id).await?;
        Ok(Read {
            reports: self.reports_of_year(read, record.organisation).await?,
            represented: Vec::new(),
            answers,
            known: Known {
                today: self.now().day(),
                registered,
                region: record.region,
                register: store::parties::register_of(read, record.organisation).await?,
                around,
            },
            form,
            files,
            matter,
            record,
        })
    }

    fn matter_shown(&self, actor: &Actor, of: &Read, place: &Object) -> MatterPage {
        let (record, matter) = (&of.record, &of.matter);
        let worth = roles::roles_of(actor, place);
        let applies = permit(actor, Action::MatterApply, place).is_ok();
        let mut lines: Vec<_> = clocks(matter, self.now().day(), calendar());
        lines.reverse();
        let returned = matter
            .history()
            .iter()
            .rev()
            .find(|taken| !taken.gaps.is_empty());
        let returned = returned.filter(|_| phase(matter.state().phase) == "mending");
        let is_draft = submission(matter).is_some();
        MatterPage {
            id: self.print(record.id),
            organisation: crate::view::Link::default(),
            procedure: record.procedure.name,
            title: record.procedure.title,
            state: matter.state().title,
            phase: phase(matter.state().phase),
            version: record.version,
            opened: record.opened_at.day().to_string(),
            code: applies.then(|| record.code.clone()),
            waits_for: waits_for(matter),
            clocks: lines.iter().map(clock_line).collect(),
            history: Vec::new(),
            gaps: returned.map_or_else(Vec::new, |taken| of.gaps(taken)),
            returned: returned.map(|taken| taken.at.rfc3339()),
            answers: of.answer_lines(),
            papers: of.paper_lines(),
            figures: of.figures(),
            eligibility: of.eligibility(),
            problems: if is_draft { of.problems() } else { Vec::new() },
            editable: submission(matter)
                .is_some_and(|step| step.roles.iter().any(|role| worth.contains(role))),
            steps: self.step_offers(actor, (of, place, &worth)),
        }
    }

    /// The steps of this moment, for one person: by himself, else for somebody whom he represents.
    fn step_offers(
        &self,
        actor: &Actor,
        (of, place, worth): (&Read, &Object, &[&'static str]),
    ) -> Vec<StepOffer> {
        let matter = &of.matter;
        let Some(user) = actor.user_id() else {
            return Vec::new();
        };
        let person = Person(user.raw());
        let around = Around::alone(person, worth).with(actor, place, &of.represented);
        // One person has a handful of posts.
        let open = open_steps(matter, &around.office(), self.now(), calendar());
        let open = open.unwrap_or_default();
        let steps = open.into_iter().filter(|open| !open.step.is_of_system());
        steps
            .map(|open| {
                let mut takers = open.takers.iter().filter(|who| who.by == person);
                let mine = takers.clone().any(|who| who.for_whom.is_none());
                let other = takers.find_map(|who| who.for_whom).filter(|_| !mine);
                let fits = |one: &Represented| {
                    let roles = worth_of(actor, place, one);
                    roles.iter().any(|role| open.step.roles.contains(role))
                };
                let on_behalf = other.and_then(|other| of.link_of(other, fits));
                let mut refused = open.refused.into_iter();
                let refused = refused.find(|(who, _)| who.by == person);
                let refused = refused.map_or(
                    StepRefused::Role {
                        roles: open.step.roles,
                    },
                    |(_, why)| why,
                );
                let may = mine || on_behalf.is_some();
                StepOffer {
                    on_behalf,
                    ..offer(matter, open.step, (!may).then_some(refused))
                }
            })
            .collect()
    }

    /// What the public is told of a matter: for its number and the last letters of its code.
    ///
    /// # Errors
    /// `NotFound`, whichever of both is wrong.
    pub fn matter_track<'a>(&'a self, number: &'a str, end: &'a str) -> Answer<'a, TrackPage> {
        Box::pin(async move {
            let nothing = || AppError::NotFound("这件事项");
            let id: Id<ids::Matter> = self.read_id(number).map_err(|_| nothing())?;
            let mut read = self.db().read_tx().await?;
            let record = store::oversight::matter_record(&mut read, id).await?;
            let record = found(record, "这件事项")?;
            let typed: String = end.trim().to_uppercase().chars().collect();
            let is_end = typed.len() == CODE_END && record.code.ends_with(&typed);
            if !is_end {
                return Err(nothing());
            }
            let matter = store::oversight::matter_folded(&mut read, &record).await?;
            let state = matter.state();
            let lines = clocks(&matter, self.now().day(), calendar());
            let running = lines.iter().filter(|line| line.light != Light::Off);
            let step = |taken: &Taken| {
                let title = record
                    .procedure
                    .step(taken.step)
                    .map_or("", |step| step.title);
                (title, taken.at.day().to_string())
            };
            let gaps = matter.history().last().map_or(0, |taken| taken.gaps.len());
            Ok(TrackPage {
                id: self.print(record.id),
                title: record.procedure.title,
                state: state.title,
                phase: phase(state.phase),
                waits_for: waits_for(&matter),
                steps: matter.history().iter().map(step).collect(),
                gaps,
                clocks: running.map(clock_line).collect(),
            })
        })
    }

    /// The file of a matter by its digest, for those who may read the matter: its name.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn matter_file<'a>(
        &'a self,
        actor: &'a Actor,
        (id, sha256): (&'a str, &'a [u8; 32]),
    ) -> Answer<'a, String> {
        Box::pin(async move {
            let id: Id<ids::Matter> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let record = store::oversight::matter_record(&mut read, id).await?;
            let record = found(record, "这件事项")?;
            let matter = store::oversight::matter_folded(&mut read, &record).await?;
            if !may_read(actor, &place_of(&record), &matter) {
                return Err(AppError::NotFound("这件事项"));
            }
            let files = store::oversight::matter_files(&mut read, id).await?;
            let file = files.into_iter().find(|file| file.sha256 == *sha256);
            Ok(found(file, "这份材料")?.title)
        })
    }

    /// True if a kept file belongs to matters only and is not for the public.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn file_is_private<'a>(&'a self, sha256: &'a [u8; 32]) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            Ok(store::oversight::file_is_of_matters(&mut read, sha256).await?)
        })
    }
}

/// Where a matter belongs.
pub(crate) fn place_of(record: &MatterRecord) -> Object {
    Object {
        region: Some(record.region),
        ..Object::of(record.organisation)
    }
}

/// Whether somebody may read a matter. What was never handed in is nobody's business but the applicant's; what an
/// office does by itself is the organisation's business once it was told.
pub(crate) fn may_read(actor: &Actor, place: &Object, matter: &Matter) -> bool {
    if is_of_office(matter.procedure()) {
        let works_there = actor.grants().iter();
        let mut works_there = works_there.filter(|grant| grant.organisation.is_some());
        return match works_there.any(|grant| grant.organisation == place.organisation) {
            true => is_told(matter) && permit(actor, Action::MatterRead, place).is_ok(),
            false => permit(actor, Action::MatterRead, place).is_ok(),
        };
    }
    let of_applicant = Object {
        region: None,
        ..place.clone()
    };
    let is_applicant = permit(actor, Action::MatterRead, &of_applicant).is_ok();
    is_applicant || is_handed_in(matter) && permit(actor, Action::MatterRead, place).is_ok()
}

/// True once the organisation was told of what an office is about to do, or has done.
pub(crate) fn is_told(matter: &Matter) -> bool {
    let table = matter.procedure();
    let mut steps = matter.history().iter();
    steps.any(|taken| taken.step == TOLD || table.step(taken.step).is_some_and(|s| s.published))
}

/// The step by which an organisation is told before it is decided.
const TOLD: &str = "notify";

/// True once somebody of the office could see it.
pub(crate) fn is_handed_in(matter: &Matter) -> bool {
    let table = matter.procedure();
    let leads_to = |taken: &Taken| table.state(table.step(taken.step)?.to);
    let mut states = matter.history().iter().filter_map(leads_to);
    states.any(|state| !matches!(state.phase, Phase::Preparing | Phase::Withdrawn))
}

/// The step by which a draft is handed on, where the matter stands in one.
fn submission(matter: &Matter) -> Option<&'static Step> {
    let state = matter.state().name;
    let mut steps = matter.procedure().steps.iter();
    steps.find(|step| step.effect == Effect::Submit && step.from.contains(&state))
}

/// Who has to act now: whoever a running clock waits for, else whoever can take the first step.
pub(crate) fn waits_for(matter: &Matter) -> Vec<&'static str> {
    if matter.state().is_final {
        return Vec::new();
    }
    let running = matter
        .runs()
        .iter()
        .rev()
        .find(|run| run.ended.is_none() && run.clock.nature != matter::Nature::Waiting);
    if let Some(run) = running {
        return vec![roles::title_of(run.clock.owes)];
    }
    let state = matter.state().name;
    let mut steps = matter.procedure().steps.iter();
    let first = steps.find(|step| {
        step.from.contains(&state) && step.when.holds(matter.facts()) && !step.is_of_system()
    });
    let roles = first.map_or(&[][..], |step| step.roles);
    roles.iter().map(|role| roles::title_of(role)).collect()
}

fn offer(matter: &Matter, step: &'static Step, refused: Option<StepRefused>) -> StepOffer {
    let table = matter.procedure();
    let leads_to = table.state(step.to);
    let title = leads_to.map_or("", |state| state.title);
    let effect = match step.to {
        STAY => say!("办理后记入经过，状态不变。"),
        _ if leads_to.is_some_and(|state| state.is_final) => say!(
            "办理后这件事项就办结了，结果是“{state}”，不能撤回。",
            state = title
        ),
        _ => say!("办理后状态变为“{state}”，记入经过。", state = title),
    };
    let longer = step.extends.and_then(|clock| table.clock(clock)?.extension);
    StepOffer {
        name: step.name,
        title: step.title,
        may: refused.is_none(),
        why: refused.map_or_else(
            || Sentence::from(""),
            |refused| {
                let refusal = StepRefusal {
                    procedure: table,
                    refused,
                };
                refusal.sentence()
            },
        ),
        leads_to: title,
        effect,
        asks_reason: step.reason_required,
        asks_gaps: step.effect == Effect::Return,
        asks_day: step.dated == Dated::Stated,
        writes: effects::effect(table.name, step.name),
        longer_by: longer.map(|extension| extension.most),
        hands_in: step.effect == Effect::Submit,
        ends: leads_to.is_some_and(|state| state.is_final),
        on_behalf: None,
    }
}

/// What follows from numbers that were given.
fn figures(answers: &Answers) -> Vec<(&'static str, Sentence)> {
    let mut figures = Vec::new();
    if let (Some(spending), Some(management)) = (answers.fen("spending"), answers.fen("management"))
    {
        let all = spending.saturating_add(management);
        if all > 0 {
            let hundredths = i128::from(management) * 10_000 / i128::from(all);
            let text = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
            figures.push(("管理费用占两项合计", text.into()));
        }
    }
    if let Some(since) = answers.day("charity_since") {
        let first = since.plus_months(12);
        figures.push(("满一年的日期", say!("{first}", first)));
    }
    figures
}

impl Read {
    /// What follows from the answers.
    fn figures(&self) -> Vec<(&'static str, Sentence)> {
        match self.known.around.year.and_then(year_days) {
            None => figures(&self.answers),
            Some((_, last)) => {
                let judged = Judged {
                    kind: self.known.around.kind,
                    is_qualified: matches!(self.known.register.right(last), Right::Valid(_)),
                    day: last,
                };
                ratios(&self.answers, judged)
            }
        }
    }

    /// The conditions of what is applied for, with what is known of each; computed for the qualification only.
    fn eligibility(&self) -> Vec<domain::oversight::eligibility::Checked> {
        if self.record.procedure.name != "qualification" {
            return Vec::new();
        }
        let papers = self.form.iter().flat_map(|form| form.slots).map(|slot| {
            let files = self.files.iter().filter(|file| file.slot == slot.name);
            Paper {
                slot: slot.name,
                files: files.count(),
            }
        });
        let papers: Vec<Paper<'_>> = papers.collect();
        eligibility(&Facts {
            today: self.known.today,
            region: Some(self.known.region),
            register: &self.known.register,
            reports: self.reports,
            answers: &self.answers,
            papers: &papers,
        })
    }

    /// The delegation under which this person is represented in a step, with the name.
    fn link_of(&self, person: Person, fits: impl Fn(&Represented) -> bool) -> Option<Link> {
        let is_it = |one: &&Represented| one.delegation.represented.raw() == person.0;
        let mut all = self.represented.iter().filter(is_it);
        let found = all.find(|one| fits(one))?;
        Some(Link {
            id: found.handle.clone(),
            title: found.duty.name.clone(),
        })
    }

    fn history(&self, names: &BTreeMap<i64, String>) -> Vec<TakenLine> {
        let name = |person: Person| names.get(&person.0).cloned().unwrap_or_default();
        let who = |taken: &Taken| match (taken.who.by, taken.who.for_whom) {
            (Person::SYSTEM, _) => Sentence::from("本系统"),
            (by, None) => Sentence::from(name(by)),
            (by, Some(other)) => say!("{by}（受{other}委托）", by = name(by), other = name(other)),
        };
        let table = self.record.procedure;
        let line = |taken: &Taken| TakenLine {
            step: table.step(taken.step).map_or("", |step| step.title),
            who: who(taken),
            at: taken.at.rfc3339(),
            dated: taken.dated.map(|day| day.to_string()),
            reason: taken.reason.clone().unwrap_or_default(),
            gaps: self.gaps(taken),
        };
        self.matter.history().iter().map(line).collect()
    }

    fn gaps(&self, taken: &Taken) -> Vec<GapLine> {
        let line = |gap: &matter::Gap| {
            let form = self.form;
            let field = form.and_then(|form| form.field(&gap.item)).map(|f| f.name);
            let slot = form.and_then(|form| form.slot(&gap.item)).map(|s| s.name);
            GapLine {
                anchor: field.or(slot).unwrap_or(""),
                item: form
                    .and_then(|form| form.label(&gap.item))
                    .unwrap_or("其他"),
                missing: gap.missing.clone(),
            }
        };
        taken.gaps.iter().map(line).collect()
    }

    fn answer_lines(&self) -> Vec<AnswerLine> {
        let fields = self.form.map_or(&[][..], |form| form.fields).iter();
        fields
            .map(|field| AnswerLine {
                field,
                value: self.answers.get(field.name).to_owned(),
                needed: field.needed.holds(&self.answers),
            })
            .collect()
    }

    fn paper_lines(&self) -> Vec<PaperLine> {
        let slots = self.form.map_or(&[][..], |form| form.slots).iter();
        let file = |file: &MatterFile| PaperFile {
            sha256: hex::encode(file.sha256),
            title: file.title.clone(),
            length: file.length,
        };
        slots
            .map(|slot| PaperLine {
                slot,
                needed: slot.needed.holds(&self.answers),
                files: self
                    .files
                    .iter()
                    .filter(|file| file.slot == slot.name)
                    .map(file)
                    .collect(),
            })
            .collect()
    }

    fn problems(&self) -> Vec<domain::text::Problem> {
        let Some(form) = self.form else {
            return Vec::new();
        };
        let papers: Vec<Paper<'_>> = form
            .slots
            .iter()
            .map(|slot| Paper {
                slot: slot.name,
                files: self.files.iter().filter(|f| f.slot == slot.name).count(),
            })
            .collect();
        forms::problems(form, &self.answers, &papers, &self.known)
    }
}
