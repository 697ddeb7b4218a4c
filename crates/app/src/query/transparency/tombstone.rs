//! What was taken down, as every page shows it that showed the words before.

use crate::answer::Answer;
use crate::view::Tombstone;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::field_title;
use store::fundraising::WithdrawalRecord;

/// A withdrawal as pages show it.
pub(crate) fn tombstone(record: &WithdrawalRecord) -> Tombstone {
    Tombstone {
        what: record.what.code().into(),
        title: field_title(record.what, &record.field).into(),
        at: record.at.rfc3339(),
        reason: record.reason.code().into(),
        reason_title: record.reason.title().into(),
        leaf_index: record.leaf_index,
        stated_at: record.stated_at,
    }
}

/// What was taken down of a leaf.
pub(crate) async fn tombstones_of_leaf(
    session: &mut Session,
    leaf_index: i64,
) -> Result<Vec<Tombstone>, AppError> {
    let rows = store::fundraising::withdrawals_of_leaf(session, leaf_index).await?;
    Ok(rows.iter().map(tombstone).collect())
}

impl App {
    /// The tombstone of a file that is not shown any more; nothing for one that is.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn file_withdrawn<'a>(&'a self, digest: &'a str) -> Answer<'a, Option<Tombstone>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let digest = digest.to_ascii_lowercase();
            let row = store::fundraising::withdrawal_of_file(&mut read, &digest).await?;
            Ok(row.as_ref().map(tombstone))
        })
    }
}
