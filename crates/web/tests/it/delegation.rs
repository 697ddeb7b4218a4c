//! Duties in the hands of colleagues, at the pages and on both engines: two people stay two, days and grants end it,
//! and the record names both.

use crate::browser::{Browser, Form};
use crate::client::{Answer, Client};
use crate::matters::{GOOD, attached, official, opened, saved, step};
use domain::identity::Role;
use testkit::Charity;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// A matter that was handed in, and its organisation.
async fn handed_in(client: &Client) -> (Charity, String) {
    let charity = client.house.charity("云山基金会").await;
    let [maker, checker] = [
        client.token(&charity, Role::Maker).await,
        client.token(&charity, Role::Checker).await,
    ];
    let [maker, checker] = [&maker, &checker].map(|t| Browser::with_session(client, t));
    let matter = opened(&maker, &charity).await;
    saved(&maker, &matter, &GOOD).await;
    attached(client, &maker, &matter).await;
    step(&maker, &matter, "prepare", &[]).await;
    step(&checker, &matter, "submit", &[]).await;
    (charity, matter)
}

/// The code of the first duty that somebody can hand over.
fn duty_on(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"duty\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_string()
}

fn today(client: &Client, later: i64) -> String {
    let at = client.house.now().plus_micros(later * DAY_MICROS).unwrap();
    at.day().to_string()
}

/// Hands the first duty to somebody for so many days.
async fn delegate(client: &Client, giver: &str, to: &str, days: (i64, i64)) -> Answer {
    let browser = Browser::with_session(client, giver);
    let html = browser.page("/desk/delegations").await;
    let form = Form::find(&html, "/desk/delegations");
    let (first, last) = (today(client, days.0), today(client, days.1));
    let values = [
        ("duty", &*duty_on(&html)),
        ("login", to),
        ("first", &*first),
        ("last", &*last),
        ("reason", "出差"),
    ];
    browser.send(&form, &values).await
}

/// The steps that somebody may take, by their addresses on the page.
async fn steps_of(client: &Client, token: &str, matter: &str) -> Vec<String> {
    let html = Browser::with_session(client, token).page(matter).await;
    let mark = format!("href=\"{matter}/steps/");
    let parts = html.split(&mark).skip(1);
    parts
        .map(|rest| rest.split('"').next().unwrap().to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delegate_acts_for_somebody_and_both_stand_in_the_record() {
    for client in Client::every().await {
        let (_, matter) = handed_in(&client).await;
        let handler = official(&client, "ca1", Role::Handler).await;
        let decider = official(&client, "ca2", Role::Decider).await;
        assert_eq!(steps_of(&client, &decider, &matter).await, [""; 0]);
        let given = delegate(&client, &handler, "ca2", (0, 3)).await;
        assert_eq!(given.onwards(), "/desk/delegations?done=delegated");
        let own = Browser::with_session(&client, &decider);
        let list = own.page("/desk/delegations").await;
        assert!(list.contains("正在委托") && list.contains("出差"), "{list}");
        let steps = steps_of(&client, &decider, &matter).await;
        assert!(steps.iter().any(|step| step == "accept"), "{steps:?}");
        let html = own.page(&format!("{matter}/steps/accept")).await;
        assert!(html.contains("您受ca1委托办理"), "{html}");
        let behalf = hidden(&html, "on_behalf");
        step(&own, &matter, "accept", &[("on_behalf", &behalf)]).await;
        let html = own.page(&matter).await;
        assert!(html.contains("ca2（受ca1委托）"), "{html}");
    }
}

fn hidden(html: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let (_, rest) = html.split_once(&mark).unwrap();
    rest.split('"').next().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delegation_never_makes_two_people_out_of_one() {
    for client in Client::every().await {
        let (charity, matter) = handed_in(&client).await;
        let handler = official(&client, "ca1", Role::Handler).await;
        let decider = official(&client, "ca2", Role::Decider).await;
        let other = official(&client, "ca3", Role::Handler).await;
        let clerk = Browser::with_session(&client, &handler);
        step(&clerk, &matter, "accept", &[]).await;
        step(&clerk, &matter, "review", &[("reason", "齐全")]).await;
        for to in ["ca1", "ca3"] {
            let given = delegate(&client, &decider, to, (0, 3)).await;
            assert_eq!(given.onwards(), "/desk/delegations?done=delegated");
        }
        // The clerk of this matter decides nothing in it for the leader; a colleague who had no part may.
        let closed = steps_of(&client, &handler, &matter).await;
        let open = steps_of(&client, &other, &matter).await;
        for decision in ["grant", "refuse"] {
            assert!(!closed.iter().any(|step| step == decision), "{closed:?}");
            assert!(open.iter().any(|step| step == decision), "{open:?}");
        }
        forged(&client, &handler, &matter).await;
        // Who works for the applicant is no official in its matters, by delegation neither.
        let checker = client.token(&charity, Role::Checker).await;
        let login = format!("checker.{}", &charity.organisation[4..12]);
        let refused = delegate(&client, &decider, &login, (0, 3)).await;
        refused.again("不是本单位或本机关有办件角色的同事");
        assert!(
            !steps_of(&client, &checker, &matter)
                .await
                .contains(&"accept".into())
        );
    }
}

/// The form of a step that is not offered, sent by hand with the handle of each delegation on the own list.
async fn forged(client: &Client, token: &str, matter: &str) {
    let browser = Browser::with_session(client, token);
    let html = browser.page("/desk/delegations").await;
    let (_, rest) = html.split_once("/desk/delegations/").unwrap();
    let handle = rest.split('/').next().unwrap();
    let action = format!("{matter}/steps/refuse");
    let form = Form::find(&format!("<form action=\"{action}\"></form>"), &action);
    for behalf in [handle, "0123456789abcdef"] {
        for version in 0..12 {
            let values = [
                ("version", &*version.to_string()),
                ("on_behalf", behalf),
                ("reason", "不行"),
                ("document", "云民慈〔2026〕1号"),
            ];
            let refused = browser.send(&form, &values).await;
            assert!(refused.status >= 400, "{behalf}: {}", refused.text());
        }
    }
    // Steps that he may take for ca2 are offered; the record, which puts it in brackets, has none.
    assert!(!browser.page(matter).await.contains("ca1（受ca2委托）"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_begins_and_ends_on_its_days_and_by_hand() {
    for client in Client::every().await {
        let (_, matter) = handed_in(&client).await;
        let handler = official(&client, "ca1", Role::Handler).await;
        let colleague = official(&client, "ca2", Role::Decider).await;
        delegate(&client, &handler, "ca2", (1, 1)).await.onwards();
        assert_eq!(
            steps_of(&client, &colleague, &matter).await,
            [""; 0],
            "not yet"
        );
        client.house.clock().advance(DAY_MICROS);
        let colleague = client.token_of("ca2").await;
        let handler = client.token_of("ca1").await;
        assert!(!steps_of(&client, &colleague, &matter).await.is_empty());
        let own = Browser::with_session(&client, &handler);
        let html = own.page("/desk/delegations").await;
        let stranger = official(&client, "ca3", Role::Decider).await;
        let form = Form::find(&html, "/end");
        let foreign = Browser::with_session(&client, &stranger)
            .send(&form, &[])
            .await;
        assert_eq!(foreign.status, 404, "somebody else's delegation stays");
        assert_eq!(
            own.send(&form, &[]).await.onwards(),
            "/desk/delegations?done=delegation-ended"
        );
        assert_eq!(
            steps_of(&client, &colleague, &matter).await,
            [""; 0],
            "taken back"
        );
        delegate(&client, &handler, "ca2", (0, 0)).await.onwards();
        client.house.clock().advance(DAY_MICROS);
        let colleague = client.token_of("ca2").await;
        assert_eq!(
            steps_of(&client, &colleague, &matter).await,
            [""; 0],
            "over"
        );
        let html = Browser::with_session(&client, &colleague)
            .page("/desk/delegations")
            .await;
        assert!(
            html.contains("已到期") && html.contains("提前结束"),
            "{html}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_at_the_field_and_money_is_not_offered() {
    for client in Client::every().await {
        let charity = client.house.charity("云山基金会").await;
        let handler = official(&client, "ca1", Role::Handler).await;
        for (to, days, words) in [
            ("ca1", (0, 1), "不能委托给自己"),
            ("nobody", (0, 1), "有办件角色的同事"),
            ("ca1", (3, 1), "不能委托给自己"),
        ] {
            delegate(&client, &handler, to, days).await.again(words);
        }
        official(&client, "ca2", Role::Handler).await;
        for days in [(-1, 1), (3, 1), (0, 400)] {
            let refused = delegate(&client, &handler, "ca2", days).await;
            refused.again("请改日期");
        }
        delegate(&client, &handler, "ca2", (0, 1)).await.onwards();
        let twice = delegate(&client, &handler, "ca2", (1, 2)).await;
        twice.again("已经把这项职责委托给这位同事");
        let payer = client.token(&charity, Role::Payer).await;
        let html = Browser::with_session(&client, &payer)
            .page("/desk/delegations")
            .await;
        assert!(html.contains("您没有可以委托的职责"), "{html}");
    }
}
