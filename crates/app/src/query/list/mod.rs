//! Lists: one mechanism for filtering, sorting, paging, adding up and writing the rows of everything there is many of.

mod asked;
mod campaigns;
mod funds;
mod gifts;
pub mod limits;
mod log;
mod matters;
mod meta;
mod movements;
mod open;
mod organisations;
mod page;
mod privacy;
mod reports;
mod rules;
mod value;
mod whole;

pub use asked::{Asked, Given, Note, Order, Wanted};
pub use gifts::OF_DAY as GIFTS_OF_DAY;
pub use meta::{Audience, Column, Filter, How, Kind, Ledger, List};
pub use movements::{OF_FUND as MOVEMENTS_OF_FUND, SOURCES as SOURCES_OF_MOVEMENT};
pub use page::{Balance, ListAsk, ListBegun, ListPage, ListPart};
pub use value::{Row, Tally, Value};

/// Every list of the house, in the order of the wings.
pub static LISTS: &[&List] = &[
    &organisations::USERS,
    &organisations::ALL,
    &organisations::DAYS,
    &reports::OF_ORGANISATION,
    &funds::OF_ORGANISATION,
    &funds::GOODS,
    &movements::OF_FUND,
    &movements::SOURCES,
    &campaigns::ALL,
    &campaigns::PAYMENTS,
    &campaigns::PAYMENTS_OF_DESK,
    &campaigns::DELIVERIES,
    &campaigns::DELIVERIES_OF_DESK,
    &gifts::OF_CAMPAIGN,
    &gifts::OF_DAY,
    &gifts::OF_DESK,
    &gifts::HELD,
    &privacy::WITHDRAWN,
    &privacy::RESTRICTED,
    &organisations::IMPORTS,
    &matters::OF_ORGANISATION,
    &matters::OFFICE,
    &matters::OVERDUE,
    &log::LEAVES,
    &log::CHECKPOINTS,
    &rules::ALL,
];

/// A list by its name.
#[must_use]
pub fn list_of(name: &str) -> Option<&'static List> {
    LISTS.iter().copied().find(|list| list.name == name)
}
