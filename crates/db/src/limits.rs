//! The named limits of the data layer.

use std::time::Duration;

/// How long `begin`, `read_tx` and single reads wait for a free connection.
pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// How long one reading statement may run before it is stopped.
pub(crate) const READ_TIME: Duration = Duration::from_secs(60);

/// SQLite looks at the clock after this many virtual-machine steps.
pub(crate) const STEPS_BETWEEN_CLOCK_LOOKS: i32 = 20_000;

/// Page cache of the one writing SQLite connection, in KiB. Not larger: a commit that has balanced a tree looks at every
/// page of the cache (SQLite puts a page aside under the number of the lock page while it sorts siblings, and at the end
/// drops all pages above the file's end), which took a quarter of the writer's time at 256 MiB.
pub(crate) const WRITER_CACHE_KIB: u32 = 16 * 1024;

/// Page cache of each reading SQLite connection, in KiB.
pub(crate) const READER_CACHE_KIB: u32 = 32 * 1024;

/// Pages in SQLite's write-ahead log before it is folded into the file beside the writer.
pub(crate) const FOLD_PAGES: i32 = 4_000;

/// Pages after which the writer itself folds, whatever happens beside it.
pub(crate) const FOLD_PAGES_MOST: i32 = 16_000;

/// The write-ahead log is cut back to this many bytes when it is empty.
pub(crate) const WAL_BYTES_KEPT: u32 = 64 * 1024 * 1024;

/// Prepared statements kept per SQLite connection; more than the house has.
pub(crate) const STATEMENTS_KEPT: usize = 2_048;

/// At least two reading connections, so that one long report blocks nobody.
pub(crate) const READERS_LEAST: usize = 2;

/// Reading connections to PostgreSQL unless told otherwise.
pub(crate) const PG_READERS: usize = 8;

/// Rows one bulk message carries; larger batches go in several messages.
pub const BULK_ROWS_AT_ONCE: usize = 8_192;

/// Keys one `by_keys` message carries; more keys go in several messages.
pub const KEYS_AT_ONCE: usize = 8_192;

/// How often a locked database file is tried again before the opener is told.
pub(crate) const LOCK_TRIES: u32 = 40;

/// How often the write-ahead log is opened again to be flushed, where no descriptor is left.
pub(crate) const OPEN_TRIES: u32 = 40;

/// The pause between two tries.
pub(crate) const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
