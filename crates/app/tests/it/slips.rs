//! Slips of the counter: one slip is one gift, and free again once its gift was taken out of the books whole.

use crate::house::{House, on_each_engine};
use app::command::{CounterGift, DisbursementStep, Repair};
use app::{Command, Outcome};
use domain::fundraising::IntentForm;
use domain::identity::Role;

fn slip(campaign: &str, yuan: &str) -> Command {
    Command::CounterGift(CounterGift {
        campaign: campaign.into(),
        channel: "bank".into(),
        form: IntentForm {
            amount: yuan.into(),
            ..IntentForm::default()
        },
        slip: "T-1".into(),
        received_on: String::new(),
    })
}

/// Enters the slip; the gift, and whether it was known already.
async fn entered(house: &House, campaign: &str, yuan: &str) -> (String, bool) {
    match house.ok(slip(campaign, yuan)).await {
        Outcome::Gift {
            donation, replay, ..
        } => (donation, replay),
        other => panic!("no gift: {other:?}"),
    }
}

async fn corrected(house: &House, donation: &str) {
    house
        .ok(Command::Repair(Repair::Correct {
            donation: donation.into(),
            reason: "金额写错".into(),
        }))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_is_free_again_once_its_gift_was_corrected() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let maker = house.staff(1, Role::Maker);
        let (first, known) = entered(&house, &campaign, "33").await;
        assert!(!known);
        assert_eq!(house.refused(&maker, slip(&campaign, "333")).await, "slip");
        corrected(&house, &first).await;
        let (second, known) = entered(&house, &campaign, "333").await;
        assert!(!known && second != first);
        let again = entered(&house, &campaign, "333").await;
        assert_eq!(again, (second.clone(), true), "the same form is one gift");
        assert_eq!(house.refused(&maker, slip(&campaign, "33")).await, "slip");
        corrected(&house, &second).await;
        let (third, known) = entered(&house, &campaign, "33").await;
        assert!(!known && third != first && third != second);
        let found = house
            .app
            .desk_find(&maker, &house.organisation, "T-1")
            .await
            .unwrap();
        assert_eq!(found.gifts.len(), 3, "each is found by the slip");
        house.check_all().await;
    })
    .await;
}

/// Pays 50 yuan of the campaign's project fund to somebody.
async fn spent(house: &House, campaign: &str) {
    let (fund, place) = {
        let mut read = house.app.db().read_tx().await.unwrap();
        let campaign = house.app.read_id(campaign).unwrap();
        let funds = store::funds::funds_of_campaign(&mut read, campaign)
            .await
            .unwrap();
        let owner = house.app.read_id(&house.organisation).unwrap();
        let places = store::funds::places_of_organisation(&mut read, owner)
            .await
            .unwrap();
        (
            house.app.print(funds[0].id),
            house.app.print(places[0].place.id),
        )
    };
    let request = domain::funds::DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: "云山县医院".into(),
        amount: "50".into(),
        purpose: "冬衣".into(),
        ..Default::default()
    };
    let disbursement = house
        .record(Command::DisbursementRequest { fund, request })
        .await;
    let check = Command::DisbursementStep {
        disbursement: disbursement.clone(),
        step: DisbursementStep::Check,
        reason: String::new(),
    };
    let (checker, payer) = (house.staff(2, Role::Checker), house.staff(3, Role::Payer));
    let pay = Command::DisbursementPay {
        disbursement,
        place,
        voucher: app::command::Voucher::default(),
    };
    for (who, command) in [(&checker, check), (&payer, pay)] {
        let done = house.app.write(who, &house.key(), command).await;
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gift_that_was_used_in_part_keeps_its_slip() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let (gift, _) = entered(&house, &campaign, "100").await;
        spent(&house, &campaign).await;
        corrected(&house, &gift).await;
        // 50 yuan of it stand: whoever enters the slip again would count them twice.
        assert_eq!(entered(&house, &campaign, "100").await, (gift, true));
        let maker = house.staff(1, Role::Maker);
        assert_eq!(house.refused(&maker, slip(&campaign, "50")).await, "slip");
        house.check_all().await;
    })
    .await;
}

/// What lies at the places of the organisation that holds the campaign: account and fen.
async fn places(house: &House, campaign: &str) -> Vec<(String, i64)> {
    let page = house.app.campaign_page(campaign, None).await.unwrap();
    let organisation = page.card.organisation.id;
    let page = house.app.organisation_page(&organisation).await.unwrap();
    let places = page.places.into_iter();
    places.map(|place| (place.account, place.amount)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_gift_leaves_the_place_that_it_came_into() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        entered(&house, &campaign, "900").await;
        let before = places(&house, &campaign).await;
        let mut cash = slip(&campaign, "33");
        if let Command::CounterGift(gift) = &mut cash {
            gift.channel = "cash".into();
            gift.slip = "T-2".into();
        }
        let Outcome::Gift { donation, .. } = house.ok(cash).await else {
            panic!("no gift")
        };
        assert_ne!(places(&house, &campaign).await, before);
        corrected(&house, &donation).await;
        assert_eq!(nothing_left(places(&house, &campaign).await), before);
        house.check_all().await;
    })
    .await;
}

/// Without the places where nothing lies.
fn nothing_left(places: Vec<(String, i64)>) -> Vec<(String, i64)> {
    places.into_iter().filter(|place| place.1 != 0).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_request_about_a_gift_waits_at_a_time() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let maker = house.staff(1, Role::Maker);
        let (gift, _) = entered(&house, &campaign, "33").await;
        let correct = |reason: &str| {
            Command::Repair(Repair::Correct {
                donation: gift.clone(),
                reason: reason.into(),
            })
        };
        house
            .app
            .write(&maker, &house.key(), correct("金额写错"))
            .await
            .unwrap();
        let again = house.refused(&maker, correct("姓名写错")).await;
        assert_eq!(again, "repair_waiting");
        let refund = Command::Repair(Repair::Refund {
            donation: gift.clone(),
            amount: "3".into(),
            reason: "多付".into(),
        });
        assert_eq!(house.refused(&maker, refund).await, "repair_waiting");
    })
    .await;
}
