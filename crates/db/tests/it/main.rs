//! The same suite on both engines: SQLite always, PostgreSQL if
//! `SHANJI_TEST_PG` names a server (`tests/throwaway-postgres.sh` makes one).
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod migrations;
mod plans;
mod portable;
mod reading;
mod speed;
mod transactions;
mod values;

use db::testing::{TestDb, databases};
use db::{Migration, Session, args, sql};

/// A small ledger: enough for every kind of statement the house writes.
const SCHEMA: Migration = Migration {
    number: 1,
    name: "test ledger",
    sql: "
        CREATE TABLE fund (id ID PRIMARY KEY, name TEXT NOT NULL UNIQUE, balance BIGINT NOT NULL
            CHECK (balance >= 0)) STRICT;
        CREATE TABLE donation (
            id ID PRIMARY KEY,
            fund_id BIGINT NOT NULL REFERENCES fund(id) DEFERRABLE INITIALLY DEFERRED,
            amount BIGINT NOT NULL,
            paid_at BIGINT NOT NULL,
            donor TEXT,
            leaf BYTES
        ) STRICT;
        CREATE INDEX donation_paid ON donation(paid_at, id);
    ",
};

/// Every engine with the schema and two funds in it.
async fn ledgers() -> Vec<TestDb> {
    let all = databases();
    for db in &all {
        assert_eq!(db.migrate(&[SCHEMA]).await.unwrap(), [1]);
        db.script("INSERT INTO fund VALUES (1, '助学', 0), (2, '救灾', 0)")
            .await
            .unwrap();
    }
    all
}

/// One donation with the given id and amount, paid at ten times its id.
async fn give(tx: &mut db::Tx, id: i64, amount: i64) -> db::Result<u64> {
    tx.exec(
        sql!("INSERT INTO donation(id, fund_id, amount, paid_at) VALUES ($1, 1, $2, $3)"),
        args![id, amount, id * 10],
    )
    .await
}

/// A function of the store: it takes any session.
async fn count(session: &mut Session) -> i64 {
    session
        .one(sql!("SELECT COUNT(*) FROM donation"), args![], |r| r.i64(0))
        .await
        .unwrap()
}

async fn count_now(db: &TestDb) -> i64 {
    count(&mut db.read_tx().await.unwrap()).await
}
