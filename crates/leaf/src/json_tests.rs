//! The encoder against another one, the parser against everything else.

use super::*;
use proptest::prelude::*;

const LIMIT: usize = 10_000;

/// The same value for the other implementation.
fn foreign(value: &Json) -> serde_json::Value {
    match value {
        Json::Int(int) => (*int).into(),
        Json::Text(text) => text.nfc().collect::<String>().into(),
        Json::Bool(truth) => (*truth).into(),
        Json::List(list) => list.iter().map(foreign).collect(),
        Json::Map(map) => map.iter().map(|(k, v)| (k.clone(), foreign(v))).collect(),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,8}",
        "[\\u{0}-\\u{7f}]{0,8}",
        ".{0,8}",
        Just("é e\u{301} ｶﾞ 善迹 😀".to_owned())
    ]
    .prop_filter("no private use", |text| !has_private_use(text))
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        (-INT_MAX..=INT_MAX).prop_map(Json::Int),
        (-9_i64..=9).prop_map(Json::Int),
        text().prop_map(Json::Text),
        any::<bool>().prop_map(Json::Bool),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            proptest::collection::btree_map("[a-z0-9_]{1,6}", inner, 0..6).prop_map(Json::Map),
        ]
    })
}

fn normalised(value: &Json) -> Json {
    match value {
        Json::Text(text) => Json::Text(text.nfc().collect()),
        Json::List(list) => Json::List(list.iter().map(normalised).collect()),
        Json::Map(map) => Json::Map(
            map.iter()
                .map(|(k, v)| (k.clone(), normalised(v)))
                .collect(),
        ),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn bytes_are_those_of_another_canonicaliser(value in json()) {
        let ours = value.encode().unwrap();
        let theirs = serde_json_canonicalizer::to_vec(&foreign(&value)).unwrap();
        prop_assert_eq!(String::from_utf8(ours).unwrap(), String::from_utf8(theirs).unwrap());
    }

    #[test]
    fn what_was_written_is_read(value in json()) {
        let read = Json::parse(&value.encode().unwrap(), LIMIT).unwrap();
        prop_assert_eq!(read, normalised(&value));
    }

    #[test]
    fn whatever_is_read_is_canonical(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        check_read_is_canonical(&bytes);
    }

    #[test]
    fn nearly_json_is_canonical_or_refused(text in "[\\[\\]{}\",:\\\\a0-9u.e\\-tfn ]{0,40}") {
        check_read_is_canonical(text.as_bytes());
    }

    #[test]
    fn one_changed_byte_is_another_value(value in json(), at in any::<usize>(), to in any::<u8>()) {
        let bytes = value.encode().unwrap();
        let mut changed = bytes.clone();
        let at = at % bytes.len();
        changed[at] = to;
        if let Ok(read) = Json::parse(&changed, LIMIT) {
            prop_assert_eq!(read == normalised(&value), changed == bytes);
        }
        check_read_is_canonical(&changed);
    }
}

/// What is read has exactly these bytes, but for texts that their writer did not normalise.
fn check_read_is_canonical(bytes: &[u8]) {
    let Ok(read) = Json::parse(bytes, LIMIT) else {
        return;
    };
    if normalised(&read) == read {
        assert_eq!(read.encode().unwrap(), bytes);
    }
}

#[track_caller]
fn check_refused(text: &str, fault: JsonFault) {
    assert_eq!(
        Json::parse(text.as_bytes(), LIMIT).map_err(|e| e.fault),
        Err(fault),
        "{text}"
    );
}

#[test]
fn everything_that_is_not_canonical_is_refused() {
    for text in [
        "",
        " 1",
        "1 ",
        "[1, 2]",
        "[1,]",
        "[,1]",
        "{\"a\" :1}",
        "01",
        "-0",
        "-",
        "+1",
        "1 2",
        "\"\\/\"",
        "\"\\u0041\"",
        "\"\\u000A\"",
        "\"\\u001F\"",
        "\"\\u0008\"",
        "\"\\ud800\"",
        "\"\\u+01f\"",
        "\"a",
        "\"\u{1}\"",
        "tru",
        "true1",
        "[",
        "{",
        "{\"a\"}",
        "'a'",
        "\u{feff}1",
    ] {
        check_refused(text, JsonFault::Form);
    }
}

#[test]
fn each_fault_has_its_name() {
    check_refused("null", JsonFault::Null);
    check_refused("[null]", JsonFault::Null);
    check_refused("1.0", JsonFault::Float);
    check_refused("1e3", JsonFault::Float);
    check_refused("0E0", JsonFault::Float);
    check_refused("9007199254740992", JsonFault::Int);
    check_refused("-9007199254740992", JsonFault::Int);
    check_refused("123456789012345678901234567890", JsonFault::Int);
    check_refused("{\"a\":1,\"a\":2}", JsonFault::Order);
    check_refused("{\"b\":1,\"a\":2}", JsonFault::Order);
    check_refused("{\"A\":1}", JsonFault::Key);
    check_refused("{\"\":1}", JsonFault::Key);
    check_refused("\"\u{e000}\"", JsonFault::PrivateUse);
    check_refused("\"\u{10fffd}\"", JsonFault::PrivateUse);
    check_refused(&"[".repeat(DEPTH + 1), JsonFault::Depth);
    check_refused(&format!("\"{}\"", "a".repeat(LIMIT)), JsonFault::Size);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    // a lone surrogate as some encoders write it
    let error = Json::parse(b"\"\xed\xa0\x80\"", LIMIT).unwrap_err();
    assert_eq!(error.fault, JsonFault::Utf8);
}

#[test]
fn the_ends_of_the_integers_are_read() {
    for text in ["9007199254740991", "-9007199254740991", "0", "-1"] {
        let value = Json::parse(text.as_bytes(), LIMIT).unwrap();
        assert_eq!(value.encode().unwrap(), text.as_bytes());
    }
}

#[test]
fn what_cannot_be_read_is_not_written() {
    let deep = (0..=DEPTH).fold(Json::Int(1), |inner, _| Json::List(vec![inner]));
    for (value, fault) in [
        (Json::Int(INT_MAX + 1), JsonFault::Int),
        (Json::Int(i64::MIN), JsonFault::Int),
        (Json::from([("A", Json::Int(1))]), JsonFault::Key),
        (Json::from("\u{f8ff}"), JsonFault::PrivateUse),
        (deep, JsonFault::Depth),
    ] {
        assert_eq!(value.encode().map_err(|e| e.fault), Err(fault));
    }
}

#[test]
fn the_writer_normalises_text() {
    assert_eq!(Json::from("e\u{301}").encode().unwrap(), "\"é\"".as_bytes());
}
