//! JSON as leaves speak it: RFC 8785 without floats and null.
//!
//! Objects, lists, strings, booleans and integers within ±(2^53 − 1), keys of `[a-z0-9_]`.
//! With these limits there is exactly one byte string for each value: no blanks, keys
//! ascending, the shortest escapes. The encoder writes it and the parser accepts no other.

use crate::limits::{DEPTH, INT_MAX, KEY_BYTES};
use crate::reader::Reader;
use std::collections::BTreeMap;
use std::fmt;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A JSON value of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// An integer within ±(2^53 − 1).
    Int(i64),
    /// A text; the encoder normalises it to NFC.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A list.
    List(Vec<Json>),
    /// An object; keys are `[a-z0-9_]`.
    Map(BTreeMap<String, Json>),
}

impl Json {
    /// The canonical bytes.
    ///
    /// # Errors
    /// Integers beyond ±(2^53 − 1), keys of other characters, private-use characters,
    /// nesting beyond [`DEPTH`].
    pub fn encode(&self) -> Result<Vec<u8>, JsonError> {
        let mut writer = Writer::new(Words::Public);
        writer.value(self, 0)?;
        Ok(writer.bytes)
    }

    /// Reads canonical bytes, at most `limit` of them.
    ///
    /// # Errors
    /// Everything that [`Json::encode`] would not have written; see [`JsonFault`].
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Json, JsonError> {
        let mut reader = Reader::new(bytes, limit, Words::Public)?;
        let value = reader.value(0)?;
        reader.end()?;
        Ok(value)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    #[must_use]
    pub const fn int(&self) -> Option<i64> {
        match self {
            Json::Int(int) => Some(*int),
            _ => None,
        }
    }
}

impl From<i64> for Json {
    fn from(int: i64) -> Json {
        Json::Int(int)
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Json {
        Json::Bool(truth)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}

impl From<Vec<Json>> for Json {
    fn from(list: Vec<Json>) -> Json {
        Json::List(list)
    }
}

impl From<BTreeMap<String, Json>> for Json {
    fn from(map: BTreeMap<String, Json>) -> Json {
        Json::Map(map)
    }
}

impl<const N: usize> From<[(&str, Json); N]> for Json {
    fn from(members: [(&str, Json); N]) -> Json {
        Json::Map(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }
}

/// Which characters may stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// In a leaf: no private-use characters, because nobody else can read them.
    Public,
    /// In an opening: people's names as they were typed.
    Private,
}

/// Why a value or its bytes are not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte at which it was noticed; 0 when encoding.
    pub at: usize,
    /// What is wrong.
    pub fault: JsonFault,
}

/// What can be wrong with JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// More bytes than allowed.
    Size,
    /// Nested too deep.
    Depth,
    /// Not UTF-8.
    Utf8,
    /// Not JSON, or not the canonical form: blanks, needless escapes, leading zeros.
    Form,
    /// Keys out of order or named twice.
    Order,
    /// A key that is empty, too long or has other characters than `[a-z0-9_]`.
    Key,
    /// A key that does not belong here, or one that is missing.
    Member,
    /// A number with a fraction or an exponent.
    Float,
    /// An integer beyond ±(2^53 − 1).
    Int,
    /// `null`.
    Null,
    /// A character for private use.
    PrivateUse,
}

impl JsonError {
    pub(crate) const fn new(at: usize, fault: JsonFault) -> JsonError {
        JsonError { at, fault }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.fault {
            JsonFault::Size => "json.size",
            JsonFault::Depth => "json.depth",
            JsonFault::Utf8 => "json.utf8",
            JsonFault::Form => "json.form",
            JsonFault::Order => "json.order",
            JsonFault::Key => "json.key",
            JsonFault::Member => "json.member",
            JsonFault::Float => "json.float",
            JsonFault::Int => "json.int",
            JsonFault::Null => "json.null",
            JsonFault::PrivateUse => "json.private_use",
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.fault {
            JsonFault::Size => "内容太长",
            JsonFault::Depth => "嵌套太深",
            JsonFault::Utf8 => "不是 UTF-8 文本",
            JsonFault::Form => "不是规范的 JSON 写法",
            JsonFault::Order => "键重复或没有按序排列",
            JsonFault::Key => "键只能用小写字母、数字和下划线",
            JsonFault::Member => "缺少应有的键，或有不该出现的键",
            JsonFault::Float => "不允许小数",
            JsonFault::Int => "整数超出 2^53−1",
            JsonFault::Null => "不允许空值 null",
            JsonFault::PrivateUse => "含有私用区字符",
        };
        write!(f, "第{}字节：{words}，请用原始文件重新核对", self.at)
    }
}

impl std::error::Error for JsonError {}

/// Writes canonical bytes.
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    words: Words,
}

impl Writer {
    pub(crate) fn new(words: Words) -> Writer {
        Writer {
            bytes: Vec::with_capacity(512),
            words,
        }
    }

    /// Syntax and texts that are ASCII and need no escape by construction.
    pub(crate) fn raw(&mut self, syntax: &str) {
        self.bytes.extend_from_slice(syntax.as_bytes());
    }

    /// An integer.
    pub(crate) fn int(&mut self, int: i64) -> Result<(), JsonError> {
        if !(-INT_MAX..=INT_MAX).contains(&int) {
            return Err(JsonError::new(0, JsonFault::Int));
        }
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut rest = int.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if int < 0 {
            self.bytes.push(b'-');
        }
        self.bytes.extend_from_slice(&digits[at..]);
        Ok(())
    }

    /// A text, normalised to NFC.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), JsonError> {
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return self.normal(text);
        }
        self.normal(&text.nfc().collect::<String>())
    }

    /// A text exactly as it is: a value under a commitment must not change by one byte.
    pub(crate) fn normal(&mut self, text: &str) -> Result<(), JsonError> {
        if self.words == Words::Public && has_private_use(text) {
            return Err(JsonError::new(0, JsonFault::PrivateUse));
        }
        self.bytes.push(b'"');
        let mut plain_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.bytes
                .extend_from_slice(&text.as_bytes()[plain_from..at]);
            plain_from = at + 1;
            match short_escape(byte) {
                Some(letter) => self.bytes.extend_from_slice(&[b'\\', letter]),
                None => self.raw(&format!("\\u{byte:04x}")),
            }
        }
        self.bytes.extend_from_slice(&text.as_bytes()[plain_from..]);
        self.bytes.push(b'"');
        Ok(())
    }

    /// A key and its colon.
    pub(crate) fn key(&mut self, key: &str) -> Result<(), JsonError> {
        if !is_key(key) {
            return Err(JsonError::new(0, JsonFault::Key));
        }
        self.raw("\"");
        self.raw(key);
        self.raw("\":");
        Ok(())
    }

    /// Any value; `depth` is how many lists and maps it stands in.
    pub(crate) fn value(&mut self, value: &Json, depth: usize) -> Result<(), JsonError> {
        match value {
            Json::Int(int) => return self.int(*int),
            Json::Text(text) => return self.text(text),
            Json::Bool(truth) => self.raw(if *truth { "true" } else { "false" }),
            Json::List(_) | Json::Map(_) if depth >= DEPTH => {
                return Err(JsonError::new(0, JsonFault::Depth));
            }
            Json::List(list) => {
                self.raw("[");
                for (count, item) in list.iter().enumerate() {
                    self.comma(count);
                    self.value(item, depth + 1)?;
                }
                self.raw("]");
            }
            Json::Map(map) => self.map(map, depth)?,
        }
        Ok(())
    }

    /// An object that stands in `depth` others.
    pub(crate) fn map(
        &mut self,
        map: &BTreeMap<String, Json>,
        depth: usize,
    ) -> Result<(), JsonError> {
        self.raw("{");
        for (count, (key, value)) in map.iter().enumerate() {
            self.comma(count);
            self.key(key)?;
            self.value(value, depth + 1)?;
        }
        self.raw("}");
        Ok(())
    }

    /// The comma before all but the first.
    pub(crate) fn comma(&mut self, count: usize) {
        if count > 0 {
            self.bytes.push(b',');
        }
    }
}

/// The letter of the two-character escape, for those bytes that have one.
pub(crate) const fn short_escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        0x09 => Some(b't'),
        0x0a => Some(b'n'),
        0x0c => Some(b'f'),
        0x0d => Some(b'r'),
        _ => None,
    }
}

/// Whether a text may be a key.
pub(crate) fn is_key(text: &str) -> bool {
    (1..=KEY_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// Whether a text has characters whose meaning only its writer knows.
#[must_use]
pub fn has_private_use(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|c| {
            matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
        })
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
