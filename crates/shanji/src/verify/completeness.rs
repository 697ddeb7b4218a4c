//! "These are all" and "there is none": what a proof of completeness has proved, in words.

use super::Doubt;
use super::witnesses::Witnesses;
use crate::screen::count;
use leaf::{Answered, IndexProof, Proved};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use tlog::{ProofFile, VerifierKey};

/// Whether a proof file answers a question about the index and is no receipt.
pub(super) fn is_one(file: &ProofFile) -> bool {
    file.extra().is_some_and(IndexProof::is_in)
}

/// Whether it holds.
///
/// # Errors
/// The first thing that does not.
pub(super) fn check(file: &ProofFile, origin: &str, keys: &[VerifierKey]) -> Result<Proved, Doubt> {
    IndexProof::open(file, origin, keys).map_err(|error| Doubt::new(error.code(), error))
}

/// The answer for one file.
pub(super) fn words(path: &Path, proved: &Proved, witnesses: &Witnesses) -> String {
    let mut out = format!("✓ {}：属实。\n", path.display());
    let _ = writeln!(
        out,
        "  公开日志 {} 签名认可的{}条陈述里（最后一条是索引，涵盖它之前的{}条）：",
        proved.checkpoint.origin(),
        count(proved.checkpoint.size()),
        count(proved.before.unsigned_abs()),
    );
    let _ = match &proved.answered {
        Answered::Absent(name) => writeln!(out, "    没有名为 {name} 的记录串，一条也没有。"),
        Answered::Page {
            name,
            count: all,
            from,
            leaves,
            ..
        } => writeln!(
            out,
            "    记录串 {name} 一共{all}条；文件里是其中第{}条到第{}条，中间没有漏掉任何一条。",
            from.saturating_add(1),
            from.saturating_add(i64::try_from(leaves.len()).unwrap_or(i64::MAX)),
        ),
        Answered::Below(prefix, streams) => {
            let _ = writeln!(
                out,
                "    名称以 {prefix} 开头的记录串一共{}个：",
                streams.len()
            );
            for (name, all, _) in streams {
                let _ = writeln!(out, "      {name}  {all}条");
            }
            Ok(())
        }
    };
    let _ = writeln!(out, "  {}", witnesses.words());
    out.push_str(
        "  已证明：截至这个检查点，不多也不少；少列一条、多列一条或换掉一条都无法通过核对。\n\
         \x20 未证明：此后新增的记录（请用更新的检查点再查）；日志是否对所有人都相同（请保存检查点并与他人比对）。\n",
    );
    out
}

/// The answer for one file, for machines.
pub(super) fn as_json(file: &str, proved: &Proved, witnesses: &Witnesses) -> serde_json::Value {
    let answer = match &proved.answered {
        Answered::Absent(name) => json!({ "absent": name }),
        Answered::Page {
            name,
            count,
            from,
            leaves,
            ..
        } => json!({
            "stream": name, "count": count, "from": from,
            "leaves": leaves.iter().map(|leaf| leaf.index).collect::<Vec<i64>>(),
        }),
        Answered::Below(prefix, streams) => json!({
            "prefix": prefix,
            "streams": streams.iter().map(|(name, count, _)| json!({ "stream": name, "count": count }))
                .collect::<Vec<_>>(),
        }),
    };
    json!({
        "file": file,
        "ok": true,
        "witnesses": witnesses.code(),
        "origin": proved.checkpoint.origin(),
        "size": proved.checkpoint.size(),
        "covers": proved.before,
        "answer": answer,
    })
}
