//! Chinese numerals: as articles are numbered, 第一百一十一条, and as laws write numbers, 八百万.

/// The number that these numerals are, 1 to 999; `None` for any other text.
pub(crate) fn read(text: &str) -> Option<u16> {
    if text.ends_with('零') {
        return None;
    }
    let (mut number, mut digit) = (0_u16, None);
    let mut smallest = 1_000;
    for c in text.chars() {
        let unit = match c {
            '百' => 100,
            '十' => 10,
            // a zero only fills a gap: 一百零一
            '零' if digit.is_none() && smallest == 100 => continue,
            _ => {
                let value = digit_of(c)?;
                if digit.replace(value).is_some() {
                    return None;
                }
                continue;
            }
        };
        // 十 alone is ten, 百 alone is nothing
        let times = match digit.take() {
            Some(times) => times,
            None if unit == 10 && number == 0 => 1,
            None => return None,
        };
        if unit >= smallest {
            return None;
        }
        smallest = unit;
        number = number.saturating_add(times.saturating_mul(unit));
    }
    number = number.saturating_add(digit.unwrap_or(0));
    (number > 0).then_some(number)
}

/// The numeral of a number as laws write it: 十二, 一百零五, 八百万.
pub(crate) fn write(number: u32) -> String {
    let (hundred_millions, rest) = (number / 100_000_000, number % 100_000_000);
    let (myriads, ones) = (rest / 10_000, rest % 10_000);
    let mut text = String::new();
    for (part, sign) in [(hundred_millions, "亿"), (myriads, "万"), (ones, "")] {
        if part == 0 {
            continue;
        }
        // a gap between parts is told once: 一万零五
        if !text.is_empty() && part < 1_000 {
            text.push('零');
        }
        text.push_str(&thousands(part));
        text.push_str(sign);
    }
    match text.strip_prefix("一十") {
        _ if number == 0 => "零".to_owned(),
        Some(rest) => format!("十{rest}"),
        None => text,
    }
}

/// A number below ten thousand.
fn thousands(number: u32) -> String {
    let (mut text, mut gap) = (String::new(), false);
    for (unit, sign) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
        }
        gap = false;
        let at = usize::try_from(digit).unwrap_or_default();
        text.extend("零一二三四五六七八九".chars().nth(at));
        text.push_str(sign);
    }
    text
}

fn digit_of(c: char) -> Option<u16> {
    let at = "一二三四五六七八九".chars().position(|d| d == c)?;
    u16::try_from(at).ok().map(|at| at.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numeral of a number, written by another rule than it is read.
    fn numeral(n: u16) -> String {
        let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
        let (hundreds, tens, ones) = (n / 100, n / 10 % 10, n % 10);
        let mut text = String::new();
        if hundreds > 0 {
            text.push(digits[hundreds as usize]);
            text.push('百');
        }
        if tens > 0 {
            if tens > 1 || hundreds > 0 {
                text.push(digits[tens as usize]);
            }
            text.push('十');
        } else if hundreds > 0 && ones > 0 {
            text.push('零');
        }
        if ones > 0 {
            text.push(digits[ones as usize]);
        }
        text
    }

    #[test]
    fn every_article_is_read() {
        for n in 1..=999 {
            assert_eq!(read(&numeral(n)), Some(n), "{}", numeral(n));
        }
    }

    #[test]
    fn numbers_are_written_as_laws_write_them() {
        for n in 1..=999_u16 {
            assert_eq!(read(&write(u32::from(n))), Some(n), "{n}");
        }
        for (n, text) in [
            (0, "零"),
            (10, "十"),
            (12, "十二"),
            (105, "一百零五"),
            (110, "一百一十"),
            (1_005, "一千零五"),
            (10_005, "一万零五"),
            (8_000_000, "八百万"),
            (100_000, "十万"),
            (200_000_000, "二亿"),
        ] {
            assert_eq!(write(n), text);
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "零",
            "百",
            "一二",
            "十百",
            "一十百",
            "22",
            "廿",
            "一百零",
            "二十二条",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
