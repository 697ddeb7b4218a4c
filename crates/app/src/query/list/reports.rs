//! The annual reports of an organisation.

use super::meta::{Audience, Column, Filter, How, Kind, List, Question, Scope, Source, nowhere};
use super::open;
use super::value::{Row, Value};
use crate::answer::Answer;
use crate::query::oversight::report::report_state;
use crate::view::Link;
use crate::{App, AppError};
use db::Session;
use kernel::Day;

/// 〔年度报告〕
pub(super) static OF_ORGANISATION: List = List {
    name: "reports-of-organisation",
    title: "年度报告",
    about: "这个组织每一年的年度报告：什么时候应当公开，什么时候公开的。",
    path: "/organisations/{id}/reports",
    columns: &[
        Column::new(
            "year",
            "年度",
            Kind::Link,
            "报告的年份，公开了的打开可看全文。",
        )
        .sortable(),
        Column::new("state", "状态", Kind::Code, "是不是按时公开。"),
        Column::new("due", "公开期限", Kind::Day, "最晚公开的日期。").sortable(),
        Column::new("published", "公开日期", Kind::Day, "第一次公开的日期。").sortable(),
    ],
    filters: &[Filter::new("state", "状态", "state", How::Choice(states))],
    order: "-year",
    ledger: None,
    audience: Audience::Public,
    open: open::organisation,
    source: Source::Whole(reports),
};

fn states() -> Vec<(String, String)> {
    let pair = |code: &str| (code.to_owned(), report_state(code).to_owned());
    ["in_time", "late", "missing", "waiting"].map(pair).to_vec()
}

fn reports<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let years = app.years_of(session, *id).await?;
        let organisation = app.print(*id);
        let row = |line: crate::view::AnnualReportLine| {
            let link = Link {
                id: line.year.to_string(),
                title: line.year.to_string(),
            };
            let day = |text: &str| Day::parse(text).map(Value::Day).ok();
            let year = match line.published {
                Some(_) => Value::link(&format!("organisations/{organisation}/reports"), link),
                None => Value::text(link.title),
            };
            Row {
                key: line.year.to_string(),
                cells: vec![
                    year,
                    Value::code(&line.state, line.state_title),
                    day(&line.due).unwrap_or(Value::Empty),
                    line.published
                        .as_deref()
                        .and_then(day)
                        .unwrap_or(Value::Empty),
                ],
            }
        };
        let reports = app.reports_asked(session, *id, &years).await?;
        let lines = reports.iter().map(|report| app.annual_line(report));
        Ok::<_, AppError>(lines.map(row).collect())
    })
}
