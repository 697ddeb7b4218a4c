//! Donations: intents, payments that exist once for ever, gifts and what became of them.

use super::Batch;
use super::rows::intent_of_row;
use crate::buffer::{DonationPrivate, DonationRow};
use crate::posting::Posted;
use db::{Result, args, sql};
use domain::fundraising::{Decision, HeldReason, Incoming, Intent, NewIntent};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// A payment that is known already.
#[derive(Debug, Clone, Copy)]
pub struct Paid {
    /// The donation it became.
    pub donation: Id<ids::Donation>,
    /// The amount it had.
    pub amount: i64,
}

/// A donation with everything that its row needs.
#[derive(Debug)]
pub struct NewDonation<'a> {
    /// Its key.
    pub id: Id<ids::Donation>,
    /// What was decided.
    pub decision: &'a Decision,
    /// What came in.
    pub incoming: &'a Incoming,
    /// What the books did.
    pub posted: &'a Posted,
    /// The intent it answers.
    pub intent: Option<Id<ids::Intent>>,
    /// (channel and merchant, external id).
    pub payment: (String, String),
    /// The import and its line.
    pub import: Option<(Id<ids::ImportRun>, i64)>,
    /// The day under which a list published it.
    pub published_day: Option<Day>,
}

impl Batch {
    /// Looks up many payments and intents at once: one round trip each instead of one per command.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn payments_prefetch(
        &mut self,
        payments: &[(String, String)],
        intents: &[Id<ids::Intent>],
    ) -> Result<()> {
        let by_external = sql!(
            pg: "SELECT channel, external_id, donation_id, amount FROM payment_key WHERE external_id = ANY($1)",
            lite: "SELECT channel, external_id, donation_id, amount FROM payment_key WHERE external_id = $1"
        );
        let externals: Vec<&str> = payments.iter().map(|p| p.1.as_str()).collect();
        let found = self
            .tx
            .by_texts(by_external, &externals, |r| {
                Ok(((r.text(0)?, r.text(1)?), (r.i64(2)?, r.i64(3)?)))
            })
            .await?;
        for payment in payments {
            self.state.payments.entry(payment.clone()).or_insert(None);
        }
        for (key, value) in found {
            self.state.payments.insert(key, Some(value));
        }
        let raw: Vec<i64> = intents.iter().map(|id| id.raw()).collect();
        let by_id = sql!(
            pg: "SELECT id, campaign_id, amount, donor_kind, donor_name, display, contact, message FROM donation_intent WHERE id = ANY($1)",
            lite: "SELECT id, campaign_id, amount, donor_kind, donor_name, display, contact, message FROM donation_intent WHERE id = $1"
        );
        let found = self.tx.by_keys(by_id, &raw, intent_of_row).await?;
        for id in &raw {
            self.state.intents.insert(*id, None);
            self.state.paid_intents.entry(*id).or_insert(false);
        }
        for intent in found {
            self.state.intents.insert(intent.id.raw(), Some(intent));
        }
        let paid = sql!(
            pg: "SELECT intent_id FROM donation WHERE intent_id = ANY($1)",
            lite: "SELECT intent_id FROM donation WHERE intent_id = $1"
        );
        for id in self.tx.by_keys(paid, &raw, |r| r.i64(0)).await? {
            self.state.paid_intents.insert(id, true);
        }
        Ok(())
    }

    /// The donation that this payment became, if it is known.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn payment_known(
        &mut self,
        channel: &str,
        external_id: &str,
    ) -> Result<Option<Paid>> {
        let key = (channel.to_string(), external_id.to_string());
        let known = match self.state.payments.get(&key) {
            Some(known) => *known,
            None => {
                let sql = sql!(
                    "SELECT donation_id, amount FROM payment_key WHERE channel = $1 AND external_id = $2"
                );
                let known = self
                    .tx
                    .opt(sql, args![channel, external_id], |r| {
                        Ok((r.i64(0)?, r.i64(1)?))
                    })
                    .await?;
                self.state.payments.insert(key, known);
                known
            }
        };
        Ok(known.map(|(id, amount)| Paid {
            donation: Id::from_raw(id),
            amount,
        }))
    }

    /// An intent, and whether it was paid already.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn intent(&mut self, id: Id<ids::Intent>) -> Result<Option<(Intent, bool)>> {
        if !self.state.intents.contains_key(&id.raw()) {
            let sql = sql!(
                "SELECT id, campaign_id, amount, donor_kind, donor_name, display, contact, message FROM donation_intent WHERE id = $1"
            );
            let found = self.tx.opt(sql, args![id.raw()], intent_of_row).await?;
            self.state.intents.insert(id.raw(), found);
        }
        if !self.state.paid_intents.contains_key(&id.raw()) {
            let sql = sql!("SELECT 1 FROM donation WHERE intent_id = $1 LIMIT 1");
            let paid = self
                .tx
                .opt(sql, args![id.raw()], |r| r.i64(0))
                .await?
                .is_some();
            self.state.paid_intents.insert(id.raw(), paid);
        }
        let paid = self
            .state
            .paid_intents
            .get(&id.raw())
            .copied()
            .unwrap_or(false);
        let intent = self.state.intents.get(&id.raw()).cloned().flatten();
        Ok(intent.map(|intent| (intent, paid)))
    }

    /// Keeps an intent; nothing public yet.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn intent_insert(
        &mut self,
        of: (Id<ids::Campaign>, Id<ids::Organisation>),
        new: &NewIntent,
        now: Timestamp,
    ) -> Result<Id<ids::Intent>> {
        let id: Id<ids::Intent> = self.mint(now);
        let insert = sql!(
            "INSERT INTO donation_intent (id, campaign_id, organisation_id, amount, donor_kind, donor_name, display, contact, message, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let arguments = args![
            id.raw(),
            of.0.raw(),
            of.1.raw(),
            new.amount.get(),
            new.donor_kind.code(),
            &new.donor_name,
            new.display.code(),
            &new.contact,
            &new.message,
            now.micros(),
            new.expires_at.micros()
        ];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// Keeps a donation that was booked.
    pub fn donation_keep(&mut self, new: &NewDonation<'_>) {
        let (decision, incoming) = (new.decision, new.incoming);
        let first = new.posted.movements.first().map_or(0, |id| id.raw());
        let value = (new.id.raw(), incoming.amount.get());
        self.state.payments.insert(new.payment.clone(), Some(value));
        if let Some(intent) = new.intent {
            self.state.paid_intents.insert(intent.raw(), true);
        }
        self.buffer.donations.push(DonationRow {
            id: new.id.raw(),
            organisation: decision.posting.organisation.raw(),
            campaign: decision.posting.campaign.map(Id::raw),
            intent: new.intent.map(Id::raw),
            channel: incoming.channel.code.clone(),
            amount: incoming.amount.get(),
            fee: incoming.fee.get(),
            unit: "fen".into(),
            state: if decision.held.is_some() {
                "held"
            } else {
                "standing"
            },
            held_reason: decision.held.map_or("", HeldReason::code),
            paid_at: incoming.paid_at.micros(),
            time_known: incoming.time_known,
            day: i64::from(incoming.paid_at.day().number()),
            published_day: new.published_day.map(|day| i64::from(day.number())),
            donor_kind: incoming.donor.kind.code(),
            donor_public: decision.donor_public.clone(),
            leaf_index: new.posted.leaf_index,
            movement_first: first,
            movement_count: i64::try_from(new.posted.movements.len()).unwrap_or(0),
            import: new.import.map(|(run, line)| (run.raw(), line)),
            private: DonationPrivate {
                name: incoming.donor.name.clone(),
                contact: incoming.donor.contact.clone(),
                message: incoming.donor.message.clone(),
                opened: decision.opened.clone(),
                key: decision.posting.word_key,
            },
            payment: Some(new.payment.clone()),
        });
    }

    /// Keeps the external id of an imported row that is no gift, so that it is posted once for ever;
    /// `record` is the key of what it became.
    pub fn payment_keep(&mut self, payment: (String, String), record: i64, amount: i64) {
        self.state
            .payments
            .insert(payment.clone(), Some((record, amount)));
        self.buffer
            .payments
            .push((payment.0, payment.1, record, amount));
    }

    /// Keeps a gift in kind that was booked.
    pub fn donation_keep_row(&mut self, row: DonationRow) {
        if let Some(payment) = &row.payment {
            self.state
                .payments
                .insert(payment.clone(), Some((row.id, row.amount)));
        }
        self.buffer.donations.push(row);
    }

    /// Marks what became of a donation.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn donation_mark(
        &mut self,
        id: Id<ids::Donation>,
        state: &'static str,
        campaign: Option<Id<ids::Campaign>>,
    ) -> Result<()> {
        let update = sql!(
            "UPDATE donation SET state = $2, campaign_id = COALESCE($3, campaign_id) WHERE id = $1"
        );
        let tx = self.change().await?;
        tx.exec(update, args![id.raw(), state, campaign.map(Id::raw)])
            .await
            .map(|_| ())
    }

    /// Where the movements of a donation stand: its organisation, campaign, leaf, movements, state, time.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn donation_facts(&mut self, id: Id<ids::Donation>) -> Result<Option<DonationFacts>> {
        let sql = sql!(
            "SELECT organisation_id, campaign_id, leaf_index, movement_first, movement_count, state, amount FROM donation WHERE id = $1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![id.raw()], |r| {
            Ok(DonationFacts {
                organisation: Id::from_raw(r.i64(0)?),
                campaign: r.opt_i64(1)?.map(Id::from_raw),
                leaf_index: r.i64(2)?,
                movement_first: r.i64(3)?,
                movement_count: r.i64(4)?,
                state: r.text(5)?,
                amount: r.i64(6)?,
            })
        })
        .await
    }
}

/// What repairs need to know of a donation.
#[derive(Debug, Clone)]
pub struct DonationFacts {
    /// Who holds it.
    pub organisation: Id<ids::Organisation>,
    /// Its campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// First of its movements.
    pub movement_first: i64,
    /// How many movements.
    pub movement_count: i64,
    /// Its state.
    pub state: String,
    /// Gross fen.
    pub amount: i64,
}
