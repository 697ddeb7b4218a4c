//! The public log.

use serde::Serialize;
use utoipa::ToSchema;

/// 〔检查点〕 A signed checkpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckpointView {
    /// Leaves covered.
    pub size: i64,
    /// Root in base64.
    pub root: String,
    /// The signed note as published.
    pub note: String,
    /// RFC 3339, by the operator's clock.
    pub signed_at: String,
}

/// 〔日志页〕 The log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogPage {
    /// Origin of the log.
    pub origin: String,
    /// The verifier key as text.
    pub verifier_key: String,
    /// Newest checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// Leaves written, sealed or not.
    pub leaves: i64,
    /// Earlier checkpoints, newest first.
    pub checkpoints: Vec<CheckpointView>,
    /// Newest leaves: index, kind, summary.
    pub recent: Vec<(i64, String, String)>,
}

/// A public word beside a leaf.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpeningView {
    /// Field.
    pub field: String,
    /// Salt in base64url.
    pub salt: String,
    /// The words; absent if withdrawn.
    pub value: Option<String>,
    /// RFC 3339 of the withdrawal.
    pub withdrawn_at: Option<String>,
}

/// 〔日志叶〕 One leaf.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeafPage {
    /// Index.
    pub index: i64,
    /// Canonical JSON as hashed.
    pub text: String,
    /// Leaf hash in base64.
    pub hash: String,
    /// True if a checkpoint covers it.
    pub sealed: bool,
    /// Words beside it.
    pub openings: Vec<OpeningView>,
    /// Path of the page it is about.
    pub about: Option<String>,
}
