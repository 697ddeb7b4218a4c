//! Numbers and names of people are carried to every place of every kind of leaf, in many disguises; none gets
//! through, and what is honest does.

use crate::envelope::Leaf;
use crate::error::LeafError;
use crate::json::Json;
use crate::kind::Kind;
use crate::limits::{AMOUNT_MAX, COUNT_MAX};
use crate::samples::{every_kind, honest};
use crate::scan::Personal;
use crate::vocabulary::{Form, VOCABULARY, word};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

const PHONE: &str = "13812345678";
const IDENTITY: &str = "110101199003077758";
const OLD_IDENTITY: &str = "110101900307851";
const CARD: &str = "6222021234567890128";
const NUMBERS: [&str; 6] = [
    PHONE,
    IDENTITY,
    "11010119900307851X",
    OLD_IDENTITY,
    CARD,
    "057187654321",
];
/// Of people who are helped.
const NAMES: [&str; 9] = [
    "张三",
    "王小明",
    "欧阳娜娜",
    "張小三",
    "张 三",
    "阿卜杜拉·买买提",
    "患儿王小明",
    "李四先生",
    "张三等3人",
];

/// The digits of a number in another script, from its zero.
fn script(number: &str, zero: char) -> String {
    let digit = |c: char| match c.to_digit(10) {
        Some(d) => char::from_u32(u32::from(zero) + d).unwrap(),
        None => c,
    };
    number.chars().map(digit).collect()
}

fn read_out(number: &str, digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let digit = |c: char| c.to_digit(10).map_or(c, |d| digits[d as usize]);
    number.chars().map(digit).collect()
}

/// Every fourth place is parted.
fn parted(number: &str, by: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let groups: Vec<String> = chars
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(by)
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

/// A number in every disguise that was thought of.
fn disguises(number: &str) -> Vec<String> {
    let mut all = vec![
        number.to_owned(),
        format!("no.{number}"),
        format!("{number}x"),
        script(number, '０'),
        script(number, '٠'),
        script(number, '०'),
        script(number, '𝟎'),
        read_out(number, "〇一二三四五六七八九"),
        read_out(number, "零壹贰叁肆伍陆柒捌玖"),
        read_out(number, "零幺兩參肆伍陸柒捌玖"),
        read_out(number, "0⑴⑵⑶⑷⑸⑹⑺⑻⑼"),
        read_out(number, "0①②③④⑤⑥⑦⑧⑨"),
        read_out(number, "0❶❷❸❹❺❻❼❽❾"),
        read_out(number, "0⒈⒉⒊⒋⒌⒍⒎⒏⒐"),
        STANDARD_NO_PAD.encode(number),
        URL_SAFE_NO_PAD.encode(format!("tel:{number}")),
        STANDARD_NO_PAD.encode(parted(number, "-")),
        hex(number),
    ];
    for by in [
        " ", "-", ".", "_", "/", ":", "  ", "--", " - ", "·", "—", "\u{3000}", "\u{200b}", ",",
        "，", "、", "*", "|", "~", "#", ")(", "（）",
    ] {
        all.push(parted(number, by));
    }
    all
}

/// What would carry the text to this form; nothing if the form has no room for it at all.
fn carried(form: Form, text: &str) -> Vec<Json> {
    let value = match form {
        Form::Filing => format!("53330000MJX00000X3{text}"),
        Form::Key => format!("{text}+e2f10e43+AUvhMTOaMGpZlqPnpUkzZg5xEdQpLFS4v4MbfMHJJJ9b"),
        Form::Id(prefix) => format!("{prefix}_{text:0<14}"),
        _ => text.to_owned(),
    };
    let mut padded = [b'.'; 32];
    for (to, from) in padded.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    let digest = || Json::from(crate::digest_text(&padded));
    let number = text.parse::<i64>().map(Json::Int);
    let mut values = vec![Json::from(value)];
    values.extend(number);
    match form {
        // Bytes of other scripts are no text where a digest is read.
        _ if !text.is_ascii() => {}
        Form::Digest => values.push(digest()),
        Form::Digests => values.push(vec![digest()].into()),
        Form::Files => {
            for (digest, mime) in [
                (digest(), "image/png".to_owned()),
                (
                    Json::from(crate::digest_text(&[9; 32])),
                    format!("image/{text}"),
                ),
            ] {
                let file = [
                    ("len", Json::Int(5)),
                    ("mime", mime.into()),
                    ("sha256", digest),
                ];
                values.push(vec![Json::from(file)].into());
            }
        }
        Form::Ratio => {
            let ratio = text
                .parse()
                .map(|number| vec![Json::Int(number), Json::Int(1)]);
            values.extend(ratio.map(Json::from));
        }
        _ => {}
    }
    values
}

/// A telephone in the words that hold an amount is an amount like any other: 138,123,456.78 yuan.
fn is_an_amount(key: &str, value: &Json) -> bool {
    let amounts = ["amount", "fee", "gross", "orig", "sum", "target", "value"];
    matches!(value, Json::Int(n) if *n < AMOUNT_MAX) && amounts.contains(&key)
}

#[track_caller]
fn check_refused(leaf: &Leaf, what: &str) {
    assert!(leaf.encode().is_err(), "{} {what}", leaf.kind.code());
}

/// The leaf with what its kind demands and one word more.
fn alone(full: &Leaf, key: &str) -> Leaf {
    let mut leaf = full.clone();
    let must = full.kind.rules().map_or(&[][..], |rules| rules.must);
    leaf.data
        .retain(|word, _| word == key || must.contains(&word.as_str()));
    leaf
}

#[test]
fn what_is_honest_passes_in_every_kind() {
    for leaf in every_kind() {
        let bytes = leaf.encode();
        assert!(bytes.is_ok(), "{}: {bytes:?}", leaf.kind.code());
    }
}

#[test]
fn no_number_gets_through_any_word_of_any_kind() {
    let mut tried = 0;
    for full in every_kind() {
        for key in full.data.keys() {
            let form = word(key).unwrap().form;
            let leaf = alone(&full, key);
            for number in NUMBERS {
                for text in disguises(number) {
                    for value in carried(form, &text) {
                        if is_an_amount(key, &value) {
                            continue;
                        }
                        let mut changed = leaf.clone();
                        changed.data.insert(key.clone(), value);
                        check_refused(&changed, &format!("{key}: {text}"));
                        tried += 1;
                    }
                }
            }
        }
    }
    println!("{tried} numbers were tried");
    assert!(tried > 100_000);
}

#[test]
fn no_name_of_a_person_gets_through_any_word_of_any_kind() {
    for leaf in every_kind() {
        for key in leaf.data.keys() {
            // The names of goods cannot be told from those of people: 方便面, 毛巾.
            if word(key).unwrap().form == Form::Unit {
                continue;
            }
            for name in NAMES {
                let mut changed = leaf.clone();
                changed.data.insert(key.clone(), name.into());
                check_refused(&changed, &format!("{key}: {name}"));
            }
        }
    }
}

#[test]
fn a_digest_of_a_number_has_no_place_among_words() {
    use sha2::{Digest, Sha256};
    let digest: [u8; 32] = Sha256::digest(PHONE).into();
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let texts = [
        hex.clone(),
        hex[..32].to_owned(),
        hex.to_uppercase(),
        crate::digest_text(&digest),
    ];
    for leaf in every_kind() {
        for key in leaf.data.keys() {
            // These hold digests of files and of the log itself, and nothing else is written there.
            if matches!(
                word(key).unwrap().form,
                Form::Digest | Form::Digests | Form::Files
            ) {
                continue;
            }
            for text in &texts {
                let mut changed = leaf.clone();
                changed.data.insert(key.clone(), text.clone().into());
                check_refused(&changed, &format!("{key}: {text}"));
            }
        }
    }
}

#[test]
fn no_number_gets_through_the_envelope_of_any_kind() {
    let disguised = format!("don_{PHONE}000");
    let mut bytes = [b'.'; 32];
    bytes[..11].copy_from_slice(PHONE.as_bytes());
    let changes: Vec<fn(&mut Leaf)> = vec![
        |l| l.kind = Kind::Unknown(format!("x{PHONE}/1")),
        |l| l.kind = Kind::Unknown(PHONE.into()),
        |l| l.organisation = Some("org_13812345678000".into()),
        |l| l.organisation = Some(PHONE.into()),
        |l| l.streams.push(("tel/13812345678".into(), 1)),
        |l| l.streams.push(("tel/13812345678000".into(), 1)),
        |l| l.streams.push(("usr/13812345678000".into(), 1)),
        |l| l.streams.push(("uscc/110101199003077758".into(), 1)),
        |l| l.streams.push(("x/MTM4MTIzNDU2Nzg".into(), 1)),
        |l| {
            l.commitments.insert("p13812345678".into(), [1; 32]);
        },
        |l| {
            l.commitments.insert("p138_1234_5678".into(), [1; 32]);
        },
        |l| drop(l.data.insert("tel".into(), PHONE.into())),
        |l| drop(l.data.insert(PHONE.into(), true.into())),
    ];
    for leaf in every_kind() {
        for (at, change) in changes.iter().enumerate() {
            let mut changed = leaf.clone();
            change(&mut changed);
            check_refused(&changed, &format!("change {at}"));
        }
        let mut changed = leaf.clone();
        changed.id = disguised.clone();
        check_refused(&changed, "id");
        let mut changed = leaf.clone();
        changed.commitments.insert("gift".into(), bytes);
        check_refused(&changed, "a number for a commitment");
        if leaf.reference.is_some() {
            let mut changed = leaf.clone();
            changed.reference = Some(bytes);
            check_refused(&changed, "a number for a reference");
        }
        for movement in 0..leaf.moves.len() {
            let mut changed = leaf.clone();
            changed.moves[movement].n = 4_111_111_111_111_111;
            check_refused(&changed, "a card for an amount");
        }
    }
}

/// Words that stand side by side, with codes or names: there a number could be cut in two.
#[test]
fn no_number_gets_through_in_two_halves() {
    let mut tried = 0;
    for leaf in every_kind() {
        let keys: Vec<&String> = leaf.data.keys().collect();
        let is_text = |key: &str| {
            matches!(
                word(key).unwrap().form,
                Form::Code | Form::Name | Form::Unit
            )
        };
        for pair in keys
            .windows(2)
            .filter(|pair| pair.iter().all(|key| is_text(key)))
        {
            for number in [PHONE, IDENTITY, CARD] {
                let half = number.len() / 2;
                for (first, second) in [(0, 1), (1, 0)] {
                    let mut changed = leaf.clone();
                    changed
                        .data
                        .insert(pair[first].clone(), number[..half].into());
                    changed
                        .data
                        .insert(pair[second].clone(), number[half..].into());
                    check_refused(&changed, &format!("{pair:?} {number}"));
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn what_was_found_is_said() {
    let said = |key: &str, value: Json| {
        let mut leaf = every_kind()
            .into_iter()
            .find(|l| l.kind == Kind::Delivery)
            .unwrap();
        leaf.data.insert(key.into(), value);
        match leaf.encode() {
            Err(LeafError::Personal { what, word }) if word == key => Some(what),
            _ => None,
        }
    };
    assert_eq!(said("payee", "张三".into()), Some(Personal::Name));
    assert_eq!(said("payee", PHONE.into()), Some(Personal::Phone));
    assert_eq!(said("law", IDENTITY.into()), Some(Personal::IdNumber));
    assert_eq!(said("class", CARD.into()), Some(Personal::BankCard));
    assert_eq!(
        said("persons", 13_812_345_678_i64.into()),
        Some(Personal::Digits)
    );
    assert_eq!(
        said("source", "0123456789abcdef0123456789abcdef".into()),
        Some(Personal::Hash)
    );
}

/// An honest value of a form.
fn honest_value(form: Form) -> BoxedStrategy<Json> {
    match form {
        Form::Count => (0..COUNT_MAX).prop_map(Json::Int).boxed(),
        Form::Code => "[a-z]{1,10}(_[a-z]{1,10}){0,2}(-[0-9]{1,8})?"
            .prop_map(Json::from)
            .boxed(),
        Form::Name => {
            "[浙江云山县市]{2,6}(慈善总会|人民医院|教育基金|第[0-9]{1,3}中学校|科技有限公司)"
                .prop_map(Json::from)
                .boxed()
        }
        Form::Unit => "[口罩方便面毛巾棉衣]{1,6}\\|[a-zA-Z0-9 ]{0,6}x\\|[箱只双袋]"
            .prop_map(Json::from)
            .boxed(),
        Form::Decimal => "[0-9]{1,3}\\.[0-9]{1,6}".prop_map(Json::from).boxed(),
        Form::Filing => "53330000MJX00000X3[A-Z][0-9]{5}"
            .prop_map(Json::from)
            .boxed(),
        Form::Digest => any::<[u8; 32]>()
            .prop_map(|d| crate::digest_text(&d).into())
            .boxed(),
        Form::Origin => "[a-z]{1,10}\\.[a-z]{2,5}/[a-z0-9]{1,8}"
            .prop_map(Json::from)
            .boxed(),
        Form::Day => "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
            .prop_map(Json::from)
            .boxed(),
        _ => Just(Json::Bool(false)).boxed(),
    }
}

proptest! {
    #[test]
    fn honest_values_of_every_word_pass(
        values in VOCABULARY.iter().map(|row| honest_value(row.form)).collect::<Vec<_>>(),
        amount in 1..AMOUNT_MAX,
    ) {
        for mut leaf in every_kind() {
            for (row, value) in VOCABULARY.iter().zip(&values) {
                if *value != Json::Bool(false)
                    && let Some(place) = leaf.data.get_mut(row.key)
                {
                    *place = value.clone();
                }
            }
            for (key, value) in &mut leaf.data {
                if key == "amount" || key == "target" {
                    *value = Json::Int(amount);
                }
            }
            let written = leaf.encode();
            prop_assert!(written.is_ok(), "{} {:?}", leaf.kind.code(), written);
        }
    }

    #[test]
    fn an_honest_code_is_none_in_two_halves(first in "[0-9]{3,6}", second in "[0-9]{3,4}") {
        // A telephone has eleven digits: what is shorter together is honest.
        let found = crate::scan::scan_parts(&first, &second);
        prop_assert_eq!(found, None);
        prop_assert!(honest("class") == Json::from("wechat"));
    }
}
