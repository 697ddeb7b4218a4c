//! The faces of the house, asked over HTTP without a network: the router answers against a real house.

mod api;
mod browser;
mod client;
mod files;
#[path = "../../src/pages_tests/html.rs"]
mod html;
mod journey;
mod notices;
mod pages;
