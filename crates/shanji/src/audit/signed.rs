//! Who has signed the checkpoint of an audit: the log with a key that is believed, its SM2 keys, and witnesses.

use super::Before;
use super::files::LogFiles;
use super::walk::{Depth, Task, Walked};
use crate::growth::Growth;
use crate::outcome::{Exit, Failure};
use crate::verify::witnesses;
use crate::vkeys;
use leaf::TrustedKeys;
use std::collections::BTreeSet;
use tlog::limits::NOTE_BYTES_MAX;
use tlog::policy::Policy;
use tlog::{Checkpoint, SignedNote};

/// Names of witnesses that are printed where nobody asked for them.
const NAMES: usize = 8;
/// Where a log serves the newest checkpoint that enough witnesses have signed.
const FINAL: &str = "final-checkpoint";

/// Whether a believed key has signed the checkpoint.
pub(super) fn check_signature(
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
pub(super) fn is_signed_beside(note: &SignedNote, keys: &TrustedKeys) -> bool {
    let own = |line: &&tlog::NoteSignature| line.name() == keys.origin();
    let believed =
        |line: &tlog::NoteSignature| keys.keys().iter().any(|known| known.key.matches(line));
    note.signatures()
        .iter()
        .filter(own)
        .any(|line| !believed(line))
}

/// The checkpoint must be signed by a key that the leaves below it name, whatever key the auditor brought along.
pub(super) fn check_signed_by_its_keys(
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
pub(super) fn check_sm2_lines(note: &SignedNote, walked: &Walked, before: &mut Before) {
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

/// What the policy says of the witnesses of the checkpoint; without a policy, that their lines are not looked at.
///
/// # Errors
/// The files that lead from an older checkpoint to this one cannot be read.
pub(super) fn check_witnesses(
    (note, checkpoint): (&SignedNote, &Checkpoint),
    policy: Option<&Policy>,
    (files, keys): (&dyn LogFiles, &TrustedKeys),
    before: &mut Before,
) -> Result<(), Failure> {
    let Some(policy) = policy else {
        say_unasked(note, before);
        return Ok(());
    };
    let doubt = match witnesses::under(policy, note) {
        Ok(found) => {
            before.checked.push(found.words());
            return Ok(());
        }
        Err(doubt) => doubt,
    };
    // The newest checkpoint may be younger than the witnesses' answers.
    if doubt.code == "policy.waiting"
        && let Some((words, last)) = final_before(checkpoint, policy, (files, keys))?
    {
        before.checked.push(words);
        if last > 0 {
            before.unchecked.push(format!(
                "最后{last}条陈述还没有足够的见证人签名，稍后再核对一次"
            ));
        }
        return Ok(());
    }
    before.add(doubt.code, format!("检查点的见证：{}", doubt.sentence));
    Ok(())
}

/// The newest checkpoint that the log's site calls final, if it is, and if the audited one continues it: what is said of
/// it, and how many leaves came since.
fn final_before(
    checkpoint: &Checkpoint,
    policy: &Policy,
    (files, keys): (&dyn LogFiles, &TrustedKeys),
) -> Result<Option<(String, u64)>, Failure> {
    let served = files.read(FINAL, NOTE_BYTES_MAX).ok();
    let Some(note) = served.and_then(|bytes| SignedNote::parse(&bytes).ok()) else {
        return Ok(None);
    };
    let (Ok(old), Ok(found)) = (keys.open(&note), witnesses::under(policy, &note)) else {
        return Ok(None);
    };
    let Some(last) = checkpoint.size().checked_sub(old.size()) else {
        return Ok(None);
    };
    let growth = Growth { files };
    let extends = growth
        .edge(checkpoint)
        .and_then(|partial| growth.extends(&old, checkpoint, &partial));
    match extends {
        Ok(true) => {}
        // What is wrong with the files the walk says, file by file.
        Ok(false) => return Ok(None),
        Err(failure) if failure.exit != Exit::Unreachable => return Ok(None),
        Err(failure) => return Err(failure),
    }
    let words = format!(
        "{}这是前{}条的检查点，这次核对的是它的延续",
        found.words(),
        old.size()
    );
    Ok(Some((words, last)))
}

/// Lines of others under a checkpoint are named as unchecked: whoever sees them must not take them for checked.
fn say_unasked(note: &SignedNote, before: &mut Before) {
    let claimed: Option<Checkpoint> = note.text().parse().ok();
    let origin = claimed.as_ref().map_or("", Checkpoint::origin);
    let lines = note.signatures().iter();
    let names: BTreeSet<&str> = lines
        .map(tlog::NoteSignature::name)
        .filter(|name| *name != origin)
        .collect();
    if names.is_empty() {
        return;
    }
    let shown: Vec<&str> = names.iter().copied().take(NAMES).collect();
    let more = if names.len() > NAMES { "等" } else { "" };
    before.unchecked.push(format!(
        "检查点上别人的签名行没有核对（自称 {}{more}），请用 --policy 给出验证政策",
        shown.join("、")
    ));
}
