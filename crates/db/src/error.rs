//! What can go wrong between the house and its database.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// A result of the data layer.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong; the engine's own words are in the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address of the database cannot be read.
    #[error("[DB-URL] 数据库地址写法不对（{why}），请写成 sqlite:文件路径 或 postgres://地址")]
    Url {
        /// What is wrong with it; never the address itself, it may hold a password.
        why: String,
    },
    /// Another process has the SQLite file.
    #[error("[DB-LOCKED] 数据库文件 {} 正被另一个善迹进程使用，请先停掉那个进程再启动", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// The SQLite file or its lock file cannot be opened.
    #[error("[DB-OPEN] 打不开数据库文件 {}，请检查目录是否存在、是否可写", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// What was committed cannot be brought to the disk.
    #[error("[DB-FLUSH] 数据写不进磁盘，请检查磁盘空间和硬件，然后重新启动")]
    Flush {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The PostgreSQL server cannot be reached.
    #[error("[DB-CONNECT] 连不上数据库服务器，请检查地址、账号和网络")]
    Connect {
        /// The driver's words.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No connection became free in time.
    #[error("[DB-BUSY] 数据库正忙，等了 {seconds} 秒仍没有空闲连接，请稍后再试")]
    Busy {
        /// How long was waited.
        seconds: u64,
    },
    /// SQLite refused a statement.
    #[error("[DB-SQLITE] 数据库没有执行这条语句：{statement}")]
    Lite {
        /// The statement, without its arguments.
        statement: String,
        /// SQLite's words.
        source: rusqlite::Error,
    },
    /// PostgreSQL refused a statement.
    #[error("[DB-PG] 数据库没有执行这条语句：{statement}")]
    Pg {
        /// The statement, without its arguments.
        statement: String,
        /// PostgreSQL's words.
        source: tokio_postgres::Error,
    },
    /// COMMIT failed. Ask [`Error::outcome_unknown`] before trying again.
    #[error("[DB-COMMIT] 提交没有成功")]
    Commit {
        /// Whether the data may be there all the same.
        unknown: bool,
        /// Why.
        source: Box<Error>,
    },
    /// An earlier statement of this transaction failed; roll back.
    #[error("[DB-TX-FAILED] 本次事务里有语句失败，只能撤销，不能提交")]
    TxFailed,
    /// A column was not what the reader asked for.
    #[error("[DB-COLUMN] 第 {column} 列应为 {wanted}，实为 {found}")]
    Column {
        /// Counted from 0.
        column: usize,
        /// The kind that was asked for.
        wanted: &'static str,
        /// The kind that was found.
        found: String,
    },
    /// A value in the database is not one the house knows.
    #[error("[DB-VALUE] 第 {column} 列的内容无法识别")]
    Value {
        /// Counted from 0.
        column: usize,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// `one` found nothing.
    #[error("[DB-NO-ROW] 没有找到应有的记录：{statement}")]
    NoRow {
        /// The statement.
        statement: String,
    },
    /// `one` or `opt` found more than one row.
    #[error("[DB-MANY-ROWS] 找到的记录多于一条：{statement}")]
    ManyRows {
        /// The statement.
        statement: String,
    },
    /// The number of arguments or columns is not that of the statement.
    #[error("[DB-ARGS] 语句要 {wanted} 个参数，给了 {given} 个：{statement}")]
    Arguments {
        /// As the statement has them.
        wanted: usize,
        /// As they were given.
        given: usize,
        /// The statement.
        statement: String,
    },
    /// The columns of a bulk insert are not equally long.
    #[error("[DB-RAGGED] 批量写入的各列长短不一：{statement}")]
    Ragged {
        /// The statement.
        statement: String,
    },
    /// A text with a NUL character, which PostgreSQL cannot keep.
    #[error("[DB-NUL] 文字里含有空字符，请删去后再试")]
    NulInText,
    /// A number beyond 2^63 - 1.
    #[error("[DB-NUMBER] 数字 {number} 太大，数据库存不下")]
    NumberTooLarge {
        /// The number.
        number: u64,
    },
    /// A migration that cannot be applied, or no longer matches.
    #[error("[DB-MIGRATION] 数据库升级第 {number} 步（{name}）不能执行：{why}")]
    Migration {
        /// Its number.
        number: u32,
        /// Its name.
        name: String,
        /// Why not, and what to do.
        why: String,
    },
    /// The PostgreSQL database sorts or encodes otherwise than SQLite.
    #[error(
        "[DB-COLLATION] 数据库的{what}是 {found}，请用 ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0 重建数据库"
    )]
    Collation {
        /// 编码 or 排序规则.
        what: &'static str,
        /// What it is.
        found: String,
    },
}

impl Error {
    /// For readers of rows: the value in `column` is not one the house knows.
    pub fn value(
        column: usize,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error::Value {
            column,
            source: source.into(),
        }
    }

    /// Whether a unique or primary key already has the value.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        match self {
            Error::Lite { source, .. } => matches!(
                extended_code(source),
                Some(
                    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                        | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                        | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID
                )
            ),
            Error::Pg { source, .. } => source.code() == Some(&SqlState::UNIQUE_VIOLATION),
            Error::Commit { source, .. } => source.is_unique(),
            _ => false,
        }
    }

    /// Whether a foreign key points at nothing, or something points at the row.
    #[must_use]
    pub fn is_foreign_key(&self) -> bool {
        match self {
            Error::Lite { source, .. } => {
                extended_code(source) == Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
            }
            Error::Pg { source, .. } => source.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION),
            Error::Commit { source, .. } => source.is_foreign_key(),
            _ => false,
        }
    }

    /// Whether a CHECK of the schema refused the row.
    #[must_use]
    pub fn is_check(&self) -> bool {
        match self {
            Error::Lite { source, .. } => {
                extended_code(source) == Some(rusqlite::ffi::SQLITE_CONSTRAINT_CHECK)
            }
            Error::Pg { source, .. } => source.code() == Some(&SqlState::CHECK_VIOLATION),
            Error::Commit { source, .. } => source.is_check(),
            _ => false,
        }
    }

    /// Whether the same transaction may succeed if it is run again from its
    /// start. Never true together with [`Error::outcome_unknown`].
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Busy { .. } | Error::Connect { .. } => true,
            Error::Lite { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ),
            Error::Pg { source, .. } => {
                source.is_closed()
                    || source.code().is_some_and(retryable_state)
                    || (source.code().is_none() && is_io(source))
            }
            Error::Commit { unknown, source } => !unknown && source.is_retryable(),
            _ => false,
        }
    }

    /// Whether a reading statement ran longer than `Options::read_time`.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Error::Lite { source, .. } => {
                source.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
            }
            Error::Pg { source, .. } => source.code() == Some(&SqlState::QUERY_CANCELED),
            _ => false,
        }
    }

    /// Whether COMMIT was sent and no trustworthy answer came back: the data
    /// may or may not be there. Look the command ids up before answering.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        matches!(self, Error::Commit { unknown: true, .. })
    }

    /// Whether the disk said that it has not kept what it took before: what it holds is then unknown, and trying again
    /// would succeed without the lost pages. Nothing may be written any more.
    #[must_use]
    pub fn is_flush(&self) -> bool {
        match self {
            Error::Flush { .. } => true,
            Error::Lite { source, .. } => matches!(
                extended_code(source),
                Some(rusqlite::ffi::SQLITE_IOERR_FSYNC | rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC)
            ),
            Error::Commit { source, .. } => source.is_flush(),
            _ => false,
        }
    }

    /// Whether there is no room on the disk: nothing was kept, and it may be tried again when there is.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Error::Lite { source, .. } => source.sqlite_error_code() == Some(ErrorCode::DiskFull),
            Error::Pg { source, .. } => source.code() == Some(&SqlState::DISK_FULL),
            Error::Commit { source, .. } => source.is_full(),
            _ => false,
        }
    }

    /// Whether the disk did not read or write, or the server is not there: the machine's fault and not the statement's.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        match self {
            Error::Busy { .. } | Error::Connect { .. } | Error::Open { .. } => true,
            _ if self.is_full() || self.is_flush() => true,
            // SQLite says "corrupt" of a read that failed with EIO, as of damaged pages, and "busy" for as long as a lock
            // could not be given back.
            Error::Lite { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(
                    ErrorCode::SystemIoFailure
                        | ErrorCode::CannotOpen
                        | ErrorCode::DatabaseCorrupt
                        | ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                )
            ),
            Error::Pg { source, .. } => {
                let state = source.code().map(SqlState::code);
                source.is_closed() || state.map_or_else(|| is_io(source), machine_state)
            }
            Error::Commit { source, .. } => source.is_machine(),
            _ => false,
        }
    }

    /// Wraps the failure of a COMMIT.
    pub(crate) fn commit(source: Error) -> Error {
        let unknown = match &source {
            // The disk failed while the log was written: in this process the
            // transaction is gone, after a crash the log may have it complete.
            Error::Lite { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::SystemIoFailure | ErrorCode::DiskFull)
            ),
            Error::Pg { source, .. } => source.code().is_none_or(unknown_state),
            _ => false,
        };
        Error::Commit {
            unknown,
            source: Box::new(source),
        }
    }
}

/// Lost connection, no room or memory, a server that goes down or comes up, its disk, damaged pages: the classes of
/// PostgreSQL's appendix A that say so.
fn machine_state(state: &str) -> bool {
    ["08", "53", "57P", "58", "XX"]
        .iter()
        .any(|class| state.starts_with(class))
}

/// Serialisation failure, deadlock, lost connection, server going down.
fn retryable_state(state: &SqlState) -> bool {
    *state == SqlState::T_R_SERIALIZATION_FAILURE
        || *state == SqlState::T_R_DEADLOCK_DETECTED
        || *state == SqlState::TOO_MANY_CONNECTIONS
        || state.code().starts_with("08")
        || state.code().starts_with("57P")
}

/// States that say nothing sure about a COMMIT.
fn unknown_state(state: &SqlState) -> bool {
    *state == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
        || state.code().starts_with("08")
        || state.code().starts_with("57P")
}

/// A connection that broke: the statement got no answer at all.
fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|e| e.extended_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_a_machine_that_fails_are_told_from_mistakes_of_ours() {
        // A disk that does not read, a full one, no memory, a server that goes down or comes up, a lost connection.
        for state in [
            "58030", "53100", "53200", "57P01", "57P03", "08006", "XX001",
        ] {
            assert!(machine_state(state), "{state}");
        }
        // A duplicate, a mistake in a statement, a cancelled query, a number out of range.
        for state in ["23505", "42601", "57014", "22003"] {
            assert!(!machine_state(state), "{state}");
        }
    }
}
