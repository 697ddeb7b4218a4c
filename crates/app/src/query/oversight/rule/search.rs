//! Finds rules: first what is cited, then names and words, then what comes nearest to a question.
//!
//! The versions lie in an index in memory (record 0018), laid out once, because the book is part of the program.

use super::book::book;
use super::question::nearest;
use find::{Entry, Index, Query, TAKE_MAX, Window};
use kernel::Day;
use rulebook::{Rule, as_written};
use std::sync::LazyLock;

/// Every version, by its place in the book.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let index = Index::new();
    let entries: Vec<Entry> = (0_i64..)
        .zip(book().rules())
        .map(|(id, rule)| Entry {
            id,
            weight: 0,
            keys: book().document(rule).keys,
        })
        .collect();
    index.add(&entries);
    index
});

/// The versions that hold on a day and are asked for: the best answer first, without words in the order of the book.
pub(crate) fn found(text: Option<&str>, on: Day) -> Vec<&'static Rule> {
    let all = match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => book().rules().iter().collect(),
        Some(text) => asked(text),
    };
    let holding = all.into_iter().filter(|rule| rule.holds_on(on));
    holding.collect()
}

fn asked(text: &str) -> Vec<&'static Rule> {
    let cited = book().by_article(&as_written(text));
    if !cited.is_empty() {
        let versions = cited.into_iter().flat_map(|id| book().history(id));
        return versions.collect();
    }
    let query = Query::new(text);
    if query.is_empty() {
        return Vec::new();
    }
    let window = Window {
        skip: 0,
        take: TAKE_MAX,
    };
    let found = INDEX.search(&query, window);
    let mut places: Vec<usize> = found
        .hits
        .iter()
        .filter_map(|hit| usize::try_from(hit.id).ok())
        .collect();
    if found.sure == 0 {
        let more = nearest(text);
        places.extend(more.into_iter().filter(|place| {
            let known = found
                .hits
                .iter()
                .any(|hit| usize::try_from(hit.id) == Ok(*place));
            !known
        }));
    }
    places
        .into_iter()
        .filter_map(|place| book().rules().get(place))
        .collect()
}
