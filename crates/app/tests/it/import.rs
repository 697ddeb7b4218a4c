//! Imports: small files of each layout on both engines, and the real lists of 2020 where they are there.

use crate::house::{House, code, on_each_engine};
use app::Outcome;
use app::exchange::{ImportFile, ImportTarget};
use app::view::ImportReport;
use domain::identity::Actor;

fn actor() -> Actor {
    Actor::house("测试导入")
}

fn file(name: &str, text: &str) -> ImportFile {
    ImportFile {
        name: name.into(),
        bytes: text.as_bytes().to_vec(),
    }
}

async fn target(house: &House) -> ImportTarget {
    let campaign = house.campaign().await;
    ImportTarget {
        organisation: Some(house.organisation.clone()),
        campaign: Some(campaign),
    }
}

async fn stage(house: &House, file: ImportFile, target: &ImportTarget) -> ImportReport {
    house
        .app
        .import_stage(&actor(), file, target)
        .await
        .unwrap()
}

fn run(report: &ImportReport) -> String {
    report.run.as_ref().unwrap().id.clone()
}

/// Posts and returns how many rows were new and known.
async fn post(house: &House, report: &ImportReport) -> (i64, i64) {
    let mut told = Vec::new();
    let mut progress = |done, total| told.push((done, total));
    let posted = house
        .app
        .import_post(&actor(), &run(report), &mut progress)
        .await
        .unwrap();
    assert_eq!(told.first().map(|t| t.0), Some(0));
    assert!(told.last().is_some_and(|t| t.0 == t.1));
    assert_eq!(posted.runs[0].run.state, "posted");
    (posted.runs[0].added, posted.runs[0].known)
}

async fn count(house: &House, sql: &'static db::Sql) -> i64 {
    house
        .app
        .db()
        .one(sql, db::args![], |r| r.i64(0))
        .await
        .unwrap()
}

const GIFTS: &str = "渠道单号,金额,时间,姓名,备注,渠道,手续费
B1,10.00,2026-11-20 10:00:00,张三丰,加油,微信,0.06
B2,0.01,2026-11-20 09:00:00,,,支付宝,
B3,五元,2026-11-20 09:00:00,李四,,现金,
B1,10.00,2026-11-20 10:00:00,张三丰,,微信,
B4,1000000.00,2026-10-31 09:00:00,王五,,银行,
";

#[tokio::test]
async fn a_list_of_gifts_is_read_staged_undone_and_posted() {
    on_each_engine(|house| async move {
        let target = target(&house).await;
        let dry = house
            .app
            .import_dry_run(file("名单.csv", GIFTS), &target)
            .await
            .unwrap();
        assert!(dry.run.is_none());
        assert_eq!((dry.rows, dry.accepted, dry.rejected), (5, 3, 2));
        assert_eq!(dry.amounts, (100_002_001, 100_001_001, 1_000));
        let codes: Vec<_> = dry.rejects.iter().map(|r| (r.0, r.1.as_str())).collect();
        assert_eq!(codes, [(4, "row.amount"), (5, "gift.twice")]);
        let first = stage(&house, file("名单.csv", GIFTS), &target).await;
        let undone = house.app.import_undo(&actor(), &run(&first)).await.unwrap();
        assert_eq!(undone.state, "undone");
        let again = house
            .app
            .import_post(&actor(), &run(&first), &mut |_, _| ())
            .await;
        assert_eq!(code(again), "import_undone");
        let second = stage(&house, file("名单.csv", GIFTS), &target).await;
        assert_eq!(post(&house, &second).await, (3, 0));
        assert_eq!(
            code(house.app.import_undo(&actor(), &run(&second)).await),
            "import_not_staged"
        );
        let rejects = house.app.import_rejects(&run(&second)).await.unwrap();
        let rejects = String::from_utf8(rejects).unwrap();
        assert!(
            rejects.contains("原因代码,原因\r\n") && rejects.contains("gift.twice"),
            "{rejects}"
        );
        let third = stage(&house, file("另名.csv", GIFTS), &target).await;
        assert_eq!(run(&third), run(&second));
        assert!(third.earlier.unwrap().contains("名单.csv，已入账"));
        house.check_all().await;
        let held = db::sql!("SELECT COUNT(*) FROM donation WHERE state = 'held'");
        assert_eq!(
            count(&house, held).await,
            1,
            "paid outside the campaign's days"
        );
    })
    .await;
}

#[tokio::test]
async fn a_run_that_died_goes_on_and_another_file_with_known_rows_adds_only_the_new() {
    on_each_engine(|house| async move {
        let target = target(&house).await;
        let rows = |from: usize, to: usize| -> String {
            let row = |n| format!("N{n},1.00,2026-11-20 09:00:00,,,现金,\n");
            let rows: String = (from..to).map(row).collect();
            format!("渠道单号,金额,时间,姓名,备注,渠道,手续费\n{rows}")
        };
        let staged = stage(&house, file("大.csv", &rows(0, 4_500)), &target).await;
        // The caller goes away after the second part.
        let posting = async {
            let mut progress = |done, _| assert!(done < 4_000, "killed");
            house
                .app
                .import_post(&actor(), &run(&staged), &mut progress)
                .await
        };
        let died = futures_catch(posting).await;
        assert!(died, "the first attempt dies");
        assert_eq!(house.app.import_runs().await.unwrap()[0].state, "posting");
        assert_eq!(
            code(house.app.import_undo(&actor(), &run(&staged)).await),
            "import_not_staged"
        );
        assert_eq!(post(&house, &staged).await, (500, 4_000));
        let more = stage(&house, file("更大.csv", &rows(4_000, 4_700)), &target).await;
        assert_eq!(post(&house, &more).await, (200, 500));
        let gifts = db::sql!("SELECT COUNT(*) FROM donation");
        assert_eq!(count(&house, gifts).await, 4_700);
        house.check_all().await;
    })
    .await;
}

/// True if the future panics.
async fn futures_catch<T>(work: impl Future<Output = T>) -> bool {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |context| {
        let poll = std::panic::AssertUnwindSafe(|| work.as_mut().poll(context));
        match std::panic::catch_unwind(poll) {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(_)) => std::task::Poll::Ready(false),
            Err(_) => std::task::Poll::Ready(true),
        }
    })
    .await
}

#[tokio::test]
async fn goods_payments_and_announcements() {
    on_each_engine(|house| async move {
        let target = target(&house).await;
        let gifts = "channel,published_for_day,line,donor_masked,donor_kind_guess,donor_hash,amount,currency,paid_at,source_file
cash,2026-11-20,1,张*,person,,100.00,CNY,,甲.xlsx
bank_boc,2026-11-20,2,某某公司,org,,200.00,CNY,,甲.xlsx
bank_boc,2026-11-20,3,小计,subtotal,,300.00,CNY,,甲.xlsx
";
        let report = stage(&house, file("甲.csv", gifts), &target).await;
        assert_eq!(report.amounts, (60_000, 30_000, 30_000));
        assert_eq!(post(&house, &report).await, (2, 0));
        let rejects = db::sql!("SELECT amount FROM import_reject WHERE channel = 'bank_boc'");
        assert_eq!(count(&house, rejects).await, 30_000);
        let paid = "day,recipient,amount_cny,kind,purpose
2026-11-21,某医院,120.00,定向,定向捐赠
2026-11-21,某防控指挥部,150.00,统筹,用于疫情防控
";
        let report = stage(&house, file("拨付.csv", paid), &target).await;
        assert_eq!(post(&house, &report).await, (2, 0));
        let received = "received_on,donor_masked,donor_kind_guess,donor_hash,item,spec,unit,quantity_as_published
2026-11-20,某药业,org,,口罩,,,10箱
截至18日,张*,person,,口罩,,,5箱
截至18日,张*,person,,口罩,,,5箱
2026-11-20,某药业,org,,口罩,,,若干
";
        let report = stage(&house, file("物资.csv", received), &target).await;
        assert_eq!((report.accepted, report.rejected), (3, 1));
        assert_eq!(post(&house, &report).await, (3, 0));
        let undated = db::sql!("SELECT COUNT(*) FROM donation WHERE unit = '口罩||箱' AND day = (SELECT MIN(day) FROM donation)");
        assert_eq!(count(&house, undated).await, 2);
        let out = "distributed_on,recipient,item,spec,unit,quantity
2026-11-21,某医院,口罩,,箱,18
2026-11-21,某医院,口罩,,箱,2
";
        let report = stage(&house, file("发放.csv", out), &target).await;
        assert_eq!(post(&house, &report).await, (2, 0));
        let said = "day,items_total_cny,published_day_cny,published_cumulative_cny\n2026-11-20,300.00,310.00,310.00\n";
        let report = stage(&house, file("公布.csv", said), &target).await;
        // Three totals of one row.
        assert_eq!(post(&house, &report).await, (3, 0));
        house.check_all().await;
        let tapes = house.app.db().rows(
            db::sql!("SELECT kind, inflow, outflow FROM fund WHERE inflow > 0 ORDER BY kind, id"),
            db::args![],
            |r| Ok((r.text(0)?, r.i64(1)?, r.i64(2)?)),
        );
        let tapes = tapes.await.unwrap();
        assert!(tapes.contains(&("designated".into(), 12_000, 12_000)), "{tapes:?}");
        assert!(tapes.contains(&("advance".into(), 15_000, 0)), "{tapes:?}");
        assert!(tapes.contains(&("goods".into(), 20, 20)), "{tapes:?}");
    })
    .await;
}

const REGISTER: &str = "id,name,registered_on,approval_documents
1,財團法人臺北基金會,0000-00-00,
2,財團法人台北基金會,1999-01-00,甲 | 乙
3,社團法人花蓮會,1999-01-02,甲
4,電話13812345678協會,1999-01-02,甲
9,財團法人\u{e05b}會,1999-01-02,甲
";

#[tokio::test]
async fn the_register_keeps_what_is_doubtful_and_proposes_duplicates() {
    on_each_engine(|house| async move {
        let none = ImportTarget::default();
        let report = stage(&house, file("登记.csv", REGISTER), &none).await;
        assert_eq!((report.accepted, report.rejected), (4, 1));
        assert_eq!(post(&house, &report).await, (4, 0));
        let marks = db::sql!("SELECT COUNT(*) FROM organisation WHERE registered_text = '1999-01-00' AND registered_day IS NULL");
        assert_eq!(count(&house, marks).await, 1);
        let proposed = db::sql!("SELECT COUNT(*) FROM duplicate_proposal WHERE state = 'proposed'");
        assert_eq!(count(&house, proposed).await, 1);
        let more = format!("{REGISTER}5,財團法人台北基金會,1999-01-02,甲\n");
        let report = stage(&house, file("登记2.csv", &more), &none).await;
        assert_eq!(post(&house, &report).await, (1, 4));
        assert_eq!(count(&house, proposed).await, 2);
        house.check_all().await;
    })
    .await;
}

#[tokio::test]
async fn divisions_of_the_product() {
    on_each_engine(|house| async move {
        let none = ImportTarget::default();
        let report = stage(&house, ImportFile::divisions(), &none).await;
        assert_eq!((report.accepted, report.rejected), (44_702, 0));
        assert_eq!(post(&house, &report).await, (44_702, 0));
        let name =
            db::sql!("SELECT CAST(valid_from AS BIGINT) FROM region WHERE code = '110101001'");
        let stood_on = kernel::Day::parse("2023-06-30").unwrap();
        assert_eq!(count(&house, name).await, i64::from(stood_on.number()));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_words() {
    on_each_engine(|house| async move {
        let target = target(&house).await;
        for (name, text, want) in [
            ("空.csv", "", "sheet.empty"),
            ("图.csv", "\u{89}PNG", "import.unknown_layout"),
            ("谁.csv", "甲,乙\n1,2\n", "import.unknown_layout"),
            (
                "缺.csv",
                "渠道单号,金额\nB1,1.00\n",
                "import.missing_columns",
            ),
        ] {
            let refused = house.app.import_dry_run(file(name, text), &target).await;
            assert_eq!(code(refused), want, "{name}");
        }
        let nobody = ImportTarget::default();
        let refused = house
            .app
            .import_dry_run(file("名单.csv", GIFTS), &nobody)
            .await;
        assert_eq!(code(refused), "import.organisation");
        let public = Actor::public();
        let denied = house
            .app
            .import_stage(&public, file("名单.csv", GIFTS), &target)
            .await;
        assert_eq!(code(denied), "sign_in_first");
        let no_run = house
            .app
            .import_post(&actor(), "imp_1", &mut |_, _| ())
            .await;
        assert_eq!(code(no_run), "not_found");
        assert!(house.app.import_runs().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_campaign_of_the_past_is_stated_once_as_ended() {
    on_each_engine(|house| async move {
        let campaign = house.campaign().await;
        let live = app::Command::CampaignPublishHistoric { campaign };
        assert_eq!(house.refused(&actor(), live).await, "campaign_wrong_state");
        let form = domain::fundraising::CampaignForm {
            title: "往年活动".into(),
            story: "往年".into(),
            promise: "往年".into(),
            filing_number: "无".into(),
            starts_on: "2020-01-22".into(),
            ends_on: "2020-01-31".into(),
            ..Default::default()
        };
        let organisation = house.organisation.clone();
        let draft = app::Command::CampaignDraft { organisation, form };
        let campaign = house.record(draft).await;
        let live = app::Command::CampaignPublish {
            campaign: campaign.clone(),
        };
        assert_eq!(house.refused(&actor(), live).await, "campaign_over");
        let past = app::Command::CampaignPublishHistoric { campaign };
        assert!(matches!(house.ok(past).await, Outcome::Record { .. }));
        let ended = db::sql!(
            "SELECT COUNT(*) FROM campaign WHERE state = 'ended' AND project_fund IS NOT NULL"
        );
        assert_eq!(count(&house, ended).await, 1);
        house.check_all().await;
    })
    .await;
}

/// The lists of 2020 beside the checkout; without them the test says so loudly and passes.
fn wuhan_folder() -> Option<std::path::PathBuf> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/wuhan-redcross-2020");
    if folder.exists() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: the lists of 2020 are not there ({})",
        folder.display()
    );
    None
}

/// Fen of the two lists, the rejects aside.
const QR_POS: i64 = 1_376_388_541;
const NAMED: i64 = 68_142_716_835;
const REJECTED: i64 = 403_860_419;
const DESIGNATED: i64 = 2_100_000_000;
const ADVANCED: i64 = 30_783_030_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_2020_whole() {
    let Some(folder) = wuhan_folder() else { return };
    let db = db::testing::databases().remove(0);
    let house = House::open(db).await;
    let counts = |files: &[app::view::ImportReport]| -> Vec<_> {
        files
            .iter()
            .map(|f| (f.rows, f.accepted, f.rejected))
            .collect()
    };
    let dry = house.app.import_wuhan_dry_run(&folder).await.unwrap();
    assert!(house.app.import_runs().await.unwrap().is_empty());
    let report = house
        .app
        .import_wuhan(&actor(), &folder, &mut |_, _| ())
        .await
        .unwrap();
    let files = counts(&report.files);
    assert_eq!(files, counts(&dry), "a dry run says what will be done");
    let want = [
        (116_443, 116_443, 0),
        (61_199, 61_194, 5),
        (1_441, 1_409, 32),
        (13, 13, 0),
        (472, 469, 3),
        (8, 8, 0),
    ];
    assert_eq!(files, want);
    assert_eq!(report.files[0].amounts, (QR_POS, QR_POS, 0));
    assert_eq!(report.files[1].amounts, (NAMED + REJECTED, NAMED, REJECTED));
    let reasons: Vec<_> = report.files[1]
        .rejects
        .iter()
        .map(|r| r.1.as_str())
        .collect();
    assert_eq!(
        reasons
            .iter()
            .filter(|code| **code == "named.subtotal")
            .count(),
        3
    );
    assert_eq!(
        reasons
            .iter()
            .filter(|code| **code == "named.nameless")
            .count(),
        2
    );
    assert_eq!(report.known, 0);
    house.check_all().await;
    let organisation = house.app.read_id(&report.organisation).unwrap();
    check_money(&house, organisation).await;
    check_order(&house, organisation).await;
    check_gifts(&house, organisation).await;
    let again = house
        .app
        .import_wuhan(&actor(), &folder, &mut |_, _| ())
        .await
        .unwrap();
    assert_eq!((again.added, again.known), (0, 0));
    assert!(again.files.iter().all(|file| file.earlier.is_some()));
}

type Organisation = kernel::Id<leaf::ids::Organisation>;

/// Every fen of every gift rests, is advanced or was delivered, and the three are all there is.
async fn check_money(house: &House, organisation: Organisation) {
    let mut read = house.app.db().read_tx().await.unwrap();
    let funds = store::funds::funds_of_organisation(&mut read, organisation)
        .await
        .unwrap();
    let project = funds
        .iter()
        .find(|f| f.kind == domain::funds::FundKind::Project)
        .unwrap();
    assert_eq!(project.tape.inflow, QR_POS + NAMED);
    let whole = ledger::Span::new(0, project.tape.inflow).unwrap();
    let mut trace = ledger::ForwardTrace::new(ledger::TapeId(project.id.raw()), whole);
    let segments = store::funds::forward(&mut read, &mut trace, 1_000)
        .await
        .unwrap();
    let (mut resting, mut advanced, mut delivered, mut next) = (0, 0, 0, 0);
    for segment in &segments {
        assert_eq!(segment.offset, next, "no gap between the segments");
        next += segment.len;
        match segment.fate {
            ledger::Fate::Left { .. } => delivered += segment.len,
            ledger::Fate::Resting(at) if at.tape.0 == project.id.raw() => resting += segment.len,
            ledger::Fate::Resting(_) => advanced += segment.len,
        }
    }
    assert_eq!((advanced, delivered), (ADVANCED, DESIGNATED));
    assert_eq!(resting, QR_POS + NAMED - ADVANCED - DESIGNATED);
}

/// Positions follow known time, else the end of the day, then file and line; the accounting day is that of 2020.
async fn check_order(house: &House, organisation: Organisation) {
    let ordered = db::sql!(
        "SELECT d.paid_at, d.day, d.published_day, d.time_known FROM donation d JOIN movement m ON m.id = d.movement_first WHERE d.organisation_id = $1 AND d.unit = 'fen' ORDER BY m.in_start"
    );
    let args = db::args![organisation.raw()];
    let rows = house
        .app
        .db()
        .rows(ordered, args, |r| Ok((r.i64(0)?, r.i64(1)?, r.i64(3)?)));
    let rows = rows.await.unwrap();
    assert_eq!(rows.len(), 116_443 + 61_194);
    assert!(rows.is_sorted_by_key(|row| row.0));
    let days = [24, 31].map(|day| i64::from(kernel::Day::from_ymd(2020, 1, day).unwrap().number()));
    assert!(rows.iter().all(|row| days[0] <= row.1 && row.1 <= days[1]));
    assert_eq!(rows.iter().filter(|row| row.2 == 0).count(), 61_194);
}

/// One gift in some thousands: its own page says the same.
async fn check_gifts(house: &House, organisation: Organisation) {
    let some = db::sql!(
        "SELECT id, amount FROM donation WHERE organisation_id = $1 AND unit = 'fen' AND import_line % 3001 = 7 ORDER BY id"
    );
    let args = db::args![organisation.raw()];
    let rows = house
        .app
        .db()
        .rows(some, args, |r| Ok((r.i64(0)?, r.i64(1)?)))
        .await
        .unwrap();
    assert!(rows.len() > 30);
    for (id, amount) in rows {
        let id = house
            .app
            .print::<leaf::ids::Donation>(kernel::Id::from_raw(id));
        let page = house.app.receipt_page(&id, None, None).await.unwrap();
        let told: i64 = page.segments.iter().map(|segment| segment.amount).sum();
        assert_eq!(told, amount, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_register_of_2017_whole() {
    let register = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/tw-legal-persons/organisations.csv.gz");
    let Ok(bytes) = std::fs::read(&register) else {
        eprintln!(
            "SKIPPED: the register of 2017 is not there ({})",
            register.display()
        );
        return;
    };
    let house = House::open(db::testing::databases().remove(0)).await;
    let file = ImportFile {
        name: "organisations.csv.gz".into(),
        bytes,
    };
    let report = stage(&house, file, &ImportTarget::default()).await;
    assert_eq!((report.accepted, report.rejected), (20_582, 0));
    assert_eq!(post(&house, &report).await, (20_582, 0));
    let dates = db::sql!(
        "SELECT COUNT(*) FROM organisation WHERE registered_day IS NULL AND registered_text <> ''"
    );
    assert_eq!(
        count(&house, dates).await,
        81 + 10,
        "dates stay as they came"
    );
    let proposed = db::sql!("SELECT COUNT(*) FROM duplicate_proposal WHERE state = 'proposed'");
    assert!(count(&house, proposed).await > 900);
    house.check_all().await;
}
