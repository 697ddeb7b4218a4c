//! Chinese numerals as articles are numbered: 第一百一十一条.

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
