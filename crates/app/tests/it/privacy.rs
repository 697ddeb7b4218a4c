//! What stood open is taken down and leaves a tombstone; donors are restricted, and erased when the law lets them go.

use crate::house::{House, code, on_each_engine};
use app::command::{Repair, RepairStep};
use app::{AppError, Command, Outcome};
use domain::fundraising::{DONOR_ERASED, DONOR_WITHDRAWN, WORDS_WITHDRAWN};
use domain::identity::{Actor, Role};
use kernel::{Day, Timestamp};
use leaf::{Json, Kind, Leaf};

fn withdraw(record: &str, field: &str) -> Command {
    Command::Repair(Repair::Withdraw {
        record: record.into(),
        field: field.into(),
        reason: "personal".into(),
    })
}

fn erase(donation: &str) -> Command {
    Command::Repair(Repair::Erase {
        donation: donation.into(),
        reason: "consent".into(),
    })
}

fn restrict(donation: &str) -> Command {
    Command::DonorRestrict {
        donation: donation.into(),
        reason: "consent".into(),
    }
}

async fn write(house: &House, actor: &Actor, command: Command) -> Result<Outcome, AppError> {
    house.app.write(actor, &house.key(), command).await
}

/// One asks, another one confirms.
async fn by_two(house: &House, command: Command) -> Outcome {
    let (maker, approver) = (
        house.staff(11, Role::Maker),
        house.staff(12, Role::Approver),
    );
    let asked = write(house, &maker, command).await.unwrap();
    let Outcome::Step { id: repair, state } = asked else {
        panic!("not asked: {asked:?}");
    };
    assert_eq!(state, "asked");
    let confirm = Command::RepairDecide {
        repair,
        step: RepairStep::Confirm,
        note: String::new(),
    };
    let alone = house.refused(&maker, confirm.clone()).await;
    assert_eq!(alone, "not_permitted");
    write(house, &approver, confirm).await.unwrap()
}

/// A leaf of the house.
async fn leaf_at(house: &House, index: i64) -> Leaf {
    let mut read = house.app.db().read_tx().await.unwrap();
    let found = store::transparency::leaf_at(&mut read, index).await;
    Leaf::parse(&found.unwrap().unwrap().bytes).unwrap()
}

/// Every column in which words of people could stand.
const COLUMNS: &[(&str, &[&str])] = &[
    ("audit_entry", &["actor", "object", "detail"]),
    ("campaign", &["title", "story", "promise"]),
    ("campaign_report", &["title", "body", "plan"]),
    ("command_done", &["key", "outcome"]),
    ("delivery", &["payee", "scheme"]),
    (
        "disbursement",
        &["payee", "purpose", "reason", "assumption"],
    ),
    ("donation", &["donor_public", "held_reason"]),
    ("donation_intent", &["donor_name", "contact", "message"]),
    (
        "donation_private",
        &["donor_name", "contact", "message", "opened"],
    ),
    ("donor_restriction", &["reason"]),
    ("evidence", &["title"]),
    ("fund", &["title", "purpose"]),
    ("job", &["payload", "last_error"]),
    ("matter_step", &["reason"]),
    ("opening", &["value"]),
    ("payment_key", &["external_id"]),
    ("question", &["body", "answer"]),
    ("repair", &["asked"]),
    ("withdrawal", &["field", "reason"]),
];

/// The tables of which any row holds this text.
async fn tables_with(house: &House, text: &str) -> Vec<&'static str> {
    let mut read = house.app.db().read_tx().await.unwrap();
    let mut found = Vec::new();
    for (table, columns) in COLUMNS {
        let mut rows = 0;
        for column in *columns {
            let asked =
                format!("SELECT COUNT(*) FROM {table} WHERE replace({column}, $1, '') <> {column}");
            // A test reads whole tables, which no statement of the house may: so it is not registered.
            let asked: &'static str = Box::leak(asked.into_boxed_str());
            let sql = Box::leak(Box::new(db::Sql::new(asked, asked, file!(), line!())));
            rows += read.one(sql, db::args![text], |r| r.i64(0)).await.unwrap();
        }
        if rows > 0 {
            found.push(*table);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_taken_down_by_two_and_leave_a_tombstone() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "p1").await;
        house.app.seal_now().await.unwrap();
        let before = house.app.campaign_page(&campaign, None).await.unwrap();
        assert_eq!(before.story, "山区冬天冷");
        let done = by_two(&house, withdraw(&campaign, "story")).await;
        let page = house.app.campaign_page(&campaign, None).await.unwrap();
        assert_eq!(page.story, WORDS_WITHDRAWN);
        assert_eq!(page.promise, before.promise);
        let [stone] = page.tombstones.as_slice() else {
            panic!("{:?}", page.tombstones);
        };
        assert_eq!(
            (stone.title.as_str(), stone.reason.as_str()),
            ("说明", "personal")
        );
        // The statement names the leaf, and says none of the words.
        let leaf = leaf_at(&house, stone.stated_at).await;
        assert_eq!(leaf.kind, Kind::Withdrawal);
        assert_eq!(leaf.data.get("field"), Some(&Json::from("story")));
        assert!(leaf.commitments.is_empty());
        // The leaf stays; its words and its salt are gone, from the page and from the database.
        let kept = house.app.leaf_page(stone.leaf_index).await.unwrap();
        let story = kept.openings.iter().find(|o| o.field == "story").unwrap();
        assert_eq!((&story.value, story.salt.as_str()), (&None, ""));
        assert!(kept.text.contains("\"story\":"), "the commitment stays");
        assert_eq!(kept.tombstones.len(), 1);
        assert!(tables_with(&house, "山区冬天冷").await.is_empty());
        // Twice is the earlier answer, whoever asks.
        let maker = house.staff(11, Role::Maker);
        let again = write(&house, &maker, withdraw(&campaign, "story")).await;
        assert_eq!(again.unwrap(), done);
        // The receipt is what it was.
        let receipt = house.app.receipt_page(&gift, None, None).await.unwrap();
        assert_eq!(receipt.amount, 5_000);
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_that_was_taken_down_is_found_no_more() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        house.app.seal_now().await.unwrap();
        let hits = async |text: &'static str| house.app.search(text).await.unwrap().campaigns.len();
        assert_eq!(hits("冬衣计划").await, 1);
        by_two(&house, withdraw(&campaign, "title")).await;
        assert_eq!(hits("冬衣计划").await, 0);
        let page = house.app.campaign_page(&campaign, None).await.unwrap();
        assert_eq!(page.card.title, WORDS_WITHDRAWN);
        // It ends as any other: its statement repeats no title.
        house.record(Command::CampaignEnd { campaign }).await;
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_taken_down_is_said() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "p1").await;
        house.app.seal_now().await.unwrap();
        let maker = house.staff(11, Role::Maker);
        let other = house.organisation("云山县公益中心").await;
        let stranger = house.staff_of(&other, 13, Role::Approver);
        for (actor, command, want) in [
            (
                &maker,
                withdraw(&campaign, "filing_number"),
                "withdraw_must_stay",
            ),
            (&maker, withdraw("cam_00000000000000", "story"), "not_found"),
            (&maker, withdraw("没有这个", "story"), "not_found"),
            (&maker, withdraw(&gift, "gift"), "not_found"),
            (&stranger, withdraw(&campaign, "story"), "not_permitted"),
            (&stranger, restrict(&gift), "not_permitted"),
            (&maker, restrict("don_00000000000000"), "not_found"),
            (&maker, erase(&gift), "erase_not_restricted"),
        ] {
            assert_eq!(house.refused(actor, command).await, want);
        }
        let wrong = Command::DonorHide {
            donation: gift,
            reason: "weil".into(),
        };
        assert_eq!(house.refused(&maker, wrong).await, "reason");
        // The same request waits once.
        let first = write(&house, &maker, withdraw(&campaign, "promise"))
            .await
            .unwrap();
        let second = write(&house, &maker, withdraw(&campaign, "promise"))
            .await
            .unwrap();
        assert_eq!(first, second);
        house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_donor_is_restricted_at_once_and_erased_when_the_time_is_over() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "p1").await;
        let token = house.app.donor_token(&gift).await.unwrap();
        house.app.seal_now().await.unwrap();
        let proof = house
            .app
            .receipt_proof(&gift, Some(&token))
            .await
            .unwrap()
            .unwrap();
        let maker = house.staff(11, Role::Maker);
        let done = write(&house, &maker, restrict(&gift)).await.unwrap();
        assert_eq!(write(&house, &maker, restrict(&gift)).await.unwrap(), done);
        restricted(&house, &campaign, &gift, &token).await;
        // Too early: the refusal names the day and the article.
        let Err(AppError::Refused(refusal)) = write(&house, &maker, erase(&gift)).await else {
            panic!("it was erased");
        };
        assert_eq!(refusal.code, "erase_keep_until");
        assert!(refusal.sentence.contains("2057"), "{}", refusal.sentence);
        assert!(refusal.law.unwrap().contains("第四十七条"));
        house.clock.set(Day::parse("2057-01-01").unwrap().start());
        let erased = by_two(&house, erase(&gift)).await;
        let page = house
            .app
            .receipt_page(&gift, Some(&token), None)
            .await
            .unwrap();
        assert_eq!((page.donor.as_str(), page.donor_name), (DONOR_ERASED, None));
        let said = page.privacy.sentence.unwrap();
        assert!(said.contains("删除") && said.contains("继续有效"), "{said}");
        assert!(tables_with(&house, "张三丰").await.is_empty());
        // Both the file from before and a new one are proofs; the new one opens nothing.
        for (text, opened) in [
            (proof, 1),
            (
                house
                    .app
                    .receipt_proof(&gift, Some(&token))
                    .await
                    .unwrap()
                    .unwrap(),
                0,
            ),
        ] {
            let file: tlog::ProofFile = text.parse().unwrap();
            let extra = leaf::ReceiptExtra::parse(file.extra().unwrap()).unwrap();
            let key: tlog::VerifierKey = house.app.verifier_key().parse().unwrap();
            let hash = tlog::leaf_hash(&extra.leaf);
            file.verify(&hash, house.app.origin(), &[key]).unwrap();
            assert_eq!(extra.verify().unwrap().id, gift);
            assert_eq!(extra.openings().count(), opened);
        }
        assert_eq!(write(&house, &maker, erase(&gift)).await.unwrap(), erased);
        let again = house.refused(&maker, restrict(&gift)).await;
        assert_eq!(again, "privacy_erased");
        house.check_all().await;
    })
    .await;
}

/// A restricted donor is shown nowhere but to the role that may.
async fn restricted(house: &House, campaign: &str, gift: &str, token: &str) {
    let page = house
        .app
        .receipt_page(gift, Some(token), None)
        .await
        .unwrap();
    assert_eq!(
        (page.donor.as_str(), page.donor_name),
        (DONOR_WITHDRAWN, None)
    );
    assert!(page.privacy.sentence.unwrap().contains("限制处理"));
    let public = house.app.receipt_page(gift, None, None).await.unwrap();
    let said = public.privacy.sentence.unwrap();
    assert!(!said.contains("限制"), "{said}");
    let listed = house.app.campaign_page(campaign, None).await.unwrap();
    assert_eq!(listed.gifts.rows[0].donor, DONOR_WITHDRAWN);
    let (maker, approver) = (
        house.staff(11, Role::Maker),
        house.staff(12, Role::Approver),
    );
    for (actor, found, name) in [(&maker, 0, None), (&approver, 1, Some("张三丰"))] {
        let hits = house
            .app
            .desk_find(actor, &house.organisation, "张三丰")
            .await
            .unwrap();
        assert_eq!(hits.gifts.len(), found);
        let desk = house.app.donor_privacy(actor, gift).await.unwrap();
        assert_eq!(
            (desk.state.as_str(), desk.name.as_deref()),
            ("restricted", name)
        );
        assert_eq!(desk.keep_until, "2057-01-01");
        assert!(desk.may.is_empty(), "{:?}", desk.may);
    }
    // Only the row that the law wants kept still has the name; nobody is written to any more.
    assert_eq!(tables_with(house, "张三丰").await, ["donation_private"]);
    let nobody = Actor::public();
    let denied = house.app.donor_privacy(&nobody, gift).await;
    assert_eq!(code(denied), "sign_in_first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_hidden_by_one_clerk_and_the_gift_stays() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let gift = house.give(&campaign, "50.00", "p1").await;
        let token = house.app.donor_token(&gift).await.unwrap();
        let maker = house.staff(11, Role::Maker);
        let hide = Command::DonorHide {
            donation: gift.clone(),
            reason: "consent".into(),
        };
        let done = write(&house, &maker, hide.clone()).await.unwrap();
        assert_eq!(write(&house, &maker, hide).await.unwrap(), done);
        let page = house
            .app
            .receipt_page(&gift, Some(&token), None)
            .await
            .unwrap();
        assert_eq!(page.donor, DONOR_WITHDRAWN);
        assert_eq!(
            page.donor_name.as_deref(),
            Some("张三丰"),
            "the donor's own page"
        );
        assert_eq!(page.privacy.tombstones.len(), 1);
        let at: Timestamp = house.app.now();
        assert_eq!(page.privacy.tombstones[0].at, at.rfc3339());
        house.check_all().await;
    })
    .await;
}
