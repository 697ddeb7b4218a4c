//! Gifts in an organisation's own list, or in a bill of WeChat Pay or Alipay.
//!
//! Columns are found by their names, extra and missing ones are no harm, and a clerk may
//! move each of them before the rows are read.

use super::bills::PATTERNS;
pub use super::bills::{Bill, Field};
use super::gift::{Channel, DonorKind, ProposedGift};
use super::limits::{NAME_CHARS, NOTE_CHARS, NUMBER_CHARS};
use super::named::currency;
use super::reject::Reject;
use super::row::{Header, Row, amount, cell_at, optional_fen, text, told};
use super::when::read_time;
use crate::parties::Display;
use crate::say;
use kernel::{Amount, Fen};

/// The template's headings, as we offer them for download.
pub const TEMPLATE_HEADINGS: [&str; 8] = [
    "渠道单号",
    "金额",
    "时间",
    "姓名",
    "备注",
    "公开方式",
    "渠道",
    "手续费",
];

/// Names of channels as a clerk may write them.
const CHANNEL_NAMES: &str = "微信、支付宝、银行、现金";

/// Ways to be named as a clerk may write them.
const DISPLAY_NAMES: &str = "公开姓名、只公开姓氏、匿名";
/// The words for them that lists use.
const DISPLAYS: [(Display, &[&str]); 3] = [
    (
        Display::Named,
        &[
            "named",
            "公开姓名",
            "实名",
            "公开",
            "全名",
            "公开全名",
            "署名",
        ],
    ),
    (
        Display::Masked,
        &[
            "masked",
            "只公开姓氏",
            "只公开姓氏（单位公开全称）",
            "公开姓氏",
            "隐名",
            "姓氏",
        ],
    ),
    (
        Display::Anonymous,
        &["anonymous", "匿名", "不公开", "不署名", "不公开姓名"],
    ),
];

/// 〔栏目对应〕 Where the fields of a gift stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftColumns {
    bill: Bill,
    channel: Channel,
    places: [Option<usize>; Field::ALL.len()],
    width: usize,
}

impl GiftColumns {
    /// Finds the bill and its columns by the heading.
    ///
    /// # Errors
    /// The columns that are missing, in our words, when the heading has not even number,
    /// amount and time.
    pub fn guess(header: &Header) -> Result<GiftColumns, Vec<&'static str>> {
        let known = PATTERNS
            .iter()
            .find(|p| p.signs.iter().all(|s| header.place(&[s]).is_some()));
        // The template has no signs, so some pattern always fits.
        let Some(pattern) = known else {
            return Err(missing(|_| false));
        };
        let mut places = [None; Field::ALL.len()];
        for (place, field) in places.iter_mut().zip(Field::ALL) {
            let names = pattern.fields.iter().find(|(of, _)| *of == field);
            *place = names.and_then(|(_, names)| header.place(names));
        }
        let columns = GiftColumns {
            bill: pattern.bill,
            channel: pattern.channel,
            places,
            width: header.width(),
        };
        let absent = missing(|field| columns.place(field).is_some());
        if absent.is_empty() {
            Ok(columns)
        } else {
            Err(absent)
        }
    }

    /// No columns yet: a clerk says where they stand.
    pub(super) fn none((bill, channel): (Bill, Channel), width: usize) -> GiftColumns {
        GiftColumns {
            bill,
            channel,
            places: [None; Field::ALL.len()],
            width,
        }
    }

    /// Which bill it is.
    #[must_use]
    pub fn bill(&self) -> Bill {
        self.bill
    }

    /// Where a field stands, counted from 0.
    #[must_use]
    pub fn place(&self, field: Field) -> Option<usize> {
        Field::ALL
            .iter()
            .position(|f| *f == field)
            .and_then(|at| self.places.get(at).copied().flatten())
    }

    /// Moves a field to another column, or takes it away: what the clerk's choice says.
    /// Number, amount and time cannot be taken away.
    #[must_use]
    pub fn with(mut self, field: Field, place: Option<usize>) -> GiftColumns {
        let needed = Field::NEEDED.iter().any(|(f, _)| *f == field);
        let at = Field::ALL.iter().position(|f| *f == field);
        if let Some(slot) = at
            .and_then(|at| self.places.get_mut(at))
            .filter(|_| place.is_some() || !needed)
        {
            *slot = place;
        }
        self
    }

    fn cell<'a>(&self, row: &Row<'a>, field: Field) -> std::borrow::Cow<'a, str> {
        self.place(field)
            .map_or("".into(), |place| cell_at(row, place))
    }
}

/// True for a row that is a remark or a total rather than a payment. Bills of channels
/// close with a heading and a row of totals that are much narrower than the payments.
fn is_remark(columns: &GiftColumns, row: &Row<'_>) -> bool {
    const STARTS: [&str; 7] = [
        "#",
        "--",
        "总交易单数",
        "资金流水总笔数",
        "合计",
        "总计",
        "小计",
    ];
    let first = cell_at(row, 0);
    let filled = row
        .cells
        .iter()
        .filter(|cell| !cell.trim().is_empty())
        .count();
    let narrow = columns.bill != Bill::Template && row.cells.len() * 2 < columns.width;
    STARTS.iter().any(|start| first.starts_with(start)) || filled < 2 || narrow
}

/// The needed fields that are not there, in our words.
fn missing(there: impl Fn(Field) -> bool) -> Vec<&'static str> {
    Field::NEEDED
        .iter()
        .filter(|(field, _)| !there(*field))
        .map(|(_, name)| *name)
        .collect()
}

/// Reads one gift.
///
/// # Errors
/// `bill.remark` (a total or remark), `bill.not_income`, `bill.state` (refunded, closed),
/// `bill.paid_back`, `gift.number`, `gift.channel`, `row.time`, `row.currency`, and those of
/// single cells.
pub fn read_row(columns: &GiftColumns, row: &Row<'_>) -> Result<ProposedGift, Reject> {
    if is_remark(columns, row) {
        return Err(Reject::new(
            "bill.remark",
            "这一行是账单的说明或合计，不是一笔捐赠，不用处理。",
        ));
    }
    let cell = columns.cell(row, Field::Amount);
    let paid = Amount::parse(&cell).ok();
    came_in(columns, row).map_err(|reject| reject.with(paid))?;
    let amount = amount(&cell)?;
    read_rest(columns, row, amount).map_err(|reject| reject.with(Some(amount)))
}

fn read_rest(columns: &GiftColumns, row: &Row<'_>, amount: Amount) -> Result<ProposedGift, Reject> {
    let number = columns.cell(row, Field::Number);
    if number.is_empty() {
        return Err(Reject::new(
            "gift.number",
            "没有渠道单号，重复导入时认不出同一笔捐赠，请填写银行流水号、订单号或收据号。",
        ));
    }
    currency(&columns.cell(row, Field::Currency))?;
    let time = columns.cell(row, Field::Time);
    let time = read_time(&time).ok_or_else(|| {
        let reason = say!(
            "时间“{cell}”读不出来，请改成 2020-01-28 10:00:00 这样的写法。",
            cell = told(&time)
        );
        Reject::new("row.time", reason)
    })?;
    let donor = text(&columns.cell(row, Field::Name), "姓名", NAME_CHARS)?;
    let donor_kind = if donor.is_empty() {
        DonorKind::Anonymous
    } else {
        DonorKind::Other
    };
    Ok(ProposedGift {
        channel: channel(&columns.cell(row, Field::Channel), columns.channel)?,
        external_id: text(&number, "渠道单号", NUMBER_CHARS)?,
        amount,
        fee: fee(&columns.cell(row, Field::Fee))?,
        time,
        published_for: None,
        donor,
        donor_kind,
        display: display(&columns.cell(row, Field::Display))?,
        donor_hash: String::new(),
        note: text(&columns.cell(row, Field::Note), "备注", NOTE_CHARS)?,
        source_file: String::new(),
        source_line: row.line,
    })
}

/// Only money that came in and stayed is a gift.
fn came_in(columns: &GiftColumns, row: &Row<'_>) -> Result<(), Reject> {
    let direction = columns.cell(row, Field::Direction);
    let no_income = columns.bill == Bill::AlipayMerchant
        && Fen::parse(&columns.cell(row, Field::Amount)).unwrap_or(Fen::ZERO) == Fen::ZERO;
    if no_income || (columns.place(Field::Direction).is_some() && direction != "收入") {
        return Err(Reject::new(
            "bill.not_income",
            "这一行不是收入，不是一笔捐赠，不用处理。",
        ));
    }
    let state = columns.cell(row, Field::State);
    let good: &[&str] = match columns.bill {
        Bill::WechatTrade => &["SUCCESS"],
        Bill::WechatFund => &["交易"],
        Bill::WechatPersonal => &["已收钱", "已存入零钱", "支付成功", "已到账"],
        Bill::AlipayWeb | Bill::AlipayApp => &["交易成功"],
        Bill::Template | Bill::AlipayMerchant => &[],
    };
    if !good.is_empty() && !good.contains(&&*state) {
        let reason = say!(
            "交易状态是“{cell}”，不是到账的捐赠；如有退款，请在退款办理中登记。",
            cell = told(&state)
        );
        return Err(Reject::new("bill.state", reason));
    }
    let paid_back = optional_fen(&columns.cell(row, Field::PaidBack), "成功退款")?;
    if paid_back.is_some_and(|fen| fen > Fen::ZERO) {
        let reason = "这笔钱已退回一部分或全部，请单独登记捐赠，再在退款办理中登记退款。";
        return Err(Reject::new("bill.paid_back", reason));
    }
    Ok(())
}

fn channel(cell: &str, otherwise: Channel) -> Result<Channel, Reject> {
    if cell.is_empty() {
        return Ok(otherwise);
    }
    Channel::parse(cell).ok_or_else(|| {
        let reason = say!(
            "渠道“{cell}”不认识，请改为{names}等名称。",
            cell = told(cell),
            names = CHANNEL_NAMES.to_string()
        );
        Reject::new("gift.channel", reason)
    })
}

/// How the donor wishes to be named, in the words of our forms or those that lists use; nothing where the list is
/// silent. A word that is not understood is no reason to publish a name.
fn display(cell: &str) -> Result<Option<Display>, Reject> {
    if cell.is_empty() {
        return Ok(None);
    }
    let known = DISPLAYS.iter().find(|(_, words)| words.contains(&cell));
    match known {
        Some((display, _)) => Ok(Some(*display)),
        None => {
            let reason = say!(
                "公开方式“{cell}”不认识，请改为{names}之一。",
                cell = told(cell),
                names = DISPLAY_NAMES.to_string()
            );
            Err(Reject::new("gift.display", reason))
        }
    }
}

/// WeChat writes fees with five decimals; those behind the fen are zeros.
fn fee(cell: &str) -> Result<Option<Fen>, Reject> {
    let plain = match cell.split_once('.') {
        Some((whole, decimals)) if decimals.len() > 2 => {
            let (cents, behind) = decimals.split_at_checked(2).unwrap_or((decimals, ""));
            let zeros = behind.bytes().all(|b| b == b'0');
            if zeros {
                format!("{whole}.{cents}")
            } else {
                cell.to_owned()
            }
        }
        _ => cell.to_owned(),
    };
    optional_fen(&plain, "手续费")
}
