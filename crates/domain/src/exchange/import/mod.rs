//! Layouts of files that people bring: each row becomes a proposal or a reject with a reason.
//!
//! Pure functions over texts: who opened the file, in which encoding, and what becomes of a
//! proposal is decided elsewhere. Nothing is guessed: a value that cannot be read rejects its
//! row, and a value that may be doubtful is kept as it came and marked.

pub mod announced;
mod bills;
pub mod cash_disbursed;
pub mod division;
pub mod gift;
pub mod gifts;
pub mod goods;
mod layout;
pub mod limits;
mod mapping;
pub mod named;
pub mod organisation;
pub mod qr_pos;
pub mod quantity;
pub mod registers;
mod reject;
mod row;
pub mod when;

pub use gift::{Channel, DonorKind, ProposedGift};
pub use layout::{HeaderError, Layout, Proposal, Reader};
pub use mapping::{MappedField, Mapping, mapped_fields};
pub use reject::Reject;
pub use row::{Header, Row};
pub use when::{GiftTime, order_key};

#[cfg(test)]
mod bill_tests;
#[cfg(test)]
mod real_tests;
#[cfg(test)]
mod row_tests;
