//! Who is signed in, and the administrator's list of users.

mod delegation;
mod security;
mod session;
