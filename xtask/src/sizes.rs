//! Files that have grown too large, and files that do not say what they are for.

use crate::finding::Finding;
use crate::house::House;

/// Above this a file is divided, by meaning.
const HARD_LINES: usize = 800;
/// Above this a file is named in the report, so that it is seen growing.
const SOFT_LINES: usize = 300;
/// Names that the size rule covers, by their end.
const MEASURED: [&str; 8] = [".rs", ".html", ".js", ".css", ".sql", ".sh", ".py", ".ftl"];

/// Files above the hard limit, and sources whose first line is not `//!`.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.files() {
        let lines = file.text.lines().count();
        if is_measured(&file.path) && lines > HARD_LINES {
            findings.push(Finding::new(
                &file.path,
                0,
                format!("{lines} lines, the limit is {HARD_LINES}"),
                "divide it by meaning: one noun per file",
            ));
        }
        if file.crate_source().is_some() && file.rust.is_some() && !file.text.starts_with("//! ") {
            findings.push(Finding::new(
                &file.path,
                1,
                "the file does not say what it is for",
                "open it with a `//! ` sentence",
            ));
        }
    }
    findings
}

/// Files between the soft and the hard limit, largest first.
pub(crate) fn growing(house: &House) -> Vec<(usize, &str)> {
    let mut large: Vec<(usize, &str)> = house
        .files()
        .filter(|file| is_measured(&file.path))
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .filter(|(lines, _)| (SOFT_LINES + 1..=HARD_LINES).contains(lines))
        .collect();
    large.sort_by(|a, b| b.cmp(a));
    large
}

fn is_measured(path: &str) -> bool {
    MEASURED.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> String {
        format!("//! A room.\n{}", "\n".repeat(count - 1))
    }

    #[test]
    fn the_hard_limit_is_hard() {
        let (at, above) = (lines(HARD_LINES), lines(HARD_LINES + 1));
        let house = House::of(&[
            ("crates/a/src/at.rs", &at),
            ("crates/a/src/above.rs", &above),
        ]);
        let found = check(&house);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].path.as_str(), found[0].what.as_str()),
            ("crates/a/src/above.rs", "801 lines, the limit is 800")
        );
    }

    #[test]
    fn growing_files_are_reported() {
        let (small, large) = (lines(SOFT_LINES), lines(SOFT_LINES + 1));
        let house = House::of(&[("a.js", &small), ("b.html", &large), ("c.md", &large)]);
        assert_eq!(growing(&house), [(301, "b.html")]);
    }

    #[test]
    fn a_room_says_what_it_is_for() {
        let house = House::of(&[
            ("crates/a/src/good.rs", "//! Says it.\n"),
            ("crates/a/src/bad.rs", "use x;\n//! Too late.\n"),
            ("crates/a/tests/it/main.rs", "fn main() {}\n"),
        ]);
        let found: Vec<_> = check(&house).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/a/src/bad.rs"]);
    }
}
