//! Every statement of the house, gathered by the linker.
//!
//! [`sql!`](crate::sql) and [`bulk!`](crate::bulk) put a reference to each
//! statement into a slice. A test can therefore prepare all of them on both
//! engines, which is our replacement for checking SQL in the compiler.

use std::sync::OnceLock;

use crate::column::Kind;

/// All statements of the crates that are linked into this program.
///
/// The one place where the crate needs a link section; see the decision record
/// 0003 for why that is sound.
#[linkme::distributed_slice]
pub static STATEMENTS: [&'static Sql];

/// All bulk inserts of the crates that are linked into this program.
#[linkme::distributed_slice]
pub static BULKS: [&'static Bulk];

/// All registered statements, in the order of file and line.
#[must_use]
pub fn statements() -> Vec<&'static Sql> {
    let mut all = STATEMENTS.to_vec();
    all.sort_by_key(|s| (s.file, s.line));
    all
}

/// All registered bulk inserts, in the order of file and line.
#[must_use]
pub fn bulks() -> Vec<&'static Bulk> {
    let mut all = BULKS.to_vec();
    all.sort_by_key(|b| (b.file, b.line));
    all
}

/// One registered statement; made by [`sql!`](crate::sql) only.
#[derive(Debug)]
pub struct Sql {
    pg: &'static str,
    lite: &'static str,
    file: &'static str,
    line: u32,
    rewritten: OnceLock<Box<str>>,
}

impl Sql {
    /// For the macro: a statement with its text for each engine and its place.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(pg: &'static str, lite: &'static str, file: &'static str, line: u32) -> Sql {
        Sql {
            pg,
            lite,
            file,
            line,
            rewritten: OnceLock::new(),
        }
    }

    /// The text PostgreSQL is given.
    #[must_use]
    pub fn pg_text(&self) -> &'static str {
        self.pg
    }

    /// The text SQLite is given: `$1` has become `?1`.
    ///
    /// SQLite takes `$1` for a *name* and numbers names by first appearance,
    /// so `… $2 … $1 …` would swap the arguments without an error.
    #[must_use]
    pub fn lite_text(&self) -> &str {
        self.rewritten
            .get_or_init(|| number_placeholders(self.lite).into_boxed_str())
    }

    /// Where the statement is written: `crates/store/src/funds.rs:41`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// One registered bulk insert; made by [`bulk!`](crate::bulk) only.
#[derive(Debug)]
pub struct Bulk {
    into: &'static str,
    conflict: &'static str,
    file: &'static str,
    line: u32,
    lite: OnceLock<Box<str>>,
    pg: OnceLock<(Box<[Kind]>, Box<str>)>,
}

impl Bulk {
    /// For the macro: `table(col,…)`, the conflict clause and the place.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        into: &'static str,
        conflict: &'static str,
        file: &'static str,
        line: u32,
    ) -> Bulk {
        Bulk {
            into,
            conflict,
            file,
            line,
            lite: OnceLock::new(),
            pg: OnceLock::new(),
        }
    }

    /// Where the bulk insert is written.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// `table(col,…)` and the conflict clause as they were written.
    #[must_use]
    pub fn text(&self) -> String {
        format!("INSERT INTO {} … {}", self.into, self.conflict)
    }

    /// The table and its columns, split; the columns as one text.
    pub(crate) fn table_and_columns(&self) -> (&'static str, &'static str) {
        match self.into.split_once('(') {
            Some((table, columns)) => (table.trim(), columns.trim_end().trim_end_matches(')')),
            None => (self.into.trim(), ""),
        }
    }

    /// How many columns one row has.
    pub(crate) fn width(&self) -> usize {
        self.table_and_columns().1.split(',').count()
    }

    /// The SQLite text: one row, stepped once per row.
    pub(crate) fn lite_text(&self) -> &str {
        self.lite.get_or_init(|| {
            let marks: Vec<String> = (1..=self.width()).map(|n| format!("?{n}")).collect();
            format!(
                "INSERT INTO {} VALUES ({}) {}",
                self.into,
                marks.join(", "),
                self.conflict
            )
            .into_boxed_str()
        })
    }

    /// The PostgreSQL text: whole columns, one plan for any number of rows.
    ///
    /// The kinds of one bulk insert never change in practice, so one text is
    /// kept; other kinds are answered, but built anew each time.
    pub(crate) fn pg_text(&self, kinds: &[Kind]) -> std::borrow::Cow<'_, str> {
        let (known, text) = self
            .pg
            .get_or_init(|| (kinds.into(), self.unnest(kinds).into_boxed_str()));
        if **known == *kinds {
            std::borrow::Cow::Borrowed(text)
        } else {
            std::borrow::Cow::Owned(self.unnest(kinds))
        }
    }

    fn unnest(&self, kinds: &[Kind]) -> String {
        let arrays: Vec<String> = kinds
            .iter()
            .enumerate()
            .map(|(i, kind)| format!("${}::{}[]", i.saturating_add(1), kind.pg_type()))
            .collect();
        format!(
            "INSERT INTO {} SELECT * FROM UNNEST({}) {}",
            self.into,
            arrays.join(", "),
            self.conflict
        )
    }
}

/// Registers a statement and gives a `&'static Sql`.
///
/// `sql!("SELECT … $1 …")` for one text, and for the rare statement that needs
/// two: `sql!(pg: "… FOR UPDATE SKIP LOCKED", lite: "…")`. The text may be any
/// constant expression, such as `concat!(…)`.
#[macro_export]
macro_rules! sql {
    (pg: $pg:expr, lite: $lite:expr $(,)?) => {{
        static STATEMENT: $crate::Sql = $crate::Sql::new($pg, $lite, file!(), line!());
        #[$crate::private::linkme::distributed_slice($crate::private::STATEMENTS)]
        #[linkme(crate = $crate::private::linkme)]
        static REGISTERED: &$crate::Sql = &STATEMENT;
        &STATEMENT
    }};
    ($text:expr $(,)?) => {
        $crate::sql!(pg: $text, lite: $text)
    };
}

/// Registers a bulk insert and gives a `&'static Bulk`.
///
/// `bulk!("donation(id, fund_id, amount)", "ON CONFLICT (id) DO NOTHING")`; the
/// conflict clause may be left out. With `DO UPDATE` no key may stand twice in
/// one batch: PostgreSQL refuses that, SQLite does not.
#[macro_export]
macro_rules! bulk {
    ($into:expr, $conflict:expr $(,)?) => {{
        static BULK: $crate::Bulk = $crate::Bulk::new($into, $conflict, file!(), line!());
        #[$crate::private::linkme::distributed_slice($crate::private::BULKS)]
        #[linkme(crate = $crate::private::linkme)]
        static REGISTERED: &$crate::Bulk = &BULK;
        &BULK
    }};
    ($into:expr $(,)?) => {
        $crate::bulk!($into, "")
    };
}

/// Turns `$1` into `?1`, but not inside literals, quoted names and comments.
fn number_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = opaque_length(rest);
        if length > 0 {
            let (opaque, after) = rest.split_at(length);
            out.push_str(opaque);
            rest = after;
            continue;
        }
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        if first == '$' && after.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('?');
        } else {
            out.push(first);
        }
        rest = after;
    }
    out
}

/// Bytes of the literal, quoted name or comment `text` starts with, else 0.
pub(crate) fn opaque_length(text: &str) -> usize {
    let end_after = |open: usize, close: &str| {
        let body = text.get(open..).unwrap_or("");
        body.find(close).map_or(text.len(), |at| {
            open.saturating_add(at).saturating_add(close.len())
        })
    };
    if text.starts_with('\'') {
        end_after(1, "'")
    } else if text.starts_with('"') {
        end_after(1, "\"")
    } else if text.starts_with("--") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        end_after(2, "*/")
    } else if text.starts_with("$$") {
        end_after(2, "$$")
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str) {
        assert_eq!(number_placeholders(from), to);
    }

    #[test]
    fn placeholders_are_numbered_outside_of_literals() {
        check("SELECT $2, $1", "SELECT ?2, ?1");
        check("SELECT '$1', \"$2\", $3", "SELECT '$1', \"$2\", ?3");
        check("SELECT 'it''s $1', $2", "SELECT 'it''s $1', ?2");
        check("SELECT 1 -- $1\n, $12", "SELECT 1 -- $1\n, ?12");
        check(
            "/* $1 */ SELECT $1 || '善$1迹' || $2",
            "/* $1 */ SELECT ?1 || '善$1迹' || ?2",
        );
        check("SELECT a$b FROM t", "SELECT a$b FROM t");
        check("'open $1", "'open $1");
    }

    #[test]
    fn a_bulk_insert_has_a_text_for_each_engine() {
        let bulk = Bulk::new("t(a, b)", "ON CONFLICT (a) DO NOTHING", "f", 1);
        assert_eq!(
            bulk.lite_text(),
            "INSERT INTO t(a, b) VALUES (?1, ?2) ON CONFLICT (a) DO NOTHING"
        );
        let text = "INSERT INTO t(a, b) SELECT * FROM UNNEST($1::bigint[], $2::text[]) \
                    ON CONFLICT (a) DO NOTHING";
        assert_eq!(bulk.pg_text(&[Kind::Integer, Kind::Text]), text);
        assert!(
            bulk.pg_text(&[Kind::Integer, Kind::Bytes])
                .contains("$2::bytea[]")
        );
    }
}
