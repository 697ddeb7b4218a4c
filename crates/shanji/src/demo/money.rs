//! Money out of the demo province's funds: settled, asked for, checked, approved, paid, delivered, returned.

use super::evidence_files;
use super::gifts::day;
use super::player::{Later, Player, database, id_of, lost};
use super::seeds::{Delivery, FundStep, Payment};
use crate::outcome::Failure;
use app::command::{DisbursementStep, EvidenceRef, FundForm, Voucher};
use app::{Command, Outcome};
use domain::funds::{DeliveryForm, DisbursementRequest, FundKind, GoodsForm, account};
use gateway::SystemEntropy;
use kernel::{Day, Fen, Id};
use leaf::ids;
use sha2::{Digest, Sha256};

/// Reasons that people write beside their steps.
const AGREED: &str = "与备案用途一致，单据齐全。";

impl<'a> Player<'a> {
    /// Settles what waits at the demo channel of every organisation.
    pub(super) async fn settle(&mut self, today: Day) -> Result<(), Failure> {
        for organisation in ["federation", "jiangcheng", "yingdeng", "shanquan"] {
            let places = self.places(organisation).await?;
            let clearing = places.iter().find(|p| p.place.account == account::CLEARING);
            let Some(clearing) = clearing.filter(|clearing| clearing.amount > 0) else {
                continue;
            };
            let fees = self.fees(organisation).await?;
            let sum = clearing.amount - fees;
            if sum <= 0 {
                continue;
            }
            let to = self.bank(organisation).await?;
            let bill = format!("演示渠道结算单 {today} {organisation} {}", Fen::new(sum));
            let command = Command::Settle {
                from: self.app.print(clearing.place.id),
                to,
                sum: Fen::new(sum).to_string(),
                bill: Sha256::digest(bill).into(),
            };
            let payer = self.login(organisation, "payer")?;
            self.act(payer, command).await?;
        }
        Ok(())
    }

    /// What the channel will keep as its fee, in fen.
    async fn fees(&self, organisation: &str) -> Result<i64, Failure> {
        let id: Id<ids::Organisation> = self.read(&self.organisation(organisation)?)?;
        let funds = {
            let mut read = self.app.db().read_tx().await.map_err(database)?;
            store::funds::funds_of_organisation(&mut read, id)
                .await
                .map_err(database)?
        };
        let mut sum = 0;
        for fund in funds.iter().filter(|fund| fund.kind == FundKind::Fee) {
            sum += self.there(fund, account::CLEARING).await?;
        }
        Ok(sum)
    }

    /// Opens a designated fund and fills it from a campaign's fund.
    pub(super) async fn open_fund(&mut self, step: &'a FundStep) -> Result<(), Failure> {
        let form = FundForm {
            organisation: self.organisation(&step.organisation)?,
            campaign: self.made(&step.campaign)?.id,
            kind: step.kind.clone(),
            title: step.title.clone(),
            purpose: step.purpose.clone(),
        };
        let maker = self.login(&step.organisation, "maker")?;
        let to = id_of(self.act(maker, Command::FundOpen(form)).await?)?;
        self.wait(20);
        let from = self.fund_of(&step.from, FundKind::Project).await?;
        let repair = app::command::Repair::Reclassify {
            from: self.app.print(from.id),
            to: to.clone(),
            place: self.bank(&step.organisation).await?,
            amount: self.share(&from, step.percent).await?,
            reason: step.reason.clone(),
            assumed: false,
        };
        self.repair(maker, repair).await?;
        self.funds.insert(&step.key, to);
        Ok(())
    }

    async fn source(&self, payment: &Payment) -> Result<domain::funds::Fund, Failure> {
        match payment.fund.as_str() {
            "" => self.fund_of(&payment.campaign, FundKind::Project).await,
            "administrative" => {
                self.fund_of(&payment.campaign, FundKind::Administrative)
                    .await
            }
            key => {
                let id = self
                    .funds
                    .get(key)
                    .cloned()
                    .ok_or_else(|| lost(&format!("资金 {key}")))?;
                self.fund(&id).await
            }
        }
    }

    /// The key of the organisation whose campaign it is.
    pub(super) fn owner(&self, campaign: &str) -> Result<&'a str, Failure> {
        let found = self.seeds.campaigns.iter().find(|c| c.key == campaign);
        found
            .map(|c| c.organisation.as_str())
            .ok_or_else(|| lost(&format!("活动 {campaign}")))
    }

    /// An order to pay, as far as the story takes it.
    pub(super) async fn pay(&mut self, payment: &Payment) -> Result<(), Failure> {
        let owner = self.owner(&payment.campaign)?;
        let fund = self.source(payment).await?;
        let amount = match payment.yuan.as_str() {
            "" => self.share(&fund, payment.percent).await?,
            yuan => yuan.to_owned(),
        };
        let request = DisbursementRequest {
            class: payment.class.clone(),
            payee_kind: payment.payee_kind.clone(),
            payee: payment.payee.clone(),
            amount,
            purpose: payment.purpose.clone(),
            assumption: String::new(),
            goods: payment
                .goods
                .as_ref()
                .map_or_else(GoodsForm::default, |goods| GoodsForm {
                    name: goods.name.clone(),
                    spec: goods.spec.clone(),
                    unit: goods.unit.clone(),
                    units: goods.units.to_string(),
                }),
        };
        let fund = self.app.print(fund.id);
        let maker = self.login(owner, "maker")?;
        let order = id_of(
            self.act(maker, Command::DisbursementRequest { fund, request })
                .await?,
        )?;
        if payment.until == "requested" {
            return Ok(());
        }
        self.wait(15);
        let checker = self.login(owner, "checker")?;
        if !payment.refused.is_empty() {
            let step = DisbursementStep::Refuse;
            return self
                .step(checker, &order, (step, &payment.refused))
                .await
                .map(|_| ());
        }
        let state = self
            .step(checker, &order, (DisbursementStep::Check, AGREED))
            .await?;
        if state == "checked" && payment.until != "checked" {
            self.wait(20);
            let approver = self.login(owner, "approver")?;
            self.step(approver, &order, (DisbursementStep::Approve, "同意。"))
                .await?;
        }
        if !payment.until.is_empty() {
            return Ok(());
        }
        self.wait(15);
        // A bank that does not exist numbers its slips like the orders.
        let body = order.split('_').next_back().unwrap_or_default();
        let voucher = Voucher {
            number: format!("YS-{body}"),
            shared: false,
        };
        let command = Command::DisbursementPay {
            disbursement: order,
            place: self.bank(owner).await?,
            voucher,
        };
        let payer = self.login(owner, "payer")?;
        let paid = self.act(payer, command).await?;
        self.after_payment(payment, (owner, maker), paid).await
    }

    async fn step(
        &mut self,
        who: &str,
        order: &str,
        (step, reason): (DisbursementStep, &str),
    ) -> Result<String, Failure> {
        let command = Command::DisbursementStep {
            disbursement: order.into(),
            step,
            reason: reason.into(),
        };
        match self.act(who, command).await? {
            Outcome::Step { state, .. } => Ok(state),
            other => Err(lost(&format!("拨付的状态（{other:?}）"))),
        }
    }

    /// Evidence of a direct payment, and remembering what may be reversed.
    async fn after_payment(
        &mut self,
        payment: &Payment,
        (owner, maker): (&'a str, &'a str),
        paid: Outcome,
    ) -> Result<(), Failure> {
        let Outcome::Moved { movements, .. } = paid else {
            return Err(lost("付款的流转"));
        };
        let movement = movements
            .into_iter()
            .next()
            .ok_or_else(|| lost("付款的流转"))?;
        if let Some(reversed) = &payment.reversed {
            self.later.push(Later {
                day: day(&reversed.day)?,
                who: self.login(owner, "maker")?,
                command: Command::Repair(app::command::Repair::Reverse {
                    movement: movement.clone(),
                    reason: reversed.reason.clone(),
                }),
            });
        }
        if let Some(goods) = &payment.goods {
            let unit = format!("{}|{}|{}", goods.name, goods.spec, goods.unit);
            let fund = self.goods_fund(&self.organisation(owner)?, &unit).await?;
            self.hand_out(&fund, maker, &payment.handout)?;
        }
        if payment.evidence.is_empty() {
            return Ok(());
        }
        let id: Id<ids::Movement> = self.read(&movement)?;
        let found = {
            let mut read = self.app.db().read_tx().await.map_err(database)?;
            let keys = [id.raw()];
            store::funds::deliveries_by_movements(&mut read, &keys)
                .await
                .map_err(database)?
        };
        let delivery = found
            .first()
            .map(|d| self.app.print(d.id))
            .ok_or_else(|| lost("发放"))?;
        self.wait(30);
        let evidence = self.evidence(&payment.evidence, &payment.purpose)?;
        self.act(maker, Command::EvidenceAttach { delivery, evidence })
            .await
            .map(|_| ())
    }

    /// Puts generated files into the evidence store.
    fn evidence(&mut self, kinds: &[String], scheme: &str) -> Result<Vec<EvidenceRef>, Failure> {
        let mut kept = Vec::new();
        for kind in kinds {
            self.files += 1;
            let file = evidence_files::make(kind, scheme, self.files);
            let digest = self
                .app
                .evidence()
                .put(&file.bytes, file.mime, &SystemEntropy)
                .map_err(|error| lost(&format!("凭证文件的位置（{error}）")))?;
            kept.push(EvidenceRef {
                sha256: digest.sha256,
                length: i64::try_from(digest.len).unwrap_or(i64::MAX),
                mime: digest.media_type.mime().into(),
                title: file.title,
            });
        }
        Ok(kept)
    }

    async fn advance(&self, payment: &Payment) -> Result<domain::funds::Fund, Failure> {
        let title = format!("预付 {}", payment.payee);
        let funds = self.funds_of(&payment.campaign).await?;
        let found = funds
            .into_iter()
            .find(|f| f.kind == FundKind::Advance && f.title == title);
        found.ok_or_else(|| lost(&title))
    }

    /// A partner reports the use of an advance.
    pub(super) async fn deliver(
        &mut self,
        payment: &Payment,
        delivery: &Delivery,
        today: Day,
    ) -> Result<(), Failure> {
        let fund = self.advance(payment).await?;
        let amount = part(fund.tape.balance(), delivery.percent);
        let form = DeliveryForm {
            amount,
            payee: delivery.payee.clone(),
            scheme: delivery.scheme.clone(),
            region: delivery.region.clone(),
            persons: delivery.persons.to_string(),
            reached_on: today.plus_days(-2).to_string(),
        };
        let evidence = self.evidence(&delivery.evidence, &delivery.scheme)?;
        let fund = self.app.print(fund.id);
        let command = Command::DeliveryRecord {
            fund,
            form,
            evidence,
        };
        self.act(&payment.partner, command).await.map(|_| ())
    }

    /// A partner gives unused money back.
    pub(super) async fn give_back(
        &mut self,
        payment: &Payment,
        percent: i64,
    ) -> Result<(), Failure> {
        let fund = self.advance(payment).await?;
        let owner = self.owner(&payment.campaign)?;
        let command = Command::AdvanceReturn {
            fund: self.app.print(fund.id),
            amount: part(fund.tape.balance(), percent),
            place: self.bank(owner).await?,
        };
        self.act(&payment.partner, command).await.map(|_| ())
    }
}

/// Per cent of a balance, to the fen if it is all and to the yuan otherwise.
fn part(balance: i64, percent: i64) -> String {
    let fen = if percent == 100 {
        balance
    } else {
        balance / 100 * percent / 100 * 100
    };
    Fen::new(fen).to_string()
}
