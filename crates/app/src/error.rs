//! The eight ways in which a command or query can end without success.

use domain::sentence::Value;
use domain::text::Problem;
use domain::{Refusal, Refused, Sentence, say};

/// 〔应用错误〕 Everything that can go wrong on the way through the house.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The form or request has problems; all of them at once.
    #[error("填写有误")]
    Invalid(Vec<Problem>),
    /// A decision said no.
    #[error("{}", .0.sentence)]
    Refused(Refusal),
    /// The actor may not do this (or must sign in first: code `sign_in_first`).
    #[error("{}", .0.sentence)]
    Denied(Refusal),
    /// There is no such thing.
    #[error("没有找到{0}，请核对编号或从列表进入。")]
    NotFound(&'static str),
    /// The same key came with another content, or the record changed meanwhile.
    #[error("{}", .0.sentence)]
    Conflict(Refusal),
    /// The queue is full; try again after this many seconds.
    #[error("现在人多，请{0}秒后再试，您的操作没有丢失也没有重复。")]
    Busy(u32),
    /// The disk or the database does not do what it should; it may later.
    #[error("{}", .0.sentence)]
    Unwell(Refusal),
    /// Our own mistake or the machine's; logged with its source.
    #[error("系统内部出错，请稍后再试；如果一直这样，请联系管理员。")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// A refusal of a decision.
    pub fn refused(refused: impl Refused) -> AppError {
        AppError::Refused(Refusal::from(refused))
    }

    /// A refusal for lack of permission.
    pub fn denied(refused: impl Refused) -> AppError {
        AppError::Denied(Refusal::from(refused))
    }

    /// What went wrong and what to do, for people; all problems of a form one after the other.
    pub fn sentence(&self) -> Sentence {
        match self {
            AppError::Invalid(problems) => {
                let all = problems.iter().map(|p| p.sentence.clone()).collect();
                say!("{all}", all = Value::Several(all, " "))
            }
            AppError::Refused(r)
            | AppError::Denied(r)
            | AppError::Conflict(r)
            | AppError::Unwell(r) => r.sentence.clone(),
            AppError::NotFound(what) => {
                say!("没有找到{what}，请核对编号或从列表进入。", what = *what)
            }
            AppError::Busy(seconds) => say!(
                "现在人多，请{seconds}秒后再试，您的操作没有丢失也没有重复。",
                seconds = *seconds
            ),
            AppError::Internal(_) => {
                "系统内部出错，请稍后再试；如果一直这样，请联系管理员。".into()
            }
        }
    }

    /// Whether the disk or the database did not do what it should: another time it may.
    pub fn is_machine(&self) -> bool {
        match self {
            AppError::Unwell(_) => true,
            AppError::Internal(source) => source
                .downcast_ref::<db::Error>()
                .is_some_and(db::Error::is_machine),
            _ => false,
        }
    }

    /// Our own mistake, with its source kept.
    pub fn internal(source: impl std::error::Error + Send + Sync + 'static) -> AppError {
        AppError::Internal(Box::new(source))
    }

    /// The machine's failure with a stable code.
    pub(crate) fn unwell(code: &'static str, sentence: impl Into<Sentence>) -> AppError {
        AppError::Unwell(Refusal {
            code,
            sentence: sentence.into(),
            law: None,
            field: None,
        })
    }

    /// A conflict with a stable code.
    pub fn conflict(code: &'static str, sentence: impl Into<Sentence>) -> AppError {
        AppError::Conflict(Refusal {
            code,
            sentence: sentence.into(),
            law: None,
            field: None,
        })
    }
}

impl From<db::Error> for AppError {
    fn from(error: db::Error) -> Self {
        // No keyboard types it and PostgreSQL cannot keep it: whoever sends it made the mistake, not the house.
        if matches!(error, db::Error::NulInText) {
            return AppError::Refused(Refusal {
                code: "nul_in_text",
                sentence: "填写的文字里含有看不见的空字符，请删去重新填写后再提交。".into(),
                law: None,
                field: None,
            });
        }
        AppError::internal(error)
    }
}
