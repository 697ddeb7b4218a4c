//! Lists of the log: its leaves and its checkpoints.

use super::meta::{Audience, Column, Kind, List, Part, Question, Source};
use super::open;
use super::value::{Row, Tally, Value};
use crate::answer::Answer;
use crate::query::transparency::ANY_BYTES;
use crate::query::{cursor, page_of};
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::Session;
use leaf::LeafTime;

/// 〔日志条目〕
pub(super) static LEAVES: List = List {
    name: "leaves",
    title: "日志条目",
    about: "公开日志的每一条，只增不改。",
    path: "/log/entries",
    columns: &[
        Column::new(
            "index",
            "序号",
            Kind::Number,
            "在日志里的位置，从0数起；打开可看原文。",
        )
        .sortable(),
        Column::new("kind", "类别", Kind::Code, "这一条记载什么事。"),
        Column::new("about", "编号", Kind::Text, "这一条说的是哪个编号。"),
        Column::new("time", "时间", Kind::Moment, "这一条写进日志的时间。"),
        Column::new(
            "hash",
            "摘要",
            Kind::Text,
            "原文的 SHA-256 叶摘要，Base64。",
        ),
    ],
    filters: &[],
    order: "-index",
    ledger: None,
    audience: Audience::Public,
    open: open::log,
    source: Source::Walked(leaves, leaves_tally),
};

/// 〔检查点〕
pub(super) static CHECKPOINTS: List = List {
    name: "checkpoints",
    title: "检查点",
    about: "公开日志每一次签名的检查点。",
    path: "/log/checkpoints",
    columns: &[
        Column::new("size", "条数", Kind::Count, "签名时日志有多少条。").sortable(),
        Column::new("root", "根摘要", Kind::Text, "这么多条的根摘要，Base64。"),
        Column::new("signed_at", "签名时间", Kind::Moment, "签名的时间。"),
    ],
    filters: &[],
    order: "-size",
    ledger: None,
    audience: Audience::Public,
    open: open::log,
    source: Source::Walked(checkpoints, checkpoints_tally),
};

/// A natural person's gift shows its day only.
fn time(time: LeafTime) -> Value {
    match time {
        LeafTime::Day(day) => Value::Day(day),
        LeafTime::Second(moment) => Value::Moment(moment),
    }
}

/// The number behind which a walk goes on.
fn behind(q: &Question<'_>) -> Result<i64, AppError> {
    match q.place {
        Some(text) => cursor::numbers::<1>(text).map(|[at]| at),
        None if q.asked.order.descending => Ok(i64::MAX),
        None => Ok(-1),
    }
}

fn leaves<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let (sign, behind) = (q.asked.order.sign(), behind(&q)?);
        let limit = q.limit.saturating_add(1);
        let found = store::transparency::leaves_behind(session, sign, behind, limit).await?;
        let (found, more) = page_of(found, q.limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|leaf| leaf.index.to_string());
        let mut rows = Vec::with_capacity(found.len());
        for leaf in found {
            let [kind, about, time] = match app.stated(leaf.index, &leaf.bytes)? {
                Some(stated) => [
                    Value::code(stated.kind.code(), stated.kind.title()),
                    Value::text(stated.id),
                    time(stated.time),
                ],
                None => [Value::code("any", ANY_BYTES), Value::Empty, Value::Empty],
            };
            let cells = vec![
                Value::number("log/leaves", leaf.index.to_string()),
                kind,
                about,
                time,
                Value::Text(STANDARD.encode(leaf.hash)),
            ];
            let key = leaf.index.to_string();
            rows.push(Row { cells, key });
        }
        Ok(Part { rows, next })
    })
}

fn leaves_tally<'a>(
    _: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let rows = store::transparency::leaf_count(session).await?;
        let sums = Vec::new();
        Ok((rows <= q.limit).then_some(Tally { rows, sums }))
    })
}

fn checkpoints<'a>(_: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let (sign, behind) = (q.asked.order.sign(), behind(&q)?);
        let limit = q.limit.saturating_add(1);
        let found = store::transparency::checkpoints_behind(session, sign, behind, limit).await?;
        let (found, more) = page_of(found, q.limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|one| one.size.to_string());
        let row = |one: &store::transparency::CheckpointRecord| Row {
            cells: vec![
                Value::Count(one.size),
                Value::Text(STANDARD.encode(one.root)),
                Value::Moment(one.signed_at),
            ],
            key: one.size.to_string(),
        };
        let rows = found.iter().map(row).collect();
        Ok(Part { rows, next })
    })
}

fn checkpoints_tally<'a>(
    _: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let limit = q.limit.saturating_add(1);
        let rows = store::transparency::checkpoints_counted(session, limit).await?;
        let sums = Vec::new();
        Ok((rows <= q.limit).then_some(Tally { rows, sums }))
    })
}
