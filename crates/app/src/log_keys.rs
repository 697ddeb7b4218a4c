//! 〔公钥更替〕 The keys with which the log signs: announced by a leaf, signing side by side, then the new one alone.

use crate::App;
use crate::answer::Answer;
use crate::command::{Command, CommandKey, HouseCommand, Outcome};
use crate::config::Config;
use crate::error::AppError;
use crate::staircase::{Call, Flow};
use crate::transparency::{self, PolicyRefused, WitnessPolicy};
use domain::identity::{Action, Actor};
use gateway::keys;
use leaf::limits::LOG_KEYS;
use leaf::{KeyBook, KeyLeaf, Succession, SuccessionError, Turnover};
use std::sync::Arc;
use store::transparency::{LogKeys, SharedLogKeys, key_book};
use tlog::{KeyError, PrivateKey, SignedNote, Signer, Sm2Signer, Sm2Use, VerifierKey};

/// Who the audit entry names.
const OPERATOR: &str = "command line";
/// SM2 keys that sign side by side: one, and while it follows another, both.
const SM2_KEYS_MAX: usize = 2;
/// Why a key ends whose time is over.
const PLANNED: &str = "planned";
/// Why a key ends that somebody else may have.
const COMPROMISED: &str = "compromised";

/// The signers that this house holds: the first one, and those of the files beside it.
pub(crate) fn log_keys(config: &Config, first: Signer) -> Result<SharedLogKeys, AppError> {
    let folder = config.data.join("keys");
    let lines = keys::log_key_lines(&folder, config.passphrase.as_ref());
    let (mut signers, mut sm2) = (vec![first], Vec::new());
    for line in lines.map_err(AppError::internal)? {
        match line.expose().parse::<PrivateKey>() {
            Ok(key) if key.name() == config.origin => {
                signers.push(key.signer().map_err(AppError::internal)?);
            }
            Ok(_) => {}
            Err(KeyError::UnknownAlgorithm) => {
                let key: Sm2Signer = line.expose().parse().map_err(AppError::internal)?;
                let known = key.verifier();
                let is_ours = known.name() == config.origin && known.purpose() == Sm2Use::Log;
                sm2.extend(Some(key).filter(|_| is_ours));
            }
            Err(error) => return Err(AppError::internal(error)),
        }
    }
    if sm2.len() > SM2_KEYS_MAX {
        let sentence = "密钥目录里有两把以上的 SM2 日志密钥，最多并用两把，请移走最旧的再启动。";
        return Err(AppError::conflict("key.sm2_many", sentence));
    }
    Ok(Arc::new(LogKeys::new(signers).with_sm2(sm2)))
}

/// The policy of the house. It must name a key with which the log signs now, or everybody who has it would refuse our
/// checkpoints. One that names only keys which the log has ended is of this log and late: after a theft the house must
/// start, so the line is added to what is published, and somebody is told.
pub(crate) async fn policy(
    db: &db::Db,
    config: &Config,
    first: &str,
) -> Result<Option<Arc<WitnessPolicy>>, AppError> {
    let Some(policy) = &config.witnesses else {
        return Ok(None);
    };
    let book = {
        let mut read = db.read_tx().await?;
        key_book(&mut read).await.map_err(AppError::internal)?
    };
    let signing = book.signing(config.clock.now().day());
    let mut texts: Vec<&str> = signing.iter().map(|known| known.key.as_str()).collect();
    if texts.is_empty() {
        texts.push(first);
    }
    let names = |text: &str| {
        let key: VerifierKey = text.parse().map_err(AppError::internal)?;
        Ok::<bool, AppError>(policy.check_log(&key).is_ok())
    };
    let newest = texts.last().copied().unwrap_or(first);
    if names(newest)? {
        return Ok(Some(Arc::clone(policy)));
    }
    for text in texts.iter().rev() {
        if names(text)? {
            tracing::warn!(
                key = newest,
                "the policy does not name the newest key of the log yet"
            );
            return Ok(Some(Arc::clone(policy)));
        }
    }
    let key: VerifierKey = newest.parse().map_err(AppError::internal)?;
    let said = |error: PolicyRefused| AppError::conflict(error.code(), error.to_string());
    for known in book.keys() {
        if names(&known.key)? {
            tracing::warn!(
                line = format!("log {newest}"),
                "the policy names only ended keys of the log; its new key was added to what is published, please add this line to the file"
            );
            return Ok(Some(Arc::new(policy.with_log(&key).map_err(said)?)));
        }
    }
    match policy.check_log(&key) {
        Err(error) => Err(said(error)),
        Ok(()) => Ok(Some(Arc::clone(policy))),
    }
}

/// 〔换钥〕 What changes about the keys; `known` leaves about keys were there when it was decided.
#[derive(Debug, Clone)]
pub struct KeyChange {
    what: What,
    reason: Option<&'static str>,
    known: i64,
}

#[derive(Debug, Clone)]
enum What {
    Announce(Box<Succession>, [u8; 64]),
    End(Box<VerifierKey>),
}

/// Writes the leaf, unless another one about keys came in between.
pub(crate) async fn run(call: &mut Call<'_>, change: &KeyChange) -> Flow<()> {
    if call.batch.key_leaves().await? != change.known {
        let sentence = "公钥刚有另一处变动，没有办理，请查看后再试。";
        return Err(AppError::conflict("key.changed", sentence).into());
    }
    let (said, key) = match &change.what {
        What::Announce(plan, proof) => (
            KeyLeaf::Announced(plan.clone(), *proof),
            plan.key.to_string(),
        ),
        What::End(key) => {
            let before = call.batch.next_leaf();
            (KeyLeaf::Ended((**key).clone(), before), key.to_string())
        }
    };
    let now = call.now();
    let written = call.batch.key_leaf((&said, change.reason), now).await?;
    written.map_err(AppError::internal)?;
    let detail = match said {
        KeyLeaf::Announced(..) => "announced",
        KeyLeaf::Ended(..) => "ended",
    };
    call.audit(Action::LogKeyChange, key, detail);
    Ok(())
}

impl App {
    /// The keys of the log as its newest checkpoint has them.
    pub fn key_book(&self) -> KeyBook {
        self.inner().seals.keys().book()
    }

    /// Whether checkpoints are signed with SM2 too.
    pub fn signs_sm2(&self) -> bool {
        !self.inner().seals.keys().sm2().is_empty()
    }

    /// Whether this house holds the secret half of a key of the log.
    pub fn holds_key(&self, key: &str) -> bool {
        self.inner().seals.keys().holds(key)
    }

    /// Whether a key could be announced so now: asked before its file is written.
    ///
    /// # Errors
    /// As [`App::key_announce`].
    pub fn key_may_follow<'a>(&'a self, signer: &'a Signer, when: Turnover) -> Answer<'a, ()> {
        Box::pin(async move { self.key_plan(signer, when).await.map(|_| ()) })
    }

    /// The keys as they are, and how this one follows them.
    async fn key_plan(
        &self,
        signer: &Signer,
        when: Turnover,
    ) -> Result<(KeyBook, Box<Succession>, [u8; 64]), AppError> {
        self.inner().seals.may_write()?;
        if self.is_test_log() {
            return Err(transparency::no_business());
        }
        self.seal_now().await?;
        let book = self.key_book();
        let plan = book.plan(signer.verifier().clone(), when, self.now().day());
        let plan = Box::new(plan.map_err(refused)?);
        let proof = agreed(&plan, signer).ok_or_else(|| refused(SuccessionError::NotAgreed))?;
        let said = KeyLeaf::Announced(plan.clone(), proof);
        book.clone().take(i64::MAX, &said).map_err(refused)?;
        Ok((book, plan, proof))
    }

    /// Announces a key of which the house was opened with the secret half, and seals the announcement.
    ///
    /// # Errors
    /// `Conflict`: days out of order, another change under way, or nothing is signed any more.
    pub fn key_announce<'a>(&'a self, signer: &'a Signer, when: Turnover) -> Answer<'a, ()> {
        Box::pin(async move {
            let (book, plan, proof) = self.key_plan(signer, when).await?;
            if !self.holds_key(&plan.key.to_string()) {
                let sentence = "密钥目录里没有新公钥的密钥文件，没有公布，请用 shanji admin log-key rotate 生成。";
                return Err(AppError::conflict("key.missing", sentence));
            }
            let reason = (when == Turnover::AtOnce).then_some(COMPROMISED);
            let what = What::Announce(plan, proof);
            self.change(&book, what, reason).await?;
            self.seal_now().await?;
            if when == Turnover::AtOnce {
                self.end_all_but_newest().await?;
            }
            Ok(())
        })
    }

    /// Ends every key but the newest one, each with a checkpoint of its own.
    async fn end_all_but_newest(&self) -> Result<(), AppError> {
        for _ in 0..LOG_KEYS {
            let book = self.key_book();
            let older = book.keys().iter().rev().skip(1);
            let next = older.rev().find(|known| known.ended.is_none());
            let Some(known) = next else { break };
            self.key_end(&book, &known.key, COMPROMISED).await?;
        }
        Ok(())
    }

    /// Ends the keys whose last day is over. Returns how many.
    ///
    /// # Errors
    /// `Conflict`: nothing is signed any more, or the policy does not name the key that would be left.
    pub fn keys_end_due(&self) -> Answer<'_, usize> {
        Box::pin(async move {
            let mut ended = 0_usize;
            for _ in 0..LOG_KEYS {
                let book = self.key_book();
                let Some(due) = book.due(self.now().day()) else {
                    break;
                };
                let newest = book.keys().last().map(|known| known.key.as_str());
                let newest: VerifierKey = newest
                    .unwrap_or_default()
                    .parse()
                    .map_err(AppError::internal)?;
                if let Some(policy) = &self.inner().config.witnesses {
                    let named = policy.check_log(&newest);
                    named.map_err(|error| AppError::conflict(error.code(), error.to_string()))?;
                }
                self.key_end(&book, &due.key, PLANNED).await?;
                ended += 1;
            }
            Ok(ended)
        })
    }

    async fn key_end(
        &self,
        book: &KeyBook,
        key: &str,
        reason: &'static str,
    ) -> Result<(), AppError> {
        let key: VerifierKey = key.parse().map_err(AppError::internal)?;
        let said = KeyLeaf::Ended(key.clone(), i64::MAX);
        book.clone().take(i64::MAX, &said).map_err(refused)?;
        self.change(book, What::End(Box::new(key)), Some(reason))
            .await?;
        self.seal_now().await
    }

    async fn change(
        &self,
        book: &KeyBook,
        what: What,
        reason: Option<&'static str>,
    ) -> Result<(), AppError> {
        let change = KeyChange {
            what,
            reason,
            known: book.leaves(),
        };
        let command = Command::House(HouseCommand::LogKey(Box::new(change)));
        let actor = Actor::house(OPERATOR);
        let done = self
            .write(&actor, &CommandKey(String::new()), command)
            .await?;
        debug_assert!(matches!(done, Outcome::Done));
        Ok(())
    }
}

/// The new key's signature under the plan.
fn agreed(plan: &Succession, signer: &Signer) -> Option<[u8; 64]> {
    let note = SignedNote::sign(&plan.statement(), &[signer]).ok()?;
    note.signatures().first()?.signature().try_into().ok()
}

fn refused(error: SuccessionError) -> AppError {
    AppError::conflict(error.code(), error.to_string())
}
