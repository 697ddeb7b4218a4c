//! Entries of registers of organisations 登记簿记载, one a row: whose, what, from when, who decided, and where that stands.

use super::row::{Header, Names, Row};
use crate::parties::register::{ImportedEntry, Item, STANDING_CHOICES, Standing};

const ORGANISATION: Names = &[
    "统一社会信用代码或编号",
    "统一社会信用代码",
    "组织",
    "organisation",
    "uscc",
];
const SOURCE: Names = &["来源登记簿", "来源", "source"];
const ITEM: Names = &["事项", "登记事项", "item"];
const STANDING: Names = &["状态", "standing"];
const WORDS: Names = &["内容", "words"];
const FROM: Names = &["起始日", "from"];
const UNTIL: Names = &["终止日", "有效期至", "until"];
const OFFICE: Names = &["决定机关", "office"];
const DOCUMENT: Names = &["文号", "document"];
const LAW: Names = &["依据", "law"];
const REASON: Names = &["理由", "reason"];
/// The columns that must be there; the others may be.
const COLUMNS: &[Names] = &[ORGANISATION, SOURCE, ITEM, FROM, OFFICE, DOCUMENT];

/// 〔登记记载行〕 A row as it was read: nothing of it is judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The unified code or the printed id of the organisation.
    pub organisation: String,
    /// The register that says so.
    pub source: String,
    /// What it says.
    pub entry: ImportedEntry,
}

/// 〔登记簿读表器〕 Reads the rows below a heading.
#[derive(Debug, Clone)]
pub struct RegisterReader(Header);

impl RegisterReader {
    /// A reader for the heading.
    ///
    /// # Errors
    /// The needed columns that are not there.
    pub fn new(cells: &[String]) -> Result<RegisterReader, Vec<&'static str>> {
        let header = Header::new(cells);
        match header.missing(COLUMNS) {
            missing if missing.is_empty() => Ok(RegisterReader(header)),
            missing => Err(missing),
        }
    }

    /// Reads one row. Items and standings may be written by their codes or by their names.
    #[must_use]
    pub fn read_row(&self, row: &Row<'_>) -> RegisterRow {
        let cell = |names: Names| self.0.cell(row, names).into_owned();
        let item = cell(ITEM);
        let known = Item::ALL.into_iter().find(|one| one.title() == item);
        let known = known.or_else(|| Item::parse(&item));
        let standing = cell(STANDING);
        let mut standings = STANDING_CHOICES.iter();
        let standing = standings
            .find_map(|(code, _)| {
                let one = Standing::chosen(code)?;
                let meant = one.title() == standing || one.code() == standing;
                (Some(one.item()) == known && meant).then(|| one.code().to_owned())
            })
            .unwrap_or(standing);
        RegisterRow {
            organisation: cell(ORGANISATION),
            source: cell(SOURCE),
            entry: ImportedEntry {
                item: known.map_or(item, |one| one.code().to_owned()),
                standing,
                words: cell(WORDS),
                from: cell(FROM),
                until: cell(UNTIL),
                office: cell(OFFICE),
                document: cell(DOCUMENT),
                law: cell(LAW),
                reason: cell(REASON),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn rows_are_read_by_their_headings() {
        let heading = "组织,来源,事项,状态,起始日,决定机关,文号";
        let reader = RegisterReader::new(&cells(heading)).unwrap();
        let read = |text: &str| {
            let cells = cells(text);
            reader.read_row(&Row {
                line: 2,
                cells: &cells,
            })
        };
        let by_name = read("org_1,某登记簿,公开募捐资格,已吊销,2026-01-02,某民政局,1号");
        let by_code = read("org_1,某登记簿,fundraising,revoked,2026-01-02,某民政局,1号");
        assert_eq!(by_name, by_code);
        assert_eq!(by_name.entry.item, "fundraising");
        assert_eq!(by_name.entry.standing, "revoked");
        // The same word means another code under another item.
        let legal = read("org_1,某登记簿,法人登记,登记已被吊销或撤销,2026-01-02,某民政局,1号");
        assert_eq!(
            (legal.entry.item.as_str(), legal.entry.standing.as_str()),
            ("legal", "revoked")
        );
        let odd = read("org_1,某登记簿,颜色,红,2026-01-02");
        assert_eq!(
            (odd.entry.item.as_str(), odd.entry.office.as_str()),
            ("颜色", "")
        );
        let missing = RegisterReader::new(&cells("组织,事项")).unwrap_err();
        assert_eq!(missing, ["来源登记簿", "起始日", "决定机关", "文号"]);
    }
}
