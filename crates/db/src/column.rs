//! Columns: the values of a bulk insert, column by column.

use tokio_postgres::types as pg;
use tokio_postgres::types::private::BytesMut;

use crate::arg::{Arg, check_text};
use crate::error::Result;

/// One column of a bulk insert; all columns of one insert are equally long.
#[derive(Debug, Clone, Copy)]
pub enum Col<'a> {
    /// Whole numbers.
    I(&'a [i64]),
    /// Whole numbers, some absent.
    OptI(&'a [Option<i64>]),
    /// Texts without NUL.
    T(&'a [&'a str]),
    /// Texts without NUL, some absent.
    OptT(&'a [Option<&'a str>]),
    /// Bytes.
    B(&'a [&'a [u8]]),
    /// Bytes, some absent.
    OptB(&'a [Option<&'a [u8]>]),
}

/// What a column holds, as far as PostgreSQL wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
    Bytes,
}

impl Kind {
    pub(crate) fn pg_type(self) -> &'static str {
        match self {
            Kind::Integer => "bigint",
            Kind::Text => "text",
            Kind::Bytes => "bytea",
        }
    }
}

impl<'a> Col<'a> {
    /// How many rows the column has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Col::I(v) => v.len(),
            Col::OptI(v) => v.len(),
            Col::T(v) => v.len(),
            Col::OptT(v) => v.len(),
            Col::B(v) => v.len(),
            Col::OptB(v) => v.len(),
        }
    }

    /// Whether the column has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Col::I(_) | Col::OptI(_) => Kind::Integer,
            Col::T(_) | Col::OptT(_) => Kind::Text,
            Col::B(_) | Col::OptB(_) => Kind::Bytes,
        }
    }

    /// The value of one row; absent rows are NULL.
    pub(crate) fn arg(&self, row: usize) -> Arg<'a> {
        match self {
            Col::I(v) => v.get(row).copied().into(),
            Col::OptI(v) => v.get(row).copied().flatten().into(),
            Col::T(v) => v.get(row).copied().into(),
            Col::OptT(v) => v.get(row).copied().flatten().into(),
            Col::B(v) => v.get(row).copied().into(),
            Col::OptB(v) => v.get(row).copied().flatten().into(),
        }
    }

    /// The rows `from..to`, cut at the end of the column.
    pub(crate) fn part(&self, from: usize, to: usize) -> Col<'a> {
        match self {
            Col::I(v) => Col::I(v.get(from..to.min(v.len())).unwrap_or(&[])),
            Col::OptI(v) => Col::OptI(v.get(from..to.min(v.len())).unwrap_or(&[])),
            Col::T(v) => Col::T(v.get(from..to.min(v.len())).unwrap_or(&[])),
            Col::OptT(v) => Col::OptT(v.get(from..to.min(v.len())).unwrap_or(&[])),
            Col::B(v) => Col::B(v.get(from..to.min(v.len())).unwrap_or(&[])),
            Col::OptB(v) => Col::OptB(v.get(from..to.min(v.len())).unwrap_or(&[])),
        }
    }

    /// Refuses NUL in any text, as [`Arg::check`] does.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Col::T(v) => v.iter().try_for_each(|text| check_text(text)),
            Col::OptT(v) => v.iter().flatten().try_for_each(|text| check_text(text)),
            _ => Ok(()),
        }
    }
}

/// A column is one array parameter.
impl pg::ToSql for Col<'_> {
    fn to_sql(
        &self,
        ty: &pg::Type,
        out: &mut BytesMut,
    ) -> std::result::Result<pg::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Col::I(v) => v.to_sql(ty, out),
            Col::OptI(v) => v.to_sql(ty, out),
            Col::T(v) => v.to_sql(ty, out),
            Col::OptT(v) => v.to_sql(ty, out),
            Col::B(v) => v.to_sql(ty, out),
            Col::OptB(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(ty: &pg::Type) -> bool {
        matches!(
            *ty,
            pg::Type::INT8_ARRAY | pg::Type::TEXT_ARRAY | pg::Type::BYTEA_ARRAY
        )
    }

    pg::to_sql_checked!();
}
