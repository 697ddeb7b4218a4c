//! A batch is only a faster way to do the same: commands that share commits end as they would one by one, also
//! where some are refused, come twice, or meet a database that fails.

use app::command::CounterGift;
use app::{AppError, Command, CommandKey, Outcome};
use domain::fundraising::IntentForm;
use domain::funds::DisbursementRequest;
use domain::identity::Actor;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use testkit::{Charity, TestApp};

/// Fen of a gift on which the spoilt database chokes.
const POISON_YUAN: &str = "666.00";

/// One command of a random list; numbers choose among what was prepared.
#[derive(Clone, Debug)]
enum Step {
    /// A payment for a prepared intent; the same number comes again now and then.
    Pay { number: u8, intent: u8 },
    /// A payment without an order: held.
    Unordered { number: u8 },
    /// A slip at the counter: the same slip with another amount is refused.
    Counter { slip: u8, yuan: u8 },
    /// Refund of a prepared gift: the second one is refused.
    Refund { gift: u8 },
    /// A request for a payment, now and then for more than there is.
    Request { yuan: u16 },
    /// An offer with an amount that is none.
    Nonsense,
    /// The same command key again, now and then with another content.
    Offer { key: u8, yuan: u8 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..40_u8, 0..12_u8).prop_map(|(number, intent)| Step::Pay { number, intent }),
        2 => (0..20_u8).prop_map(|number| Step::Unordered { number }),
        3 => (0..6_u8, 1..3_u8).prop_map(|(slip, yuan)| Step::Counter { slip, yuan }),
        1 => (0..6_u8).prop_map(|gift| Step::Refund { gift }),
        2 => (1..900_u16).prop_map(|yuan| Step::Request { yuan }),
        1 => Just(Step::Nonsense),
        2 => (0..4_u8, 1..3_u8).prop_map(|(key, yuan)| Step::Offer { key, yuan }),
    ];
    proptest::collection::vec(step, 30..120)
}

/// A house with what the steps choose from.
struct Scene {
    app: TestApp,
    charity: Charity,
    intents: Vec<String>,
    gifts: Vec<String>,
    fund: String,
}

impl Scene {
    async fn on(app: TestApp) -> Scene {
        let charity = app.charity("江城慈善总会").await;
        let (mut intents, mut gifts) = (Vec::new(), Vec::new());
        for _ in 0..12 {
            intents.push(app.intent(&charity.campaign, "50").await.unwrap());
        }
        for _ in 0..6 {
            gifts.push(app.gift(&charity, "100").await);
        }
        let mut read = app.db().read_tx().await.unwrap();
        let campaign = app.read_id(&charity.campaign).unwrap();
        let campaign = store::fundraising::campaign_by_id(&mut read, campaign)
            .await
            .unwrap()
            .unwrap();
        let fund = app.print(campaign.project_fund.unwrap());
        drop(read);
        Scene {
            app,
            charity,
            intents,
            gifts,
            fund,
        }
    }

    fn command(&self, step: &Step) -> (Actor, Command) {
        let staff = &self.charity.staff;
        let pick = |list: &[String], n: u8| list[usize::from(n) % list.len()].clone();
        match step {
            Step::Pay { number, intent } => {
                let order = pick(&self.intents, *intent);
                self.payment(&format!("p{number}"), &order, "50")
            }
            Step::Unordered { number } => self.payment(&format!("u{number}"), "", "8.88"),
            Step::Counter { slip, yuan } => {
                let form = IntentForm {
                    amount: yuan.to_string(),
                    ..IntentForm::default()
                };
                let (campaign, slip) = (self.charity.campaign.clone(), format!("slip-{slip}"));
                let gift = CounterGift {
                    campaign,
                    channel: "cash".into(),
                    form,
                    slip,
                    received_on: String::new(),
                };
                (staff.maker.clone(), Command::CounterGift(gift))
            }
            Step::Refund { gift } => {
                let donation = pick(&self.gifts, *gift);
                let refund = Command::Repair(app::command::Repair::Refund {
                    donation,
                    amount: String::new(),
                    reason: "重复支付".into(),
                });
                (domain::identity::Actor::house("测试"), refund)
            }
            Step::Request { yuan } => {
                let request = DisbursementRequest {
                    class: "direct".into(),
                    payee_kind: "organisation".into(),
                    payee: "云山县中心小学".into(),
                    amount: yuan.to_string(),
                    purpose: "助学金".into(),
                    ..DisbursementRequest::default()
                };
                (
                    staff.maker.clone(),
                    Command::DisbursementRequest {
                        fund: self.fund.clone(),
                        request,
                    },
                )
            }
            Step::Nonsense => self.offer("一百"),
            Step::Offer { yuan, .. } => self.offer(&yuan.to_string()),
        }
    }

    fn payment(&self, number: &str, order: &str, yuan: &str) -> (Actor, Command) {
        let notice = self
            .app
            .notice(&self.charity.organisation, number, order, yuan);
        (
            Actor::channel(&notice.channel),
            Command::PaymentCapture(Box::new(notice)),
        )
    }

    fn offer(&self, yuan: &str) -> (Actor, Command) {
        let form = IntentForm {
            amount: yuan.into(),
            ..IntentForm::default()
        };
        let command = Command::IntentCreate {
            campaign: self.charity.campaign.clone(),
            form,
        };
        (Actor::public(), command)
    }

    async fn one(&self, n: usize, step: &Step) -> String {
        let (actor, command) = self.command(step);
        let key = match step {
            Step::Offer { key, .. } => format!("offer-{key}"),
            _ => format!("step-{n}"),
        };
        end(&self.app.write(&actor, &CommandKey(key), command).await)
    }

    async fn one_by_one(&self, steps: &[Step]) -> Vec<String> {
        let mut ends = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            ends.push(self.one(n, step).await);
        }
        ends
    }

    async fn all(&self, steps: &[(usize, &Step)]) -> Vec<String> {
        let all = steps.iter().map(|(n, step)| self.one(*n, step));
        futures_util::future::join_all(all).await
    }

    async fn together(&self, steps: &[Step]) -> Vec<String> {
        let before = self.app.counters().batches.load(Ordering::Relaxed);
        let numbered: Vec<(usize, &Step)> = steps.iter().enumerate().collect();
        let ends = self.all(&numbered).await;
        let batches = self.app.counters().batches.load(Ordering::Relaxed) - before;
        // Else nothing was compared.
        assert!(
            batches < steps.len() as u64,
            "{batches} batches for {} commands",
            steps.len()
        );
        ends
    }

    /// Money by fund and place, by titles, and how many statements the log has.
    async fn money(
        &self,
    ) -> (
        BTreeMap<String, (i64, i64, i64)>,
        BTreeMap<String, i64>,
        usize,
    ) {
        let mut read = self.app.db().read_tx().await.unwrap();
        let funds = store::audit::fund_rows_after(&mut read, i64::MIN, 1_000)
            .await
            .unwrap();
        let places = store::audit::place_rows_after(&mut read, i64::MIN, 1_000)
            .await
            .unwrap();
        let balances = store::audit::balances_after(&mut read, (i64::MIN, i64::MIN), 1_000)
            .await
            .unwrap();
        let leaves = store::transparency::leaf_count(&mut read).await.unwrap();
        let name = |id: i64| {
            funds
                .iter()
                .find(|f| f.id == id)
                .map_or("?", |f| f.title.as_str())
        };
        let place = |id: i64| {
            places
                .iter()
                .find(|p| p.id == id)
                .map_or("?", |p| p.title.as_str())
        };
        let tapes = funds
            .iter()
            .map(|f| (f.title.clone(), (f.inflow, f.outflow, f.reserved)))
            .collect();
        let there = balances
            .iter()
            .map(|b| (format!("{} @ {}", name(b.fund), place(b.place)), b.amount));
        (tapes, there.collect(), usize::try_from(leaves).unwrap())
    }
}

/// How a command ended, ids aside.
fn end(result: &Result<Outcome, AppError>) -> String {
    match result {
        Ok(Outcome::Gift { held, replay, .. }) => format!("gift {held:?} {replay}"),
        Ok(Outcome::Moved { movements, .. }) => format!("moved {}", movements.len()),
        Ok(Outcome::Record { .. }) => "record".into(),
        Ok(Outcome::Step { state, .. }) => format!("step {state}"),
        Ok(other) => format!("{other:?}"),
        Err(AppError::Refused(r) | AppError::Denied(r) | AppError::Conflict(r)) => r.code.into(),
        Err(AppError::Invalid(problems)) => format!("invalid {}", problems.len()),
        Err(AppError::Internal(_)) => "internal".into(),
        Err(other) => format!("{other:?}"),
    }
}

/// A database that refuses one gift, by its amount.
fn poison(engine: &str) -> &'static str {
    match engine {
        "sqlite" => {
            "CREATE TRIGGER poison BEFORE INSERT ON donation WHEN NEW.amount = 66600 BEGIN SELECT RAISE(ABORT, 'poison'); END"
        }
        _ => {
            "CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$ LANGUAGE plpgsql; CREATE TRIGGER poison BEFORE INSERT ON donation FOR EACH ROW WHEN (NEW.amount = 66600) EXECUTE FUNCTION poison()"
        }
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_ends_as_its_commands_one_by_one(steps in steps()) {
        block_on(async {
            let pairs = TestApp::every().await.into_iter().zip(TestApp::every().await);
            for (batched, single) in pairs {
                let (batched, single) = (Scene::on(batched).await, Scene::on(single).await);
                let ends = batched.together(&steps).await;
                assert_eq!(ends, single.one_by_one(&steps).await);
                assert_eq!(batched.money().await, single.money().await);
                batched.app.check_all().await;
            }
        });
    }

    #[test]
    fn one_failure_of_the_database_is_one_commands_alone(steps in steps(), at in 0..30_usize) {
        block_on(async {
            let pairs = TestApp::every().await.into_iter().zip(TestApp::every().await);
            for (spoilt, sound) in pairs {
                let (spoilt, sound) = (Scene::on(spoilt).await, Scene::on(sound).await);
                spoilt.app.script(poison(spoilt.app.engine())).await;
                let bad = async {
                    let (actor, command) = spoilt.payment("poison", "", POISON_YUAN);
                    end(&spoilt.app.write(&actor, &CommandKey(String::new()), command).await)
                };
                let numbered: Vec<(usize, &Step)> = steps.iter().enumerate().collect();
                let (first, second) = numbered.split_at(at);
                let all = |part| spoilt.all(part);
                let (mut ends, failed, rest) = tokio::join!(all(first), bad, all(second));
                ends.extend(rest);
                assert_eq!(failed, "internal");
                assert_eq!(ends, sound.one_by_one(&steps).await);
                assert_eq!(spoilt.money().await, sound.money().await);
                spoilt.app.check_all().await;
                // Once the database is well again, the channel's next try goes through.
                spoilt.app.script(cure(spoilt.app.engine())).await;
                let (actor, command) = spoilt.payment("poison", "", POISON_YUAN);
                let again = spoilt.app.write(&actor, &CommandKey(String::new()), command).await;
                assert!(matches!(again, Ok(Outcome::Gift { replay: false, .. })), "{again:?}");
            }
        });
    }
}

fn cure(engine: &str) -> &'static str {
    if engine == "sqlite" {
        "DROP TRIGGER poison"
    } else {
        "DROP TRIGGER poison ON donation"
    }
}
