//! Runs every check, takes the agreed exceptions out, and says the rest.

use crate::finding::Finding;
use crate::house::House;
use crate::{arrows, dictionary, keepers, papers, sizes, wings, words};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Prints all findings; true when there are none.
pub(crate) fn run(root: &Path) -> io::Result<bool> {
    let house = House::read(root)?;
    let findings = findings(&house);
    for finding in &findings {
        println!("{finding}");
    }
    for (lines, path) in sizes::growing(&house) {
        println!("note: {path} has {lines} lines and grows");
    }
    let files = house.files().count();
    println!("tidy: {files} files, {} findings", findings.len());
    Ok(findings.is_empty())
}

/// Everything that is not as agreed, in the order of paths.
fn findings(house: &House) -> Vec<Finding> {
    let mut findings = arrows::check(house);
    findings.extend(wings::check(house));
    findings.extend(sizes::check(house));
    findings.extend(words::check(house));
    findings.extend(papers::check(house));
    findings.extend(dictionary::check(house));
    findings.extend(kept(house));
    findings.sort();
    findings
}

/// What the keepers say, less the exceptions; an exception nobody needs is a finding too.
fn kept(house: &House) -> Vec<Finding> {
    let list = House::exceptions_path();
    let mut findings = Vec::new();
    let mut needed = BTreeSet::new();
    let exceptions = house.exceptions();
    for kept in keepers::check(house) {
        let agreed = exceptions
            .iter()
            .flatten()
            .find(|exception| exception.check == kept.check && exception.path == kept.finding.path);
        match agreed {
            Some(exception) => {
                needed.insert(exception.line);
            }
            None => findings.push(kept.finding),
        }
    }
    for exception in exceptions {
        match exception {
            Err((line, text)) => findings.push(Finding::new(
                list,
                line,
                format!("not an exception: {text}"),
                "write `check path reason`",
            )),
            Ok(exception) if !keepers::CHECKS.contains(&exception.check.as_str()) => {
                findings.push(Finding::new(
                    list,
                    exception.line,
                    format!("there is no check called {}", exception.check),
                    format!("use one of {}", keepers::CHECKS.join(", ")),
                ));
            }
            Ok(exception) if !needed.contains(&exception.line) => findings.push(Finding::new(
                list,
                exception.line,
                format!(
                    "{} no longer needs this exception ({})",
                    exception.path, exception.reason
                ),
                "remove the line",
            )),
            Ok(_) => {}
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let house = House::read(&crate::root()).expect("the checkout is readable");
        assert!(
            house.exists("crates/kernel/Cargo.toml"),
            "the wrong folder was read"
        );
        let found: Vec<String> = findings(&house).iter().map(Finding::to_string).collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    #[test]
    fn exceptions_silence_one_check_in_one_file() {
        let source = "const A: &str = \"DELETE FROM lease\";";
        let exceptions = "delete crates/store/src/lease.rs a lease is no statement\n\
                          delete crates/store/src/gone.rs not needed any more\n\
                          colour crates/store/src/lease.rs no such check\n";
        let house = House::of(&[
            (House::exceptions_path(), exceptions),
            ("crates/store/src/lease.rs", source),
            ("crates/store/src/gift.rs", source),
        ]);
        let found: Vec<String> = kept(&house).into_iter().map(|f| f.what).collect();
        assert_eq!(
            found,
            [
                "a row is deleted",
                "crates/store/src/gone.rs no longer needs this exception (not needed any more)",
                "there is no check called colour",
            ]
        );
    }
}
