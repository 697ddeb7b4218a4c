//! Tests of the data that is built in.

mod articles;
mod book;
mod core_set;
mod deadlines;
#[path = "../../examples/page/text.rs"]
mod page;
mod page_file;
mod search;
mod versions;

use kernel::{Day, RegionCode};
use rulebook::{InForce, Jurisdiction, RuleId, Rulebook};
use std::sync::OnceLock;

/// The book, read once.
fn book() -> &'static Rulebook {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::load().unwrap_or_else(|troubles| panic!("\n{troubles}")))
}

fn id(text: &str) -> RuleId {
    RuleId::parse(text).unwrap_or_else(|| panic!("{text}"))
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|_| panic!("{text}"))
}

fn region(code: &str) -> Jurisdiction {
    Jurisdiction::Region(RegionCode::parse(code).unwrap_or_else(|_| panic!("{code}")))
}

fn law_on(on: &str) -> InForce<'static> {
    book().in_force(day(on), Jurisdiction::Nation)
}
