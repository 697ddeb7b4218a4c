//! A page of a list: its rows, what stood before them, what the whole list adds up to.

use super::asked::{Asked, Note};
use super::limits::{COUNTED_ROWS_MAX, WHOLE_ROWS_MAX};
use super::meta::{List, Opened, Part, Question, Source};
use super::value::{Row, Tally, Value};
use super::whole;
use crate::answer::Answer;
use crate::view::Link;
use crate::{App, AppError};
use db::Session;
use domain::Refusal;
use domain::identity::Actor;

/// Name of the cursors' list; each list adds its own name and question inside.
const PLACES: &str = "lists";

/// 〔清单请求〕 Who asks what of which list.
#[derive(Debug, Clone)]
pub struct ListAsk {
    /// The list.
    pub list: &'static List,
    /// Who asks.
    pub actor: Actor,
    /// What stands where the address has braces.
    pub params: Vec<String>,
    /// Filters, order and place.
    pub asked: Asked,
}

/// 〔余额〕 opening + inflow − outflow = closing, of the rows of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Before the earliest row.
    pub opening: i64,
    /// Came in on this page.
    pub inflow: i64,
    /// Went out on this page.
    pub outflow: i64,
    /// After the latest row.
    pub closing: i64,
    /// `fen` or the unit.
    pub unit: String,
}

/// 〔清单页〕 A page of a list.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// Whose it is, as it is called; empty for the whole house.
    pub of: String,
    /// Where one comes from.
    pub back: Link,
    /// The rows.
    pub rows: Vec<Row>,
    /// The rows of earlier pages.
    pub before: Tally,
    /// The rows of this page.
    pub here: Tally,
    /// All rows; absent where there are too many to count for a page.
    pub total: Option<Tally>,
    /// The account, where the list is one and nothing of it is left out.
    pub balance: Option<Balance>,
    /// Continues the list.
    pub next: Option<String>,
    /// What of the address could not be used.
    pub notes: Vec<Note>,
    /// What the actor may do there, as action codes.
    pub may: Vec<&'static str>,
}

/// Rows for a file, and the place behind them.
#[derive(Debug)]
pub struct ListPart {
    /// The rows.
    pub rows: Vec<Row>,
    /// Where the next ones begin; it is for this list only and not sealed.
    pub next: Option<String>,
}

/// Begins a file: whose list it is and how many rows it will have.
#[derive(Debug, Clone)]
pub struct ListBegun {
    /// Whose it is.
    pub of: String,
    /// How many rows and their sums; absent if there are more than were asked about.
    pub total: Option<Tally>,
}

impl App {
    /// A page of a list.
    ///
    /// # Errors
    /// `NotFound`; `Denied`; `Refused` for a list that has grown beyond what is read whole.
    pub fn list_page<'a>(&'a self, ask: &'a ListAsk) -> Answer<'a, ListPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let opened = self.list_opened(read, ask).await?;
            let list = ask.list;
            let mut notes = ask.asked.notes.clone();
            let (before, place) = self.list_place(ask, &mut notes);
            let question = question(ask, &opened, place.as_deref(), ask.asked.size);
            let (part, total) = self.list_read(read, list, question).await?;
            let here = Tally::of(list, &part.rows);
            let so_far = before.plus(&here);
            Ok(ListPage {
                of: opened.of,
                back: opened.back,
                may: opened.may,
                balance: balance(ask, &part.rows),
                next: part.next.map(|place| self.list_mark(ask, &so_far, &place)),
                rows: part.rows,
                before,
                here,
                total,
                notes,
            })
        })
    }

    /// Whose list a file is of, and its total if it has at most `limit` rows.
    ///
    /// # Errors
    /// As [`App::list_page`].
    pub fn list_begin<'a>(&'a self, ask: &'a ListAsk, limit: i64) -> Answer<'a, ListBegun> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let opened = self.list_opened(read, ask).await?;
            let question = question(ask, &opened, None, limit);
            let total = match ask.list.source {
                Source::Whole(all) => {
                    let rows = whole_rows(all(self, read, question).await?)?;
                    let rows = whole::arranged(ask.list, &ask.asked, rows);
                    Some(Tally::of(ask.list, &rows))
                }
                Source::Walked(_, tally) => tally(self, read, question).await?,
            };
            Ok(ListBegun {
                of: opened.of,
                total,
            })
        })
    }

    /// The rows behind a place, for a file: the same rows in the same order as on the pages. Each part reads its own
    /// snapshot, so that a slow reader keeps no connection; the places of the order keep rows from coming twice.
    ///
    /// # Errors
    /// As [`App::list_page`].
    pub fn list_part<'a>(
        &'a self,
        ask: &'a ListAsk,
        place: Option<&'a str>,
        limit: i64,
    ) -> Answer<'a, ListPart> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let opened = self.list_opened(read, ask).await?;
            let question = question(ask, &opened, place, limit);
            let part = match ask.list.source {
                Source::Whole(all) => {
                    let rows = whole_rows(all(self, read, question).await?)?;
                    let rows = whole::arranged(ask.list, &ask.asked, rows);
                    whole::part(rows, place, WHOLE_ROWS_MAX)
                }
                Source::Walked(rows, _) => rows(self, read, question).await?,
            };
            Ok(ListPart {
                rows: part.rows,
                next: part.next,
            })
        })
    }

    async fn list_opened(&self, session: &mut Session, ask: &ListAsk) -> Result<Opened, AppError> {
        (ask.list.open)(self, session, (&ask.actor, &ask.params)).await
    }

    async fn list_read(
        &self,
        session: &mut Session,
        list: &'static List,
        question: Question<'_>,
    ) -> Result<(Part, Option<Tally>), AppError> {
        match list.source {
            Source::Whole(all) => {
                let rows = whole_rows(all(self, session, question).await?)?;
                let rows = whole::arranged(list, question.asked, rows);
                let total = Tally::of(list, &rows);
                let part = whole::part(rows, question.place, question.limit);
                Ok((part, Some(total)))
            }
            Source::Walked(rows, tally) => {
                let counted = Question {
                    limit: COUNTED_ROWS_MAX,
                    ..question
                };
                let total = tally(self, session, counted).await?;
                Ok((rows(self, session, question).await?, total))
            }
        }
    }

    /// What the sealed mark of a page says; a mark of other filters begins at the first page and says so.
    fn list_place(&self, ask: &ListAsk, notes: &mut Vec<Note>) -> (Tally, Option<String>) {
        let nothing = Tally::empty(ask.list);
        let Some(sealed) = ask.asked.after.as_deref() else {
            return (nothing, None);
        };
        let opened = self.cursors(PLACES).open(sealed).ok();
        let read = opened.and_then(|text| read_mark(ask, &text));
        match read {
            Some((before, place)) => (before, Some(place)),
            None => {
                notes.push(Note::Place);
                (nothing, None)
            }
        }
    }

    fn list_mark(&self, ask: &ListAsk, before: &Tally, place: &str) -> String {
        let sums: Vec<String> = before.sums.iter().map(i64::to_string).collect();
        let text = [
            question_text(ask),
            before.rows.to_string(),
            sums.join(" "),
            place.to_string(),
        ];
        self.cursors(PLACES).close(&text.join("\n"))
    }
}

/// The list and what is asked of it, without the place.
fn question_text(ask: &ListAsk) -> String {
    let pairs = ask.asked.pairs(ask.list);
    let pairs = pairs
        .iter()
        .filter(|(name, _)| *name != "size")
        .map(|(name, text)| format!("{name}={text}"));
    let mut text = ask.list.address(&ask.params);
    for pair in pairs {
        text.push('&');
        text.push_str(&pair.replace('\n', " "));
    }
    text
}

fn read_mark(ask: &ListAsk, text: &str) -> Option<(Tally, String)> {
    let mut parts = text.splitn(4, '\n');
    if parts.next()? != question_text(ask) {
        return None;
    }
    let rows = parts.next()?.parse().ok()?;
    let sums = parts.next()?.split_whitespace();
    let sums: Vec<i64> = sums.map(str::parse).collect::<Result<_, _>>().ok()?;
    let tally = Tally { rows, sums };
    (tally.sums.len() == ask.list.summed().count()).then_some(())?;
    Some((tally, parts.next()?.to_string()))
}

fn question<'a>(
    ask: &'a ListAsk,
    opened: &'a Opened,
    place: Option<&'a str>,
    limit: i64,
) -> Question<'a> {
    Question {
        scope: &opened.scope,
        asked: &ask.asked,
        place,
        limit,
        may: &opened.may,
    }
}

/// The rows, unless there are too many to be arranged in memory; then the list says so instead of leaving rows out.
fn whole_rows(rows: Vec<Row>) -> Result<Vec<Row>, AppError> {
    if i64::try_from(rows.len()).is_ok_and(|count| count <= WHOLE_ROWS_MAX) {
        return Ok(rows);
    }
    Err(AppError::Refused(Refusal {
        code: "list.too_long",
        sentence: "这张清单太长，不能整张显示；请从活动或资金的页面进入，或联系管理员导出。".into(),
        law: None,
        field: None,
    }))
}

/// The account of the rows of a page, where each row says what was there after it.
fn balance(ask: &ListAsk, rows: &[Row]) -> Option<Balance> {
    let ledger = ask.list.ledger?;
    let at = |name: &str| ask.list.column(name).map(|(at, _)| at);
    let (into, out, left) = (at(ledger.inflow)?, at(ledger.outflow)?, at(ledger.balance)?);
    let amount = |row: &Row, at: usize| row.cells.get(at).map_or(0, Value::amount);
    let (earliest, latest) = if ask.asked.order.descending {
        (rows.last()?, rows.first()?)
    } else {
        (rows.first()?, rows.last()?)
    };
    let Some(Value::Quantity { unit, .. }) = earliest.cells.get(left) else {
        return None;
    };
    let sum = |at: usize| rows.iter().map(|row| amount(row, at)).sum();
    Some(Balance {
        opening: amount(earliest, left) - amount(earliest, into) + amount(earliest, out),
        inflow: sum(into),
        outflow: sum(out),
        closing: amount(latest, left),
        unit: unit.clone(),
    })
}
