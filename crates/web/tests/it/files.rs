//! The public log as files, health and metrics.

use crate::client::{Answer, Client};
use axum::body::Body;
use axum::http::Request;
use tlog::{Hash, SignedNote, TilePath};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_served_as_files() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        client.house.gift(&charity, "50").await;
        client.house.seal_now().await.unwrap();
        let checkpoint = client.get("/log/checkpoint").await;
        assert_eq!(checkpoint.status, 200);
        assert_eq!(
            checkpoint.header("content-type"),
            "text/plain; charset=utf-8"
        );
        assert_eq!(checkpoint.header("access-control-allow-origin"), "*");
        assert_eq!(checkpoint.header("cache-control"), "public, max-age=1");
        let text = checkpoint.text();
        let size: u64 = text.lines().nth(1).unwrap().parse().unwrap();
        assert_eq!(text.lines().next(), Some("test.example/log"));
        let vkey = client.get("/log/vkey").await.text();
        assert_eq!(vkey.trim_end(), client.house.verifier_key());
        check_tiles(&client, size).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn some_leaves_are_proved_in_one_answer() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        client.house.gift(&charity, "50").await;
        client.house.seal_now().await.unwrap();
        let note = client.get("/log/checkpoint").await.text();
        let lines: Vec<&str> = note.lines().collect();
        let size: u64 = lines[1].parse().unwrap();
        let root: Hash = lines[2].parse().unwrap();
        let last = size - 1;
        let asked = format!("/log/proof/leaves?size={size}&index=0,2,{last}");
        let answer = client.get(&asked).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let text = answer.text();
        let blocks: Vec<&str> = text.strip_suffix("\n\n").unwrap().split("\n\n").collect();
        for (index, block) in [0, 2, last].into_iter().zip(&blocks) {
            let mut lines = block.lines();
            assert_eq!(lines.next(), Some(index.to_string().as_str()));
            let leaf = tlog::leaf_hash(lines.next().unwrap().as_bytes());
            let proof: Vec<Hash> = lines.map(|line| line.parse().unwrap()).collect();
            tlog::verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
        }
        assert_eq!(blocks.len(), 3);
        let many = (0..65).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        for (query, status) in [
            (format!("size={size}&index={size}"), 404),
            (format!("size={}&index=0", size + 1), 404),
            (format!("size={size}&index=-1"), 404),
            ("size=0&index=0".into(), 404),
            (format!("size={size}&index=2,0"), 400),
            (format!("size={size}&index=0,0"), 400),
            (format!("size={size}&index="), 400),
            (format!("size={size}&index=0,"), 400),
            (format!("size={size}&index=x"), 400),
            (format!("size={size}&index={many}"), 400),
            (format!("size={size}"), 400),
            ("index=0".into(), 400),
        ] {
            let answer = client.get(&format!("/log/proof/leaves?{query}")).await;
            assert_eq!(answer.status, status, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_of_checkpoints_is_sound_atom() {
    let client = Client::sqlite().await;
    let empty = read_feed(&client.get("/log/checkpoints.atom").await.text());
    assert_eq!(empty.len(), 0);
    let charity = client.house.charity("云山 & <基金会>").await;
    for amount in ["50", "60", "70"] {
        client.house.gift(&charity, amount).await;
        client.house.seal_now().await.unwrap();
    }
    let answer = client.get("/log/checkpoints.atom").await;
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let mark = answer.header("etag").to_owned();
    let again = |mark: &str| {
        let request = Request::get("/log/checkpoints.atom").header("if-none-match", mark);
        client.send(request.body(Body::empty()).unwrap())
    };
    let known = again(&mark).await;
    assert_eq!((known.status, known.text()), (304, String::new()));
    assert_eq!(known.header("etag"), mark);
    assert_eq!(again("W/\"another\"").await.status, 200);
    let entries = read_feed(&answer.text());
    assert!(entries.len() >= 3);
    let newest = client.get("/log/checkpoint").await.text();
    assert_eq!(entries[0].1, newest);
    let size = |entry: &(String, String)| entry.1.lines().nth(1).unwrap().parse::<u64>().unwrap();
    assert!(
        entries.is_sorted_by(|a, b| size(a) > size(b)),
        "the newest stands first"
    );
    let ids: std::collections::BTreeSet<&String> = entries.iter().map(|entry| &entry.0).collect();
    assert_eq!(ids.len(), entries.len());
    assert!(
        client
            .get("/log")
            .await
            .text()
            .contains("\"/log/checkpoints.atom\"")
    );
}

/// Id and content of each entry of a feed that has what RFC 4287 asks for.
fn read_feed(text: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut path, mut said) = (Vec::new(), Vec::<(String, String)>::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                path.push(tag.name().as_ref().to_owned());
                said.push((path.join("/"), String::new()));
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) => {
                let here = path.join("/");
                if let Some((_, content)) = said.last_mut().filter(|(place, _)| *place == here) {
                    content.push_str(&text);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let of = |wanted: &str| -> Vec<String> {
        let found = said.iter().filter(|(path, _)| path == wanted);
        found.map(|(_, content)| content.clone()).collect()
    };
    for part in ["feed/id", "feed/title", "feed/updated", "feed/author/name"] {
        assert_eq!(of(part).len(), 1, "{part}");
        assert!(!of(part)[0].is_empty(), "{part}");
    }
    let (ids, contents) = (of("feed/entry/id"), of("feed/entry/content"));
    let entries = of("feed/entry").len();
    assert!(entries <= 50);
    for part in [
        "feed/entry/title",
        "feed/entry/updated",
        "feed/entry/id",
        "feed/entry/content",
    ] {
        assert_eq!(of(part).len(), entries, "{part}");
    }
    ids.into_iter().zip(contents).collect()
}

async fn check_tiles(client: &Client, size: u64) {
    for path in tlog::tiles_of(size) {
        let tile = client.get(&format!("/log/{path}")).await;
        assert_eq!(tile.status, 200, "{path}");
        assert_eq!(tile.bytes.len(), usize::from(path.width()) * 32);
        assert_eq!(
            tile.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(tile.header("content-type"), "application/octet-stream");
        assert_eq!(tile.header("access-control-allow-origin"), "*");
    }
    // A tile of every smaller size is there too, and is the start of the larger one.
    let last: TilePath = tlog::tiles_of(size).next().unwrap();
    let whole = client.get(&format!("/log/{last}")).await.bytes;
    let part = client.get("/log/tile/0/000.p/1").await;
    assert_eq!((part.status, &part.bytes[..]), (200, &whole[..32]));
    let entries = client.get(&format!("/log/tile/entries/000.p/{size}")).await;
    assert_eq!(entries.status, 200);
    assert!(entries.text().contains("\"campaign\"") || !entries.bytes.is_empty());
    // Whoever can unpack gets them packed.
    let packed = Request::get(format!("/log/tile/entries/000.p/{size}"));
    let packed = packed.header("accept-encoding", "gzip").body(Body::empty());
    let packed = client.send(packed.unwrap()).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("content-type"), "application/octet-stream");
    assert!(packed.bytes.starts_with(&[0x1f, 0x8b]));
    assert!(packed.bytes.len() < entries.bytes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_paths_of_the_log_are_missing() {
    let client = Client::sqlite().await;
    client.house.seal_now().await.unwrap();
    for path in [
        "tile/0/0",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/00/000",
        "tile/64/000",
        "tile/0/001",
        "tile/0/000",
        "tile/0/%30%30%30.p/1",
        "tile/0/000.p/1/",
        "tile/0//000",
        "tile/entries/x000/001",
        "tile/data/000",
        "tile/",
        "tile/0/000.p/200",
        "tile/0/../0/000.p/1",
    ] {
        let answer = client.get(&format!("/log/{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(
        client.get("/log/tile/0/000.p/1").await.status,
        200,
        "the founding leaf"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_metrics_are_for_operators() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    client.house.seal_now().await.unwrap();
    let health = client.get("/healthz").await.ok(200);
    assert_eq!(
        (&health["status"], &health["writer"], &health["database"]),
        (&"ok".into(), &true.into(), &true.into())
    );
    assert_eq!(health["leaves"], health["sealed"]);
    // Leaves that nobody seals: first they only wait, after half a minute the house is unwell.
    client.house.gift(&charity, "50").await;
    client.get("/healthz").await.ok(200);
    client.house.clock().advance(31_000_000);
    let unwell = client.get("/healthz").await;
    assert_eq!(
        (unwell.status, &unwell.json()["sealing"]),
        (503, &false.into())
    );
    client.house.seal_now().await.unwrap();
    client.get("/healthz").await.ok(200);
    client.get("/api/v1/campaigns").await.ok(200);
    let metrics = client.get("/metrics").await;
    let text = metrics.text();
    for line in [
        "shanji_http_requests_total{method=\"GET\",route=\"/api/v1/campaigns\",status=\"200\"} 1",
        "shanji_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"503\"} 1",
        "# TYPE shanji_writer_batches_total counter",
    ] {
        assert!(text.lines().any(|have| have == line), "{line}\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checkpoint_is_signed_by_the_key_beside_it() {
    let client = Client::sqlite().await;
    client.house.seal_now().await.unwrap();
    let note = client.get("/log/checkpoint").await.text();
    let key = client
        .get("/log/vkey")
        .await
        .text()
        .trim_end()
        .parse()
        .unwrap();
    let note = SignedNote::parse(&note).unwrap();
    assert_eq!(note.verify(&[key]).map(|keys| keys.len()), Ok(1));
}

/// Every path of the log, with what it may be asked; another method is answered 405 and names them, as HTTP says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_read_and_nothing_else() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    client.house.gift(&charity, "50").await;
    client.house.seal_now().await.unwrap();
    let paths = [
        "/log",
        "/log/leaves",
        "/log/leaves/0",
        "/log/checkpoints.atom",
        "/log/checkpoint",
        "/log/final-checkpoint",
        "/log/vkey",
        "/log/vkeys",
        "/log/vkey-sm2",
        "/log/vkeys-sm2",
        "/log/policy",
        "/log/tile/0/000.p/1",
        "/log/tile/entries/000.p/1",
        "/log/proof/leaves?size=1&index=0",
        "/log/index/stream?name=log/keys",
        "/log/index/below?prefix=org/",
        "/log/index/rules",
        "/log/directory/rules",
    ];
    for path in paths {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let answer = ask(&client, method, path).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), "GET,HEAD", "{method} {path}");
        }
        let (read, head) = (client.get(path).await, ask(&client, "HEAD", path).await);
        assert_eq!(read.status, head.status, "{path}");
        assert!(head.bytes.is_empty(), "{path}");
    }
    // What is no path is no path for any method, and a log of statements takes no entries by any.
    for path in ["/log/nothing", "/log/tile/0/000.p/0", "/log/add"] {
        let methods = if path.contains("tile") {
            &["GET", "HEAD"][..]
        } else {
            &["GET", "HEAD", "POST", "PUT", "DELETE"]
        };
        for method in methods {
            let answer = ask(&client, method, path).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.header("allow"), "", "{method} {path}");
        }
    }
}

async fn ask(client: &Client, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("sec-fetch-site", "same-origin");
    client.send(request.body(Body::empty()).unwrap()).await
}
