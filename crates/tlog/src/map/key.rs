//! The bits of keys.

/// The byte at `place` of a key that is padded with 00 and then FF without end.
fn padded(key: &[u8], place: usize) -> u8 {
    match key.get(place) {
        Some(byte) => *byte,
        None if place == key.len() => 0x00,
        None => 0xff,
    }
}

/// The bit at `index` of the padded key, the most significant of each byte first.
pub(super) fn bit(key: &[u8], index: u32) -> bool {
    padded(key, (index / 8) as usize) & (0x80 >> (index % 8)) != 0
}

/// The first bit in which two keys differ; `None` if they are the same key.
pub(super) fn first_difference(a: &[u8], b: &[u8]) -> Option<u32> {
    // Beyond the longer key's end stands 00 for it and FF for the other one.
    let last = a.len().max(b.len());
    let place = (0..=last).find(|place| padded(a, *place) != padded(b, *place))?;
    let zeros = (padded(a, place) ^ padded(b, place)).leading_zeros();
    Some(
        u32::try_from(place)
            .ok()?
            .saturating_mul(8)
            .saturating_add(zeros),
    )
}

/// Whether the padded key begins with `prefix`.
pub(super) fn has_prefix(key: &[u8], prefix: &[u8]) -> bool {
    (0..prefix.len()).all(|place| Some(&padded(key, place)) == prefix.get(place))
}

/// The bits of a prefix.
pub(super) fn bits_of(prefix: &[u8]) -> u32 {
    u32::try_from(prefix.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8)
}
