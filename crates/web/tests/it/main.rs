//! The faces of the house, asked over HTTP without a network: the router answers against a real house.

mod api;
mod client;
mod files;
mod journey;
mod notices;
