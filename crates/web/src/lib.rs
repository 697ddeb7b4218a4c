//! Pages for people, JSON and files for machines. Only this crate knows HTTP.
//!
//! Handlers do three things: read the request into a command or question, ask the [`app::App`],
//! turn the answer into a page. Every address stands in [`routes`], every status code is chosen in
//! `error`, every page is complete without scripts.

mod api;
mod assets;
mod attempts;
mod chart;
mod error;
mod exchange;
mod form;
mod front;
mod fundraising;
mod funds;
mod headers;
mod identity;
mod key_ring;
mod list;
mod log_files;
mod markup;
mod neighbour;
mod operation;
mod operator;
mod oversight;
mod pace;
#[cfg(test)]
mod pages_tests;
mod parties;
mod printer;
mod refusals;
mod routes;
mod scripts;
mod serving;
mod session;
mod show;
pub mod state;
mod transparency;
mod view;
mod words;

pub use api::pace::{ApiKey, ApiKeys, api_key_digest};
pub use front::{Front, front};
pub use operator::Operator;
pub use serving::{End, Serving, serve, serve_witness};
pub use state::AppState;
pub use transparency::{LogKeys, offline_page, verifier_pages};
