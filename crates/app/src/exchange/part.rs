//! A part of an import as the staircase takes it.

use domain::fundraising::Donor;
use domain::oversight::Announcement;
use domain::parties::RegisteredOrganisation;
use kernel::{Amount, Day, Fen, Id, Timestamp};
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
    /// How much, before fees.
    pub amount: Amount,
    /// What the channel kept, zero where its bill does not say.
    pub fee: Fen,
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
    /// The day, or the last day on which it can have been.
    pub day: Day,
    /// False where the list says only "up to this day".
    pub day_known: bool,
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
    Organisations(Vec<RegisteredOrganisation>),
    /// Divisions: code, name, and the day on which the list stood.
    Regions(Vec<(kernel::RegionCode, String)>, Day),
}

impl ImportRows {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            ImportRows::Gifts(rows) => rows.len(),
            ImportRows::GoodsIn(rows) | ImportRows::GoodsOut(rows) => rows.len(),
            ImportRows::Payments(rows) => rows.len(),
            ImportRows::Announcements(rows) => rows.len(),
            ImportRows::Organisations(rows) => rows.len(),
            ImportRows::Regions(rows, _) => rows.len(),
        }
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Parts of at most [`PART_ROWS_MAX`] rows, in order.
    pub fn parts(self) -> Vec<ImportRows> {
        match self {
            ImportRows::Gifts(rows) => cut(rows, ImportRows::Gifts),
            ImportRows::GoodsIn(rows) => cut(rows, ImportRows::GoodsIn),
            ImportRows::GoodsOut(rows) => cut(rows, ImportRows::GoodsOut),
            ImportRows::Payments(rows) => cut(rows, ImportRows::Payments),
            ImportRows::Announcements(rows) => cut(rows, ImportRows::Announcements),
            ImportRows::Organisations(rows) => cut(rows, ImportRows::Organisations),
            ImportRows::Regions(rows, day) => cut(rows, |rows| ImportRows::Regions(rows, day)),
        }
    }
}

fn cut<T>(rows: Vec<T>, part: impl Fn(Vec<T>) -> ImportRows) -> Vec<ImportRows> {
    let mut rows = rows.into_iter();
    let mut parts = Vec::new();
    loop {
        let some: Vec<T> = rows.by_ref().take(PART_ROWS_MAX).collect();
        if some.is_empty() {
            return parts;
        }
        parts.push(part(some));
    }
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
