//! Records that only state something, against everything that their leaves said of them.

use super::recount::Recount;
use super::said::{self, Said};
use super::walk::{PAGE, Walk, unread};
use crate::outcome::Failure;
use leaf::{ids, stream_name};
use store::audit::{self as rows, StatementRow, StatementTable};

impl Walk<'_> {
    /// Every row of every table of statements; what was stated and has no row is named at the end.
    pub(super) async fn records(&mut self, recount: &mut Recount) -> Result<(), Failure> {
        for table in StatementTable::ALL {
            let mut after = i64::MIN;
            loop {
                let page = rows::statement_rows_after(self.session, table, after, PAGE)
                    .await
                    .map_err(|e| unread(&e))?;
                let Some(last) = page.last() else { break };
                after = last.id;
                for row in page {
                    let id = self.printed(table, row.id);
                    let said = recount.said.remove(&id);
                    self.record((table, &id), &row, said);
                }
            }
        }
        for (id, said) in std::mem::take(&mut recount.said) {
            let sentence = format!("陈述登记了 {id}，数据库里没有它的行，行被删除");
            self.found
                .add(Some(said.first), "rows.record_missing", sentence);
        }
        Ok(())
    }

    fn printed(&mut self, table: StatementTable, raw: i64) -> String {
        match table {
            StatementTable::Organisation => self.names.print::<ids::Organisation>(raw),
            StatementTable::Campaign => self.names.print::<ids::Campaign>(raw),
            StatementTable::Fund => self.names.fund(raw).to_owned(),
            StatementTable::Place => self.names.place(raw).to_owned(),
            StatementTable::Announcement => self.names.print::<ids::Announcement>(raw),
            StatementTable::Report => self.names.print::<ids::Report>(raw),
            StatementTable::RegisterEntry => self.names.print::<ids::RegisterEntry>(raw),
            StatementTable::Question => self.names.print::<ids::Question>(raw),
        }
    }

    fn record(&mut self, of: (StatementTable, &str), row: &StatementRow, said: Option<Said>) {
        let (table, id) = of;
        let what = format!("{}行 {id}", chinese(table));
        let said = match (row.leaf_index, said) {
            (None, None) => {
                self.coverage.unstated = self.coverage.unstated.saturating_add(1);
                return;
            }
            (None, Some(said)) => {
                let sentence = format!("{what} 有公开陈述，数据库却没有记下序号");
                return self
                    .found
                    .add(Some(said.last), "rows.record_leaf", sentence);
            }
            (Some(index), None) => {
                let sentence = format!("{what} 没有登记它的陈述，请查明来源");
                let index = u64::try_from(index).ok();
                return self.found.add(index, "rows.record_stray", sentence);
            }
            (Some(index), Some(said)) => {
                let index = u64::try_from(index).unwrap_or(u64::MAX);
                if index != said.first && index != said.last {
                    let sentence = format!(
                        "{what} 的陈述序号是 {index}，应为 {}，请查明是谁改了数据库",
                        said.last
                    );
                    self.found
                        .add(Some(said.last), "rows.record_leaf", sentence);
                }
                said
            }
        };
        self.coverage.closed(&what, &said);
        let organisation = self.names.print::<ids::Organisation>(row.organisation);
        let campaign = self.campaign_name(row.campaign);
        self.word(&what, ("organisation", organisation), &said);
        self.word(&what, ("campaign", campaign), &said);
        for (word, kept) in &row.words {
            self.word(&what, (word, said::spelt(word, kept)), &said);
        }
    }

    /// The stream of a campaign by its key; empty for none.
    pub(super) fn campaign_name(&self, campaign: Option<i64>) -> String {
        campaign
            .and_then(|raw| stream_name(&self.names.print::<ids::Campaign>(raw)))
            .unwrap_or_default()
    }

    /// One column of a row against what its leaves said.
    pub(super) fn word(&mut self, what: &str, column: (&str, String), said: &Said) {
        let (word, kept) = column;
        let Some((kept, stated)) = said.difference(word, &kept) else {
            return;
        };
        let sentence = format!(
            "{what} 的{}（{word}）：数据库是{kept}，公开陈述是{stated}，请查明是谁改了数据库",
            said::title(word)
        );
        self.found
            .add(Some(said.last), "rows.record_word", sentence);
    }
}

const fn chinese(table: StatementTable) -> &'static str {
    match table {
        StatementTable::Organisation => "组织",
        StatementTable::Campaign => "募捐活动",
        StatementTable::Fund => "资金",
        StatementTable::Place => "存放处",
        StatementTable::Announcement => "公告",
        StatementTable::Report => "活动报告",
        StatementTable::RegisterEntry => "登记记载",
        StatementTable::Question => "提问",
    }
}
