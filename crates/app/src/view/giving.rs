//! What a donor should know before paying, and what a donor keeps afterwards.

use super::{ContactView, ReceiptPage, RegisterLine};
use domain::Sentence;

/// 〔捐前须知〕 Calm facts about a campaign for the summary before paying.
#[derive(Debug, Clone)]
pub struct GivingFacts {
    /// Unified code of the organisation.
    pub uscc: Option<String>,
    /// Chinese name of its legal form.
    pub kind: String,
    /// Which register says so.
    pub source: String,
    /// What the register says today of raising from the public, in one sentence.
    pub right: Sentence,
    /// The entry of the qualification that counts today; absent where the register has none.
    pub qualification: Option<RegisterLine>,
    /// The median of the campaign's latest gifts in fen; absent while they are few.
    pub usual: Option<i64>,
    /// The last day with a report, or on which money reached people and still stands.
    pub progress: LastDay,
    /// The last day on which money was paid out.
    pub finance: LastDay,
}

/// 〔最近日期〕 The last day of something, and whether that is long ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDay {
    /// The day, absent if it never happened.
    pub day: Option<String>,
    /// Days since then, or since the campaign began.
    pub days: i64,
    /// True if the law's three months are over.
    pub stale: bool,
}

/// 〔留存凭据〕 Everything that a receipt to keep must hold, as of one moment.
#[derive(Debug, Clone)]
pub struct Keepsake {
    /// The receipt with its whole story, as far as [`Keepsake::PARTS`].
    pub page: ReceiptPage,
    /// Unified code of the organisation.
    pub uscc: Option<String>,
    /// Filing number of the campaign; may be empty.
    pub filing_number: String,
    /// The promise as it was published; absent for gifts without a campaign.
    pub promise: Option<String>,
    /// Administrative share in hundredths of a per cent.
    pub administrative_share: i64,
    /// Hash of the gift's leaf, in hex.
    pub leaf_hash: String,
    /// The moment of all this, RFC 3339.
    pub drawn_at: String,
    /// The proof file, once a checkpoint covers the leaf.
    pub proof: Option<String>,
    /// How many pages its story has on the screen, as far as it was read.
    pub pages: usize,
    /// By when the next three-monthly progress must be published.
    pub progress_by: Option<String>,
    /// By when the full report must be published.
    pub full_by: Option<String>,
    /// Where the log is: scheme-less address.
    pub origin: String,
    /// How the organisation is reached, as it says itself; not in the log.
    pub contact: ContactView,
}

impl Keepsake {
    /// The most parts of a story that are kept; the rest is one sum.
    pub const PARTS: usize = 400;
}
