//! How much memory a million streams take, how fast their heads change, and how long proofs are.
//! Prints figures and asserts none: machines differ. Run with `cargo bench -p tlog --bench map`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tlog::map::{Map, MapValue, verify_lookup};
use tlog::{Hash, Peaks, leaf_hash};

/// Streams in the map.
const STREAMS: u64 = 1_000_000;
/// Head updates measured, and how many of them are sealed together, as in one tick.
const UPDATES: u64 = 400_000;
const TICK: u64 = 1_000;
/// Proofs made and checked.
const PROOFS: u64 = 100_000;

/// A stream's head as the house writes it: the number of leaves and their root.
#[derive(Clone, Default)]
struct Head(Peaks);

impl MapValue for Head {
    fn write(&self, bytes: &mut Vec<u8>) {
        let (count, root) = (self.0.size(), self.0.root());
        bytes.extend_from_slice(format!("{{\"n\":{count},\"r\":\"{root}\"}}").as_bytes());
    }
}

/// A key of one of four kinds, its id spread as those of the house are.
fn key(number: u64) -> Vec<u8> {
    let kind = ["camp", "fund", "place", "org"][(number % 4) as usize];
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{kind}/{spread:016x}").into_bytes()
}

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

fn main() {
    let before = resident_kib();
    let mut map: Map<Head> = Map::new();
    let took = time(|| {
        for number in 0..STREAMS {
            append(&mut map, number);
            // A few leaves more on some, as streams have.
            (0..number % 3).for_each(|_| append(&mut map, number));
        }
    });
    line(
        "fill: a leaf into one of a million streams",
        STREAMS * 2,
        took,
    );
    let took = time(|| {
        black_box(map.seal().root());
    });
    line("seal a new map of a million streams", STREAMS, took);
    let after = resident_kib();
    println!(
        "resident memory of {STREAMS} streams: {} MB",
        (after - before) / 1_000
    );

    let took = time(|| {
        for number in 0..UPDATES {
            append(&mut map, number.wrapping_mul(7_919) % STREAMS);
            if number % TICK == TICK - 1 {
                black_box(map.seal().root());
            }
        }
    });
    line("change a head, sealed 1,000 at a time", UPDATES, took);

    let sealed = map.seal();
    let (mut longest, mut total) = (0, 0);
    let took = time(|| {
        for number in 0..PROOFS {
            let proof = sealed.prove(&key(number * 9));
            longest = longest.max(proof.len());
            total += proof.len() as u64;
        }
    });
    line("prove a head", PROOFS, took);
    println!(
        "bytes of a proof: mean {}, longest {longest}",
        total / PROOFS
    );
    let (root, asked) = (sealed.root(), key(9));
    let mut value = Vec::new();
    if let Some(head) = map.get(&asked) {
        head.write(&mut value);
    }
    let proof = map
        .sealed()
        .map(|sealed| sealed.prove(&asked))
        .unwrap_or_default();
    let took = time(|| {
        for _ in 0..PROOFS {
            let _ = black_box(verify_lookup(&root, &asked, Some(&value), &proof));
        }
    });
    line("check a proof", PROOFS, took);
    println!(
        "it verifies: {}",
        verify_lookup(&root, &asked, Some(&value), &proof).is_ok()
    );
}

fn append(map: &mut Map<Head>, number: u64) {
    let _ = map.update(&key(number), Head::default, |head| {
        let _ = head.0.append(leaf(number));
    });
}

/// What this process holds in memory, by the kernel's count; zero where there is none.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1))
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn line(what: &str, count: u64, took: Duration) {
    let nanos = took.as_nanos().max(1);
    let each = nanos / u128::from(count.max(1));
    let second = u128::from(count) * 1_000_000_000 / nanos;
    println!("{what:<46} {each:>8} ns  {second:>10} /s");
}
