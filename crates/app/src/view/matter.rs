//! Matters as pages show them: to the applicant, to officials, to the public.

use super::Link;
use domain::Sentence;
use domain::oversight::forms::{Field, Slot};

/// 〔办件页〕 A matter for those who may read it.
#[derive(Debug, Clone)]
pub struct MatterPage {
    /// Printed id: the number that is read over the telephone.
    pub id: String,
    /// Whose it is.
    pub organisation: Link,
    /// Name of the procedure.
    pub procedure: &'static str,
    /// Title of the procedure.
    pub title: &'static str,
    /// Title of the state.
    pub state: &'static str,
    /// Code of the phase, for colours.
    pub phase: &'static str,
    /// Version that steps and drafts carry.
    pub version: i64,
    /// The day on which it was opened.
    pub opened: String,
    /// The tracking code, for people of the organisation only.
    pub code: Option<String>,
    /// Who has it now.
    pub waits_for: Vec<&'static str>,
    /// All runs of all clocks, newest first.
    pub clocks: Vec<ClockLine>,
    /// What was done, oldest first.
    pub history: Vec<TakenLine>,
    /// The gaps of the last return, while they are being mended.
    pub gaps: Vec<GapLine>,
    /// Why it was sent back last, with the gaps.
    pub returned: Option<String>,
    /// Questions and answers, in the order of the form.
    pub answers: Vec<AnswerLine>,
    /// Documents, in the order of the form.
    pub papers: Vec<PaperLine>,
    /// What follows from the answers: computed, never typed.
    pub figures: Vec<(&'static str, Sentence)>,
    /// The conditions of what is applied for, with what is known of each; empty where none are computed.
    pub eligibility: Vec<domain::oversight::eligibility::Checked>,
    /// What is missing of the draft; empty if it is complete or was handed on.
    pub problems: Vec<domain::text::Problem>,
    /// True if this reader may write in the draft.
    pub editable: bool,
    /// The steps of this moment: those that this reader may take, and why not the others.
    pub steps: Vec<StepOffer>,
}

/// 〔期限行〕 A run of a clock.
#[derive(Debug, Clone)]
pub struct ClockLine {
    /// Title of the clock.
    pub title: &'static str,
    /// 法定, 承诺 or 等待期.
    pub nature: &'static str,
    /// The article.
    pub law: &'static str,
    /// How days are counted, with the article.
    pub counting: &'static str,
    /// Code of the light.
    pub light: &'static str,
    /// What the light says.
    pub says: Sentence,
    /// The day of the event that started it.
    pub started: String,
    /// The last day, with what is known of it.
    pub due: Sentence,
    /// The last day in the other unit, where laws only say 日.
    pub otherwise: Option<Sentence>,
    /// Who has to act.
    pub owed_by: &'static str,
    /// Who hears of it because it is over.
    pub level: Option<&'static str>,
    /// Pauses and extensions, each with its reason.
    pub notes: Vec<Sentence>,
}

/// 〔经过〕 A step that was taken.
#[derive(Debug, Clone)]
pub struct TakenLine {
    /// Title of the step.
    pub step: &'static str,
    /// Who; the house itself is said in words of ours.
    pub who: Sentence,
    /// When, RFC 3339.
    pub at: String,
    /// The day of the event, where it was stated.
    pub dated: Option<String>,
    /// The reason.
    pub reason: String,
    /// Gaps of a return.
    pub gaps: Vec<GapLine>,
}

/// 〔缺失内容〕 A gap that a return told.
#[derive(Debug, Clone)]
pub struct GapLine {
    /// Name of the field or document; empty for others.
    pub anchor: &'static str,
    /// What the item is called.
    pub item: &'static str,
    /// What is missing and how to mend it.
    pub missing: String,
}

/// 〔填写行〕 A question and its answer.
#[derive(Debug, Clone)]
pub struct AnswerLine {
    /// The question.
    pub field: &'static Field,
    /// What was answered, as typed.
    pub value: String,
    /// True if it has to be answered with the other answers as they are.
    pub needed: bool,
}

/// 〔材料行〕 A document and its files.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// The document.
    pub slot: &'static Slot,
    /// True if it has to be there with the answers as they are.
    pub needed: bool,
    /// Its files.
    pub files: Vec<PaperFile>,
}

/// 〔材料文件〕 A file of a document.
#[derive(Debug, Clone)]
pub struct PaperFile {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its name as it was sent.
    pub title: String,
    /// Its length in bytes.
    pub length: i64,
}

/// 〔可办步骤〕 A step of this moment.
#[derive(Debug, Clone)]
pub struct StepOffer {
    /// Name of the step.
    pub name: &'static str,
    /// Title of the step.
    pub title: &'static str,
    /// True if this reader may take it now.
    pub may: bool,
    /// Why not; empty if he may.
    pub why: Sentence,
    /// The state to which it leads.
    pub leads_to: &'static str,
    /// What it does, said before it is taken.
    pub effect: Sentence,
    /// A reason is compulsory.
    pub asks_reason: bool,
    /// It tells gaps.
    pub asks_gaps: bool,
    /// The day of an event is asked for.
    pub asks_day: bool,
    /// What it writes into the register, and what it asks for that.
    pub writes: Option<&'static domain::oversight::effects::Effect>,
    /// A clock is made longer, by at most so many days.
    pub longer_by: Option<u16>,
    /// It hands the draft on, so answers are checked.
    pub hands_in: bool,
    /// It ends the matter.
    pub ends: bool,
    /// For whom this reader would take it: handle of the delegation and the name; nobody for himself.
    pub on_behalf: Option<Link>,
}

/// 〔办事大厅〕 The catalogue.
#[derive(Debug, Clone)]
pub struct HallPage {
    /// All procedures.
    pub lines: Vec<HallLine>,
}

/// 〔事项〕 A procedure of the catalogue.
#[derive(Debug, Clone)]
pub struct HallLine {
    /// Name, for its address.
    pub name: &'static str,
    /// Title.
    pub title: &'static str,
    /// What one gets by it; empty where there is no form yet.
    pub about: &'static str,
    /// True if it can be asked for here.
    pub online: bool,
    /// The statutory time of the decision.
    pub statutory: Vec<GuideClock>,
    /// How long it really took.
    pub measured: Option<Measured>,
}

/// 〔实际用时〕 Working days that matters of a kind really took, from the first step to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// How many were counted.
    pub count: usize,
    /// Half took at most so many.
    pub median: i32,
    /// Nine tenths took at most so many.
    pub ninetieth: i32,
    /// So many could not be counted, because a year of holidays is missing.
    pub unknown: usize,
}

/// 〔办事指南〕 How a procedure is asked for.
#[derive(Debug, Clone)]
pub struct GuidePage {
    /// What the catalogue says.
    pub line: HallLine,
    /// Rules of the rulebook that it serves.
    pub rules: &'static [&'static str],
    /// Who may apply.
    pub applicants: &'static str,
    /// What has to be so: text and article.
    pub conditions: &'static [domain::oversight::forms::Condition],
    /// What is asked.
    pub fields: &'static [Field],
    /// Which documents.
    pub slots: &'static [Slot],
    /// States with the steps that leave them.
    pub route: Vec<RouteState>,
    /// All clocks.
    pub clocks: Vec<GuideClock>,
    /// How long each step took.
    pub steps_took: Vec<(&'static str, Measured)>,
}

/// 〔流程中的状态〕 A state with the steps that leave it.
#[derive(Debug, Clone)]
pub struct RouteState {
    /// Title of the state.
    pub title: &'static str,
    /// The phase's code, for colours.
    pub phase: &'static str,
    /// Steps: title, who, and where they lead; nowhere if the state stays.
    pub steps: Vec<RouteStep>,
}

/// 〔流程中的步骤〕
#[derive(Debug, Clone)]
pub struct RouteStep {
    /// Title of the step.
    pub title: &'static str,
    /// Who takes it.
    pub who: Vec<&'static str>,
    /// Title of the state to which it leads; absent if the state stays.
    pub leads_to: Option<&'static str>,
}

/// 〔时限〕 A clock of a table.
#[derive(Debug, Clone)]
pub struct GuideClock {
    /// Title.
    pub title: &'static str,
    /// 法定, 承诺 or 等待期.
    pub nature: &'static str,
    /// How long.
    pub length: Sentence,
    /// The article.
    pub law: &'static str,
    /// Why days are counted so.
    pub counting: &'static str,
    /// Who has to act.
    pub owed_by: &'static str,
}

/// 〔进度查询〕 What the public tracking page says: nothing of people, nothing of contents.
#[derive(Debug, Clone)]
pub struct TrackPage {
    /// Printed id.
    pub id: String,
    /// Title of the procedure.
    pub title: &'static str,
    /// Title of the state.
    pub state: &'static str,
    /// Code of the phase.
    pub phase: &'static str,
    /// Who has it now.
    pub waits_for: Vec<&'static str>,
    /// Steps and their days.
    pub steps: Vec<(&'static str, String)>,
    /// How many gaps were told and are not mended.
    pub gaps: usize,
    /// Clocks that run.
    pub clocks: Vec<ClockLine>,
}
