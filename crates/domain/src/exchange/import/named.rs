//! Published lists of named gifts, by channel.

use super::gift::{Channel, DonorKind, ProposedGift};
use super::limits::{FILE_CHARS, NAME_CHARS};
use super::reject::Reject;
use super::row::{Header, Names, Row, amount, day, needed, text, told};
use super::when::{GiftTime, read_time};
use crate::say;
use kernel::{Amount, Day};

const CHANNEL: Names = &["channel"];
const PUBLISHED_FOR: Names = &["published_for_day"];
/// The line in the published list; it stays the same however the rows are sorted later.
const LINE: Names = &["line"];
const DONOR: Names = &["donor_masked"];
const KIND: Names = &["donor_kind_guess"];
const HASH: Names = &["donor_hash"];
const AMOUNT: Names = &["amount"];
const CURRENCY: Names = &["currency"];
const PAID_AT: Names = &["paid_at"];
const SOURCE_FILE: Names = &["source_file"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[
    CHANNEL,
    PUBLISHED_FOR,
    LINE,
    DONOR,
    KIND,
    AMOUNT,
    CURRENCY,
    SOURCE_FILE,
];

/// Reads one named gift.
///
/// The external id is channel, published day, published file and line in it, so it does
/// not change when rows are sorted or others are taken out.
///
/// # Errors
/// `named.subtotal` (a total of other channels printed in the list), `named.nameless`,
/// `named.channel`, `named.line`, `named.kind`, `row.currency`, and those of single cells.
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<ProposedGift, Reject> {
    let amount = amount(&header.cell(row, AMOUNT))?;
    read_rest(header, row, amount).map_err(|reject| reject.with(Some(amount)))
}

fn read_rest(header: &Header, row: &Row<'_>, amount: Amount) -> Result<ProposedGift, Reject> {
    let donor = text(&header.cell(row, DONOR), "捐赠人", NAME_CHARS)?;
    let donor_kind = kind(&header.cell(row, KIND), &donor)?;
    currency(&header.cell(row, CURRENCY))?;
    let channel = header.cell(row, CHANNEL);
    let channel = Channel::parse(&channel).ok_or_else(|| {
        let reason = say!(
            "渠道“{cell}”不认识，请改为渠道代码或名称后再导入这一行。",
            cell = told(&channel)
        );
        Reject::new("named.channel", reason)
    })?;
    let published_for = day(&header.cell(row, PUBLISHED_FOR), "公布日期")?;
    let line = header.cell(row, LINE);
    let line: u64 = line.parse().map_err(|_| {
        Reject::new(
            "named.line",
            "名单行号不是整数，请从公布的名单核对后再导入这一行。",
        )
    })?;
    let source_file = needed(&header.cell(row, SOURCE_FILE), "来源文件", FILE_CHARS)?;
    Ok(ProposedGift {
        channel,
        external_id: format!("{}/{published_for}/{source_file}/{line}", channel.code()),
        amount,
        fee: None,
        time: time(&header.cell(row, PAID_AT), published_for)?,
        published_for: Some(published_for),
        donor,
        donor_kind,
        display: None,
        donor_hash: text(&header.cell(row, HASH), "姓名摘要", NAME_CHARS)?,
        note: String::new(),
        source_file,
        source_line: line,
    })
}

/// What the donor is; rows that are no gifts are told apart here.
fn kind(code: &str, donor: &str) -> Result<DonorKind, Reject> {
    if code == "subtotal" {
        return Err(Reject::new(
            "named.subtotal",
            say!(
                "“{cell}”是印在本名单里的其他渠道小计，重复计入会多算，所以不入账，不用处理。",
                cell = told(donor)
            ),
        ));
    }
    if code == "empty" || donor.is_empty() {
        return Err(Reject::new(
            "named.nameless",
            "这一行没有捐赠人，看来是名单里的小计，不能当作一笔捐赠，请查原名单，确是捐赠的补上捐赠人再导入。",
        ));
    }
    DonorKind::parse(code).ok_or_else(|| {
        let reason = say!(
            "捐赠人类别“{cell}”不认识，请核对后再导入这一行。",
            cell = told(code)
        );
        Reject::new("named.kind", reason)
    })
}

/// The time where the list has one, else the end of the day on which it closes.
fn time(paid_at: &str, published_for: Day) -> Result<GiftTime, Reject> {
    if paid_at.is_empty() {
        return Ok(GiftTime::ByEndOf(published_for));
    }
    read_time(paid_at).ok_or_else(|| {
        let reason = say!(
            "到账时间“{cell}”读不出来，请改成 2020-01-28 10:00:00 这样的写法。",
            cell = told(paid_at)
        );
        Reject::new("row.time", reason)
    })
}

/// Only yuan are booked; other money needs a rate that no list has.
pub(crate) fn currency(code: &str) -> Result<(), Reject> {
    if ["", "CNY", "RMB", "人民币"]
        .iter()
        .any(|yuan| yuan.eq_ignore_ascii_case(code))
    {
        return Ok(());
    }
    let reason = say!(
        "币种“{cell}”不是人民币，请先结汇，再按到账的人民币金额登记。",
        cell = told(code)
    );
    Err(Reject::new("row.currency", reason))
}
