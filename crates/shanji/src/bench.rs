//! `shanji bench`: how fast, measured on this machine, with the figures that an honest comparison needs.

mod args;
mod book;
mod child;
mod client;
mod crash;
mod faults;
mod figures;
mod fill;
mod intake;
mod log;
mod names;
mod notices;
mod pages;
mod register;
mod search;
mod site;
mod trace;

pub(crate) use args::BenchKind;

use crate::cli::Bench;
use crate::outcome::Ended;

/// Runs one bench.
pub(crate) fn run(args: &Bench) -> Ended {
    match &args.what {
        BenchKind::Intake(args) => intake::run(args),
        BenchKind::Trace(args) => trace::run(args),
        BenchKind::Search(args) => search::run(args),
        BenchKind::Register(args) => register::run(args),
        BenchKind::Pages(args) => pages::run(args),
        BenchKind::Log(args) => log::run(args),
        BenchKind::Crash(args) => crash::run(args),
        BenchKind::Faults(args) => faults::run(args),
    }
}
