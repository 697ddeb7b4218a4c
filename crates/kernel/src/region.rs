//! Regions: codes of the divisions of the country, from province to village.
//!
//! Source: the statistical division codes 〔统计用区划代码〕, which begin with GB/T 2260
//! (province, prefecture, county) and GB/T 10114 (township). A code is kept without the
//! zeros that fill it up, so that an ancestor is always the beginning of its descendants.

use crate::limits::{CODE_TEXT_CHARS, REGION_ROWS};
use crate::text::plain_upper;
use std::fmt;

/// The lengths of the five levels.
const LENGTHS: [u8; 5] = [2, 4, 6, 9, 12];

/// 〔行政区划代码〕 A province (2 digits), prefecture (4), county (6), township (9) or
/// village (12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode {
    /// Digits, filled up with zero bytes, so that the order is the order of the texts.
    digits: [u8; 12],
    length: u8,
}

impl RegionCode {
    /// Reads a code of 2, 4, 6, 9 or 12 digits; zeros that only fill up are taken off:
    /// `330100` and `330100000000` are the prefecture `3301`.
    ///
    /// A township may lie directly under a prefecture that has no counties, as in
    /// Dongguan: `441900003` has `00` for the county.
    ///
    /// # Errors
    /// Other lengths, other characters, a province that cannot be, a level left out.
    pub fn parse(text: &str) -> Result<RegionCode, ParseRegionError> {
        let plain = plain_upper(text, CODE_TEXT_CHARS).ok_or(ParseRegionError::Form)?;
        if !plain.bytes().all(|b| b.is_ascii_digit())
            || !LENGTHS.iter().any(|n| usize::from(*n) == plain.len())
        {
            return Err(ParseRegionError::Form);
        }
        let mut digits = [0; 12];
        for (place, byte) in digits.iter_mut().zip(plain.bytes()) {
            *place = byte;
        }
        let mut code = RegionCode { digits, length: 12 };
        code = code.cut(u8::try_from(plain.len()).unwrap_or(0));
        while let Some(above) = code.above().filter(|_| code.last_group_is_zero()) {
            code = above;
        }
        let first = digits.first().copied().unwrap_or_default();
        if !(b'1'..=b'8').contains(&first) {
            return Err(ParseRegionError::NoProvince);
        }
        // Every level on the way must be there; only the county may be 00 above townships.
        let mut on_the_way = code.above();
        while let Some(level) = on_the_way {
            if level.last_group_is_zero() && level.length != 6 {
                return Err(ParseRegionError::LevelLeftOut);
            }
            on_the_way = level.above();
        }
        Ok(code)
    }

    /// 〔级〕 1 province, 2 prefecture, 3 county, 4 township, 5 village.
    #[must_use]
    pub const fn level(&self) -> u8 {
        match self.length {
            2 => 1,
            4 => 2,
            6 => 3,
            9 => 4,
            _ => 5,
        }
    }

    /// The region this one lies in; `None` for a province.
    #[must_use]
    pub fn parent(&self) -> Option<RegionCode> {
        let above = self.above()?;
        if above.last_group_is_zero() {
            above.above()
        } else {
            Some(above)
        }
    }

    /// Whether the other is this region or lies in it.
    #[must_use]
    pub fn contains(&self, other: &RegionCode) -> bool {
        other.as_str().starts_with(self.as_str())
    }

    /// The half-open range of texts `[from, to)` that holds this code and exactly the codes
    /// in it, for `WHERE region >= $1 AND region < $2`. Both ends are digits only, so that
    /// it holds under every collation.
    #[must_use]
    pub fn range(&self) -> (String, String) {
        // The next number of the same length, without the zeros it ends with: after 3309
        // comes 331, because 3310 would let a 331 slip in between.
        let mut next = self.as_str().to_owned();
        while next.ends_with('9') {
            next.pop();
        }
        let last = next.pop().and_then(|digit| digit.to_digit(10)).unwrap_or(0);
        // The first digit is at most 8, so that something below 9 was always left.
        next.push(char::from_digit(last.saturating_add(1), 10).unwrap_or('9'));
        (self.as_str().to_owned(), next)
    }

    /// The digits, without zeros that only fill up: 2, 4, 6, 9 or 12 of them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let digits = self
            .digits
            .get(..usize::from(self.length))
            .unwrap_or_default();
        // ASCII by construction
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// The 12 digits that forms and files of the authorities want.
    #[must_use]
    pub fn padded(&self) -> String {
        format!("{:0<12}", self.as_str())
    }

    /// The code of the level above, even if it is a county 00.
    fn above(self) -> Option<RegionCode> {
        let shorter = LENGTHS.iter().rev().find(|length| **length < self.length)?;
        Some(self.cut(*shorter))
    }

    /// The first so many digits.
    fn cut(mut self, length: u8) -> RegionCode {
        self.length = length;
        for digit in self.digits.iter_mut().skip(usize::from(length)) {
            *digit = 0;
        }
        self
    }

    /// Whether the digits of the lowest level are all zero.
    fn last_group_is_zero(self) -> bool {
        let above = self.above().map_or(0, |region| region.length);
        let own = self
            .digits
            .get(usize::from(above)..usize::from(self.length));
        own.unwrap_or_default().iter().all(|digit| *digit == b'0')
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({})", self.as_str())
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads a list of regions: a head line, then `code,name` lines in ascending order of the
/// codes. The names are borrowed from the text.
///
/// # Errors
/// The number of the first line that is wrong, and what is wrong with it: the list is ours
/// and is taken whole or not at all.
pub fn parse_list(text: &str) -> Result<Vec<(RegionCode, &str)>, RegionListError> {
    let mut list: Vec<(RegionCode, &str)> = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let wrong = |problem| RegionListError {
            line: at.saturating_add(1),
            problem,
        };
        if list.len() >= REGION_ROWS {
            return Err(wrong(RegionListProblem::TooLong));
        }
        let (code, name) = line.split_once(',').ok_or(wrong(RegionListProblem::Form))?;
        let code = RegionCode::parse(code).map_err(|e| wrong(RegionListProblem::Code(e)))?;
        if name.is_empty() || name.contains([',', '"']) {
            return Err(wrong(RegionListProblem::Form));
        }
        if list.last().is_some_and(|(before, _)| *before >= code) {
            return Err(wrong(RegionListProblem::Order));
        }
        list.push((code, name));
    }
    Ok(list)
}

/// Why a text is no region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseRegionError {
    /// Not 2, 4, 6, 9 or 12 digits.
    Form,
    /// The first digit is not 1 to 8.
    NoProvince,
    /// Zeros in the middle: a level is missing.
    LevelLeftOut,
}

impl ParseRegionError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "region.form",
            Self::NoProvince => "region.no_province",
            Self::LevelLeftOut => "region.level_left_out",
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Form => "行政区划代码应为 2、4、6、9 或 12 位数字，请检查位数",
            Self::NoProvince => "没有这个省级代码，请检查前两位数字",
            Self::LevelLeftOut => "行政区划代码中间缺了一级，请检查是否多写了 0",
        }
    }
}

impl fmt::Display for ParseRegionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for ParseRegionError {}

/// Which line of a list of regions is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegionListError {
    /// The number of the line, from one; the head is line 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: RegionListProblem,
}

/// What is wrong with a line of a list of regions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RegionListProblem {
    /// Not `code,name`.
    Form,
    /// The code is none.
    Code(ParseRegionError),
    /// Not above the code of the line before.
    Order,
    /// More lines than the limit.
    TooLong,
}

impl fmt::Display for RegionListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match self.problem {
            RegionListProblem::Form => write!(f, "区划表第 {line} 行不是“代码,名称”，请更正"),
            RegionListProblem::Code(error) => write!(f, "区划表第 {line} 行：{error}"),
            RegionListProblem::Order => write!(f, "区划表第 {line} 行没有按代码升序，请排序去重"),
            RegionListProblem::TooLong => write!(f, "区划表超过 {REGION_ROWS} 行，请检查文件"),
        }
    }
}

impl std::error::Error for RegionListError {}

#[cfg(test)]
#[path = "region_tests.rs"]
mod tests;
