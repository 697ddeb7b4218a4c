//! Migrations on both engines: once, in order, unchanged.

use db::testing::databases;
use db::{Error, Migration, args, sql};

const ONE: Migration = Migration {
    number: 1,
    name: "one",
    sql: "CREATE TABLE a (id ID PRIMARY KEY, h BYTES NOT NULL) STRICT;",
};
const TWO: Migration = Migration {
    number: 2,
    name: "two",
    sql: "CREATE TABLE b (k TEXT PRIMARY KEY, at BIGINT) STRICT, WITHOUT ROWID;
          -- only sqlite:
          INSERT INTO b VALUES ('engine', 1);
          -- only postgres:
          INSERT INTO b VALUES ('engine', 2);
          -- end
          INSERT INTO a VALUES (7, CAST('x' AS BYTES));",
};
const BROKEN: Migration = Migration {
    number: 3,
    name: "three",
    sql: "CREATE TABLE c (x BIGINT) STRICT; nonsense;",
};

#[tokio::test]
async fn steps_are_applied_once_and_in_order() {
    for db in databases() {
        assert_eq!(db.migrate(&[ONE]).await.unwrap(), [1]);
        assert_eq!(db.migrate(&[ONE, TWO]).await.unwrap(), [2]);
        assert!(db.migrate(&[ONE, TWO]).await.unwrap().is_empty());
        let engine = db
            .one(sql!("SELECT at FROM b"), args![], |r| r.i64(0))
            .await
            .unwrap();
        assert_eq!(
            engine,
            if db.engine() == db::Engine::Sqlite {
                1
            } else {
                2
            }
        );
        let a = db.one(sql!("SELECT id, h FROM a"), args![], |r| {
            Ok((r.i64(0)?, r.bytes(1)?))
        });
        assert_eq!(a.await.unwrap(), (7, b"x".to_vec()));
    }
}

#[tokio::test]
async fn a_changed_history_is_refused() {
    for db in databases() {
        db.migrate(&[ONE, TWO]).await.unwrap();
        let changed = Migration {
            sql: "CREATE TABLE a (id ID);",
            ..ONE
        };
        let renamed = Migration { name: "uno", ..ONE };
        let late = Migration {
            number: 0,
            name: "zero",
            sql: "",
        };
        let histories: [&[Migration]; 6] = [
            &[changed, TWO],
            &[renamed, TWO],
            &[ONE],
            &[],
            &[late, ONE, TWO],
            &[TWO, ONE],
        ];
        for history in histories {
            let refused = db.migrate(history).await;
            assert!(
                matches!(refused, Err(Error::Migration { .. })),
                "{refused:?}"
            );
        }
        assert!(
            db.migrate(&[ONE, TWO]).await.unwrap().is_empty(),
            "{}",
            db.name()
        );
    }
}

#[tokio::test]
async fn a_broken_step_leaves_nothing() {
    for db in databases() {
        assert!(db.migrate(&[ONE, TWO, BROKEN]).await.is_err());
        let mended = Migration {
            sql: "CREATE TABLE c (x BIGINT) STRICT;",
            ..BROKEN
        };
        assert_eq!(
            db.migrate(&[ONE, TWO, mended]).await.unwrap(),
            [3],
            "{}",
            db.name()
        );
    }
}

/// Statements prepared before a change of the schema work after it.
#[tokio::test]
async fn prepared_statements_survive_a_change_of_the_schema() {
    for db in databases() {
        db.migrate(&[ONE]).await.unwrap();
        let all = sql!("SELECT * FROM a");
        assert!(db.opt(all, args![], |r| r.i64(0)).await.unwrap().is_none());
        let wider = Migration {
            number: 2,
            name: "wider",
            sql: "ALTER TABLE a ADD COLUMN n BIGINT; INSERT INTO a VALUES (1, CAST('x' AS BYTES), 5);",
        };
        db.migrate(&[ONE, wider]).await.unwrap();
        assert_eq!(
            db.one(all, args![], |r| r.i64(2)).await.unwrap(),
            5,
            "{}",
            db.name()
        );
    }
}
