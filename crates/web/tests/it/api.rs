//! What machines get told when they ask wrongly, and that the document says what the router does.

use crate::client::Client;
use axum::body::Body;
use axum::http::Request;
use domain::identity::Role;
use serde_json::{Value, json};

/// Sends a body to a campaign's intents and expects a problem about one field.
async fn check_field(client: &Client, path: &str, body: Value, want: (&str, &str)) {
    let answer = client.post("", path, &body).await;
    assert_eq!(answer.status, 422, "{body}: {}", answer.text());
    let problem = answer.problem(422, "invalid");
    let first = &problem["problems"][0];
    assert_eq!(
        (first["field"].as_str(), first["code"].as_str()),
        (Some(want.0), Some(want.1)),
        "{body}"
    );
    assert!(
        first["sentence"].as_str().unwrap().ends_with('。'),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_fields_are_named() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
    let rows = [
        (json!({ "amount": "0" }), ("amount", "amount")),
        (json!({ "amount": "0.00" }), ("amount", "amount")),
        (json!({ "amount": "-5" }), ("amount", "amount")),
        (json!({ "amount": "1.234" }), ("amount", "amount")),
        (json!({ "amount": "五十" }), ("amount", "amount")),
        (json!({ "amount": "1e9" }), ("amount", "amount")),
        (json!({ "amount": "" }), ("amount", "amount")),
        (
            json!({ "amount": "99999999999999999999" }),
            ("amount", "amount"),
        ),
        (json!({ "amount": "6000000" }), ("amount", "too_large")),
        (json!({ "amount": 50 }), ("amount", "type")),
        (json!({ "amount": null }), ("amount", "type")),
        (json!({}), ("amount", "required")),
        (
            json!({ "amount": "50", "donor_kind": "robot" }),
            ("donor_kind", "choice"),
        ),
        (
            json!({ "amount": "50", "display": "loud" }),
            ("display", "choice"),
        ),
        (
            json!({ "amount": "50", "donor_name": "长".repeat(101) }),
            ("donor_name", "too_long"),
        ),
        (
            json!({ "amount": "50", "message": "长".repeat(201) }),
            ("message", "too_long"),
        ),
        (
            json!({ "amount": "50", "donor_name": "a\u{0}b" }),
            ("donor_name", "control_character"),
        ),
        (
            json!({ "amount": "50", "sum": "50" }),
            ("sum", "unknown_field"),
        ),
        (json!(["50"]), (".", "type")),
    ];
    for (body, want) in rows {
        check_field(&client, &path, body, want).await;
    }
    let all = client
        .post("", &path, &json!({ "amount": "0", "display": "loud" }))
        .await;
    let all = all.problem(422, "invalid");
    assert_eq!(
        all["problems"].as_array().unwrap().len(),
        2,
        "all problems at once: {all}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_no_json_are_refused_with_words() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
    let key = "a-key-long-enough-0001";
    let broken = client
        .post_with("", key, &path, "{\n  \"amount\": \"50\",\n}")
        .await;
    let broken = broken.problem(400, "json_malformed");
    assert!(
        broken["detail"]
            .as_str()
            .unwrap()
            .contains("第 3 行第 1 列"),
        "{broken}"
    );
    client
        .post_with("", key, &path, "")
        .await
        .problem(400, "json_malformed");
    let big = format!(
        "{{\"amount\":\"50\",\"message\":\"{}\"}}",
        "a".repeat(70_000)
    );
    client
        .post_with("", key, &path, &big)
        .await
        .problem(413, "body_too_large");
    let form = Request::post(&path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("idempotency-key", key)
        .body(Body::from("amount=50"));
    client.send(form.unwrap()).await.problem(415, "media_type");
    let gb18030 = Request::post(&path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(
            b"{\"amount\":\"50\",\"donor_name\":\"\xcd\xf5\"}".to_vec(),
        ));
    client
        .send(gb18030.unwrap())
        .await
        .problem(400, "json_malformed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_that_name_nothing_say_why() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    let good = charity.campaign.clone();
    let check = async |id: &str, code: &str| {
        client
            .get(&format!("/api/v1/campaigns/{id}"))
            .await
            .problem(404, code);
    };
    check(&charity.organisation, "id.prefix").await;
    check(&good[..good.len() - 1], "id.length").await;
    let last = if good.ends_with('0') { "1" } else { "0" };
    check(&format!("{}{last}", &good[..good.len() - 1]), "id.check").await;
    check("cam_U%2A000000000000", "id.character").await;
    // Well written, and never given out as a campaign.
    let other = client
        .house
        .print(kernel::Id::<leaf::ids::Campaign>::from_raw(4_711));
    check(&other, "not_found").await;
    let spelt = good.to_ascii_lowercase();
    assert_eq!(
        client
            .get(&format!("/api/v1/campaigns/{spelt}"))
            .await
            .status,
        200
    );
    let day = format!(
        "/api/v1/organisations/{}/days/2026-13-01",
        charity.organisation
    );
    client.get(&day).await.problem(422, "invalid");
    client
        .get("/api/v1/log/leaves/-1")
        .await
        .problem(422, "invalid");
    client
        .get("/api/v1/log/leaves/999999")
        .await
        .problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_never_acts_twice() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let path = format!("/api/v1/campaigns/{}/intents", charity.campaign);
        let (body, other) = (r#"{"amount":"50"}"#, r#"{"amount":"51"}"#);
        let key = "0198f3a2-7c51-7d7e-9a55-6d1c0f8f2b11";
        client
            .post_with("", "", &path, body)
            .await
            .problem(400, "idempotency_key_required");
        client
            .post_with("", "short", &path, body)
            .await
            .problem(400, "idempotency_key_malformed");
        let first = client.post_with("", key, &path, body).await.ok(201);
        let again = client.post_with("", key, &path, body).await.ok(201);
        assert_eq!(first, again);
        client
            .post_with("", key, &path, other)
            .await
            .problem(409, "idempotency_conflict");
        // Another person's equal key is another key.
        let token = client.token(&charity, Role::Maker).await;
        let theirs = client.post_with(&token, key, &path, other).await.ok(201);
        assert_ne!(theirs["id"], first["id"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_gets_in() {
    let client = Client::sqlite().await;
    let (here, there) = (
        client.house.charity("云山基金会").await,
        client.house.charity("江城慈善会").await,
    );
    let desk = format!("/api/v1/organisations/{}/desk", here.organisation);
    let anybody = client.get(&desk).await;
    assert_eq!(anybody.header("www-authenticate"), "Bearer");
    anybody.problem(401, "session_unknown");
    client
        .get_as("no-such-token", &desk)
        .await
        .problem(401, "session_unknown");
    let basic = Request::get(&desk)
        .header("authorization", "Basic eDp5")
        .body(Body::empty());
    client
        .send(basic.unwrap())
        .await
        .problem(401, "bearer_malformed");
    let cookie = Request::get(&desk)
        .header("cookie", "shanji_session=x")
        .body(Body::empty());
    client
        .send(cookie.unwrap())
        .await
        .problem(401, "session_unknown");
    let (mine, theirs) = (
        client.token(&here, Role::Maker).await,
        client.token(&there, Role::Maker).await,
    );
    client
        .get_as(&theirs, &desk)
        .await
        .problem(403, "not_permitted");
    let page = client.get_as(&mine, &desk).await.ok(200);
    assert_eq!(page["organisation"]["id"], here.organisation);
    let end = format!("/api/v1/campaigns/{}/end", here.campaign);
    client
        .post(&mine, &end, &Value::Null)
        .await
        .problem(403, "not_permitted");
    let who = client
        .get_as(&mine, "/api/v1/sessions/current")
        .await
        .ok(200);
    assert!(
        who["login"].as_str().unwrap().starts_with("maker."),
        "{who}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_passwords_gets_slower() {
    let client = Client::sqlite().await;
    let wrong = json!({ "login": "nobody", "password": "guess" });
    for _ in 0..5 {
        client
            .post("", "/api/v1/sessions", &wrong)
            .await
            .problem(401, "wrong_password");
    }
    let wait = client.post("", "/api/v1/sessions", &wrong).await;
    assert_eq!(wait.header("retry-after"), "1");
    wait.problem(429, "too_many_attempts");
    client.house.clock().advance(1_000_000);
    client
        .post("", "/api/v1/sessions", &wrong)
        .await
        .problem(401, "wrong_password");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_open_and_end() {
    let client = Client::sqlite().await;
    let passwords = gateway::password::Passwords::new(&gateway::SystemEntropy).unwrap();
    let secret = kernel::Secret::new("正确的密码 1234".to_string());
    let password_hash = passwords
        .hash(secret, &gateway::SystemEntropy)
        .await
        .unwrap();
    let form = app::command::UserForm {
        login: "zhang".into(),
        name: "张三".into(),
        password_hash,
    };
    client
        .house
        .done(
            &domain::identity::Actor::house("test"),
            app::Command::UserCreate(form),
        )
        .await;
    let right = json!({ "login": "zhang", "password": "正确的密码 1234" });
    let session = client.post("", "/api/v1/sessions", &right).await.ok(201);
    let token = session["token"].as_str().unwrap();
    let who = client
        .get_as(token, "/api/v1/sessions/current")
        .await
        .ok(200);
    assert_eq!(who["name"], "张三");
    let end = Request::delete("/api/v1/sessions/current")
        .header("authorization", format!("Bearer {token}"));
    assert_eq!(
        client.send(end.body(Body::empty()).unwrap()).await.status,
        204
    );
    client
        .get_as(token, "/api/v1/sessions/current")
        .await
        .problem(401, "session_unknown");
}

/// Every operation of the document is a route of the router, with exactly these methods.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_and_the_router_agree() {
    let client = Client::sqlite().await;
    let document = client.get("/api/v1/openapi.json").await.ok(200);
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 40, "{}", paths.len());
    for (path, item) in paths {
        let address: String = path
            .split('/')
            .map(|p| if p.starts_with('{') { "x" } else { p })
            .collect::<Vec<_>>()
            .join("/");
        for method in ["get", "post", "put", "patch", "delete"] {
            let request = Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(&address);
            let answer = client.send(request.body(Body::empty()).unwrap()).await;
            let known = item.get(method).is_some();
            assert_ne!(answer.status, 500, "{method} {path}: {}", answer.text());
            assert_eq!(
                answer.status != 405,
                known,
                "{method} {path}: {}",
                answer.text()
            );
            let missing = answer.status == 404 && answer.text().contains("route_unknown");
            assert!(!missing, "{method} {path}");
        }
    }
    client
        .get("/api/v1/nothing-here")
        .await
        .problem(404, "route_unknown");
    let wrong = Request::delete("/api/v1/home").body(Body::empty());
    client
        .send(wrong.unwrap())
        .await
        .problem(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_administrators_make_users() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    administrator(&client, "root").await;
    let (root, maker) = (
        client.token_of("root").await,
        client.token(&charity, Role::Maker).await,
    );
    let new = json!({ "login": "li.si", "name": "李四", "password": "足够长的密码 2026" });
    client
        .post(&maker, "/api/v1/users", &new)
        .await
        .problem(403, "not_permitted");
    let short = json!({ "login": "li.si", "name": "李四", "password": "短" });
    client
        .post(&root, "/api/v1/users", &short)
        .await
        .problem(422, "invalid");
    client.post(&root, "/api/v1/users", &new).await.ok(200);
    let grant = json!({ "role": "payer", "organisation": charity.organisation });
    client
        .post(&root, "/api/v1/users/li.si/roles", &grant)
        .await
        .ok(200);
    client
        .post(&root, "/api/v1/users/nobody/roles", &grant)
        .await
        .problem(404, "not_found");
    let desk = format!("/api/v1/organisations/{}/desk", charity.organisation);
    let page = client
        .get_as(&client.token_of("li.si").await, &desk)
        .await
        .ok(200);
    assert!(
        page["may"]
            .as_array()
            .unwrap()
            .contains(&"disbursement_pay".into()),
        "{page}"
    );
}

/// An administrator of the house, who works for no organisation.
async fn administrator(client: &Client, login: &str) {
    let house = domain::identity::Actor::house("test");
    let user = app::command::UserForm {
        login: login.into(),
        name: "管理员".into(),
        password_hash: "none".into(),
    };
    client
        .house
        .done(&house, app::Command::UserCreate(user))
        .await;
    let grant = app::command::GrantForm {
        login: login.into(),
        role: Role::Administrator.code().into(),
        organisation: String::new(),
        region: String::new(),
    };
    client
        .house
        .done(&house, app::Command::RoleGrant(grant))
        .await;
}
