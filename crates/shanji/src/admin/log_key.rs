//! `shanji admin log-key`: the keys with which the log signs, and changing them.

use crate::cli::LogKeyKind;
use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{say, say_json};
use crate::serve_lock;
use app::{App, Turnover};
use gateway::{Clock, SystemClock, SystemEntropy, keys};
use kernel::{Day, Secret};
use leaf::BookKey;
use serde_json::json;
use tlog::{PrivateKey, Signer};

/// Days from the announcement to the first signature of the new key.
const DAYS_AHEAD: i32 = 30;
/// Days on which both keys sign.
const DAYS_TOGETHER: i32 = 90;

/// Runs the command.
pub(super) fn run(place: &Place, what: &LogKeyKind) -> Ended {
    let _lock = serve_lock::take(&place.data)?;
    match what {
        LogKeyKind::List { json } => house::block_on(async {
            let app = super::open(place).await?;
            list(&app, *json)
        })?,
        LogKeyKind::Rotate {
            from,
            until,
            compromised,
        } => {
            let when = match compromised {
                true => Turnover::AtOnce,
                false => planned(from.as_deref(), until.as_deref())?,
            };
            house::block_on(rotate(place, when))?
        }
    }
}

/// The days as they were given, or those that the design names.
fn planned(from: Option<&str>, until: Option<&str>) -> Result<Turnover, Failure> {
    let read = |text: &str| {
        let wrong = || {
            Failure::usage(
                "day.malformed",
                format!("“{text}”不是日期，请写成 2027-01-31"),
            )
        };
        Day::parse(text).map_err(|_| wrong())
    };
    let later = |day: Day, days: i32| day.plus_days(days);
    let from = match from {
        Some(text) => read(text)?,
        None => later(SystemClock.now().day(), DAYS_AHEAD),
    };
    let until = match until {
        Some(text) => read(text)?,
        None => later(from, DAYS_TOGETHER),
    };
    Ok(Turnover::Planned(from, until))
}

/// Makes a key, asks whether it may follow now, keeps it beside the others, and announces it. The file comes before the
/// announcement: a key that is announced and lost would stop the house. It comes after the question: a rotation that is
/// refused leaves no key behind.
async fn rotate(place: &Place, when: Turnover) -> Ended {
    let before = super::open(place).await?;
    let key = draw(before.origin())?;
    let said = |error: tlog::KeyError| Failure::usage(error.code(), error.to_string());
    let signer = key.signer().map_err(said)?;
    let may = before.key_may_follow(&signer, when).await;
    may.map_err(|error| house::failure(&error))?;
    drop(before);
    keep(place, &key, &signer)?;
    let app = super::open(place).await?;
    let announced = app.key_announce(&signer, when).await;
    announced.map_err(|error| house::failure(&error))?;
    say(&words(&signer, when));
    Ok(Exit::Fine)
}

fn draw(origin: &str) -> Result<PrivateKey, Failure> {
    let unavailable = |error: gateway::EntropyError| {
        Failure::unreachable("entropy.unavailable", error.to_string())
    };
    let seed = gateway::entropy::draw::<32>(&SystemEntropy).map_err(unavailable)?;
    let said = |error: tlog::KeyError| Failure::usage(error.code(), error.to_string());
    PrivateKey::from_seed(origin, &seed).map_err(said)
}

fn keep(place: &Place, key: &PrivateKey, signer: &Signer) -> Result<(), Failure> {
    let said = |error: tlog::KeyError| Failure::usage(error.code(), error.to_string());
    let line = Secret::new(key.line().map_err(said)?);
    let name = keys::log_key_file(signer.verifier().id());
    let passphrase = place.passphrase()?;
    let written = keys::log_key_write(
        &place.keys(),
        (&name, &line),
        passphrase.as_ref(),
        &SystemEntropy,
    );
    written.map_err(|error| Failure::unreachable("key.write", error.to_string()))
}

fn words(signer: &Signer, when: Turnover) -> String {
    let plan = match when {
        Turnover::AtOnce => {
            "新公钥已经启用，旧公钥已经停用，不再签名。服务可以马上启动：政策文件还没改的，公布的政策里由程序补上新公钥；见证人登记新公钥以前，新的凭据等待见证人。\n旧密钥若在别人手里，他能签的只有停用以前的条数；请立即通知见证人、镜像和监管部门换用新公钥。"
                .to_owned()
        }
        Turnover::Planned(from, until) => format!(
            "新公钥从 {from} 起签名；旧公钥并用到 {until}，次日自动停用。"
        ),
    };
    format!(
        "已在日志里公布新公钥：\n{key}\n{plan}\n接下来：备份密钥目录；有验证政策文件（--witness-policy、SHANJI_WITNESS_POLICY）的，加上下面这一行，旧的那行留着：\nlog {key}\n请见证人登记新公钥；在网站以外的地方也公布它。历史见网站的 /log/vkeys。\n",
        key = signer.verifier()
    )
}

fn list(app: &App, as_json: bool) -> Ended {
    let (book, today) = (app.key_book(), app.now().day());
    let signing: Vec<&BookKey> = book.signing(today);
    let state = |known: &BookKey| match (known.ended, signing.contains(&known)) {
        (Some(_), _) => "ended",
        (None, true) => "signing",
        (None, false) => "announced",
    };
    if as_json {
        let rows: Vec<_> = book
            .keys()
            .iter()
            .map(|known| {
                json!({
                    "key": known.key, "state": state(known), "held": app.holds_key(&known.key),
                    "announced": known.announced, "ended": known.ended,
                    "from": known.from.map(|day| day.to_string()),
                    "others_until": known.until.map(|day| day.to_string()),
                })
            })
            .collect();
        say_json(&json!({ "keys": rows }));
        return Ok(Exit::Fine);
    }
    for known in book.keys() {
        let title = match state(known) {
            "ended" => "已停用",
            "signing" => "在用",
            _ => "已公布，未启用",
        };
        let from = known.from.map(|day| format!("，从 {day} 起"));
        let ended = known.ended.map(|at| format!("，第{at}条陈述停用"));
        let held = match app.holds_key(&known.key) || known.ended.is_some() {
            true => "",
            false => "，⚠ 密钥文件不在",
        };
        let (from, ended) = (from.unwrap_or_default(), ended.unwrap_or_default());
        say(&format!("{title}{from}{ended}{held}\n  {}\n", known.key));
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::Config;
    use std::path::Path;

    fn key_files(folder: &Path) -> usize {
        std::fs::read_dir(folder.join("keys")).unwrap().count()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_rotation_that_is_refused_leaves_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data: folder.path().to_path_buf(),
            database: Config::local(folder.path()).database,
            passphrase: None,
        };
        let first = app::App::open(Config::local(folder.path())).await.unwrap();
        first.seal_now().await.unwrap();
        drop(first);
        let code = |ended: Ended| ended.unwrap_err().code;
        let past = planned(Some("2020-01-01"), Some("2020-02-01")).unwrap();
        assert_eq!(code(rotate(&place, past).await), "key.days");
        assert_eq!(key_files(folder.path()), 1);
        let planned = || planned(None, None).unwrap();
        assert_eq!(rotate(&place, planned()).await, Ok(Exit::Fine));
        assert_eq!(key_files(folder.path()), 2);
        for _ in 0..2 {
            assert_eq!(code(rotate(&place, planned()).await), "key.under_way");
        }
        assert_eq!(key_files(folder.path()), 2);
        // A house that is read-only signs no announcement, and keeps no key for one.
        std::fs::remove_file(folder.path().join(app::GUARD_FILE)).unwrap();
        assert_eq!(code(rotate(&place, Turnover::AtOnce).await), "read_only");
        assert_eq!(key_files(folder.path()), 2);
    }
}
