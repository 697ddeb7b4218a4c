//! 〔规则库〕 The rules of the law as everybody may look them up: by article, by words, as of a day.

mod ask;
mod book;
mod changes;
mod clock;
mod page;
mod question;
mod search;
mod words;

pub use ask::{RuleAsk, RulePlace};
pub(crate) use ask::{binds, enforcements, groups, regions, statuses};
pub(super) use book::book;
pub use book::rules_cited;
pub(crate) use search::found;
pub use words::NATION;
pub(crate) use words::line;
