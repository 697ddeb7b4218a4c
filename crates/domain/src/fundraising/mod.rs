//! Fundraising 募捐: campaigns, intents and donations.

mod campaign;
mod confirmation;
mod donation;
mod freshness;
mod intent;
mod privacy;
mod question;
mod received;
mod report;

pub use crate::parties::{Display, DonorKind};
pub use campaign::{
    Campaign, CampaignForm, CampaignRefused, NewCampaign, State as CampaignState, decide_end,
    decide_historic, decide_publication,
};
pub use confirmation::{
    ConfirmationRefused, Unusual, choices, decide_confirmation, median, unusual,
};
pub use donation::{
    Channel, Decision, Donor, Gate, HeldReason, Incoming, Known, ReassignmentRefused,
    channel_title, day_of, decide_donation, decide_reassignment, decide_target,
};
pub use freshness::{Freshness, freshness};
pub use intent::{
    Intent, IntentForm, IntentRefused, NewIntent, ONLINE_MAX, TOO_LARGE, decide_intent, read_intent,
};
pub use privacy::{
    DONOR_ERASED, DONOR_LOST, DONOR_WITHDRAWN, PrivacyRefused, Taken, WORDS_LOST, WORDS_WITHDRAWN,
    WithdrawReason, Withdrawn, decide_erasure, decide_words, field_title, is_voucher, keep_until,
    withdrawable, withdrawal,
};
pub use question::{
    DeclineReason, Question, QuestionRefused, QuestionState, decide_answer, decide_decline,
    decide_question, read_answer, read_question,
};
pub use received::{RECEIVED_DAYS_MAX, Received, read_received};
pub use report::{
    DisclosureDue, NewReport, ReportForm, ReportKind, ReportRefused, check_report, decide_report,
    disclosures,
};
