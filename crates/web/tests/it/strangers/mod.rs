//! What strangers try, over every page, form and call that the house has: to read and act across the border of
//! organisations and regions, with sessions that are none, from other sites, with words that a database, a browser or
//! a spreadsheet could obey, and with paths that lead elsewhere.

mod borders;
mod doors;
mod walk;
mod words;
