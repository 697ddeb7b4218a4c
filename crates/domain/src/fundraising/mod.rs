//! Fundraising 募捐: campaigns, intents and donations.

mod campaign;
mod donation;
mod intent;
mod question;
mod report;

pub use crate::parties::{Display, DonorKind};
pub use campaign::{
    Campaign, CampaignForm, CampaignRefused, NewCampaign, State as CampaignState, decide_end,
    decide_historic, decide_publication,
};
pub use donation::{
    Channel, Decision, Donor, Gate, HeldReason, Incoming, Known, channel_title, day_of,
    decide_donation, decide_reassignment,
};
pub use intent::{Intent, IntentForm, IntentRefused, NewIntent, decide_intent, read_intent};
pub use question::{
    DeclineReason, Question, QuestionRefused, QuestionState, decide_answer, decide_decline,
    decide_question, read_answer, read_question,
};
pub use report::{
    DisclosureDue, NewReport, ReportForm, ReportKind, ReportRefused, decide_report, disclosures,
};
