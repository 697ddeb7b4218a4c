//! `shanji log recover`: a database behind the guard gets what it lost from a mirror of its own log.

mod given;
mod told;

use crate::audit::files::{self, LogFiles, read_tile};
use crate::audit::read_note;
use crate::cli::{Elsewhere, House, LogRecover};
use crate::growth::{Growth, malformed, unread_failure};
use crate::house::{self, Place};
use crate::kept_elsewhere::{gather, held_keys};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{progress, say, say_json};
use crate::{books, serve_lock, vkeys};
use db::{Db, Options};
use gateway::{Clock, SystemClock};
use indicatif::ProgressBar;
use kernel::IdCipher;
use leaf::TrustedKeys;
use std::path::Path;
use std::sync::Arc;
use store::batch::GivenWord;
use store::transparency::{Guard, LeafSpool, RecoverError, Recovered, Refill, recover_may};
use tlog::limits::TILE_WIDTH;
use tlog::{Checkpoint, SignedNote, TileKind, TilePath, VerifierKey, decode_bundle};

/// What a house is recovered from.
struct Source<'a> {
    /// Folder or address of the copy.
    mirror: &'a str,
    /// Public words that were found elsewhere.
    words: Vec<GivenWord>,
    /// Who else keeps checkpoints.
    elsewhere: &'a Elsewhere,
    /// The size that a person says is the newest.
    confirmed: Option<i64>,
}

/// What came of it, and who could not be asked.
struct Done {
    recovered: Recovered,
    remarks: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(at: &House, args: &LogRecover) -> Ended {
    let place = Place::of(at);
    let _lock = serve_lock::take(&place.data)?;
    let words = args.words.as_deref().map(given::read).transpose()?;
    let source = Source {
        mirror: &args.mirror,
        words: words.unwrap_or_default(),
        elsewhere: &args.elsewhere,
        confirmed: args.confirm,
    };
    let done = recover(&place, source, &SystemClock)?;
    if args.json {
        say_json(&told::in_json(&done.recovered, &done.remarks));
    } else {
        say(&told::in_words(&done.recovered, &done.remarks));
    }
    Ok(Exit::Fine)
}

/// Recovers the house at `place` from a copy of its log.
fn recover(place: &Place, source: Source<'_>, clock: &dyn Clock) -> Result<Done, Failure> {
    let secrets = house::secrets(place)?;
    let (files, bytes) = files::open(source.mirror)?;
    let (note, checkpoint) =
        read_note(&bytes).map_err(|finding| Failure::found(finding.code, finding.sentence))?;
    house::block_on(async {
        let (db, held, origin) = beginning(place).await?;
        // A database without a checkpoint has no name yet: it takes that of the copy, which this house's key has signed.
        let origin = origin.unwrap_or_else(|| checkpoint.origin().to_owned());
        let own = held_keys(place, &secrets, &origin)?;
        let trusted = believed(&origin, &own, files.as_ref())?;
        trusted.open(&note).map_err(|error| {
            Failure::found(error.code(), format!("镜像的检查点不可信：{error}"))
        })?;
        let found = gather(source.elsewhere, (&trusted, &own)).await?;
        let guard = Guard::at(&app::Config::local(&place.data).guard);
        // Words alone change nothing that is signed.
        if source.words.is_empty() {
            let known = (found.seen.as_slice(), source.confirmed);
            recover_may(&guard, (&origin, &checkpoint), known).map_err(failed)?;
        }
        let leaves = missing(files.as_ref(), (held, &checkpoint), &place.data)?;
        let bar = progress(checkpoint.size().saturating_sub(held), "补录陈述");
        let refill = Refill {
            from: i64::try_from(held).unwrap_or(i64::MAX),
            leaves,
            told: &|done| bar.set_position(done),
            note: own_lines(&note, &trusted)?,
            checkpoint,
            vouching: vouching(&trusted)?,
            words: source.words,
            seen: found.seen,
            confirmed: source.confirmed,
        };
        let house = Arc::new(store::House::new(
            IdCipher::new(*secrets.id_key.expose()),
            *secrets.commit_key.expose(),
            &origin,
            own.first().map(ToString::to_string).unwrap_or_default(),
        ));
        let done = store::transparency::recover(&db, &house, &guard, (refill, clock.now())).await;
        bar.finish_and_clear();
        db.close();
        let recovered = done.map_err(failed)?;
        let remarks = found.remarks;
        Ok(Done { recovered, remarks })
    })?
}

/// Nobody vouches for a copy but the first key of this house, and those that it has announced.
fn believed(
    origin: &str,
    own: &[VerifierKey],
    files: &dyn LogFiles,
) -> Result<TrustedKeys, Failure> {
    let mut trusted = TrustedKeys::new(origin, own.first().cloned());
    vkeys::follow_site(&mut trusted, files)?;
    Ok(trusted)
}

/// The database of the backup, or an empty one, brought up to this version; how many leaves it has, and the name of its
/// log.
async fn beginning(place: &Place) -> Result<(Db, u64, Option<String>), Failure> {
    let db = Db::open(&place.database, Options::default())
        .map_err(|error| Failure::unreachable("database.open", error.to_string()))?;
    let migrated = store::schema::migrate(&db).await;
    migrated.map_err(|error| books::unread(&error))?;
    let read = async {
        let mut read = db.read_tx().await?;
        let held = store::transparency::leaf_count(&mut read).await?;
        let newest = store::transparency::checkpoint_newest(&mut read).await?;
        let origin = store::house_value(&mut read, "origin").await?;
        Ok((held.unsigned_abs(), newest.is_some(), origin))
    };
    match read
        .await
        .map_err(|error: db::Error| books::unread(&error))?
    {
        // The first leaf of a house that was started without its database; it signed nothing.
        (0..=1, false, _) => Ok((db, 0, None)),
        (held, _, origin) => Ok((db, held, origin)),
    }
}

/// The checkpoints that lead from one key of the log to the next, the smallest first.
fn vouching(trusted: &TrustedKeys) -> Result<Vec<(Checkpoint, String)>, Failure> {
    let mut found = Vec::new();
    for proof in &trusted.remembered().proofs {
        let note = proof.checkpoint();
        let read = note.text().parse::<Checkpoint>();
        let read = read.map_err(|error| Failure::found(error.code(), error.to_string()))?;
        found.push((read, own_lines(note, trusted)?));
    }
    found.sort_by_key(|one| one.0.size());
    Ok(found)
}

/// Why nothing was done, as the command says it.
pub(crate) fn failed(error: RecoverError) -> Failure {
    let (code, sentence) = (error.code(), error.to_string());
    match error {
        RecoverError::Seal(_) | RecoverError::Spool(_) | RecoverError::Moved => {
            Failure::unreachable(code, sentence)
        }
        RecoverError::Differs { .. } | RecoverError::Leaf { .. } => Failure::found(code, sentence),
        _ => Failure::refused(code, sentence),
    }
}

/// The leaves of the copy from `held` on, in a nameless file beside the database, which will need as much room. They are
/// believed only when they lead to the signed root.
fn missing(
    files: &dyn LogFiles,
    (held, checkpoint): (u64, &Checkpoint),
    folder: &Path,
) -> Result<LeafSpool, Failure> {
    let size = checkpoint.size();
    let unkept = |error: std::io::Error| failed(RecoverError::Spool(error));
    // A copy that is torn is said before anything is read of it.
    Growth { files }.edge(checkpoint)?;
    let bar = progress(size.saturating_sub(held), "读取镜像");
    let mut leaves = LeafSpool::on(tempfile::tempfile_in(folder).map_err(unkept)?);
    let mut next = held;
    while next < size {
        let taken = bundle(files, next, size, &bar)?;
        next = next.saturating_add(taken.len() as u64);
        for leaf in &taken {
            leaves.push(leaf).map_err(unkept)?;
        }
    }
    bar.finish_and_clear();
    Ok(leaves)
}

/// The entries from `next` to the end of their bundle.
fn bundle(
    files: &dyn LogFiles,
    next: u64,
    size: u64,
    bar: &ProgressBar,
) -> Result<Vec<Vec<u8>>, Failure> {
    let width = u64::from(TILE_WIDTH);
    let torn = || Failure::found("file.malformed", "镜像的文件不完整，请换一份镜像再试");
    let path = TilePath::widest(TileKind::Entries, next / width, size).ok_or_else(torn)?;
    let served = read_tile(files, path).map_err(|unread| unread_failure(path, unread))?;
    let entries = decode_bundle(&served.bytes, served.width)
        .map_err(|error| malformed(path, &error.to_string()))?;
    let skip = usize::try_from(next % width).unwrap_or_default();
    let end = usize::from(path.width());
    let taken = entries.get(skip..end).filter(|taken| !taken.is_empty());
    let taken: Vec<Vec<u8>> = taken.ok_or_else(torn)?.iter().map(|e| e.to_vec()).collect();
    bar.inc(taken.len() as u64);
    Ok(taken)
}

/// The note with the log's own lines: those of witnesses and mirrors are asked for again.
fn own_lines(note: &SignedNote, trusted: &TrustedKeys) -> Result<String, Failure> {
    let able = trusted.for_note(note);
    let own = note.signatures().iter();
    let own = own.filter(|line| able.iter().any(|key| key.matches(line)));
    let lines: String = own.map(|line| format!("{line}\n")).collect();
    let whole = format!("{}\n{lines}", note.text());
    SignedNote::parse(&whole).map_err(|error| Failure::found(error.code(), error.to_string()))?;
    Ok(whole)
}

#[cfg(test)]
mod tests;
