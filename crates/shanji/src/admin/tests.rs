//! The first people of a house.

use super::*;
use crate::cli::House;

#[test]
fn roles_are_named_by_code_or_title() {
    assert_eq!(role_code("maker"), Ok("maker"));
    assert_eq!(role_code("经办"), Ok("maker"));
    let failure = role_code("boss").unwrap_err();
    assert!(failure.sentence.contains("payer（出纳）"), "{failure}");
}

#[test]
fn short_passwords_are_refused() {
    let read =
        |text: &str| read_password(&mut text.as_bytes()).map(|password| password.expose().clone());
    assert_eq!(
        read("善款善款善款善款善款\r\n"),
        Ok("善款善款善款善款善款".to_owned())
    );
    assert_eq!(
        read("short\n").map_err(|failure| failure.code),
        Err("password.short".to_owned())
    );
}

#[tokio::test]
async fn a_user_is_added_given_a_role_and_sent_away() {
    let app = testkit::TestApp::sqlite().await;
    let password = || Secret::new("一二三四五六七八九十".to_owned());
    let add = || user_add(&app, ("王会计", "wang"), password());
    assert_eq!(add().await, Ok(Exit::Fine));
    assert_eq!(
        add().await.map_err(|failure| failure.exit),
        Err(Exit::Refused)
    );
    let grant = |role: &str| {
        let (login, role) = ("wang".to_owned(), role.to_owned());
        role_grant(
            &app,
            GrantForm {
                login,
                role,
                organisation: String::new(),
                region: String::new(),
            },
        )
    };
    assert_eq!(grant("administrator").await, Ok(Exit::Fine));
    assert_eq!(
        grant("maker").await.map_err(|failure| failure.exit),
        Err(Exit::Refused)
    );
    let token = testkit::sure(
        app.sign_in("wang", "一二三四五六七八九十", "试验").await,
        "a sign-in",
    );
    let before = testkit::sure(app.session_actor(&token).await, "an actor");
    assert!(matches!(before.who, domain::identity::Who::User(_)));
    assert_eq!(sessions_end(&app, "wang").await, Ok(Exit::Fine));
    let after = testkit::sure(app.session_actor(&token).await, "an actor");
    assert!(matches!(after.who, domain::identity::Who::Public));
    let nobody = sessions_end(&app, "nobody").await;
    assert_eq!(
        nobody.map_err(|failure| failure.code),
        Err("user.unknown".to_owned())
    );
}

#[test]
fn a_house_that_is_not_there_is_not_made() {
    let home = tempfile::tempdir().unwrap();
    let house = House {
        passphrase_file: None,
        data: home.path().join("data"),
        database: None,
    };
    let what = AdminKind::SessionEnd {
        login: "wang".into(),
    };
    let ended = run(&Admin { house, what });
    assert_eq!(
        ended.map_err(|failure| failure.code),
        Err("database.absent".to_owned())
    );
    assert!(!home.path().join("data").exists());
}
