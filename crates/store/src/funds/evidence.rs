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
    /// Why it is not shown, if it is not.
    pub hidden: Option<Hidden>,
}

/// Why a file is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// 〔暂停公开〕 Somebody asked to take it down, and a second person has not decided yet.
    Waiting,
    /// 〔已撤下〕 It was taken down.
    Withdrawn,
}

impl Hidden {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Hidden::Waiting => "waiting",
            Hidden::Withdrawn => "withdrawn",
        }
    }

    fn parse(code: &str) -> Option<Hidden> {
        let all = [Hidden::Waiting, Hidden::Withdrawn];
        all.into_iter().find(|hidden| hidden.code() == code)
    }
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
        pg: "SELECT e.sha256, e.length, e.mime, e.title, CASE WHEN EXISTS (SELECT 1 FROM withdrawal w WHERE w.what = 'file' AND w.field = encode(e.sha256, 'hex')) THEN 'withdrawn' WHEN EXISTS (SELECT 1 FROM repair r WHERE r.file = encode(e.sha256, 'hex') AND r.state = 'asked') THEN 'waiting' ELSE '' END FROM evidence e WHERE e.subject_kind = $1 AND e.subject_id = $2 ORDER BY e.id LIMIT $3",
        lite: "SELECT e.sha256, e.length, e.mime, e.title, CASE WHEN EXISTS (SELECT 1 FROM withdrawal w WHERE w.what = 'file' AND w.field = lower(hex(e.sha256))) THEN 'withdrawn' WHEN EXISTS (SELECT 1 FROM repair r WHERE r.file = lower(hex(e.sha256)) AND r.state = 'asked') THEN 'waiting' ELSE '' END FROM evidence e WHERE e.subject_kind = $1 AND e.subject_id = $2 ORDER BY e.id LIMIT $3"
    );
    session
        .rows(sql, args![subject_kind, subject, PAGE_MAX], |r| {
            Ok(EvidenceRecord {
                sha256: r.array(0)?,
                length: r.i64(1)?,
                mime: r.text(2)?,
                title: r.text(3)?,
                hidden: Hidden::parse(r.str(4)?),
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
