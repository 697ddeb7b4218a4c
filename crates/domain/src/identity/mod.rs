//! Identity 身份: who acts, in which role, and what that permits.

mod actor;
mod permission;
mod role;

pub use actor::{Actor, Who};
pub use permission::{Action, Denied, Object, Reach, permit, reach};
pub use role::{Grant, Role};
