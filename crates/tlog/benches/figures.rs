//! How fast leaves are hashed and appended, logs replayed, proofs made and checked, notes signed.
//! Prints figures and asserts none: machines differ. Run with `cargo bench -p tlog`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tlog::{
    Checkpoint, Edge, Replay, Signer, Tile, TileSet, bundles_of, encode_bundle, inclusion_proof,
    leaf_hash, verify_inclusion,
};

/// Entries of the size of a plain gift's leaf.
const ENTRY_BYTES: usize = 300;
/// Entries of the measured log: full bundles, and many subtrees at the edge.
const ENTRIES: u64 = 4_095 * 256;
/// Proofs made and checked.
const PROOFS: u64 = 50_000;
/// Checkpoints signed and opened.
const NOTES: u32 = 2_000;

fn main() {
    let entries: Vec<Vec<u8>> = (0..256)
        .map(|number| vec![number as u8; ENTRY_BYTES])
        .collect();
    let entry = |number: u64| entries[(number % 256) as usize].as_slice();

    let mut edge = Edge::new();
    let mut tiles: Vec<Tile> = Vec::new();
    let took = time(|| {
        for number in 0..ENTRIES {
            let _ = edge.append(leaf_hash(entry(number)));
            if number % 256 == 255 {
                tiles.extend(edge.take_full_tiles());
            }
        }
    });
    line("hash a leaf of 300 bytes and append it", ENTRIES, took);
    tiles.extend(edge.partial_tiles());
    let root = edge.root();

    let took = time(|| {
        for _ in 0..ENTRIES {
            let _ = black_box(black_box(&edge).root());
        }
    });
    line("root of the edge", ENTRIES, took);

    let bundle = encode_bundle(&entries).unwrap_or_default();
    let mut replay = Replay::new();
    let took = time(|| {
        for path in bundles_of(ENTRIES) {
            let _ = black_box(replay.feed(path, &bundle));
        }
    });
    println!(
        "replay reaches the same root: {}",
        replay.verify_root(ENTRIES, &root).is_ok()
    );
    line("replay an entry from its bundle", ENTRIES, took);

    let mut set = TileSet::new();
    let took = time(|| tiles.iter().for_each(|tile| set.insert(tile)));
    line("add a tile to a set", tiles.len() as u64, took);
    let stride = ENTRIES / PROOFS;
    let size = ENTRIES - 1_000;
    let took = time(|| {
        for number in 0..PROOFS {
            let _ = black_box(inclusion_proof(number * stride, size, &set));
        }
    });
    line("make an inclusion proof from tiles in memory", PROOFS, took);
    let proof = inclusion_proof(77, ENTRIES, &set).unwrap_or_default();
    let leaf = leaf_hash(entry(77));
    println!(
        "proof verifies: {}",
        verify_inclusion(&leaf, 77, ENTRIES, &proof, &root).is_ok()
    );
    let took = time(|| {
        for _ in 0..PROOFS {
            let _ = black_box(verify_inclusion(&leaf, 77, ENTRIES, &proof, &root));
        }
    });
    line("check an inclusion proof", PROOFS, took);
    notes(&root);
}

/// Signing and opening of checkpoints.
fn notes(root: &tlog::Hash) {
    let (Ok(log), Ok(checkpoint)) = (
        Signer::from_seed("log.example/a", &[1; 32]),
        Checkpoint::new("log.example/a", ENTRIES, *root),
    ) else {
        return;
    };
    let took = time(|| (0..NOTES).for_each(|_| drop(black_box(checkpoint.sign(&[&log])))));
    line("sign a checkpoint", u64::from(NOTES), took);
    let Ok(note) = checkpoint.sign(&[&log]) else {
        return;
    };
    let known = [log.verifier().clone()];
    let took = time(|| {
        for _ in 0..NOTES {
            let _ = black_box(Checkpoint::open(&note, "log.example/a", &known));
        }
    });
    line("open a checkpoint", u64::from(NOTES), took);
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
