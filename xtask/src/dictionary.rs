//! The data dictionary: every table and column from the migrations, with who may see it.
//!
//! Meanings are the comments that stand in the migrations, so that the page cannot say anything
//! that the schema does not. Visibility comes from `migrations/visibility.toml`, one section per
//! table and one line `column = "public"` (masked, internal, secret) per column.

use crate::finding::Finding;
use crate::house::House;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// The page that is written.
const PAGE: &str = "docs/data-dictionary.md";
/// Who may see each column.
const VISIBILITY: &str = "migrations/visibility.toml";
/// What may be said there.
const LEVELS: [&str; 4] = ["public", "masked", "internal", "secret"];
/// What a table's lines may begin with without being a column.
const CONSTRAINTS: [&str; 5] = ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"];

/// A table as the migrations leave it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    meaning: String,
    columns: Vec<Column>,
}

/// A column; `kind` is the type as written, with its tokens.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    kind: String,
    rest: String,
    meaning: String,
}

/// Writes the page; false if a column has no visibility.
pub(crate) fn run(root: &Path) -> io::Result<bool> {
    let house = House::read(root)?;
    std::fs::write(root.join(PAGE), page_of(&house))?;
    let findings = check(&House::read(root)?);
    for finding in &findings {
        println!("{finding}");
    }
    println!("{PAGE}: {} tables", tables_of(&house).len());
    Ok(findings.is_empty())
}

/// The page is as the migrations say, and every column of theirs has a visibility (and no other).
/// A house without migrations has nothing to say.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let tables = tables_of(house);
    if tables.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if house.text(PAGE) != Some(page_of(house).as_str()) {
        let todo = "run `cargo xtask dictionary`";
        findings.push(Finding::new(
            PAGE,
            0,
            "the page is not what the migrations say",
            todo,
        ));
    }
    let Some(visibility) = house.text(VISIBILITY) else {
        let todo = "write it: `[table]`, then `column = \"public\"` for each column";
        findings.push(Finding::new(
            VISIBILITY,
            0,
            "no column has a visibility",
            todo,
        ));
        return findings;
    };
    let mut visibility = read_visibility(visibility);
    for (name, table) in &tables {
        for column in &table.columns {
            let what = match visibility
                .remove(&(name.clone(), column.name.clone()))
                .as_deref()
            {
                Some(level) if LEVELS.contains(&level) => continue,
                Some(level) => format!("{name}.{} is said to be {level}", column.name),
                None => format!("{name}.{} has no visibility", column.name),
            };
            let todo = format!("say one of {}", LEVELS.join(", "));
            findings.push(Finding::new(VISIBILITY, 0, what, todo));
        }
    }
    for (name, column) in visibility.into_keys() {
        let what = format!("there is no column {name}.{column}");
        findings.push(Finding::new(VISIBILITY, 0, what, "remove the line"));
    }
    findings
}

fn tables_of(house: &House) -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for file in house.files() {
        if file.path.starts_with("migrations/") && file.path.ends_with(".sql") {
            read_migration(&file.text, &mut tables);
        }
    }
    tables
}

fn page_of(house: &House) -> String {
    page(
        &tables_of(house),
        &read_visibility(house.text(VISIBILITY).unwrap_or_default()),
    )
}

fn read_migration(text: &str, tables: &mut BTreeMap<String, Table>) {
    let mut comment: Vec<&str> = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines().map(str::trim) {
        let (code, said) = line
            .split_once("--")
            .map_or((line, ""), |(c, s)| (c.trim(), s.trim()));
        if let Some(name) = &open {
            if code.starts_with(')') {
                open = None;
            } else if let Some(mut column) = column(code, said) {
                if column.meaning.is_empty() {
                    column.meaning = comment.join(" ");
                }
                tables.entry(name.clone()).or_default().columns.push(column);
                comment.clear();
            } else if code.is_empty() {
                comment.push(said);
            }
        } else if let Some(rest) = code.strip_prefix("CREATE TABLE ") {
            let name = rest.split([' ', '(']).next().unwrap_or_default().to_owned();
            tables.entry(name.clone()).or_default().meaning = comment.join(" ");
            comment.clear();
            open = Some(name);
        } else if let Some(rest) = code.strip_prefix("DROP TABLE ") {
            tables.remove(rest.trim_end_matches(';'));
            comment.clear();
        } else if let Some((old, new)) = renamed_table(code) {
            if let Some(table) = tables.remove(old) {
                tables.insert(new.to_owned(), table);
            }
        } else if let Some((name, added)) = added_column(code, said) {
            tables.entry(name).or_default().columns.push(added);
        } else if code.is_empty() && !said.is_empty() && !said.contains("-----") {
            comment.push(said);
        } else {
            comment.clear();
        }
    }
}

fn column(code: &str, said: &str) -> Option<Column> {
    let code = code.trim_end_matches([',', ';']);
    let mut words = code.splitn(3, ' ');
    let name = words
        .next()
        .filter(|word| !word.is_empty() && !CONSTRAINTS.contains(word))?;
    let well_formed = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    well_formed.then(|| Column {
        name: name.to_owned(),
        kind: words.next().unwrap_or_default().to_owned(),
        rest: words.next().unwrap_or_default().to_owned(),
        meaning: said.to_owned(),
    })
}

fn renamed_table(code: &str) -> Option<(&str, &str)> {
    let words = code.strip_prefix("ALTER TABLE ")?.trim_end_matches(';');
    words.split_once(" RENAME TO ")
}

fn added_column(code: &str, said: &str) -> Option<(String, Column)> {
    let (name, rest) = code.strip_prefix("ALTER TABLE ")?.split_once(' ')?;
    Some((
        name.to_owned(),
        column(rest.strip_prefix("ADD COLUMN ")?, said)?,
    ))
}

fn read_visibility(text: &str) -> BTreeMap<(String, String), String> {
    let mut visibility = BTreeMap::new();
    let mut table = "";
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_end_matches(']');
        } else if let Some((column, value)) =
            line.split_once('=').filter(|_| !line.starts_with('#'))
        {
            let value = value
                .split('#')
                .next()
                .unwrap_or_default()
                .trim()
                .trim_matches('"');
            // `[table]` above, or `table.column` in one
            let (table, column) = column
                .trim()
                .split_once('.')
                .unwrap_or((table, column.trim()));
            visibility.insert((table.to_owned(), column.to_owned()), value.to_owned());
        }
    }
    visibility
}

fn page(
    tables: &BTreeMap<String, Table>,
    visibility: &BTreeMap<(String, String), String>,
) -> String {
    let mut page = String::from(
        "# 数据字典\n\n由 `cargo xtask dictionary` 根据 `migrations/` 生成，请勿手改。\n\n\
         `ID` 是按时间递增的主键，`BYTES` 是二进制；金额单位为分，时间为 UTC 微秒，日期为北京日自 1970-01-01 起的天数。\n\
         可见性：public 公开，masked 脱敏后公开，internal 内部，secret 保密（加密或仅存摘要）。\n",
    );
    for (name, table) in tables {
        let _ = write!(page, "\n## {name}\n\n");
        if !table.meaning.is_empty() {
            let _ = write!(page, "{}\n\n", table.meaning);
        }
        page.push_str("| 列 | 类型 | 约束 | 可见性 | 说明 |\n|---|---|---|---|---|\n");
        for Column {
            name: column,
            kind,
            rest,
            meaning,
        } in &table.columns
        {
            let seen = visibility
                .get(&(name.clone(), column.clone()))
                .map_or("—", String::as_str);
            let (rest, meaning) = (rest.replace('|', "\\|"), meaning.replace('|', "\\|"));
            let _ = writeln!(page, "| {column} | {kind} | {rest} | {seen} | {meaning} |");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: &str = "-- the head --------------------\n\n-- One gift.\n-- It is final.\nCREATE TABLE gift (\n  \
        id ID PRIMARY KEY,\n  amount BIGINT NOT NULL CHECK (amount > 0), -- fen\n  -- who gave\n  donor TEXT,\n  \
        UNIQUE (donor, amount)\n) STRICT;\nCREATE INDEX g ON gift (donor);\n-- later\nALTER TABLE gift ADD COLUMN day BIGINT; -- Beijing day\n";

    fn gift() -> Table {
        let mut tables = BTreeMap::new();
        read_migration(SQL, &mut tables);
        tables.remove("gift").expect("the table was read")
    }

    #[test]
    fn tables_have_the_comment_above_them() {
        assert_eq!(gift().meaning, "One gift. It is final.");
    }

    #[test]
    fn columns_have_type_rest_and_meaning() {
        let rows: Vec<String> = gift()
            .columns
            .iter()
            .map(|c| format!("{}|{}|{}|{}", c.name, c.kind, c.rest, c.meaning))
            .collect();
        assert_eq!(
            rows,
            [
                "id|ID|PRIMARY KEY|",
                "amount|BIGINT|NOT NULL CHECK (amount > 0)|fen",
                "donor|TEXT||who gave",
                "day|BIGINT||Beijing day"
            ]
        );
    }

    #[test]
    fn the_page_says_who_may_see_it() {
        let mut tables = BTreeMap::new();
        read_migration(SQL, &mut tables);
        let seen = read_visibility("gift.donor = \"secret\"\n[gift]\namount = \"public\" # fen\n");
        let page = page(&tables, &seen);
        for line in [
            "| amount | BIGINT | NOT NULL CHECK (amount > 0) | public | fen |",
            "| donor | TEXT |  | secret | who gave |",
            "| id | ID | PRIMARY KEY | — |  |",
        ] {
            assert!(page.contains(line), "{line}\n{page}");
        }
    }

    fn check_house(visibility: &str, page: &str) -> Vec<String> {
        let sql = "CREATE TABLE gift (\n  id ID PRIMARY KEY,\n  donor TEXT\n) STRICT;\n";
        let rows = [
            ("migrations/0001_a.sql", sql),
            (VISIBILITY, visibility),
            (PAGE, page),
        ];
        check(&House::of(&rows))
            .into_iter()
            .map(|f| f.what)
            .collect()
    }

    #[test]
    fn every_column_has_a_visibility_and_no_other() {
        let visibility = "[gift]\nid = \"hidden\"\nname = \"public\"\n";
        assert_eq!(
            check_house(visibility, "")[1..],
            [
                "gift.id is said to be hidden",
                "gift.donor has no visibility",
                "there is no column gift.name",
            ]
            .map(|what| what.to_owned())
        );
    }

    #[test]
    fn a_stale_page_is_found() {
        let visibility = "[gift]\nid = \"public\"\ndonor = \"secret\"\n";
        assert_eq!(
            check_house(visibility, "old"),
            ["the page is not what the migrations say"]
        );
        let house = House::of(&[
            (
                "migrations/0001_a.sql",
                "CREATE TABLE gift (\n  id ID PRIMARY KEY,\n  donor TEXT\n) STRICT;\n",
            ),
            (VISIBILITY, visibility),
        ]);
        assert_eq!(check_house(visibility, &page_of(&house)), [""; 0]);
    }
}
