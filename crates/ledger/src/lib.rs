//! Tapes, movements and tracing: the pure arithmetic of money and goods.
//!
//! A fund is a tape of fen, a lot of goods is a tape of units. What comes in is written at the
//! tail, what goes out is taken from the head, and position by position a movement says which
//! fen went where. Everything here is a value or a state machine: nothing reads a clock, a file
//! or a database. Why tapes, and what was proved about them: `docs/decisions/0006-tapes.md`.
#![cfg_attr(
    not(test),
    warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)
)]

pub mod backward;
pub mod balance;
pub mod chart;
pub mod completeness;
pub mod conversion;
pub mod cursor;
pub mod forward;
pub mod kind;
pub mod limits;
#[cfg(any(test, feature = "testing"))]
pub mod memory_book;
pub mod movement;
pub mod naming;
pub mod owned;
pub mod path;
pub mod posting;
pub mod query;
pub mod span;
pub mod standing;
pub mod swap;
pub mod tape;

pub use backward::{BackwardTrace, Source};
pub use balance::{BalanceError, Balances, Imbalance, Transfer, imbalances};
pub use chart::{Account, AccountCode, CHART, Class, Detail, Mark};
pub use completeness::{Flaw, Tiling, undone_flaws};
pub use conversion::Correspondence;
pub use cursor::CursorError;
pub use forward::{Fate, ForwardTrace, Segment};
pub use kind::{Kind, Shape};
pub use movement::{Movement, MovementError, MovementId, PlaceId, Side, Undo};
pub use naming::{Named, Naming, NamingError};
pub use owned::Owned;
pub use path::{Hop, Step, Stretch, TraceError};
pub use posting::{
    Case, Cause, CostClass, Direction, Nature, Posting, PostingError, Seat, Year, closing_postings,
    postings, transfer_postings,
};
pub use query::{Answer, Query};
pub use span::Span;
pub use standing::Standing;
pub use swap::{Exchange, Swap, SwapError, named_swaps};
pub use tape::{Tape, TapeError, TapeId};
