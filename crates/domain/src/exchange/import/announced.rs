//! Totals that were announced: the organisation's own, and what volunteers added up.

use super::reject::Reject;
use super::row::{Header, Names, Row, day, optional_fen, told};
use crate::oversight::AnnouncedBy;
use crate::say;
use kernel::{Day, Fen};

/// 〔待登记公布数〕 One announced total. It is kept as said and never adjusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedAnnouncement {
    /// Who said it.
    pub by: AnnouncedBy,
    /// The day under which it was said.
    pub day: Day,
    /// The day whose gifts it counts, where that is known from the lists: the table shows
    /// the QR and POS payments of a day, by time of payment, under the day after.
    pub covers: Option<Day>,
    /// What was counted: a channel's code, `items`, `items_cumulative`, `day`, …
    pub measure: &'static str,
    /// The sum, where one was given.
    pub amount: Option<Fen>,
    /// The number, where one was given.
    pub number: Option<i64>,
}

const DAY: Names = &["day"];
const ITEMS: Names = &["items_total_cny"];
const PUBLISHED_DAY: Names = &["published_day_cny"];
const PUBLISHED_CUMULATIVE: Names = &["published_cumulative_cny"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[DAY, ITEMS, PUBLISHED_DAY, PUBLISHED_CUMULATIVE];

/// How the day of a table row and the day of the counted gifts lie to each other.
#[derive(Clone, Copy)]
enum Covers {
    Same,
    DayBefore,
    Unsaid,
}

/// Measure, who, column of the sum, column of the number, days.
type Measure = (
    &'static str,
    AnnouncedBy,
    &'static str,
    &'static str,
    Covers,
);

const MEASURES: [Measure; 14] = {
    use AnnouncedBy::{Organisation as O, Volunteers as V};
    use Covers::{DayBefore, Same, Unsaid};
    [
        ("qr_pos", V, "qr_pos_cny", "qr_pos_count", DayBefore),
        ("cash", V, "cash_cny", "cash_count", Unsaid),
        ("unionpay", V, "unionpay_cny", "", Unsaid),
        ("bank_comm", V, "bank_comm_cny", "bank_comm_count", Same),
        ("bank_abc", V, "bank_abc_cny", "bank_abc_count", Same),
        ("alipay", V, "alipay_cny", "alipay_count", Same),
        ("items", V, "items_total_cny", "items_count", Unsaid),
        ("items_cumulative", V, "items_cumulative_cny", "", Unsaid),
        (
            "expected_remaining",
            V,
            "expected_remaining_cny",
            "",
            Unsaid,
        ),
        ("day", O, "published_day_cny", "published_count", Unsaid),
        ("cumulative", O, "published_cumulative_cny", "", Unsaid),
        (
            "cumulative_usd",
            O,
            "published_cumulative_usd_in_cny",
            "",
            Unsaid,
        ),
        ("disbursed", O, "published_day_disbursed_cny", "", Unsaid),
        (
            "disbursed_cumulative",
            O,
            "published_cumulative_disbursed_cny",
            "",
            Unsaid,
        ),
    ]
};

/// Reads all totals of one day. Empty cells announce nothing and give no entry.
///
/// # Errors
/// `announced.number`, and those of single cells; one wrong cell refuses the whole row, so
/// that no day is taken over in part.
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<Vec<ProposedAnnouncement>, Reject> {
    let day = day(&header.cell(row, DAY), "日期")?;
    let mut all = Vec::new();
    for (measure, by, sum, number, covers) in MEASURES {
        let amount = optional_fen(&header.cell(row, &[sum]), sum)?;
        let number = count(&header.cell(row, &[number]), number)?;
        if amount.is_some() || number.is_some() {
            let covers = match covers {
                Covers::Same => Some(day),
                Covers::DayBefore => Some(day.plus_days(-1)),
                Covers::Unsaid => None,
            };
            all.push(ProposedAnnouncement {
                by,
                day,
                covers,
                measure,
                amount,
                number,
            });
        }
    }
    Ok(all)
}

fn count(cell: &str, name: &'static str) -> Result<Option<i64>, Reject> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse::<i64>() {
        Ok(number) if number >= 0 => Ok(Some(number)),
        _ => {
            let reason = say!(
                "{name}“{cell}”不是笔数，请填写整数。",
                name,
                cell = told(cell)
            );
            Err(Reject::new("announced.number", reason))
        }
    }
}
