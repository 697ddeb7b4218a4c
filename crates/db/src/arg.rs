//! Arguments: the values that stand behind `$1…$n`.

use tokio_postgres::types as pg;
use tokio_postgres::types::private::BytesMut;

use crate::error::{Error, Result};

/// One argument. [`args!`](crate::args) makes it from Rust values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// NULL, right for a column of any type.
    Null,
    /// A whole number: an id, fen, microseconds, a day number, 0 or 1.
    I(i64),
    /// A number that may be too large for the engines; refused when it is.
    U(u64),
    /// A borrowed text without NUL.
    T(&'a str),
    /// An owned text without NUL.
    Text(String),
    /// Borrowed bytes.
    B(&'a [u8]),
    /// Owned bytes.
    Bytes(Vec<u8>),
}

/// Arguments of a statement: `args![id, "text", &hash[..], None::<i64>]`.
#[macro_export]
macro_rules! args {
    () => { (&[] as &[$crate::Arg<'_>]) };
    ($($value:expr),+ $(,)?) => { (&[$($crate::Arg::from($value)),+] as &[$crate::Arg<'_>]) };
}

impl Arg<'_> {
    /// What both engines must refuse alike, found before either is asked.
    ///
    /// PostgreSQL has no NUL in text and neither engine has u64.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Arg::T(text) => check_text(text),
            Arg::Text(text) => check_text(text),
            Arg::U(number) if i64::try_from(*number).is_err() => {
                Err(Error::NumberTooLarge { number: *number })
            }
            _ => Ok(()),
        }
    }
}

/// Refuses a NUL character, which only SQLite would take.
pub(crate) fn check_text(text: &str) -> Result<()> {
    if text.as_bytes().contains(&0) {
        Err(Error::NulInText)
    } else {
        Ok(())
    }
}

macro_rules! from_numbers {
    ($variant:ident, $target:ty: $($number:ty),+) => { $(
        impl From<$number> for Arg<'_> {
            fn from(value: $number) -> Self {
                Arg::$variant(<$target>::from(value))
            }
        }
        impl From<&$number> for Arg<'_> {
            fn from(value: &$number) -> Self {
                Arg::$variant(<$target>::from(*value))
            }
        }
    )+ };
}
from_numbers!(I, i64: i64, i32, i16, i8, u32, u16, u8, bool);
from_numbers!(U, u64: u64);

impl From<usize> for Arg<'_> {
    fn from(value: usize) -> Self {
        // Saturation is refused by `check`, as any number of that size is.
        Arg::U(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Arg::T(value)
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Arg::T(value)
    }
}
impl From<String> for Arg<'_> {
    fn from(value: String) -> Self {
        Arg::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(value: &'a [u8]) -> Self {
        Arg::B(value)
    }
}
impl<'a> From<&'a Vec<u8>> for Arg<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Arg::B(value)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Arg<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Arg::B(value)
    }
}
impl<const N: usize> From<[u8; N]> for Arg<'_> {
    fn from(value: [u8; N]) -> Self {
        Arg::Bytes(value.to_vec())
    }
}
impl From<Vec<u8>> for Arg<'_> {
    fn from(value: Vec<u8>) -> Self {
        Arg::Bytes(value)
    }
}
impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Arg::Null, Into::into)
    }
}
macro_rules! from_options {
    ($($inner:ty),+) => { $(
        impl<'a> From<&'a Option<$inner>> for Arg<'a> {
            fn from(value: &'a Option<$inner>) -> Self {
                value.as_ref().map_or(Arg::Null, Into::into)
            }
        }
    )+ };
}
from_options!(i64, String, Vec<u8>);

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Arg::Null => ValueRef::Null,
            Arg::I(number) => ValueRef::Integer(*number),
            Arg::U(number) => ValueRef::Integer(
                i64::try_from(*number)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?,
            ),
            Arg::T(text) => ValueRef::Text(text.as_bytes()),
            Arg::Text(text) => ValueRef::Text(text.as_bytes()),
            Arg::B(bytes) => ValueRef::Blob(bytes),
            Arg::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

type Encoded = std::result::Result<pg::IsNull, Box<dyn std::error::Error + Sync + Send>>;

/// Encodes by the type the server has found for the parameter.
impl pg::ToSql for Arg<'_> {
    fn to_sql(&self, ty: &pg::Type, out: &mut BytesMut) -> Encoded {
        match self {
            Arg::Null => Ok(pg::IsNull::Yes),
            Arg::I(number) => encode_integer(*number, ty, out),
            Arg::U(number) => encode_integer(i64::try_from(*number)?, ty, out),
            Arg::T(text) => encode_text(text, ty, out),
            Arg::Text(text) => encode_text(text, ty, out),
            Arg::B(bytes) => encode_bytes(bytes, ty, out),
            Arg::Bytes(bytes) => encode_bytes(bytes, ty, out),
        }
    }

    /// Any type is let through here, for NULL fits all; a value that does not
    /// fit is refused while it is encoded.
    fn accepts(_: &pg::Type) -> bool {
        true
    }

    pg::to_sql_checked!();
}

fn encode_integer(number: i64, ty: &pg::Type, out: &mut BytesMut) -> Encoded {
    match *ty {
        pg::Type::INT8 => pg::ToSql::to_sql(&number, ty, out),
        pg::Type::INT4 => pg::ToSql::to_sql(&i32::try_from(number)?, ty, out),
        pg::Type::INT2 => pg::ToSql::to_sql(&i16::try_from(number)?, ty, out),
        _ => Err(format!("a whole number was given where {ty} is expected").into()),
    }
}

fn encode_text(text: &str, ty: &pg::Type, out: &mut BytesMut) -> Encoded {
    if <&str as pg::ToSql>::accepts(ty) {
        pg::ToSql::to_sql(&text, ty, out)
    } else {
        Err(format!("a text was given where {ty} is expected").into())
    }
}

fn encode_bytes(bytes: &[u8], ty: &pg::Type, out: &mut BytesMut) -> Encoded {
    if *ty == pg::Type::BYTEA {
        pg::ToSql::to_sql(&bytes, ty, out)
    } else {
        Err(format!("bytes were given where {ty} is expected").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_arguments() {
        let (text, bytes) = ("善".to_owned(), vec![1_u8]);
        let given = args![
            1_i64,
            2_i32,
            true,
            3_u64,
            "a",
            &text,
            text.clone(),
            &bytes[..],
            [9_u8]
        ];
        let wanted = [
            Arg::I(1),
            Arg::I(2),
            Arg::I(1),
            Arg::U(3),
            Arg::T("a"),
            Arg::T("善"),
            Arg::Text("善".into()),
            Arg::B(&[1]),
            Arg::Bytes(vec![9]),
        ];
        assert_eq!(given, wanted);
        assert_eq!(
            args![None::<i64>, Some("x"), &Some(4_i64)],
            [Arg::Null, Arg::T("x"), Arg::I(4)]
        );
        assert_eq!(args![], []);
    }

    #[test]
    fn what_an_engine_lacks_is_refused_for_both() {
        assert!(matches!(Arg::T("a\0b").check(), Err(Error::NulInText)));
        assert!(matches!(
            Arg::from(u64::MAX).check(),
            Err(Error::NumberTooLarge { .. })
        ));
        assert!(Arg::from(7_u64).check().is_ok());
    }
}
