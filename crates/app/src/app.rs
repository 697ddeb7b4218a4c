//! The house as one value: opened once, cloned freely, closed when the last clone goes.

use crate::answer::Answer;
use crate::command::{Command, CommandKey, KEY_MAX, Outcome};
use crate::config::Config;
use crate::error::AppError;
use crate::finder::Finder;
use crate::log_keys;
use crate::staircase::{Door, Request, Staircase};
use crate::transparency::{self, policy_without_witnesses};
use domain::identity::Actor;
use gateway::evidence::EvidenceStore;
use gateway::passkey::{NoPasskeys, Site};
use gateway::password::Passwords;
use gateway::payment::{ChannelKeys, DemoGateway, Merchant};
use gateway::second_factor::Vault;
use gateway::{Secrets, entropy};
use kernel::{Id, IdCipher, IdKind, Timestamp};
use std::sync::Arc;
use store::writer::{WriteError, Writer};
use store::{House, schema};
use tlog::Signer;
use tokio::sync::Notify;

/// Channel code of the demo gateway.
pub const DEMO_CHANNEL: &str = "demo";
/// Seconds after which a caller should try again when the queue is full.
const BUSY_SECONDS: u32 = 2;

/// 〔应用〕 The house.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) db: db::Db,
    pub(crate) house: Arc<House>,
    pub(crate) secrets: Secrets,
    pub(crate) writer: Writer<Staircase>,
    pub(crate) evidence: Arc<EvidenceStore>,
    pub(crate) passwords: Passwords,
    pub(crate) vault: Arc<Vault>,
    pub(crate) seals: transparency::Seals,
    pub(crate) cosigning: transparency::Cosigning,
    pub(crate) finder: Arc<Finder>,
    pub(crate) divisions: crate::query::Divisions,
    pub(crate) pictures: gateway::evidence::picture::Pictures,
}

/// What whoever wanted to write is told.
fn not_written(error: WriteError) -> AppError {
    match error {
        WriteError::Full => AppError::Busy(BUSY_SECONDS),
        WriteError::Stopped => AppError::unwell(
            "writer_stopped",
            "系统已停止写入，您的操作没有得到确认；请联系管理员检查磁盘并重新启动，然后重试。",
        ),
        WriteError::Database(error) if error.is_full() => AppError::unwell(
            "disk_full",
            "磁盘空间不足，没有写入；请联系管理员腾出空间，然后重试。",
        ),
        WriteError::Database(error) if error.is_machine() => AppError::unwell(
            "disk_failed",
            "磁盘或数据库没有应答，您的操作没有得到确认；请稍后重试，仍如此请联系管理员。",
        ),
        error => AppError::internal(error),
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("origin", &self.inner.house.origin)
            .finish()
    }
}

impl App {
    /// Opens the house: keys, database, schema, writer, sequencer and the founding leaf.
    ///
    /// # Errors
    /// `Internal` with its source: keys lost, database unreachable, schema changed, log damaged.
    pub fn open(config: Config) -> Answer<'static, App> {
        Box::pin(async move {
            std::fs::create_dir_all(&config.data).map_err(AppError::internal)?;
            let db = db::Db::open(&config.database, db::Options::default())?;
            App::on(db, config).await
        })
    }

    /// Opens the house on a database that is open already.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn on(db: db::Db, mut config: Config) -> Answer<'static, App> {
        Box::pin(async move {
            std::fs::create_dir_all(&config.data).map_err(AppError::internal)?;
            let folder = config.data.join("keys");
            let passphrase = config.passphrase.as_ref();
            let secrets = Secrets::open_or_create(&folder, passphrase, &*config.entropy)
                .map_err(AppError::internal)?;
            let evidence =
                EvidenceStore::new(&config.data.join("evidence")).map_err(AppError::internal)?;
            let passwords = Passwords::new(&*config.entropy).map_err(AppError::internal)?;
            schema::migrate(&db).await?;
            let signer = Signer::from_seed(&config.origin, secrets.log_seed.expose())
                .map_err(AppError::internal)?;
            let first = signer.verifier().to_string();
            let keys = log_keys::log_keys(&config, signer)?;
            config.witnesses = log_keys::policy(&db, &config, &first).await?;
            let house = House::new(
                IdCipher::new(*secrets.id_key.expose()),
                *secrets.commit_key.expose(),
                &config.origin,
                first,
            );
            let house = Arc::new(transparency::of_its_log(&db, &config, house).await?);
            transparency::found(&db, &house, config.clock.now()).await?;
            let finder = Arc::new(Finder::default());
            let vault = Arc::new(Vault::new(&secrets.session_key));
            let door = Door {
                vault: Arc::clone(&vault),
                factor_required: config.second_factor && !config.demo,
                site: config.site(),
            };
            let staircase = Staircase::new(Arc::clone(&house), Arc::clone(&finder), door);
            let staircase = Arc::new(staircase);
            let writer = Writer::start(db.clone(), Arc::clone(&house), staircase)
                .map_err(AppError::internal)?;
            let published = Arc::new(Notify::new());
            let around = (writer.clone(), &config, Arc::clone(&published));
            let seals = transparency::start(&db, &house, keys, around).await?;
            let around = (&seals, house.origin.as_str(), published);
            let cosigning =
                transparency::start_cosigning(&db, writer.clone(), &config, around).await?;
            let evidence = Arc::new(evidence);
            let inner = Inner {
                config,
                db,
                house,
                secrets,
                writer,
                evidence,
                passwords,
                vault,
                seals,
                cosigning,
                finder,
                divisions: crate::query::Divisions::default(),
                pictures: gateway::evidence::picture::Pictures::default(),
            };
            Ok(App {
                inner: Arc::new(inner),
            })
        })
    }

    /// The one staircase: authorise, replay, load, decide, apply, audit — then commit with whoever else waits.
    ///
    /// # Errors
    /// Every `AppError`; nothing has changed then.
    pub fn write<'a>(
        &'a self,
        actor: &'a Actor,
        key: &'a CommandKey,
        command: Command,
    ) -> Answer<'a, Outcome> {
        Box::pin(async move {
            if key.0.len() > KEY_MAX || key.0.chars().any(char::is_control) {
                return Err(AppError::conflict(
                    "key_malformed",
                    "命令编号太长或有控制字符，请刷新页面重试。",
                ));
            }
            self.inner.seals.may_write()?;
            if self.is_test_log() {
                return Err(transparency::no_business());
            }
            let seed = entropy::draw(&*self.inner.config.entropy).map_err(AppError::internal)?;
            let now = self.now();
            let request = Request {
                actor: actor.clone(),
                key: key.0.clone(),
                command,
                now,
                seed,
            };
            match self.inner.writer.write(request).await {
                Ok(reply) => {
                    self.inner.seals.wake();
                    reply
                }
                Err(error) => Err(not_written(error)),
            }
        })
    }

    /// Whether the log takes any bytes and states nothing, as its first leaf says.
    pub fn is_test_log(&self) -> bool {
        self.inner.house.is_test_log
    }

    /// Appends an entry to a test log and waits until it is on disk; its index, which is final. Two identical entries are
    /// two.
    ///
    /// # Errors
    /// `NotFound` in a log of statements; `Busy` while too many wait; `Unwell`.
    pub fn entry_add(&self, bytes: Vec<u8>) -> Answer<'_, i64> {
        Box::pin(async move {
            if !self.is_test_log() {
                return Err(AppError::NotFound("这个地址"));
            }
            self.inner.seals.may_write()?;
            let index = self.inner.writer.entry(bytes).await.map_err(not_written)?;
            self.inner.seals.wake();
            Ok(index)
        })
    }

    /// Now, by the house's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.config.clock.now()
    }

    /// The public form of a key.
    pub fn print<K: IdKind>(&self, id: Id<K>) -> String {
        self.inner.house.print(id)
    }

    /// The key of a public id.
    ///
    /// # Errors
    /// `NotFound`: a mistyped id names nothing.
    pub fn read_id<K: IdKind>(&self, text: &str) -> Result<Id<K>, AppError> {
        self.cipher()
            .read(text.trim())
            .map_err(|_| AppError::NotFound("这个编号对应的记录"))
    }

    /// Turns keys into public ids and back.
    pub fn cipher(&self) -> &IdCipher {
        &self.inner.house.cipher
    }

    /// The database, for reading.
    pub fn db(&self) -> &db::Db {
        &self.inner.db
    }

    /// The house's secrets.
    pub fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }

    /// Evidence files by digest.
    pub fn evidence(&self) -> &Arc<EvidenceStore> {
        &self.inner.evidence
    }

    /// A kept file as a picture with sides of at most `side` pixels, as JPEG; nothing if it is no picture.
    ///
    /// # Errors
    /// The disk.
    pub async fn picture(
        &self,
        sha256: [u8; 32],
        side: u32,
    ) -> Result<Option<Arc<[u8]>>, AppError> {
        let store = Arc::clone(&self.inner.evidence);
        let made = self.inner.pictures.of(store, sha256, side).await;
        made.map_err(AppError::internal)
    }

    /// Origin of the log.
    pub fn origin(&self) -> &str {
        &self.inner.house.origin
    }

    /// The public address of the house, to which passkeys belong.
    ///
    /// # Errors
    /// Why there are none.
    pub fn site(&self) -> Result<Site, NoPasskeys> {
        self.inner.config.site()
    }

    /// Text of the newest verifier key with which the log signs now.
    pub fn verifier_key(&self) -> String {
        let present = self.inner.seals.keys().present(self.now().day());
        present.unwrap_or_else(|| self.inner.house.verifier_key.clone())
    }

    /// Words of the house under the log's keys of today: no checkpoint, and nothing that could pass for one.
    ///
    /// # Errors
    /// A key is not here.
    pub(crate) fn sign_words(&self, words: &str) -> Result<String, AppError> {
        let today = self.now().day();
        let keys = self.inner.seals.keys();
        let note = keys.sign_words(words, (self.origin(), today));
        note.map(|note| note.to_string())
            .map_err(AppError::internal)
    }

    /// All keys with which the log has signed or will, oldest first: old receipts are judged too.
    pub fn verifier_keys(&self) -> Vec<String> {
        let book = self.inner.seals.keys().book();
        let keys: Vec<String> = book.keys().iter().map(|known| known.key.clone()).collect();
        match keys.is_empty() {
            true => vec![self.inner.house.verifier_key.clone()],
            false => keys,
        }
    }

    /// What the operator set.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// What the writer has done since the start.
    pub fn counters(&self) -> &store::writer::Counters {
        &self.inner.writer.counters
    }

    /// True while the one writer takes commands.
    pub fn writer_is_alive(&self) -> bool {
        self.inner.writer.is_alive()
    }

    /// Commands and seals that wait for the one writer now.
    pub fn writer_waiting(&self) -> usize {
        self.inner.writer.waiting()
    }

    /// Waits until everything committed so far is under a signed checkpoint; for tests and the demo.
    ///
    /// # Errors
    /// The sequencer has stopped, with its reason.
    pub fn seal_now(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.inner.seals.seal_now().await })
    }

    /// From now on a checkpoint is signed only when [`App::seal_now`] asks for one, so that a story that is played in no
    /// time has the same log each time.
    pub fn hold_seals(&self) {
        self.inner.seals.hold();
    }

    /// From now on checkpoints follow what is written again.
    pub fn go_on_sealing(&self) {
        self.inner.seals.go_on();
    }

    /// Why the sequencer has stopped signing, if it has.
    pub fn seal_stopped(&self) -> Option<String> {
        self.inner.seals.stopped()
    }

    /// Asks every witness of the policy about the newest checkpoint and waits for their answers.
    pub fn cosign_now(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            self.inner.cosigning.ask_now().await;
            Ok(())
        })
    }

    /// The policy file as it is published: the operator's, or one that says that no witness is asked for.
    pub fn witness_policy(&self) -> String {
        match self.inner.cosigning.policy() {
            Some(file) => file.text().to_owned(),
            None => policy_without_witnesses(&self.verifier_keys()),
        }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// True if this house is a demonstration with pretended payments.
    pub fn is_demo(&self) -> bool {
        self.inner.config.demo
    }

    /// True if whoever decides or pays must have a second factor.
    pub fn requires_second_factor(&self) -> bool {
        self.inner.config.second_factor && !self.inner.config.demo
    }

    /// The demo gateway of an organisation: it really signs.
    ///
    /// # Errors
    /// `Internal`: the key cannot be made.
    pub fn demo_gateway(&self, organisation: &str) -> Result<DemoGateway, AppError> {
        let merchant = Merchant {
            channel: DEMO_CHANNEL.into(),
            number: organisation.into(),
        };
        DemoGateway::ed25519(&self.inner.secrets.demo_notice_seed, &merchant)
            .map_err(AppError::internal)
    }

    /// Keys of the channels that may send notices: the demo gateway's, one for each fundraising organisation.
    ///
    /// # Errors
    /// `Internal`.
    pub fn channel_keys(&self) -> Answer<'_, ChannelKeys> {
        Box::pin(async move {
            let mut keys = ChannelKeys::new();
            if !self.inner.config.demo {
                return Ok(keys);
            }
            let mut read = self.db().read_tx().await?;
            for id in store::parties::fundraising_organisations(&mut read).await? {
                let gateway = self.demo_gateway(&self.print(id))?;
                keys.add(gateway.key().clone())
                    .map_err(AppError::internal)?;
            }
            Ok(keys)
        })
    }
}
