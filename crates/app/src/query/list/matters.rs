//! Lists of matters: of an organisation, of an official's region by what presses most, and what is over on a day.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{
    Audience, Column, Filter, How, Kind, List, Opened, Question, Scope, Source, nowhere,
};
use super::open;
use super::value::{Row, Value};
use crate::answer::Answer;
use crate::oversight::calendar;
use crate::query::keys;
use crate::query::links::Names;
use crate::query::oversight::clock::{LIGHTS, light, nature, pressing};
use crate::query::oversight::matter::{is_handed_in, is_told, waits_for};
use crate::view::Link;
use crate::{App, AppError};
use db::Session;
use domain::identity::{Action, Actor, Denied, reach};
use domain::oversight::procedures::{PROCEDURES, is_of_office, roles};
use domain::{Sentence, say};
use kernel::Day;
use matter::{ClockStatus, Due, Light, Listed, Matter, OverdueLine};
use std::collections::{BTreeMap, BTreeSet};
use store::oversight::MatterRecord;

const MATTER: Column = Column::new(
    "matter",
    "编号",
    Kind::Number,
    "办件编号，打开可看经过和期限。",
);
const PROCEDURE: Column = Column::new("procedure", "事项", Kind::Code, "申请的是什么。").sortable();
const ORGANISATION: Column =
    Column::new("organisation", "申请单位", Kind::Link, "谁申请的。").sortable();
const STATE: Column = Column::new("state", "状态", Kind::Code, "现在办到哪一步。").sortable();
const LIGHT: Column = Column::new(
    "light",
    "亮灯",
    Kind::Code,
    "最紧的一个期限：红灯已超期，黄灯快到期，绿灯在期限内。",
);
const CLOCK: Column = Column::new("clock", "期限", Kind::Text, "最紧的是哪一个期限。");
const DUE: Column = Column::new(
    "due",
    "最后一日",
    Kind::Day,
    "最紧的期限的最后一日；放假安排未公布时是最早可能的日子，中止时为空。",
)
.sortable();
const WAITS: Column = Column::new("waits_for", "在谁手里", Kind::Text, "现在轮到谁办理。");
const OPENED: Column = Column::new("opened", "立项日期", Kind::Day, "开始填写的日期。").sortable();

/// 〔本单位的申请〕
pub(super) static OF_ORGANISATION: List = List {
    name: "matters-of-organisation",
    title: "我们的申请",
    about: "本单位向登记管理机关提出的申请，最新的在前。",
    path: "/desk/organisations/{organisation}/matters",
    columns: &[MATTER, PROCEDURE, STATE, LIGHT, CLOCK, DUE, WAITS, OPENED],
    filters: &[
        Filter::new("procedure", "事项", "procedure", How::Choice(procedures)),
        Filter::new("light", "亮灯", "light", How::Choice(lights)),
        Filter::new("from", "立项从哪天", "opened", How::DayFrom),
        Filter::new("to", "到哪天", "opened", How::DayTo),
    ],
    order: "-opened",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Whole(of_organisation),
};

/// 〔待办箱〕
pub(super) static OFFICE: List = List {
    name: "office",
    title: "机关待办",
    about: "管辖地区里没有办结的申请，按紧急程度排列：红灯、黄灯、绿灯、中止、待定。",
    path: "/desk/office",
    columns: &[
        Column::new("order", "次序", Kind::Count, "按紧急程度排的次序，1最急。").sortable(),
        MATTER,
        ORGANISATION,
        PROCEDURE,
        STATE,
        LIGHT,
        CLOCK,
        DUE,
        WAITS,
        OPENED,
    ],
    filters: &[
        Filter::new("procedure", "事项", "procedure", How::Choice(procedures)),
        Filter::new("light", "亮灯", "light", How::Choice(lights)),
        Filter::new("organisation", "申请单位", "organisation", How::Contains),
        Filter::new("waits", "在谁手里", "waits_for", How::Contains),
        Filter::new("from", "最后一日从", "due", How::DayFrom),
        Filter::new("to", "到", "due", How::DayTo),
    ],
    order: "order",
    ledger: None,
    audience: Audience::Desk,
    open: office,
    source: Source::Whole(inbox),
};

/// 〔超期清单〕
pub(super) static OVERDUE: List = List {
    name: "overdue",
    title: "超期清单",
    about: "某一天已经超期的期限，只看那一天以前的办理记录；不填日期就看今天。",
    path: "/desk/office/overdue",
    columns: &[
        DUE,
        MATTER,
        ORGANISATION,
        PROCEDURE,
        CLOCK,
        Column::new(
            "nature",
            "性质",
            Kind::Code,
            "法律规定的，还是本平台承诺的。",
        ),
        Column::new("owed_by", "该谁办", Kind::Text, "期限要求谁办理。"),
        Column::new(
            "days_over",
            "超期天数",
            Kind::Count,
            "超过最后一日的自然日数。",
        )
        .sortable(),
        Column::new(
            "working_days_over",
            "超期工作日",
            Kind::Count,
            "超过最后一日的工作日数；放假安排未公布时为空。",
        )
        .sortable(),
        Column::new("level", "已报告", Kind::Text, "超期后逐级报告到谁。"),
        Column::new("as_of", "截至", Kind::Day, "按哪一天计算。").file_only(),
    ],
    filters: &[
        Filter::new("day", "截至哪天", "as_of", How::DayFrom),
        Filter::new("procedure", "事项", "procedure", How::Choice(procedures)),
        Filter::new("organisation", "申请单位", "organisation", How::Contains),
    ],
    order: "due",
    ledger: None,
    audience: Audience::Desk,
    open: office,
    source: Source::Whole(overdue),
};

fn procedures() -> Vec<(String, String)> {
    let pair = |table: &&matter::Procedure| (table.name.to_string(), table.title.to_string());
    PROCEDURES.iter().map(pair).collect()
}

fn lights() -> Vec<(String, String)> {
    let pair = |(_, code, words): &(Light, &str, &str)| ((*code).into(), (*words).into());
    LIGHTS.iter().map(pair).collect()
}

/// Whoever has a region: officials and those who watch them.
fn office<'a>(_: &'a App, _: &'a mut Session, who: open::Who<'a>) -> Answer<'a, Opened> {
    Box::pin(async move {
        let ranges = ranges_of(who.0);
        if ranges.is_empty() {
            return Err(AppError::denied(Denied::NoRole(Action::MatterHandle)));
        }
        Ok(Opened {
            of: String::new(),
            back: Link {
                id: "/desk".into(),
                title: "工作台".into(),
            },
            scope: Scope::Regions(ranges),
            may: match reach(who.0, Action::MatterHandle).is_empty() {
                true => Vec::new(),
                false => vec!["matter_handle"],
            },
        })
    })
}

/// All codes of regions begin with one of these digits.
const WHOLE_COUNTRY: (&str, &str) = ("1", "9");

/// The ranges of region codes in which somebody reads matters.
fn ranges_of(actor: &Actor) -> Vec<(String, String)> {
    let reach = reach(actor, Action::MatterRead);
    if reach.all {
        let (from, to) = WHOLE_COUNTRY;
        return vec![(from.into(), to.into())];
    }
    reach
        .regions
        .iter()
        .map(kernel::RegionCode::range)
        .collect()
}

/// The matters of some ranges with their folds, each once: those that are open, and those that ended since then.
async fn read_open(
    session: &mut Session,
    q: Question<'_>,
    since: Option<Day>,
) -> Result<Vec<(MatterRecord, Matter)>, AppError> {
    let Scope::Regions(ranges) = q.scope else {
        return Err(nowhere());
    };
    let (mut known, mut records) = (BTreeSet::new(), Vec::new());
    for (from, to) in ranges {
        let limit = WHOLE_ROWS_MAX + 1;
        let found =
            store::oversight::matters_of_range(session, (from.as_str(), to.as_str()), limit)
                .await?;
        records.extend(
            found
                .into_iter()
                .filter(|record| known.insert(record.id.raw())),
        );
        if let Some(day) = since {
            let since = (day.start(), limit);
            let range = (from.as_str(), to.as_str());
            let ended = store::oversight::matters_ended_since(session, range, since).await?;
            records.extend(
                ended
                    .into_iter()
                    .filter(|record| known.insert(record.id.raw())),
            );
        }
    }
    let matters = store::oversight::matters_folded(session, &records).await?;
    let all = records.into_iter().zip(matters);
    let is_seen = |matter: &Matter| is_of_office(matter.procedure()) || is_handed_in(matter);
    Ok(all.filter(|(_, matter)| is_seen(matter)).collect())
}

/// The matters as the engine sorts them, and each by its key.
fn listed(
    open: &[(MatterRecord, Matter)],
) -> (Vec<Listed<'_>>, BTreeMap<i64, &(MatterRecord, Matter)>) {
    let listed = open.iter().map(|(record, matter)| Listed {
        id: record.id.raw(),
        matter,
    });
    let by_id = open.iter().map(|pair| (pair.0.id.raw(), pair));
    (listed.collect(), by_id.collect())
}

async fn names_of(session: &mut Session, records: &[MatterRecord]) -> Result<Names, AppError> {
    let organisations = keys(records.iter().map(|record| record.organisation.raw()));
    Ok(store::parties::organisation_names(session, &organisations).await?)
}

fn of_organisation<'a>(
    app: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let limit = WHOLE_ROWS_MAX + 1;
        let records = store::oversight::matters_of_organisation(session, *id, limit).await?;
        let matters = store::oversight::matters_folded(session, &records).await?;
        let today = app.now().day();
        let is_seen = |matter: &Matter| !is_of_office(matter.procedure()) || is_told(matter);
        let row = |(record, matter): (&MatterRecord, &Matter)| {
            let clock = pressing(matter, today);
            let mut cells = vec![number(app, record), procedure_cell(record), state(matter)];
            cells.extend(clock_cells(clock.as_ref()));
            cells.extend([waits(matter), Value::Day(record.opened_at.day())]);
            Row {
                cells,
                key: key(record),
            }
        };
        let both = records.iter().zip(&matters);
        Ok(both.filter(|pair| is_seen(pair.1)).map(row).collect())
    })
}

/// Newer matters have larger keys, also as texts.
fn key(record: &MatterRecord) -> String {
    format!("{:020}", record.id.raw())
}

fn number(app: &App, record: &MatterRecord) -> Value {
    Value::number("desk/matters", app.print(record.id))
}

fn procedure_cell(record: &MatterRecord) -> Value {
    Value::code(record.procedure.name, record.procedure.title)
}

fn state(matter: &Matter) -> Value {
    let state = matter.state();
    Value::code(
        crate::query::oversight::clock::phase(state.phase),
        state.title,
    )
}

fn waits(matter: &Matter) -> Value {
    let titles: Vec<Sentence> = waits_for(matter).into_iter().map(Sentence::from).collect();
    if titles.is_empty() {
        return Value::Empty;
    }
    Value::said(say!(
        "{parts}",
        parts = domain::sentence::Value::Several(titles, "、")
    ))
}

/// Light, title and last day of the clock that presses most.
fn clock_cells(status: Option<&ClockStatus>) -> [Value; 3] {
    let (code, words) = light(status.map_or(Light::Off, |status| status.light));
    let day = status.map(|status| match status.due {
        Due::On(day) => Value::Day(day),
        Due::Unknown { not_before, .. } => Value::Day(not_before),
        Due::Stopped { .. } => Value::Empty,
    });
    let title = status.map(|status| Value::said(status.run.clock.title.into()));
    [
        Value::code(code, words),
        title.unwrap_or(Value::Empty),
        day.unwrap_or(Value::Empty),
    ]
}

fn inbox<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let open = read_open(session, q, None).await?;
        let records: Vec<MatterRecord> = open.iter().map(|(record, _)| record.clone()).collect();
        let names = names_of(session, &records).await?;
        let (listed, by_id) = listed(&open);
        let today = app.now().day();
        let lines = matter::inbox(&listed, today, calendar()).map_err(AppError::internal)?;
        let row = |(n, line): (usize, matter::InboxLine)| {
            let (record, matter) = by_id.get(&line.id)?;
            let place = i64::try_from(n.saturating_add(1)).unwrap_or(i64::MAX);
            let mut cells = vec![
                Value::Count(place),
                number(app, record),
                Value::link("organisations", app.link(record.organisation, &names)),
                procedure_cell(record),
                state(matter),
            ];
            cells.extend(clock_cells(line.clock.as_ref()));
            cells.extend([waits(matter), Value::Day(record.opened_at.day())]);
            Some(Row {
                cells,
                key: key(record),
            })
        };
        Ok(lines.into_iter().enumerate().filter_map(row).collect())
    })
}

fn overdue<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let today = app.now().day();
        let asked = q.asked.day_of(&OVERDUE, "day");
        let day = asked.map_or(today, |day| day.min(today));
        let open = read_open(session, q, Some(day)).await?;
        let records: Vec<MatterRecord> = open.iter().map(|(record, _)| record.clone()).collect();
        let names = names_of(session, &records).await?;
        let (listed, by_id) = listed(&open);
        let report = matter::overdue(&listed, day, calendar()).map_err(AppError::internal)?;
        let row = |line: &OverdueLine| {
            let (record, _) = by_id.get(&line.id)?;
            Some(overdue_row(app, (record, line), (&names, day)))
        };
        Ok(report.lines.iter().filter_map(row).collect())
    })
}

fn overdue_row(
    app: &App,
    (record, line): (&MatterRecord, &OverdueLine),
    (names, day): (&Names, Day),
) -> Row {
    let clock = record.procedure.clock(line.clock);
    let level = line.level.map(|level| Value::said(level.title.into()));
    let code = match line.nature {
        matter::Nature::Statutory => "statutory",
        matter::Nature::Promised => "promised",
        matter::Nature::Waiting => "waiting",
    };
    let cells = vec![
        Value::Day(line.due),
        number(app, record),
        Value::link("organisations", app.link(record.organisation, names)),
        procedure_cell(record),
        clock.map_or(Value::Empty, |clock| Value::said(clock.title.into())),
        Value::code(code, nature(line.nature)),
        Value::said(roles::title_of(line.owed_by).into()),
        Value::Count(i64::from(line.days_over)),
        line.working_days_over
            .map_or(Value::Empty, |days| Value::Count(i64::from(days))),
        level.unwrap_or(Value::Empty),
        Value::Day(day),
    ];
    Row {
        cells,
        key: format!("{} {} {}", key(record), line.clock, line.run),
    }
}
