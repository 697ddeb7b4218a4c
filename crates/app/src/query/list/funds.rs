//! Lists of funds: all of an organisation, and its goods for the desk.

use super::limits::WHOLE_ROWS_MAX;
use super::meta::{Audience, Column, Filter, How, Kind, List, Question, Scope, Source, nowhere};
use super::open;
use super::value::{Row, Value};
use crate::answer::Answer;
use crate::query::words::unit_word;
use crate::{App, AppError};
use db::Session;
use domain::funds::{Fund, FundKind};

const COLUMNS: &[Column] = &[
    Column::new(
        "fund",
        "资金",
        Kind::Link,
        "资金或物资的名称，打开可看每一笔进出。",
    )
    .sortable(),
    Column::new("kind", "类别", Kind::Code, "这项资金是做什么的。"),
    Column::new(
        "restriction",
        "限定",
        Kind::Code,
        "捐赠人或法律对用途的限定。",
    ),
    Column::new(
        "inflow",
        "转入合计",
        Kind::Mixed,
        "一共收到多少；合计只加人民币。",
    )
    .sortable(),
    Column::new(
        "outflow",
        "转出合计",
        Kind::Mixed,
        "一共用出多少；合计只加人民币。",
    )
    .sortable(),
    Column::new(
        "reserved",
        "已预留",
        Kind::Mixed,
        "已批准、还没有付出的数额。",
    )
    .sortable(),
    Column::new("balance", "结余", Kind::Mixed, "现在还有多少，含已预留的。").sortable(),
    Column::new(
        "unit",
        "单位",
        Kind::Text,
        "数额的单位：元，或实物的计数单位。",
    )
    .file_only(),
];
const FILTERS: &[Filter] = &[
    Filter::new("title", "名称", "fund", How::Contains),
    Filter::new("kind", "类别", "kind", How::Choice(kinds)),
    Filter::new("least", "结余不少于", "balance", How::AmountLeast),
    Filter::new("most", "结余不多于", "balance", How::AmountMost),
];
const GOODS_FILTERS: &[Filter] = &[
    Filter::new("title", "名称", "fund", How::Contains),
    Filter::new("least", "结余不少于", "balance", How::AmountLeast),
    Filter::new("most", "结余不多于", "balance", How::AmountMost),
];

/// 〔单位的资金〕
pub(super) static OF_ORGANISATION: List = List {
    name: "funds-of-organisation",
    title: "资金和物资",
    about: "这个组织的每一项资金和每一种物资。",
    path: "/organisations/{id}/funds",
    columns: COLUMNS,
    filters: FILTERS,
    order: "kind",
    ledger: None,
    audience: Audience::Public,
    open: open::organisation,
    source: Source::Whole(funds),
};

/// 〔库存物资〕
pub(super) static GOODS: List = List {
    name: "goods",
    title: "库存物资",
    about: "本单位收到的每一种物资和现有的数量。",
    path: "/desk/organisations/{organisation}/goods",
    columns: COLUMNS,
    filters: GOODS_FILTERS,
    order: "fund",
    ledger: None,
    audience: Audience::Desk,
    open: open::desk,
    source: Source::Whole(goods),
};

fn kinds() -> Vec<(String, String)> {
    let pair = |kind: &FundKind| (kind.code().to_string(), kind.title().to_string());
    FundKind::ALL.iter().map(pair).collect()
}

fn funds<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move { read(app, session, q).await })
}

fn goods<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Vec<Row>> {
    Box::pin(async move {
        let mut rows = read(app, session, q).await?;
        let is_goods = |row: &Row| matches!(row.cells.get(1), Some(Value::Code { code, .. }) if code == FundKind::Goods.code());
        rows.retain(is_goods);
        Ok(rows)
    })
}

async fn read(app: &App, session: &mut Session, q: Question<'_>) -> Result<Vec<Row>, AppError> {
    let Scope::Organisation(id) = q.scope else {
        return Err(nowhere());
    };
    let found = store::funds::funds_listed(session, *id, WHOLE_ROWS_MAX + 1).await?;
    Ok(found.iter().map(|fund| row(app, fund)).collect())
}

fn row(app: &App, fund: &Fund) -> Row {
    let unit = unit_word(&fund.unit).to_string();
    let quantity = |amount: i64| Value::Quantity {
        amount,
        unit: unit.clone(),
    };
    let key = app.print(fund.id);
    let link = crate::view::Link {
        id: key.clone(),
        title: fund.title.clone(),
    };
    let cells = vec![
        Value::link("funds", link),
        Value::code(fund.kind.code(), fund.kind.title()),
        Value::code(fund.restriction.code(), fund.restriction.title()),
        quantity(fund.tape.inflow),
        quantity(fund.tape.outflow),
        quantity(fund.tape.reserved),
        quantity(fund.tape.balance()),
        Value::Text(unit.clone()),
    ];
    Row { cells, key }
}
