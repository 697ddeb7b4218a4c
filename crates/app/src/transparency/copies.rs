//! 〔见证人的副本〕 What the witnesses keep of our own log. A checkpoint there that our own key has signed is proof, whoever
//! shows it: a database that has not reached it, or that has another tree, is not the one that signed last.

use crate::transparency::WitnessPolicy;
use crate::transparency::policy_file::copy_address;
use db::Db;
use gateway::Clock;
use gateway::witness::{WitnessDoor, WitnessUnreached};
use std::sync::Arc;
use store::transparency::{Kept, Mark, SealError, SharedLogKeys, checkpoint_compare, key_book};
use tlog::limits::WITNESS_REPLY_BYTES_MAX;
use tlog::policy::{Standing, Witness};
use tlog::{Checkpoint, SignedNote, VerifierKey};

/// A witness whose line is older than this, in seconds, has not followed the log: a day.
const FRESH_SECONDS: u64 = 86_400;

/// 〔副本〕 What a witness shows of a log.
#[derive(Debug)]
pub enum Shown {
    /// The policy has no address for it.
    NoAddress,
    /// Nothing came in time.
    Unreached(WitnessUnreached),
    /// It knows nothing of this log.
    Nothing,
    /// What came is no signed note.
    Unreadable,
    /// A note, believed by nobody yet.
    Note(Box<SignedNote>),
}

/// Asks all witnesses of a policy at once what they keep of the log `origin`; in the order of the policy. Takes a second
/// and 64 KiB for each at most.
pub async fn witness_copies(policy: &WitnessPolicy, origin: &str) -> Vec<Shown> {
    let door = WitnessDoor::default();
    let all = policy.policy().witnesses().iter();
    futures_util::future::join_all(all.map(|one| shown(&door, one.url.as_deref(), origin))).await
}

async fn shown(door: &WitnessDoor, url: Option<&str>, origin: &str) -> Shown {
    let Some(url) = url else {
        return Shown::NoAddress;
    };
    let (door, address) = (door.clone(), copy_address(url, origin));
    let waiting = move || door.get(&address, WITNESS_REPLY_BYTES_MAX);
    match tokio::task::spawn_blocking(waiting).await {
        Ok(Ok(answer)) => match answer.status {
            200 => SignedNote::parse(&answer.body)
                .map_or(Shown::Unreadable, |note| Shown::Note(Box::new(note))),
            404 => Shown::Nothing,
            // Something in its way, or itself, is out of order for now.
            status @ 500.. => Shown::Unreached(WitnessUnreached::OutOfOrder(status)),
            _ => Shown::Unreadable,
        },
        Ok(Err(WitnessUnreached::TooLong)) => Shown::Unreadable,
        Ok(Err(error)) => Shown::Unreached(error),
        Err(error) => Shown::Unreached(WitnessUnreached::Unreachable(error.to_string())),
    }
}

/// What a look at one witness has shown. Proof against the database is an error.
#[derive(Debug)]
pub(crate) enum Look {
    /// It could not be asked; another time it may.
    Unreached(WitnessUnreached),
    /// It has no address, or what it shows says nothing of this log.
    Silent,
    /// It knows nothing of this log.
    Nothing,
    /// What it keeps stands in the database; whether it has followed the log until lately.
    Agrees {
        /// Its own line is not older than a day.
        fresh: bool,
    },
}

impl Look {
    /// Whether it need not be looked at again before it says that something is wrong.
    pub(crate) const fn is_done(&self) -> bool {
        !matches!(self, Look::Unreached(_))
    }
}

/// 〔副本核对〕 Looks at what witnesses keep, and holds it against the database.
#[derive(Clone)]
pub(crate) struct Copies {
    pub(crate) door: WitnessDoor,
    pub(crate) db: Db,
    pub(crate) origin: String,
    pub(crate) keys: SharedLogKeys,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Copies {
    /// Looks at all witnesses of a policy at once.
    ///
    /// # Errors
    /// `WitnessAhead`, `WitnessDiffers`: proof that this database is not the one that signed last. Else the engine's
    /// refusal.
    pub(crate) async fn look_at_all(&self, policy: &WitnessPolicy) -> Result<Vec<Look>, SealError> {
        let witnesses = policy.policy().witnesses();
        let shown = witness_copies(policy, &self.origin).await;
        let mut looks = Vec::with_capacity(witnesses.len());
        for (witness, shown) in witnesses.iter().zip(shown) {
            let look = self.weigh(witness, shown).await?;
            if let Look::Unreached(error) = &look {
                tracing::warn!(
                    witness = witness.key.name(),
                    error = error as &dyn std::error::Error,
                    "a witness did not show what it keeps of this log; it is asked again later"
                );
            }
            looks.push(look);
        }
        Ok(looks)
    }

    /// Looks at one witness.
    ///
    /// # Errors
    /// As [`Copies::look_at_all`].
    pub(crate) async fn look(&self, witness: &Witness) -> Result<Look, SealError> {
        let shown = shown(&self.door, witness.url.as_deref(), &self.origin).await;
        self.weigh(witness, shown).await
    }

    async fn weigh(&self, witness: &Witness, shown: Shown) -> Result<Look, SealError> {
        let name = witness.key.name();
        let note = match shown {
            Shown::Note(note) => note,
            Shown::Nothing => return Ok(Look::Nothing),
            Shown::NoAddress | Shown::Unreadable => return Ok(Look::Silent),
            Shown::Unreached(error) => return Ok(Look::Unreached(error)),
        };
        let mut read = self.db.read_tx().await?;
        let claimed: Option<Checkpoint> = note.text().parse().ok();
        let size = claimed.map_or(0, |claimed| claimed.size());
        let book = key_book(&mut read).await?;
        let keys = able(&self.keys.held(), &book, size);
        let Ok(kept) = Checkpoint::open(&note, &self.origin, &keys) else {
            tracing::warn!(
                witness = name,
                "what a witness keeps of this log is not signed by us: it is ignored"
            );
            return Ok(Look::Silent);
        };
        let theirs = i64::try_from(kept.size()).unwrap_or(i64::MAX);
        let mark = Mark {
            size: theirs,
            root: kept.root(),
        };
        let witness_name = name.to_owned();
        match checkpoint_compare(&mut read, mark).await? {
            Kept::Held => Ok(Look::Agrees {
                fresh: self.is_fresh(witness, &note),
            }),
            Kept::Beyond { held } => Err(SealError::WitnessAhead {
                witness: witness_name,
                theirs,
                held,
            }),
            Kept::Differs => Err(SealError::WitnessDiffers {
                witness: witness_name,
                size: theirs,
            }),
        }
    }

    /// Whether the witness itself has signed the note within the last day.
    fn is_fresh(&self, witness: &Witness, note: &SignedNote) -> bool {
        let mut lines = note.signatures().iter();
        let time = lines.find_map(|line| witness.key.verify(note.text(), line));
        let now = self.clock.now().micros().max(0).unsigned_abs() / 1_000_000;
        time.is_some_and(|time| now.abs_diff(time) <= FRESH_SECONDS)
    }
}

/// Our keys that may sign a tree of this size. One that its leaf has ended says nothing of larger ones: whoever stole it
/// could stop the house with it.
fn able(held: &[VerifierKey], book: &leaf::KeyBook, size: u64) -> Vec<VerifierKey> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let known = book.keys().iter();
    let known = known.filter_map(|known| known.key.parse::<VerifierKey>().ok());
    let mut keys: Vec<VerifierKey> = known.collect();
    keys.extend(held.iter().cloned());
    keys.retain(|key| {
        let text = key.to_string();
        let mut all = book.keys().iter();
        let ended = all
            .find(|known| known.key == text)
            .and_then(|known| known.ended);
        ended.is_none_or(|ended| size <= ended)
    });
    keys.dedup();
    keys
}

/// Whether the witnesses alone vouch that the database holds everything that ever was final: all were reached, nobody shows
/// more, and those that have followed the log until lately make the quorum. The operator's own ones vouch for nothing.
pub(crate) fn vouched(file: &WitnessPolicy, looks: &[Look]) -> bool {
    let all = looks
        .iter()
        .all(|look| matches!(look, Look::Nothing | Look::Agrees { .. }));
    let witnesses = file.policy().witnesses();
    let follows = |witness: &Witness| {
        let mut pairs = witnesses.iter().zip(looks);
        let own = pairs.find(|(one, _)| one.key == witness.key);
        own.is_some_and(|(_, look)| matches!(look, Look::Agrees { fresh: true }))
    };
    all && !file.is_of_one_hand() && file.policy().standing(follows) == Standing::Final
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::Cosigner;

    #[test]
    fn only_witnesses_that_followed_the_log_vouch_for_it() {
        let line = |number: u8, name: &str| {
            let key = Cosigner::from_seed(name, &[number; 32]).unwrap();
            format!("witness w{number} {} https://w.example/\n", key.verifier())
        };
        let (one, two) = (line(1, "w.example/1"), line(2, "w.example/2"));
        let policy = |lines: &str| WitnessPolicy::parse(lines.as_bytes()).unwrap();
        let both = policy(&format!("{one}{two}group any 1 w1 w2\nquorum any\n"));
        let fresh = || Look::Agrees { fresh: true };
        let stale = || Look::Agrees { fresh: false };
        let lost = || Look::Unreached(WitnessUnreached::Slow);
        for (looks, want) in [
            ([fresh(), fresh()], true),
            ([fresh(), Look::Nothing], true),
            ([fresh(), stale()], true),
            ([stale(), stale()], false),
            ([Look::Nothing, Look::Nothing], false),
            // One that is down may have seen more, and is a quorum by itself.
            ([fresh(), lost()], false),
            ([fresh(), Look::Silent], false),
        ] {
            assert_eq!(vouched(&both, &looks), want, "{looks:?}");
        }
        let nobody = policy(&format!("{one}{two}quorum none\n"));
        assert!(!vouched(&nobody, &[fresh(), fresh()]));
        let own = line(3, "w.example/same-operator");
        let own = policy(&format!("{own}quorum w3\n"));
        assert!(!vouched(&own, &[fresh()]));
    }
}
