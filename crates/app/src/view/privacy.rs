//! Tombstones, and a donor's information at the desk.

use super::{Link, as_optional_text, as_text};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔撤下的标记〕 What stood here: what, when and why it was taken down; the commitment stays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tombstone {
    /// words, donor, file or key.
    pub what: String,
    /// Chinese name of what stood here.
    pub title: String,
    /// RFC 3339 of the withdrawal.
    pub at: String,
    /// Code of the reason.
    pub reason: String,
    /// Chinese name of the reason.
    pub reason_title: String,
    /// Index of the leaf that holds the commitment.
    pub leaf_index: i64,
    /// Index of the leaf that states the withdrawal.
    pub stated_at: i64,
}

/// 〔捐赠人信息〕 What may be done with the information of one gift's donor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DonorPrivacy {
    /// Printed donation id.
    pub id: String,
    /// Who holds the gift.
    pub organisation: Link,
    /// As pages show the donor.
    pub donor: String,
    /// Fen, or units.
    pub amount: i64,
    /// `fen` or the unit.
    pub unit: String,
    /// Beijing day of the gift.
    pub day: String,
    /// open, hidden, restricted or erased.
    pub state: String,
    /// The state in one sentence.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub sentence: Sentence,
    /// The first day on which it may be erased.
    pub keep_until: String,
    /// Full name, if it is restricted and the reader may read that.
    pub name: Option<String>,
    /// What the reader may do: hide, restrict, erase.
    pub may: Vec<String>,
}

/// 〔凭据的隐私说明〕 What a receipt says of a donor who is not shown.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct DonorState {
    /// One sentence; absent while the donor is shown as chosen.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub sentence: Option<Sentence>,
    /// What was taken down of this gift.
    pub tombstones: Vec<Tombstone>,
}
