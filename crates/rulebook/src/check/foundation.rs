//! The original fund of a foundation (OR-09).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use kernel::Fen;

const ORIGINAL_FUND: RuleId = RuleId::new(Group::Registration, 9);

const TOO_SMALL: Saying = Saying {
    code: "original_fund",
    problem: "原始基金 {fund}，低于{kind}的 {min}",
    next: "请补足后再申请登记",
};
const NOT_MONEY: Saying = Saying {
    code: "original_fund_not_paid",
    problem: "原始基金不是到账货币资金",
    next: "请以货币资金缴存并附银行证明",
};
const BELOW: Saying = Saying {
    code: "net_assets_below_fund",
    problem: "年末净资产 {assets}，低于原始基金 {fund}",
    next: "请说明原因并补足",
};

/// 〔基金会类型〕 The kinds for which the law sets an original fund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundationKind {
    /// 全国性公募基金会
    NationalPublic,
    /// 地方性公募基金会
    LocalPublic,
    /// 非公募基金会
    NonPublic,
}

impl FoundationKind {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            FoundationKind::NationalPublic => ("national_public", "全国性公募基金会"),
            FoundationKind::LocalPublic => ("local_public", "地方性公募基金会"),
            FoundationKind::NonPublic => ("non_public", "非公募基金会"),
        }
    }
}

/// 〔基金会情况〕 What is known of its means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundationFacts {
    /// The kind.
    pub kind: FoundationKind,
    /// The original fund.
    pub original_fund: Fen,
    /// True if it was paid in, as money.
    pub paid_in_money: bool,
    /// Net assets at the last end of a year.
    pub net_assets: Option<Fen>,
}

/// Is the original fund large enough, paid in, and still there?
#[must_use]
pub fn check_foundation(law: &InForce<'_>, facts: &FoundationFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(ORIGINAL_FUND) else {
        return judge.findings();
    };
    let (name, title) = facts.kind.names();
    let fund = facts.original_fund;
    if let Some(min) = judge.number(held, name)
        && min.quantity.money().is_some_and(|min| fund < min)
    {
        let values = vec![
            ("fund", fund.into()),
            ("kind", title.into()),
            ("min", min.quantity.into()),
        ];
        judge.say_by(held, min, &TOO_SMALL, values);
    }
    if !facts.paid_in_money {
        judge.say(held, &NOT_MONEY, Vec::new());
    }
    // The article asks for the fund at the beginning; that it must stay there is second hand.
    if let Some(assets) = facts.net_assets.filter(|assets| *assets < fund) {
        judge.warn(
            held,
            &BELOW,
            vec![("assets", assets.into()), ("fund", fund.into())],
        );
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, law_on};

    fn check(kind: FoundationKind, yuan: i64) -> Vec<Finding> {
        with(kind, yuan, |_| {})
    }

    fn with(
        kind: FoundationKind,
        yuan: i64,
        change: impl Fn(&mut FoundationFacts),
    ) -> Vec<Finding> {
        let mut facts = FoundationFacts {
            kind,
            original_fund: Fen::new(yuan * 100),
            paid_in_money: true,
            net_assets: Some(Fen::new(yuan * 100)),
        };
        change(&mut facts);
        check_foundation(&law_on("2026-06-01"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        use FoundationKind::{LocalPublic, NationalPublic, NonPublic};
        let size = |kind, enough: i64| {
            Pair::of(
                "OR-09",
                check(kind, enough),
                check(kind, enough - 1),
                &["original_fund"],
            )
        };
        let fine = || check(NonPublic, 2_000_000);
        vec![
            size(NationalPublic, 8_000_000),
            size(LocalPublic, 4_000_000),
            size(NonPublic, 2_000_000),
            Pair::of(
                "OR-09",
                fine(),
                with(NonPublic, 2_000_000, |f| f.paid_in_money = false),
                &["original_fund_not_paid"],
            ),
            Pair::of(
                "OR-09",
                fine(),
                with(NonPublic, 2_000_000, |f| {
                    f.net_assets = Some(Fen::new(199_999_999))
                }),
                &["net_assets_below_fund"],
            ),
        ]
    }
}
