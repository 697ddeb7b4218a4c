//! 〔商密根〕 Once a day the log states its root with SM3, if the house signs with SM2 too (record 0039).

use crate::App;
use crate::answer::Answer;
use crate::command::{Command, CommandKey, HouseCommand};
use crate::error::AppError;
use crate::staircase::{Call, Flow};
use domain::identity::{Action, Actor};
use kernel::Day;
use store::transparency::{sm3_grow, sm3_kept, sm3_stated};
use tlog::Sm3Tree;

/// Who the audit entry names.
const HOUSE: &str = "daily sm3 root";
/// A statement and the statement of the index behind it: a log that has grown by no more says nothing new.
const OWN_LEAVES: i64 = 2;

/// The tree over the leaves that were read; `known` statements were there when it was decided.
#[derive(Debug, Clone)]
pub struct Sm3Change {
    tree: Sm3Tree,
    known: i64,
}

/// Writes the leaf, unless another one came in between.
pub(crate) async fn state_root(call: &mut Call<'_>, change: &Sm3Change) -> Flow<()> {
    let now = call.now();
    let about = (&change.tree, change.known);
    let written = call.batch.sm3_leaf(about, now).await?;
    if let Some(index) = written.map_err(AppError::internal)? {
        call.audit(Action::Sm3RootState, index.to_string(), "stated");
    }
    Ok(())
}

impl App {
    /// States the root with SM3 once a Beijing day, if this house has an SM2 key and anything was recorded since.
    /// Returns the day, to be handed in at the next tick: what is done is not looked at again.
    ///
    /// # Errors
    /// `Conflict`: nothing is signed any more; `Internal` or `Busy`.
    pub fn sm3_root_daily(&self, done: Option<Day>) -> Answer<'_, Day> {
        Box::pin(async move {
            let today = self.now().day();
            if done == Some(today) || self.is_test_log() || !self.signs_sm2() {
                return Ok(today);
            }
            self.seal_now().await?;
            let (stated, mut tree) = {
                let mut read = self.db().read_tx().await?;
                let stated = sm3_stated(&mut read).await?;
                let tree = sm3_kept(&mut read, stated.as_ref()).await?;
                (stated, tree)
            };
            if stated.is_some_and(|stated| stated.day >= today) {
                return Ok(today);
            }
            // A new transaction for each part: a first root over a long log must not hold an old view of the database.
            loop {
                let mut read = self.db().read_tx().await?;
                if sm3_grow(&mut read, &mut tree).await? == 0 {
                    break;
                }
            }
            let size = i64::try_from(tree.size()).unwrap_or(i64::MAX);
            let before = stated.map_or(i64::MIN, |stated| stated.said.before);
            if size.saturating_sub(OWN_LEAVES) <= before {
                return Ok(today);
            }
            let known = stated.map_or(0, |stated| stated.count);
            let change = Box::new(Sm3Change { tree, known });
            let command = Command::House(HouseCommand::Sm3Root(change));
            let actor = Actor::house(HOUSE);
            self.write(&actor, &CommandKey(String::new()), command)
                .await?;
            Ok(today)
        })
    }
}
