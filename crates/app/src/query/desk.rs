//! The desk: what is to be done at one organisation, and an order to pay with its next step.

use super::duties::Waits;
use super::limits::{CARDS, LIST_ROWS};
use super::words::step;
use super::{found, keys};
use crate::answer::Answer;
use crate::view::{DeskPage, DisbursementPage, HeldLine, ImportRunLine, StepLine};
use crate::{App, AppError};
use db::Session;
use domain::exchange::import::Layout;
use domain::fundraising::HeldReason;
use domain::funds::{Disbursement, DisbursementState, Fund};
use domain::identity::{Action, Actor, Object, permit};
use domain::parties::Organisation;
use domain::parties::register::Item;
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Id;
use leaf::ids;
use store::exchange::ImportRunRecord;
use store::fundraising::DonationRecord;

/// A desk that was opened: whose, and what the user may do there, as action codes.
pub(super) struct OpenDesk {
    pub(super) id: Id<ids::Organisation>,
    pub(super) object: Object,
    pub(super) may: Vec<String>,
}

impl App {
    /// One organisation's desk, for those who work there or watch it.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn desk_page<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
    ) -> Answer<'a, DeskPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let OpenDesk { id, object, may } = self.open_desk(read, actor, organisation).await?;
            let waiting = store::funds::disbursements_open(read, id).await?;
            let campaigns = store::fundraising::campaigns_of_organisation(read, id, CARDS).await?;
            let mut funds = store::funds::funds_of_organisation(read, id).await?;
            funds.extend(store::funds::funds_of_partner(read, id).await?);
            let places = store::funds::places_of_organisation(read, id).await?;
            let imports = store::exchange::import_runs_of_organisation(read, id, LIST_ROWS).await?;
            let recent = store::fundraising::donations_of_organisation(read, id, LIST_ROWS).await?;
            let held = store::fundraising::donations_held(read, id, LIST_ROWS).await?;
            let questions = store::fundraising::questions_waiting(read, id, LIST_ROWS).await?;
            let questions = (self.question_lines(read, &questions).await?, questions);
            let asked = store::funds::repairs_waiting(read, id).await?;
            let repairs = self.repair_lines(read, &asked, (actor, &object)).await?;
            let campaigns_words = self.disclosures_of(read, &campaigns).await?;
            let waits = Waits {
                payments: &waiting,
                held: &held,
                campaigns: &campaigns,
                disclosures: &campaigns_words,
                questions: &questions.1,
                imports: &imports,
                repairs: (&asked, &repairs),
            };
            let duties = self.duty_lines(&waits, actor, &object);
            let register = store::parties::register_of(read, id).await?;
            let legal = register.standing(Item::Legal, self.now().day());
            let ended = legal.filter(|standing| standing.is_end());
            Ok(DeskPage {
                organisation: self.organisation_link(read, id).await?,
                ended: ended.map(|standing| standing.title().to_owned()),
                may,
                duties,
                questions: questions.0,
                waiting: self.disbursement_lines(read, &waiting).await?,
                repairs,
                held: self.held_lines(read, &held).await?,
                campaigns: self.cards(read, &campaigns).await?,
                funds: funds.iter().map(|fund| self.fund_line(fund)).collect(),
                places: places.iter().map(|place| self.place_line(place)).collect(),
                imports: imports.iter().map(|run| self.import_line(run)).collect(),
                recent: self.gift_lines(read, &recent).await?,
            })
        })
    }

    /// Opens an organisation's desk for somebody who works there or watches it.
    ///
    /// # Errors
    /// `NotFound`; `Denied`; the engine's refusal.
    pub(super) async fn open_desk(
        &self,
        session: &mut Session,
        actor: &Actor,
        organisation: &str,
    ) -> Result<OpenDesk, AppError> {
        let id: Id<ids::Organisation> = self.read_id(organisation)?;
        let row = store::parties::organisation_by_id(session, id).await?;
        let object = object_of(&found(row, "这个组织")?).held_by(Some(id));
        permit(actor, Action::DeskRead, &object).map_err(AppError::denied)?;
        let may = Action::ALL
            .into_iter()
            .filter(|action| permit(actor, *action, &object).is_ok())
            .map(|action| action.code().to_string())
            .collect();
        Ok(OpenDesk { id, object, may })
    }

    async fn held_lines(
        &self,
        session: &mut Session,
        rows: &[DonationRecord],
    ) -> Result<Vec<HeldLine>, AppError> {
        let gifts = self.gift_lines(session, rows).await?;
        let reason = |code: &str| HeldReason::parse(code).map_or("原因待查", HeldReason::sentence);
        let lines = gifts.into_iter().zip(rows);
        Ok(lines
            .map(|(gift, row)| HeldLine {
                gift,
                reason: reason(&row.held_reason).into(),
            })
            .collect())
    }

    /// An import as a line of a list.
    pub(crate) fn import_line(&self, run: &ImportRunRecord) -> ImportRunLine {
        let layout = Layout::ALL
            .into_iter()
            .find(|layout| layout.code() == run.layout);
        let [rows, accepted, rejected, posted] = run.rows;
        let [amount, amount_accepted, amount_rejected] = run.amounts;
        ImportRunLine {
            id: self.print(run.id),
            layout: layout.map_or_else(|| run.layout.clone(), |layout| layout.title().to_string()),
            file: run.file_name.clone(),
            state: run.state.clone(),
            rows,
            accepted,
            rejected,
            posted,
            amount,
            amount_accepted,
            amount_rejected,
            at: run.staged_at.rfc3339(),
        }
    }

    /// An order to pay: its steps, and what the next one would do.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn disbursement_page<'a>(
        &'a self,
        actor: &'a Actor,
        id: &'a str,
    ) -> Answer<'a, DisbursementPage> {
        Box::pin(async move {
            let id: Id<ids::Disbursement> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = found(
                store::funds::disbursement_record(read, id).await?,
                "这笔拨付",
            )?;
            let organisation = row.order.organisation;
            let owner = store::parties::organisation_by_id(read, organisation).await?;
            let owner = found(owner, "这个组织")?;
            let object = object_of(&owner);
            permit(actor, Action::DeskRead, &object).map_err(AppError::denied)?;
            let fund = store::funds::fund_by_id(read, row.order.fund).await?;
            let fund = found(fund, "这项资金")?;
            let places = store::funds::places_of_fund(read, fund.id).await?;
            let mut lines = self
                .disbursement_lines(read, std::slice::from_ref(&row))
                .await?;
            let paid: Vec<i64> = row.movement.iter().map(|id| id.raw()).collect();
            let made = store::funds::deliveries_by_movements(read, &paid).await?;
            Ok(DisbursementPage {
                delivery: made.first().map(|delivery| self.print(delivery.id)),
                line: found(lines.pop(), "这笔拨付")?,
                rule: row.order.class.rule(),
                organisation: self.organisation_link(read, organisation).await?,
                fund: self.fund_line(&fund),
                steps: self.steps(read, (id, &row.voucher)).await?,
                may: may(actor, &row.order, &object),
                effect: effect(&row.order, &fund, &owner),
                places: places.iter().map(|place| self.place_line(place)).collect(),
                assumption: row.order.assumption.clone(),
            })
        })
    }

    /// The order that a movement paid and the number of the bank's slip, for those who may read that desk; nothing
    /// for everybody else, and for movements that no order paid.
    ///
    /// # Errors
    /// `NotFound` for a number that nobody has.
    pub fn order_of_movement<'a>(
        &'a self,
        actor: &'a Actor,
        movement: &'a str,
    ) -> Answer<'a, Option<(String, String)>> {
        Box::pin(async move {
            let id: Id<ids::Movement> = self.read_id(movement)?;
            let mut read = self.db().read_tx().await?;
            let record = store::funds::movement_by_id(&mut read, id).await?;
            let Some(order) = record.and_then(|record| record.matter) else {
                return Ok(None);
            };
            let order = store::funds::disbursement_record(&mut read, Id::from_raw(order)).await?;
            let Some(row) = order.filter(|row| row.movement == Some(id)) else {
                return Ok(None);
            };
            let owner = store::parties::organisation_by_id(&mut read, row.order.organisation);
            let object = object_of(&found(owner.await?, "这个组织")?);
            let may = permit(actor, Action::DeskRead, &object).is_ok();
            Ok(may.then(|| (self.print(row.order.id), row.voucher)))
        })
    }

    async fn steps(
        &self,
        session: &mut Session,
        (id, voucher): (Id<ids::Disbursement>, &str),
    ) -> Result<Vec<StepLine>, AppError> {
        let rows = store::funds::matter_steps(session, id.raw()).await?;
        let users = keys(rows.iter().filter_map(|row| row.user).map(Id::raw));
        let names = store::identity::user_names(session, &users).await?;
        let who = |user: Option<Id<ids::User>>| match user {
            None => "本系统".to_string(),
            Some(id) => names.get(&id.raw()).cloned().unwrap_or_default(),
        };
        let line = |row: store::funds::StepRecord| StepLine {
            voucher: match row.step.as_str() {
                "pay" => voucher.to_owned(),
                _ => String::new(),
            },
            step: step(&row.step),
            who: who(row.user),
            at: row.at.rfc3339(),
            reason: row.reason,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

fn object_of(organisation: &Organisation) -> Object {
    Object {
        organisation: Some(organisation.id),
        region: organisation.region,
        partner: None,
    }
}

/// The steps this user may take now: the role, the state, and never a person who took an earlier step.
pub(super) fn may(actor: &Actor, order: &Disbursement, object: &Object) -> Vec<String> {
    let steps: &[(&str, Action)] = match order.state {
        DisbursementState::Requested => &[
            ("check", Action::DisbursementCheck),
            ("refuse", Action::DisbursementCheck),
        ],
        DisbursementState::Checked => &[
            ("approve", Action::DisbursementApprove),
            ("refuse", Action::DisbursementApprove),
        ],
        DisbursementState::Approved => &[
            ("pay", Action::DisbursementPay),
            ("refuse", Action::DisbursementPay),
        ],
        DisbursementState::Paid | DisbursementState::Refused => &[],
    };
    let earlier = [Some(order.maker), order.checker, order.approver];
    let again = actor
        .user_id()
        .is_some_and(|user| earlier.contains(&Some(user)));
    let allowed = steps
        .iter()
        .filter(|(_, action)| permit(actor, *action, object).is_ok());
    allowed
        .filter(|(step, _)| !again || *step == "refuse")
        .map(|(s, _)| (*s).to_string())
        .collect()
}

/// What the next step will do, before anybody does it.
fn effect(order: &Disbursement, fund: &Fund, organisation: &Organisation) -> Sentence {
    let yuan = Value::Fen;
    let amount = order.amount.get();
    let spendable = fund.tape.spendable();
    match order.state {
        DisbursementState::Requested if amount > spendable => say!(
            "这项资金可用{spendable}，不够支付{amount}，复核不会通过，请退回申请或换一项资金。",
            spendable = yuan(spendable),
            amount = yuan(amount)
        ),
        DisbursementState::Requested if amount > organisation.approval_threshold => {
            say!(
                "复核后还要由负责人批准，因为超过了{threshold}。",
                threshold = yuan(organisation.approval_threshold)
            )
        }
        DisbursementState::Requested => {
            say!(
                "不超过本单位的批准起点{threshold}，复核后不用再批准；预留{amount}，这项资金还可用{left}。",
                threshold = yuan(organisation.approval_threshold),
                amount = yuan(amount),
                left = yuan(spendable - amount)
            )
        }
        DisbursementState::Checked => {
            say!(
                "超过本单位的批准起点{threshold}，所以要批准；批准后预留{amount}，这项资金还可用{left}。",
                threshold = yuan(organisation.approval_threshold),
                amount = yuan(amount),
                left = yuan(spendable - amount)
            )
        }
        DisbursementState::Approved => say!(
            "付款后这项资金余{left}，并立即写进公开日志，不能撤回，只能冲回。",
            left = yuan(fund.tape.balance() - amount)
        ),
        DisbursementState::Paid => {
            "这笔拨付已经付款；送达的签收单、发票或照片请作为凭证补充。".into()
        }
        DisbursementState::Refused => "这笔拨付已退回，请重新申请。".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::funds::{Class, FundKind, PayeeKind, Restriction};
    use domain::identity::{Grant, Role};
    use kernel::{Amount, Day};
    use ledger::Tape;

    fn order(state: DisbursementState, amount: i64) -> Disbursement {
        Disbursement {
            id: Id::from_raw(1),
            organisation: Id::from_raw(7),
            fund: Id::from_raw(2),
            campaign: None,
            class: Class::Direct,
            payee_kind: PayeeKind::Organisation,
            payee: "云山县医院".into(),
            amount: Amount::new(amount).unwrap(),
            purpose: "冬衣".into(),
            assumption: String::new(),
            state,
            maker: Id::from_raw(11),
            checker: (state == DisbursementState::Approved).then_some(Id::from_raw(12)),
            approver: None,
        }
    }

    fn actor(user: i64, role: Role) -> Actor {
        let grant = Grant {
            role,
            organisation: Some(Id::from_raw(7)),
            region: None,
            from: Day::from_number(0),
            to: None,
        };
        Actor::user(
            Id::from_raw(user),
            "甲",
            vec![grant],
            Day::from_number(20_000),
        )
    }

    #[track_caller]
    fn check_may(user: i64, role: Role, state: DisbursementState, want: &[&str]) {
        let object = Object::of(Id::from_raw(7));
        assert_eq!(may(&actor(user, role), &order(state, 100), &object), want);
    }

    #[test]
    fn nobody_takes_two_steps_of_one_order() {
        check_may(
            13,
            Role::Checker,
            DisbursementState::Requested,
            &["check", "refuse"],
        );
        check_may(11, Role::Checker, DisbursementState::Requested, &["refuse"]);
        check_may(12, Role::Payer, DisbursementState::Approved, &["refuse"]);
        check_may(
            13,
            Role::Payer,
            DisbursementState::Approved,
            &["pay", "refuse"],
        );
        check_may(13, Role::Payer, DisbursementState::Requested, &[]);
        check_may(13, Role::Payer, DisbursementState::Paid, &[]);
    }

    #[track_caller]
    fn check_effect(state: DisbursementState, amount: i64, want: &str) {
        let fund = Fund {
            id: Id::from_raw(2),
            organisation: Id::from_raw(7),
            kind: FundKind::Project,
            unit: "fen".into(),
            title: "冬衣".into(),
            restriction: Restriction::Purpose,
            campaign: None,
            partner: None,
            tape: Tape {
                inflow: 10_000,
                outflow: 0,
                reserved: 1_000,
            },
        };
        let organisation = Organisation {
            id: Id::from_raw(7),
            name: "云山县慈善总会".into(),
            region: None,
            approval_threshold: 5_000,
        };
        let said = effect(&order(state, amount), &fund, &organisation);
        assert!(said.contains(want), "{said}");
    }

    #[test]
    fn the_effect_is_stated_before_the_step() {
        check_effect(
            DisbursementState::Requested,
            4_000,
            "预留40.00元，这项资金还可用50.00元",
        );
        check_effect(DisbursementState::Requested, 6_000, "负责人批准");
        check_effect(DisbursementState::Requested, 9_001, "不够支付");
        check_effect(DisbursementState::Approved, 1_000, "余90.00元");
    }
}
