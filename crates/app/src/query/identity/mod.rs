//! Who is signed in, and the administrator's list of users.

mod security;
mod session;
