//! Reading: snapshots, pages, keys, and readers beside a writer.

use db::{Error, args, sql};

use crate::{count, count_now, give, ledgers};

#[tokio::test]
async fn a_snapshot_does_not_move() {
    for db in ledgers().await {
        let mut before = db.read_tx().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&mut before).await, 0, "{}", db.name());
        let mut after = db.read_tx().await.unwrap();
        assert_eq!(count(&mut before).await, 0, "{}", db.name());
        assert_eq!(count(&mut after).await, 1, "{}", db.name());
    }
}

/// More snapshots than connections, one after the other: each goes back clean.
#[tokio::test]
async fn a_dropped_snapshot_gives_its_connection_back() {
    for db in ledgers().await {
        for round in 1..=12 {
            let mut read = db.read_tx().await.unwrap();
            assert_eq!(count(&mut read).await, round - 1, "{}", db.name());
            if round % 3 == 0 {
                // A failed snapshot as well.
                let wrong = sql!("SELECT id FROM donation WHERE WRONG_4 = $1");
                assert!(read.opt(wrong, args![1], |r| r.i64(0)).await.is_err());
                assert!(matches!(
                    read.opt(wrong, args![1], |r| r.i64(0)).await,
                    Err(Error::TxFailed)
                ));
            }
            drop(read);
            let mut tx = db.begin().await.unwrap();
            give(&mut tx, round, 1).await.unwrap();
            tx.commit().await.unwrap();
            let text = sql!("SELECT COUNT(*) FROM donation");
            assert_eq!(db.one(text, args![], |r| r.i64(0)).await.unwrap(), round);
        }
    }
}

#[tokio::test]
async fn readers_go_on_beside_a_writer() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        give(&mut tx, 1, 100).await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let db = db.db().clone();
            tasks.push(tokio::spawn(async move {
                let mut read = db.read_tx().await.unwrap();
                count(&mut read).await
            }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), 0, "{}", db.name());
        }
        tx.commit().await.unwrap();
        assert_eq!(count_now(&db).await, 1);
    }
}

/// The same on several threads, where COMMIT tells the runtime that it blocks,
/// and with every kind of call inside a task that may move between threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_move_between_threads() {
    for db in ledgers().await {
        let mut tasks = Vec::new();
        for id in 1..=20_i64 {
            let db = db.db().clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = db.begin().await?;
                give(&mut tx, id, 1).await?;
                tx.commit().await?;
                let name = format!("{id}");
                let text = sql!("SELECT id FROM donation WHERE id = $1 AND $2 <> ''");
                db.one(text, args![id, &name], |r| r.i64(0)).await
            }));
        }
        for (id, task) in (1..).zip(tasks) {
            assert_eq!(task.await.unwrap().unwrap(), id, "{}", db.name());
        }
        assert_eq!(count_now(&db).await, 20, "{}", db.name());
    }
}

#[tokio::test]
async fn readers_cannot_write() {
    for db in ledgers().await {
        let text = sql!("DELETE FROM fund WHERE id = $1 RETURNING id");
        assert!(
            db.rows(text, args![1], |r| r.i64(0)).await.is_err(),
            "{}",
            db.name()
        );
        let mut read = db.read_tx().await.unwrap();
        assert!(
            read.rows(text, args![1], |r| r.i64(0)).await.is_err(),
            "{}",
            db.name()
        );
        drop(read);
        let left = db
            .one(sql!("SELECT COUNT(*) FROM fund"), args![], |r| r.i64(0))
            .await;
        assert_eq!(left.unwrap(), 2);
    }
}

#[tokio::test]
async fn pages_by_key_miss_and_repeat_nothing() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let insert =
            sql!("INSERT INTO donation(id, fund_id, amount, paid_at) VALUES ($1, 1, 1, $2)");
        for id in 0..50_i64 {
            tx.exec(insert, args![id, id / 7]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let page = sql!(
            "SELECT paid_at, id FROM donation WHERE (paid_at, id) < ($1, $2) \
             ORDER BY paid_at DESC, id DESC LIMIT $3"
        );
        let (mut after, mut seen) = ((i64::MAX, i64::MAX), Vec::new());
        loop {
            let rows = db
                .rows(page, args![after.0, after.1, 8], |r| {
                    Ok((r.i64(0)?, r.i64(1)?))
                })
                .await
                .unwrap();
            let Some(last) = rows.last() else { break };
            after = *last;
            seen.extend(rows.iter().map(|row| row.1));
        }
        assert_eq!(seen, (0..50).rev().collect::<Vec<_>>(), "{}", db.name());
    }
}

#[tokio::test]
async fn many_keys_are_read_at_once() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        for id in 1..=20 {
            give(&mut tx, id, id * 100).await.unwrap();
        }
        let by_id = sql!(
            pg: "SELECT id, amount FROM donation WHERE id = ANY($1)",
            lite: "SELECT id, amount FROM donation WHERE id = $1"
        );
        let read = |r: &db::Row<'_>| Ok((r.i64(0)?, r.i64(1)?));
        let mut found = tx.by_keys(by_id, &[20, 3, 99, 7], read).await.unwrap();
        found.sort_unstable();
        assert_eq!(found, [(3, 300), (7, 700), (20, 2000)], "{}", db.name());
        assert!(tx.by_keys(by_id, &[], read).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        let keys: Vec<i64> = (0..db::KEYS_AT_ONCE as i64 + 100).collect();
        assert_eq!(db.by_keys(by_id, &keys, read).await.unwrap().len(), 20);
        let by_name = sql!(
            pg: "SELECT id FROM fund WHERE name = ANY($1)",
            lite: "SELECT id FROM fund WHERE name = $1"
        );
        let ids = db
            .by_texts(by_name, &["救灾", "没有"], |r| r.i64(0))
            .await
            .unwrap();
        assert_eq!(ids, [2], "{}", db.name());
    }
}

#[tokio::test]
async fn large_reads_are_streamed_and_can_be_stopped() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        for id in 1..=30 {
            give(&mut tx, id, id).await.unwrap();
        }
        tx.commit().await.unwrap();
        let text = sql!("SELECT amount FROM donation ORDER BY id");
        let mut sum = 0;
        db.each(text, args![], |r| {
            sum += r.i64(0)?;
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(sum, 465, "{}", db.name());
        let stopped = db.each(text, args![], |r| match r.i64(0)? {
            10 => Err(Error::value(0, "enough")),
            _ => Ok(()),
        });
        assert!(matches!(stopped.await, Err(Error::Value { .. })));
        assert_eq!(count_now(&db).await, 30);
    }
}

/// Texts sort by bytes on both engines, so that pages agree.
#[tokio::test]
async fn texts_sort_by_bytes() {
    for db in ledgers().await {
        db.script("DELETE FROM fund; INSERT INTO fund VALUES (1,'a',0),(2,'B',0),(3,'_',0),(4,'善',0),(5,'é',0)")
            .await
            .unwrap();
        let names = db.rows(sql!("SELECT name FROM fund ORDER BY name"), args![], |r| {
            r.text(0)
        });
        assert_eq!(
            names.await.unwrap(),
            ["B", "_", "a", "é", "善"],
            "{}",
            db.name()
        );
    }
}

/// A statement that would never end is stopped.
#[tokio::test]
async fn a_read_has_a_time_limit() {
    let options = db::Options {
        read_time: std::time::Duration::from_millis(30),
        ..db::testing::few()
    };
    let mut all = vec![db::testing::sqlite(options.clone()).unwrap()];
    all.extend(db::testing::postgres(options).unwrap());
    for db in all {
        let text = sql!(
            "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n) \
             SELECT CAST(SUM(i) AS BIGINT) FROM n"
        );
        let error = db.one(text, args![], |r| r.i64(0)).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        let one = db
            .one(sql!("SELECT CAST(1 AS BIGINT)"), args![], |r| r.i64(0))
            .await;
        assert_eq!(one.unwrap(), 1, "{}", db.name());
    }
}
