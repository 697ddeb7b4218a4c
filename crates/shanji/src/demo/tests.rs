//! The demo province as a test of the house: played twice it is the same, and nothing is wrong in it.

use super::player::{DemoClock, DemoEntropy};
use super::seeds::Seeds;
use super::*;
use domain::fundraising::{CampaignState, HeldReason};
use gateway::SeededEntropy;

/// A played province.
pub(crate) struct Played {
    pub(crate) app: App,
    gifts: usize,
    /// Size and root of the log.
    log: (i64, Vec<u8>),
    pub(crate) folder: tempfile::TempDir,
}

/// Plays it.
pub(crate) async fn play() -> Played {
    play_before(&mut |_, _| {}).await
}

/// Plays it before somebody who sees the data folder at the end of each day, when nobody writes.
pub(crate) async fn play_before(watch: &mut dyn FnMut(&Path, kernel::Day)) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(DemoClock::standing(province::start().unwrap()));
    // Here the keys come from a seed too: the log's root depends on them.
    Secrets::load_or_create(&folder.path().join("keys"), &SeededEntropy::new(1)).unwrap();
    let config = Config {
        origin: ORIGIN.into(),
        clock: Arc::clone(&clock) as _,
        entropy: Arc::new(DemoEntropy::seeded(SEED)),
        demo: true,
        ..Config::local(folder.path())
    };
    let app = App::open(config).await.unwrap();
    let seeds = Seeds::read().unwrap();
    let mut tell = |day, _| watch(folder.path(), day);
    let gifts = province::create(&app, &clock, &seeds, &mut tell)
        .await
        .unwrap();
    let sealed = {
        let mut read = app.db().read_tx().await.unwrap();
        store::transparency::checkpoint_newest(&mut read)
            .await
            .unwrap()
            .unwrap()
    };
    Played {
        app,
        gifts,
        log: (sealed.size, sealed.root.to_vec()),
        folder,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_province_is_the_same_every_time_and_sound() {
    let (one, two) = tokio::join!(play(), play());
    assert_eq!(one.log, two.log, "the same seed gives the same log");
    assert!((2_000..3_000).contains(&one.gifts), "{} gifts", one.gifts);
    let app = &one.app;
    let faults = testkit::faults(app.db(), &app.verifier_key(), app.now())
        .await
        .unwrap();
    assert!(faults.is_empty(), "{faults:#?}");
    let mut read = app.db().read_tx().await.unwrap();
    for (state, least) in [
        (CampaignState::Draft, 1),
        (CampaignState::Live, 4),
        (CampaignState::Ended, 4),
    ] {
        let campaigns = store::fundraising::campaigns_of_state(&mut read, state.code(), 50)
            .await
            .unwrap();
        assert!(
            campaigns.len() >= least,
            "{} are {}",
            campaigns.len(),
            state.code()
        );
    }
    let mut reasons = Vec::new();
    for organisation in store::parties::fundraising_organisations(&mut read)
        .await
        .unwrap()
    {
        let held = store::fundraising::donations_held(&mut read, organisation, 200)
            .await
            .unwrap();
        reasons.extend(held.into_iter().map(|donation| donation.held_reason));
    }
    // One of the five was reassigned with the donor's consent.
    for reason in HeldReason::ALL
        .into_iter()
        .filter(|reason| *reason != HeldReason::NotLive)
    {
        assert!(
            reasons.iter().any(|held| held == reason.code()),
            "{} in {reasons:?}",
            reason.code()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_every_campaign_add_up_to_what_was_raised() {
    let played = play().await;
    let app = &played.app;
    let home = app.home().await.unwrap();
    assert!(home.totals.adds_up(), "{:?}", home.totals);
    assert!(home.totals.purchased > 0, "the story buys goods");
    let cards = app.campaigns().await.unwrap();
    assert!(cards.iter().any(|card| card.purchased > 0));
    for card in cards {
        assert!(card.adds_up(), "{card:?}");
        let owner = &card.organisation.id;
        let totals = app.organisation_page(owner).await.unwrap().totals;
        assert!(totals.adds_up(), "{owner}: {totals:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_played_house_takes_a_gift_through_the_demo_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join(MARK);
    // A making that was cut short is thrown away with everything in it.
    std::fs::write(&mark, "").unwrap();
    std::fs::write(folder.path().join(DATABASE_FILE), "half a house").unwrap();
    // Its guard too, which would keep the new log from signing.
    let signed = format!("signed 9 {}", tlog::Hash([7; 32]));
    let guard = format!("shanji/guard/1\n{ORIGIN}\n{signed}\n");
    std::fs::write(folder.path().join(GUARD_FILE), guard).unwrap();
    prepare(folder.path(), false).unwrap();
    assert!(!mark.exists() && !folder.path().join(DATABASE_FILE).exists());
    let app = province(folder.path(), None).await.unwrap();
    assert!(!mark.exists());
    let campaigns = {
        let mut read = app.db().read_tx().await.unwrap();
        let live = CampaignState::Live.code();
        store::fundraising::campaigns_of_state(&mut read, live, 1)
            .await
            .unwrap()
    };
    let command = app::Command::IntentCreate {
        campaign: app.print(campaigns[0].campaign.id),
        form: domain::fundraising::IntentForm {
            amount: "50".into(),
            ..Default::default()
        },
    };
    let public = domain::identity::Actor::public();
    let key = app::CommandKey("k".into());
    let app::Outcome::Record { id } = app.write(&public, &key, command).await.unwrap() else {
        panic!("an intent")
    };
    let first = app.demo_pay(&id).await.unwrap();
    let again = app.demo_pay(&id).await.unwrap();
    let app::Outcome::Gift {
        donation,
        held: None,
        replay: false,
    } = first
    else {
        panic!("{first:?}")
    };
    assert_eq!(
        again,
        app::Outcome::Gift {
            donation,
            held: None,
            replay: true
        }
    );
    assert!(app.demo_pay("int_0").await.is_err());
    let token = app.sign_in("maker", PASSWORD, "test").await;
    assert!(token.is_ok(), "{token:?}");
}
