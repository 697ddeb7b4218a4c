//! Disbursements 拨付: maker, checker and payer are three people; approval reserves; payment moves the tape.

use super::fund::{Fund, FundKind};
use super::goods::{NewItem, UNITS_MAX};
use super::posting::{End, MoveOrder, Posting, Subject};
use crate::parties::Organisation;
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem, STORY_MAX};
use crate::{Sentence, say};
use kernel::{Amount, Fen, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::Kind;

/// The longest number of a bank's slip, in characters.
const VOUCHER_MAX: usize = 60;

/// 〔拨付类别〕 What a payment is in law (dictionary 2.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 直接资助: reaches the final beneficiary.
    Direct,
    /// 委托资助预付: an advance to an executing partner; spending only when delivered (EX-06).
    Advance,
    /// 管理费用
    Administration,
    /// 募捐成本
    Fundraising,
    /// 采购物资: money turns into goods.
    Purchase,
}

impl Class {
    /// All classes, in the order of forms.
    pub const ALL: [Class; 5] = [
        Class::Direct,
        Class::Advance,
        Class::Administration,
        Class::Fundraising,
        Class::Purchase,
    ];

    /// The rule that a payment of this class stands on.
    pub fn rule(self) -> &'static str {
        match self {
            Class::Direct => "慈善法第五十四条",
            Class::Advance => "民发〔2026〕12号第十二条",
            Class::Administration => "民发〔2026〕12号第五条",
            Class::Fundraising => "民发〔2026〕12号第六条",
            Class::Purchase => "慈善法第五十六条",
        }
    }

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            Class::Direct => "direct",
            Class::Advance => "advance",
            Class::Administration => "administration",
            Class::Fundraising => "fundraising",
            Class::Purchase => "purchase",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Class::Direct => "直接资助",
            Class::Advance => "预付执行机构",
            Class::Administration => "管理费用",
            Class::Fundraising => "募捐成本",
            Class::Purchase => "采购物资",
        }
    }

    /// The class of a stored code.
    pub fn parse(code: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.code() == code)
    }
}

/// 〔收款人类型〕 Who receives the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayeeKind {
    /// 单位: a legal person, named in public
    Organisation,
    /// 自然人: one or more persons, never named in public
    Persons,
    /// 供应商
    Supplier,
}

impl PayeeKind {
    /// All kinds, in the order of forms.
    pub const ALL: [PayeeKind; 3] = [
        PayeeKind::Organisation,
        PayeeKind::Persons,
        PayeeKind::Supplier,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            PayeeKind::Organisation => "organisation",
            PayeeKind::Persons => "persons",
            PayeeKind::Supplier => "supplier",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            PayeeKind::Organisation => "单位",
            PayeeKind::Persons => "自然人",
            PayeeKind::Supplier => "供应商",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<PayeeKind> {
        PayeeKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// 〔拨付状态〕 Where an order to pay stands (rules 3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 待复核
    Requested,
    /// 待批准 (above the threshold)
    Checked,
    /// 待付款: reserved
    Approved,
    /// 已付款
    Paid,
    /// 已退回: refused with a reason, nothing reserved
    Refused,
}

impl State {
    /// All states.
    pub const ALL: [State; 5] = [
        State::Requested,
        State::Checked,
        State::Approved,
        State::Paid,
        State::Refused,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            State::Requested => "requested",
            State::Checked => "checked",
            State::Approved => "approved",
            State::Paid => "paid",
            State::Refused => "refused",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            State::Requested => "待复核",
            State::Checked => "待批准",
            State::Approved => "待付款",
            State::Paid => "已付款",
            State::Refused => "已退回",
        }
    }

    /// The state of a stored code.
    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// 〔拨付申请〕 What a maker asks for.
#[derive(Debug, Clone, Default)]
pub struct DisbursementRequest {
    /// Code of `Class`.
    pub class: String,
    /// Code of `PayeeKind`.
    pub payee_kind: String,
    /// The payee's name; for persons a description without names, for example `云山县困难家庭`.
    pub payee: String,
    /// Yuan with at most two decimals.
    pub amount: String,
    /// What for.
    pub purpose: String,
    /// A labelled assumption that replaces a fact which the sources do not give; usually empty.
    pub assumption: String,
    /// What is bought, for purchases.
    pub goods: GoodsForm,
}

/// 〔采购物资〕 What a purchase buys.
#[derive(Debug, Clone, Default)]
pub struct GoodsForm {
    /// Item.
    pub name: String,
    /// Specification, may be empty.
    pub spec: String,
    /// Unit.
    pub unit: String,
    /// How many.
    pub units: String,
}

/// 〔拨付〕 An order to pay as it stands.
#[derive(Debug, Clone)]
pub struct Disbursement {
    /// Its key.
    pub id: Id<ids::Disbursement>,
    /// Whose money.
    pub organisation: Id<ids::Organisation>,
    /// From which fund.
    pub fund: Id<ids::Fund>,
    /// Under which campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// What it is in law.
    pub class: Class,
    /// Who receives.
    pub payee_kind: PayeeKind,
    /// The payee's public name or description.
    pub payee: String,
    /// How much.
    pub amount: Amount,
    /// What for.
    pub purpose: String,
    /// A labelled assumption, usually empty.
    pub assumption: String,
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub maker: Id<ids::User>,
    /// Who checked.
    pub checker: Option<Id<ids::User>>,
    /// Who approved.
    pub approver: Option<Id<ids::User>>,
}

/// Why a step of a disbursement is refused, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisbursementRefused {
    /// The order is not at the step that was asked for.
    WrongState(State),
    /// The same person did an earlier step.
    SamePerson {
        /// The earlier step's name.
        earlier: &'static str,
    },
    /// Held, agency or goods money cannot be paid out this way.
    FundKind(FundKind),
    /// The fund has less than asked for.
    Balance {
        /// What can still be spent, in fen.
        spendable: i64,
        /// What was asked for, in fen.
        asked: i64,
    },
    /// The place has less of this fund than asked for.
    Place {
        /// What is there, in fen.
        there: i64,
    },
    /// Another payment of the organisation has this bank slip.
    VoucherKnown {
        /// Whom that one paid.
        payee: String,
        /// How much, in fen.
        amount: i64,
    },
    /// A purchase needs its goods named.
    GoodsMissing,
}

impl Refused for DisbursementRefused {
    fn code(&self) -> &'static str {
        match self {
            DisbursementRefused::WrongState(_) => "disbursement_wrong_state",
            DisbursementRefused::SamePerson { .. } => "disbursement_same_person",
            DisbursementRefused::FundKind(_) => "disbursement_fund_kind",
            DisbursementRefused::Balance { .. } => "disbursement_balance",
            DisbursementRefused::Place { .. } => "disbursement_place",
            DisbursementRefused::VoucherKnown { .. } => "disbursement_voucher_known",
            DisbursementRefused::GoodsMissing => "disbursement_goods_missing",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            DisbursementRefused::WrongState(state) => {
                say!(
                    "这笔拨付现在是“{state}”，不能做这一步，请刷新页面查看。",
                    state = state.title()
                )
            }
            DisbursementRefused::SamePerson { earlier } => {
                say!(
                    "您已经办过这笔拨付的{earlier}，按规定要换一个人办理这一步。",
                    earlier = *earlier
                )
            }
            DisbursementRefused::FundKind(kind) => {
                say!(
                    "{kind}不能这样拨付，请先把款项归到可用的资金。",
                    kind = kind.title()
                )
            }
            DisbursementRefused::Balance { spendable, asked } => say!(
                "这项资金可用{spendable}，不够支付{asked}，请减少金额或换一项资金。",
                spendable = Fen::new(*spendable),
                asked = Fen::new(*asked)
            ),
            DisbursementRefused::Place { there } => say!(
                "所选账户里这项资金只有{there}，请先登记渠道结算，或换一个账户付款。",
                there = Fen::new(*there)
            ),
            DisbursementRefused::VoucherKnown { payee, amount } => say!(
                "这个回单号已经记在付给{payee}的{amount}上，请核对是不是重复付款；一张回单确实付了几笔的，勾选下面那一项再提交。",
                payee = payee,
                amount = Fen::new(*amount)
            ),
            DisbursementRefused::GoodsMissing => {
                "采购物资要写明品名、单位和数量，请在物资页面办理采购入库。".into()
            }
        }
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            DisbursementRefused::SamePerson { .. } => Some("会计法 第三十五条；AS-14"),
            DisbursementRefused::FundKind(_) | DisbursementRefused::Balance { .. } => {
                Some("慈善法 第五十六条")
            }
            _ => None,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            DisbursementRefused::Balance { .. } => Some("amount"),
            DisbursementRefused::Place { .. } => Some("place"),
            DisbursementRefused::VoucherKnown { .. } => Some("voucher"),
            _ => None,
        }
    }
}

/// What a request becomes when it is well formed.
#[derive(Debug, Clone)]
pub struct Requested {
    /// What it is in law.
    pub class: Class,
    /// Who receives.
    pub payee_kind: PayeeKind,
    /// The payee's public name or description.
    pub payee: String,
    /// How much.
    pub amount: Amount,
    /// What for.
    pub purpose: String,
    /// A labelled assumption, usually empty.
    pub assumption: String,
    /// What is bought and how many units; only for purchases.
    pub goods: Option<(NewItem, i64)>,
}

/// Reads a maker's request.
///
/// # Errors
/// All problems of the form at once.
pub fn decide_request(request: &DisbursementRequest) -> Result<Requested, Vec<Problem>> {
    let mut form = Form::new();
    let class = Class::parse(request.class.trim());
    if class.is_none() {
        form.refuse("class", "choice", "请选择拨付类别。");
    }
    let payee_kind = PayeeKind::parse(request.payee_kind.trim());
    if payee_kind.is_none() {
        form.refuse("payee_kind", "choice", "请选择收款人类型。");
    }
    let payee = form.line("payee", "收款人", &request.payee, LINE_MAX);
    if payee_kind != Some(PayeeKind::Persons) {
        // The name of an organisation stands in the leaf: what the leaf would refuse is said before three people act.
        form.stated("payee", "收款人", &payee);
    }
    let amount = form.amount("amount", &request.amount);
    let purpose = form.line("purpose", "用途", &request.purpose, STORY_MAX);
    let assumption = form.optional("assumption", "假设说明", &request.assumption, STORY_MAX);
    let goods = read_goods(&mut form, class, &request.goods);
    form.finish(())
        .and_then(|()| match (class, payee_kind, amount) {
            (Some(class), Some(payee_kind), Some(amount)) => Ok(Requested {
                class,
                payee_kind,
                payee,
                amount,
                purpose,
                assumption,
                goods,
            }),
            _ => Err(Vec::new()),
        })
}

/// The same for a request to this fund: what the fund cannot bear is told together with what is wrong in the form, so
/// that all problems are seen at once.
///
/// # Errors
/// All problems of the form.
pub fn decide_request_to(
    fund: &Fund,
    request: &DisbursementRequest,
) -> Result<Requested, Vec<Problem>> {
    decide_request(request).map_err(|mut problems| {
        let typed = Form::new().amount("amount", &request.amount);
        let refused = typed.and_then(|amount| check_fund(fund, amount.get()).err());
        if let Some(refused) = refused {
            problems.push(Problem::new("amount", "fund", refused.sentence()));
        }
        problems
    })
}

fn read_goods(form: &mut Form, class: Option<Class>, goods: &GoodsForm) -> Option<(NewItem, i64)> {
    if class != Some(Class::Purchase) {
        return None;
    }
    let units = goods.units.trim().parse::<i64>().unwrap_or(0);
    if !(1..=UNITS_MAX).contains(&units) {
        form.refuse("units", "number", "采购数量请填1到10亿之间的整数。");
    }
    match NewItem::read(&goods.name, &goods.spec, &goods.unit) {
        Ok(item) => Some((item, units)),
        Err(problems) => {
            for problem in problems {
                form.refuse(problem.field, problem.code, problem.sentence);
            }
            None
        }
    }
}

/// May this fund bear this request at all? Checked when asked and again when approved.
///
/// # Errors
/// `FundKind` or `Balance`.
pub fn check_fund(fund: &Fund, amount: i64) -> Result<(), DisbursementRefused> {
    if matches!(
        fund.kind,
        FundKind::Held | FundKind::Agency | FundKind::Goods | FundKind::Fee
    ) {
        return Err(DisbursementRefused::FundKind(fund.kind));
    }
    let spendable = fund.tape.spendable();
    if spendable < amount {
        return Err(DisbursementRefused::Balance {
            spendable,
            asked: amount,
        });
    }
    Ok(())
}

/// The checker agrees: the next state, and whether the money is reserved now.
///
/// # Errors
/// `DisbursementRefused` in precedence order.
pub fn decide_check(
    order: &Disbursement,
    checker: Id<ids::User>,
    fund: &Fund,
    organisation: &Organisation,
) -> Result<State, DisbursementRefused> {
    expect_state(order, State::Requested)?;
    differs(order.maker, checker, "申请")?;
    check_fund(fund, order.amount.get())?;
    if order.amount.get() > organisation.approval_threshold {
        Ok(State::Checked)
    } else {
        Ok(State::Approved)
    }
}

/// The approver agrees to a payment above the threshold.
///
/// # Errors
/// `DisbursementRefused` in precedence order.
pub fn decide_approval(
    order: &Disbursement,
    approver: Id<ids::User>,
    fund: &Fund,
) -> Result<State, DisbursementRefused> {
    expect_state(order, State::Checked)?;
    differs(order.maker, approver, "申请")?;
    if let Some(checker) = order.checker {
        differs(checker, approver, "复核")?;
    }
    check_fund(fund, order.amount.get())?;
    Ok(State::Approved)
}

/// Checker, approver or payer sends the order back; returns the reserved fen that become free.
///
/// # Errors
/// `WrongState` if it is paid or refused already.
pub fn decide_refusal(order: &Disbursement) -> Result<i64, DisbursementRefused> {
    match order.state {
        State::Requested | State::Checked => Ok(0),
        State::Approved => Ok(order.amount.get()),
        state => Err(DisbursementRefused::WrongState(state)),
    }
}

/// What the payer found when paying.
#[derive(Debug)]
pub struct Payment<'a> {
    /// Who pays.
    pub payer: Id<ids::User>,
    /// The place the money leaves.
    pub from: End,
    /// Fen of this fund at that place.
    pub there: i64,
    /// The partner's advance fund and place, for advances.
    pub advance: Option<End>,
    /// The tape and store of what is bought and how many units, for purchases.
    pub goods: Option<(End, i64)>,
    /// The fund as it stands.
    pub fund: &'a Fund,
    /// The moment.
    pub at: Timestamp,
}

/// Reads the number of a bank's slip: wide letters become plain and blanks fall away, so that one slip has one number.
/// May be empty: a bank may give it days later, and cash has none.
///
/// # Errors
/// All problems of the field `voucher`.
pub fn read_voucher(text: &str) -> Result<String, Vec<Problem>> {
    let mut form = Form::new();
    let text = form.private("voucher", "银行回单号", text, VOUCHER_MAX);
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let plain = text.chars().map(narrow).filter(|c| !c.is_whitespace());
    let number = plain.collect::<String>().to_ascii_uppercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
    if !form.has("voucher") && !number.chars().all(allowed) {
        let sentence = "银行回单号只有字母、数字和短横，请照回单上的样子填。";
        form.refuse("voucher", "format", sentence);
    }
    form.finish(number)
}

/// The payer pays: the posting that moves the tape.
///
/// # Errors
/// `DisbursementRefused` in precedence order.
pub fn decide_payment(
    order: &Disbursement,
    payment: &Payment<'_>,
) -> Result<Posting, DisbursementRefused> {
    expect_state(order, State::Approved)?;
    differs(order.maker, payment.payer, "申请")?;
    if let Some(checker) = order.checker {
        differs(checker, payment.payer, "复核")?;
    }
    if let Some(approver) = order.approver {
        differs(approver, payment.payer, "批准")?;
    }
    let amount = order.amount.get();
    if payment.there < amount {
        return Err(DisbursementRefused::Place {
            there: payment.there,
        });
    }
    let (leaf_kind, order_to_move) = movement_of(order, payment)?;
    let subject = Subject::Disbursement(order.id);
    let mut posting = Posting::new(subject, leaf_kind, order.organisation, payment.at)
        .fact("class", order.class.code())
        .public_word("purpose", order.purpose.clone());
    posting = match order.payee_kind {
        // A description of a group, never a name: everybody may hold the page against the leaf.
        PayeeKind::Persons => posting
            .fact("payee_kind", "persons")
            .public_word("payee", order.payee.clone()),
        _ => posting.fact("payee", order.payee.clone()),
    };
    if !order.assumption.is_empty() {
        posting = posting
            .fact("assumed", true)
            .public_word("assumption", order.assumption.clone());
    }
    posting.campaign = order.campaign;
    posting.matter = Some(order.id.raw());
    posting.moves.push(order_to_move.releasing(amount));
    Ok(posting)
}

/// What a class of payment is on the tapes.
fn movement_of(
    order: &Disbursement,
    payment: &Payment<'_>,
) -> Result<(LeafKind, MoveOrder), DisbursementRefused> {
    let (from, amount) = (payment.from, order.amount.get());
    Ok(match (order.class, payment.advance, payment.goods) {
        (Class::Advance, Some(to), _) => (
            LeafKind::Allotment,
            MoveOrder::between(Kind::Allotment, from, to, amount),
        ),
        (Class::Purchase, _, Some((to, units))) => {
            let mut bought = MoveOrder::between(Kind::Conversion, from, to, amount);
            bought.arrives = Some(units);
            (LeafKind::Conversion, bought)
        }
        (Class::Direct, _, _) => (
            LeafKind::Delivery,
            MoveOrder::outflow(Kind::Delivery, from, amount),
        ),
        (Class::Administration | Class::Fundraising, _, _) => {
            (LeafKind::Cost, MoveOrder::outflow(Kind::Cost, from, amount))
        }
        (Class::Advance | Class::Purchase, _, _) => return Err(DisbursementRefused::GoodsMissing),
    })
}

fn expect_state(order: &Disbursement, state: State) -> Result<(), DisbursementRefused> {
    if order.state == state {
        Ok(())
    } else {
        Err(DisbursementRefused::WrongState(order.state))
    }
}

fn differs(
    earlier: Id<ids::User>,
    now: Id<ids::User>,
    step: &'static str,
) -> Result<(), DisbursementRefused> {
    if earlier == now {
        Err(DisbursementRefused::SamePerson { earlier: step })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
