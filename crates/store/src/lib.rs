//! SQL beside the function that runs it, and the one writer that commits.
//!
//! Reads are functions over a `db::Session` (a reader's snapshot or the writer's transaction). Writes go
//! through a [`Batch`]: commands of one group commit share one transaction, append-only rows are gathered and
//! written in bulk, and the counters of tapes, streams and balances live in memory between batches.

pub mod audit;
pub mod batch;
mod buffer;
pub mod exchange;
mod flusher;
pub mod fundraising;
pub mod funds;
mod house;
pub mod identity;
pub mod limits;
pub mod oversight;
pub mod parties;
mod posting;
pub mod schema;
pub mod search;
mod state;
pub mod transparency;
mod walk;
pub mod writer;

pub use batch::{Batch, House, LostGift};
pub use house::{founding_begin, house_value, house_values, is_founding};
pub use posting::{Posted, PostingError};
pub use walk::Walk;
