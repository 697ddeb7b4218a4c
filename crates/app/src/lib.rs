//! Commands, queries and jobs of the house; `App::write` is the only staircase.

pub mod command;
mod error;
pub mod exchange;
pub mod view;

pub use command::{Command, CommandKey, Outcome};
pub use error::AppError;
