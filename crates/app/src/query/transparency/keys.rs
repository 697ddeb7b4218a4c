//! The history of the log's keys as a public file.

use crate::answer::Answer;
use crate::{App, AppError};
use db::Session;
use leaf::{KeyHistory, ReceiptExtra};
use store::transparency::{LeafRecord, checkpoint_covering, inclusion, key_leaves};
use tlog::{ProofFile, VerifierKey};

impl App {
    /// All keys of the log, oldest first, with the proofs that lead from one to the next.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn key_history(&self) -> Answer<'_, String> {
        Box::pin(async move {
            let mut history = KeyHistory::default();
            for key in self.verifier_keys() {
                let key: VerifierKey = key.parse().map_err(AppError::internal)?;
                history.keys.push(key);
            }
            let mut read = self.db().read_tx().await?;
            let leaves = key_leaves(&mut read).await?;
            history.proofs = self.leaf_proofs(&mut read, leaves).await?;
            Ok(history.to_string())
        })
    }

    /// A proof of each of these leaves under the first checkpoint that covers it; those that none covers yet are left
    /// out. The first checkpoint over an announcement is signed by the key before, the first over an end by the key
    /// that is left.
    pub(crate) async fn leaf_proofs(
        &self,
        read: &mut Session,
        leaves: Vec<LeafRecord>,
    ) -> Result<Vec<ProofFile>, AppError> {
        let mut proofs = Vec::new();
        for leaf in leaves {
            let Some(checkpoint) = checkpoint_covering(read, leaf.index).await? else {
                continue;
            };
            let note = self.noted(read, &checkpoint).await?;
            let tiles = &self.inner().house.tiles;
            let path = inclusion(read, tiles, leaf.index, checkpoint.size).await?;
            let extra = ReceiptExtra::new(leaf.bytes, []).encode();
            let file = ProofFile::new(leaf.index.unsigned_abs(), path, note)
                .and_then(|file| match extra {
                    Ok(extra) => file.with_extra(extra),
                    Err(_) => Err(tlog::ProofFileError::TooLarge),
                })
                .map_err(AppError::internal)?;
            proofs.push(file);
        }
        Ok(proofs)
    }
}
