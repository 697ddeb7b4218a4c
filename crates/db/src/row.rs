//! Rows: one accessor for both engines.

use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql, Type};

use crate::error::{Error, Result};

/// One row of a result, columns counted from 0.
///
/// An accessor refuses a column of another kind, and NULL unless its name
/// starts with `opt_`.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a>(Inner<'a>);

#[derive(Debug, Clone, Copy)]
enum Inner<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) fn lite(row: &'a rusqlite::Row<'a>) -> Self {
        Row(Inner::Lite(row))
    }

    pub(crate) fn pg(row: &'a tokio_postgres::Row) -> Self {
        Row(Inner::Pg(row))
    }

    /// The whole number in column `i`, or nothing if it is NULL.
    ///
    /// # Errors
    /// No such column, or a column of another kind.
    pub fn opt_i64(&self, i: usize) -> Result<Option<i64>> {
        match self.0 {
            Inner::Lite(row) => match lite_value(row, i)? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(number) => Ok(Some(number)),
                other => Err(wrong(i, "a whole number", &other.data_type().to_string())),
            },
            Inner::Pg(row) => match *pg_type(row, i)? {
                Type::INT8 => pg_value::<i64>(row, i),
                Type::INT4 => Ok(pg_value::<i32>(row, i)?.map(i64::from)),
                Type::INT2 => Ok(pg_value::<i16>(row, i)?.map(i64::from)),
                ref other => Err(wrong(i, "a whole number", &advice(other))),
            },
        }
    }

    /// The text in column `i`, or nothing if it is NULL; borrowed from the row.
    ///
    /// # Errors
    /// No such column, or a column of another kind.
    pub fn opt_str(&self, i: usize) -> Result<Option<&'a str>> {
        match self.0 {
            Inner::Lite(row) => match lite_value(row, i)? {
                ValueRef::Null => Ok(None),
                ValueRef::Text(bytes) => {
                    std::str::from_utf8(bytes)
                        .map(Some)
                        .map_err(|e| Error::Value {
                            column: i,
                            source: Box::new(e),
                        })
                }
                other => Err(wrong(i, "text", &other.data_type().to_string())),
            },
            Inner::Pg(row) => match pg_type(row, i)? {
                ty if <&str as FromSql>::accepts(ty) => pg_value::<&str>(row, i),
                other => Err(wrong(i, "text", &advice(other))),
            },
        }
    }

    /// The bytes in column `i`, or nothing if it is NULL; borrowed from the row.
    ///
    /// # Errors
    /// No such column, or a column of another kind.
    pub fn opt_slice(&self, i: usize) -> Result<Option<&'a [u8]>> {
        match self.0 {
            Inner::Lite(row) => match lite_value(row, i)? {
                ValueRef::Null => Ok(None),
                ValueRef::Blob(bytes) => Ok(Some(bytes)),
                other => Err(wrong(i, "bytes", &other.data_type().to_string())),
            },
            Inner::Pg(row) => match *pg_type(row, i)? {
                Type::BYTEA => pg_value::<&[u8]>(row, i),
                ref other => Err(wrong(i, "bytes", &advice(other))),
            },
        }
    }

    /// The whole number in column `i`.
    ///
    /// # Errors
    /// As [`Row::opt_i64`], and NULL.
    pub fn i64(&self, i: usize) -> Result<i64> {
        self.opt_i64(i)?
            .ok_or_else(|| wrong(i, "a whole number", "NULL"))
    }

    /// The text in column `i`, borrowed from the row.
    ///
    /// # Errors
    /// As [`Row::opt_str`], and NULL.
    pub fn str(&self, i: usize) -> Result<&'a str> {
        self.opt_str(i)?.ok_or_else(|| wrong(i, "text", "NULL"))
    }

    /// The bytes in column `i`, borrowed from the row.
    ///
    /// # Errors
    /// As [`Row::opt_slice`], and NULL.
    pub fn slice(&self, i: usize) -> Result<&'a [u8]> {
        self.opt_slice(i)?.ok_or_else(|| wrong(i, "bytes", "NULL"))
    }

    /// The text in column `i`.
    ///
    /// # Errors
    /// As [`Row::str`].
    pub fn text(&self, i: usize) -> Result<String> {
        self.str(i).map(str::to_owned)
    }

    /// The text in column `i`, or nothing if it is NULL.
    ///
    /// # Errors
    /// As [`Row::opt_str`].
    pub fn opt_text(&self, i: usize) -> Result<Option<String>> {
        Ok(self.opt_str(i)?.map(str::to_owned))
    }

    /// The bytes in column `i`.
    ///
    /// # Errors
    /// As [`Row::slice`].
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>> {
        self.slice(i).map(<[u8]>::to_vec)
    }

    /// The bytes in column `i`, or nothing if they are NULL.
    ///
    /// # Errors
    /// As [`Row::opt_slice`].
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>> {
        Ok(self.opt_slice(i)?.map(<[u8]>::to_vec))
    }

    /// Exactly `N` bytes in column `i`: a hash, a key.
    ///
    /// # Errors
    /// As [`Row::slice`], and any other length.
    pub fn array<const N: usize>(&self, i: usize) -> Result<[u8; N]> {
        self.slice(i)?.try_into().map_err(|e| Error::Value {
            column: i,
            source: Box::new(e),
        })
    }

    /// The whole number in column `i` as 0 or 1.
    ///
    /// # Errors
    /// As [`Row::i64`], and any other number.
    pub fn yes_no(&self, i: usize) -> Result<bool> {
        match self.i64(i)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(wrong(i, "0 or 1", &other.to_string())),
        }
    }
}

fn lite_value<'a>(row: &'a rusqlite::Row<'a>, i: usize) -> Result<ValueRef<'a>> {
    row.get_ref(i).map_err(|e| Error::Value {
        column: i,
        source: Box::new(e),
    })
}

fn pg_type(row: &tokio_postgres::Row, i: usize) -> Result<&Type> {
    match row.columns().get(i) {
        Some(column) => Ok(column.type_()),
        None => Err(wrong(i, "a column", "nothing there")),
    }
}

fn pg_value<'a, T: FromSql<'a>>(row: &'a tokio_postgres::Row, i: usize) -> Result<Option<T>> {
    row.try_get::<_, Option<T>>(i).map_err(|e| Error::Value {
        column: i,
        source: Box::new(e),
    })
}

/// A PostgreSQL type that SQLite lacks, with the cure.
pub(crate) fn advice(ty: &Type) -> String {
    match *ty {
        Type::NUMERIC => "numeric: write CAST(SUM(x) AS BIGINT)".to_owned(),
        Type::BOOL => "bool: write CASE WHEN … THEN 1 ELSE 0 END".to_owned(),
        ref other => other.to_string(),
    }
}

fn wrong(column: usize, wanted: &'static str, found: &str) -> Error {
    Error::Column {
        column,
        wanted,
        found: found.to_owned(),
    }
}
