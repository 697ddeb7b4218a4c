//! Lists of administrative divisions, one level or all of them.

use super::limits::DIVISION_CHARS;
use super::reject::Reject;
use super::row::{Header, Names, Row, needed, told};
use crate::say;
use kernel::RegionCode;

const CODE: Names = &["code", "代码", "区划代码", "行政区划代码"];
const NAME: Names = &["name", "名称", "区划名称", "行政区划名称"];
/// Columns that name an ancestor; its code must be the beginning of the row's own.
const ANCESTORS: [&str; 4] = ["provincecode", "citycode", "areacode", "streetcode"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[CODE, NAME];

/// 〔行政区划〕 One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedDivision {
    /// Its code; the level follows from its length.
    pub code: RegionCode,
    /// Its own name, without its ancestors'.
    pub name: String,
    /// The line in the file.
    pub line: u64,
}

/// Reads one division.
///
/// # Errors
/// `division.code`, `division.ancestor`, and those of single cells.
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<ProposedDivision, Reject> {
    let text = header.cell(row, CODE);
    let code = RegionCode::parse(&text).map_err(|why| {
        Reject::new(
            "division.code",
            say!(
                "代码“{cell}”不能用：{why}。",
                cell = told(&text),
                why = why.sentence()
            ),
        )
    })?;
    for ancestor in ANCESTORS {
        let prefix = header.cell(row, &[ancestor]);
        if !text.starts_with(&*prefix) {
            let reason = say!(
                "上级代码“{cell}”不是本级代码的开头，请核对后再导入这一行。",
                cell = told(&prefix)
            );
            return Err(Reject::new("division.ancestor", reason));
        }
    }
    let name = needed(&header.cell(row, NAME), "名称", DIVISION_CHARS)?;
    Ok(ProposedDivision {
        code,
        name,
        line: row.line,
    })
}
