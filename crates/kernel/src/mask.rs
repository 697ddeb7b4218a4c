//! Masks: how personal data is shown in public. One library for the whole house, applied
//! where something leaves it.
//!
//! Source: practice of GB/T 35273 (rule SE-10); GB 11643-1999 for the identity number.

use crate::limits::{CODE_TEXT_CHARS, NAME_STARS};
use crate::text::plain_upper;
use crate::time::Day;

/// 〔姓名掩码〕 李四 becomes 李*, 张小明 becomes 张*明. At most three stars stand between, so
/// that a long name shows no more than a short one.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let chars: Vec<char> = name.trim().chars().take(CODE_TEXT_CHARS).collect();
    match chars.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, between @ .., last] => {
            format!("{first}{}{last}", "*".repeat(between.len().min(NAME_STARS)))
        }
    }
}

/// 〔未成年人姓名掩码〕 A child is shown by the family name only: 张某. A family name of two
/// characters is not told apart from one of one, which shows less and never more.
#[must_use]
pub fn mask_child_name(name: &str) -> String {
    name.trim()
        .chars()
        .next()
        .map_or_else(String::new, |first| format!("{first}某"))
}

/// 〔电话掩码〕 138****5678; a country code, blanks and hyphens are left out. A number with
/// fewer than eleven digits keeps its last two, one with fewer than seven nothing.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let plain = plain_upper(phone, CODE_TEXT_CHARS).unwrap_or_default();
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest,
        _ => &digits,
    };
    match digits.len() {
        0..7 => "*".repeat(digits.len()),
        7..11 => masked(digits, 0, 2),
        _ => masked(digits, 3, 4),
    }
}

/// 〔证件号码掩码〕 330***********1234. Documents with another length than 18 keep only the
/// last four, with fewer than eight characters nothing.
#[must_use]
pub fn mask_id_number(number: &str) -> String {
    let plain = plain_upper(number, CODE_TEXT_CHARS).unwrap_or_default();
    match plain.chars().count() {
        18 => masked(&plain, 3, 4),
        count @ 0..8 => "*".repeat(count),
        _ => masked(&plain, 0, 4),
    }
}

/// 〔账号掩码〕 Only the last four characters of a bank account are shown.
#[must_use]
pub fn mask_account(account: &str) -> String {
    let plain = plain_upper(account, CODE_TEXT_CHARS).unwrap_or_default();
    let plain: String = plain.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    match plain.chars().count() {
        count @ 0..8 => "*".repeat(count),
        _ => masked(&plain, 0, 4),
    }
}

/// 〔公民身份号码校验〕 Whether this is an identity number of 18 characters: digits, a date
/// of birth that exists, and the check character of GB 11643-1999.
#[must_use]
pub fn id_number_ok(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &str = "10X98765432";
    let Some(plain) = plain_upper(number, CODE_TEXT_CHARS).filter(|plain| plain.len() == 18) else {
        return false;
    };
    let mut sum = 0_u32;
    for (digit, weight) in plain.chars().zip(WEIGHTS) {
        let Some(value) = digit.to_digit(10) else {
            return false;
        };
        sum = sum.saturating_add(value.saturating_mul(weight));
    }
    let check = usize::try_from(sum.rem_euclid(11))
        .ok()
        .and_then(|at| CHECKS.chars().nth(at));
    // ASCII digits so far, so these places lie between characters
    let part = |from, to| plain.get(from..to).unwrap_or_default();
    let birth = format!("{}-{}-{}", part(6, 10), part(10, 12), part(12, 14));
    plain.chars().last() == check && !plain.starts_with('0') && Day::parse(&birth).is_ok()
}

/// Stars for all but the first and the last so many characters.
fn masked(text: &str, first: usize, last: usize) -> String {
    let hidden_end = text.chars().count().saturating_sub(last);
    let star = |(at, c)| {
        if at < first || at >= hidden_end {
            c
        } else {
            '*'
        }
    };
    text.chars().enumerate().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_masked() {
        let check = |name, masked| assert_eq!(mask_name(name), masked);
        check("", "");
        check("张", "*");
        check(" 李四 ", "李*");
        check("张小明", "张*明");
        check("欧阳娜娜", "欧**娜");
        check("阿卜杜热合曼·买买提", "阿***提");
        check("John Smith", "J***h");
        check("𠮷田茂", "𠮷*茂");
        assert_eq!(mask_child_name("张小明"), "张某");
        assert_eq!(mask_child_name(" "), "");
    }

    #[test]
    fn phones_are_masked() {
        let check = |phone, masked| assert_eq!(mask_phone(phone), masked);
        check("13812345678", "138****5678");
        check("+86 138-1234-5678", "138****5678");
        check("０５７１－８８８８１２３４", "057*****1234");
        check("88881234", "******34");
        check("12345", "*****");
        check("电话", "");
    }

    #[test]
    fn documents_and_accounts_are_masked() {
        let check = |number, masked| assert_eq!(mask_id_number(number), masked);
        check("330100190001010019", "330***********0019");
        check("33010019000101003x", "330***********003X");
        check("E12345678", "*****5678");
        check("1234567", "*******");
        assert_eq!(mask_account("6222 0201 2345 6789"), "************6789");
        assert_eq!(mask_account("1234567"), "*******");
    }

    #[test]
    fn identity_numbers_are_checked() {
        let check = |number, ok| assert_eq!(id_number_ok(number), ok, "{number}");
        check("330100190001010019", true); // ID-03
        check("11010519491231002X", true); // the standard's own example
        check(" １１０１０５１９４９１２３１００２ｘ ", true);
        check("440524188001010014", true); // the standard's other example
        check("330100190001010018", false);
        check("33010019000101001", false);
        check("330100900101001", false);
        check("33010019000101001善", false);
        check("", false);
        // a day that is not in the calendar, with a check character that would fit
        let birthless = (0..11)
            .any(|c| id_number_ok(&format!("33010019000230001{}", b"0123456789X"[c] as char)));
        assert!(!birthless);
    }

    proptest! {
        /// 11 is a prime and no weight is a multiple of it.
        #[test]
        fn one_wrong_digit_is_found(sequence in 0..1000_u32, at in 0..17_usize, other in 0..10_u8) {
            let good = (0..11)
                .map(|c| format!("330106{}{sequence:03}{}", 19_800_229, b"0123456789X"[c] as char))
                .find(|number| id_number_ok(number))
                .unwrap();
            let mut wrong = good.clone().into_bytes();
            wrong[at] = b'0' + other;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(id_number_ok(&wrong), wrong == good);
        }

        #[test]
        fn a_mask_never_shows_the_middle(text in "\\PC{0,40}") {
            let shown = |masked: String| masked.chars().filter(|c| *c != '*').count();
            let stars = text.matches(['*', '＊']).count();
            prop_assert!(shown(mask_name(&text)) <= 2);
            prop_assert!(shown(mask_phone(&text)) <= 7);
            prop_assert!(shown(mask_id_number(&text)) <= 7 + stars);
            prop_assert!(shown(mask_account(&text)) <= 4 + stars);
        }
    }
}
