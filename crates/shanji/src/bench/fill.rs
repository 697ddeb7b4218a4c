//! Fills one fund: gifts as an import brings them, payments with four eyes, refunds that swap places.

use super::notices::GIFT_FEN;
use super::site::Charity;
use crate::house::failure;
use crate::outcome::Failure;
use crate::screen::progress;
use app::command::DisbursementStep;
use app::exchange::{ImportGift, ImportPart, ImportRows};
use app::{App, AppError, Command, CommandKey, Outcome};
use domain::fundraising::Donor;
use domain::funds::{DisbursementRequest, account};
use domain::identity::{Actor, Grant, Role};
use gateway::Stopwatch;
use kernel::{Amount, Fen, Id};
use leaf::ids;
use store::audit;
use store::batch::ImportProgress;

/// Rows of one part of the import.
const PART_ROWS: u32 = 2_000;
/// Rows that are read at once.
const PAGE: i64 = 5_000;
/// One payment for so many gifts.
const GIFTS_PER_PAYMENT: u32 = 1_000;
/// One refund for so many gifts.
const GIFTS_PER_REFUND: u32 = 5_000;
/// Yuan of each payment: 60 per cent of what a thousand gifts bring after ten per cent of administration.
const PAYMENT_YUAN: &str = "27000";
/// The same for the few gifts of a small house.
const SMALL_PAYMENT_YUAN: &str = "27";

/// A fund with a history.
#[derive(Debug)]
pub(super) struct Filled {
    /// Printed ids of all gifts.
    pub(super) donations: Vec<String>,
    /// Printed ids of the payments' movements.
    pub(super) movements: Vec<String>,
    /// How many gifts were given back.
    pub(super) refunds: u64,
    /// Rate of the import.
    pub(super) gifts_per_second: u64,
}

/// Fills the charity's first campaign.
///
/// # Errors
/// The house refuses, which would be a mistake of ours.
pub(super) async fn fill(app: &App, charity: &Charity, gifts: u32) -> Result<Filled, Failure> {
    let filler = Filler { app, charity };
    filler.run(gifts).await.map_err(|error| failure(&error))
}

struct Filler<'a> {
    app: &'a App,
    charity: &'a Charity,
}

impl Filler<'_> {
    async fn run(&self, gifts: u32) -> Result<Filled, AppError> {
        let watch = Stopwatch::start();
        self.import(gifts).await?;
        let gifts_per_second = watch.per_second(u64::from(gifts));
        let donations = self.donations().await?;
        let movements = self.pay(gifts).await?;
        let refunds = self.refund(&donations).await?;
        Ok(Filled {
            donations,
            movements,
            refunds,
            gifts_per_second,
        })
    }

    async fn done(
        &self,
        actor: &Actor,
        key: String,
        command: Command,
    ) -> Result<Outcome, AppError> {
        self.app
            .write(actor, &CommandKey(format!("bench/{key}")), command)
            .await
    }

    fn campaign(&self) -> Result<Id<ids::Campaign>, AppError> {
        self.app
            .read_id(self.charity.campaigns.first().map_or("", String::as_str))
    }

    async fn import(&self, gifts: u32) -> Result<(), AppError> {
        let house = Actor::house("bench");
        let organisation: Id<ids::Organisation> = self.app.read_id(&self.charity.organisation)?;
        let campaign = self.campaign()?;
        let run = ImportProgress {
            layout: "bench".into(),
            file_name: "bench".into(),
            organisation: Some(organisation.raw()),
            campaign: Some(campaign.raw()),
            rows: (i64::from(gifts), i64::from(gifts), 0),
            ..ImportProgress::default()
        };
        let staged = self
            .done(&house, "stage".into(), Command::ImportStage(Box::new(run)))
            .await?;
        let Outcome::Record { id } = staged else {
            return Err(AppError::NotFound("导入批次"));
        };
        let run = self.app.read_id(&id)?;
        let bar = progress(u64::from(gifts), "记入捐赠");
        for first in (0..gifts).step_by(PART_ROWS as usize) {
            let lines = first..gifts.min(first.saturating_add(PART_ROWS));
            let rows =
                ImportRows::Gifts(lines.clone().filter_map(|line| self.gift(line)).collect());
            let part = ImportPart {
                run,
                organisation: Some(organisation),
                campaign: Some(campaign),
                rows,
            };
            self.done(
                &house,
                format!("part/{first}"),
                Command::ImportPost(Box::new(part)),
            )
            .await?;
            bar.inc(u64::from(lines.end - lines.start));
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn gift(&self, line: u32) -> Option<ImportGift> {
        Some(ImportGift {
            line: i64::from(line),
            channel: "bank".into(),
            external_id: format!("{line:012}"),
            amount: Amount::new(GIFT_FEN)?,
            fee: Fen::ZERO,
            paid_at: self.app.now(),
            time_known: true,
            published_day: None,
            donor: Donor::nobody(),
        })
    }

    async fn donations(&self) -> Result<Vec<String>, AppError> {
        let mut read = self.app.db().read_tx().await?;
        let (mut all, mut after) = (Vec::new(), i64::MIN);
        loop {
            let rows = audit::donation_rows_after(&mut read, after, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(all);
            };
            after = last.id;
            all.extend(
                rows.iter()
                    .map(|row| self.app.print(Id::<ids::Donation>::from_raw(row.id))),
            );
        }
    }

    /// Somebody with a role; benches need no account for them.
    fn person(&self, number: i64, role: Role) -> Result<Actor, AppError> {
        let organisation = Some(self.app.read_id(&self.charity.organisation)?);
        let today = self.app.now().day();
        let grant = Grant {
            role,
            organisation,
            region: None,
            from: today,
            to: None,
        };
        Ok(Actor::user(
            Id::from_raw(number),
            role.title(),
            vec![grant],
            today,
        ))
    }

    async fn pay(&self, gifts: u32) -> Result<Vec<String>, AppError> {
        let maker = self.person(1, Role::Maker)?;
        let (checker, payer) = (self.person(2, Role::Checker)?, self.person(3, Role::Payer)?);
        let (fund, place) = self.fund_and_place().await?;
        let is_small = gifts < GIFTS_PER_PAYMENT;
        let payments = if is_small {
            gifts.div_ceil(10)
        } else {
            gifts / GIFTS_PER_PAYMENT
        };
        let amount = if is_small {
            SMALL_PAYMENT_YUAN
        } else {
            PAYMENT_YUAN
        };
        let mut movements = Vec::new();
        for n in 0..payments {
            let request = DisbursementRequest {
                class: "direct".into(),
                payee_kind: "organisation".into(),
                payee: "云山县中心小学".into(),
                amount: amount.into(),
                purpose: "助学金".into(),
                ..DisbursementRequest::default()
            };
            let asked = Command::DisbursementRequest {
                fund: fund.clone(),
                request,
            };
            let asked = self.done(&maker, format!("ask/{n}"), asked).await?;
            let Outcome::Step {
                id: disbursement, ..
            } = asked
            else {
                return Err(AppError::NotFound("拨付"));
            };
            let step = DisbursementStep::Check;
            let checked = Command::DisbursementStep {
                disbursement: disbursement.clone(),
                step,
                reason: String::new(),
            };
            self.done(&checker, format!("check/{n}"), checked).await?;
            let pay = Command::DisbursementPay {
                disbursement,
                place: place.clone(),
                voucher: app::command::Voucher::default(),
            };
            if let Outcome::Moved {
                movements: made, ..
            } = self.done(&payer, format!("pay/{n}"), pay).await?
            {
                movements.extend(made);
            }
        }
        Ok(movements)
    }

    /// The campaign's project fund and the bank account where its money is.
    async fn fund_and_place(&self) -> Result<(String, String), AppError> {
        let campaign = self.campaign()?;
        let mut read = self.app.db().read_tx().await?;
        let campaign = store::fundraising::campaign_by_id(&mut read, campaign).await?;
        let fund = campaign
            .and_then(|c| c.project_fund)
            .ok_or(AppError::NotFound("项目资金"))?;
        let places = audit::place_rows_after(&mut read, i64::MIN, PAGE).await?;
        let bank = places.iter().find(|place| place.account == account::BANK);
        let bank = bank.ok_or(AppError::NotFound("银行账户"))?;
        Ok((
            self.app.print(fund),
            self.app.print(Id::<ids::Place>::from_raw(bank.id)),
        ))
    }

    /// Gives single gifts back, among them many whose money was already used.
    async fn refund(&self, donations: &[String]) -> Result<u64, AppError> {
        let house = Actor::house("bench");
        let mut refunds = 0;
        for donation in donations.iter().skip(1).step_by(GIFTS_PER_REFUND as usize) {
            let refund = Command::Repair(app::command::Repair::Refund {
                donation: donation.clone(),
                amount: String::new(),
                reason: "捐赠人重复支付".into(),
            });
            match self
                .done(&house, format!("refund/{donation}"), refund)
                .await
            {
                Ok(_) => refunds += 1,
                // What has been used up cannot be given back.
                Err(AppError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(refunds)
    }
}
