//! A witness 〔见证人〕: watches the logs of others and signs only what continues what it signed
//! before. It shares nothing with the house but the code.

use crate::error::AppError;
use db::{Db, Options};
use gateway::Clock;
use std::path::Path;
use std::sync::Arc;
use store::transparency::{WITNESS_MIGRATIONS, WitnessedRecord, witness_step, witnessed};
use tlog::witness::{Accepted, AddCheckpoint, KnownLog, Latest, Refusal, decide, origin_hash};
use tlog::{Cosigner, CosignerKey, Hash, Sm2Signer, VerifierKey};

/// Name of the witness's SQLite file in its folder.
pub const WITNESS_FILE: &str = "witness.db";

/// Most logs that one witness watches: they are looked through for each request.
pub const WITNESS_LOGS_MAX: usize = 1_000;

/// A log that the witness is set up for: its name, and the keys that are its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedLog {
    /// Its name.
    pub origin: String,
    /// More than one while a key is changed.
    pub keys: Vec<VerifierKey>,
}

/// An open witness; cheap to clone.
#[derive(Clone)]
pub struct Witness(Arc<Inner>);

struct Inner {
    db: Db,
    cosigner: Cosigner,
    /// Signs beside it.
    sm2: Option<Sm2Signer>,
    logs: Vec<WatchedLog>,
    clock: Arc<dyn Clock>,
}

impl Witness {
    /// Opens the witness's file in `folder`, which may be new.
    ///
    /// # Errors
    /// The file cannot be opened, or another process has it.
    pub async fn open(
        folder: &Path,
        cosigner: Cosigner,
        logs: Vec<WatchedLog>,
        clock: Arc<dyn Clock>,
    ) -> Result<Witness, AppError> {
        let url = format!("sqlite:{}", folder.join(WITNESS_FILE).display());
        let db = Db::open(&url, Options::default()).map_err(AppError::internal)?;
        db.migrate(WITNESS_MIGRATIONS)
            .await
            .map_err(AppError::internal)?;
        Ok(Witness(Arc::new(Inner {
            db,
            cosigner,
            sm2: None,
            logs,
            clock,
        })))
    }

    /// The same with an SM2 key whose line stands behind the other in every answer. Logs that do not know it ignore it.
    #[must_use]
    pub fn with_sm2(mut self, signer: Sm2Signer) -> Witness {
        // Nobody else has it yet.
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.sm2 = Some(signer);
        }
        self
    }

    /// The key under which it signs.
    #[must_use]
    pub fn verifier(&self) -> &CosignerKey {
        self.0.cosigner.verifier()
    }

    /// Answers `add-checkpoint`: the witness's signature line once the checkpoint is kept, or
    /// why not; nothing is kept then.
    ///
    /// # Errors
    /// The database cannot be read or written; nothing was signed then.
    pub async fn add_checkpoint(&self, body: &[u8]) -> Result<Result<String, Refusal>, AppError> {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error.into())),
        };
        let origin = request.claimed().origin();
        let Some(log) = self.0.logs.iter().find(|log| log.origin == origin) else {
            return Ok(Err(Refusal::UnknownOrigin));
        };
        let latest = self.latest(origin).await?;
        let known = KnownLog {
            origin,
            keys: &log.keys,
            latest,
        };
        match decide(Some(known), &request, self.now()) {
            Ok(accepted) => self.keep_and_sign(log, &request, &accepted).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// The latest checkpoint signed of the log whose name has this hash.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn checkpoint(&self, origin_hash: &str) -> Result<Option<String>, AppError> {
        let mut read = self.0.db.read_tx().await.map_err(AppError::internal)?;
        let record = witnessed(&mut read, origin_hash).await;
        Ok(record.map_err(AppError::internal)?.map(|kept| kept.note))
    }

    /// The line is made before, because it is kept too, and leaves only after the commit.
    async fn keep_and_sign(
        &self,
        log: &WatchedLog,
        request: &AddCheckpoint,
        accepted: &Accepted,
    ) -> Result<Result<String, Refusal>, AppError> {
        let checkpoint = &accepted.checkpoint;
        let line = self
            .0
            .cosigner
            .cosign(checkpoint, accepted.time)
            .map_err(AppError::internal)?;
        let sm2 = self.0.sm2.as_ref();
        let sm2 = sm2.map(|signer| signer.cosign(checkpoint, accepted.time));
        let sm2 = sm2.transpose().map_err(AppError::internal)?;
        let lines = [Some(&line), sm2.as_ref()].into_iter().flatten();
        let answer: String = lines.clone().map(|line| format!("{line}\n")).collect();
        // Lines of strangers are not kept: whoever sends them could put anything there.
        let own = request.note().signatures().iter();
        let own = own.filter(|line| log.keys.iter().any(|key| key.matches(line)));
        let lines: String = own.chain(lines).map(|line| format!("{line}\n")).collect();
        let (size, old) = (number(checkpoint.size()), number(accepted.old));
        let next = WitnessedRecord {
            origin_hash: origin_hash(checkpoint.origin()),
            size,
            root: checkpoint.root().0,
            signed_at: number(accepted.time),
            note: format!("{checkpoint}\n{lines}"),
        };
        let mut tx = self.0.db.begin().await.map_err(AppError::internal)?;
        let kept = witness_step(&mut tx, &next, old).await;
        if kept.map_err(AppError::internal)? {
            tx.commit().await.map_err(AppError::internal)?;
            return Ok(Ok(answer));
        }
        tx.rollback().await.map_err(AppError::internal)?;
        // Another request was faster: its size is the one to start from.
        let latest = self.latest(checkpoint.origin()).await?;
        let size = latest.map_or(0, |latest| latest.size);
        Ok(Err(Refusal::Conflict { size }))
    }

    async fn latest(&self, origin: &str) -> Result<Option<Latest>, AppError> {
        let mut read = self.0.db.read_tx().await.map_err(AppError::internal)?;
        let record = witnessed(&mut read, &origin_hash(origin)).await;
        Ok(record.map_err(AppError::internal)?.map(|kept| Latest {
            size: kept.size.unsigned_abs(),
            root: Hash(kept.root),
            time: kept.signed_at.unsigned_abs(),
        }))
    }

    /// Seconds since 1970 by this machine's clock.
    fn now(&self) -> u64 {
        self.0.clock.now().micros().max(0).unsigned_abs() / 1_000_000
    }
}

/// Sizes and times of the log end where a signed column does.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway::ManualClock;
    use kernel::Timestamp;
    use tlog::witness::{Asked, Reply, SIZE_MEDIA_TYPE, read_reply};
    use tlog::{
        Checkpoint, Edge, NoteSignature, Signer, Sm2Use, TileSet, TimeWindow, consistency_proof,
        cosigned, leaf_hash,
    };

    const ORIGIN: &str = "log.example/a";
    const NOW: u64 = 1_700_000_000;

    fn log() -> Signer {
        Signer::from_seed(ORIGIN, &[1; 32]).unwrap()
    }

    /// A request of a log of `size` leaves; a fork has another last leaf.
    fn request(old: u64, size: u64, fork: u8) -> AddCheckpoint {
        let mut edge = Edge::new();
        for number in 0..size {
            let last = number + 1 == size;
            let leaf = [number as u8, if last { fork } else { 0 }];
            edge.append(leaf_hash(&leaf)).unwrap();
        }
        let mut tiles = TileSet::new();
        edge.partial_tiles()
            .iter()
            .for_each(|tile| tiles.insert(tile));
        let proof = match old {
            0 => Vec::new(),
            old => consistency_proof(old, size, &tiles).unwrap(),
        };
        let checkpoint = Checkpoint::new(ORIGIN, size, edge.root()).unwrap();
        AddCheckpoint::new(old, proof, checkpoint.sign(&[&log()]).unwrap()).unwrap()
    }

    async fn open(folder: &Path, seconds: u64) -> Witness {
        let clock = ManualClock::new(Timestamp::from_micros(seconds as i64 * 1_000_000));
        let cosigner = Cosigner::from_seed("witness.example/1", &[9; 32]).unwrap();
        let logs = vec![WatchedLog {
            origin: ORIGIN.into(),
            keys: vec![log().verifier().clone()],
        }];
        Witness::open(folder, cosigner, logs, Arc::new(clock))
            .await
            .unwrap()
    }

    async fn add(witness: &Witness, request: &AddCheckpoint) -> Result<String, Refusal> {
        let body = request.to_string();
        witness.add_checkpoint(body.as_bytes()).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_signed_is_kept_and_shown() {
        let folder = tempfile::tempdir().unwrap();
        let first = request(0, 3, 0);
        let witness = open(folder.path(), NOW).await;
        assert_eq!(
            witness.checkpoint(&origin_hash(ORIGIN)).await.unwrap(),
            None
        );
        let line = add(&witness, &first).await.unwrap();
        let keys = [witness.verifier().clone()];
        let asked = Asked {
            old: 0,
            size: 3,
            note: first.note(),
            keys: &keys,
            window: TimeWindow::around(NOW, 0, 0),
        };
        let reply = read_reply(asked, 200, "text/plain", line.as_bytes());
        assert!(matches!(reply, Ok(Reply::Cosigned(lines)) if lines.len() == 1));
        drop(witness);
        // After a restart the fork is refused, and the next step accepted.
        let witness = open(folder.path(), NOW + 5).await;
        let fork = add(&witness, &request(3, 3, 1)).await;
        assert_eq!(fork, Err(Refusal::RootDiffers));
        let shown = witness
            .checkpoint(&origin_hash(ORIGIN))
            .await
            .unwrap()
            .unwrap();
        let note = tlog::SignedNote::parse(&shown).unwrap();
        let found = cosigned(&note, &keys, TimeWindow::ALWAYS).unwrap();
        assert_eq!((found.len(), found[0].time), (1, NOW));
        assert!(add(&witness, &request(3, 9, 0)).await.is_ok());
        let stale = add(&witness, &request(3, 12, 0)).await;
        assert_eq!(stale, Err(Refusal::Conflict { size: 9 }));
        assert_eq!(stale.unwrap_err().media_type(), SIZE_MEDIA_TYPE);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_sm2_line_stands_behind_the_other_and_logs_ignore_it() {
        let folder = tempfile::tempdir().unwrap();
        let sm2 = Sm2Signer::from_secret("witness.example/1", Sm2Use::Cosignature, &[8; 32]);
        let key = sm2.as_ref().unwrap().verifier().clone();
        let witness = open(folder.path(), NOW).await.with_sm2(sm2.unwrap());
        let request = request(0, 3, 0);
        let answer = add(&witness, &request).await.unwrap();
        let lines: Vec<NoteSignature> = answer
            .lines()
            .map(|line| NoteSignature::parse(line).unwrap())
            .collect();
        assert!(witness.verifier().matches(&lines[0]), "{answer}");
        let text = request.note().text();
        assert_eq!(key.verify_cosignature(text, &lines[1]), Some(NOW));
        let keys = [witness.verifier().clone()];
        let asked = Asked {
            old: 0,
            size: 3,
            note: request.note(),
            keys: &keys,
            window: TimeWindow::around(NOW, 0, 0),
        };
        let reply = read_reply(asked, 200, "text/plain", answer.as_bytes());
        assert!(matches!(reply, Ok(Reply::Cosigned(lines)) if lines.len() == 1));
        let shown = witness.checkpoint(&origin_hash(ORIGIN)).await.unwrap();
        let note = tlog::SignedNote::parse(shown.unwrap()).unwrap();
        assert_eq!(note.signatures().len(), 3);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_two_requests_at_once_one_wins_and_nothing_rolls_back() {
        let folder = tempfile::tempdir().unwrap();
        let witness = open(folder.path(), NOW).await;
        add(&witness, &request(0, 3, 0)).await.unwrap();
        // Both were decided on while the kept size was still 3.
        let (small, large) = (request(3, 5, 0), request(3, 8, 0));
        let log = witness.0.logs[0].clone();
        let latest = witness.latest(ORIGIN).await.unwrap();
        let decided = |request: &AddCheckpoint| {
            let known = KnownLog {
                origin: ORIGIN,
                keys: &log.keys,
                latest,
            };
            decide(Some(known), request, NOW).unwrap()
        };
        let (for_small, for_large) = (decided(&small), decided(&large));
        let won = witness.keep_and_sign(&log, &large, &for_large).await;
        assert!(won.unwrap().is_ok());
        let lost = witness.keep_and_sign(&log, &small, &for_small).await;
        assert_eq!(lost.unwrap(), Err(Refusal::Conflict { size: 8 }));
        assert_eq!(witness.latest(ORIGIN).await.unwrap().unwrap().size, 8);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn bad_requests_leave_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let witness = open(folder.path(), NOW).await;
        let malformed = witness.add_checkpoint(b"old 0\n").await.unwrap();
        assert_eq!(malformed.unwrap_err().status(), 400);
        let other = Signer::from_seed("log.example/b", &[1; 32]).unwrap();
        let checkpoint = Checkpoint::new("log.example/b", 0, Hash::EMPTY_ROOT).unwrap();
        let strange =
            AddCheckpoint::new(0, Vec::new(), checkpoint.sign(&[&other]).unwrap()).unwrap();
        assert_eq!(add(&witness, &strange).await, Err(Refusal::UnknownOrigin));
        let forger = Signer::from_seed(ORIGIN, &[2; 32]).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, 0, Hash::EMPTY_ROOT).unwrap();
        let forged =
            AddCheckpoint::new(0, Vec::new(), checkpoint.sign(&[&forger]).unwrap()).unwrap();
        assert_eq!(add(&witness, &forged).await, Err(Refusal::NotSigned));
        for origin in [ORIGIN, "log.example/b"] {
            let kept = witness.checkpoint(&origin_hash(origin)).await.unwrap();
            assert_eq!(kept, None);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_clock_that_ran_back_signs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        add(&open(folder.path(), NOW).await, &request(0, 3, 0))
            .await
            .unwrap();
        let witness = open(folder.path(), NOW - 1).await;
        let refused = add(&witness, &request(3, 5, 0)).await;
        assert_eq!(refused, Err(Refusal::ClockBehind));
        assert_eq!(witness.latest(ORIGIN).await.unwrap().unwrap().size, 3);
    }
}
