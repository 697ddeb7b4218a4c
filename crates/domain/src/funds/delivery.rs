//! Deliveries 发放: money or goods reach the final beneficiary, with evidence.

use super::fund::{Fund, FundKind};
use super::posting::{End, MoveOrder, Posting, Subject};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem};
use crate::{Sentence, say};
use kernel::{Amount, Day, Fen, Id, RegionCode, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::{Kind, MovementId, Undo};

/// The most persons one delivery may name; larger ones are entered in parts.
pub(crate) const PERSONS_MAX: i64 = 1_000_000;

/// What a partner or maker reports.
#[derive(Debug, Clone, Default)]
pub struct DeliveryForm {
    /// Yuan with at most two decimals.
    pub amount: String,
    /// Who received: an organisation's name, or a description without persons' names.
    pub payee: String,
    /// The scheme or project.
    pub scheme: String,
    /// Region code down to the county.
    pub region: String,
    /// How many persons it reached.
    pub persons: String,
    /// The day it reached them.
    pub reached_on: String,
}

/// 〔发放〕 A delivery ready to be posted.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// How much.
    pub amount: Amount,
    /// Who received, without persons' names.
    pub payee: String,
    /// The scheme or project.
    pub scheme: String,
    /// Where.
    pub region: Option<RegionCode>,
    /// How many persons.
    pub persons: i64,
    /// When it reached them (EX-06).
    pub reached_on: Day,
    /// Digests of the evidence files.
    pub evidence: Vec<[u8; 32]>,
}

impl NewDelivery {
    /// Reads a report of money that was `paid` to the partner on that day: what reached nobody before it was there.
    ///
    /// # Errors
    /// All problems at once; evidence is required, because only evidence makes an advance spending.
    pub fn read(
        form: &DeliveryForm,
        evidence: Vec<[u8; 32]>,
        (paid, today): (Day, Day),
    ) -> Result<NewDelivery, Vec<Problem>> {
        let mut check = Form::new();
        let amount = check.amount("amount", &form.amount);
        let payee = check.line("payee", "受益人或受益单位", &form.payee, LINE_MAX);
        let scheme = check.line("scheme", "项目", &form.scheme, LINE_MAX);
        let region = match form.region.trim() {
            "" => None,
            text => RegionCode::parse(text)
                .map_err(|_| check.refuse("region", "region", "没有认出是哪个地方：请写省、市、县的名称，例如“浙江省 杭州市 西湖区”；同名的请从列出的里选一个。"))
                .ok(),
        };
        let persons = form.persons.trim().parse::<i64>().unwrap_or(-1);
        if !(0..=PERSONS_MAX).contains(&persons) {
            check.refuse("persons", "number", "受益人数请填0到1000000之间的整数。");
        }
        let reached_on = check.day("reached_on", "送达日期", &form.reached_on);
        if reached_on.is_some_and(|day| day > today) {
            check.refuse("reached_on", "future", "送达日期不能晚于今天，请改正。");
        }
        if reached_on.is_some_and(|day| day < paid) {
            let sentence = say!(
                "这笔预付款{day}才付出，送达日期不能早于这一天，请改正。",
                day = paid
            );
            check.refuse("reached_on", "too_early", sentence);
        }
        if evidence.is_empty() {
            check.refuse(
                "evidence",
                "required",
                "请至少附一份凭证，例如签收单、发票或照片。",
            );
        }
        check.finish(()).and_then(|()| match (amount, reached_on) {
            (Some(amount), Some(reached_on)) => Ok(NewDelivery {
                amount,
                payee,
                scheme,
                region,
                persons,
                reached_on,
                evidence,
            }),
            _ => Err(Vec::new()),
        })
    }
}

/// Why a delivery or a return cannot be booked, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryRefused {
    /// Only advances are reported this way.
    NotAnAdvance(FundKind),
    /// More than the partner holds.
    Balance {
        /// What the partner still holds, in fen.
        held: i64,
    },
}

impl Refused for DeliveryRefused {
    fn code(&self) -> &'static str {
        match self {
            DeliveryRefused::NotAnAdvance(_) => "delivery_not_an_advance",
            DeliveryRefused::Balance { .. } => "delivery_balance",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            DeliveryRefused::NotAnAdvance(kind) => {
                say!(
                    "这是{kind}，不是预付款，请从“拨付”办理。",
                    kind = kind.title()
                )
            }
            DeliveryRefused::Balance { held } => {
                say!(
                    "执行机构手里还有{held}，请核对金额。",
                    held = Fen::new(*held)
                )
            }
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some("民发〔2026〕12号（EX-06）")
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            DeliveryRefused::Balance { .. } => Some("amount"),
            _ => None,
        }
    }
}

/// Books the use of an advance: now it is charitable spending (EX-06).
///
/// # Errors
/// `DeliveryRefused` in precedence order.
pub fn decide_delivery(
    fund: &Fund,
    from: End,
    delivery: &NewDelivery,
    record: (Id<ids::Delivery>, Timestamp),
) -> Result<Posting, DeliveryRefused> {
    check_advance(fund, delivery.amount.get())?;
    let subject = Subject::Delivery(record.0);
    let mut posting = Posting::new(subject, LeafKind::Delivery, fund.organisation, record.1)
        .fact("class", "direct")
        .fact("scheme_day", delivery.reached_on.to_string());
    let persons = if delivery.persons >= 5 {
        delivery.persons
    } else {
        0
    };
    if persons > 0 {
        posting = posting.fact("persons", persons);
    }
    if let Some(region) = &delivery.region {
        posting = posting.fact("region", region.as_str());
    }
    let digests: Vec<leaf::Json> = delivery
        .evidence
        .iter()
        .map(|d| leaf::Json::Text(leaf::digest_text(d)))
        .collect();
    posting = posting
        .fact("evidence", leaf::Json::List(digests))
        .public_word("payee", delivery.payee.clone())
        .public_word("scheme", delivery.scheme.clone());
    posting.campaign = fund.campaign;
    posting.moves.push(MoveOrder::outflow(
        Kind::Delivery,
        from,
        delivery.amount.get(),
    ));
    Ok(posting)
}

/// Books unused advance money that came back; it returns to where it was taken from.
///
/// `undoes` is the allotment and the offset in it at which the returned head begins.
///
/// # Errors
/// `DeliveryRefused` in precedence order.
pub fn decide_advance_return(
    fund: &Fund,
    ends: (End, End),
    amount: Amount,
    undoes: (MovementId, i64),
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, DeliveryRefused> {
    check_advance(fund, amount.get())?;
    let subject = Subject::Movement(record.0);
    let mut posting = Posting::new(subject, LeafKind::Return, fund.organisation, record.1);
    posting.campaign = fund.campaign;
    let mut order = MoveOrder::between(Kind::Return, ends.0, ends.1, amount.get());
    order.undoes = Some(Undo {
        movement: undoes.0,
        offset: undoes.1,
    });
    posting.moves.push(order);
    Ok(posting)
}

fn check_advance(fund: &Fund, amount: i64) -> Result<(), DeliveryRefused> {
    if fund.kind != FundKind::Advance {
        return Err(DeliveryRefused::NotAnAdvance(fund.kind));
    }
    let held = fund.tape.spendable();
    if held < amount {
        Err(DeliveryRefused::Balance { held })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(amount: &str, persons: &str, reached_on: &str) -> DeliveryForm {
        DeliveryForm {
            amount: amount.into(),
            payee: "云山县柳河镇困难家庭".into(),
            scheme: "冬衣".into(),
            region: String::new(),
            persons: persons.into(),
            reached_on: reached_on.into(),
        }
    }

    #[track_caller]
    fn check(form: &DeliveryForm, files: usize, want: &[&str]) {
        let today = Day::parse("2026-11-22").unwrap();
        let paid = Day::parse("2026-11-10").unwrap();
        let got = NewDelivery::read(form, vec![[7; 32]; files], (paid, today));
        let fields: Vec<_> = got
            .err()
            .unwrap_or_default()
            .iter()
            .map(|p| p.field)
            .collect();
        assert_eq!(fields, want);
    }

    #[test]
    fn a_report_needs_evidence_and_sense() {
        check(&form("10", "3", "2026-11-20"), 1, &[]);
        check(&form("10", "3", "2026-11-20"), 0, &["evidence"]);
        check(&form("10", "3", "2026-11-10"), 1, &[]);
        check(&form("10", "3", "2026-11-09"), 1, &["reached_on"]);
        check(&form("10", "3", "2020-01-01"), 1, &["reached_on"]);
        check(
            &form("0", "-1", "2026-11-23"),
            1,
            &["amount", "persons", "reached_on"],
        );
    }

    #[test]
    fn only_advances_are_reported_and_never_more_than_is_held() {
        let tape = ledger::Tape {
            inflow: 100,
            outflow: 40,
            reserved: 0,
        };
        let mut fund = Fund {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            kind: FundKind::Project,
            unit: "fen".into(),
            title: String::new(),
            restriction: crate::funds::Restriction::Purpose,
            campaign: None,
            partner: None,
            tape,
        };
        assert_eq!(
            check_advance(&fund, 10),
            Err(DeliveryRefused::NotAnAdvance(FundKind::Project))
        );
        fund.kind = FundKind::Advance;
        assert_eq!(
            check_advance(&fund, 61),
            Err(DeliveryRefused::Balance { held: 60 })
        );
        assert_eq!(check_advance(&fund, 60), Ok(()));
    }
}
