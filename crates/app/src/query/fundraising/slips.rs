//! What a clerk entered at the counter today.

use crate::answer::Answer;
use crate::fundraising::counter::AT_COUNTER;
use crate::query::limits::{SLIPS_OF_DAY, SLIPS_SHOWN};
use crate::query::words::channel;
use crate::view::{SlipJust, SlipLine, SlipSum, SlipsToday};
use crate::{App, AppError};
use db::Session;
use domain::identity::{Action, Actor, Object, permit};
use kernel::Id;
use leaf::ids;
use std::collections::BTreeMap;
use store::fundraising::DonationRecord;

impl App {
    /// The actor's own slips of today at an organisation's counter; `just` is the printed id of the one to be told
    /// as it was typed.
    ///
    /// # Errors
    /// `NotFound`; the engine's refusal.
    pub fn slips_today<'a>(
        &'a self,
        actor: &'a Actor,
        organisation: &'a str,
        just: Option<&'a str>,
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
            let just = rows
                .iter()
                .find(|row| just.is_some_and(|just| just == self.print(row.id)));
            let just = match just {
                Some(row) => Some(self.slip_just(read, row, &slips).await?),
                None => None,
            };
            let taken_out = |row: &&DonationRecord| row.state == "corrected";
            let total = |rows: &mut dyn Iterator<Item = &DonationRecord>| {
                rows.fold((0, 0), |(n, sum): (usize, i64), row| {
                    (n + 1, sum.saturating_add(row.amount))
                })
            };
            let corrected = total(&mut rows.iter().filter(taken_out));
            let (gifts, amount) = total(&mut rows.iter().filter(|row| !taken_out(row)));
            let mut sums: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
            for row in rows.iter().filter(|row| !taken_out(row)) {
                let sum = sums.entry(&row.channel).or_default();
                *sum = (sum.0 + 1, sum.1 + row.amount);
            }
            let channels = sums.into_iter().map(|(code, (gifts, amount))| SlipSum {
                channel: channel(code),
                gifts,
                amount,
            });
            let channels = channels.collect();
            rows.truncate(SLIPS_SHOWN);
            let keys: Vec<i64> = rows.iter().map(|row| row.id.raw()).collect();
            let names = store::fundraising::donor_names(read, &keys).await?;
            let lines = self.gift_lines(read, &rows).await?.into_iter();
            let last = lines.zip(keys).map(|(gift, key)| SlipLine {
                slip: slips.get(&gift.id).cloned().unwrap_or_default(),
                name: names.get(&key).cloned().unwrap_or_default(),
                gift,
            });
            Ok(SlipsToday {
                last: last.collect(),
                gifts,
                amount,
                corrected,
                just,
                channels,
                may_repair: permit(actor, Action::CorrectionAsk, &Object::of(organisation)).is_ok(),
            })
        })
    }

    /// The slip or bank line with which a gift was entered at the counter, as the audit trail says; nothing for what
    /// came another way.
    pub(crate) async fn slip_of(
        &self,
        session: &mut Session,
        row: &DonationRecord,
    ) -> Result<Option<String>, AppError> {
        let at_counter =
            matches!(row.channel.as_str(), "cash" | "bank") && row.import_run.is_none();
        if !at_counter {
            return Ok(None);
        }
        let printed = self.print(row.id);
        let deed = (printed.as_str(), Action::DonationEnter.code());
        let entered = store::identity::detail_of_deed(session, row.id, deed).await?;
        let slip = entered.as_deref().and_then(|d| d.strip_prefix(AT_COUNTER));
        Ok(slip.filter(|slip| !slip.is_empty()).map(str::to_owned))
    }

    /// A gift that this very clerk entered today, as it was typed.
    async fn slip_just(
        &self,
        session: &mut Session,
        row: &DonationRecord,
        slips: &BTreeMap<String, String>,
    ) -> Result<SlipJust, AppError> {
        let private = store::fundraising::donation_private(session, row.id).await?;
        let campaign = self.campaign_link(session, row.campaign).await?;
        Ok(SlipJust {
            slip: slips.get(&self.print(row.id)).cloned().unwrap_or_default(),
            amount: row.amount,
            donor: private
                .map(|private| private.donor_name)
                .unwrap_or_default(),
            campaign: campaign.map(|link| link.title).unwrap_or_default(),
        })
    }
}
