//! Papers: decision records without gaps, links that lead somewhere, dependencies with reasons.

use crate::finding::Finding;
use crate::house::House;
use std::collections::BTreeMap;

/// Where decision records stand.
const DECISIONS: &str = "docs/decisions/";
/// Where each dependency has its line.
const DEPENDENCIES: &str = "docs/decisions/dependencies.md";

/// Records, links and the list of dependencies.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = records(house);
    findings.extend(links(house));
    findings.extend(dependencies(house));
    findings
}

fn records(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_number: BTreeMap<usize, &str> = BTreeMap::new();
    for file in house.files() {
        let Some(name) = file.path.strip_prefix(DECISIONS) else {
            continue;
        };
        let Some((number, title)) = name.split_once('-') else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        if name.len() < 5 || name.as_bytes().get(4) != Some(&b'-') || title.len() < 4 {
            let todo = "call it NNNN-title.md with four digits";
            findings.push(Finding::new(
                &file.path,
                0,
                "not the name of a decision record",
                todo,
            ));
        }
        if let Some(other) = by_number.insert(number, &file.path) {
            let what = format!("{other} has the same number");
            findings.push(Finding::new(
                &file.path,
                0,
                what,
                "give the newer one the next free number",
            ));
        }
        if !file
            .text
            .lines()
            .any(|line| line.to_lowercase().starts_with("status"))
        {
            let todo = "add a line `Status: accepted` (or superseded by NNNN)";
            findings.push(Finding::new(
                &file.path,
                0,
                "the record has no status",
                todo,
            ));
        }
    }
    for (expected, (number, path)) in (1..).zip(&by_number) {
        if expected != *number {
            let what = format!("record {expected:04} is missing");
            findings.push(Finding::new(
                path,
                0,
                what,
                "number records without gaps; a withdrawn one stays with its status",
            ));
            break;
        }
    }
    findings
}

fn links(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.files().filter(|file| file.path.ends_with(".md")) {
        let mut in_code = false;
        for (index, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            for target in targets(if in_code { "" } else { line }) {
                let foreign = target.contains("://")
                    || target.starts_with('#')
                    || target.starts_with("mailto:");
                let path = target.split('#').next().unwrap_or_default();
                if !foreign && !house.exists(&resolve(&file.path, path)) {
                    let what = format!("the link to {target} leads nowhere");
                    findings.push(Finding::new(
                        &file.path,
                        index + 1,
                        what,
                        "correct the path or write the page",
                    ));
                }
            }
        }
    }
    findings
}

/// The targets of `[text](target)` in one line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|t| !t.is_empty())
}

/// `target` as seen from the folder of `from`.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        parts.clear();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn dependencies(house: &House) -> Vec<Finding> {
    let manifest = house.text("Cargo.toml").unwrap_or_default();
    let page = house.text(DEPENDENCIES).unwrap_or_default();
    let used = external_dependencies(manifest);
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for (index, line) in page.lines().enumerate() {
        let cells: Vec<&str> = line
            .trim()
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        let name = cells.first().copied().unwrap_or_default().trim_matches('`');
        if !line.starts_with('|') || name == "crate" || name.starts_with("--") {
            continue;
        }
        if cells.len() < 4 || cells.iter().any(|cell| cell.is_empty()) {
            let what = format!("the line of {name} is not complete");
            findings.push(Finding::new(
                DEPENDENCIES,
                index + 1,
                what,
                "say: what for, why this one, who maintains",
            ));
        }
        explained.insert(name, index + 1);
    }
    for (name, line) in &used {
        if !explained.contains_key(name) {
            let what = format!("the dependency {name} has no reason");
            findings.push(Finding::new(
                "Cargo.toml",
                *line,
                what,
                format!("add its line to {DEPENDENCIES}"),
            ));
        }
    }
    for (name, line) in explained {
        if !used.contains_key(name) {
            let what = format!("{name} is explained and not in Cargo.toml");
            findings.push(Finding::new(DEPENDENCIES, line, what, "remove the line"));
        }
    }
    findings
}

/// The names in `[workspace.dependencies]` that are not crates of ours.
fn external_dependencies(manifest: &str) -> BTreeMap<&str, usize> {
    let mut found = BTreeMap::new();
    let mut inside = false;
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[workspace.dependencies]";
        } else if inside
            && !line.starts_with('#')
            && !line.contains("path = ")
            && let Some((name, _)) = line.split_once('=')
        {
            found.insert(name.trim(), index + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|f| f.what).collect()
    }

    fn records_of(names: &[&str]) -> Vec<String> {
        let paths: Vec<String> = names
            .iter()
            .map(|name| format!("{DECISIONS}{name}"))
            .collect();
        let rows: Vec<(&str, &str)> = paths
            .iter()
            .map(|path| (path.as_str(), "Status: accepted"))
            .collect();
        whats(records(&House::of(&rows)))
    }

    #[test]
    fn records_count_without_gaps() {
        assert_eq!(
            records_of(&["0001-a.md", "0002-b.md", "README.md", "dependencies.md"]),
            [""; 0]
        );
        assert_eq!(
            records_of(&["0001-a.md", "0003-b.md"]),
            ["record 0002 is missing"]
        );
        assert_eq!(
            records_of(&["0001-a.md", "0001-b.md"]),
            ["docs/decisions/0001-a.md has the same number"]
        );
        assert_eq!(
            records_of(&["1-a.md"]),
            ["not the name of a decision record"]
        );
    }

    #[test]
    fn records_have_a_status() {
        let house = House::of(&[("docs/decisions/0001-a.md", "# 0001 A\n")]);
        assert_eq!(whats(records(&house)), ["the record has no status"]);
    }

    #[test]
    fn links_lead_somewhere() {
        let text = "[a](docs/a.md) [b](docs/b.md#x) [c](https://example.org) [d](#here)\n```\n[e](no)\n```\n";
        let house = House::of(&[
            ("ARCHITECTURE.md", text),
            ("docs/a.md", "[up](../ARCHITECTURE.md)"),
        ]);
        assert_eq!(
            whats(links(&house)),
            ["the link to docs/b.md#x leads nowhere"]
        );
    }

    #[test]
    fn dependencies_have_reasons_both_ways() {
        let manifest = "[workspace.dependencies]\nkernel = { path = \"crates/kernel\" }\nhex = \"0.4\"\ncsv = \"1\"\n[profile.dev]\nx = 1\n";
        let page = "| crate | what for | why this one | who maintains |\n|---|---|---|---|\n| `hex` | a | b | c |\n| tar | a | b | |\n";
        let house = House::of(&[("Cargo.toml", manifest), (DEPENDENCIES, page)]);
        let found = whats(dependencies(&house));
        assert_eq!(
            found,
            [
                "the line of tar is not complete",
                "the dependency csv has no reason",
                "tar is explained and not in Cargo.toml"
            ]
        );
    }
}
