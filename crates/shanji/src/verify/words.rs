//! What a receipt has proved, and what it has not, in plain Chinese.

use super::{Doubt, Judged, Proved, certificate, completeness};
use crate::screen::{count, yuan};
use leaf::{Json, Leaf, Move};
use std::fmt::Write as _;
use std::path::Path;

/// Longest word that is opened and shown, in bytes.
const SHOWN_BYTES: usize = 100_000;

/// The answer for one file.
pub(super) fn of(path: &Path, judged: &Result<Judged, Doubt>) -> String {
    match judged {
        Ok(Judged::Receipt(proved)) => proved_words(path, proved),
        Ok(Judged::Complete(proved, witnesses)) => completeness::words(path, proved, witnesses),
        Ok(Judged::Certificate(said)) => certificate::words(said),
        Err(doubt) if doubt.is_open => format!(
            "？ {}：没有核对成，不能说真，也不能说假。\n  原因：{} [{}]\n  核对成以前不要以此为凭。\n",
            path.display(),
            doubt.sentence,
            doubt.code
        ),
        Err(doubt) => format!(
            "✗ {}：不可信。\n  原因：{} [{}]\n  不要以此为凭；请向出具凭据的网站重新下载原始文件，仍不符时保存两份文件并联系监管部门。\n",
            path.display(),
            doubt.sentence,
            doubt.code
        ),
    }
}

fn proved_words(path: &Path, proved: &Proved) -> String {
    let mut out = String::new();
    let (leaf, checkpoint) = (&proved.leaf, &proved.checkpoint);
    let _ = writeln!(out, "✓ {}：属实。", path.display());
    let _ = writeln!(
        out,
        "  公开日志 {} 签名认可的{}条陈述中，第{}条（从0数起）就是这一条：",
        checkpoint.origin(),
        count(checkpoint.size()),
        proved.index
    );
    statement(&mut out, leaf);
    if !proved.opened.is_empty() {
        out.push_str(
            "  凭据打开的非公开内容（与日志里的承诺相符，除持有本文件的人外无人能读）：\n",
        );
        for (field, value) in &proved.opened {
            opened(&mut out, field, value);
        }
    }
    let _ = writeln!(out, "  {}", proved.witnesses.words());
    out.push_str(
        "  已证明：以上内容在日志签名时已经公开，此后一字未改；改动任何一个字节都无法通过核对。\n\
         \x20 未证明：款物实际是否如此收付（要靠银行对账和交付凭证）；此后的使用情况（请看凭据页或核对整个日志）；日志是否对所有人都相同（请保存检查点并与他人比对）。\n",
    );
    out
}

fn statement(out: &mut String, leaf: &Leaf) {
    let _ = writeln!(
        out,
        "    种类  {}（{}）",
        leaf.kind.title(),
        leaf.kind.code()
    );
    let _ = writeln!(out, "    编号  {}", leaf.id);
    if let Some(organisation) = &leaf.organisation {
        let _ = writeln!(out, "    组织  {organisation}");
    }
    let _ = writeln!(out, "    日期  {}（北京时间）", leaf.time.day());
    let is_money = leaf.kind != leaf::Kind::Goods;
    for movement in &leaf.moves {
        let _ = writeln!(out, "    {}", movement_words(movement, is_money));
    }
    if is_money && leaf.moves.len() > 1 {
        let sum = leaf
            .moves
            .iter()
            .fold(0_i64, |sum, m| sum.saturating_add(m.n));
        let _ = writeln!(out, "    合计  {} 元", yuan(sum));
    }
    for (key, value) in &leaf.data {
        let title = leaf::VOCABULARY
            .iter()
            .find(|word| word.key == key)
            .map_or(key.as_str(), |word| word.title);
        let _ = writeln!(out, "    {title}  {}", value_words(value));
    }
}

fn movement_words(movement: &Move, is_money: bool) -> String {
    let amount = if is_money {
        format!("{} 元", yuan(movement.n))
    } else {
        format!("{} 件", movement.n)
    };
    let side = |side: &leaf::FundSide| match side.span {
        Some((start, end)) => format!("{} 第{start}至{end}位", side.fund),
        None => side.fund.clone(),
    };
    match (&movement.from, &movement.to) {
        (None, Some(to)) => format!("金额  {amount}，记入资金 {}", side(to)),
        (Some(from), None) => format!("金额  {amount}，出自资金 {}", side(from)),
        (Some(from), Some(to)) => format!("金额  {amount}，由资金 {} 到 {}", side(from), side(to)),
        (None, None) => format!("金额  {amount}"),
    }
}

fn value_words(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        Json::Int(number) => number.to_string(),
        Json::Bool(true) => "是".to_owned(),
        Json::Bool(false) => "否".to_owned(),
        other => other
            .encode()
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default(),
    }
}

/// A value of several words is canonical JSON of them; any other value is one text.
fn opened(out: &mut String, field: &str, value: &str) {
    let words: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(value).ok();
    let Some(words) = words.filter(|_| value.len() <= SHOWN_BYTES) else {
        let shown: String = plain(value).chars().take(SHOWN_BYTES).collect();
        let _ = writeln!(out, "    {}  {shown}", title(field));
        return;
    };
    for (word, value) in &words {
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        let _ = writeln!(out, "    {}  {}", title(word), plain(&shown));
    }
}

/// Control characters would let a receipt write over what the terminal shows.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn title(word: &str) -> &str {
    match word {
        "donor" => "捐赠人",
        "gift" => "捐赠内容",
        "at" | "paid_at" => "支付时间",
        "message" => "留言",
        "contact" => "联系方式",
        "payment" => "支付单号",
        "payee" => "收款人",
        "purpose" => "用途",
        "reason" => "原因",
        "title" | "name" => "名称",
        "story" => "说明",
        other => other,
    }
}
