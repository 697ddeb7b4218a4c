//! The search page and its suggestions over HTTP.

use crate::browser::Browser;
use crate::client::Client;

/// A question as it stands in an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_stand_by_kind() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let visitor = Browser::stranger(&client);
    let html = visitor
        .page(&format!("/search?q={}", escaped("云山")))
        .await;
    assert!(html.contains(&format!("/campaigns/{}", charity.campaign)));
    assert!(
        html.contains("kind=organisation") && html.contains("kind=fund"),
        "{html}"
    );
    let only = format!("/search?q={}&kind=organisation", escaped("云山"));
    let html = visitor.page(&only).await;
    assert!(!html.contains(&format!("/campaigns/{}", charity.campaign)));
    assert!(html.contains("aria-current=\"page\""));
    let html = visitor
        .page(&format!("/search?q={}", escaped("云衫基金会")))
        .await;
    assert!(html.contains("您要找的是不是"), "{html}");
    let html = visitor
        .page(&format!("/search?q={}", escaped("没有这样的名称")))
        .await;
    assert!(html.contains("没有找到"));
    let html = visitor.page("/search?q=53330000MJX00000X4").await;
    assert!(html.contains("校验码不符"));
    visitor.page("/search?q=%00%25_&kind=%27&page=-1").await;
    visitor
        .page(&format!("/search?q={}", escaped(&"善".repeat(900))))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_json_that_browsers_keep_for_a_moment() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    for path in ["/search/suggest?q=ysj", "/api/v1/search/suggest?q=ysj"] {
        let answer = client.get(path).await;
        let json: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
        let first = &json["suggestions"][0];
        assert_eq!(first["title"], "云山基金会", "{json}");
        assert_eq!(
            first["path"],
            format!("/organisations/{}", charity.organisation)
        );
        assert_eq!(first["how"], "pinyin");
    }
    let answer = client.get("/search/suggest?q=").await;
    assert_eq!(answer.header("cache-control"), "private, max-age=30");
    assert!(answer.text().contains("\"suggestions\":[]"));
}
