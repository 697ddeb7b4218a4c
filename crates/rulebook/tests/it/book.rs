//! The book as a whole: it can be read, it is complete, and it agrees with itself.

use rulebook::Rulebook;

#[test]
fn the_book_can_be_read() {
    let book = Rulebook::load().unwrap_or_else(|troubles| panic!("\n{troubles}"));
    assert_eq!(book.ids().count(), 210);
}
