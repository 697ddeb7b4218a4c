//! The data layer: one SQL text, two engines.
//!
//! SQLite (bundled) for one machine, PostgreSQL for many; the callers cannot
//! tell which. All statements are written with [`sql!`] and [`bulk!`], which
//! register them, so that one test prepares every statement of the house on
//! both engines ([`Db::check_all`]) and looks at every plan
//! ([`Db::full_scans`]).
//!
//! The dialect both engines understand, in short:
//!
//! - column types `ID`, `BIGINT`, `TEXT`, `BYTES` (see [`Migration`]); 0/1 for
//!   yes and no, fen for money, microseconds for times;
//! - placeholders `$1…$n`; a parameter that is only compared with NULL needs a
//!   type: `CAST($1 AS BIGINT) IS NULL`;
//! - `CAST(SUM(x) AS BIGINT)`, `CASE` around comparisons in a select list, no
//!   `/`, no `LIKE`, no `OFFSET`, row values for pages;
//! - `INSERT … SELECT … WHERE true ON CONFLICT …`.
//!
//! ```no_run
//! # async fn f() -> db::Result<()> {
//! use db::{args, sql, Db, Options};
//! let db = Db::open("sqlite:data/shanji.db", Options::default())?;
//! let mut tx = db.begin().await?;
//! tx.exec(sql!("INSERT INTO note(id, body) VALUES ($1, $2)"), args![7, "善款"]).await?;
//! tx.commit().await?;
//! let body: String =
//!     db.one(sql!("SELECT body FROM note WHERE id = $1"), args![7], |r| r.text(0)).await?;
//! # Ok(()) }
//! ```

mod arg;
mod column;
mod database;
mod error;
mod folding;
mod limits;
mod lite;
mod migrate;
mod pg;
mod plan;
mod registry;
mod row;
mod session;
#[cfg(feature = "testing")]
pub mod testing;

pub use arg::Arg;
pub use column::Col;
pub use database::{Commits, Db, Engine, Options};
pub use error::{Error, Result};
pub use limits::{BULK_ROWS_AT_ONCE, KEYS_AT_ONCE};
pub use migrate::Migration;
pub use plan::{Plan, Problem, Scan};
pub use registry::{Bulk, Sql, bulks, statements};
pub use row::Row;
pub use session::{ReadTx, Session, Tx};

/// Used by the macros; not for callers.
#[doc(hidden)]
pub mod private {
    pub use crate::registry::{BULKS, STATEMENTS};
    pub use linkme;
}
