//! Values: what goes in comes out, on both engines alike.

use db::{Error, args, sql};

use crate::{give, ledgers};

#[tokio::test]
async fn values_come_back_as_they_were() {
    let texts = ["", "善迹 🀄 𠮷 é", "it's \"quoted\" $1 ?1 \\ \n"];
    let numbers = [i64::MIN, -1, 0, 1, 9_007_199_254_740_993, i64::MAX];
    let every_byte: Vec<u8> = (0..=255).collect();
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let insert = sql!(
            "INSERT INTO donation(id, fund_id, amount, paid_at, donor, leaf) \
             VALUES ($1, 1, $2, $2, $3, $4)"
        );
        for (id, number) in (0_i64..).zip(numbers) {
            let text = texts[id as usize % texts.len()];
            tx.exec(insert, args![id, number, text, &every_byte])
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let select = sql!("SELECT amount, donor, leaf FROM donation WHERE id = $1");
        for (id, number) in (0_i64..).zip(numbers) {
            let found = db
                .one(select, args![id], |r| {
                    Ok((r.i64(0)?, r.text(1)?, r.bytes(2)?))
                })
                .await
                .unwrap();
            let text = texts[id as usize % texts.len()].to_owned();
            assert_eq!(found, (number, text, every_byte.clone()), "{}", db.name());
        }
    }
}

#[tokio::test]
async fn absent_values_fit_every_type() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        let insert = sql!(
            "INSERT INTO donation(id, fund_id, amount, paid_at, donor, leaf) \
             VALUES ($1, 1, 1, 1, $2, $3)"
        );
        tx.exec(insert, args![1, None::<&str>, None::<Vec<u8>>])
            .await
            .unwrap();
        tx.exec(insert, args![2, None::<i64>, None::<i64>])
            .await
            .unwrap();
        let select = sql!("SELECT donor, leaf, CAST($2 AS BIGINT) FROM donation WHERE id = $1");
        for id in [1, 2] {
            let found = tx
                .one(select, args![id, None::<&str>], |r| {
                    Ok((r.opt_text(0)?, r.opt_bytes(1)?, r.opt_i64(2)?))
                })
                .await
                .unwrap();
            assert_eq!(found, (None, None, None), "{}", db.name());
        }
        let null = tx
            .one(select, args![1, 1], |r| r.text(0))
            .await
            .unwrap_err();
        assert!(matches!(null, Error::Column { column: 0, .. }), "{null:?}");
    }
}

#[tokio::test]
async fn placeholders_are_numbered_not_named() {
    for db in ledgers().await {
        let text = sql!("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT), '$1'");
        let read = |r: &db::Row<'_>| Ok([r.text(0)?, r.text(1)?, r.text(2)?, r.text(3)?]);
        let found = db.one(text, args!["a", "b"], read).await;
        assert_eq!(found.unwrap(), ["b", "a", "b", "$1"], "{}", db.name());
    }
}

#[tokio::test]
async fn what_one_engine_lacks_is_refused_by_both() {
    for db in ledgers().await {
        let echo = sql!("SELECT CAST($1 AS TEXT)");
        let number = sql!("SELECT CAST($1 AS BIGINT)");
        assert!(matches!(
            db.one(echo, args!["a\0b"], |r| r.text(0)).await,
            Err(Error::NulInText)
        ));
        let large = db.one(number, args![u64::MAX], |r| r.i64(0)).await;
        assert!(matches!(large, Err(Error::NumberTooLarge { .. })));
        let few = db.one(number, args![], |r| r.i64(0)).await;
        assert!(
            matches!(
                few,
                Err(Error::Arguments {
                    wanted: 1,
                    given: 0,
                    ..
                })
            ),
            "{few:?}"
        );
        let kind = db.one(number, args![1], |r| r.text(0)).await;
        assert!(matches!(kind, Err(Error::Column { .. })), "{kind:?}");
        let beyond = db.one(number, args![1], |r| r.i64(1)).await;
        assert!(
            matches!(beyond, Err(Error::Column { .. } | Error::Value { .. })),
            "{beyond:?}"
        );
    }
}

#[tokio::test]
async fn one_row_means_one_row() {
    for db in ledgers().await {
        let mut tx = db.begin().await.unwrap();
        for id in 1..=2 {
            give(&mut tx, id, 1).await.unwrap();
        }
        tx.commit().await.unwrap();
        let text = sql!("SELECT id FROM donation WHERE id >= $1");
        assert!(matches!(
            db.one(text, args![3], |r| r.i64(0)).await,
            Err(Error::NoRow { .. })
        ));
        assert_eq!(db.opt(text, args![3], |r| r.i64(0)).await.unwrap(), None);
        assert_eq!(db.opt(text, args![2], |r| r.i64(0)).await.unwrap(), Some(2));
        assert!(matches!(
            db.opt(text, args![1], |r| r.i64(0)).await,
            Err(Error::ManyRows { .. })
        ));
    }
}
