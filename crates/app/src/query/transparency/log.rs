//! The log: its page, its leaves, and the files that verifiers fetch.

use super::tombstone::tombstones_of_leaf;
use crate::answer::Answer;
use crate::query::found;
use crate::query::keys;
use crate::query::limits::LOG_ROWS;
use crate::transparency::{WitnessKnown, with_lines};
use crate::view::{
    CheckpointView, LeafPage, LogPage, OpeningView, StreamRecord, WitnessLine, WitnessesView,
    WordSalt, WordSalts,
};
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use db::Session;
use domain::{Sentence, say};
use kernel::{Fen, Timestamp};
use leaf::{Kind, Leaf};
use std::collections::BTreeMap;
use store::transparency::{CheckpointRecord, IndexQuestion, OpeningRecord};
use tlog::policy::Witness;
use tlog::{Hash, SignedNote, TilePath};

/// What an entry of a test log is called.
pub(crate) const ANY_BYTES: &str = "测试内容";

/// Salts of the words of leaves that everybody may open.
pub(crate) async fn public_salts(
    session: &mut Session,
    indexes: impl IntoIterator<Item = i64>,
) -> Result<WordSalts, AppError> {
    let openings = store::transparency::openings_at(session, &keys(indexes)).await?;
    let open = openings
        .iter()
        .filter(|(_, one)| one.withdrawn_at.is_none());
    let salt = |(index, one): &(i64, OpeningRecord)| WordSalt {
        leaf_index: *index,
        field: one.field.clone(),
        salt: STANDARD.encode(one.salt),
    };
    Ok(WordSalts(open.map(salt).collect()))
}

impl App {
    /// The log's origin, key, checkpoints and newest leaves.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_page(&self) -> Answer<'_, LogPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let mut checkpoints =
                store::transparency::checkpoints_before(read, i64::MAX, LOG_ROWS + 1).await?;
            let newest = if checkpoints.is_empty() {
                None
            } else {
                Some(checkpoints.remove(0))
            };
            let leaves = store::transparency::leaves_newest(read, LOG_ROWS).await?;
            let mut recent = Vec::with_capacity(leaves.len());
            for leaf in leaves {
                let Some(parsed) = self.stated(leaf.index, &leaf.bytes)? else {
                    recent.push((
                        leaf.index,
                        ANY_BYTES.into(),
                        STANDARD.encode(leaf.hash).into(),
                    ));
                    continue;
                };
                recent.push((
                    leaf.index,
                    parsed.kind.title().to_string(),
                    summary(&parsed),
                ));
            }
            let newest = match newest {
                Some(mut checkpoint) => {
                    checkpoint.note = self.noted(read, &checkpoint).await?.to_string();
                    Some(checkpoint)
                }
                None => None,
            };
            Ok(LogPage {
                is_test: self.is_test_log(),
                witnesses: self.witnesses_view(),
                origin: self.origin().to_string(),
                verifier_key: self.verifier_key(),
                checkpoint: newest.map(checkpoint_view),
                leaves: store::transparency::leaf_count(read).await?,
                checkpoints: checkpoints.into_iter().map(checkpoint_view).collect(),
                recent,
            })
        })
    }

    /// One leaf as it was hashed, with the words beside it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn leaf_page(&self, index: i64) -> Answer<'_, LeafPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let leaf = found(store::transparency::leaf_at(read, index).await?, "这条日志")?;
            let newest = store::transparency::checkpoint_newest(read).await?;
            let openings = store::transparency::openings_of(read, index).await?;
            let parsed = self.stated(index, &leaf.bytes)?;
            Ok(LeafPage {
                index,
                states_nothing: parsed.is_none(),
                text: String::from_utf8(leaf.bytes)
                    .unwrap_or_else(|not_text| STANDARD.encode(not_text.as_bytes())),
                hash: STANDARD.encode(leaf.hash),
                fingerprint: hex::encode(leaf.hash),
                sealed: newest.is_some_and(|checkpoint| index < checkpoint.size),
                witnessed: self.inner().cosigning.stands(index),
                openings: openings.into_iter().map(opening_view).collect(),
                tombstones: tombstones_of_leaf(read, index).await?,
                about: parsed.and_then(|parsed| self.path_of(&parsed.id)),
            })
        })
    }

    /// The newest statement about a record under the newest checkpoint, for its page to show and a browser to prove.
    pub(crate) async fn newest_record(
        &self,
        session: &mut Session,
        printed_id: &str,
    ) -> Result<Option<StreamRecord>, AppError> {
        match leaf::stream_name(printed_id) {
            Some(stream) => self.newest_of_stream(session, stream).await,
            None => Ok(None),
        }
    }

    /// The newest statement of a stream under the newest checkpoint.
    pub(crate) async fn newest_of_stream(
        &self,
        session: &mut Session,
        stream: String,
    ) -> Result<Option<StreamRecord>, AppError> {
        let Some(end) = store::transparency::stream_end(session, &stream).await? else {
            return Ok(None);
        };
        let leaf = store::transparency::leaf_at(session, end.index).await?;
        let leaf = found(leaf, "这条日志")?;
        let leaf = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
        Ok(Some(StreamRecord {
            stream,
            count: end.count,
            index: end.index,
            kind_title: leaf.kind.title().to_string(),
            day: leaf.time.day().to_string(),
            sealed: end.sealed,
        }))
    }

    /// What a leaf states; nothing if it is an entry of a test log, which may be any bytes.
    ///
    /// # Errors
    /// `Internal` if the leaf of a log of statements is none.
    pub(crate) fn stated(&self, index: i64, bytes: &[u8]) -> Result<Option<Leaf>, AppError> {
        if self.is_test_log() && index > 0 {
            return Ok(None);
        }
        Leaf::parse(bytes).map(Some).map_err(AppError::internal)
    }

    /// The newest signed checkpoint as it is published, if there is one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_checkpoint(&self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let newest = store::transparency::checkpoint_newest(&mut read).await?;
            match newest {
                Some(checkpoint) => Ok(Some(self.noted(&mut read, &checkpoint).await?.to_string())),
                None => Ok(None),
            }
        })
    }

    /// The newest checkpoint that the policy's witnesses have confirmed, as it is published; nothing if there is none.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_checkpoint_final(&self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let found = self.final_checkpoint(&mut read).await?;
            Ok(found.map(|(_, note)| note.to_string()))
        })
    }

    /// The checkpoint that proves a leaf best: the newest that witnesses have confirmed if it covers the leaf, else the
    /// newest of all with the witnesses' lines in hand; nothing while none covers it.
    pub(crate) async fn checkpoint_over(
        &self,
        session: &mut Session,
        leaf_index: i64,
    ) -> Result<Option<(CheckpointRecord, SignedNote)>, AppError> {
        if let Some(found) = self.final_checkpoint(session).await?
            && leaf_index < found.0.size
        {
            return Ok(Some(found));
        }
        let newest = store::transparency::checkpoint_newest(session).await?;
        let Some(checkpoint) = newest.filter(|checkpoint| leaf_index < checkpoint.size) else {
            return Ok(None);
        };
        let note = self.noted(session, &checkpoint).await?;
        Ok(Some((checkpoint, note)))
    }

    async fn final_checkpoint(
        &self,
        session: &mut Session,
    ) -> Result<Option<(CheckpointRecord, SignedNote)>, AppError> {
        let size = self.inner().cosigning.known().final_size;
        if size == 0 {
            return Ok(None);
        }
        let Some(checkpoint) = store::transparency::checkpoint_at(session, size).await? else {
            return Ok(None);
        };
        let note = self.noted(session, &checkpoint).await?;
        Ok(Some((checkpoint, note)))
    }

    /// A checkpoint with the witnesses' lines in hand.
    pub(super) async fn noted(
        &self,
        session: &mut Session,
        checkpoint: &CheckpointRecord,
    ) -> Result<SignedNote, AppError> {
        match self.inner().cosigning.policy() {
            Some(file) => Ok(with_lines(session, file.policy(), checkpoint).await?),
            None => SignedNote::parse(&checkpoint.note).map_err(AppError::internal),
        }
    }

    /// The policy and its witnesses, for the log page.
    fn witnesses_view(&self) -> Option<WitnessesView> {
        let cosigning = &self.inner().cosigning;
        let file = cosigning.policy()?;
        let known = cosigning.known();
        let lines = file.policy().witnesses().iter().zip(&known.witnesses);
        Some(WitnessesView {
            policy: file.text().to_string(),
            asked_for: file.policy().asks_for_witnesses(),
            of_one_hand: file.is_of_one_hand(),
            final_size: known.final_size,
            witnesses: lines
                .map(|(witness, known)| witness_line(witness, known))
                .collect(),
        })
    }

    /// The bytes of a tile of hashes or an entry bundle, of any width that the newest checkpoint covers; nothing
    /// beyond what was signed is served.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn log_tile<'a>(&'a self, path: &'a TilePath) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let newest = store::transparency::checkpoint_newest(read).await?;
            let Some(size) = newest.map(|checkpoint| checkpoint.size) else {
                return Ok(None);
            };
            Ok(store::transparency::log_tile(read, *path, size).await?)
        })
    }

    /// Some leaves with their inclusion proofs in the log of `size` leaves, as text: for each a line with its index, one
    /// with its bytes, the proof's hashes in base64 one per line, and an empty line. Nothing if one of them is not there,
    /// or if entries are no leaves.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn leaves_proved<'a>(
        &'a self,
        size: i64,
        indexes: &'a [i64],
    ) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let newest = store::transparency::checkpoint_newest(read).await?;
            let sealed = newest.is_some_and(|checkpoint| size <= checkpoint.size);
            let within = indexes.iter().all(|index| (0..size).contains(index));
            if !sealed || !within || self.is_test_log() {
                return Ok(None);
            }
            let leaves = store::transparency::leaves_at(read, indexes).await?;
            let leaves: BTreeMap<i64, Vec<u8>> = leaves
                .into_iter()
                .map(|leaf| (leaf.index, leaf.bytes))
                .collect();
            let tiles = &self.inner().house.tiles;
            let mut text = String::new();
            for index in indexes {
                let bytes = found(leaves.get(index), "这条日志")?;
                let bytes = std::str::from_utf8(bytes).map_err(AppError::internal)?;
                text.push_str(&format!("{index}\n{bytes}\n"));
                for hash in store::transparency::inclusion(read, tiles, *index, size).await? {
                    text.push_str(&STANDARD.encode(hash.as_bytes()));
                    text.push('\n');
                }
                text.push('\n');
            }
            Ok(Some(text))
        })
    }

    /// The inclusion proof of a leaf in the log of `size` leaves, the leaf's sibling first.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn log_inclusion(&self, index: i64, size: i64) -> Answer<'_, Vec<Hash>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let tiles = &self.inner().house.tiles;
            Ok(store::transparency::inclusion(&mut read, tiles, index, size).await?)
        })
    }

    /// A page of a stream, or all streams whose name begins so, as a proof file about the newest checkpoint; nothing
    /// while no checkpoint states the index, or if the answer would be too long.
    ///
    /// # Errors
    /// `Internal` if rows are missing.
    pub fn index_proof(&self, question: IndexQuestion) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let Some(found) = self.inner().seals.standing().read().await.look(question) else {
                return Ok(None);
            };
            let mut read = self.db().read_tx().await?;
            let file =
                store::transparency::index_proof(&mut read, &self.inner().house.tiles, found)
                    .await?;
            Ok(Some(file.to_string()))
        })
    }
}

/// What is known of one witness. Its name in the policy is any bytes.
fn witness_line(witness: &Witness, known: &WitnessKnown) -> WitnessLine {
    let seconds = Timestamp::from_micros(known.signed_at.saturating_mul(1_000_000));
    WitnessLine {
        name: String::from_utf8_lossy(&witness.name).into_owned(),
        key: witness.key.to_string(),
        size: known.size,
        signed_at: (known.size > 0).then(|| seconds.rfc3339()),
        trouble: match (&witness.url, &known.trouble) {
            (None, _) => Some("政策没有写它的网址，不会请它签名".into()),
            (Some(_), trouble) => trouble.clone(),
        },
    }
}

/// A checkpoint for pages.
pub(crate) fn checkpoint_view(record: CheckpointRecord) -> CheckpointView {
    CheckpointView {
        size: record.size,
        root: STANDARD.encode(record.root),
        note: record.note,
        signed_at: record.signed_at.rfc3339(),
    }
}

/// Withdrawn words are not shown, nor is the salt that would let them be guessed.
fn opening_view(record: OpeningRecord) -> OpeningView {
    let withdrawn = record.withdrawn_at.is_some();
    OpeningView {
        field: record.field,
        salt: if withdrawn {
            String::new()
        } else {
            URL_SAFE_NO_PAD.encode(record.salt)
        },
        value: (!withdrawn).then_some(record.value),
        withdrawn_at: record.withdrawn_at.map(|at| at.rfc3339()),
    }
}

/// What a leaf says, in a few words.
fn summary(leaf: &Leaf) -> Sentence {
    if let Some(name) = leaf.data.get("name").and_then(leaf::Json::text) {
        return name.to_string().into();
    }
    let sum: i64 = leaf
        .moves
        .iter()
        .filter(|m| counts(leaf, m))
        .map(|m| m.n)
        .sum();
    if sum == 0 {
        return leaf.id.clone().into();
    }
    let goods = leaf.data.get("class").and_then(leaf::Json::text) == Some("goods");
    match leaf.kind {
        Kind::Goods | Kind::Conversion | Kind::Count | Kind::Loss => units(sum),
        _ if goods => units(sum),
        _ => say!("{amount}", amount = Fen::new(sum)),
    }
}

/// So many pieces of whatever it is.
fn units(number: i64) -> Sentence {
    say!("{n}个单位", n = number)
}

/// A gift's fee flows in and out again: only what came in is its amount.
fn counts(leaf: &Leaf, one: &leaf::Move) -> bool {
    leaf.kind != Kind::Gift || one.from.is_none()
}
