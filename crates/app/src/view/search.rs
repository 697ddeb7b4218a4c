//! Search: typed results with counts, suggestions while typing.

use super::{CampaignCard, DeliveryLine, FundLine, GiftLine, OrganisationLine, as_optional_text};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔搜索结果〕 Typed results with counts.
#[derive(Debug, Clone, Serialize, ToSchema, Default)]
pub struct SearchPage {
    /// What was asked.
    pub query: String,
    /// Code of the kind that is shown alone; absent if all are.
    pub kind: Option<String>,
    /// Kinds with hits and how many, in the order in which they are shown.
    pub counts: Vec<SearchCount>,
    /// Hits of all kinds.
    pub total: i64,
    /// Records with exactly this number, index or day.
    pub numbers: Vec<NumberHit>,
    /// A donation found by its number.
    pub donation: Option<GiftLine>,
    /// Campaigns, best first.
    pub campaigns: Vec<CampaignCard>,
    /// Organisations, best first.
    pub organisations: Vec<OrganisationLine>,
    /// Funds, best first.
    pub funds: Vec<FundLine>,
    /// Deliveries that reached a place of this name, newest first.
    pub deliveries: Vec<DeliveryLine>,
    /// The path of the one page that a number leads to.
    pub direct: Option<String>,
    /// Nothing is named exactly so; these names are close: 您要找的是不是….
    pub similar: Vec<Suggestion>,
    /// No organisation ever had this name or code, which the log proves.
    pub unknown: Option<UnknownView>,
    /// What is wrong with a number, in one sentence.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub advice: Option<Sentence>,
    /// True if there is more than is shown.
    pub more: bool,
    /// Which page of the kind this is, from 1.
    pub page: i64,
    /// The page before, if there is one.
    pub previous: Option<i64>,
    /// The page after, if there is one.
    pub next: Option<i64>,
}

/// 〔查无此名〕 A text that is nobody's name and nobody's code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnknownView {
    /// The text.
    pub text: String,
    /// The stream of the log's index in which it would stand: read whole, it proves that it does not.
    pub stream: String,
    /// Leaves under the checkpoint for which that holds.
    pub sealed: i64,
}

/// 〔分类计数〕 How many hits of one kind there are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchCount {
    /// Code: campaign, organisation, fund, donation, movement, delivery, leaf, day.
    pub kind: String,
    /// Chinese name of the kind.
    pub title: String,
    /// How many.
    pub count: i64,
}

impl SearchCount {
    /// True if the kind has a list of its own, which can be read page by page.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.kind.as_str(), "campaign" | "organisation" | "fund")
    }

    /// True if this is the kind that is shown alone.
    #[must_use]
    pub fn is_kind(&self, kind: &Option<String>) -> bool {
        kind.as_ref() == Some(&self.kind)
    }
}

/// 〔编号命中〕 A record with exactly the number that was typed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NumberHit {
    /// Code of the kind.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// The number as it is printed, or the name of what it belongs to.
    pub title: String,
    /// Path of its page.
    pub path: String,
}

/// 〔联想〕 A name that may be meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    /// Code of the kind.
    pub kind: String,
    /// Chinese name of the kind.
    pub kind_title: String,
    /// The name as it is recorded.
    pub title: String,
    /// Path of its page.
    pub path: String,
    /// How it was found: exact, prefix, contains, words, pinyin, alike, close, number.
    pub how: String,
}

/// 〔联想列表〕 What may be meant by what has been typed so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestions {
    /// What was typed.
    pub query: String,
    /// Names, best first.
    pub suggestions: Vec<Suggestion>,
}
