//! Half-width forms: people type codes and sums with the full-width keys of a Chinese
//! keyboard and mean the plain ones.

/// Full-width ASCII (！ to ～) becomes plain ASCII, the ideographic blank a plain blank.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).wrapping_sub(0xfee0)).unwrap_or(c),
        _ => c,
    }
}

/// Trims, makes half-width and upper-case; `None` when longer than `max` characters.
pub(crate) fn plain_upper(text: &str, max: usize) -> Option<String> {
    let mut plain = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count >= max {
            return None;
        }
        plain.push(half_width(c).to_ascii_uppercase());
    }
    Some(plain.trim().to_owned())
}
