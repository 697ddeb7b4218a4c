//! What the pages say: sums agree with rows, stories sum to the gift, proofs verify, cursors lose nothing.

use crate::house::{House, on_each_engine};
use app::command::{CounterGift, DisbursementStep};
use app::{Command, Outcome};
use domain::fundraising::IntentForm;
use domain::funds::DisbursementRequest;
use domain::identity::{Actor, Role};
use kernel::Day;
use std::collections::BTreeSet;

/// A gift by bank transfer: the money is at the bank at once.
async fn bank_gift(house: &House, campaign: &str, yuan: &str, slip: &str) -> String {
    let gift = CounterGift {
        campaign: campaign.into(),
        channel: "bank".into(),
        form: IntentForm {
            amount: yuan.into(),
            donor_name: "张三丰".into(),
            message: "加油".into(),
            ..IntentForm::default()
        },
        slip: slip.into(),
        received_on: String::new(),
    };
    match house.ok(Command::CounterGift(gift)).await {
        Outcome::Gift {
            donation,
            held: None,
            ..
        } => donation,
        other => panic!("not a standing gift: {other:?}"),
    }
}

async fn do_as(house: &House, actor: &Actor, command: Command) -> Outcome {
    house.app.write(actor, &house.key(), command).await.unwrap()
}

/// Asks, checks and pays with three people; returns the order.
async fn pay_out(house: &House, campaign: &str, request: DisbursementRequest) -> String {
    let page = house.app.campaign_page(campaign, None).await.unwrap();
    let fund = page
        .funds
        .iter()
        .find(|f| f.kind == "project")
        .unwrap()
        .id
        .clone();
    let maker = house.staff(1, Role::Maker);
    let asked = do_as(
        house,
        &maker,
        Command::DisbursementRequest { fund, request },
    )
    .await;
    let Outcome::Step { id, .. } = asked else {
        panic!("no order: {asked:?}")
    };
    let step = Command::DisbursementStep {
        disbursement: id.clone(),
        step: DisbursementStep::Check,
        reason: String::new(),
    };
    do_as(house, &house.staff(2, Role::Checker), step).await;
    let organisation = house
        .app
        .organisation_page(&house.organisation)
        .await
        .unwrap();
    let place = organisation
        .places
        .iter()
        .find(|p| p.account == "1002")
        .unwrap()
        .id
        .clone();
    let pay = Command::DisbursementPay {
        disbursement: id.clone(),
        place,
        voucher: app::command::Voucher::default(),
    };
    do_as(house, &house.staff(3, Role::Payer), pay).await;
    id
}

fn direct(yuan: &str, assumption: &str) -> DisbursementRequest {
    DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: "云山县医院".into(),
        amount: yuan.into(),
        purpose: "购买冬衣".into(),
        assumption: assumption.into(),
        ..DisbursementRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_says_where_the_money_is_before_and_after() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let donation = bank_gift(&house, &campaign, "50.00", "s1").await;
        let page = house.app.receipt_page(&donation, None, None).await.unwrap();
        assert!(page.sentence.contains("尚未使用"), "{}", page.sentence);
        assert_eq!(page.headline.to_string(), "这50.00元还没有用出去。");
        assert_eq!(page.segments.iter().map(|s| s.amount).sum::<i64>(), 5_000);
        assert_eq!(
            (page.remaining, page.own, page.donor_name),
            (0, false, None)
        );
        assert_eq!(page.movements.len(), 2);

        pay_out(&house, &campaign, direct("30.00", "")).await;
        let page = house.app.receipt_page(&donation, None, None).await.unwrap();
        let want = "这50.00元里，30.00元已经送到受益人手中，20.00元还没有用出去。";
        assert_eq!(page.headline.to_string(), want);
        for words in ["50.00元中", "30.00元已于2026-11-22用于购买冬衣", "尚未使用"] {
            assert!(page.sentence.contains(words), "{}", page.sentence);
        }
        assert_eq!(page.segments.iter().map(|s| s.amount).sum::<i64>(), 5_000);
        let used = page
            .segments
            .iter()
            .find(|s| s.end.kind == "delivered")
            .unwrap();
        assert_eq!((used.offset, used.amount), (0, 3_000));
        let movement = used.movement.clone().unwrap();
        let movement = house.app.movement_page(&movement, None).await.unwrap();
        assert_eq!(
            movement.sources[0].donation.as_deref(),
            Some(donation.as_str())
        );
        assert_eq!((movement.sources[0].amount, movement.remaining), (3_000, 0));
        assert_eq!(movement.assumption, None);
        let debit: i64 = movement.entries.iter().map(|e| e.debit).sum();
        let credit: i64 = movement.entries.iter().map(|e| e.credit).sum();
        assert_eq!((debit, credit), (3_000, 3_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_donors_own_link_opens_words_and_proof() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let donation = bank_gift(&house, &campaign, "50.00", "s1").await;
        let token = house.app.donor_token(&donation).await.unwrap();
        let own = house
            .app
            .receipt_page(&donation, Some(&token), None)
            .await
            .unwrap();
        assert_eq!((own.own, own.donor_name.as_deref()), (true, Some("张三丰")));
        for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", &token[1..]] {
            let page = house
                .app
                .receipt_page(&donation, Some(wrong), None)
                .await
                .unwrap();
            assert_eq!((page.own, page.donor_name), (false, None), "{wrong}");
        }
        house.app.seal_now().await.unwrap();
        let page = house.app.receipt_page(&donation, None, None).await.unwrap();
        assert!(page.seal.sealed, "{}", page.seal.sentence);
        for (token, opened) in [(None, 0), (Some(token.as_str()), 1)] {
            let text = house
                .app
                .receipt_proof(&donation, token)
                .await
                .unwrap()
                .unwrap();
            let file: tlog::ProofFile = text.parse().unwrap();
            let extra = leaf::ReceiptExtra::parse(file.extra().unwrap()).unwrap();
            let known: tlog::VerifierKey = house.app.verifier_key().parse().unwrap();
            let hash = tlog::leaf_hash(&extra.leaf);
            file.verify(&hash, house.app.origin(), &[known]).unwrap();
            assert_eq!(
                (extra.verify().unwrap().id, extra.openings().count()),
                (donation.clone(), opened)
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cursors_go_through_everything_once() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        for n in 0..120 {
            bank_gift(&house, &campaign, "1.00", &format!("s{n}")).await;
        }
        let mut seen = BTreeSet::new();
        let mut cursor = None;
        loop {
            let page = house
                .app
                .campaign_page(&campaign, cursor.as_deref())
                .await
                .unwrap();
            assert!(
                page.gifts
                    .rows
                    .iter()
                    .all(|gift| seen.insert(gift.id.clone()))
            );
            cursor = page.gifts.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 120);
        let page = house.app.campaign_page(&campaign, None).await.unwrap();
        assert_eq!(
            (page.card.raised, page.card.gifts, page.card.unspent),
            (12_000, 120, 12_000)
        );
        assert_eq!(
            page.days.iter().map(|d| d.amount).sum::<i64>(),
            page.card.raised
        );
        pay_out(&house, &campaign, direct("105.00", "")).await;
        every_movement_and_source(&house, &campaign).await;
        let day = Day::parse("2026-11-22").unwrap();
        let page = house
            .app
            .day_page(&house.organisation, day, None)
            .await
            .unwrap();
        assert_eq!(
            (page.gifts, page.amount, page.list.rows.len()),
            (120, 12_000, 50)
        );
        assert!(page.list.next.is_some() && page.previous.is_none());
    })
    .await;
}

/// 120 gift movements and one delivery on the project's tape; the delivery used 117 gifts.
async fn every_movement_and_source(house: &House, campaign: &str) {
    let page = house.app.campaign_page(campaign, None).await.unwrap();
    let fund = &page.funds.iter().find(|f| f.kind == "project").unwrap().id;
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = house.app.fund_page(fund, cursor.as_deref()).await.unwrap();
        seen.extend(page.movements.rows.into_iter().map(|m| (m.kind, m.id)));
        cursor = page.movements.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), seen[0].0.as_str()), (121, "delivery"));
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 121);
    let delivery = seen[0].1.clone();
    let (mut sum, mut sources) = (0, BTreeSet::new());
    let mut cursor = None;
    loop {
        let page = house
            .app
            .movement_page(&delivery, cursor.as_deref())
            .await
            .unwrap();
        sum += page.sources.iter().map(|s| s.amount).sum::<i64>();
        sources.extend(page.sources.into_iter().filter_map(|s| s.donation));
        assert_eq!(sum + page.remaining, 10_500);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((sum, sources.len()), (10_500, 117));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rests_on_an_assumption_is_not_attributed() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let donation = bank_gift(&house, &campaign, "50.00", "s1").await;
        let order = pay_out(
            &house,
            &campaign,
            direct("10.00", "名单没有说哪些是定向捐赠"),
        )
        .await;
        let maker = house.staff(1, Role::Maker);
        let order = house.app.disbursement_page(&maker, &order).await.unwrap();
        assert_eq!((order.steps.len(), order.may.len()), (3, 0));
        let movement = order.line.movement.unwrap();
        let page = house.app.movement_page(&movement, None).await.unwrap();
        assert!(page.sources.iter().all(|source| source.assumed));
        assert!(page.assumption.unwrap().contains("无法对应到具体捐赠"));
        assert!(
            page.facts.iter().any(|(label, _)| label == "假定"),
            "{:?}",
            page.facts
        );
        let receipt = house.app.receipt_page(&donation, None, None).await.unwrap();
        assert_eq!(
            receipt.segments.iter().map(|s| s.amount).sum::<i64>(),
            5_000
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_and_names_are_found() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let donation = bank_gift(&house, &campaign, "50.00", "s1").await;
        let page = house.app.search(&donation.to_lowercase()).await.unwrap();
        assert_eq!(page.direct, Some(format!("/donations/{donation}")));
        assert_eq!(page.donation.unwrap().amount, 5_000);
        let bare = donation.strip_prefix("don_").unwrap();
        for text in [bare, &bare.to_lowercase()] {
            let page = house.app.search(text).await.unwrap();
            assert_eq!(
                page.direct,
                Some(format!("/donations/{donation}")),
                "{text}"
            );
        }
        for (text, organisations, campaigns) in [
            ("慈善总会", 1, 0),
            ("冬衣", 0, 1),
            ("江", 1, 0),
            ("总会慈善", 0, 0),
            ("冬衣 江城", 0, 1),
            ("jcs 冬衣", 0, 1),
            ("冬衣 武汉", 0, 0),
            ("", 0, 0),
        ] {
            let page = house.app.search(text).await.unwrap();
            let found = (page.organisations.len(), page.campaigns.len());
            assert_eq!(found, (organisations, campaigns), "{text}");
        }
        let page = house.app.search("53330000MJX00000X3").await.unwrap();
        assert_eq!(
            page.direct,
            Some(format!("/organisations/{}", house.organisation))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_serves_what_was_signed_and_nothing_else() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        for n in 0..300 {
            bank_gift(&house, &campaign, "1.00", &format!("s{n}")).await;
        }
        house.app.seal_now().await.unwrap();
        let page = house.app.log_page().await.unwrap();
        let size = page.checkpoint.unwrap().size.unsigned_abs();
        assert_eq!(i64::try_from(size).unwrap(), page.leaves);
        let mut edge = tlog::Edge::new();
        for path in tlog::bundles_of(size) {
            let bytes = house.app.log_tile(&path).await.unwrap().unwrap();
            for entry in tlog::decode_bundle(&bytes, path.width()).unwrap() {
                edge.append(tlog::leaf_hash(entry)).unwrap();
            }
        }
        let text = house.app.log_checkpoint().await.unwrap().unwrap();
        let note = tlog::SignedNote::parse(&text).unwrap();
        let known: tlog::VerifierKey = house.app.verifier_key().parse().unwrap();
        let signed = tlog::Checkpoint::open(&note, house.app.origin(), &[known]).unwrap();
        assert_eq!((signed.root(), signed.size()), (edge.root(), size));
        for path in edge
            .partial_tiles()
            .iter()
            .map(tlog::Tile::path)
            .chain(tlog::tiles_of(size))
        {
            assert!(house.app.log_tile(&path).await.unwrap().is_some(), "{path}");
        }
        for path in ["tile/0/001.p/255", "tile/entries/900", "tile/2/000.p/1"] {
            assert_eq!(
                house.app.log_tile(&path.parse().unwrap()).await.unwrap(),
                None,
                "{path}"
            );
        }
        let narrow = house
            .app
            .log_tile(&"tile/0/000.p/7".parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        let full = house
            .app
            .log_tile(&"tile/0/000".parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(narrow, full[..7 * 32]);
    })
    .await;
}
