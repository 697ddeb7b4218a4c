//! Why a leaf cannot be written, or why bytes are no leaf.

use crate::json::JsonError;
use crate::scan::Personal;
use std::fmt;

/// The part of a leaf that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `id`
    Id,
    /// `k`
    Kind,
    /// `o`
    Organisation,
    /// `t`
    Time,
    /// `st`
    Streams,
    /// `mv`
    Moves,
    /// `sub`
    Swaps,
    /// `ref`
    Reference,
    /// `p`
    Commitments,
    /// `d`
    Data,
}

impl Part {
    /// The key in the leaf.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Part::Id => "id",
            Part::Kind => "k",
            Part::Organisation => "o",
            Part::Time => "t",
            Part::Streams => "st",
            Part::Moves => "mv",
            Part::Swaps => "sub",
            Part::Reference => "ref",
            Part::Commitments => "p",
            Part::Data => "d",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Part::Id => "编号",
            Part::Kind => "种类",
            Part::Organisation => "组织",
            Part::Time => "时间",
            Part::Streams => "序列",
            Part::Moves => "流转",
            Part::Swaps => "换位",
            Part::Reference => "引用",
            Part::Commitments => "承诺",
            Part::Data => "内容",
        }
    }
}

/// Why something is no leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeafError {
    /// The bytes are not the canonical JSON of a leaf, or a value has no such bytes.
    Json(JsonError),
    /// A part of the envelope has a wrong form.
    Envelope(Part),
    /// A part that this kind demands is missing, or one that it does not have is there.
    Content(Part),
    /// A word of the data is missing, unknown to this kind, or has a wrong form.
    Word(String),
    /// A movement's fund, place or organisation is not among the streams.
    StreamMissing(String),
    /// Somebody's telephone, identity or card stands in clear.
    Personal {
        /// What was found.
        what: Personal,
        /// The word of the data, or the part, it stands in.
        word: String,
    },
    /// Only known kinds are written.
    UnknownKind(String),
}

impl LeafError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            LeafError::Json(error) => error.code(),
            LeafError::Envelope(_) => "leaf.envelope",
            LeafError::Content(_) => "leaf.content",
            LeafError::Word(_) => "leaf.word",
            LeafError::StreamMissing(_) => "leaf.stream_missing",
            LeafError::Personal { .. } => "leaf.personal",
            LeafError::UnknownKind(_) => "leaf.kind",
        }
    }
}

impl From<JsonError> for LeafError {
    fn from(error: JsonError) -> LeafError {
        LeafError::Json(error)
    }
}

impl fmt::Display for LeafError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LeafError::Json(error) => error.fmt(f),
            LeafError::Envelope(part) => write!(
                f,
                "陈述的{}（{}）写法不对，请核对原始文件",
                part.title(),
                part.key()
            ),
            LeafError::Content(part) => write!(
                f,
                "这一种类的陈述里{}（{}）缺少、多余或形状不对，请核对种类",
                part.title(),
                part.key()
            ),
            LeafError::Word(word) => {
                write!(
                    f,
                    "内容里的“{word}”缺少、不属于这一种类或写法不对，请核对词表"
                )
            }
            LeafError::StreamMissing(stream) => {
                write!(f, "流转涉及“{stream}”，却没有列入它的序列，请补上")
            }
            LeafError::Personal { what, word } => {
                write!(
                    f,
                    "“{word}”里有明文的{}，公开陈述不得含有，请改用承诺",
                    what.title()
                )
            }
            LeafError::UnknownKind(kind) => {
                write!(f, "不认识陈述种类“{kind}”，请升级程序后再写入")
            }
        }
    }
}

impl std::error::Error for LeafError {}
