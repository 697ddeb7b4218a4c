//! What an import found and did, in words.

use crate::screen::{count, yuan};
use app::view::{ImportReport, ImportRunLine};

/// Rejected rows that are told on the screen; the rejects file has all of them.
const REJECTS_TOLD: usize = 20;

/// What a file holds.
pub(super) fn report(report: &ImportReport) -> String {
    let mut text = format!(
        "{}：{}行，接受{}行，未接受{}行\n",
        report.layout,
        number(report.rows),
        number(report.accepted),
        number(report.rejected)
    );
    if let Some(run) = &report.run {
        text.insert_str(0, &format!("{} ", run.file));
    }
    let (all, accepted, rejected) = report.amounts;
    if all != 0 {
        text.push_str(&format!(
            "  金额{}元 = 接受{}元 + 未接受{}元\n",
            yuan(all),
            yuan(accepted),
            yuan(rejected)
        ));
    }
    for (line, code, reason) in report.rejects.iter().take(REJECTS_TOLD) {
        text.push_str(&format!("  第{line}行 [{code}] {reason}\n"));
    }
    let told = i64::try_from(report.rejects.len().min(REJECTS_TOLD)).unwrap_or(i64::MAX);
    if report.rejected > told {
        text.push_str(&format!(
            "  另有{}行，请对这个文件用 --dry-run --rejects 退回.csv 查看\n",
            number(report.rejected - told)
        ));
    }
    for warning in &report.warnings {
        text.push_str(&format!("  注意：{warning}\n"));
    }
    if let Some(earlier) = &report.earlier {
        text.push_str(&format!("  这个文件以前导入过：{earlier}，没有重复导入\n"));
    }
    text
}

/// A run in one line.
pub(super) fn run(run: &ImportRunLine) -> String {
    let state = match run.state.as_str() {
        "staged" => "已暂存",
        "posting" => "入账未完",
        "posted" => "已入账",
        "undone" => "已撤销",
        other => other,
    };
    format!(
        "{} {state} {} {}：{}行，接受{}，未接受{}，入账{}\n",
        run.id,
        run.layout,
        run.file,
        number(run.rows),
        number(run.accepted),
        number(run.rejected),
        number(run.posted)
    )
}

fn number(rows: i64) -> String {
    count(u64::try_from(rows).unwrap_or_default())
}
