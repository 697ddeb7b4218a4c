//! 〔公钥簿〕 The keys with which the log signs: which ones its leaves name, and which of them this house holds.

use super::log::{LeafRecord, leaf_at, leaves_at};
use super::sequencer::SealError;
use super::standing::stream_end;
use crate::batch::Batch;
use db::{Result, Session, args, sql};
use kernel::{Day, Id, Timestamp};
use leaf::{KEY_STREAM, KeyBook, KeyLeaf, LeafTime, OwnWord, SM2_STREAM, Sm2Keys, ids};
use std::sync::{Arc, PoisonError, RwLock};
use tlog::{SignedNote, Signer, Sm2Signer, VerifierKey};

use super::growth::members;

/// A part holds 256 leaves, and the book refuses more than two for each of 64 keys: what is behind is never read.
const KEY_PARTS: i64 = 1;

/// 〔签名密钥〕 The signers of this house and the book by which they sign; shared by the sequencer and whoever shows it.
#[derive(Debug)]
pub struct LogKeys {
    signers: Vec<Signer>,
    /// Sign beside them, in the order of their files; nobody's belief rests on them (record 0034).
    sm2: Vec<Sm2Signer>,
    book: RwLock<KeyBook>,
}

/// [`LogKeys`], shared.
pub type SharedLogKeys = Arc<LogKeys>;

impl LogKeys {
    /// The signers that this house holds; the book is read with the log.
    #[must_use]
    pub fn new(signers: Vec<Signer>) -> LogKeys {
        LogKeys {
            signers,
            sm2: Vec::new(),
            book: RwLock::default(),
        }
    }

    /// The same with SM2 keys that sign each checkpoint too.
    #[must_use]
    pub fn with_sm2(self, sm2: Vec<Sm2Signer>) -> LogKeys {
        LogKeys { sm2, ..self }
    }

    /// The SM2 keys that sign beside the others, in the order of their files.
    #[must_use]
    pub fn sm2(&self) -> &[Sm2Signer] {
        &self.sm2
    }

    /// What the log has to say of the SM2 keys of this house, after it has said `stated`: a key that it did not name
    /// before is the newer one.
    #[must_use]
    pub fn sm2_keys(&self, stated: &Sm2Keys) -> Sm2Keys {
        let mut keys: Vec<_> = self.sm2.iter().map(|one| one.verifier().clone()).collect();
        // The sort is stable: of two that are new, or two that are known, the order of before or of the files stays.
        keys.sort_by_key(|key| {
            let mut known = stated.keys();
            known.position(|one| one == key).unwrap_or(usize::MAX)
        });
        let key = keys.pop();
        Sm2Keys {
            key,
            old: keys.pop(),
        }
    }

    /// The book as the newest checkpoint has it.
    #[must_use]
    pub fn book(&self) -> KeyBook {
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        book.clone()
    }

    pub(crate) fn put(&self, book: KeyBook) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = book;
    }

    /// The public halves of the keys that this house holds.
    #[must_use]
    pub fn held(&self) -> Vec<VerifierKey> {
        let signers: Vec<&Signer> = self.signers.iter().collect();
        verifiers(&signers)
    }

    /// Whether this house holds the secret half of a key.
    #[must_use]
    pub fn holds(&self, key: &str) -> bool {
        self.signers.iter().any(|s| s.verifier().to_string() == key)
    }

    /// The newest key that signs on a day; nothing before the log's first leaf was sealed.
    #[must_use]
    pub fn present(&self, today: Day) -> Option<String> {
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        book.signing(today).last().map(|known| known.key.clone())
    }

    /// Signs the text of a certificate with the newest key of a day; nothing while no key signs.
    ///
    /// # Errors
    /// The text is none of a certificate, or of no note.
    pub fn certify(
        &self,
        certificate: &leaf::Certificate,
        today: Day,
    ) -> std::result::Result<Option<SignedNote>, tlog::NoteError> {
        let present = self.present(today);
        let mut signers = self.signers.iter();
        let signer = signers.find(|signer| Some(signer.verifier().to_string()) == present);
        let text = certificate.to_string();
        signer
            .map(|signer| SignedNote::sign(&text, &[signer]))
            .transpose()
    }

    /// Signs words of the house that are no checkpoint, such as a manifest of open data, with the keys of a day.
    ///
    /// # Errors
    /// A key is not held, or the words begin like a checkpoint of this log: they could pass for one.
    pub fn sign_words(
        &self,
        words: &str,
        (origin, today): (&str, Day),
    ) -> std::result::Result<SignedNote, SealError> {
        if words.lines().next() == Some(origin) {
            return Err(SealError::Making("这些字会被当成检查点".to_owned()));
        }
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        let signers = self.signing(&book, today)?;
        SignedNote::sign(words, &signers).map_err(|error| SealError::Making(error.to_string()))
    }

    /// All keys that may sign now or later must be held.
    pub(crate) fn check(&self, book: &KeyBook) -> std::result::Result<(), SealError> {
        let in_use = book.keys().iter().filter(|known| known.ended.is_none());
        match in_use.map(|known| &known.key).find(|key| !self.holds(key)) {
            Some(key) => Err(SealError::KeyMissing { key: key.clone() }),
            None => Ok(()),
        }
    }

    /// The signers of a day.
    pub(crate) fn signing(
        &self,
        book: &KeyBook,
        today: Day,
    ) -> std::result::Result<Vec<&Signer>, SealError> {
        let keys = book.signing(today).into_iter();
        keys.map(|known| {
            let mut signers = self.signers.iter();
            let found = signers.find(|signer| signer.verifier().to_string() == known.key);
            found.ok_or_else(|| SealError::KeyMissing {
                key: known.key.clone(),
            })
        })
        .collect()
    }
}

/// The sealed leaves about keys, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn key_leaves(session: &mut Session) -> Result<Vec<LeafRecord>> {
    leaves_of(session, KEY_STREAM).await
}

/// The sealed leaves of a stream that is never longer than a part.
async fn leaves_of(session: &mut Session, stream: &str) -> Result<Vec<LeafRecord>> {
    let sql =
        sql!("SELECT leaves FROM stream_part WHERE key = $1 AND part >= $2 ORDER BY part LIMIT $3");
    let rows = session
        .rows(sql, args![stream, 0_i64, KEY_PARTS], |r| r.bytes(0))
        .await?;
    let mut indexes = Vec::new();
    for row in rows {
        indexes.extend(members(&row)?.into_iter().map(|member| member.0));
    }
    let mut leaves = leaves_at(session, &indexes).await?;
    leaves.sort_by_key(|leaf| leaf.index);
    Ok(leaves)
}

/// The book as the sealed leaves say.
///
/// # Errors
/// The engine's refusal, or leaves that do not follow from one another.
pub async fn key_book(session: &mut Session) -> std::result::Result<KeyBook, SealError> {
    let mut book = KeyBook::default();
    if let Some(first) = leaf_at(session, 0).await? {
        book.found(&first.bytes);
    }
    for leaf in key_leaves(session).await? {
        let read = book.read(leaf.index, &leaf.bytes);
        read.map_err(|error| SealError::Making(error.to_string()))?;
    }
    Ok(book)
}

/// How many sealed statements about SM2 keys there are, and what the newest one says.
///
/// # Errors
/// The engine's refusal.
pub async fn sm2_stated(session: &mut Session) -> Result<(i64, Sm2Keys)> {
    let Some(end) = stream_end(session, SM2_STREAM).await? else {
        return Ok((0, Sm2Keys::default()));
    };
    let leaf = leaf_at(session, end.index).await?;
    let said = leaf.and_then(|leaf| Sm2Keys::parse(&leaf.bytes));
    Ok((end.count, said.unwrap_or_default()))
}

/// The sealed statements about SM2 keys, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn sm2_leaves(session: &mut Session) -> Result<Vec<LeafRecord>> {
    leaves_of(session, SM2_STREAM).await
}

/// The first checkpoint that covers a leaf.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoint_covering(
    session: &mut Session,
    index: i64,
) -> Result<Option<super::CheckpointRecord>> {
    let found = super::checkpoints_behind(session, 1, index, 1).await?;
    Ok(found.into_iter().next())
}

impl Batch {
    /// How many leaves about keys the log has, sealed or not.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn key_leaves(&mut self) -> Result<i64> {
        self.load_streams(&[KEY_STREAM.to_owned()]).await?;
        Ok(self.state.streams.get(KEY_STREAM).copied().unwrap_or(0))
    }

    /// The index that the next leaf will have.
    pub fn next_leaf(&self) -> i64 {
        self.state.next_leaf
    }

    /// Writes a leaf about a key. Returns its index.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn key_leaf(
        &mut self,
        (said, reason): (&KeyLeaf, Option<&str>),
        now: Timestamp,
    ) -> Result<std::result::Result<i64, leaf::LeafError>> {
        let sequence = self.key_leaves().await?.saturating_add(1);
        let index = self.state.next_leaf;
        let id = self.house.print(Id::<ids::LogKey>::from_raw(index));
        let leaf = said.leaf(id, LeafTime::second(now), (sequence, reason));
        Ok(self.own_leaf(&leaf, (KEY_STREAM, sequence)))
    }

    /// States the SM2 keys, if `known` statements were there when that was decided. Returns the index if it was written.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn sm2_leaf(
        &mut self,
        (said, known): (&Sm2Keys, i64),
        now: Timestamp,
    ) -> Result<std::result::Result<Option<i64>, leaf::LeafError>> {
        self.load_streams(&[SM2_STREAM.to_owned()]).await?;
        let count = self.state.streams.get(SM2_STREAM).copied().unwrap_or(0);
        if count != known {
            return Ok(Ok(None));
        }
        let id = self
            .house
            .print(Id::<ids::Sm2Keys>::from_raw(self.state.next_leaf));
        let sequence = count.saturating_add(1);
        let leaf = said.leaf(id, LeafTime::second(now), sequence);
        Ok(self.own_leaf(&leaf, (SM2_STREAM, sequence)).map(Some))
    }
}

/// The verifier keys of these signers, for reading back what they signed.
pub(crate) fn verifiers(signers: &[&Signer]) -> Vec<VerifierKey> {
    signers
        .iter()
        .map(|signer| signer.verifier().clone())
        .collect()
}
