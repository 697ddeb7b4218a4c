//! 善迹 Shanji: the binary. Reads the command line, runs one command, ends with a number that means something.

mod admin;
mod audit;
mod books;
mod cli;
mod export;
mod house;
mod migrate;
mod outcome;
#[cfg(test)]
mod sample;
mod screen;
mod verify;
mod vkeys;

use clap::Parser;
use cli::{Cli, Command};
use outcome::{Ended, Failure};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit.into()
        }
    }
}

fn run(cli: &Cli) -> Ended {
    match &cli.command {
        Command::Verify(args) => verify::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Migrate(args) => migrate::run(args),
        Command::Admin(args) => admin::run(args),
        Command::Export(args) => export::run(args),
        _ => Err(Failure::refused("command.absent", "正在建设")),
    }
}
