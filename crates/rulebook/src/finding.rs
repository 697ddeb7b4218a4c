//! What a check found: which rule, what is wrong as data, and what to do next.

use crate::id::RuleId;
use crate::status::Severity;
use kernel::{Day, Fen};
use std::fmt;

/// 〔值〕 What stands in a place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words: a title of ours or a recorded name.
    Words(String),
    /// How many.
    Count(u64),
    /// A day.
    Day(Day),
    /// Money.
    Money(Fen),
    /// A number of the law with its unit.
    Quantity(crate::quantity::Quantity),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Words(words) => f.write_str(words),
            Value::Count(count) => write!(f, "{count}"),
            Value::Day(day) => write!(f, "{day}"),
            Value::Money(fen) => write!(f, "{} 元", fen.grouped()),
            Value::Quantity(quantity) => quantity.fmt(f),
        }
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Value {
        Value::Words(words.to_owned())
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Value {
        Value::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Value {
        Value::Count(u64::from(count))
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Value {
        Value::Day(day)
    }
}

impl From<Fen> for Value {
    fn from(fen: Fen) -> Value {
        Value::Money(fen)
    }
}

impl From<crate::quantity::Quantity> for Value {
    fn from(quantity: crate::quantity::Quantity) -> Value {
        Value::Quantity(quantity)
    }
}

/// A kind of finding: a stable code, and what people read, with places like `{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Saying {
    pub(crate) code: &'static str,
    pub(crate) problem: &'static str,
    pub(crate) next: &'static str,
}

/// 〔发现〕 One condition of a rule that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// A stable code, for programs.
    pub code: &'static str,
    /// What it does to the step that is tried.
    pub severity: Severity,
    /// What is wrong, a pattern with places.
    pub problem: &'static str,
    /// What to do next, a pattern with places.
    pub next: &'static str,
    /// What stands in the places of both.
    pub values: Vec<(&'static str, Value)>,
}

impl Finding {
    /// The value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        let found = self.values.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| value)
    }

    fn filled(&self, pattern: &str) -> String {
        let mut text = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = behind.split_once('}') else {
                rest = behind;
                break;
            };
            match self.value(name) {
                Some(value) => text.push_str(&value.to_string()),
                // a place without a value stays visible, and a test looks for it
                None => text.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

impl fmt::Display for Finding {
    /// One Chinese sentence: what is wrong, and what to do next.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}，{}。",
            self.filled(self.problem),
            self.filled(self.next)
        )
    }
}
