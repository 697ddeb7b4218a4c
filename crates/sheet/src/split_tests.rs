//! Rows of the splitter.

use super::*;
use crate::text::Encoding;
use proptest::prelude::*;

fn limits() -> Limits {
    Limits {
        rows: 5,
        columns: 4,
        cell_bytes: 10,
        ..Limits::default()
    }
}

fn split(text: &str, limits: Limits) -> Result<Vec<Row>, SheetError> {
    let decoded = Decoded::new(text.as_bytes(), Encoding::Utf8, 1 << 30);
    let mut splitter = Splitter::new(decoded, b',', limits);
    std::iter::from_fn(|| splitter.next_row().transpose()).collect()
}

#[track_caller]
fn check(text: &str, want: &[(u64, &[&str])]) {
    let rows = split(text, limits()).unwrap();
    let got: Vec<(u64, Vec<&str>)> = rows
        .iter()
        .map(|r| (r.line, r.cells.iter().map(String::as_str).collect()))
        .collect();
    let want: Vec<(u64, Vec<&str>)> = want.iter().map(|(l, c)| (*l, c.to_vec())).collect();
    assert_eq!(got, want, "{text:?}");
    assert!(rows.iter().all(|r| r.trouble.is_none()));
}

#[test]
fn rows_and_line_numbers() {
    check("a,b\r\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]);
    check("a\rb\n\n ,\nc\n", &[(1, &["a"]), (2, &["b"]), (5, &["c"])]);
    check("\"a,\n\"\"b\",c\nd", &[(1, &["a,\n\"b", "c"]), (3, &["d"])]);
    check("a\"b,\"\",\n", &[(1, &["a\"b", "", ""])]);
    check("`x\t,'=1,'5\n", &[(1, &["`x\t", "=1", "'5"])]);
    check("\u{feff}姓名,金额", &[(1, &["姓名", "金额"])]);
    check("", &[]);
}

#[track_caller]
fn check_trouble(text: &str, cells: &[&str], want: Trouble) {
    let rows = split(text, limits()).unwrap();
    assert_eq!(
        (&rows[0].cells[..], rows[0].trouble),
        (
            &cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()[..],
            Some(want)
        )
    );
    assert_eq!(rows.last().unwrap().trouble, None, "the next row is read");
}

#[test]
fn troubles_stay_in_their_row() {
    check_trouble(
        "0123456789ab,c\nd\n",
        &["0123456789", "c"],
        Trouble::CellTooLong(1),
    );
    check_trouble(
        "a,张张张张,c\nd\n",
        &["a", "张张张", "c"],
        Trouble::CellTooLong(2),
    );
    check_trouble(
        "a,b,c,d,e\nd\n",
        &["a", "b", "c", "d"],
        Trouble::TooManyCells(4),
    );
    check_trouble("a,\"b\"c\nd\n", &["a", "bc"], Trouble::StrayQuote(2));
    // An empty cell too many is a trailing comma and no trouble.
    check("a,b,c,d,\n", &[(1, &["a", "b", "c", "d"])]);
}

#[test]
fn files_are_refused() {
    assert_eq!(
        split("a\n\"b,c\n\nd", limits()),
        Err(SheetError::UnclosedQuote(2))
    );
    assert_eq!(
        split("1\n2\n3\n4\n5\n6\n", limits()),
        Err(SheetError::TooManyRows(5))
    );
}

#[test]
fn delimiters() {
    for (sample, want) in [
        ("a,b\n1,2\n", b','),
        ("a\tb\n1,5\t2\n,,\t\n", b'\t'),
        ("名称,时间,\n1\t,2\t,\n3\t,4\t,\n", b','),
        ("one\ntwo\n", b','),
        ("\"a\tb\",c\n\"a\tb\",c\n", b','),
    ] {
        assert_eq!(delimiter(sample), want, "{sample:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_split_or_refused(text in "[a-c,\"\n\r\t'=张]{0,80}") {
        if let Ok(rows) = split(&text, limits()) {
            for row in rows {
                prop_assert!(row.cells.len() <= 4 && row.cells.iter().all(|c| c.len() <= 10));
                prop_assert!(row.line >= 1);
            }
        }
    }
}
