//! Lists of payments by QR code and POS machine.

use super::gift::{Channel, DonorKind, ProposedGift};
use super::limits::NOTE_CHARS;
use super::reject::Reject;
use super::row::{Header, Names, Row, amount, day, text};
use super::when::{GiftTime, time_of_digits};
use crate::say;
use kernel::Timestamp;

/// The day for which the organisation published the payment.
const PUBLISHED_FOR: Names = &["published_for_day"];
/// 28 digits: 4 of the channel, 14 of the time, 10 running.
const ORDER_NO: Names = &["order_no"];
const PAID_AT: Names = &["paid_at"];
const CHANNEL_CODE: Names = &["channel_code"];
const AMOUNT: Names = &["amount_cny"];
const MEMO: Names = &["memo_masked"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[PUBLISHED_FOR, ORDER_NO, PAID_AT, CHANNEL_CODE, AMOUNT];

/// Reads one payment. The external id is the order number.
///
/// # Errors
/// `qr.order_no` (not 28 digits, or another channel than the row says), `qr.order_time`
/// (no time in it), `qr.time_differs`, and those of single cells (`row.…`).
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<ProposedGift, Reject> {
    let paid = amount(&header.cell(row, AMOUNT))?;
    read_rest(header, row, paid).map_err(|reject| reject.with(Some(paid)))
}

fn read_rest(
    header: &Header,
    row: &Row<'_>,
    amount: kernel::Amount,
) -> Result<ProposedGift, Reject> {
    let number = header.cell(row, ORDER_NO);
    let moment = checked_time(
        &number,
        &header.cell(row, CHANNEL_CODE),
        &header.cell(row, PAID_AT),
    )?;
    Ok(ProposedGift {
        channel: Channel::QrPos,
        external_id: number.into_owned(),
        amount,
        fee: None,
        time: GiftTime::Known(moment),
        published_for: Some(day(&header.cell(row, PUBLISHED_FOR), "公布日期")?),
        donor: String::new(),
        donor_kind: DonorKind::Anonymous,
        display: None,
        donor_hash: String::new(),
        note: text(&header.cell(row, MEMO), "附言", NOTE_CHARS)?,
        source_file: String::new(),
        source_line: row.line,
    })
}

/// The time of the payment, which must stand in the number and beside it alike.
fn checked_time(number: &str, channel: &str, paid_at: &str) -> Result<Timestamp, Reject> {
    let digits = number.len() == 28 && number.bytes().all(|b| b.is_ascii_digit());
    let parts = number.split_at_checked(4).filter(|_| digits);
    let Some((code, rest)) = parts else {
        return Err(Reject::new(
            "qr.order_no",
            "订单号应为28位数字，请从原始账单核对后再导入这一行。",
        ));
    };
    if code != channel {
        return Err(Reject::new(
            "qr.order_no",
            "订单号前4位与渠道代码不一致，请从原始账单核对后再导入这一行。",
        ));
    }
    let inside = rest.get(..14).and_then(time_of_digits).ok_or_else(|| {
        Reject::new(
            "qr.order_time",
            "订单号里的时间不存在，请从原始账单核对订单号后再导入这一行。",
        )
    })?;
    match Timestamp::parse_rfc3339(paid_at) {
        Ok(moment) if moment == inside => Ok(moment),
        Ok(_) => Err(Reject::new(
            "qr.time_differs",
            "付款时间与订单号里的时间不一致，请从原始账单核对后再导入这一行。",
        )),
        Err(why) => Err(Reject::new(
            "row.time",
            say!("付款时间读不出来：{why}。", why = why.sentence()),
        )),
    }
}
