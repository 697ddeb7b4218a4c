//! The first people of a house.

use super::*;
use crate::cli::House;

fn admin(place: &Place, what: AdminKind) -> Ended {
    run(&Admin { house: House { data: place.data.clone(), database: None }, what })
}

#[test]
fn roles_are_named_by_code_or_title() {
    assert_eq!(role_code("maker"), Ok("maker"));
    assert_eq!(role_code("经办"), Ok("maker"));
    let failure = role_code("boss").unwrap_err();
    assert!(failure.sentence.contains("payer（出纳）"), "{failure}");
}

#[test]
fn short_passwords_are_refused() {
    let read = |text: &str| read_password(&mut text.as_bytes()).map(|password| password.expose().clone());
    assert_eq!(read("善款善款善款善款善款\r\n"), Ok("善款善款善款善款善款".to_owned()));
    assert_eq!(read("short\n").map_err(|failure| failure.code), Err("password.short".to_owned()));
}

#[test]
fn a_user_is_added_given_a_role_and_sent_away() {
    let home = tempfile::tempdir().unwrap();
    let house = House { data: home.path().join("data"), database: None };
    crate::migrate::run(&crate::cli::Migrate { house: house.clone() }).unwrap();
    let place = Place::of(&house);
    let password = || Secret::new("一二三四五六七八九十".to_owned());
    let add = || house::block_on(user_add(&place, ("王会计", "wang"), password())).unwrap();
    assert_eq!(add(), Ok(Exit::Fine));
    assert_eq!(add().map_err(|failure| failure.exit), Err(Exit::Refused));
    let grant = |role: &str| {
        let role = role.to_owned();
        admin(&place, AdminKind::RoleGrant { login: "wang".into(), role, organisation: None, region: None })
    };
    assert_eq!(grant("administrator"), Ok(Exit::Fine));
    assert_eq!(grant("maker").map_err(|failure| failure.exit), Err(Exit::Refused));
    let end = |login: &str| admin(&place, AdminKind::SessionEnd { login: login.into() });
    assert_eq!(end("wang"), Ok(Exit::Fine));
    assert_eq!(end("nobody").map_err(|failure| failure.code), Err("user.unknown".to_owned()));
}
