//! One entry: what, from when, who decided it, and where that is written.

use super::{Item, Standing};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔记载来源〕 Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A matter of this house decided it.
    Matter(Id<ids::Matter>),
    /// Another register says so; this house decided nothing.
    Imported,
}

/// 〔待记载〕 An entry before it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What it is about.
    pub item: Item,
    /// The standing, for items that have one.
    pub standing: Option<Standing>,
    /// The words, for items that have none: a name, a domicile.
    pub words: String,
    /// The first day on which it holds.
    pub from: Day,
    /// The last day on which it holds; absent where it holds until something else is entered.
    pub until: Option<Day>,
    /// 〔决定机关〕 Who decided.
    pub office: String,
    /// 〔文号〕 Number of the document of the decision.
    pub document: String,
    /// 〔依据〕 The article on which it rests, may be empty.
    pub law: String,
    /// Why, in words for everybody; may be empty.
    pub reason: String,
    /// The register that says so.
    pub source: String,
    /// Who decided here, or that nobody did.
    pub origin: Origin,
    /// The earlier entry that was a mistake.
    pub corrects: Option<Id<ids::RegisterEntry>>,
    /// 〔承继单位〕 Who goes on with what the organisation had, where the entry says that.
    pub successor: Option<Id<ids::Organisation>>,
}

impl NewEntry {
    /// True if it holds on this day, as far as it goes by itself.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.last_day().is_none_or(|last| day <= last)
    }

    /// The last day on which it holds by itself; what only a later entry can end has none, whatever was written.
    #[must_use]
    pub fn last_day(&self) -> Option<Day> {
        let is_lasting = self.standing.is_some_and(Standing::is_lasting);
        self.until.filter(|_| !is_lasting)
    }

    /// True if another register said the same before: whoever reads its file again enters nothing twice.
    #[must_use]
    pub fn says_the_same(&self, other: &NewEntry) -> bool {
        let alone = |one: &NewEntry| NewEntry {
            corrects: None,
            ..one.clone()
        };
        self.origin == Origin::Imported && alone(self) == alone(other)
    }

    /// The matter that decided it.
    #[must_use]
    pub fn matter(&self) -> Option<Id<ids::Matter>> {
        match self.origin {
            Origin::Matter(id) => Some(id),
            Origin::Imported => None,
        }
    }
}

/// 〔登记记载〕 An entry of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub id: Id<ids::RegisterEntry>,
    /// What it says.
    pub new: NewEntry,
    /// When this house recorded it.
    pub recorded_at: Timestamp,
    /// Index of its leaf.
    pub leaf_index: i64,
}
