//! Journeys through the staircase on both engines, with real files and a real log.

mod batch;
mod house;
mod import;
mod journey;
mod money;
mod pages;
