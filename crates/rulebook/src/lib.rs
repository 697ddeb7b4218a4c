//! The legal rules as dated data: what holds, since when, where, for whom, and how sure we are of it.
//!
//! The texts stand in `data/rules/` and are read once, strictly, with all troubles at once. Whoever judges asks
//! for the rule of a day and a place ([`Rulebook::in_force`]), so that a report of 2025 is judged by the numbers
//! of 2025. What was only recalled and never read stops nobody ([`enforced`]).
//!
//! The checks are pure functions from facts to findings. Nothing here reads a clock, a disk or a row: days,
//! calendars and facts are parameters.

mod book;
pub mod check;
mod citation;
mod deadline;
mod document;
mod finding;
mod id;
mod judge;
mod jurisdiction;
mod law;
pub mod limits;
mod numeral;
mod quantity;
mod read;
mod rule;
mod status;
mod typed;
mod who;

pub use book::{InForce, Rulebook};
pub use citation::{Citation, Cited, Locator, cited};
pub use deadline::{Counted, Deadline, Due, DueError, LawOf, Timing};
pub use document::Document;
pub use finding::{Finding, Value};
pub use id::{Group, RuleId};
pub use jurisdiction::Jurisdiction;
pub use law::{Law, Reading, Start};
pub use quantity::Quantity;
pub use read::{Trouble, Troubles};
pub use rule::{Number, Origin, Rule};
pub use status::{Severity, Status, enforced};
pub use typed::as_written;
pub use who::Who;
