//! What a clerk entered at the counter today.

use crate::answer::Answer;
use crate::fundraising::counter::AT_COUNTER;
use crate::query::limits::{SLIPS_OF_DAY, SLIPS_SHOWN};
use crate::query::words::channel;
use crate::view::{SlipLine, SlipSum, SlipsToday};
use crate::{App, AppError};
use domain::identity::{Action, Actor, Object, permit};
use kernel::Id;
use leaf::ids;
use std::collections::BTreeMap;

impl App {
    /// The actor's own slips of today at an organisation's counter.
    ///
    /// # Errors
    /// `NotFound`; the engine's refusal.
    pub fn slips_today<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
    ) -> Answer<'a, SlipsToday> {
        Box::pin(async move {
            let organisation: Id<ids::Organisation> = self.read_id(organisation)?;
            let Some(user) = actor.user_id() else {
                return Ok(SlipsToday::default());
            };
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let deed = (user, Action::DonationEnter.code());
            let morning = self.now().day().start();
            let deeds = store::identity::deeds_of_user(read, deed, morning, SLIPS_OF_DAY).await?;
            let slips: BTreeMap<String, String> = deeds
                .into_iter()
                .map(|(printed, detail)| {
                    let slip = detail.strip_prefix(AT_COUNTER).unwrap_or_default();
                    (printed, slip.to_owned())
                })
                .collect();
            let ids = slips
                .keys()
                .map(|text| self.read_id::<ids::Donation>(text).map(Id::raw));
            let ids = ids.collect::<Result<Vec<i64>, AppError>>()?;
            let mut rows = store::fundraising::donations_by_ids(read, &ids).await?;
            rows.retain(|row| row.organisation == organisation);
            rows.sort_by_key(|row| std::cmp::Reverse(row.id));
            let mut sums: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
            for row in &rows {
                let sum = sums.entry(&row.channel).or_default();
                *sum = (sum.0 + 1, sum.1 + row.amount);
            }
            let channels = sums.into_iter().map(|(code, (gifts, amount))| SlipSum {
                channel: channel(code),
                gifts,
                amount,
            });
            let channels = channels.collect();
            let (gifts, amount) = (rows.len(), rows.iter().map(|row| row.amount).sum());
            rows.truncate(SLIPS_SHOWN);
            let lines = self.gift_lines(read, &rows).await?.into_iter();
            let last = lines.map(|gift| SlipLine {
                slip: slips.get(&gift.id).cloned().unwrap_or_default(),
                gift,
            });
            Ok(SlipsToday {
                last: last.collect(),
                gifts,
                amount,
                channels,
                may_repair: permit(actor, Action::CorrectionAsk, &Object::of(organisation)).is_ok(),
            })
        })
    }
}
