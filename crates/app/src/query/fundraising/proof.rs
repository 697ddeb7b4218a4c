//! The proof file of a receipt: leaf, inclusion proof and signed checkpoint in one text.

use crate::answer::Answer;
use crate::query::found;
use crate::{App, AppError};
use leaf::{Opening, ReceiptExtra};
use tlog::ProofFile;

/// The field under which a gift's private words are committed.
const GIFT_FIELD: &str = "gift";

impl App {
    /// The `.tlog-proof` file of a donation, or nothing while no checkpoint covers it. With the donor's token it
    /// carries what opens the donor's own words.
    ///
    /// # Errors
    /// `NotFound`; `Internal` if what was signed is not all there.
    pub fn receipt_proof<'a>(
        &'a self,
        donation: &'a str,
        token: Option<&'a str>,
    ) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = self.donation_row(read, donation).await?;
            let id = row.id;
            let Some((checkpoint, note)) = self.checkpoint_over(read, row.leaf_index).await? else {
                return Ok(None);
            };
            let leaf = found(
                store::transparency::leaf_at(read, row.leaf_index).await?,
                "这条日志",
            )?;
            let mut openings = Vec::new();
            let restricted = store::fundraising::restriction_of(read, id).await?;
            if self.token_is_right(id, token)
                && restricted.is_none()
                && let Some(private) = store::fundraising::donation_private(read, id).await?
            {
                let leaf_id = self.print(id);
                openings.push(Opening::of(
                    &private.key,
                    &leaf_id,
                    GIFT_FIELD,
                    &private.opened,
                ));
            }
            let extra = ReceiptExtra::new(leaf.bytes, openings)
                .encode()
                .map_err(AppError::internal)?;
            let size = checkpoint.size;
            let proof = store::transparency::inclusion(
                read,
                &self.inner().house.tiles,
                row.leaf_index,
                size,
            )
            .await?;
            let file = ProofFile::new(row.leaf_index.unsigned_abs(), proof, note)
                .and_then(|file| file.with_extra(extra))
                .map_err(AppError::internal)?;
            Ok(Some(file.to_string()))
        })
    }
}
