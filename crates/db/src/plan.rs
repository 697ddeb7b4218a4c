//! What the engines think of the statements: do they understand them, and by
//! which way would they fetch the rows.

use std::fmt;

use crate::arg::Arg;
use crate::column::Kind;
use crate::database::Db;
use crate::error::{Error, Result};
use crate::lite;
use crate::pg;
use crate::registry::{Bulk, Sql, bulks, opaque_length, statements};
use crate::row::advice;
use crate::session::{Held, connection};
use deadpool_postgres::Object;
use tokio_postgres::types::Type;

/// A registered statement that an engine does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is written: file and line.
    pub place: String,
    /// Its text.
    pub statement: String,
    /// Why not, in the engine's words or ours.
    pub why: String,
}

/// How an engine would run a registered statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where it is written: file and line.
    pub place: String,
    /// Its text.
    pub statement: String,
    /// The engine's lines, top first, indented.
    pub lines: Vec<String>,
}

/// A statement that would walk through the whole of a large table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Where it is written: file and line.
    pub place: String,
    /// Its text.
    pub statement: String,
    /// The large table.
    pub table: String,
    /// The engine's line that says so.
    pub line: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.place, self.why, self.statement)
    }
}

impl fmt::Display for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} ({})\n    {}",
            self.place, self.table, self.line, self.statement
        )
    }
}

impl Db {
    /// Prepares every registered statement on this engine; those it refuses,
    /// and those that use types the other engine lacks. After migrating.
    ///
    /// A program holds only the statements of the crates it links: a test also
    /// asserts that [`statements`](crate::statements) are as many as expected.
    ///
    /// # Errors
    /// No connection.
    pub async fn check_all(&self) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let mut held = self.reader().await?;
        for sql in statements() {
            let why = match &mut held {
                Held::Pg(client) => pg_problem(client, sql.pg_text()).await,
                held => lite::prepare(connection(held)?, sql.lite_text())
                    .err()
                    .map(|e| words(&e)),
            };
            if let Some(why) = why {
                let statement = sql.pg_text().to_owned();
                problems.push(Problem {
                    place: sql.place(),
                    statement,
                    why,
                });
            }
        }
        for bulk in bulks() {
            let why = match &mut held {
                Held::Pg(client) => pg_bulk_problem(client, bulk).await,
                held => lite::prepare(connection(held)?, bulk.lite_text())
                    .err()
                    .map(|e| words(&e)),
            };
            if let Some(why) = why {
                problems.push(Problem {
                    place: bulk.place(),
                    statement: bulk.text(),
                    why,
                });
            }
        }
        Ok(problems)
    }

    /// How this engine would run every registered statement, but for those
    /// that [`Db::check_all`] reports.
    ///
    /// PostgreSQL plans without knowing the arguments and as if reading a whole
    /// table were very dear, so that a plan shows whether an index *can* be
    /// used, even on the few rows of a test.
    ///
    /// # Errors
    /// No connection.
    pub async fn plans(&self) -> Result<Vec<Plan>> {
        let mut plans = Vec::new();
        let mut held = self.planner().await?;
        for sql in statements() {
            let lines = match &mut held {
                Held::Pg(client) => pg_plan(client, sql).await,
                held => lite_plan(connection(held)?, sql),
            };
            let lines = match lines {
                Err(Error::Pg { source, .. }) if source.is_closed() => {
                    return Err(pg::failed(sql.pg_text(), source));
                }
                Err(Error::Lite { .. } | Error::Pg { .. }) => continue,
                other => other?,
            };
            let statement = sql.pg_text().to_owned();
            plans.push(Plan {
                place: sql.place(),
                statement,
                lines,
            });
        }
        if let Held::Pg(client) = held {
            // Its settings are not those of a reader.
            drop(Object::take(client));
        }
        Ok(plans)
    }

    /// The statements that would walk through the whole of a large table.
    ///
    /// A walk along an index is taken for bounded if the statement has a
    /// `LIMIT`: that is how the first page of a list is read.
    ///
    /// # Errors
    /// As [`Db::plans`].
    pub async fn full_scans(&self, big_tables: &[&str]) -> Result<Vec<Scan>> {
        let lite = matches!(self, Db::Lite(_));
        let mut scans = Vec::new();
        for plan in self.plans().await? {
            for (table, line) in scanned(lite, &plan, big_tables) {
                scans.push(Scan {
                    place: plan.place.clone(),
                    statement: plan.statement.clone(),
                    table,
                    line,
                });
            }
        }
        Ok(scans)
    }

    async fn planner(&self) -> Result<Held> {
        let held = self.reader().await?;
        if let Held::Pg(client) = &held {
            let settings = "SET default_transaction_read_only = off; \
                            SET plan_cache_mode = force_generic_plan; \
                            SET enable_seqscan = off; SET enable_hashjoin = off; \
                            SET enable_mergejoin = off";
            pg::batch(client, settings).await?;
        }
        Ok(held)
    }
}

/// The engine's own sentence, which stands in the source.
fn words(error: &Error) -> String {
    let mut text = String::new();
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&source.to_string());
        next = source.source();
    }
    if text.is_empty() {
        format!("{error:?}")
    } else {
        text
    }
}

/// Prepares on PostgreSQL and looks at the types it finds: a type that SQLite
/// lacks would only fail when the row is read.
async fn pg_problem(client: &Object, text: &str) -> Option<String> {
    let (parameters, columns) = match pg::prepare(client, text).await {
        Ok(types) => types,
        Err(error) => return Some(words(&error)),
    };
    let parameter = parameters.iter().find(|ty| !portable(ty) && !array(ty));
    let column = columns.iter().find(|ty| !portable(ty));
    match (parameter, column) {
        (Some(ty), _) => Some(format!("a parameter has the type {}", advice(ty))),
        (_, Some(ty)) => Some(format!("a column has the type {}", advice(ty))),
        _ => None,
    }
}

fn portable(ty: &Type) -> bool {
    matches!(
        *ty,
        Type::INT8 | Type::INT4 | Type::INT2 | Type::TEXT | Type::VARCHAR | Type::BYTEA
    )
}

fn array(ty: &Type) -> bool {
    matches!(*ty, Type::INT8_ARRAY | Type::TEXT_ARRAY | Type::BYTEA_ARRAY)
}

/// The kinds of a bulk insert's columns stand in the schema only.
async fn pg_bulk_problem(client: &Object, bulk: &Bulk) -> Option<String> {
    let (table, columns) = bulk.table_and_columns();
    let types = match pg::prepare(client, &format!("SELECT {columns} FROM {table}")).await {
        Ok((_, types)) => types,
        Err(error) => return Some(words(&error)),
    };
    let kinds: Option<Vec<Kind>> = types.iter().map(kind).collect();
    let Some(kinds) = kinds else {
        return Some("a column is neither BIGINT, TEXT nor BYTES".to_owned());
    };
    pg_problem(client, &bulk.pg_text(&kinds)).await
}

fn kind(ty: &Type) -> Option<Kind> {
    match *ty {
        Type::INT8 => Some(Kind::Integer),
        Type::TEXT => Some(Kind::Text),
        Type::BYTEA => Some(Kind::Bytes),
        _ => None,
    }
}

fn lite_plan(connection: &rusqlite::Connection, sql: &Sql) -> Result<Vec<String>> {
    let text = format!("EXPLAIN QUERY PLAN {}", sql.lite_text());
    let count = lite::prepare(connection, sql.lite_text())?;
    let nothing = vec![Arg::Null; count];
    let mut lines: Vec<String> = Vec::new();
    let mut depth: Vec<(i64, usize)> = vec![(0, 0)];
    lite::rows(connection, &text, &nothing, |row| {
        let (id, parent) = (row.i64(0)?, row.i64(1)?);
        let level = depth
            .iter()
            .find(|(id, _)| *id == parent)
            .map_or(0, |(_, level)| *level);
        depth.push((id, level.saturating_add(1)));
        lines.push(format!("{}{}", "  ".repeat(level), row.str(3)?));
        Ok(())
    })?;
    Ok(lines)
}

/// PREPARE, then EXPLAIN EXECUTE: the generic plan, which knows no arguments.
async fn pg_plan(client: &Object, sql: &Sql) -> Result<Vec<String>> {
    let (parameters, _) = pg::prepare(client, sql.pg_text()).await?;
    pg::batch(client, &format!("PREPARE looked_at AS {}", sql.pg_text())).await?;
    let nothing = if parameters.is_empty() {
        String::new()
    } else {
        format!("({})", vec!["NULL"; parameters.len()].join(", "))
    };
    let text = format!("EXPLAIN (COSTS OFF) EXECUTE looked_at{nothing}");
    let found = client
        .simple_query(&text)
        .await
        .map_err(|e| pg::failed(&text, e))?;
    pg::batch(client, "DEALLOCATE looked_at").await?;
    Ok(found
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .collect())
}

/// The large tables a plan walks through, with the line that says so.
fn scanned(lite: bool, plan: &Plan, big_tables: &[&str]) -> Vec<(String, String)> {
    let words = words_of(&plan.statement);
    let limited = words.iter().any(|word| word.eq_ignore_ascii_case("LIMIT"));
    let mut found = Vec::new();
    for (at, line) in plan.lines.iter().enumerate() {
        let Some((name, by_index)) = (if lite {
            lite_walk(line)
        } else {
            pg_walk(plan, at)
        }) else {
            continue;
        };
        if by_index && limited {
            continue;
        }
        for table in big_tables {
            if name == *table || (lite && stands_for(&words, table, name)) {
                found.push(((*table).to_owned(), line.trim().to_owned()));
            }
        }
    }
    found
}

/// "SCAN d", "SCAN d USING COVERING INDEX i": the name, and whether an index
/// gives the order.
fn lite_walk(line: &str) -> Option<(&str, bool)> {
    let rest = line.trim().strip_prefix("SCAN ")?;
    let name = rest.split(' ').next()?;
    Some((
        name,
        rest.contains(" INDEX ") || rest.contains("PRIMARY KEY"),
    ))
}

/// "Seq Scan on t d", or an index scan without an index condition.
fn pg_walk(plan: &Plan, at: usize) -> Option<(&str, bool)> {
    let line = plan.lines.get(at)?;
    let (before, name) = line.rsplit_once(" on ")?;
    let name = name.split(' ').next()?;
    if before.contains("Seq Scan") || before.contains("Sample Scan") {
        return Some((name, false));
    }
    let by_index = before.contains("Index Scan") || before.contains("Index Only Scan");
    if !by_index || before.contains("Bitmap") {
        return None;
    }
    // What belongs to the node stands below it, deeper, before the next node.
    let conditioned = plan
        .lines
        .iter()
        .skip(at.saturating_add(1))
        .take_while(|below| !below.contains("->") && !below.contains(" on "))
        .any(|below| below.trim().starts_with("Index Cond:"));
    if conditioned {
        None
    } else {
        Some((name, true))
    }
}

/// Whether `alias` stands for `table` in the statement: `FROM donation AS d`.
fn stands_for(words: &[&str], table: &str, alias: &str) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let mut next = words.iter().skip(at.saturating_add(1));
        *word == table
            && match next.next() {
                Some(word) if word.eq_ignore_ascii_case("AS") => next.next() == Some(&alias),
                other => other == Some(&alias),
            }
    })
}

/// The words of a statement, without literals and comments.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let opaque = opaque_length(rest);
        let length = if opaque > 0 {
            opaque
        } else if first.is_alphanumeric() || first == '_' {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            words.extend(rest.get(..length));
            length
        } else {
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or("");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lite: bool, statement: &str, lines: &[&str], wanted: &[&str]) {
        let lines = lines.iter().map(|l| (*l).to_owned()).collect();
        let plan = Plan {
            place: String::new(),
            statement: statement.to_owned(),
            lines,
        };
        let found = scanned(lite, &plan, &["donation", "fund"]);
        let tables: Vec<&str> = found.iter().map(|(table, _)| table.as_str()).collect();
        assert_eq!(tables, wanted, "{statement}");
    }

    #[test]
    fn walks_through_large_tables_are_found() {
        check(
            true,
            "SELECT * FROM donation AS d",
            &["SCAN d"],
            &["donation"],
        );
        check(true, "SELECT * FROM donation d", &["SCAN d"], &["donation"]);
        check(
            true,
            "SELECT * FROM donation",
            &["SCAN donation"],
            &["donation"],
        );
        check(true, "SELECT * FROM small", &["SCAN small"], &[]);
        check(
            true,
            "SELECT * FROM donation",
            &["SEARCH donation USING INDEX i (a=?)"],
            &[],
        );
        let walk = "SCAN donation USING COVERING INDEX i";
        check(
            true,
            "SELECT a FROM donation ORDER BY a",
            &[walk],
            &["donation"],
        );
        check(
            true,
            "SELECT a FROM donation ORDER BY a LIMIT $1",
            &[walk],
            &[],
        );
        check(false, "SELECT", &["Seq Scan on donation d"], &["donation"]);
        check(
            false,
            "SELECT",
            &["->  Seq Scan on fund", "Filter: (a = $1)"],
            &["fund"],
        );
        let by_index = "Index Scan using i on donation d";
        check(false, "SELECT", &[by_index, "  Index Cond: (a = $1)"], &[]);
        check(
            false,
            "SELECT",
            &[by_index, "  Filter: (a = $1)"],
            &["donation"],
        );
        check(false, "SELECT LIMIT 1", &["Limit", by_index], &[]);
        check(false, "SELECT 'LIMIT'", &[by_index], &["donation"]);
    }
}
