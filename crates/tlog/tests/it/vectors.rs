//! Published vectors, which every verifier of ours must answer alike, and roots of our own.
//!
//! The published files are not part of this repository; where they are absent the test says so
//! loudly and checks nothing.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tlog::{Edge, Hash, VerifierKey, leaf_hash, verify_consistency, verify_inclusion};

use crate::naive::entry;

/// The cases of a published file, or nothing and a loud line.
fn cases(file: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/vectors")
        .join(file);
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap(),
        Err(error) => {
            eprintln!(
                "VECTORS ABSENT, NOTHING CHECKED: {}: {error}",
                path.display()
            );
            Vec::new()
        }
    }
}

/// A hash of a vector. Cases about sizes alone put words ("don't care") in place of hashes; they
/// get hashes that are equal exactly where the words are. Any other wrong length is no hash.
fn hash(value: &Value) -> Option<Hash> {
    let bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
    if bytes.starts_with(b"don't care") {
        return Some(Hash(Sha256::digest(&bytes).into()));
    }
    Hash::from_slice(&bytes).ok()
}

fn hashes(value: &Value) -> Option<Vec<Hash>> {
    value
        .as_array()
        .map_or(Some(Vec::new()), |list| list.iter().map(hash).collect())
}

/// Runs all cases; a case whose hashes are no hashes is refused before any proof is looked at.
fn check(file: &str, accepts: fn(&Value) -> Option<bool>) {
    let cases = cases(file);
    for case in &cases {
        let refused = case["wantErr"].as_bool().unwrap();
        assert_eq!(accepts(case).unwrap_or(false), !refused, "{case:#}");
    }
    assert!(
        cases.is_empty() || cases.len() == 98,
        "{} cases of {file}",
        cases.len()
    );
}

#[test]
fn inclusion_vectors() {
    check("merkle/inclusion.json", |case| {
        let (index, size) = (case["leafIdx"].as_u64()?, case["treeSize"].as_u64()?);
        let (leaf, root) = (hash(&case["leafHash"])?, hash(&case["root"])?);
        Some(verify_inclusion(&leaf, index, size, &hashes(&case["proof"])?, &root).is_ok())
    });
}

#[test]
fn consistency_vectors() {
    check("merkle/consistency.json", |case| {
        let (old, new) = (case["size1"].as_u64()?, case["size2"].as_u64()?);
        let (old_root, new_root) = (hash(&case["root1"])?, hash(&case["root2"])?);
        let proof = hashes(&case["proof"])?;
        Some(verify_consistency(old, new, &proof, &old_root, &new_root).is_ok())
    });
}

/// Which edge cases of Ed25519 we accept, said once for all verifiers: keys and commitments with
/// a component of small order, but none that are of small order, none in a second form, and none
/// that only the equation with cofactor accepts.
#[test]
fn ed25519_vectors() {
    let cases = cases("ed25519/ed25519vectors.json");
    let mut accepted = 0;
    for case in &cases {
        let no_flags = Vec::new();
        let flags: Vec<&str> = case["flags"]
            .as_array()
            .unwrap_or(&no_flags)
            .iter()
            .flat_map(Value::as_str)
            .collect();
        let tolerated = ["low_order_component_A", "low_order_component_R"];
        let want = flags.iter().all(|flag| tolerated.contains(flag));
        let bytes = |name: &str| hex::decode(case[name].as_str().unwrap()).unwrap();
        let key = VerifierKey::ed25519("a", bytes("key").as_slice().try_into().unwrap());
        let message = case["msg"].as_str().unwrap();
        let got = key.is_ok_and(|key| key.verify(message, &bytes("sig")));
        assert_eq!(got, want, "{case:#}");
        accepted += usize::from(got);
    }
    assert!(cases.is_empty() || accepted > 0);
}

#[test]
fn roots_computed_elsewhere() {
    // By a separate program of twenty lines in Python from RFC 6962 2.1; entries "entry 0", ….
    let check = |size: u64, want: &str| {
        let mut edge = Edge::new();
        (0..size).for_each(|number| edge.append(leaf_hash(&entry(number))).unwrap());
        assert_eq!(edge.root().to_string(), want, "{size}");
    };
    check(0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    check(1, "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=");
    check(2, "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=");
    check(3, "lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=");
    check(7, "mMl/C6MXXNCLAx3QhLncTmSbZNGijm6mlGRlAxc6tYc=");
    check(8, "tpcyzlyRQWLKmsz69OldP5h01ogFQ3CIqv8YSk25Z3M=");
    check(255, "z2Z5PmMp3/JC6zzuCm82rT46GW3MVzoex3XhAr6GPxw=");
    check(256, "2mWW2VNp9f7zIquOTg2jsLUCNqqcijsdJG90Ecni4y4=");
    check(257, "XB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=");
    check(65_536, "B7Gjd5YKThLjNI1ukymuYxapWwL7HCLpCSMbOqRIYac=");
    check(70_000, "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=");
}
