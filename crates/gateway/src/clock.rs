//! The clock of this machine: the only room of the house that reads it.
//!
//! Everybody else is handed a [`Timestamp`] or a [`Clock`], so that a test moves time
//! instead of waiting for it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kernel::Timestamp;

/// 〔时钟〕 Something that says what time it is.
pub trait Clock: Send + Sync {
    /// The present moment, in microseconds UTC. It may stand still or go back; whoever
    /// needs an order uses ids, not times.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the wall clock"
    )]
    fn now(&self) -> Timestamp {
        let now = SystemTime::now();
        // A machine whose clock stands before 1970 is badly set, but still gets an answer.
        let micros = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => {
                i64::try_from(before.duration().as_micros()).map_or(i64::MIN, i64::saturating_neg)
            }
        };
        Timestamp::from_micros(micros)
    }
}

/// A clock that stands until it is moved: for tests, seeds and simulations.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub const fn new(start: Timestamp) -> Self {
        ManualClock(AtomicI64::new(start.micros()))
    }

    /// Moves the hands to `now`, backwards too: real clocks do that.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    /// Moves the hands by `micros` microseconds (negative: back) and says where they stand.
    /// The clock stops at the ends of the 64-bit range instead of wrapping round.
    pub fn advance(&self, micros: i64) -> Timestamp {
        let step = |now: i64| Some(now.saturating_add(micros));
        let before = match self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, step)
        {
            Ok(before) | Err(before) => before,
        };
        Timestamp::from_micros(before.saturating_add(micros))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A stopwatch for benches and time-outs: never goes back, knows no date.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the monotonic clock"
    )]
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Time since the start in whole microseconds.
    #[must_use]
    pub fn micros(&self) -> i64 {
        i64::try_from(self.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// How many of `count` things were done per second since the start, rounded down;
    /// `count` itself when no microsecond has passed.
    #[must_use]
    pub fn per_second(&self, count: u64) -> u64 {
        let micros = self.elapsed().as_micros().max(1);
        let rate = u128::from(count).saturating_mul(1_000_000) / micros;
        u64::try_from(rate).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_clock_moves_only_by_hand() {
        let clock = ManualClock::new(Timestamp::from_micros(5));
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.advance(7).micros(), 12);
        assert_eq!(clock.advance(-20).micros(), -8);
        clock.set(Timestamp::from_micros(i64::MAX));
        assert_eq!(clock.advance(1).micros(), i64::MAX);
        assert_eq!(clock.now().micros(), i64::MAX);
    }

    #[test]
    fn the_system_clock_is_in_this_century() {
        let now = SystemClock.now();
        let (year, _, _) = now.day().ymd();
        assert!((2025..2100).contains(&year), "{}", now.rfc3339());
    }

    #[test]
    fn the_stopwatch_never_goes_back() {
        let watch = Stopwatch::start();
        let first = watch.micros();
        assert!(first >= 0 && watch.micros() >= first);
        assert!(watch.per_second(1_000_000) > 0);
    }
}
