//! How large and how old anything of a payment notice may be.

/// Longest body in bytes. Ours has about 250, a WeChat Pay notice about 1,500.
pub const BODY_BYTES: usize = 8_192;
/// A notice may be so many seconds older or newer than our clock; channels sign each
/// repetition anew, so an honest one is always fresh.
pub const CLOCK_SECONDS: i64 = 300;
/// Longest key id.
pub const KEY_ID_BYTES: usize = 64;
/// Longest timestamp header: decimal seconds, enough until the year 33658.
pub const TIMESTAMP_BYTES: usize = 12;
/// Shortest nonce.
pub const NONCE_MIN_BYTES: usize = 8;
/// Longest nonce.
pub const NONCE_BYTES: usize = 64;
/// Smallest RSA modulus in bits.
pub const RSA_MIN_BITS: usize = 2_048;
/// Largest RSA modulus in bits: a larger one only costs the verifier time.
pub const RSA_BITS: usize = 4_096;
/// Longest signature in bytes: that of the largest RSA key.
pub const SIGNATURE_BYTES: usize = RSA_BITS / 8;
/// Longest signature in base64.
pub const SIGNATURE_TEXT_BYTES: usize = SIGNATURE_BYTES.div_ceil(3) * 4;
/// Longest name of a channel.
pub const CHANNEL_BYTES: usize = 32;
/// Longest merchant, payment or order number.
pub const NUMBER_BYTES: usize = 64;
/// Signatures that are checked in one equation: more save little and keep the first waiting.
pub const GROUP: usize = 128;
/// Signatures that may wait to be checked; whoever comes then waits for room.
pub const GROUP_WAITING: usize = 4_096;
/// Largest amount in fen: ten million million yuan, as everywhere in the house.
pub const AMOUNT_FEN: i64 = 1_000_000_000_000_000;
/// Largest number that every JSON reader keeps exactly.
pub const JSON_INTEGER: i64 = (1 << 53) - 1;
/// Keys that one house may know.
pub const KEYS: usize = 100_000;
/// Longest file of keys in bytes.
pub const KEYS_FILE_BYTES: usize = 64 << 20;
