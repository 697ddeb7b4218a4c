//! The newest checkpoints, for those who keep them.

use crate::App;
use crate::answer::Answer;
use crate::query::limits::FEED_ROWS;
use crate::query::transparency::checkpoint_view;
use crate::view::CheckpointView;

impl App {
    /// The newest checkpoints, the latest first.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_feed(&self) -> Answer<'_, Vec<CheckpointView>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let rows = store::transparency::checkpoints_before(&mut read, i64::MAX, FEED_ROWS);
            Ok(rows.await?.into_iter().map(checkpoint_view).collect())
        })
    }
}
