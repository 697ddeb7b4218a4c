//! Stored histories fold to the matters that were decided in memory, and the house wakes by itself.

use app::command::{EvidenceRef, MatterAnswer, MatterStep};
use app::{Command, Outcome};
use domain::identity::{Actor, Grant, Role};
use domain::oversight::procedures::RECOGNITION;
use kernel::{Day, Id, RegionCode, WorkCalendar};
use leaf::ids;
use matter::{Matter, Office, Person, Post, Request, take};
use testkit::TestApp;

/// Steps that each history tries.
const TRIES: usize = 60;

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../../data/holidays.csv")).unwrap()
}

fn actor(number: i64, grant: (Role, Option<i64>, Option<&str>)) -> Actor {
    let grant = Grant {
        role: grant.0,
        organisation: grant.1.map(Id::from_raw),
        region: grant.2.map(|code| RegionCode::parse(code).unwrap()),
        from: Day::from_number(0),
        to: None,
    };
    Actor::user(
        Id::from_raw(number),
        "某人",
        vec![grant],
        Day::from_number(20_000),
    )
}

/// Everybody, and what each is worth in the procedure.
fn people(organisation: i64) -> Vec<(Actor, &'static [&'static str])> {
    let of = Some(organisation);
    vec![
        (actor(1, (Role::Maker, of, None)), &["organisation_maker"]),
        (
            actor(2, (Role::Checker, of, None)),
            &["organisation_checker"],
        ),
        (
            actor(3, (Role::Approver, of, None)),
            &["organisation_checker", "council"],
        ),
        (
            actor(11, (Role::Handler, None, Some("33"))),
            &["clerk", "handler"],
        ),
        (
            actor(21, (Role::Decider, None, Some("330106"))),
            &["leader"],
        ),
        (
            actor(22, (Role::Decider, None, Some("33"))),
            &["leader", "superior"],
        ),
    ]
}

/// A small generator: the same seed plays the same history.
fn next(seed: &mut u64, below: usize) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % below
}

async fn filled(house: &TestApp, organisation: &str) -> String {
    let boss = Actor::house("test");
    let open = Command::MatterOpen {
        organisation: organisation.into(),
        procedure: "recognition".into(),
    };
    let Outcome::Record { id } = house.done(&boss, open).await else {
        panic!("not opened")
    };
    let raw = house
        .read_id::<ids::Organisation>(organisation)
        .unwrap()
        .raw();
    let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
    let file = |slot: &str| {
        let file = EvidenceRef {
            sha256: [1; 32],
            length: 1,
            mime: "text/plain".into(),
            title: "材料".into(),
        };
        (slot.to_string(), file)
    };
    let answer = MatterAnswer {
        matter: id.clone(),
        version: 0,
        answers: vec![
            pair("purpose", "助学"),
            pair("spending", "10"),
            pair("management", "1"),
            pair("penalties", "no"),
            pair("contact", "甲"),
            pair("contact_phone", "1"),
        ],
        files: ["charter", "resolution", "audit", "declaration", "systems"]
            .map(file)
            .to_vec(),
        dropped: Vec::new(),
    };
    let maker = &people(raw)[0].0;
    house
        .done(maker, Command::MatterAnswer(Box::new(answer)))
        .await;
    id
}

async fn record_of(house: &TestApp, key: Id<ids::Matter>) -> store::oversight::MatterRecord {
    let mut read = house.db().read_tx().await.unwrap();
    let record = store::oversight::matter_record(&mut read, key).await;
    record.unwrap().unwrap()
}

/// What is stored folds to what was decided in memory, alone and among many.
async fn agree(house: &TestApp, key: Id<ids::Matter>, memory: &Matter) {
    let mut read = house.db().read_tx().await.unwrap();
    let record = store::oversight::matter_record(&mut read, key)
        .await
        .unwrap()
        .unwrap();
    let folded = store::oversight::matter_folded(&mut read, &record)
        .await
        .unwrap();
    let many = store::oversight::matters_folded(&mut read, std::slice::from_ref(&record)).await;
    assert_eq!(folded.history(), memory.history());
    assert_eq!(many.unwrap()[0].history(), memory.history());
    assert_eq!(folded.state().name, memory.state().name);
    assert_eq!(record.state, memory.state().name);
    assert_eq!(record.ended_at.is_some(), memory.state().is_final);
}

/// Plays one history by dice, beside the engine in memory; returns how many steps were taken.
async fn play(house: &TestApp, organisation: &str, seed: u64) -> usize {
    let mut seed = seed;
    let id = filled(house, organisation).await;
    let key: Id<ids::Matter> = house.read_id(&id).unwrap();
    let raw = house
        .read_id::<ids::Organisation>(organisation)
        .unwrap()
        .raw();
    let (people, calendar) = (people(raw), calendar());
    let mut memory = Matter::new(&RECOGNITION).unwrap();
    for _ in 0..TRIES {
        house
            .clock()
            .advance(next(&mut seed, 4) as i64 * 86_400_000_000 / 3);
        let (who, worth) = &people[next(&mut seed, people.len())];
        // Mostly what the table has here; now and then anything at all.
        let here = |step: &&matter::Step| step.from.contains(&memory.state().name);
        let mut steps: Vec<_> = RECOGNITION.steps.iter().filter(here).collect();
        if steps.is_empty() || next(&mut seed, 10) == 0 {
            steps = RECOGNITION.steps.iter().collect();
        }
        let step = steps[next(&mut seed, steps.len())];
        // Histories that end at once show nothing.
        if step.name == "withdraw" && next(&mut seed, 16) > 0 {
            continue;
        }
        let person = Person(who.user_id().unwrap().raw());
        let posts: Vec<Post> = worth.iter().map(|role| Post { person, role }).collect();
        let mut request = Request::new(step.name, person, house.now()).because("因为");
        let mut sent = MatterStep {
            matter: id.clone(),
            step: step.name.into(),
            reason: "因为".into(),
            ..MatterStep::default()
        };
        if step.name == "return" {
            request = request
                .missing("charter", "缺一章")
                .missing("other", "别的");
            let gap = |a: &str, b: &str| (a.to_string(), b.to_string());
            sent.gaps = vec![gap("charter", "缺一章"), gap("other", "别的")];
        }
        if step.extends.is_some() {
            request = request.longer_by(7);
            sent.longer_by = "7".into();
        }
        let office = Office {
            posts: &posts,
            delegations: &[],
            interested: &[],
        };
        let decided = take(&memory, &request, &office, &calendar);
        sent.version = record_of(house, key).await.version;
        let stored = house.ask(who, Command::MatterStep(Box::new(sent))).await;
        assert_eq!(
            decided.is_ok(),
            stored.is_ok(),
            "{}: {decided:?} {stored:?}",
            step.name
        );
        if let Ok(taken) = decided {
            memory.record(taken).unwrap();
        }
        agree(house, key, &memory).await;
    }
    memory.history().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_histories_fold_as_in_memory() {
    for house in TestApp::every().await {
        let mut taken = 0;
        for seed in 0..12_u64 {
            let organisation = house.organisation(&format!("第{seed}基金会")).await;
            taken += play(&house, &organisation, seed).await;
        }
        assert!(taken > 40, "the dice took {taken} steps only");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_house_takes_its_own_step_when_the_time_is_over() {
    for house in TestApp::every().await {
        let organisation = house.organisation("云山基金会").await;
        let raw = house
            .read_id::<ids::Organisation>(&organisation)
            .unwrap()
            .raw();
        let now = house.now().micros();
        // A filing has no form online yet, so its history is written beside the house.
        let key = raw + 1;
        let mut script = format!(
            "INSERT INTO matter (id, procedure, organisation_id, region, opened_by, opened_at, state, version, round, code) VALUES ({key}, 'campaign_filing', {raw}, '330106', 1, {now}, 'returned', 3, 1, 'ABCD1234');"
        );
        let steps = [
            ("prepare", 1, ""),
            ("submit", 2, ""),
            ("return", 11, "other\t缺预算"),
        ];
        for (entry, (step, user, gaps)) in steps.iter().enumerate() {
            let entry = entry + 1;
            script.push_str(&format!(
                "INSERT INTO matter_taken (matter_id, entry, step, user_id, at, gaps, facts) VALUES ({key}, {entry}, '{step}', {user}, {now}, '{gaps}', '');"
            ));
        }
        let printed = house.print(Id::<ids::Matter>::from_raw(key));
        script.push_str(&format!(
            "INSERT INTO job (id, kind, payload, run_at, state, attempts, last_error) VALUES ({key}, 'matter_wake', '{printed}', {now}, 'waiting', 0, '');"
        ));
        house.script(&script).await;
        let state = || async {
            let mut read = house.db().read_tx().await.unwrap();
            let record = store::oversight::matter_record(&mut read, Id::from_raw(key)).await;
            record.unwrap().unwrap().state
        };
        house.run_due_jobs(house.now()).await.unwrap();
        assert_eq!(
            state().await,
            "returned",
            "too early: it asks for another hour"
        );
        for _ in 0..10 {
            house.clock().advance(86_400_000_000);
            house.run_due_jobs(house.now()).await.unwrap();
        }
        let mut read = house.db().read_tx().await.unwrap();
        let waiting = store::batch::jobs_by_state(&mut read).await.unwrap();
        drop(read);
        assert_eq!(state().await, "withdrawn", "{waiting:?}");
        let supervisor = actor(9, (Role::Supervisor, None, Some("33")));
        let page = house.matter_page(&supervisor, &printed).await.unwrap();
        let last = page.history.last().unwrap();
        assert_eq!(last.who.to_string(), "本系统");
    }
}
