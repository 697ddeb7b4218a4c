//! A house for tests: a temporary folder, a clock that stands, chance from a seed, and a check of everything.

use app::{App, Command, CommandKey, Config, Outcome};
use db::testing::{TestDb, databases};
use domain::fundraising::{CampaignForm, IntentForm};
use domain::identity::{Actor, Grant, Role};
use domain::parties::OrganisationForm;
use domain::parties::register::{ImportedEntry, Standing};
use gateway::payment::{NoticeKind, PaymentNotice};
use gateway::{ManualClock, SeededEntropy};
use kernel::{Amount, Day, Fen, Id, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) organisation: String,
    pub(crate) clock: Arc<ManualClock>,
    keys: AtomicU64,
    _folder: tempfile::TempDir,
    _db: TestDb,
}

/// Noon of the first day of every test.
pub(crate) fn start() -> Timestamp {
    let day = Day::parse("2026-11-22").unwrap().start();
    day.plus_micros(12 * 3_600 * 1_000_000).unwrap()
}

/// Runs a journey on every engine that is there.
pub(crate) async fn on_each_engine<F>(journey: impl Fn(House) -> F)
where
    F: Future<Output = ()>,
{
    for db in databases() {
        let house = House::open(db).await;
        journey(house).await;
    }
}

impl House {
    pub(crate) async fn open(db: TestDb) -> House {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(start()));
        let config = Config {
            clock: Arc::<ManualClock>::clone(&clock),
            entropy: Arc::new(SeededEntropy::new(7)),
            demo: true,
            tick_millis: 5,
            ..Config::local(folder.path())
        };
        let app = App::on(db.db().clone(), config).await.unwrap();
        let keys = AtomicU64::new(0);
        let mut house = House {
            app,
            organisation: String::new(),
            clock,
            keys,
            _folder: folder,
            _db: db,
        };
        let form = OrganisationForm {
            name: "江城市慈善总会".into(),
            kind: "association".into(),
            uscc: "53330000MJX00000X3".into(),
            ..OrganisationForm::default()
        };
        house.organisation = house.record(Command::OrganisationRegister(form)).await;
        house.entitle(&house.organisation).await;
        house
    }

    pub(crate) fn key(&self) -> CommandKey {
        CommandKey(format!("k{}", self.keys.fetch_add(1, Ordering::Relaxed)))
    }

    /// Somebody of the organisation in a role.
    pub(crate) fn staff(&self, number: i64, role: Role) -> Actor {
        self.staff_of(&self.organisation, number, role)
    }

    /// Somebody of an organisation in a role.
    pub(crate) fn staff_of(&self, organisation: &str, number: i64, role: Role) -> Actor {
        let grant = Grant {
            role,
            organisation: Some(self.app.read_id(organisation).unwrap()),
            region: None,
            from: Day::from_number(0),
            to: None,
        };
        let today = self.app.now().day();
        Actor::user(
            Id::from_raw(number),
            &format!("{number}号"),
            vec![grant],
            today,
        )
    }

    /// Does it as the house.
    pub(crate) async fn ok(&self, command: Command) -> Outcome {
        let house = Actor::house("测试");
        self.app.write(&house, &self.key(), command).await.unwrap()
    }

    /// Does it as somebody and returns the refusal's code.
    pub(crate) async fn refused(&self, actor: &Actor, command: Command) -> &'static str {
        code(self.app.write(actor, &self.key(), command).await)
    }

    pub(crate) async fn record(&self, command: Command) -> String {
        match self.ok(command).await {
            Outcome::Record { id } | Outcome::Step { id, .. } | Outcome::Moved { id, .. } => id,
            other => panic!("no record: {other:?}"),
        }
    }

    /// Another register says that an organisation may raise from the public.
    pub(crate) async fn entitle(&self, organisation: &str) {
        let from = Day::parse("2020-01-01").unwrap();
        let by = ("浙江省民政厅", "浙民慈〔2020〕1号");
        self.ok(Command::RegisterImport {
            organisation: organisation.into(),
            source: "浙江省社会组织登记簿".into(),
            entries: vec![ImportedEntry::of(Standing::Valid, from, by)],
        })
        .await;
    }

    /// Another organisation of the register.
    pub(crate) async fn organisation(&self, name: &str) -> String {
        let form = OrganisationForm {
            name: name.into(),
            kind: "service_institution".into(),
            ..OrganisationForm::default()
        };
        self.record(Command::OrganisationRegister(form)).await
    }

    /// A plan of a campaign with an administrative share of ten per cent.
    pub(crate) fn plan() -> CampaignForm {
        CampaignForm {
            title: "云山县冬衣计划".into(),
            story: "山区冬天冷".into(),
            promise: "每人一件冬衣".into(),
            filing_number: "53330000MJX00000X326001".into(),
            region: String::new(),
            starts_on: "2026-11-01".into(),
            ends_on: "2026-12-31".into(),
            target: "100000".into(),
            administrative_share: "10".into(),
        }
    }

    /// A live campaign with an administrative share of ten per cent.
    pub(crate) async fn campaign(&self) -> String {
        let form = House::plan();
        let organisation = self.organisation.clone();
        let campaign = self
            .record(Command::CampaignDraft { organisation, form })
            .await;
        self.record(Command::CampaignPublish {
            campaign: campaign.clone(),
        })
        .await;
        campaign
    }

    pub(crate) async fn intent(&self, campaign: &str, yuan: &str) -> String {
        let form = IntentForm {
            amount: yuan.into(),
            donor_name: "张三丰".into(),
            ..IntentForm::default()
        };
        self.record(Command::IntentCreate {
            campaign: campaign.into(),
            form,
        })
        .await
    }

    /// A payment of the demo channel.
    pub(crate) fn notice(&self, intent: &str, external_id: &str, fen: i64) -> PaymentNotice {
        PaymentNotice {
            channel: "demo".into(),
            merchant: self.organisation.clone(),
            external_id: external_id.into(),
            order: intent.into(),
            concerns: None,
            kind: NoticeKind::Payment,
            amount: Amount::new(fen).unwrap(),
            fee: Fen::ZERO,
            paid_at: self.app.now(),
        }
    }

    pub(crate) async fn pay(&self, notice: PaymentNotice) -> Outcome {
        self.ok(Command::PaymentCapture(Box::new(notice))).await
    }

    /// A gift all the way from the intent; returns the donation.
    pub(crate) async fn give(&self, campaign: &str, yuan: &str, external_id: &str) -> String {
        let intent = self.intent(campaign, yuan).await;
        let fen = Fen::parse(yuan).unwrap().get();
        match self.pay(self.notice(&intent, external_id, fen)).await {
            Outcome::Gift {
                donation,
                held: None,
                replay: false,
            } => donation,
            other => panic!("not a standing gift: {other:?}"),
        }
    }

    /// Everything that must hold whatever happened: leaves, streams, tiling, places, tiles, checkpoint, rows.
    pub(crate) async fn check_all(&self) {
        self.app.seal_now().await.unwrap();
        let mut read = self.app.db().read_tx().await.unwrap();
        let count = store::transparency::leaf_count(&mut read).await.unwrap();
        let mut checker = leaf::Checker::new(&[5; 32]).with_sm3();
        let mut edge = tlog::Edge::new();
        for from in (0..count).step_by(100) {
            let indexes: Vec<i64> = (from..count.min(from + 100)).collect();
            let mut leaves = store::transparency::leaves_at(&mut read, &indexes)
                .await
                .unwrap();
            leaves.sort_by_key(|leaf| leaf.index);
            for leaf in leaves {
                let hash = tlog::leaf_hash(&leaf.bytes);
                checker.feed(leaf.index as u64, &leaf.bytes, &hash.0);
                edge.append(hash).unwrap();
            }
        }
        let report = checker.finish();
        assert!(report.is_clean(), "{:#?}", report.findings);
        let newest = store::transparency::checkpoint_newest(&mut read)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((newest.size, newest.root), (count, edge.root().0));
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, app::AppError>) -> &'static str {
    match result.unwrap_err() {
        app::AppError::Invalid(problems) => problems[0].field,
        app::AppError::Refused(r) | app::AppError::Denied(r) | app::AppError::Conflict(r) => r.code,
        app::AppError::NotFound(_) => "not_found",
        other => panic!("unexpected: {other:?}"),
    }
}
