//! Lists of the register, of an organisation's days, of its imports, and of the house's users.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{
    Audience, Column, Filter, How, Kind, List, Part, Question, Scope, Source, nowhere,
};
use super::open;
use super::value::{Row, Tally, Value};
use crate::answer::Answer;
use crate::query::page_of;
use crate::query::words::{channel, channels, import_state, import_states};
use crate::view::ImportRunLine;
use crate::{App, AppError};
use db::Session;
use domain::parties::OrganisationKind;
use domain::parties::register::{Item, Standing};
use domain::{Sentence, say};
use kernel::Day;
use store::parties::{OrganisationFilter, OrganisationRecord};
use store::search::normalise;

/// 〔慈善组织〕
pub(super) static ALL: List = List {
    name: "organisations",
    title: "慈善组织",
    about: "登记簿里的全部组织，按名称的拼音排列。",
    path: "/organisations",
    columns: &[
        Column::new(
            "organisation",
            "名称",
            Kind::Link,
            "登记的名称，打开可看收支和活动。",
        )
        .sortable(),
        Column::new("kind", "类型", Kind::Code, "法人的类型。"),
        Column::new(
            "uscc",
            "统一代码",
            Kind::Text,
            "统一社会信用代码；来源没有给出时为空。",
        ),
        Column::new(
            "grade",
            "评估等级",
            Kind::Code,
            "登记簿里今天有效的评估等级；没有时为空。",
        ),
        Column::new("source", "来源", Kind::Text, "这一行来自哪个登记簿。"),
    ],
    filters: &[
        Filter::new("name", "名称", "organisation", How::Contains),
        Filter::new("kind", "类型", "kind", How::Choice(kinds)),
        Filter::new("grade", "评估等级", "grade", How::Choice(grades)),
    ],
    order: "organisation",
    ledger: None,
    audience: Audience::Public,
    open: open::house,
    source: Source::Walked(organisations, organisations_tally),
};

/// 〔按日收款〕
pub(super) static DAYS: List = List {
    name: "days-of-organisation",
    title: "按日收款",
    about: "这个组织每天各渠道收到的捐款，后来的更正不改这里的数。",
    path: "/organisations/{id}/days",
    columns: &[
        Column::new(
            "day",
            "日期",
            Kind::Link,
            "到账的北京日期，打开可看当日每一笔。",
        )
        .sortable(),
        Column::new("channel", "方式", Kind::Code, "钱是怎样来的。"),
        Column::new("gifts", "笔数", Kind::Count, "收到多少笔。")
            .sortable()
            .summed(),
        Column::new("amount", "金额", Kind::Fen, "收到多少钱。")
            .sortable()
            .summed(),
        Column::new("date", "日", Kind::Day, "同“日期”，供筛选和计算。").file_only(),
    ],
    filters: &[
        Filter::new("channel", "方式", "channel", How::Choice(channels)),
        Filter::new("from", "从哪天", "date", How::DayFrom),
        Filter::new("to", "到哪天", "date", How::DayTo),
        Filter::new("least", "金额不少于", "amount", How::AmountLeast),
        Filter::new("most", "金额不多于", "amount", How::AmountMost),
    ],
    order: "-day",
    ledger: None,
    audience: Audience::Public,
    open: open::organisation,
    source: Source::Whole(days),
};

/// 〔导入批次〕
pub(super) static IMPORTS: List = List {
    name: "imports",
    title: "导入批次",
    about: "本单位导入过的文件，每个各有多少行、多少钱被接受和退回。",
    path: "/desk/organisations/{organisation}/imports",
    columns: &[
        Column::new(
            "number",
            "批次",
            Kind::Number,
            "导入的编号；打开可以入账、撤销或下载退回的行。",
        ),
        Column::new("file", "文件", Kind::Text, "文件的名称。").sortable(),
        Column::new("layout", "表格种类", Kind::Code, "按哪一种表格读的。"),
        Column::new("state", "状态", Kind::Code, "办到了哪一步。"),
        Column::new("rows", "行数", Kind::Count, "文件有多少行。")
            .sortable()
            .summed(),
        Column::new("accepted", "接受", Kind::Count, "接受了多少行。").summed(),
        Column::new("rejected", "退回行数", Kind::Count, "退回了多少行。")
            .sortable()
            .summed(),
        Column::new("amount", "金额", Kind::Fen, "文件里的钱合计。")
            .sortable()
            .summed(),
        Column::new("amount_accepted", "接受金额", Kind::Fen, "接受的钱合计。").summed(),
        Column::new("amount_rejected", "退回金额", Kind::Fen, "退回的钱合计。").summed(),
        Column::new("at", "时间", Kind::Moment, "预检的时间。").sortable(),
    ],
    filters: &[
        Filter::new("file", "文件名", "file", How::Contains),
        Filter::new("state", "状态", "state", How::Choice(import_states)),
        Filter::new("from", "从哪天", "at", How::DayFrom),
        Filter::new("to", "到哪天", "at", How::DayTo),
    ],
    order: "-at",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Whole(imports),
};

/// 〔用户〕
pub(super) static USERS: List = List {
    name: "users",
    title: "用户",
    about: "能登录的人和他们的角色。",
    path: "/desk/users",
    columns: &[
        Column::new("login", "登录名", Kind::Text, "登录时填的名字。").sortable(),
        Column::new("name", "姓名", Kind::Text, "同事看到的姓名。").sortable(),
        Column::new("roles", "角色", Kind::Text, "现在有效的角色和单位。"),
    ],
    filters: &[
        Filter::new("login", "登录名", "login", How::Contains),
        Filter::new("name", "姓名", "name", How::Contains),
        Filter::new("role", "角色或单位", "roles", How::Contains),
    ],
    order: "login",
    ledger: None,
    audience: Audience::Desk,
    open: open::users,
    source: Source::Whole(users),
};

fn kinds() -> Vec<(String, String)> {
    let pair = |kind: &OrganisationKind| (kind.code().to_string(), kind.title().to_string());
    OrganisationKind::ALL.iter().map(pair).collect()
}

fn grades() -> Vec<(String, String)> {
    let grade = |standing: &Standing| (standing.code().to_string(), standing.title().to_string());
    GRADES.iter().map(grade).collect()
}

/// The grades that may count, the best first.
const GRADES: [Standing; 5] = [
    Standing::FiveA,
    Standing::FourA,
    Standing::ThreeA,
    Standing::TwoA,
    Standing::OneA,
];

/// The filter with the name as it is searched, which the caller keeps.
fn filter<'a>(app: &App, q: &'a Question<'a>, name: &'a Option<String>) -> OrganisationFilter<'a> {
    let grade = q.asked.text(&ALL, "grade");
    OrganisationFilter {
        grade: grade.map(|grade| (grade, app.now().day())),
        name: name.as_deref(),
        kind: q.asked.text(&ALL, "kind"),
        source: None,
    }
}

/// A name of blanks and points only narrows nothing.
fn name(q: &Question<'_>) -> Option<String> {
    let name = q.asked.text(&ALL, "name").map(normalise);
    name.filter(|name| !name.is_empty())
}

fn organisations<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let wrong = || AppError::NotFound("翻页标记对应的位置");
        let descending = q.asked.order.descending;
        let (sort_key, id) = match q.place {
            None if descending => ("\u{10FFFF}".to_string(), i64::MAX),
            None => (String::new(), 0),
            Some(text) => {
                let (id, key) = text.split_once(' ').ok_or_else(wrong)?;
                (key.to_string(), id.parse().map_err(|_| wrong())?)
            }
        };
        let name = name(&q);
        let filter = filter(app, &q, &name);
        let (after, limit) = ((sort_key.as_str(), id), q.limit.saturating_add(1));
        let found = if descending {
            store::parties::organisations_listed_down(session, &filter, after, limit).await?
        } else {
            store::parties::organisations_listed(session, &filter, after, limit).await?
        };
        let (found, more) = page_of(found, q.limit);
        let last = found.last().filter(|_| more);
        let next = last.map(|row| format!("{} {}", row.id.raw(), row.sort_key));
        let ids: Vec<i64> = found.iter().map(|row| row.id.raw()).collect();
        let registers = store::parties::grades_of(session, &ids).await?;
        let today = app.now().day();
        let grade = |row: &OrganisationRecord| {
            let register = registers.get(&row.id.raw())?;
            let grade = register.standing(Item::Grade, today)?;
            (grade != Standing::GradeEnded).then_some(grade)
        };
        let rows = found
            .iter()
            .map(|row| organisation_row(app, row, grade(row)));
        let rows = rows.collect();
        Ok(Part { rows, next })
    })
}

fn organisation_row(app: &App, row: &OrganisationRecord, grade: Option<Standing>) -> Row {
    let key = app.print(row.id);
    let link = crate::view::Link {
        id: key.clone(),
        title: row.name.clone(),
    };
    let cells = vec![
        Value::link("organisations", link),
        Value::code(row.kind.code(), row.kind.title()),
        Value::text(row.uscc.clone().unwrap_or_default()),
        grade.map_or_else(
            || Value::Empty,
            |grade| Value::code(grade.code(), grade.title()),
        ),
        Value::said(Sentence::known(&row.source)),
    ];
    Row { cells, key }
}

fn organisations_tally<'a>(
    app: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let name = name(&q);
        let filter = filter(app, &q, &name);
        let limit = q.limit.saturating_add(1);
        let rows = store::parties::organisations_tally(session, &filter, limit).await?;
        let sums = Vec::new();
        Ok((rows <= q.limit).then_some(Tally { rows, sums }))
    })
}

fn days<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let most = WHOLE_ROWS_MAX + 1;
        let found = store::fundraising::channels_of_days(session, *id, most).await?;
        let organisation = app.print(*id);
        let row = |(number, sums): (i64, store::fundraising::ChannelDay)| {
            let day = Day::from_number(i32::try_from(number).ok()?);
            let link = crate::view::Link {
                id: day.to_string(),
                title: day.to_string(),
            };
            let cells = vec![
                Value::link(&format!("organisations/{organisation}/days"), link),
                Value::code(&sums.channel, channel(&sums.channel)),
                Value::Count(sums.gifts),
                Value::Fen(sums.amount),
                Value::Day(day),
            ];
            let key = format!("{day} {}", sums.channel);
            Some(Row { cells, key })
        };
        Ok(found.into_iter().filter_map(row).collect())
    })
}

fn imports<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let Scope::Organisation(id) = q.scope else {
            return Err(nowhere());
        };
        let most = WHOLE_ROWS_MAX + 1;
        let found = store::exchange::import_runs_of_organisation(session, *id, most).await?;
        let row = |run: &store::exchange::ImportRunRecord| {
            import_row(
                app.import_line(run),
                &run.layout,
                Value::Moment(run.staged_at),
            )
        };
        Ok(found.iter().map(row).collect())
    })
}

fn import_row(line: ImportRunLine, layout: &str, at: Value) -> Row {
    let cells = vec![
        Value::number("desk/imports", line.id.clone()),
        Value::text(line.file),
        Value::code(layout, line.layout),
        Value::code(&line.state, import_state(&line.state)),
        Value::Count(line.rows),
        Value::Count(line.accepted),
        Value::Count(line.rejected),
        Value::Fen(line.amount),
        Value::Fen(line.amount_accepted),
        Value::Fen(line.amount_rejected),
        at,
    ];
    Row {
        cells,
        key: line.id,
    }
}

fn users<'a>(app: &'a App, session: &'a mut Session, _: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let lines = app.user_lines(session).await?;
        let row = |line: crate::view::UserLine| Row {
            key: line.login.clone(),
            cells: vec![
                Value::text(line.login),
                Value::text(line.name),
                Value::said(said_roles(line.roles)),
            ],
        };
        Ok(lines.into_iter().map(row).collect())
    })
}

/// All roles of a user in one cell.
fn said_roles(parts: Vec<Sentence>) -> Sentence {
    say!(
        "{roles}",
        roles = domain::sentence::Value::Several(parts, "；")
    )
}
