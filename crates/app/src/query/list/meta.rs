//! A list is a constant that ordinary functions read: its columns, its filters, its order, where its rows are.
//!
//! The same constant draws the form and the heads, reads the address, writes the files and is walked by the test that
//! compares what is on screen with what is in them. A list that wants something else is a page of its own.

use super::asked::Asked;
use super::value::{Row, Tally};
use crate::answer::Answer;
use crate::view::Link;
use crate::{App, AppError};
use db::Session;
use domain::identity::Actor;
use kernel::{Day, Id};
use leaf::ids;
use store::funds::{FundRecord, MovementRecord};

/// 〔清单〕 A list: what it is called, what its rows say, how they are found.
#[derive(Debug)]
pub struct List {
    /// Stable name, for files.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// One sentence about what it holds.
    pub about: &'static str,
    /// Its address; what stands in braces names whose rows they are.
    pub path: &'static str,
    /// Its columns, from left to right.
    pub columns: &'static [Column],
    /// What it can be narrowed by.
    pub filters: &'static [Filter],
    /// The column by which it is sorted unless asked otherwise; with a minus, descending.
    pub order: &'static str,
    /// The columns of an account that has an opening and a closing balance.
    pub ledger: Option<Ledger>,
    /// Who may read it.
    pub audience: Audience,
    /// Finds whose rows they are.
    pub(super) open: Open,
    /// Where the rows come from.
    pub(super) source: Source,
}

/// Who may read a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// People who are signed in and have the permission that `open` asks for.
    Desk,
}

/// 〔列〕 A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Stable name, as JSON writes it.
    pub name: &'static str,
    /// Its head.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub help: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// True if rows can be sorted by it.
    pub sortable: bool,
    /// True if its sum is told.
    pub summed: bool,
    /// True if only files have it, because the page says it elsewhere.
    pub file_only: bool,
    /// True if its words are Chinese whoever reads them, such as those of laws.
    pub chinese: bool,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words as they were recorded.
    Text,
    /// A code of ours, shown in words.
    Code,
    /// Fen, shown in yuan.
    Fen,
    /// Fen or units, of which the whole list has one.
    Quantity,
    /// Fen or units, as the column `unit` says row by row; only fen are added up.
    Mixed,
    /// A whole number.
    Count,
    /// A Beijing day.
    Day,
    /// A time.
    Moment,
    /// Something with a name and a page.
    Link,
    /// A number that leads to a page.
    Number,
}

impl Kind {
    /// True for what is set to the right.
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        matches!(self, Kind::Fen | Kind::Quantity | Kind::Mixed | Kind::Count)
    }
}

impl Column {
    /// A column that can only be read.
    #[must_use]
    pub const fn new(
        name: &'static str,
        label: &'static str,
        kind: Kind,
        help: &'static str,
    ) -> Column {
        Column {
            name,
            label,
            help,
            kind,
            sortable: false,
            summed: false,
            file_only: false,
            chinese: false,
        }
    }

    /// Rows can be sorted by it.
    #[must_use]
    pub const fn sortable(mut self) -> Column {
        self.sortable = true;
        self
    }

    /// Its sum is told.
    #[must_use]
    pub const fn summed(mut self) -> Column {
        self.summed = true;
        self
    }

    /// Its words are Chinese whoever reads them.
    #[must_use]
    pub const fn chinese(mut self) -> Column {
        self.chinese = true;
        self
    }

    /// Only files have it.
    #[must_use]
    pub const fn file_only(mut self) -> Column {
        self.file_only = true;
        self
    }
}

/// 〔筛选条件〕 A filter.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Its name in the address.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The column it looks at.
    pub column: &'static str,
    /// How it narrows.
    pub how: How,
}

/// How a filter narrows.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// One of these codes.
    Choice(fn() -> Vec<(String, String)>),
    /// One of these codes, of which a row holds several with blanks between them.
    Among(fn() -> Vec<(String, String)>),
    /// What was typed is looked for by the source itself, which knows more than words that are contained.
    Search,
    /// The source itself shows what held on this day.
    AsOf,
    /// The words contain what was typed.
    Contains,
    /// The day is this one or later.
    DayFrom,
    /// The day is this one or earlier.
    DayTo,
    /// The amount is this one or more.
    AmountLeast,
    /// The amount is this one or less.
    AmountMost,
}

impl Filter {
    /// A filter by a column.
    #[must_use]
    pub const fn new(
        name: &'static str,
        label: &'static str,
        column: &'static str,
        how: How,
    ) -> Filter {
        Filter {
            name,
            label,
            column,
            how,
        }
    }
}

/// The columns of an account: opening + inflow − outflow = closing.
#[derive(Debug, Clone, Copy)]
pub struct Ledger {
    /// What came in.
    pub inflow: &'static str,
    /// What went out.
    pub outflow: &'static str,
    /// What was there after the row.
    pub balance: &'static str,
}

/// Whose rows a list shows.
#[derive(Debug)]
pub(super) enum Scope {
    /// All of the house.
    House,
    /// An organisation.
    Organisation(Id<ids::Organisation>),
    /// A campaign.
    Campaign(Id<ids::Campaign>),
    /// A day of an organisation.
    Day(Id<ids::Organisation>, Day),
    /// A fund.
    Fund(Box<FundRecord>),
    /// A movement.
    Movement(Box<MovementRecord>),
    /// The offices of these ranges of region codes: from the first text, before the second.
    Regions(Vec<(String, String)>),
}

/// A list that was found.
#[derive(Debug)]
pub(super) struct Opened {
    /// Whose it is, as it is called; empty for the whole house.
    pub of: String,
    /// Where one comes from: address and words.
    pub back: Link,
    /// Whose rows.
    pub scope: Scope,
    /// What the actor may do there, as action codes; nothing for the public.
    pub may: Vec<&'static str>,
}

/// What one part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// Whose rows.
    pub scope: &'a Scope,
    /// Filters and order.
    pub asked: &'a Asked,
    /// Behind which place; the source wrote it itself.
    pub place: Option<&'a str>,
    /// The most rows.
    pub limit: i64,
    /// What the actor may do there, as action codes.
    pub may: &'a [&'static str],
}

/// Rows of a list and where the next ones begin.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The rows.
    pub rows: Vec<Row>,
    /// The place behind the last of them, if there are more.
    pub next: Option<String>,
}

/// Finds whose rows are asked for, and whether this actor may read them.
pub(super) type Open =
    for<'a> fn(&'a App, &'a mut Session, (&'a Actor, &'a [String])) -> Answer<'a, Opened>;
/// Reads all rows of a list, in no order.
pub(super) type ReadWhole =
    for<'a> fn(&'a App, &'a mut Session, Question<'a>) -> Answer<'a, Vec<Row>>;
/// Reads one part of a list, filtered and sorted.
pub(super) type ReadPart = for<'a> fn(&'a App, &'a mut Session, Question<'a>) -> Answer<'a, Part>;
/// Counts and sums a list; absent if it has more rows than `limit`.
pub(super) type ReadTally =
    for<'a> fn(&'a App, &'a mut Session, Question<'a>) -> Answer<'a, Option<Tally>>;

/// Where rows come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// Few by nature: read whole, then narrowed and sorted here.
    Whole(ReadWhole),
    /// Grows with gifts: the database narrows, sorts and counts.
    Walked(ReadPart, ReadTally),
}

impl List {
    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<(usize, &'static Column)> {
        self.columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.name == name)
    }

    /// The columns whose sums are told.
    pub fn summed(&self) -> impl Iterator<Item = (usize, &'static Column)> {
        let columns = self.columns;
        columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.summed)
    }

    /// Its address for these parameters, which stand where the braces are.
    #[must_use]
    pub fn address(&self, params: &[String]) -> String {
        let mut params = params.iter();
        let parts = self.path.split('/').map(|part| {
            if part.starts_with('{') {
                params.next().map_or("", String::as_str)
            } else {
                part
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// A list of this name and scope cannot be found.
pub(super) fn nowhere() -> AppError {
    AppError::NotFound("这张清单")
}
