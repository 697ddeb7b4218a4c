//! Example pages of lists: every kind of column filled by its kind.

use super::examples::{HOSTILE, Shape, link};
use crate::list::Table;
use app::list::{Asked, Balance, Column, Kind, ListAsk, ListPage, Row, Tally, Value, list_of};
use domain::identity::Actor;
use kernel::{Day, Timestamp};

fn amount(shape: Shape, n: usize) -> i64 {
    let small = 5_000 + 137 * i64::try_from(n).unwrap();
    if shape == Shape::Extreme {
        100_000_000_000_000_000 + small
    } else {
        small
    }
}

fn value(shape: Shape, column: &Column, n: usize) -> Value {
    let (amount, unit) = (amount(shape, n), "fen".to_string());
    let id = format!("xyz_06h2m9qxk4v7t{n}");
    let path = format!("/x/{id}");
    match column.kind {
        Kind::Text => Value::Text(shape.text("王**")),
        Kind::Code => Value::Code {
            code: "standing".into(),
            words: "已入账".into(),
        },
        Kind::Fen => Value::Fen(amount),
        Kind::Quantity | Kind::Mixed => Value::Quantity { amount, unit },
        Kind::Count => Value::Count(amount),
        Kind::Day => Value::Day(Day::from_number(20_000)),
        Kind::Moment => Value::Moment(Timestamp::from_micros(1_795_312_800_000_000)),
        Kind::Link => Value::Link {
            path,
            id,
            title: shape.text("云山县乡村小学冬衣计划"),
        },
        Kind::Number if n == 1 => Value::Empty,
        Kind::Number => Value::Number { path, id },
    }
}

/// A page of the list of this name.
pub(super) fn table(name: &str, shape: Shape) -> Table {
    let list = list_of(name).unwrap();
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    let pairs = match shape {
        Shape::Extreme => vec![
            pair("from", HOSTILE),
            pair("donor", HOSTILE),
            pair("sort", HOSTILE),
        ],
        _ => Vec::new(),
    };
    let ask = ListAsk {
        list,
        actor: Actor::public(),
        params: vec!["org_1".into(), "2020-02-01".into()],
        asked: Asked::read(list, &pairs),
    };
    let count = match shape {
        Shape::Everyday => 5,
        Shape::Extreme => 20,
        Shape::Empty => 0,
    };
    let rows: Vec<Row> = (0..count)
        .map(|n| Row {
            cells: list.columns.iter().map(|c| value(shape, c, n)).collect(),
            key: n.to_string(),
        })
        .collect();
    let here = Tally::of(list, &rows);
    let mut back = link(shape, "org", "云山县慈善总会");
    back.id = format!("/organisations/{}", back.id);
    let page = ListPage {
        of: shape.text("云山县慈善总会"),
        back,
        balance: (count > 0 && list.ledger.is_some()).then(|| Balance {
            opening: 0,
            inflow: amount(shape, 1),
            outflow: 0,
            closing: amount(shape, 1),
            unit: "fen".into(),
        }),
        next: (shape == Shape::Extreme).then(|| "a b&=".into()),
        rows,
        before: if shape == Shape::Extreme {
            here.clone()
        } else {
            Tally::empty(list)
        },
        total: (shape != Shape::Extreme).then(|| here.clone()),
        here,
        notes: ask.asked.notes.clone(),
        may: vec!["correction_ask", "goods_record"],
    };
    Table::new(&ask, page, crate::view::Language::default())
}
