//! The register of an organisation as pages and the API show it.

use super::{Link, StreamRecord, WordSalts, as_text};
use domain::Sentence;
use domain::parties::register::{Item, Standing};
use leaf::CertificateKind;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔登记情况〕 What the register of an organisation says on a day, as it was known at a moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterView {
    /// The day that is asked about.
    pub on: String,
    /// The moment whose knowledge is asked for, RFC 3339; absent for what is known now.
    pub known: Option<String>,
    /// True if today is asked about, with what is known now.
    pub is_now: bool,
    /// Code of what the register says of raising from the public: unknown, valid, stopped, expired, not_yet.
    pub right: String,
    /// The same in one sentence.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub right_sentence: Sentence,
    /// Codes of what holds on that day: each the first entry of its item that counts.
    pub holding: Vec<RegisterLine>,
    /// Names before the one of that day, the newest first.
    pub former_names: Vec<RegisterLine>,
    /// The entries that were known, newest first; of many the newest of them.
    pub entries: Vec<RegisterLine>,
    /// How many were known.
    pub count: i64,
    /// Index in the log before which there are more.
    pub older: Option<i64>,
    /// The newest entry in the log and how many there are: "these are all" is proved by it.
    pub record: Option<StreamRecord>,
    /// Who goes on with what it had, as far as was known: each with its name.
    pub successors: Vec<Link>,
    /// Salts of the public words of the entries: with the words they open the commitments of their leaves.
    pub salts: WordSalts,
}

/// 〔登记记载〕 An entry of a register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterLine {
    /// Printed id.
    pub id: String,
    /// Code of the item.
    pub item: String,
    /// Its Chinese name.
    pub item_title: String,
    /// Code of the standing, where the item has one.
    pub standing: Option<String>,
    /// Its Chinese name.
    pub standing_title: Option<String>,
    /// What was entered, for items without standings.
    pub words: String,
    /// The first day on which it holds.
    pub from: String,
    /// The last day, where it has one.
    pub until: Option<String>,
    /// Who decided.
    pub office: String,
    /// Number of the document.
    pub document: String,
    /// The article, may be empty.
    pub law: String,
    /// Why, may be empty.
    pub reason: String,
    /// The register that says so.
    pub source: String,
    /// Printed id of the matter that decided it here.
    pub matter: Option<String>,
    /// True if a later entry says that it was a mistake.
    pub is_corrected: bool,
    /// True if it counts on the day that is asked about.
    pub holds: bool,
    /// When it was recorded, RFC 3339.
    pub recorded_at: String,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// Printed id of the organisation that goes on, where the entry says that.
    pub successor: Option<String>,
}

impl RegisterLine {
    /// What a standing is called; nothing for words.
    #[must_use]
    pub fn state_words(&self) -> &str {
        self.standing_title.as_deref().unwrap_or_default()
    }

    /// The kind of certificate that repeats this entry, by its code.
    #[must_use]
    pub fn certificate(&self) -> Option<&'static str> {
        let item = Item::parse(&self.item)?;
        let standing = Standing::parse(item, self.standing.as_deref()?)?;
        let mut kinds = CertificateKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.item() == item.code())?;
        standing.is_certified().then(|| kind.code())
    }
}

impl RegisterView {
    /// The entry of an item that holds on the day.
    #[must_use]
    pub fn of(&self, item: &str) -> Option<&RegisterLine> {
        self.holding.iter().find(|entry| entry.item == item)
    }
}
