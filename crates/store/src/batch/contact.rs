//! How organisations are reached, as their staff publishes it.

use super::Batch;
use crate::parties::{ContactRecord, contacts_of, text_of_list};
use db::{Result, args, sql};
use kernel::Id;
use leaf::ids;

impl Batch {
    /// The newest version of an organisation's contact, 0 if there is none.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn contact_version(&mut self, organisation: Id<ids::Organisation>) -> Result<i64> {
        let newest = contacts_of(self.sql().await?, organisation, 1).await?;
        Ok(newest.first().map_or(0, |record| record.version))
    }

    /// Keeps a version.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn contact_insert(
        &mut self,
        organisation: Id<ids::Organisation>,
        record: &ContactRecord,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO organisation_contact (organisation_id, version, desk, telephones, mail, address, hours, user_id, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let telephones = text_of_list(&record.contact.telephones);
        let arguments = args![
            organisation.raw(),
            record.version,
            &record.contact.desk,
            &telephones,
            &record.contact.mail,
            &record.contact.address,
            &record.contact.hours,
            record.user.raw(),
            record.at.micros()
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }
}
