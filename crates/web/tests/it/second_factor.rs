//! Two-step sign-in and step-up: at the pages and at the interface, on both engines, and everything that must not work.

use crate::browser::{Browser, Form};
use crate::client::{Answer, Client};
use app::command::{GrantForm, SecurityCommand, UserForm};
use app::identity::FirstStep;
use app::{AppError, Command, Config};
use domain::identity::{Actor, Proof, Role};
use gateway::SeededEntropy;
use kernel::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;
use testkit::{Charity, TestApp};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A house that asks for second factors, on each engine that is to hand, with a charity made before it asked.
pub(crate) async fn houses() -> Vec<(Client, Charity)> {
    let mut all = Vec::new();
    for mut house in TestApp::every().await {
        let charity = house.charity("云山基金会").await;
        let config = Config {
            demo: false,
            ..house.config().clone()
        };
        house.reopen(config).await;
        all.push((Client::of(house), charity));
    }
    all
}

/// Somebody with a password and a role.
pub(crate) async fn person(client: &Client, charity: &Charity, (login, role): (&str, Role)) {
    let user = UserForm {
        login: login.into(),
        name: format!("{}甲", role.title()),
        password_hash: client.house.password_hash(PASSWORD).await.unwrap(),
    };
    let of_house = role == Role::Administrator;
    let grant = GrantForm {
        login: login.into(),
        role: role.code().into(),
        organisation: if of_house {
            String::new()
        } else {
            charity.organisation.clone()
        },
        region: String::new(),
    };
    let house = Actor::house("test");
    client.house.done(&house, Command::UserCreate(user)).await;
    client.house.done(&house, Command::RoleGrant(grant)).await;
}

/// Moves the clock on by so many seconds.
pub(crate) fn wait(client: &Client, seconds: i64) {
    let later = client.house.now().plus_micros(seconds * 1_000_000).unwrap();
    client.house.clock().set(later);
}

fn hidden(html: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let (_, rest) = html.split_once(&mark).unwrap_or_else(|| panic!("{html}"));
    rest.split('"').next().unwrap().to_string()
}

/// An authenticator: the secret as it stood on the page.
pub(crate) struct Phone([u8; 20]);

impl Phone {
    fn of_page(html: &str) -> Phone {
        let (_, rest) = html.split_once("<code class=\"secret\">").unwrap();
        let text = rest.split('<').next().unwrap();
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
        for letter in text.bytes().filter(|b| *b != b' ') {
            let value = letters.iter().position(|l| *l == letter).unwrap();
            bits = (bits << 5) | u32::try_from(value).unwrap();
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push(u8::try_from((bits >> held) & 255).unwrap());
            }
        }
        Phone(bytes.try_into().unwrap())
    }

    pub(crate) fn code(&self, now: Timestamp) -> String {
        gateway::second_factor::code_at(&self.0, now).unwrap()
    }

    /// A code of no step near this one.
    fn wrong(&self, now: Timestamp) -> String {
        let near: Vec<String> = (-2..=2)
            .map(|n| self.code(now.plus_micros(n * 30_000_000).unwrap()))
            .collect();
        let all = (0..10).map(|n| format!("00000{n}"));
        all.into_iter().find(|code| !near.contains(code)).unwrap()
    }
}

/// Switches the second factor on at the pages; the telephone and the recovery codes.
pub(crate) async fn switch_on(client: &Client, token: &str) -> (Phone, Vec<String>) {
    let browser = Browser::with_session(client, token);
    let form = browser.form("/desk/security", "/begin").await;
    let refused = browser.send(&form, &[("password", "something else")]).await;
    assert_eq!(refused.status, 403, "an open desk alone is not enough");
    let begun = browser.send(&form, &[("password", PASSWORD)]).await;
    assert_eq!(begun.onwards(), "/desk/security");
    let html = browser.page("/desk/security").await;
    assert!(html.contains("<svg class=\"qr\""), "{html}");
    let phone = Phone::of_page(&html);
    let form = Form::find(&html, "/on");
    let now = client.house.now();
    let wrong = phone.wrong(now);
    let refused = browser.send(&form, &[("one_time_code", &wrong)]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("还可以试4次"), "{}", refused.text());
    let done = browser
        .send(&form, &[("one_time_code", &phone.code(now))])
        .await;
    assert_eq!(done.status, 200, "{}", done.text());
    let html = done.text();
    crate::html::check_page("recovery codes", &html);
    let codes: Vec<String> = html
        .split("<li><code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_string())
        .collect();
    assert_eq!(codes.len(), 10);
    let page = browser.page("/desk/security").await;
    assert!(!page.contains(&codes[0]) && !page.contains("class=\"secret\""));
    (phone, codes)
}

pub(crate) fn token_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    let (_, rest) = cookie.split_once("shanji_session=").unwrap_or_default();
    rest.split(';').next().unwrap_or_default().to_string()
}

/// The first step at the page; what the second one is answered with.
pub(crate) async fn password_step(client: &Client, login: &str) -> (Form, String) {
    let stranger = Browser::stranger(client);
    let form = stranger.form("/sign-in", "/sign-in").await;
    let values = [
        ("login", login),
        ("password", PASSWORD),
        ("next", "/desk/security"),
    ];
    let asked = stranger.send(&form, &values).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert_eq!(asked.header("set-cookie"), "", "no session yet");
    let html = asked.text();
    crate::html::check_page("second step", &html);
    (Form::find(&html, "/sign-in/code"), hidden(&html, "ticket"))
}

async fn code_step(client: &Client, (form, ticket): &(Form, String), code: &str) -> Answer {
    let values = [
        ("ticket", ticket.as_str()),
        ("one_time_code", code),
        ("next", "/desk/security"),
    ];
    Browser::stranger(client).send(form, &values).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_takes_a_code_and_each_code_counts_once() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        let first = client.token_of("payer").await;
        let (phone, recovery) = switch_on(&client, &first).await;
        let step = password_step(&client, "payer").await;
        let used = phone.code(client.house.now());
        let again = code_step(&client, &step, &used).await;
        assert_eq!(again.status, 403, "the code that switched it on is spent");
        wait(&client, 30);
        let code = phone.code(client.house.now());
        let opened = code_step(&client, &step, &code).await;
        assert_eq!(opened.onwards(), "/desk/security");
        let token = token_of(&opened);
        let page = Browser::with_session(&client, &token)
            .page("/desk/security")
            .await;
        assert!(page.contains("还有10个恢复码"), "{page}");
        let twice = code_step(&client, &step, &code).await;
        assert_eq!((twice.status, twice.header("set-cookie")), (403, ""));
        let by_recovery = code_step(&client, &step, &recovery[3].to_uppercase()).await;
        assert_eq!(by_recovery.status, 303, "{}", by_recovery.text());
        let spent = code_step(&client, &step, &recovery[3]).await;
        assert_eq!(spent.status, 403, "a recovery code is good once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_and_late_tickets_and_a_sixth_try_open_nothing() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        person(&client, &charity, ("maker", Role::Maker)).await;
        let first = client.token_of("payer").await;
        let (phone, recovery) = switch_on(&client, &first).await;
        let (form, ticket) = password_step(&client, "payer").await;
        wait(&client, 30);
        let code = phone.code(client.house.now());
        let bare = "<form action=\"/sign-in/code\"></form>";
        for forged in [
            String::new(),
            "x".repeat(75),
            ticket[1..].to_string(),
            ticket.replacen(
                &ticket[10..11],
                if &ticket[10..11] == "A" { "B" } else { "A" },
                1,
            ),
        ] {
            let refused = code_step(&client, &(Form::find(bare, "/code"), forged), &code).await;
            assert_eq!((refused.status, refused.header("set-cookie")), (403, ""));
            assert!(refused.text().contains("已经过期"), "{}", refused.text());
        }
        wait(&client, 300);
        let late = code_step(&client, &(form, ticket), &phone.code(client.house.now())).await;
        assert!(late.status == 403 && late.text().contains("已经过期"));
        // Wrong codes count for the person, whatever ticket they come with. One more was spent when it was switched on.
        wait(&client, 900);
        let step = password_step(&client, "payer").await;
        for n in 0..5 {
            let wrong = phone.wrong(client.house.now());
            let refused = code_step(&client, &step, &wrong).await;
            assert_eq!(refused.status, 403, "{n}");
        }
        for right in [phone.code(client.house.now()), recovery[0].clone()] {
            let step = password_step(&client, "payer").await;
            let paused = code_step(&client, &step, &right).await;
            assert_eq!((paused.status, paused.header("set-cookie")), (403, ""));
            assert!(paused.text().contains("15分钟后再试"), "{}", paused.text());
        }
        wait(&client, 900);
        let step = password_step(&client, "payer").await;
        let opened = code_step(&client, &step, &phone.code(client.house.now())).await;
        assert_eq!(opened.status, 303, "{}", opened.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_send_the_code_along() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        let first = client.token_of("payer").await;
        let (phone, recovery) = switch_on(&client, &first).await;
        wait(&client, 60);
        let body = |code: &str| match code {
            "" => json!({ "login": "payer", "password": PASSWORD }),
            code => json!({ "login": "payer", "password": PASSWORD, "code": code }),
        };
        let path = "/api/v1/sessions";
        let asked = client.post("", path, &body("")).await;
        asked.problem(401, "second_factor");
        let wrong = phone.wrong(client.house.now());
        let refused = client.post("", path, &body(&wrong)).await;
        refused.problem(401, "second_factor_wrong");
        let code = phone.code(client.house.now());
        let made = client.post("", path, &body(&code)).await.ok(201);
        let token = made["token"].as_str().unwrap();
        let who = client
            .get_as(token, "/api/v1/sessions/current")
            .await
            .ok(200);
        assert_eq!(who["login"], "payer");
        let twice = client.post("", path, &body(&code)).await;
        twice.problem(401, "second_factor_wrong");
        client.post("", path, &body(&recovery[0])).await.ok(201);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decides_needs_a_code_and_keeps_what_was_typed() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("admin", Role::Administrator)).await;
        let token = client.token_of("admin").await;
        let browser = Browser::with_session(&client, &token);
        let form = browser.form("/desk/users/new", "/new").await;
        let typed = [
            ("login", "new.user"),
            ("name", "新人"),
            ("password", PASSWORD),
        ];
        let refused = browser.send(&form, &typed).await;
        assert_eq!(refused.status, 403);
        let html = refused.text();
        assert!(html.contains("请到工作台的“账号安全”开启"), "{html}");
        assert!(html.contains("<a href=\"/desk/security\">开启两步验证</a>"));
        assert!(html.contains("value=\"new.user\""), "nothing typed is lost");
        let (phone, _) = switch_on(&client, &token).await;
        wait(&client, 901);
        let weak = browser.send(&form, &typed).await;
        assert_eq!(weak.status, 403);
        let html = weak.text();
        assert!(html.contains("name=\"one_time_code\"") && html.contains("value=\"new.user\""));
        let form = Form::find(&html, "/new");
        let with = |code: String| {
            let mut values = typed
                .map(|(name, value)| (name, value.to_string()))
                .to_vec();
            values.push(("one_time_code", code));
            values
        };
        let send = async |values: Vec<(&str, String)>| {
            let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
            browser.send(&form, &values).await
        };
        let wrong = send(with(phone.wrong(client.house.now()))).await;
        assert!(wrong.status == 403 && wrong.text().contains("value=\"new.user\""));
        let done = send(with(phone.code(client.house.now()))).await;
        assert_eq!(done.onwards(), "/desk/users?done=user");
        // Strong for a quarter of an hour, and not in another session.
        let grant = browser.form("/desk/users/grant", "/grant").await;
        let values = [
            ("login", "new.user"),
            ("role", "auditor"),
            ("organisation", charity.organisation.as_str()),
        ];
        let granted = browser.send(&grant, &values).await;
        assert_eq!(granted.onwards(), "/desk/users?done=grant");
        let machine = json!({ "login": "x.y", "name": "某人", "password": PASSWORD });
        wait(&client, 901);
        let weak = client.post(&token, "/api/v1/users", &machine).await;
        weak.problem(403, "second_factor_confirm");
        let confirm = browser
            .form("/desk/security/confirm?next=/desk/users", "/confirm")
            .await;
        let code = phone.code(client.house.now());
        let values = [
            ("one_time_code", code.as_str()),
            ("next", "//elsewhere.test"),
        ];
        assert_eq!(browser.send(&confirm, &values).await.onwards(), "/desk");
        client.post(&token, "/api/v1/users", &machine).await.ok(200);
    }
}

/// Somebody whose line broke, or who pressed twice, sends the same form with the same code again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_twice_with_its_code_shows_the_done_act() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("admin", Role::Administrator)).await;
        person(&client, &charity, ("maker", Role::Maker)).await;
        let token = client.token_of("admin").await;
        let browser = Browser::with_session(&client, &token);
        let (phone, _) = switch_on(&client, &token).await;
        wait(&client, 901);
        let form = browser.form("/desk/users/grant", "/grant").await;
        let mut values = vec![
            ("login", "maker"),
            ("role", "auditor"),
            ("organisation", charity.organisation.as_str()),
        ];
        let weak = browser.send(&form, &values).await;
        let form = Form::find(&weak.text(), "/grant");
        let code = phone.code(client.house.now());
        values.push(("one_time_code", &code));
        for _ in 0..2 {
            let done = browser.send(&form, &values).await;
            assert_eq!(done.onwards(), "/desk/users?done=grant");
        }
        // Also when the session is weak again and the code long spent.
        wait(&client, 1_000);
        let again = browser.send(&form, &values).await;
        assert_eq!(again.onwards(), "/desk/users?done=grant");
        // A spent code does nothing new.
        let other = browser.form("/desk/users/grant", "/grant").await;
        values[1] = ("role", "approver");
        let refused = browser.send(&other, &values).await;
        assert_eq!(refused.status, 403, "{}", refused.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_are_listed_and_ended_by_their_owner_only() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("maker", Role::Maker)).await;
        person(&client, &charity, ("other", Role::Maker)).await;
        let here = client.token_of("maker").await;
        wait(&client, 600);
        let there = client.token_of("maker").await;
        let third = client.token_of("maker").await;
        let other = client.token_of("other").await;
        let browser = Browser::with_session(&client, &here);
        let html = browser.page("/desk/security").await;
        assert_eq!(html.matches("/desk/security/end\"").count(), 2, "{html}");
        let handle = hidden(&html, "device");
        let form = Form::find(&html, "/desk/security/end");
        let stranger = Browser::with_session(&client, &other);
        let refused = stranger.send(&form, &[("device", &handle)]).await;
        assert_eq!(refused.status, 404, "somebody else's session stays");
        let ended = browser.send(&form, &[("device", &handle)]).await;
        assert_eq!(ended.onwards(), "/desk/security?done=session-ended");
        let open = async |token: &str| {
            client
                .get_as(token, "/api/v1/sessions/current")
                .await
                .status
        };
        let left = [open(&there).await, open(&third).await];
        assert_eq!(left.iter().filter(|status| **status == 200).count(), 1);
        let html = browser.page("/desk/security").await;
        let others = Form::find(&html, "/end-others");
        browser.send(&others, &[]).await.onwards();
        assert_eq!([open(&there).await, open(&third).await], [401, 401]);
        assert_eq!([open(&here).await, open(&other).await], [200, 200]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_came_too_late_travels_through_both_steps() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        let first = client.token_of("payer").await;
        let (phone, _) = switch_on(&client, &first).await;
        wait(&client, 30);
        let stranger = Browser::stranger(&client);
        let form = stranger.form("/sign-in", "/sign-in").await;
        let kept = "amount=88&note=%E5%96%84";
        let values = [
            ("login", "payer"),
            ("password", PASSWORD),
            ("next", "/desk/x"),
            ("kept", kept),
        ];
        let asked = stranger.send(&form, &values).await.text();
        let ticket = hidden(&asked, "ticket");
        let form = Form::find(&asked, "/sign-in/code");
        assert_eq!(hidden(&asked, "next"), "/desk/x");
        let code = phone.code(client.house.now());
        let values = [
            ("ticket", ticket.as_str()),
            ("one_time_code", code.as_str()),
            ("next", "/desk/x"),
            ("kept", kept),
        ];
        let opened = stranger.send(&form, &values).await;
        assert!(opened.header("set-cookie").contains("shanji_session="));
        let html = opened.text();
        assert!(html.contains("name=\"amount\" value=\"88\"") && html.contains("value=\"善\""));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_helps_who_lost_everything_and_nobody_helps_himself() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("admin", Role::Administrator)).await;
        let token = client.token_of("admin").await;
        switch_on(&client, &token).await;
        let reset = || {
            let login = "admin".into();
            Command::Security(SecurityCommand::FactorReset { login })
        };
        let admin = client.house.session_actor(&token).await.unwrap();
        let own = client.house.ask(&admin, reset()).await;
        assert!(own.is_err(), "{own:?}");
        let asked = client.house.sign_in("admin", PASSWORD, "test").await;
        assert!(asked.is_err(), "a code is asked for");
        let browser = Browser::with_session(&client, &token);
        let form = browser.form("/desk/users/factor", "/factor").await;
        let own = browser.send(&form, &[("login", "admin")]).await;
        own.again("不能自己重设");
        person(&client, &charity, ("payer", Role::Payer)).await;
        let theirs = client.token_of("payer").await;
        switch_on(&client, &theirs).await;
        let helped = browser.send(&form, &[("login", "payer")]).await;
        assert_eq!(helped.onwards(), "/desk/users?done=factor-reset");
        assert!(
            client
                .house
                .sign_in("payer", PASSWORD, "test")
                .await
                .is_ok()
        );
        client.house.done(&Actor::house("test"), reset()).await;
        let opened = client.house.sign_in("admin", PASSWORD, "test").await;
        assert!(opened.is_ok(), "{opened:?}");
    }
}

/// What a walk remembers.
#[derive(Default)]
struct Walk {
    steps: BTreeSet<i64>,
    recovery: BTreeSet<usize>,
    wrong: Vec<i64>,
    opened: usize,
    paused: usize,
}

impl Walk {
    fn wrong_since(&self, seconds: i64) -> usize {
        self.wrong.iter().filter(|then| **then > seconds).count()
    }

    /// Judges one answer: a step of `Ok`, a recovery code of `Err`.
    fn judge(&mut self, offered: Result<i64, usize>, said: Result<(), String>, now: i64) {
        match (said.as_ref().map_err(String::as_str), offered) {
            (Ok(()), Ok(step)) => {
                let newest = self.steps.last().is_none_or(|last| *last < step);
                assert!(newest && self.steps.insert(step), "a step counted twice");
                self.opened += 1;
            }
            (Ok(()), Err(code)) => {
                assert!(self.recovery.insert(code), "a recovery code counted twice");
                self.opened += 1;
            }
            (Err("second_factor_wrong"), _) => self.wrong.push(now),
            (Err("second_factor_paused"), _) => self.paused += 1,
            (Err(other), _) => panic!("{other}"),
        }
        assert!(
            self.wrong_since(now - 300) <= 5,
            "a sixth try in one ticket"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_order_of_codes_signs_in_twice_with_one_step_or_at_a_sixth_try() {
    for (client, charity) in houses().await {
        person(&client, &charity, ("payer", Role::Payer)).await;
        let first = client.token_of("payer").await;
        let (phone, recovery) = switch_on(&client, &first).await;
        let chance = SeededEntropy::new(38);
        let mut walk = Walk::default();
        walk.steps.insert(client.house.now().micros() / 30_000_000);
        for _ in 0..150 {
            let [pause, kind, which] = gateway::entropy::draw::<3>(&chance).unwrap();
            let long = if pause % 16 == 0 { 900 } else { 0 };
            wait(&client, i64::from(pause % 40) + long);
            let now = client.house.now();
            let begun = client.house.sign_in_first("payer", PASSWORD, "test").await;
            let Ok(FirstStep::Code(ticket)) = begun else {
                panic!("{begun:?}");
            };
            let by = [0, 0, -1, 1, -4, -9][usize::from(kind % 6)];
            let step = now.micros() / 30_000_000 + by;
            let (offered, code) = match kind / 6 {
                0..=5 => (
                    Err(usize::from(which % 10)),
                    recovery[usize::from(which % 10)].clone(),
                ),
                6..=12 => (Ok(-1), phone.wrong(now)),
                _ => (
                    Ok(step),
                    phone.code(now.plus_micros(by * 30_000_000).unwrap()),
                ),
            };
            let said = client.house.sign_in_second(&ticket, &code, "test").await;
            let said = said.map(|_| ()).map_err(|error| match error {
                AppError::Denied(refusal) => refusal.code.to_string(),
                other => panic!("{other:?}"),
            });
            walk.judge(offered, said, now.micros() / 1_000_000);
        }
        assert!(
            walk.opened > 5 && walk.paused > 5,
            "{} {}",
            walk.opened,
            walk.paused
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_ends_by_a_strong_session_only() {
    for (client, charity) in houses().await {
        let end = || Command::CampaignEnd {
            campaign: charity.campaign.clone(),
        };
        let now = client.house.now();
        let with = |has_factor, strong_until| {
            let proof = Proof {
                has_factor,
                strong_until,
            };
            charity.staff.approver.clone().proved(proof)
        };
        let later = now.plus_micros(1);
        for (actor, code) in [
            (with(false, None), "second_factor_required"),
            (with(true, None), "second_factor_confirm"),
            (with(true, Some(now)), "second_factor_confirm"),
            (charity.staff.maker.clone(), "not_permitted"),
        ] {
            match client.house.ask(&actor, end()).await {
                Err(AppError::Denied(refusal)) => assert_eq!(refusal.code, code),
                other => panic!("{code}: {other:?}"),
            }
        }
        client.house.done(&with(true, later), end()).await;
    }
}
