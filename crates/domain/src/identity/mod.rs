//! Identity 身份: who acts, in which role, and what that permits.

mod actor;
pub mod delegation;
pub mod passkey;
mod permission;
mod role;
pub mod second_factor;

pub use actor::{Actor, Who};
pub use permission::{Action, Denied, Object, Reach, permit, reach};
pub use role::{Grant, Role};
pub use second_factor::{Proof, Unproven, proven};
