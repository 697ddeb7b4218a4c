//! From articles to rules: what the refusals of `domain` cite must be in the book.
//!
//! `domain` stands on the same floor and is read as text, not linked. A citation that no rule stands on, or that
//! names a rule which does not stand on its article, needs a line with a reason in `articles_known.txt`.

use crate::{book, id};
use rulebook::{Cited, RuleId, cited};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const KNOWN: &str = include_str!("articles_known.txt");

#[test]
fn articles_lead_to_rules() {
    let check = |text, rules: &[&str]| {
        let wanted: Vec<RuleId> = rules.iter().map(|rule| id(rule)).collect();
        assert_eq!(book().by_article(text), wanted, "{text}");
    };
    check("慈善法 第十六条", &["OR-06"]);
    check("《中华人民共和国慈善法》第十六条", &["OR-06"]);
    check("慈善法第二十二条", &["CF-01", "CF-03", "CF-05"]);
    check("慈善法 第二十二条第一款", &["CF-01", "CF-05"]);
    check("慈善法 第七十九条", &["DI-05", "DI-07"]);
    check("会计法 第三十五条；AS-14", &["AS-14"]);
    check("民间非营利组织会计制度 1009 科目", &["AC-09"]);
    check("民发〔2026〕12号第十二条（EX-06）", &["EX-06"]);
    check("民政部令第74号 第十一条", &["CF-08", "CF-10"]);
    // no article of it was read, so its rule stands on the law as a whole
    check("会计档案管理办法 第十四条", &["AC-15"]);
    for text in [
        "",
        "慈善法 第一百二十五条",
        "刑法 第一条",
        "CF-99",
        "慈善法 十六条",
    ] {
        check(text, &[]);
    }
}

/// Every Rust file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{e}")) {
        let path = entry.unwrap_or_else(|e| panic!("{e}")).path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The literals of domain's code that cite a law: those with an article, an account or the number of a notice.
fn citations_of_domain() -> BTreeSet<String> {
    let mut files = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src");
    sources(&folder, &mut files);
    let mut found = BTreeSet::new();
    // What tests play with is no citation.
    files.retain(|file| !file.to_string_lossy().ends_with("tests.rs"));
    for file in files {
        let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{e}"));
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines() {
            let line = line.trim();
            if line.starts_with("//") {
                continue;
            }
            for literal in line.split('"').skip(1).step_by(2) {
                // A sentence that names its article at the end.
                let behind = literal.split_once("依据：").map(|(_, behind)| behind);
                let literal = behind.unwrap_or(literal).trim_end_matches('。');
                let article = literal.contains('第') && literal.contains('条');
                let account = literal.contains(" 科目");
                if article || account || literal.contains("〔20") {
                    found.insert(literal.to_owned());
                }
            }
        }
    }
    found
}

/// The known exceptions with their reasons.
fn known() -> BTreeMap<&'static str, &'static str> {
    let lines = KNOWN
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            line.split_once(" | ")
                .unwrap_or_else(|| panic!("no reason: {line}"))
        })
        .collect()
}

/// What is wrong with a citation, if anything.
fn trouble(text: &str) -> Option<String> {
    if book().by_article(text).is_empty() {
        return Some("no rule stands on it".to_owned());
    }
    let parts = cited(text, book().laws());
    let rules: Vec<RuleId> = parts
        .iter()
        .filter_map(|part| match part {
            Cited::Rule(rule) => Some(*rule),
            Cited::Law(_) | Cited::Unknown(_) => None,
        })
        .collect();
    let mut standing = BTreeSet::new();
    for part in &parts {
        match part {
            Cited::Unknown(part) => return Some(format!("{part} is not understood")),
            Cited::Law(citation) => {
                let own = book().standing_on(citation);
                if own.is_empty() {
                    return Some(format!("no rule stands on {citation}"));
                }
                standing.extend(own);
            }
            Cited::Rule(rule) => {
                if book().history(*rule).next().is_none() {
                    return Some(format!("there is no {rule}"));
                }
            }
        }
    }
    let elsewhere = rules.iter().find(|rule| !standing.contains(rule))?;
    Some(format!("{elsewhere} does not stand on what is cited"))
}

#[test]
fn what_domain_cites_is_in_the_book() {
    let all = citations_of_domain();
    assert!(all.len() >= 14, "only {} citations were found", all.len());
    let known = known();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for text in &all {
        match (trouble(text), known.get(text.as_str())) {
            (None, None) => {}
            (Some(_), Some(reason)) => {
                assert!(reason.chars().count() > 10, "{text}");
                used.insert(text.as_str());
            }
            (Some(trouble), None) => wrong.push(format!("{text}: {trouble}")),
            (None, Some(_)) => panic!("{text} needs no exception any more"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<&&str> = known.keys().filter(|text| !used.contains(**text)).collect();
    assert!(unused.is_empty(), "nobody cites {unused:?}");
}
