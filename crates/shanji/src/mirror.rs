//! `shanji mirror`: a log of others, verified byte by byte and kept as plain files.

mod own_line;
mod pull;
mod shelf;
#[cfg(test)]
mod tests;

use crate::audit::files;
use crate::audit::{read_note, test_log_words};
use crate::cli::{Keys, Mirror};
use crate::growth::Growth;
use crate::key_file;
use crate::outcome::{Ended, Exit, Failure};
use crate::pace;
use crate::screen::{count, progress, say, say_json};
use crate::vkeys::{self, Vouched};
use gateway::{Clock, SystemClock};
use leaf::TrustedKeys;
use pull::Pull;
use serde_json::{Value, json};
use shelf::Shelf;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tlog::{Checkpoint, Cosigner, SignedNote};

/// Runs the command.
pub(crate) fn run(args: &Mirror) -> Ended {
    let read = |file: &PathBuf| key_file::cosigner(file, &args.passphrase);
    let cosigner = args.cosign_key.as_ref().map(read).transpose()?;
    let believed = vkeys::folder();
    let mut origin: Option<String> = None;
    loop {
        let round = Round {
            args,
            cosigner: cosigner.as_ref(),
            believed: believed.as_deref(),
            origin: origin.as_deref(),
        };
        match round.run(&SystemClock) {
            Ok(mirrored) => {
                if mirrored.added > 0 || origin.is_none() {
                    tell(&mirrored, args.json);
                }
                origin = Some(mirrored.origin);
            }
            // A watch outlives a site that cannot be reached; what is wrong ends it.
            Err(failure) if args.watch.is_some() && failure.exit == Exit::Unreachable => {
                eprintln!("{failure}");
            }
            Err(failure) => return Err(failure),
        }
        let Some(seconds) = args.watch else {
            return Ok(Exit::Fine);
        };
        pace::wait(Duration::from_secs(seconds));
    }
}

/// What one look at the log came to.
#[derive(Debug, PartialEq, Eq)]
struct Mirrored {
    origin: String,
    folder: String,
    size: u64,
    root: String,
    /// Entries that were not here before.
    added: u64,
    /// Whether the keys came from the log's own site.
    unvouched: bool,
    /// What is said of a test log.
    test_log: Option<String>,
}

/// One look at the log.
struct Round<'a> {
    args: &'a Mirror,
    cosigner: Option<&'a Cosigner>,
    /// Where remembered keys are.
    believed: Option<&'a Path>,
    /// The log that was watched so far.
    origin: Option<&'a str>,
}

impl Round<'_> {
    fn run(&self, clock: &dyn Clock) -> Result<Mirrored, Failure> {
        let (files, bytes) = files::open(&self.args.log)?;
        let (note, checkpoint) =
            read_note(&bytes).map_err(|finding| Failure::found(finding.code, finding.sentence))?;
        let origin = checkpoint.origin();
        if self.origin.is_some_and(|watched| watched != origin) {
            return Err(wrong_origin(&self.args.log, origin));
        }
        let folder = shelf::folder_of(&self.args.dir, origin);
        let (keys, vouched) = vkeys::believed(
            origin,
            &self.args.keys,
            self.believed,
            || shelf::pinned_keys(&folder),
            files.as_ref(),
        )
        .map_err(|failure| match failure.code.as_str() {
            "vkey.other_log" => wrong_origin(&self.args.log, origin),
            _ => failure,
        })?;
        keys.open(&note).map_err(|error| {
            Failure::found(error.code(), format!("检查点的签名不可信：{error}"))
        })?;
        let shelf = self.take(folder)?;
        let old = kept(&shelf, shelf.checkpoint()?)?;
        let pending = kept(&shelf, shelf.pending()?)?;
        for known in [&old, &pending].into_iter().flatten() {
            self.check_not_older(&shelf, known, &checkpoint, &bytes)?;
        }
        let bar = progress(
            checkpoint.size().saturating_sub(size_of(old.as_ref())),
            "下载并核对",
        );
        let growth = Growth {
            files: files.as_ref(),
        };
        let pull = Pull {
            growth,
            shelf: &shelf,
            bar: &bar,
            threads: self.args.parallel,
        };
        let partial = growth.edge(&checkpoint)?;
        for known in [&old, &pending].into_iter().flatten() {
            if !growth.extends(known, &checkpoint, &partial)? {
                return Err(rewritten(&shelf, known, &bytes)?);
            }
        }
        shelf.begin(&note.to_string())?;
        let from = if self.args.recheck {
            0
        } else {
            size_of(old.as_ref())
        };
        pull.fill(from, checkpoint.size(), &partial)?;
        bar.finish_and_clear();
        self.remember(&shelf, &keys)?;
        let shown = self.shown(&shelf, note, (&checkpoint, clock))?;
        shelf.publish(&shown)?;
        shelf.prune(size_of(old.as_ref()), checkpoint.size())?;
        Ok(Mirrored {
            origin: origin.to_owned(),
            folder: shelf.folder().display().to_string(),
            size: checkpoint.size(),
            root: checkpoint.root().to_string(),
            added: checkpoint.size().saturating_sub(size_of(old.as_ref())),
            unvouched: vouched == Vouched::BySite,
            test_log: test_log_words(&files::of_folder(shelf.folder()), &checkpoint),
        })
    }

    /// Takes the folder for this process, and for its key.
    fn take(&self, folder: PathBuf) -> Result<Shelf, Failure> {
        let shelf = Shelf::open(folder)?;
        if let (Some(file), Some(cosigner)) = (&self.args.cosign_key, self.cosigner) {
            own_line::claim(file, cosigner.verifier(), &shelf)?;
        }
        Ok(shelf)
    }

    /// The checkpoint as this folder shows it: signed again with the key, or with the line of a run that had it.
    fn shown(
        &self,
        shelf: &Shelf,
        note: SignedNote,
        at: (&Checkpoint, &dyn Clock),
    ) -> Result<String, Failure> {
        if let Some(cosigner) = self.cosigner {
            return cosigned(cosigner, &note, at);
        }
        let lines = own_line::kept(shelf, &note)?;
        Ok(note.with_signatures(lines).map_err(unsigned)?.to_string())
    }

    /// Refuses a checkpoint that is smaller than a known one, or differs at the same size.
    fn check_not_older(
        &self,
        shelf: &Shelf,
        known: &Checkpoint,
        new: &Checkpoint,
        note: &[u8],
    ) -> Result<(), Failure> {
        if new.size() < known.size() {
            let place = shelf.keep_evidence(note)?;
            let sentence = format!(
                "日志变短了：镜像见过的检查点有{}条，{} 现在只有{}条。可能是过期的缓存，也可能是日志被截短；那份检查点已存到 {}，镜像没有改动",
                known.size(),
                self.args.log,
                new.size(),
                place.display()
            );
            return Err(Failure::found("tree.shrunk", sentence));
        }
        if new.size() == known.size() && new.root() != known.root() {
            return Err(rewritten(shelf, known, note)?);
        }
        Ok(())
    }

    /// Pins the keys for the next run, and keeps them for other commands where that was asked for.
    fn remember(&self, shelf: &Shelf, keys: &TrustedKeys) -> Result<(), Failure> {
        let known = keys.remembered();
        if shelf::pinned_keys(shelf.folder()).ok().as_ref() != Some(&known) {
            shelf.pin_keys(&known.to_string())?;
        }
        if let Keys { remember: true, .. } = self.args.keys {
            vkeys::remember(keys.origin(), &known, self.believed)?;
        }
        Ok(())
    }
}

/// The checkpoint as a mirror with a key shows it: with its own line.
fn cosigned(
    cosigner: &Cosigner,
    note: &SignedNote,
    (checkpoint, clock): (&Checkpoint, &dyn Clock),
) -> Result<String, Failure> {
    let now = u64::try_from(clock.now().micros() / 1_000_000).unwrap_or(0);
    let line = cosigner.cosign(checkpoint, now).map_err(unsigned)?;
    // A line of ours that came with the log is older than this one.
    let others = note
        .signatures()
        .iter()
        .filter(|line| !cosigner.verifier().matches(line));
    let lines: String = others
        .chain([&line])
        .map(|line| format!("{line}\n"))
        .collect();
    let whole = format!("{}\n{lines}", note.text());
    SignedNote::parse(&whole).map_err(unsigned)?;
    Ok(whole)
}

fn unsigned(error: tlog::NoteError) -> Failure {
    Failure::refused(error.code(), error.to_string())
}

fn size_of(checkpoint: Option<&Checkpoint>) -> u64 {
    checkpoint.map_or(0, Checkpoint::size)
}

/// A checkpoint of this folder, which was verified before it was written.
fn kept(shelf: &Shelf, bytes: Option<Vec<u8>>) -> Result<Option<Checkpoint>, Failure> {
    let Some(bytes) = bytes else { return Ok(None) };
    match read_note(&bytes) {
        Ok((_, checkpoint)) => Ok(Some(checkpoint)),
        Err(_) => {
            let sentence = format!(
                "{} 里的检查点已损坏，无法判断日志是否被改写。请从备份恢复，或换一个空目录重新下载",
                shelf.folder().display()
            );
            Err(Failure::unreachable("mirror.damaged", sentence))
        }
    }
}

fn wrong_origin(place: &str, origin: &str) -> Failure {
    let sentence = format!("{place} 的日志叫“{origin}”，不是您要的那个日志。请核对网址和公钥");
    Failure::found("mirror.wrong_origin", sentence)
}

fn rewritten(shelf: &Shelf, known: &Checkpoint, note: &[u8]) -> Result<Failure, Failure> {
    let place = shelf.keep_evidence(note)?;
    let sentence = format!(
        "历史被改写：新的检查点不是镜像里前{}条的延续。镜像没有改动，那份检查点已存到 {}；请保存这两份检查点并联系监管部门",
        known.size(),
        place.display()
    );
    Ok(Failure::found("tree.rewritten", sentence))
}

fn tell(mirrored: &Mirrored, as_json: bool) {
    if as_json {
        say_json(&in_json(mirrored));
        return;
    }
    say(&format!(
        "✓ 镜像与日志一致：{}，{}条陈述，这次新增{}条\n  根 {}\n  存放在 {}\n",
        mirrored.origin,
        count(mirrored.size),
        count(mirrored.added),
        mirrored.root,
        mirrored.folder
    ));
    if let Some(words) = &mirrored.test_log {
        say(&format!("  ⚠ {words}\n"));
    }
    if mirrored.unvouched {
        say(&format!(
            "  ⚠ 公钥取自日志自己的网站并已记住，不能排除网站连同公钥一起被替换。{}\n",
            vkeys::HOW
        ));
    }
}

fn in_json(mirrored: &Mirrored) -> Value {
    json!({
        "origin": mirrored.origin,
        "folder": mirrored.folder,
        "size": mirrored.size,
        "root": mirrored.root,
        "added": mirrored.added,
        "key_from_site": mirrored.unvouched,
        "test_log": mirrored.test_log,
    })
}
