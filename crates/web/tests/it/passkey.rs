//! Passkeys at the pages, on both engines: added, signed in with, used before grave acts, removed; and answers that
//! must not count.

use crate::browser::{Browser, Form};
use crate::client::{Answer, Client};
use crate::second_factor::{PASSWORD, houses, password_step, person, switch_on, token_of, wait};
use app::{AppError, Config};
use domain::identity::Role;
use gateway::passkey::soft::{PRESENT, SoftKey};
use testkit::{Charity, TestApp};

/// Where the keys of a test house belong.
const SITE: &str = "https://test.example";

/// A form that no page has to show.
fn bare(action: &str) -> Form {
    Form::find(&format!("<form action=\"{action}\"></form>"), action)
}

fn options_on(html: &str) -> String {
    let (_, rest) = html
        .split_once("data-options=\"")
        .unwrap_or_else(|| panic!("{html}"));
    let text = rest.split('"').next().unwrap();
    text.replace("&#34;", "\"").replace("&quot;", "\"")
}

/// Adds a key at the pages, as whoever needs no code now; the device and what the house answered.
async fn add(client: &Client, token: &str, origin: &str) -> (SoftKey, Answer) {
    let browser = Browser::with_session(client, token);
    let form = browser.form("/desk/security/passkeys/new", "/new").await;
    let values = [("name", "办公室电脑"), ("password", PASSWORD)];
    let asked = browser.send(&form, &values).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let html = asked.text();
    crate::html::check_page("a new passkey", &html);
    let (device, answer) = SoftKey::make(&options_on(&html), origin).unwrap();
    let make = Form::find(&html, "/passkeys/add");
    let values = [("name", "办公室电脑"), ("passkey", answer.as_str())];
    (device, browser.send(&make, &values).await)
}

/// What the browser of this session is asked.
async fn question(client: &Client, token: &str) -> String {
    let browser = Browser::with_session(client, token);
    let asked = browser
        .send(&bare("/desk/security/passkeys/ask"), &[])
        .await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert_eq!(asked.header("content-type"), "application/json");
    asked.text()
}

/// Gives an answer in this session.
async fn confirm(client: &Client, token: &str, answer: &str) -> Answer {
    let browser = Browser::with_session(client, token);
    let values = [("passkey", answer), ("next", "/desk/users")];
    browser.send(&bare("/desk/security/confirm"), &values).await
}

/// Signs in with password and key.
async fn sign_in(client: &Client, login: &str, device: &mut SoftKey) -> Answer {
    let (form, ticket) = password_step(client, login).await;
    let stranger = Browser::stranger(client);
    let values = [("ticket", ticket.as_str())];
    let asked = stranger.send(&bare("/sign-in/passkey"), &values).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let answer = device.prove(&asked.text(), SITE).unwrap();
    let values = [
        ("ticket", ticket.as_str()),
        ("passkey", answer.as_str()),
        ("next", "/desk/security"),
    ];
    stranger.send(&form, &values).await
}

fn codes_of(answer: &Answer) -> Vec<String> {
    let html = answer.text();
    let parts = html.split("<li><code>").skip(1);
    parts
        .map(|rest| rest.split('<').next().unwrap().to_string())
        .collect()
}

/// A payer with a key as the only factor, in a session that is strong.
async fn with_key(client: &Client, charity: &Charity) -> (String, SoftKey, Vec<String>) {
    person(client, charity, ("payer", Role::Payer)).await;
    let token = client.token_of("payer").await;
    let (device, added) = add(client, &token, SITE).await;
    assert_eq!(added.status, 200, "{}", added.text());
    let codes = codes_of(&added);
    assert_eq!(codes.len(), 10, "the first factor brings recovery codes");
    (token, device, codes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_signs_in_and_confirms_and_the_last_one_stays() {
    for (client, charity) in houses().await {
        let (token, mut device, _) = with_key(&client, &charity).await;
        let browser = Browser::with_session(&client, &token);
        let html = browser.page("/desk/security").await;
        assert!(
            html.contains("办公室电脑") && html.contains("还没有用过"),
            "{html}"
        );
        assert!(
            html.contains(SITE) && html.contains("还有10个恢复码"),
            "{html}"
        );
        let opened = sign_in(&client, "payer", &mut device).await;
        assert_eq!(opened.onwards(), "/desk/security");
        let token = token_of(&opened);
        let browser = Browser::with_session(&client, &token);
        let html = browser.page("/desk/security").await;
        assert!(
            html.contains("最近使用") && !html.contains("还没有用过"),
            "{html}"
        );
        // The last factor of a payer stays, however strong the session is.
        let form = Form::find(&html, "/remove");
        let last = browser.send(&form, &[]).await;
        assert!(
            last.text().contains("这是最后一种两步验证"),
            "{}",
            last.text()
        );
        let (_, second) = add(&client, &token, SITE).await;
        assert_eq!(second.onwards(), "/desk/security?done=passkey-added");
        // A quarter of an hour later the same wants a proof first.
        wait(&client, 901);
        let weak = browser.send(&form, &[]).await;
        assert_eq!(weak.status, 403);
        assert!(weak.text().contains("one_time_code"), "{}", weak.text());
        let asked = question(&client, &token).await;
        let answer = device.prove(&asked, SITE).unwrap();
        let removed = browser.send(&form, &[("passkey", &answer)]).await;
        assert_eq!(removed.onwards(), "/desk/security?done=passkey-removed");
        let gone = sign_in(&client, "payer", &mut device).await;
        assert_eq!((gone.status, gone.header("set-cookie")), (403, ""));
        assert!(gone.text().contains("没有通过核对"), "{}", gone.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_desk_alone_adds_no_key() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        let token = client.token_of("payer").await;
        let browser = Browser::with_session(&client, &token);
        let form = browser.form("/desk/security/passkeys/new", "/new").await;
        let values = [("name", "别人的"), ("password", "something else")];
        let refused = browser.send(&form, &values).await;
        assert!(refused.status == 403 && refused.text().contains("密码不对"));
        let values = [("name", ""), ("password", PASSWORD)];
        let nameless = browser.send(&form, &values).await;
        assert!(
            nameless.text().contains("请填写名称"),
            "{}",
            nameless.text()
        );
        // Nothing was asked, so nothing can be answered.
        let values = [("name", "别人的"), ("passkey", "{\"id\":\"AA\"}")];
        let unasked = browser
            .send(&bare("/desk/security/passkeys/add"), &values)
            .await;
        assert!(unasked.status == 403 && unasked.text().contains("已经过期"));
        // Who has an authenticator gives its code, the password alone is not enough.
        let (phone, _) = switch_on(&client, &token).await;
        wait(&client, 901);
        let form = browser.form("/desk/security/passkeys/new", "/new").await;
        let weak = browser
            .send(&form, &[("name", "电脑"), ("password", PASSWORD)])
            .await;
        assert!(weak.status == 403 && weak.text().contains("one_time_code"));
        let code = phone.code(client.house.now());
        let values = [("name", "电脑"), ("one_time_code", code.as_str())];
        let asked = browser.send(&form, &values).await;
        let (_, answer) = SoftKey::make(&options_on(&asked.text()), SITE).unwrap();
        let make = Form::find(&asked.text(), "/add");
        let values = [("name", "电脑"), ("passkey", answer.as_str())];
        let added = browser.send(&make, &values).await;
        assert_eq!(added.onwards(), "/desk/security?done=passkey-added");
        let again = browser.send(&make, &values).await;
        assert_eq!(again.status, 403, "an answer counts once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_fresh_answer_of_this_session_account_and_page_counts() {
    for (client, charity) in houses().await {
        let (token, mut device, _) = with_key(&client, &charity).await;
        let other = client_session(&client, &mut device).await;
        person(&client, &charity, ("checker", Role::Checker)).await;
        let colleague = client.token_of("checker").await;
        let (mut theirs, _) = add(&client, &colleague, SITE).await;
        wait(&client, 901);
        let asked = question(&client, &token).await;
        let answer = device.prove(&asked, SITE).unwrap();
        let crossed = confirm(&client, &other, &answer).await;
        assert_eq!(crossed.status, 403, "the question of another session");
        let right = confirm(&client, &token, &answer).await;
        assert_eq!(right.onwards(), "/desk/users");
        let replayed = confirm(&client, &token, &answer).await;
        assert!(replayed.status == 403 && replayed.text().contains("已经过期或用过"));
        for origin in [
            "https://evil.example",
            "http://test.example",
            "https://test.example:444",
        ] {
            let asked = question(&client, &token).await;
            let answer = device.prove(&asked, origin).unwrap();
            let elsewhere = confirm(&client, &token, &answer).await;
            assert_eq!(elsewhere.status, 403, "{origin}");
        }
        let asked = question(&client, &token).await;
        let foreign = confirm(&client, &token, &theirs.prove(&asked, SITE).unwrap()).await;
        assert_eq!(foreign.status, 403, "another account's key");
        let asked = question(&client, &token).await;
        device.flags = PRESENT;
        let unverified = confirm(&client, &token, &device.prove(&asked, SITE).unwrap()).await;
        assert_eq!(unverified.status, 403, "nobody showed who it is");
        device.flags = gateway::passkey::soft::PRESENT_AND_VERIFIED;
        let asked = question(&client, &token).await;
        let answer = device.prove(&asked, SITE).unwrap();
        wait(&client, 301);
        let late = confirm(&client, &token, &answer).await;
        assert_eq!(late.status, 403, "the question is too old");
        for text in ["{", "{}", &"{".repeat(9_000)] {
            question(&client, &token).await;
            let answered = confirm(&client, &token, text).await;
            assert_eq!(answered.status, 403, "{} bytes", text.len());
        }
    }
}

async fn client_session(client: &Client, device: &mut SoftKey) -> String {
    token_of(&sign_in(client, "payer", device).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copied_key_is_noticed_and_told_and_counts_no_more() {
    for (client, charity) in houses().await {
        let (_, mut device, codes) = with_key(&client, &charity).await;
        for _ in 0..3 {
            assert_eq!(sign_in(&client, "payer", &mut device).await.status, 303);
        }
        device.counter = 0;
        let copied = sign_in(&client, "payer", &mut device).await;
        assert_eq!((copied.status, copied.header("set-cookie")), (403, ""));
        assert!(
            copied.text().contains("可能有人复制了它"),
            "{}",
            copied.text()
        );
        // The true device does not count either, and the password alone still opens nothing.
        let (form, ticket) = password_step(&client, "payer").await;
        let stranger = Browser::stranger(&client);
        let values = [("ticket", ticket.as_str())];
        let asked = stranger.send(&bare("/sign-in/passkey"), &values).await;
        assert!(asked.status != 200, "{}", asked.text());
        let values = [
            ("ticket", ticket.as_str()),
            ("one_time_code", codes[0].as_str()),
            ("next", "/desk/security"),
        ];
        let opened = stranger.send(&form, &values).await;
        let browser = Browser::with_session(&client, &token_of(&opened));
        let html = browser.page("/desk/security").await;
        assert!(
            html.contains("已停用") && html.contains("它的计数倒退了"),
            "{html}"
        );
        assert!(
            html.contains("可能被人复制了"),
            "every page of the desk says so"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_on_fills_nothing_and_forged_tickets_ask_nothing() {
    for (client, charity) in houses().await {
        let (_, mut device, _) = with_key(&client, &charity).await;
        let stranger = Browser::stranger(&client);
        let mut first = None;
        for _ in 0..9 {
            let (form, ticket) = password_step(&client, "payer").await;
            let values = [("ticket", ticket.as_str())];
            let asked = stranger.send(&bare("/sign-in/passkey"), &values).await;
            first.get_or_insert((form, ticket, asked.text()));
            wait(&client, 1);
        }
        let (form, ticket, asked) = first.unwrap();
        let answer = device.prove(&asked, SITE).unwrap();
        let values = [("ticket", ticket.as_str()), ("passkey", answer.as_str())];
        let pushed_out = stranger.send(&form, &values).await;
        assert_eq!(pushed_out.status, 403, "eight questions wait at most");
        for forged in ["", "x", &ticket[1..]] {
            let values = [("ticket", forged)];
            let asked = stranger.send(&bare("/sign-in/passkey"), &values).await;
            assert_eq!(asked.status, 403, "{forged}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_takes_the_keys_too() {
    for (client, charity) in houses().await {
        let (_, mut device, _) = with_key(&client, &charity).await;
        let reset = app::command::SecurityCommand::FactorReset {
            login: "payer".into(),
        };
        let house = domain::identity::Actor::house("test");
        client
            .house
            .done(&house, app::Command::Security(reset))
            .await;
        let opened = client.house.sign_in("payer", PASSWORD, "test").await;
        let token = opened.unwrap();
        let html = Browser::with_session(&client, &token)
            .page("/desk/security")
            .await;
        assert!(!html.contains("/remove\""), "{html}");
        let asked = Browser::with_session(&client, &token)
            .send(&bare("/desk/security/passkeys/ask"), &[])
            .await;
        assert!(asked.status != 200 && device.prove(&asked.text(), SITE).is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_keys_cannot_work_the_page_says_why() {
    for (address, words) in [
        ("https://192.0.2.7", "公开地址是IP地址"),
        ("http://gongyi.example", "没有加密"),
    ] {
        let mut house = TestApp::sqlite().await;
        let charity = house.charity("云山基金会").await;
        let config = Config {
            demo: false,
            address: Some(address.into()),
            ..house.config().clone()
        };
        house.reopen(config).await;
        let client = Client::of(house);
        person(&client, &charity, ("payer", Role::Payer)).await;
        let token = client.token_of("payer").await;
        let browser = Browser::with_session(&client, &token);
        let html = browser.page("/desk/security").await;
        assert!(
            html.contains(words) && !html.contains("passkeys/new"),
            "{html}"
        );
        let form = browser.form("/desk/security/passkeys/new", "/new").await;
        let values = [("name", "电脑"), ("password", PASSWORD)];
        let refused = browser.send(&form, &values).await;
        assert!(
            refused.text().contains("用不了通行密钥"),
            "{}",
            refused.text()
        );
        switch_on(&client, &token).await;
        let ask = client.house.proof_ask_at_ticket("x").await;
        assert!(matches!(ask, Err(AppError::Denied(_))), "{ask:?}");
    }
}
