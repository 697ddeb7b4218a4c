//! Money: whole fen, never a fraction, never a float.

use crate::limits::{AMOUNT_TEXT_CHARS, FEN_TYPED_MAX};
use crate::text::half_width;
use std::fmt;

/// 〔金额（分）〕 A sum of money in fen. It may be negative, because differences are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Fen(i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// So many fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Fen(fen)
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads a sum in yuan as a person types it: `50`, `50.0`, `1,234.50`, full-width
    /// characters, ￥ before, 元 behind.
    ///
    /// # Errors
    /// Never negative, never more than two decimals, never above 10^15 fen; commas only
    /// where they part thousands, because `1,50` might be meant as 1.50.
    pub fn parse(text: &str) -> Result<Fen, ParseFenError> {
        let plain = plain_number(text)?;
        let (whole, decimals) = match plain.split_once('.') {
            Some((whole, decimals)) => (whole, decimals),
            None => (plain.as_str(), "0"),
        };
        let yuan = digits(&ungrouped(whole)?)?;
        let cents = match decimals.len() {
            1 => digits(decimals)?.checked_mul(10),
            2 => Some(digits(decimals)?),
            0 => return Err(ParseFenError::NotANumber),
            _ if decimals.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(ParseFenError::TooManyDecimals);
            }
            _ => return Err(ParseFenError::NotANumber),
        };
        yuan.checked_mul(100)
            .zip(cents)
            .and_then(|(yuan, cents)| yuan.checked_add(cents))
            .filter(|fen| *fen <= FEN_TYPED_MAX)
            .map(Fen)
            .ok_or(ParseFenError::TooLarge)
    }

    /// The sum of both; `None` beyond 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// The difference; `None` beyond 64 bits.
    #[must_use]
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }

    /// The same sum with the other sign; `None` for the one number that has none.
    #[must_use]
    pub fn checked_neg(self) -> Option<Fen> {
        self.0.checked_neg().map(Fen)
    }

    /// The sum of all; `None` beyond 64 bits, in whichever order they come.
    pub fn sum(all: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        // 128 bits hold any sum of 2^64 terms, so the order of the terms does not matter.
        let mut sum: i128 = 0;
        for fen in all {
            sum = sum.checked_add(i128::from(fen.0))?;
        }
        i64::try_from(sum).ok().map(Fen)
    }

    /// In yuan with commas between the thousands: `1,234.50`.
    #[must_use]
    pub fn grouped(self) -> String {
        let (sign, yuan, cents) = self.parts();
        let whole = yuan.to_string();
        let mut text = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            let left = whole.len().saturating_sub(at);
            if at > 0 && left.is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&format!(".{cents:02}"));
        text
    }

    /// In capital Chinese numerals 〔大写金额〕: 壹佰元整, as the appendix of the 支付结算办法
    /// 〔正确填写票据和结算凭证的基本规定〕 wants it on receipts.
    #[must_use]
    pub fn chinese(self) -> String {
        let (sign, yuan, cents) = self.parts();
        let words = crate::money_words::words(yuan, cents);
        if sign.is_empty() {
            words
        } else {
            format!("负{words}")
        }
    }

    /// Reads a sum written in Chinese numerals 〔大写金额〕 as leniently as people write it: capitals or
    /// plain numerals, traditional characters, 圆 for 元, blanks, 整 or not.
    ///
    /// `None` if it is no such sum, or more than a person may type.
    #[must_use]
    pub fn parse_chinese(text: &str) -> Option<Fen> {
        crate::money_reading::read(text).map(Fen)
    }

    /// What somebody may mean who writes a sum in another way than in digits: `3.5万`, `五千`, `2w`, `.5`, `100.`.
    ///
    /// It is a guess to be asked about, never a sum to be booked. `None` where nothing comes to mind.
    #[must_use]
    pub fn guessed(text: &str) -> Option<Fen> {
        crate::money_reading::guessed(text).map(Fen)
    }

    /// The digits that [`Fen::parse`] reads as this sum, without needless zeros: `35000`, `0.50`.
    #[must_use]
    pub fn typed(self) -> String {
        match self.0 % 100 {
            0 => self.to_string().trim_end_matches(".00").to_owned(),
            _ => self.to_string(),
        }
    }

    /// Sign, whole yuan and the fen behind the point.
    fn parts(self) -> (&'static str, u64, u64) {
        let fen = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, cents) = (fen / 100, fen % 100);
        (sign, yuan, cents)
    }
}

impl fmt::Display for Fen {
    /// In yuan without commas: `1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, yuan, cents) = self.parts();
        f.pad_integral(sign.is_empty(), "", &format!("{yuan}.{cents:02}"))
    }
}

/// 〔金额（正数）〕 The amount of a movement in fen: always more than nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Amount(i64);

impl Amount {
    /// So many fen; `None` unless positive.
    #[must_use]
    pub const fn new(fen: i64) -> Option<Amount> {
        if fen > 0 { Some(Amount(fen)) } else { None }
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The same as a sum that can be added and subtracted.
    #[must_use]
    pub const fn fen(self) -> Fen {
        Fen(self.0)
    }

    /// As [`Fen::parse`], but nothing is no amount.
    ///
    /// # Errors
    /// Those of [`Fen::parse`], and [`ParseFenError::NotPositive`] for zero.
    pub fn parse(text: &str) -> Result<Amount, ParseFenError> {
        Amount::try_from(Fen::parse(text)?)
    }
}

impl TryFrom<Fen> for Amount {
    type Error = ParseFenError;
    fn try_from(fen: Fen) -> Result<Amount, ParseFenError> {
        Amount::new(fen.0).ok_or(ParseFenError::NotPositive)
    }
}

impl From<Amount> for Fen {
    fn from(amount: Amount) -> Fen {
        amount.fen()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fen().fmt(f)
    }
}

/// Why a text is no sum of money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseFenError {
    /// Nothing was typed.
    Empty,
    /// A minus sign.
    Negative,
    /// Something else than digits, one point and commas.
    NotANumber,
    /// Commas that do not part thousands.
    Grouping,
    /// Less than a fen.
    TooManyDecimals,
    /// More than 10^15 fen.
    TooLarge,
    /// Zero where an amount is wanted.
    NotPositive,
}

impl ParseFenError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "money.empty",
            Self::Negative => "money.negative",
            Self::NotANumber => "money.not_a_number",
            Self::Grouping => "money.grouping",
            Self::TooManyDecimals => "money.decimals",
            Self::TooLarge => "money.too_large",
            Self::NotPositive => "money.not_positive",
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "请填写金额，例如 50 或 50.00",
            Self::Negative => "金额不能是负数，请去掉减号",
            Self::NotANumber => "金额只能用数字和一个小数点，例如 1234.50",
            Self::Grouping => "逗号只能隔开千位，请改成 1,234.50 或 1234.50 这样的写法",
            Self::TooManyDecimals => "金额最多到分，请保留两位小数",
            Self::TooLarge => "金额太大，请检查是否多写了数字",
            Self::NotPositive => "金额必须大于零，请重新填写",
        }
    }
}

impl fmt::Display for ParseFenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for ParseFenError {}

/// The digits, commas and the point, without blanks and the signs of the currency.
fn plain_number(text: &str) -> Result<String, ParseFenError> {
    let mut plain = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count >= AMOUNT_TEXT_CHARS {
            return Err(ParseFenError::TooLarge);
        }
        plain.push(half_width(c));
    }
    let plain = plain.trim();
    let plain = plain
        .strip_prefix(['¥', '￥'])
        .unwrap_or(plain)
        .trim_start();
    let plain = plain.strip_suffix('元').unwrap_or(plain).trim_end();
    if plain.is_empty() {
        return Err(ParseFenError::Empty);
    }
    if plain.starts_with(['-', '−', '–', '负']) {
        return Err(ParseFenError::Negative);
    }
    Ok(plain.to_owned())
}

/// Takes the commas out where they part thousands.
fn ungrouped(whole: &str) -> Result<String, ParseFenError> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    let mut commas = false;
    for group in groups {
        commas = true;
        if group.len() != 3 {
            return Err(ParseFenError::Grouping);
        }
        plain.push_str(group);
    }
    if commas && !(1..=3).contains(&first.len()) {
        return Err(ParseFenError::Grouping);
    }
    Ok(plain)
}

/// The number that these ASCII digits are.
fn digits(text: &str) -> Result<i64, ParseFenError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ParseFenError::NotANumber);
    }
    text.parse().map_err(|_| ParseFenError::TooLarge)
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
