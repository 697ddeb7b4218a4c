//! How a decision says no: one closed enum per decision, turned into this value at the door.

use crate::Sentence;

/// 〔不予〕 A refusal that people and programs can act on.
///
/// `code` is stable for ever (API clients match on it), `sentence` is one plain Chinese sentence that says
/// what to do next, `law` names the article that demands the refusal where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable machine-readable code, for example `campaign_not_live`.
    pub code: &'static str,
    /// One plain Chinese sentence with what to do next.
    pub sentence: Sentence,
    /// The article behind it, for example `慈善法 第三十条`.
    pub law: Option<&'static str>,
    /// Name of the one field that has to change, where there is one: a form shows the sentence beside it.
    pub field: Option<&'static str>,
}

/// What every `*Refused` enum offers, so that the door needs one conversion only.
pub trait Refused {
    /// Stable machine-readable code.
    fn code(&self) -> &'static str;
    /// One plain Chinese sentence with what to do next.
    fn sentence(&self) -> Sentence;
    /// The article behind the refusal, if a law demands it.
    fn law(&self) -> Option<&'static str> {
        None
    }
    /// Name of the one field that has to change, if the refusal is about one.
    fn field(&self) -> Option<&'static str> {
        None
    }
}

impl<R: Refused> From<R> for Refusal {
    fn from(refused: R) -> Self {
        Refusal {
            code: refused.code(),
            sentence: refused.sentence(),
            law: refused.law(),
            field: refused.field(),
        }
    }
}
