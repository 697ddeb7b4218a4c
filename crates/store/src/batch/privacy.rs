//! What is taken down, restricted or erased, as it is written.

use super::Batch;
use crate::fundraising::{RestrictionRecord, restriction_of, withdrawal_of};
use crate::search::Findable;
use db::{Result, Sql, args, sql};
use domain::fundraising::{
    DONOR_ERASED, DONOR_LOST, DONOR_WITHDRAWN, WORDS_WITHDRAWN, WithdrawReason, Withdrawn,
    is_voucher,
};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔撤下〕 One thing that is taken down, with everything that its row needs.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Its key.
    pub id: Id<ids::Withdrawal>,
    /// Who takes it down.
    pub organisation: Id<ids::Organisation>,
    /// The campaign on whose page it stood.
    pub campaign: Option<Id<ids::Campaign>>,
    /// Index of the leaf whose words it was.
    pub leaf_index: i64,
    /// What it is.
    pub what: Withdrawn,
    /// The commitment's field, or the file's digest in hexadecimal.
    pub field: String,
    /// Why.
    pub reason: WithdrawReason,
    /// The record that shows it: prefix of its printed id, and its key.
    pub record: (String, i64),
    /// When.
    pub at: Timestamp,
}

/// 〔限制〕 A donor's information that is only stored from now on.
#[derive(Debug, Clone, Copy)]
pub struct NewRestriction {
    /// The gift.
    pub donation: Id<ids::Donation>,
    /// Whose gift.
    pub organisation: Id<ids::Organisation>,
    /// Why.
    pub reason: WithdrawReason,
    /// Since when.
    pub since: Timestamp,
    /// The first day on which it may be erased.
    pub keep_until: Day,
    /// Who did it.
    pub user: Id<ids::User>,
}

impl Batch {
    /// Whether the words of this leaf's field stand open: nothing if it has none, else when they were withdrawn.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn opening_closed_at(
        &mut self,
        leaf_index: i64,
        field: &str,
    ) -> Result<Option<Option<Timestamp>>> {
        let sql = sql!("SELECT withdrawn_at FROM opening WHERE leaf_index = $1 AND field = $2");
        let tx = self.sql().await?;
        tx.opt(sql, args![leaf_index, field], |r| {
            Ok(r.opt_i64(0)?.map(Timestamp::from_micros))
        })
        .await
    }

    /// The withdrawal that took this down, if there was one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn withdrawn_by(
        &mut self,
        leaf_index: i64,
        what: Withdrawn,
        field: &str,
    ) -> Result<Option<Id<ids::Withdrawal>>> {
        withdrawal_of(self.sql().await?, leaf_index, what, field).await
    }

    /// The restriction of a donor.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn restriction(
        &mut self,
        donation: Id<ids::Donation>,
    ) -> Result<Option<RestrictionRecord>> {
        restriction_of(self.sql().await?, donation).await
    }

    /// A leaf's bytes.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn leaf_bytes(&mut self, index: i64) -> Result<Option<Vec<u8>>> {
        let found = crate::transparency::leaf_at(self.sql().await?, index).await?;
        Ok(found.map(|leaf| leaf.bytes))
    }

    /// The Beijing day of a gift.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn donation_day(&mut self, id: Id<ids::Donation>) -> Result<Day> {
        let sql = sql!("SELECT day FROM donation WHERE id = $1");
        let day = self
            .sql()
            .await?
            .one(sql, args![id.raw()], |r| r.i64(0))
            .await?;
        Ok(Day::from_number(i32::try_from(day).unwrap_or(0)))
    }

    /// Takes something down: its row, and everything that still shows it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn close(&mut self, closing: &Closing, stated_at: i64) -> Result<()> {
        let insert = sql!(
            "INSERT INTO withdrawal (id, organisation_id, campaign_id, leaf_index, what, field, reason, at, stated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let arguments = args![
            closing.id.raw(),
            closing.organisation.raw(),
            closing.campaign.map(Id::raw),
            closing.leaf_index,
            closing.what.code(),
            &closing.field,
            closing.reason.code(),
            closing.at.micros(),
            stated_at
        ];
        self.change().await?.exec(insert, arguments).await?;
        match closing.what {
            Withdrawn::Words => self.close_words(closing).await,
            Withdrawn::Donor => self.donor_shown(closing.record.1, DONOR_WITHDRAWN).await,
            Withdrawn::File => self.close_file(closing).await,
            Withdrawn::Key => self.destroy_key(closing.record.1).await,
        }
    }

    /// The words are closed; somebody's own words are deleted with the salt that would let them be guessed.
    async fn close_words(&mut self, closing: &Closing) -> Result<()> {
        let (prefix, raw) = (closing.record.0.as_str(), closing.record.1);
        let (at, index) = (closing.at.micros(), closing.leaf_index);
        let field = closing.field.as_str();
        let close =
            sql!("UPDATE opening SET withdrawn_at = $3 WHERE leaf_index = $1 AND field = $2");
        let delete = sql!(
            "UPDATE opening SET withdrawn_at = $3, value = '', salt = $4 WHERE leaf_index = $1 AND field = $2"
        );
        let tx = self.change().await?;
        if closing.reason.is_personal() && !is_voucher(prefix) {
            tx.exec(delete, args![index, field, at, &[0_u8; 32][..]])
                .await?;
        } else {
            tx.exec(close, args![index, field, at]).await?;
        }
        if let Some(update) = column(prefix, field) {
            tx.exec(update, args![raw, WORDS_WITHDRAWN]).await?;
        }
        match (prefix, field) {
            ("dsb", "payee") => self.close_payee(raw).await,
            ("cam", "title") => self.rename_campaign(raw).await,
            ("fnd", "title") => {
                if let Some(fund) = self.state.funds.get_mut(&raw) {
                    fund.title = WORDS_WITHDRAWN.into();
                }
                self.findable(Findable::fund(raw, WORDS_WITHDRAWN.into()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The delivery that a payment became repeats who received it.
    async fn close_payee(&mut self, disbursement: i64) -> Result<()> {
        let update = sql!(
            "UPDATE delivery SET payee = $2 WHERE movement_id = (SELECT movement_id FROM disbursement WHERE id = $1)"
        );
        let tx = self.change().await?;
        tx.exec(update, args![disbursement, WORDS_WITHDRAWN])
            .await
            .map(|_| ())
    }

    /// The index of names forgets the title.
    async fn rename_campaign(&mut self, raw: i64) -> Result<()> {
        self.state.campaigns.remove(&raw);
        let sql = sql!("SELECT state, title, filing_number FROM campaign WHERE id = $1");
        let tx = self.change().await?;
        let found = tx
            .one(sql, args![raw], |r| {
                let names = [r.text(1)?, r.text(2)?];
                Ok(Findable::campaign(raw, r.str(0)?, names))
            })
            .await?;
        self.findable(found);
        Ok(())
    }

    async fn close_file(&mut self, closing: &Closing) -> Result<()> {
        let mut sha256 = [0; 32];
        if hex_into(&closing.field, &mut sha256).is_none() {
            return Ok(());
        }
        // A file may be evidence of several records; none shows it any more.
        let update = sql!("UPDATE evidence SET title = $2 WHERE sha256 = $1");
        let tx = self.change().await?;
        tx.exec(update, args![&sha256[..], WORDS_WITHDRAWN])
            .await
            .map(|_| ())
    }

    async fn donor_shown(&mut self, donation: i64, shown: &str) -> Result<()> {
        // Of a gift whose donor was lost nothing is shown any more; it stays said that an accident took it.
        let update = sql!(
            "UPDATE donation SET donor_public = $2 WHERE id = $1 AND (donor_public <> $3 OR $2 <> $4)"
        );
        let values = args![donation, shown, DONOR_LOST, DONOR_WITHDRAWN];
        let tx = self.change().await?;
        tx.exec(update, values).await.map(|_| ())
    }

    /// Deletes the row that opens the commitment, and with it the person.
    async fn destroy_key(&mut self, donation: i64) -> Result<()> {
        let delete = sql!("DELETE FROM donation_private WHERE donation_id = $1");
        let mark = sql!("UPDATE donor_restriction SET state = 'erased' WHERE donation_id = $1");
        let tx = self.change().await?;
        tx.exec(delete, args![donation]).await?;
        tx.exec(mark, args![donation]).await?;
        self.donor_shown(donation, DONOR_ERASED).await
    }

    /// Restricts a donor's information. How to reach him is deleted at once: no law wants it kept.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn donor_restrict(&mut self, new: &NewRestriction) -> Result<()> {
        let insert = sql!(
            "INSERT INTO donor_restriction (donation_id, organisation_id, state, reason, since, keep_until, user_id) VALUES ($1, $2, 'restricted', $3, $4, $5, $6)"
        );
        let contact = sql!("UPDATE donation_private SET contact = '' WHERE donation_id = $1");
        let intent = sql!(
            "UPDATE donation_intent SET donor_name = '', contact = '', message = '' WHERE id = (SELECT intent_id FROM donation WHERE id = $1)"
        );
        let raw = new.donation.raw();
        let arguments = args![
            raw,
            new.organisation.raw(),
            new.reason.code(),
            new.since.micros(),
            i64::from(new.keep_until.number()),
            new.user.raw()
        ];
        self.state.intents.clear();
        let tx = self.change().await?;
        tx.exec(insert, arguments).await?;
        tx.exec(contact, args![raw]).await?;
        tx.exec(intent, args![raw]).await.map(|_| ())
    }
}

/// Where a record's row repeats a word; reasons stand beside their leaf alone.
pub(super) fn column(prefix: &str, field: &str) -> Option<&'static Sql> {
    Some(match (prefix, field) {
        ("cam", "title") => sql!("UPDATE campaign SET title = $2 WHERE id = $1"),
        ("cam", "story") => sql!("UPDATE campaign SET story = $2 WHERE id = $1"),
        ("cam", "promise") => sql!("UPDATE campaign SET promise = $2 WHERE id = $1"),
        ("rpt", "title") => sql!("UPDATE campaign_report SET title = $2 WHERE id = $1"),
        ("rpt", "body") => sql!("UPDATE campaign_report SET body = $2 WHERE id = $1"),
        ("rpt", "plan") => sql!("UPDATE campaign_report SET plan = $2 WHERE id = $1"),
        ("qst", "question") => sql!("UPDATE question SET body = $2 WHERE id = $1"),
        ("qst", "answer") => sql!("UPDATE question SET answer = $2 WHERE id = $1"),
        ("dsb", "payee") => sql!("UPDATE disbursement SET payee = $2 WHERE id = $1"),
        ("dsb", "purpose") => sql!("UPDATE disbursement SET purpose = $2 WHERE id = $1"),
        ("dsb", "assumption") => sql!("UPDATE disbursement SET assumption = $2 WHERE id = $1"),
        ("dlv", "payee") => sql!("UPDATE delivery SET payee = $2 WHERE id = $1"),
        ("dlv", "scheme") => sql!("UPDATE delivery SET scheme = $2 WHERE id = $1"),
        ("fnd", "title") => sql!("UPDATE fund SET title = $2 WHERE id = $1"),
        ("fnd", "purpose") => sql!("UPDATE fund SET purpose = $2 WHERE id = $1"),
        ("mov", "payee") => sql!("UPDATE delivery SET payee = $2 WHERE movement_id = $1"),
        _ => return None,
    })
}

/// Sixty-four hexadecimal digits as bytes.
fn hex_into(text: &str, bytes: &mut [u8; 32]) -> Option<()> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(())
}
