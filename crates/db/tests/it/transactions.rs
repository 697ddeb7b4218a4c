//! Transactions: all or nothing, and never a silent nothing.

use db::{Col, Error, args, bulk, sql};

use crate::{count, count_now, give, ledgers};

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        drop(tx);
        assert_eq!(count_now(&db).await, 0, "{}", db.name());
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        assert_eq!(count(&mut tx).await, 1);
        tx.commit().await.unwrap();
        assert_eq!(count_now(&db).await, 1, "{}", db.name());
    }
}

#[tokio::test]
async fn a_unique_violation_is_recognised_and_fails_the_transaction() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        let error = give(&mut tx, 1, 100).await.unwrap_err();
        assert!(error.is_unique() && !error.is_retryable() && !error.outcome_unknown());
        assert!(std::error::Error::source(&error).is_some());
        assert!(matches!(give(&mut tx, 2, 1).await, Err(Error::TxFailed)));
        assert!(matches!(
            tx.commit().await,
            Err(Error::Commit { .. } | Error::TxFailed)
        ));
        assert_eq!(count_now(&db).await, 0, "{}", db.name());

        let mut tx = db.begin().await.unwrap();
        let name = sql!("INSERT INTO fund(id, name, balance) VALUES ($1, $2, $3)");
        assert!(
            tx.exec(name, args![3, "助学", 0])
                .await
                .unwrap_err()
                .is_unique()
        );
        let mut tx = {
            drop(tx);
            db.begin().await.unwrap()
        };
        assert!(
            tx.exec(name, args![3, "别的", -1])
                .await
                .unwrap_err()
                .is_check()
        );
    }
}

#[tokio::test]
async fn a_savepoint_saves_the_rest() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        tx.savepoint(1).await.unwrap();
        give(&mut tx, 2, 100).await.unwrap();
        assert!(give(&mut tx, 1, 100).await.unwrap_err().is_unique());
        tx.rollback_to(1).await.unwrap();
        tx.release(1).await.unwrap();
        give(&mut tx, 3, 100).await.unwrap();
        tx.commit().await.unwrap();
        let ids = db.rows(sql!("SELECT id FROM donation ORDER BY id"), args![], |r| {
            r.i64(0)
        });
        assert_eq!(ids.await.unwrap(), [1, 3], "{}", db.name());
    }
}

/// The foreign key is looked at only by COMMIT.
#[tokio::test]
async fn a_refused_commit_says_so_and_leaves_nothing() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let text = sql!("INSERT INTO donation(id, fund_id, amount, paid_at) VALUES (1, 99, 1, 1)");
        tx.exec(text, args![]).await.unwrap();
        let error = tx.commit().await.unwrap_err();
        assert!(
            matches!(error, Error::Commit { unknown: false, .. }),
            "{error:?}"
        );
        assert!(error.is_foreign_key() && !error.outcome_unknown() && !error.is_retryable());
        assert_eq!(count_now(&db).await, 0, "{}", db.name());
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A client that hangs up cuts a statement off; COMMIT may not follow.
#[tokio::test]
async fn a_statement_cut_off_fails_the_transaction() {
    use futures_util::FutureExt;
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let answered = give(&mut tx, 1, 100).now_or_never().is_some();
        // SQLite answers at once; PostgreSQL was cut off.
        assert_eq!(answered, tx.commit().await.is_ok(), "{}", db.name());
        assert_eq!(count_now(&db).await, i64::from(answered), "{}", db.name());
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 7, 100).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The server goes away between the last statement and COMMIT.
#[tokio::test]
async fn a_commit_without_an_answer_is_of_unknown_outcome() {
    for db in ledgers().await {
        if db.engine() == db::Engine::Sqlite {
            continue; // No server that could go away.
        }
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        let me = sql!(pg: "SELECT CAST(pg_backend_pid() AS BIGINT)", lite: "SELECT 1");
        let pid = tx.one(me, args![], |r| r.i64(0)).await.unwrap();
        let end = sql!(
            pg: "SELECT CASE WHEN pg_terminate_backend(CAST($1 AS INT)) THEN 1 ELSE 0 END",
            lite: "SELECT $1"
        );
        assert_eq!(db.one(end, args![pid], |r| r.i64(0)).await.unwrap(), 1);
        let error = tx.commit().await.unwrap_err();
        assert!(
            error.outcome_unknown() && !error.is_retryable(),
            "{error:?}"
        );
        assert_eq!(count_now(&db).await, 0);
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The same, noticed by a statement: nothing was committed, so try again.
#[tokio::test]
async fn a_connection_lost_before_commit_is_retryable() {
    for db in ledgers().await {
        if db.engine() == db::Engine::Sqlite {
            continue; // No connection that could be lost.
        }
        let mut tx = db.begin().await.unwrap();
        let end = sql!(
            pg: "SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END",
            lite: "SELECT 0"
        );
        let error = tx.one(end, args![], |r| r.i64(0)).await.unwrap_err();
        assert!(
            error.is_retryable() && !error.outcome_unknown(),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn there_is_one_writer_and_it_is_waited_for() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 1).await.unwrap();
        let other = db.db().clone();
        let waiting = tokio::spawn(async move {
            let mut tx = other.begin().await?;
            give(&mut tx, 2, 1).await?;
            tx.commit().await
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        tx.commit().await.unwrap();
        waiting.await.unwrap().unwrap();
        assert_eq!(count_now(&db).await, 2, "{}", db.name());
    }
}

#[tokio::test]
async fn waiting_for_the_writer_has_an_end() {
    let options = db::Options {
        wait: std::time::Duration::from_millis(20),
        ..db::testing::few()
    };
    let mut all = vec![db::testing::sqlite(options.clone()).unwrap()];
    all.extend(
        db::testing::postgres(db::Options {
            wait: std::time::Duration::from_secs(1),
            ..options
        })
        .unwrap(),
    );
    for db in all {
        let _tx = db.begin().await.unwrap();
        let error = db.begin().await.unwrap_err();
        assert!(
            matches!(error, Error::Busy { .. }) && error.is_retryable(),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_bulk_insert_counts_what_it_wrote() {
    for db in ledgers().await {
        let insert = bulk!(
            "donation(id, fund_id, amount, paid_at, donor, leaf)",
            "ON CONFLICT (id) DO NOTHING"
        );
        let rows = db::BULK_ROWS_AT_ONCE as i64 + 10;
        let ids: Vec<i64> = (1..=rows).collect();
        let funds = vec![2; ids.len()];
        let donors: Vec<Option<&str>> = ids.iter().map(|n| (n % 2 == 0).then_some("善")).collect();
        let leaves: Vec<Option<&[u8]>> = ids
            .iter()
            .map(|n| (n % 3 == 0).then_some(&[0, 9][..]))
            .collect();
        let columns = [
            Col::I(&ids),
            Col::I(&funds),
            Col::I(&ids),
            Col::I(&ids),
            Col::OptT(&donors),
            Col::OptB(&leaves),
        ];
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 5, 1).await.unwrap();
        assert_eq!(
            tx.bulk(insert, &columns).await.unwrap(),
            rows as u64 - 1,
            "{}",
            db.name()
        );
        assert_eq!(tx.bulk(insert, &columns).await.unwrap(), 0);
        let nothing = [
            Col::I(&[]),
            Col::I(&[]),
            Col::I(&[]),
            Col::I(&[]),
            Col::T(&[]),
            Col::B(&[]),
        ];
        assert_eq!(tx.bulk(insert, &nothing).await.unwrap(), 0);
        let short = [
            Col::I(&ids),
            Col::I(&[1]),
            Col::I(&ids),
            Col::I(&ids),
            Col::OptT(&donors),
            Col::OptB(&leaves),
        ];
        assert!(matches!(
            tx.bulk(insert, &short).await,
            Err(Error::Ragged { .. })
        ));
        assert!(matches!(
            tx.bulk(insert, &columns[1..]).await,
            Err(Error::Arguments { .. })
        ));
        tx.commit().await.unwrap();
        let text =
            sql!("SELECT COUNT(donor), COUNT(leaf), COUNT(*) FROM donation WHERE fund_id = 2");
        let counts = db
            .one(text, args![], |r| Ok((r.i64(0)?, r.i64(1)?, r.i64(2)?)))
            .await
            .unwrap();
        assert_eq!(counts, (rows / 2, rows / 3, rows - 1), "{}", db.name());
    }
}

#[tokio::test]
async fn many_rows_are_updated_in_one_call() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let add = sql!(
            pg: "UPDATE fund SET balance = balance + u.n FROM UNNEST($1::bigint[], $2::bigint[]) \
                 AS u(id, n) WHERE fund.id = u.id",
            lite: "UPDATE fund SET balance = balance + $2 WHERE id = $1"
        );
        let columns = [Col::I(&[1, 2, 3]), Col::I(&[50, 70, 90])];
        assert_eq!(tx.exec_columns(add, &columns).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let balances = db.rows(sql!("SELECT balance FROM fund ORDER BY id"), args![], |r| {
            r.i64(0)
        });
        assert_eq!(balances.await.unwrap(), [50, 70], "{}", db.name());
    }
}
