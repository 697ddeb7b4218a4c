//! What a decision does: a qualification opens campaigns, its suspension freezes them the same minute, its end thaws
//! them, a revocation ends it all, and every day and moment can be asked about.

mod ending;
mod later;
mod reporting;

use crate::house::{House, code, on_each_engine};
use app::command::{EvidenceRef, MatterAnswer, MatterStep};
use app::{AppError, AsOf, Command, Outcome};
use domain::fundraising::IntentForm;
use domain::identity::{Actor, Grant, Role};
use domain::oversight::forms;
use domain::parties::OrganisationForm;
use domain::parties::register::{ImportedEntry, Standing};
use kernel::{Day, Id, RegionCode, Timestamp};
use testkit::sure;

const SOURCE: &str = "浙江省社会组织登记簿";

/// An organisation of a province, its people and the officials of the province.
struct Office {
    house: House,
    organisation: String,
    staff: [Actor; 3],
    handler: Actor,
    second: Actor,
    decider: Actor,
}

fn official(house: &House, number: i64, role: Role) -> Actor {
    let grant = Grant {
        role,
        organisation: None,
        region: RegionCode::parse("33").ok(),
        from: Day::from_number(0),
        to: None,
    };
    let today = house.app.now().day();
    Actor::user(Id::from_raw(number), "官员", vec![grant], today)
}

fn at(house: &House, moment: &str) {
    let moment = Timestamp::parse_rfc3339(&format!("{moment}:00+08:00"));
    let moment = sure(moment, "a moment");
    house.clock.set(moment);
}

impl Office {
    async fn open(house: House) -> Office {
        at(&house, "2026-06-01T09:00");
        let form = OrganisationForm {
            name: "云山教育基金会".into(),
            kind: "foundation".into(),
            region: "33".into(),
            registered_on: "2020-01-01".into(),
            ..OrganisationForm::default()
        };
        let organisation = house.record(Command::OrganisationRegister(form)).await;
        let people = [Role::Maker, Role::Checker, Role::Approver];
        let staff = [1, 2, 3].map(|n| house.staff_of(&organisation, n, people[n as usize - 1]));
        let office = Office {
            staff,
            handler: official(&house, 11, Role::Handler),
            second: official(&house, 12, Role::Handler),
            decider: official(&house, 21, Role::Decider),
            organisation,
            house,
        };
        office
            .import(&[
                (Standing::InForce, "2020-01-01"),
                (Standing::Recognised, "2021-03-01"),
            ])
            .await;
        office
    }

    async fn import(&self, rows: &[(Standing, &str)]) {
        let by = ("浙江省民政厅", "浙民慈〔2020〕1号");
        let entry =
            |row: &(Standing, &str)| ImportedEntry::of(row.0, sure(Day::parse(row.1), "a day"), by);
        let import = Command::RegisterImport {
            organisation: self.organisation.clone(),
            source: SOURCE.into(),
            entries: rows.iter().map(entry).collect(),
        };
        self.house.ok(import).await;
    }

    async fn write(&self, who: &Actor, command: Command) -> Result<Outcome, AppError> {
        self.house.app.write(who, &self.house.key(), command).await
    }

    /// A matter filled in by whoever begins it, with every document of its form.
    async fn begin(&self, who: &Actor, procedure: &str, answers: &[(&str, &str)]) -> String {
        let open = Command::MatterOpen {
            organisation: self.organisation.clone(),
            procedure: procedure.into(),
        };
        let Ok(Outcome::Record { id }) = self.write(who, open).await else {
            panic!("no matter")
        };
        let Some(form) = forms::form(procedure) else {
            panic!("no form")
        };
        let file = |n: usize| EvidenceRef {
            sha256: [sure(u8::try_from(n), "a small number") + 1; 32],
            length: 10,
            mime: "application/pdf".into(),
            title: "材料.pdf".into(),
        };
        let slots = form.slots.iter().enumerate();
        let answer = MatterAnswer {
            matter: id.clone(),
            version: self.version(who, &id).await,
            answers: answers
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect(),
            files: slots
                .map(|(n, slot)| (slot.name.to_string(), file(n)))
                .collect(),
            dropped: Vec::new(),
        };
        let answered = self.write(who, Command::MatterAnswer(Box::new(answer)));
        sure(answered.await, "answered");
        id
    }

    async fn version(&self, who: &Actor, id: &str) -> i64 {
        sure(self.house.app.matter_page(who, id).await, "the matter").version
    }

    async fn step(&self, who: &Actor, id: &str, step: MatterStep) -> Result<Outcome, AppError> {
        let step = MatterStep {
            matter: id.into(),
            version: self.version(who, id).await,
            ..step
        };
        self.write(who, Command::MatterStep(Box::new(step))).await
    }

    async fn qualify(&self, until: &str) -> String {
        let [maker, checker, approver] = &self.staff;
        let id = self.begin(maker, "qualification", &QUALIFICATION).await;
        for (who, name) in [
            (maker, "prepare"),
            (approver, "resolve"),
            (checker, "submit"),
            (&self.handler, "accept"),
            (&self.second, "review"),
        ] {
            sure(self.step(who, &id, named(name)).await, name);
        }
        let grant = MatterStep {
            document: "浙民慈募〔2026〕5号".into(),
            until: until.into(),
            ..named("grant")
        };
        sure(self.step(&self.decider, &id, grant).await, "granted");
        id
    }

    /// An office's own decision, from the proposal to the day before its leader decides.
    async fn propose(&self, procedure: &str) -> String {
        let id = self.begin(&self.handler, procedure, &FINDINGS).await;
        let proposed = self.step(&self.handler, &id, named("propose"));
        sure(proposed.await, "proposed");
        if procedure != "lifting" {
            let notify = MatterStep {
                dated: self.house.app.now().day().to_string(),
                ..named("notify")
            };
            sure(self.step(&self.second, &id, notify).await, "notified");
        }
        id
    }

    async fn decide(&self, procedure: &str, until: &str) {
        let id = self.propose(procedure).await;
        let decide = MatterStep {
            document: "浙民慈罚〔2026〕9号".into(),
            until: until.into(),
            ..named("decide")
        };
        sure(self.step(&self.decider, &id, decide).await, "decided");
    }

    async fn draft(&self, ends_on: &str) -> Result<String, AppError> {
        let form = domain::fundraising::CampaignForm {
            starts_on: "2026-06-01".into(),
            ends_on: ends_on.into(),
            filing_number: format!("F-{ends_on}"),
            ..House::plan()
        };
        let organisation = self.organisation.clone();
        let draft = Command::CampaignDraft { organisation, form };
        match self.write(&self.staff[0], draft).await? {
            Outcome::Record { id } => Ok(id),
            other => panic!("{other:?}"),
        }
    }

    async fn publish(&self, campaign: &str) -> Result<Outcome, AppError> {
        let campaign = campaign.to_owned();
        self.write(&self.staff[2], Command::CampaignPublish { campaign })
            .await
    }

    async fn offer(&self, campaign: &str) -> Result<String, AppError> {
        let form = IntentForm {
            amount: "50".into(),
            ..IntentForm::default()
        };
        let campaign = campaign.to_owned();
        let offer = Command::IntentCreate { campaign, form };
        match self.write(&Actor::public(), offer).await? {
            Outcome::Record { id } => Ok(id),
            other => panic!("{other:?}"),
        }
    }

    async fn register(&self, on: &str, known: &str) -> app::view::RegisterView {
        let asked = AsOf {
            on: on.into(),
            known: known.into(),
            ..AsOf::default()
        };
        let page = self
            .house
            .app
            .organisation_page_as_of(&self.organisation, &asked)
            .await;
        sure(page, "the page").register
    }
}

fn named(step: &str) -> MatterStep {
    MatterStep {
        step: step.into(),
        reason: "依法办理".into(),
        ..MatterStep::default()
    }
}

const QUALIFICATION: [(&str, &str); 12] = [
    ("charity_since", "2021-03-01"),
    ("council", "9"),
    ("council_same", "3"),
    ("council_outside", "0"),
    ("relatives", "no"),
    ("secretary", "yes"),
    ("representative_inside", "yes"),
    ("staff", "4"),
    ("supervisors", "3"),
    ("violations", "no"),
    ("contact", "文经办"),
    ("contact_phone", "0571-88888888"),
];
const FINDINGS: [(&str, &str); 2] = [
    ("facts", "检查发现账实不符。"),
    ("public_reason", "账实不符，限期整改。"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_qualification_opens_campaigns_and_nothing_else_does() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let Err(AppError::Refused(refusal)) = office.draft("2026-12-31").await else {
            panic!("a draft without a right")
        };
        assert_eq!(
            (refusal.code, refusal.law),
            ("right_none", Some("慈善法 第二十二条"))
        );
        assert!(refusal.sentence.contains("合作"), "{}", refusal.sentence);
        let matter = office.qualify("2027-05-31").await;
        let register = office.register("", "").await;
        assert_eq!(register.right, "valid");
        let line = register.of("fundraising").unwrap();
        assert_eq!(line.matter.as_deref(), Some(matter.as_str()));
        assert_eq!(
            (line.office.as_str(), line.until.as_deref()),
            ("33民政厅", Some("2027-05-31"))
        );
        assert_eq!(line.source, "本平台登记");
        // Past the end of the certificate the whole form is told, with the field.
        let Err(AppError::Refused(late)) = office.draft("2027-06-01").await else {
            panic!("a campaign longer than the certificate")
        };
        assert_eq!(
            (late.code, late.field),
            ("right_ends_before", Some("ends_on"))
        );
        let campaign = office.draft("2027-05-31").await.unwrap();
        office.publish(&campaign).await.unwrap();
        office.offer(&campaign).await.unwrap();
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspension_freezes_the_same_minute_and_its_end_thaws() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.qualify("").await;
        let campaign = office.draft("2027-12-31").await.unwrap();
        office.publish(&campaign).await.unwrap();
        at(&office.house, "2026-06-10T11:58");
        let (early, late) = (
            office.offer(&campaign).await.unwrap(),
            office.offer(&campaign).await.unwrap(),
        );
        let paid_before = office.house.app.now();
        at(&office.house, "2026-06-10T12:00");
        office.decide("suspension", "2026-08-31").await;
        assert_eq!(code(office.offer(&campaign).await), "campaign_frozen");
        let page = office
            .house
            .app
            .campaign_page(&campaign, None)
            .await
            .unwrap();
        assert_eq!((page.card.state.as_str(), page.open), ("frozen", false));
        assert_eq!(page.stopped_by.unwrap().reason, "账实不符，限期整改。");
        assert_eq!(code(office.draft("2026-12-31").await), "right_suspended");
        // What was paid before the decision stands although its notice comes later; what is paid afterwards is held.
        let pay = |order: &str, paid_at| {
            let mut notice = office.house.notice(order, &format!("n-{order}"), 5_000);
            notice.merchant = office.organisation.clone();
            notice.paid_at = paid_at;
            notice
        };
        let held = |outcome| match outcome {
            Outcome::Gift { held, .. } => held,
            other => panic!("{other:?}"),
        };
        assert_eq!(held(office.house.pay(pay(&early, paid_before)).await), None);
        let after = office.house.pay(pay(&late, office.house.app.now())).await;
        assert_eq!(held(after).as_deref(), Some("frozen"));
        // Nobody has to do anything on the day after the last one.
        at(&office.house, "2026-08-31T23:59");
        assert_eq!(code(office.offer(&campaign).await), "campaign_frozen");
        at(&office.house, "2026-09-01T00:00");
        office.offer(&campaign).await.unwrap();
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifting_restores_and_a_revocation_ends_it_for_five_years() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.qualify("").await;
        let campaign = office.draft("2028-12-31").await.unwrap();
        office.publish(&campaign).await.unwrap();
        at(&office.house, "2026-06-10T12:00");
        office.decide("suspension", "").await;
        at(&office.house, "2026-06-20T12:00");
        office.decide("lifting", "").await;
        office.offer(&campaign).await.unwrap();
        at(&office.house, "2026-07-01T12:00");
        office.decide("revocation", "").await;
        assert_eq!(code(office.offer(&campaign).await), "campaign_frozen");
        assert_eq!(code(office.draft("2027-01-31").await), "right_stopped");
        // Another decision about what is gone is not even handed on.
        let id = office.begin(&office.handler, "lifting", &FINDINGS).await;
        let refused = office.step(&office.handler, &id, named("propose")).await;
        assert_eq!(code(refused), "public_reason");
        // Was it qualified on the day, at the minute? Every answer stays as it was.
        for (on, known, right) in [
            ("2026-06-09", "", "valid"),
            ("2026-06-15", "", "stopped"),
            ("2026-06-25", "", "valid"),
            ("2026-07-01", "", "stopped"),
            ("2026-07-01", "2026-07-01T11:59", "valid"),
            ("2026-06-15", "2026-06-10T11:59", "valid"),
            ("2026-05-01", "", "not_yet"),
        ] {
            let register = office.register(on, known).await;
            assert_eq!(register.right, right, "{on} {known}");
        }
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_decides_alone_and_nobody_learns_too_early() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.qualify("").await;
        let open = Command::MatterOpen {
            organisation: office.organisation.clone(),
            procedure: "suspension".into(),
        };
        for who in [&office.staff[0], &office.decider] {
            assert_eq!(code(office.write(who, open.clone()).await), "not_permitted");
        }
        let id = office.begin(&office.handler, "suspension", &FINDINGS).await;
        office
            .step(&office.handler, &id, named("propose"))
            .await
            .unwrap();
        assert_eq!(
            code(office.house.app.matter_page(&office.staff[0], &id).await),
            "not_found"
        );
        let decide = MatterStep {
            document: "浙民慈罚〔2026〕9号".into(),
            ..named("decide")
        };
        let untold = office.step(&office.decider, &id, decide.clone()).await;
        assert_eq!(code(untold), "step_lacking");
        let notify = MatterStep {
            dated: office.house.app.now().day().to_string(),
            ..named("notify")
        };
        office.step(&office.second, &id, notify).await.unwrap();
        office
            .house
            .app
            .matter_page(&office.staff[0], &id)
            .await
            .unwrap();
        assert_eq!(
            code(office.step(&office.handler, &id, decide.clone()).await),
            "not_permitted"
        );
        // All faults of a decision are told at once, and nothing was decided.
        let wrong = MatterStep {
            document: String::new(),
            until: "2020-01-01".into(),
            dated: "morgen".into(),
            ..decide.clone()
        };
        let Err(AppError::Invalid(problems)) = office.step(&office.decider, &id, wrong).await
        else {
            panic!("a decision without a document")
        };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["document", "until", "dated"]);
        assert_eq!(office.register("", "").await.right, "valid");
        office.step(&office.decider, &id, decide).await.unwrap();
        assert_eq!(office.register("", "").await.right, "stopped");
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_the_name_and_the_old_one_still_leads_there() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let [maker, checker, _] = &office.staff;
        let change = [
            ("new_name", "云山乡村教育基金会"),
            ("new_domicile", "云山县城关镇学前路8号"),
            ("why", "宗旨更明确。"),
            ("contact", "文经办"),
            ("contact_phone", "0571-88888888"),
        ];
        let id = office.begin(maker, "registration_change", &change).await;
        for (who, name) in [
            (maker, "prepare"),
            (checker, "submit"),
            (&office.handler, "accept"),
            (&office.second, "review"),
        ] {
            office.step(who, &id, named(name)).await.unwrap();
        }
        let grant = MatterStep {
            document: "浙民基变〔2026〕7号".into(),
            ..named("grant")
        };
        office.step(&office.decider, &id, grant).await.unwrap();
        let page = office
            .house
            .app
            .organisation_page(&office.organisation)
            .await
            .unwrap();
        assert_eq!(page.line.name, "云山乡村教育基金会");
        let holding = &page.register.holding;
        let words: Vec<&str> = holding
            .iter()
            .map(|line| line.words.as_str())
            .filter(|w| !w.is_empty())
            .collect();
        assert_eq!(words, ["云山乡村教育基金会", "云山县城关镇学前路8号"]);
        for name in ["云山乡村教育基金会", "云山教育基金会"] {
            let found = office.house.app.search(name).await.unwrap();
            let ids: Vec<_> = found.organisations.iter().map(|line| &line.id).collect();
            assert!(ids.contains(&&office.organisation), "{name}");
        }
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_the_operators_and_tells_every_fault() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let import = |entries| Command::RegisterImport {
            organisation: office.organisation.clone(),
            source: SOURCE.into(),
            entries,
        };
        let good = ImportedEntry::of(
            Standing::Valid,
            Day::parse("2022-01-01").unwrap(),
            ("浙江省民政厅", "浙民〔2022〕1号"),
        );
        for who in [
            &office.staff[0],
            &office.handler,
            &office.decider,
            &Actor::public(),
        ] {
            let refused = code(office.write(who, import(vec![good.clone()])).await);
            assert!(
                ["not_permitted", "sign_in_first"].contains(&refused),
                "{refused}"
            );
        }
        let bad = ImportedEntry {
            from: "2030-01-01".into(),
            office: String::new(),
            ..good.clone()
        };
        let house_itself = Actor::house("测试");
        let Err(AppError::Invalid(problems)) =
            office.write(&house_itself, import(vec![good, bad])).await
        else {
            panic!("a future entry")
        };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["from", "office"]);
        // Nothing of it was entered.
        assert_eq!(office.register("", "").await.right, "unknown");
        office.house.check_all().await;
    })
    .await;
}
