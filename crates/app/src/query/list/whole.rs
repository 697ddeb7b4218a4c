//! Lists that are read whole: narrowed, sorted and cut into pages here, by the same constant as everything else.

use super::asked::{Asked, Given};
use super::meta::{Filter, How, List, Part};
use super::value::{Row, Value};

/// True if a row is what the filters ask for.
fn fits(list: &List, asked: &Asked, row: &Row) -> bool {
    asked.filters.iter().all(|(at, given)| {
        let Some(filter) = list.filters.get(*at) else {
            return false;
        };
        let value = list
            .column(filter.column)
            .and_then(|(at, _)| row.cells.get(at));
        value.is_some_and(|value| passes(filter, given, value))
    })
}

fn passes(filter: &Filter, given: &Given, value: &Value) -> bool {
    match (filter.how, given, value) {
        (How::Choice(_), Given::Text(wanted), Value::Code { code, .. }) => code == wanted,
        (How::Choice(_), Given::Text(wanted), other) => other.words() == wanted,
        (How::Among(_), Given::Text(wanted), value) => {
            let mut codes = value.words().split_whitespace();
            codes.any(|code| code == wanted)
        }
        (How::Search | How::AsOf, _, _) => true,
        (How::Contains, Given::Text(part), other) => {
            let (part, words) = (part.to_lowercase(), other.words().to_lowercase());
            words.contains(&part)
        }
        (How::DayFrom, Given::Day(from), Value::Day(day)) => day >= from,
        (How::DayTo, Given::Day(to), Value::Day(day)) => day <= to,
        (How::DayFrom, Given::Day(from), Value::Moment(at)) => at.day() >= *from,
        (How::DayTo, Given::Day(to), Value::Moment(at)) => at.day() <= *to,
        (How::AmountLeast, Given::Fen(least), value) => hundredths(value) >= i128::from(*least),
        (How::AmountMost, Given::Fen(most), value) => hundredths(value) <= i128::from(*most),
        _ => false,
    }
}

/// Amounts are typed in yuan; of goods the same number means units.
fn hundredths(value: &Value) -> i128 {
    let amount = i128::from(value.amount());
    match value {
        Value::Fen(_) => amount,
        Value::Quantity { unit, .. } if unit == "fen" => amount,
        _ => amount * 100,
    }
}

/// The rows that are asked for, in the order asked for; rows of one value stand in the order of their keys.
pub(super) fn arranged(list: &List, asked: &Asked, mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| fits(list, asked, row));
    let at = list.column(asked.order.column).map(|(at, _)| at);
    let value = |row: &Row| at.and_then(|at| row.cells.get(at)).map(Value::place);
    // Made once for each row: the sounds of a name are not looked up at every comparison.
    let mut placed: Vec<_> = rows.into_iter().map(|row| (value(&row), row)).collect();
    placed.sort_by(|(a, one), (b, other)| {
        let order = if asked.order.descending {
            b.cmp(a)
        } else {
            a.cmp(b)
        };
        order.then_with(|| one.key.cmp(&other.key))
    });
    placed.into_iter().map(|(_, row)| row).collect()
}

/// The rows behind a place, which is the key of the row before them and how many rows stood there when it was written.
pub(super) fn part(rows: Vec<Row>, place: Option<&str>, limit: i64) -> Part {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let start = place.map_or(0, |place| {
        let (count, key) = place.split_once(' ').unwrap_or(("0", place));
        let found = rows.iter().position(|row| row.key == key);
        // A row that has left the list meanwhile is stood in for by its number.
        found.map_or_else(|| count.parse().unwrap_or(0), |at| at.saturating_add(1))
    });
    let all = rows.len();
    let rows: Vec<Row> = rows.into_iter().skip(start).take(limit).collect();
    let end = start.saturating_add(rows.len());
    let next = rows
        .last()
        .filter(|_| end < all)
        .map(|row| format!("{end} {}", row.key));
    Part { rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(keys: &[&str]) -> Vec<Row> {
        let row = |key: &&str| Row {
            cells: Vec::new(),
            key: (*key).to_string(),
        };
        keys.iter().map(row).collect()
    }

    #[track_caller]
    fn check(place: Option<&str>, want: &[&str], next: Option<&str>) {
        let part = part(rows(&["a", "b", "c", "d"]), place, 2);
        let got: Vec<_> = part.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!((got.as_slice(), part.next.as_deref()), (want, next));
    }

    #[test]
    fn a_page_goes_on_behind_the_row_before() {
        check(None, &["a", "b"], Some("2 b"));
        check(Some("2 b"), &["c", "d"], None);
        check(Some("1 a"), &["b", "c"], Some("3 c"));
        check(Some("2 gone"), &["c", "d"], None);
        check(Some("9 gone"), &[], None);
    }
}
