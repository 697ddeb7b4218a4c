//! The number that every organisation has.
//!
//! Source: GB 32100-2015 (the code and its check character), GB 11714 (the inner check of
//! the organisation's own part).

use crate::limits::CODE_TEXT_CHARS;
use crate::text::plain_upper;
use std::fmt;

/// The 31 characters of the code; the place of each is its value. No I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CHARS: usize = 18;

/// 〔统一社会信用代码〕 The unified social credit code, 18 characters, checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc([u8; CHARS]);

impl Uscc {
    /// Reads a code as people type it: trimmed, full-width and lower case allowed.
    ///
    /// # Errors
    /// One for each thing that can be wrong with it, see [`UsccError`].
    pub fn parse(text: &str) -> Result<Uscc, UsccError> {
        let plain = plain_upper(text, CODE_TEXT_CHARS).ok_or(UsccError::Length)?;
        if plain.is_empty() {
            return Err(UsccError::Empty);
        }
        if let Some(strange) = plain.chars().find(|c| value(*c).is_none()) {
            return Err(UsccError::Character(strange));
        }
        let code: [u8; CHARS] = plain.as_bytes().try_into().map_err(|_| UsccError::Length)?;
        if !code.iter().skip(2).take(6).all(u8::is_ascii_digit) {
            return Err(UsccError::Region);
        }
        let [front @ .., last] = &code;
        if check_char(front) != *last {
            return Err(UsccError::Check);
        }
        Ok(Uscc(code))
    }

    /// Codes from which a text differs in one character, or in two neighbours that changed places: what somebody may
    /// have meant who mistyped one. In rising order; none for a text of another length.
    #[must_use]
    pub fn near(text: &str) -> Vec<Uscc> {
        let Some(typed) = plain_upper(text, CODE_TEXT_CHARS) else {
            return Vec::new();
        };
        let Ok(typed) = <[u8; CHARS]>::try_from(typed.as_bytes()) else {
            return Vec::new();
        };
        let read = |code: [u8; CHARS]| Uscc::parse(std::str::from_utf8(&code).ok()?).ok();
        let one_wrong = (0..CHARS).flat_map(|at| ALPHABET.iter().map(move |right| (at, *right)));
        let one_wrong = one_wrong.filter_map(|(at, right)| {
            let mut code = typed;
            *code.get_mut(at)? = right;
            read(code)
        });
        let swapped = (1..CHARS).filter_map(|at| {
            let mut code = typed;
            code.swap(at.checked_sub(1)?, at);
            read(code)
        });
        let mut near: Vec<Uscc> = one_wrong.chain(swapped).collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// The 18 characters, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // ASCII by construction
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// 〔登记管理机关行政区划码〕 Characters 3 to 8: the region of the registering authority,
    /// `100000` for the Ministry of Civil Affairs itself.
    #[must_use]
    pub fn authority_region(&self) -> &str {
        self.as_str().get(2..8).unwrap_or_default()
    }

    /// Whether characters 9 to 17 carry the check character of GB 11714. Old codes deviate
    /// from it, so that this is a warning to look twice and never a refusal.
    #[must_use]
    pub fn inner_check_ok(&self) -> bool {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let mut own = self.0.iter().skip(8);
        // Here a letter's value is its place in the whole alphabet: A is 10, Z is 35.
        let sum = own.clone().zip(WEIGHTS).fold(0_u32, |sum, (byte, weight)| {
            let value = char::from(*byte).to_digit(36).unwrap_or(0);
            sum.saturating_add(value.saturating_mul(weight))
        });
        let wanted = match 11_u32.saturating_sub(sum.rem_euclid(11)) {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        };
        own.nth(8).is_some_and(|byte| char::from(*byte) == wanted)
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uscc({})", self.as_str())
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text is no unified social credit code, in the order in which it is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UsccError {
    /// Nothing was typed.
    Empty,
    /// A character that no code has; I, O, S, V and Z are such.
    Character(char),
    /// Not 18 characters.
    Length,
    /// Characters 3 to 8 are not all digits.
    Region,
    /// The last character does not fit the others.
    Check,
}

impl UsccError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "uscc.empty",
            Self::Character(_) => "uscc.character",
            Self::Length => "uscc.length",
            Self::Region => "uscc.region",
            Self::Check => "uscc.check",
        }
    }
}

impl fmt::Display for UsccError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写 18 位统一社会信用代码"),
            Self::Character(c @ ('I' | 'O' | 'S' | 'V' | 'Z')) => write!(
                f,
                "统一社会信用代码里没有字母 {c}，请检查是否与形近的数字或字母混淆"
            ),
            Self::Character(c) => {
                write!(f, "统一社会信用代码里不会有“{c}”，请对照登记证书重新输入")
            }
            Self::Length => f.write_str("统一社会信用代码应为 18 位，请检查是否漏写或多写"),
            Self::Region => {
                f.write_str("统一社会信用代码第 3 至 8 位应全是数字，请对照登记证书重新输入")
            }
            Self::Check => {
                f.write_str("统一社会信用代码的校验码不符，有一处写错了，请对照登记证书重新输入")
            }
        }
    }
}

impl std::error::Error for UsccError {}

/// The character that closes the first 17. The weights are the powers of 3 modulo 31.
fn check_char(front: &[u8]) -> u8 {
    let (mut sum, mut weight) = (0_u32, 1_u32);
    for byte in front {
        let value = value(char::from(*byte)).unwrap_or(0);
        sum = sum.saturating_add(value.saturating_mul(weight));
        weight = weight.saturating_mul(3).rem_euclid(31);
    }
    let check = 31_u32.saturating_sub(sum.rem_euclid(31)).rem_euclid(31);
    usize::try_from(check)
        .ok()
        .and_then(|at| ALPHABET.get(at))
        .copied()
        .unwrap_or(b'0')
}

fn value(c: char) -> Option<u32> {
    let at = ALPHABET
        .iter()
        .position(|symbol| char::from(*symbol) == c)?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_wrong_character_is_near() {
        let right = Uscc::parse("53330000MJX00000X3").unwrap();
        for wrong in [
            "53330000MJX00000X4",
            "5333000OMJX00000X3",
            "53330000MJX0000X03",
            "53330000JMX00000X3",
        ] {
            assert!(Uscc::near(wrong).contains(&right), "{wrong}");
        }
        assert!(Uscc::near("53330000MJX00000X").is_empty());
        assert!(Uscc::near("善").is_empty());
        assert!(Uscc::near("63330000MJX00000X4").len() <= 36);
    }

    #[test]
    fn the_vectors_of_the_rulebook_hold() {
        let check = |front: &str, last| assert_eq!(check_char(front.as_bytes()), last, "{front}");
        check("53330000MJX00000X", b'3'); // ID-01, sum 2601
        check("52330100MJE000179", b'D'); // sum 1909
        check("51330000MJ0000237", b'0'); // remainder 0
        check("53110000668402712", b'6'); // real
        check("52620600MJY949356", b'H'); // real
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        for text in [
            "53330000MJX00000X3",
            " 53330000mjx00000x3 ",
            "５３３３００００ＭＪＸ０００００Ｘ３",
        ] {
            assert_eq!(Uscc::parse(text).unwrap().as_str(), "53330000MJX00000X3");
        }
        let code = Uscc::parse("531100006684027126").unwrap();
        assert_eq!(
            (code.authority_region(), code.to_string().len()),
            ("110000", 18)
        );
    }

    #[test]
    fn the_inner_check_is_only_a_warning() {
        let check =
            |text, ok| assert_eq!(Uscc::parse(text).unwrap().inner_check_ok(), ok, "{text}");
        check("53330000MJX00000X3", true);
        check("531100006684027126", true);
        check("52620600MJY949356H", true);
        let mut deviant = *b"53330000MJX000001?";
        deviant[17] = check_char(&deviant[..17]);
        check(std::str::from_utf8(&deviant).unwrap(), false);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let check = |text: &str, error: UsccError| {
            assert_eq!(Uscc::parse(text), Err(error), "{text}");
            assert!(error.code().starts_with("uscc.") && !error.to_string().is_empty());
        };
        check("  ", UsccError::Empty);
        check("53330000MJX00000X", UsccError::Length);
        check("53330000MJX00000X33", UsccError::Length);
        check(&"5".repeat(1000), UsccError::Length);
        check("53330000MJX0000OX3", UsccError::Character('O'));
        check("53330000善JX00000X3", UsccError::Character('善'));
        check("5333000AMJX00000X3", UsccError::Region);
        check("53330000MJX00000X4", UsccError::Check);
    }

    /// A code with a fitting last character.
    fn code() -> impl Strategy<Value = [u8; CHARS]> {
        ("[1-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}").prop_map(|front| {
            let mut code = [0; CHARS];
            code[..17].copy_from_slice(front.as_bytes());
            code[17] = check_char(front.as_bytes());
            code
        })
    }

    proptest! {
        /// 31 is a prime and no weight is a multiple of it, so one wrong character is always
        /// found; the weights of neighbours differ, so is every swap of them.
        #[test]
        fn one_wrong_character_or_a_swap_is_found(code in code(), at in 0..CHARS, other in 0..31_usize) {
            let parse = |code: &[u8; CHARS]| Uscc::parse(std::str::from_utf8(code).unwrap());
            prop_assert!(parse(&code).is_ok());
            let mut wrong = code;
            wrong[at] = ALPHABET[other];
            prop_assert_eq!(parse(&wrong).is_ok(), wrong == code);
            let at = at.min(CHARS - 2);
            let mut swapped = code;
            swapped.swap(at, at + 1);
            prop_assert_eq!(parse(&swapped).is_ok(), swapped == code);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = Uscc::parse(&text);
        }
    }
}
