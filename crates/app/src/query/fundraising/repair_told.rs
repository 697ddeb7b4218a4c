//! What a second person looks at before confirming a repair: the gift or movement, and what the books would do now.
//!
//! The decision itself is drawn up anew when it is confirmed; here the same rule is told in words.

use super::repair::yuan;
use crate::command::Repair;
use crate::query::words::channel;
use crate::view::RepairTold;
use crate::{App, AppError};
use db::Session;
use domain::funds::{FundKind, place_to_take_from, said_title};
use domain::parties::said_donor;
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::{Fen, Id};
use leaf::ids;
use ledger::{Fate, ForwardTrace};
use std::collections::BTreeMap;
use store::fundraising::DonationRecord;

/// The most runs of a gift that are followed for a look.
const RUNS_MAX: usize = 1_000;

impl App {
    /// What a repair concerns and what it would book now.
    pub(super) async fn repair_told(
        &self,
        session: &mut Session,
        asked: &Repair,
    ) -> Result<RepairTold, AppError> {
        match asked {
            Repair::Refund {
                donation, amount, ..
            } => {
                let amount = Fen::parse(amount.trim()).map_or(0, Fen::get);
                self.told_of_gift(session, donation, Some(amount)).await
            }
            Repair::Correct { donation, .. } => self.told_of_gift(session, donation, None).await,
            Repair::Erase { donation, .. } => {
                let mut told = self.told_of_gift(session, donation, Some(0)).await?;
                told.entries.clear();
                Ok(told)
            }
            Repair::Reassign {
                donation, campaign, ..
            } => self.told_of_held(session, donation, campaign).await,
            Repair::Reverse { movement, .. } => self.told_of_movement(session, movement).await,
            Repair::Reclassify {
                from, to, amount, ..
            }
            | Repair::HandOver {
                from, to, amount, ..
            } => {
                let entry = say!(
                    "{amount}离开“{from}”，写进“{to}”的尾部",
                    amount = yuan(amount),
                    from = self.fund_said(session, from).await?,
                    to = self.fund_said(session, to).await?
                );
                Ok(RepairTold {
                    links: vec![
                        (format!("/funds/{from}"), "打开转出的资金"),
                        (format!("/funds/{to}"), "打开转入的资金"),
                    ],
                    entries: vec![entry],
                    ..RepairTold::default()
                })
            }
            Repair::Withdraw { record, .. } | Repair::WithdrawFile { record, .. } => {
                Ok(RepairTold {
                    links: address_of(record)
                        .map(|address| (address, "打开它现在的页面"))
                        .into_iter()
                        .collect(),
                    ..RepairTold::default()
                })
            }
        }
    }

    /// A gift, and how much of it leaves which fund: so much, or all that is left.
    async fn told_of_gift(
        &self,
        session: &mut Session,
        donation: &str,
        amount: Option<i64>,
    ) -> Result<RepairTold, AppError> {
        let Some(row) = self.repaired_gift(session, donation).await? else {
            return Ok(RepairTold::default());
        };
        let mut told = self.told_gift(session, &row).await?;
        let mut wanted = amount.unwrap_or(i64::MAX);
        let entered = entry_place(session, &row).await?;
        for (fund, left) in resting(session, &row).await? {
            let Some(fund) = store::funds::fund_by_id(session, Id::from_raw(fund)).await? else {
                continue;
            };
            // The same that the books leave out: what lies elsewhere cannot be given back from here.
            if matches!(
                fund.kind,
                FundKind::Advance | FundKind::Goods | FundKind::Fee
            ) {
                continue;
            }
            let take = left.min(wanted);
            wanted = wanted.saturating_sub(take);
            if take > 0 {
                let place = place_of(session, (fund.id, entered), left).await?;
                told.entries.push(say!(
                    "{amount}离开“{fund}”，从“{place}”支出，这笔捐赠在其中还有{left}",
                    amount = Value::Fen(take),
                    fund = said_title(&fund.title),
                    place = place,
                    left = Value::Fen(left)
                ));
            }
        }
        if told.entries.is_empty() {
            told.entries
                .push("这笔捐赠已经没有可以撤出的部分，确认时会被拒绝".into());
        }
        Ok(told)
    }

    /// Held money that goes to a campaign.
    async fn told_of_held(
        &self,
        session: &mut Session,
        donation: &str,
        campaign: &str,
    ) -> Result<RepairTold, AppError> {
        let mut told = self.told_of_gift(session, donation, None).await?;
        let id = self.read_id::<ids::Campaign>(campaign)?;
        let link = self.campaign_link(session, Some(id)).await?;
        told.entries.push(say!(
            "同样的数额写进活动“{campaign}”的项目资金",
            campaign = link.map_or_else(String::new, |link| link.title)
        ));
        told.links
            .push((format!("/campaigns/{campaign}"), "打开转入的活动"));
        Ok(told)
    }

    /// An outflow that comes back.
    async fn told_of_movement(
        &self,
        session: &mut Session,
        movement: &str,
    ) -> Result<RepairTold, AppError> {
        let id = self.read_id::<ids::Movement>(movement)?;
        let Some(row) = store::funds::movement_by_id(session, id).await? else {
            return Ok(RepairTold::default());
        };
        let mut lines = self
            .movement_lines(session, std::slice::from_ref(&row))
            .await?;
        let Some(line) = lines.pop() else {
            return Ok(RepairTold::default());
        };
        let fund = line.from.map_or_else(String::new, |link| link.title);
        let amount = Value::Fen(row.amount);
        let mut facts = vec![
            ("流转", Sentence::known(&line.kind_title)),
            ("金额", say!("{amount}", amount = Value::Fen(row.amount))),
            ("日期", say!("{day}", day = Value::Day(row.day))),
            ("从哪项资金", said_title(&fund)),
        ];
        let made = store::funds::deliveries_by_movements(session, &[id.raw()]).await?;
        if let Some(delivery) = made.first() {
            facts.push(("受益对象", delivery.payee.clone().into()));
        }
        let entry = say!(
            "{amount}回到“{fund}”的尾部，原来那笔流转注明已被撤销",
            amount = amount,
            fund = said_title(&fund)
        );
        Ok(RepairTold {
            facts,
            links: vec![(format!("/movements/{movement}"), "打开这笔流转")],
            entries: vec![entry],
        })
    }

    async fn repaired_gift(
        &self,
        session: &mut Session,
        donation: &str,
    ) -> Result<Option<DonationRecord>, AppError> {
        let id = self.read_id::<ids::Donation>(donation)?;
        Ok(store::fundraising::donation_by_id(session, id).await?)
    }

    /// What is known of a gift; the donor as pages may show.
    async fn told_gift(
        &self,
        session: &mut Session,
        row: &DonationRecord,
    ) -> Result<RepairTold, AppError> {
        let printed = self.print(row.id);
        let slip = self.slip_of(session, row).await?;
        let amount = match row.unit.as_str() {
            "fen" => Value::Fen(row.amount),
            unit => Value::Quantity(row.amount, unit.into()),
        };
        let mut facts = vec![
            ("金额", say!("{amount}", amount)),
            ("捐赠人", said_donor(&row.donor_public)),
            ("日期", say!("{day}", day = Value::Day(row.day))),
            ("方式", Sentence::known(&channel(&row.channel))),
        ];
        if let Some(slip) = slip {
            facts.push(("单号", slip.into()));
        }
        if let Some(link) = self.campaign_link(session, row.campaign).await? {
            facts.push(("活动", link.title.into()));
        }
        Ok(RepairTold {
            facts,
            links: vec![(format!("/donations/{printed}"), "打开这笔捐赠")],
            entries: Vec::new(),
        })
    }

    async fn fund_said(&self, session: &mut Session, fund: &str) -> Result<Sentence, AppError> {
        let id = self.read_id::<ids::Fund>(fund)?;
        let names = store::funds::fund_titles(session, &[id.raw()]).await?;
        Ok(names
            .get(&id.raw())
            .map_or("".into(), |title| said_title(title)))
    }
}

/// The place where the money of a gift came in.
async fn entry_place(
    session: &mut Session,
    row: &DonationRecord,
) -> Result<Option<Id<ids::Place>>, AppError> {
    let (first, count) = (row.movement_first, row.movement_count);
    let movements = store::funds::movements_of_donation(session, first, count).await?;
    Ok(store::funds::came_into(&movements))
}

/// The place that so much of a fund would be taken from now, by name.
async fn place_of(
    session: &mut Session,
    (fund, entered): (Id<ids::Fund>, Option<Id<ids::Place>>),
    wanted: i64,
) -> Result<Sentence, AppError> {
    let places = store::funds::places_of_fund(session, fund).await?;
    let amounts: Vec<_> = places
        .iter()
        .map(|one| (one.place.id, one.amount))
        .collect();
    let taken = place_to_take_from(&amounts, entered, wanted);
    let found = places
        .iter()
        .find(|one| Some(one.place.id) == taken.map(|place| place.0));
    Ok(found.map_or("".into(), |one| said_title(&one.place.title)))
}

/// What a gift still has on each tape.
async fn resting(
    session: &mut Session,
    row: &DonationRecord,
) -> Result<BTreeMap<i64, i64>, AppError> {
    let (first, count) = (row.movement_first, row.movement_count);
    let movements = store::funds::movements_of_donation(session, first, count).await?;
    let mut left: BTreeMap<i64, i64> = BTreeMap::new();
    for side in movements.iter().filter_map(|record| record.movement.into) {
        let mut trace = ForwardTrace::new(side.tape, side.span);
        for segment in store::funds::forward(session, &mut trace, RUNS_MAX).await? {
            if let Fate::Resting(at) = segment.fate {
                let sum = left.entry(at.tape.0).or_default();
                *sum = sum.saturating_add(segment.len);
            }
        }
    }
    Ok(left)
}

/// The public page of a record, where its kind has one.
fn address_of(record: &str) -> Option<String> {
    let wing = match record.split_once('_')?.0 {
        "cam" => "campaigns",
        "fnd" => "funds",
        "mov" => "movements",
        _ => return None,
    };
    Some(format!("/{wing}/{record}"))
}
