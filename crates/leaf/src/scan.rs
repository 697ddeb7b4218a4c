//! Looks for telephones, identities and bank cards in clear, before a leaf is written.
//!
//! It guards against accidents, not against spies: a number that somebody typed into a name
//! must not become public for ever. Digits count whatever their script and width, and few
//! separators between them do not hide a number. Our printed ids and digests are passed
//! over by their form, because among millions of them some have eleven digits in a row.

use crate::digest::{DIGEST_CHARS, digest_parse};
use crate::ids::{BODY_CHARS, PREFIXES, is_printed};
use crate::limits::{DIGITS_IN_A_ROW, DIGITS_KEPT};
use kernel::id_number_ok;
use unicode_normalization::char::decompose_compatible;

/// 〔个人信息〕 What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// 〔手机或电话号码〕
    Phone,
    /// 〔身份证件号码〕
    IdNumber,
    /// 〔银行卡号〕
    BankCard,
    /// 〔长串数字〕 So long that it may be any of them.
    Digits,
}

impl Personal {
    /// The Chinese name, for messages.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Personal::Phone => "电话号码",
            Personal::IdNumber => "身份证件号码",
            Personal::BankCard => "银行卡号",
            Personal::Digits => "长串数字",
        }
    }
}

/// The first number in a text that looks like a person's; `None` if there is none.
#[must_use]
pub fn scan(text: &str) -> Option<Personal> {
    scan_with(text, &STRICT)
}

/// The same for words of people that everybody will read: more signs do not hide a number there, and dates and
/// numbers of contracts are none.
#[must_use]
pub fn scan_words(text: &str) -> Option<Personal> {
    scan_with(text, &WORDS)
}

/// How closely a text is looked at.
struct Eye {
    digit: fn(char) -> Option<u8>,
    separator: fn(char) -> bool,
    harmless: fn(&str) -> bool,
}

const STRICT: Eye = Eye {
    digit: digit_of,
    separator: is_separator,
    harmless: |_| false,
};

const WORDS: Eye = Eye {
    digit: digit_of_words,
    separator: |c| is_separator(c) || matches!(c, '/' | '／' | '*' | '＊' | '|' | '~' | '～'),
    harmless: is_dated,
};

fn scan_with(text: &str, eye: &Eye) -> Option<Personal> {
    if is_opaque(text) || text.len() < DIGITS_IN_A_ROW {
        return None;
    }
    let mut run = Run::default();
    let mut skip = 0;
    let mut before = ' ';
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        if !before.is_ascii_alphanumeric() && is_id_at(text, at) {
            skip = 3 + BODY_CHARS;
            run = Run::default();
            before = ' ';
            continue;
        }
        before = c;
        if run.digits.is_empty() {
            start = at;
        }
        if let Some(found) = run.step(c, eye)
            && !(eye.harmless)(text.get(start..at).unwrap_or_default())
        {
            return Some(found);
        }
    }
    let found = run.judge()?;
    (!(eye.harmless)(text.get(start..).unwrap_or_default())).then_some(found)
}

/// Whether a run of digits is nothing but dates, or a number that begins with a date: `2026.3.1-2026.4.30`,
/// `20260301001`.
fn is_dated(run: &str) -> bool {
    let pieces: Vec<&str> = run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|piece| !piece.is_empty())
        .collect();
    let mut rest = pieces.as_slice();
    while let [first, after @ ..] = rest {
        let day = |text: &str, most: u8| {
            text.len() <= 2 && text.parse().is_ok_and(|n: u8| (1..=most).contains(&n))
        };
        let is_year = |text: &str| text.starts_with("19") || text.starts_with("20");
        rest = match (first.len(), after) {
            (4, [month, date, after @ ..]) if is_year(first) && day(month, 12) && day(date, 31) => {
                after
            }
            (4, [month, after @ ..]) if is_year(first) && day(month, 12) => after,
            (4, after) if is_year(first) => after,
            // Of the numbers that begin with 19 only whole dates are: mobile telephones begin so too.
            (8..=14, after)
                if is_year(first)
                    && (first.starts_with("20") || first.len() == 8)
                    && first.get(4..6).is_some_and(|month| day(month, 12))
                    && first.get(6..8).is_some_and(|date| day(date, 31)) =>
            {
                after
            }
            _ => return false,
        };
    }
    run.is_ascii() && !pieces.is_empty()
}

/// A digest in one of the two spellings in use. Each must hold letters, so that a long
/// number does not pass for a digest.
fn is_opaque(text: &str) -> bool {
    let lower = text.bytes().any(|b| b.is_ascii_lowercase());
    let upper = text.bytes().any(|b| b.is_ascii_uppercase());
    let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (hex && lower) || (text.len() == DIGEST_CHARS && lower && upper && digest_parse(text).is_some())
}

/// Whether a printed id of ours stands here and ends where it should.
fn is_id_at(text: &str, at: usize) -> bool {
    let end = at + 4 + BODY_CHARS;
    let Some(id) = text.get(at..end) else {
        return false;
    };
    let after = text.get(end..).and_then(|rest| rest.chars().next());
    is_printed(id)
        && PREFIXES.iter().any(|prefix| id.starts_with(prefix))
        && !after.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Digits that stand together, perhaps with separators between them.
#[derive(Default)]
struct Run {
    digits: Vec<u8>,
    gap: usize,
}

/// Separators in a row that do not end a run: `+86 (138) 1234`.
const GAP: usize = 2;

impl Run {
    /// Takes the next character; what the run was if the character ends it.
    fn step(&mut self, c: char, eye: &Eye) -> Option<Personal> {
        if let Some(digit) = (eye.digit)(c) {
            self.gap = 0;
            if self.digits.len() < DIGITS_KEPT {
                self.digits.push(digit);
            }
            return None;
        }
        if self.digits.len() == 17 && matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ') {
            return Some(Personal::IdNumber);
        }
        if (eye.separator)(c) && self.gap < GAP {
            self.gap += 1;
            return None;
        }
        let found = self.judge();
        self.digits.clear();
        self.gap = 0;
        found
    }

    fn judge(&self) -> Option<Personal> {
        if self.digits.len() < DIGITS_IN_A_ROW {
            return None;
        }
        let text: String = self.digits.iter().map(|d| char::from(b'0' + d)).collect();
        let local = ["0086", "86"]
            .iter()
            .find_map(|code| text.strip_prefix(code))
            .unwrap_or(&text);
        let mobile = local.len() == 11 && local.starts_with('1') && !local.starts_with("10");
        let fixed = (11..=12).contains(&text.len()) && text.starts_with('0');
        let is_identity = id_number_ok(&text) || (text.len() == 15 && has_old_birthday(&text));
        Some(if mobile || fixed {
            Personal::Phone
        } else if is_identity {
            Personal::IdNumber
        } else if (13..=19).contains(&text.len()) && luhn_ok(&self.digits) {
            Personal::BankCard
        } else {
            Personal::Digits
        })
    }
}

/// The value of a digit of any width or script that compatibility maps to ASCII, and of the
/// Chinese numerals in which numbers are read out.
fn digit_of(c: char) -> Option<u8> {
    const CHINESE: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if c.is_ascii() {
        return c.to_digit(10).and_then(|d| u8::try_from(d).ok());
    }
    if c == '零' {
        return Some(0);
    }
    if let Some(at) = CHINESE.iter().position(|d| *d == c) {
        return u8::try_from(at).ok();
    }
    let mut plain = None;
    let mut count = 0;
    decompose_compatible(c, |part| {
        count += 1;
        plain = part.to_digit(10);
    });
    plain
        .filter(|_| count == 1)
        .and_then(|d| u8::try_from(d).ok())
}

/// Also the numerals of cheques, and the one that is read out for telephones.
fn digit_of_words(c: char) -> Option<u8> {
    const CHEQUE: [char; 9] = ['壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    if c == '幺' {
        return Some(1);
    }
    match CHEQUE.iter().position(|d| *d == c) {
        Some(at) => u8::try_from(at.saturating_add(1)).ok(),
        None => digit_of(c),
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.'
                | '_'
                | '('
                | ')'
                | '+'
                | '（'
                | '）'
                | '·'
                | '—'
                | '–'
                | '－'
                | '‐'
                | '‑'
                | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// Identities of before 1999: six digits of a region, then yymmdd.
fn has_old_birthday(text: &str) -> bool {
    let number = |from: usize| text.get(from..from + 2).and_then(|t| t.parse::<u8>().ok());
    number(8).is_some_and(|month| (1..=12).contains(&month))
        && number(10).is_some_and(|day| (1..=31).contains(&day))
}

/// The check of ISO/IEC 7812 on bank cards.
fn luhn_ok(digits: &[u8]) -> bool {
    let weigh = |(at, digit): (usize, &u8)| match (at % 2, u32::from(*digit)) {
        (0, digit) => digit,
        (_, digit) if digit > 4 => digit * 2 - 9,
        (_, digit) => digit * 2,
    };
    digits
        .iter()
        .rev()
        .enumerate()
        .map(weigh)
        .sum::<u32>()
        .is_multiple_of(10)
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
