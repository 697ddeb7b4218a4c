//! How many small questions a second are answered before askers are told to wait a moment.
//!
//! Suggestions are asked for with every key. They are cheap, and a flood of them must not take the processors from
//! those who give. One count for all: addresses of visitors are not looked at and not kept.

use std::sync::{Mutex, PoisonError};

use kernel::Timestamp;

/// Suggestions a second: a thousand people typing at once.
const EACH_SECOND_MAX: u32 = 3_000;
/// Seconds after which an asker should try again.
pub(crate) const WAIT_SECONDS: u32 = 1;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// 〔节奏〕 The second that it is, and how many were answered in it.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<(i64, u32)>);

impl Pace {
    /// True if one more may be answered.
    pub(crate) fn has_room(&self, now: Timestamp) -> bool {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let second = now.micros().div_euclid(MICROS_PER_SECOND);
        if count.0 != second {
            *count = (second, 0);
        }
        count.1 = count.1.saturating_add(1);
        count.1 <= EACH_SECOND_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_room_for_so_many() {
        let pace = Pace::default();
        let at = |micros| Timestamp::from_micros(micros);
        for _ in 0..EACH_SECOND_MAX {
            assert!(pace.has_room(at(5)));
        }
        assert!(!pace.has_room(at(999_999)));
        assert!(pace.has_room(at(1_000_000)));
    }
}
