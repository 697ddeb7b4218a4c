//! A part of an import as the staircase takes it.

use domain::fundraising::Donor;
use domain::oversight::Announcement;
use domain::parties::NewOrganisation;
use kernel::{Amount, Day, Id, Timestamp};
use leaf::ids;

/// The most rows of one part; the writer stays responsive between parts.
pub const PART_ROWS_MAX: usize = 2_000;

/// A gift of an import.
#[derive(Debug, Clone)]
pub struct ImportGift {
    /// Line in the file.
    pub line: i64,
    /// Channel code; the place is found or opened by it.
    pub channel: String,
    /// External id, unique in its channel.
    pub external_id: String,
    /// How much.
    pub amount: Amount,
    /// When; the end of the published day where only that is known.
    pub paid_at: Timestamp,
    /// False where only the published day is known.
    pub time_known: bool,
    /// The day under which a list published it.
    pub published_day: Option<Day>,
    /// Who gave.
    pub donor: Donor,
}

/// Goods of an import, in or out.
#[derive(Debug, Clone)]
pub struct ImportGoods {
    /// Line in the file.
    pub line: i64,
    /// Makes the row unique.
    pub external_id: String,
    /// Item name.
    pub name: String,
    /// Specification.
    pub spec: String,
    /// Unit.
    pub unit: String,
    /// How many.
    pub units: i64,
    /// The day, if it is known.
    pub day: Option<Day>,
    /// Who gave or received.
    pub party: String,
    /// True if a natural person's name may be in `party`.
    pub person: bool,
}

/// A payment that a notice published.
#[derive(Debug, Clone)]
pub struct ImportPayment {
    /// Line in the file.
    pub line: i64,
    /// Makes the row unique.
    pub external_id: String,
    /// The day of the notice.
    pub day: Day,
    /// Who received.
    pub payee: String,
    /// How much.
    pub amount: Amount,
    /// True if it was given for a designated purpose (定向).
    pub designated: bool,
    /// True if it is an advance and not a final use.
    pub advance: bool,
    /// What for.
    pub purpose: String,
}

/// The rows of a part.
#[derive(Debug, Clone)]
pub enum ImportRows {
    /// Gifts of money.
    Gifts(Vec<ImportGift>),
    /// Goods received.
    GoodsIn(Vec<ImportGoods>),
    /// Goods handed out.
    GoodsOut(Vec<ImportGoods>),
    /// Payments.
    Payments(Vec<ImportPayment>),
    /// Announced totals.
    Announcements(Vec<Announcement>),
    /// Organisations.
    Organisations(Vec<NewOrganisation>),
    /// Divisions: code, name.
    Regions(Vec<(kernel::RegionCode, String)>),
}

/// 〔导入分段〕 Some rows of one import run.
#[derive(Debug, Clone)]
pub struct ImportPart {
    /// The run.
    pub run: Id<ids::ImportRun>,
    /// Whose money, for everything but the register and divisions.
    pub organisation: Option<Id<ids::Organisation>>,
    /// For which campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// The rows.
    pub rows: ImportRows,
}
