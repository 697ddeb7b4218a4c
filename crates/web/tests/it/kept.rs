//! What a clerk typed outlives the session: it is carried through the sign-in page and sent once.

use crate::browser::{Browser, Form};
use crate::client::Client;
use crate::html::check_page;
use app::command::{GrantForm, UserForm};
use app::{App, Command, CommandKey};
use domain::identity::Actor;
use testkit::Charity;

const PASSWORD: &str = "correct horse battery";

/// Somebody in a role who knows a password.
async fn clerk_who_is(app: &App, charity: &Charity, role: &str) {
    let user = UserForm {
        login: "zhang".into(),
        name: "张三".into(),
        password_hash: app.password_hash(PASSWORD).await.unwrap(),
    };
    let grant = GrantForm {
        login: "zhang".into(),
        role: role.into(),
        organisation: charity.organisation.clone(),
        region: String::new(),
    };
    for (key, command) in [
        ("kept/user", Command::UserCreate(user)),
        ("kept/grant", Command::RoleGrant(grant)),
    ] {
        let house = Actor::house("test");
        app.write(&house, &CommandKey(key.into()), command)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_slip_sent_after_the_session_ended_is_kept_and_counts_once() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    clerk_who_is(&client.house, &charity, "maker").await;
    let token = client.token_of("zhang").await;
    let clerk = Browser::with_session(&client, &token);
    let counter = format!("/desk/organisations/{}/counter", charity.organisation);
    let slip = clerk.form(&counter, "/counter").await;
    let values = [
        ("amount", "88"),
        ("slip", "S&1=\"é"),
        ("donor_name", "李四"),
        ("donor_kind", "person"),
        ("display", "masked"),
        ("channel", "cash"),
        ("campaign", charity.campaign.as_str()),
    ];
    let ended = Browser::stranger(&client);
    let asked = ended.send(&slip, &values).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert_eq!(asked.header("cache-control"), "no-store");
    check_page("sign-in that carries a form", &asked.text());

    let sign_in = Form::find(&asked.text(), "/sign-in");
    let kept = hidden(&asked.text(), "kept");
    assert!(kept.contains("amount=88"), "{kept}");
    let next = hidden(&asked.text(), "next");
    let who = |password| {
        [
            ("login", "zhang"),
            ("password", password),
            ("next", next.as_str()),
            ("kept", kept.as_str()),
        ]
    };
    let wrong = ended.send(&sign_in, &who("wrong wrong wrong")).await;
    assert_eq!(hidden(&wrong.text(), "kept"), kept, "a wrong password");
    let signed_in = ended.send(&sign_in, &who(PASSWORD)).await;
    assert!(signed_in.header("set-cookie").contains("shanji_session="));
    let page = signed_in.text();
    check_page("a form that was kept", &page);
    assert!(page.contains("S&#38;1=&#34;é"), "{page}");

    let again = Form::find(&page, "/counter");
    let place = clerk.send(&again, &values).await.onwards();
    assert!(place.contains("done=gift&id=don_"), "{place}");
    assert_eq!(clerk.send(&slip, &values).await.onwards(), place);
}

#[tokio::test]
async fn words_of_a_form_with_files_outlive_the_session_and_files_are_asked_for_again() {
    let client = Client::sqlite().await;
    let charity = client.house.charity("云山基金会").await;
    clerk_who_is(&client.house, &charity, "checker").await;
    let token = client.token_of("zhang").await;
    let clerk = Browser::with_session(&client, &token);
    let settle = format!("/desk/organisations/{}/settle", charity.organisation);
    let form = clerk.form(&settle, "/settle").await;
    let values = [("sum", "88"), ("from", "x")];
    let ended = Browser::stranger(&client);
    let asked = ended
        .send_file(&form, &values, Some(("账单.csv", "1,2")))
        .await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let kept = hidden(&asked.text(), "kept");
    assert!(
        kept.contains("sum=88") && kept.contains("kept_files=evidence"),
        "{kept}"
    );
    assert!(
        !kept.contains("1,2") && !kept.contains("%2C"),
        "no file travels: {kept}"
    );
    let next = hidden(&asked.text(), "next");
    let who = [
        ("login", "zhang"),
        ("password", PASSWORD),
        ("next", next.as_str()),
        ("kept", kept.as_str()),
    ];
    let sign_in = Form::find(&asked.text(), "/sign-in");
    let page = ended.send(&sign_in, &who).await.text();
    check_page("a form with files that was kept", &page);
    for words in [
        "<dt>账单金额</dt><dd>88</dd>",
        "照片和文件要重新选",
        "name=\"evidence\" type=\"file\"",
        "enctype=\"multipart/form-data\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let again = Form::find(&page, "/settle");
    let look = [("sum", "88"), ("review", "yes")];
    let filled = clerk
        .send_file(&again, &look, Some(("账单.csv", "1,2")))
        .await;
    let html = filled.again("填写的内容都在，还没有提交");
    assert!(
        html.contains("value=\"88\"") && html.contains("已选好：账单.csv"),
        "{html}"
    );
}

/// The value of a hidden field, as a browser would send it back.
fn hidden(html: &str, name: &str) -> String {
    let (_, rest) = html
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name}: {html}"));
    let value = rest.split('"').next().unwrap();
    value
        .replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#39;", "'")
}
