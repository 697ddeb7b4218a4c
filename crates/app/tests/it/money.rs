//! Refunds, corrections, reversals, fees, held money and goods.

mod refusals;

use crate::house::{House, on_each_engine};
use app::command::GoodsGift;
use app::{Command, Outcome};
use domain::funds::FundKind;
use kernel::Fen;

async fn balances(house: &House, campaign: &str) -> Vec<(FundKind, i64)> {
    let mut read = house.app.db().read_tx().await.unwrap();
    let id = house.app.read_id(campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, id)
        .await
        .unwrap();
    funds.iter().map(|f| (f.kind, f.tape.balance())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refunds_and_corrections_take_one_particular_gift() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let first = house.give(&campaign, "10.00", "a").await;
        let second = house.give(&campaign, "20.00", "b").await;
        let third = house.give(&campaign, "30.00", "c").await;
        let refund = |donation: &str, amount: &str| {
            Command::Repair(app::command::Repair::Refund {
                donation: donation.into(),
                amount: amount.into(),
                reason: "重复支付".into(),
            })
        };
        let staff = house.staff(2, domain::identity::Role::Checker);
        assert_eq!(
            house.refused(&staff, refund(&second, "20.01")).await,
            "repair_used"
        );
        house.ok(refund(&second, "5")).await;
        house.ok(refund(&second, "")).await;
        assert_eq!(
            house.refused(&staff, refund(&second, "")).await,
            "repair_already"
        );
        let correct = Command::Repair(app::command::Repair::Correct {
            donation: third,
            reason: "登记错了".into(),
        });
        house.ok(correct.clone()).await;
        assert_eq!(house.refused(&staff, correct).await, "repair_already");
        let want = [(FundKind::Project, 900), (FundKind::Administrative, 100)];
        assert_eq!(balances(&house, &campaign).await, want);
        house.ok(refund(&first, "")).await;
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fees_are_visible_and_leave_with_the_settlement() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let intent = house.intent(&campaign, "100.00").await;
        let mut notice = house.notice(&intent, "fee", 10_000);
        notice.fee = Fen::new(60);
        let Outcome::Gift { donation, .. } = house.pay(notice).await else {
            panic!("no gift")
        };
        let want = [(FundKind::Project, 8_946), (FundKind::Administrative, 994)];
        assert_eq!(balances(&house, &campaign).await, want);
        // What the channel keeps waits for nothing: the receipt says so from the first moment.
        let page = house.app.receipt_page(&donation, None, None).await.unwrap();
        let want = "这100.00元，除了0.60元渠道手续费，还没有用出去。";
        assert_eq!(page.headline.to_string(), want);
        assert!(
            page.sentence.contains("0.60元付了渠道手续费"),
            "{}",
            page.sentence
        );
        assert_eq!(page.segments.iter().map(|s| s.share).sum::<i64>(), 10_000);
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_money_is_reassigned_with_consent_and_goods_are_counted() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let Outcome::Gift { donation, .. } = house.pay(house.notice("", "x", 777)).await else {
            panic!("no gift")
        };
        let reassign = |consent: &str| {
            Command::Repair(app::command::Repair::Reassign {
                donation: donation.clone(),
                campaign: campaign.clone(),
                consent: consent.into(),
            })
        };
        let staff = house.staff(2, domain::identity::Role::Checker);
        assert_eq!(house.refused(&staff, reassign(" ")).await, "consent");
        house.ok(reassign("电话确认同意")).await;
        assert_eq!(
            house.refused(&staff, reassign("再来一次")).await,
            "repair_already"
        );
        assert_eq!(
            balances(&house, &campaign).await[0],
            (FundKind::Project, 777)
        );
        let gift = GoodsGift {
            organisation: house.organisation.clone(),
            name: "冬衣".into(),
            unit: "件".into(),
            units: "120".into(),
            donor_name: "江城纺织厂".into(),
            donor_kind: "organisation".into(),
            display: "named".into(),
            ..GoodsGift::default()
        };
        house.ok(Command::GoodsGift(gift)).await;
        let fund = {
            let mut read = house.app.db().read_tx().await.unwrap();
            let id = house.app.read_id(&house.organisation).unwrap();
            let goods = store::funds::goods_of_organisation(&mut read, id, 0, 10)
                .await
                .unwrap();
            house.app.print(goods[0].id)
        };
        let deliver = |units: &str| Command::GoodsDelivery {
            fund: fund.clone(),
            units: units.into(),
            receiver: "柳河镇卫生院".into(),
        };
        house.ok(deliver("100")).await;
        let staff = house.staff(1, domain::identity::Role::Maker);
        assert_eq!(house.refused(&staff, deliver("21")).await, "goods_stock");
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chargeback_takes_its_gift_once() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        house.give(&campaign, "10.00", "a").await;
        house.give(&campaign, "20.00", "b").await;
        let mut notice = house.notice("", "cb-1", 2_000);
        notice.kind = gateway::payment::NoticeKind::Chargeback;
        notice.concerns = Some("b".into());
        assert!(matches!(
            house.pay(notice.clone()).await,
            Outcome::Moved { .. }
        ));
        assert_eq!(house.pay(notice).await, Outcome::Done);
        let want = [(FundKind::Project, 900), (FundKind::Administrative, 100)];
        assert_eq!(balances(&house, &campaign).await, want);
        house.check_all().await;
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one journey, told in its order")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_are_bought_with_four_eyes_and_boxes_become_pieces() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let slip = app::command::CounterGift {
            campaign: campaign.clone(),
            channel: "bank".into(),
            form: domain::fundraising::IntentForm {
                amount: "100".into(),
                ..Default::default()
            },
            slip: "s".into(),
            received_on: String::new(),
        };
        house.ok(Command::CounterGift(slip)).await;
        let (fund, place) = {
            let mut read = house.app.db().read_tx().await.unwrap();
            let id = house.app.read_id(&campaign).unwrap();
            let funds = store::funds::funds_of_campaign(&mut read, id)
                .await
                .unwrap();
            let id = house.app.read_id(&house.organisation).unwrap();
            let places = store::funds::places_of_organisation(&mut read, id)
                .await
                .unwrap();
            (
                house.app.print(funds[0].id),
                house.app.print(places[0].place.id),
            )
        };
        let goods = |units: &str, unit: &str| domain::funds::GoodsForm {
            name: "冬衣".into(),
            unit: unit.into(),
            units: units.into(),
            ..Default::default()
        };
        let request = domain::funds::DisbursementRequest {
            class: "purchase".into(),
            payee_kind: "supplier".into(),
            payee: "江城纺织厂".into(),
            amount: "90".into(),
            purpose: "购买冬衣".into(),
            goods: goods("3", "箱"),
            ..Default::default()
        };
        let disbursement = house
            .record(Command::DisbursementRequest { fund, request })
            .await;
        let checker = house.staff(2, domain::identity::Role::Checker);
        let step = app::command::DisbursementStep::Check;
        let check = Command::DisbursementStep {
            disbursement: disbursement.clone(),
            step,
            reason: String::new(),
        };
        house
            .app
            .write(&checker, &house.key(), check)
            .await
            .unwrap();
        let payer = house.staff(3, domain::identity::Role::Payer);
        let pay = Command::DisbursementPay {
            disbursement,
            place,
            voucher: app::command::Voucher::default(),
        };
        house.app.write(&payer, &house.key(), pay).await.unwrap();
        let boxes = {
            let mut read = house.app.db().read_tx().await.unwrap();
            let id = house.app.read_id(&house.organisation).unwrap();
            let goods = store::funds::goods_of_organisation(&mut read, id, 0, 10)
                .await
                .unwrap();
            assert_eq!(goods[0].tape.balance(), 3);
            house.app.print(goods[0].id)
        };
        let into = goods("60", "件");
        house
            .ok(Command::GoodsConvert {
                fund: boxes.clone(),
                units: "2".into(),
                into,
            })
            .await;
        let lost = Command::GoodsLoss {
            fund: boxes,
            units: "1".into(),
            reason: "受潮".into(),
        };
        house.ok(lost).await;
        house.check_all().await;
    })
    .await;
}
