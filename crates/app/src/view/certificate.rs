//! A certificate as its page and its paper show it.

use super::{OrganisationLine, RegisterLine};

/// 〔证书〕 What the register certifies today, and the signed text that a code holds.
#[derive(Debug, Clone)]
pub struct CertificateView {
    /// Code of the kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// The item of the register that it is about.
    pub item_title: String,
    /// Whose it is.
    pub organisation: OrganisationLine,
    /// The entry that it repeats; absent where nothing is certified today.
    pub entry: Option<RegisterLine>,
    /// True if the entry is not under a checkpoint yet.
    pub waits: bool,
    /// The day of issue: today.
    pub issued: String,
    /// When it was drawn, RFC 3339.
    pub drawn_at: String,
    /// Name of the log.
    pub origin: String,
    /// The key that signs.
    pub key: String,
    /// What the code holds; absent where there is nothing to certify, nothing sealed, or too much for a code.
    pub payload: Option<String>,
}
