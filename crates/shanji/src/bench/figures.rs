//! What benches measure with: percentiles in microseconds, and who used the processors. No floating point.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Times of many requests, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Times(Vec<u32>);

impl Times {
    /// Notes one.
    pub(super) fn note(&mut self, micros: i64) {
        self.0.push(u32::try_from(micros).unwrap_or(u32::MAX));
    }

    /// Takes over what another task noted.
    pub(super) fn join(&mut self, other: Times) {
        self.0.extend(other.0);
    }

    /// How many were noted.
    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Percentiles in microseconds.
    pub(super) fn spread(mut self) -> Spread {
        self.0.sort_unstable();
        // The nearest rank: the smallest time that so many of a thousand do not exceed.
        let at = |per_mille: usize| {
            let rank = self
                .0
                .len()
                .saturating_mul(per_mille)
                .div_ceil(1_000)
                .saturating_sub(1);
            self.0.get(rank).copied().unwrap_or(0)
        };
        Spread {
            p50: at(500),
            p99: at(990),
            p999: at(999),
            max: self.0.last().copied().unwrap_or(0),
        }
    }
}

/// Percentiles in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    pub(super) p50: u32,
    pub(super) p99: u32,
    pub(super) p999: u32,
    pub(super) max: u32,
}

impl Spread {
    /// For people, in milliseconds.
    pub(super) fn text(&self) -> String {
        let [p50, p99, p999, max] = [self.p50, self.p99, self.p999, self.max].map(millis);
        format!("p50 {p50} 毫秒，p99 {p99} 毫秒，p99.9 {p999} 毫秒，最大 {max} 毫秒")
    }

    /// For machines, in microseconds.
    pub(super) fn json(&self) -> Value {
        json!({"p50_micros": self.p50, "p99_micros": self.p99, "p999_micros": self.p999, "max_micros": self.max})
    }
}

/// Microseconds as milliseconds with three decimals.
pub(super) fn millis(micros: u32) -> String {
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}

/// How `part` stands to `whole` in per mille; nothing where the whole is nothing.
pub(super) fn per_mille(part: u64, whole: u64) -> u64 {
    part.saturating_mul(1_000).checked_div(whole).unwrap_or(0)
}

/// Per mille as per cent with one decimal.
pub(super) fn percent(per_mille: u64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// 〔处理器用时〕 Nanoseconds that the threads of this process have run, by the first word of their names.
///
/// Linux only; elsewhere nothing is known and nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Used(BTreeMap<String, u64>);

impl Used {
    /// As it stands now.
    pub(super) fn now() -> Used {
        let mut used = Used::default();
        let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
            return used;
        };
        for task in tasks.flatten() {
            let read = |file| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
            let ran = read("schedstat")
                .split_whitespace()
                .next()
                .and_then(|n| n.parse::<u64>().ok());
            let name = read("comm").trim().to_string();
            *used.0.entry(name).or_default() += ran.unwrap_or(0);
        }
        used
    }

    /// Microseconds since `earlier` for each of `count` things, by thread name, as tenths.
    pub(super) fn tenths_each(&self, earlier: &Used, count: u64) -> BTreeMap<String, u64> {
        let since = |name: &String, now: u64| {
            let ran = now.saturating_sub(earlier.0.get(name).copied().unwrap_or(0));
            (ran / 100).checked_div(count).unwrap_or(0)
        };
        let each = self
            .0
            .iter()
            .map(|(name, now)| (name.clone(), since(name, *now)));
        each.filter(|(_, tenths)| *tenths > 0).collect()
    }
}

/// `server 41.2 微秒，writer 33.0 微秒`
pub(super) fn used_text(tenths: &BTreeMap<String, u64>) -> String {
    let parts = tenths
        .iter()
        .map(|(name, t)| format!("{name} {}.{} 微秒", t / 10, t % 10));
    parts.collect::<Vec<_>>().join("，")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut times = Times::default();
        for micros in (1..=1_000).rev() {
            times.note(micros);
        }
        let spread = times.spread();
        assert_eq!(
            spread,
            Spread {
                p50: 500,
                p99: 990,
                p999: 999,
                max: 1_000
            }
        );
        assert!(
            spread.text().starts_with("p50 0.500 毫秒"),
            "{}",
            spread.text()
        );
        assert_eq!(Times::default().spread().max, 0);
    }

    #[test]
    fn ratios_are_whole_numbers() {
        assert_eq!(percent(per_mille(10_000, 40_800)), "24.5%");
        assert_eq!(per_mille(1, 0), 0);
    }

    #[test]
    fn work_is_counted_for_its_thread() {
        let before = Used::now();
        let after = Used(
            before
                .0
                .iter()
                .map(|(name, ran)| (name.clone(), ran + 1_000_000))
                .collect(),
        );
        for tenths in after.tenths_each(&before, 100).values() {
            assert_eq!(*tenths, 100);
        }
        assert_eq!(
            used_text(&BTreeMap::from([("writer".to_owned(), 412)])),
            "writer 41.2 微秒"
        );
    }
}
