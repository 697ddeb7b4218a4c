//! Vectors and properties of sums of money.

use super::*;
use proptest::prelude::*;

#[test]
fn people_type_sums_in_many_ways() {
    let check = |text: &str, fen| assert_eq!(Fen::parse(text), Ok(Fen::new(fen)), "{text}");
    check("50", 5000);
    check("50.0", 5000);
    check("0.01", 1);
    check("0", 0);
    check("007.50", 750);
    check("1,234.50", 123_450);
    check("1,234,567", 123_456_700);
    check(" ￥1,234.50 元 ", 123_450);
    check("¥20", 2000);
    check("１，２３４．５０", 123_450);
    check("\u{3000}８８元", 8800);
    check("10000000000000", 1_000_000_000_000_000);
}

#[test]
fn what_is_no_sum_is_refused() {
    let check = |text: &str, error| assert_eq!(Fen::parse(text), Err(error), "{text}");
    use ParseFenError::*;
    for text in ["", "  ", "￥", "元", "￥ 元"] {
        check(text, Empty);
    }
    for text in ["-1", "－1", "−0.5", "￥-3", "负三"] {
        check(text, Negative);
    }
    for text in [
        "a", "1.2.3", "1.", ".5", "1e3", "0x10", "+5", "1 000", "五十", "1.a", "1.23a", ".",
    ] {
        check(text, NotANumber);
    }
    for text in ["1,50", "1,2345", ",100", "1234,567", "1,,234"] {
        check(text, Grouping);
    }
    for text in ["1.234", "0.001", "1.000", "3.14159265358979323846"] {
        check(text, TooManyDecimals);
    }
    for text in ["10000000000000.01", "99999999999999999999", &"9".repeat(41)] {
        check(text, TooLarge);
    }
}

#[test]
fn an_amount_is_more_than_nothing() {
    assert_eq!(Amount::parse("0.00"), Err(ParseFenError::NotPositive));
    assert_eq!(Amount::parse("0.01").map(Amount::get), Ok(1));
    assert_eq!((Amount::new(0), Amount::new(-1)), (None, None));
    assert!(Amount::try_from(Fen::new(-5)).is_err());
}

#[test]
fn sums_are_checked() {
    let (max, min, one) = (Fen::new(i64::MAX), Fen::new(i64::MIN), Fen::new(1));
    assert_eq!(max.checked_add(one), None);
    assert_eq!(min.checked_sub(one), None);
    assert_eq!(min.checked_neg(), None);
    assert_eq!(Fen::sum([max, one, Fen::new(-1)]), Some(max));
    assert_eq!(Fen::sum([max, one]), None);
    assert_eq!(Fen::sum([]), Some(Fen::ZERO));
}

#[test]
fn sums_are_written() {
    let check = |fen, plain: &str, grouped: &str| {
        assert_eq!(
            (Fen::new(fen).to_string(), Fen::new(fen).grouped()),
            (plain.into(), grouped.into())
        );
    };
    check(0, "0.00", "0.00");
    check(5, "0.05", "0.05");
    check(-5, "-0.05", "-0.05");
    check(99_999, "999.99", "999.99");
    check(100_000, "1000.00", "1,000.00");
    check(-123_456_789, "-1234567.89", "-1,234,567.89");
    check(
        i64::MIN,
        "-92233720368547758.08",
        "-92,233,720,368,547,758.08",
    );
    assert_eq!(format!("[{:>8}]", Fen::new(150)), "[    1.50]");
}

#[test]
fn capital_numerals() {
    let check = |yuan: &str, words| {
        assert_eq!(Fen::parse(yuan).unwrap().chinese(), words, "{yuan}");
    };
    // the examples of the 支付结算办法, appendix 1
    check("1409.50", "壹仟肆佰零玖元伍角");
    check("6007.14", "陆仟零柒元壹角肆分");
    check("1680.32", "壹仟陆佰捌拾元零叁角贰分");
    check("107000.53", "壹拾万柒仟元零伍角叁分");
    check("16409.02", "壹万陆仟肆佰零玖元零贰分");
    check("325.04", "叁佰贰拾伍元零肆分");
    // and the tricky zeros
    check("0", "零元整");
    check("0.01", "壹分");
    check("0.10", "壹角");
    check("0.53", "伍角叁分");
    check("1", "壹元整");
    check("10", "壹拾元整");
    check("11", "壹拾壹元整");
    check("100", "壹佰元整");
    check("101", "壹佰零壹元整");
    check("110", "壹佰壹拾元整");
    check("1001", "壹仟零壹元整");
    check("1010.10", "壹仟零壹拾元零壹角");
    check("10000", "壹万元整");
    check("10001", "壹万零壹元整");
    check("10010", "壹万零壹拾元整");
    check("11000", "壹万壹仟元整");
    check("100000.05", "壹拾万元零伍分");
    check("1000000", "壹佰万元整");
    check("10001000", "壹仟万壹仟元整");
    check("10000001", "壹仟万零壹元整");
    check("100000000", "壹亿元整");
    check("100000001", "壹亿零壹元整");
    check("100010000", "壹亿零壹万元整");
    check("110000000", "壹亿壹仟万元整");
    check("1020030405.06", "壹拾亿贰仟零叁万零肆佰零伍元零陆分");
    check(
        "9999999999999.99",
        "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    );
    check("10000000000000", "壹拾万亿元整");
    assert_eq!(Fen::new(-100).chinese(), "负壹元整");
    assert!(
        Fen::new(i64::MIN)
            .chinese()
            .starts_with("负玖亿贰仟贰佰叁拾叁万")
    );
}

/// Reads capital numerals back by a different way than they are written: digit by digit
/// with the unit behind it.
fn read_words(words: &str) -> i64 {
    let (mut total, mut part, mut last) = (0_i64, 0_i64, 0_i64);
    for c in words.chars() {
        let unit = match c {
            '仟' => 1000,
            '佰' => 100,
            '拾' => 10,
            '万' | '亿' => {
                let all = if c == '亿' {
                    total / 100 + part + last
                } else {
                    part + last
                };
                let scale = if c == '亿' { 100_000_000 } else { 10_000 };
                total = if c == '亿' {
                    all * scale * 100
                } else {
                    total + all * scale * 100
                };
                (part, last) = (0, 0);
                continue;
            }
            '元' => {
                total += (part + last) * 100;
                (part, last) = (0, 0);
                continue;
            }
            '角' => {
                total += last * 10;
                last = 0;
                continue;
            }
            '分' => {
                total += last;
                last = 0;
                continue;
            }
            '整' => continue,
            digit => {
                last = "零壹贰叁肆伍陆柒捌玖"
                    .chars()
                    .position(|d| d == digit)
                    .unwrap() as i64;
                continue;
            }
        };
        part += last * unit;
        last = 0;
    }
    total
}

#[test]
fn written_sums_are_read_leniently() {
    let check = |text: &str, yuan: &str| {
        assert_eq!(
            Fen::parse_chinese(text),
            Some(Fen::parse(yuan).unwrap()),
            "{text}"
        );
    };
    check("壹万贰仟元整", "12000");
    check("人民币壹万贰仟元整", "12000");
    check("人民幣：壹萬貳仟圓正", "12000");
    check("壹 万　贰 仟 圆", "12000");
    check("一万二千", "12000");
    check("一万两千块", "12000");
    check("十五元", "15");
    check("壹拾伍", "15");
    check("二十", "20");
    check("壹拾万亿元整", "10000000000000");
    check("壹仟万零壹元", "10000001");
    check("壹仟零壹元零伍分", "1001.05");
    check("伍角", "0.5");
    check("零元伍角整", "0.5");
    check("叁分", "0.03");
    check("伍角零叁分", "0.53");
    check("零元整", "0");
    check("壹亿零伍", "100000005");
    check("一万零十五", "10015");
}

#[test]
fn what_is_no_written_sum_is_refused() {
    for text in [
        "",
        " ",
        "整",
        "元",
        "人民币",
        "12000",
        "壹万2千",
        "壹佰佰元",
        "壹佰壹仟元",
        "壹贰元",
        "万元",
        "亿",
        "壹万万元",
        "佰元",
        "壹元元",
        "壹角壹元",
        "壹分壹角",
        "壹元壹",
        "元角",
        "伍拾角",
        "壹元整整",
        "一点五",
        "拾万亿亿",
        "捌拾玖万亿元",
    ] {
        assert_eq!(Fen::parse_chinese(text), None, "{text}");
    }
    assert_eq!(Fen::parse_chinese(&"壹".repeat(81)), None);
}

proptest! {
    #[test]
    fn written_sums_read_back(fen in 0..=FEN_TYPED_MAX, digits in 1_u32..16) {
        let fen = Fen::new(fen % 10_i64.pow(digits));
        let words = fen.chinese();
        prop_assert_eq!(Fen::parse_chinese(&words), Some(fen), "{}", &words);
        let traditional: String = words.chars().map(|c| match c {
            '贰' => '貳', '叁' => '參', '陆' => '陸', '万' => '萬', '亿' => '億', '元' => '圓', c => c,
        }).collect();
        prop_assert_eq!(Fen::parse_chinese(&traditional), Some(fen), "{}", &traditional);
    }

    #[test]
    fn any_words_are_answered(text in "[零壹贰叁玖拾佰仟万亿元角分整十百两圆]{0,30}") {
        if let Some(fen) = Fen::parse_chinese(&text) {
            prop_assert!((0..=FEN_TYPED_MAX).contains(&fen.get()));
        }
    }

    #[test]
    fn what_is_written_reads_back(fen in 0..=FEN_TYPED_MAX) {
        let fen = Fen::new(fen);
        prop_assert_eq!(Fen::parse(&fen.to_string()), Ok(fen));
        prop_assert_eq!(Fen::parse(&fen.grouped()), Ok(fen));
        prop_assert_eq!(Fen::parse(&format!("￥{}元", fen.grouped())), Ok(fen));
    }

    #[test]
    fn words_read_back(fen in 0..=FEN_TYPED_MAX, holes in 0_u32..16) {
        // sums with many zeros are the hard ones: blank out digits
        let mut fen = fen;
        for digit in 0..holes {
            let unit = 10_i64.pow(digit);
            if (fen / unit) % 3 > 0 { fen -= fen / unit % 10 * unit; }
        }
        let words = Fen::new(fen).chinese();
        prop_assert_eq!(read_words(&words), fen, "{}", &words);
        prop_assert!(!words.contains("零零"));
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}") {
        if let Ok(fen) = Fen::parse(&text) {
            prop_assert!((0..=FEN_TYPED_MAX).contains(&fen.get()));
        }
    }
}
