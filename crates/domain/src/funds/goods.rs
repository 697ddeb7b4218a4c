//! Goods 物资: units of one item on a tape of their own, traced like money.

use super::fund::{Fund, FundKind};
use super::posting::{End, MoveOrder, Posting, Subject};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem};
use crate::{Sentence, say};
use kernel::{Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::Kind;

/// The most units one movement may carry.
pub const UNITS_MAX: i64 = 1_000_000_000;

/// 〔物资品目〕 One item: name, specification and smallest unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// Name.
    pub name: String,
    /// Specification, may be empty.
    pub spec: String,
    /// Unit, for example 箱.
    pub unit: String,
}

impl NewItem {
    /// Reads an item.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(name: &str, spec: &str, unit: &str) -> Result<NewItem, Vec<Problem>> {
        let mut form = Form::new();
        let item = NewItem {
            name: form.line("name", "品名", &no_bar(name), LINE_MAX),
            spec: form.optional("spec", "规格", &no_bar(spec), LINE_MAX),
            unit: form.line("unit", "单位", &no_bar(unit), 20),
        };
        form.finish(item)
    }

    /// The tape's unit: items with the same words share a tape.
    pub fn key(&self) -> String {
        format!("{}|{}|{}", self.name, self.spec, self.unit)
    }

    /// The item of a tape's unit; what is no key of ours is a name.
    pub fn of_key(key: &str) -> NewItem {
        let mut parts = key.splitn(3, '|').map(str::to_string);
        let mut next = || parts.next().unwrap_or_default();
        NewItem {
            name: next(),
            spec: next(),
            unit: next(),
        }
    }

    /// The name on pages.
    pub fn title(&self) -> String {
        if self.spec.is_empty() {
            format!("{}（{}）", self.name, self.unit)
        } else {
            format!("{} {}（{}）", self.name, self.spec, self.unit)
        }
    }
}

/// The bar separates the parts of a key, so it cannot stand in one.
fn no_bar(text: &str) -> String {
    text.replace('|', "／")
}

/// Why goods cannot move, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoodsRefused {
    /// The fund does not count units.
    NotGoods,
    /// Zero, negative or absurd.
    Units,
    /// More than there is.
    Stock {
        /// What there is, in units.
        units: i64,
    },
}

impl Refused for GoodsRefused {
    fn code(&self) -> &'static str {
        match self {
            GoodsRefused::NotGoods => "goods_not_goods",
            GoodsRefused::Units => "goods_units",
            GoodsRefused::Stock { .. } => "goods_stock",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            GoodsRefused::NotGoods => "这项资金不是物资，请从物资列表里选择。".into(),
            GoodsRefused::Units => "数量请填1到10亿之间的整数。".into(),
            GoodsRefused::Stock { units } => say!("库存只有{units}，请减少数量。", units = *units),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            GoodsRefused::Units | GoodsRefused::Stock { .. } => Some("units"),
            _ => None,
        }
    }
}

/// Books goods that were given.
///
/// # Errors
/// `NotGoods` or `Units`.
pub fn decide_goods_gift(
    fund: &Fund,
    to: End,
    units: i64,
    record: (Id<ids::Donation>, Timestamp),
) -> Result<Posting, GoodsRefused> {
    check_units(fund, units)?;
    let subject = Subject::Donation(record.0);
    let mut posting = Posting::new(subject, LeafKind::Goods, fund.organisation, record.1);
    posting.donation = Some(record.0);
    posting.campaign = fund.campaign;
    posting.moves.push(MoveOrder::inflow(Kind::Gift, to, units));
    Ok(posting)
}

/// Books goods that were handed out.
///
/// # Errors
/// `GoodsRefused` in precedence order.
pub fn decide_goods_delivery(
    fund: &Fund,
    from: End,
    units: i64,
    receiver: &str,
    record: (Id<ids::Delivery>, Timestamp),
) -> Result<Posting, GoodsRefused> {
    check_stock(fund, units)?;
    let subject = Subject::Delivery(record.0);
    let mut posting = Posting::new(subject, LeafKind::Delivery, fund.organisation, record.1)
        .fact("class", "goods")
        .public_word("payee", receiver.trim());
    posting.campaign = fund.campaign;
    posting
        .moves
        .push(MoveOrder::outflow(Kind::Delivery, from, units));
    Ok(posting)
}

/// Books units that became another item: a box of twenty becomes twenty pieces.
///
/// # Errors
/// `GoodsRefused` in precedence order.
pub fn decide_goods_conversion(
    fund: &Fund,
    ends: (End, End),
    units: (i64, i64),
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, GoodsRefused> {
    check_stock(fund, units.0)?;
    if !(1..=UNITS_MAX).contains(&units.1) || ends.0.fund == ends.1.fund {
        return Err(GoodsRefused::Units);
    }
    let subject = Subject::Movement(record.0);
    let mut posting = Posting::new(subject, LeafKind::Conversion, fund.organisation, record.1);
    posting.campaign = fund.campaign;
    let mut order = MoveOrder::between(Kind::Conversion, ends.0, ends.1, units.0);
    order.arrives = Some(units.1);
    posting.moves.push(order);
    Ok(posting)
}

/// Books units that were lost, spoilt or counted short, for a stated reason.
///
/// # Errors
/// `GoodsRefused` in precedence order.
pub fn decide_goods_loss(
    fund: &Fund,
    from: End,
    units: i64,
    reason: &str,
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, GoodsRefused> {
    check_stock(fund, units)?;
    let subject = Subject::Movement(record.0);
    let mut posting = Posting::new(subject, LeafKind::Loss, fund.organisation, record.1)
        .public_word("reason", reason.trim());
    posting.campaign = fund.campaign;
    posting
        .moves
        .push(MoveOrder::outflow(Kind::Loss, from, units));
    Ok(posting)
}

fn check_stock(fund: &Fund, units: i64) -> Result<(), GoodsRefused> {
    check_units(fund, units)?;
    let stock = fund.tape.spendable();
    if stock < units {
        Err(GoodsRefused::Stock { units: stock })
    } else {
        Ok(())
    }
}

fn check_units(fund: &Fund, units: i64) -> Result<(), GoodsRefused> {
    if fund.kind != FundKind::Goods {
        return Err(GoodsRefused::NotGoods);
    }
    if !(1..=UNITS_MAX).contains(&units) {
        return Err(GoodsRefused::Units);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Tape;

    fn fund(kind: FundKind) -> Fund {
        Fund {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            kind,
            unit: "口罩||箱".into(),
            title: String::new(),
            restriction: crate::funds::Restriction::Purpose,
            campaign: None,
            partner: None,
            tape: Tape {
                inflow: 20,
                outflow: 5,
                reserved: 0,
            },
        }
    }

    #[track_caller]
    fn check(kind: FundKind, units: i64, want: Result<(), &str>) {
        let end = End {
            fund: Id::from_raw(1),
            place: Id::from_raw(3),
        };
        let record = (Id::from_raw(4), Timestamp::from_micros(0));
        let got = decide_goods_delivery(&fund(kind), end, units, "协和医院", record);
        assert_eq!(got.map(|_| ()).map_err(|e| e.code()), want);
    }

    #[test]
    fn goods_leave_only_if_they_are_there() {
        check(FundKind::Goods, 15, Ok(()));
        check(FundKind::Goods, 16, Err("goods_stock"));
        check(FundKind::Goods, 0, Err("goods_units"));
        check(FundKind::Project, 1, Err("goods_not_goods"));
    }

    #[test]
    fn boxes_become_pieces_and_losses_say_why() {
        let end = |fund| End {
            fund: Id::from_raw(fund),
            place: Id::from_raw(3),
        };
        let record = (Id::from_raw(4), Timestamp::from_micros(0));
        let fund = fund(FundKind::Goods);
        let converted = decide_goods_conversion(&fund, (end(1), end(2)), (3, 60), record);
        assert_eq!(converted.unwrap().moves[0].arrives, Some(60));
        let same = decide_goods_conversion(&fund, (end(1), end(1)), (3, 60), record);
        assert_eq!(same.unwrap_err(), GoodsRefused::Units);
        let lost = decide_goods_loss(&fund, end(1), 16, "受潮", record);
        assert_eq!(lost.unwrap_err(), GoodsRefused::Stock { units: 15 });
        assert_eq!(
            decide_goods_loss(&fund, end(1), 15, "受潮", record)
                .unwrap()
                .moves
                .len(),
            1
        );
    }

    #[test]
    fn items_with_the_same_words_share_a_tape() {
        let item = NewItem::read(" 口罩 ", "N95", "箱").unwrap();
        assert_eq!(
            (item.key().as_str(), item.title().as_str()),
            ("口罩|N95|箱", "口罩 N95（箱）")
        );
        assert_eq!(NewItem::of_key(&item.key()), item);
        assert_eq!(NewItem::read("a|b", "", "箱").unwrap().name, "a／b");
        assert_eq!(NewItem::read("", "", "").unwrap_err().len(), 2);
    }
}
