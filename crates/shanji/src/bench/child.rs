//! The server as a process of its own, so that it can be killed like one.

use super::client::{Client, get};
use super::site::trouble;
use crate::outcome::Failure;
use gateway::Stopwatch;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server that is not ready after this time has failed.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Between two looks whether it is ready.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A served house in a process of its own.
pub(super) struct Server {
    child: Child,
    /// Where it listens.
    pub(super) address: String,
    /// Microseconds from the start of the process to the first healthy answer.
    pub(super) ready_micros: i64,
}

impl Server {
    /// Starts this very program as `serve` on a free port and waits until it is healthy.
    ///
    /// # Errors
    /// It ends, or is not ready in time.
    pub(super) async fn start(data: &Path, database: Option<&str>) -> Result<Server, Failure> {
        let mut flags = vec!["--demo"];
        if let Some(url) = database {
            flags.extend(["--database", url]);
        }
        Server::start_with(data, &flags, Stdio::inherit()).await
    }

    /// The same with other flags, and its log lines somewhere else.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub(super) async fn start_with(
        data: &Path,
        flags: &[&str],
        log: Stdio,
    ) -> Result<Server, Failure> {
        let program = std::env::current_exe().map_err(|error| trouble(&error))?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(flags)
            .stderr(log);
        let watch = Stopwatch::start();
        let spawned = command
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = spawned.map_err(|error| trouble(&error))?;
        let address = tokio::time::timeout(READY_WITHIN, said_address(&mut child)).await;
        let address = address.map_err(|error| trouble(&error))??;
        let healthy = tokio::time::timeout(READY_WITHIN, until_healthy(&address)).await;
        healthy.map_err(|error| trouble(&error))?;
        Ok(Server {
            child,
            address,
            ready_micros: watch.micros(),
        })
    }

    /// Its process, while it runs.
    pub(super) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it runs no more.
    pub(super) fn is_gone(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it as a power cut would: the process is gone before it knows.
    ///
    /// # Errors
    /// The system does not do it.
    pub(super) async fn kill(mut self) -> Result<(), Failure> {
        self.child.kill().await.map_err(|error| trouble(&error))
    }
}

/// The address that the server prints once it listens.
async fn said_address(child: &mut Child) -> Result<String, Failure> {
    let out = child.stdout.take();
    let out = out.ok_or_else(|| Failure::unreachable("bench.child", "服务进程没有输出"))?;
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await.map_err(|error| trouble(&error))? {
        if let Some((_, rest)) = line.split_once("http://") {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
            let address = rest
                .get(..end.unwrap_or(rest.len()))
                .unwrap_or(rest)
                .to_owned();
            // What it says later is read and let go, so that it never waits for us.
            tokio::spawn(async move { while matches!(lines.next_line().await, Ok(Some(_))) {} });
            return Ok(address);
        }
    }
    Err(Failure::unreachable(
        "bench.child",
        "服务进程自己结束了，原因见上",
    ))
}

async fn until_healthy(address: &str) {
    loop {
        if let Ok(mut client) = Client::open(address).await
            && client
                .ask(&get("/healthz"))
                .await
                .is_ok_and(|reply| reply.status == 200)
        {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
