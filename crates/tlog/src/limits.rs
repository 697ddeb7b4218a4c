//! Every limit of this crate, each with its reason.

/// Bytes of a SHA-256 hash.
pub const HASH_BYTES: usize = 32;

/// Hashes in a full tile (c2sp.org/tlog-tiles).
pub const TILE_WIDTH: u16 = 256;

/// Levels of the tree that one tile spans.
pub const TILE_HEIGHT: u32 = 8;

/// Bytes of a full tile.
pub const TILE_BYTES: usize = TILE_WIDTH as usize * HASH_BYTES;

/// Highest tile level that a path may name (c2sp.org/tlog-tiles).
pub const TILE_LEVEL_MAX: u8 = 63;

/// Most entries a log may hold: what fits a signed 64-bit column, and what Go's logs use.
pub const SIZE_MAX: u64 = i64::MAX as u64;

/// Highest tile index that a log of at most [`SIZE_MAX`] entries can have.
pub const TILE_INDEX_MAX: u64 = SIZE_MAX >> TILE_HEIGHT;

/// Three-digit groups in the longest tile index.
pub const TILE_PATH_GROUPS_MAX: usize = 6;

/// Longest tile path in bytes: `tile/entries/`, six groups, `.p/255`.
pub const TILE_PATH_BYTES_MAX: usize = 13 + TILE_PATH_GROUPS_MAX * 5 + 6;

/// Longest entry: its length is written as an unsigned 16-bit number.
pub const ENTRY_BYTES_MAX: usize = u16::MAX as usize;

/// Longest bundle: 256 entries of the greatest length, each behind two bytes.
pub const BUNDLE_BYTES_MAX: usize = TILE_WIDTH as usize * (ENTRY_BYTES_MAX + 2);

/// Most hashes in a proof: an inclusion proof has at most 63 in a tree of [`SIZE_MAX`], a
/// consistency proof at most one more.
pub const PROOF_HASHES_MAX: usize = 64;

/// Longest name of a key or a log.
pub const NAME_BYTES_MAX: usize = 255;

/// Most signatures on a note; the specification asks for at least 16.
pub const SIGNATURES_MAX: usize = 64;

/// Longest signature with its four bytes of key id; the post-quantum ones need almost 5 kB.
pub const SIGNATURE_BYTES_MAX: usize = 8_192;

/// Longest signed note, text and signatures together.
pub const NOTE_BYTES_MAX: usize = 1_048_576;

/// Latest time of a cosignature in seconds since 1970 (c2sp.org/tlog-cosignature).
pub const TIME_MAX: u64 = i64::MAX as u64;

/// Longest key material in a verifier key, algorithm byte included.
pub const KEY_BYTES_MAX: usize = 4_096;

/// Longest printed verifier key: name, eight hexadecimal digits and the key in base64.
pub const VERIFIER_KEY_BYTES_MAX: usize = NAME_BYTES_MAX + 10 + KEY_BYTES_MAX.div_ceil(3) * 4;

/// Longest extra data of a proof file: one entry of the greatest length in base64 and as much
/// again for what opens its commitments.
pub const EXTRA_BYTES_MAX: usize = 262_144;

/// Longest proof file.
pub const PROOF_FILE_BYTES_MAX: usize =
    64 + EXTRA_BYTES_MAX.div_ceil(3) * 4 + PROOF_HASHES_MAX * 45 + NOTE_BYTES_MAX;

/// Longest policy file; 32 logs, witnesses and groups, as the specification asks, need far less.
pub const POLICY_BYTES_MAX: usize = 262_144;

/// Most logs in a policy, most witnesses, and most groups.
pub const POLICY_ENTRIES_MAX: usize = 64;

/// Most hashes in a request to a witness (c2sp.org/tlog-witness).
pub const WITNESS_PROOF_HASHES_MAX: usize = 63;

/// Longest checkpoint that a witness looks at: three lines and some post-quantum signatures.
pub const WITNESS_NOTE_BYTES_MAX: usize = 65_536;

/// Longest request to a witness: the old size, the hashes, an empty line and the checkpoint.
pub const WITNESS_REQUEST_BYTES_MAX: usize =
    25 + WITNESS_PROOF_HASHES_MAX * 45 + 1 + WITNESS_NOTE_BYTES_MAX;

/// Longest answer of a witness that a log reads.
pub const WITNESS_REPLY_BYTES_MAX: usize = 65_536;

/// Longest key of a map.
pub const MAP_KEY_BYTES_MAX: usize = 255;

/// Longest value of a map.
pub const MAP_VALUE_BYTES_MAX: usize = 4_096;

/// Bits of a key with the bytes that pad it: one more byte parts any two keys.
pub const MAP_BITS_MAX: u32 = (MAP_KEY_BYTES_MAX as u32 + 1) * 8;

/// Longest proof about a map: another record, and at most one hash for each bit.
pub const MAP_PROOF_BYTES_MAX: usize =
    4 + MAP_KEY_BYTES_MAX + MAP_VALUE_BYTES_MAX + MAP_BITS_MAX as usize * (2 + HASH_BYTES);

/// Most records of a map: places are written in 31 bits.
pub const MAP_RECORDS_MAX: usize = (u32::MAX >> 1) as usize;
