//! What an audit concludes from what it has met: only what was really recomputed is said to be checked.

use super::Before;
use super::report::{Conclusion, Totals};
use super::walk::{Depth, Task, Walked};
use crate::screen::count;
use leaf::Finding;
use std::collections::BTreeMap;
use tlog::Edge;

/// Codes of findings that one leaf shows by itself; all others rest on the leaves before it as well.
const OF_ONE_LEAF: [&str; 2] = ["leaf.", "json."];
/// Codes that are named among those that may follow from a changed leaf.
const CODES_NAMED: usize = 8;

/// The conclusion. `is_signed`: whether a believed key has signed the checkpoint.
pub(super) fn conclude(
    task: Task<'_>,
    before: Before,
    mut walked: Walked,
    (speed, is_signed): (u64, bool),
) -> Conclusion {
    let Before {
        mut wrong,
        mut checked,
        mut unchecked,
    } = before;
    let following = take_following(&mut walked);
    let found = (wrong.len() as u64)
        .saturating_add(walked.count)
        .saturating_add(walked.report.found);
    wrong.append(&mut walked.wrong);
    wrong.append(&mut walked.report.findings);
    // What concerns one leaf stands together, whichever check it came from.
    wrong.sort_by_key(|finding| (finding.index.is_none(), finding.index));
    checked.push(recomputed(&walked));
    unchecked.append(&mut walked.unchecked);
    unchecked.extend(following);
    let mut totals = match walked.read_until {
        Some(until) => Totals::UpTo(until),
        None => Totals::Whole,
    };
    match task.depth {
        Depth::Statements if walked.report.is_test => {
            unchecked.append(&mut walked.report.unchecked);
        }
        Depth::Statements => of_statements(&mut walked, (&mut checked, &mut unchecked)),
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
    let mut organisations = walked.report.organisations;
    if !is_signed && !organisations.is_empty() {
        organisations.clear();
        totals = Totals::Unsigned;
    }
    Conclusion {
        subject: format!("日志 {}", task.checkpoint.origin()),
        checked,
        wrong,
        found,
        unchecked,
        leaves: walked.hashed,
        bytes: walked.bytes,
        speed,
        organisations,
        totals,
    }
}

/// What was hashed and compared, and nothing else.
fn recomputed(walked: &Walked) -> String {
    let (leaves, tiles) = (count(walked.hashed), count(walked.tiles));
    match walked.leaves == walked.hashed && walked.is_rooted {
        true => format!("重算了{leaves}条陈述的摘要、{tiles}块瓦片和整棵树的根"),
        false => format!("重算了{leaves}条陈述的摘要、{tiles}块瓦片"),
    }
}

fn of_statements(walked: &mut Walked, (checked, unchecked): (&mut Vec<String>, &mut Vec<String>)) {
    let which = match walked.read_until {
        Some(until) => format!("第{until}条以前的陈述里，"),
        None => String::new(),
    };
    if walked.read_until != Some(0) {
        checked.push(format!(
            "{which}{}个序列的编号、每项资金的收支首尾相接、资金等于存放处",
            count(walked.report.streams)
        ));
    }
    if walked.report.sm3_roots > 0 {
        checked.push(format!(
            "{}条国密摘要根由陈述重算无误",
            count(walked.report.sm3_roots)
        ));
    }
    unchecked.append(&mut walked.report.unchecked);
}

/// Takes away what may only follow from leaves that were changed on the way: the signed root says that the served leaf is
/// not the true one, so whatever is computed from it comes out wrong. What is said in its place.
fn take_following(walked: &mut Walked) -> Option<String> {
    let changed = walked.changed_from?;
    let report = &mut walked.report;
    let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
    report.findings.retain(|finding| {
        let follows = is_later(finding, changed);
        if follows {
            let known = codes.entry(finding.code).or_default();
            *known = known.saturating_add(1);
        }
        !follows
    });
    // Beyond what is kept nobody knows of which kind a finding is; the first ones say it.
    let left = report.findings.len() as u64;
    let following = report.found.saturating_sub(left);
    report.found = left;
    if following == 0 {
        return None;
    }
    let named: Vec<String> = codes
        .iter()
        .take(CODES_NAMED)
        .map(|(code, times)| format!("{code} {times}处"))
        .collect();
    Some(format!(
        "第{changed}条已被改动，由它推算的{}处也对不上（{}），没有逐处列出；换上完好的文件再核对一次，就知道还有没有别的问题",
        count(following),
        named.join("、")
    ))
}

fn is_later(finding: &Finding, changed: u64) -> bool {
    let is_behind = finding.index.is_none_or(|index| index > changed);
    is_behind && !OF_ONE_LEAF.iter().any(|own| finding.code.starts_with(own))
}
