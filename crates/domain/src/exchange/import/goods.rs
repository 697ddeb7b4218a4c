//! Lists of goods received and handed out.

use super::limits::{NAME_CHARS, NOTE_CHARS};
use super::quantity::{Quantity, read_quantity};
use super::reject::Reject;
use super::row::{Header, Names, Row, needed, plain_digits, text, told};
use crate::{Sentence, say};
use kernel::Day;

const RECEIVED_ON: Names = &["received_on", "接收日期", "日期"];
const DONOR: Names = &["donor_masked", "捐赠单位及个人", "捐赠人"];
const KIND: Names = &["donor_kind_guess"];
const DISTRIBUTED_ON: Names = &["distributed_on", "发放日期", "时间"];
const RECIPIENT: Names = &["recipient", "接收单位"];
const ITEM: Names = &["item", "品名"];
const SPEC: Names = &["spec", "规格"];
const UNIT: Names = &["unit", "计量单位", "单位"];
const QUANTITY: Names = &["quantity_as_published", "quantity", "数量"];

/// What stands before the day of goods that came on or before it.
const UP_TO: &str = "截至";
/// How such a day is written.
const UP_TO_EXAMPLE: &str = "截至28日";

/// The columns that make the list of goods received.
pub(crate) const COLUMNS_IN: &[Names] = &[RECEIVED_ON, DONOR, ITEM, QUANTITY];
/// The columns that make the list of goods handed out.
pub(crate) const COLUMNS_OUT: &[Names] = &[DISTRIBUTED_ON, RECIPIENT, ITEM, QUANTITY];

/// 〔物资日期〕 When goods moved, as far as the list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoodsDay {
    /// On this day.
    On(Day),
    /// 截至28日: on or before this day of a month that the row does not name.
    UpTo(u8),
}

impl GoodsDay {
    /// The day under which the goods are counted. `near` is a day known otherwise, for
    /// example that of the row before: it lends its year and month to `截至28日`.
    #[must_use]
    pub fn day(&self, near: Day) -> Option<Day> {
        match self {
            GoodsDay::On(day) => Some(*day),
            GoodsDay::UpTo(of_month) => {
                let (year, month, _) = near.ymd();
                Day::from_ymd(year, month, *of_month)
            }
        }
    }
}

/// 〔待登记物资〕 Goods as a list has them, without their giver or taker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// When.
    pub day: GoodsDay,
    /// What, as printed.
    pub item: String,
    /// Its specification, as printed.
    pub spec: String,
    /// How much.
    pub quantity: Quantity,
    /// The quantity exactly as printed, unit column behind it.
    pub as_published: String,
    /// The line in the file.
    pub line: u64,
}

/// 〔收到物资〕 One row of the list of goods received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedGoodsIn {
    /// From whom, as the file has it: it may be a person's name.
    pub donor: String,
    /// What the file guesses about the donor, as its own code.
    pub donor_kind: String,
    /// What.
    pub goods: Goods,
}

/// 〔发放物资〕 One row of the list of goods handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedGoodsOut {
    /// To whom, as printed.
    pub recipient: String,
    /// What.
    pub goods: Goods,
}

/// Reads one row of goods received.
///
/// # Errors
/// `goods.name_only`, `goods.no_item`, those of quantities (`goods.…`) and of cells.
pub fn read_row_in(header: &Header, row: &Row<'_>) -> Result<ProposedGoodsIn, Reject> {
    let donor = needed(&header.cell(row, DONOR), "捐赠人", NAME_CHARS)?;
    let donor_kind = text(&header.cell(row, KIND), "捐赠人类别", NAME_CHARS)?;
    let goods = read_goods(header, row, RECEIVED_ON)?;
    Ok(ProposedGoodsIn {
        donor,
        donor_kind,
        goods,
    })
}

/// Reads one row of goods handed out.
///
/// # Errors
/// As [`read_row_in`].
pub fn read_row_out(header: &Header, row: &Row<'_>) -> Result<ProposedGoodsOut, Reject> {
    let recipient = needed(&header.cell(row, RECIPIENT), "接收单位", NAME_CHARS)?;
    let goods = read_goods(header, row, DISTRIBUTED_ON)?;
    Ok(ProposedGoodsOut { recipient, goods })
}

fn read_goods(header: &Header, row: &Row<'_>, day: Names) -> Result<Goods, Reject> {
    if is_name_only(header, row) {
        return Err(Reject::new(
            "goods.name_only",
            "这一行只有名称没有物资，可能是上一行名称的后半，请对照原表处理。",
        ));
    }
    let item = text(&plain_digits(&header.cell(row, ITEM)), "品名", NOTE_CHARS)?;
    if item.is_empty() {
        return Err(Reject::new(
            "goods.no_item",
            "没有品名，原表可能与上一行合并了单元格，请查明品名后再导入这一行。",
        ));
    }
    let (quantity, unit) = (header.cell(row, QUANTITY), header.cell(row, UNIT));
    Ok(Goods {
        day: goods_day(&header.cell(row, day))?,
        item,
        spec: text(&plain_digits(&header.cell(row, SPEC)), "规格", NOTE_CHARS)?,
        quantity: read_quantity(&quantity, &unit)?,
        as_published: text(format!("{quantity} {unit}").trim(), "数量", NOTE_CHARS)?,
        line: row.line,
    })
}

/// True when a row holds nothing but a day and a name.
fn is_name_only(header: &Header, row: &Row<'_>) -> bool {
    [ITEM, SPEC, UNIT, QUANTITY]
        .iter()
        .all(|names| header.cell(row, names).is_empty())
}

/// `2020-01-28` or `截至28日`.
fn goods_day(text: &str) -> Result<GoodsDay, Reject> {
    if let Ok(day) = Day::parse(text) {
        return Ok(GoodsDay::On(day));
    }
    let of_month = plain_digits(text)
        .strip_prefix(UP_TO)
        .and_then(|rest| rest.trim().strip_suffix('日').map(str::to_owned))
        .and_then(|digits| digits.trim().parse::<u8>().ok());
    match of_month {
        Some(of_month @ 1..=31) => Ok(GoodsDay::UpTo(of_month)),
        _ => {
            let reason = say!(
                "日期“{cell}”读不出来，请改成 2020-01-28 或{up_to}这样的写法。",
                cell = told(text),
                up_to = UP_TO_EXAMPLE.to_string()
            );
            Err(Reject::new("row.day", reason))
        }
    }
}

/// 〔疑似断行〕 Names that a list may have broken over two rows. It is a warning: nothing is
/// joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenName {
    /// The line of the first part.
    pub first_line: u64,
    /// The line of the second part.
    pub second_line: u64,
    /// One sentence for people, with both parts.
    pub sentence: Sentence,
}

/// 〔收货名称〕 What the search for broken names wants to know of each row, in file order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientRow {
    /// The line in the file.
    pub line: u64,
    /// The recipient as printed.
    pub recipient: String,
    /// True when the row names nothing else.
    pub name_only: bool,
}

/// What [`broken_names`] wants to know of a row of goods handed out.
#[must_use]
pub fn recipient_row(header: &Header, row: &Row<'_>) -> RecipientRow {
    RecipientRow {
        line: row.line,
        recipient: header.cell(row, RECIPIENT).into_owned(),
        name_only: is_name_only(header, row),
    }
}

/// Finds neighbours that look like one name: the second row holds nothing but a name, or
/// the first is only a place (武汉市, 江夏区) and the second is not.
#[must_use]
pub fn broken_names(rows: &[RecipientRow]) -> Vec<BrokenName> {
    rows.windows(2)
        .filter_map(|pair| match pair {
            [first, second] if first.recipient != second.recipient => {
                let broken = second.name_only || is_place(&first.recipient);
                broken.then(|| BrokenName {
                    first_line: first.line,
                    second_line: second.line,
                    sentence: say!(
                        "第{first}行“{one}”与第{second}行“{other}”可能是同一个名称分成了两行，系统没有合并，请对照原表确认。",
                        first = number(first.line),
                        one = told(&first.recipient),
                        second = number(second.line),
                        other = told(&second.recipient)
                    ),
                })
            }
            _ => None,
        })
        .collect()
}

fn number(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// A bare place of two to four characters.
fn is_place(name: &str) -> bool {
    name.ends_with(['省', '市', '区', '县']) && (2..=4).contains(&name.chars().count())
}
