//! 〔公钥更替〕 Which keys sign a log's checkpoints, as the log's own leaves say it.
//!
//! `key/1` announces a key: the one it follows, the day from which it signs, the last day on which the older keys sign
//! beside it, and a signature by which whoever holds the new key agrees. `key_end/1` ends a key: it signs no tree that
//! holds this leaf. So which keys may sign a tree follows from its size alone; days are a plan for people and for the
//! house that keeps to it.

use crate::content;
use crate::digest::{bytes_text, signature_parse};
use crate::envelope::{Leaf, LeafTime};
use crate::json::Json;
use crate::kind::Kind;
use crate::limits::LOG_KEYS;
use crate::view::LeafView;
use kernel::Day;
use std::collections::BTreeMap;
use tlog::VerifierKey;

/// The stream of all leaves about keys, so that "these are all" can be proved.
pub const KEY_STREAM: &str = "log/keys";

/// First line of what the new key signs; with five more lines it can never be taken for a checkpoint.
const STATEMENT: &str = "shanji/key-succession/1";

/// Why a leaf about a key does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// Not the words, days or stream that such a leaf needs.
    #[error("关于公钥的陈述写法不对，请核对日志是否完整")]
    Malformed,
    /// The signature of the new key is missing or wrong.
    #[error("新公钥没有对更替签名，不能采信；请向运营方询问")]
    NotAgreed,
    /// The key was announced before.
    #[error("这把公钥已经公布过，请向运营方询问")]
    Repeated,
    /// The key that it follows is not the newest one of the log.
    #[error("新公钥接替的不是日志最新的公钥，请向运营方询问")]
    WrongOld,
    /// The key that ends is not one that signs.
    #[error("停用的不是日志正在使用的公钥，请向运营方询问")]
    NotInUse,
    /// The end says another size than its own place.
    #[error("停用公钥的陈述所说的条数与它的位置不符，请向运营方询问")]
    WrongBefore,
    /// Nobody could sign any more.
    #[error("这是唯一能签名的公钥，不能停用；请先公布新的公钥")]
    Last,
    /// Days in the past or out of order.
    #[error("新公钥的启用日不能早于今天，旧公钥的停用日不能早于启用日，请改日期")]
    Days,
    /// The change before this one has not ended.
    #[error("上一次更换还没有结束，旧公钥停用以后才能再换；公钥被盗请加 --compromised")]
    UnderWay,
    /// More keys than any log has.
    #[error("日志的公钥超过{LOG_KEYS}把，请向运营方询问")]
    TooMany,
}

impl SuccessionError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            SuccessionError::Malformed => "key.malformed",
            SuccessionError::NotAgreed => "key.not_agreed",
            SuccessionError::Repeated => "key.repeated",
            SuccessionError::WrongOld => "key.wrong_old",
            SuccessionError::NotInUse => "key.not_in_use",
            SuccessionError::WrongBefore => "key.wrong_before",
            SuccessionError::Last => "key.last",
            SuccessionError::Days => "key.days",
            SuccessionError::UnderWay => "key.under_way",
            SuccessionError::TooMany => "key.too_many",
        }
    }
}

/// 〔更替计划〕 Which key follows which, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The new key.
    pub key: VerifierKey,
    /// The newest key so far.
    pub old: VerifierKey,
    /// The day from which the new key signs.
    pub from: Day,
    /// The last day on which older keys sign beside it.
    pub until: Day,
}

impl Succession {
    /// What the new key signs to say that it agrees.
    #[must_use]
    pub fn statement(&self) -> String {
        let Succession {
            key,
            old,
            from,
            until,
        } = self;
        let origin = key.name();
        format!("{STATEMENT}\n{origin}\n{old}\n{key}\n{from}\n{until}\n")
    }

    /// Whether `proof` is the new key's signature, of keys of one log on days in order.
    ///
    /// # Errors
    /// `Malformed` or `NotAgreed`.
    pub fn check(&self, proof: &[u8; 64]) -> Result<(), SuccessionError> {
        if self.key.name() != self.old.name() || self.key == self.old || self.from > self.until {
            return Err(SuccessionError::Malformed);
        }
        if self.key.verify(&self.statement(), proof) {
            Ok(())
        } else {
            Err(SuccessionError::NotAgreed)
        }
    }
}

/// What a leaf says about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLeaf {
    /// `key/1`: the plan, and the new key's signature under it.
    Announced(Box<Succession>, [u8; 64]),
    /// `key_end/1`: the key, and how many leaves stand before this one.
    Ended(VerifierKey, i64),
}

impl KeyLeaf {
    /// What a leaf says about a key, with its signature checked; `None` for other kinds.
    ///
    /// # Errors
    /// `SuccessionError`: one of these kinds that does not hold.
    pub fn parse(bytes: &[u8]) -> Result<Option<KeyLeaf>, SuccessionError> {
        let malformed = |_| SuccessionError::Malformed;
        let leaf = LeafView::parse(bytes).map_err(malformed)?;
        leaf.check_form().map_err(malformed)?;
        KeyLeaf::of(&leaf)
    }

    pub(crate) fn of(leaf: &LeafView<'_>) -> Result<Option<KeyLeaf>, SuccessionError> {
        if !matches!(leaf.kind, Kind::Key | Kind::KeyEnd) {
            return Ok(None);
        }
        content::check(leaf).map_err(|_| SuccessionError::Malformed)?;
        let text = |word: &str| leaf.data.get(word).and_then(Json::text).unwrap_or_default();
        let key = |word: &str| -> Result<VerifierKey, SuccessionError> {
            text(word).parse().map_err(|_| SuccessionError::Malformed)
        };
        let day = |word: &str| Day::parse(text(word)).map_err(|_| SuccessionError::Malformed);
        if !leaf.streams.iter().any(|(name, _)| *name == KEY_STREAM) {
            return Err(SuccessionError::Malformed);
        }
        if leaf.kind == Kind::KeyEnd {
            let before = leaf.data.get("before").and_then(Json::int);
            let before = before.ok_or(SuccessionError::Malformed)?;
            return Ok(Some(KeyLeaf::Ended(key("key")?, before)));
        }
        let plan = Succession {
            key: key("key")?,
            old: key("old")?,
            from: day("from")?,
            until: day("until")?,
        };
        let proof = signature_parse(text("proof")).ok_or(SuccessionError::Malformed)?;
        plan.check(&proof)?;
        Ok(Some(KeyLeaf::Announced(Box::new(plan), proof)))
    }

    /// The leaf that says it, as number `sequence` of its stream. `reason` is a code.
    #[must_use]
    pub fn leaf(
        &self,
        id: String,
        time: LeafTime,
        (sequence, reason): (i64, Option<&str>),
    ) -> Leaf {
        let mut data = BTreeMap::new();
        let mut word = |key: &str, value: Json| drop(data.insert(key.to_owned(), value));
        let kind = match self {
            KeyLeaf::Announced(plan, proof) => {
                word("key", plan.key.to_string().into());
                word("old", plan.old.to_string().into());
                word("from", plan.from.to_string().into());
                word("until", plan.until.to_string().into());
                word("proof", bytes_text(proof).into());
                Kind::Key
            }
            KeyLeaf::Ended(key, before) => {
                word("key", key.to_string().into());
                word("before", Json::from(*before));
                Kind::KeyEnd
            }
        };
        if let Some(reason) = reason {
            word("reason", reason.into());
        }
        Leaf {
            id,
            kind,
            organisation: None,
            time,
            streams: vec![(KEY_STREAM.to_owned(), sequence)],
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: BTreeMap::new(),
            data,
        }
    }
}

/// 〔公钥〕 A key of the log, as its leaves say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookKey {
    /// The key as text.
    pub key: String,
    /// The leaf that announced it; 0 for the first one.
    pub announced: i64,
    /// The day from which it signs; from the beginning if absent.
    pub from: Option<Day>,
    /// The last day on which the keys before it sign.
    pub until: Option<Day>,
    /// The leaf that ended it.
    pub ended: Option<i64>,
}

/// 〔公钥簿〕 The keys of a log in the order in which its leaves name them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyBook {
    keys: Vec<BookKey>,
    leaves: i64,
}

impl KeyBook {
    /// Takes the first leaf of a log, which names its first key.
    pub fn found(&mut self, bytes: &[u8]) {
        let Ok(leaf) = LeafView::parse(bytes) else {
            return;
        };
        if matches!(leaf.kind, Kind::Log | Kind::TestLog)
            && self.keys.is_empty()
            && let Some(key) = leaf.data.get("key").and_then(Json::text)
        {
            self.keys.push(BookKey {
                key: key.to_owned(),
                announced: 0,
                from: None,
                until: None,
                ended: None,
            });
        }
    }

    /// Takes a leaf about a key; other kinds say nothing here.
    ///
    /// # Errors
    /// `SuccessionError`: it does not follow from what was said before; nothing has changed then.
    pub fn read(&mut self, index: i64, bytes: &[u8]) -> Result<(), SuccessionError> {
        match KeyLeaf::parse(bytes)? {
            Some(said) => self.take(index, &said),
            None => Ok(()),
        }
    }

    /// Takes what a leaf says about a key.
    ///
    /// # Errors
    /// As [`KeyBook::read`].
    pub fn take(&mut self, index: i64, said: &KeyLeaf) -> Result<(), SuccessionError> {
        match said {
            KeyLeaf::Announced(plan, _) => {
                let key = plan.key.to_string();
                if self.keys.iter().any(|known| known.key == key) {
                    return Err(SuccessionError::Repeated);
                }
                let newest = self.keys.last().map(|known| known.key.as_str());
                if newest != Some(plan.old.to_string().as_str()) {
                    return Err(SuccessionError::WrongOld);
                }
                if self.keys.len() >= LOG_KEYS {
                    return Err(SuccessionError::TooMany);
                }
                self.keys.push(BookKey {
                    key,
                    announced: index,
                    from: Some(plan.from),
                    until: Some(plan.until),
                    ended: None,
                });
            }
            KeyLeaf::Ended(key, before) => {
                if *before != index {
                    return Err(SuccessionError::WrongBefore);
                }
                let key = key.to_string();
                if self.keys.last().is_some_and(|newest| newest.key == key) {
                    return Err(SuccessionError::Last);
                }
                let known = self.keys.iter_mut().find(|known| known.key == key);
                let ended = known.map(|known| &mut known.ended);
                let ended = ended.filter(|ended| ended.is_none());
                *ended.ok_or(SuccessionError::NotInUse)? = Some(index);
            }
        }
        self.leaves = self.leaves.saturating_add(1);
        Ok(())
    }

    /// The keys, oldest first.
    #[must_use]
    pub fn keys(&self) -> &[BookKey] {
        &self.keys
    }

    /// How many leaves about keys were taken.
    #[must_use]
    pub const fn leaves(&self) -> i64 {
        self.leaves
    }

    /// The keys that sign on a day, oldest first. The newest one signs early rather than nobody.
    #[must_use]
    pub fn signing(&self, today: Day) -> Vec<&BookKey> {
        let in_use = |known: &&BookKey| known.ended.is_none();
        let begun = |known: &&BookKey| known.from.is_none_or(|from| from <= today);
        let found: Vec<&BookKey> = self.keys.iter().filter(in_use).filter(begun).collect();
        match found.is_empty() {
            true => self.keys.last().into_iter().collect(),
            false => found,
        }
    }

    /// The keys that may sign a tree of this size.
    #[must_use]
    pub fn for_size(&self, size: i64) -> Vec<VerifierKey> {
        let able = self.keys.iter().filter(|known| {
            known.announced < size && known.ended.is_none_or(|ended| size <= ended)
        });
        able.filter_map(|known| known.key.parse().ok()).collect()
    }

    /// A key whose last day is over: it is to be ended.
    #[must_use]
    pub fn due(&self, today: Day) -> Option<&BookKey> {
        let mut later = self.keys.iter().enumerate();
        later.find_map(|(at, known)| {
            let followed = self.keys.iter().skip(at.saturating_add(1)).any(|next| {
                next.from.is_some_and(|from| from <= today)
                    && next.until.is_some_and(|until| until < today)
            });
            (known.ended.is_none() && followed).then_some(known)
        })
    }
}

#[cfg(test)]
#[path = "succession_tests.rs"]
mod tests;
