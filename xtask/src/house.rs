//! The files of the checkout, read once, and the list of agreed exceptions.

use crate::rust_source::RustSource;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Folders that hold nothing written by us.
const SKIPPED_FOLDERS: [&str; 7] = [
    "target",
    ".git",
    "node_modules",
    "data-demo",
    ".cache",
    "__pycache__",
    ".venv",
];
/// Folders whose files are known to exist and never read: data, not text for people.
const UNREAD_FOLDERS: [&str; 3] = ["data/", "vectors/", "seeds/"];
/// What is read, by the end of the name.
const READ_ENDINGS: [&str; 11] = [
    ".rs", ".toml", ".md", ".sql", ".html", ".js", ".css", ".sh", ".py", ".ftl", ".txt",
];
/// The scripts without an ending.
const READ_NAMES: [&str; 3] = ["run", "test", ".ci/run"];
/// Agreed exceptions, one a line: `check path reason`.
const EXCEPTIONS: &str = "xtask/exceptions.txt";

/// One file of the checkout.
pub(crate) struct File {
    /// Path from the top, with forward slashes.
    pub(crate) path: String,
    /// Content; empty if the file is listed only.
    pub(crate) text: String,
    /// Set for `.rs` files.
    pub(crate) rust: Option<RustSource>,
}

impl File {
    fn new(path: String, text: String) -> File {
        let rust = path.ends_with(".rs").then(|| RustSource::parse(&text));
        File { path, text, rust }
    }

    /// The crate that a source file belongs to, and its path inside `src/`.
    pub(crate) fn crate_source(&self) -> Option<(&str, &str)> {
        let (name, rest) = self.path.strip_prefix("crates/")?.split_once('/')?;
        Some((name, rest.strip_prefix("src/")?))
    }
}

/// An agreed exception: this check does not speak about this file, for this reason.
pub(crate) struct Exception {
    pub(crate) line: usize,
    pub(crate) check: String,
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// The whole checkout.
pub(crate) struct House {
    files: BTreeMap<String, File>,
}

impl House {
    /// Reads everything below `root`.
    pub(crate) fn read(root: &Path) -> io::Result<House> {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let path = entry.path();
                if entry.file_type()?.is_dir() {
                    let name = entry.file_name();
                    if !SKIPPED_FOLDERS.iter().any(|skipped| name == *skipped) {
                        folders.push(path);
                    }
                    continue;
                }
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
                let name = name.replace('\\', "/");
                let text = if is_read(&name) {
                    std::fs::read_to_string(&path)?
                } else {
                    String::new()
                };
                files.insert(name.clone(), File::new(name, text));
            }
        }
        Ok(House { files })
    }

    /// A house made of rows, for tests.
    #[cfg(test)]
    pub(crate) fn of(rows: &[(&str, &str)]) -> House {
        let files = rows
            .iter()
            .map(|(path, text)| {
                (
                    (*path).to_owned(),
                    File::new((*path).to_owned(), (*text).to_owned()),
                )
            })
            .collect();
        House { files }
    }

    /// All files in the order of their paths.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.text.as_str())
    }

    /// Whether a file or folder of this name is there.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(p, _)| p.starts_with(&folder))
    }

    /// Names of the folders below `crates/`, with the text of their `Cargo.toml`.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files().filter_map(|file| {
            let name = file
                .path
                .strip_prefix("crates/")?
                .strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then_some((name, file))
        })
    }

    /// The agreed exceptions; a line that is not one is returned as it stands with its number.
    pub(crate) fn exceptions(&self) -> Vec<Result<Exception, (usize, String)>> {
        let text = self.text(EXCEPTIONS).unwrap_or_default();
        let mut exceptions = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts = line.splitn(3, ' ');
            exceptions.push(match (parts.next(), parts.next(), parts.next()) {
                (Some(check), Some(path), Some(reason)) if !reason.trim().is_empty() => {
                    Ok(Exception {
                        line: line_number,
                        check: check.to_owned(),
                        path: path.to_owned(),
                        reason: reason.trim().to_owned(),
                    })
                }
                _ => Err((line_number, line.to_owned())),
            });
        }
        exceptions
    }

    /// Where the exceptions stand.
    pub(crate) const fn exceptions_path() -> &'static str {
        EXCEPTIONS
    }
}

fn is_read(path: &str) -> bool {
    !UNREAD_FOLDERS.iter().any(|folder| path.starts_with(folder))
        && (READ_NAMES.contains(&path) || READ_ENDINGS.iter().any(|ending| path.ends_with(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_through_their_files() {
        let house = House::of(&[("docs/a/b.md", ""), ("docs-old", "")]);
        for (path, there) in [
            ("docs", true),
            ("docs/a/", true),
            ("docs/a/b.md", true),
            ("doc", false),
        ] {
            assert_eq!(house.exists(path), there, "{path}");
        }
    }

    #[test]
    fn an_exception_needs_a_reason() {
        let house = House::of(&[(EXCEPTIONS, "# words\n\nsql a.rs because\nsql b.rs\n")]);
        let read = house.exceptions();
        let reasons: Vec<_> = read
            .iter()
            .map(|e| e.as_ref().map(|e| e.reason.as_str()))
            .collect();
        assert_eq!(reasons[0], Ok("because"));
        assert_eq!(reasons[1], Err(&(4, "sql b.rs".to_owned())));
    }

    #[test]
    fn sources_know_their_crate() {
        let house = House::of(&[
            ("crates/web/src/funds/page.rs", ""),
            ("crates/web/tests/it.rs", ""),
        ]);
        let found: Vec<_> = house.files().map(File::crate_source).collect();
        assert_eq!(found, [Some(("web", "funds/page.rs")), None]);
    }
}
