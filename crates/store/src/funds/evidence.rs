//! Evidence: files that are kept by their digest.

use crate::limits::PAGE_MAX;
use db::{Result, Session, args, sql};

/// 〔凭证〕 A file that shows something.
#[derive(Debug, Clone)]
pub struct EvidenceRecord {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub length: i64,
    /// Its media type.
    pub mime: String,
    /// What it shows.
    pub title: String,
}

impl EvidenceRecord {
    /// True for a photograph or a drawing, which has a small and a large form to look at.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.mime.starts_with("image/")
    }
}

/// The evidence of a subject, oldest first. The kind is the word before the underscore of its printed id.
///
/// # Errors
/// The engine's refusal.
pub async fn evidence_of(
    session: &mut Session,
    subject_kind: &str,
    subject: i64,
) -> Result<Vec<EvidenceRecord>> {
    let sql = sql!(
        "SELECT sha256, length, mime, title FROM evidence WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id LIMIT $3"
    );
    session
        .rows(sql, args![subject_kind, subject, PAGE_MAX], |r| {
            Ok(EvidenceRecord {
                sha256: r.array(0)?,
                length: r.i64(1)?,
                mime: r.text(2)?,
                title: r.text(3)?,
            })
        })
        .await
}

/// The media type of a kept file, or nothing if no record names this digest.
///
/// # Errors
/// The engine's refusal.
pub async fn evidence_by_digest(
    session: &mut Session,
    sha256: &[u8; 32],
) -> Result<Option<String>> {
    let sql = sql!("SELECT mime FROM evidence WHERE sha256 = $1 ORDER BY id LIMIT 1");
    session.opt(sql, args![&sha256[..]], |r| r.text(0)).await
}
