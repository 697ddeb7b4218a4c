//! Identity 身份: signing in, users, the desk of the staff.

pub(crate) mod delegation;
pub(crate) mod desk;
pub(crate) mod kept;
pub(crate) mod passkey;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod user;
