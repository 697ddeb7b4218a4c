//! A way through a sorted list: which direction, behind which row, how many.

/// One way through a list.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    /// 1 for ascending, −1 for descending.
    pub sign: i64,
    /// Sort key and id of the last row that was shown; absent at the beginning.
    pub after: Option<(i64, i64)>,
    /// The most rows.
    pub limit: i64,
}

impl Walk {
    /// The keys behind which an ascending or descending walk goes on.
    #[must_use]
    pub fn behind(&self) -> (i64, i64) {
        let least = if self.sign < 0 { i64::MAX } else { i64::MIN };
        self.after.unwrap_or((least, least))
    }
}
