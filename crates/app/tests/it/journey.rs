//! Gift, allotment, delivery, and what happens with the second, the late and the wrong one.

use crate::house::{House, code, on_each_engine};
use app::command::{DisbursementStep, EvidenceRef};
use app::{Command, Outcome};
use domain::funds::{DeliveryForm, DisbursementRequest};
use domain::identity::Role;

/// Printed id of the campaign's first fund (its project fund).
async fn project_fund(house: &House, campaign: &str) -> String {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, id)
        .await
        .unwrap();
    house.app.print(funds[0].id)
}

async fn places(house: &House) -> Vec<(String, String)> {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(&house.organisation).unwrap();
    let places = store::funds::places_of_organisation(&mut read, id)
        .await
        .unwrap();
    places
        .iter()
        .map(|p| (p.place.account.clone(), house.app.print(p.place.id)))
        .collect()
}

fn request(class: &str, yuan: &str) -> DisbursementRequest {
    DisbursementRequest {
        class: class.into(),
        payee_kind: "organisation".into(),
        payee: "云山县社会服务中心".into(),
        amount: yuan.into(),
        purpose: "购买冬衣".into(),
        ..DisbursementRequest::default()
    }
}

/// Money at the bank: gifts, then a settlement of all that waits.
async fn settled(house: &House, campaign: &str, yuan: &[&str]) {
    for (n, yuan) in yuan.iter().enumerate() {
        house.give(campaign, yuan, &format!("pay-{n}")).await;
    }
    house.ok(counter(campaign, "1.00", "slip-1")).await;
    let places = places(house).await;
    let place = |account: &str| places.iter().find(|p| p.0 == account).unwrap().1.clone();
    let sum: i64 = yuan
        .iter()
        .map(|y| kernel::Fen::parse(y).unwrap().get())
        .sum();
    let sum = kernel::Fen::new(sum).to_string();
    let command = Command::Settle {
        from: place("1009"),
        to: place("1002"),
        sum,
        bill: [1; 32],
    };
    house.ok(command).await;
}

fn counter(campaign: &str, yuan: &str, slip: &str) -> Command {
    Command::CounterGift(app::command::CounterGift {
        campaign: campaign.into(),
        channel: "bank".into(),
        form: domain::fundraising::IntentForm {
            amount: yuan.into(),
            ..Default::default()
        },
        slip: slip.into(),
        received_on: String::new(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gift_goes_through_partner_to_delivery_with_four_eyes() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let partner = house.organisation("云山县社会服务中心").await;
        settled(&house, &campaign, &["60.00", "40.00"]).await;
        let fund = project_fund(&house, &campaign).await;
        let bank = places(&house)
            .await
            .iter()
            .find(|p| p.0 == "1002")
            .unwrap()
            .1
            .clone();
        let people = [Role::Maker, Role::Checker, Role::Payer];
        let [maker, checker, payer] =
            [0, 1, 2].map(|n| house.staff(i64::from(n) + 1, people[n as usize]));
        let ask = Command::DisbursementRequest {
            fund: fund.clone(),
            request: request("advance", "70"),
        };
        let Outcome::Step { id, .. } = house.app.write(&maker, &house.key(), ask).await.unwrap()
        else {
            panic!("no order")
        };
        let step = |step, reason: &str| Command::DisbursementStep {
            disbursement: id.clone(),
            step,
            reason: reason.into(),
        };
        let self_check = house.staff(1, Role::Checker);
        let same = house
            .refused(&self_check, step(DisbursementStep::Check, ""))
            .await;
        assert_eq!(same, "disbursement_same_person");
        house
            .app
            .write(&checker, &house.key(), step(DisbursementStep::Check, ""))
            .await
            .unwrap();
        let pay = Command::DisbursementPay {
            disbursement: id.clone(),
            place: bank,
            voucher: app::command::Voucher::default(),
        };
        assert_eq!(house.refused(&checker, pay.clone()).await, "not_permitted");
        house
            .app
            .write(&payer, &house.key(), pay.clone())
            .await
            .unwrap();
        assert_eq!(house.refused(&payer, pay).await, "disbursement_wrong_state");
        deliver_and_return(&house, &campaign, &partner).await;
        found_by_place(&house, &campaign).await;
        house.check_all().await;
    })
    .await;
}

/// Printed id of the campaign's advance, which holds 70 yuan.
async fn advance_of(house: &House, campaign: &str) -> String {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, id)
        .await
        .unwrap();
    let advance = funds
        .iter()
        .find(|f| f.kind == domain::funds::FundKind::Advance)
        .unwrap();
    assert_eq!(advance.tape.balance(), 7_000);
    house.app.print(advance.id)
}

/// What was delivered is found by its division, and by a place that stands in its words.
async fn found_by_place(house: &House, campaign: &str) {
    let code = |text: &str| kernel::RegionCode::parse(text).unwrap();
    let regions = [
        (code("33"), "浙江省".to_string()),
        (code("3301"), "杭州市".to_string()),
    ];
    house.app.regions_load(&regions).await.unwrap();
    for place in ["杭州", "柳河镇"] {
        let page = house.app.search(place).await.unwrap();
        let found: Vec<_> = page.deliveries.iter().map(|line| line.amount).collect();
        assert_eq!(found, [5_000], "{place}");
        assert_eq!(page.campaigns[0].id, campaign, "{place}");
        assert!(page.unknown.is_none() && page.direct.is_none(), "{place}");
    }
    let nowhere = house.app.search("青石沟").await.unwrap();
    assert!(nowhere.deliveries.is_empty());
}

async fn deliver_and_return(house: &House, campaign: &str, partner: &str) {
    let fund = advance_of(house, campaign).await;
    let form = |yuan: &str, day: &str| DeliveryForm {
        amount: yuan.into(),
        payee: "云山县柳河镇困难家庭".into(),
        scheme: "冬衣".into(),
        region: "3301".into(),
        persons: "12".into(),
        reached_on: day.into(),
    };
    let evidence = vec![EvidenceRef {
        sha256: [9; 32],
        length: 10,
        mime: "application/pdf".into(),
        title: "签收单".into(),
    }];
    let on = |day: &str, yuan: &str, evidence: &[EvidenceRef]| Command::DeliveryRecord {
        fund: fund.clone(),
        form: form(yuan, day),
        evidence: evidence.to_vec(),
    };
    let deliver = |yuan: &str, evidence: &[EvidenceRef]| on("2026-11-22", yuan, evidence);
    let other = house.organisation("青禾市云途应急中心").await;
    for stranger in [
        house.staff_of(&other, 6, Role::Partner),
        house.staff(7, Role::Partner),
    ] {
        let refused = house.refused(&stranger, deliver("1", &evidence)).await;
        assert_eq!(refused, "not_permitted", "another partner's advance");
    }
    let partner = house.staff_of(partner, 5, Role::Partner);
    for day in ["2026-11-21", "2020-01-01", "2026-11-23"] {
        let refused = house.refused(&partner, on(day, "1", &evidence)).await;
        assert_eq!(refused, "reached_on", "{day}");
    }
    assert_eq!(
        house.refused(&partner, deliver("50", &[])).await,
        "evidence"
    );
    assert_eq!(
        house.refused(&partner, deliver("70.01", &evidence)).await,
        "delivery_balance"
    );
    house
        .app
        .write(&partner, &house.key(), deliver("50", &evidence))
        .await
        .unwrap();
    let reused = house.refused(&partner, deliver("1", &evidence)).await;
    assert_eq!(reused, "evidence", "one file shows one delivery");
    let bank = places(house)
        .await
        .iter()
        .find(|p| p.0 == "1002")
        .unwrap()
        .1
        .clone();
    let back = Command::AdvanceReturn {
        fund: fund.clone(),
        amount: "20".into(),
        place: bank,
    };
    house
        .app
        .write(&partner, &house.key(), back.clone())
        .await
        .unwrap();
    assert_eq!(house.refused(&partner, back).await, "delivery_balance");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_was_received_is_never_refused() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let intent = house.intent(&campaign, "50.00").await;
        let held = |outcome| match outcome {
            Outcome::Gift { held, replay, .. } => (held.unwrap_or_default(), replay),
            other => panic!("no gift: {other:?}"),
        };
        let pay = |external: &str, fen| house.pay(house.notice(&intent, external, fen));
        assert_eq!(
            held(pay("a", 4_999).await),
            ("amount_differs".into(), false)
        );
        let intent = house.intent(&campaign, "50.00").await;
        let notice = house.notice(&intent, "b", 5_000);
        assert_eq!(
            held(house.pay(notice.clone()).await),
            (String::new(), false)
        );
        assert_eq!(held(house.pay(notice).await), (String::new(), true));
        assert_eq!(
            held(house.pay(house.notice(&intent, "c", 5_000)).await),
            ("paid_twice".into(), false)
        );
        assert_eq!(
            held(house.pay(house.notice("int_x", "d", 5_000)).await),
            ("unknown_intent".into(), false)
        );
        let late = house.intent(&campaign, "8.00").await;
        house
            .ok(Command::CampaignEnd {
                campaign: campaign.clone(),
            })
            .await;
        assert_eq!(
            held(house.pay(house.notice(&late, "e", 800)).await),
            ("not_live".into(), false)
        );
        let form = domain::fundraising::IntentForm {
            amount: "5".into(),
            ..Default::default()
        };
        let offer = Command::IntentCreate {
            campaign: campaign.clone(),
            form,
        };
        assert_eq!(
            house
                .refused(&domain::identity::Actor::public(), offer)
                .await,
            "campaign_not_live"
        );
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_acts_once_and_never_means_two_things() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let key = house.key();
        let maker = house.staff(1, Role::Maker);
        let first = house
            .app
            .write(&maker, &key, counter(&campaign, "5", "s1"))
            .await
            .unwrap();
        let again = house
            .app
            .write(&maker, &key, counter(&campaign, "5", "s1"))
            .await
            .unwrap();
        assert_eq!(first, again);
        let other = house
            .app
            .write(&maker, &key, counter(&campaign, "6", "s2"))
            .await;
        assert_eq!(code(other), "idempotency_conflict");
        let taken = house.refused(&maker, counter(&campaign, "7", "s1")).await;
        assert_eq!(taken, "slip");
        house.check_all().await;
    })
    .await;
}
