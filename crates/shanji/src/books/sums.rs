//! What the house keeps as a sum, against what was counted again; and records against their statements.

use super::recount::Recount;
use super::walk::{PAGE, Walk, unread};
use crate::outcome::Failure;
use leaf::ids;
use std::collections::BTreeMap;
use store::audit as rows;

impl Walk<'_> {
    /// Every counter, roll-up and record that is left after the leaves.
    pub(super) async fn sums(&mut self) -> Result<(), Failure> {
        let mut recount = std::mem::take(&mut self.recount);
        self.funds(&mut recount).await?;
        self.records(&mut recount).await?;
        self.balances(&mut recount).await?;
        self.fund_days(&mut recount).await?;
        self.channel_days(&mut recount).await?;
        self.streams(&mut recount).await?;
        self.donation_count(&recount).await?;
        self.matters_left().await?;
        self.fates().await?;
        self.withdrawals();
        self.payments(recount.gifts).await?;
        self.trail().await?;
        self.recount = recount;
        Ok(())
    }

    pub(super) fn differs(
        &mut self,
        code: &'static str,
        what: &str,
        kept: impl ToString,
        counted: impl ToString,
    ) {
        let (kept, counted) = (kept.to_string(), counted.to_string());
        if kept != counted {
            let sentence =
                format!("{what}：数据库是 {kept}，按公开陈述应为 {counted}，请查明是谁改了数据库");
            self.found.add(None, code, sentence);
        }
    }

    async fn funds(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        let reserved: BTreeMap<i64, i64> = rows::reserved_of_funds(self.session)
            .await
            .map_err(|e| unread(&e))?
            .into_iter()
            .collect();
        let mut after = i64::MIN;
        loop {
            let page = rows::fund_rows_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for row in page {
                let id = self.names.fund(row.id).to_owned();
                let (inflow, outflow) = recount.tapes.remove(&id).unwrap_or_default();
                self.differs(
                    "sums.fund_inflow",
                    &format!("资金行 {id} 的转入合计"),
                    row.inflow,
                    inflow,
                );
                self.differs(
                    "sums.fund_outflow",
                    &format!("资金行 {id} 的转出合计"),
                    row.outflow,
                    outflow,
                );
                let held = reserved.get(&row.id).copied().unwrap_or(0);
                self.differs(
                    "sums.fund_reserved",
                    &format!("资金行 {id} 的已批未付"),
                    row.reserved,
                    held,
                );
            }
        }
        for (id, _) in std::mem::take(&mut recount.tapes) {
            self.found.add(
                None,
                "rows.fund_missing",
                format!("陈述里有资金 {id} 的流转，数据库里没有它的行"),
            );
        }
        Ok(())
    }

    async fn balances(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = rows::balances_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = (last.fund, last.place);
            for row in page {
                let key = (
                    self.names.fund(row.fund).to_owned(),
                    self.names.place(row.place).to_owned(),
                );
                let what = format!("余额行 {} 在 {}", key.0, key.1);
                let counted = recount.balances.remove(&key).unwrap_or(0);
                self.differs("sums.balance", &what, row.amount, counted);
            }
        }
        for ((fund, place), counted) in std::mem::take(&mut recount.balances) {
            self.differs(
                "sums.balance",
                &format!("余额行 {fund} 在 {place}"),
                0,
                counted,
            );
        }
        Ok(())
    }

    async fn fund_days(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        let mut after = (i64::MIN, i64::MIN, String::new(), String::new());
        loop {
            let page = rows::fund_days_after(self.session, &after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.key.clone();
            for row in page {
                let (amount, movements) = recount.fund_days.remove(&row.key).unwrap_or_default();
                let what = self.fund_day_name(&row.key);
                let (kept, counted) = ((row.amount, row.movements), (amount, movements));
                self.differs(
                    "sums.fund_day",
                    &what,
                    format!("{kept:?}"),
                    format!("{counted:?}"),
                );
            }
        }
        for (key, counted) in std::mem::take(&mut recount.fund_days) {
            let what = self.fund_day_name(&key);
            self.differs("sums.fund_day", &what, "(0, 0)", format!("{counted:?}"));
        }
        Ok(())
    }

    fn fund_day_name(&mut self, key: &(i64, i64, String, String)) -> String {
        let day = i32::try_from(key.1).map(kernel::Day::from_number);
        let day = day.map_or_else(|_| key.1.to_string(), |day| day.to_string());
        format!(
            "日合计行 {} {day} {} {}（金额、笔数）",
            self.names.fund(key.0),
            key.2,
            key.3
        )
    }

    async fn channel_days(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        let mut after = (i64::MIN, i64::MIN, String::new());
        loop {
            let page = rows::channel_days_after(self.session, &after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.key.clone();
            for row in page {
                let counted = recount.channel_days.remove(&row.key).unwrap_or_default();
                let what = format!("渠道日合计行 {:?}（笔数、金额）", row.key);
                self.differs(
                    "sums.channel_day",
                    &what,
                    format!("{:?}", (row.gifts, row.amount)),
                    format!("{counted:?}"),
                );
            }
        }
        for (key, counted) in std::mem::take(&mut recount.channel_days) {
            let what = format!("渠道日合计行 {key:?}（笔数、金额）");
            self.differs("sums.channel_day", &what, "(0, 0)", format!("{counted:?}"));
        }
        Ok(())
    }

    async fn streams(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        let mut after = String::new();
        loop {
            let page = rows::stream_rows_after(self.session, &after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.0);
            for (name, kept) in page {
                let counted = recount.streams.remove(&name).unwrap_or(0);
                self.differs(
                    "sums.stream",
                    &format!("序列行 {name} 的条数"),
                    kept,
                    counted,
                );
            }
        }
        for (name, counted) in std::mem::take(&mut recount.streams) {
            self.differs("sums.stream", &format!("序列行 {name} 的条数"), 0, counted);
        }
        Ok(())
    }

    /// Every leaf of a gift has met its row; are there rows that no leaf has met?
    async fn donation_count(&mut self, recount: &Recount) -> Result<(), Failure> {
        let kept = self.donation_pages(false).await?;
        if kept != recount.donations {
            self.differs("rows.donation_count", "捐赠行数", kept, recount.donations);
            self.donation_pages(true).await?;
        }
        Ok(())
    }

    /// How many donation rows there are; `names` also looks for each one's leaf.
    async fn donation_pages(&mut self, names: bool) -> Result<u64, Failure> {
        let (mut after, mut kept) = (i64::MIN, 0_u64);
        loop {
            let page = rows::donation_rows_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else {
                return Ok(kept);
            };
            after = last.id;
            kept = kept.saturating_add(page.len() as u64);
            if names {
                self.stray_donations(&page).await?;
            }
        }
    }

    async fn stray_donations(&mut self, page: &[rows::DonationAuditRow]) -> Result<(), Failure> {
        let indexes: Vec<i64> = page.iter().map(|row| row.leaf_index).collect();
        let leaves = store::transparency::leaves_at(self.session, &indexes)
            .await
            .map_err(|e| unread(&e))?;
        let ids: BTreeMap<i64, String> = leaves
            .into_iter()
            .filter_map(|row| Some((row.index, leaf::Leaf::parse(&row.bytes).ok()?.id)))
            .collect();
        for row in page {
            let id = self.names.print::<ids::Donation>(row.id);
            if ids.get(&row.leaf_index) != Some(&id) {
                let sentence = format!(
                    "捐赠行 {id} 说自己出自第{}条陈述，那里不是它，请查明来源",
                    row.leaf_index
                );
                self.found.add(
                    u64::try_from(row.leaf_index).ok(),
                    "rows.donation_stray",
                    sentence,
                );
            }
        }
        Ok(())
    }
}
