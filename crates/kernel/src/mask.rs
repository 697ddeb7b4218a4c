//! Masks: how personal data is shown in public. One library for the whole house, applied
//! where something leaves it.
//!
//! Source: practice of GB/T 35273 (rule SE-10); GB 11643-1999 for the identity number.

use crate::limits::CODE_TEXT_CHARS;
use crate::text::plain_upper;
use crate::time::Day;

/// Family names of two characters 〔复姓〕, simplified and traditional.
const COMPOUND_SURNAMES: &str = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 \
    濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 \
    宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 左丘 东门 西门 梁丘 单于 淳于 第五 \
    歐陽 司馬 東方 獨孤 南宮 萬俟 聞人 諸葛 尉遲 赫連 澹臺 濮陽 公孫 仲孫 鍾離 長孫 鮮於 閭丘 子車 巫馬 顓孫 壤駟 樂正 穀梁 \
    夾谷 軒轅 東郭 南門 東門 西門 單于 淳於";

/// 〔只留姓氏〕 王小明 becomes 王**, 欧阳娜娜 becomes 欧阳**: the family name and always two stars, so that nothing
/// tells how long the given name is.
///
/// A name that is not written in Chinese characters, or that carries the dot of names without a family name, keeps its
/// first letter only: where the family name stands in it cannot be known, so less is shown and never more.
#[must_use]
pub fn mask_given_name(name: &str) -> String {
    let mut chars = name.trim().chars().take(CODE_TEXT_CHARS);
    let Some(first) = chars.next() else {
        return String::new();
    };
    if !first.is_alphabetic() {
        return "**".to_owned();
    }
    let rest: Vec<char> = chars.collect();
    if let [second, _, ..] = rest.as_slice()
        && !rest.iter().any(|c| matches!(c, '·' | '•' | '‧' | '・'))
        && compound(first, *second)
    {
        return format!("{first}{second}**");
    }
    format!("{first}**")
}

/// Whether these two characters are one family name.
fn compound(first: char, second: char) -> bool {
    COMPOUND_SURNAMES
        .split(' ')
        .any(|name| name.chars().eq([first, second]))
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
    fn only_the_family_name_is_left() {
        let check = |name, masked| assert_eq!(mask_given_name(name), masked, "{name}");
        check("王小明", "王**");
        check(" 张三 ", "张**");
        check("李", "李**");
        check("欧阳娜娜", "欧阳**");
        check("歐陽菲", "歐陽**");
        check("欧阳", "欧**"); // a given name of one character: 欧 has no family name of two here
        check("司马相如", "司马**");
        check("司小马", "司**");
        check("东方·买买提", "东**");
        check("阿卜杜热合曼·买买提", "阿**");
        check("John Smith", "J**");
        check("13812345678", "**");
        check("𠮷田茂", "𠮷**");
        check("", "");
        assert_eq!(mask_child_name("张小明"), "张某");
        assert_eq!(mask_child_name(" "), "");
        assert!(
            COMPOUND_SURNAMES
                .split(' ')
                .all(|name| name.chars().count() == 2)
        );
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
            prop_assert!(shown(mask_given_name(&text)) <= 2);
            prop_assert!(shown(mask_phone(&text)) <= 7);
            prop_assert!(shown(mask_id_number(&text)) <= 7 + stars);
            prop_assert!(shown(mask_account(&text)) <= 4 + stars);
        }
    }
}
