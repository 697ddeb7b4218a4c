//! 〔开放数据〕 Everything public as files: written from the leaves of the log under a checkpoint, so that the same
//! checkpoint gives the same bytes and every row names the statement that proves it (record 0042).
//!
//! A dump is a folder named by the size of its checkpoint. The manifest names its files with rows and digests; a note
//! signed with the log's key covers the manifest. Because the log only grows, what is new since another dump is what
//! its later leaves say: that is the delta.

mod dataset;
mod files;

pub use dataset::{DATASETS, Dataset, Field};
pub use files::OpenFile;

use crate::answer::Answer;
use crate::{App, AppError};
use dataset::Words;
use files::Tables;
use leaf::Leaf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::transparency::{CheckpointRecord, LeafRecord};
use tokio::task::spawn_blocking;

/// Leaves that are read at once.
const PAGE: i64 = 2_000;
/// Dumps that a folder keeps; older ones make room.
const KEPT: usize = 3;
/// The first line of the note over a manifest: no checkpoint begins so, so that neither passes for the other.
const NOTE_WORD: &str = "shanji/open/1";
/// Name of the manifest, and of the note that signs it.
const MANIFEST: &str = "manifest.json";
/// Folder of the dumps that the house itself serves.
const FOLDER: &str = "open";
/// Under which licence anybody may use them, unless the operator says otherwise.
pub const OPEN_LICENCE: &str = "任何人都可以免费复制、使用和再发布这些数据，只须注明来源和检查点。";

/// 〔开放数据清单〕 What a dump consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Origin of the log.
    pub origin: String,
    /// Leaves under the checkpoint.
    pub size: i64,
    /// Its root in base64url.
    pub root: String,
    /// The dump that a delta goes on from; absent for a whole dump.
    pub since: Option<i64>,
    /// The licence in one sentence.
    pub licence: String,
    /// The files.
    pub files: Vec<OpenFile>,
    /// The dictionary: table, field, what it is called, what it means.
    pub fields: Vec<[String; 4]>,
}

/// 〔一次导出〕 A dump that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// The whole tables.
    pub manifest: Manifest,
    /// What is new since the dump before, if there was one.
    pub delta: Option<Manifest>,
}

impl App {
    /// Writes a dump of the newest checkpoint into a folder, unless it is there already; old ones make room.
    /// Nothing before the first checkpoint, and nothing of a test log, which states nothing.
    ///
    /// # Errors
    /// The engine's or the disk's refusal; nothing half is left under the name of a dump.
    pub fn dump<'a>(&'a self, folder: &'a Path) -> Answer<'a, Option<Dump>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let newest = store::transparency::checkpoint_newest(&mut read).await?;
            let Some(checkpoint) = newest.filter(|_| !self.is_test_log()) else {
                return Ok(None);
            };
            let known = sizes(folder);
            if known.contains(&checkpoint.size) {
                return dump_in(folder, checkpoint.size);
            }
            let part = folder.join(format!(".{}.part", checkpoint.size));
            drop(std::fs::remove_dir_all(&part));
            std::fs::create_dir_all(&part).map_err(AppError::internal)?;
            let since = known.iter().rev().find(|size| **size < checkpoint.size);
            let written = self.write_dump(&part, &checkpoint, since.copied()).await;
            if written.is_err() {
                drop(std::fs::remove_dir_all(&part));
            }
            written?;
            let place = folder.join(checkpoint.size.to_string());
            std::fs::rename(&part, &place).map_err(AppError::internal)?;
            for old in sizes(folder).iter().rev().skip(KEPT) {
                drop(std::fs::remove_dir_all(folder.join(old.to_string())));
            }
            dump_in(folder, checkpoint.size)
        })
    }

    /// The folder of the dumps that this house serves.
    #[must_use]
    pub fn open_folder(&self) -> PathBuf {
        self.config().data.join(FOLDER)
    }

    /// The dumps that this house serves, newest first.
    ///
    /// # Errors
    /// A manifest that cannot be read.
    pub fn dumps(&self) -> Result<Vec<Dump>, AppError> {
        let folder = self.open_folder();
        let all = sizes(&folder).into_iter().rev();
        let found = all.map(|size| dump_in(&folder, size));
        found.filter_map(Result::transpose).collect()
    }

    /// Where a file of a dump is, if that dump has a file of this name.
    #[must_use]
    pub fn open_file(&self, size: i64, name: &str) -> Option<PathBuf> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        if name.starts_with('.') || !name.chars().all(plain) {
            return None;
        }
        let file = self.open_folder().join(size.to_string()).join(name);
        file.is_file().then_some(file)
    }

    async fn write_dump(
        &self,
        part: &Path,
        checkpoint: &CheckpointRecord,
        since: Option<i64>,
    ) -> Result<(), AppError> {
        let mut whole = Tables::begin(part, "")?;
        let ending = since.map(|since| format!("-since-{since}"));
        let mut delta = match &ending {
            Some(ending) => Some(Tables::begin(part, ending)?),
            None => None,
        };
        let mut next = 0;
        while next < checkpoint.size {
            let (leaves, open) = self.dump_page(next, checkpoint.size).await?;
            let Some(last) = leaves.last() else {
                return Err(AppError::NotFound("这条日志"));
            };
            next = last.index.saturating_add(1);
            let page = move || {
                for leaf in &leaves {
                    let parsed = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
                    let words = open.get(&leaf.index).cloned().unwrap_or_default();
                    whole.add(&parsed, leaf.index, &words)?;
                    if let Some(delta) = delta.as_mut().filter(|_| Some(leaf.index) >= since) {
                        delta.add(&parsed, leaf.index, &words)?;
                    }
                }
                Ok::<_, AppError>((whole, delta))
            };
            (whole, delta) = spawn_blocking(page).await.map_err(AppError::internal)??;
        }
        self.sign_manifest(part, "", (checkpoint, None, whole.finish()?))?;
        if let (Some(delta), Some(ending)) = (delta, ending) {
            self.sign_manifest(part, &ending, (checkpoint, since, delta.finish()?))?;
        }
        Ok(())
    }

    /// Leaves from one on, below a size, with the open words of campaigns among them.
    async fn dump_page(
        &self,
        from: i64,
        size: i64,
    ) -> Result<(Vec<LeafRecord>, BTreeMap<i64, Words>), AppError> {
        let mut read = self.db().read_tx().await?;
        let limit = PAGE.min(size.saturating_sub(from));
        let read = &mut *read;
        let leaves = store::transparency::leaves_behind(read, 1, from - 1, limit).await?;
        let indexes: Vec<i64> = leaves
            .iter()
            .filter(|leaf| is_campaign(&leaf.bytes))
            .map(|leaf| leaf.index)
            .collect();
        let mut open: BTreeMap<i64, Words> = BTreeMap::new();
        for (index, one) in store::transparency::openings_at(read, &indexes).await? {
            if one.withdrawn_at.is_none() {
                open.entry(index).or_default().push((one.field, one.value));
            }
        }
        Ok((leaves, open))
    }

    fn sign_manifest(
        &self,
        part: &Path,
        ending: &str,
        (checkpoint, since, files): (&CheckpointRecord, Option<i64>, Vec<OpenFile>),
    ) -> Result<(), AppError> {
        let manifest = Manifest {
            origin: self.origin().to_owned(),
            size: checkpoint.size,
            root: leaf::digest_text(&checkpoint.root),
            since,
            licence: OPEN_LICENCE.into(),
            files,
            fields: dictionary(),
        };
        let mut text = serde_json::to_string_pretty(&manifest).map_err(AppError::internal)?;
        text.push('\n');
        let (name, note_name) = names_of(ending);
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let said = format!(
            "{NOTE_WORD}\n{}\n{}\n{}\n{}\n",
            manifest.origin,
            manifest.size,
            manifest.root,
            leaf::digest_text(&digest)
        );
        let note = self.sign_words(&said)?;
        std::fs::write(part.join(name), text).map_err(AppError::internal)?;
        std::fs::write(part.join(note_name), note).map_err(AppError::internal)
    }
}

/// Names of a manifest and of its note.
fn names_of(ending: &str) -> (String, String) {
    let name = MANIFEST.replace('.', &format!("{ending}."));
    let note = name.replace(".json", ".note");
    (name, note)
}

fn is_campaign(bytes: &[u8]) -> bool {
    Leaf::parse(bytes).is_ok_and(|leaf| leaf.kind == leaf::Kind::Campaign)
}

/// What every field means: table, field, what it is called, what it means.
fn dictionary() -> Vec<[String; 4]> {
    let of = |dataset: &'static Dataset| {
        let fields = dataset.fields.iter();
        fields.map(|field| [dataset.name, field.name, field.title, field.help].map(str::to_owned))
    };
    DATASETS.iter().flat_map(of).collect()
}

/// Sizes of the dumps in a folder, rising.
fn sizes(folder: &Path) -> Vec<i64> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let mut sizes: Vec<i64> = names.filter_map(|name| name.parse().ok()).collect();
    sizes.sort_unstable();
    sizes
}

fn dump_in(folder: &Path, size: i64) -> Result<Option<Dump>, AppError> {
    let place = folder.join(size.to_string());
    let read = |name: &str| -> Result<Option<Manifest>, AppError> {
        let text = match std::fs::read_to_string(place.join(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AppError::internal(error)),
        };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(AppError::internal)
    };
    let Some(manifest) = read(MANIFEST)? else {
        return Ok(None);
    };
    let files = std::fs::read_dir(&place).map_err(AppError::internal)?;
    let names = files
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let delta = names
        .filter(|name| name.starts_with("manifest-since-") && name.ends_with(".json"))
        .min();
    let delta = match delta {
        Some(name) => read(&name)?,
        None => None,
    };
    Ok(Some(Dump { manifest, delta }))
}
