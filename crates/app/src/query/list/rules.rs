//! The list of the rules of the law, as of a day.

use super::meta::{Audience, Column, Filter, How, Kind, List, Question, Source};
use super::open;
use super::value::{Row, Value};
use crate::App;
use crate::answer::Answer;
use crate::query::oversight::rule::{binds, enforcements, found, groups, line, regions, statuses};
use crate::view::{Coded, RuleLine};
use db::Session;
use domain::Sentence;
use domain::say;
use domain::sentence::Value as Words;
use kernel::Day;

/// 〔规则库〕
pub(super) static ALL: List = List {
    name: "rules",
    title: "规则库",
    about: "本平台依据的法律规则：每条写明依据、数值、约束谁、核对得怎样、程序实际做什么；规则用中文写成，办事以法规原文为准。",
    path: "/rules",
    columns: &[
        Column::new(
            "id",
            "编号",
            Kind::Number,
            "规则的固定编号；打开是它的全文、沿革和期限。",
        )
        .sortable(),
        Column::new("title", "规则", Kind::Link, "规则的简称。").chinese(),
        Column::new("source", "依据", Kind::Text, "写有这条规则的法规和条文。").chinese(),
        Column::new("who", "约束谁", Kind::Text, "必须遵守它的人和单位。"),
        Column::new(
            "enforced",
            "实际效力",
            Kind::Code,
            "程序检查到违反时实际怎样处理；没有核对原文的只提示。",
        )
        .sortable(),
        Column::new("status", "核对情况", Kind::Code, "原文核对到什么程度。").sortable(),
        Column::new("region", "适用地域", Kind::Code, "在哪里适用。").file_only(),
        Column::new("group", "类别", Kind::Code, "属于哪一类。").file_only(),
        Column::new(
            "since",
            "施行",
            Kind::Text,
            "从哪天起施行；只读到年份的写年份，没有读到的为空。",
        )
        .file_only(),
        Column::new(
            "until",
            "失效",
            Kind::Day,
            "这个版本施行的最后一天；还在施行的为空。",
        )
        .file_only(),
        Column::new(
            "severity",
            "规定的效力",
            Kind::Code,
            "核对原文以后，违反它会怎样。",
        )
        .file_only(),
        Column::new(
            "text",
            "内容",
            Kind::Text,
            "规则说什么、要做什么，用我们自己的话写成。",
        )
        .chinese()
        .file_only(),
        Column::new(
            "bound",
            "约束者代码",
            Kind::Text,
            "约束谁，用代码写，空格隔开。",
        )
        .file_only(),
        Column::new(
            "rank",
            "名次",
            Kind::Count,
            "搜索时最相符的是1；没有搜索时是在规则库里的次序。",
        )
        .sortable()
        .file_only(),
    ],
    filters: &[
        Filter::new("q", "按问题、条文、编号或拼音查规则", "title", How::Search),
        Filter::new("group", "类别", "group", How::Choice(groups)),
        Filter::new("binds", "约束谁", "bound", How::Among(binds)),
        Filter::new(
            "enforced",
            "实际效力",
            "enforced",
            How::Choice(enforcements),
        ),
        Filter::new("status", "核对情况", "status", How::Choice(statuses)),
        Filter::new("region", "适用地域", "region", How::Choice(regions)),
        Filter::new("on", "哪天施行的规则（不填就是今天）", "since", How::AsOf),
    ],
    order: "rank",
    ledger: None,
    audience: Audience::Public,
    open: open::house,
    source: Source::Whole(rules),
};

fn rules<'a>(app: &'a App, _: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    let asked = q.asked.day(&ALL, "on");
    let on = asked.unwrap_or_else(|| app.now().day());
    let all = found(q.asked.text(&ALL, "q"), on);
    let rows = (1_i64..)
        .zip(all)
        .map(|(rank, rule)| row(rank, &line(rule, on), asked));
    let rows = rows.collect();
    Box::pin(async move { Ok(rows) })
}

fn row(rank: i64, line: &RuleLine, on: Option<Day>) -> Row {
    let path = line.path(on.map(|day| day.to_string()).as_deref());
    let code = |coded: &Coded| Value::code(&coded.code, coded.title.clone());
    let names = line.binds.iter().map(|who| Sentence::known(&who.title));
    let codes: Vec<&str> = line.binds.iter().map(|who| who.code.as_str()).collect();
    let until = line.until.as_deref().and_then(|day| Day::parse(day).ok());
    let cells = vec![
        Value::Number {
            path: path.clone(),
            id: line.id.clone(),
        },
        Value::Link {
            path,
            id: line.id.clone(),
            title: line.title.clone(),
        },
        Value::text(line.sources.join("；")),
        Value::said(say!("{who}", who = Words::Several(names.collect(), "、"))),
        code(&line.enforced),
        code(&line.status),
        code(&line.region),
        code(&line.group),
        Value::text(line.from.clone().unwrap_or_default()),
        until.map_or(Value::Empty, Value::Day),
        code(&line.severity),
        Value::text(line.text.clone()),
        Value::text(codes.join(" ")),
        Value::Count(rank),
    ];
    let key = format!("{} {} {}", line.id, line.region.code, line.since);
    Row { cells, key }
}
