//! Scripts of pages: our own modules of `browser/`, joined into one file for each kind of page.
//!
//! The modules are plain and need no build: joining leaves out the lines that import from one
//! another and the word `export`. Names at their top level are all different; a test of the
//! modules sees to it.

use std::sync::LazyLock;

/// The lines of a module that names others.
const IMPORT: &str = "import ";
/// What a module says before a name that others use.
const EXPORT: &str = "export ";

macro_rules! modules {
    ($($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../../../browser/", $name, ".js"))),*]
    };
}

/// Judges notes, proofs, leaves and receipts; each module after those that it uses.
const VERIFIER: [&str; 19] = modules![
    "bytes",
    "sha2",
    "ed25519",
    "note",
    "policy",
    "tree",
    "tile",
    "json",
    "leaf",
    "kinds",
    "directory",
    "content",
    "receipt",
    "succession",
    "map",
    "completeness",
    "client",
    "memory",
    "words",
];
/// Compares a page with the log.
const BADGE: [&str; 10] = modules![
    "witnesses",
    "tape",
    "latest",
    "absence",
    "figures",
    "story",
    "sums",
    "told",
    "badge",
    "badge_begin",
];
/// Takes proof files from people.
const VERIFY: [&str; 13] = modules![
    "latest",
    "certificate",
    "figures",
    "proved",
    "number",
    "capitals",
    "page",
    "saved",
    "picture",
    "sm2",
    "details",
    "verify",
    "verify_begin",
];

/// The script of pages with a badge.
///
/// Without its comments: they are a third of it, and every page with a badge carries it over slow lines. The verify page
/// keeps them, because people read what they trust.
pub(crate) static BADGE_SCRIPT: LazyLock<String> = LazyLock::new(|| terse(&joined(&BADGE)));
/// The script of the verify page, on the site and saved to disk.
pub(crate) static VERIFY_SCRIPT: LazyLock<String> = LazyLock::new(|| joined(&VERIFY));

fn joined(modules: &[&str]) -> String {
    let lines = VERIFIER
        .iter()
        .chain(modules)
        .flat_map(|module| module.lines())
        .filter(|line| !line.starts_with(IMPORT));
    let mut script = String::new();
    for line in lines {
        script.push_str(line.strip_prefix(EXPORT).unwrap_or(line));
        script.push('\n');
    }
    script
}

/// A script without its comments, each of which has lines of its own.
pub(crate) fn terse(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let said = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    said.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_scripts_stand_alone() {
        for script in [&*BADGE_SCRIPT, &*VERIFY_SCRIPT] {
            assert!(script.lines().all(|line| !line.starts_with(IMPORT)));
            assert!(script.lines().all(|line| !line.starts_with(EXPORT)));
            assert!(script.contains("function verifyEd25519("));
            // Standing inside of a page, the script must not end before its end.
            assert!(!script.to_lowercase().contains("</script"));
            assert!(!script.contains("<!--"));
            assert!(!script.contains("http://") && !script.contains("https://"));
        }
    }
}
