//! Sums of money that people write in Chinese numerals, read back leniently.
//!
//! Whoever confirms a large gift in words may use capitals 〔大写〕, plain numerals, traditional
//! characters, 圆 for 元, blanks, and may leave out 整. What is not lenient is the value: units
//! stand in falling order, so that a slipped character is an error and not another sum.

use crate::limits::{FEN_TYPED_MAX, WORDS_TEXT_CHARS};
use crate::text::half_width;

/// One character of a written sum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Digit(i64),
    /// 拾 佰 仟
    Unit(i64),
    Wan,
    Yi,
    Yuan,
    Jiao,
    Fen,
    Whole,
}

/// Reads fen; `None` if the text is no sum in Chinese numerals or more than a person may type.
pub(crate) fn read(text: &str) -> Option<i64> {
    let plain = stripped(text)?;
    let mut signs = Vec::with_capacity(plain.len());
    for c in plain {
        signs.push(sign(c)?);
    }
    let yuan_end = signs.iter().position(|sign| *sign == Sign::Yuan);
    let (yuan, rest) = match yuan_end {
        Some(at) => (whole(signs.get(..at)?)?, signs.get(at.checked_add(1)?..)?),
        None if signs.iter().any(|s| matches!(s, Sign::Jiao | Sign::Fen)) => (0, signs.as_slice()),
        None => {
            let rest = signs.strip_suffix(&[Sign::Whole]).unwrap_or(&signs);
            (whole(rest)?, [].as_slice())
        }
    };
    let fen = yuan.checked_mul(100)?.checked_add(cents(rest)?)?;
    (0..=FEN_TYPED_MAX).contains(&fen).then_some(fen)
}

/// A guess at what is no number as we ask for it: digits with a unit behind them, a point without a digit beside it, or
/// words. `None` if nothing comes to mind or it is more than a person may type.
pub(crate) fn guessed(text: &str) -> Option<i64> {
    let plain: String = text
        .trim()
        .chars()
        .take(WORDS_TEXT_CHARS)
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    let bare = plain.trim_end_matches(['元', '圆', '圓', '块', '塊', '整', '正']);
    let (number, factor) = match bare.strip_suffix(|c| multiple(c).is_some()) {
        Some(number) => (number, multiple(bare.chars().last()?)?),
        None => (bare, 1),
    };
    let number = number.strip_suffix('.').unwrap_or(number);
    let number = match number.strip_prefix('.') {
        Some(decimals) => format!("0.{decimals}"),
        None => number.to_owned(),
    };
    let fen = match crate::Fen::parse(&number) {
        Ok(sum) => sum.get().checked_mul(factor)?,
        Err(_) => read(text)?,
    };
    (1..=FEN_TYPED_MAX).contains(&fen).then_some(fen)
}

/// By how much a letter behind digits multiplies.
const fn multiple(unit: char) -> Option<i64> {
    Some(match unit {
        '十' => 10,
        '百' => 100,
        '千' | 'k' | 'K' => 1_000,
        '万' | '萬' | 'w' | 'W' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// Without blanks and the name of the currency before it; `None` if nothing or too much is left.
fn stripped(text: &str) -> Option<Vec<char>> {
    let mut plain: Vec<char> = Vec::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count >= WORDS_TEXT_CHARS {
            return None;
        }
        let c = half_width(c);
        if !c.is_whitespace() && !matches!(c, ',' | '，' | '。' | '.') {
            plain.push(c);
        }
    }
    for name in [['人', '民', '币'], ['人', '民', '幣']] {
        if plain.starts_with(&name) {
            plain.drain(..name.len());
            if matches!(plain.first(), Some(':' | '：')) {
                plain.remove(0);
            }
        }
    }
    (!plain.is_empty()).then_some(plain)
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '零' | '〇' | '○' => Sign::Digit(0),
        '壹' | '壱' | '弌' | '一' => Sign::Digit(1),
        '贰' | '貳' | '貮' | '弐' | '二' | '两' | '兩' => Sign::Digit(2),
        '叁' | '參' | '叄' | '参' | '三' => Sign::Digit(3),
        '肆' | '四' => Sign::Digit(4),
        '伍' | '五' => Sign::Digit(5),
        '陆' | '陸' | '六' => Sign::Digit(6),
        '柒' | '七' => Sign::Digit(7),
        '捌' | '八' => Sign::Digit(8),
        '玖' | '九' => Sign::Digit(9),
        '拾' | '十' => Sign::Unit(10),
        '佰' | '百' => Sign::Unit(100),
        '仟' | '千' => Sign::Unit(1_000),
        '万' | '萬' => Sign::Wan,
        '亿' | '億' => Sign::Yi,
        '元' | '圆' | '圓' | '块' | '塊' => Sign::Yuan,
        '角' | '毛' => Sign::Jiao,
        '分' => Sign::Fen,
        '整' | '正' => Sign::Whole,
        _ => return None,
    })
}

/// What stands between two of 万, 亿 and 元.
#[derive(Default)]
struct Part {
    value: i64,
    digit: Option<i64>,
    /// The last unit seen; the next must be smaller.
    last: Option<i64>,
    begun: bool,
}

impl Part {
    fn digit(&mut self, digit: i64) -> Option<()> {
        // Only a zero may stand before another digit: 壹仟零伍.
        if self.digit.is_some_and(|known| known != 0) {
            return None;
        }
        self.begun = true;
        self.digit = Some(digit);
        Some(())
    }

    fn unit(&mut self, unit: i64) -> Option<()> {
        if self.last.is_some_and(|last| last <= unit) {
            return None;
        }
        let digit = match self.digit.take() {
            Some(digit) if digit > 0 => digit,
            // 十五 and 一万零十五: ten needs no digit before it; 佰 and 仟 do.
            _ if unit == 10 && self.value == 0 => 1,
            _ => return None,
        };
        self.begun = true;
        self.last = Some(unit);
        self.value = self.value.checked_add(digit.checked_mul(unit)?)?;
        Some(())
    }

    /// The value of the part; `None` if it is empty.
    fn end(&mut self) -> Option<i64> {
        let begun = self.begun;
        let value = self.value.checked_add(self.digit.unwrap_or(0))?;
        *self = Part::default();
        begun.then_some(value)
    }
}

/// A whole number of yuan.
fn whole(signs: &[Sign]) -> Option<i64> {
    let (mut total, mut wan, mut wan_seen) = (0_i64, 0_i64, false);
    let mut part = Part::default();
    for sign in signs {
        match sign {
            Sign::Digit(digit) => part.digit(*digit)?,
            Sign::Unit(unit) => part.unit(*unit)?,
            Sign::Wan if !wan_seen => {
                wan = part.end()?.checked_mul(10_000)?;
                wan_seen = true;
            }
            Sign::Yi => {
                // 壹拾万亿: nothing need stand between 万 and 亿.
                let upper = total.checked_add(wan)?;
                let upper = match part.end() {
                    Some(value) => upper.checked_add(value)?,
                    None if upper > 0 => upper,
                    None => return None,
                };
                total = upper.checked_mul(100_000_000)?;
                (wan, wan_seen) = (0, false);
            }
            _ => return None,
        }
    }
    let rest = match part.end() {
        Some(value) => value,
        None if total > 0 || wan > 0 => 0,
        None => return None,
    };
    total.checked_add(wan)?.checked_add(rest)
}

/// Jiao and fen behind 元, with or without a zero before them and 整 behind.
fn cents(signs: &[Sign]) -> Option<i64> {
    let signs = signs.strip_suffix(&[Sign::Whole]).unwrap_or(signs);
    let signs = match signs {
        [Sign::Digit(0), rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    Some(match signs {
        [] => 0,
        [Sign::Digit(jiao), Sign::Jiao] => jiao.checked_mul(10)?,
        [Sign::Digit(fen), Sign::Fen] => *fen,
        [Sign::Digit(jiao), Sign::Jiao, Sign::Digit(fen), Sign::Fen]
        | [
            Sign::Digit(jiao),
            Sign::Jiao,
            Sign::Digit(0),
            Sign::Digit(fen),
            Sign::Fen,
        ] => jiao.checked_mul(10)?.checked_add(*fen)?,
        _ => return None,
    })
}
