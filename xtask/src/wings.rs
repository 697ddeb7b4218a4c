//! The arrows between wings inside every floor: each wing uses only those to its left.
//!
//! `identity < parties < community < funds < fundraising < oversight < exchange`, with
//! `transparency` on the side: everybody may use it, and it knows statements, not charity.

use crate::finding::Finding;
use crate::house::House;
use crate::rust_source::Token;

/// The wings from left to right.
const WINGS: [&str; 7] = [
    "identity",
    "parties",
    "community",
    "funds",
    "fundraising",
    "oversight",
    "exchange",
];
/// The wing on the side.
const SIDE: &str = "transparency";
/// Crates that may have wings; a path that starts with one of them is followed too.
const WINGED: [&str; 8] = [
    "leaf", "domain", "rulebook", "store", "gateway", "app", "web", "testkit",
];

/// Checks every source file that lies in a wing.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.files() {
        let (Some((name, inside)), Some(rust)) = (file.crate_source(), &file.rust) else {
            continue;
        };
        let modules = module_path(inside);
        let Some(own) = modules.first().filter(|wing| is_wing(wing)) else {
            continue;
        };
        if !WINGED.contains(&name) {
            continue;
        }
        for (line, other) in wings_used(&rust.tokens, modules.len()) {
            if !rust.is_test(line) && !may_use(own, other) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("the wing {own} uses {other}, which stands to its right"),
                    "move the code into the wing on the right, or the shared part to the left",
                ));
            }
        }
    }
    findings
}

fn is_wing(name: &str) -> bool {
    name == SIDE || WINGS.contains(&name)
}

fn may_use(own: &str, other: &str) -> bool {
    if own == other || other == SIDE {
        return true;
    }
    let position = |name: &str| WINGS.iter().position(|wing| *wing == name);
    match (position(own), position(other)) {
        (Some(own), Some(other)) => other < own,
        _ => false,
    }
}

/// `funds/fund.rs` is the module `funds::fund`, `funds/mod.rs` and `funds.rs` are `funds`.
fn module_path(inside: &str) -> Vec<&str> {
    let stem = inside.strip_suffix(".rs").unwrap_or(inside);
    let mut modules: Vec<&str> = stem.split('/').collect();
    if modules.last() == Some(&"mod") {
        modules.pop();
    }
    modules
}

/// Every wing named by a path from the root of a crate, with its line.
fn wings_used(tokens: &[Token], depth: usize) -> Vec<(usize, &str)> {
    let mut used = Vec::new();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && text(at - 1) == "::" {
            continue;
        }
        let mut next = at + 1;
        if token.text == "super" {
            let mut climbs = 1;
            while text(next) == "::" && text(next + 1) == "super" {
                climbs += 1;
                next += 2;
            }
            if climbs < depth {
                continue;
            }
        } else if token.text != "crate" && !WINGED.contains(&token.text.as_str()) {
            continue;
        }
        if text(next) == "::" {
            used.extend(first_names(tokens, next + 1).filter(|(_, name)| is_wing(name)));
        }
    }
    used
}

/// The name at `at`, or the first name of each branch if a group opens there.
fn first_names(tokens: &[Token], at: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut expecting = true;
    for token in tokens.iter().skip(at) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "," => expecting = depth == 1,
            _ if expecting && depth <= 1 => {
                names.push((token.line, token.text.as_str()));
                expecting = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_file(path: &str, text: &str) -> Vec<String> {
        let findings = check(&House::of(&[(path, text)]));
        findings
            .into_iter()
            .map(|f| format!("{} {}", f.line, f.what))
            .collect()
    }

    fn right(line: usize, own: &str, other: &str) -> String {
        format!("{line} the wing {own} uses {other}, which stands to its right")
    }

    #[test]
    fn the_left_may_be_used() {
        let text = "use crate::{identity::User, funds};\nfn f() { domain::parties::x(); }";
        assert_eq!(
            check_file("crates/app/src/fundraising/gift.rs", text),
            [""; 0]
        );
    }

    #[test]
    fn the_right_is_found_in_every_form() {
        let path = "crates/domain/src/identity/user.rs";
        for text in [
            "use crate::funds::Fund;",
            "use crate::{\nidentity::{a, b}, funds::{c}};",
            "fn f() { crate::funds::g() }",
            "use leaf::funds;",
            "use super::super::funds::Fund;",
        ] {
            let found = check_file(path, text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(
                found[0].ends_with("identity uses funds, which stands to its right"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn names_inside_a_branch_are_not_wings() {
        assert_eq!(
            check_file(
                "crates/app/src/identity/a.rs",
                "use crate::limits::{funds, exchange};"
            ),
            [""; 0]
        );
    }

    #[test]
    fn the_side_wing_knows_nobody_and_serves_all() {
        assert_eq!(
            check_file(
                "crates/app/src/identity/a.rs",
                "use crate::transparency::Log;"
            ),
            [""; 0]
        );
        let found = check_file(
            "crates/app/src/transparency/log.rs",
            "use crate::funds::Fund;",
        );
        assert_eq!(found, [right(1, "transparency", "funds")]);
    }

    #[test]
    fn tests_and_rooms_outside_wings_are_free() {
        let text = "#[cfg(test)]\nmod tests {\n use crate::exchange::X;\n}";
        assert_eq!(check_file("crates/app/src/identity/a.rs", text), [""; 0]);
        assert_eq!(
            check_file("crates/web/src/routes.rs", "use crate::exchange::X;"),
            [""; 0]
        );
    }

    #[test]
    fn a_wing_that_is_one_file_counts() {
        assert_eq!(
            check_file("crates/store/src/parties.rs", "use super::funds::Fund;"),
            [right(1, "parties", "funds")]
        );
    }
}
