//! Words that the glossary bans, and names that say nothing.

use crate::finding::Finding;
use crate::house::House;

/// Banned words and the word of the glossary that stands for the thing.
const BANNED: [(&str, &str); 7] = [
    ("organization", "Organisation"),
    ("organizations", "Organisation"),
    ("wallet", "Fund or Place"),
    ("wallets", "Fund or Place"),
    ("blacklist", "AbnormalList"),
    ("kpi", "TargetAgreement"),
    ("kpis", "TargetAgreement"),
];
/// Last words of names that hide what a file or type is for.
const VAGUE: [&str; 11] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "service",
    "services", "stuff",
];
/// Keywords behind which a type or module gets its name.
const DEFINING: [&str; 5] = ["struct", "enum", "trait", "type", "mod"];
/// Standards whose own names carry a version with a `v`.
const VERSIONED_STANDARDS: [&str; 4] = ["ip", "uuid", "cosignature", "checkpoint"];
/// Folders whose names are not ours.
const FOREIGN: [&str; 3] = ["data/", "vectors/", "LICENSE"];

/// Checks names of files, and identifiers in Rust and SQL.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.files() {
        if FOREIGN.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        findings.extend(check_path(&file.path));
        if let Some(rust) = &file.rust {
            let mut before = "";
            for token in &rust.tokens {
                if token.is_word() {
                    findings.extend(check_identifier(&file.path, token.line, &token.text));
                    if DEFINING.contains(&before) {
                        findings.extend(check_definition(&file.path, token.line, &token.text));
                    }
                }
                before = &token.text;
            }
        } else if file.path.ends_with(".sql") {
            for (index, line) in file.text.lines().enumerate() {
                let code = line.split("--").next().unwrap_or_default();
                for name in code.split(|c: char| !c.is_alphanumeric() && c != '_') {
                    findings.extend(check_identifier(&file.path, index + 1, name));
                }
            }
        }
    }
    findings.dedup();
    findings
}

fn check_path(path: &str) -> Option<Finding> {
    for part in path.split('/') {
        let stem = part
            .trim_start_matches('.')
            .split('.')
            .next()
            .unwrap_or_default();
        let stem = stem.replace('-', "_");
        if let Some(finding) = check_identifier(path, 0, &stem) {
            return Some(finding);
        }
        if is_vague(&stem) {
            return Some(Finding::new(
                path,
                0,
                format!("the name {part} says nothing"),
                "name the file after its one noun",
            ));
        }
    }
    None
}

fn check_identifier(path: &str, line: usize, name: &str) -> Option<Finding> {
    let words = words_of(name);
    for word in &words {
        if let Some((banned, instead)) = BANNED.iter().find(|(banned, _)| word == banned) {
            return Some(Finding::new(
                path,
                line,
                format!("{name}: the glossary bans {banned}"),
                format!("say {instead}"),
            ));
        }
    }
    if is_numbered(&words) {
        return Some(Finding::new(
            path,
            line,
            format!("{name} stands beside an older version"),
            "migrate the callers and delete the old one, then drop the number",
        ));
    }
    None
}

fn check_definition(path: &str, line: usize, name: &str) -> Option<Finding> {
    is_vague(name).then(|| {
        Finding::new(
            path,
            line,
            format!("the name {name} says nothing"),
            "name it after what it is",
        )
    })
}

fn is_vague(name: &str) -> bool {
    words_of(name)
        .last()
        .is_some_and(|last| VAGUE.contains(&last.as_str()))
}

/// `_v2` behind a word, unless a standard is called so.
fn is_numbered(words: &[String]) -> bool {
    words.windows(2).any(|pair| match pair {
        [before, version] => {
            let digits = version.strip_prefix('v').unwrap_or_default();
            !digits.is_empty()
                && digits.chars().all(|c| c.is_ascii_digit())
                && !VERSIONED_STANDARDS.contains(&before.as_str())
        }
        _ => false,
    })
}

/// The words of `snake_case`, `CamelCase` and `SHOUTING_CASE`, in small letters.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        let mut word = String::new();
        let mut small_before = false;
        for c in part.chars() {
            if c.is_uppercase() && small_before {
                words.push(std::mem::take(&mut word));
            }
            small_before = c.is_lowercase() || c.is_ascii_digit();
            word.extend(c.to_lowercase());
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(path: &str, text: &str) -> Vec<String> {
        check(&House::of(&[(path, text)]))
            .into_iter()
            .map(|f| f.what)
            .collect()
    }

    #[test]
    fn words_are_cut_at_signs_and_capitals() {
        for (name, words) in [
            ("donor_wallet", "donor wallet"),
            ("DonorWallet", "donor wallet"),
            ("KPI_LIMIT", "kpi limit"),
            ("Organizational", "organizational"),
            ("uuid7Text", "uuid7 text"),
        ] {
            assert_eq!(words_of(name).join(" "), words);
        }
    }

    #[test]
    fn banned_words_are_found_in_code_only() {
        let code =
            "// wallet\nfn wallet_of(x: &str) { f(\"organization\") }\nstruct OrganizationKpi;";
        assert_eq!(
            check_text("crates/a/src/x.rs", code),
            [
                "wallet_of: the glossary bans wallet",
                "OrganizationKpi: the glossary bans organization"
            ]
        );
    }

    #[test]
    fn columns_speak_the_glossary() {
        let sql = "-- a wallet is not meant\nCREATE TABLE blacklist (id ID);";
        assert_eq!(
            check_text("migrations/0001.sql", sql),
            ["blacklist: the glossary bans blacklist"]
        );
    }

    #[test]
    fn names_say_something() {
        for (path, found) in [
            ("crates/a/src/utils.rs", 1),
            ("crates/a/src/date_helpers.rs", 1),
            ("crates/a/src/common/date.rs", 1),
            ("crates/a/src/payment_service.rs", 1),
            ("crates/a/src/service_record.rs", 0),
            ("deploy/shanji.service", 0),
            ("docs/blacklist.md", 1),
            ("crates/web/assets/form_v2.js", 1),
        ] {
            assert_eq!(check_text(path, "").len(), found, "{path}");
        }
        let types = "struct FundManager; trait Service {} fn service() {}";
        assert_eq!(
            check_text("a.rs", types),
            [
                "the name FundManager says nothing",
                "the name Service says nothing"
            ]
        );
    }

    #[test]
    fn versions_do_not_stand_side_by_side() {
        for (name, found) in [
            ("import_v2", 1),
            ("ImportV2", 1),
            ("IMPORT_V2_LIMIT", 1),
            ("uuid_v7", 0),
            ("ipv6", 0),
            ("v1", 0),
        ] {
            assert_eq!(
                check_text("a.rs", &format!("fn {name}() {{}}")).len(),
                found,
                "{name}"
            );
        }
    }
}
