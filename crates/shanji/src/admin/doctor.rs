//! `shanji admin doctor`: whether this machine keeps what it says it has kept.

use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use gateway::Stopwatch;
use serde_json::json;
use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;
use store::transparency::Guard;

/// Slower disks make donors wait.
const FLUSHES_LEAST: u64 = 200;
/// No disk that we know flushes faster; such a one answers before the bytes are safe.
const FLUSHES_MOST: u64 = 15_000;
/// How long is measured.
const MEASURED: Duration = Duration::from_millis(500);
/// One page of a database.
const BLOCK: [u8; 4_096] = [0x5a; 4_096];

/// One examination: what, how it is, and what to do if it is not well.
#[derive(Debug, PartialEq, Eq)]
struct Checked {
    what: &'static str,
    how: String,
    remedy: Option<String>,
}

/// Runs the command.
pub(super) fn run(place: &Place, as_json: bool) -> Ended {
    let checked = [
        disk(&place.data)?,
        keys(place),
        database(place),
        guard(place),
    ];
    let is_well = checked.iter().all(|one| one.remedy.is_none());
    if as_json {
        let list: Vec<_> = checked
            .iter()
            .map(|one| json!({"what": one.what, "ok": one.remedy.is_none(), "how": one.how, "remedy": one.remedy}))
            .collect();
        say_json(&json!({"ok": is_well, "checked": list}));
    } else {
        say(&checked.iter().map(words).collect::<String>());
    }
    Ok(if is_well { Exit::Fine } else { Exit::Found })
}

fn words(one: &Checked) -> String {
    match &one.remedy {
        None => format!("✓ {}：{}\n", one.what, one.how),
        Some(remedy) => format!("✗ {}：{}。{remedy}\n", one.what, one.how),
    }
}

/// How often per second the disk takes a page to itself.
fn disk(data: &Path) -> Result<Checked, Failure> {
    let file = data.join(".shanji-doctor");
    let measured = flushes(&file);
    // A left-over is of no use to anybody; that it could not be removed is no finding.
    let _ = fs::remove_file(&file);
    let rate = measured.map_err(|_| {
        let sentence = format!(
            "{} 不能写入，请检查目录是否存在、权限和磁盘空间",
            data.display()
        );
        Failure::unreachable("disk.write", sentence)
    })?;
    Ok(judge_disk(rate))
}

fn flushes(file: &Path) -> std::io::Result<u64> {
    let mut out = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(file)?;
    out.write_all(&BLOCK)?;
    out.sync_all()?;
    let watch = Stopwatch::start();
    let mut done = 0_u64;
    while watch.elapsed() < MEASURED {
        out.seek(SeekFrom::Start(0))?;
        out.write_all(&BLOCK)?;
        out.sync_data()?;
        done = done.saturating_add(1);
    }
    Ok(watch.per_second(done))
}

fn judge_disk(rate: u64) -> Checked {
    let remedy = if rate < FLUSHES_LEAST {
        Some(format!(
            "低于每秒{FLUSHES_LEAST}次，捐赠人会等待；请换用固态盘或带电池缓存的阵列"
        ))
    } else if rate > FLUSHES_MOST {
        Some(format!(
            "高于每秒{}次，磁盘可能没有真正落盘，断电会丢失已确认的捐赠；请关闭易失写缓存或换盘",
            count(FLUSHES_MOST)
        ))
    } else {
        None
    };
    Checked {
        what: "磁盘落盘",
        how: format!("每秒{}次", count(rate)),
        remedy,
    }
}

/// Whether what was signed last is remembered outside the database.
fn guard(place: &Place) -> Checked {
    let file = app::Config::local(&place.data).guard;
    let missing = "数据库签过名的，服务会只读：请停下服务，用 shanji log guard 核对并确认";
    let (how, remedy) = match Guard::at(&file).read() {
        Ok(Some(said)) => match said.signed.or(said.signing) {
            Some(mark) => (
                format!("记着已签到{}条", count(mark.size.unsigned_abs())),
                None,
            ),
            None => ("还没有签过检查点".to_owned(), None),
        },
        Ok(None) => ("不在".to_owned(), Some(missing.to_owned())),
        Err(error) => (
            error.to_string(),
            Some("请核对磁盘和权限；内容坏了的移走它，再用 shanji log guard 核对并确认".to_owned()),
        ),
    };
    Checked {
        what: "守卫文件",
        how,
        remedy,
    }
}

fn keys(place: &Place) -> Checked {
    let (how, remedy) = match house::secrets(place) {
        Ok(_) if gateway::keys::are_sealed(&place.keys()) => {
            ("完好，已用口令加密".to_owned(), None)
        }
        Ok(_) => (
            "完好，没有加密，权限只限本人（要加密用 shanji admin key-seal）".to_owned(),
            None,
        ),
        Err(failure) => (
            failure.sentence,
            Some("没有密钥就不能续签日志，请从备份恢复".to_owned()),
        ),
    };
    Checked {
        what: "密钥",
        how,
        remedy,
    }
}

fn database(place: &Place) -> Checked {
    let asked = house::block_on(async {
        let db = house::open(place)?;
        let mut session = db.read_tx().await.map_err(|e| crate::books::unread(&e))?;
        store::transparency::leaf_count(&mut session)
            .await
            .map_err(|e| crate::books::unread(&e))
    });
    let (how, remedy) = match asked.and_then(|answer| answer) {
        Ok(leaves) => (
            format!("可读，有{}条陈述", count(leaves.unsigned_abs())),
            None,
        ),
        Err(failure) if failure.sentence.contains("DB-LOCKED") => {
            ("正由运行中的服务使用".to_owned(), None)
        }
        Err(failure) => (
            failure.sentence,
            Some("请先 shanji migrate，或从备份恢复".to_owned()),
        ),
    };
    Checked {
        what: "数据库",
        how,
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_too_slow_well_or_too_good() {
        let is_well = |rate| judge_disk(rate).remedy.is_none();
        assert_eq!(
            [199, 200, 15_000, 15_001].map(is_well),
            [false, true, true, false]
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let home = tempfile::tempdir().unwrap();
        let place = Place {
            passphrase: None,
            data: home.path().join("no"),
            database: "sqlite:x".into(),
        };
        assert_eq!(
            run(&place, true).map_err(|failure| failure.code),
            Err("disk.write".to_owned())
        );
    }

    #[test]
    fn an_empty_folder_has_no_keys_and_no_database() {
        let home = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", home.path().join("shanji.db").display());
        let place = Place {
            passphrase: None,
            data: home.path().into(),
            database,
        };
        assert_eq!(run(&place, true), Ok(Exit::Found));
        assert!(keys(&place).remedy.is_some() && super::database(&place).remedy.is_some());
        assert!(guard(&place).remedy.unwrap().contains("shanji log guard"));
        assert_eq!(
            fs::read_dir(home.path()).unwrap().count(),
            0,
            "nothing is left behind"
        );
    }
}
