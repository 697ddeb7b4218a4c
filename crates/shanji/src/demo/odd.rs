//! What does not go as planned in the demo province, and what is no money: counter slips, refunds, held money, goods.

use super::gifts::day;
use super::player::{Later, Player, database, id_of, lost, moment};
use super::seeds::{Counter, Goods, GoodsOut, Held, Refund};
use crate::outcome::Failure;
use app::command::{CounterGift, GoodsGift};
use app::{Command, DEMO_CHANNEL, Outcome};
use domain::fundraising::{HeldReason, IntentForm};
use domain::funds::GoodsForm;
use domain::identity::Actor;
use kernel::{Day, Id};
use leaf::ids;

/// The minute of the day at which a campaign that reached its aim is ended.
pub(super) const END_MINUTE: i64 = 21 * 60;

impl<'a> Player<'a> {
    /// A gift at the counter; a wrong one is corrected and entered anew on a later day.
    pub(super) async fn counter(&mut self, counter: &Counter) -> Result<(), Failure> {
        let owner = self.owner(&counter.campaign)?;
        let maker = self.login(owner, "maker")?;
        let donation = id_of(self.act(maker, self.slip(counter, &counter.yuan)?).await?)?;
        if let Some(corrected) = &counter.corrected {
            let day = day(&corrected.day)?;
            let reason = corrected.reason.clone();
            let command = Command::Repair(app::command::Repair::Correct { donation, reason });
            self.later.push(Later {
                day,
                who: maker,
                command,
            });
            let command = self.slip(counter, &corrected.yuan)?;
            self.later.push(Later {
                day,
                who: maker,
                command,
            });
        }
        Ok(())
    }

    /// The command of a slip; slip numbers are made from day, campaign and sum.
    fn slip(&self, counter: &Counter, yuan: &str) -> Result<Command, Failure> {
        Ok(Command::CounterGift(CounterGift {
            campaign: self.made(&counter.campaign)?.id,
            channel: counter.channel.clone(),
            form: IntentForm {
                amount: yuan.into(),
                donor_name: counter.donor.clone(),
                donor_kind: counter.kind.clone(),
                display: "named".into(),
                contact: String::new(),
                message: counter.message.clone(),
            },
            slip: format!("{}-{}-{yuan}", counter.day, counter.campaign),
            received_on: String::new(),
        }))
    }

    /// The newest online gift of a campaign goes back.
    pub(super) async fn refund(&mut self, refund: &Refund) -> Result<(), Failure> {
        let seeds = self.seeds;
        let index = seeds
            .campaigns
            .iter()
            .position(|c| c.key == refund.campaign);
        let newest = self
            .given
            .iter()
            .rev()
            .find(|given| Some(given.campaign) == index);
        let donation = newest
            .map(|g| g.donation.clone())
            .ok_or_else(|| lost("要退的捐赠"))?;
        let maker = self.login(self.owner(&refund.campaign)?, "maker")?;
        let repair = app::command::Repair::Refund {
            donation,
            amount: refund.yuan.clone(),
            reason: refund.reason.clone(),
        };
        self.repair(maker, repair).await
    }

    /// Money that cannot stand where it was meant, for the reason that the story names.
    pub(super) async fn hold(&mut self, held: &Held, today: Day) -> Result<(), Failure> {
        let reason = HeldReason::parse(&held.reason).ok_or_else(|| lost(&held.reason))?;
        let organisation = self.made(&held.campaign)?.organisation;
        let order = match reason {
            HeldReason::UnknownIntent => format!("OLD-{today}-0417"),
            _ => self.offer(&held.campaign, &held.yuan).await?,
        };
        let now = self.app.now();
        let (mut paid_at, mut yuan) = (now, held.yuan.clone());
        match reason {
            HeldReason::UnknownIntent => {}
            HeldReason::PaidTwice => {
                let number = format!("{DEMO_CHANNEL}-{order}");
                let first = self.signed(&organisation, (&order, &number), &yuan, (now, now))?;
                self.play(&Actor::channel(DEMO_CHANNEL), first).await?;
            }
            // A nought too many.
            HeldReason::AmountDiffers => yuan.push('0'),
            HeldReason::NotLive => {
                self.set(today, END_MINUTE);
                self.end_early(&held.campaign).await?;
                self.wait(8);
            }
            // That one is paid around the decision itself, see `offer_late`.
            HeldReason::Frozen => {}
            HeldReason::OutsideDates => {
                self.set(today.plus_days(1), 3);
                paid_at = moment(today.plus_days(1), 2);
            }
        }
        let number = format!("{DEMO_CHANNEL}-{order}-{}", held.reason);
        let now = self.app.now();
        let paid_at = if reason == HeldReason::NotLive {
            now
        } else {
            paid_at
        };
        let command = self.signed(&organisation, (&order, &number), &yuan, (now, paid_at))?;
        self.held_as(held, command).await
    }

    /// Offers of the day that will be paid when the organisation may not raise any more.
    pub(super) async fn offer_late(&mut self, today: Day) -> Result<Vec<(usize, String)>, Failure> {
        let seeds = self.seeds;
        let mut offered = Vec::new();
        for (at, held) in seeds.story.held.iter().enumerate() {
            if day(&held.day)? == today && held.reason == HeldReason::Frozen.code() {
                offered.push((at, self.offer(&held.campaign, &held.yuan).await?));
            }
        }
        Ok(offered)
    }

    /// Pays what was offered before: it is held.
    pub(super) async fn pay_late(&mut self, (at, order): (usize, &str)) -> Result<(), Failure> {
        let seeds = self.seeds;
        let held = seeds.story.held.get(at).ok_or_else(|| lost("待处理款"))?;
        let organisation = self.made(&held.campaign)?.organisation;
        let number = format!("{DEMO_CHANNEL}-{order}-{}", held.reason);
        let now = self.app.now();
        let command = self.signed(&organisation, (order, &number), &held.yuan, (now, now))?;
        self.held_as(held, command).await
    }

    async fn held_as(&mut self, held: &Held, command: Command) -> Result<(), Failure> {
        let outcome = self.play(&Actor::channel(DEMO_CHANNEL), command).await?;
        let Outcome::Gift {
            donation,
            held: Some(said),
            ..
        } = outcome
        else {
            return Err(lost(&format!("待处理款（{}）", held.reason)));
        };
        if said != held.reason {
            return Err(lost(&format!("待处理原因（{}，实际 {said}）", held.reason)));
        }
        if let Some(reassign) = &held.reassign {
            let command = Command::Repair(app::command::Repair::Reassign {
                donation,
                campaign: self.made(&reassign.campaign)?.id,
                consent: reassign.consent.clone(),
            });
            let who = self.login(self.owner(&held.campaign)?, "maker")?;
            self.later.push(Later {
                day: day(&reassign.day)?,
                who,
                command,
            });
        }
        Ok(())
    }

    /// The head of the organisation ends a campaign before its last day.
    pub(super) async fn end_early(&mut self, campaign: &str) -> Result<(), Failure> {
        let approver = self.login(self.owner(campaign)?, "approver")?;
        let command = Command::CampaignEnd {
            campaign: self.made(campaign)?.id,
        };
        self.act(approver, command).await.map(|_| ())
    }

    /// Goods come in; they are handed out on later days.
    pub(super) async fn goods(&mut self, goods: &Goods) -> Result<(), Failure> {
        let maker = self.login(&goods.organisation, "maker")?;
        let organisation = self.organisation(&goods.organisation)?;
        let gift = GoodsGift {
            organisation: organisation.clone(),
            campaign: self.made(&goods.campaign)?.id,
            name: goods.name.clone(),
            spec: goods.spec.clone(),
            unit: goods.unit.clone(),
            units: goods.units.to_string(),
            donor_name: goods.donor.clone(),
            donor_kind: "organisation".into(),
            display: "named".into(),
        };
        self.act(maker, Command::GoodsGift(gift)).await?;
        let unit = format!("{}|{}|{}", goods.name, goods.spec, goods.unit);
        let fund = self.goods_fund(&organisation, &unit).await?;
        self.hand_out(&fund, maker, &goods.out)?;
        if let Some(loss) = &goods.loss {
            let command = Command::GoodsLoss {
                fund: fund.clone(),
                units: loss.units.to_string(),
                reason: loss.reason.clone(),
            };
            self.later.push(Later {
                day: day(&loss.day)?,
                who: maker,
                command,
            });
        }
        if let Some(opened) = &goods.r#become {
            let into = GoodsForm {
                name: opened.name.clone(),
                spec: opened.spec.clone(),
                unit: opened.unit.clone(),
                units: opened.into.to_string(),
            };
            let command = Command::GoodsConvert {
                fund,
                units: opened.units.to_string(),
                into,
            };
            self.later.push(Later {
                day: day(&opened.day)?,
                who: maker,
                command,
            });
        }
        Ok(())
    }

    /// Goods go out on later days.
    pub(super) fn hand_out(
        &mut self,
        fund: &str,
        maker: &'a str,
        out: &[GoodsOut],
    ) -> Result<(), Failure> {
        for out in out {
            let command = Command::GoodsDelivery {
                fund: fund.into(),
                units: out.units.to_string(),
                receiver: out.receiver.clone(),
            };
            self.later.push(Later {
                day: day(&out.day)?,
                who: maker,
                command,
            });
        }
        Ok(())
    }

    /// The fund that counts these units.
    pub(super) async fn goods_fund(
        &self,
        organisation: &str,
        unit: &str,
    ) -> Result<String, Failure> {
        let id: Id<ids::Organisation> = self.read(organisation)?;
        let mut read = self.app.db().read_tx().await.map_err(database)?;
        let funds = store::funds::goods_of_organisation(&mut read, id, 0, store::limits::PAGE_MAX)
            .await
            .map_err(database)?;
        let found = funds.iter().rev().find(|fund| fund.unit == unit);
        found
            .map(|fund| self.app.print(fund.id))
            .ok_or_else(|| lost(unit))
    }
}
