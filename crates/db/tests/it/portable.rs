//! Random statements of the portable dialect: both engines must agree.

use db::{Sql, args};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::ledgers;

/// A statement whose answer is one column of whole numbers, in order.
fn statement() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        Just("amount".to_owned()),
        Just("paid_at".to_owned()),
        Just("id".to_owned()),
        (-50_i64..50).prop_map(|n| format!("({n})")),
        Just("COALESCE(LENGTH(donor), 0)".to_owned()),
        Just("CAST($1 AS BIGINT)".to_owned()),
    ];
    let number = number.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop_oneof![Just("+"), Just("-"), Just("*"), Just("&")],
                inner.clone()
            )
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("(CASE WHEN {a} < {b} THEN {c} ELSE {a} END)")),
            inner.clone().prop_map(|a| format!("ABS({a})")),
            (inner.clone(), 1_i64..9).prop_map(|(a, m)| format!("({a} % {m})")),
        ]
    });
    let test = (
        number.clone(),
        prop_oneof![Just("<"), Just(">="), Just("=")],
        number.clone(),
    )
        .prop_map(|(a, op, b)| format!("{a} {op} {b}"));
    let test = prop_oneof![
        test,
        Just("donor IS NULL".to_owned()),
        Just("donor >= '33' AND donor < '34'".to_owned()),
        Just("(paid_at, id) < (30, 5)".to_owned()),
        Just("EXISTS (SELECT 1 FROM fund WHERE fund.id = donation.fund_id)".to_owned()),
    ];
    (
        number.clone(),
        test.clone(),
        test,
        prop_oneof![Just("AND"), Just("OR"), Just("AND NOT")],
    )
        .prop_flat_map(|(value, a, b, op)| {
            prop_oneof![
                Just(format!(
                    "SELECT {value} FROM donation WHERE ({a}) {op} ({b}) \
                     ORDER BY donor NULLS FIRST, id LIMIT 20"
                )),
                Just(format!(
                    "SELECT CAST(COALESCE(SUM({value}), 0) AS BIGINT) FROM donation \
                     WHERE ({a}) {op} ({b}) GROUP BY fund_id ORDER BY fund_id"
                )),
            ]
        })
}

#[tokio::test]
async fn random_statements_agree() {
    let all = ledgers().await;
    for db in &all {
        db.script(
            "INSERT INTO donation VALUES (1,1,100,10,NULL,NULL),(2,1,-7,20,'330106',NULL),\
             (3,2,0,30,'善迹',NULL),(4,2,55,30,'33',NULL),(5,1,9,30,'',NULL),(6,1,9,40,'Z',NULL),\
             (7,2,1000,50,'z',NULL),(8,1,3,60,'34',NULL)",
        )
        .await
        .unwrap();
    }
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[20; 32]),
    );
    let mut answered = 0;
    for _ in 0..300 {
        let text = statement().new_tree(&mut runner).unwrap().current();
        let with_one = text.contains("$1");
        let text: &'static str = Box::leak(text.into_boxed_str());
        // Not registered: made up here, for this test alone.
        let sql: &'static Sql = Box::leak(Box::new(Sql::new(text, text, file!(), line!())));
        let seventeen = [db::Arg::I(17)];
        let given = if with_one { &seventeen[..] } else { args![] };
        let mut answers = Vec::new();
        for db in &all {
            answers.push(db.rows(sql, given, |r| r.i64(0)).await.ok());
        }
        answered += usize::from(answers[0].is_some());
        assert!(
            answers.windows(2).all(|two| two[0] == two[1]),
            "{text}\n{answers:?}"
        );
    }
    assert!(
        answered > 250,
        "only {answered} of 300 were answered at all"
    );
}
