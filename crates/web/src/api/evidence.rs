//! Files of evidence: sent once, named by their digest ever after.

use std::sync::Arc;

use app::command::EvidenceRef;
use app::{App, AppError};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use gateway::evidence::{EvidenceRefused, EvidenceStore, SIZE_LIMIT};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::body::{Part, read};
use super::caller::Staff;
use super::fault::Fault;
use super::limits::EVIDENCE_MAX;
use super::request::EvidenceNamed;

/// 〔附件〕 A file that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = Evidence)]
pub(super) struct EvidenceKept {
    /// SHA-256 of the kept bytes in hex; photographs lose place and camera before it is taken.
    sha256: String,
    /// Length of the kept bytes.
    length: u64,
    /// What the bytes are.
    media_type: &'static str,
}

/// Sending the same file twice keeps it once, so no command key is asked for.
pub(super) async fn send(State(app): State<App>, staff: Staff, request: Request) -> Answer {
    if staff.actor.organisations().is_empty() {
        return Err(Fault::House(AppError::NotFound("您所在的组织")));
    }
    let said = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let said = said.unwrap_or("").to_string();
    let bytes = read(request, &(), SIZE_LIMIT).await?;
    let digest = blocking(&app, move |store, app| {
        store
            .put(&bytes, &said, &*app.config().entropy)
            .map_err(Fault::Evidence)
    });
    let digest = digest.await?;
    json(EvidenceKept {
        sha256: hex::encode(digest.sha256),
        length: digest.len,
        media_type: digest.media_type.mime(),
    })
}

/// Serves a kept file to be saved, never to be run in the browser under our name.
pub(super) async fn show(State(app): State<App>, Part(text): Part) -> Answer {
    let sha256 = digest("sha256", &text)?;
    if let Some(stone) = app.file_withdrawn(&text).await? {
        return Err(Fault::Withdrawn(stone.at, stone.reason_title));
    }
    if app.file_is_private(&sha256).await? {
        return Err(Fault::House(AppError::NotFound("这份附件")));
    }
    let found = blocking(&app, move |store, _| {
        store
            .read(&sha256)
            .map_err(|error| Fault::House(AppError::internal(error)))
    });
    let bytes = found
        .await?
        .ok_or(Fault::House(AppError::NotFound("这份附件")))?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_string()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", hex::encode(sha256)),
        ),
        // The bytes never change, but they may be taken down: no cache keeps them for long.
        (CACHE_CONTROL, "public, max-age=600".to_string()),
    ];
    Ok((headers, bytes).into_response())
}

/// Finds the files that a delivery names; their lengths and types are looked up, not believed.
pub(super) async fn found(app: &App, files: Vec<EvidenceNamed>) -> Result<Vec<EvidenceRef>, Fault> {
    if files.len() > EVIDENCE_MAX {
        let sentence = format!("附件一次最多 {EVIDENCE_MAX} 份，请分几次登记。");
        return Err(Fault::field("evidence", "too_many", sentence));
    }
    blocking(app, move |store, app| {
        files
            .into_iter()
            .enumerate()
            .map(|(n, file)| find(store, app, (n, file)))
            .collect()
    })
    .await
}

fn find(
    store: &EvidenceStore,
    app: &App,
    (n, file): (usize, EvidenceNamed),
) -> Result<EvidenceRef, Fault> {
    let field = format!("evidence[{n}].sha256");
    let sha256 = digest(&field, &file.sha256)?;
    let bytes = store
        .read(&sha256)
        .map_err(|error| Fault::House(AppError::internal(error)))?;
    let Some(bytes) = bytes else {
        let sentence =
            "没有收到过这份附件，请先用 POST /api/v1/evidence 上传，再引用它答复的摘要。";
        return Err(Fault::field(field, "unknown", sentence));
    };
    // Keeping it again judges its type by the bytes and finds it where it is.
    let kept = match store.put(&bytes, &file.media_type, &*app.config().entropy) {
        Ok(kept) => kept,
        Err(error @ (EvidenceRefused::Disk(_) | EvidenceRefused::Entropy(_))) => {
            return Err(Fault::Evidence(error));
        }
        Err(_) => {
            let sentence = "附件类型与内容不符，请照 POST /api/v1/evidence 的答复填写。";
            return Err(Fault::field(
                format!("evidence[{n}].media_type"),
                "choice",
                sentence,
            ));
        }
    };
    if file.length.is_some_and(|length| length != kept.len) {
        let sentence = "附件长度与收到的不符，请照 POST /api/v1/evidence 的答复填写。";
        return Err(Fault::field(
            format!("evidence[{n}].length"),
            "length",
            sentence,
        ));
    }
    Ok(EvidenceRef {
        sha256: kept.sha256,
        length: i64::try_from(kept.len).unwrap_or(i64::MAX),
        mime: kept.media_type.mime().into(),
        title: file.title,
    })
}

/// Reads a digest: 64 hex digits.
pub(super) fn digest(field: &str, text: &str) -> Result<[u8; 32], Fault> {
    let mut sha256 = [0; 32];
    match hex::decode_to_slice(text.trim(), &mut sha256) {
        Ok(()) => Ok(sha256),
        Err(_) => {
            let sentence = "摘要要写成 64 位十六进制的 SHA-256，请重新计算后填写。";
            Err(Fault::field(field, "digest", sentence))
        }
    }
}

/// Runs what waits for the disk beside the threads that serve.
async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&EvidenceStore, &App) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let (store, app) = (Arc::clone(app.evidence()), app.clone());
    let done = tokio::task::spawn_blocking(move || work(&store, &app)).await;
    done.map_err(AppError::internal)?
}
