//! The end of an organisation: nothing new begins the same minute, what is left goes to another charity, and the old name
//! finds it.

use super::*;
use app::command::{FundForm, Repair, RepairStep};

const GROUND: [(&str, &str); 3] = [
    ("ground", "charter"),
    ("group_head", "理事会指定三名理事和一名律师。"),
    ("public_reason", "章程规定的任务已经完成。"),
];

/// Steps of a matter with what each asks for.
impl Office {
    async fn go(&self, id: &str, steps: &[(&Actor, &str)]) {
        for (who, name) in steps {
            let page = sure(self.house.app.matter_page(who, id).await, "the matter");
            let offer = page.steps.iter().find(|offer| offer.name == *name);
            let mut step = named(name);
            if offer.is_some_and(|offer| offer.asks_day) {
                step.dated = self.house.app.now().day().to_string();
            }
            if offer.is_some_and(|offer| offer.writes.is_some()) {
                step.document = "云教基〔2026〕8号".into();
            }
            sure(self.step(who, id, step).await, name);
        }
    }

    /// Another charity with a fund for the same purpose: its id and that of the fund.
    async fn receiver(&self) -> (String, String) {
        let other = self.house.organisation("江城慈善会").await;
        let fund = FundForm {
            organisation: other.clone(),
            kind: "designated".into(),
            title: "承继的助学款".into(),
            purpose: "助学".into(),
            ..FundForm::default()
        };
        let fund = self.house.record(Command::FundOpen(fund)).await;
        (other, fund)
    }

    /// Everything that stands in the funds is asked for and confirmed by a second person.
    async fn hand_over(&self, to: &str) {
        let page = self.house.app.organisation_page(&self.organisation).await;
        let page = sure(page, "the page");
        let place = page.places[0].id.clone();
        for fund in page.funds.iter().filter(|fund| fund.balance > 0) {
            let ask = Repair::HandOver {
                from: fund.id.clone(),
                to: to.into(),
                place: place.clone(),
                amount: kernel::Fen::new(fund.balance).to_string(),
                reason: "2026年8月1日移交协议".into(),
            };
            let asked = self.write(&self.staff[0], Command::Repair(ask)).await;
            let Ok(Outcome::Step { id, .. }) = asked else {
                panic!("{asked:?}")
            };
            let confirm = Command::RepairDecide {
                repair: id,
                step: RepairStep::Confirm,
                note: String::new(),
            };
            sure(self.write(&self.staff[1], confirm).await, "confirmed");
        }
    }

    /// What the liquidation came to.
    async fn report(&self, heir: &str) -> String {
        let said = [
            ("noticed_on", "2026-06-12"),
            ("claims_until", "2026-07-31"),
            ("debts", "0"),
            ("remaining", "50.00"),
            ("successors", heir),
            ("similar", "yes"),
            ("public_reason", "清算结束，剩余善款移交江城慈善会。"),
        ];
        self.begin(&self.staff[0], "deregistration", &said).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_ends_and_its_name_finds_who_goes_on() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        let [maker, checker, approver] = &office.staff;
        office.qualify("").await;
        let campaign = office.draft("2027-12-31").await.unwrap();
        office.publish(&campaign).await.unwrap();
        let order = office.offer(&campaign).await.unwrap();
        let mut notice = office.house.notice(&order, "n-1", 5_000);
        notice.merchant = office.organisation.clone();
        office.house.pay(notice).await;

        at(&office.house, "2026-06-10T12:00");
        let id = office.begin(maker, "termination", &GROUND).await;
        office
            .go(&id, &[(maker, "prepare"), (approver, "resolve")])
            .await;
        // The same minute.
        assert_eq!(code(office.offer(&campaign).await), "campaign_frozen");
        assert_eq!(code(office.draft("2026-12-31").await), "right_stopped");
        let register = office.register("", "").await;
        assert_eq!(register.of("legal").unwrap().office, "云山教育基金会");
        let (other, fund) = office.receiver().await;
        let early = Repair::HandOver {
            from: office.funds().await,
            to: fund.clone(),
            place: office.place().await,
            amount: "1".into(),
            reason: "协议".into(),
        };
        let early = office.write(maker, Command::Repair(early)).await;
        assert_eq!(code(early), "handover_not_liquidating");
        office.go(&id, &[(checker, "form_group")]).await;

        at(&office.house, "2026-08-03T09:00");
        let id = office.report(&other).await;
        let refused = office.step(maker, &id, named("report")).await;
        assert_eq!(code(refused), "remaining", "money is left");
        office.hand_over(&fund).await;
        office
            .go(&id, &[(maker, "report"), (approver, "confirm")])
            .await;
        office
            .go(&id, &[(checker, "apply"), (&office.handler, "accept")])
            .await;
        let last = [(&office.second, "review"), (&office.decider, "deregister")];
        office.go(&id, &last).await;

        office.check_ended(&other).await;
        office.house.check_all().await;
    })
    .await;
}

impl Office {
    async fn funds(&self) -> String {
        let page = self.house.app.organisation_page(&self.organisation).await;
        sure(page, "the page").funds[0].id.clone()
    }

    async fn place(&self) -> String {
        let page = self.house.app.organisation_page(&self.organisation).await;
        sure(page, "the page").places[0].id.clone()
    }

    /// The register says the end, each knows the other, and the old name finds both.
    async fn check_ended(&self, other: &str) {
        let app = &self.house.app;
        let page = sure(app.organisation_page(&self.organisation).await, "the page");
        let legal = page.register.of("legal").map(|line| line.standing.clone());
        assert_eq!(legal.flatten().as_deref(), Some("deregistered"));
        assert_eq!(page.totals.unspent, 0);
        assert_eq!(page.register.successors[0].id, other);
        let heir = sure(app.organisation_page(other).await, "the heir");
        assert_eq!(heir.predecessors[0].id, self.organisation);
        assert_eq!((heir.totals.unspent, heir.totals.raised), (5_000, 5_000));
        let found = sure(app.search("云山教育基金会").await, "found");
        let ids: Vec<_> = found
            .organisations
            .iter()
            .map(|line| line.id.as_str())
            .collect();
        assert!(
            ids.contains(&other) && ids.contains(&self.organisation.as_str()),
            "{ids:?}"
        );
        let old = found
            .organisations
            .iter()
            .find(|line| line.id == self.organisation);
        let old = sure(old.ok_or("nothing"), "the one that ended");
        assert_eq!(old.ended.as_deref(), Some("已注销"));
        assert_eq!(old.successors[0].id, other);
        // What was so before stays so.
        let before = self.register("2026-07-01", "").await;
        let legal = before.of("legal").map(|line| line.standing.clone());
        assert_eq!(legal.flatten().as_deref(), Some("liquidating"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grades_and_officers_are_entered_by_two_people_and_listed() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.graded().await;

        let [maker, checker, approver] = &office.staff;
        let officer = [
            ("post", "chair"),
            ("name", "林知秋"),
            ("term_from", "2026-05-01"),
            ("term_until", "2031-04-30"),
            ("capacity", "yes"),
            ("crime", "no"),
            ("struck", "no"),
            ("civil_servant", "no"),
        ];
        at(&office.house, "2027-01-10T09:00");
        let id = office.begin(maker, "officers", &officer).await;
        let steps = [
            (maker, "prepare"),
            (approver, "resolve"),
            (checker, "submit"),
        ];
        office.go(&id, &steps).await;
        let steps = [(&office.handler, "accept"), (&office.second, "review")];
        office.go(&id, &steps).await;
        let grant = MatterStep {
            document: "浙民备〔2027〕3号".into(),
            ..named("grant")
        };
        sure(office.step(&office.decider, &id, grant).await, "recorded");
        let register = office.register("", "").await;
        let chair = register.of("chair").unwrap();
        assert_eq!(
            (chair.words.as_str(), chair.until.as_deref()),
            ("林知秋", Some("2031-04-30"))
        );
        assert!(
            office
                .register("2031-05-01", "")
                .await
                .of("chair")
                .is_none()
        );
        office.house.check_all().await;
    })
    .await;
}

impl Office {
    /// A grade is proposed by one official, given by another, and counts from the next year.
    async fn graded(&self) {
        let said = [
            ("grade", "4a"),
            ("announced_on", "2026-05-20"),
            FINDINGS[0],
            ("public_reason", "评估委员会公告。"),
        ];
        let id = self.begin(&self.handler, "grading", &said).await;
        sure(
            self.step(&self.handler, &id, named("propose")).await,
            "proposed",
        );
        let decide = MatterStep {
            document: "浙民评〔2026〕3号".into(),
            ..named("decide")
        };
        assert_eq!(
            code(self.step(&self.handler, &id, decide.clone()).await),
            "not_permitted"
        );
        sure(self.step(&self.decider, &id, decide).await, "decided");
        assert!(
            self.register("", "").await.of("grade").is_none(),
            "it begins in January"
        );
        let later = self.register("2027-01-01", "").await;
        let grade = sure(later.of("grade").ok_or("nothing"), "the grade");
        assert_eq!(grade.standing.as_deref(), Some("4a"));
        assert_eq!(grade.until.as_deref(), Some("2031-12-31"));
        self.check_listed().await;
    }

    /// The list of organisations finds it by its grade from the day on which that counts.
    async fn check_listed(&self) {
        for (moment, grade, want) in [
            ("2026-12-31T23:00", "4a", 0),
            ("2027-01-01T09:00", "4a", 1),
            ("2027-01-01T09:00", "5a", 0),
        ] {
            at(&self.house, moment);
            let mut read = sure(self.house.app.db().read_tx().await, "a session");
            let filter = store::parties::OrganisationFilter {
                name: None,
                kind: None,
                source: None,
                grade: Some((grade, self.house.app.now().day())),
            };
            let found = store::parties::organisations_listed(&mut read, &filter, ("", 0), 10).await;
            assert_eq!(sure(found, "rows").len(), want, "{moment} {grade}");
            let rows = store::parties::organisations_tally(&mut read, &filter, 10).await;
            assert_eq!(sure(rows, "a tally"), i64::try_from(want).unwrap_or(-1));
        }
    }
}
