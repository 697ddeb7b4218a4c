//! Places where money is, as choices of a form.

use app::view::PlaceLine;
use domain::funds::said_title;
use domain::{Sentence, say};
use kernel::Fen;

use crate::identity::desk::options;

/// Places with what is there, for a select.
pub(crate) fn places(rows: &[PlaceLine]) -> Vec<(String, Sentence)> {
    options(rows.iter().map(|place| {
        let amount = Fen::new(place.amount);
        let title = said_title(&place.title);
        // The name of a place mostly begins with its account, which is then not said twice.
        let words = match place.title.starts_with(&place.account_title) {
            true => say!("{place}（有{amount}）", place = title, amount = amount),
            false => say!(
                "{place}，{account}（有{amount}）",
                place = title,
                account = Sentence::known(&place.account_title),
                amount = amount
            ),
        };
        (&place.id, words)
    }))
}
