//! Announced disbursements of cash.

use super::limits::{NAME_CHARS, NOTE_CHARS};
use super::reject::Reject;
use super::row::{Header, Names, Row, amount, day, needed, told};
use crate::say;
use kernel::{Amount, Day};

const DAY: Names = &["day", "拨付日期"];
const RECIPIENT: Names = &["recipient", "接收单位"];
const AMOUNT: Names = &["amount_cny", "拨付金额", "拨付金额(元)"];
const KIND: Names = &["kind", "拨付类别"];
const PURPOSE: Names = &["purpose", "用途"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[DAY, RECIPIENT, AMOUNT, KIND, PURPOSE];

/// A recipient with this word in its name passes money on. The society's notices of 30 and
/// 31 January 2020 name one, 武汉市新型肺炎防控指挥部: its two rows, 104,677,900 and
/// 203,152,400 yuan, make the 307,830,300 yuan that are an advance.
const PASSES_ON: &str = "指挥部";

/// What a list writes for money whose use the organisation chose.
const POOLED: &str = "统筹";
/// What a list writes for money whose use its givers chose.
const DESIGNATED: &str = "定向";

/// 〔统筹或定向〕 Whether the giver or the organisation chose the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisbursedAs {
    /// 统筹: by the organisation.
    Pooled,
    /// 定向: by the givers.
    Designated,
}

/// 〔待登记拨付〕 A disbursement as a notice announced it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedDisbursement {
    /// The day of the notice.
    pub day: Day,
    /// Who got the money, as printed.
    pub recipient: String,
    /// How much.
    pub amount: Amount,
    /// Pooled or designated.
    pub disbursed_as: DisbursedAs,
    /// What for, as printed.
    pub purpose: String,
    /// True when the recipient passes the money on: it is advanced, not used.
    pub advance: bool,
    /// The line in the file.
    pub line: u64,
}

/// Reads one disbursement.
///
/// # Errors
/// `disbursed.kind`, and those of single cells.
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<ProposedDisbursement, Reject> {
    let amount = amount(&header.cell(row, AMOUNT))?;
    read_rest(header, row, amount).map_err(|reject| reject.with(Some(amount)))
}

fn read_rest(
    header: &Header,
    row: &Row<'_>,
    amount: Amount,
) -> Result<ProposedDisbursement, Reject> {
    let kind = header.cell(row, KIND);
    let disbursed_as = match &*kind {
        POOLED => DisbursedAs::Pooled,
        DESIGNATED => DisbursedAs::Designated,
        other => {
            let reason = say!(
                "拨付类别“{cell}”不认识，请填写{pooled}或{designated}。",
                cell = told(other),
                pooled = POOLED.to_string(),
                designated = DESIGNATED.to_string()
            );
            return Err(Reject::new("disbursed.kind", reason));
        }
    };
    let recipient = needed(&header.cell(row, RECIPIENT), "接收单位", NAME_CHARS)?;
    Ok(ProposedDisbursement {
        day: day(&header.cell(row, DAY), "拨付日期")?,
        advance: recipient.contains(PASSES_ON),
        recipient,
        amount,
        disbursed_as,
        purpose: needed(&header.cell(row, PURPOSE), "用途", NOTE_CHARS)?,
        line: row.line,
    })
}
