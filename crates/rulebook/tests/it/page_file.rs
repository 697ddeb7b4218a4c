//! The page of rules in `docs/法规/` says what the book says.

use crate::book;

#[test]
fn the_page_is_as_the_book() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/法规/README.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let todo = "run: cargo run -p rulebook --example page > docs/法规/README.md";
    assert!(written == crate::page::page(book()), "{todo}");
}
