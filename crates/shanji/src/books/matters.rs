//! Orders to pay and deliveries against the leaves that paid them, and against the steps that led there.

use super::said::{self, Said};
use super::walk::{PAGE, Walk, unread};
use crate::outcome::Failure;
use kernel::IdKind;
use leaf::{Json, Kind, Leaf, ids};
use std::collections::BTreeMap;
use store::audit::{self as rows, Kept, MatterRow, MoneyRow, OpeningRow};

/// A delivery to fewer persons does not state their number.
const PERSONS_STATED: i64 = 5;

/// What a leaf of a matter says, with the rows of its movements.
pub(super) struct Paid<'a> {
    pub(super) index: u64,
    pub(super) leaf: &'a Leaf,
    pub(super) openings: &'a [OpeningRow],
    pub(super) own: &'a [MoneyRow],
}

impl Walk<'_> {
    /// The order and the delivery behind a leaf, if it pays or delivers.
    pub(super) async fn matter_of(&mut self, paid: &Paid<'_>) -> Result<(), Failure> {
        let is_order = paid.leaf.id.starts_with(ids::Disbursement::PREFIX);
        let is_delivery = paid.leaf.kind == Kind::Delivery;
        if !is_order && !is_delivery {
            return Ok(());
        }
        let said = Said::of(paid.index, paid.leaf, paid.openings);
        if is_order {
            self.order_of(paid, &said).await?;
        }
        if is_delivery {
            self.delivery_of(paid, &said).await?;
        }
        Ok(())
    }

    async fn order_of(&mut self, paid: &Paid<'_>, said: &Said) -> Result<(), Failure> {
        let what = format!("拨付行 {}", paid.leaf.id);
        let row = match self.names.read::<ids::Disbursement>(&paid.leaf.id) {
            Some(id) => rows::disbursement_row(self.session, id)
                .await
                .map_err(|e| unread(&e))?,
            None => None,
        };
        let Some(row) = row else {
            self.matter_missing(paid, &what);
            return Ok(());
        };
        self.orders_met = self.orders_met.saturating_add(1);
        self.coverage.closed(&what, said);
        self.owner(paid, (&what, &row), said);
        let to_fund = match paid.leaf.kind {
            Kind::Allotment => paid.own.first().and_then(|movement| movement.into[0]),
            _ => None,
        };
        let amount = paid.leaf.moves.first().map(|movement| movement.n);
        let facts = [
            ("金额", fen(row.amount), fen(amount)),
            ("状态", row.state.clone(), "paid".to_owned()),
            (
                "去向资金",
                format!("{:?}", row.to_fund),
                format!("{to_fund:?}"),
            ),
        ];
        for (title, kept, stated) in facts {
            self.fact(paid.index, (&what, title), kept, stated);
        }
        // Only an import states the day on which others booked it.
        let is_imported = said.words.contains_key("acc");
        if is_imported {
            self.orders_imported.insert(row.id);
        }
        for (word, kept) in &row.words {
            let is_unsaid = match *word {
                "payee_kind" => !said.words.contains_key(*word),
                "payee" => !is_said(said, word),
                "assumption" => !is_said(said, word) && is_imported,
                _ => false,
            };
            let is_person = *kept == Kept::Text("persons".into());
            if *word == "payee_kind" && is_unsaid && is_person {
                self.fact(
                    paid.index,
                    (&what, "收款方类型"),
                    "自然人".into(),
                    "单位".into(),
                );
            } else if is_unsaid {
                let is_text = *word != "payee_kind" && *kept != Kept::Text(String::new());
                self.coverage.payees = self.coverage.payees.saturating_add(u64::from(is_text));
            } else {
                self.word(&what, (word, said::spelt(word, kept)), said);
            }
        }
        Ok(())
    }

    async fn delivery_of(&mut self, paid: &Paid<'_>, said: &Said) -> Result<(), Failure> {
        let what = format!("发放行（陈述 {}）", paid.leaf.id);
        let movements: Vec<i64> = paid.own.iter().map(|movement| movement.id).collect();
        let row = rows::delivery_rows_by_movement(self.session, &movements)
            .await
            .map_err(|e| unread(&e))?
            .pop();
        let Some(row) = row else {
            self.matter_missing(paid, &what);
            return Ok(());
        };
        self.deliveries_met = self.deliveries_met.saturating_add(1);
        self.owner(paid, (&what, &row), said);
        let order = self.names.read::<ids::Disbursement>(&paid.leaf.id);
        self.fact(
            paid.index,
            (&what, "拨付"),
            format!("{:?}", row.order),
            format!("{order:?}"),
        );
        if order.is_none() {
            self.coverage.closed(&what, said);
            let id = self.names.print::<ids::Delivery>(row.id);
            self.fact(paid.index, (&what, "编号"), id, paid.leaf.id.clone());
        }
        for (word, kept) in self.delivery_words(&row, order.is_some(), said) {
            self.word(&what, (word, kept), said_of(said, paid, word).as_ref());
        }
        self.evidence_of(paid, &row, &what).await
    }

    /// The columns of a delivery that its leaf says, spelt as the leaf spells them.
    fn delivery_words(
        &mut self,
        row: &MatterRow,
        is_of_order: bool,
        said: &Said,
    ) -> Vec<(&'static str, String)> {
        let mut words = Vec::with_capacity(row.words.len());
        for (word, kept) in &row.words {
            match (*word, kept) {
                // Of an order, the words of the order stand in the leaf.
                ("scheme", kept) if is_of_order => words.push(("purpose", kept.stated())),
                ("scheme", _) if !is_said(said, "scheme") => {}
                ("payee", _) if !is_said(said, "payee") => {
                    self.coverage.payees = self.coverage.payees.saturating_add(1);
                }
                ("payee_kind", Kept::Text(code)) if code == "persons" && is_of_order => {
                    words.push(("payee_kind", code.clone()));
                }
                ("payee_kind", _) => {}
                ("persons", Kept::Int(persons)) if *persons < PERSONS_STATED => {
                    words.push(("persons", String::new()));
                }
                (_, kept) => words.push((word, kept.stated())),
            }
        }
        words
    }

    async fn evidence_of(
        &mut self,
        paid: &Paid<'_>,
        row: &MatterRow,
        what: &str,
    ) -> Result<(), Failure> {
        let kept = rows::evidence_of_deliveries(self.session, &[row.id])
            .await
            .map_err(|e| unread(&e))?;
        let kept: Vec<String> = kept
            .iter()
            .map(|(_, digest)| {
                <&[u8; 32]>::try_from(digest.as_slice())
                    .map_or_else(|_| String::new(), leaf::digest_text)
            })
            .collect();
        let stated: Vec<&str> = match paid.leaf.data.get("evidence") {
            Some(Json::List(list)) => list.iter().filter_map(Json::text).collect(),
            _ => Vec::new(),
        };
        for digest in &stated {
            if !kept.iter().any(|known| known == digest) {
                let sentence = format!(
                    "{what} 的陈述写明了凭证 {digest}，数据库里没有它的行，凭证被删除或改动"
                );
                self.found
                    .add(Some(paid.index), "rows.evidence_missing", sentence);
            }
        }
        let later = kept.len().saturating_sub(stated.len()) as u64;
        self.coverage.evidence = self.coverage.evidence.saturating_add(later);
        Ok(())
    }

    /// Organisation, campaign, fund and movement of a matter.
    fn owner(&mut self, paid: &Paid<'_>, of: (&str, &MatterRow), said: &Said) {
        let (what, row) = of;
        let organisation = self.names.print::<ids::Organisation>(row.organisation);
        self.word(what, ("organisation", organisation), said);
        let campaign = self.campaign_name(row.campaign);
        self.word(what, ("campaign", campaign), said);
        let fund = self.names.fund(row.fund).to_owned();
        let from = paid.leaf.moves.first().and_then(|m| m.from.as_ref());
        let stated = from.map_or_else(String::new, |side| side.fund.clone());
        self.fact(paid.index, (what, "资金"), fund, stated);
        let movement = paid.own.first().map(|movement| movement.id);
        let (kept, stated) = (format!("{:?}", row.movement), format!("{movement:?}"));
        self.fact(paid.index, (what, "流转"), kept, stated);
    }

    pub(super) fn fact(&mut self, index: u64, what: (&str, &str), kept: String, stated: String) {
        if kept != stated {
            let sentence = format!(
                "{} 的{}是 {kept}，按公开陈述应为 {stated}，请查明是谁改了数据库",
                what.0, what.1
            );
            self.found.add(Some(index), "rows.matter", sentence);
        }
    }

    fn matter_missing(&mut self, paid: &Paid<'_>, what: &str) {
        let sentence = format!("陈述说了{what}，数据库里没有它，行被删除");
        self.found
            .add(Some(paid.index), "rows.matter_missing", sentence);
    }

    /// Rows that no leaf has met, and the steps behind every order.
    pub(super) async fn matters_left(&mut self) -> Result<(), Failure> {
        let (mut after, mut paid) = (i64::MIN, 0_u64);
        loop {
            let page = rows::disbursement_rows_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.id;
            self.steps(&page).await?;
            self.strays::<ids::Disbursement>("拨付行", &page).await?;
            for row in &page {
                let is_paid = row.movement.is_some() || row.state == "paid";
                let counter = if is_paid {
                    &mut paid
                } else {
                    &mut self.coverage.orders
                };
                *counter = counter.saturating_add(1);
            }
        }
        let met = self.orders_met;
        self.differs("rows.matter_count", "已付款的拨付行数", paid, met);
        let (mut after, mut kept) = (i64::MIN, 0_u64);
        loop {
            let page = rows::delivery_rows_after(self.session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.id;
            kept = kept.saturating_add(page.len() as u64);
            self.strays::<ids::Delivery>("发放行", &page).await?;
        }
        let met = self.deliveries_met;
        self.differs("rows.matter_count", "发放行数", kept, met);
        Ok(())
    }

    /// Paid orders and deliveries name a movement; fund and amount must be its.
    async fn strays<K: IdKind>(&mut self, title: &str, page: &[MatterRow]) -> Result<(), Failure> {
        let keys: Vec<i64> = page.iter().filter_map(|row| row.movement).collect();
        let movements = rows::money_rows_by_id(self.session, &keys)
            .await
            .map_err(|e| unread(&e))?;
        let movements: BTreeMap<i64, MoneyRow> =
            movements.into_iter().map(|row| (row.id, row)).collect();
        for row in page {
            let Some(key) = row.movement else { continue };
            let id = self.names.print::<K>(row.id);
            let Some(movement) = movements.get(&key) else {
                let sentence = format!("{title} {id} 指向不存在的流转，请查明来源");
                self.found.add(None, "rows.paid_stray", sentence);
                continue;
            };
            let is_right = movement.out[0] == Some(row.fund)
                && row.amount.is_none_or(|amount| amount == movement.amount);
            if !is_right {
                let sentence = format!(
                    "{title} {id} 的资金或金额与它的流转（第{}条陈述）不同，请查明是谁改了数据库",
                    movement.leaf_index
                );
                let index = u64::try_from(movement.leaf_index).ok();
                self.found.add(index, "rows.paid_amount", sentence);
            }
        }
        Ok(())
    }
}

fn fen(amount: Option<i64>) -> String {
    amount.map_or_else(|| "无".to_owned(), |amount| format!("{amount} 分"))
}

/// Whether a leaf says a word at all, openly or under a commitment.
fn is_said(said: &Said, word: &str) -> bool {
    said.words.contains_key(word) || said.closed.contains(word)
}

/// What a leaf says of the day of a delivery: the day it reached people, else the accounting day, else its own.
fn said_of<'a>(said: &'a Said, paid: &Paid<'_>, word: &str) -> std::borrow::Cow<'a, Said> {
    if word != "scheme_day" || said.words.contains_key(word) {
        return std::borrow::Cow::Borrowed(said);
    }
    let day = match said.words.get("acc") {
        Some(day) => day.clone(),
        None => paid.leaf.time.day().to_string(),
    };
    let mut with_day = said.clone();
    with_day.words.insert(word.to_owned(), day);
    std::borrow::Cow::Owned(with_day)
}
