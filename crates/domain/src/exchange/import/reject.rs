//! Why a row is not taken.

use kernel::Amount;

use crate::Sentence;

/// 〔未导入原因〕 Why a row of a file is not taken over. Nothing of it is lost: the row goes
/// to the rejects file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Stable code, for example `named.subtotal`.
    pub code: &'static str,
    /// One plain sentence with what to do, or why nothing needs to be done.
    pub reason: Sentence,
    /// The amount of the row where it could be read, so that a file's total equals its
    /// accepted rows plus its rejects.
    pub amount: Option<Amount>,
}

impl Reject {
    /// A reject without an amount.
    pub fn new(code: &'static str, reason: impl Into<Sentence>) -> Reject {
        Reject {
            code,
            reason: reason.into(),
            amount: None,
        }
    }

    /// The same with the amount of the row.
    #[must_use]
    pub fn with(mut self, amount: Option<Amount>) -> Reject {
        self.amount = amount;
        self
    }
}
