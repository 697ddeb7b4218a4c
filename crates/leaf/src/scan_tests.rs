//! Numbers of people are found, numbers of ours are not.

use super::*;
use crate::ids::Donation;
use crate::{digest_text, ids};
use kernel::{Id, IdCipher, id_check_ok};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: Option<Personal>) {
    assert_eq!(scan(text), expected, "{text}");
}

#[test]
fn numbers_of_people_are_found() {
    check("13812345678", Some(Personal::Phone));
    check("联系人电话138-1234-5678转", Some(Personal::Phone));
    check("+86 (138) 1234 5678", Some(Personal::Phone));
    check("0086-13812345678", Some(Personal::Phone));
    check("１３８１２３４５６７８", Some(Personal::Phone));
    check("①③⑧①②③④⑤⑥⑦⑧", Some(Personal::Phone));
    check("一三八一二三四五六七八", Some(Personal::Phone));
    check("138\u{200b}1234\u{200b}5678", Some(Personal::Phone));
    check("0571-87654321", Some(Personal::Phone));
    check("110101199003078515", Some(Personal::IdNumber));
    check("11010119900307851X", Some(Personal::IdNumber));
    check("110101900307851", Some(Personal::IdNumber));
    check("6222 0212 3456 7890 128", Some(Personal::BankCard));
    check("6222 0212 3456 7890 129", Some(Personal::Digits));
    check("4111111111111111", Some(Personal::BankCard));
    check("4200001234202611221234567890", Some(Personal::Digits));
    check(&"7".repeat(500), Some(Personal::Digits));
}

#[track_caller]
fn check_words(text: &str, is_found: bool) {
    assert_eq!(scan_words(text).is_some(), is_found, "{text}");
}

#[test]
fn words_of_people_are_looked_at_more_closely() {
    for text in [
        "张三 110101199003077758 手机13800138000",
        "110101 1990-03-07 7758",
        "1101011990-03-07-7758",
        "138/0013/8000",
        "138*0013*8000",
        "壹叁捌零零壹叁捌零零零",
        "幺三八零零幺三八零零零",
        "１３８　００１３　８０００",
        "2026-03-01-13800138000",
        "20260301 13800138000",
        "19901012345",
        "张三19912251234",
        "6222 0212 3456 7890 128",
        "010-62345678",
    ] {
        check_words(text, true);
    }
    for text in [
        "2026.3.1-2026.4.30期间发放",
        "服务期2026-03-01/2026-04-30",
        "合同20260301001",
        "19901012至19911231",
        "2024 2025 2026",
        "热线400-123-4567",
        "共12,345,678,901.20元",
        "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角",
    ] {
        check_words(text, false);
    }
}

#[test]
fn what_is_public_is_not() {
    for text in [
        "",
        "wechat",
        "2026-11-22",
        "2026-11-22T04:05:06Z",
        "330106001",
        "400-123-4567",
        "浙江省慈善联合总会",
        "民发〔2016〕189号第三条、2026年第12号",
        "7.1234",
        "don_00000000000012",
        "见don_00000000000012和org_00000000000000。",
        "第1234567号，共12345678元",
    ] {
        check(text, None);
    }
}

#[test]
fn the_form_of_an_id_does_not_hide_a_number() {
    check("xxx_13812345678012", Some(Personal::Digits));
    check("adon_13812345678012", Some(Personal::Digits));
    check("don_1381234567801299", Some(Personal::Digits));
}

#[test]
fn a_digest_without_letters_is_a_number() {
    check(&"1".repeat(43), Some(Personal::Digits));
    check(&"1".repeat(64), Some(Personal::Digits));
}

#[test]
fn two_hundred_thousand_ids_of_ours_pass() {
    let cipher = IdCipher::new([9; 32]);
    for raw in 0..200_000 {
        let text = cipher.print(Id::<Donation>::from_raw(raw));
        assert_eq!(scan(&text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn ids_of_any_digits_pass_if_their_check_is_right(
        body in "[0-9]{13}", which in 0..ids::PREFIXES.len(),
    ) {
        for check in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            let id = format!("{}_{body}{check}", ids::PREFIXES[which]);
            let ours = id_check_ok(&id) || check.is_ascii_uppercase();
            prop_assert!(!ours || scan(&id).is_none(), "{}", id);
        }
    }

    #[test]
    fn a_telephone_is_no_id(number in "1[3-9][0-9]{9}", tail in "[0-9]{3}") {
        let id = format!("don_{number}{tail}");
        prop_assert_eq!(scan(&id).is_none(), id_check_ok(&id));
    }

    #[test]
    fn digests_pass(digest in any::<[u8; 32]>()) {
        prop_assert_eq!(scan(&digest_text(&digest)), None);
        let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        prop_assert_eq!(scan(&hex), None);
    }

    #[test]
    fn mobiles_are_found_in_any_words(
        number in "1[3-9][0-9]{9}", before in "[a-z善 ]{0,5}", after in "[a-z善]{0,5}",
    ) {
        prop_assert_eq!(scan(&format!("{before}{number}{after}")), Some(Personal::Phone));
    }

    #[test]
    fn any_text_is_looked_at_without_harm(text in ".*") {
        let found = scan(&text);
        let digits = text.chars().filter_map(digit_of).count();
        prop_assert!(found.is_none() || digits >= DIGITS_IN_A_ROW);
    }
}
