//! Things that one place keeps: SQL, deleting, HTTP status codes, the clock.

use crate::finding::Finding;
use crate::house::{File, House};
use crate::rust_source::RustSource;

/// The crates that may hold SQL.
const SQL_CRATES: [&str; 2] = ["store", "db"];
/// How a text that is SQL begins; the blank matters.
const SQL_BEGINNINGS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "WITH RECURSIVE ",
];
/// Macros of `db` that hold SQL.
const SQL_MACROS: [&str; 2] = ["sql", "bulk"];
/// The one file that chooses status codes.
const STATUS_FILE: &str = "crates/web/src/error.rs";
/// The one file that reads the clock.
const CLOCK_FILE: &str = "crates/gateway/src/clock.rs";

/// Names of the checks as they stand in the list of exceptions.
pub(crate) const CHECKS: [&str; 4] = ["sql", "delete", "status", "clock"];

/// A finding and the name of the check that an exception would have to give.
pub(crate) struct Kept {
    pub(crate) check: &'static str,
    pub(crate) finding: Finding,
}

/// Checks every source file below `crates/`, and deleting in migrations.
pub(crate) fn check(house: &House) -> Vec<Kept> {
    let mut kept = Vec::new();
    for file in house.files() {
        if let (Some((name, _)), Some(rust)) = (file.crate_source(), &file.rust) {
            sql(name, file, rust, &mut kept);
            deleting(file, rust, &mut kept);
            paths(file, rust, &mut kept);
        } else if file.path.starts_with("migrations/") && file.path.ends_with(".sql") {
            for (index, line) in file.text.lines().enumerate() {
                let code = line.split("--").next().unwrap_or_default();
                if code.contains("DELETE FROM ") {
                    kept.push(delete_finding(&file.path, index + 1));
                }
            }
        }
    }
    kept
}

fn sql(name: &str, file: &File, rust: &RustSource, kept: &mut Vec<Kept>) {
    if SQL_CRATES.contains(&name) {
        return;
    }
    let mut report = |line: usize, what: String| {
        if !rust.is_test(line) {
            let todo = "move the statement into store, beside the function that runs it";
            kept.push(Kept {
                check: "sql",
                finding: Finding::new(&file.path, line, what, todo),
            });
        }
    };
    for literal in &rust.literals {
        let text = literal.text.trim_start_matches(['\\', '\n', ' ']);
        if SQL_BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        {
            report(
                literal.line,
                format!("SQL outside store: {}", first_words(text)),
            );
        }
    }
    for pair in rust.tokens.windows(2) {
        if let [word, bang] = pair
            && bang.text == "!"
            && SQL_MACROS.contains(&word.text.as_str())
        {
            report(word.line, format!("SQL outside store: {}!", word.text));
        }
    }
}

fn deleting(file: &File, rust: &RustSource, kept: &mut Vec<Kept>) {
    for literal in &rust.literals {
        if literal.text.contains("DELETE FROM ") && !rust.is_test(literal.line) {
            kept.push(delete_finding(&file.path, literal.line));
        }
    }
}

fn delete_finding(path: &str, line: usize) -> Kept {
    let what = "a row is deleted";
    let todo =
        "what has a leaf is ended with a reason; for anything else add an exception that says why";
    Kept {
        check: "delete",
        finding: Finding::new(path, line, what, todo),
    }
}

fn paths(file: &File, rust: &RustSource, kept: &mut Vec<Kept>) {
    for (at, token) in rust.tokens.iter().enumerate() {
        if token.text == "StatusCode" && file.path != STATUS_FILE && !rust.is_test(token.line) {
            let what = "a status code is chosen here";
            let todo = "return an AppError; crates/web/src/error.rs alone turns it into a status";
            let finding = Finding::new(&file.path, token.line, what, todo);
            kept.push(Kept {
                check: "status",
                finding,
            });
        }
        let next = |ahead: usize| rust.tokens.get(at + ahead).map_or("", |t| t.text.as_str());
        if token.text == "SystemTime"
            && next(1) == "::"
            && next(2) == "now"
            && file.path != CLOCK_FILE
        {
            let what = "the clock is read here";
            let todo =
                "take `now: Timestamp` as a parameter; gateway/clock.rs alone reads the clock";
            let finding = Finding::new(&file.path, token.line, what, todo);
            kept.push(Kept {
                check: "clock",
                finding,
            });
        }
    }
}

fn first_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_file(path: &str, text: &str) -> Vec<String> {
        let kept = check(&House::of(&[(path, text)]));
        kept.into_iter()
            .map(|k| format!("{} {}", k.check, k.finding.line))
            .collect()
    }

    #[test]
    fn sql_stays_in_store() {
        let text = "fn f() {\n q(\"SELECT id FROM gift\");\n sql!(x);\n r(\"SELECTED one\");\n}";
        assert_eq!(
            check_file("crates/app/src/gift.rs", text),
            ["sql 2", "sql 3"]
        );
        assert_eq!(check_file("crates/store/src/gift.rs", text), [""; 0]);
    }

    #[test]
    fn long_statements_are_seen() {
        let text = "fn f() { q(\"\\\n   INSERT INTO gift\"); q(r#\"UPDATE gift SET\"#) }";
        assert_eq!(check_file("crates/web/src/a.rs", text), ["sql 1", "sql 2"]);
    }

    #[test]
    fn deleting_is_seen_everywhere_but_in_tests() {
        let text = "const A: &str = \"DELETE FROM lease WHERE 1\";\n#[cfg(test)]\nmod t { const B: &str = \"DELETE FROM gift\"; }";
        assert_eq!(check_file("crates/store/src/lease.rs", text), ["delete 1"]);
        assert_eq!(
            check_file("migrations/0002_x.sql", "-- DELETE FROM a\nDELETE FROM b;"),
            ["delete 2"]
        );
    }

    #[test]
    fn one_file_chooses_the_status() {
        let text = "use axum::http::StatusCode;";
        assert_eq!(check_file("crates/web/src/routes.rs", text), ["status 1"]);
        assert_eq!(check_file(STATUS_FILE, text), [""; 0]);
    }

    #[test]
    fn one_file_reads_the_clock() {
        let text = "fn f() { std::time::SystemTime::now() } // SystemTime::now";
        assert_eq!(check_file("crates/app/src/jobs.rs", text), ["clock 1"]);
        assert_eq!(check_file(CLOCK_FILE, text), [""; 0]);
    }
}
