//! What machines are given: limits, keys, blocks of data, the map of the site, files of open data.

use crate::client::{Answer, Client};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use gateway::payment::ChannelKeys;
use serde_json::Value;
use std::net::SocketAddr;
use testkit::sure;

async fn asked(client: &Client, path: &str, (peer, key): (&str, &str)) -> Answer {
    let mut request = Request::get(path);
    if !key.is_empty() {
        request = request.header("x-api-key", key);
    }
    let mut request = sure(request.body(Body::empty()), "a request");
    let peer: SocketAddr = sure(peer.parse(), "an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    client.send(request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_its_limit_and_a_key_its_own() {
    let mut client = Client::sqlite().await;
    let key = web::ApiKey {
        label: "云山日报".into(),
        sha256: web::api_key_digest("sk_test"),
        per_minute: 3,
    };
    let state = web::AppState::new(client.house.app().clone(), ChannelKeys::new());
    client.stand(web::front(
        state.with_api_keys(web::ApiKeys { key: vec![key] }),
    ));
    let (one, other) = ("192.0.2.7:1", "192.0.2.8:1");
    for _ in 0..1_200 {
        let answer = asked(&client, "/api/v1/log", (one, "")).await;
        assert_eq!(answer.status, 200);
    }
    let refused = asked(&client, "/api/v1/log", (one, "")).await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(429, "rate_limited");
    assert_eq!(asked(&client, "/api/v1/log", (other, "")).await.status, 200);
    // What is written is not counted here.
    let mut notice = sure(
        Request::post("/api/v1/sessions").body(Body::empty()),
        "a request",
    );
    let peer: SocketAddr = sure(one.parse(), "an address");
    notice.extensions_mut().insert(ConnectInfo(peer));
    assert_ne!(client.send(notice).await.status, 429);
    for _ in 0..2 {
        assert_eq!(
            asked(&client, "/api/v1/log", (one, "sk_test")).await.status,
            200
        );
    }
    let used = asked(&client, "/api/v1/key", (one, "sk_test"))
        .await
        .ok(200);
    assert_eq!(
        (used["label"].as_str(), used["used"].as_u64()),
        (Some("云山日报"), Some(3))
    );
    asked(&client, "/api/v1/log", (one, "sk_test"))
        .await
        .problem(429, "rate_limited");
    asked(&client, "/api/v1/log", (other, "sk_other"))
        .await
        .problem(401, "api_key_unknown");
    asked(&client, "/api/v1/key", (other, ""))
        .await
        .problem(401, "api_key_unknown");
    // Pages are for people and are not counted.
    assert_eq!(asked(&client, "/log", (one, "")).await.status, 200);
}

/// The block of data of a page.
fn block(html: &str) -> Value {
    let begun = html.split_once("<script type=\"application/ld+json\">");
    let (text, _) = sure(
        begun
            .and_then(|(_, rest)| rest.split_once("</script>"))
            .ok_or("none"),
        "a block",
    );
    sure(serde_json::from_str(text), "JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_say_what_they_are_about() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山</script>基金会").await;
    let path = format!("/organisations/{}", charity.organisation);
    let said = block(&client.get(&path).await.text());
    assert_eq!(
        (said["@type"].as_str(), said["name"].as_str()),
        (Some("NGO"), Some("云山</script>基金会"))
    );
    let said = block(
        &client
            .get(&format!("/campaigns/{}", charity.campaign))
            .await
            .text(),
    );
    assert_eq!(said["@type"], "DonateAction");
    assert_eq!(said["recipient"]["@id"], path);
    let map = client.get("/sitemap.xml").await.text();
    assert!(
        map.contains(&format!("{path}</loc>")) && map.ends_with("</urlset>\n"),
        "{map}"
    );
    let robots = client.get("/robots.txt").await.text();
    assert!(robots.contains("Disallow: /desk") && robots.contains("/sitemap.xml"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_open_data_are_served_and_nothing_beside_them() {
    let client = Client::sqlite().await;
    client.house.charity("云山基金会").await;
    let app = client.house.app();
    sure(app.seal_now().await, "a checkpoint");
    let dump = sure(app.dump(&app.open_folder()).await, "a dump");
    let dump = sure(dump.ok_or("none"), "a dump");
    let page = client.get("/open").await.text();
    let size = dump.manifest.size;
    for file in &dump.manifest.files {
        let path = format!("/open/{size}/{}", file.name);
        assert!(page.contains(&path), "{path}");
        let answer = client.get(&path).await;
        assert_eq!(answer.bytes.len() as u64, file.bytes, "{path}");
        // The compressing layer asks a body once more after its end.
        let request = Request::get(&path).header("accept-encoding", "gzip");
        let request = sure(request.body(Body::empty()), "a request");
        assert_eq!(client.send(request).await.status, 200, "{path}");
    }
    let note = client
        .get(&format!("/open/{size}/manifest.note"))
        .await
        .text();
    let note = sure(tlog::SignedNote::parse(&note), "a note");
    let keys = [sure(app.verifier_key().parse(), "a key")];
    assert_eq!(sure(note.verify(&keys), "a signature").len(), 1);
    for path in ["..%2Fshanji.db", "%2e%2e%2f%2e%2e%2fkeys", ".part", "x.csv"] {
        assert_eq!(
            client.get(&format!("/open/{size}/{path}")).await.status,
            404,
            "{path}"
        );
    }
}
