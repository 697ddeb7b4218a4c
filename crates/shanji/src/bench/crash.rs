//! `shanji bench crash`: the server is killed in the middle of its work, again and again, and must never have lost
//! or doubled a gift that it had acknowledged.
//!
//! The driver keeps its own book of what it sent and what was promised, as a payment channel does. After each kill
//! the server is started again; every notice is sent once more and must name the donation that was promised; every
//! promised gift must be there to read; the served log and the database must pass `shanji audit`.

use super::args::{Algorithm, Crash};
use super::book::{Book, SENDERS, ask_for_all, send_again, work};
use super::child::Server;
use super::notices::gateway;
use super::site::{Charity, Site, trouble};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say};
use gateway::entropy::{Entropy as _, SeededEntropy, draw};
use gateway::payment::DemoGateway;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;

/// The kill comes at a random moment within so many milliseconds of work.
const WORK_MILLIS: u64 = 700;
/// Rounds after which everything ever promised is asked for, not only what is new; also after the last.
const LOOK_BACK_EVERY: u32 = 10;

/// What stays the same through all rounds.
struct Trial {
    data: PathBuf,
    database: Option<String>,
    charity: Charity,
    gateway: Arc<DemoGateway>,
    vkey: String,
}

/// Runs the trial.
pub(super) fn run(args: &Crash) -> Ended {
    let seed = match args.seed {
        Some(seed) => seed,
        None => u64::from_be_bytes(draw(&gateway::SystemEntropy).map_err(|error| trouble(&error))?),
    };
    say(&format!("随机种子 {seed}（重来一遍用 --seed {seed}）\n"));
    let folder = tempfile::tempdir().map_err(|error| trouble(&error))?;
    let data = args
        .place
        .data
        .clone()
        .unwrap_or_else(|| folder.path().join("house"));
    let trial = prepare(args, data)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| trouble(&error))?;
    let book = runtime.block_on(rounds(&trial, args.rounds, &SeededEntropy::new(seed)))?;
    say(&format!(
        "{} 轮强行终止：送出 {} 笔，其中已确认 {} 笔，一笔不少、一笔不重；重启后最慢 {} 毫秒可用\n",
        args.rounds,
        count(book.sent()),
        count(book.promised()),
        count(book.slowest_start_micros.unsigned_abs() / 1_000),
    ));
    Ok(Exit::Fine)
}

/// Founds the charity in this process, then lets go of the house.
fn prepare(args: &Crash, data: PathBuf) -> Result<Trial, Failure> {
    let place = super::args::Where {
        data: Some(data.clone()),
        database: args.place.database.clone(),
    };
    let site = Site::open(&place)?;
    let charity = site.charity(1)?;
    let gateway = Arc::new(gateway(&site, &charity, Algorithm::Ed25519)?);
    let vkey = site.app.verifier_key();
    site.house(site.app.seal_now())
        .map_err(|error| crate::house::failure(&error))?;
    site.close();
    Ok(Trial {
        data,
        database: place.database,
        charity,
        gateway,
        vkey,
    })
}

async fn rounds(trial: &Trial, rounds: u32, chance: &SeededEntropy) -> Result<Book, Failure> {
    let mut book = Book::default();
    for round in 1..=rounds {
        let server = first_start(trial, round).await?;
        check(
            trial,
            &server,
            &mut book,
            round.is_multiple_of(LOOK_BACK_EVERY),
        )
        .await?;
        let mut drawn = [0; 8];
        chance.fill(&mut drawn).map_err(|error| trouble(&error))?;
        let lives = Duration::from_millis(u64::from_be_bytes(drawn) % WORK_MILLIS);
        let workers: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let first = (u64::from(round) << 32) | (sender << 24);
                let (charity, gateway) = (trial.charity.clone(), Arc::clone(&trial.gateway));
                let address = server.address.clone();
                tokio::spawn(async move { work(&address, &charity, &gateway, first).await })
            })
            .collect();
        tokio::time::sleep(lives).await;
        server.kill().await?;
        let mut sent = 0;
        for worker in workers {
            sent += book.note(worker.await.map_err(|error| trouble(&error))?)?;
        }
        say(&format!(
            "第{round}轮：{} 毫秒后终止，送出 {sent} 笔\n",
            lives.as_millis()
        ));
    }
    let server = first_start(trial, rounds).await?;
    check(trial, &server, &mut book, true).await?;
    server.kill().await?;
    audit(trial, &["--database".into(), trial.place()]).await?;
    Ok(book)
}

/// Right after the founding the file may still be held by this process's last threads.
async fn first_start(trial: &Trial, round: u32) -> Result<Server, Failure> {
    let start = || Server::start(&trial.data, trial.database.as_deref());
    let mut server = start().await;
    for _ in 0..if round == 1 { 20 } else { 0 } {
        if server.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        server = start().await;
    }
    server
}

/// After a start: what was promised is there, what is sent again is one gift, and the log holds.
async fn check(
    trial: &Trial,
    server: &Server,
    book: &mut Book,
    look_back: bool,
) -> Result<(), Failure> {
    book.slowest_start_micros = book.slowest_start_micros.max(server.ready_micros);
    ask_for_all(&server.address, book, look_back).await?;
    send_again(&server.address, &trial.gateway, book).await?;
    let log = format!("http://{}/log/", server.address);
    audit(trial, &[log]).await
}

/// Runs this program's own audit as a stranger would.
async fn audit(trial: &Trial, what: &[String]) -> Result<(), Failure> {
    let program = std::env::current_exe().map_err(|error| trouble(&error))?;
    let mut command = Command::new(program);
    command.arg("audit").args(what);
    if what.first().is_some_and(|word| word == "--database") {
        if trial.database.is_some() {
            command.arg("--data").arg(&trial.data);
        }
    } else {
        command.args(["--vkey", &trial.vkey]);
    }
    let done = command
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|error| trouble(&error))?;
    if done.status.success() {
        return Ok(());
    }
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Err(lost(format!("核对没有通过：\n{}{}", said[0], said[1])))
}

impl Trial {
    /// The database as `shanji audit --database` names it.
    fn place(&self) -> String {
        let folder = |data: &Path| data.display().to_string();
        self.database.clone().unwrap_or_else(|| folder(&self.data))
    }
}

/// A promise was broken: the one thing that must never happen.
pub(super) fn lost(sentence: String) -> Failure {
    Failure {
        exit: Exit::Found,
        code: "bench.promise_broken".into(),
        sentence,
    }
}
