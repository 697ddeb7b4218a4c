//! 〔公钥历史〕 The file that leads from one key of a log to the next, and the keys that somebody believes because of it.
//!
//! The file has a verifier key on each line, the oldest first; lines that begin with `#:` are proof files about the
//! leaves that announce and end keys, other lines with `#` are for people. A reader who knows no proofs reads the keys
//! and ignores the rest.
//!
//! Nobody believes a key because it stands there: it is believed if a key that is believed already has signed a tree
//! with its announcement, and it agrees itself; an older one, if a believed key says that it follows it.

use crate::limits::{KEY_HISTORY_BYTES, KEY_PROOFS, LOG_KEYS};
use crate::receipt::ReceiptExtra;
use crate::succession::{KeyLeaf, SuccessionError};
use std::fmt;
use std::str::FromStr;
use tlog::{Checkpoint, CheckpointError, Hash, ProofFile, SignedNote, VerifierKey, leaf_hash};

/// What a line of a proof begins with.
const PROOF: &str = "#:";
/// How a proof begins.
const PROOF_HEADER: &str = "#: c2sp.org/tlog-proof@";
/// For people who open the file.
const HEAD: &str = "# 日志的公钥，从旧到新。“#:”开头的行是证明：程序凭它从一把公钥认到下一把。";

/// Why a file of keys, or what it says, is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyHistoryError {
    /// A line that is neither a key nor a part of a proof.
    #[error("公钥历史读不懂，请重新下载")]
    Malformed,
    /// Longer than any such file.
    #[error("公钥历史太长，请核对来源")]
    TooLarge,
    /// A proof does not lead to the checkpoint that a believed key has signed.
    #[error("公钥历史里的证明不成立，请保存这份文件并向监管部门反映")]
    Broken,
    /// Two keys were announced after the same one: two histories of one log.
    #[error("同一把公钥有两个接替者，日志可能有两份历史；请保存这份文件并向监管部门反映")]
    Forked,
    /// A leaf about a key does not hold.
    #[error(transparent)]
    Leaf(#[from] SuccessionError),
}

impl KeyHistoryError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            KeyHistoryError::Malformed => "key_history.malformed",
            KeyHistoryError::TooLarge => "key_history.too_large",
            KeyHistoryError::Broken => "key_history.broken",
            KeyHistoryError::Forked => "key_history.forked",
            KeyHistoryError::Leaf(error) => error.code(),
        }
    }
}

/// Why a checkpoint is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTrustError {
    /// The log's name, but a key that was not given; without a history of the log's keys nobody can say more.
    #[error(
        "检查点由一把您没有给出的公钥签名，还不能说真假；请取得日志的公钥历史（网站的 /log/vkeys）再核对"
    )]
    NotGiven,
    /// The log's name, but a key that the history of its keys does not lead to.
    #[error("检查点由一把从未公布过的公钥签名，不能采信；请向运营方和监管部门核实是否换过公钥")]
    Unannounced,
    /// Only by a key that had ended before the tree grew so large.
    #[error("检查点由已停用的公钥签名，日志却比它停用时更长，不能采信；旧公钥可能已被盗用")]
    Ended,
    /// Only by a key that was announced later.
    #[error("检查点由后来才公布的公钥签名，不能采信；请向运营方核实")]
    Early,
    /// As with any checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl KeyTrustError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            KeyTrustError::NotGiven => "key.not_given",
            KeyTrustError::Unannounced => "key.unannounced",
            KeyTrustError::Ended => "key.ended",
            KeyTrustError::Early => "key.early",
            KeyTrustError::Checkpoint(error) => error.code(),
        }
    }
}

/// 〔公钥历史〕 A file of keys with its proofs; nothing in it is believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyHistory {
    /// The keys, oldest first.
    pub keys: Vec<VerifierKey>,
    /// Proofs about the leaves that announce and end them.
    pub proofs: Vec<ProofFile>,
}

/// The keys and, behind `#:`, the proofs.
pub(crate) fn print<K: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    (keys, proofs): (&[K], &[ProofFile]),
) -> fmt::Result {
    keys.iter().try_for_each(|key| writeln!(f, "{key}"))?;
    for proof in proofs {
        for line in proof.to_string().lines() {
            let blank = if line.is_empty() { "" } else { " " };
            writeln!(f, "{PROOF}{blank}{line}")?;
        }
    }
    Ok(())
}

/// Keys of one kind and proofs, as [`print`] writes them between lines for people.
pub(crate) fn read_file<K: FromStr + PartialEq>(
    text: &str,
) -> Result<(Vec<K>, Vec<ProofFile>), KeyHistoryError> {
    if text.len() > KEY_HISTORY_BYTES {
        return Err(KeyHistoryError::TooLarge);
    }
    let (mut keys, mut proofs) = (Vec::new(), Vec::<String>::new());
    for line in text.lines().map(str::trim) {
        if let Some(part) = line.strip_prefix(PROOF) {
            if line.starts_with(PROOF_HEADER) {
                proofs.push(String::new());
            }
            let proof = proofs.last_mut().ok_or(KeyHistoryError::Malformed)?;
            proof.push_str(part.strip_prefix(' ').unwrap_or(part));
            proof.push('\n');
        } else if !line.is_empty() && !line.starts_with('#') {
            let key = line.parse().map_err(|_| KeyHistoryError::Malformed)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    if keys.len() > LOG_KEYS || proofs.len() > KEY_PROOFS {
        return Err(KeyHistoryError::TooLarge);
    }
    let proofs: Result<_, _> = proofs.iter().map(|proof| proof.parse()).collect();
    let proofs = proofs.map_err(|_| KeyHistoryError::Malformed)?;
    Ok((keys, proofs))
}

impl fmt::Display for KeyHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.proofs.is_empty() {
            writeln!(f, "{HEAD}")?;
        }
        print(f, (&self.keys, &self.proofs))
    }
}

impl FromStr for KeyHistory {
    type Err = KeyHistoryError;

    fn from_str(text: &str) -> Result<KeyHistory, KeyHistoryError> {
        let (keys, proofs) = read_file(text)?;
        Ok(KeyHistory { keys, proofs })
    }
}

/// 〔可信公钥〕 A key that is believed, for trees of these sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub key: VerifierKey,
    /// The leaf that announced it, if that is known: it signs only trees that hold it.
    pub announced: Option<u64>,
    /// The largest tree that it signs, if it has ended.
    pub before: Option<u64>,
}

impl TrustedKey {
    const fn may_sign(&self, size: u64) -> bool {
        let begun = match self.announced {
            Some(at) => size > at,
            None => true,
        };
        let ended = match self.before {
            Some(before) => size > before,
            None => false,
        };
        begun && !ended
    }
}

/// 〔可信公钥〕 The keys of one log that somebody believes, with the proofs that made him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKeys {
    origin: String,
    /// Those that were given stand first.
    keys: Vec<TrustedKey>,
    /// How many were given.
    roots: usize,
    proofs: Vec<ProofFile>,
    /// Whether a history of this log's keys was read: only then a strange key is one that was never announced.
    has_history: bool,
}

/// A proof whose leaf was read; whether it holds is not said.
struct Told<'h> {
    file: &'h ProofFile,
    size: u64,
    hash: Hash,
    said: KeyLeaf,
}

impl TrustedKeys {
    /// Keys that were given for the log `origin`, or believed before; those of other logs are left out.
    #[must_use]
    pub fn new(origin: &str, roots: impl IntoIterator<Item = VerifierKey>) -> TrustedKeys {
        let mut keys: Vec<TrustedKey> = Vec::new();
        for key in roots {
            if key.name() == origin && !keys.iter().any(|known| known.key == key) {
                keys.push(TrustedKey {
                    key,
                    announced: None,
                    before: None,
                });
            }
        }
        TrustedKeys {
            origin: origin.to_owned(),
            roots: keys.len(),
            keys,
            proofs: Vec::new(),
            has_history: false,
        }
    }

    /// Whether no key is believed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The believed keys.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// The believed keys that may sign a tree of this size.
    #[must_use]
    pub fn for_size(&self, size: u64) -> Vec<VerifierKey> {
        let able = self.keys.iter().filter(|known| known.may_sign(size));
        able.map(|known| known.key.clone()).collect()
    }

    /// The keys that may sign the tree which a note is about, before anything in it is believed.
    #[must_use]
    pub fn for_note(&self, note: &SignedNote) -> Vec<VerifierKey> {
        let claimed = note.text().parse::<Checkpoint>();
        claimed.map_or_else(|_| Vec::new(), |claimed| self.for_size(claimed.size()))
    }

    /// The keys that were given and the proofs as a file, to be remembered: whoever reads it again believes what is
    /// believed now, and for trees of the same sizes.
    #[must_use]
    pub fn remembered(&self) -> KeyHistory {
        let roots = self.keys.iter().take(self.roots);
        KeyHistory {
            keys: roots.map(|known| known.key.clone()).collect(),
            proofs: self.proofs.clone(),
        }
    }

    /// Reads a checkpoint and believes it only if a key has signed it that may sign a tree of this size.
    ///
    /// # Errors
    /// `KeyTrustError`.
    pub fn open(&self, note: &SignedNote) -> Result<Checkpoint, KeyTrustError> {
        let able = self.for_note(note);
        let has_line = |key: &VerifierKey| note.signatures().iter().any(|line| key.matches(line));
        if !able.iter().any(has_line) {
            let claimed: Checkpoint = note.text().parse()?;
            let of_this_log = claimed.origin() == self.origin;
            let unable = self.keys.iter().find(|known| has_line(&known.key));
            match unable {
                Some(known) if known.before.is_some_and(|most| claimed.size() > most) => {
                    return Err(KeyTrustError::Ended);
                }
                Some(_) => return Err(KeyTrustError::Early),
                None => {}
            }
            let mut lines = note.signatures().iter();
            if of_this_log && lines.any(|line| line.name() == self.origin) {
                return Err(match self.has_history {
                    true => KeyTrustError::Unannounced,
                    false => KeyTrustError::NotGiven,
                });
            }
        }
        Ok(Checkpoint::open(note, &self.origin, &able)?)
    }

    /// Believes what a file proves from the keys that are believed: successors, predecessors, ends. A file that names
    /// this log, or one without any key, is from then on what the log has announced.
    ///
    /// # Errors
    /// `KeyHistoryError`: something in it cannot be; nothing has changed then.
    pub fn follow(&mut self, history: &KeyHistory) -> Result<(), KeyHistoryError> {
        self.recall(history)?;
        let is_own = |key: &VerifierKey| key.name() == self.origin;
        self.has_history |= history.keys.is_empty() || history.keys.iter().any(is_own);
        Ok(())
    }

    /// As [`TrustedKeys::follow`], for what somebody remembers: that a key is not in it says nothing, because the log may
    /// have announced it since.
    ///
    /// # Errors
    /// As [`TrustedKeys::follow`].
    pub fn recall(&mut self, history: &KeyHistory) -> Result<(), KeyHistoryError> {
        let told = history.proofs.iter().filter(|p| !self.proofs.contains(p));
        let told: Result<Vec<Told<'_>>, _> = self.proofs.iter().chain(told).map(read).collect();
        let told = told?;
        let mut grown = self.clone();
        grown.proofs.clear();
        let mut open: Vec<&Told<'_>> = told.iter().collect();
        loop {
            let before = open.len();
            let mut left = Vec::new();
            for one in open {
                if !grown.take(one)? {
                    left.push(one);
                }
            }
            open = left;
            if open.len() == before {
                break;
            }
        }
        // A key that has ended announces nobody behind its end.
        for one in told.iter().filter(|one| grown.proofs.contains(one.file)) {
            grown.check_followed(one)?;
        }
        grown.check_single(&told)?;
        *self = grown;
        Ok(())
    }

    /// Takes one proof if it leads from a believed key; false while none of its keys is believed.
    fn take(&mut self, one: &Told<'_>) -> Result<bool, KeyHistoryError> {
        let vouched = self.vouches(one)?;
        let done = match &one.said {
            KeyLeaf::Announced(plan, _) => {
                let knows_new = self.has(&plan.key);
                if vouched {
                    let at = Some(one.file.index());
                    self.entry(&plan.key).announced = at;
                }
                if knows_new && !self.has(&plan.old) {
                    // Until its end is told, no further than this.
                    self.entry(&plan.old).before = Some(one.size);
                }
                vouched || knows_new
            }
            KeyLeaf::Ended(key, _) => {
                if vouched && self.has(key) {
                    self.entry(key).before = Some(one.file.index());
                }
                vouched && self.has(key)
            }
        };
        if done {
            self.proofs.push(one.file.clone());
        }
        Ok(done)
    }

    /// Whether a believed key has signed the checkpoint of this proof, which then must hold. A key does not speak of its
    /// own end.
    fn vouches(&self, one: &Told<'_>) -> Result<bool, KeyHistoryError> {
        let mut able = self.for_size(one.size);
        if let KeyLeaf::Ended(key, _) = &one.said {
            able.retain(|known| known != key);
        }
        let lines = one.file.checkpoint().signatures();
        if !able
            .iter()
            .any(|key| lines.iter().any(|line| key.matches(line)))
        {
            return Ok(false);
        }
        let held = one.file.verify(&one.hash, &self.origin, &able);
        held.map(|_| true).map_err(|_| KeyHistoryError::Broken)
    }

    /// What was followed must hold with all that is known now.
    fn check_followed(&self, one: &Told<'_>) -> Result<(), KeyHistoryError> {
        let holds = match &one.said {
            KeyLeaf::Announced(plan, _) => {
                let backwards = self.keys.iter().any(|known| {
                    known.key == plan.key && known.announced != Some(one.file.index())
                });
                backwards || self.vouches(one)?
            }
            KeyLeaf::Ended(..) => self.vouches(one)?,
        };
        if holds {
            Ok(())
        } else {
            Err(KeyHistoryError::Broken)
        }
    }

    /// One key has one successor.
    fn check_single(&self, told: &[Told<'_>]) -> Result<(), KeyHistoryError> {
        let followed = told.iter().filter(|one| self.proofs.contains(one.file));
        let plans: Vec<_> = followed
            .filter_map(|one| match &one.said {
                KeyLeaf::Announced(plan, _) => Some(plan),
                KeyLeaf::Ended(..) => None,
            })
            .collect();
        let forked = plans.iter().enumerate().any(|(at, plan)| {
            let mut earlier = plans.iter().take(at);
            earlier.any(|other| other.old == plan.old && other.key != plan.key)
        });
        if forked {
            Err(KeyHistoryError::Forked)
        } else {
            Ok(())
        }
    }

    fn has(&self, key: &VerifierKey) -> bool {
        self.keys.iter().any(|known| known.key == *key)
    }

    fn entry(&mut self, key: &VerifierKey) -> &mut TrustedKey {
        let at = self.keys.iter().position(|known| known.key == *key);
        let at = at.unwrap_or_else(|| {
            self.keys.push(TrustedKey {
                key: key.clone(),
                announced: None,
                before: None,
            });
            self.keys.len().saturating_sub(1)
        });
        // The place was found or made just now.
        #[expect(
            clippy::indexing_slicing,
            reason = "the place was found or made just now"
        )]
        &mut self.keys[at]
    }
}

/// Reads the leaf of a proof; its own words must hold, and it must be about a key.
fn read(file: &ProofFile) -> Result<Told<'_>, KeyHistoryError> {
    let malformed = || KeyHistoryError::Malformed;
    let extra = ReceiptExtra::parse(file.extra().ok_or_else(malformed)?);
    let extra = extra.map_err(|_| malformed())?;
    let claimed = file.checkpoint().text().parse::<Checkpoint>();
    let said = KeyLeaf::parse(&extra.leaf)?.ok_or_else(malformed)?;
    if let KeyLeaf::Ended(_, before) = said
        && u64::try_from(before) != Ok(file.index())
    {
        return Err(SuccessionError::WrongBefore.into());
    }
    Ok(Told {
        file,
        size: claimed.map_err(|_| malformed())?.size(),
        hash: leaf_hash(&extra.leaf),
        said,
    })
}
