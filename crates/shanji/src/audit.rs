//! `shanji audit`: a whole log checked from its files alone, trusting nobody.

mod conclude;
pub(crate) mod files;
mod kept;
mod report;
mod signed;
#[cfg(test)]
mod tests;
mod walk;

use crate::cli::{Audit, Keys};
use crate::durable;
use crate::growth::Growth;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{progress, say, say_json};
use crate::verify::witnesses::read_policy;
use crate::vkeys;
use files::LogFiles;
use gateway::{Stopwatch, SystemEntropy};
use kept::Kept;
use leaf::{Finding, Json, Kind, Leaf, TrustedKeys};
pub(crate) use report::{Conclusion, Totals};
use signed::{
    check_signature, check_signed_by_its_keys, check_sm2_lines, check_witnesses, is_signed_beside,
};
use std::fs;
use std::path::Path;
use tlog::policy::Policy;
use tlog::{Checkpoint, Edge, SignedNote, TileKind, TilePath, VerifierKey, decode_bundle};
use walk::{Depth, Task, walk};

/// Runs the command.
pub(crate) fn run(args: &Audit) -> Ended {
    if args.database {
        return crate::books::run(args);
    }
    let since = args.since.as_deref().map(read_checkpoint).transpose()?;
    let policy = args.policy.as_deref().map(read_policy).transpose()?;
    let (files, note) = files::open(&args.log)?;
    let folder = vkeys::folder();
    let asked = Asked {
        keys: &args.keys,
        folder: folder.as_deref(),
        since: since.as_deref(),
        depth: match (args.hashes_only, args.only_new) {
            (true, _) => Depth::Hashes,
            (_, true) => Depth::Form,
            _ => Depth::Statements,
        },
        sm3: args.sm3,
        policy: policy.as_ref(),
    };
    let (mut conclusion, believed) = match &args.keep {
        Some(folder) => {
            let origin = read_note(&note).map(|(_, checkpoint)| checkpoint.origin().to_owned());
            let own = tlog::witness::origin_hash(&origin.unwrap_or_default());
            let kept = Kept::new(&folder.join(own), files)?;
            let (mut conclusion, believed) =
                audit(&kept, &note, &asked).map_err(to_be_continued)?;
            conclusion.spared(kept.spared());
            (conclusion, believed)
        }
        None => audit(files.as_ref(), &note, &asked)?,
    };
    if let Some(key) = &args.sm2_vkey {
        conclusion.also_signed(key, &note);
    }
    tell(&conclusion, args.json);
    if !conclusion.is_clean() {
        return Ok(Exit::Found);
    }
    if let Some(path) = &args.save {
        save(path, &note)?;
    }
    if args.keys.remember
        && let Some(key) = believed
    {
        vkeys::remember(key.origin(), &key.remembered(), folder.as_deref())?;
    }
    Ok(Exit::Fine)
}

/// Whoever keeps the files and is cut off is told what is not lost.
fn to_be_continued(mut failure: Failure) -> Failure {
    if failure.code == "log.unreachable" {
        failure
            .sentence
            .push_str("；读过的文件已留存，用同一命令再运行就不必重新下载，内容会从头核对");
    }
    failure
}

/// What the auditor brings along.
struct Asked<'a> {
    keys: &'a Keys,
    folder: Option<&'a Path>,
    since: Option<&'a [u8]>,
    depth: Depth,
    /// Whether the root with SM3 is computed although no line of the checkpoint asks for it.
    sm3: bool,
    /// Whose witnesses are asked for.
    policy: Option<&'a Policy>,
}

/// Writes the conclusion where it belongs.
pub(crate) fn tell(conclusion: &Conclusion, as_json: bool) {
    if as_json {
        say_json(&conclusion.json());
    } else {
        say(&conclusion.words());
    }
}

fn read_checkpoint(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|_| {
        let sentence = format!("读不到检查点文件 {}，请检查路径和权限", path.display());
        Failure::unreachable("file.read", sentence)
    })
}

fn save(path: &Path, note: &[u8]) -> Result<(), Failure> {
    // It may be the very file that was compared with, and the only copy.
    durable::replace(path, note).map_err(|_| {
        let sentence = format!("检查点存不到 {}，请检查目录权限", path.display());
        Failure::unreachable("file.write", sentence)
    })
}

/// Fresh bytes for the checker's tables, so that nobody can prepare a log against them.
pub(crate) fn table_key() -> Result<[u8; 32], Failure> {
    gateway::entropy::draw(&SystemEntropy)
        .map_err(|error| Failure::unreachable("entropy.unavailable", error.to_string()))
}

/// Findings before the walk begins.
#[derive(Default)]
struct Before {
    wrong: Vec<Finding>,
    checked: Vec<String>,
    unchecked: Vec<String>,
}

impl Before {
    fn add(&mut self, code: &'static str, sentence: impl ToString) {
        self.wrong.push(Finding {
            index: None,
            code,
            sentence: sentence.to_string(),
        });
    }
}

/// Audits the log behind `files` up to the checkpoint in `note`; also gives the believed keys if one of them signed it.
fn audit(
    files: &dyn LogFiles,
    note: &[u8],
    asked: &Asked<'_>,
) -> Result<(Conclusion, Option<TrustedKeys>), Failure> {
    let watch = Stopwatch::start();
    let mut before = Before::default();
    let (note, checkpoint) = match read_note(note) {
        Ok(read) => read,
        Err(finding) => return Ok((spoilt(finding), None)),
    };
    let origin = checkpoint.origin();
    let first = first_leaf(files, &checkpoint);
    let mut keys = given_keys(origin, asked)?;
    let is_given = !keys.is_empty();
    let own = own_key(first.as_ref(), &checkpoint);
    if !is_given {
        keys = TrustedKeys::new(origin, own.clone());
    }
    vkeys::follow_site(&mut keys, files)?;
    let is_signed = check_signature(&note, &keys, is_given, &mut before);
    check_witnesses(
        (&note, &checkpoint),
        asked.policy,
        (files, &keys),
        &mut before,
    )?;
    if is_given && own.is_some_and(|own| keys.keys().iter().all(|known| known.key != own)) {
        let sentence = "首条陈述登记的公钥不在您给出的公钥里；换过密钥时请把新旧公钥都用 --vkey 给出，否则日志可能被替换";
        before.add("log.key_differs", sentence);
    }
    let since = asked
        .since
        .and_then(|since| check_since(since, &keys, &mut before));
    // What the first leaf says counts only where it is hashed, so a test log is read from its beginning.
    let is_test = first.is_some_and(|leaf| leaf.kind == Kind::TestLog);
    let depth = match asked.depth {
        Depth::Form if is_test => Depth::Statements,
        depth => depth,
    };
    let start = begin(files, since.as_ref(), &checkpoint, depth)?;
    let begun = start.as_ref().map_or(0, Edge::size);
    let bar = progress(checkpoint.size().saturating_sub(begun), "核对日志");
    let task = Task {
        checkpoint: &checkpoint,
        since: since.as_ref(),
        start: start.as_ref(),
        depth,
        key: &table_key()?,
        sm3: depth == Depth::Statements && (asked.sm3 || is_signed_beside(&note, &keys)),
    };
    let walked = walk(files, task, &bar)?;
    bar.finish_and_clear();
    check_signed_by_its_keys(&note, task, &walked, &mut before);
    check_sm2_lines(&note, &walked, &mut before);
    let speed = watch.per_second(walked.hashed);
    let conclusion = conclude::conclude(task, before, walked, (speed, is_signed));
    Ok((conclusion, is_signed.then_some(keys)))
}

/// The keys that are given or remembered, and those of the policy's `log` lines.
///
/// # Errors
/// Keys were given, and none is this log's: whoever gave them wants them to be used.
fn given_keys(origin: &str, asked: &Asked<'_>) -> Result<TrustedKeys, Failure> {
    let mut given = asked.keys.clone();
    let logs = asked.policy.map_or(&[][..], Policy::logs);
    given
        .vkeys
        .extend(logs.iter().map(|log| log.key.to_string()));
    let keys = vkeys::keys_for(origin, &given, asked.folder)?;
    if keys.is_empty() && !given.vkeys.is_empty() {
        return Err(vkeys::of_other_log(origin));
    }
    Ok(keys)
}

/// Where an audit of only what is new begins: at the last full bundle of the older checkpoint.
fn begin(
    files: &dyn LogFiles,
    since: Option<&Checkpoint>,
    checkpoint: &Checkpoint,
    depth: Depth,
) -> Result<Option<Edge>, Failure> {
    match since.filter(|old| depth == Depth::Form && old.size() <= checkpoint.size()) {
        Some(old) => Growth { files }
            .edge_before(old.size(), checkpoint)
            .map(Some),
        None => Ok(None),
    }
}

pub(crate) fn read_note(bytes: &[u8]) -> Result<(SignedNote, Checkpoint), Finding> {
    let spoilt = |code, sentence: String| Finding {
        index: None,
        code,
        sentence: format!("检查点读不懂：{sentence}"),
    };
    let note = SignedNote::parse(bytes).map_err(|error| spoilt(error.code(), error.to_string()))?;
    let checkpoint: Checkpoint = note
        .text()
        .parse()
        .map_err(|error: tlog::CheckpointError| spoilt(error.code(), error.to_string()))?;
    Ok((note, checkpoint))
}

/// Without a checkpoint nothing says what the log should be.
fn spoilt(finding: Finding) -> Conclusion {
    Conclusion {
        subject: "日志".to_owned(),
        checked: Vec::new(),
        wrong: vec![finding],
        found: 1,
        unchecked: vec!["没有可用的检查点，日志内容没有核对".to_owned()],
        leaves: 0,
        bytes: 0,
        speed: 0,
        organisations: Vec::new(),
        totals: Totals::Whole,
    }
}

/// The first statement of a log as it is served; nothing vouches for it yet.
pub(crate) fn first_leaf(files: &dyn LogFiles, checkpoint: &Checkpoint) -> Option<Leaf> {
    let path = TilePath::widest(TileKind::Entries, 0, checkpoint.size())?;
    let served = files::read_tile(files, path).ok()?;
    let entries = decode_bundle(&served.bytes, served.width).ok()?;
    Leaf::parse(entries.first()?).ok()
}

/// What is said of a log whose first statement, as it is served, says that it is a test log.
pub(crate) fn test_log_words(files: &dyn LogFiles, checkpoint: &Checkpoint) -> Option<String> {
    let first = first_leaf(files, checkpoint).filter(|leaf| leaf.kind == Kind::TestLog);
    first.map(|_| leaf::test_log_words(checkpoint.size().saturating_sub(1)))
}

/// The key that the first statement of the log names; nobody else vouches for it.
fn own_key(first: Option<&Leaf>, checkpoint: &Checkpoint) -> Option<VerifierKey> {
    let key: VerifierKey = first?.data.get("key").and_then(Json::text)?.parse().ok()?;
    (key.name() == checkpoint.origin()).then_some(key)
}

/// The older checkpoint, if it is one of this log.
fn check_since(bytes: &[u8], keys: &TrustedKeys, before: &mut Before) -> Option<Checkpoint> {
    let opened = SignedNote::parse(bytes)
        .map_err(|error| (error.code(), error.to_string()))
        .and_then(|note| {
            keys.open(&note)
                .map_err(|error| (error.code(), error.to_string()))
        });
    match opened {
        Ok(old) => Some(old),
        Err((code, why)) => {
            before.add(
                code,
                format!("--since 的检查点不可用，历史是否改写没有核对：{why}"),
            );
            None
        }
    }
}
