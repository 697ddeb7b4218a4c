//! strace beside a running server: what it asks of the system for the files of its house, and one such call made to fail.

use crate::bench::site::trouble;
use crate::outcome::Failure;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// strace has attached within this time, or cannot.
const ATTACHED_WITHIN: Duration = Duration::from_secs(20);
/// Files of a house that writing and signing touch, and the folder itself.
const FILES: [&str; 7] = [
    "",
    "shanji.db",
    "shanji.db-wal",
    "shanji.db-shm",
    "shanji.db-journal",
    "log.guard",
    "log.next",
];

/// Calls by which a process speaks to a server, and writes the guard file.
const SERVER_CALLS: &str =
    "trace=sendto,sendmsg,write,writev,recvfrom,recvmsg,read,fsync,fdatasync,rename,openat";

/// Calls by which PostgreSQL keeps and reads its files. Its sockets and pipes are served by others.
const CLUSTER_CALLS: &str = "trace=pwrite64,pwritev,pwritev2,pread64,preadv,fsync,fdatasync,openat,ftruncate,fallocate,rename,unlink";

/// Which calls are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// Those for the files of the house.
    Files,
    /// Those by which it speaks to the server of its database, to clients, and to the guard file.
    Server,
    /// Those of the database server itself, whose first process has this number, for its files.
    Cluster(u32),
}

/// A process and those that it has started.
fn with_children(process: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let children = children
        .split_whitespace()
        .filter_map(|one| one.parse().ok());
    [process].into_iter().chain(children).collect()
}

/// 〔故障〕 How a system call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The disk does not answer.
    Io,
    /// The disk is full.
    Space,
    /// The process is gone before the call.
    Kill,
}

impl Fault {
    pub(super) const ALL: [Fault; 3] = [Fault::Io, Fault::Space, Fault::Kill];

    fn word(self) -> &'static str {
        match self {
            Fault::Io => "error=EIO",
            Fault::Space => "error=ENOSPC",
            Fault::Kill => "signal=SIGKILL",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Io => "EIO",
            Fault::Space => "ENOSPC",
            Fault::Kill => "SIGKILL",
        })
    }
}

/// The `when`th call of a thread fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Injection {
    pub(super) call: String,
    pub(super) when: u64,
    pub(super) fault: Fault,
}

impl Injection {
    /// Whether a flush is told to fail: after that nothing may be promised.
    pub(super) fn loses_a_flush(&self) -> bool {
        matches!(self.call.as_str(), "fsync" | "fdatasync") && self.fault != Fault::Kill
    }
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第{}次 {}", self.call, self.when, self.fault)
    }
}

/// strace while it runs.
pub(super) struct Tracer {
    child: Child,
    file: PathBuf,
}

/// Whether strace is there.
///
/// # Errors
/// It is not: said plainly, because without it nothing is tested.
pub(super) async fn look_for_strace() -> Result<(), Failure> {
    let found = Command::new("strace").arg("--version").output().await;
    if found.is_ok_and(|done| done.status.success()) {
        return Ok(());
    }
    Err(Failure::unreachable(
        "faults.no_strace",
        "没有 strace，什么也没有测试；请安装：apt-get install strace",
    ))
}

impl Tracer {
    /// Attaches to every thread of a process; from now on its calls for the files of the house are counted.
    ///
    /// # Errors
    /// strace may not look at the process.
    pub(super) async fn attach(
        process: u32,
        (house, watched): (&Path, &Watched),
        injection: Option<&Injection>,
    ) -> Result<Tracer, Failure> {
        let file = house.with_extension("strace");
        let mut command = Command::new("strace");
        command.args(["-f", "-o"]).arg(&file);
        let mut processes = vec![process];
        if let Watched::Cluster(first) = watched {
            processes = with_children(*first);
            if injection.is_none() {
                command.args(["-e", CLUSTER_CALLS]);
            }
        } else if *watched == Watched::Files {
            for name in FILES {
                command.arg("-P").arg(if name.is_empty() {
                    house.to_owned()
                } else {
                    house.join(name)
                });
            }
        } else if injection.is_none() {
            command.args(["-e", SERVER_CALLS]);
        }
        if let Some(Injection { call, when, fault }) = injection {
            command.arg("-e").arg(format!("trace={call}"));
            let inject = format!("inject={call}:{}:when={when}", fault.word());
            command.arg("-e").arg(inject);
        }
        for process in processes {
            command.arg("-p").arg(process.to_string());
        }
        let spawned = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = spawned.map_err(|error| trouble(&error))?;
        let said = child.stderr.take();
        let said = said.ok_or_else(|| Failure::unreachable("faults.strace", "strace 没有输出"))?;
        let mut lines = BufReader::new(said).lines();
        let attached = async {
            let mut heard = String::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains(" attached") {
                    return Ok(lines);
                }
                heard.push_str(&line);
            }
            let sentence = format!("strace 不能跟踪服务进程：{heard}");
            Err(Failure::unreachable("faults.strace", sentence))
        };
        let attached = tokio::time::timeout(ATTACHED_WITHIN, attached).await;
        let mut lines = attached.map_err(|error| trouble(&error))??;
        // What it says later is read and let go, so that it never waits for us.
        tokio::spawn(async move { while matches!(lines.next_line().await, Ok(Some(_))) {} });
        Ok(Tracer { child, file })
    }

    /// Lets the processes go on without it; for those that outlive a case.
    ///
    /// # Errors
    /// It cannot be told.
    pub(super) async fn let_go(&self) -> Result<(), Failure> {
        let Some(own) = self.child.id() else {
            return Ok(());
        };
        let told = Command::new("kill")
            .args(["-TERM", &own.to_string()])
            .status()
            .await;
        told.map(drop).map_err(|error| trouble(&error))
    }

    /// Waits for the end of strace, which is that of the process, and gives what it wrote.
    ///
    /// # Errors
    /// It does not end, or its file is gone.
    pub(super) async fn end(mut self) -> Result<Trace, Failure> {
        let ended = tokio::time::timeout(ATTACHED_WITHIN, self.child.wait()).await;
        ended
            .map_err(|error| trouble(&error))?
            .map_err(|error| trouble(&error))?;
        let text = std::fs::read(&self.file).map_err(|error| trouble(&error))?;
        Ok(Trace(String::from_utf8_lossy(&text).into_owned()))
    }
}

/// What strace wrote: one call a line, behind the number of its thread.
pub(super) struct Trace(String);

impl Trace {
    /// Whether the call that was to fail was made.
    pub(super) fn was_hit(&self) -> bool {
        self.0.contains("(INJECTED)")
    }

    /// Whether a process was ended by a signal.
    pub(super) fn has_killed(&self) -> bool {
        self.0.contains("killed by SIGKILL")
    }

    /// For each system call how often the busiest thread made it.
    pub(super) fn calls(&self) -> BTreeMap<String, u64> {
        let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for line in self.0.lines() {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            let name = rest.trim_start().split('(').next().unwrap_or_default();
            let is_call = rest.contains('(')
                && !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if is_call {
                *counts.entry((thread, name)).or_default() += 1;
            }
        }
        let mut most: BTreeMap<String, u64> = BTreeMap::new();
        for ((_, name), count) in counts {
            let known = most.entry(name.to_owned()).or_default();
            *known = count.max(*known);
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_for_the_busiest_thread() {
        let trace = Trace(
            "10 pwrite64(3</d/shanji.db-wal>, \"x\", 1, 0) = 1\n\
             11  pwrite64(3, <unfinished ...>\n10 fdatasync(4) = 0\n\
             11 <... pwrite64 resumed>) = 1\n11 pwrite64(3, \"\", 0, 0) = 0\n\
             11 --- SIGCHLD {} ---\n11 +++ exited with 0 +++\n"
                .into(),
        );
        let wanted = BTreeMap::from([("fdatasync".to_owned(), 1), ("pwrite64".to_owned(), 2)]);
        assert_eq!(trace.calls(), wanted);
        assert!(!trace.was_hit());
        assert!(Trace("9 fsync(3) = -1 EIO (Input/output error) (INJECTED)".into()).was_hit());
    }

    #[test]
    fn only_flushes_that_fail_end_all_promises() {
        let lost = |call: &str, fault| {
            let injection = Injection {
                call: call.into(),
                when: 1,
                fault,
            };
            injection.loses_a_flush()
        };
        assert!(lost("fsync", Fault::Io) && lost("fdatasync", Fault::Space));
        assert!(!lost("fsync", Fault::Kill) && !lost("pwrite64", Fault::Io));
    }
}
