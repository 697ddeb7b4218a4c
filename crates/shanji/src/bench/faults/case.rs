//! One case: a house of its own, a server, one system call that fails, and what is left afterwards.

use super::tracer::{Fault, Injection, Trace, Tracer, Watched};
use crate::bench::args::Written;
use crate::bench::book::{Book, ask_for_all, send_again, work_through};
use crate::bench::child::Server;
use crate::bench::client::{Client, get};
use crate::bench::site::{Charity, trouble};
use crate::outcome::Failure;
use gateway::payment::DemoGateway;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tlog::limits::ENTRY_BYTES_MAX;
use tokio::process::Command;

/// Waves of writing, each followed by a checkpoint.
const WAVES: u64 = 2;
/// What each wave writes.
const WAVE: u64 = 4;
/// Bytes of an entry.
const ENTRY_BYTES: usize = 40;
/// Long entries in each wave: two waves are more pages than the write-ahead log holds before it is folded.
const LONG_WAVE: u64 = 180;
/// A wave waits so long for its checkpoint; one that does not come is no finding, the fault may have stopped it.
const CHECKPOINT_WITHIN: Duration = Duration::from_millis(2_500);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// How often something more is written at the end, to see whether the house goes on.
const LAST_TRIES: u64 = 4;
/// Between two of these.
const LAST_PAUSE: Duration = Duration::from_millis(150);

/// What all cases share.
pub(super) struct Trial {
    /// The house that each case gets a copy of.
    pub(super) seed: PathBuf,
    pub(super) written: Written,
    pub(super) vkey: String,
    /// Who is given to; nobody in a test log.
    pub(super) gifts: Option<(Charity, Arc<DemoGateway>)>,
    /// The server that holds the one house of all cases; absent if each has a file of its own.
    pub(super) database: Option<String>,
    /// The database server whose own calls fail, instead of this program's.
    pub(super) cluster: Option<Cluster>,
}

/// A PostgreSQL that is there for this alone.
pub(super) struct Cluster {
    /// Its `postmaster.pid`, whose first line is the number of its first process.
    pub(super) pid_file: PathBuf,
    /// The command that stops it at once and starts it from its disk.
    pub(super) restart: String,
}

impl Cluster {
    fn first_process(&self) -> Result<u32, Failure> {
        let text = std::fs::read_to_string(&self.pid_file).unwrap_or_default();
        let first = text
            .lines()
            .next()
            .and_then(|line| line.trim().parse().ok());
        let sentence = format!(
            "{} 里没有进程号，请核对 --cluster-pid",
            self.pid_file.display()
        );
        first.ok_or_else(|| Failure::unreachable("faults.cluster", sentence))
    }

    /// Starts it from its disk, whatever the fault has left of it.
    async fn start_again(&self) -> Result<(), Failure> {
        let mut command = Command::new("sh");
        command.args(["-c", &self.restart]).stdout(Stdio::null());
        let done = command.status().await.map_err(|error| trouble(&error))?;
        match done.success() {
            true => Ok(()),
            false => Err(Failure::unreachable(
                "faults.cluster",
                "数据库服务起不来，请看它的日志",
            )),
        }
    }
}

/// How the house took the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Took {
    /// The call was not made this time.
    NotMet,
    /// It went on and promised more.
    WentOn,
    /// It wrote no more and said so.
    Stopped,
    /// The process was gone.
    Died,
}

/// What came of a case.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) took: Took,
    pub(super) promised: u64,
    /// Answers of 503.
    pub(super) refused: u64,
    /// What must not be, in words.
    pub(super) wrong: Vec<String>,
}

/// What was promised while the fault was about.
#[derive(Default)]
struct Promises {
    book: Book,
    /// Entries of a test log with the indexes that were given for them.
    entries: Vec<(i64, Vec<u8>)>,
    promised: u64,
    refused: u64,
    wrong: Vec<String>,
    /// The newest checkpoint that was served.
    checkpoint: Option<String>,
    next: u64,
}

/// A copy of the house with a server on it.
pub(super) struct Case<'a> {
    trial: &'a Trial,
    house: PathBuf,
    /// The first number of a payment.
    first: u64,
}

impl Trial {
    fn flags(&self) -> Vec<&str> {
        let mut flags = Vec::new();
        if self.gifts.is_some() {
            flags.push("--demo");
        }
        if let Some(url) = &self.database {
            flags.extend(["--database", url]);
        }
        flags
    }

    /// How calls fail. A server's disk is its own business: what matters there is where this process ends.
    pub(super) fn faults(&self) -> &'static [Fault] {
        match (&self.database, &self.cluster) {
            (Some(_), None) => &[Fault::Kill],
            _ => &Fault::ALL,
        }
    }

    /// The database as commands of this program want it.
    fn place(&self, house: &Path) -> Vec<String> {
        let house = house.display().to_string();
        match &self.database {
            Some(url) => vec![url.clone(), "--data".into(), house],
            None => vec![house],
        }
    }

    /// How much a wave writes, and how long an entry is.
    fn wave(&self) -> (u64, usize) {
        match self.written {
            Written::Gifts | Written::Entries => (WAVE, ENTRY_BYTES),
            Written::Long => (LONG_WAVE, ENTRY_BYTES_MAX),
        }
    }
}

impl Case<'_> {
    /// A copy of the house in `folder`, or the one house on its server. Payments are numbered from `first` on.
    ///
    /// # Errors
    /// It cannot be copied.
    pub(super) fn new<'a>(
        trial: &'a Trial,
        folder: &Path,
        first: u64,
    ) -> Result<Case<'a>, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| trouble(&error))?;
        let house = match trial.database {
            Some(_) => trial.seed.clone(),
            None => {
                let house = folder.join("house");
                copy(&trial.seed, &house).map_err(|error| trouble(&error))?;
                house
            }
        };
        Ok(Case {
            trial,
            house,
            first,
        })
    }

    /// The calls of a run in which nothing fails.
    ///
    /// # Errors
    /// The machine does not do it.
    pub(super) async fn watch(&self) -> Result<Trace, Failure> {
        let (trace, ..) = self.run(None).await?;
        Ok(trace)
    }

    /// One call fails; then the house is started again and asked for everything that it promised.
    ///
    /// # Errors
    /// The machine does not do it. What the house does wrong is in the outcome.
    pub(super) async fn suffer(&self, injection: &Injection) -> Result<Outcome, Failure> {
        let (trace, mut promises, took) = self.run(Some(injection)).await?;
        // Every server is killed at the end, so that only its early end tells of a kill.
        let was_hit = match (injection.fault, &self.trial.cluster) {
            (Fault::Kill, None) => took == Took::Died,
            (Fault::Kill, Some(_)) => trace.has_killed(),
            _ => trace.was_hit(),
        };
        let took = if was_hit { took } else { Took::NotMet };
        let own_disk = self.trial.cluster.is_none();
        // A server of databases that loses a flush ends itself and starts from its disk; then it may promise again.
        if took == Took::WentOn && injection.loses_a_flush() && own_disk {
            let sentence = "磁盘没有保住数据，此后仍在答应".to_owned();
            promises.wrong.push(sentence);
        }
        if took == Took::Died && (injection.fault != Fault::Kill || !own_disk) {
            promises
                .wrong
                .push(format!("进程自己结束了：{}", self.last_words()));
        }
        if let Some(cluster) = &self.trial.cluster {
            cluster.start_again().await?;
        }
        if let Err(failure) = self.ask(&mut promises).await {
            promises.wrong.push(failure.to_string());
        }
        Ok(Outcome {
            took,
            promised: promises.promised,
            refused: promises.refused,
            wrong: promises.wrong,
        })
    }

    async fn start(&self) -> Result<Server, Failure> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.house.with_extension("log"));
        let log = log.map_err(|error| trouble(&error))?;
        Server::start_with(&self.house, &self.trial.flags(), Stdio::from(log)).await
    }

    async fn run(&self, injection: Option<&Injection>) -> Result<(Trace, Promises, Took), Failure> {
        let mut server = self.start().await?;
        let process = server.process();
        let process = process.ok_or_else(|| Failure::unreachable("faults.gone", "服务没有起来"))?;
        let watched = match (&self.trial.database, &self.trial.cluster) {
            (_, Some(cluster)) => Watched::Cluster(cluster.first_process()?),
            (Some(_), None) => Watched::Server,
            (None, None) => Watched::Files,
        };
        let tracer = Tracer::attach(process, (&self.house, &watched), injection).await?;
        let mut promises = Promises {
            next: self.first,
            ..Promises::default()
        };
        for _ in 0..WAVES {
            self.write(&server.address, &mut promises, self.trial.wave().0)
                .await?;
            if !server.is_gone() {
                until_published(&server.address, &mut promises).await;
            }
        }
        let before = promises.promised;
        for _ in 0..LAST_TRIES {
            if promises.promised > before || server.is_gone() {
                break;
            }
            tokio::time::sleep(LAST_PAUSE).await;
            self.write(&server.address, &mut promises, 1).await?;
        }
        let took = if server.is_gone() {
            Took::Died
        } else if promises.promised > before {
            Took::WentOn
        } else {
            // A server of databases that has just come up again is well before anything was promised again.
            if self.trial.cluster.is_none() && is_well(&server.address).await {
                promises
                    .wrong
                    .push("已停止写入，健康检查却说一切正常".into());
            }
            Took::Stopped
        };
        server.kill().await?;
        if self.trial.cluster.is_some() {
            tracer.let_go().await?;
        }
        Ok((tracer.end().await?, promises, took))
    }

    async fn write(
        &self,
        address: &str,
        promises: &mut Promises,
        many: u64,
    ) -> Result<(), Failure> {
        let numbers = promises.next..promises.next.saturating_add(many);
        promises.next = numbers.end;
        let Some((charity, gateway)) = &self.trial.gifts else {
            for number in numbers {
                let mut bytes = number.to_string().into_bytes();
                bytes.resize(self.trial.wave().1, b'.');
                add_entry(address, promises, bytes).await;
            }
            return Ok(());
        };
        let met = work_through(address, (charity, gateway), numbers).await?;
        promises.promised = promises.promised.saturating_add(met.promised());
        promises.refused = promises.refused.saturating_add(met.refused);
        promises.wrong.extend(met.wrong);
        promises.book.note(Ok(met.sent)).map(drop)
    }

    /// Started again, the house must keep every promise, and its log must hold.
    async fn ask(&self, promises: &mut Promises) -> Result<(), Failure> {
        let server = self.start().await?;
        if let Some((_, gateway)) = &self.trial.gifts {
            ask_for_all(&server.address, &promises.book, true).await?;
            send_again(&server.address, gateway, &mut promises.book).await?;
        }
        let mut words = vec![
            "audit".to_owned(),
            format!("http://{}/log/", server.address),
            "--vkey".to_owned(),
            self.trial.vkey.clone(),
        ];
        if let Some(note) = &promises.checkpoint {
            let file = self.house.with_extension("checkpoint");
            std::fs::write(&file, note).map_err(|error| trouble(&error))?;
            words.extend(["--since".to_owned(), file.display().to_string()]);
        }
        audit(&words).await?;
        server.kill().await?;
        let mut words = vec!["audit".to_owned(), "--database".to_owned()];
        words.extend(self.trial.place(&self.house));
        audit(&words).await?;
        self.entries_are_there(&promises.entries).await
    }

    async fn entries_are_there(&self, entries: &[(i64, Vec<u8>)]) -> Result<(), Failure> {
        let file = self.house.join(app::DATABASE_FILE);
        let url = match &self.trial.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", file.display()),
        };
        let unread = |error: db::Error| crate::books::unread(&error);
        let db = db::Db::open(&url, db::Options::default()).map_err(unread)?;
        let mut read = db.read_tx().await.map_err(unread)?;
        for (index, bytes) in entries {
            let kept = store::transparency::leaf_at(&mut read, *index).await;
            if kept.map_err(unread)?.map(|leaf| leaf.bytes).as_ref() != Some(bytes) {
                let sentence = format!("已答应的第{index}条不见了，或变成了别的");
                return Err(Failure::found("bench.promise_broken", sentence));
            }
        }
        Ok(())
    }

    /// The end of what the server said.
    fn last_words(&self) -> String {
        let said = std::fs::read_to_string(self.house.with_extension("log")).unwrap_or_default();
        said.lines().rev().take(3).collect::<Vec<_>>().join(" / ")
    }
}

async fn add_entry(address: &str, promises: &mut Promises, bytes: Vec<u8>) {
    let mut request = format!(
        "POST /log/add HTTP/1.1\r\nhost: bench\r\ncontent-length: {}\r\n\r\n",
        bytes.len()
    )
    .into_bytes();
    request.extend_from_slice(&bytes);
    let Ok(mut client) = Client::open(address).await else {
        return;
    };
    let Ok(reply) = client.ask(&request).await else {
        return;
    };
    let said = String::from_utf8_lossy(reply.body);
    match (reply.status, said.parse::<i64>()) {
        (200, Ok(index)) => {
            promises.promised = promises.promised.saturating_add(1);
            promises.entries.push((index, bytes));
        }
        (503, _) => promises.refused = promises.refused.saturating_add(1),
        (status, _) => promises.wrong.push(format!("{status} {said}")),
    }
}

/// Waits until a checkpoint is larger than the last one, and keeps it.
async fn until_published(address: &str, promises: &mut Promises) {
    let waiting = async {
        loop {
            tokio::time::sleep(LOOK).await;
            let Ok(mut client) = Client::open(address).await else {
                return;
            };
            let Ok(reply) = client.ask(&get("/log/checkpoint")).await else {
                continue;
            };
            let note = String::from_utf8_lossy(reply.body).into_owned();
            if reply.status == 200 && promises.checkpoint.as_ref() != Some(&note) {
                let is_first = promises.checkpoint.replace(note).is_none();
                // The first one may be that of the founding.
                if !is_first {
                    return;
                }
            }
        }
    };
    // Over time: the fault may have stopped the signing.
    tokio::time::timeout(CHECKPOINT_WITHIN, waiting)
        .await
        .unwrap_or_default();
}

async fn is_well(address: &str) -> bool {
    let Ok(mut client) = Client::open(address).await else {
        return false;
    };
    let asked = client.ask(&get("/healthz")).await;
    asked.is_ok_and(|reply| reply.status == 200)
}

/// Runs this program's own audit as a stranger would.
async fn audit(words: &[String]) -> Result<(), Failure> {
    let program = std::env::current_exe().map_err(|error| trouble(&error))?;
    let done = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|error| trouble(&error))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let complained = String::from_utf8_lossy(&done.stderr).into_owned();
    let sentence = format!("核对没有通过：\n{said}{complained}");
    Err(Failure::found("bench.promise_broken", sentence))
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
