//! Doors that must stay shut: sessions that nobody opened or that ended, and forms that another site sends with the
//! clerk's own cookie (CSRF).

use super::walk::{From, open, send, walk};
use crate::client::Client;
use crate::list_house;
use app::identity::token_hash;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// Pages of the desk open for nobody who is not signed in.
async fn shut(client: &Client, session: &str, pages: &[String], why: &str) {
    for path in pages {
        let answer = open(client, session, path).await;
        let is_sent_away =
            answer.status == 303 && answer.header("location").starts_with("/sign-in");
        assert!(
            is_sent_away || answer.status == 401,
            "{why}: {path} answers {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn forged_and_ended_sessions_open_nothing() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let own = walk(&client, house.maker(), &["/desk"]).await;
    let pages: Vec<String> = own.pages.into_iter().collect();
    assert!(pages.len() >= 30, "{} pages", pages.len());
    let hash = token_hash(house.maker());
    let stored: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let longer = format!("{}0", house.maker());
    let shorter = &house.maker()[..house.maker().len() - 1];
    let forged = [
        ("no session", ""),
        (
            "a guess",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ),
        ("the hash that the database holds", &stored),
        ("one sign more", &longer),
        ("one sign less", shorter),
        ("a statement", "' OR '1'='1"),
        ("two cookies in one", "x; shanji_session=y"),
    ];
    for (why, session) in forged {
        shut(&client, session, &pages, why).await;
    }
    let ended = house.maker().to_string();
    let front = open(&client, &ended, &pages[0]).await;
    assert!(matches!(front.status, 200 | 303), "{}", front.status);
    client.house.clock().advance(90 * DAY_MICROS);
    shut(&client, &ended, &pages, "a session of three months ago").await;
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let client = Client::sqlite().await;
    let house = list_house::built(&client).await;
    let own = walk(&client, house.maker(), &["/desk"]).await;
    assert!(own.forms.len() >= 20, "{} forms", own.forms.len());
    let leaves = || async {
        let log = client.get("/api/v1/log").await.ok(200);
        log["leaves"].as_i64().unwrap()
    };
    let before = leaves().await;
    for form in &own.forms {
        for from in [From::OtherSite, From::OtherOrigin, From::Nowhere] {
            let answer = send(&client, house.maker(), form, from).await;
            assert_eq!(
                answer.status,
                403,
                "{} from {from:?}: {}",
                form.action,
                answer.text()
            );
        }
    }
    assert_eq!(leaves().await, before, "another site wrote");
    // The same cookie from our own page is let in: the door is not simply broken.
    let home = open(&client, house.maker(), "/desk").await;
    assert!(matches!(home.status, 200 | 303), "{}", home.status);
}
