//! A test log: any bytes in, their index out, and nothing of it in a log of statements.

use crate::client::{Answer, Client};
use app::{App, Config};
use axum::body::Body;
use axum::http::Request;
use testkit::TestApp;
use tlog::limits::ENTRY_BYTES_MAX;
use tlog::{SignedNote, Sm2Signer, Sm2Use, decode_bundle};

async fn add(client: &Client, bytes: Vec<u8>) -> Answer {
    let request = Request::post("/log/add").body(Body::from(bytes));
    client.send(request.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_any_bytes_and_each_has_its_index() {
    for house in TestApp::every_test_log().await {
        let client = Client::of(house);
        let entries = [
            b"one".to_vec(),
            b"one".to_vec(),
            vec![0, 0xFF],
            vec![7; ENTRY_BYTES_MAX],
        ];
        for (at, entry) in entries.iter().enumerate() {
            let answer = add(&client, entry.clone()).await;
            assert_eq!((answer.status, answer.text()), (200, (at + 1).to_string()));
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        }
        client.house.seal_now().await.unwrap();
        let note = client.get("/log/checkpoint").await.text();
        assert_eq!(
            note.lines().nth(1),
            Some("5"),
            "no statement of an index between"
        );
        SignedNote::parse(note.as_bytes()).unwrap();
        let bundle = client.get("/log/tile/entries/000.p/5").await.bytes;
        let served = decode_bundle(&bundle, 5).unwrap();
        assert_eq!(
            served[1..],
            entries.iter().map(Vec::as_slice).collect::<Vec<_>>()
        );
        assert_eq!(client.get("/log/tile/0/000.p/5").await.status, 200);
        for page in [
            "/log",
            "/log/leaves/0",
            "/log/leaves/3",
            "/log/entries",
            "/verify",
            "/",
            "/healthz",
        ] {
            assert_eq!(client.get(page).await.status, 200, "{page}");
        }
        assert!(
            client.get("/log/leaves/3").await.text().contains("AP8="),
            "no text, so Base64"
        );
        assert!(client.get("/log").await.text().contains("这是测试日志"));
        assert_eq!(client.get("/log/index/stream?name=org/x").await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_entry_is_refused() {
    let house = TestApp::every_test_log().await.swap_remove(0);
    let client = Client::of(house);
    assert_eq!(add(&client, Vec::new()).await.status, 400);
    assert_eq!(add(&client, vec![1; ENTRY_BYTES_MAX + 1]).await.status, 413);
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        let request = Request::builder().method(method).uri("/log/add");
        let request = request.body(Body::from("an entry")).unwrap();
        let answer = client.send(request).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "POST"),
            "{method}"
        );
    }
    // Nothing of it was kept.
    assert_eq!(add(&client, vec![1]).await.text(), "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_told_to_wait() {
    let house = TestApp::every_test_log().await.swap_remove(0);
    let client = Client::of(house);
    // Twice the bytes that may wait for the writer, all at once.
    let flood = (0..2_000).map(|_| add(&client, vec![9; ENTRY_BYTES_MAX]));
    let answers = futures_util::future::join_all(flood).await;
    let (mut indexes, mut busy) = (std::collections::BTreeSet::new(), 0);
    for answer in answers {
        match answer.status {
            200 => {
                let index: i64 = answer.text().parse().unwrap();
                assert!(indexes.insert(index), "an index is given once");
            }
            503 => {
                let seconds: u32 = answer.header("retry-after").parse().unwrap();
                assert!(seconds > 0);
                busy += 1;
            }
            status => panic!("{status}: {}", answer.text()),
        }
    }
    assert_eq!(indexes.len() + busy, 2_000);
    assert!(busy > 0, "the limit is within reach");
    assert_eq!(
        indexes.last(),
        Some(&(indexes.len() as i64)),
        "no index was skipped"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_statements_takes_no_entries() {
    for client in Client::every().await {
        assert_eq!(add(&client, b"one".to_vec()).await.status, 404);
        assert_eq!(add(&client, vec![1; ENTRY_BYTES_MAX + 1]).await.status, 404);
        assert!(!client.house.is_test_log());
        client.house.seal_now().await.unwrap();
        // And it never becomes one.
        let config = Config {
            test_log: true,
            ..client.house.config().clone()
        };
        let refused = App::on(client.house.db().clone(), config)
            .await
            .unwrap_err();
        assert!(matches!(refused, app::AppError::Conflict(r) if r.code == "test_log_not_empty"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_log_has_no_business() {
    let house = TestApp::every_test_log().await.swap_remove(0);
    let form = domain::parties::OrganisationForm::default();
    let actor = domain::identity::Actor::house("test");
    let refused = house
        .ask(&actor, app::Command::OrganisationRegister(form))
        .await;
    assert!(matches!(refused, Err(app::AppError::Conflict(r)) if r.code == "test_log"));
}

/// A house that may write nothing says so as the specification of such an address wants: later, perhaps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_read_only_asks_to_come_later() {
    for mut house in TestApp::every_test_log().await {
        house.entry_add(b"one".to_vec()).await.unwrap();
        house.seal_now().await.unwrap();
        std::fs::remove_file(house.folder().join(app::GUARD_FILE)).unwrap();
        let config = house.config().clone();
        house.reopen(config).await;
        let client = Client::of(house.without_check());
        let answer = add(&client, b"two".to_vec()).await;
        assert_eq!(answer.status, 503);
        assert!(!answer.header("retry-after").is_empty());
        assert!(answer.text().contains("只读"), "{}", answer.text());
        assert_eq!(client.get("/log/checkpoint").await.status, 200);
    }
}

/// A test log states no keys, so an SM2 key is shown once a checkpoint bears its line, and not before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sm2_key_is_shown_once_it_has_signed() {
    let mut house = TestApp::every_test_log().await.swap_remove(0);
    house.entry_add(b"one".to_vec()).await.unwrap();
    house.seal_now().await.unwrap();
    let sm2 = Sm2Signer::from_secret(house.origin(), Sm2Use::Log, &[5; 32]).unwrap();
    let line = kernel::Secret::new(sm2.line());
    let folder = house.folder().join("keys");
    let name = ("log-sm2.key", &line);
    gateway::keys::log_key_write(&folder, name, None, &gateway::SystemEntropy).unwrap();
    let config = house.config().clone();
    house.reopen(config).await;
    let client = Client::of(house);
    assert_eq!(client.get("/log/vkey-sm2").await.status, 404);
    add(&client, b"two".to_vec()).await;
    client.house.seal_now().await.unwrap();
    let shown = client.get("/log/vkey-sm2").await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.text().trim(), sm2.verifier().to_string());
}
