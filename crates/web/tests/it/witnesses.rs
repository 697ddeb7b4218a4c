//! The log and its witnesses over real connections: ours, and some that were written by hand and mostly misbehave.

use crate::hand_witness::{Answer, Hand, hand, lines};
use app::view::{ReceiptPage, WitnessLine};
use app::{App, Config, WatchedLog, Witness, WitnessPolicy, Witnessed};
use gateway::Clock;
use kernel::Timestamp;
use std::fmt::Write as _;
use std::sync::Arc;
use tempfile::TempDir;
use testkit::{Charity, TestApp};
use tlog::policy::{Policy, Standing};
use tlog::witness::{AddCheckpoint, Refusal, SIZE_MEDIA_TYPE};
use tlog::{Checkpoint, Cosigner, ProofFile, SignedNote, TimeWindow, VerifierKey};
use tokio::net::TcpListener;

/// A house that takes gifts, and the key of its log.
pub(crate) struct Log {
    pub(crate) house: TestApp,
    charity: Charity,
    pub(crate) key: VerifierKey,
}

impl Log {
    pub(crate) async fn open(name: &str) -> Log {
        Log::of(TestApp::sqlite().await, name).await
    }

    pub(crate) async fn of(house: TestApp, name: &str) -> Log {
        let charity = house.charity(name).await;
        let key = house.verifier_key().parse().unwrap();
        Log {
            house,
            charity,
            key,
        }
    }

    /// The same house opened again, with a policy.
    pub(crate) async fn with(&mut self, lines: &str) -> App {
        self.with_policy(&format!("log {}\n{lines}", self.key))
            .await
    }

    /// The same with the whole text of a policy.
    pub(crate) async fn with_policy(&mut self, text: &str) -> App {
        let policy = WitnessPolicy::parse(text.as_bytes()).unwrap();
        let config = Config {
            witnesses: Some(Arc::new(policy)),
            ..self.house.config().clone()
        };
        self.house.reopen(config).await;
        self.house.app().clone()
    }

    pub(crate) async fn gift(&self) -> String {
        self.house.gift(&self.charity, "100").await
    }
}

/// Our own witness on a port.
pub(crate) struct Ours {
    cosigner: Cosigner,
    pub(crate) url: String,
    witness: Witness,
    _folder: TempDir,
}

impl Ours {
    pub(crate) async fn open(number: u8, log: &VerifierKey, clock: Arc<dyn Clock>) -> Ours {
        Ours::of(number, vec![log.clone()], clock).await
    }

    /// One that is set up for several keys of a log.
    pub(crate) async fn of(number: u8, keys: Vec<VerifierKey>, clock: Arc<dyn Clock>) -> Ours {
        let folder = tempfile::tempdir().unwrap();
        let cosigner = cosigner(number);
        let logs = vec![WatchedLog {
            origin: keys[0].name().into(),
            keys,
        }];
        let witness = Witness::open(folder.path(), cosigner.clone(), logs, clock)
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let never = Box::pin(std::future::pending());
        tokio::spawn(web::serve_witness(listener, witness.clone(), never));
        Ours {
            cosigner,
            url,
            witness,
            _folder: folder,
        }
    }

    pub(crate) fn line(&self, name: &str, url: &str) -> String {
        format!("witness {name} {} {url}\n", self.cosigner.verifier())
    }
}

pub(crate) fn cosigner(number: u8) -> Cosigner {
    Cosigner::from_seed(&format!("witness.example/{number}"), &[100 + number; 32]).unwrap()
}

pub(crate) async fn receipt(app: &App, gift: &str) -> ReceiptPage {
    app.receipt_page(gift, None, None).await.unwrap()
}

/// Whether the proof file of a gift is final by the published policy, and the size that it leads to.
pub(crate) async fn proof(app: &App, gift: &str) -> (Standing, u64) {
    let text = app.receipt_proof(gift, None).await.unwrap().unwrap();
    let file: ProofFile = text.parse().unwrap();
    let policy = Policy::parse(app.witness_policy().as_bytes()).unwrap();
    let judged = policy.judge(file.checkpoint(), TimeWindow::ALWAYS).unwrap();
    (judged.quorum.standing, judged.checkpoint.size())
}

pub(crate) async fn served(app: &App) -> SignedNote {
    SignedNote::parse(app.log_checkpoint().await.unwrap().unwrap()).unwrap()
}

async fn witnesses(app: &App) -> Vec<WitnessLine> {
    app.log_page().await.unwrap().witnesses.unwrap().witnesses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_final_with_the_quorum_and_not_before() {
    let mut log = Log::open("江城市慈善总会").await;
    let clock = || Arc::clone(&log.house.config().clock);
    let one = Ours::open(1, &log.key, clock()).await;
    let two = Ours::open(2, &log.key, clock()).await;
    let gift = log.gift().await;
    let down = "http://127.0.0.1:1";
    let app = log
        .with(&format!(
            "{}{}group both all a b\nquorum both\n",
            one.line("a", &one.url),
            two.line("b", down)
        ))
        .await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    // One of two: published with what is in hand, but not final.
    assert_eq!(served(&app).await.signatures().len(), 2);
    let waiting = receipt(&app, &gift).await;
    assert_eq!(waiting.seal.witnessed, Witnessed::Waiting);
    assert!(waiting.seal.sentence.to_string().contains("等待见证人"));
    let (standing, size) = proof(&app, &gift).await;
    assert_eq!(standing, Standing::Waiting);
    assert_eq!(app.log_checkpoint_final().await.unwrap(), None);
    let states = witnesses(&app).await;
    assert_eq!((states[0].size, states[1].size), (size as i64, 0));
    assert!(states[0].trouble.is_none() && states[1].trouble.is_some());
    drop(app);

    // A new start at which the second answers; what the first signed is still known.
    let policy = format!(
        "{}{}group both all a b\nquorum both\n",
        one.line("a", down),
        two.line("b", &two.url)
    );
    let app = log.with(&policy).await;
    app.cosign_now().await.unwrap();
    assert_eq!(proof(&app, &gift).await, (Standing::Final, size));
    let page = receipt(&app, &gift).await;
    assert_eq!(page.seal.witnessed, Witnessed::Final);
    assert!(page.seal.sentence.to_string().contains("已由见证人确认"));
    let kept = app.log_checkpoint_final().await.unwrap().unwrap();
    assert_eq!(kept, served(&app).await.to_string());
    drop(app);

    // Both are down: the old gift stays final, a new one is sealed and waits.
    let silent = policy.replace(&two.url, down);
    let app = log.with(&silent).await;
    let later = log.gift().await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    assert_eq!(proof(&app, &gift).await, (Standing::Final, size));
    let (standing, larger) = proof(&app, &later).await;
    assert_eq!(standing, Standing::Waiting);
    assert!(larger > size);
    assert_eq!(
        receipt(&app, &later).await.seal.witnessed,
        Witnessed::Waiting
    );
    assert_eq!(receipt(&app, &gift).await.seal.witnessed, Witnessed::Final);
    assert_eq!(served(&app).await.signatures().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_witnesses_it_is_the_operators_word_for_ever() {
    let mut log = Log::open("江城市慈善总会").await;
    let gift = log.gift().await;
    // Nothing was said about witnesses: asking nobody ends at once.
    log.house.seal_now().await.unwrap();
    log.house.cosign_now().await.unwrap();
    let page = receipt(log.house.app(), &gift).await;
    assert_eq!(page.seal.witnessed, Witnessed::OperatorOnly);
    assert!(log.house.log_page().await.unwrap().witnesses.is_none());
    let none = log.house.witness_policy();
    assert_eq!(none, format!("log {}\nquorum none\n", log.key));
    // A policy says that there are none.
    let app = log.with("quorum none\n").await;
    let later = log.gift().await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    for gift in [&gift, &later] {
        let page = receipt(&app, gift).await;
        assert_eq!(page.seal.witnessed, Witnessed::OperatorOnly);
        assert!(page.seal.sentence.to_string().contains("仅由本平台签名"));
        let (standing, _) = proof(&app, gift).await;
        assert_eq!(standing, Standing::OperatorOnly);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_of_another_log_is_refused_at_the_start() {
    let log = Log::open("江城市慈善总会").await;
    let policy = WitnessPolicy::parse(b"quorum none\n").unwrap();
    let config = Config {
        witnesses: Some(Arc::new(policy)),
        ..log.house.config().clone()
    };
    let refused = App::on(log.house.db().clone(), config).await.unwrap_err();
    let words = refused.sentence().to_string();
    assert!(words.contains(&format!("log {}", log.key)), "{words}");
}

/// A witness that was written by hand: it remembers one size, checks what it is sent with the verifier's own code, and
/// names its size when it was asked from another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_of_others_is_asked_from_the_size_that_it_names() {
    let mut log = Log::open("江城市慈善总会").await;
    log.gift().await;
    log.house.seal_now().await.unwrap();
    let known: Checkpoint = served(log.house.app()).await.text().parse().unwrap();
    log.gift().await;
    let (key, time) = (log.key.clone(), seconds(log.house.now()));
    let first = known.size();
    let theirs = hand(move |body| {
        let asked = lines(body);
        if asked.old != known.size() {
            let size = format!("{}\n", known.size());
            return Answer::of(409, SIZE_MEDIA_TYPE, &size);
        }
        let checkpoint =
            Checkpoint::open(&asked.note, key.name(), std::slice::from_ref(&key)).unwrap();
        tlog::verify_consistency(
            known.size(),
            checkpoint.size(),
            &asked.proof,
            &known.root(),
            &checkpoint.root(),
        )
        .unwrap();
        let line = cosigner(7).cosign(&checkpoint, time).unwrap();
        Answer::of(200, "text/plain", &format!("{line}\n"))
    });
    let app = log
        .with(&format!("{}quorum w\n", theirs.line("w", 7)))
        .await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    let sizes: Vec<u64> = theirs.bodies().iter().map(|body| lines(body).old).collect();
    assert_eq!(sizes[..2], [0, first], "{sizes:?}");
    let gift = log.gift().await;
    app.seal_now().await.unwrap();
    assert_eq!(
        receipt(&app, &gift).await.seal.witnessed,
        Witnessed::Waiting
    );
}

fn seconds(now: Timestamp) -> u64 {
    now.micros().unsigned_abs() / 1_000_000
}

/// What each hand-written witness does, and what the log page says of it.
fn misbehaving(now: u64, origin: &str) -> Vec<(Hand, &'static str)> {
    let signed = move |number: u8, time: u64| {
        move |body: &str| {
            let checkpoint: Checkpoint = lines(body).note.text().parse().unwrap();
            let line = cosigner(number).cosign(&checkpoint, time).unwrap();
            Answer::of(200, "text/plain", &format!("{line}\n"))
        }
    };
    let always = |status, media, body: &str| {
        let answer = Answer::of(status, media, body);
        move |_: &str| answer.clone()
    };
    let other = Checkpoint::new(origin, 1, tlog::Hash::EMPTY_ROOT).unwrap();
    let elsewhere = cosigner(6).cosign(&other, now).unwrap();
    let mut restless = 0;
    vec![
        (hand(|_| Answer::Silence), "没有在一秒内答复"),
        (hand(signed(99, now)), "答复里没有它的签名"),
        (
            hand(always(422, "text/plain", "no\n")),
            "拒绝签名（状态 422）",
        ),
        (hand(always(503, "text/plain", "")), "拒绝签名（状态 503）"),
        (
            hand(always(409, SIZE_MEDIA_TYPE, "999999\n")),
            "声称见过比本日志更长的历史",
        ),
        (
            hand(always(200, "text/plain", &format!("{elsewhere}\n"))),
            "签名不成立，没有采用",
        ),
        (
            hand(always(200, "text/html", "<!doctype html>")),
            "答复不符合见证协议",
        ),
        (
            hand(always(200, "text/plain", &"x".repeat(70_000))),
            "答复不符合见证协议",
        ),
        // Its clock ran ahead, or ours back.
        (hand(signed(9, now + 3_600)), "它的时钟与本机相差过大"),
        (hand(signed(10, now - 3_600)), "它的时钟与本机相差过大"),
        (
            hand(move |_| {
                restless = (restless + 1) % 3;
                Answer::of(409, SIZE_MEDIA_TYPE, &format!("{}\n", restless + 1))
            }),
            "答复不符合见证协议",
        ),
        (hand(always(302, "text/plain", "")), "拒绝签名（状态 302）"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn witnesses_that_misbehave_are_named_and_hold_up_nobody() {
    let mut log = Log::open("江城市慈善总会").await;
    let gift = log.gift().await;
    let now = seconds(log.house.now());
    let hands = misbehaving(now, log.key.name());
    let good = Ours::open(50, &log.key, Arc::clone(&log.house.config().clock)).await;
    let mut policy = String::new();
    // Each has the number of its place, so that those that sign at all sign with their own key.
    for (number, (hand, _)) in (1..).zip(&hands) {
        policy.push_str(&hand.line(&format!("w{number}"), number));
    }
    policy.push_str(&good.line("good", &good.url));
    write!(
        policy,
        "group two 2 good w1\ngroup some any two w2\nquorum some\n"
    )
    .unwrap();
    let app = log.with(&policy).await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    let states = witnesses(&app).await;
    for (state, (_, words)) in states.iter().zip(&hands) {
        let trouble = state.trouble.as_ref().map(ToString::to_string);
        assert_eq!(trouble.as_deref(), Some(*words), "{}", state.name);
        assert_eq!(state.size, 0);
    }
    let last = states.last().unwrap();
    assert!(last.trouble.is_none() && last.size > 0);
    assert_eq!(served(&app).await.signatures().len(), 2);
    assert_eq!(
        receipt(&app, &gift).await.seal.witnessed,
        Witnessed::Waiting
    );
    // Intake goes on meanwhile.
    log.gift().await;
}

/// The operator shows one history to the witness and another, with the same keys, to somebody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_split_view_is_refused_by_the_witness() {
    let (mut shown, hidden) = (
        Log::open("江城市慈善总会").await,
        Log::open("另一家慈善会").await,
    );
    assert_eq!(shown.key, hidden.key, "one origin, one key, two histories");
    let clock = Arc::clone(&shown.house.config().clock);
    let witness = Ours::open(1, &shown.key, clock).await;
    let policy = format!("{}quorum w\n", witness.line("w", &witness.url));
    let gift = shown.gift().await;
    let honest = shown.with(&policy).await;
    honest.seal_now().await.unwrap();
    honest.cosign_now().await.unwrap();
    assert_eq!(proof(&honest, &gift).await.0, Standing::Final);
    let first = served(&honest).await;

    // The house itself does not sign what a witness disproves, so the operator has to ask by other means.
    let secret = hidden.gift().await;
    hidden.house.seal_now().await.unwrap();
    let (old, fork) = (
        first.text().parse::<Checkpoint>().unwrap(),
        hidden.house.app().clone(),
    );
    for want in [Refusal::RootDiffers, Refusal::BadProof] {
        fork.seal_now().await.unwrap();
        let lie = served(&fork).await;
        let size = lie.text().parse::<Checkpoint>().unwrap().size();
        // As long as the other one, and longer: no proof leads from one history to another.
        let proof = vec![old.root(); usize::from(size > old.size())];
        let asked = AddCheckpoint::new(old.size(), proof, lie).unwrap();
        let answer = witness
            .witness
            .add_checkpoint(asked.to_string().as_bytes())
            .await;
        assert_eq!(answer.unwrap(), Err(want));
        assert_eq!(want.status(), 422);
        hidden.gift().await;
    }
    fork.seal_now().await.unwrap();
    let published = Policy::parse(honest.witness_policy().as_bytes()).unwrap();
    let lie: ProofFile = {
        let text = fork.receipt_proof(&secret, None).await.unwrap().unwrap();
        text.parse().unwrap()
    };
    let judged = published
        .judge(lie.checkpoint(), TimeWindow::ALWAYS)
        .unwrap();
    assert_eq!(judged.quorum.standing, Standing::Waiting);
    // The witness still shows the first history, and its line does not fit the other one.
    let hash = tlog::witness::origin_hash(shown.key.name());
    let kept = witness.witness.checkpoint(&hash).await.unwrap().unwrap();
    assert_eq!(SignedNote::parse(&kept).unwrap().text(), first.text());
    let stolen = first.signatures()[1].clone();
    let pasted = served(&fork).await.with_signatures([stolen]).unwrap();
    let judged = published.judge(&pasted, TimeWindow::ALWAYS);
    assert_eq!(judged.unwrap_err().code(), "tlog.note.bad_signature");
}
