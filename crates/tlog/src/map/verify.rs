//! Checking of proofs about a map. Believes nothing but the root; everything that is not exactly
//! as it must be is an error, also what would change no answer.

use super::digest::{branch_hash, read_uvarint, record_hash};
use super::key::{bit, bits_of, first_difference, has_prefix};
use crate::hash::Hash;
use crate::limits::{
    HASH_BYTES, MAP_BITS_MAX, MAP_KEY_BYTES_MAX, MAP_PROOF_BYTES_MAX, MAP_VALUE_BYTES_MAX,
};

/// Why a proof about a map is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MapProofError {
    /// A key, value or proof is beyond the limits.
    #[error("映射证明过大，请核对来源")]
    TooLarge,
    /// The bytes are not those of a proof.
    #[error("映射证明格式不对，请重新下载")]
    Malformed,
    /// The steps do not lead upwards, or lead past what is asked for.
    #[error("映射证明的路径次序不对，请勿采信")]
    WrongPath,
    /// The record shown instead of the absent one is no evidence for its absence.
    #[error("映射证明所示的另一条记录不能证明所查记录不存在，请勿采信")]
    WrongWitness,
    /// A record is not sorted, is shown twice, or has not the prefix asked for.
    #[error("所列记录次序不对、重复或不属于所查范围，请勿采信")]
    WrongRecords,
    /// The proof does not lead to the root.
    #[error("映射证明推算不出所签的根，内容与日志不符，请勿采信")]
    RootDiffers,
}

impl MapProofError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            MapProofError::TooLarge => "tlog.map.too_large",
            MapProofError::Malformed => "tlog.map.malformed",
            MapProofError::WrongPath => "tlog.map.wrong_path",
            MapProofError::WrongWitness => "tlog.map.wrong_witness",
            MapProofError::WrongRecords => "tlog.map.wrong_records",
            MapProofError::RootDiffers => "tlog.map.root_differs",
        }
    }
}

/// Checks that in the map with `root` the key has this value, or (`None`) is absent.
///
/// # Errors
/// [`MapProofError`] otherwise.
pub fn verify_lookup(
    root: &Hash,
    key: &[u8],
    value: Option<&[u8]>,
    proof: &[u8],
) -> Result<(), MapProofError> {
    check_sizes(key, value.unwrap_or_default(), proof)?;
    let Some(value) = value else {
        // The way down to the absent key must end at another record.
        return verify_absence(root, proof, |other, index| match index {
            None => first_difference(key, other).is_some(),
            Some(index) => bit(key, index) == bit(other, index),
        });
    };
    let steps = Steps::parse(proof, MAP_BITS_MAX)?;
    steps.climb(key, record_hash(key, value), root)
}

/// Checks that `records` are all records whose key has this prefix in the map with `root`; they
/// must be sorted as the map sorts them. No records: that there are none.
///
/// # Errors
/// [`MapProofError`] otherwise.
pub fn verify_prefix(
    root: &Hash,
    prefix: &[u8],
    records: &[(&[u8], &[u8])],
    proof: &[u8],
) -> Result<(), MapProofError> {
    if !records.iter().all(|(key, _)| has_prefix(key, prefix)) {
        return Err(MapProofError::WrongRecords);
    }
    verify_prefix_root(root, prefix, &subtree_root(records)?, proof)
}

/// Checks that the subtree with the root `part` holds every key with this prefix; it may hold
/// others too. Only with [`subtree_root`] over records that all have the prefix is it an answer:
/// [`verify_prefix`] does both.
///
/// # Errors
/// [`MapProofError`] otherwise.
pub fn verify_prefix_root(
    root: &Hash,
    prefix: &[u8],
    part: &Hash,
    proof: &[u8],
) -> Result<(), MapProofError> {
    check_sizes(prefix, &[], proof)?;
    let end = bits_of(prefix);
    if *part == Hash::EMPTY_ROOT {
        // Below the prefix's last bit all keys of a subtree agree on the whole prefix, so one
        // without it speaks for all.
        return verify_absence(root, proof, |other, index| match index {
            None => !has_prefix(other, prefix),
            Some(index) => index >= end || bit(prefix, index) == bit(other, index),
        });
    }
    // A step at a bit beyond the prefix would leave out keys that have it.
    Steps::parse(proof, end)?.climb(prefix, *part, root)
}

/// The root of the map that holds exactly these records, sorted as the map sorts them.
///
/// # Errors
/// [`MapProofError`] if they are not sorted, or one is twice or too long.
pub fn subtree_root(records: &[(&[u8], &[u8])]) -> Result<Hash, MapProofError> {
    for (key, value) in records {
        check_sizes(key, value, &[])?;
    }
    for (before, after) in records.iter().zip(records.iter().skip(1)) {
        let parted = first_difference(before.0, after.0);
        if parted.is_none_or(|index| bit(before.0, index)) {
            return Err(MapProofError::WrongRecords);
        }
    }
    Ok(sorted_root(records))
}

/// The first and the last of sorted keys differ earlier than any other two; that bit parts them.
fn sorted_root(records: &[(&[u8], &[u8])]) -> Hash {
    let (Some((first, value)), Some((last, _))) = (records.first(), records.last()) else {
        return Hash::EMPTY_ROOT;
    };
    let Some(index) = first_difference(first, last) else {
        return record_hash(first, value);
    };
    let (left, right) = records.split_at(records.partition_point(|(key, _)| !bit(key, index)));
    branch_hash(index, &sorted_root(left), &sorted_root(right))
}

/// Checks a proof that shows another record in place of what is absent. `speaks` says whether
/// the other record is one that can (`None`), and whether it lies on the way to what is absent
/// at a step's bit.
fn verify_absence(
    root: &Hash,
    proof: &[u8],
    speaks: impl Fn(&[u8], Option<u32>) -> bool,
) -> Result<(), MapProofError> {
    if proof.is_empty() || *root == Hash::EMPTY_ROOT {
        // In an empty map everything is absent, and only there without evidence.
        return match (proof.is_empty(), *root == Hash::EMPTY_ROOT) {
            (true, true) => Ok(()),
            (true, false) => Err(MapProofError::RootDiffers),
            (false, _) => Err(MapProofError::Malformed),
        };
    }
    let (key, rest) = read_part(proof, MAP_KEY_BYTES_MAX)?;
    let (value, rest) = read_part(rest, MAP_VALUE_BYTES_MAX)?;
    let steps = Steps::parse(rest, MAP_BITS_MAX)?;
    let on_the_way = |(index, _): &(u32, Hash)| speaks(key, Some(*index));
    if !speaks(key, None) || !steps.0.iter().all(on_the_way) {
        return Err(MapProofError::WrongWitness);
    }
    steps.climb(key, record_hash(key, value), root)
}

/// Bytes behind their length.
fn read_part(bytes: &[u8], most: usize) -> Result<(&[u8], &[u8]), MapProofError> {
    let (length, rest) = read_uvarint(bytes).ok_or(MapProofError::Malformed)?;
    let length = usize::try_from(length).map_err(|_| MapProofError::TooLarge)?;
    if length > most {
        return Err(MapProofError::TooLarge);
    }
    rest.split_at_checked(length)
        .ok_or(MapProofError::Malformed)
}

/// The way up to the root: at which bit, and the hash of the other side.
struct Steps(Vec<(u32, Hash)>);

impl Steps {
    /// Reads steps; each stands at a smaller bit than the one before, the first below `end`.
    fn parse(mut bytes: &[u8], end: u32) -> Result<Steps, MapProofError> {
        let mut steps = Vec::new();
        let mut below = u64::from(end);
        while !bytes.is_empty() {
            let (index, rest) = read_uvarint(bytes).ok_or(MapProofError::Malformed)?;
            let (hash, rest) = rest
                .split_first_chunk::<HASH_BYTES>()
                .ok_or(MapProofError::Malformed)?;
            if index >= below {
                return Err(MapProofError::WrongPath);
            }
            (below, bytes) = (index, rest);
            let index = u32::try_from(index).map_err(|_| MapProofError::Malformed)?;
            steps.push((index, Hash(*hash)));
        }
        Ok(Steps(steps))
    }

    /// Goes up from `hash`, on the side that the bits of `key` say, and compares with the root.
    fn climb(&self, key: &[u8], hash: Hash, root: &Hash) -> Result<(), MapProofError> {
        let top = self.0.iter().fold(hash, |hash, (index, sibling)| {
            if bit(key, *index) {
                branch_hash(*index, sibling, &hash)
            } else {
                branch_hash(*index, &hash, sibling)
            }
        });
        if top == *root {
            Ok(())
        } else {
            Err(MapProofError::RootDiffers)
        }
    }
}

fn check_sizes(key: &[u8], value: &[u8], proof: &[u8]) -> Result<(), MapProofError> {
    let large = key.len() > MAP_KEY_BYTES_MAX
        || value.len() > MAP_VALUE_BYTES_MAX
        || proof.len() > MAP_PROOF_BYTES_MAX;
    if large {
        Err(MapProofError::TooLarge)
    } else {
        Ok(())
    }
}
