//! 〔商密公钥〕 The log says with which SM2 keys it signs beside Ed25519, so that nobody has to learn it elsewhere
//! (record 0044). Which keys those are follows from the files in the house.

use crate::App;
use crate::answer::Answer;
use crate::command::{Command, CommandKey, HouseCommand};
use crate::error::AppError;
use crate::staircase::{Call, Flow};
use domain::identity::{Action, Actor};
use leaf::{OwnWord, Sm2History, Sm2Keys};
use store::transparency::{checkpoint_newest, sm2_leaves, sm2_stated};
use tlog::{SignedNote, Sm2Key};

/// Who the audit entry names.
const HOUSE: &str = "sm2 keys";

/// What is to be stated; `known` such statements were there when it was decided.
#[derive(Debug, Clone)]
pub struct Sm2Change {
    said: Sm2Keys,
    known: i64,
}

/// Writes the leaf, unless another one came in between.
pub(crate) async fn state_keys(call: &mut Call<'_>, change: &Sm2Change) -> Flow<()> {
    let now = call.now();
    let about = (&change.said, change.known);
    let written = call.batch.sm2_leaf(about, now).await?;
    if let Some(index) = written.map_err(AppError::internal)? {
        call.audit(Action::LogKeyChange, index.to_string(), "sm2");
    }
    Ok(())
}

impl App {
    /// States the SM2 keys of this house, if its files and the newest statement of the log differ. A log that never
    /// signed with SM2 and a test log state nothing.
    ///
    /// # Errors
    /// `Conflict`: nothing is signed any more.
    pub fn sm2_keys_state(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            if self.is_test_log() {
                return Ok(());
            }
            self.seal_now().await?;
            let (known, newest) = {
                let mut read = self.db().read_tx().await?;
                sm2_stated(&mut read).await?
            };
            let said = self.inner().seals.keys().sm2_keys(&newest);
            if said == newest {
                return Ok(());
            }
            let change = Box::new(Sm2Change { said, known });
            let command = Command::House(HouseCommand::Sm2Keys(change));
            let actor = Actor::house(HOUSE);
            self.write(&actor, &CommandKey(String::new()), command)
                .await?;
            self.seal_now().await
        })
    }

    /// The SM2 keys with which checkpoints are signed now, the newest first; empty without one.
    pub fn sm2_keys(&self) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let (newest, signed) = {
                let mut read = self.db().read_tx().await?;
                let signed = match self.is_test_log() {
                    true => checkpoint_newest(&mut read).await?,
                    false => None,
                };
                (sm2_stated(&mut read).await?.1, signed)
            };
            let held = self.inner().seals.keys().sm2_keys(&newest);
            let held = [held.key, held.old].into_iter().flatten();
            // A test log states nothing: that a key signs is seen by its line, which comes with the next entry.
            let signed = signed.and_then(|signed| SignedNote::parse(&signed.note).ok());
            let lines = signed.as_ref().map_or(&[][..], SignedNote::signatures);
            let signs =
                |key: &Sm2Key| !self.is_test_log() || lines.iter().any(|line| key.matches(line));
            let held = held.filter(signs);
            Ok(held.map(|key| key.to_string()).collect())
        })
    }

    /// All SM2 keys that the log ever named, oldest first, with the proofs of the leaves that name them; nothing if it
    /// never named one.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn sm2_history(&self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let leaves = sm2_leaves(&mut read).await?;
            let mut history = Sm2History::default();
            for said in leaves.iter().filter_map(|leaf| Sm2Keys::parse(&leaf.bytes)) {
                for key in said.keys() {
                    if !history.keys.contains(key) {
                        history.keys.push(key.clone());
                    }
                }
            }
            history.proofs = self.leaf_proofs(&mut read, leaves).await?;
            Ok((!history.proofs.is_empty()).then(|| history.to_string()))
        })
    }
}
