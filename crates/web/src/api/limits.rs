//! How much a machine may send at once.

/// Longest JSON body in bytes: 64 KiB; the longest story takes 20 KB of it.
pub(crate) const JSON_BYTES: usize = 64 << 10;
/// Shortest `Idempotency-Key`: visitors share one room of keys, so theirs must be hard to hit by chance.
pub(crate) const KEY_MIN: usize = 16;
/// Longest `Idempotency-Key`.
pub(crate) const KEY_MAX: usize = 64;
/// Longest bearer token that is looked up at all.
pub(crate) const TOKEN_MAX: usize = 200;
/// Characters of `User-Agent` that are kept with a session.
pub(crate) const DEVICE_MAX: usize = 200;
/// Files of evidence that one delivery may name at once.
pub(crate) const EVIDENCE_MAX: usize = 20;
/// Longest cursor, search or token in an address.
pub(crate) const QUERY_BYTES: usize = 2_048;
/// Microseconds between two looks for new channel keys: strangers cannot make us read faster.
pub(crate) const KEYS_EVERY_MICROS: i64 = 1_000_000;
