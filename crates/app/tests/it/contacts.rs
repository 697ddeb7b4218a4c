//! How organisations are reached: published by their staff, version by version, shown everywhere at once.

use crate::house::{House, on_each_engine};
use app::{Command, Outcome};
use domain::identity::{Actor, Role};
use domain::parties::ContactForm;

fn form(version: i64) -> ContactForm {
    ContactForm {
        desk: "捐赠服务处".into(),
        telephones: "0000-88001001\n0000-88001002转3".into(),
        mail: "donors@jiangcheng.example.org".into(),
        address: "江城市和平路1号".into(),
        hours: "周一至周五 9:00至17:00".into(),
        version,
    }
}

fn publish(house: &House, form: ContactForm) -> Command {
    Command::ContactPublish {
        organisation: house.organisation.clone(),
        form,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_is_published_changed_and_kept() {
    on_each_engine(|house| async move {
        let before = house.app.contact(&house.organisation).await.unwrap();
        assert!(!before.is_published() && before.telephones.is_empty());
        let maker = house.staff(1, Role::Maker);
        let (key, first) = (house.key(), publish(&house, form(0)));
        for _ in 0..2 {
            let done = house.app.write(&maker, &key, first.clone()).await.unwrap();
            let id = house.organisation.clone();
            assert_eq!(done, Outcome::Record { id }, "a second click does nothing");
        }
        let shown = house.app.contact(&house.organisation).await.unwrap();
        assert_eq!(shown.dialled()[1].1, "tel:000088001002;ext=3");
        assert!(shown.is_published());
        assert_eq!(
            house.refused(&maker, publish(&house, form(0))).await,
            "contact_changed"
        );
        let second = ContactForm {
            telephones: String::new(),
            ..form(1)
        };
        house
            .app
            .write(&maker, &house.key(), publish(&house, second))
            .await
            .unwrap();
        versions(&house, &maker).await;
        house.check_all().await;
    })
    .await;
}

/// Both versions stand on the desk, the newest on the pages of organisation and campaign.
async fn versions(house: &House, maker: &Actor) {
    let desk = house.app.contact_desk(maker, &house.organisation);
    let desk = desk.await.unwrap();
    assert_eq!((desk.version, desk.versions.len()), (2, 2));
    assert!(desk.versions[1].lines.contains(&"0000-88001001".into()));
    let page = house.app.organisation_page(&house.organisation).await;
    let page = page.unwrap();
    assert!(page.contact.telephones.is_empty());
    assert_eq!(page.contact.mail, "donors@jiangcheng.example.org");
    let campaign = house.campaign().await;
    let campaign = house.app.campaign_page(&campaign, None).await.unwrap();
    assert_eq!(campaign.contact.desk, "捐赠服务处");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_is_the_business_of_its_own_makers() {
    on_each_engine(|house| async move {
        let command = publish(&house, form(0));
        let other = house.organisation("另一家慈善会").await;
        for who in [
            house.staff(1, Role::Payer),
            house.staff(2, Role::Checker),
            house.staff_of(&other, 3, Role::Maker),
        ] {
            let refused = house.refused(&who, command.clone()).await;
            assert_eq!(refused, "not_permitted");
        }
        let stranger = Actor::public();
        let refused = house.refused(&stranger, command.clone()).await;
        assert_eq!(refused, "sign_in_first");
        let theirs = house.staff_of(&other, 3, Role::Maker);
        let desk = house.app.contact_desk(&theirs, &house.organisation).await;
        assert_eq!(crate::house::code(desk), "not_permitted");
        let wrong = ContactForm {
            desk: "王小明".into(),
            telephones: "13800138000".into(),
            ..form(0)
        };
        let maker = house.staff(1, Role::Maker);
        let (key, wrong) = (house.key(), publish(&house, wrong));
        let told = house.app.write(&maker, &key, wrong).await;
        let Err(app::AppError::Invalid(problems)) = told else {
            panic!("a person was published")
        };
        let codes: Vec<_> = problems.iter().map(|p| (p.field, p.code)).collect();
        assert_eq!(codes, [("desk", "person"), ("telephones", "mobile")]);
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_seems_wrong_leads_to_who_answers_for_it() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "20", "pay-1").await;
        for printed in [&house.organisation, &campaign, &gift] {
            let about = house.app.report_about(printed).await.unwrap();
            let about = about.expect("somebody answers for it");
            assert_eq!(about.contact.organisation.id, house.organisation);
            assert!(about.leaf_index.is_some() && about.path.ends_with(printed.as_str()));
        }
        for nobody in ["", "don_", "<b>", "cam_00000000000000"] {
            assert!(
                house.app.report_about(nobody).await.unwrap().is_none(),
                "{nobody}"
            );
        }
    })
    .await;
}
