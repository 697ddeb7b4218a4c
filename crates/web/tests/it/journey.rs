//! A gift from intent to delivery by machines alone, and what its donor can read and keep.

use crate::client::Client;
use axum::body::Body;
use axum::http::Request;
use domain::identity::Role;
use serde_json::{Value, json};
use testkit::Charity;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gift_is_followed_to_its_delivery() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let intent = client.intent(&charity, "100").await;
        let pay = format!("/api/v1/intents/{intent}/demo-payment");
        let paid = client.post("", &pay, &Value::Null).await.ok(200);
        let donation = paid["donation"].as_str().unwrap().to_string();
        let address = format!("/api/v1/donations/{donation}");
        let proof = format!("{address}/proof");
        client.get(&proof).await.problem(404, "not_sealed");
        client.house.seal_now().await.unwrap();
        let file = client.get(&proof).await;
        assert!(
            file.text().starts_with("c2sp.org/tlog-proof@v1"),
            "{}",
            file.text()
        );
        let fund = project_fund(&client, &charity).await;
        settle(&client, &charity).await;
        let advance = disburse(&client, &charity, &fund).await;
        deliver(&client, &charity, &advance).await;
        let receipt = client.get(&address).await.ok(200);
        let ends: Vec<&str> = receipt["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["end"]["kind"].as_str().unwrap())
            .collect();
        assert!(ends.contains(&"delivered"), "{receipt}");
        let sum: i64 = receipt["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["amount"].as_i64().unwrap())
            .sum();
        assert_eq!(sum, 10_000, "the shares sum to the gift");
    }
}

/// The fund of the campaign that holds the project share.
async fn project_fund(client: &Client, charity: &Charity) -> String {
    let page = client
        .get(&format!("/api/v1/campaigns/{}", charity.campaign))
        .await
        .ok(200);
    let funds = page["funds"].as_array().unwrap();
    let fund = funds
        .iter()
        .max_by_key(|fund| fund["balance"].as_i64())
        .unwrap();
    fund["id"].as_str().unwrap().to_string()
}

/// Printed id of the organisation's place with this account.
async fn place(client: &Client, token: &str, charity: &Charity, account: &str) -> String {
    let desk = format!("/api/v1/organisations/{}/desk", charity.organisation);
    let page = client.get_as(token, &desk).await.ok(200);
    let places = page["places"].as_array().unwrap();
    let place = places.iter().find(|place| place["account"] == account);
    place.unwrap_or_else(|| panic!("no {account}: {places:?}"))["id"]
        .as_str()
        .unwrap()
        .to_string()
}

/// What waits at the demo channel reaches the bank; a counter gift has opened the bank account.
async fn settle(client: &Client, charity: &Charity) {
    let (maker, checker) = (
        client.token(charity, Role::Maker).await,
        client.token(charity, Role::Checker).await,
    );
    let slip = json!({ "campaign": charity.campaign, "channel": "bank", "slip": "slip-1", "gift": { "amount": "1" } });
    client
        .post(&maker, "/api/v1/counter-gifts", &slip)
        .await
        .ok(201);
    let (from, to) = (
        place(client, &maker, charity, "1009").await,
        place(client, &maker, charity, "1002").await,
    );
    let bad = json!({ "from": from, "to": to, "sum": "100", "bill_sha256": "abc" });
    client
        .post(&checker, "/api/v1/settlements", &bad)
        .await
        .problem(422, "invalid");
    let bill = json!({ "from": from, "to": to, "sum": "100", "bill_sha256": "ab".repeat(32) });
    client
        .post(&checker, "/api/v1/settlements", &bill)
        .await
        .ok(200);
}

/// An advance to a partner with four eyes; the printed id of the advance's fund.
async fn disburse(client: &Client, charity: &Charity, fund: &str) -> String {
    let (maker, checker, payer) = (
        client.token(charity, Role::Maker).await,
        client.token(charity, Role::Checker).await,
        client.token(charity, Role::Payer).await,
    );
    let ask = json!({ "class": "advance", "payee_kind": "organisation", "payee": "云山县社会服务中心", "amount": "60", "purpose": "购买冬衣" });
    let path = format!("/api/v1/funds/{fund}/disbursements");
    let made = client.post(&maker, &path, &ask).await.ok(201);
    let address = format!("/api/v1/disbursements/{}", made["id"].as_str().unwrap());
    let steps = format!("{address}/steps");
    let unknown = client
        .post(&checker, &steps, &json!({ "step": "sign" }))
        .await
        .problem(422, "invalid");
    assert_eq!(unknown["problems"][0]["code"], "choice");
    assert!(
        unknown["problems"][0]["sentence"]
            .as_str()
            .unwrap()
            .contains("approve")
    );
    client
        .post(&maker, &steps, &json!({ "step": "check" }))
        .await
        .problem(403, "not_permitted");
    client
        .post(&checker, &steps, &json!({ "step": "check" }))
        .await
        .ok(200);
    let bank = place(client, &maker, charity, "1002").await;
    let pay = json!({ "place": bank });
    client
        .post(&payer, &format!("{address}/payment"), &pay)
        .await
        .ok(200);
    client
        .post(&payer, &format!("{address}/payment"), &pay)
        .await
        .problem(422, "disbursement_wrong_state");
    let page = client.get_as(&maker, &address).await.ok(200);
    assert_eq!(page["line"]["state"], "paid", "{page}");
    let movement = page["line"]["movement"].as_str().unwrap();
    let moved = client
        .get(&format!("/api/v1/movements/{movement}"))
        .await
        .ok(200);
    moved["line"]["to"]["id"].as_str().unwrap().to_string()
}

async fn deliver(client: &Client, charity: &Charity, advance: &str) {
    let maker = client.token(charity, Role::Maker).await;
    let path = format!("/api/v1/funds/{advance}/deliveries");
    let mut report = json!({ "amount": "60", "payee": "云山县困难家庭", "scheme": "冬衣", "persons": "20", "reached_on": "2026-11-22",
        "evidence": [{ "sha256": "00".repeat(32), "media_type": "text/plain", "title": "签收单" }] });
    let missing = client
        .post(&maker, &path, &report)
        .await
        .problem(422, "invalid");
    assert_eq!(missing["problems"][0]["field"], "evidence[0].sha256");
    let send = Request::post("/api/v1/evidence")
        .header("authorization", format!("Bearer {maker}"))
        .header("content-type", "text/plain")
        .body(Body::from("二十户已签收"));
    let kept = client.send(send.unwrap()).await.ok(200);
    report["evidence"][0]["sha256"] = kept["sha256"].clone();
    report["evidence"][0]["media_type"] = "application/pdf".into();
    let wrong = client
        .post(&maker, &path, &report)
        .await
        .problem(422, "invalid");
    assert_eq!(wrong["problems"][0]["field"], "evidence[0].media_type");
    report["evidence"][0]["media_type"] = kept["media_type"].clone();
    client.post(&maker, &path, &report).await.ok(200);
    let file = client
        .get(&format!(
            "/api/v1/evidence/{}",
            kept["sha256"].as_str().unwrap()
        ))
        .await;
    assert_eq!(file.text(), "二十户已签收");
    assert!(file.header("content-disposition").starts_with("attachment"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_come_in_change_their_unit_and_go_out() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let maker = client.token(&charity, Role::Maker).await;
        let gifts = format!("/api/v1/organisations/{}/goods-gifts", charity.organisation);
        let none = json!({ "name": "口罩", "unit": "箱", "units": "0" });
        client
            .post(&maker, &gifts, &none)
            .await
            .problem(422, "invalid");
        let gift =
            json!({ "name": "口罩", "unit": "箱", "units": "3", "campaign": charity.campaign });
        client.post(&maker, &gifts, &gift).await.ok(201);
        let boxes = goods_fund(&client, &charity, "箱").await;
        let conversion =
            json!({ "units": "2", "into": { "name": "口罩", "unit": "只", "units": "200" } });
        let path = format!("/api/v1/funds/{boxes}/goods-conversions");
        client.post(&maker, &path, &conversion).await.ok(200);
        let pieces = goods_fund(&client, &charity, "只").await;
        let loss = json!({ "units": "5", "reason": "受潮" });
        client
            .post(
                &maker,
                &format!("/api/v1/funds/{pieces}/goods-losses"),
                &loss,
            )
            .await
            .ok(200);
        let out = json!({ "units": "195", "receiver": "云山县人民医院" });
        let deliveries = format!("/api/v1/funds/{pieces}/goods-deliveries");
        client.post(&maker, &deliveries, &out).await.ok(200);
        let more = client
            .post(
                &maker,
                &deliveries,
                &json!({ "units": "1", "receiver": "云山县人民医院" }),
            )
            .await;
        assert_eq!(more.status, 422, "nothing is left: {}", more.text());
        let fund = client.get(&format!("/api/v1/funds/{pieces}")).await.ok(200);
        assert_eq!(fund["line"]["balance"], 0, "{fund}");
    }
}

/// The organisation's fund of goods that is counted in this unit.
async fn goods_fund(client: &Client, charity: &Charity, unit: &str) -> String {
    let page = client
        .get(&format!("/api/v1/organisations/{}", charity.organisation))
        .await
        .ok(200);
    let goods = page["goods"].as_array().unwrap();
    let fund = goods.iter().find(|fund| fund["unit"] == unit);
    fund.unwrap_or_else(|| panic!("no {unit}: {goods:?}"))["id"]
        .as_str()
        .unwrap()
        .to_string()
}
