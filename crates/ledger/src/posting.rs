//! Posting templates: which statutory accounts a movement debits and credits.
//!
//! The books are derived from movements, never kept beside them. A template sees the kind, the
//! account of the place on each side, and what the fund on each side is (restricted,
//! unrestricted, agency, held). The answer is pairs of a debit and a credit of one amount, so it
//! balances by construction. Source: rules AC-03 to AC-09, AC-13, dictionary 2.16 (a) to (k).

use kernel::Amount;

use crate::chart::{Account, AccountCode, Class, Detail, Mark};
use crate::kind::{Kind, Shape};

/// 〔资金性质〕 What the money of a fund is in the statutory books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// 〔限定性〕 Restricted by its giver or by law, in time or use (AC-03).
    Restricted,
    /// 〔非限定性〕 Without restriction.
    Unrestricted,
    /// 〔受托代理〕 For a person or body that the giver named (AC-07): neither income nor cost.
    Agency,
    /// 〔待处理款〕 Held until it is clear what it is: owed to whoever sent it.
    Held,
}

/// 〔记账方〕 One side of a movement as the books see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seat {
    /// The account of the place where the money is.
    pub account: Account,
    /// What the fund is.
    pub nature: Nature,
}

/// 〔费用类别〕 What a cost is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostClass {
    /// 〔业务活动成本〕 5101 (EX-07).
    Activity,
    /// 〔设立慈善信托支出〕 5101, its own detail (AC-11).
    CharitableTrust,
    /// 〔管理费用〕 5301 (EX-08).
    Management,
    /// 〔募捐成本〕 5401, its own detail (EX-09, AC-11).
    Fundraising,
    /// 〔税金及附加〕 5201.
    Taxes,
    /// 〔其他费用〕 5901.
    Other,
}

/// 〔退还原因〕 Why a gift goes back (AC-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// 〔外部原因〕 For a reason outside the organisation: the income is reduced.
    Outside,
    /// 〔自身原因〕 By the organisation's own fault: a management cost.
    OwnFault,
}

/// 〔所属年度〕 When that which is changed was booked (AC-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Year {
    /// 〔本年度〕 In the open year: its income or cost is changed.
    This,
    /// 〔以前年度〕 In a closed year: 3201, or the net assets that it was closed to.
    Earlier,
}

/// 〔记账情形〕 A movement as the posting templates see it.
///
/// A side that belongs to another organisation is `None`: each organisation books its own side
/// of an allotment (the giver a cost, the receiver a gift).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    /// The kind of the movement.
    pub kind: Kind,
    /// The side that is left.
    pub from: Option<Seat>,
    /// The side that is reached.
    pub to: Option<Seat>,
    /// The amount in fen; for goods their book value.
    pub amount: Amount,
    /// For a correction the kind of the wrong inflow, for a reversal or a return from outside the
    /// kind of the outflow that it undoes.
    pub concerns: Option<Kind>,
    /// What the money was spent for; needed for `Cost`, ignored where the kind says it.
    pub class: Option<CostClass>,
    /// Why a gift goes back.
    pub cause: Cause,
    /// When that which is changed was booked.
    pub year: Year,
}

/// 〔借贷〕 The side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// 〔借〕
    Debit,
    /// 〔贷〕
    Credit,
}

/// 〔分录行〕 One line of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// Debit or credit.
    pub direction: Direction,
    /// The amount.
    pub amount: Amount,
}

/// Why there is no template for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostingError {
    /// The sides do not fit the kind.
    Sides,
    /// A place is not an asset account.
    NotAsset(AccountCode),
    /// A cost without its class.
    ClassMissing,
    /// A reversal without the kind that it undoes, or with one that is no outflow.
    ConcernsMissing,
    /// Agency or held money cannot bear this: it is not the organisation's own.
    NotOurs,
}

impl PostingError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            PostingError::Sides => "posting-sides",
            PostingError::NotAsset(_) => "posting-not-asset",
            PostingError::ClassMissing => "posting-class-missing",
            PostingError::ConcernsMissing => "posting-concerns-missing",
            PostingError::NotOurs => "posting-not-ours",
        }
    }
}

impl std::fmt::Display for PostingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PostingError::Sides => f.write_str("该类型的流转缺少来源或去向，请补充后再记账。"),
            PostingError::NotAsset(code) => {
                write!(
                    f,
                    "存放处的科目 {} 不是资产类科目，请改选资产类科目。",
                    code.get()
                )
            }
            PostingError::ClassMissing => {
                f.write_str("费用没有类别，请选择业务、管理或募捐等类别。")
            }
            PostingError::ConcernsMissing => {
                f.write_str("冲回没有指明原流转的类型，请选择要冲回的流转。")
            }
            PostingError::NotOurs => {
                f.write_str("受托代理款和待处理款不能列支费用，请改由本组织的资金承担。")
            }
        }
    }
}

impl std::error::Error for PostingError {}

/// The lines of a movement in the books of one organisation: pairs of a debit and a credit.
///
/// Empty if nothing changes in them, as when money goes from one restricted fund to another in
/// the same bank account.
pub fn postings(case: &Case) -> Result<Vec<Posting>, PostingError> {
    let mut lines = Lines {
        amount: case.amount,
        lines: Vec::new(),
    };
    match (case.from, case.to) {
        (None, Some(to)) => arrival(case, to, &mut lines)?,
        (Some(from), None) => departure(case, from, &mut lines)?,
        (Some(from), Some(to)) => passage(case, from, to, &mut lines)?,
        (None, None) => return Err(PostingError::Sides),
    }
    Ok(lines.lines)
}

/// The lines of a settlement or any other change of place: template (b).
pub fn transfer_postings(
    from: Seat,
    to: Account,
    amount: Amount,
) -> Result<Vec<Posting>, PostingError> {
    let mut lines = Lines {
        amount,
        lines: Vec::new(),
    };
    lines.unless_same(
        asset(Seat {
            account: to,
            ..from
        })?,
        asset(from)?,
    );
    Ok(lines.lines)
}

/// Template (j), the end of a period: every income and cost account is closed to 3102 or 3101 by
/// its mark. `balances` are debits less credits, in fen.
pub fn closing_postings(balances: &[(Account, i64)]) -> Vec<Posting> {
    let mut all = Vec::new();
    for &(account, balance) in balances {
        if !matches!(account.code.class(), Class::Income | Class::Cost) {
            continue;
        }
        let Some(amount) = balance.checked_abs().and_then(Amount::new) else {
            continue;
        };
        let home = match account.mark {
            Some(Mark::Restricted) => AccountCode::RESTRICTED.plain(),
            _ => AccountCode::UNRESTRICTED.plain(),
        };
        let mut lines = Lines {
            amount,
            lines: Vec::new(),
        };
        if balance > 0 {
            lines.pair(home, account);
        } else {
            lines.pair(account, home);
        }
        all.extend(lines.lines);
    }
    all
}

/// Pairs of one amount.
struct Lines {
    amount: Amount,
    lines: Vec<Posting>,
}

impl Lines {
    fn pair(&mut self, debit: Account, credit: Account) {
        let amount = self.amount;
        self.lines.push(Posting {
            account: debit,
            direction: Direction::Debit,
            amount,
        });
        self.lines.push(Posting {
            account: credit,
            direction: Direction::Credit,
            amount,
        });
    }

    fn unless_same(&mut self, debit: Account, credit: Account) {
        if debit != credit {
            self.pair(debit, credit);
        }
    }
}

/// Money or goods from outside.
fn arrival(case: &Case, to: Seat, lines: &mut Lines) -> Result<(), PostingError> {
    let asset = asset(to)?;
    match case.kind.shape() {
        Shape::In => lines.pair(asset, income(case.kind, to.nature, Year::This)),
        // The receiver's side of a movement between two organisations.
        Shape::Between => lines.pair(asset, income(Kind::Gift, to.nature, Year::This)),
        Shape::Back => {
            let concerns = match (case.kind, case.concerns) {
                (Kind::Return, None) => Kind::Delivery,
                (_, Some(kind)) if kind.is_outflow() => kind,
                _ => return Err(PostingError::ConcernsMissing),
            };
            let undone = Case {
                kind: concerns,
                concerns: None,
                ..*case
            };
            let mut mirror = Lines {
                amount: case.amount,
                lines: Vec::new(),
            };
            departure(&undone, to, &mut mirror)?;
            for line in mirror.lines.rchunks_exact(2) {
                if let [debit, credit] = line {
                    lines.pair(credit.account, debit.account);
                }
            }
        }
        Shape::Out => return Err(PostingError::Sides),
    }
    Ok(())
}

/// Money or goods that leave.
fn departure(case: &Case, from: Seat, lines: &mut Lines) -> Result<(), PostingError> {
    let asset = asset(from)?;
    let debit = match case.kind {
        Kind::Refund | Kind::Chargeback => {
            let debit = match case.cause {
                Cause::OwnFault if is_own(from.nature) => {
                    cost(CostClass::Management, from.nature, case.year)?
                }
                Cause::OwnFault | Cause::Outside => income(Kind::Gift, from.nature, case.year),
            };
            if case.kind == Kind::Refund && is_own(from.nature) {
                // (i): first owed, then paid.
                lines.pair(debit, AccountCode::OTHER_PAYABLE.plain());
                AccountCode::OTHER_PAYABLE.plain()
            } else {
                debit
            }
        }
        Kind::Correction => {
            let wrong = case.concerns.unwrap_or(Kind::Gift);
            if wrong.shape() != Shape::In {
                return Err(PostingError::ConcernsMissing);
            }
            income(wrong, from.nature, case.year)
        }
        Kind::Delivery => match (from.nature, case.class) {
            (Nature::Agency, _) => AccountCode::AGENCY_LIABILITY.plain(),
            (nature, Some(CostClass::CharitableTrust)) => {
                cost(CostClass::CharitableTrust, nature, case.year)?
            }
            (nature, _) => cost(CostClass::Activity, nature, case.year)?,
        },
        Kind::Cost => {
            let class = case.class.ok_or(PostingError::ClassMissing)?;
            cost(class, from.nature, case.year)?
        }
        Kind::Fee => cost(CostClass::Fundraising, from.nature, case.year)?,
        Kind::Loss if from.nature == Nature::Agency => AccountCode::AGENCY_LIABILITY.plain(),
        Kind::Loss => cost(CostClass::Management, from.nature, case.year)?,
        // The giver's side of a movement between two organisations.
        _ if case.kind.is_between() && from.nature == Nature::Agency => {
            AccountCode::AGENCY_LIABILITY.plain()
        }
        _ if case.kind.is_between() => cost(CostClass::Activity, from.nature, case.year)?,
        _ => return Err(PostingError::Sides),
    };
    lines.pair(debit, asset);
    Ok(())
}

/// From fund to fund of one organisation: the place may change, the nature may change.
fn passage(case: &Case, from: Seat, to: Seat, lines: &mut Lines) -> Result<(), PostingError> {
    if !case.kind.is_between() {
        return Err(PostingError::Sides);
    }
    if from.nature != to.nature {
        let (debit, credit) = change(from.nature, to.nature, case.year);
        lines.pair(debit, credit);
    }
    lines.unless_same(asset(to)?, asset(from)?);
    Ok(())
}

/// What is debited and credited when money changes its nature: AC-04, AC-05, template (k).
fn change(from: Nature, to: Nature, year: Year) -> (Account, Account) {
    match (is_own(from), is_own(to), year) {
        (true, true, Year::Earlier) => (net_assets(from), net_assets(to)),
        // What was owed becomes ours: a gift of this year, whenever it came.
        (false, _, _) => (
            income(Kind::Gift, from, year),
            income(Kind::Gift, to, Year::This),
        ),
        (true, _, _) => (income(Kind::Gift, from, year), income(Kind::Gift, to, year)),
    }
}

const fn is_own(nature: Nature) -> bool {
    matches!(nature, Nature::Restricted | Nature::Unrestricted)
}

const fn net_assets(nature: Nature) -> Account {
    match nature {
        Nature::Restricted => AccountCode::RESTRICTED.plain(),
        Nature::Unrestricted => AccountCode::UNRESTRICTED.plain(),
        Nature::Agency => AccountCode::AGENCY_LIABILITY.plain(),
        Nature::Held => AccountCode::OTHER_PAYABLE.plain(),
    }
}

/// Where the counterpart of an inflow stands.
const fn income(kind: Kind, nature: Nature, year: Year) -> Account {
    let mark = match nature {
        Nature::Restricted => Mark::Restricted,
        Nature::Unrestricted => Mark::Unrestricted,
        Nature::Agency | Nature::Held => return net_assets(nature),
    };
    if matches!(year, Year::Earlier) {
        return AccountCode::PRIOR_YEARS.plain().marked(mark);
    }
    let code = match kind {
        Kind::Opening => return net_assets(nature),
        Kind::Yield => AccountCode::YIELDS,
        Kind::Subsidy => AccountCode::SUBSIDIES,
        Kind::Sale => AccountCode::SALES,
        Kind::Dues => AccountCode::DUES,
        Kind::Service => AccountCode::SERVICES,
        Kind::Interest | Kind::Other | Kind::Count => AccountCode::OTHER_INCOME,
        _ => AccountCode::DONATIONS,
    };
    code.plain().marked(mark)
}

/// Where a cost stands; refused for money that is not ours.
const fn cost(class: CostClass, nature: Nature, year: Year) -> Result<Account, PostingError> {
    let mark = match nature {
        Nature::Restricted => Mark::Restricted,
        Nature::Unrestricted => Mark::Unrestricted,
        Nature::Agency | Nature::Held => return Err(PostingError::NotOurs),
    };
    let account = match (year, class) {
        (Year::Earlier, _) => AccountCode::PRIOR_YEARS.plain(),
        (_, CostClass::Activity) => AccountCode::ACTIVITY.plain(),
        (_, CostClass::CharitableTrust) => {
            AccountCode::ACTIVITY.plain().with(Detail::CharitableTrust)
        }
        (_, CostClass::Management) => AccountCode::MANAGEMENT.plain(),
        (_, CostClass::Fundraising) => AccountCode::FUNDRAISING.plain().with(Detail::Fundraising),
        (_, CostClass::Taxes) => AccountCode::TAXES.plain(),
        (_, CostClass::Other) => AccountCode::OTHER_COST.plain(),
    };
    Ok(account.marked(mark))
}

/// The asset account of a seat. Agency money in a cash account stays there under its own mark;
/// any other agency property is 1801 (AC-07, dictionary 2.16).
fn asset(seat: Seat) -> Result<Account, PostingError> {
    let Account { code, .. } = seat.account;
    if code.class() != Class::Asset {
        return Err(PostingError::NotAsset(code));
    }
    Ok(match seat.nature {
        Nature::Agency if code.is_cash() => seat.account.marked(Mark::Agency),
        Nature::Agency => AccountCode::AGENCY_ASSET.plain(),
        _ => seat.account,
    })
}

#[cfg(test)]
#[path = "posting_tests.rs"]
mod tests;
