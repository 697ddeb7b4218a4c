//! The handler behind `App::write`: authorise → replay? → load → decide → apply → audit.

use crate::command::{Command, Outcome};
use crate::error::AppError;
use crate::finder::Finder;
use crate::{exchange, fundraising, funds, identity, jobs, oversight, parties};
use domain::identity::{Action, Actor, Object, permit, proven};
use domain::{Refused, Sentence};
use gateway::passkey::{NoPasskeys, Site};
use gateway::second_factor::Vault;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Id, IdKind, Timestamp};
use leaf::ids;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::search::Findable;
use store::writer::{Fail, Handler, Work};
use store::{Batch, House, Posted, PostingError};

/// A command with everything that makes its run repeatable.
#[derive(Debug)]
pub(crate) struct Request {
    /// Who acts.
    pub actor: Actor,
    /// The caller's key.
    pub key: String,
    /// What is asked.
    pub command: Command,
    /// When.
    pub now: Timestamp,
    /// Randomness of this request: a second run gives the same keys.
    pub seed: [u8; 32],
}

/// How a command stops early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The database failed.
    Database(db::Error),
    /// A refusal or another normal end.
    App(AppError),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Stop::Database(error)
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Stop::App(error)
    }
}

/// What a room of the staircase returns.
pub(crate) type Flow<T> = Result<T, Stop>;

/// Stops with a decision's refusal.
pub(crate) fn refused(refused: impl Refused) -> Stop {
    Stop::App(AppError::refused(refused))
}

/// Stops because a form has problems.
pub(crate) fn invalid(problems: Vec<domain::text::Problem>) -> Stop {
    Stop::App(AppError::Invalid(problems))
}

/// Stops because there is no such thing.
pub(crate) fn missing(what: &'static str) -> Stop {
    Stop::App(AppError::NotFound(what))
}

/// 〔一次办理〕 One command on its way: the batch, who asks, when.
pub(crate) struct Call<'a> {
    pub batch: &'a mut Batch,
    pub request: &'a Request,
    pub door: &'a Door,
}

/// 〔门〕 What tells whether somebody is who the session says.
#[derive(Debug)]
pub(crate) struct Door {
    /// Keys behind second factors.
    pub vault: Arc<Vault>,
    /// Whoever decides or pays must have a second factor.
    pub factor_required: bool,
    /// The address to which passkeys belong, or why there are none.
    pub site: Result<Site, NoPasskeys>,
}

impl Call<'_> {
    pub(crate) fn now(&self) -> Timestamp {
        self.request.now
    }

    /// May the actor do this, and was it shown who that is? The one place that asks either for all commands.
    pub(crate) fn permit(&self, action: Action, object: &Object) -> Flow<()> {
        let actor = &self.request.actor;
        permit(actor, action, object).map_err(|d| Stop::App(AppError::denied(d)))?;
        let house = (self.request.now, self.door.factor_required);
        proven(actor, action, house).map_err(|u| Stop::App(AppError::denied(u)))
    }

    /// The same for somebody who is represented: the role is that person's, the session is the actor's.
    pub(crate) fn permit_on_behalf(
        &self,
        represented: &Actor,
        action: Action,
        object: &Object,
    ) -> Flow<()> {
        permit(represented, action, object).map_err(|d| Stop::App(AppError::denied(d)))?;
        let house = (self.request.now, self.door.factor_required);
        proven(&self.request.actor, action, house).map_err(|u| Stop::App(AppError::denied(u)))
    }

    /// True if the actor's role permits this, whatever the session has shown.
    pub(crate) fn has_role_for(&self, action: Action, object: &Object) -> bool {
        permit(&self.request.actor, action, object).is_ok()
    }

    /// Reads a printed id.
    pub(crate) fn id<K: IdKind>(&self, text: &str, what: &'static str) -> Flow<Id<K>> {
        self.batch
            .house
            .cipher
            .read(text.trim())
            .map_err(|_| missing(what))
    }

    pub(crate) fn print<K: IdKind>(&self, id: Id<K>) -> String {
        self.batch.house.print(id)
    }

    /// The user who acts; decisions of the house itself act as user zero.
    pub(crate) fn user(&self) -> Id<ids::User> {
        self.request.actor.user_id().unwrap_or(Id::from_raw(0))
    }

    /// The n-th key of this request's randomness.
    pub(crate) fn word_key(&self, n: u64) -> [u8; 32] {
        let mut key = [0; 32];
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.request.seed) {
            mac.update(&n.to_be_bytes());
            key.copy_from_slice(&mac.finalize().into_bytes());
        }
        key
    }

    pub(crate) fn audit(&mut self, action: Action, object: String, detail: impl Into<String>) {
        let about = (object, detail.into());
        self.batch
            .audit(&self.request.actor, action, about, self.request.now);
    }

    /// Books a posting or stops with its reason.
    pub(crate) async fn book(&mut self, posting: &domain::funds::posting::Posting) -> Flow<Posted> {
        booked(self.batch.book(posting).await?)
    }
}

/// A posting that cannot be booked is a refusal if money or words are the reason, else our mistake.
pub(crate) fn booked<T>(result: Result<T, PostingError>) -> Flow<T> {
    result.map_err(|error| {
        let code = match &error {
            PostingError::Tape(_) => "fund_balance",
            PostingError::Place => "fund_place",
            PostingError::Swap(_) | PostingError::Naming(_) => "fund_named",
            PostingError::Leaf(_) => "leaf_refused",
            PostingError::Unknown => return Stop::App(AppError::internal(error)),
        };
        let refusal = domain::Refusal {
            code,
            sentence: Sentence::known(&error.to_string()),
            law: None,
            field: None,
        };
        Stop::App(AppError::Refused(refusal))
    })
}

/// 〔楼梯〕 Runs commands inside the writer's batches.
#[derive(Debug)]
pub(crate) struct Staircase {
    house: Arc<House>,
    finder: Arc<Finder>,
    door: Door,
}

impl Staircase {
    /// A staircase of this house; the finder hears of what is committed.
    pub(crate) fn new(house: Arc<House>, finder: Arc<Finder>, door: Door) -> Staircase {
        Staircase {
            house,
            finder,
            door,
        }
    }
}

/// What a command ends with.
pub(crate) type Reply = Result<Outcome, AppError>;

impl Handler for Staircase {
    type Request = Request;
    type Reply = Reply;

    fn prefetch<'a>(
        &'a self,
        batch: &'a mut Batch,
        requests: &'a [&'a Request],
    ) -> Work<'a, db::Result<()>> {
        Box::pin(async move {
            let mut payments = Vec::new();
            let mut intents = Vec::new();
            for request in requests {
                if let Command::PaymentCapture(notice) = &request.command {
                    payments.push(fundraising::payment_key(notice));
                    intents.extend(self.house.cipher.read(&notice.order).ok());
                }
            }
            if payments.is_empty() {
                return Ok(());
            }
            batch.payments_prefetch(&payments, &intents).await
        })
    }

    fn committed(&self, findable: Vec<Findable>) {
        self.finder.committed(findable);
    }

    fn handle<'a>(
        &'a self,
        batch: &'a mut Batch,
        request: &'a Request,
    ) -> Work<'a, Result<Reply, Fail<Reply>>> {
        Box::pin(async move {
            let before = batch.changes();
            let mut call = Call {
                batch,
                request,
                door: &self.door,
            };
            let end = climb(&mut call).await;
            let changed = call.batch.changes() != before;
            match end {
                Ok(outcome) => Ok(Ok(outcome)),
                Err(Stop::Database(error)) => Err(Fail::Database(error)),
                Err(Stop::App(error)) if changed => Err(Fail::Undo(Err(error))),
                Err(Stop::App(error)) => Ok(Err(error)),
            }
        })
    }
}

async fn climb(call: &mut Call<'_>) -> Flow<Outcome> {
    if !needs_key(&call.request.command) {
        return run(call).await;
    }
    let fingerprint = fingerprint(&call.request.command);
    // Two people's equal keys are two keys.
    let key = format!("{:?}/{}", call.request.actor.who, call.request.key);
    if let Some((known, outcome)) = call.batch.command_done(&key).await? {
        if known != fingerprint {
            let sentence = "同一个命令编号带来了不同的内容，请刷新页面后重新提交。";
            return Err(AppError::conflict("idempotency_conflict", sentence).into());
        }
        let outcome = serde_json::from_str(&outcome).map_err(AppError::internal)?;
        return Ok(outcome);
    }
    let outcome = run(call).await?;
    let text = serde_json::to_string(&outcome).map_err(AppError::internal)?;
    call.batch
        .command_keep(&key, fingerprint, text, call.request.now);
    Ok(outcome)
}

/// Payments and imported rows are unique by their external ids for ever, a run by its state; everything else
/// brings a key.
fn needs_key(command: &Command) -> bool {
    !matches!(
        command,
        Command::PaymentCapture(_)
            | Command::Security(_)
            | Command::House(_)
            | Command::ImportPost(_)
            | Command::ImportStage(_)
            | Command::ImportUndo { .. }
            | Command::ImportFinish { .. }
            | Command::DuplicatesPropose { .. }
    )
}

/// What was asked, in 32 bytes. Commands are plain data, so their debug form says all of it.
fn fingerprint(command: &Command) -> [u8; 32] {
    Sha256::digest(format!("{command:?}")).into()
}

async fn run(call: &mut Call<'_>) -> Flow<Outcome> {
    let request = call.request;
    match &request.command {
        Command::UserCreate(_)
        | Command::RoleGrant(_)
        | Command::DelegationGive(_)
        | Command::DelegationEnd { .. }
        | Command::SessionOpen(_)
        | Command::Security(_)
        | Command::SessionEnd { .. } => identity::run(call, &request.command).await,
        Command::OrganisationRegister(form) => parties::organisation_register(call, form).await,
        Command::ContactPublish { organisation, form } => {
            parties::contact_publish(call, organisation, form).await
        }
        Command::RegisterImport {
            organisation,
            source,
            entries,
        } => parties::register_import(call, organisation, (source, entries)).await,
        Command::CampaignDraft { .. }
        | Command::CampaignPublish { .. }
        | Command::CampaignEnd { .. }
        | Command::CampaignPublishHistoric { .. }
        | Command::ReportPublish { .. }
        | Command::QuestionAsk { .. }
        | Command::QuestionAnswer { .. }
        | Command::QuestionDecline { .. }
        | Command::IntentCreate { .. }
        | Command::PaymentCapture(_)
        | Command::CounterGift(_)
        | Command::GoodsGift(_)
        | Command::DonorHide { .. }
        | Command::DonorRestrict { .. }
        | Command::Repair(_)
        | Command::RepairDecide { .. } => fundraising::run(call, &request.command).await,
        Command::ImportPost(part) => exchange::import_post(call, part).await,
        Command::ImportStage(_)
        | Command::ImportUndo { .. }
        | Command::ImportFinish { .. }
        | Command::DuplicatesPropose { .. } => exchange::run(call, &request.command).await,
        Command::MatterOpen { .. } | Command::MatterAnswer(_) | Command::MatterStep(_) => {
            oversight::run(call, &request.command).await
        }
        Command::House(command) => jobs::run(call, command).await,
        command => funds::run(call, command).await,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }

    /// A room that asked for the role alone would do grave acts without a code. Questions change nothing.
    #[test]
    fn every_room_asks_for_role_and_code_through_the_call() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root, &mut files);
        assert!(files.len() > 50);
        for path in files {
            let own = path.strip_prefix(&root).unwrap();
            if own.starts_with("query") || own == Path::new("staircase.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            // Importing decides nothing: files are looked at before any command, so the role is asked there too; so is
            // a channel's bill, which is kept before its settlement is asked for. A colleague may look at an import.
            let known = [
                "call.permit(",
                "permit(call",
                "fn permit(call",
                "Action::ImportRun",
                "permit(actor, Action::SettlementRecord",
                "permit(actor, Action::DeskRead",
            ];
            for line in text.lines().filter(|line| line.contains("permit(")) {
                let asks = known.iter().any(|one| line.contains(one));
                assert!(asks, "{}: {line}", own.display());
            }
        }
    }
}
