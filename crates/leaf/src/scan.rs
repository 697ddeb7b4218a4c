//! Looks for telephones, identities and bank cards in clear, before a leaf is written.
//!
//! It guards against accidents, not against spies: a number that somebody typed into a name
//! must not become public for ever. Digits count whatever their script and width, few signs
//! between them do not hide a number, and neither does base64. Our printed ids and digests
//! are passed over by their form, because among millions of them some have eleven digits in
//! a row; an id that is nothing but digits must be one that we can have printed.

use crate::digest::{DIGEST_CHARS, digest_parse};
use crate::hidden;
use crate::ids::{BODY_CHARS, PREFIXES, is_printed};
use crate::limits::{DIGITS_IN_A_ROW, DIGITS_KEPT};
use kernel::{id_check_ok, id_number_ok};
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
    /// 〔个人姓名〕 Where only legal persons have a name.
    Name,
    /// 〔没有加盐的摘要〕 In a word that has no digests: whoever guesses what was hashed can tell that he is right.
    Hash,
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
            Personal::Name => "个人姓名（单位请写全称）",
            Personal::Hash => "没有加盐的摘要",
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
    separator: fn(char) -> bool,
    gap: usize,
    harmless: fn(&str) -> bool,
}

/// A short text in a leaf has no reason to part eleven digits by signs only.
const STRICT: Eye = Eye {
    separator: |c| !c.is_alphanumeric(),
    gap: 4,
    harmless: |_| false,
};

const WORDS: Eye = Eye {
    separator: |c| is_separator(c) || matches!(c, '/' | '／' | '*' | '＊' | '|' | '~' | '～'),
    gap: 3,
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
    match run.judge() {
        Some(found) if !(eye.harmless)(text.get(start..).unwrap_or_default()) => Some(found),
        _ => hidden::in_base64(text),
    }
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
        && !is_number_in_disguise(id)
        && PREFIXES.iter().any(|prefix| id.starts_with(prefix))
        && !after.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Whether the body of a printed id is a number with a telephone in it that we never printed.
pub(crate) fn is_number_in_disguise(printed_id: &str) -> bool {
    let body = printed_id.split_once('_').map_or("", |(_, body)| body);
    is_number(body)
}

/// The same for a body alone, as it stands in the name of a stream. Its check character is the last.
pub(crate) fn is_number(body: &str) -> bool {
    let mobile = |eleven: &[u8]| matches!(eleven, [b'1', b'3'..=b'9', ..]);
    body.bytes().all(|b| b.is_ascii_digit())
        && body.as_bytes().windows(DIGITS_IN_A_ROW).any(mobile)
        && !id_check_ok(&format!("_{body}"))
}

/// Digits that stand together, perhaps with separators between them.
#[derive(Default)]
struct Run {
    digits: Vec<u8>,
    gap: usize,
}

impl Run {
    /// Takes the next character; what the run was if the character ends it.
    fn step(&mut self, c: char, eye: &Eye) -> Option<Personal> {
        if let Some(digit) = digit_of(c) {
            self.gap = 0;
            if self.digits.len() < DIGITS_KEPT {
                self.digits.push(digit);
            }
            return None;
        }
        if self.digits.len() == 17 && matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ') {
            return Some(Personal::IdNumber);
        }
        if (eye.separator)(c) && self.gap < eye.gap {
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
        Some(if mobile || fixed {
            Personal::Phone
        } else if is_identity(&text) {
            Personal::IdNumber
        } else if (13..=19).contains(&text.len()) && luhn_ok(&self.digits) {
            Personal::BankCard
        } else {
            Personal::Digits
        })
    }
}

/// The number of an identity card, of today's form or of that before 1999.
pub(crate) fn is_identity(text: &str) -> bool {
    id_number_ok(text) || (text.len() == 15 && has_old_birthday(text))
}

/// Texts that are nothing but digits and are whole only when they stand together: `1381234` and `5678901`.
pub(crate) fn scan_parts(first: &str, second: &str) -> Option<Personal> {
    let is_part = |text: &str| {
        (3..DIGITS_IN_A_ROW).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_part(first) || !is_part(second) {
        return None;
    }
    // A long number that is nobody's may well come about by chance.
    scan(&format!("{first}{second}")).filter(|found| *found != Personal::Digits)
}

/// Where the digits of other scripts begin; compatibility maps those of other widths to ASCII.
const ZEROS: [u32; 22] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
    0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0x1946, 0xA620, 0xA8D0, 0xABF0,
];
/// Where the ones in circles begin that compatibility does not map.
const ONES: [u32; 5] = [0x2776, 0x2780, 0x278A, 0x24F5, 0x3220];

/// The value of a digit of any width or script, and of the Chinese numerals: those in which numbers are read out,
/// and those of cheques.
fn digit_of(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).and_then(|d| u8::try_from(d).ok());
    }
    if let Some(digit) = chinese(c) {
        return Some(digit);
    }
    let code = u32::from(c);
    let from = |start: u32, count: u32| code.checked_sub(start).filter(|at| *at < count);
    let other = ZEROS.iter().find_map(|zero| from(*zero, 10));
    let circled = ONES.iter().find_map(|one| Some(from(*one, 9)? + 1));
    if let Some(digit) = other.or(circled) {
        return u8::try_from(digit).ok();
    }
    // `⑴` and `⒈` are a digit with its brackets or its point.
    let (mut plain, mut count) = (None, 0);
    decompose_compatible(c, |part| {
        if part.is_alphanumeric() {
            count += 1;
            plain = part
                .to_digit(10)
                .and_then(|d| u8::try_from(d).ok())
                .or_else(|| chinese(part));
        }
    });
    plain.filter(|_| count == 1)
}

fn chinese(c: char) -> Option<u8> {
    const ROWS: [&[char]; 10] = [
        &['〇', '零'],
        &['一', '壹', '幺', '弌'],
        &['二', '贰', '貳', '兩', '两'],
        &['三', '叁', '參', '叄'],
        &['四', '肆'],
        &['五', '伍'],
        &['六', '陆', '陸'],
        &['七', '柒'],
        &['八', '捌'],
        &['九', '玖'],
    ];
    let at = ROWS.iter().position(|row| row.contains(&c))?;
    u8::try_from(at).ok()
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
