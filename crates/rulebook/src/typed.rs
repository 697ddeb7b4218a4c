//! Citations as people type them: with digits, without 第, in traditional characters, rules in small letters.

use crate::id::RuleId;
use crate::limits::CITED_CHARS_MAX;
use crate::numeral;

/// 〔规范写法〕 What was typed, written as the data writes it: `慈善法22条` as `慈善法第二十二条`, `cf 8` as `CF-08`.
/// Everything else stays as it is.
#[must_use]
pub fn as_written(typed: &str) -> String {
    let typed: String = typed.trim().chars().take(CITED_CHARS_MAX).collect();
    if let Some(id) = rule_of(&typed) {
        return id.to_string();
    }
    let simple: String = typed.chars().map(simplified).collect();
    let (mut text, mut digits) = (String::new(), String::new());
    for c in simple.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        place(&mut text, &mut digits, c);
        text.push(c);
    }
    text.push_str(&digits);
    text
}

/// Writes gathered digits as a numeral where an article, a paragraph or an item is meant.
fn place(text: &mut String, digits: &mut String, next: char) {
    let number = digits.parse::<u16>().ok().filter(|number| *number > 0);
    match number {
        Some(number) if matches!(next, '条' | '款' | '项') => {
            if !text.ends_with('第') {
                text.push('第');
            }
            text.push_str(&numeral::write(u32::from(number)));
        }
        _ => text.push_str(digits),
    }
    digits.clear();
}

fn simplified(c: char) -> char {
    match c {
        '條' => '条',
        '項' => '项',
        '號' => '号',
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// The rule that two letters and a number mean, in any spelling.
fn rule_of(typed: &str) -> Option<RuleId> {
    let plain: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '－' | '—' | '_'))
        .collect();
    let (letters, number) = plain.split_at_checked(2)?;
    let number: u8 = number.parse().ok().filter(|number| *number < 100)?;
    RuleId::parse(&format!("{}-{number:02}", letters.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_written_as_laws_are() {
        for (typed, written) in [
            ("慈善法22条", "慈善法第二十二条"),
            ("慈善法 第22條第2款", "慈善法 第二十二条第二款"),
            ("慈善法第１１１条", "慈善法第一百一十一条"),
            ("民发〔2026〕12号第12条", "民发〔2026〕12号第十二条"),
            ("1009 科目", "1009 科目"),
            ("cf8", "CF-08"),
            (" CF 08 ", "CF-08"),
            ("Di-12", "DI-12"),
            ("CF-00", "CF-00"),
            ("5日", "5日"),
            ("第0条", "第0条"),
            ("第99999条", "第99999条"),
            ("", ""),
        ] {
            assert_eq!(as_written(typed), written, "{typed}");
        }
    }
}
