//! Prints `docs/法规/README.md`: `cargo run -p rulebook --example page > docs/法规/README.md`.

mod text;

use rulebook::Rulebook;

fn main() -> Result<(), rulebook::Troubles> {
    print!("{}", text::page(&Rulebook::load()?));
    Ok(())
}
