//! 〔离线核验页〕 The digests of the offline verifier go into the log, so that nobody can be given another one unseen.

use crate::App;
use crate::answer::Answer;
use crate::command::{Command, CommandKey, HouseCommand};
use crate::error::AppError;
use crate::staircase::{Call, Flow};
use domain::identity::{Action, Actor};
use leaf::VerifierPages;

/// Who the audit entry names.
const HOUSE: &str = "offline verifier";

/// What is to be stated; `known` such statements were there when it was decided.
#[derive(Debug, Clone)]
pub struct VerifierChange {
    pages: VerifierPages,
    known: i64,
}

/// Writes the leaf, unless another one came in between.
pub(crate) async fn state_verifier(call: &mut Call<'_>, change: &VerifierChange) -> Flow<()> {
    let now = call.now();
    let about = (&change.pages, change.known);
    let written = call.batch.verifier_leaf(about, now).await?;
    if let Some(index) = written.map_err(AppError::internal)? {
        call.audit(Action::VerifierState, index.to_string(), "stated");
    }
    Ok(())
}

impl App {
    /// States these pages in the log, if they are not those of its newest statement. A test log states nothing.
    ///
    /// # Errors
    /// `Conflict`: nothing is signed any more.
    pub fn verifier_state(&self, pages: VerifierPages) -> Answer<'_, ()> {
        Box::pin(async move {
            if self.is_test_log() {
                return Ok(());
            }
            self.seal_now().await?;
            let stated = {
                let mut read = self.db().read_tx().await?;
                store::transparency::verifier_stated(&mut read).await?
            };
            let known = stated.as_ref().map_or(0, |(_, count, _)| *count);
            if stated.is_some_and(|(_, _, newest)| newest == pages) {
                return Ok(());
            }
            let change = Box::new(VerifierChange { pages, known });
            let command = Command::House(HouseCommand::Verifier(change));
            let actor = Actor::house(HOUSE);
            self.write(&actor, &CommandKey(String::new()), command)
                .await?;
            Ok(())
        })
    }

    /// The index of the newest statement about the offline verifier, if one of its pages has this digest.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn verifier_stated(&self, digest: [u8; 32]) -> Answer<'_, Option<i64>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let newest = store::transparency::verifier_stated(&mut read).await?;
            let has = |pages: &VerifierPages| pages.files.iter().any(|file| file.1 == digest);
            Ok(newest
                .filter(|(_, _, pages)| has(pages))
                .map(|(index, ..)| index))
        })
    }
}
