//! 善迹 Shanji: the binary. Reads the command line, runs one command, ends with a number that means something.

mod admin;
mod audit;
mod bench;
mod books;
mod cli;
mod demo;
mod dump;
mod durable;
mod export;
mod founding;
mod growth;
mod house;
mod import;
mod kept_elsewhere;
mod key_file;
mod keygen;
mod log_guard;
mod migrate;
mod mirror;
mod monitor;
mod outcome;
mod pace;
mod policy_file;
mod recover;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_site;
mod screen;
mod serve;
mod serve_lock;
mod verifier;
mod verify;
mod vkeys;
mod witness;

use clap::Parser;
use cli::{Cli, Command, LogKind};
use outcome::Ended;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Verifier(args) => verifier::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Migrate(args) => migrate::run(args),
        Command::Admin(args) => admin::run(args),
        Command::Import(args) => import::run(args),
        Command::Export(args) => export::run(args),
        Command::Dump(args) => dump::run(args),
        Command::Keygen(args) => keygen::run(args),
        Command::Mirror(args) => mirror::run(args),
        Command::Monitor(args) => monitor::run(args),
        Command::Witness(args) => witness::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Log(args) => match &args.what {
            LogKind::Recover(what) => recover::run(&args.house, what),
            LogKind::Guard(what) => log_guard::run(&args.house, what),
        },
    }
}
