//! The registry: statements are checked and their plans looked at.

use db::{Engine, sql};

use crate::ledgers;

/// Never run: it stands here to be found.
fn wrong() -> [&'static db::Sql; 5] {
    [
        sql!("SELECT WRONG_1 FROM fund"),
        sql!("SELECT SUM(balance) AS wrong_2 FROM fund"),
        sql!("SELECT balance > 0 AS wrong_3 FROM fund"),
        sql!("SELECT donor AS walk_1 FROM donation AS d WHERE d.amount = $1"),
        sql!("SELECT d.donor AS fine_1 FROM donation d WHERE d.id = $1"),
    ]
}

#[tokio::test]
async fn every_statement_is_prepared_and_odd_types_are_named() {
    assert!(
        db::statements().len() > 30 && db::bulks().len() > 1,
        "the registry is empty"
    );
    for sql in wrong() {
        assert!(
            db::statements()
                .iter()
                .any(|known| std::ptr::eq(*known, sql))
        );
    }
    for db in ledgers().await {
        let problems = db.check_all().await.unwrap();
        let why = |mark: &str| {
            let found = problems.iter().find(|p| p.statement.contains(mark));
            found.map_or(String::new(), |p| p.why.clone())
        };
        assert!(
            why("WRONG_1").to_lowercase().contains("wrong_1"),
            "{problems:?}"
        );
        assert_eq!(why("fine_1"), "");
        if db.engine() == Engine::Postgres {
            assert!(why("wrong_2").contains("CAST(SUM(x) AS BIGINT)"));
            assert!(why("wrong_3").contains("CASE"));
        }
        assert!(
            problems.iter().all(|p| p.place.contains("tests/it/")),
            "{problems:?}"
        );
    }
}

#[tokio::test]
async fn walks_through_large_tables_are_found() {
    for db in ledgers().await {
        // The wrong statements have no plan; in this program they are ours.
        let scans = db.full_scans(&["donation"]).await.unwrap();
        let found = |mark: &str| scans.iter().any(|s| s.statement.contains(mark));
        assert!(found("walk_1"), "{}: {scans:#?}", db.name());
        assert!(
            !found("fine_1") && !found("(paid_at, id) <"),
            "{}: {scans:#?}",
            db.name()
        );
    }
}
