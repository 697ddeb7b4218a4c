//! Lists along the tape: the movements of a fund, and the gifts that a movement used.

use super::asked::Order;
use super::meta::{
    Audience, Column, Filter, How, Kind, Ledger, List, Part, Question, Scope, Source, nowhere,
};
use super::open;
use super::value::{Row, Tally, Value};
use crate::answer::Answer;
use crate::query::{cursor, page_of};
use crate::view::{MovementLine, SourceLine};
use crate::{App, AppError};
use db::Session;
use domain::funds::said_title;
use domain::parties::said_donor;
use kernel::Day;
use store::Walk;
use store::funds::{
    FundRecord, ListedMovement, MovementFilter, MovementOrder, MovementRecord, MovementSide,
    TapePlace,
};

/// 〔资金流水〕
pub static OF_FUND: List = List {
    name: "movements-of-fund",
    title: "资金流水",
    about: "这项资金的每一笔收入和支出。",
    path: "/funds/{id}/movements",
    columns: &[
        Column::new(
            "number",
            "流转",
            Kind::Number,
            "这笔流转的编号；打开可看分录、来源和凭证。按这一列排序即按记账先后。",
        )
        .sortable(),
        Column::new("day", "日期", Kind::Day, "记账的北京日期。").sortable(),
        Column::new("kind", "类别", Kind::Code, "钱或物资为什么进出。"),
        Column::new("into", "收入", Kind::Quantity, "进入这项资金的数额。").summed(),
        Column::new("out", "支出", Kind::Quantity, "离开这项资金的数额。").summed(),
        Column::new(
            "balance",
            "余额",
            Kind::Quantity,
            "这一笔之后的余额；按数额排序或按类别筛选时不显示，因为那样各行不相连。",
        ),
        Column::new("amount", "数额", Kind::Quantity, "收入或支出的数额。")
            .sortable()
            .file_only(),
        Column::new(
            "unit",
            "单位",
            Kind::Text,
            "数额的单位：元，或实物的计数单位。",
        )
        .file_only(),
        Column::new(
            "other",
            "对方资金",
            Kind::Link,
            "钱从哪项资金来、到哪项资金去；空白表示外部。",
        ),
        Column::new(
            "place",
            "存放处",
            Kind::Text,
            "钱或物资所在的账户、渠道或仓库。",
        ),
        Column::new("donation", "捐赠", Kind::Number, "属于哪笔捐赠。"),
        Column::new(
            "leaf",
            "日志",
            Kind::Number,
            "公开日志里记载这笔流转的那一条。",
        ),
    ],
    filters: &[
        Filter::new("side", "收支", "amount", How::Choice(sides)),
        Filter::new("kind", "类别", "kind", How::Choice(kinds)),
        Filter::new("from", "从哪天", "day", How::DayFrom),
        Filter::new("to", "到哪天", "day", How::DayTo),
        Filter::new("least", "数额不少于", "amount", How::AmountLeast),
        Filter::new("most", "数额不多于", "amount", How::AmountMost),
    ],
    order: "-number",
    ledger: Some(Ledger {
        inflow: "into",
        outflow: "out",
        balance: "balance",
    }),
    audience: Audience::Public,
    open: open::fund,
    source: Source::Walked(rows, tally),
};

/// 〔所用捐赠〕
pub static SOURCES: List = List {
    name: "sources-of-movement",
    title: "用了哪些捐赠",
    about: "这笔支出按先收先用使用了哪些收入，各用多少；各份相加正好等于这笔支出。",
    path: "/movements/{id}/sources",
    columns: &[
        Column::new(
            "position",
            "起始位置",
            Kind::Count,
            "这一份在支出里的起始位置，从0数起，人民币以分计。",
        ),
        Column::new(
            "amount",
            "用了多少",
            Kind::Quantity,
            "这笔收入中被这笔支出用掉的数额。",
        )
        .summed(),
        Column::new(
            "unit",
            "单位",
            Kind::Text,
            "数额的单位：元，或实物的计数单位。",
        )
        .file_only(),
        Column::new(
            "donation",
            "捐赠",
            Kind::Number,
            "属于哪笔捐赠；空白表示不是捐赠收入。",
        ),
        Column::new(
            "donor",
            "捐赠人",
            Kind::Text,
            "捐赠人同意公开的称呼，可能隐去了姓名。",
        ),
        Column::new("kind", "类别", Kind::Code, "这笔收入的类别。"),
        Column::new("day", "日期", Kind::Day, "这笔收入的日期。"),
        Column::new("movement", "收入流转", Kind::Number, "带来这笔收入的流转。"),
        Column::new(
            "assumed",
            "对应关系",
            Kind::Code,
            "经过按公开标注的假定划分的资金时，无法对应到具体捐赠。",
        ),
    ],
    filters: &[],
    order: "position",
    ledger: None,
    audience: Audience::Public,
    open: open::movement,
    source: Source::Walked(sources, sources_tally),
};

fn sides() -> Vec<(String, String)> {
    vec![("in".into(), "收入".into()), ("out".into(), "支出".into())]
}

/// The code of a kind by its title.
fn kind_of(title: &str) -> &'static str {
    let found = ledger::kind::KINDS.iter().find(|row| row.2 == title);
    found.map_or("", |row| row.1)
}

fn kinds() -> Vec<(String, String)> {
    let pair = |row: &(ledger::Kind, &str, &str)| (row.1.to_string(), row.2.to_string());
    ledger::kind::KINDS.iter().map(pair).collect()
}

fn filter<'a>(q: &Question<'a>) -> Result<(&'a FundRecord, MovementFilter<'a>), AppError> {
    let Scope::Fund(record) = q.scope else {
        return Err(nowhere());
    };
    let side = q.asked.text(&OF_FUND, "side");
    let (least, most) = q.asked.amounts(&OF_FUND);
    // Amounts are typed in yuan; of goods the same number means units.
    let amounts = if record.fund.unit == "fen" {
        (least, most)
    } else {
        (
            least.saturating_add(99).div_euclid(100),
            most.div_euclid(100),
        )
    };
    let filter = MovementFilter {
        fund: record.fund.id,
        kind: q.asked.text(&OF_FUND, "kind"),
        sides: (side != Some("out"), side != Some("in")),
        days: q.asked.days(&OF_FUND),
        amounts,
    };
    Ok((record, filter))
}

/// Rows touch each other, so that each has a balance: recording order, and nothing left out but whole days.
fn is_account(q: &Question<'_>) -> bool {
    let only_days = q.asked.filters.iter().all(|(at, _)| {
        let name = OF_FUND.filters.get(*at).map_or("", |filter| filter.name);
        matches!(name, "from" | "to")
    });
    only_days && q.asked.order.column == "number"
}

fn rows<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        match q.asked.order.column {
            "number" => recorded(app, session, q).await,
            other => sorted(app, session, q, other).await,
        }
    })
}

/// Recording order: the place is the position out, the position in, and the balance so far.
async fn recorded(app: &App, session: &mut Session, q: Question<'_>) -> Result<Part, AppError> {
    let (record, filter) = filter(&q)?;
    let Order { descending, .. } = q.asked.order;
    let sign = q.asked.order.sign();
    let (mut place, mut balance) = match q.place {
        Some(text) => {
            let [out, into, balance] = cursor::numbers(text)?;
            (TapePlace { out, into }, balance)
        }
        None => {
            let (from, to) = filter.days;
            let day = if descending {
                to
            } else {
                from.saturating_sub(1)
            };
            let at_end = match day {
                i64::MAX => record.fund.tape.balance(),
                day => store::funds::balance_at_end(session, record.fund.id, day).await?,
            };
            (TapePlace::beginning(sign), at_end)
        }
    };
    let limit = q.limit.saturating_add(1);
    let found = store::funds::movements_recorded(session, &filter, (sign, place), limit).await?;
    let (found, more) = page_of(found, q.limit);
    let told = is_account(&q);
    let mut balances = Vec::with_capacity(found.len());
    for (record, side, _) in &found {
        let (moved, start) = moved(record, *side);
        match side {
            MovementSide::In => place.into = start,
            MovementSide::Out => place.out = start,
        }
        if !descending {
            balance += moved;
        }
        balances.push(told.then_some(balance));
        if descending {
            balance -= moved;
        }
    }
    let next = more.then(|| format!("{}.{}.{balance}", place.out, place.into));
    let rows = lines(app, session, (record, &found, &balances)).await?;
    Ok(Part { rows, next })
}

/// What a movement added to the fund (negative if it left), and where on its tape that began.
fn moved(record: &MovementRecord, side: MovementSide) -> (i64, i64) {
    let movement = &record.movement;
    let side_of = |side: Option<ledger::Side>| {
        side.map_or((0, 0), |side| {
            (side.span.end() - side.span.start, side.span.start)
        })
    };
    match side {
        MovementSide::In => side_of(movement.into),
        MovementSide::Out => {
            let (len, start) = side_of(movement.out);
            (-len, start)
        }
    }
}

async fn sorted(
    app: &App,
    session: &mut Session,
    q: Question<'_>,
    by: &str,
) -> Result<Part, AppError> {
    let (record, filter) = filter(&q)?;
    let order = if by == "amount" {
        MovementOrder::Amount
    } else {
        MovementOrder::Day
    };
    let after = match q.place {
        None => None,
        Some(text) => Some(cursor::numbers::<2>(text)?.into()),
    };
    let walk = Walk {
        sign: q.asked.order.sign(),
        after,
        limit: q.limit.saturating_add(1),
    };
    let found = store::funds::movements_sorted(session, &filter, order, walk).await?;
    let (found, more) = page_of(found, q.limit);
    let next = found
        .last()
        .filter(|_| more)
        .map(|(record, _, key)| format!("{key}.{}", record.movement.id.0));
    let balances = vec![None; found.len()];
    let rows = lines(app, session, (record, &found, &balances)).await?;
    Ok(Part { rows, next })
}

async fn lines(
    app: &App,
    session: &mut Session,
    (fund, found, balances): (&FundRecord, &[ListedMovement], &[Option<i64>]),
) -> Result<Vec<Row>, AppError> {
    let records: Vec<MovementRecord> = found.iter().map(|(record, ..)| *record).collect();
    let lines = app.movement_lines(session, &records).await?;
    let unit = crate::query::words::unit_word(&fund.fund.unit);
    let rows = lines.into_iter().zip(found).zip(balances);
    Ok(rows
        .map(|((line, (record, side, _)), balance)| row(line, (record, *side), *balance, unit))
        .collect())
}

fn row(
    line: MovementLine,
    (record, side): (&MovementRecord, MovementSide),
    balance: Option<i64>,
    unit: &str,
) -> Row {
    let quantity = |amount: i64| Value::Quantity {
        amount,
        unit: unit.into(),
    };
    let (moved, _) = moved(record, side);
    let (into, out, other, place) = match side {
        MovementSide::In => (quantity(moved), Value::Empty, line.from, line.place_to),
        MovementSide::Out => (Value::Empty, quantity(-moved), line.to, line.place_from),
    };
    let cells = vec![
        Value::number("movements", line.id.clone()),
        Value::Day(record.day),
        Value::code(&line.kind, line.kind_title),
        into,
        out,
        balance.map_or(Value::Empty, quantity),
        quantity(moved.saturating_abs()),
        Value::Text(unit.into()),
        other.map_or(Value::Empty, |link| Value::link("funds", link)),
        Value::said(said_title(&place.unwrap_or_default())),
        line.donation
            .map_or(Value::Empty, |id| Value::number("donations", id)),
        Value::number("log/leaves", line.leaf_index.to_string()),
    ];
    Row {
        cells,
        key: line.id,
    }
}

fn tally<'a>(_: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let (_, filter) = filter(&q)?;
        let limit = q.limit.saturating_add(1);
        let (rows, into, out) = store::funds::movements_tally(session, &filter, limit).await?;
        let sums = vec![into, out];
        Ok((rows <= q.limit).then_some(Tally { rows, sums }))
    })
}

/// The place is how far the sources before it reach, and the trace's own cursor.
fn sources<'a>(app: &'a App, session: &'a mut Session, q: Question<'a>) -> Answer<'a, Part> {
    Box::pin(async move {
        let Scope::Movement(record) = q.scope else {
            return Err(nowhere());
        };
        let wrong = || AppError::NotFound("翻页标记对应的位置");
        let (mut position, cursor) = match q.place {
            None => (0, None),
            Some(text) => {
                let (position, cursor) = text.split_once(' ').ok_or_else(wrong)?;
                (position.parse().map_err(|_| wrong())?, Some(cursor))
            }
        };
        let limit = usize::try_from(q.limit).unwrap_or_default();
        let unit = app.movement_unit(session, record).await?;
        let (lines, next) = app.source_part(session, record, (cursor, limit)).await?;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let amount = line.amount;
            rows.push(source_row(line, position, &unit));
            position += amount;
        }
        let next = next.map(|cursor| format!("{position} {cursor}"));
        // Descending order is not on offer: a tape is read from its head.
        Ok(Part { rows, next })
    })
}

fn source_row(line: SourceLine, position: i64, unit: &str) -> Row {
    let (code, words) = if line.assumed {
        ("assumed", "按假定划分")
    } else {
        ("attributed", "对应到笔")
    };
    // Where it rests on an assumption, nobody's name stands beside money that may be another's.
    let donor = if line.assumed {
        String::new()
    } else {
        line.donor
    };
    let cells = vec![
        Value::Count(position),
        Value::Quantity {
            amount: line.amount,
            unit: unit.into(),
        },
        Value::Text(unit.into()),
        line.donation
            .map_or(Value::Empty, |id| Value::number("donations", id)),
        Value::said(said_donor(&donor)),
        Value::code(kind_of(&line.title), line.title),
        Day::parse(&line.day).map_or(Value::Empty, Value::Day),
        Value::number("movements", line.movement),
        Value::code(code, words),
    ];
    Row {
        cells,
        key: position.to_string(),
    }
}

fn sources_tally<'a>(
    app: &'a App,
    session: &'a mut Session,
    q: Question<'a>,
) -> Answer<'a, Option<Tally>> {
    Box::pin(async move {
        let Scope::Movement(record) = q.scope else {
            return Err(nowhere());
        };
        let limit = usize::try_from(q.limit).unwrap_or_default();
        let counted = app.source_count(session, record, limit).await?;
        Ok(counted.map(|(rows, sum)| Tally {
            rows,
            sums: vec![sum],
        }))
    })
}
