//! Every table is a list of the register, or stands here with the reason why it need not be one; so nobody adds a list
//! that cannot be filtered, sorted, shared and taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tables that are no lists: path below `templates/`, number of tables, and why.
const NO_LISTS: &str = include_str!("tables.txt");

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

#[test]
fn every_table_is_a_list_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut templates = Vec::new();
    files(&root, "html", &mut templates);
    let mut tables = BTreeMap::new();
    for path in templates {
        let text = std::fs::read_to_string(&path).unwrap();
        let count = text.matches("<table").count();
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        if count > 0 && name != "components/list.html" {
            tables.insert(name.to_string(), count);
        }
    }
    let lines = NO_LISTS
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    let allowed: BTreeMap<String, usize> = lines
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let (name, count) = (words.next().unwrap(), words.next().unwrap());
            assert!(
                words.next().is_some_and(|why| why.len() > 10),
                "{line}: say why"
            );
            (name.to_string(), count.parse().unwrap())
        })
        .collect();
    assert_eq!(
        tables, allowed,
        "make it a list (app::list), or say in tables.txt why it is none"
    );
}

#[test]
fn every_list_of_the_house_is_in_the_register() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/query/list");
    let mut sources = Vec::new();
    files(&folder, "rs", &mut sources);
    let written: usize = sources
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .map(|text| text.matches(": List = List {").count())
        .sum();
    let lists = app::list::LISTS;
    let names: BTreeSet<&str> = lists.iter().map(|list| list.name).collect();
    let paths: BTreeSet<&str> = lists.iter().map(|list| list.path).collect();
    assert_eq!((names.len(), paths.len()), (written, written));
}

#[test]
fn every_list_is_sound() {
    for list in app::list::LISTS {
        let names: BTreeSet<&str> = list.columns.iter().map(|c| c.name).collect();
        assert_eq!(
            names.len(),
            list.columns.len(),
            "{}: one name, one column",
            list.name
        );
        let order = list.column(list.order.trim_start_matches('-'));
        assert!(order.is_some(), "{}: its order is a column", list.name);
        for filter in list.filters {
            assert!(
                list.column(filter.column).is_some(),
                "{}: {}",
                list.name,
                filter.name
            );
        }
        let texts = list.columns.iter().map(|c| c.help).chain([list.about]);
        for text in texts {
            assert!(text.ends_with('。'), "{}: {text}", list.name);
        }
    }
}
