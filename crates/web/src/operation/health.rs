//! Is the house well: the database answers, commands are carried out, statements are sealed.

use std::sync::Arc;

use app::view::LogPage;
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;

use super::Meters;
use crate::error;

/// Leaves may wait so long for a checkpoint before the house calls itself unwell: 30 seconds.
const UNSEALED_MICROS: i64 = 30_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// 〔健康状况〕 What a proxy, a supervisor and an operator want to know.
#[derive(Debug, Serialize)]
struct Health {
    /// `ok` or `unwell`.
    status: &'static str,
    /// What is wrong, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
    /// The database answers questions.
    database: bool,
    /// The one writer takes commands.
    writer: bool,
    /// The sequencer signs checkpoints.
    sealing: bool,
    /// Leaves written.
    leaves: Option<i64>,
    /// Leaves under the newest checkpoint.
    sealed: Option<i64>,
    /// Age of the newest checkpoint; it grows while nothing happens, which is well.
    checkpoint_age_seconds: Option<i64>,
}

pub(super) async fn show(State(app): State<App>, State(meters): State<Arc<Meters>>) -> Response {
    let health = look(&app, &meters).await;
    let well = health.status == "ok";
    let mut answer = Json(health).into_response();
    answer
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if well { answer } else { error::unwell(answer) }
}

async fn look(app: &App, meters: &Meters) -> Health {
    let log = app.log_page().await;
    let writer = app.writer_is_alive();
    let stopped = app.seal_stopped();
    let late = log
        .as_ref()
        .is_ok_and(|log| is_late(log, app.now(), meters));
    let sealed = log
        .as_ref()
        .ok()
        .map(|log| log.checkpoint.as_ref().map_or(0, |c| c.size));
    let sentence = sentence(&log, writer, stopped, late);
    Health {
        status: if sentence.is_none() { "ok" } else { "unwell" },
        database: log.is_ok(),
        writer,
        sealing: !late && app.seal_stopped().is_none(),
        leaves: log.as_ref().ok().map(|log| log.leaves),
        sealed,
        checkpoint_age_seconds: log.as_ref().ok().and_then(|log| age(log, app.now())),
        sentence,
    }
}

fn sentence(
    log: &Result<LogPage, AppError>,
    writer: bool,
    stopped: Option<String>,
    late: bool,
) -> Option<String> {
    match (log, writer, stopped) {
        (Err(error), _, _) => {
            if let AppError::Internal(source) = error {
                let source: &(dyn std::error::Error + 'static) = source.as_ref();
                tracing::warn!(
                    error = source,
                    "the database does not answer the health check"
                );
            }
            Some("数据库没有应答，请检查磁盘或数据库服务。".into())
        }
        (_, false, _) => Some("写入线程已停止，请查看日志并重新启动服务。".into()),
        (_, _, Some(why)) => Some(format!("封存已停止：{why}；请按运维手册处理。")),
        _ if late => Some("有记录超过三十秒没有封存，请查看日志。".into()),
        _ => None,
    }
}

/// True if leaves have waited too long: the newest checkpoint stood still between two looks that far apart.
///
/// Its age alone says nothing, because a quiet night has no new checkpoints.
fn is_late(log: &LogPage, now: Timestamp, meters: &Meters) -> bool {
    let sealed = log
        .checkpoint
        .as_ref()
        .map_or(0, |checkpoint| checkpoint.size);
    let since = meters.waiting_since(sealed, log.leaves > sealed, now);
    since.is_some_and(|since| now.micros().saturating_sub(since.micros()) > UNSEALED_MICROS)
}

fn age(log: &LogPage, now: Timestamp) -> Option<i64> {
    let signed = Timestamp::parse_rfc3339(&log.checkpoint.as_ref()?.signed_at).ok()?;
    Some(now.micros().saturating_sub(signed.micros()).max(0) / MICROS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::view::CheckpointView;

    fn log(leaves: i64, size: i64) -> LogPage {
        let checkpoint = CheckpointView {
            size,
            root: String::new(),
            note: String::new(),
            signed_at: "2026-11-22T00:00:00Z".into(),
        };
        LogPage {
            is_test: false,
            origin: String::new(),
            verifier_key: String::new(),
            checkpoint: Some(checkpoint),
            leaves,
            checkpoints: Vec::new(),
            recent: Vec::new(),
            witnesses: None,
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_795_320_000_000_000 + seconds * MICROS_PER_SECOND)
    }

    #[test]
    fn waiting_leaves_are_late_and_quiet_nights_are_not() {
        let meters = Meters::new();
        let check = |leaves, size, seconds, want| {
            let late = is_late(&log(leaves, size), at(seconds), &meters);
            assert_eq!(late, want, "{leaves} {size} {seconds}");
        };
        check(5, 5, 0, false);
        check(5, 5, 90_000, false);
        // A leaf after a quiet day waits from now on, not since the last checkpoint.
        check(6, 5, 90_001, false);
        check(7, 5, 90_031, false);
        check(9, 5, 90_032, true);
        check(9, 8, 90_033, false);
        check(9, 9, 90_034, false);
        check(10, 9, 99_999, false);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let well = || Ok(log(1, 1));
        assert_eq!(sentence(&well(), true, None, false), None);
        assert!(
            sentence(&well(), false, None, false)
                .unwrap()
                .contains("写入")
        );
        assert!(
            sentence(&well(), true, Some("根不一致".into()), false)
                .unwrap()
                .contains("根不一致")
        );
        assert!(
            sentence(&well(), true, None, true)
                .unwrap()
                .contains("三十秒")
        );
        assert!(
            sentence(&Err(AppError::Busy(1)), true, None, false)
                .unwrap()
                .contains("数据库")
        );
    }
}
