//! Organisations.

use super::{
    CampaignCard, ContactView, FundLine, HouseTotals, Link, PlaceLine, RegisterLine, RegisterView,
    StreamRecord, WordSalts,
};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔组织行〕 An organisation in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationLine {
    /// Printed id.
    pub id: String,
    /// Registered name.
    pub name: String,
    /// Chinese name of the legal form.
    pub kind: String,
    /// Unified code.
    pub uscc: Option<String>,
    /// Which register says so.
    pub source: String,
    /// What the register says of its end: in liquidation, deregistered; nothing while it goes on.
    pub ended: Option<String>,
    /// Who goes on with what it had.
    pub successors: Vec<Link>,
}

/// 〔组织页〕 An organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationPage {
    /// The line.
    pub line: OrganisationLine,
    /// Name of its region.
    pub region: Option<String>,
    /// Day of registration as the source wrote it.
    pub registered: String,
    /// Marks on the data, in Chinese.
    pub marks: Vec<String>,
    /// Documents named by the source.
    pub documents: Vec<String>,
    /// Likely duplicates, proposed and not merged: link and reason.
    pub duplicates: Vec<(Link, String)>,
    /// Sums.
    pub totals: HouseTotals,
    /// Reports that the law asked for up to today.
    pub disclosures_due: i64,
    /// Those of them that were published in time.
    pub disclosures_on_time: i64,
    /// Campaigns, newest first.
    pub campaigns: Vec<CampaignCard>,
    /// Funds of money.
    pub funds: Vec<FundLine>,
    /// Funds of goods (first page).
    pub goods: Vec<FundLine>,
    /// Places with what is there.
    pub places: Vec<PlaceLine>,
    /// Days with gifts or announcements, newest first.
    pub days: Vec<String>,
    /// Index of its leaf.
    pub leaf_index: Option<i64>,
    /// Whose successor it is.
    pub predecessors: Vec<Link>,
    /// The newest statement about it in the log.
    pub record: Option<StreamRecord>,
    /// What the register says on the day that is asked about.
    pub register: RegisterView,
    /// Income and spending of the years for which the ledger has something, the newest first; at most five.
    pub years: Vec<YearLine>,
    /// Annual reports, the newest year first: published ones, and those that are asked for.
    pub reports: Vec<AnnualReportLine>,
    /// Penalties and measures that stand in the register, newest first, also those that were corrected afterwards.
    pub penalties: Vec<RegisterLine>,
    /// Leaves under the newest checkpoint; nothing before the first one.
    pub sealed: Option<i64>,
    /// How it is reached, as it says itself; not in the log.
    pub contact: ContactView,
}

/// 〔年度报告行〕 The report of a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnnualReportLine {
    /// The year that is reported.
    pub year: i64,
    /// The last day on which it is in time.
    pub due: String,
    /// When it was first published.
    pub published: Option<String>,
    /// Code of its state: in_time, late, missing, waiting.
    pub state: String,
    /// The same in Chinese.
    pub state_title: String,
}

/// 〔年度报告页〕 A report that was published.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnnualReportPage {
    /// Whose.
    pub organisation: OrganisationLine,
    /// Year and days.
    pub line: AnnualReportLine,
    /// What it says: name and answer, in the order of the form.
    pub lines: Vec<(String, String)>,
    /// The yearly ratios, computed from what it says by the rule of that year.
    #[serde(skip)]
    pub ratios: Vec<(&'static str, Sentence)>,
    /// The entry that says it.
    pub entry: RegisterLine,
    /// Every version that was published, the newest first.
    pub versions: Vec<RegisterLine>,
    /// What opens the words of the newest one.
    pub salts: WordSalts,
}

/// 〔年度收支〕 What came in and what was spent in a calendar year, in fen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YearLine {
    /// The year.
    pub year: i64,
    /// Gifts without what was corrected, refunded or taken back in that year.
    pub raised: i64,
    /// Reached final beneficiaries.
    pub delivered: i64,
    /// Became goods.
    pub purchased: i64,
    /// Cost, fees and losses.
    pub cost: i64,
    /// Of all three the sum.
    pub spent: i64,
}
