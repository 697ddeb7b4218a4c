//! The offline verifier: what is downloaded is what the log states, and a change of it is stated again.

use crate::client::Client;
use leaf::{Kind, Leaf, OwnWord, VerifierPages};
use sha2::{Digest, Sha256};

/// The index of the leaf that a page says states the digest of the offline page.
fn stated_in(page: &str) -> Option<i64> {
    let behind = page.split("写在日志第").nth(1)?;
    behind.split('条').next()?.parse().ok()
}

async fn statements(client: &Client) -> usize {
    let mut count = 0;
    for index in 0.. {
        let leaf = client.get(&format!("/log/leaves/{index}")).await;
        if leaf.status != 200 {
            break;
        }
        count += usize::from(leaf.text().contains("verifier/1"));
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_states_the_page_that_is_given_away() {
    for client in Client::every().await {
        let app = client.house.app().clone();
        for page in ["/log", "/verify"] {
            assert_eq!(stated_in(&client.get(page).await.text()), None, "{page}");
        }
        let pages = web::verifier_pages(&app).await.unwrap();
        assert_eq!(pages.files.len(), 3, "one for each language");
        for _ in 0..2 {
            app.verifier_state(pages.clone()).await.unwrap();
            client.house.seal_now().await.unwrap();
            assert_eq!(statements(&client).await, 1, "the same again says nothing");
        }
        let file = client.get("/verify/offline.html").await;
        let digest = hex::encode(Sha256::digest(&file.bytes));
        for page in ["/log", "/verify"] {
            let text = client.get(page).await.text();
            assert!(text.contains(&digest), "{page}");
            let index = stated_in(&text).expect(page);
            let leaf = app.leaf_page(index).await.unwrap();
            let said = VerifierPages::parse(leaf.text.as_bytes()).unwrap();
            assert_eq!(said, pages);
            assert_eq!(
                Leaf::parse(leaf.text.as_bytes()).unwrap().kind,
                Kind::Verifier
            );
        }
        let other = VerifierPages {
            program: "9.9.9".to_owned(),
            files: vec![(1, [0; 32])],
        };
        app.verifier_state(other).await.unwrap();
        client.house.seal_now().await.unwrap();
        assert_eq!(statements(&client).await, 2);
        let text = client.get("/verify").await.text();
        assert_eq!(stated_in(&text), None, "another program's page is not ours");
    }
}
