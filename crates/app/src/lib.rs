//! Commands, queries and jobs of the house; `App::write` is the only staircase.

mod answer;
mod app;
pub mod command;
mod config;
mod demo_pay;
mod error;
pub mod exchange;
mod finder;
mod fundraising;
mod funds;
pub mod identity;
mod jobs;
mod log_keys;
mod oversight;
mod parties;
mod query;
mod sm2_keys;
mod sm3_root;
mod staircase;
mod transparency;
mod verifier_pages;
pub mod view;

pub use answer::Answer;
pub use app::{App, DEMO_CHANNEL};
pub use command::{Command, CommandKey, Outcome};
pub use config::{Config, DATABASE_FILE, GUARD_FILE, TICK_MILLIS};
pub use error::AppError;
pub use leaf::Turnover;
pub use log_keys::KeyChange;
pub use query::list;
pub use query::{AsOf, GiftNumber, RuleAsk, RulePlace, SearchAsk, rules_cited};
pub use store::transparency::IndexQuestion;
pub use transparency::{
    PolicyRefused, Shown, WITNESS_FILE, WITNESS_LOGS_MAX, WatchedLog, Witness, WitnessPolicy,
    Witnessed, policy_without_witnesses, witness_copies,
};
