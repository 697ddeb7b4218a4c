//! Our replacement for checking SQL in the compiler: every statement is prepared on both engines, and none may
//! read a large table whole.

use db::Migration;
use db::testing::databases;
use store::schema::{LARGE_TABLES, MIGRATIONS};
use store::transparency::WITNESS_MIGRATIONS;

/// A silent empty registry must not pass: the linker has gathered at least this many statements.
const STATEMENTS_MIN: usize = 100;

/// The house's tables and those of a witness, which has a file of its own.
fn all_tables() -> Vec<Migration> {
    [MIGRATIONS, WITNESS_MIGRATIONS].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_prepares_on_every_engine() {
    assert!(db::statements().len() + db::bulks().len() >= STATEMENTS_MIN);
    for db in databases() {
        db.migrate(&all_tables()).await.unwrap();
        let problems = db.check_all().await.unwrap();
        assert!(problems.is_empty(), "{}: {problems:#?}", db.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_reads_a_large_table_whole() {
    for db in databases() {
        db.migrate(&all_tables()).await.unwrap();
        let scans = db.full_scans(LARGE_TABLES).await.unwrap();
        assert!(scans.is_empty(), "{}: {scans:#?}", db.name());
    }
}
