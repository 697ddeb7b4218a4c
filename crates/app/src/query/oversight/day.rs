//! One day of an organisation: sums by channel, announced totals beside them, the gifts in their order.

use crate::answer::Answer;
use crate::query::limits::LIST_ROWS;
use crate::query::parties::day_text;
use crate::query::words::{channel, measure};
use crate::query::{cursor, page_of};
use crate::view::{Announced, ChannelTotal, DayPage, GiftLine, Page};
use crate::{App, AppError};
use db::Session;
use domain::oversight::Announcement;
use domain::{Sentence, say};
use kernel::{Day, Id};
use leaf::ids;
use std::collections::BTreeMap;
use store::fundraising::ChannelDay;

/// Name of the cursors' list.
const GIFTS: &str = "day-gifts";

/// Our side of the comparison, in gifts and fen.
#[derive(Debug, Default)]
struct Ours {
    channels: BTreeMap<String, (i64, i64)>,
    before: BTreeMap<String, (i64, i64)>,
    cumulative: (i64, i64),
    paid: i64,
    paid_cumulative: i64,
    rejected: BTreeMap<String, i64>,
}

impl App {
    /// One day of an organisation.
    ///
    /// # Errors
    /// `NotFound` for an unknown organisation or cursor.
    pub fn day_page<'a>(
        &'a self,
        organisation: &'a str,
        day: Day,
        cursor: Option<&'a str>,
    ) -> Answer<'a, DayPage> {
        Box::pin(async move {
            let id: Id<ids::Organisation> = self.read_id(organisation)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            if store::parties::organisation_by_id(read, id)
                .await?
                .is_none()
            {
                return Err(AppError::NotFound("这个组织"));
            }
            let channels = store::fundraising::channels_of_day(read, id, day).await?;
            let said = store::oversight::announcements_of_day(read, id, day).await?;
            let ours = ours(read, (id, day), &channels, &said).await?;
            let list = self.day_gifts(read, (id, day), cursor).await?;
            let dated = store::fundraising::last_of_day(read, id, day).await?;
            Ok(DayPage {
                organisation: self.organisation_link(read, id).await?,
                day: day.to_string(),
                previous: store::fundraising::day_before(read, id, day)
                    .await?
                    .and_then(day_text),
                following: store::fundraising::day_after(read, id, day)
                    .await?
                    .and_then(day_text),
                amount: channels.iter().map(|row| row.amount).sum(),
                gifts: channels.iter().map(|row| row.gifts).sum(),
                channels: channel_totals(&ours),
                announced: said.iter().flat_map(|said| compare(said, &ours)).collect(),
                order_note: order_note(dated).into(),
                list,
            })
        })
    }

    async fn day_gifts(
        &self,
        session: &mut Session,
        of: (Id<ids::Organisation>, Day),
        cursor: Option<&str>,
    ) -> Result<Page<GiftLine>, AppError> {
        let seal = self.cursors(GIFTS);
        let after = match cursor {
            None => 0,
            Some(text) => {
                let [after] = cursor::numbers(&seal.open(text)?)?;
                after
            }
        };
        let rows = store::fundraising::donations_of_day(session, of, after, LIST_ROWS + 1).await?;
        let (rows, more) = page_of(rows, LIST_ROWS);
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| seal.close(&row.id.raw().to_string()));
        Ok(Page {
            rows: self.gift_lines(session, &rows).await?,
            next,
        })
    }
}

async fn ours(
    session: &mut Session,
    of: (Id<ids::Organisation>, Day),
    channels: &[ChannelDay],
    said: &[Announcement],
) -> Result<Ours, AppError> {
    let by_channel = |rows: &[ChannelDay]| -> BTreeMap<String, (i64, i64)> {
        rows.iter()
            .map(|row| (row.channel.clone(), (row.gifts, row.amount)))
            .collect()
    };
    let rejected = store::exchange::rejects_of_day(session, of.0, of.1).await?;
    let mut ours = Ours {
        channels: by_channel(channels),
        rejected: rejected.into_iter().collect(),
        ..Ours::default()
    };
    if said.is_empty() {
        return Ok(ours);
    }
    let day = i64::from(of.1.number());
    let before = store::fundraising::channels_of_day(session, of.0, of.1.plus_days(-1)).await?;
    ours.before = by_channel(&before);
    ours.cumulative = store::fundraising::received_until(session, of.0, of.1).await?;
    ours.paid = store::funds::paid_out(session, of.0, day, day).await?;
    ours.paid_cumulative = store::funds::paid_out(session, of.0, 0, day).await?;
    Ok(ours)
}

fn channel_totals(ours: &Ours) -> Vec<ChannelTotal> {
    let mut codes: Vec<&String> = ours.channels.keys().chain(ours.rejected.keys()).collect();
    codes.sort_unstable();
    codes.dedup();
    let total = |code: &String| {
        let (gifts, amount) = ours.channels.get(code).copied().unwrap_or_default();
        let rejected = ours.rejected.get(code).copied().unwrap_or_default();
        ChannelTotal {
            channel: channel(code),
            gifts,
            amount,
            rejected,
        }
    };
    codes.into_iter().map(total).collect()
}

/// An announced total beside ours: one line for its sum, one for its number.
fn compare(said: &Announcement, ours: &Ours) -> Vec<Announced> {
    let of = |(gifts, amount): (i64, i64), money: bool| if money { amount } else { gifts };
    let day = ours
        .channels
        .values()
        .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let code = match said.measure.as_str() {
        "unionpay" => "unionpay_app",
        other => other,
    };
    let mine = |money: bool| match said.measure.as_str() {
        "items" | "day" => Some(of(day, money)),
        "items_cumulative" | "cumulative" => Some(of(ours.cumulative, money)),
        "disbursed" if money => Some(ours.paid),
        "disbursed_cumulative" if money => Some(ours.paid_cumulative),
        "expected_remaining" | "cumulative_usd" | "disbursed" | "disbursed_cumulative" => None,
        _ => Some(of(
            ours.channels.get(code).copied().unwrap_or_default(),
            money,
        )),
    };
    let line = |value: i64, money: bool| {
        let own = mine(money);
        let difference = own.map(|own| value.saturating_sub(own));
        let before = ours.before.get(code).map(|row| of(*row, money));
        Announced {
            by: said.by.title().into(),
            measure: measure(&said.measure),
            said: value,
            ours: own,
            difference,
            money,
            note: note(value, difference, before, ours.rejected.get(code).copied()),
        }
    };
    let money = said.amount.map(|value| line(value, true));
    money
        .into_iter()
        .chain(said.number.map(|value| line(value, false)))
        .collect()
}

/// Why the two differ, where the data says it.
fn note(
    said: i64,
    difference: Option<i64>,
    before: Option<i64>,
    rejected: Option<i64>,
) -> Sentence {
    match difference {
        None => "本平台没有同口径的数，不作比较。".into(),
        Some(0) => "".into(),
        Some(_) if before == Some(said) => "与前一天的收款一致，公布时记在了次日。".into(),
        Some(_) => match rejected {
            Some(rows) if rows > 0 => {
                say!(
                    "公布的名单里有{rows}行没有采用（小计或无姓名），见导入的退回文件。",
                    rows
                )
            }
            _ => "".into(),
        },
    }
}

fn order_note(last_time_known: Option<bool>) -> &'static str {
    match last_time_known {
        Some(false) => {
            "知道到账时刻的按时刻排列；只公布了日期的排在当日最后，按文件和行号排列，不代表到账先后。"
        }
        _ => "按到账时刻排列。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oversight::AnnouncedBy;

    fn said(measure: &str, amount: Option<i64>, number: Option<i64>) -> Announcement {
        Announcement {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            by: AnnouncedBy::Volunteers,
            day: Day::from_number(18_290),
            measure: measure.into(),
            amount,
            number,
        }
    }

    fn known() -> Ours {
        Ours {
            channels: BTreeMap::from([("cash".into(), (2, 500)), ("unionpay_app".into(), (1, 70))]),
            before: BTreeMap::from([("qr_pos".into(), (9, 900))]),
            cumulative: (30, 9_000),
            paid: 40,
            paid_cumulative: 400,
            rejected: BTreeMap::from([("cash".into(), 2)]),
        }
    }

    #[track_caller]
    fn check(said: &Announcement, want: &[(Option<i64>, Option<i64>)]) {
        let lines = compare(said, &known());
        let got: Vec<_> = lines
            .iter()
            .map(|line| (line.ours, line.difference))
            .collect();
        assert_eq!(got, want, "{}", said.measure);
    }

    #[test]
    fn announced_totals_stand_beside_ours_and_change_nothing() {
        check(
            &said("cash", Some(600), Some(2)),
            &[(Some(500), Some(100)), (Some(2), Some(0))],
        );
        check(&said("unionpay", Some(70), None), &[(Some(70), Some(0))]);
        check(
            &said("items", Some(570), Some(4)),
            &[(Some(570), Some(0)), (Some(3), Some(1))],
        );
        check(
            &said("cumulative", Some(9_500), None),
            &[(Some(9_000), Some(500))],
        );
        check(&said("disbursed", Some(40), None), &[(Some(40), Some(0))]);
        check(
            &said("disbursed_cumulative", Some(300), None),
            &[(Some(400), Some(-100))],
        );
        check(&said("expected_remaining", Some(1), None), &[(None, None)]);
    }

    #[test]
    fn known_reasons_are_named() {
        let note = |said: Announcement| compare(&said, &known()).remove(0).note;
        assert!(note(said("qr_pos", Some(900), None)).contains("次日"));
        assert!(note(said("cash", Some(1), None)).contains("2行"));
        assert!(note(said("expected_remaining", Some(1), None)).contains("不作比较"));
        assert!(note(said("unionpay", Some(70), None)).is_empty());
    }

    #[test]
    fn channels_with_nothing_but_rejects_are_shown() {
        let mut ours = known();
        ours.rejected.insert("bank_comm".into(), 3);
        let totals = channel_totals(&ours);
        let rows: Vec<_> = totals
            .iter()
            .map(|t| (t.channel.as_str(), t.gifts, t.rejected))
            .collect();
        assert_eq!(
            rows,
            [("交通银行", 0, 3), ("现金", 2, 2), ("银联手机应用", 1, 0)]
        );
    }
}
