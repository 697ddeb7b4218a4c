//! Names in, ranked hits out: an index in memory for what people type into one box.
//!
//! This floor knows nothing of charity. A name is folded (width, case, punctuation and the traditional script fall
//! away) and laid into an arena of two-byte symbols; pairs of neighbouring symbols lead to it, and so do pairs of
//! the letters with which its syllables begin. A question is answered from those pairs and then compared with the
//! whole name, so that nothing is found that is not there.
//!
//! What is found is ordered by how it was found ([`How`]), then by the entry's own weight, then by the length of its
//! name, then by its id: the same question has the same answer on every machine.
//!
//! The index is cut into parts that never change. New entries make small parts, small parts are laid together,
//! and readers hold the list of parts that was there when they began.

mod docs;
mod entry;
mod fold;
mod index;
mod limits;
mod order;
mod part;
mod postings;
mod query;
mod seek;
mod sound;
mod spell;
mod verify;

pub use entry::Entry;
pub use fold::fold;
pub use index::{Found, Hit, Index, Window};
pub use limits::{KEYS_MAX, NAME_CHARS_MAX, QUERY_CHARS_MAX, SKIP_MAX, TAKE_MAX};
pub use order::sort_key;
pub use query::Query;
pub use seek::How;

#[cfg(test)]
mod oracle;
