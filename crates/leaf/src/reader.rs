//! Reads canonical JSON and refuses everything else, byte by byte.
//!
//! Because each value has exactly one canonical spelling, reading strictly is the proof
//! that the bytes are canonical: nothing is encoded again to compare.

use crate::json::{Json, JsonError, JsonFault, Words, has_private_use, is_key, short_escape};
use crate::limits::{DEPTH, INT_MAX};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Digits of 2^53 − 1.
const INT_DIGITS: usize = 16;

/// A place in a text that is being read.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    words: Words,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limit: usize, words: Words) -> Result<Self, JsonError> {
        if bytes.len() > limit {
            return Err(JsonError::new(limit, JsonFault::Size));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|e| JsonError::new(e.valid_up_to(), JsonFault::Utf8))?;
        Ok(Reader { text, at: 0, words })
    }

    /// An error at this place.
    pub(crate) const fn fault<T>(&self, fault: JsonFault) -> Result<T, JsonError> {
        Err(JsonError::new(self.at, fault))
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), JsonError> {
        if self.at == self.text.len() {
            Ok(())
        } else {
            self.fault(JsonFault::Form)
        }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Exactly this byte.
    pub(crate) fn byte(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return self.fault(JsonFault::Form);
        }
        self.at += 1;
        Ok(())
    }

    /// This byte, if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    /// The next key of an object whose `{` was read, with its colon; `None` at its end.
    /// `last` is the key before it, because keys ascend.
    pub(crate) fn next_key(
        &mut self,
        last: &mut Option<&'a str>,
    ) -> Result<Option<&'a str>, JsonError> {
        if self.take(b'}') {
            return Ok(None);
        }
        if last.is_some() {
            self.byte(b',')?;
        }
        let key = self.plain()?;
        if !is_key(key) {
            return self.fault(JsonFault::Key);
        }
        // Bytes order like UTF-16 here, because keys are ASCII.
        if last.is_some_and(|before| before >= key) {
            return self.fault(JsonFault::Order);
        }
        self.byte(b':')?;
        *last = Some(key);
        Ok(Some(key))
    }

    /// Whether another item of a list follows, whose `[` was read; `count` came before.
    pub(crate) fn next_item(&mut self, count: usize) -> Result<bool, JsonError> {
        if self.take(b']') {
            return Ok(false);
        }
        if count > 0 {
            self.byte(b',')?;
        }
        Ok(true)
    }

    /// A text without escapes, as it stands.
    pub(crate) fn plain(&mut self) -> Result<&'a str, JsonError> {
        match self.string()? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => self.fault(JsonFault::Form),
        }
    }

    /// A text.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.byte(b'"')?;
        let mut owned = String::new();
        loop {
            let run = self.run();
            match self.peek() {
                Some(b'"') if owned.is_empty() => {
                    self.at += 1;
                    return self.spoken(run).map(Cow::Borrowed);
                }
                Some(b'"') => {
                    owned.push_str(run);
                    self.at += 1;
                    return self.spoken(&owned).map(|_| ()).map(|()| Cow::Owned(owned));
                }
                Some(b'\\') => {
                    owned.push_str(run);
                    let escaped = self.escape()?;
                    owned.push(escaped);
                }
                _ => return self.fault(JsonFault::Form),
            }
        }
    }

    /// An integer.
    pub(crate) fn int(&mut self) -> Result<i64, JsonError> {
        let negative = self.take(b'-');
        let start = self.at;
        let mut value: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - start == INT_DIGITS {
                return self.fault(JsonFault::Int);
            }
            // Sixteen digits are far below 2^63.
            value = value * 10 + i64::from(digit - b'0');
            self.at += 1;
        }
        let digits = &self.text.as_bytes()[start..self.at];
        let zero_first = digits.first() == Some(&b'0') && (digits.len() > 1 || negative);
        if digits.is_empty() || zero_first {
            return self.fault(JsonFault::Form);
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return self.fault(JsonFault::Float);
        }
        if value > INT_MAX {
            return self.fault(JsonFault::Int);
        }
        Ok(if negative { -value } else { value })
    }

    /// Any value that stands in `depth` lists and maps.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        match self.peek() {
            Some(b'"') => Ok(Json::Text(self.string()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => Ok(Json::Int(self.int()?)),
            Some(b'[' | b'{') if depth >= DEPTH => self.fault(JsonFault::Depth),
            Some(b'[') => self.list(depth).map(Json::List),
            Some(b'{') => self.map(depth).map(Json::Map),
            Some(b't') => self.literal("true", Json::Bool(true)),
            Some(b'f') => self.literal("false", Json::Bool(false)),
            Some(b'n') => self.fault(JsonFault::Null),
            _ => self.fault(JsonFault::Form),
        }
    }

    /// An object that stands in `depth` others.
    pub(crate) fn map(&mut self, depth: usize) -> Result<BTreeMap<String, Json>, JsonError> {
        self.byte(b'{')?;
        let mut map = BTreeMap::new();
        let mut last = None;
        while let Some(key) = self.next_key(&mut last)? {
            map.insert(key.to_owned(), self.value(depth + 1)?);
        }
        Ok(map)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Json>, JsonError> {
        self.byte(b'[')?;
        let mut list = Vec::new();
        while self.next_item(list.len())? {
            list.push(self.value(depth + 1)?);
        }
        Ok(list)
    }

    fn literal(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return self.fault(JsonFault::Form);
        }
        self.at += word.len();
        Ok(value)
    }

    /// The characters up to the next quote, backslash or control character.
    fn run(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest
            .bytes()
            .position(|b| b == b'"' || b == b'\\' || b < 0x20)
            .unwrap_or(rest.len());
        self.at += length;
        // All three are ASCII, so that the cut is between characters.
        rest.get(..length).unwrap_or_default()
    }

    /// The one escape that the canonical form allows for a character.
    fn escape(&mut self) -> Result<char, JsonError> {
        self.byte(b'\\')?;
        let letter = self.peek();
        self.at += 1;
        if letter != Some(b'u') {
            let found =
                (0..=b'\\').find(|b| short_escape(*b).is_some() && short_escape(*b) == letter);
            return found.map_or_else(|| self.fault(JsonFault::Form), |b| Ok(char::from(b)));
        }
        let hex = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let code = u8::from_str_radix(hex.strip_prefix("00").unwrap_or_default(), 16);
        let lower = hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match code {
            Ok(code) if lower && code < 0x20 && short_escape(code).is_none() => {
                self.at += 4;
                Ok(char::from(code))
            }
            _ => self.fault(JsonFault::Form),
        }
    }

    /// Refuses characters that only their writer can read.
    fn spoken<'t>(&self, text: &'t str) -> Result<&'t str, JsonError> {
        if self.words == Words::Public && has_private_use(text) {
            return self.fault(JsonFault::PrivateUse);
        }
        Ok(text)
    }
}
