//! Gaps that a whole story does not show: approvals and requests that were decided in them, changed keys, words that
//! somebody found elsewhere.

use super::*;
use app::command::{CounterGift, DisbursementStep, Repair, RepairStep};
use app::{Command, Outcome, Turnover};
use domain::fundraising::{IntentForm, WORDS_LOST};
use domain::funds::DisbursementRequest;
use gateway::{SystemEntropy, keys};
use kernel::Secret;
use testkit::Charity;
use tlog::{PrivateKey, Sm2Signer, Sm2Use};

/// A charity with 200 yuan at its bank, and the printed ids of its project fund and bank account.
pub(super) async fn funded(app: &TestApp) -> (Charity, String, String) {
    let charity = app.charity("云山基金会").await;
    counter(app, &charity, "200").await;
    let mut read = app.db().read_tx().await.unwrap();
    let campaign = app.read_id(&charity.campaign).unwrap();
    let funds = store::funds::funds_of_campaign(&mut read, campaign);
    let fund = app.print(funds.await.unwrap()[0].id);
    let organisation = app.read_id(&charity.organisation).unwrap();
    let places = store::funds::places_of_organisation(&mut read, organisation);
    let place = app.print(places.await.unwrap()[0].place.id);
    (charity, fund, place)
}

async fn counter(app: &TestApp, charity: &Charity, yuan: &str) -> String {
    let gift = CounterGift {
        campaign: charity.campaign.clone(),
        channel: "bank".into(),
        form: IntentForm {
            amount: yuan.into(),
            ..Default::default()
        },
        slip: format!("slip-{yuan}"),
        received_on: String::new(),
    };
    match app
        .done(&charity.staff.maker, Command::CounterGift(gift))
        .await
    {
        Outcome::Gift { donation, .. } => donation,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn asked(
    app: &TestApp,
    charity: &Charity,
    (fund, yuan): (&str, &str),
    class: &str,
) -> String {
    let request = DisbursementRequest {
        class: class.into(),
        payee_kind: "organisation".into(),
        payee: "云山县人民医院".into(),
        amount: yuan.into(),
        purpose: format!("救助{yuan}"),
        ..Default::default()
    };
    let fund = fund.to_owned();
    let command = Command::DisbursementRequest { fund, request };
    match app.done(&charity.staff.maker, command).await {
        Outcome::Step { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn step(app: &TestApp, charity: &Charity, order: &str, step: DisbursementStep) {
    let command = Command::DisbursementStep {
        disbursement: order.to_owned(),
        step,
        reason: "核对".into(),
    };
    app.done(&charity.staff.checker, command).await;
}

pub(super) async fn pay(app: &TestApp, charity: &Charity, (order, place): (&str, &str)) {
    let command = Command::DisbursementPay {
        disbursement: order.to_owned(),
        place: place.to_owned(),
        voucher: app::command::Voucher::default(),
    };
    app.done(&charity.staff.payer, command).await;
}

/// A backup of a house that nobody writes to now.
pub(super) async fn backup(app: &TestApp) -> (tempfile::TempDir, std::path::PathBuf) {
    sure(app.seal_now().await, "sealed");
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("backup.db");
    let file = {
        let url = app.database_url();
        std::path::PathBuf::from(url.strip_prefix("sqlite:").unwrap())
    };
    for end in ["", "-wal"] {
        let from = format!("{}{end}", file.display());
        fs::copy(from, format!("{}{end}", copy.display())).unwrap();
    }
    (home, copy)
}

pub(super) async fn mirrored(app: &TestApp) -> tempfile::TempDir {
    sure(app.seal_now().await, "sealed");
    let home = tempfile::tempdir().unwrap();
    mirror(app.app(), home.path()).await;
    home
}

async fn state_of(place: &Place, app: &App, order: &str) -> String {
    let db = house::open(place).unwrap();
    let mut read = db.read_tx().await.unwrap();
    let id: kernel::Id<leaf::ids::Disbursement> = app.read_id(order).unwrap();
    let row = store::audit::disbursement_row(&mut read, id.raw());
    let state = row.await.unwrap().unwrap().state;
    drop(read);
    db.close();
    state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_decided_in_the_gap_is_not_done_twice() {
    let app = TestApp::sqlite().await;
    let (charity, fund, place) = funded(&app).await;
    let other = counter(&app, &charity, "10").await;
    let approved = asked(&app, &charity, (&fund, "100"), "direct").await;
    step(&app, &charity, &approved, DisbursementStep::Check).await;
    let waiting = asked(&app, &charity, (&fund, "50"), "direct").await;
    let refund = Repair::Refund {
        donation: other,
        amount: String::new(),
        reason: "重复支付".into(),
    };
    let repair = app
        .done(&charity.staff.maker, Command::Repair(refund))
        .await;
    let Outcome::Step { id: repair, .. } = repair else {
        panic!("{repair:?}")
    };
    let (_kept, copy) = backup(&app).await;

    step(&app, &charity, &approved, DisbursementStep::Refuse).await;
    let new = asked(&app, &charity, (&fund, "120"), "direct").await;
    for order in [&new, &waiting] {
        step(&app, &charity, order, DisbursementStep::Check).await;
        pay(&app, &charity, (order, &place)).await;
    }
    let confirm = Command::RepairDecide {
        repair: repair.clone(),
        step: RepairStep::Confirm,
        note: String::new(),
    };
    app.done(&charity.staff.checker, confirm).await;
    let copied = mirrored(&app).await;

    let (_home, recovered_place) = restored(app.folder(), &copy);
    let recovered = recover_apart(&recovered_place, copied.path()).unwrap();
    let losses = &recovered.losses;
    assert_eq!(losses.freed, std::slice::from_ref(&approved));
    assert_eq!(losses.repairs, [repair]);
    assert_eq!(losses.orders, [new.clone(), waiting.clone()]);
    // The reason of the refund stood in the request; the purpose of the new order stood nowhere.
    let fields: Vec<&str> = losses
        .words
        .iter()
        .map(|word| word.field.as_str())
        .collect();
    assert_eq!(fields, ["purpose"], "{:?}", losses.words);
    let conclusion = audited(&recovered_place).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    for (order, state) in [(&approved, "refused"), (&new, "paid"), (&waiting, "paid")] {
        assert_eq!(state_of(&recovered_place, &app, order).await, state);
    }
    let words = told::in_words(&recovered, &[]);
    for said in ["重新申请", "纸质单据", &approved] {
        assert!(words.contains(said), "{said} in {words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_were_found_elsewhere_come_back_if_they_are_the_right_ones() {
    let app = TestApp::sqlite().await;
    app.organisation("望江基金会").await;
    let (_kept, copy) = backup(&app).await;
    let (charity, _, _) = funded(&app).await;
    let copied = mirrored(&app).await;
    let (_home, place) = restored(app.folder(), &copy);
    let recovered = recover_apart(&place, copied.path()).unwrap();
    let lost = recovered.losses.words;
    let title = lost
        .iter()
        .find(|word| word.id == charity.campaign && word.field == "title");
    let given = |value: &str| {
        vec![GivenWord {
            leaf_index: title.unwrap().leaf_index,
            field: "title".into(),
            value: value.into(),
        }]
    };
    // A word that was only nearly the same is not the word.
    let wrong = recover_with(&place, copied.path(), given("云山助学 ")).unwrap();
    assert_eq!(wrong.filled, 0);
    let house = open(&place, &app).await;
    let page = house.campaign_page(&charity.campaign, None).await.unwrap();
    assert_eq!(page.card.title, WORDS_LOST);
    // The house has written on since.
    house.seal_now().await.unwrap();
    drop(house);
    let right = recover_with(&place, copied.path(), given("云山助学")).unwrap();
    assert_eq!(right.filled, 1);
    let house = open(&place, &app).await;
    let page = house.campaign_page(&charity.campaign, None).await.unwrap();
    assert_eq!(page.card.title, "云山助学");
    drop(house);
    let conclusion = audited(&place).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    // Given at once, it also opens the titles that the house made of it.
    let (_again, place) = restored(app.folder(), &copy);
    let at_once = recover_with(&place, copied.path(), given("云山助学")).unwrap();
    assert!(
        at_once.losses.words.len() + 2 < lost.len(),
        "{:?}",
        at_once.losses.words
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_keys_comes_back_with_the_checkpoints_that_vouch_for_it() {
    let mut app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    let (_kept, copy) = backup(&app).await;
    let key = PrivateKey::from_seed(app.origin(), &[9; 32]).unwrap();
    let signer = key.signer().unwrap();
    let name = keys::log_key_file(signer.verifier().id());
    let line = Secret::new(key.line().unwrap());
    let folder = app.folder().join("keys");
    keys::log_key_write(&folder, (&name, &line), None, &SystemEntropy).unwrap();
    let config = Config {
        origin: app.origin().to_owned(),
        clock: Arc::new(ManualClock::new(app.now())),
        tick_millis: 3_600_000,
        demo: true,
        ..Config::local(app.folder())
    };
    app.reopen(config).await;
    let old: tlog::VerifierKey = app.verifier_key().parse().unwrap();
    app.key_announce(&signer, Turnover::AtOnce).await.unwrap();
    app.gift(&charity, "50").await;
    let copied = mirrored(&app).await;
    for backup in [copy.as_path(), Path::new("/nonexistent")] {
        let (_home, place) = restored(app.folder(), backup);
        recover_apart(&place, copied.path()).unwrap();
        let conclusion = audited(&place).await;
        assert!(conclusion.is_clean(), "{}", conclusion.words());
        let house = open(&place, &app).await;
        assert_eq!(house.seal_stopped(), None);
        assert_eq!(house.key_book(), app.key_book());
        // Whoever has only the old key is led to the new one by what this house serves now.
        let history = house.key_history().await.unwrap().parse().unwrap();
        let mut trusted = TrustedKeys::new(house.origin(), [old.clone()]);
        trusted.follow(&history).unwrap();
        let believed: Vec<_> = trusted.keys().iter().map(|known| &known.key).collect();
        assert_eq!(believed, [&old, signer.verifier()]);
    }
    drop(app.without_check());
}

/// A log that signs with SM2 too comes back with its roots with SM3, and a second accident with the word of the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_log_says_of_itself_comes_back() {
    let mut app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    let (_kept, copy) = backup(&app).await;
    let sm2 = Sm2Signer::from_secret(app.origin(), Sm2Use::Log, &[5; 32]).unwrap();
    let line = Secret::new(sm2.line());
    let folder = app.folder().join("keys");
    keys::log_key_write(&folder, ("log-sm2.key", &line), None, &SystemEntropy).unwrap();
    let config = Config {
        origin: app.origin().to_owned(),
        clock: Arc::new(ManualClock::new(app.now())),
        tick_millis: 3_600_000,
        demo: true,
        ..Config::local(app.folder())
    };
    app.reopen(config).await;
    app.gift(&charity, "50").await;
    app.sm3_root_daily(None).await.unwrap();
    app.seal_now().await.unwrap();
    let copied = mirrored(&app).await;
    let (_home, place) = restored(app.folder(), &copy);
    recover_apart(&place, copied.path()).unwrap();
    let house = open(&place, &app).await;
    house.seal_now().await.unwrap();
    let kinds = kinds_of(&house).await;
    assert!(kinds.contains("sm3root/1") && kinds.contains("recovery/1"));
    let again = tempfile::tempdir().unwrap();
    mirror(&house, again.path()).await;
    let (_second, other) = restored(&place.data, &copy);
    drop(house);
    recover_apart(&other, again.path()).unwrap();
    let conclusion = audited(&other).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    // The guard of a run that was cut off after its commit still names an older checkpoint: the same command ends it.
    let (_third, cut) = restored(app.folder(), &copy);
    let guard = std::fs::read(cut.data.join(app::GUARD_FILE)).unwrap();
    recover_apart(&cut, copied.path()).unwrap();
    std::fs::write(cut.data.join(app::GUARD_FILE), guard).unwrap();
    assert_eq!(recover_apart(&cut, copied.path()).unwrap().leaves, 0);
    drop(app.without_check());
}
