//! When a new key of the log begins and the old ones end: the plan, decided from the book of keys alone.

use crate::succession::{KeyBook, Succession, SuccessionError};
use kernel::Day;
use tlog::VerifierKey;

/// 〔换钥时间〕 When a new key begins and the old one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turnover {
    /// From the first day on the new key signs, until the second the old keys sign beside it.
    Planned(Day, Day),
    /// Somebody else may have the old key: it signs the announcement and nothing after it.
    AtOnce,
}

impl KeyBook {
    /// The plan by which `key` follows the newest key of the log.
    ///
    /// # Errors
    /// `SuccessionError`: days out of order, another change under way, or no key to follow.
    pub fn plan(
        &self,
        key: VerifierKey,
        when: Turnover,
        today: Day,
    ) -> Result<Succession, SuccessionError> {
        let (from, until) = match when {
            Turnover::Planned(from, until) => (from, until),
            Turnover::AtOnce => (today, today),
        };
        if from < today || until < from {
            return Err(SuccessionError::Days);
        }
        let in_use = self.keys().iter().filter(|known| known.ended.is_none());
        // A stolen key waits for nothing.
        if in_use.count() > 1 && when != Turnover::AtOnce {
            return Err(SuccessionError::UnderWay);
        }
        let newest = self.keys().last().ok_or(SuccessionError::WrongOld)?;
        let old = newest.key.parse().map_err(|_| SuccessionError::Malformed)?;
        Ok(Succession {
            key,
            old,
            from,
            until,
        })
    }
}
