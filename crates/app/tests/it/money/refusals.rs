//! What one clerk alone, or one mistake, must not be able to do.

use crate::house::{House, on_each_engine};
use app::command::{FundForm, GoodsGift};
use app::{Command, Outcome};
use domain::funds::FundKind;
use domain::identity::Role;

/// Printed id of the campaign's fund of this kind.
async fn fund(house: &House, campaign: &str, kind: FundKind) -> String {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, id)
        .await
        .unwrap();
    let found = funds.iter().find(|fund| fund.kind == kind).unwrap();
    house.app.print(found.id)
}

/// Printed id of the place where the organisation's money waits.
async fn place(house: &House) -> String {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(&house.organisation).unwrap();
    let places = store::funds::places_of_organisation(&mut read, id)
        .await
        .unwrap();
    house.app.print(places[0].place.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restricted_money_never_becomes_administration() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        house.give(&campaign, "100.00", "a").await;
        let project = fund(&house, &campaign, FundKind::Project).await;
        let administrative = fund(&house, &campaign, FundKind::Administrative).await;
        let free = FundForm {
            organisation: house.organisation.clone(),
            kind: "unrestricted".into(),
            title: "非限定".into(),
            ..FundForm::default()
        };
        let free = house.record(Command::FundOpen(free)).await;
        let place = place(&house).await;
        let house_itself = domain::identity::Actor::house("测试");
        for to in [administrative, free] {
            let command = Command::Repair(app::command::Repair::Reclassify {
                from: project.clone(),
                to,
                place: place.clone(),
                amount: "46.32".into(),
                reason: "调整".into(),
                assumed: false,
            });
            let refused = house.refused(&house_itself, command).await;
            assert_eq!(refused, "reclassification_loosened");
        }
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filing_belongs_to_one_campaign() {
    on_each_engine(|house| async move {
        let draft = || Command::CampaignDraft {
            organisation: house.organisation.clone(),
            form: House::plan(),
        };
        let maker = house.staff(1, Role::Maker);
        house.ok(draft()).await;
        assert_eq!(house.refused(&maker, draft()).await, "filing_number");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_money_goes_to_a_live_campaign_only() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let Outcome::Gift { donation, .. } = house.pay(house.notice("", "x", 777)).await else {
            panic!("no gift")
        };
        let end = Command::CampaignEnd {
            campaign: campaign.clone(),
        };
        house.ok(end).await;
        let reassign = Command::Repair(app::command::Repair::Reassign {
            donation,
            campaign,
            consent: "电话确认同意".into(),
        });
        let house_itself = domain::identity::Actor::house("测试");
        let refused = house.refused(&house_itself, reassign).await;
        assert_eq!(refused, "reassign_not_live");
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_for_a_campaign_of_others_are_refused_and_for_an_own_one_kept() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let other = house.organisation("青禾市云途应急中心").await;
        let goods = |organisation: &str| {
            Command::GoodsGift(GoodsGift {
                organisation: organisation.into(),
                campaign: campaign.clone(),
                name: "冬衣".into(),
                unit: "件".into(),
                units: "5".into(),
                donor_name: "江城纺织厂".into(),
                donor_kind: "organisation".into(),
                display: "named".into(),
                ..GoodsGift::default()
            })
        };
        let stranger = house.staff_of(&other, 3, Role::Maker);
        let refused = house.refused(&stranger, goods(&other)).await;
        assert_eq!(refused, "not_found");
        house.ok(goods(&house.organisation)).await;
        let page = house.app.campaign_page(&campaign, None).await.unwrap();
        assert_eq!(page.gifts.rows.len(), 1, "goods stand under their campaign");
        let end = Command::CampaignEnd {
            campaign: campaign.clone(),
        };
        house.ok(end).await;
        let maker = house.staff(4, Role::Maker);
        let refused = house.refused(&maker, goods(&house.organisation)).await;
        assert_eq!(refused, "campaign_not_live");
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_an_order_does_not_open_the_donors_own_link() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let intent = house.intent(&campaign, "50.00").await;
        house.pay(house.notice(&intent, "a", 5_000)).await;
        let stranger = house.app.intent_view(&intent, None).await.unwrap();
        assert_eq!((stranger.state.as_str(), stranger.token), ("paid", None));
        let donation = stranger.donation.unwrap();
        let wrong = house.app.donor_token(&donation).await.unwrap();
        let guess = house.app.intent_view(&intent, Some(&wrong)).await.unwrap();
        assert_eq!(guess.token, None);
        let own = house.app.intent_token(&intent).await.unwrap();
        let own = house.app.intent_view(&intent, Some(&own)).await.unwrap();
        assert_eq!(own.token, Some(wrong));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_takes_two_people_and_is_done_once() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "a").await;
        let project = fund(&house, &campaign, FundKind::Project).await;
        let state = async || {
            let page = house.app.receipt_page(&gift, None, None).await.unwrap();
            page.state
        };
        let refund = Command::Repair(app::command::Repair::Refund {
            donation: gift.clone(),
            amount: String::new(),
            reason: "重复支付".into(),
        });
        let (maker, checker) = (house.staff(1, Role::Maker), house.staff(2, Role::Checker));
        let payer = house.staff(3, Role::Payer);
        let refused = house.refused(&payer, refund.clone()).await;
        assert_eq!(refused, "not_permitted");
        let asked = house.app.write(&maker, &house.key(), refund.clone()).await;
        let Outcome::Step { id, state: asked } = asked.unwrap() else {
            panic!("a request")
        };
        assert_eq!(asked, "asked");
        assert_eq!(state().await, "standing", "nothing is booked yet");
        let refused = house.refused(&maker, refund.clone()).await;
        assert_eq!(refused, "repair_waiting");
        let answer = |step, note: &str| Command::RepairDecide {
            repair: id.clone(),
            step,
            note: note.into(),
        };
        let confirm = || answer(app::command::RepairStep::Confirm, "");
        assert_eq!(house.refused(&maker, confirm()).await, "not_permitted");
        // the same person in the other role is still the same person
        let both = house.staff(1, Role::Checker);
        let refused = house.refused(&both, confirm()).await;
        assert_eq!(refused, "repair_same_person");
        let done = house.app.write(&checker, &house.key(), confirm()).await;
        assert!(matches!(done.unwrap(), Outcome::Moved { .. }));
        assert_eq!(state().await, "refunded");
        let twice = house.refused(&checker, confirm()).await;
        assert_eq!(twice, "repair_decided");
        let move_back = Command::Repair(app::command::Repair::Reclassify {
            from: project.clone(),
            to: project,
            place: place(&house).await,
            amount: "1".into(),
            reason: "调整".into(),
            assumed: false,
        });
        assert_eq!(house.refused(&checker, move_back).await, "not_found");
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_is_taken_back_by_who_asked() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "a").await;
        let maker = house.staff(1, Role::Maker);
        let correct = Command::Repair(app::command::Repair::Correct {
            donation: gift,
            reason: "登记错了".into(),
        });
        let asked = house.app.write(&maker, &house.key(), correct).await;
        let Outcome::Step { id, .. } = asked.unwrap() else {
            panic!("a request")
        };
        let desk = house.app.desk_page(&maker, &house.organisation).await;
        let line = desk.unwrap().repairs.remove(0);
        assert_eq!(
            (line.id.as_str(), line.may),
            (id.as_str(), vec!["refuse".to_string()])
        );
        let refuse = |note: &str| Command::RepairDecide {
            repair: id.clone(),
            step: app::command::RepairStep::Refuse,
            note: note.into(),
        };
        assert_eq!(house.refused(&maker, refuse(" ")).await, "note");
        let back = house
            .app
            .write(&maker, &house.key(), refuse("看错了"))
            .await;
        let want = Outcome::Step {
            id: id.clone(),
            state: "refused".into(),
        };
        assert_eq!(back.unwrap(), want);
        let checker = house.staff(2, Role::Checker);
        let late = house.refused(&checker, refuse("晚了")).await;
        assert_eq!(late, "repair_decided");
    })
    .await;
}
