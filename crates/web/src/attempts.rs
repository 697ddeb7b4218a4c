//! Sign-ins that failed: after a few wrong passwords for a login, the next try must wait, longer each time.
//!
//! Pages and the JSON interface share it. It is kept in memory only: a restart forgives, the slow password hash and
//! its short queue remain.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::Timestamp;

/// Tries for a login before the first pause.
const FREE_TRIES: u32 = 5;
/// The longest pause in seconds.
const PAUSE_MAX_SECONDS: u32 = 60;
/// A login without tries for so long starts anew: 15 minutes.
const FORGET_MICROS: i64 = 15 * 60 * MICROS_PER_SECOND;
/// Logins that are remembered; the one that has been quiet longest gives way.
const LOGINS_MAX: usize = 10_000;
/// Bytes of a login that tell it apart.
const LOGIN_BYTES: usize = 200;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// 〔登录尝试〕 Tries by login.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<BTreeMap<String, Tries>>);

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
}

impl Attempts {
    /// Counts a try before the password is looked at, so that many at once gain nothing.
    ///
    /// # Errors
    /// Seconds to wait; the try was not counted then.
    pub(crate) fn begin(&self, login: &str, now: Timestamp) -> Result<(), u32> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(login);
        let before = all
            .get(&key)
            .filter(|tries| quiet(tries, now) < FORGET_MICROS);
        let count = before.map_or(0, |tries| tries.count);
        let waited = before.map_or(i64::MAX, |tries| quiet(tries, now));
        let pause = i64::from(pause_seconds(count)) * MICROS_PER_SECOND;
        if waited < pause {
            let left = (pause - waited + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND;
            return Err(u32::try_from(left).unwrap_or(PAUSE_MAX_SECONDS));
        }
        if all.len() >= LOGINS_MAX && !all.contains_key(&key) {
            let quietest = all
                .iter()
                .min_by_key(|(_, tries)| tries.last)
                .map(|(key, _)| key.clone());
            quietest.map(|key| all.remove(&key));
        }
        all.insert(
            key,
            Tries {
                count: count.saturating_add(1),
                last: now,
            },
        );
        Ok(())
    }

    /// The password was right: forget the tries.
    pub(crate) fn succeeded(&self, login: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&key(login));
    }
}

fn quiet(tries: &Tries, now: Timestamp) -> i64 {
    now.micros().saturating_sub(tries.last.micros()).max(0)
}

/// Nothing for the first tries, then 1, 2, 4 … seconds.
fn pause_seconds(count: u32) -> u32 {
    match count.checked_sub(FREE_TRIES) {
        None => 0,
        Some(over) => 1_u32
            .checked_shl(over)
            .unwrap_or(PAUSE_MAX_SECONDS)
            .clamp(1, PAUSE_MAX_SECONDS),
    }
}

fn key(login: &str) -> String {
    let mut key = login.trim().to_lowercase();
    while key.len() > LOGIN_BYTES {
        key.pop();
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_795_320_000_000_000 + seconds * MICROS_PER_SECOND)
    }

    #[test]
    fn pauses_grow_and_end() {
        let attempts = Attempts::default();
        for _ in 0..FREE_TRIES {
            assert_eq!(attempts.begin("zhang", at(0)), Ok(()));
        }
        assert_eq!(
            attempts.begin(" Zhang ", at(0)),
            Err(1),
            "the same login in another spelling"
        );
        assert_eq!(attempts.begin("li", at(0)), Ok(()), "others do not wait");
        assert_eq!(attempts.begin("zhang", at(1)), Ok(()));
        assert_eq!(attempts.begin("zhang", at(2)), Err(1));
        assert_eq!(attempts.begin("zhang", at(3)), Ok(()));
        assert_eq!(attempts.begin("zhang", at(3)), Err(4));
        assert_eq!(attempts.begin("zhang", at(3 + 900)), Ok(()), "forgotten");
        assert_eq!(attempts.begin("zhang", at(3 + 900)), Ok(()));
    }

    #[test]
    fn a_right_password_forgives() {
        let attempts = Attempts::default();
        for _ in 0..50 {
            assert_eq!(attempts.begin("zhang", at(0)), Ok(()));
            attempts.succeeded("zhang");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        for n in 0..LOGINS_MAX + 10 {
            let seconds = i64::try_from(n).unwrap();
            assert_eq!(attempts.begin(&format!("login{n}"), at(seconds)), Ok(()));
        }
        assert_eq!(attempts.0.lock().unwrap().len(), LOGINS_MAX);
        assert_eq!(key(&"字".repeat(100)).len(), 198);
    }

    #[test]
    fn the_longest_pause_is_a_minute() {
        assert_eq!(pause_seconds(FREE_TRIES - 1), 0);
        assert_eq!(pause_seconds(FREE_TRIES), 1);
        assert_eq!(pause_seconds(FREE_TRIES + 40), PAUSE_MAX_SECONDS);
        assert_eq!(pause_seconds(u32::MAX), PAUSE_MAX_SECONDS);
    }
}
