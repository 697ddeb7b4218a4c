//! `shanji audit`: a whole log checked from its files alone, trusting nobody.

pub(crate) mod files;
mod kept;
mod report;
#[cfg(test)]
mod tests;
mod walk;

use crate::cli::{Audit, Keys};
use crate::durable;
use crate::growth::Growth;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, progress, say, say_json};
use crate::vkeys;
use files::LogFiles;
use gateway::{Stopwatch, SystemEntropy};
use kept::Kept;
use leaf::{Finding, Json, Kind, Leaf, TrustedKeys};
pub(crate) use report::Conclusion;
use std::fs;
use std::path::Path;
use tlog::{Checkpoint, Edge, SignedNote, TileKind, TilePath, VerifierKey, decode_bundle};
use walk::{Depth, Task, Walked, walk};

/// Runs the command.
pub(crate) fn run(args: &Audit) -> Ended {
    if args.database {
        return crate::books::run(args);
    }
    let since = args.since.as_deref().map(read_checkpoint).transpose()?;
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
    };
    let (mut conclusion, believed) = match &args.keep {
        Some(folder) => {
            let origin = read_note(&note).map(|(_, checkpoint)| checkpoint.origin().to_owned());
            let own = tlog::witness::origin_hash(&origin.unwrap_or_default());
            let kept = Kept::new(&folder.join(own), files)?;
            let (mut conclusion, believed) = audit(&kept, &note, &asked)?;
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

/// What the auditor brings along.
struct Asked<'a> {
    keys: &'a Keys,
    folder: Option<&'a Path>,
    since: Option<&'a [u8]>,
    depth: Depth,
    /// Whether the root with SM3 is computed although no line of the checkpoint asks for it.
    sm3: bool,
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
    let mut keys = vkeys::keys_for(origin, asked.keys, asked.folder)?;
    let is_given = !keys.is_empty();
    let own = own_key(first.as_ref(), &checkpoint);
    if !is_given {
        keys = TrustedKeys::new(origin, own.clone());
    }
    vkeys::follow_site(&mut keys, files)?;
    let is_signed = check_signature(&note, &keys, is_given, &mut before);
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
    let speed = watch.per_second(walked.leaves);
    let conclusion = conclude(task, before, walked, speed);
    Ok((conclusion, is_signed.then_some(keys)))
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

/// Whether a believed key has signed the checkpoint.
fn check_signature(
    note: &SignedNote,
    keys: &TrustedKeys,
    is_given: bool,
    before: &mut Before,
) -> bool {
    if keys.is_empty() {
        before.add(
            "vkey.missing",
            format!("没有公钥，检查点的签名无法核对。{}", vkeys::HOW),
        );
        return false;
    }
    if let Err(error) = keys.open(note) {
        before.add(error.code(), format!("检查点的签名不可信：{error}"));
        return false;
    }
    if is_given {
        before
            .checked
            .push("检查点由您给出或记住的公钥签名".to_owned());
    } else {
        before
            .checked
            .push("检查点由日志首条陈述自报的公钥签名".to_owned());
        before.unchecked.push(format!(
            "没有独立取得的公钥，不能排除整个日志连同公钥一起被替换。{}",
            vkeys::HOW
        ));
    }
    true
}

/// Whether a line stands under the log's own name that no believed key made, as SM2 lines do: then its leaves may state
/// roots with SM3.
fn is_signed_beside(note: &SignedNote, keys: &TrustedKeys) -> bool {
    let own = |line: &&tlog::NoteSignature| line.name() == keys.origin();
    let believed =
        |line: &tlog::NoteSignature| keys.keys().iter().any(|known| known.key.matches(line));
    note.signatures()
        .iter()
        .filter(own)
        .any(|line| !believed(line))
}

/// The checkpoint must be signed by a key that the leaves below it name, whatever key the auditor brought along.
fn check_signed_by_its_keys(
    note: &SignedNote,
    task: Task<'_>,
    walked: &Walked,
    before: &mut Before,
) {
    let book = &walked.report.keys;
    if task.depth != Depth::Statements || book.leaves() == 0 {
        return;
    }
    let size = i64::try_from(task.checkpoint.size()).unwrap_or(i64::MAX);
    let opened = Checkpoint::open(note, task.checkpoint.origin(), &book.for_size(size));
    match opened {
        Ok(_) => before.checked.push(format!(
            "公钥更替{}条陈述前后相接，检查点由其中在用的公钥签名",
            book.leaves()
        )),
        Err(_) => {
            let sentence =
                "签检查点的公钥，按日志自己的陈述没有启用或已经停用，请向运营方和监管部门核实";
            before.add("log.key_not_in_use", sentence);
        }
    }
}

/// The SM2 keys that the leaves name must not have signed anything else; that a line is missing is said, because nobody's
/// belief rests on it.
fn check_sm2_lines(note: &SignedNote, walked: &Walked, before: &mut Before) {
    let lines = note.signatures();
    for key in walked.report.sm2_keys.keys() {
        let own: Vec<_> = lines.iter().filter(|line| key.matches(line)).collect();
        if own.is_empty() {
            let sentence = "日志陈述过的 SM2 公钥没有签这个检查点，只有 Ed25519 签名";
            before.unchecked.push(sentence.to_owned());
        } else if own.iter().all(|line| key.verify(note.text(), line)) {
            let sentence = "检查点另有日志自己陈述的 SM2 公钥的签名，有效";
            before.checked.push(sentence.to_owned());
        } else {
            let sentence = "检查点的 SM2 签名无效，检查点或签名被改动，请保存并向监管部门反映";
            before.add("log.sm2", sentence);
        }
    }
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

fn conclude(task: Task<'_>, before: Before, walked: Walked, speed: u64) -> Conclusion {
    let Before {
        mut wrong,
        mut checked,
        mut unchecked,
    } = before;
    let found = (wrong.len() as u64)
        .saturating_add(walked.count)
        .saturating_add(walked.report.found);
    wrong.extend(walked.wrong);
    wrong.extend(walked.report.findings);
    // What concerns one leaf stands together, whichever check it came from.
    wrong.sort_by_key(|finding| (finding.index.is_none(), finding.index));
    checked.push(format!(
        "重算了{}条陈述的摘要、{}块瓦片和整棵树的根",
        count(walked.leaves),
        count(walked.tiles)
    ));
    unchecked.extend(walked.unchecked);
    match task.depth {
        Depth::Statements if walked.report.is_test => unchecked.extend(walked.report.unchecked),
        Depth::Statements => {
            checked.push(format!(
                "{}个序列的编号、每项资金的收支首尾相接、资金等于存放处",
                count(walked.report.streams)
            ));
            if walked.report.sm3_roots > 0 {
                checked.push(format!(
                    "{}条国密摘要根由陈述重算无误",
                    count(walked.report.sm3_roots)
                ));
            }
            unchecked.extend(walked.report.unchecked);
        }
        Depth::Form => {
            let begun = task.start.map_or(0, Edge::size);
            checked.push("每条新陈述的写法和必备内容；旧检查点是新检查点的开头".to_owned());
            unchecked.push(format!(
                "前{}条的内容没有重新核对；序列的编号、资金的首尾相接和余额要从头核对，不加 --only-new 再核对一次",
                count(begun)
            ));
        }
        Depth::Hashes => {
            unchecked.push(
                "只核对了摘要，没有核对陈述说了什么；不加 --hashes-only 再核对一次".to_owned(),
            );
        }
    }
    Conclusion {
        subject: format!("日志 {}", task.checkpoint.origin()),
        checked,
        wrong,
        found,
        unchecked,
        leaves: walked.leaves,
        bytes: walked.bytes,
        speed,
        organisations: walked.report.organisations,
    }
}
