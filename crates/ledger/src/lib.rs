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

pub mod kind;
pub mod limits;
pub mod movement;
pub mod span;
pub mod swap;
pub mod tape;

pub use kind::{Kind, Shape};
pub use movement::{Movement, MovementError, MovementId, PlaceId, Side, Undo};
pub use span::Span;
pub use swap::{Exchange, Swap, SwapError, named_swaps};
pub use tape::{Tape, TapeError, TapeId};
