//! The arrows between crates: a floor only looks down, and pure floors stay pure.
//!
//! Cargo stops circles; it does not stop a lower floor from reaching up before anybody up there
//! looks down. The order is DESIGN 3.

use crate::finding::Finding;
use crate::house::House;

/// The floors of the house, lowest first; rooms on one level do not know each other.
const FLOORS: [&[&str]; 8] = [
    &["kernel"],
    &[
        "ledger", "tlog", "db", "sheet", "paper", "find", "matter", "register",
    ],
    &["leaf"],
    &["domain", "rulebook"],
    &["store", "gateway"],
    &["app"],
    &["web"],
    &["shanji"],
];
/// Usable by anyone without the rest of the house: nothing of ours below them.
const ALONE: [&str; 6] = ["kernel", "tlog", "db", "sheet", "paper", "find"];
/// No input or output, no clock, no randomness: nothing that could bring them in.
const PURE: [&str; 9] = [
    "kernel", "ledger", "tlog", "find", "matter", "register", "leaf", "domain", "rulebook",
];
/// What brings them in.
const WORLDLY: [&str; 12] = [
    "tokio",
    "axum",
    "axum-extra",
    "tower",
    "tower-http",
    "rusqlite",
    "tokio-postgres",
    "deadpool-postgres",
    "getrandom",
    "rand",
    "reqwest",
    "hyper",
];
/// The floor of tests: above all others, and never built into the product.
const TESTKIT: &str = "testkit";

/// One line of a dependency section.
struct Dependency<'a> {
    line: usize,
    name: &'a str,
    value: &'a str,
    for_tests: bool,
}

/// Checks every `crates/*/Cargo.toml`.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file) in house.manifests() {
        let path = &file.path;
        if name != TESTKIT && level(name).is_none() {
            findings.push(Finding::new(
                path,
                0,
                format!("the crate {name} has no floor"),
                "give it a place in FLOORS of xtask/src/arrows.rs and in ARCHITECTURE.md",
            ));
            continue;
        }
        for dependency in dependencies(&file.text) {
            findings.extend(judge(name, path, &dependency));
        }
    }
    findings
}

fn judge(name: &str, path: &str, dependency: &Dependency<'_>) -> Option<Finding> {
    let Dependency {
        line,
        name: used,
        value,
        for_tests,
    } = *dependency;
    let finding = |what: String, todo: &str| Some(Finding::new(path, line, what, todo));
    if used == name && for_tests {
        // a crate's tests may turn its own features on
        return None;
    }
    if !value.contains("workspace") {
        return finding(
            format!("{used} has a version or path of its own"),
            "write `name.workspace = true` and put the version into the root Cargo.toml",
        );
    }
    if used == TESTKIT {
        return if for_tests || name == TESTKIT {
            None
        } else {
            finding(
                "testkit is built into the product".to_owned(),
                "move it to [dev-dependencies]",
            )
        };
    }
    if name == TESTKIT {
        return None;
    }
    if PURE.contains(&name) && !for_tests && WORLDLY.contains(&used) {
        return finding(
            format!("{name} is pure and {used} touches the world"),
            "take time, entropy and rows as parameters, or move the code up to store or gateway",
        );
    }
    let (Some(own), Some(other)) = (level(name), level(used)) else {
        return None;
    };
    if ALONE.contains(&name) {
        return finding(
            format!("{name} stands alone and uses {used}"),
            "pass plain values in; anyone must be able to use this crate by itself",
        );
    }
    if other >= own {
        return finding(
            format!("{name} looks up or sideways at {used}"),
            "move the shared part to a lower floor, or the code that needs both to a higher one",
        );
    }
    None
}

fn level(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

/// The dependency lines of a manifest, also in the form `[dependencies.name]`.
fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            if let Some((kind, name)) = section.rsplit_once('.')
                && kind.ends_with("dependencies")
            {
                let value = if text
                    .lines()
                    .nth(index + 1)
                    .is_some_and(|l| l.contains("workspace"))
                {
                    "workspace"
                } else {
                    ""
                };
                let for_tests = kind.ends_with("dev-dependencies");
                found.push(Dependency {
                    line: index + 1,
                    name,
                    value,
                    for_tests,
                });
            }
            continue;
        }
        if !section.ends_with("dependencies") || line.starts_with('#') {
            continue;
        }
        if let Some((key, _)) = line.split_once('=') {
            let name = key.trim().split('.').next().unwrap_or_default();
            let for_tests = section.ends_with("dev-dependencies");
            found.push(Dependency {
                line: index + 1,
                name,
                value: line,
                for_tests,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_manifest(name: &str, text: &str) -> Vec<String> {
        let house = House::of(&[(&format!("crates/{name}/Cargo.toml"), text)]);
        check(&house)
            .into_iter()
            .map(|f| format!("{} {}", f.line, f.what))
            .collect()
    }

    #[test]
    fn arrows_down_are_fine() {
        let text = "[dependencies]\nkernel.workspace = true\nledger = { workspace = true }\n";
        assert_eq!(check_manifest("leaf", text), [""; 0]);
    }

    #[test]
    fn arrows_up_and_sideways_are_found() {
        for (name, used) in [
            ("domain", "store"),
            ("ledger", "tlog"),
            ("store", "gateway"),
            ("web", "shanji"),
        ] {
            let found = check_manifest(name, &format!("[dependencies]\n{used}.workspace = true\n"));
            assert_eq!(found, [format!("2 {name} looks up or sideways at {used}")]);
        }
    }

    #[test]
    fn tests_may_not_look_up_either() {
        let text = "[dev-dependencies]\nweb.workspace = true\ntestkit.workspace = true\n";
        assert_eq!(
            check_manifest("store", text),
            ["2 store looks up or sideways at web"]
        );
    }

    #[test]
    fn testkit_stays_out_of_the_product() {
        let text = "[dependencies]\ntestkit.workspace = true\n";
        assert_eq!(
            check_manifest("shanji", text),
            ["2 testkit is built into the product"]
        );
        assert_eq!(
            check_manifest("testkit", "[dependencies]\nweb.workspace = true\n"),
            [""; 0]
        );
    }

    #[test]
    fn some_stand_alone() {
        let text = "[dependencies]\nkernel.workspace = true\n";
        assert_eq!(
            check_manifest("tlog", text),
            ["2 tlog stands alone and uses kernel"]
        );
    }

    #[test]
    fn pure_floors_stay_pure() {
        let text = "[dependencies]\ngetrandom.workspace = true\n[dev-dependencies]\ntokio.workspace = true\n";
        assert_eq!(
            check_manifest("domain", text),
            ["2 domain is pure and getrandom touches the world"]
        );
    }

    #[test]
    fn versions_stand_in_one_place() {
        let text = "[dependencies]\nhex = \"0.4\"\n[dependencies.csv]\nversion = \"1\"\n";
        let own = |line, name| format!("{line} {name} has a version or path of its own");
        let found = check_manifest("app", text);
        assert_eq!(found[..2], [own(2, "hex"), own(3, "csv")]);
    }

    #[test]
    fn a_crate_may_use_itself_in_tests_only() {
        let line = "db = { path = \".\", features = [\"testing\"] }\n";
        assert_eq!(
            check_manifest("db", &format!("[dev-dependencies]\n{line}")),
            [""; 0]
        );
        assert_eq!(
            check_manifest("db", &format!("[dependencies]\n{line}")).len(),
            1
        );
    }

    #[test]
    fn every_crate_has_a_floor() {
        assert_eq!(
            check_manifest("attic", ""),
            ["0 the crate attic has no floor"]
        );
    }
}
