//! Strict decimal numbers as all C2SP texts write them: ASCII digits, no sign, no leading zero.

/// Reads a number between zero and `max`; anything written in another way is refused.
pub(crate) fn parse_decimal(text: &str, max: u64) -> Option<u64> {
    let digits = text.as_bytes();
    let canonical = match digits {
        [] => false,
        [b'0'] => true,
        [first, ..] => *first != b'0',
    };
    if !canonical || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text.parse::<u64>().ok().filter(|number| *number <= max)
}

#[cfg(test)]
mod tests {
    use super::parse_decimal;

    #[test]
    fn only_the_one_way_to_write_a_number_is_read() {
        let check = |text: &str, want: Option<u64>| {
            assert_eq!(parse_decimal(text, 1_000), want, "{text:?}");
        };
        check("0", Some(0));
        check("7", Some(7));
        check("1000", Some(1_000));
        check("1001", None);
        check("", None);
        check("00", None);
        check("07", None);
        check("+7", None);
        check("-7", None);
        check(" 7", None);
        check("7\n", None);
        check("７", None);
        check("99999999999999999999999", None);
    }
}
