//! The demo province has records of every kind that the program writes: its database dies on many days, and comes back.

use super::*;
use crate::demo::tests::{Played, play_before};
use kernel::Day;

/// Every so many days a backup is made; with the variable more often.
const DAYS: i32 = 23;
const DAYS_VARIABLE: &str = "SHANJI_RECOVER_DAYS";

/// The kinds of leaf that some command of this program writes.
const WRITTEN: [&str; 32] = [
    "allotment/1",
    "announcement/1",
    "answer/1",
    "campaign/1",
    "chargeback/1",
    "conversion/1",
    "correction/1",
    "cost/1",
    "count/1",
    "delivery/1",
    "fee/1",
    "fund/1",
    "gift/1",
    "goods/1",
    "idx/1",
    "key/1",
    "key_end/1",
    "log/1",
    "loss/1",
    "merger/1",
    "organisation/1",
    "place/1",
    "reclassification/1",
    "recovery/1",
    "register/1",
    "refund/1",
    "report/1",
    "return/1",
    "reversal/1",
    "settlement/1",
    "sm3root/1",
    "withdrawal/1",
];

/// The played province with its mirror, and backups of many days.
struct Story {
    played: Played,
    backups: Vec<(Day, std::path::PathBuf)>,
    mirror: std::path::PathBuf,
    _home: tempfile::TempDir,
}

async fn story() -> Story {
    let home = tempfile::tempdir().unwrap();
    let every = std::env::var(DAYS_VARIABLE).ok();
    let every = every.map_or(DAYS, |days| days.parse().unwrap());
    let mut backups = Vec::new();
    let mut watch = |folder: &Path, day: Day| {
        if day.number() % every == 0 {
            let backup = home.path().join(day.to_string());
            for end in ["", "-wal"] {
                let live = folder.join(format!("{}{end}", app::DATABASE_FILE));
                fs::copy(live, format!("{}{end}", backup.display())).unwrap();
            }
            backups.push((day, backup));
        }
    };
    let played = play_before(&mut watch).await;
    let copy = home.path().join("mirror");
    mirror(&played.app, &copy).await;
    Story {
        played,
        backups,
        mirror: copy,
        _home: home,
    }
}

/// A gift to the first live campaign, through the demo gateway.
async fn give(app: &App) -> String {
    let campaign = {
        let mut read = app.db().read_tx().await.unwrap();
        let live = domain::fundraising::CampaignState::Live.code();
        let found = store::fundraising::campaigns_of_state(&mut read, live, 1);
        found.await.unwrap().remove(0).campaign.id
    };
    let command = app::Command::IntentCreate {
        campaign: app.print(campaign),
        form: domain::fundraising::IntentForm {
            amount: "50".into(),
            ..Default::default()
        },
    };
    let public = domain::identity::Actor::public();
    let key = app::CommandKey("after".into());
    let app::Outcome::Record { id } = app.write(&public, &key, command).await.unwrap() else {
        panic!("an intent")
    };
    match app.demo_pay(&id).await.unwrap() {
        app::Outcome::Gift {
            donation,
            held: None,
            ..
        } => donation,
        other => panic!("{other:?}"),
    }
}

/// Recovers, audits, goes on writing and signing, and audits again.
async fn check(story: &Story, day: &str, backup: &Path) -> Recovered {
    let (_home, place) = restored(story.played.folder.path(), backup);
    check_at(story, day, &place).await
}

async fn check_at(story: &Story, day: &str, place: &Place) -> Recovered {
    let live = &story.played.app;
    let recovered = recover_apart(place, &story.mirror);
    let recovered = recovered.unwrap_or_else(|failure| panic!("{day}: {failure}"));
    let conclusion = audited(place).await;
    assert!(conclusion.is_clean(), "{day}: {}", conclusion.words());
    assert_eq!(newest(place).await, live.log_checkpoint().await.unwrap());
    let app = open(place, live).await;
    assert_eq!(app.seal_stopped(), None, "{day}");
    let before = size_of(live).await;
    app.run_due_jobs(app.now()).await.unwrap();
    let donation = give(&app).await;
    app.seal_now().await.unwrap();
    assert!(size_of(&app).await > before, "{day}");
    assert!(app.receipt_proof(&donation, None).await.unwrap().is_some());
    let faults = testkit::faults(app.db(), &app.verifier_key(), app.now()).await;
    assert_eq!(faults.unwrap(), Vec::<String>::new(), "{day}");
    drop(app);
    let conclusion = audited(place).await;
    assert!(conclusion.is_clean(), "{day}: {}", conclusion.words());
    recovered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_province_comes_back_from_a_backup_of_any_day_and_from_none() {
    let story = story().await;
    // All that the program writes, but what the neighbouring tests bring: lists of others, and keys.
    let mut kinds = kinds_of(&story.played.app).await;
    let more = [
        "announcement/1",
        "chargeback/1",
        "count/1",
        "key/1",
        "key_end/1",
        "recovery/1",
        "sm3root/1",
        "withdrawal/1",
    ];
    kinds.extend(more.map(str::to_owned));
    let missing: Vec<&str> = WRITTEN
        .into_iter()
        .filter(|kind| !kinds.contains(*kind))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let (mut before, mut decided) = (usize::MAX, 0);
    for (day, backup) in &story.backups {
        let recovered = check(&story, &day.to_string(), backup).await;
        let lost = recovered.losses.gifts.listed.len();
        assert!(lost <= before, "a younger backup loses less");
        before = lost;
        decided += recovered.losses.matters.len();
    }
    assert!(
        decided > 0,
        "a matter was open in a backup and decided in its gap"
    );
    assert!(story.backups.len() > 5, "{}", story.backups.len());
    let nothing = check(&story, "empty", Path::new("/nonexistent")).await;
    assert!(nothing.losses.gifts.listed.len() > before);
    assert_eq!(nothing.leaves, nothing.size);
    let words = told::in_words(&nothing, &[]);
    assert!(words.contains("资料遗失"), "{words}");
    // The other engine, from nothing too: without its server a loud line says that this was left out.
    if let Some(database) = db::testing::postgres(db::testing::few()).unwrap() {
        let (_home, mut place) = restored(story.played.folder.path(), Path::new("/nonexistent"));
        place.database = database.url().to_owned();
        let there = check_at(&story, "postgres", &place).await;
        assert_eq!(
            there.losses, nothing.losses,
            "both engines bring back the same"
        );
    }
}
