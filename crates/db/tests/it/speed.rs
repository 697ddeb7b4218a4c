//! Speed: not a test but a measurement; `cargo test --release -p db -- --ignored
//! --nocapture speed` prints rows per second on both engines.

use db::{Col, args, bulk, sql};

use crate::ledgers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn speed_of_bulk_inserts_and_reads() {
    const ROWS: i64 = 200_000;
    const BATCH: usize = 5_000;
    for db in ledgers().await {
        let insert = bulk!(
            "donation(id, fund_id, amount, paid_at, donor, leaf)",
            "ON CONFLICT (id) DO NOTHING"
        );
        let ids: Vec<i64> = (1..=ROWS).collect();
        let start = tokio::time::Instant::now();
        for ids in ids.chunks(BATCH) {
            let names: Vec<String> = ids.iter().map(|id| format!("donor {id}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (funds, leaves) = (vec![1; ids.len()], vec![&[7_u8; 32][..]; ids.len()]);
            let columns = [
                Col::I(ids),
                Col::I(&funds),
                Col::I(ids),
                Col::I(ids),
                Col::T(&names),
                Col::B(&leaves),
            ];
            let mut tx = db.begin().await.unwrap();
            assert_eq!(tx.bulk(insert, &columns).await.unwrap(), ids.len() as u64);
            tx.commit().await.unwrap();
        }
        report(db.name(), "bulk rows", ROWS, start);

        let start = tokio::time::Instant::now();
        let point = sql!("SELECT amount, donor FROM donation WHERE id = $1");
        for id in 1..=20_000_i64 {
            db.one(point, args![id], |r| Ok((r.i64(0)?, r.text(1)?)))
                .await
                .unwrap();
        }
        report(db.name(), "point reads", 20_000, start);

        let start = tokio::time::Instant::now();
        let all =
            sql!("SELECT id, amount, donor FROM donation WHERE id > $1 ORDER BY id LIMIT 200000");
        let mut sum = 0_i64;
        db.each(all, args![0], |r| {
            sum += r.i64(1)? + r.str(2)?.len() as i64;
            Ok(())
        })
        .await
        .unwrap();
        assert!(sum > 0);
        report(db.name(), "streamed rows", ROWS, start);

        let start = tokio::time::Instant::now();
        for id in 1..=2_000_i64 {
            let mut tx = db.begin().await.unwrap();
            let gift =
                sql!("INSERT INTO donation(id, fund_id, amount, paid_at) VALUES ($1, 1, 1, 1)");
            tx.exec(gift, args![ROWS + id]).await.unwrap();
            tx.commit().await.unwrap();
        }
        report(db.name(), "transactions of one row", 2_000, start);
    }
}

fn report(engine: &str, what: &str, count: i64, start: tokio::time::Instant) {
    let per_second = i128::from(count) * 1_000_000 / start.elapsed().as_micros().max(1) as i128;
    println!("{engine}: {what}: {per_second} per second");
}
