//! The annual report: what the ledger knows nobody types, what was published stands in the register, and a second
//! publication corrects the first.

use super::*;

const SAID: [(&str, &str); 13] = [
    ("ledger_raised", "999.00"),
    ("other_income", "9000000"),
    ("other_charity", "6300000"),
    ("total_spending", "6900000"),
    ("management", "650000"),
    ("fundraising_cost", "0"),
    ("last_income", "9000000"),
    ("last_assets", "5000000"),
    ("activities", "助学二百人。"),
    ("staff", "4"),
    ("volunteers", "30"),
    ("meetings", "2"),
    ("governance", "理事会开会两次。"),
];

impl Office {
    /// A gift of fifty yuan in the middle of 2026.
    async fn gift(&self) {
        self.qualify("").await;
        let campaign = sure(self.draft("2028-12-31").await, "a draft");
        sure(self.publish(&campaign).await, "published");
        let order = sure(self.offer(&campaign).await, "an order");
        let mut notice = self.house.notice(&order, "n-1", 5_000);
        notice.merchant = self.organisation.clone();
        self.house.pay(notice).await;
    }

    /// The first report of the year: the ledger fills it in, it needs an audit, and everybody reads it.
    async fn first_report(&self) -> String {
        let [maker, checker, approver] = &self.staff;
        let id = self.begin(maker, "annual_report", &SAID).await;
        let page = sure(self.house.app.matter_page(maker, &id).await, "the matter");
        let raised = page
            .answers
            .iter()
            .find(|line| line.field.name == "ledger_raised");
        assert_eq!(raised.map(|line| line.value.as_str()), Some("50.00"));
        let told: Vec<String> = page.figures.iter().map(|one| one.1.to_string()).collect();
        assert!(
            told[0].starts_with("70.00%，不低于规定的70.00%"),
            "{told:?}"
        );
        assert!(told[1].starts_with("9.42%，不高于规定的10.00%"), "{told:?}");
        assert!(
            page.clocks
                .iter()
                .any(|clock| clock.due.to_string().contains("2027"))
        );

        self.take(&id, &[(maker, "prepare"), (approver, "resolve")])
            .await;
        let early = self.step(checker, &id, named("submit")).await;
        assert_eq!(
            code(early),
            "step_lacking",
            "a qualified organisation has an audit"
        );
        self.take(&id, &[(maker, "attach_audit"), (checker, "submit")])
            .await;
        self.take(&id, &[(checker, "publish")]).await;
        let report = self
            .house
            .app
            .annual_report(&self.organisation, "2026")
            .await;
        let report = sure(report, "the report");
        assert_eq!(report.line.state, "in_time");
        assert_eq!(
            report.lines[0],
            ("账本里的捐赠收入".into(), "50.00元".into())
        );
        let page = sure(
            self.house.app.organisation_page(&self.organisation).await,
            "the page",
        );
        assert_eq!(page.reports[0].year, 2026);
        // The reports of its campaign are late, this one is not.
        assert_eq!(page.disclosures_on_time, 1);
        id
    }

    async fn take(&self, id: &str, steps: &[(&Actor, &str)]) {
        for (who, name) in steps {
            let step = MatterStep {
                document: match *name {
                    "publish" => "云教基〔2027〕1号".into(),
                    _ => String::new(),
                },
                ..named(name)
            };
            sure(self.step(who, id, step).await, name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_says_what_the_ledger_knows_and_is_corrected_by_the_next_one() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.gift().await;
        let [maker, checker, approver] = &office.staff;
        at(&office.house, "2027-02-01T09:00");
        let id = office.first_report().await;

        // Everything that is missing is told at once, and the next publication corrects this one.
        let back = MatterStep {
            gaps: vec![
                ("activities".into(), "没有写地点".into()),
                ("accounts".into(), "没有签名".into()),
            ],
            ..named("return")
        };
        sure(office.step(&office.handler, &id, back).await, "returned");
        let gaps = sure(office.house.app.matter_page(maker, &id).await, "the matter").gaps;
        assert_eq!(gaps.len(), 2);
        office
            .take(&id, &[(maker, "prepare"), (approver, "resolve")])
            .await;
        office
            .take(&id, &[(maker, "attach_audit"), (checker, "submit")])
            .await;
        office.take(&id, &[(checker, "publish")]).await;
        let report = office
            .house
            .app
            .annual_report(&office.organisation, "2026")
            .await;
        let report = sure(report, "the report");
        assert_eq!(report.versions.len(), 2);
        assert!(report.versions[1].is_corrected && !report.versions[0].is_corrected);

        let last = [(&office.handler, "review"), (&office.decider, "conclude")];
        office.take(&id, &last).await;
        let again = Command::MatterOpen {
            organisation: office.organisation.clone(),
            procedure: "annual_report".into(),
        };
        assert_eq!(
            code(office.write(maker, again).await),
            "matter_reported_already"
        );
        office.house.check_all().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_nobody_published_is_missing_when_it_fell_due() {
    on_each_engine(|house| async move {
        let office = Office::open(house).await;
        office.gift().await;
        let mut counted = Vec::new();
        for (moment, state) in [
            ("2027-05-31T12:00", "waiting"),
            ("2027-06-01T12:00", "missing"),
        ] {
            at(&office.house, moment);
            let page = office
                .house
                .app
                .organisation_page(&office.organisation)
                .await;
            let page = sure(page, "the page");
            assert_eq!(page.reports[0].state, state, "{moment}");
            counted.push(page.disclosures_due);
        }
        assert!(counted[1] > counted[0], "{counted:?}");
        assert_eq!(
            code(
                office
                    .house
                    .app
                    .annual_report(&office.organisation, "2026")
                    .await
            ),
            "not_found"
        );
    })
    .await;
}
