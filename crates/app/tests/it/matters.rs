//! Applications on their way: filled in, handed in, sent back, decided, late, and what nobody else may do with them.

use crate::house::{House, code, on_each_engine};
use app::command::{EvidenceRef, MatterAnswer, MatterStep};
use app::view::MatterPage;
use app::{AppError, Command, Outcome};
use domain::identity::{Actor, Grant, Role};
use domain::parties::OrganisationForm;
use kernel::{Day, Id, RegionCode};

/// A matter and everybody around it.
struct Office {
    house: House,
    organisation: String,
    maker: Actor,
    checker: Actor,
    handler: Actor,
    second_handler: Actor,
    decider: Actor,
}

/// Complete answers to the form of a recognition.
const ANSWERS: [(&str, &str); 6] = [
    ("purpose", "资助云山县的困难学生"),
    ("spending", "1200000"),
    ("management", "90000"),
    ("penalties", "no"),
    ("contact", "文经办"),
    ("contact_phone", "0571-88888888"),
];
const PAPERS: [&str; 5] = ["charter", "resolution", "audit", "declaration", "systems"];

fn official(house: &House, number: i64, role: Role, region: &str) -> Actor {
    let grant = Grant {
        role,
        organisation: None,
        region: RegionCode::parse(region).ok(),
        from: Day::from_number(0),
        to: None,
    };
    let today = house.app.now().day();
    let name = format!("{}{number}", role.title());
    Actor::user(Id::from_raw(number), &name, vec![grant], today)
}

fn noon(house: &House, day: &str) {
    let at = Day::parse(day).unwrap().start();
    house.clock.set(at.plus_micros(12 * 3_600_000_000).unwrap());
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(a, b): &(&str, &str)| (a.to_string(), b.to_string());
    all.iter().map(pair).collect()
}

fn file(n: u8) -> EvidenceRef {
    EvidenceRef {
        sha256: [n; 32],
        length: 10,
        mime: "application/pdf".into(),
        title: format!("材料{n}.pdf"),
    }
}

impl Office {
    async fn open(house: House) -> Office {
        let form = OrganisationForm {
            name: "云山教育基金会".into(),
            kind: "foundation".into(),
            region: "330106".into(),
            registered_on: "2020-01-01".into(),
            ..OrganisationForm::default()
        };
        let organisation = house.record(Command::OrganisationRegister(form)).await;
        Office {
            maker: house.staff_of(&organisation, 1, Role::Maker),
            checker: house.staff_of(&organisation, 2, Role::Checker),
            handler: official(&house, 11, Role::Handler, "3301"),
            second_handler: official(&house, 12, Role::Handler, "33"),
            decider: official(&house, 21, Role::Decider, "3301"),
            organisation,
            house,
        }
    }

    async fn write(&self, who: &Actor, command: Command) -> Result<Outcome, AppError> {
        self.house.app.write(who, &self.house.key(), command).await
    }

    async fn apply(&self) -> String {
        let open = Command::MatterOpen {
            organisation: self.organisation.clone(),
            procedure: "recognition".into(),
        };
        match self.write(&self.maker, open).await.unwrap() {
            Outcome::Record { id } => id,
            other => panic!("{other:?}"),
        }
    }

    async fn page(&self, who: &Actor, id: &str) -> MatterPage {
        self.house.app.matter_page(who, id).await.unwrap()
    }

    async fn version(&self, id: &str) -> i64 {
        self.page(&self.maker, id).await.version
    }

    async fn fill(&self, id: &str, answers: &[(&str, &str)], papers: &[&str]) {
        let slots = papers.iter().zip(1..);
        let answer = MatterAnswer {
            matter: id.into(),
            version: self.version(id).await,
            answers: pairs(answers),
            files: slots.map(|(slot, n)| (slot.to_string(), file(n))).collect(),
            dropped: Vec::new(),
        };
        let command = Command::MatterAnswer(Box::new(answer));
        self.write(&self.maker, command).await.unwrap();
    }

    async fn step(&self, id: &str, step: &str) -> MatterStep {
        MatterStep {
            matter: id.into(),
            version: self.version(id).await,
            step: step.into(),
            document: "杭民慈认〔2026〕1号".into(),
            ..MatterStep::default()
        }
    }

    /// A step that must be taken; the code of the state afterwards.
    async fn takes(&self, who: &Actor, id: &str, step: &str) -> String {
        let step = self.step(id, step).await;
        self.takes_so(who, step).await
    }

    async fn takes_so(&self, who: &Actor, step: MatterStep) -> String {
        let name = step.step.clone();
        let taken = self.write(who, Command::MatterStep(Box::new(step))).await;
        match taken.unwrap_or_else(|error| panic!("{name}: {error:?}")) {
            Outcome::Step { state, .. } => state,
            other => panic!("{other:?}"),
        }
    }

    async fn refused(&self, who: &Actor, id: &str, step: &str) -> &'static str {
        let step = self.step(id, step).await;
        code(self.write(who, Command::MatterStep(Box::new(step))).await)
    }

    /// Filled in, handed on and handed in.
    async fn handed_in(&self) -> String {
        let id = self.apply().await;
        self.fill(&id, &ANSWERS, &PAPERS).await;
        assert_eq!(self.takes(&self.maker, &id, "prepare").await, "prepared");
        assert_eq!(self.takes(&self.checker, &id, "submit").await, "submitted");
        id
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_is_sent_back_with_three_gaps_mended_and_granted_by_two() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        noon(&office.house, "2026-11-23");
        let id = office.apply().await;
        let early = office.house.app.matter_page(&office.handler, &id).await;
        assert!(early.is_err(), "a draft is the applicant's own business");
        office.fill(&id, &ANSWERS[..2], &PAPERS[..1]).await;
        let page = office.page(&office.maker, &id).await;
        assert_eq!(page.problems.len(), 4 + 4, "{:?}", page.problems);
        let hasty = office.step(&id, "prepare").await;
        let hasty = office.write(&office.maker, Command::MatterStep(Box::new(hasty)));
        let Err(AppError::Invalid(problems)) = hasty.await else {
            panic!("an incomplete form was handed on")
        };
        assert_eq!(problems.len(), 8, "everything at once");
        office.fill(&id, &ANSWERS, &PAPERS).await;
        let page = office.page(&office.maker, &id).await;
        assert!(page.problems.is_empty() && page.editable);
        assert_eq!(page.figures.len(), 1, "the share is computed");
        assert_eq!(
            office.takes(&office.maker, &id, "prepare").await,
            "prepared"
        );
        assert_eq!(
            office.refused(&office.maker, &id, "submit").await,
            "step_role"
        );
        office.takes(&office.checker, &id, "submit").await;
        sent_back_and_mended(&office, &id).await;
        office.takes(&office.handler, &id, "accept").await;
        assert_eq!(
            office.refused(&office.decider, &id, "grant").await,
            "step_lacking"
        );
        office.takes(&office.handler, &id, "review").await;
        assert_eq!(
            office.refused(&office.handler, &id, "grant").await,
            "not_permitted"
        );
        assert_eq!(
            office.takes(&office.decider, &id, "grant").await,
            "recognised"
        );
        assert_eq!(
            office.refused(&office.decider, &id, "grant").await,
            "step_ended"
        );
        let page = office.page(&office.maker, &id).await;
        assert_eq!((page.state, page.phase), ("已认定", "in_force"));
        assert_eq!(page.history.len(), 8);
        assert!(page.steps.is_empty() && page.waits_for.is_empty());
        let guide = office.house.app.guide_page("recognition").await.unwrap();
        let measured = guide.line.measured.unwrap();
        assert_eq!((measured.count, measured.median), (1, 1));
    })
    .await;
}

async fn sent_back_and_mended(office: &Office, id: &str) {
    let mut back = office.step(id, "return").await;
    let alone = office.write(&office.handler, Command::MatterStep(Box::new(back.clone())));
    assert_eq!(code(alone.await), "step_gaps_missing");
    back.gaps = pairs(&[
        ("charter", "缺第三章，请补全文。"),
        ("management", "与审计报告不一致，请核对。"),
        ("other", "请附公章样本。"),
        ("nothing", "没有这一项"),
        ("audit", " "),
    ]);
    assert_eq!(office.takes_so(&office.handler, back).await, "returned");
    let page = office.page(&office.maker, id).await;
    let gaps: Vec<_> = page.gaps.iter().map(|gap| (gap.anchor, gap.item)).collect();
    let told = [
        ("charter", "章程"),
        ("management", "上年度管理费用"),
        ("", "其他"),
    ];
    assert_eq!(gaps, told, "all gaps at once, each with its place");
    assert!(page.editable);
    noon(&office.house, "2026-11-24");
    let mut answers = ANSWERS;
    answers[2].1 = "80000";
    office.fill(id, &answers, &[]).await;
    office.takes(&office.maker, id, "prepare").await;
    assert_eq!(
        office.refused(&office.handler, id, "accept").await,
        "step_not_now"
    );
    office.takes(&office.checker, id, "submit").await;
    let mut read = office.house.app.db().read_tx().await.unwrap();
    let key = office.house.app.read_id(id).unwrap();
    for (round, told) in [(0, "90000"), (1, "80000")] {
        let kept = store::oversight::matter_answers(&mut read, key, round).await;
        let pair = ("management".to_string(), told.to_string());
        assert!(
            kept.unwrap().contains(&pair),
            "what was handed in first is kept"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_one_turns_yellow_and_red_and_is_told_upwards() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        noon(&office.house, "2026-11-23");
        let id = office.handed_in().await;
        office.takes(&office.handler, &id, "accept").await;
        // Twenty working days from the day after acceptance: the last one is 21 December.
        for (day, light, level) in [
            ("2026-11-24", "green", None),
            ("2026-12-14", "yellow", None),
            ("2026-12-21", "yellow", None),
            ("2026-12-22", "red", Some("登记管理机关负责人")),
            ("2026-12-28", "red", Some("上级民政部门")),
        ] {
            noon(&office.house, day);
            let page = office.page(&office.handler, &id).await;
            let clock = &page.clocks[0];
            assert_eq!((clock.light, clock.level), (light, level), "{day}");
            assert_eq!(clock.due.to_string(), "2026-12-21");
            assert!(clock.otherwise.is_some(), "both counts are shown");
        }
        let rows = |name: &'static str, pairs: &[(&str, &str)]| {
            let list = app::list::list_of(name).unwrap();
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect();
            let ask = app::list::ListAsk {
                list,
                actor: office.decider.clone(),
                params: Vec::new(),
                asked: app::list::Asked::read(list, &pairs),
            };
            let app = office.house.app.clone();
            async move { app.list_page(&ask).await.unwrap().rows.len() }
        };
        assert_eq!(rows("office", &[("light", "red")]).await, 1);
        assert_eq!(rows("office", &[("light", "green")]).await, 0);
        assert_eq!(rows("overdue", &[]).await, 1);
        assert_eq!(rows("overdue", &[("day", "2026-12-21")]).await, 0);
        office.takes(&office.handler, &id, "review").await;
        office.takes(&office.decider, &id, "grant").await;
        assert_eq!(rows("overdue", &[]).await, 0);
        assert_eq!(
            rows("overdue", &[("day", "2026-12-23")]).await,
            1,
            "what was late stays late for its day"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_officials_at_once_make_one_step_and_one_conflict() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let id = office.handed_in().await;
        let step = office.step(&id, "accept").await;
        let (one, two) = tokio::join!(
            office.write(&office.handler, Command::MatterStep(Box::new(step.clone()))),
            office.write(
                &office.second_handler,
                Command::MatterStep(Box::new(step.clone()))
            ),
        );
        let codes = [one, two].map(|end| match end {
            Ok(_) => "taken",
            Err(AppError::Conflict(refusal)) => refusal.code,
            Err(error) => panic!("{error:?}"),
        });
        assert!(
            codes.contains(&"taken") && codes.contains(&"matter_changed"),
            "{codes:?}"
        );
        let (key, review) = (office.house.key(), office.step(&id, "review").await);
        for _ in 0..2 {
            let command = Command::MatterStep(Box::new(review.clone()));
            office
                .house
                .app
                .write(&office.handler, &key, command)
                .await
                .unwrap();
        }
        let page = office.page(&office.handler, &id).await;
        let reviews = page.history.iter().filter(|taken| taken.step == "审查");
        assert_eq!(reviews.count(), 1, "the same key twice is one step");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outsiders_other_organisations_and_other_regions_get_nothing() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let id = office.handed_in().await;
        let other = office.house.organisation("别的服务中心").await;
        let strangers = [
            Actor::public(),
            office.house.staff_of(&other, 31, Role::Maker),
            office.house.staff_of(&office.organisation, 32, Role::Payer),
            official(&office.house, 33, Role::Handler, "3302"),
            official(&office.house, 34, Role::Decider, "330108"),
        ];
        for who in &strangers {
            let page = office.house.app.matter_page(who, &id).await;
            assert!(matches!(page, Err(AppError::NotFound(_))), "{}", who.name);
            let file = office.house.app.matter_file(who, (&id, &[1; 32])).await;
            assert!(matches!(file, Err(AppError::NotFound(_))), "{}", who.name);
            for step in ["accept", "withdraw", "grant"] {
                let step = office.step(&id, step).await;
                let end = office.write(who, Command::MatterStep(Box::new(step))).await;
                assert!(matches!(end, Err(AppError::NotFound(_))), "{}", who.name);
            }
        }
        assert!(office.house.app.file_is_private(&[1; 32]).await.unwrap());
        let supervisor = official(&office.house, 35, Role::Supervisor, "33");
        let page = office.page(&supervisor, &id).await;
        assert!(page.steps.iter().all(|step| !step.may) && page.code.is_none());
        assert_eq!(
            office.refused(&supervisor, &id, "accept").await,
            "not_permitted"
        );
        let again = Command::MatterOpen {
            organisation: office.organisation.clone(),
            procedure: "recognition".into(),
        };
        assert_eq!(
            office.house.refused(&office.maker, again).await,
            "matter_open_already"
        );
        let late = office.step(&id, "x").await;
        let answer = MatterAnswer {
            matter: id.clone(),
            version: late.version,
            ..MatterAnswer::default()
        };
        let answer = Command::MatterAnswer(Box::new(answer));
        assert_eq!(
            office.house.refused(&office.maker, answer).await,
            "matter_not_a_draft"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_follows_a_matter_by_its_number_and_the_end_of_its_code() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let id = office.handed_in().await;
        let code = office.page(&office.maker, &id).await.code.unwrap();
        let (head, end) = code.split_at(4);
        let track = office
            .house
            .app
            .matter_track(&id, &end.to_lowercase())
            .await
            .unwrap();
        assert_eq!((track.state, track.steps.len()), ("待受理", 2));
        for wrong in [head, "", &code, &id] {
            let end = if wrong == end { "0000" } else { wrong };
            let answer = office.house.app.matter_track(&id, end).await;
            assert!(matches!(answer, Err(AppError::NotFound(_))), "{end}");
        }
        let spoken = id.to_lowercase().replace("mat_", "mat ");
        assert!(office.house.app.matter_track(&spoken, end).await.is_ok());
    })
    .await;
}
