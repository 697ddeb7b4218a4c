//! Migrations: one SQL text for both engines, forward only, checksummed.
//!
//! A text is written in the portable dialect with four tokens, always in
//! capitals. They are replaced only where a type or a table's tail stands,
//! never inside literals, quoted names, `$$` bodies and comments:
//!
//! | token | SQLite | PostgreSQL | where |
//! |---|---|---|---|
//! | `ID` | `INTEGER` | `BIGINT` | after a column's name or `AS` |
//! | `BIGINT` | `INTEGER` | `BIGINT` | the same; `STRICT` tables know no BIGINT |
//! | `BYTES` | `BLOB` | `BYTEA` | the same |
//! | `STRICT`, `WITHOUT ROWID` | as they are | nothing | after a table's `)` |
//!
//! What only one engine knows stands between a line `-- only sqlite:` or
//! `-- only postgres:` and a line `-- end` (or the next `-- only …:`).

use sha2::{Digest, Sha256};

use crate::database::{Db, Engine};
use crate::error::{Error, Result};
use crate::registry::opaque_length;
use crate::session::{Session, Tx};
use crate::{Sql, args};

// Not registered with `sql!`: these tables are the runner's own, and the
// registry's slice may not be filled by the crate that declares it without
// loosening its lints; the runner's tests run all three.
static REMEMBER: Sql =
    plain("INSERT INTO schema_migration(number, name, checksum) VALUES ($1, $2, $3)");
static REMEMBERED: Sql =
    plain("SELECT number, name, checksum FROM schema_migration ORDER BY number");
static COLLATION: Sql = plain(
    "SELECT CAST(pg_encoding_to_char(encoding) AS TEXT), CAST(datcollate AS TEXT) \
     FROM pg_database WHERE datname = current_database()",
);

const fn plain(text: &'static str) -> Sql {
    Sql::new(text, text, file!(), line!())
}

/// One step of the schema. Once released, neither its name nor its text may
/// change: the next step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order; larger than that of the step before.
    pub number: u32,
    /// A short name for people.
    pub name: &'static str,
    /// The text for both engines.
    pub sql: &'static str,
}

/// A step as the database remembers it.
struct Applied {
    number: u32,
    name: String,
    checksum: Vec<u8>,
}

impl Db {
    /// Brings the schema up to date; gives the numbers of the steps that were
    /// applied now. Each step is a transaction of its own. Steps that were
    /// applied before must be unchanged.
    ///
    /// # Errors
    /// [`Error::Migration`] for a changed, missing or late step;
    /// [`Error::Collation`] for a PostgreSQL database that sorts otherwise.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<Vec<u32>> {
        check_order(migrations)?;
        if self.engine() == Engine::Postgres {
            check_collation(self).await?;
        }
        let mut tx = self.begin().await?;
        let table = "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, \
                     name TEXT NOT NULL, checksum BYTES NOT NULL) STRICT";
        tx.script(&replace_tokens(self.engine(), table)).await?;
        compare(&applied(&mut tx).await?, migrations)?;
        tx.commit().await?;

        let mut done = Vec::new();
        for migration in migrations {
            let mut tx = self.begin().await?;
            if apply(self.engine(), &mut tx, migration, migrations).await? {
                tx.commit().await?;
                done.push(migration.number);
            } else {
                tx.rollback().await?;
            }
        }
        if let (Db::Pg(pg), false) = (self, done.is_empty()) {
            pg.forget_statements();
        }
        Ok(done)
    }
}

/// Applies one step unless it was applied; compares all steps either way.
async fn apply(
    engine: Engine,
    tx: &mut Tx,
    migration: &Migration,
    all: &[Migration],
) -> Result<bool> {
    if engine == Engine::Postgres {
        // Two processes that start at once go one after the other.
        tx.script("LOCK TABLE schema_migration IN EXCLUSIVE MODE")
            .await?;
    }
    let applied = applied(tx).await?;
    compare(&applied, all)?;
    if applied.iter().any(|a| a.number == migration.number) {
        return Ok(false);
    }
    let text = text_for(engine, migration.sql).map_err(|why| refused(migration, why))?;
    tx.script(&text).await?;
    tx.exec(
        &REMEMBER,
        args![migration.number, migration.name, checksum(migration.sql)],
    )
    .await?;
    Ok(true)
}

async fn applied(session: &mut Session) -> Result<Vec<Applied>> {
    session
        .rows(&REMEMBERED, args![], |row| {
            Ok(Applied {
                number: u32::try_from(row.i64(0)?).map_err(|e| Error::value(0, e))?,
                name: row.text(1)?,
                checksum: row.bytes(2)?,
            })
        })
        .await
}

/// What was applied must be a beginning of the list, unchanged.
fn compare(applied: &[Applied], all: &[Migration]) -> Result<()> {
    for (at, old) in applied.iter().enumerate() {
        let why = match all.get(at) {
            None => "数据库比程序新，请换用新版程序",
            Some(new) if new.number != old.number => {
                "它与数据库里已执行的步骤次序不合，步骤只能加在末尾"
            }
            Some(new) if checksum(new.sql) != old.checksum[..] || new.name != old.name => {
                "它执行过以后又被改动，请恢复原文，另写新的一步"
            }
            Some(_) => continue,
        };
        let why = why.to_owned();
        return Err(Error::Migration {
            number: old.number,
            name: old.name.clone(),
            why,
        });
    }
    Ok(())
}

fn check_order(migrations: &[Migration]) -> Result<()> {
    for (one, next) in migrations.iter().zip(migrations.iter().skip(1)) {
        if one.number >= next.number {
            return Err(refused(next, "编号必须递增".to_owned()));
        }
    }
    Ok(())
}

/// Texts must sort by bytes and be UTF-8, as they do and are in SQLite.
async fn check_collation(db: &Db) -> Result<()> {
    let (encoding, order) = db
        .one(&COLLATION, args![], |row| Ok((row.text(0)?, row.text(1)?)))
        .await?;
    if encoding != "UTF8" {
        return Err(Error::Collation {
            what: "编码",
            found: encoding,
        });
    }
    if !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&order.as_str()) {
        return Err(Error::Collation {
            what: "排序规则",
            found: order,
        });
    }
    Ok(())
}

fn refused(migration: &Migration, why: String) -> Error {
    Error::Migration {
        number: migration.number,
        name: migration.name.to_owned(),
        why,
    }
}

/// SHA-256 of the text, whatever its line ends.
fn checksum(sql: &str) -> [u8; 32] {
    Sha256::digest(sql.replace("\r\n", "\n").as_bytes()).into()
}

/// The text as one engine wants it, or why there is none.
fn text_for(engine: Engine, sql: &str) -> std::result::Result<String, String> {
    Ok(replace_tokens(engine, &own_lines(engine, sql)?))
}

/// Drops the lines that are for the other engine.
fn own_lines(engine: Engine, sql: &str) -> std::result::Result<String, String> {
    let mut block: Option<Engine> = None;
    let mut kept = String::with_capacity(sql.len());
    for line in sql.lines() {
        match line.trim() {
            "-- only sqlite:" => block = Some(Engine::Sqlite),
            "-- only postgres:" => block = Some(Engine::Postgres),
            "-- end" if block.is_some() => block = None,
            "-- end" => return Err("有一行 -- end 前面没有 -- only".to_owned()),
            other if other.starts_with("-- only") => {
                return Err(format!("看不懂这一行：{other}"));
            }
            _ if block.is_none_or(|only| only == engine) => {
                kept.push_str(line);
                kept.push('\n');
            }
            _ => {}
        }
    }
    match block {
        None => Ok(kept),
        Some(_) => Err("最后一个 -- only 没有以 -- end 结束".to_owned()),
    }
}

/// What stood before a word, as far as the replacement needs to know it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A name, a keyword or a quoted name: a type may follow.
    Word,
    /// A closing parenthesis or a table's tail: `STRICT` may follow.
    Tail,
    /// Anything else.
    Other,
}

fn replace_tokens(engine: Engine, sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    let mut before = Before::Other;
    while let Some(first) = rest.chars().next() {
        let opaque = opaque_length(rest);
        let length = if opaque > 0 {
            opaque
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if opaque > 0 {
            out.push_str(piece);
            if piece.starts_with('"') {
                before = Before::Word;
            }
        } else if is_word(first) {
            before = replace_word(engine, piece, before, &mut out);
        } else {
            before = match first {
                ')' => Before::Tail,
                ',' if before == Before::Tail => Before::Tail,
                c if c.is_whitespace() => before,
                _ => Before::Other,
            };
            out.push_str(piece);
        }
    }
    out
}

/// Writes the word as the engine wants it; says what then stands before the
/// next one.
fn replace_word(engine: Engine, word: &str, before: Before, out: &mut String) -> Before {
    let lite = engine == Engine::Sqlite;
    match (word, before) {
        ("ID" | "BIGINT", Before::Word) => out.push_str(if lite { "INTEGER" } else { "BIGINT" }),
        ("BYTES", Before::Word) => out.push_str(if lite { "BLOB" } else { "BYTEA" }),
        ("STRICT" | "WITHOUT" | "ROWID", Before::Tail) => {
            if lite {
                out.push_str(word);
            } else if out.trim_end().ends_with(',') {
                // "STRICT, WITHOUT ROWID": the comma goes with its word.
                out.truncate(out.trim_end().len().saturating_sub(1));
            }
            return Before::Tail;
        }
        _ => out.push_str(word),
    }
    Before::Word
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, lite: &str, pg: &str) {
        let flat = |engine| {
            let text = text_for(engine, sql).unwrap();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(flat(Engine::Sqlite), lite);
        assert_eq!(flat(Engine::Postgres), pg);
    }

    #[test]
    fn tokens_are_replaced_where_a_type_stands() {
        check(
            "CREATE TABLE t (id ID PRIMARY KEY, at BIGINT, h BYTES) STRICT;",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, at INTEGER, h BLOB) STRICT;",
            "CREATE TABLE t (id BIGINT PRIMARY KEY, at BIGINT, h BYTEA) ;",
        );
        check(
            "CREATE TABLE t (a ID, PRIMARY KEY (a)) STRICT, WITHOUT ROWID; SELECT 1;",
            "CREATE TABLE t (a INTEGER, PRIMARY KEY (a)) STRICT, WITHOUT ROWID; SELECT 1;",
            "CREATE TABLE t (a BIGINT, PRIMARY KEY (a)) ; SELECT 1;",
        );
        check(
            "CREATE TABLE t (\"x\" BYTES) WITHOUT ROWID, STRICT;",
            "CREATE TABLE t (\"x\" BLOB) WITHOUT ROWID, STRICT;",
            "CREATE TABLE t (\"x\" BYTEA) ;",
        );
        check(
            "SELECT CAST(x AS BYTES), CAST(SUM(x) AS BIGINT)",
            "SELECT CAST(x AS BLOB), CAST(SUM(x) AS INTEGER)",
            "SELECT CAST(x AS BYTEA), CAST(SUM(x) AS BIGINT)",
        );
    }

    #[test]
    fn tokens_elsewhere_are_left_alone() {
        for same in [
            "INSERT INTO t VALUES ('an ID STRICT', \"a BYTES\")",
            "SELECT MY_ID, IDS, ID_2, (ID) FROM t",
            "SELECT 1 -- a BYTES ID",
            "CREATE FUNCTION f() LANGUAGE x AS $$ a BYTES ID $$ STRICT",
        ] {
            check(same, same, same);
        }
    }

    #[test]
    fn blocks_are_for_one_engine() {
        let sql = "a\n-- only sqlite:\nb\n-- only postgres:\nc\n-- end\nd";
        check(sql, "a b d", "a c d");
        for bad in ["-- only sqlite:\na", "-- end", "-- only oracle:\n-- end"] {
            assert!(text_for(Engine::Sqlite, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn checksums_do_not_depend_on_line_ends() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a b"));
    }
}
