//! Campaigns, gifts and what was done with them.

use super::{
    CheckpointView, ContactView, FundLine, Link, Page, RegisterLine, StreamRecord, Tombstone,
    WordSalts, as_optional_text,
};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔合计〕 Totals of the house; sums by kind, net of corrections, reversals and returns.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct HouseTotals {
    /// Raised, in fen.
    pub raised: i64,
    /// Delivered to final beneficiaries, in fen.
    pub delivered: i64,
    /// With executing partners and not yet delivered, in fen.
    pub advanced: i64,
    /// Became goods that were bought, in fen.
    pub purchased: i64,
    /// Administrative and fundraising cost, fees of channels included, in fen.
    pub cost: i64,
    /// Still unspent, in fen.
    pub unspent: i64,
    /// Number of gifts of money.
    pub gifts: i64,
    /// Organisations in the register.
    pub organisations: i64,
}

impl HouseTotals {
    /// Whether the parts add up to what was raised; only then a page may say so.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let parts = [
            self.delivered,
            self.advanced,
            self.purchased,
            self.cost,
            self.unspent,
        ];
        whole(parts) == Some(self.raised)
    }
}

/// The sum of parts, if it is a number at all.
fn whole(parts: [i64; 5]) -> Option<i64> {
    parts.into_iter().try_fold(0_i64, i64::checked_add)
}

/// 〔首页〕 Home.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HomePage {
    /// Latest deliveries, newest first.
    pub deliveries: Vec<DeliveryLine>,
    /// Totals as of the checkpoint.
    pub totals: HouseTotals,
    /// Live campaigns first, then ended ones, newest first.
    pub campaigns: Vec<CampaignCard>,
    /// Latest gifts.
    pub recent: Vec<GiftLine>,
    /// The newest signed checkpoint.
    pub checkpoint: Option<CheckpointView>,
}

/// 〔活动卡片〕 A campaign in a list.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct CampaignCard {
    /// Printed id.
    pub id: String,
    /// Public name.
    pub title: String,
    /// Who raises.
    pub organisation: Link,
    /// Code: draft, live, frozen, ended.
    pub state: String,
    /// Chinese name of the state.
    pub state_title: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Target in fen, zero if none.
    pub target: i64,
    /// Raised in fen, net.
    pub raised: i64,
    /// Number of gifts.
    pub gifts: i64,
    /// Delivered in fen, net.
    pub delivered: i64,
    /// With partners in fen.
    pub advanced: i64,
    /// Administrative and fundraising cost in fen.
    pub cost: i64,
    /// Became goods that were bought, in fen.
    pub purchased: i64,
    /// Unspent in fen.
    pub unspent: i64,
    /// Raised against target in hundredths of a per cent, absent without a target.
    pub progress: Option<i64>,
}

impl CampaignCard {
    /// Whether the parts add up to what was raised; only then a page may say so.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let parts = [
            self.delivered,
            self.advanced,
            self.purchased,
            self.cost,
            self.unspent,
        ];
        whole(parts) == Some(self.raised)
    }
}

/// 〔捐赠行〕 A gift in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GiftLine {
    /// Printed id of the donation.
    pub id: String,
    /// The name pages may show.
    pub donor: String,
    /// Gross fen, or units.
    pub amount: i64,
    /// `fen` or the unit.
    pub unit: String,
    /// Beijing day.
    pub day: String,
    /// How it came, in Chinese.
    pub channel: String,
    /// standing, held, reassigned, refunded, corrected.
    pub state: String,
    /// Its campaign.
    pub campaign: Option<Link>,
    /// Index of its leaf.
    pub leaf_index: i64,
}

/// 〔拨付行〕 A payment in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisbursementLine {
    /// Printed id.
    pub id: String,
    /// Chinese name of the class.
    pub class: String,
    /// Receiver as public words.
    pub payee: String,
    /// Fen.
    pub amount: i64,
    /// Of the amount: what was not undone since, in fen.
    pub standing: i64,
    /// What for.
    pub purpose: String,
    /// Code of the state; partly or reversed where the payment was undone since.
    pub state: String,
    /// Chinese name of the state.
    pub state_title: String,
    /// Day of the last step.
    pub day: String,
    /// The movement that paid it.
    pub movement: Option<String>,
    /// The leaf that states the payment.
    pub leaf_index: Option<i64>,
    /// The fund it leaves.
    pub fund: Link,
}

/// 〔发放行〕 A delivery in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryLine {
    /// Printed id.
    pub id: String,
    /// Who received, without persons' names.
    pub payee: String,
    /// The scheme.
    pub scheme: String,
    /// Fen, or units.
    pub amount: i64,
    /// `fen` or the unit.
    pub unit: String,
    /// Of the amount: what still stands; the rest was reversed.
    pub standing: i64,
    /// Code: standing, partly, reversed.
    pub state: String,
    /// The same in Chinese.
    pub state_title: String,
    /// Persons reached; zero where fewer than five or unknown.
    pub persons: i64,
    /// The day it reached them.
    pub reached_on: String,
    /// The movement.
    pub movement: String,
    /// Number of evidence files.
    pub evidence: i64,
    /// The first photograph among them.
    pub picture: Option<PictureLine>,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// A photograph that shows something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PictureLine {
    /// Its SHA-256, in hex; `/evidence/{sha256}/small.jpg` is its small form.
    pub sha256: String,
    /// What it shows.
    pub title: String,
}

/// Raised on one day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayTotal {
    /// Beijing day.
    pub day: String,
    /// Fen raised.
    pub amount: i64,
    /// Number of gift movements.
    pub gifts: i64,
}

/// 〔活动页〕 A campaign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CampaignPage {
    /// The card.
    pub card: CampaignCard,
    /// Why money is needed.
    pub story: String,
    /// What will be done with it.
    pub promise: String,
    /// Filing number.
    pub filing_number: String,
    /// Administrative share in basis points.
    pub administrative_share: i64,
    /// True if the public may give now.
    pub open: bool,
    /// Why not, in one sentence, if it is not open.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub closed_sentence: Option<Sentence>,
    /// The entry of the register for which it takes no gifts, if there is one.
    pub stopped_by: Option<RegisterLine>,
    /// Day on which it was ended, if that was before its last planned day.
    pub ended_early: Option<String>,
    /// How what was raised comes about: title and fen, signed; the steps sum to it.
    pub raised_steps: Vec<(String, i64)>,
    /// Its funds.
    pub funds: Vec<FundLine>,
    /// Raised per day.
    pub days: Vec<DayTotal>,
    /// Latest gifts, newest first.
    pub gifts: Page<GiftLine>,
    /// Payments, newest first.
    pub disbursements: Vec<DisbursementLine>,
    /// Deliveries, newest first.
    pub deliveries: Vec<DeliveryLine>,
    /// Index of its newest leaf.
    pub leaf_index: Option<i64>,
    /// Salts of the public words on the page: with the words they open the commitments of their leaves.
    pub salts: WordSalts,
    /// The newest statement about it in the log.
    pub record: Option<StreamRecord>,
    /// What was said of it after it was published.
    pub words: CampaignWords,
    /// What was taken down of it, of its reports and its answers, newest first.
    pub tombstones: Vec<Tombstone>,
    /// How its organisation is reached, as that says itself; not in the log.
    pub contact: ContactView,
}

/// 〔活动进展〕 Reports, questions, and the reports that the law asks for.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct CampaignWords {
    /// Published reports, newest first.
    pub reports: Vec<ReportLine>,
    /// Answered questions, newest first.
    pub questions: Vec<QuestionLine>,
    /// Questions that wait for an answer.
    pub questions_waiting: i64,
    /// Beijing day of the oldest of them.
    pub questions_waiting_since: Option<String>,
    /// Questions that were not answered in public.
    pub questions_declined: i64,
    /// What the law asks to be published, earliest first.
    pub calendar: Vec<DisclosureLine>,
}

/// 〔活动报告〕 A published report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportLine {
    /// Printed id.
    pub id: String,
    /// progress or final.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// What it is called.
    pub title: String,
    /// What was done.
    pub body: String,
    /// What will be done with money that is left.
    pub plan: String,
    /// The last day it tells of.
    pub until: String,
    /// RFC 3339.
    pub at: String,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// 〔提问〕 A question, with its answer once there is one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuestionLine {
    /// Printed id.
    pub id: String,
    /// The campaign.
    pub campaign: Link,
    /// The question.
    pub body: String,
    /// The answer; empty until there is one.
    pub answer: String,
    /// Beijing day of the question.
    pub asked_on: String,
    /// Beijing day of the answer.
    pub answered_on: Option<String>,
    /// The last day of the promised answer.
    pub due: String,
    /// The leaf that states question and answer.
    pub leaf_index: Option<i64>,
}

/// 〔披露时限〕 A report that the law asks for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisclosureLine {
    /// progress or final.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// The last day for it.
    pub due: String,
    /// The day on which it was published.
    pub done: Option<String>,
    /// Days after the last day: of the publication, else of today.
    pub days_late: i64,
    /// Days left until the last day while it is open and in time.
    pub days_left: i64,
}

/// 〔捐赠意向〕 An intent before and after payment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IntentView {
    /// Printed id.
    pub id: String,
    /// Its campaign.
    pub campaign: Link,
    /// Who receives.
    pub organisation: Link,
    /// Fen.
    pub amount: i64,
    /// The same in Chinese capitals 大写.
    pub amount_words: String,
    /// payable, paid, expired.
    pub state: String,
    /// RFC 3339.
    pub expires_at: String,
    /// The donation, once paid.
    pub donation: Option<String>,
    /// The token of the donor's own link, once paid; only for whoever brings the token of the intent.
    pub token: Option<String>,
}
