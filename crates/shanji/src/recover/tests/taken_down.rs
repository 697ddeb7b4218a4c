//! What was taken down in the gap is taken down again: also where the backup still shows it.

use super::accidents::{asked, backup, funded, mirrored, pay, step};
use super::*;
use app::command::{DisbursementStep, EvidenceRef, Repair};
use app::{Command, Outcome};
use domain::fundraising::{DONOR_ERASED, DONOR_LOST, DONOR_WITHDRAWN, WORDS_WITHDRAWN};
use domain::funds::DeliveryForm;
use domain::identity::Actor;
use kernel::{Day, Id};

async fn withdraw(app: &TestApp, record: &str, field: &str) {
    let command = Command::Repair(Repair::Withdraw {
        record: record.into(),
        field: field.into(),
        reason: "personal".into(),
    });
    app.done(&Actor::house("test"), command).await;
}

async fn restrict(app: &TestApp, who: &Actor, donation: &str) {
    let command = Command::DonorRestrict {
        donation: donation.into(),
        reason: "consent".into(),
    };
    app.done(who, command).await;
}

async fn erase(app: &TestApp, donation: &str) {
    let command = Command::Repair(Repair::Erase {
        donation: donation.into(),
        reason: "consent".into(),
    });
    app.done(&Actor::house("test"), command).await;
}

/// A delivery out of an advance of the fund, with a file, and the printed id of the delivery.
async fn delivered(app: &TestApp, fund: &str, sha256: [u8; 32]) -> String {
    let form = DeliveryForm {
        amount: "5".into(),
        payee: "云山县柳河镇困难家庭".into(),
        scheme: "冬衣".into(),
        persons: "12".into(),
        reached_on: app.now().day().to_string(),
        ..Default::default()
    };
    let evidence = vec![EvidenceRef {
        sha256,
        length: 10,
        mime: "application/pdf".into(),
        title: "签收单".into(),
    }];
    let command = Command::DeliveryRecord {
        fund: fund.into(),
        form,
        evidence,
    };
    match app.done(&Actor::house("test"), command).await {
        Outcome::Moved { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

async fn advance_of(app: &TestApp, campaign: &str) -> String {
    let mut read = app.db().read_tx().await.unwrap();
    let id = app.read_id(campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, id)
        .await
        .unwrap();
    let is_advance = |fund: &&domain::funds::Fund| fund.kind == domain::funds::FundKind::Advance;
    app.print(funds.iter().find(is_advance).unwrap().id)
}

async fn shown(app: &App, donation: &str) -> String {
    let mut read = app.db().read_tx().await.unwrap();
    let id: Id<leaf::ids::Donation> = app.read_id(donation).unwrap();
    let found = store::fundraising::donation_by_id(&mut read, id);
    found.await.unwrap().unwrap().donor_public
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_down_stays_down() {
    let app = TestApp::sqlite().await.without_check();
    let (charity, fund, place) = funded(&app).await;
    let old = [
        app.gift(&charity, "20").await,
        app.gift(&charity, "21").await,
    ];
    let (_kept, copy) = backup(&app).await;

    let young = [
        app.gift(&charity, "22").await,
        app.gift(&charity, "23").await,
    ];
    for (donation, who) in old
        .iter()
        .chain(&young)
        .map(|id| (id, &charity.staff.approver))
    {
        restrict(&app, who, donation).await;
    }
    let order = asked(&app, &charity, (&fund, "30"), "advance").await;
    step(&app, &charity, &order, DisbursementStep::Check).await;
    pay(&app, &charity, (&order, &place)).await;
    let advance = advance_of(&app, &charity.campaign).await;
    let delivery = delivered(&app, &advance, [9; 32]).await;
    withdraw(&app, &charity.campaign, "story").await;
    withdraw(&app, &order, "purpose").await;
    withdraw(&app, &delivery, "payee").await;
    let file = Command::Repair(Repair::WithdrawFile {
        record: delivery.clone(),
        file: hex::encode([9; 32]),
        reason: "personal".into(),
    });
    app.done(&Actor::house("test"), file).await;
    let late = Day::parse("2057-02-01").unwrap().start();
    app.clock().set(late);
    for donation in [&old[0], &young[0]] {
        erase(&app, donation).await;
    }
    let copied = mirrored(&app).await;
    assert!(kinds_of(app.app()).await.contains("withdrawal/1"));

    for backup in [copy.as_path(), Path::new("/nonexistent")] {
        let (_home, place) = restored(app.folder(), backup);
        let recovered = recover_apart(&place, copied.path()).unwrap();
        assert_eq!(recovered.losses.hidden.len(), 4);
        let conclusion = audited(&place).await;
        assert!(conclusion.is_clean(), "{}", conclusion.words());
        let house = open(&place, &app).await;
        let page = house.campaign_page(&charity.campaign, None).await.unwrap();
        assert_eq!(page.story, WORDS_WITHDRAWN);
        let is_here = backup == copy.as_path();
        let hidden = if is_here { DONOR_WITHDRAWN } else { DONOR_LOST };
        for (donation, name) in [
            (&old[0], DONOR_ERASED),
            (&old[1], hidden),
            (&young[0], DONOR_ERASED),
            (&young[1], DONOR_LOST),
        ] {
            assert_eq!(shown(&house, donation).await, name, "{donation}");
        }
    }
}
