//! The page that lists every rule, made from the book, so that it cannot say anything else.

use rulebook::{Group, Number, Origin, Rule, Rulebook, Start};
use std::fmt::Write as _;

const HEAD: &str = "\
# 法规

本页列出规则库（`data/rules/`，程序里的 `rulebook`）收入的全部规则。每条规则用自己的话写成，写明依据、施行期间、适用地域、约束谁、数值和核对情况；\
办理事项以法规原文为准。

- **核对情况**：已核对原文；据转述核对；未核对的再分把握较大、一般、较小。把握一般和较小的，以及本系统自定的数值，只作提示，不会阻止任何操作。
- **效力**：记录；提示；须说明理由并公开；禁止。表里写的是核对后实际执行的效力。
- **沿革**：同一编号有几行的，是先后施行或者各地不同的版本。2025 年度的报告按 2025 年的数字判断。
- 本页由程序生成，改数据以后运行 `cargo run -p rulebook --example page`；测试会比对。
";

/// The whole page.
pub(crate) fn page(book: &Rulebook) -> String {
    let mut text = HEAD.to_owned();
    let versions = book.rules().len();
    let (rules, laws) = (book.ids().count(), book.laws().len());
    let deadlines = book.deadlines().len();
    let _ = write!(
        text,
        "\n共 {rules} 条规则、{versions} 个版本，依据 {laws} 部法规和标准，{deadlines} 项期限。\n"
    );
    for group in Group::ALL {
        let _ = write!(text, "\n## {} {}\n\n", group.code(), group.title());
        text.push_str(
            "| 编号 | 规则 | 依据 | 施行 | 数值 | 效力 | 核对 |\n|---|---|---|---|---|---|---|\n",
        );
        for rule in book.rules().iter().filter(|rule| rule.id.group() == group) {
            row(&mut text, book, rule);
        }
    }
    text.push_str("\n## 期限\n\n| 起算 | 要做什么 | 规则 | 谁承担 |\n|---|---|---|---|\n");
    for deadline in book.deadlines() {
        let owes: Vec<&str> = deadline.owes.iter().map(|who| who.title()).collect();
        let (since, duty, rule) = (&deadline.since, &deadline.duty, deadline.rule);
        let _ = writeln!(text, "| {since} | {duty} | {rule} | {} |", owes.join("、"));
    }
    text.push_str(
        "\n## 依据的法规和标准\n\n| 简称 | 名称 | 文号 | 施行 | 说明 |\n|---|---|---|---|---|\n",
    );
    for law in book.laws() {
        let number = law.number.as_deref().unwrap_or_default();
        let note = law.note.as_deref().unwrap_or_default();
        let time = time(law.start, law.end);
        let _ = writeln!(
            text,
            "| {} | {} | {number} | {time} | {note} |",
            law.key, law.title
        );
    }
    text.push_str("\n## 在哪里读到\n\n| 编号 | 读到什么 | 出处 |\n|---|---|---|\n");
    for reading in book.readings() {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            reading.key, reading.what, reading.place
        );
    }
    text
}

fn row(text: &mut String, book: &Rulebook, rule: &Rule) {
    let sources: Vec<String> = rule
        .sources
        .iter()
        .map(|source| book.cite(source))
        .collect();
    let binds: Vec<&str> = rule.binds.iter().map(|who| who.title()).collect();
    let numbers: Vec<String> = rule.numbers.iter().map(number).collect();
    // The day on which the version is the newest it will be: what holds now, or held last.
    let on = rule.end.or_else(|| {
        let year = match rule.start {
            Start::Year(year) => year.saturating_add(1),
            Start::On(day) => day.ymd().0,
            Start::Unread => 2026,
        };
        kernel::Day::from_ymd(year, 12, 31)
    });
    let severity = on.map_or(rule.severity, |on| rule.enforced(on));
    let mut status = rule.status.title().to_owned();
    if !rule.read.is_empty() {
        let _ = write!(status, "（{}）", rule.read.join("、"));
    }
    if let Some(note) = &rule.note {
        let _ = write!(status, "。{note}");
    }
    let place = match rule.jurisdiction {
        rulebook::Jurisdiction::Nation => String::new(),
        place => format!("（区划 {place}）"),
    };
    let _ = writeln!(
        text,
        "| {} | **{}**{place}<br>{}<br>约束：{} | {} | {} | {} | {} | {status} |",
        rule.id,
        rule.title,
        rule.text,
        binds.join("、"),
        sources.join("<br>"),
        time(rule.start, rule.end),
        numbers.join("<br>"),
        severity.title(),
    );
}

fn number(number: &Number) -> String {
    let mut text = format!("{}：{}", number.title, number.quantity);
    match &number.origin {
        Origin::House => text.push_str("（本系统的服务标准）"),
        Origin::Cited(citation) => {
            let _ = write!(text, "（{citation}）");
        }
        Origin::Law => {}
    }
    if !number.status.may_block() {
        let _ = write!(text, "（{}）", number.status.title());
    }
    text
}

fn time(start: Start, end: Option<kernel::Day>) -> String {
    match end {
        None => match start {
            Start::On(day) => format!("{day} 起"),
            Start::Year(_) | Start::Unread => start.to_string(),
        },
        Some(end) => format!("{start} 至 {end}"),
    }
}
