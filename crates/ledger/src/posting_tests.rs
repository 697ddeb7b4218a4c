//! The lettered templates of dictionary 2.16 as rows, and every combination for its balance.

use super::*;
use crate::chart::CHART;
use crate::kind::KINDS;

const NATURES: [Nature; 4] = [
    Nature::Restricted,
    Nature::Unrestricted,
    Nature::Agency,
    Nature::Held,
];

fn seat(code: u16, nature: Nature) -> Option<Seat> {
    let account = AccountCode::new(code).unwrap().plain();
    Some(Seat { account, nature })
}

fn case(kind: Kind, from: Option<Seat>, to: Option<Seat>) -> Case {
    Case {
        kind,
        from,
        to,
        amount: Amount::new(5_000).unwrap(),
        concerns: None,
        class: None,
        cause: Cause::Outside,
        year: Year::This,
    }
}

/// `借 account/贷 account` for each pair.
fn words(case: &Case) -> String {
    let lines = match postings(case) {
        Ok(lines) => lines,
        Err(error) => return error.code().to_owned(),
    };
    let word = |line: &Posting| {
        let side = if line.direction == Direction::Debit {
            "借"
        } else {
            "贷"
        };
        format!("{side}{}", line.account)
    };
    lines.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_lettered_templates() {
    for (letter, case, want) in lettered() {
        assert_eq!(words(&case), want, "({letter})");
    }
}

#[expect(clippy::too_many_lines, reason = "a table of rows")]
fn lettered() -> Vec<(&'static str, Case, &'static str)> {
    use Nature::{Agency, Restricted as R, Unrestricted as U};
    vec![
        (
            "a",
            case(Kind::Gift, None, seat(1009, R)),
            "借1009 其他货币资金 贷4101 捐赠收入—限定性收入",
        ),
        (
            "c",
            case(Kind::Gift, None, seat(1201, U)),
            "借1201 存货 贷4101 捐赠收入—非限定性收入",
        ),
        (
            "d in",
            case(Kind::Gift, None, seat(1201, Agency)),
            "借1801 受托代理资产 贷2601 受托代理负债",
        ),
        (
            "d out",
            case(Kind::Delivery, seat(1201, Agency), None),
            "借2601 受托代理负债 贷1801 受托代理资产",
        ),
        (
            "d cash",
            case(Kind::Gift, None, seat(1002, Agency)),
            "借1002 银行存款—受托代理资产 贷2601 受托代理负债",
        ),
        (
            "e",
            case(Kind::Allotment, seat(1002, R), seat(1141, R)),
            "借1141 预付账款 贷1002 银行存款",
        ),
        (
            "f",
            case(Kind::Delivery, seat(1141, R), None),
            "借5101 业务活动成本—限定性费用 贷1141 预付账款",
        ),
        (
            "g",
            case(Kind::Delivery, seat(1002, R), None),
            "借5101 业务活动成本—限定性费用 贷1002 银行存款",
        ),
        (
            "h",
            case(Kind::Return, seat(1141, R), seat(1002, R)),
            "借1002 银行存款 贷1141 预付账款",
        ),
        (
            "i",
            case(Kind::Refund, seat(1002, R), None),
            "借4101 捐赠收入—限定性收入 贷2209 其他应付款 借2209 其他应付款 贷1002 银行存款",
        ),
        (
            "i own fault",
            Case {
                cause: Cause::OwnFault,
                ..case(Kind::Refund, seat(1002, U), None)
            },
            "借5301 管理费用—非限定性费用 贷2209 其他应付款 借2209 其他应付款 贷1002 银行存款",
        ),
        (
            "k",
            Case {
                year: Year::Earlier,
                ..case(Kind::Reclassification, seat(1002, R), seat(1002, U))
            },
            "借3102 限定性净资产 贷3101 非限定性净资产",
        ),
        (
            "AC-05, lifted in the same period",
            case(Kind::Reclassification, seat(1002, R), seat(1002, U)),
            "借4101 捐赠收入—限定性收入 贷4101 捐赠收入—非限定性收入",
        ),
    ]
}

#[test]
fn what_else_happens() {
    for (case, want) in others() {
        assert_eq!(words(&case), want, "{case:?}");
    }
}

#[expect(clippy::too_many_lines, reason = "a table of rows")]
fn others() -> Vec<(Case, &'static str)> {
    use Nature::{Agency, Held, Restricted as R, Unrestricted as U};
    let concerning = |kind, case| Case {
        concerns: Some(kind),
        ..case
    };
    let cost = |class, case| Case {
        class: Some(class),
        ..case
    };
    let earlier = |case| Case {
        year: Year::Earlier,
        ..case
    };
    vec![
        (
            case(Kind::Opening, None, seat(1002, R)),
            "借1002 银行存款 贷3102 限定性净资产",
        ),
        (
            case(Kind::Interest, None, seat(1002, U)),
            "借1002 银行存款 贷4901 其他收入—非限定性收入",
        ),
        (
            case(Kind::Gift, None, seat(1002, Held)),
            "借1002 银行存款 贷2209 其他应付款",
        ),
        (
            case(Kind::Refund, seat(1002, Held), None),
            "借2209 其他应付款 贷1002 银行存款",
        ),
        (
            case(Kind::Reclassification, seat(1002, Held), seat(1002, R)),
            "借2209 其他应付款 贷4101 捐赠收入—限定性收入",
        ),
        (case(Kind::Allotment, seat(1002, R), seat(1002, R)), ""),
        (
            case(Kind::Conversion, seat(1002, R), seat(1201, R)),
            "借1201 存货 贷1002 银行存款",
        ),
        (
            case(Kind::Fee, seat(1009, U), None),
            "借5401 筹资费用—募捐成本—非限定性费用 贷1009 其他货币资金",
        ),
        (
            cost(CostClass::Management, case(Kind::Cost, seat(1002, U), None)),
            "借5301 管理费用—非限定性费用 贷1002 银行存款",
        ),
        (
            case(Kind::Cost, seat(1002, U), None),
            "posting-class-missing",
        ),
        (
            case(Kind::Fee, seat(1002, Agency), None),
            "posting-not-ours",
        ),
        (
            case(Kind::Delivery, seat(1002, Held), None),
            "posting-not-ours",
        ),
        (
            case(Kind::Delivery, seat(2202, R), None),
            "posting-not-asset",
        ),
        (
            case(Kind::Reversal, None, seat(1002, R)),
            "posting-concerns-missing",
        ),
        (
            concerning(Kind::Delivery, case(Kind::Reversal, None, seat(1002, R))),
            "借1002 银行存款 贷5101 业务活动成本—限定性费用",
        ),
        (
            concerning(Kind::Refund, case(Kind::Reversal, None, seat(1002, R))),
            "借1002 银行存款 贷2209 其他应付款 借2209 其他应付款 贷4101 捐赠收入—限定性收入",
        ),
        (
            earlier(concerning(
                Kind::Delivery,
                case(Kind::Reversal, None, seat(1002, R)),
            )),
            "借1002 银行存款 贷3201 以前年度净资产调整—限定性净资产",
        ),
        (
            concerning(Kind::Subsidy, case(Kind::Correction, seat(1002, U), None)),
            "借4401 政府补助收入—非限定性收入 贷1002 银行存款",
        ),
        (
            earlier(case(Kind::Chargeback, seat(1009, R), None)),
            "借3201 以前年度净资产调整—限定性净资产 贷1009 其他货币资金",
        ),
        (
            case(Kind::Allotment, seat(1002, R), None),
            "借5101 业务活动成本—限定性费用 贷1002 银行存款",
        ),
        (
            case(Kind::Allotment, None, seat(1002, R)),
            "借1002 银行存款 贷4101 捐赠收入—限定性收入",
        ),
        (case(Kind::Gift, seat(1002, R), None), "posting-sides"),
        (case(Kind::Delivery, None, seat(1002, R)), "posting-sides"),
        (case(Kind::Delivery, None, None), "posting-sides"),
    ]
}

/// Every case there is: balanced, or refused; and never income or cost of agency money.
#[test]
fn every_case_balances_or_is_refused() {
    let (mut booked, mut refused) = (0, 0);
    for case in every_case() {
        let Ok(lines) = postings(&case) else {
            refused += 1;
            continue;
        };
        booked += 1;
        let sum = lines.iter().map(|line| match line.direction {
            Direction::Debit => line.amount.get(),
            Direction::Credit => -line.amount.get(),
        });
        assert_eq!(sum.sum::<i64>(), 0, "{case:?}");
        let seats = [case.from, case.to].into_iter().flatten();
        if seats.clone().all(|seat| seat.nature == Nature::Agency) {
            let own =
                |line: &Posting| matches!(line.account.code.class(), Class::Income | Class::Cost);
            assert!(!lines.iter().any(own), "{case:?}");
        }
        let assets = lines
            .iter()
            .filter(|line| line.account.code.class() == Class::Asset);
        let change: i64 = assets
            .map(|line| match line.direction {
                Direction::Debit => line.amount.get(),
                Direction::Credit => -line.amount.get(),
            })
            .sum();
        let want = i64::from(case.to.is_some()) - i64::from(case.from.is_some());
        assert_eq!(change, want * case.amount.get(), "{case:?}");
    }
    assert!(
        booked > 1_000 && refused > 1_000,
        "{booked} booked, {refused} refused"
    );
}

fn every_case() -> Vec<Case> {
    let mut seats = vec![None];
    for code in [1001, 1002, 1009, 1122, 1141, 1201, 1801] {
        seats.extend(NATURES.map(|nature| seat(code, nature)));
    }
    let mut cases = Vec::new();
    for &(kind, _, _) in KINDS {
        for &from in &seats {
            for &to in &seats {
                let base = case(kind, from, to);
                cases.push(base);
                cases.push(Case {
                    year: Year::Earlier,
                    ..base
                });
                cases.push(Case {
                    cause: Cause::OwnFault,
                    ..base
                });
                cases.push(Case {
                    class: Some(CostClass::CharitableTrust),
                    ..base
                });
                cases.push(Case {
                    concerns: Some(Kind::Cost),
                    class: Some(CostClass::Taxes),
                    ..base
                });
            }
        }
    }
    cases
}

#[test]
fn a_settlement_changes_the_place() {
    let from = seat(1009, Nature::Agency).unwrap();
    let lines = transfer_postings(from, AccountCode::BANK.plain(), Amount::new(7).unwrap());
    let lines: Vec<_> = lines
        .unwrap()
        .iter()
        .map(|line| line.account.to_string())
        .collect();
    assert_eq!(
        lines,
        [
            "1002 银行存款—受托代理资产",
            "1009 其他货币资金—受托代理资产"
        ]
    );
    let wrong = transfer_postings(
        from,
        AccountCode::DONATIONS.plain(),
        Amount::new(7).unwrap(),
    );
    assert_eq!(wrong, Err(PostingError::NotAsset(AccountCode::DONATIONS)));
}

/// Template (j): after closing, income and cost stand at zero and net assets took the difference.
#[test]
fn closing_empties_income_and_cost() {
    let gift = AccountCode::DONATIONS.plain();
    let cost = AccountCode::ACTIVITY.plain();
    let balances = [
        (gift.marked(Mark::Restricted), -900),
        (gift.marked(Mark::Unrestricted), -100),
        (cost.marked(Mark::Restricted), 350),
        (cost.marked(Mark::Unrestricted), 0),
        (AccountCode::BANK.plain(), 650),
    ];
    let lines = closing_postings(&balances);
    let of = |account: Account| -> i64 {
        let lines = lines.iter().filter(|line| line.account == account);
        lines
            .map(|line| match line.direction {
                Direction::Debit => line.amount.get(),
                Direction::Credit => -line.amount.get(),
            })
            .sum()
    };
    for (account, balance) in &balances[..4] {
        assert_eq!(balance + of(*account), 0, "{account}");
    }
    assert_eq!(of(AccountCode::RESTRICTED.plain()), -550);
    assert_eq!(of(AccountCode::UNRESTRICTED.plain()), -100);
    assert!(CHART.iter().any(|row| row.0 == AccountCode::PRIOR_YEARS));
}
