//! What pages and the API show: plain data, ids as printed, amounts in fen, days and times as text.
//!
//! The same values are rendered by `web` as HTML and as JSON, so a page can never say more than the API.

mod campaign;
mod certificate;
mod contact;
mod delegation;
mod desk;
mod fund;
mod giving;
mod log;
mod matter;
mod organisation;
mod privacy;
mod receipt;
mod register;
mod rule;
mod search;
mod security;

pub use crate::query::{NATION, RegionChoice};
pub use campaign::{
    CampaignCard, CampaignPage, CampaignWords, DayTotal, DeliveryLine, DisbursementLine,
    DisclosureLine, GiftLine, HomePage, HouseTotals, IntentView, PictureLine, QuestionLine,
    ReportLine,
};
pub use certificate::CertificateView;
pub use contact::{ContactDesk, ContactVersion, ContactView, ReportAbout};
pub use delegation::{DelegationLine, DelegationsPage};
pub use desk::{
    DeskFound, DeskPage, DisbursementPage, DutyLine, HeldLine, ImportAim, ImportColumn,
    ImportGiftRow, ImportLook, ImportReport, ImportRunLine, ImportRunPage, RepairLine, RepairPage,
    RepairTold, SlipJust, SlipLine, SlipSum, SlipsToday, StepLine, UserLine, WhoAmI,
};
pub use fund::{
    Announced, ChannelTotal, DayPage, EntryLine, FundLine, FundPage, KindTotal, MovementLine,
    MovementPage, PlaceLine, SourceLine, UndoingLine,
};
pub use giving::{GivingFacts, Keepsake, LastDay};
pub use log::{
    CheckpointView, LeafPage, LogPage, OpeningView, StreamRecord, WitnessLine, WitnessesView,
    WordSalt, WordSalts,
};
pub use matter::{
    AnswerLine, ClockLine, GapLine, GuideClock, GuidePage, HallLine, HallPage, MatterPage,
    Measured, PaperFile, PaperLine, RouteState, RouteStep, StepOffer, TakenLine, TrackPage,
};
pub use organisation::{
    AnnualReportLine, AnnualReportPage, OrganisationLine, OrganisationPage, YearLine,
};
pub use privacy::{DonorPrivacy, DonorState, Tombstone};
pub(crate) use receipt::end_title;
pub use receipt::{ReceiptPage, SEGMENT_ENDS, Seal, Segment, SegmentEnd};
pub use register::{RegisterLine, RegisterView};
pub use rule::{
    Coded, RuleChange, RuleClock, RuleDeadline, RuleLine, RuleNumber, RulePage, RuleSource,
    RuleVersion,
};
pub use search::{NumberHit, SearchCount, SearchPage, Suggestion, Suggestions, UnknownView};
pub use security::{DeviceLine, FactorView, PasskeyLine, SecurityPage};

use serde::Serialize;
use utoipa::ToSchema;

/// A sentence as its Chinese text, which is what machines get.
pub(crate) fn as_text<S: serde::Serializer>(
    sentence: &domain::Sentence,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(sentence)
}

/// Several as their Chinese texts.
pub(crate) fn as_texts<S: serde::Serializer>(
    sentences: &[domain::Sentence],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(sentences.iter().map(ToString::to_string))
}

/// Number, code and sentence of lines, the sentence as its Chinese text.
pub(crate) fn as_lines<S: serde::Serializer>(
    lines: &[(i64, String, domain::Sentence)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let told = lines.iter();
    serializer.collect_seq(told.map(|(number, code, said)| (number, code, said.to_string())))
}

/// A sentence as its Chinese text, or null.
pub(crate) fn as_optional_text<S: serde::Serializer>(
    sentence: &Option<domain::Sentence>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match sentence {
        Some(sentence) => as_text(sentence, serializer),
        None => serializer.serialize_none(),
    }
}

/// A link to something with a name.
#[derive(Debug, Clone, Serialize, ToSchema, PartialEq, Eq, Default)]
pub struct Link {
    /// Printed public id.
    pub id: String,
    /// What it is called.
    pub title: String,
}

/// One page of a list; `next` continues it and is absent at the end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
}
