//! One witness is asked for its signature: from where it is believed to stand, and again from where it says it stands.

use db::Db;
use domain::{Sentence, say};
use gateway::Clock;
use gateway::witness::{WitnessDoor, WitnessUnreached};
use std::sync::Arc;
use store::transparency::CosignatureRecord;
use tlog::limits::WITNESS_REPLY_BYTES_MAX;
use tlog::witness::{AddCheckpoint, Asked, Reply, ReplyError, read_reply};
use tlog::{CosignerKey, SignedNote, TimeWindow};

/// How often one witness is asked about one checkpoint: from the size that we remember, from the one that it names,
/// and once more if another request of ours was faster.
const TIMES: usize = 3;
/// How far a witness's clock may stand from ours, in seconds.
const CLOCKS_APART: u64 = 300;

/// 〔请求联署〕 What a witness is asked.
pub(super) struct Question {
    pub(super) door: WitnessDoor,
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    /// Address of `add-checkpoint`.
    pub(super) address: String,
    pub(super) key: CosignerKey,
    /// The checkpoint with the log's own lines.
    pub(super) note: SignedNote,
    pub(super) size: i64,
    /// The size that the witness is believed to know.
    pub(super) old: i64,
}

/// Why a witness has not signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It cannot be reached.
    #[error(transparent)]
    Unreached(#[from] WitnessUnreached),
    /// What it answers does not help.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// It names another size each time.
    #[error("the witness names another size each time")]
    Restless,
    /// Something of ours failed.
    #[error("the question could not be made, or the answer not kept")]
    Own(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Trouble {
    pub(super) fn own(error: impl std::error::Error + Send + Sync + 'static) -> Trouble {
        Trouble::Own(Box::new(error))
    }

    /// What the log page says.
    pub(super) fn words(&self) -> Sentence {
        match self {
            Trouble::Unreached(WitnessUnreached::Slow) => "没有在一秒内答复".into(),
            Trouble::Unreached(WitnessUnreached::Unreachable(_)) => "连不上".into(),
            Trouble::Reply(ReplyError::Refused { status })
            | Trouble::Unreached(WitnessUnreached::OutOfOrder(status)) => {
                say!("拒绝签名（状态 {status}）", status = status.to_string())
            }
            Trouble::Reply(ReplyError::SizeBeyondOurs) => "声称见过比本日志更长的历史".into(),
            Trouble::Reply(ReplyError::BadSignature) => "签名不成立，没有采用".into(),
            Trouble::Reply(ReplyError::NotCosigned) => "答复里没有它的签名".into(),
            Trouble::Reply(ReplyError::Untimely) => "它的时钟与本机相差过大".into(),
            Trouble::Reply(_) | Trouble::Restless | Trouble::Unreached(_) => {
                "答复不符合见证协议".into()
            }
            Trouble::Own(_) => "本机出了错，请管理员查看运行日志".into(),
        }
    }

    /// The witness knows a history that is not ours, or says so: somebody must look at once.
    pub(super) const fn is_alarm(&self) -> bool {
        matches!(
            self,
            Trouble::Reply(ReplyError::SizeBeyondOurs | ReplyError::Refused { status: 422 })
        )
    }
}

/// What became of a question.
pub(super) struct Heard {
    /// The size that the witness knows now, as far as we have learnt.
    pub(super) old: i64,
    /// Its line, verified.
    pub(super) line: Result<CosignatureRecord, Trouble>,
}

impl Question {
    /// Asks until the witness signs, refuses or has been asked often enough.
    pub(super) async fn ask(mut self) -> Heard {
        for _ in 0..TIMES {
            match self.once().await {
                Ok(Reply::KnowsSize(size)) => self.old = size.cast_signed(),
                Ok(Reply::Cosigned(lines)) => {
                    let line = lines.first().and_then(|line| {
                        Some(CosignatureRecord {
                            size: self.size,
                            witness: self.key.to_string(),
                            signed_at: self.key.verify(self.note.text(), line)?.cast_signed(),
                            line: line.to_string(),
                        })
                    });
                    return Heard {
                        old: self.size,
                        line: line.ok_or(Trouble::Reply(ReplyError::NotCosigned)),
                    };
                }
                Err(trouble) => {
                    return Heard {
                        old: self.old,
                        line: Err(trouble),
                    };
                }
            }
        }
        Heard {
            old: self.old,
            line: Err(Trouble::Restless),
        }
    }

    async fn once(&self) -> Result<Reply, Trouble> {
        let proof = {
            let mut read = self.db.read_tx().await.map_err(Trouble::own)?;
            let proof = store::transparency::consistency(&mut read, self.old, self.size).await;
            proof.map_err(Trouble::own)?
        };
        let old = self.old.unsigned_abs();
        let request = AddCheckpoint::new(old, proof, self.note.clone()).map_err(Trouble::own)?;
        let (door, address) = (self.door.clone(), self.address.clone());
        let text = request.to_string();
        // One byte more than allowed, so that the protocol's own reader says that it is too long.
        let waiting = move || door.post(&address, &text, WITNESS_REPLY_BYTES_MAX + 1);
        let answer = tokio::task::spawn_blocking(waiting);
        let answer = answer.await.map_err(Trouble::own)??;
        let seconds = self.clock.now().micros().max(0).unsigned_abs() / 1_000_000;
        let keys = std::slice::from_ref(&self.key);
        let asked = Asked {
            old,
            size: self.size.unsigned_abs(),
            note: &self.note,
            keys,
            window: TimeWindow::around(seconds, CLOCKS_APART, CLOCKS_APART),
        };
        Ok(read_reply(
            asked,
            answer.status,
            &answer.media_type,
            &answer.body,
        )?)
    }
}
