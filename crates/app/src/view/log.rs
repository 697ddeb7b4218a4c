//! The public log.

use super::{Tombstone, as_lines, as_optional_text};
use crate::transparency::Witnessed;
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔公开文字的盐〕 With it and the word a reader opens the commitment of a leaf.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WordSalt {
    /// The leaf that commits to the word.
    pub leaf_index: i64,
    /// Which word.
    pub field: String,
    /// 32 bytes in base64.
    pub salt: String,
}

/// 〔公开文字的盐〕 Those of a page, in the order of leaf and field.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(transparent)]
pub struct WordSalts(pub Vec<WordSalt>);

impl WordSalts {
    /// The salt that opens a field of a leaf; absent if the leaf does not commit to it or the word was withdrawn.
    #[must_use]
    pub fn of(&self, leaf_index: i64, field: &str) -> Option<&str> {
        let mut salts = self.0.iter();
        let found = salts.find(|one| one.leaf_index == leaf_index && one.field == field);
        found.map(|one| one.salt.as_str())
    }
}

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

/// 〔最新的一条记录〕 The newest statement of a campaign, an organisation or a fund, as of a checkpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StreamRecord {
    /// Name of the stream in the log's index.
    pub stream: String,
    /// How many statements it has.
    pub count: i64,
    /// Index of the newest one.
    pub index: i64,
    /// What it is, in Chinese.
    pub kind_title: String,
    /// Its day.
    pub day: String,
    /// The checkpoint's size: nothing newer stands before it.
    pub sealed: i64,
}

/// 〔日志页〕 The log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogPage {
    /// True for a test log, whose entries may be any bytes.
    pub is_test: bool,
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
    #[serde(serialize_with = "as_lines")]
    #[schema(value_type = Vec<(i64, String, String)>)]
    pub recent: Vec<(i64, String, Sentence)>,
    /// The policy and its witnesses; absent while the operator alone signs.
    pub witnesses: Option<WitnessesView>,
}

/// 〔见证人一览〕 The policy of the house and how its witnesses stand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WitnessesView {
    /// The policy file as published.
    pub policy: String,
    /// False if the policy says `quorum none`.
    pub asked_for: bool,
    /// True if all of them are the operator's own, and add no trust.
    pub of_one_hand: bool,
    /// Size of the newest checkpoint for which the quorum holds; 0 if there is none.
    pub final_size: i64,
    /// In the order of the policy.
    pub witnesses: Vec<WitnessLine>,
}

/// 〔见证人〕 One witness.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WitnessLine {
    /// Its name in the policy.
    pub name: String,
    /// Its key.
    pub key: String,
    /// Size of the newest checkpoint that it signed; 0 if it signed none.
    pub size: i64,
    /// RFC 3339, by its own clock.
    pub signed_at: Option<String>,
    /// Why it does not sign now, if it does not.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub trouble: Option<Sentence>,
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
    /// True for an entry of a test log, which may be any bytes.
    pub states_nothing: bool,
    /// Canonical JSON as hashed; of a test log the entry as it is, or in base64 if it is no text.
    pub text: String,
    /// Leaf hash in base64.
    pub hash: String,
    /// The same in hexadecimal, as receipts print it.
    pub fingerprint: String,
    /// True if a checkpoint covers it.
    pub sealed: bool,
    /// Whether witnesses have confirmed that checkpoint.
    pub witnessed: Witnessed,
    /// Words beside it.
    pub openings: Vec<OpeningView>,
    /// What was taken down of it.
    pub tombstones: Vec<Tombstone>,
    /// Path of the page it is about.
    pub about: Option<String>,
}
