//! Exports of a house in which something of everything has happened.

use super::*;
use app::command::{CounterGift, DisbursementStep, GoodsGift};
use app::{Command, Outcome};
use domain::fundraising::IntentForm;
use domain::funds::DisbursementRequest;
use domain::identity::Actor;
use gateway::payment::PaymentNotice;
use kernel::{Fen, Id};
use std::collections::BTreeMap;
use testkit::{Charity, TestApp, sure};

/// Gifts with a fee and held money, a settlement, a payment, a refund, goods.
async fn house() -> (TestApp, Charity) {
    let app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    let first = app.gift(&charity, "60").await;
    app.gift(&charity, "1000.07").await;
    let intent = sure(app.intent(&charity.campaign, "100").await, "an intent");
    let notice = app.notice(&charity.organisation, "fee", &intent, "100");
    sure(
        app.capture(PaymentNotice {
            fee: Fen::new(60),
            ..notice
        })
        .await,
        "a gift with a fee",
    );
    let held = app.notice(&charity.organisation, "held", "", "7.77");
    sure(app.capture(held).await, "money without an order");
    let staff = &charity.staff;
    let slip = CounterGift {
        campaign: charity.campaign.clone(),
        channel: "bank".into(),
        form: IntentForm {
            amount: "1.00".into(),
            ..IntentForm::default()
        },
        slip: "slip-1".into(),
        received_on: String::new(),
    };
    app.done(&staff.maker, Command::CounterGift(slip)).await;
    let (channel, bank) = (
        place(&app, &charity, "1009").await,
        place(&app, &charity, "1002").await,
    );
    let settle = Command::Settle {
        from: channel,
        to: bank.clone(),
        sum: "1167.24".into(),
        bill: [1; 32],
    };
    app.done(&staff.checker, settle).await;
    pay(&app, &charity, &bank).await;
    let refund = Command::Repair(app::command::Repair::Refund {
        donation: first,
        amount: "5".into(),
        reason: "重复支付".into(),
    });
    app.done(&Actor::house("test"), refund).await;
    let goods = GoodsGift {
        organisation: charity.organisation.clone(),
        name: "=冬衣".into(),
        unit: "件".into(),
        units: "120".into(),
        donor_name: "江城纺织厂".into(),
        donor_kind: "organisation".into(),
        display: "named".into(),
        ..GoodsGift::default()
    };
    app.done(&staff.maker, Command::GoodsGift(goods)).await;
    sure(app.seal_now().await, "sealed");
    (app, charity)
}

/// The place of an account that holds most, or is there.
async fn place(app: &TestApp, charity: &Charity, account: &str) -> String {
    let mut read = sure(app.db().read_tx().await, "a snapshot");
    let id: Id<ids::Organisation> = sure(app.read_id(&charity.organisation), "an id");
    let places = sure(
        store::funds::places_of_organisation(&mut read, id).await,
        "places",
    );
    let found = places.iter().find(|place| place.place.account == account);
    app.print(
        found
            .unwrap_or_else(|| panic!("no place {account} in {places:?}"))
            .place
            .id,
    )
}

async fn pay(app: &TestApp, charity: &Charity, bank: &str) {
    let mut read = sure(app.db().read_tx().await, "a snapshot");
    let id: Id<ids::Campaign> = sure(app.read_id(&charity.campaign), "an id");
    let funds = sure(
        store::funds::funds_of_campaign(&mut read, id).await,
        "funds",
    );
    let fund = app.print(funds[0].id);
    drop(read);
    let request = DisbursementRequest {
        class: "direct".into(),
        payee_kind: "organisation".into(),
        payee: "云山县社会服务中心".into(),
        amount: "70".into(),
        purpose: "购买冬衣".into(),
        ..DisbursementRequest::default()
    };
    let staff = &charity.staff;
    let asked = app
        .done(&staff.maker, Command::DisbursementRequest { fund, request })
        .await;
    let Outcome::Step {
        id: disbursement, ..
    } = asked
    else {
        panic!("no order: {asked:?}")
    };
    let check = DisbursementStep::Check;
    let step = Command::DisbursementStep {
        disbursement: disbursement.clone(),
        step: check,
        reason: String::new(),
    };
    app.done(&staff.checker, step).await;
    app.done(
        &staff.payer,
        Command::DisbursementPay {
            disbursement,
            place: bank.into(),
            voucher: app::command::Voucher::default(),
        },
    )
    .await;
}

async fn written(app: &TestApp, format: Format, out: &Path) -> BTreeMap<String, String> {
    let mut names = Names::new(IdCipher::new(*app.secrets().id_key.expose()));
    let mut session = sure(app.db().read_tx().await, "a snapshot");
    let written = sure(
        write(&mut session, &mut names, (format, None), out).await,
        "an export",
    );
    assert_eq!(written.unposted, [""; 0]);
    let read = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        (name.to_owned(), sure(fs::read_to_string(path), "a file"))
    };
    written.files.iter().map(read).collect()
}

/// Fen of a decimal text.
fn fen(text: &str) -> i64 {
    text.replace('.', "")
        .parse()
        .unwrap_or_else(|_| panic!("{text}"))
}

#[tokio::test]
async fn each_entry_balances_and_all_come_to_the_balances() {
    let (app, _) = house().await;
    let home = tempfile::tempdir().unwrap();
    let files = written(&app, Format::Hledger, home.path()).await;
    let text = &files["shanji.journal"];
    let (mut sums, mut asserted): (BTreeMap<&str, i64>, BTreeMap<&str, i64>) = Default::default();
    for block in text
        .split("\n\n")
        .filter(|block| block.contains("CNY") && block.starts_with("20"))
    {
        let mut sum = 0;
        for line in block.lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [account, amount, "CNY", rest @ ..] = words.as_slice() {
                sum += fen(amount);
                *sums.entry(account).or_default() += fen(amount);
                if let ["=", balance, "CNY"] = rest {
                    asserted.insert(account, fen(balance));
                }
            }
        }
        assert_eq!(sum, 0, "{block}");
    }
    assert!(!asserted.is_empty());
    for (account, balance) in &asserted {
        assert_eq!(sums.get(account), Some(balance), "{account}");
    }
    let assets: i64 = sums
        .iter()
        .filter(|(name, _)| name.starts_with("Assets"))
        .map(|(_, n)| n)
        .sum();
    assert_eq!(
        assets,
        6_000 + 100_007 + 10_000 + 777 + 100 - 7_000 - 500 - 60
    );
}

#[tokio::test]
async fn tables_hold_every_row_exactly() {
    let (app, charity) = house().await;
    let home = tempfile::tempdir().unwrap();
    let files = written(&app, Format::Csv, home.path()).await;
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["donations.csv", "funds.csv", "journal.csv", "movements.csv"]
    );
    let donations = &files["donations.csv"];
    assert!(donations.starts_with("\u{feff}id,leaf,"));
    assert!(donations.contains("1000.07") && donations.contains(&charity.organisation));
    // Five gifts of money, one of goods, and the head line.
    assert_eq!(donations.lines().count(), 7);
    assert!(
        files["funds.csv"].contains(",'=冬衣"),
        "{}",
        files["funds.csv"]
    );
    let lines = written(&app, Format::Jsonl, home.path()).await;
    let journal = &lines["journal.jsonl"];
    let total = |column: &str| -> i64 {
        let rows = journal
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        rows.filter_map(|row| row[column].as_str().map(fen)).sum()
    };
    assert_eq!(total("debit_yuan"), total("credit_yuan"));
    assert!(
        lines["donations.jsonl"]
            .lines()
            .all(|line| !line.contains("王小明")),
        "names are masked"
    );
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 8, "no part of a file is left: {left:?}");
}

#[tokio::test]
async fn only_the_wanted_organisation_is_exported() {
    let (app, charity) = house().await;
    let other = app.charity("江城基金会").await;
    app.gift(&other, "5").await;
    sure(app.seal_now().await, "sealed");
    let home = tempfile::tempdir().unwrap();
    let mut names = Names::new(IdCipher::new(*app.secrets().id_key.expose()));
    let only = names.read::<ids::Organisation>(&other.organisation);
    let mut session = sure(app.db().read_tx().await, "a snapshot");
    let what = (Format::Beancount, only);
    let written = sure(
        write(&mut session, &mut names, what, home.path()).await,
        "an export",
    );
    let text = sure(fs::read_to_string(&written.files[0]), "a file");
    let nobody = (Format::Csv, Some(1));
    let refused = write(&mut session, &mut names, nobody, home.path()).await;
    let code = refused.err().map(|failure| failure.code);
    assert_eq!(code.as_deref(), Some("organisation.unknown"));
    let body = charity.organisation.trim_start_matches("org_");
    assert!(
        !text.contains(body) && text.contains(" 5.00 CNY") || text.contains(" 4.50 CNY"),
        "{text}"
    );
}

/// For `tests/checks.d/30-exports.sh`, which gives the files to hledger and Beancount.
#[tokio::test]
async fn files_for_other_programs() {
    let home = tempfile::tempdir().unwrap();
    let out =
        std::env::var_os("SHANJI_EXPORT_DIR").map_or_else(|| home.path().into(), PathBuf::from);
    let (app, _) = house().await;
    for format in [Format::Hledger, Format::Beancount] {
        assert_eq!(written(&app, format, &out).await.len(), 1);
    }
}

#[test]
fn every_exported_column_may_be_seen() {
    let text = include_str!("../../../../migrations/visibility.toml");
    let mut table = "";
    let mut levels = BTreeMap::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_end_matches(']');
        } else if let Some((column, level)) = line.split_once(" = ") {
            levels.insert((table, column), level.trim_matches('"'));
        }
    }
    for (table, columns) in tables::STORED {
        for column in *columns {
            let level = levels.get(&(*table, *column));
            assert!(
                matches!(level, Some(&"public" | &"masked")),
                "{table}.{column} is {level:?}"
            );
        }
    }
}

#[test]
fn amounts_are_written_exactly() {
    let texts = [0, 7, 100, -1, -12_345, i64::MIN].map(plain::decimal);
    assert_eq!(
        texts,
        [
            "0.00",
            "0.07",
            "1.00",
            "-0.01",
            "-123.45",
            "-92233720368547758.08"
        ]
    );
}
