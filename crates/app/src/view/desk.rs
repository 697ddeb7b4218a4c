//! The desk of the staff.

use super::{
    CampaignCard, DisbursementLine, FundLine, GiftLine, Link, PlaceLine, QuestionLine, as_lines,
    as_text, as_texts,
};
use domain::Sentence;
use domain::identity::Denied;
use serde::Serialize;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhoAmI {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles in words: 角色 · 单位.
    #[serde(serialize_with = "as_texts")]
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Sentence>,
    /// True if this person keeps users and roles, so that the way there is shown.
    #[serde(skip)]
    pub keeps_users: bool,
    /// True if this person has applications of a region to look after.
    #[serde(skip)]
    pub office: bool,
    /// True if this person has a duty that can be handed to a colleague.
    #[serde(skip)]
    pub delegates: bool,
    /// The domain of this person's passkeys, if one can be used.
    #[serde(skip)]
    pub passkey: Option<String>,
    /// True if the counter of a passkey went back, until it is removed.
    #[serde(skip)]
    pub doubted: bool,
    /// Organisations the user works for.
    pub organisations: Vec<Link>,
}

/// 〔待处理款〕 Held money.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldLine {
    /// The donation.
    pub gift: GiftLine,
    /// Why, in one sentence.
    pub reason: String,
}

/// 〔更正申请〕 A repair of the books that one person asked for and another one has to confirm.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RepairLine {
    /// Printed id.
    pub id: String,
    /// What would be done.
    #[schema(value_type = String)]
    #[serde(serialize_with = "as_text")]
    pub what: Sentence,
    /// Printed id of the gift, movement or fund that it concerns.
    pub subject: String,
    /// Why, as it will be published.
    pub reason: String,
    /// Who asked.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// Code: asked, confirmed, refused.
    pub state: String,
    /// What the reader may do with it: confirm, refuse.
    pub may: Vec<String>,
    /// False if it books nothing: something is taken down or erased.
    pub books: bool,
}

/// 〔更正申请页〕 A repair and whose books it changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RepairPage {
    /// Whose books.
    pub organisation: Link,
    /// The repair.
    pub line: RepairLine,
    /// True if it takes a file down that those who decide can look at.
    pub file: bool,
    /// What it concerns, so that nobody confirms what was not seen.
    #[serde(skip)]
    pub told: RepairTold,
}

/// 〔更正所涉〕 What a second person looks at before confirming a repair.
#[derive(Debug, Clone, Default)]
pub struct RepairTold {
    /// Facts of the gift, movement or record: what is called how.
    pub facts: Vec<(&'static str, Sentence)>,
    /// Where it can be looked at: address and words.
    pub links: Vec<(String, &'static str)>,
    /// What the books would do now, entry by entry.
    pub entries: Vec<Sentence>,
}

/// 〔今天登记的捐赠〕 What a clerk entered at the counter today, for a look back and for counting the drawer.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct SlipsToday {
    /// The last ones, newest first.
    pub last: Vec<SlipLine>,
    /// How many count: those that a correction took out again are left out of all sums.
    pub gifts: usize,
    /// Fen, all that count together.
    pub amount: i64,
    /// How many were taken out by a correction, and their fen.
    pub corrected: (usize, i64),
    /// The gift that was entered last, as the clerk typed it.
    #[serde(skip)]
    pub just: Option<SlipJust>,
    /// The same by channel, for counting the drawer apart from the bank.
    pub channels: Vec<SlipSum>,
    /// True if the clerk may ask for a repair of what was entered wrong.
    pub may_repair: bool,
}

/// 〔刚登记的一笔〕 A gift as the clerk who entered it today typed it; nobody else sees it so.
#[derive(Debug, Clone)]
pub struct SlipJust {
    /// Number of the slip.
    pub slip: String,
    /// Fen.
    pub amount: i64,
    /// The donor's full name; empty if none was given.
    pub donor: String,
    /// Title of the campaign; empty for held money without one.
    pub campaign: String,
}

/// 〔凭条行〕 A gift with the number of its slip.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SlipLine {
    /// Number of the slip or bank line as it was typed; empty where the trail does not say it.
    pub slip: String,
    /// The donor's whole name, as this very clerk has typed it; empty where none is kept.
    pub name: String,
    /// The gift.
    pub gift: GiftLine,
}

/// 〔小计〕 What came in one way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SlipSum {
    /// How it came, in Chinese.
    pub channel: String,
    /// How many.
    pub gifts: usize,
    /// Fen.
    pub amount: i64,
}

/// 〔工作台〕 One organisation's desk: what is to be done, sorted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeskPage {
    /// Which organisation.
    pub organisation: Link,
    /// What the user may do, as action codes.
    pub may: Vec<String>,
    /// What the register says of its end; nothing while it goes on.
    pub ended: Option<String>,
    /// What waits, due first.
    pub duties: Vec<DutyLine>,
    /// Questions of the public that wait, oldest first.
    pub questions: Vec<QuestionLine>,
    /// Orders to pay that wait for somebody, oldest first.
    pub waiting: Vec<DisbursementLine>,
    /// Repairs that wait for a second person, oldest first.
    pub repairs: Vec<RepairLine>,
    /// Held money, oldest first.
    pub held: Vec<HeldLine>,
    /// Campaigns.
    pub campaigns: Vec<CampaignCard>,
    /// Funds of money.
    pub funds: Vec<FundLine>,
    /// Places with what is there.
    pub places: Vec<PlaceLine>,
    /// Imports, newest first.
    pub imports: Vec<ImportRunLine>,
    /// Latest gifts.
    pub recent: Vec<GiftLine>,
}

/// 〔查找捐赠〕 What a clerk found by what only the desk knows.
#[derive(Debug, Clone)]
pub struct DeskFound {
    /// Whose desk.
    pub organisation: Link,
    /// What the user may do, as action codes.
    pub may: Vec<String>,
    /// The gifts, newest first, each with what agrees, in Chinese.
    pub gifts: Vec<(GiftLine, &'static str)>,
    /// Why the text cannot be looked for.
    pub problem: Option<Sentence>,
    /// True if there are more than are shown.
    pub more: bool,
    /// So many newest gifts were looked through by name and contact, if the organisation has more.
    pub scanned: Option<i64>,
}

/// 〔待办〕 Something that waits, with its last day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DutyLine {
    /// Code of what waits, for example `check`.
    pub kind: String,
    /// Chinese name.
    pub title: String,
    /// About what.
    pub object: Link,
    /// Fen, where money is concerned.
    pub amount: Option<i64>,
    /// The last day.
    pub due: String,
    /// late, soon, later.
    pub urgency: String,
    /// Days over, or days left.
    pub days: i64,
    /// The statute that asks for it; absent where the house promises it.
    pub law: Option<String>,
    /// True if this user may do it.
    pub mine: bool,
}

/// A step of a matter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepLine {
    /// Chinese name of the step.
    pub step: String,
    /// Who, for the staff only.
    pub who: String,
    /// RFC 3339.
    pub at: String,
    /// Reason or note.
    pub reason: String,
    /// Number of the bank's slip, where the step paid and had one.
    pub voucher: String,
}

/// 〔拨付页〕 An order to pay, for the staff.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisbursementPage {
    /// The line.
    pub line: DisbursementLine,
    /// The rule behind its class.
    #[serde(skip)]
    pub rule: &'static str,
    /// Whose.
    pub organisation: Link,
    /// The fund as it stands, so that the effect can be stated before.
    pub fund: FundLine,
    /// Steps, oldest first.
    pub steps: Vec<StepLine>,
    /// Steps this user may take now: check, approve, pay, refuse.
    pub may: Vec<String>,
    /// What the next step will do, in one sentence.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub effect: Sentence,
    /// Places with this fund's money: to pay from.
    pub places: Vec<PlaceLine>,
    /// A labelled assumption.
    pub assumption: String,
    /// The delivery that the payment made, to which evidence can be added.
    pub delivery: Option<String>,
}

/// 〔导入批次〕 An import.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportRunLine {
    /// Printed id.
    pub id: String,
    /// Layout in Chinese.
    pub layout: String,
    /// File name.
    pub file: String,
    /// staged, posting, posted, undone.
    pub state: String,
    /// Rows of the file.
    pub rows: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// Rows posted.
    pub posted: i64,
    /// Fen of the file.
    pub amount: i64,
    /// Fen accepted.
    pub amount_accepted: i64,
    /// Fen rejected.
    pub amount_rejected: i64,
    /// RFC 3339.
    pub at: String,
}

/// 〔导入结果〕 What an import or dry run found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    /// The run, absent for a dry run.
    pub run: Option<ImportRunLine>,
    /// Layout in Chinese.
    pub layout: String,
    /// Rows of the file.
    pub rows: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Rejected rows: line, code, reason (first ones).
    #[serde(serialize_with = "as_lines")]
    #[schema(value_type = Vec<(i64, String, String)>)]
    pub rejects: Vec<(i64, String, Sentence)>,
    /// Number of rejected rows.
    pub rejected: i64,
    /// Fen of the file, accepted, rejected: they add up.
    pub amounts: (i64, i64, i64),
    /// Warnings in words.
    #[serde(serialize_with = "as_texts")]
    #[schema(value_type = Vec<String>)]
    pub warnings: Vec<Sentence>,
    /// Names the earlier import if this file was imported before.
    pub earlier: Option<String>,
}

/// Where a field of a gift stands in a list with headings of its own.
#[derive(Debug, Clone)]
pub struct ImportColumn {
    /// Stable code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// True if no gift can be read without it.
    pub needed: bool,
    /// The column, counted from 0.
    pub place: Option<usize>,
}

/// A gift as it would be entered.
#[derive(Debug, Clone)]
pub struct ImportGiftRow {
    /// Its line in the file.
    pub line: i64,
    /// The donor's name as the file says it.
    pub donor: String,
    /// How pages would show the donor.
    pub shown_as: String,
    /// Fen.
    pub amount: i64,
    /// Fen the channel kept.
    pub fee: i64,
    /// RFC 3339.
    pub at: String,
    /// Its Beijing day.
    pub day: String,
    /// False if only the day is known.
    pub time_known: bool,
    /// How it came, in Chinese.
    pub channel: String,
    /// Number at the channel.
    pub number: String,
    /// Note.
    pub note: String,
    /// True if its number stands under another channel already.
    pub elsewhere: bool,
}

/// 〔导入预览〕 What a brought file holds and what an import would do.
#[derive(Debug, Clone, Default)]
pub struct ImportLook {
    /// The headings.
    pub headings: Vec<String>,
    /// Where the fields stand, if the list has headings of its own.
    pub columns: Vec<ImportColumn>,
    /// True if the columns are those of an earlier import.
    pub remembered: bool,
    /// The columns as they would be kept.
    pub mapping: String,
    /// What the import would do.
    pub report: Option<ImportReport>,
    /// The first gifts as they would be entered.
    pub rows: Vec<ImportGiftRow>,
    /// Why it cannot be read yet, in one sentence.
    pub refusal: Option<Sentence>,
    /// Where the money goes.
    pub aim: Option<ImportAim>,
    /// Each heading with the field that it is read as; empty for lists other than gifts.
    pub used: Vec<(String, Option<&'static str>)>,
    /// The cells of the rejected rows as they were typed, in the order of the report's rejects.
    pub rejected_cells: Vec<Vec<String>>,
    /// Rejected rows whose amount cannot be read, so that the file's total lacks it.
    pub unread: i64,
}

/// 〔入账去处〕 The campaign of an import, and what of it would be held.
#[derive(Debug, Clone)]
pub struct ImportAim {
    /// The campaign.
    pub campaign: Link,
    /// Its first and its last day.
    pub days: (String, String),
    /// Gifts outside those days: they are taken and held.
    pub held: i64,
}

/// 〔导入批次页〕 A run with whose it is.
#[derive(Debug, Clone)]
pub struct ImportRunPage {
    /// The line.
    pub line: ImportRunLine,
    /// Whose.
    pub organisation: Option<Link>,
    /// For which campaign.
    pub campaign: Option<Link>,
    /// RFC 3339; when it was posted or undone, if it was.
    pub ended_at: Option<String>,
    /// Why the reader may not post it, undo it or take its rejected rows, which hold names; nothing if he may.
    pub denied: Option<Denied>,
}

/// A user in the administrator's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserLine {
    /// Printed id.
    pub id: String,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles in words.
    #[serde(serialize_with = "as_texts")]
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Sentence>,
}
