//! Gifts of the demo province: offered, paid through the demo gateway, verified and captured like a stranger's.

use super::player::{Given, Player, after, id_of, lost};
use super::seeds::Campaign;
use crate::outcome::Failure;
use app::{Command, DEMO_CHANNEL, Outcome};
use domain::fundraising::IntentForm;
use domain::identity::Actor;
use gateway::payment::{NoticeKind, PaymentNotice, verify};
use kernel::{Amount, BasisPoints, Day, Fen, Timestamp};
use std::collections::BTreeMap;

/// What the demo channel keeps while the province is played: 0.6 per cent.
const FEE_POINTS: u32 = 60;
/// Of a hundred offers so many are never paid.
const UNPAID_PERCENT: u64 = 4;
/// Seconds between two offers of a wave.
const OFFER_SECONDS: i64 = 7;

/// Which campaigns receive how many gifts on which day, and in which part of it.
pub(super) type Schedule = BTreeMap<(Day, usize), Vec<usize>>;

/// Parts of a day in which people give: the minutes at which they begin.
pub(super) const WAVES: [i64; 3] = [9 * 60 + 30, 12 * 60, 20 * 60];

impl Player<'_> {
    /// Throws when every gift of the story is given.
    pub(super) fn schedule(&mut self, last: Day) -> Result<Schedule, Failure> {
        let mut schedule = Schedule::new();
        let seeds = self.seeds;
        for (at, campaign) in seeds.campaigns.iter().enumerate() {
            let days = self.days(campaign, last)?;
            for _ in 0..campaign.gifts {
                let day = self.dice.weighed(days.iter().map(|(_, weight)| *weight));
                let wave = self.dice.weighed([3, 4, 5].into_iter());
                if let Some((day, _)) = days.get(day) {
                    schedule.entry((*day, wave)).or_default().push(at);
                }
            }
        }
        Ok(schedule)
    }

    /// The days of a campaign with how much is given: more at first, at the end and on days of note.
    fn days(&self, campaign: &Campaign, last: Day) -> Result<Vec<(Day, u64)>, Failure> {
        let (starts, ends) = (day(&campaign.starts)?, day(&campaign.ends)?);
        let until = match campaign.ended_early.as_str() {
            "" => ends.min(last),
            text => day(text)?.plus_days(-1),
        };
        let mut days = Vec::new();
        for number in starts.number()..=until.number() {
            let today = Day::from_number(number);
            let age = u64::try_from(number - starts.number()).unwrap_or(0);
            let mut weight = 10 + 10 * campaign.burst * 7_u64.saturating_sub(age) / 7;
            if ends.number() - number < 3 {
                weight *= 2;
            }
            for peak in &self.seeds.story.peak {
                if (day(&peak.from)?..=day(&peak.to)?).contains(&today) {
                    weight *= peak.times;
                }
            }
            days.push((today, weight));
        }
        Ok(days)
    }

    /// A wave of gifts: all offers first, then all payments.
    pub(super) async fn wave(
        &mut self,
        start: Timestamp,
        campaigns: &[usize],
    ) -> Result<(), Failure> {
        let seeds = self.seeds;
        let mut at = start;
        let (mut offers, mut meant) = (Vec::new(), Vec::new());
        let today = start.day();
        for index in campaigns {
            // Left out here and not when the dice are thrown, so that every other gift stays as it was.
            if seeds
                .campaigns
                .get(*index)
                .is_some_and(|one| one.is_frozen_on(today))
            {
                continue;
            }
            let form = self.dice.gift(&seeds.donors);
            let key = seeds
                .campaigns
                .get(*index)
                .map_or("", |campaign| campaign.key.as_str());
            let made = self.made(key)?;
            at = after(at, OFFER_SECONDS);
            meant.push((*index, made.organisation, form.amount.clone()));
            offers.push((
                at,
                Command::IntentCreate {
                    campaign: made.id,
                    form,
                },
            ));
        }
        let intents = self.together(&Actor::public(), offers).await?;
        let mut payments = Vec::new();
        let mut paid = Vec::new();
        for (intent, (index, organisation, amount)) in intents.into_iter().zip(meant) {
            if self.dice.chance(UNPAID_PERCENT) {
                continue;
            }
            at = after(at, OFFER_SECONDS);
            let order = id_of(intent)?;
            let number = format!("{DEMO_CHANNEL}-{order}");
            payments.push((
                at,
                self.signed(&organisation, (&order, &number), &amount, (at, at))?,
            ));
            paid.push(index);
        }
        let done = self
            .together(&Actor::channel(DEMO_CHANNEL), payments)
            .await?;
        for (campaign, outcome) in paid.into_iter().zip(done) {
            if let Outcome::Gift {
                held: Some(reason), ..
            } = &outcome
            {
                return Err(lost(&format!("正常入账的捐赠（{reason}）")));
            }
            self.given.push(Given {
                campaign,
                donation: id_of(outcome)?,
            });
        }
        Ok(())
    }

    /// A notice as the demo gateway signs it and the door verifies it. `times`: signed and paid.
    pub(super) fn signed(
        &self,
        organisation: &str,
        (order, number): (&str, &str),
        yuan: &str,
        (now, paid_at): (Timestamp, Timestamp),
    ) -> Result<Command, Failure> {
        let amount = Amount::parse(yuan).map_err(|_| lost(&format!("金额 {yuan}")))?;
        let fee = BasisPoints::new(FEE_POINTS).map_or(Fen::ZERO, |points| points.of(amount.fen()));
        let notice = PaymentNotice {
            channel: DEMO_CHANNEL.into(),
            merchant: organisation.into(),
            external_id: number.into(),
            order: order.into(),
            concerns: None,
            kind: NoticeKind::Payment,
            amount,
            fee,
            paid_at,
        };
        let gateway = self
            .app
            .demo_gateway(organisation)
            .map_err(|_| lost("演示网关"))?;
        let signed = gateway
            .sign(&notice, now, &*self.app.config().entropy)
            .map_err(|error| lost(&format!("演示签名（{error}）")))?;
        let mut keys = gateway::payment::ChannelKeys::new();
        keys.add(gateway.key().clone())
            .map_err(|error| lost(&format!("演示公钥（{error}）")))?;
        let notice = verify(&keys, &signed.as_headers(), &signed.body, now)
            .map_err(|error| lost(&format!("可信的通知（{error}）")))?;
        Ok(Command::PaymentCapture(Box::new(notice)))
    }

    /// Offers a gift without a name and returns the intent's id.
    pub(super) async fn offer(&mut self, campaign: &str, yuan: &str) -> Result<String, Failure> {
        let campaign = self.made(campaign)?.id;
        let form = IntentForm {
            amount: yuan.into(),
            ..self.dice.gift(&self.seeds.donors)
        };
        let command = Command::IntentCreate { campaign, form };
        id_of(self.play(&Actor::public(), command).await?)
    }
}

/// A day of the seeds.
pub(super) fn day(text: &str) -> Result<Day, Failure> {
    Day::parse(text).map_err(|_| lost(&format!("日期 {text}")))
}
