//! The receipt page: where is my money now, the story along the tape, the proof.

use super::{DonorState, FundLine, Link, MovementLine, as_optional_text, as_text};
use crate::transparency::Witnessed;
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔封存状态〕 Whether the statement is under a signed checkpoint yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Seal {
    /// True once a signed checkpoint covers the leaf.
    pub sealed: bool,
    /// Index of the leaf.
    pub leaf_index: i64,
    /// Size of the newest checkpoint.
    pub checkpoint_size: i64,
    /// Whether witnesses have confirmed the checkpoint that covers it.
    pub witnessed: Witnessed,
    /// Who signed, in one sentence.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub sentence: Sentence,
}

/// 〔去向〕 What the ends of a story are called; the badge of a page compares with them what a page says.
pub const SEGMENT_ENDS: [(&str, &str); 11] = [
    ("delivered", "已使用"),
    ("advanced", "已预付执行机构"),
    ("units", "物资库存"),
    ("cost", "成本费用"),
    ("refund", "已退款"),
    ("chargeback", "已拒付"),
    ("correction", "已更正"),
    ("loss", "损失"),
    ("resting", "尚未使用"),
    ("held", "待处理"),
    ("fee", "渠道手续费"),
];

/// The title of an end by its code in [`SEGMENT_ENDS`].
pub(crate) fn end_title(code: &str) -> &'static str {
    let mut ends = SEGMENT_ENDS.iter();
    ends.find(|(known, _)| *known == code)
        .map_or("其他去向", |(_, title)| title)
}

/// Where a part of a gift ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SegmentEnd {
    /// resting, advanced, delivered, cost, fee, refund, correction, loss, chargeback, units.
    pub kind: String,
    /// Chinese name.
    pub title: String,
    /// One sentence: who received it when, or where it waits.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub sentence: Sentence,
}

/// 〔去向段〕 A part of a gift and its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Segment {
    /// Offset in the gift's share, in fen.
    pub offset: i64,
    /// How much of the gift this is, in the gift's unit; the shares sum to the gift.
    pub share: i64,
    /// Fen, or units after a conversion.
    pub amount: i64,
    /// `fen` or the unit.
    pub unit: String,
    /// Where it ended.
    pub end: SegmentEnd,
    /// The fund where it rests or from which it left.
    pub fund: Link,
    /// The movement by which it left, if it left.
    pub movement: Option<String>,
    /// The delivery, if it was delivered.
    pub delivery: Option<String>,
    /// Movements passed on the way, oldest first.
    pub hops: Vec<String>,
    /// The leaves that state the way: those of the hops, then that of the movement by which it left.
    pub leaves: Vec<i64>,
    /// Day it left.
    pub day: Option<String>,
}

/// 〔捐赠凭据〕 The public page of a donation; with the donor's token also the private words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptPage {
    /// Printed id: the acknowledgement number.
    pub id: String,
    /// Who received.
    pub organisation: Link,
    /// For which campaign.
    pub campaign: Option<Link>,
    /// Gross fen, or units.
    pub amount: i64,
    /// `fen` or the unit.
    pub unit: String,
    /// In Chinese capitals.
    pub amount_words: String,
    /// Fen the channel kept.
    pub fee: i64,
    /// Beijing day.
    pub day: String,
    /// A note if only the day is known.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub time_note: Option<Sentence>,
    /// The name pages may show.
    pub donor: String,
    /// How it came.
    pub channel: String,
    /// standing, held, reassigned, refunded, corrected.
    pub state: String,
    /// Why it is held, in one sentence.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub held_sentence: Option<Sentence>,
    /// How much of the gift is where now, in one plain sentence.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub headline: Sentence,
    /// The same with days, purposes and funds.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub sentence: Sentence,
    /// The story; amounts sum to the gift.
    pub segments: Vec<Segment>,
    /// Fen not shown yet.
    pub remaining: i64,
    /// Cursor that continues the story.
    pub next: Option<String>,
    /// Its shares as movements.
    pub movements: Vec<MovementLine>,
    /// The funds it went to.
    pub funds: Vec<FundLine>,
    /// The proof.
    pub seal: Seal,
    /// True if the donor's own token was shown.
    pub own: bool,
    /// What is said of a donor who is not shown any more.
    pub privacy: DonorState,
    /// Donor's full name, only for the donor.
    pub donor_name: Option<String>,
    /// Donor's words, only for the donor.
    pub message: Option<String>,
    /// Exact time, only for the donor.
    pub paid_at: Option<String>,
}
