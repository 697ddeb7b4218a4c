//! Chores of the project, run as `cargo xtask NAME`: no dependencies, so they start at once.

mod arrows;
mod dictionary;
mod finding;
mod house;
mod keepers;
mod papers;
mod rust_source;
mod sizes;
mod tidy;
mod wings;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask NAME

  tidy          checks the shape of the house: arrows, wings, sizes, words, papers
  dictionary    writes docs/data-dictionary.md from migrations/ and visibility.toml
";

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let outcome = match name.as_str() {
        "tidy" => tidy::run(&root()),
        "dictionary" => dictionary::run(&root()),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(true)
        }
        other => {
            eprintln!("there is no chore called {other}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// The top of the checkout, wherever the command was typed.
fn root() -> PathBuf {
    // As cargo says now, not as it said when this was compiled: checkouts may share a target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    here.parent().unwrap_or(&here).to_path_buf()
}
