//! Vectors and properties of public numbers.

use super::*;
use aes::Aes256;
use fpe::ff1::{BinaryNumeralString, FF1};
use proptest::prelude::*;

struct Donation;
impl IdKind for Donation {
    const PREFIX: &'static str = "don";
}
struct Oil;
impl IdKind for Oil {
    const PREFIX: &'static str = "oil";
}

fn cipher() -> IdCipher {
    IdCipher::new(std::array::from_fn(|at| at as u8))
}

/// The same by another hand: the fpe crate, which knows nothing of ours. It counts the
/// bits of a byte from its lower end.
fn by_fpe(clear: u64, tweak: &str) -> u64 {
    let key: [u8; 32] = std::array::from_fn(|at| at as u8);
    let ff1 = FF1::<Aes256>::new(&key, 2).unwrap();
    let bits = BinaryNumeralString::from_bytes_le(&clear.reverse_bits().to_le_bytes());
    let hidden = ff1.encrypt(tweak.as_bytes(), &bits).unwrap().to_bytes_le();
    u64::from_le_bytes(hidden.try_into().unwrap()).reverse_bits()
}

#[test]
fn numbers_stay_what_they_are_for_ever() {
    // made by a separate script from the text of SP 800-38G: people have them on paper
    let check = |raw, text: &str| {
        let id = Id::<Donation>::from_raw(raw);
        assert_eq!(cipher().print(id), text);
        assert_eq!(cipher().read::<Donation>(text), Ok(id));
    };
    check(0, "don_FH9BX71MEHBXTQ");
    check(1, "don_84ESN2KT2RAASG");
    check(i64::MAX, "don_24XY2VNPCNQQDM");
}

#[test]
fn people_write_numbers_in_many_ways() {
    let id = Id::<Oil>::from_raw(911_700_000_000_000_123);
    let plain = cipher().print(id);
    let spaced: String = plain.chars().flat_map(|c| [c, ' ']).collect();
    let wide: String = plain
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    let body = plain[4..].replace('0', "o").replace('1', "l");
    for text in [
        plain.to_lowercase(),
        spaced,
        wide,
        format!("Oil-{body}"),
        format!("OIL {}", body.to_uppercase()),
    ] {
        assert_eq!(cipher().read::<Oil>(&text), Ok(id), "{text}");
    }
}

#[test]
fn each_mistake_has_its_own_error() {
    let good = cipher().print(Id::<Donation>::from_raw(7));
    let check = |text: &str, error: ParseIdError| {
        assert_eq!(cipher().read::<Donation>(text), Err(error), "{text}");
        assert!(error.code().starts_with("id.") && error.to_string().contains('，'));
    };
    let prefix = ParseIdError::Prefix { expected: "don" };
    check("", prefix);
    check(&good[4..], prefix);
    check(&good.replace("don", "oil"), prefix);
    check(&good[..good.len() - 1], ParseIdError::Length);
    check(&format!("{good}0"), ParseIdError::Length);
    check(&format!("don_{}", "0".repeat(1000)), ParseIdError::Length);
    check(
        &good.replacen(&good[6..7], "U", 1),
        ParseIdError::Character('U'),
    );
    check(
        "don_善善善善善善善善善善善善善善",
        ParseIdError::Character('善'),
    );
    check("don_00000000000001", ParseIdError::Check);
    check(&written(1 << 64), ParseIdError::TooLarge);
    let negative = u128::from(cipher().hide(u64::MAX, "don"));
    check(&written(negative), ParseIdError::NeverPrinted);
}

/// A number with a fitting check character, whether a cipher would print it or not.
fn written(hidden: u128) -> String {
    let values: Vec<u8> = (0..13)
        .rev()
        .map(|place| (hidden >> (5 * place) & 31) as u8)
        .collect();
    let check = values.iter().fold(0, |check, value| times_a(check ^ value));
    let text: String = values
        .iter()
        .chain([&check])
        .map(|value| symbol(*value))
        .collect();
    format!("don_{text}")
}

#[test]
fn the_generator_runs_through_the_whole_field() {
    let mut seen = std::collections::BTreeSet::new();
    let mut element = 1;
    while seen.insert(element) {
        element = times_a(element);
    }
    assert_eq!((seen.len(), element), (31, 1));
}

#[test]
fn a_cipher_does_not_print_its_key() {
    assert_eq!(format!("{:?}", cipher()), "IdCipher(***)");
}

proptest! {
    #[test]
    fn the_permutation_is_ff1(clear: u64, tweak in "[a-z]{2,8}") {
        let hidden = cipher().hide(clear, &tweak);
        prop_assert_eq!(hidden, by_fpe(clear, &tweak));
        prop_assert_eq!(cipher().show(hidden, &tweak), clear);
    }

    #[test]
    fn what_is_printed_reads_back(raw in 0..=i64::MAX, key: [u8; 32]) {
        let (cipher, id) = (IdCipher::new(key), Id::<Donation>::from_raw(raw));
        let text = cipher.print(id);
        prop_assert_eq!(text.len(), 18);
        prop_assert_eq!(cipher.read::<Donation>(&text), Ok(id));
        let other = cipher.print(Id::<Oil>::from_raw(raw));
        prop_assert_ne!(&text[4..], &other[4..]);
    }

    /// Not by chance: every one of the 434 single mistakes and 13 swaps of each number.
    #[test]
    fn every_wrong_character_and_every_swap_is_found(raw in 0..=i64::MAX) {
        let cipher = cipher();
        let good = cipher.print(Id::<Donation>::from_raw(raw)).into_bytes();
        let refused = |bytes: &[u8]| {
            cipher.read::<Donation>(std::str::from_utf8(bytes).unwrap()) == Err(ParseIdError::Check)
        };
        for at in 4..good.len() {
            for symbol in ALPHABET {
                let mut wrong = good.clone();
                wrong[at] = *symbol;
                prop_assert!(wrong == good || refused(&wrong));
            }
            for other in at + 1..good.len() {
                let mut swapped = good.clone();
                swapped.swap(at, other);
                prop_assert!(swapped == good || refused(&swapped));
            }
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}") {
        let _ = cipher().read::<Donation>(&format!("don_{text}"));
    }
}
