//! What people see while they wait, and how answers are written out.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, Write};

/// A bar for work of known length; nothing at all where nobody watches a terminal.
pub(crate) fn progress(total: u64, doing: &'static str) -> ProgressBar {
    // indicatif hides what goes to stderr when that is no terminal.
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
    let style = ProgressStyle::with_template(
        "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} 剩余 {eta}",
    );
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(doing);
    bar
}

/// Writes text to standard output. A reader that has gone away is no mistake of ours.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes one JSON value as a line.
pub(crate) fn say_json(value: &serde_json::Value) {
    say(&format!("{value}\n"));
}

/// Fen as yuan with groups: `1,234.50`. Sums may be negative where something is wrong.
pub(crate) fn yuan(fen: i64) -> String {
    kernel::Fen::new(fen).grouped()
}

/// A count with groups: `1,234`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len().saturating_mul(2));
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let groups = [0, 7, 999, 1_000, 1_234_567].map(count);
        assert_eq!(groups, ["0", "7", "999", "1,000", "1,234,567"]);
    }
}
