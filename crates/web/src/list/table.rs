//! A page of a list as the template draws it.

use super::sentence;
use crate::show::{count_text, named_text, quantity, query_text};
use crate::view::{Language, localised};
use app::list::limits::PAGE_SIZES;
use app::list::{Asked, Balance, Column, How, Kind, List, ListAsk, ListPage, Row, Tally, Value};
use app::view::Link;
use domain::Sentence;
use kernel::Fen;

/// A filter as it is drawn.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) kind: FieldKind,
}

/// The box for words that the list itself looks for, which stands above everything else.
pub(crate) struct SearchBox {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
}

/// How a filter is typed.
pub(crate) enum FieldKind {
    Words,
    Day,
    Amount,
    Choice(Vec<(String, String)>),
}

/// A head of a column.
pub(crate) struct Head {
    pub(crate) label: &'static str,
    pub(crate) help: &'static str,
    pub(crate) numeric: bool,
    /// Where it sorts, if it can.
    pub(crate) href: Option<String>,
    /// `ascending`, `descending` or nothing.
    pub(crate) sorted: &'static str,
}

/// A value under its head.
pub(crate) struct Cell {
    pub(crate) label: &'static str,
    pub(crate) numeric: bool,
    /// What the badge compares it with, if the row has a leaf; see `browser/badge.js`.
    pub(crate) says: &'static str,
    pub(crate) value: Shown,
    /// True if its words are Chinese whoever reads them.
    pub(crate) chinese: bool,
}

/// A value as it is written.
pub(crate) enum Shown {
    Nothing,
    Words(String),
    Badge { code: String, words: String },
    Number { value: i64, words: String },
    Day(String),
    Moment(String),
    Link { path: String, words: String },
    Code { path: String, words: String },
}

/// A line of sums under the rows.
pub(crate) struct Sum {
    pub(crate) label: &'static str,
    pub(crate) rows: i64,
    /// Label of the column and the sum.
    pub(crate) sums: Vec<(&'static str, i64, String)>,
}

/// A row with what can be done about it.
pub(crate) struct Line {
    pub(crate) cells: Vec<Cell>,
    pub(crate) acts: Vec<Link>,
    /// The leaf that the row speaks of.
    pub(crate) leaf: Option<Stated>,
}

/// Where the log states what a row shows.
pub(crate) struct Stated {
    /// Index of the leaf.
    pub(crate) index: String,
    /// The leaf's id, where it is that of the row.
    pub(crate) id: Option<String>,
    /// The unit of amounts.
    pub(crate) unit: String,
}

/// A page of a list.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) of: String,
    pub(crate) back: Link,
    /// Where the filters are sent.
    pub(crate) path: String,
    pub(crate) notes: Vec<Sentence>,
    pub(crate) search: Option<SearchBox>,
    pub(crate) fields: Vec<Field>,
    /// True if a filter narrows the list.
    pub(crate) narrowed: bool,
    /// True if one of `fields` does.
    pub(crate) folded_out: bool,
    pub(crate) sort: Option<String>,
    pub(crate) sizes: Vec<(i64, bool)>,
    pub(crate) heads: Vec<Head>,
    pub(crate) lines: Vec<Line>,
    pub(crate) acts: bool,
    pub(crate) sums: Vec<Sum>,
    pub(crate) counted: bool,
    pub(crate) balance: Option<(Balance, [String; 4])>,
    pub(crate) first: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) files: Vec<(&'static str, String)>,
    pub(crate) tasks: Vec<Link>,
}

/// An address with a query.
fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let mut text = path.to_string();
    for (at, (name, value)) in pairs.iter().enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&query_text(value));
    }
    text
}

impl Table {
    /// The page as it is drawn.
    pub(crate) fn new(ask: &ListAsk, page: ListPage, language: Language) -> Table {
        let (list, asked) = (ask.list, &ask.asked);
        let path = list.address(&ask.params);
        let pairs = asked.pairs(list);
        let with = |more: &[(&'static str, String)]| {
            let own = pairs
                .iter()
                .filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
            let all: Vec<_> = own.cloned().chain(more.iter().cloned()).collect();
            address(&path, &all)
        };
        let unit = unit_of(list, &page);
        let acts = row_acts(list.name, &page.may);
        let lines = page
            .rows
            .iter()
            .map(|row| line(list, row, (acts, language)));
        let first = (page.before.rows > 0).then(|| with(&[]));
        Table {
            name: list.name,
            title: list.title,
            about: list.about,
            notes: page.notes.iter().map(sentence::of).collect(),
            search: search_box(list, asked),
            fields: fields(list, asked),
            narrowed: !asked.filters.is_empty(),
            folded_out: asked.filters.iter().any(|(at, _)| {
                let filter = list.filters.get(*at);
                filter.is_some_and(|filter| !matches!(filter.how, How::Search))
            }),
            sort: pairs
                .iter()
                .find(|(name, _)| *name == "sort")
                .map(|(_, text)| text.clone()),
            sizes: PAGE_SIZES.map(|size| (size, size == asked.size)).to_vec(),
            heads: heads(list, asked, with),
            lines: lines.collect(),
            acts: !acts.is_empty(),
            sums: sums(list, &page, (&unit, language)),
            counted: page.total.is_some(),
            balance: page.balance.map(|balance| {
                let words = [
                    balance.opening,
                    balance.inflow,
                    balance.outflow,
                    balance.closing,
                ];
                let words = words.map(|amount| quantity(amount, &balance.unit, language));
                (balance, words)
            }),
            first,
            next: page
                .next
                .as_ref()
                .map(|mark| with(&[("after", mark.clone())])),
            files: files(&path, &pairs),
            tasks: tasks(list.name, &ask.params, &page.may),
            of: page.of,
            back: page.back,
            path,
        }
    }
}

/// What can be done under a list as a whole.
fn tasks(name: &str, params: &[String], may: &[&str]) -> Vec<Link> {
    let of = params.first().map_or("", String::as_str);
    let link = |id: String, title: &str| Link {
        id,
        title: title.into(),
    };
    let desk = format!("/desk/organisations/{of}");
    match name {
        "users" => vec![
            link("/desk/users/new".into(), "新建用户"),
            link("/desk/users/grant".into(), "授予角色"),
            link("/desk/users/factor".into(), "重设两步验证"),
        ],
        "imports" if may.contains(&"import_run") => {
            vec![link(format!("{desk}/imports/new"), "导入文件")]
        }
        "matters-of-organisation" if may.contains(&"matter_apply") => vec![
            link(format!("{desk}/matters/new"), "新的申请"),
            link("/hall".into(), "办事大厅"),
        ],
        "office" if may.contains(&"matter_handle") => vec![
            link("/desk/office/overdue".into(), "超期清单"),
            link("/desk/measures/new".into(), "依职权处理登记事项"),
        ],
        "office" => vec![link("/desk/office/overdue".into(), "超期清单")],
        "overdue" => vec![link("/desk/office".into(), "机关待办")],
        "goods" if may.contains(&"goods_record") => {
            vec![link(format!("{desk}/goods/new"), "登记捐赠物资")]
        }
        _ => Vec::new(),
    }
}

/// What can be done about a row: the address before its key, behind it, and the words.
type Act = (&'static str, &'static str, &'static str);

const HELD_ACTS: &[Act] = &[
    ("/desk/donations/", "/reassign", "转入活动"),
    ("/desk/donations/", "/refund", "退款"),
];
const GIFT_ACTS: &[Act] = &[
    ("/desk/donations/", "/refund", "退款"),
    ("/desk/donations/", "/correct", "更正"),
];
const GOODS_ACTS: &[Act] = &[
    ("/desk/funds/", "/goods-out", "发放"),
    ("/desk/funds/", "/goods-convert", "拆箱换算"),
    ("/desk/funds/", "/goods-loss", "报损"),
];

/// What is done about the movement of a row and not about the row itself.
const MOVEMENT_ACTS: &[Act] = &[("/desk/movements/", "/reverse", "记错了")];

fn row_acts(name: &str, may: &[&str]) -> &'static [Act] {
    match name {
        "held" if may.contains(&"correction_ask") => HELD_ACTS,
        "deliveries-of-desk" | "payments-of-organisation" if may.contains(&"correction_ask") => {
            MOVEMENT_ACTS
        }
        "gifts-of-organisation" if may.contains(&"correction_ask") => GIFT_ACTS,
        "goods" if may.contains(&"goods_record") => GOODS_ACTS,
        _ => &[],
    }
}

fn line(list: &List, row: &Row, (acts, language): (&[Act], Language)) -> Line {
    let ended = row.cells.iter().any(|value| {
        matches!(value, Value::Code { code, .. } if code == "refunded" || code == "corrected")
    });
    let movement = acts.first() == MOVEMENT_ACTS.first();
    let key = match movement {
        true => movement_of(list, row),
        false => Some(row.key.as_str()),
    };
    let acts = if ended || key.is_none() { &[] } else { acts };
    let cells = list.columns.iter().zip(&row.cells);
    let shown = cells.filter(|(column, _)| !column.file_only);
    Line {
        cells: shown
            .map(|(column, value)| Cell {
                label: column.label,
                numeric: column.kind.is_numeric(),
                says: says(list.name, column.name),
                chinese: column.chinese,
                value: written(value, language),
            })
            .collect(),
        leaf: stated(list, row),
        acts: acts
            .iter()
            .map(|(before, behind, words)| Link {
                id: format!("{before}{}{behind}", key.unwrap_or_default()),
                title: (*words).into(),
            })
            .collect(),
    }
}

/// The number of the movement that a row speaks of, if it has one yet.
fn movement_of<'a>(list: &List, row: &'a Row) -> Option<&'a str> {
    let mut cells = list.columns.iter().zip(&row.cells);
    cells.find_map(|(column, value)| match value {
        Value::Number { id, .. } if column.name == "movement" => Some(id.as_str()),
        _ => None,
    })
}

/// Lists of gifts, whose rows are leaves of their own.
const GIFTS: &str = "gifts-of-";

/// How a cell's text reads, and where the leaf states it.
fn says(list: &str, column: &str) -> &'static str {
    match column {
        "leaf" => "count index",
        "into" if list == "movements-of-fund" => "amount into",
        "out" if list == "movements-of-fund" => "amount out_of",
        "number" if list.starts_with(GIFTS) => "code id",
        "amount" if list.starts_with(GIFTS) => "amount sum",
        "day" if list.starts_with(GIFTS) => "day t",
        _ => "",
    }
}

fn stated(list: &List, row: &Row) -> Option<Stated> {
    let place = list
        .columns
        .iter()
        .position(|column| column.name == "leaf")?;
    let Some(Value::Number { id: index, .. }) = row.cells.get(place) else {
        return None;
    };
    let unit = row.cells.iter().find_map(|value| match value {
        Value::Quantity { unit, .. } => Some(unit.clone()),
        _ => None,
    });
    Some(Stated {
        index: index.clone(),
        id: list.name.starts_with(GIFTS).then(|| row.key.clone()),
        unit: unit.unwrap_or_else(|| "fen".into()),
    })
}

fn written(value: &Value, language: Language) -> Shown {
    match value {
        Value::Empty => Shown::Nothing,
        Value::Text(words) => Shown::Words(words.clone()),
        Value::Said { said, .. } => Shown::Words(localised(said, language)),
        Value::Code { code, words } => Shown::Badge {
            code: code.clone(),
            words: words.clone(),
        },
        Value::Fen(fen) => Shown::Number {
            value: *fen,
            words: quantity(*fen, "fen", language),
        },
        Value::Quantity { amount, unit } => Shown::Number {
            value: *amount,
            words: quantity(*amount, unit, language),
        },
        Value::Count(count) => Shown::Number {
            value: *count,
            words: count_text(*count),
        },
        Value::Day(day) => Shown::Day(day.to_string()),
        Value::Moment(at) => Shown::Moment(at.rfc3339()),
        Value::Link { path, title, .. } => Shown::Link {
            path: path.clone(),
            words: named_text(title, language),
        },
        Value::Number { path, id } => Shown::Code {
            path: path.clone(),
            words: id.clone(),
        },
    }
}

/// What was typed into a filter.
fn typed(asked: &Asked, name: &str) -> String {
    let found = asked.typed.iter().find(|(known, _)| known == name);
    found.map_or_else(String::new, |(_, text)| text.clone())
}

fn search_box(list: &List, asked: &Asked) -> Option<SearchBox> {
    let mut filters = list.filters.iter();
    let filter = filters.find(|filter| matches!(filter.how, How::Search))?;
    Some(SearchBox {
        name: filter.name,
        label: filter.label,
        value: typed(asked, filter.name),
    })
}

fn fields(list: &List, asked: &Asked) -> Vec<Field> {
    let filters = list.filters.iter();
    filters
        .filter(|filter| !matches!(filter.how, How::Search))
        .map(|filter| Field {
            name: filter.name,
            label: filter.label,
            value: typed(asked, filter.name),
            kind: match filter.how {
                How::Choice(choices) | How::Among(choices) => FieldKind::Choice(choices()),
                How::Contains | How::Search => FieldKind::Words,
                How::DayFrom | How::DayTo | How::AsOf => FieldKind::Day,
                How::AmountLeast | How::AmountMost => FieldKind::Amount,
            },
        })
        .collect()
}

fn heads(
    list: &List,
    asked: &Asked,
    with: impl Fn(&[(&'static str, String)]) -> String,
) -> Vec<Head> {
    let shown = list.columns.iter().filter(|column| !column.file_only);
    shown
        .map(|column| {
            let here = asked.order.column == column.name;
            let sorted = match (here, asked.order.descending) {
                (false, _) => "",
                (true, true) => "descending",
                (true, false) => "ascending",
            };
            // The first click sorts what is large or new to the top, the next one turns it round.
            let descending = match sorted {
                "descending" => false,
                "ascending" => true,
                _ => !matches!(column.kind, Kind::Text | Kind::Link | Kind::Code),
            };
            let sign = if descending { "-" } else { "" };
            let href = column
                .sortable
                .then(|| with(&[("sort", format!("{sign}{}", column.name))]));
            Head {
                label: column.label,
                help: column.help,
                numeric: column.kind.is_numeric(),
                href,
                sorted,
            }
        })
        .collect()
}

/// The unit of columns that have one for the whole list.
fn unit_of(list: &List, page: &ListPage) -> String {
    let quantities = |row: &Row| {
        let cells = list.columns.iter().zip(&row.cells);
        cells
            .filter(|(column, _)| column.kind == Kind::Quantity)
            .find_map(|(_, value)| match value {
                Value::Quantity { unit, .. } => Some(unit.clone()),
                _ => None,
            })
    };
    let found = page.rows.iter().find_map(quantities);
    found.unwrap_or_else(|| "fen".to_string())
}

/// Rows before, rows here, rows behind, all of them: what stands on a page adds up.
fn sums(list: &List, page: &ListPage, (unit, language): (&str, Language)) -> Vec<Sum> {
    let sum = |label: &'static str, tally: &Tally| Sum {
        label,
        rows: tally.rows,
        sums: list
            .summed()
            .zip(&tally.sums)
            .map(|((_, column), sum)| {
                (column.label, *sum, sum_text(column, *sum, (unit, language)))
            })
            .collect(),
    };
    let mut sums = Vec::new();
    let so_far = page.before.plus(&page.here);
    if page.before.rows > 0 {
        sums.push(sum("前面各页", &page.before));
    }
    if page.before.rows > 0 || page.next.is_some() {
        sums.push(sum("本页", &page.here));
    }
    if let Some(total) = &page.total {
        if page.next.is_some() {
            sums.push(sum("后面各页", &total.minus(&so_far)));
        }
        sums.push(sum("全部", total));
    }
    sums
}

fn sum_text(column: &Column, sum: i64, (unit, language): (&str, Language)) -> String {
    match column.kind {
        Kind::Count => count_text(sum),
        Kind::Quantity => quantity(sum, unit, language),
        _ => quantity(sum, "fen", language),
    }
}

/// Where the three files are; page lengths say nothing about them.
fn files(path: &str, pairs: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let pairs: Vec<_> = pairs
        .iter()
        .filter(|(name, _)| *name != "size")
        .cloned()
        .collect();
    super::file::Ending::ALL
        .into_iter()
        .map(|ending| {
            let path = format!("{path}.{}", ending.code());
            (ending.title(), address(&path, &pairs))
        })
        .collect()
}

/// Fen as a file writes them.
pub(super) fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}
