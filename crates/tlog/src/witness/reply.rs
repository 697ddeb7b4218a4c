//! How a log reads what a witness answers. A witness may be broken or hostile: nothing that it
//! says is believed but signatures that verify, and sizes that the log itself has reached.

use super::SIZE_MEDIA_TYPE;
use crate::cosignature::{CosignerKey, TimeWindow, Timeliness};
use crate::decimal::parse_decimal;
use crate::limits::{SIGNATURES_MAX, SIZE_MAX, WITNESS_REPLY_BYTES_MAX};
use crate::note::SignedNote;
use crate::signature::NoteSignature;

/// What the log had sent, and what it expects.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The old size of the request.
    pub old: u64,
    /// The size of the checkpoint of the request.
    pub size: u64,
    /// The checkpoint itself.
    pub note: &'a SignedNote,
    /// The keys of the witness.
    pub keys: &'a [CosignerKey],
    /// When the signature may have been made.
    pub window: TimeWindow,
}

/// 〔见证答复〕 An answer that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The witness's lines, one for each of its keys that signed, to publish with the checkpoint.
    Cosigned(Vec<NoteSignature>),
    /// The witness knows this size, at most our own: ask again with a proof from there.
    KnowsSize(u64),
}

/// An answer that does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The witness refused; its status says why.
    #[error("见证人拒绝（状态 {status}），请对照见证协议检查配置")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is too long.
    #[error("见证人的答复过长，已丢弃")]
    TooLarge,
    /// The answer is not of the form of its status.
    #[error("见证人的答复格式不对，已丢弃")]
    Malformed,
    /// The witness claims to know more than there is.
    #[error("见证人声称的大小超过本日志，不予采信，请联系见证人")]
    SizeBeyondOurs,
    /// The witness refuses the very size that it was asked from.
    #[error("见证人拒绝它自己所报的大小，请联系见证人")]
    SizeAsSent,
    /// A line of the witness's key does not verify.
    #[error("见证人的签名不成立，已丢弃")]
    BadSignature,
    /// The signature's time is not now.
    #[error("见证时间与本机时间相差过大，请双方校时")]
    Untimely,
    /// No line is of a key that we know as the witness's.
    #[error("答复中没有该见证人的签名，请核对见证公钥")]
    NotCosigned,
}

impl ReplyError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ReplyError::Refused { .. } => "tlog.witness.refused",
            ReplyError::TooLarge => "tlog.witness.reply_too_large",
            ReplyError::Malformed => "tlog.witness.reply_malformed",
            ReplyError::SizeBeyondOurs => "tlog.witness.size_beyond_ours",
            ReplyError::SizeAsSent => "tlog.witness.size_as_sent",
            ReplyError::BadSignature => "tlog.witness.bad_signature",
            ReplyError::Untimely => "tlog.witness.untimely",
            ReplyError::NotCosigned => "tlog.witness.not_cosigned",
        }
    }
}

/// Reads an answer from its status, media type and body.
///
/// # Errors
/// [`ReplyError`] if the answer does not help.
pub fn read_reply(
    asked: Asked<'_>,
    status: u16,
    media_type: &str,
    body: &[u8],
) -> Result<Reply, ReplyError> {
    if body.len() > WITNESS_REPLY_BYTES_MAX {
        return Err(ReplyError::TooLarge);
    }
    match status {
        200 => read_lines(asked, body).map(Reply::Cosigned),
        409 if is_size(media_type) => read_size(asked, body).map(Reply::KnowsSize),
        status => Err(ReplyError::Refused { status }),
    }
}

/// Media types have no case, and parameters may follow.
fn is_size(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(SIZE_MEDIA_TYPE)
}

fn read_size(asked: Asked<'_>, body: &[u8]) -> Result<u64, ReplyError> {
    let size = str::from_utf8(body)
        .ok()
        .and_then(|text| text.strip_suffix('\n'))
        .and_then(|number| parse_decimal(number, SIZE_MAX))
        .ok_or(ReplyError::Malformed)?;
    if size > asked.size {
        Err(ReplyError::SizeBeyondOurs)
    } else if size == asked.old {
        Err(ReplyError::SizeAsSent)
    } else {
        Ok(size)
    }
}

fn read_lines(asked: Asked<'_>, body: &[u8]) -> Result<Vec<NoteSignature>, ReplyError> {
    let text = str::from_utf8(body).map_err(|_| ReplyError::Malformed)?;
    let lines = text.strip_suffix('\n').ok_or(ReplyError::Malformed)?;
    let mut found: Vec<NoteSignature> = Vec::new();
    for (count, line) in lines.split('\n').enumerate() {
        if count >= SIGNATURES_MAX {
            return Err(ReplyError::TooLarge);
        }
        let line = NoteSignature::parse(line).map_err(|_| ReplyError::Malformed)?;
        let Some(key) = asked.keys.iter().find(|key| key.matches(&line)) else {
            continue;
        };
        let time = key
            .verify(asked.note.text(), &line)
            .ok_or(ReplyError::BadSignature)?;
        if asked.window.place(time) != Timeliness::Fresh {
            return Err(ReplyError::Untimely);
        }
        if !found.iter().any(|earlier| key.matches(earlier)) {
            found.push(line);
        }
    }
    if found.is_empty() {
        Err(ReplyError::NotCosigned)
    } else {
        Ok(found)
    }
}
