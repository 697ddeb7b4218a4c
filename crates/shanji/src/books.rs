//! `shanji audit --database` (being built).
use crate::cli::Audit;
use crate::outcome::{Ended, Failure};

pub(crate) fn run(_: &Audit) -> Ended {
    Err(Failure::refused("command.absent", "正在建设"))
}
