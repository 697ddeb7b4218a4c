//! Payment notices over HTTP: believed, repeated, forged, late, misdirected.

use crate::client::Client;
use gateway::payment::SignedNotice;
use testkit::Charity;

async fn paid(
    client: &Client,
    charity: &Charity,
    number: &str,
    order: &str,
    yuan: &str,
) -> SignedNotice {
    let notice = client
        .house
        .notice(&charity.organisation, number, order, yuan);
    client.signed(charity, &notice)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_genuine_notice_becomes_a_gift_once() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let intent = client.intent(&charity, "50").await;
        let notice = paid(&client, &charity, "pay-1", &intent, "50").await;
        let first = client.deliver("demo", &notice).await.ok(200);
        assert_eq!(
            (&first["done"], &first["replay"], &first["held"]),
            (&"gift".into(), &false.into(), &serde_json::Value::Null)
        );
        let again = client.deliver("demo", &notice).await.ok(200);
        assert_eq!(
            (&again["donation"], &again["replay"]),
            (&first["donation"], &true.into())
        );
        // The channel signs each repetition anew.
        let anew = paid(&client, &charity, "pay-1", &intent, "50").await;
        assert_eq!(client.deliver("demo", &anew).await.ok(200)["replay"], true);
        let view = client
            .get(&format!("/api/v1/intents/{intent}"))
            .await
            .ok(200);
        assert_eq!(
            (&view["state"], &view["donation"]),
            (&"paid".into(), &first["donation"])
        );
        let home = client.get("/api/v1/home").await.ok(200);
        assert_eq!(
            (&home["totals"]["raised"], &home["totals"]["gifts"]),
            (&5_000.into(), &1.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_and_stale_notices_change_nothing() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let intent = client.intent(&charity, "50").await;
    let good = paid(&client, &charity, "pay-1", &intent, "50").await;
    let check = async |change: &dyn Fn(&mut SignedNotice), status: u16, code: &str| {
        let mut notice = good.clone();
        change(&mut notice);
        client.deliver("demo", &notice).await.problem(status, code);
    };
    let richer = String::from_utf8(good.body.clone())
        .unwrap()
        .replace("5000", "9000");
    check(
        &|n| n.body = richer.clone().into_bytes(),
        401,
        "notice.signature_wrong",
    )
    .await;
    check(&|n| n.body.push(b' '), 401, "notice.signature_wrong").await;
    check(
        &|n| n.nonce = "another-nonce".into(),
        401,
        "notice.signature_wrong",
    )
    .await;
    check(
        &|n| n.signature = "AAAA".into(),
        401,
        "notice.signature_wrong",
    )
    .await;
    check(
        &|n| n.signature = "not base64!".into(),
        400,
        "notice.signature_malformed",
    )
    .await;
    check(&|n| n.key_id = "unknown".into(), 401, "notice.key_unknown").await;
    check(
        &|n| n.timestamp = "yesterday".into(),
        400,
        "notice.timestamp_malformed",
    )
    .await;
    check(
        &|n| n.body = vec![b'a'; 9_000],
        413,
        "notice.body_too_large",
    )
    .await;
    client.house.clock().advance(301_000_000);
    check(&|_| (), 401, "notice.too_old").await;
    let home = client.get("/api/v1/home").await.ok(200);
    assert_eq!(home["totals"]["raised"], 0, "nothing was booked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn genuine_but_refused_notices_are_kept_for_a_person() {
    let client = Client::sqlite().await;
    let (here, there) = (
        client.house.charity("云山基金会").await,
        client.house.charity("江城慈善会").await,
    );
    let mine = client.house.notice(&here.organisation, "pay-1", "", "50");
    let signed = client.signed(&here, &mine);
    client
        .deliver("wechat", &signed)
        .await
        .problem(403, "notice.channel_wrong");
    // Signed by one charity's merchant in the name of another's.
    let stolen = client.signed(&there, &mine);
    client
        .deliver("demo", &stolen)
        .await
        .problem(403, "notice.merchant_wrong");
    let gateway = client.house.demo_gateway(&here.organisation).unwrap();
    let entropy = &*client.house.config().entropy;
    let odd = gateway
        .sign_bytes(b"money came".to_vec(), client.house.now(), entropy)
        .unwrap();
    client
        .deliver("demo", &odd)
        .await
        .problem(422, "notice.body_malformed");
    let kept =
        gateway::evidence::EvidenceStore::new(&client.house.folder().join("notices-refused"))
            .unwrap();
    for body in [signed.body, odd.body] {
        use sha2::Digest;
        let digest: [u8; 32] = sha2::Sha256::digest(&body).into();
        assert_eq!(kept.read(&digest).unwrap(), Some(body));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_cannot_stand_where_it_was_meant_is_held() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let late = client.intent(&charity, "50").await;
        let end = app::Command::CampaignEnd {
            campaign: charity.campaign.clone(),
        };
        client.house.done(&charity.staff.approver, end).await;
        let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
        let body = serde_json::json!({ "amount": "50" });
        client
            .post("", &path, &body)
            .await
            .problem(422, "campaign_not_live");
        let rows = [
            ("pay-1", late.as_str(), "50"),
            ("pay-2", "", "20"),
            ("pay-3", "int_unknown", "30"),
        ];
        for (number, order, yuan) in rows {
            let notice = paid(&client, &charity, number, order, yuan).await;
            let gift = client.deliver("demo", &notice).await.ok(200);
            assert!(gift["held"].is_string(), "{number}: {gift}");
            let donation = gift["donation"].as_str().unwrap();
            let page = client
                .get(&format!("/api/v1/donations/{donation}"))
                .await
                .ok(200);
            assert_eq!(page["state"], "held", "{page}");
        }
        let home = client.get("/api/v1/home").await.ok(200);
        assert_eq!(
            home["totals"]["raised"], 0,
            "raised totals leave held money out"
        );
    }
}

/// After a start no key is known yet; whoever speaks while the house is being asked must be heard as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_first_notices_at_once_are_all_believed() {
    const AT_ONCE: u32 = 16;
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let mut notices = Vec::new();
    for n in 0..AT_ONCE {
        let intent = client.intent(&charity, "50").await;
        notices.push(paid(&client, &charity, &format!("pay-{n}"), &intent, "50").await);
    }
    let answers =
        futures_util::future::join_all(notices.iter().map(|n| client.deliver("demo", n))).await;
    for answer in answers {
        assert_eq!(answer.ok(200)["done"], "gift");
    }
}
