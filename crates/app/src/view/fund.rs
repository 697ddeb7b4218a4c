//! Funds, movements, places and days.

use super::{GiftLine, Link, Page, Segment, StreamRecord, Tombstone, WordSalts, as_text};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔资金行〕 A fund in a list.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct FundLine {
    /// Printed id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Code of the kind.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// `fen` or the unit.
    pub unit: String,
    /// Chinese name of the restriction.
    pub restriction: String,
    /// All that came in.
    pub inflow: i64,
    /// All that went out.
    pub outflow: i64,
    /// Reserved by approvals.
    pub reserved: i64,
    /// What is there.
    pub balance: i64,
}

/// 〔存放处行〕 A place with what is there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceLine {
    /// Printed id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Code of the account.
    pub account: String,
    /// Chinese name of the account.
    pub account_title: String,
    /// What is there.
    pub amount: i64,
}

/// Sum of one kind of movement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindTotal {
    /// Code of the kind.
    pub kind: String,
    /// Chinese name.
    pub title: String,
    /// in or out.
    pub direction: String,
    /// Sum.
    pub amount: i64,
    /// How many.
    pub movements: i64,
}

/// 〔流转行〕 A movement in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovementLine {
    /// Printed id.
    pub id: String,
    /// Code of the kind.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// What moved.
    pub amount: i64,
    /// The fund it left.
    pub from: Option<Link>,
    /// Positions that left: `[start, end)`.
    pub out_span: Option<(i64, i64)>,
    /// The fund it reached.
    pub to: Option<Link>,
    /// Positions that arrived: `[start, end)`.
    pub in_span: Option<(i64, i64)>,
    /// The place it left.
    pub place_from: Option<String>,
    /// The place it reached.
    pub place_to: Option<String>,
    /// Accounting day.
    pub day: String,
    /// The donation it belongs to.
    pub donation: Option<String>,
    /// Index of its leaf.
    pub leaf_index: i64,
}

/// 〔资金页〕 A fund.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FundPage {
    /// The line.
    pub line: FundLine,
    /// Whose.
    pub organisation: Link,
    /// Its campaign.
    pub campaign: Option<Link>,
    /// Purpose in words.
    pub purpose: String,
    /// Where the money is.
    pub places: Vec<PlaceLine>,
    /// Sums by kind.
    pub kinds: Vec<KindTotal>,
    /// Movements in and out, newest first.
    pub movements: Page<MovementLine>,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// The newest statement about it in the log.
    pub record: Option<StreamRecord>,
}

/// 〔分录〕 A line of double entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryLine {
    /// Account code.
    pub account: String,
    /// Account name.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub title: Sentence,
    /// Fen on the debit side.
    pub debit: i64,
    /// Fen on the credit side.
    pub credit: i64,
}

/// 〔来源段〕 A gift that a movement used.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceLine {
    /// The donation, absent for other inflows.
    pub donation: Option<String>,
    /// The movement that brought it in.
    pub movement: String,
    /// Chinese name of that movement's kind.
    pub title: String,
    /// The donor as pages may show them.
    pub donor: String,
    /// How much of it was used here.
    pub amount: i64,
    /// Day it came.
    pub day: String,
    /// True if it passed a labelled assumption, so that it cannot be attributed.
    pub assumed: bool,
}

/// 〔流转页〕 A movement with its entries and where its money came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovementPage {
    /// The line.
    pub line: MovementLine,
    /// Whose.
    pub organisation: Link,
    /// Double entry.
    pub entries: Vec<EntryLine>,
    /// What it was: payee, scheme, purpose, in pairs of label and words.
    pub facts: Vec<(String, String)>,
    /// Salts of the public words of its leaf.
    pub salts: WordSalts,
    /// The gifts it used.
    pub sources: Vec<SourceLine>,
    /// Fen of sources not shown yet.
    pub remaining: i64,
    /// Cursor that continues the sources.
    pub next: Option<String>,
    /// A sentence if the sources rest on a labelled assumption: 无法对应到具体捐赠.
    pub assumption: Option<String>,
    /// The movement it undoes.
    pub undoes: Option<String>,
    /// Movements that undo it, first part first.
    pub undone_by: Vec<UndoingLine>,
    /// What of it was not undone since, in fen or units.
    pub standing: i64,
    /// The campaign that raised the money, if one did.
    pub campaign: Option<Link>,
    /// Evidence files: (sha256 in hex, title).
    pub evidence: Vec<(String, String)>,
    /// Files that are not shown: digest, title, and why: `waiting` for a second person, or `withdrawn`.
    pub evidence_hidden: Vec<(String, String, String)>,
    /// Digests of those that are photographs or scans and can be looked at.
    pub pictures: Vec<String>,
    /// What was taken down of its statement.
    pub tombstones: Vec<Tombstone>,
    /// Forward story of what it brought in, if it did.
    pub segments: Vec<Segment>,
    /// Of what it brought in: fen whose story is not shown here.
    pub segments_remaining: i64,
}

/// 〔撤销〕 A movement that undoes another, or a part of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UndoingLine {
    /// Printed id of the movement that undoes.
    pub id: String,
    /// Its day.
    pub day: String,
    /// How much it undoes, in fen or units.
    pub amount: i64,
    /// Why, may be empty.
    pub reason: String,
}

/// One channel's sums of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelTotal {
    /// Chinese name of the channel.
    pub channel: String,
    /// Number of gifts.
    pub gifts: i64,
    /// Fen.
    pub amount: i64,
    /// Rows of the imported files that were rejected.
    pub rejected: i64,
}

/// 〔公布数对照〕 An announced total beside ours; nothing is adjusted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Announced {
    /// Who said it.
    pub by: String,
    /// What it measures, in Chinese.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub measure: Sentence,
    /// As it was said, fen or a number.
    pub said: i64,
    /// Ours, if we have the same measure.
    pub ours: Option<i64>,
    /// said − ours.
    pub difference: Option<i64>,
    /// True if it is fen.
    pub money: bool,
    /// Why they differ, where it is known.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub note: Sentence,
}

/// 〔日页〕 One day of an organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayPage {
    /// Whose.
    pub organisation: Link,
    /// The day.
    pub day: String,
    /// The day before and after, if there is something.
    pub previous: Option<String>,
    /// The next day with something.
    pub following: Option<String>,
    /// Sums by channel.
    pub channels: Vec<ChannelTotal>,
    /// Fen of all channels.
    pub amount: i64,
    /// Gifts of all channels.
    pub gifts: i64,
    /// Announced totals.
    pub announced: Vec<Announced>,
    /// How order within the day is known, in one sentence.
    pub order_note: String,
    /// The gifts.
    pub list: Page<GiftLine>,
}
