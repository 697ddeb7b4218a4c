//! Rows of lists and the values in them.

use super::meta::{Column, Kind, List};
use domain::Sentence;
use kernel::{Day, Timestamp};

/// A value of a row; words that are codes of ours are Chinese and may be translated, others are as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words as recorded.
    Text(String),
    /// Words of ours, perhaps with recorded ones among them.
    Said {
        /// The Chinese, which filters and orders look at.
        words: String,
        /// What readers see.
        said: Sentence,
    },
    /// A code and its words.
    Code {
        /// The stable code.
        code: String,
        /// What it is called.
        words: String,
    },
    /// Fen.
    Fen(i64),
    /// Fen or units of goods.
    Quantity {
        /// How much.
        amount: i64,
        /// `fen`, or the unit.
        unit: String,
    },
    /// A whole number.
    Count(i64),
    /// A day.
    Day(Day),
    /// A time.
    Moment(Timestamp),
    /// Something with a name and a page.
    Link {
        /// Address of its page.
        path: String,
        /// Its printed number.
        id: String,
        /// What it is called.
        title: String,
    },
    /// A number that leads to a page.
    Number {
        /// Address of its page.
        path: String,
        /// The number as printed.
        id: String,
    },
}

impl Value {
    /// A code with its words.
    pub(super) fn code(code: &str, words: impl Into<String>) -> Value {
        let (code, words) = (code.into(), words.into());
        Value::Code { code, words }
    }

    /// Words, or nothing.
    pub(super) fn text(words: impl Into<String>) -> Value {
        let words: String = words.into();
        if words.is_empty() {
            Value::Empty
        } else {
            Value::Text(words)
        }
    }

    /// Words of ours, or nothing.
    pub(super) fn said(said: Sentence) -> Value {
        let words = said.to_string();
        if words.is_empty() {
            Value::Empty
        } else {
            Value::Said { words, said }
        }
    }

    /// A printed number with its page below `folder`.
    pub(super) fn number(folder: &str, id: impl Into<String>) -> Value {
        let id: String = id.into();
        let path = format!("/{folder}/{id}");
        Value::Number { path, id }
    }

    /// What has a name and a page below `folder`.
    pub(super) fn link(folder: &str, link: crate::view::Link) -> Value {
        let path = format!("/{folder}/{}", link.id);
        let (id, title) = (link.id, link.title);
        Value::Link { path, id, title }
    }

    /// What is added up.
    #[must_use]
    pub fn amount(&self) -> i64 {
        match self {
            Value::Fen(amount) | Value::Quantity { amount, .. } | Value::Count(amount) => *amount,
            _ => 0,
        }
    }

    /// The words that a filter by words looks at.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Value::Text(words) | Value::Said { words, .. } | Value::Code { words, .. } => words,
            Value::Link { title, .. } => title,
            Value::Number { id, .. } => id,
            _ => "",
        }
    }

    /// Where it stands among other values: numbers by size, what has a name by its pinyin, other words by their
    /// characters, nothing first.
    #[must_use]
    pub fn place(&self) -> (Option<i64>, String) {
        match self {
            Value::Fen(n) | Value::Count(n) | Value::Quantity { amount: n, .. } => {
                (Some(*n), String::new())
            }
            Value::Day(day) => (Some(i64::from(day.number())), String::new()),
            Value::Moment(at) => (Some(at.micros()), String::new()),
            Value::Link { title, .. } => (None, find::sort_key(title)),
            other => (None, other.words().to_owned()),
        }
    }
}

/// 〔清单行〕 A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// One value per column of the list.
    pub cells: Vec<Value>,
    /// What no other row of the list has.
    pub key: String,
}

/// 〔合计〕 How many rows, and the sum of each summed column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of rows.
    pub rows: i64,
    /// Sums, in the order of the list's summed columns.
    pub sums: Vec<i64>,
}

/// What a value adds to the sum of its column: of mixed columns only money is added up.
fn added(column: &Column, value: &Value) -> i64 {
    match value {
        Value::Quantity { unit, .. } if column.kind == Kind::Mixed && unit != "fen" => 0,
        other => other.amount(),
    }
}

impl Tally {
    /// No rows of this list.
    #[must_use]
    pub fn empty(list: &List) -> Tally {
        let sums = vec![0; list.summed().count()];
        Tally { rows: 0, sums }
    }

    /// Rows of this list added up.
    #[must_use]
    pub fn of(list: &List, rows: &[Row]) -> Tally {
        let mut tally = Tally::empty(list);
        for row in rows {
            tally.rows = tally.rows.saturating_add(1);
            for (sum, (at, column)) in tally.sums.iter_mut().zip(list.summed()) {
                let amount = row.cells.get(at).map_or(0, |value| added(column, value));
                *sum = sum.saturating_add(amount);
            }
        }
        tally
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Tally) -> Tally {
        let pairs = self.sums.iter().zip(&other.sums);
        Tally {
            rows: self.rows.saturating_add(other.rows),
            sums: pairs.map(|(a, b)| a.saturating_add(*b)).collect(),
        }
    }

    /// What is left after taking another away.
    #[must_use]
    pub fn minus(&self, other: &Tally) -> Tally {
        let pairs = self.sums.iter().zip(&other.sums);
        Tally {
            rows: self.rows.saturating_sub(other.rows),
            sums: pairs.map(|(a, b)| a.saturating_sub(*b)).collect(),
        }
    }
}
