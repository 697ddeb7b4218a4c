//! Words that a database, a browser or a file system could obey are only words: in everything that a person can type,
//! in every address, and in the names of files.

use super::walk::{From, Walk, open, send, walk, walk_where};
use crate::browser::{Browser, percent};
use crate::client::Client;
use crate::html::check_page;
use crate::list_house::{self, House};
use app::Command;
use app::command::{CounterGift, GoodsGift, UserForm};
use app::list::{How, LISTS};
use domain::fundraising::IntentForm;
use domain::funds::DisbursementRequest;
use domain::identity::{Actor, Role};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Markup, the end of an attribute, the end of a string of SQL, and a template, in one line.
const HOSTILE: &str =
    "<img src=x onerror=alert(7)>\"'><svg/onload=alert(7)>{{7*7}}'; DROP TABLE donation; --";
/// What a browser would obey if it stood in a page as it was typed.
const OBEYED: [&str; 3] = ["<img src=x", "<svg/onload", "alert(7)>"];
/// How the line begins where it is shown as words.
const SHOWN: [&str; 2] = ["&#60;img src=x", "&lt;img src=x"];

/// Parts of addresses and values behind `?`, percent-encoded before they are sent.
const ASKED: [&str; 9] = [
    "' OR '1'='1",
    "1; DROP TABLE donation; --",
    "') UNION SELECT name, sql FROM sqlite_master --",
    "\\'; SELECT pg_sleep(9); --",
    "%",
    "../../../../etc/passwd",
    "..\\..\\shanji.db",
    "<img src=x onerror=alert(7)>",
    "\u{0}\u{2028}\u{202e}",
];

/// Fewer pages or forms than these, and the walk went past the house.
const PAGES_LEAST: usize = 40;
const FORMS_LEAST: usize = 40;

fn harmless(path: &str, html: &str) {
    for word in OBEYED {
        assert!(!html.contains(word), "{path} holds {word} as it was typed");
    }
}

fn is_public(path: &str) -> bool {
    let elsewhere = [
        "/desk",
        "/api/",
        "/log/tile",
        "/assets/",
        "/open/",
        "/sign-",
    ];
    !elsewhere.iter().any(|begin| path.starts_with(begin))
}

/// All public pages, and the desks of a charity and of its office.
async fn everything(client: &Client, house: &House) -> Vec<(String, Walk)> {
    let code = &house.organisation()[4..12];
    let mut all = vec![(
        String::new(),
        walk_where(client, "", &["/", "/organisations", "/log"], is_public).await,
    )];
    for role in [Role::Maker, Role::Checker, Role::Approver, Role::Payer] {
        let session = client.token_of(&format!("{}.{code}", role.code())).await;
        let seen = walk(client, &session, &["/desk"]).await;
        all.push((session, seen));
    }
    for session in [house.official(), house.administrator()] {
        let seen = walk(client, session, &["/desk"]).await;
        all.push((session.to_string(), seen));
    }
    all
}

/// Somebody types the line wherever the house keeps what is typed.
async fn say_it(client: &Client, house: &House) {
    let by = Actor::house("test");
    let form = IntentForm {
        amount: "77".into(),
        donor_name: HOSTILE.into(),
        donor_kind: "person".into(),
        display: "named".into(),
        message: HOSTILE.into(),
        ..IntentForm::default()
    };
    let goods = GoodsGift {
        organisation: house.organisation().into(),
        campaign: house.campaign().into(),
        name: HOSTILE.into(),
        spec: "<svg/onload=alert(7)>".into(),
        unit: "件".into(),
        units: "3".into(),
        donor_name: HOSTILE.into(),
        donor_kind: "organisation".into(),
        display: "named".into(),
    };
    let request = DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: HOSTILE.into(),
        amount: "7".into(),
        purpose: HOSTILE.into(),
        ..DisbursementRequest::default()
    };
    let user = UserForm {
        login: "hostile.name".into(),
        name: "<svg/onload=alert(7)>\"'; --".into(),
        password_hash: "none".into(),
    };
    let said = [
        Command::CounterGift(CounterGift {
            campaign: house.campaign().into(),
            channel: "cash".into(),
            form,
            slip: "'; DELETE FROM donation; --".into(),
            received_on: String::new(),
        }),
        Command::GoodsGift(goods),
        Command::DisbursementRequest {
            fund: house.fund().into(),
            request,
        },
        Command::UserCreate(user),
        Command::QuestionAsk {
            campaign: house.campaign().into(),
            text: HOSTILE.into(),
        },
    ];
    for command in said {
        client.house.done(&by, command).await;
    }
    client.house.seal_now().await.unwrap();
}

#[tokio::test]
async fn what_was_typed_is_shown_as_words() {
    let client = Client::sqlite().await;
    let house = list_house::built_as(&client, HOSTILE).await;
    say_it(&client, &house).await;
    let mut shown = BTreeSet::new();
    for (session, seen) in everything(&client, &house).await {
        for path in &seen.pages {
            let html = open(&client, &session, path).await.text();
            harmless(path, &html);
            // What is saved to disk carries its style along.
            if !path.ends_with(".html") {
                check_page(path, &html);
            }
            if SHOWN.iter().any(|begin| html.contains(begin)) {
                shown.insert(path.clone());
            }
        }
    }
    let at_desk = shown
        .iter()
        .filter(|path| path.starts_with("/desk"))
        .count();
    let public = shown.len() - at_desk;
    assert!(
        at_desk >= 15 && public >= 8,
        "{public} public, {at_desk} at the desk: {shown:#?}"
    );
}

/// The forms that end what the walk lives by.
fn ends_the_walk(action: &str) -> bool {
    action.contains("sign-out") || action.contains("/security") || action.contains("/sessions")
}

#[tokio::test]
async fn every_field_of_every_form_takes_words_only() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let mut tried = 0;
    for (session, seen) in everything(&client, &house).await {
        for form in seen
            .forms
            .iter()
            .filter(|form| !ends_the_walk(&form.action))
        {
            for text in [HOSTILE, "' OR '1'='1", "\u{0}\u{202e}../../x"] {
                let answer = send(&client, &session, &form.saying(text), From::Here).await;
                let said = (&form.action, text);
                assert!(answer.status < 500, "{said:?}: {}", answer.text());
                harmless(&form.action, &answer.text());
            }
            tried += usize::from(!form.words.is_empty());
        }
    }
    assert!(tried >= FORMS_LEAST, "{tried} forms take words");
    for (session, seen) in everything(&client, &house).await {
        for path in &seen.pages {
            let answer = open(&client, &session, path).await;
            assert_eq!(answer.status, 200, "{path} is lost");
            harmless(path, &answer.text());
        }
    }
}

/// The address with this text in place of each of its ids and of each value behind `?`.
fn asked_with(path: &str, text: &str) -> Vec<String> {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = place.split('/').collect();
    let is_name = |part: &str| part.contains('_') || part.chars().any(|c| c.is_ascii_digit());
    let mut all = Vec::new();
    for at in (0..parts.len()).filter(|at| is_name(parts[*at])) {
        let mut other: Vec<String> = parts.iter().map(ToString::to_string).collect();
        other[at] = percent(text);
        all.push(other.join("/"));
    }
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let known = [
        "q", "cursor", "gifts", "number", "token", "next", "done", "id", "sort", "from",
    ];
    for name in names.filter(|name| !name.is_empty()).chain(known) {
        all.push(format!("{place}?{name}={}", percent(text)));
    }
    all
}

#[tokio::test]
async fn what_stands_in_an_address_is_only_looked_for() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let mut pages = 0;
    for (session, seen) in everything(&client, &house).await {
        pages += seen.pages.len();
        for path in &seen.pages {
            for (n, text) in ASKED.iter().enumerate() {
                // Each page meets every text; each of its places meets some of them.
                for address in asked_with(path, text).into_iter().skip(n % 3).step_by(3) {
                    let answer = open(&client, &session, &address).await;
                    assert!(answer.status < 500, "{address}: {}", answer.text());
                    harmless(&address, &answer.text());
                    assert!(!answer.text().contains("root:x:0"), "{address} is a file");
                }
            }
        }
    }
    assert!(pages >= PAGES_LEAST, "{pages} pages");
    let home = open(&client, "", "/organisations").await;
    assert_eq!(home.status, 200, "the tables are there");
}

fn rows(answer: &str) -> Vec<Value> {
    serde_json::from_str(answer).unwrap_or_default()
}

/// No word in a filter widens it, and `%` is the sign itself: what a filter by words lets through holds the words.
#[tokio::test]
async fn filters_of_lists_cannot_be_widened() {
    for client in Client::every().await {
        let house = list_house::built(&client).await;
        let mut tried = 0;
        for list in LISTS {
            let desk = Browser::with_session(&client, house.token(list));
            let path = list.address(&house.params(list));
            for filter in list.filters.iter() {
                if !matches!(filter.how, How::Contains) {
                    continue;
                }
                for text in ["' OR '1'='1", "') OR 1=1 --", "%", "_", "%%", "\\"] {
                    // A name of signs only narrows the register of organisations not at all, and that is said.
                    let has_letters = text.chars().any(char::is_alphanumeric);
                    if list.name == "organisations" && !has_letters {
                        continue;
                    }
                    let asked = format!("{path}.json?{}={}", filter.name, percent(text));
                    let answer = desk.open(&asked).await;
                    assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
                    for row in rows(&answer.text()) {
                        let held = row[filter.column].to_string();
                        assert!(
                            held.contains(text.trim_matches('\'')),
                            "{asked} lets through {held}"
                        );
                    }
                    tried += 1;
                }
            }
        }
        assert!(tried >= 60, "{tried} questions");
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![folder.to_path_buf()];
    while let Some(folder) = ahead.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                ahead.push(path);
            } else {
                found.insert(path.display().to_string());
            }
        }
    }
    found
}

/// The names of files that people bring lead nowhere: what is kept is called by its digest.
#[tokio::test]
async fn names_of_files_lead_nowhere() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let desk = Browser::with_session(&client, house.maker());
    let folder = client.house.folder();
    let before = files(folder);
    let stolen = |path: &String| path.contains("stolen");
    let outside = [Path::new("/tmp/stolen.csv"), Path::new("stolen.csv")];
    let path = format!("/desk/organisations/{}/imports/new", house.organisation());
    for name in [
        "../../../stolen.csv",
        "..\\..\\stolen.csv",
        "/tmp/stolen.csv",
        "C:\\stolen.csv",
        "stolen.csv\u{0}.jpg",
        "....//....//stolen.csv",
    ] {
        let form = desk.form(&path, "/imports/new").await;
        let list = format!("渠道单号,金额,时间\r\n{name},1.00,2026-11-20\r\n");
        let values = [("campaign", house.campaign())];
        let answer = desk.send_file(&form, &values, Some((name, &list))).await;
        assert!(answer.status < 500, "{name}: {}", answer.text());
        let left: Vec<String> = files(folder).into_iter().filter(stolen).collect();
        assert!(left.is_empty(), "{name} became {left:?}");
        assert!(!outside.iter().any(|path| path.exists()), "{name} got out");
    }
    let made: BTreeSet<String> = files(folder).difference(&before).cloned().collect();
    assert!(made.len() >= 5, "nothing was kept: {made:?}");
    for path in &made {
        let name = Path::new(path).file_name().and_then(|name| name.to_str());
        let is_digest =
            |name: &str| name.len() == 64 && name.chars().all(|c| c.is_ascii_hexdigit());
        assert!(
            name.is_some_and(is_digest),
            "{path} is called by what somebody typed"
        );
    }
    for address in [
        "/evidence/..%2f..%2fshanji.db",
        "/evidence/%2e%2e%2fkeys/small.jpg",
        "/open/..%2f/x.csv",
        "/assets/..%2f..%2fCargo.toml",
        "/log/tile/..%2f..%2fkeys",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
    ] {
        let answer = open(&client, "", address).await;
        assert!(
            matches!(answer.status, 400 | 404),
            "{address}: {}",
            answer.status
        );
    }
}
