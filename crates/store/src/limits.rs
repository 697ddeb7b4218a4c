//! How much one batch, page or queue may hold.

/// Commands that wait for the writer before new ones are turned away with 503.
pub const QUEUE_MAX: usize = 65_536;
/// Bytes of entries of a test log that wait for the writer before new ones are turned away with 503.
pub const ENTRIES_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What an entry counts for besides its bytes: two identical small ones are two.
pub(crate) const ENTRY_COST: usize = 256;
/// Commands that share one commit.
pub const BATCH_MAX: usize = 4_096;
/// Rows of one page of a list.
pub const PAGE_MAX: i64 = 200;
/// Leaves that the sequencer reads at once.
pub const SEAL_LEAVES_MAX: usize = 65_536;
/// Leaves that the sequencer may leave to the writer to read, while everybody waits.
pub const SEAL_BEHIND_MAX: usize = 256;
/// Entries that are read at once when the index of names is filled.
pub const FINDABLE_MAX: i64 = 4_096;
/// Words a leaf may open beside it.
pub const OPENINGS_MAX: i64 = 64;
/// Rows that one answer to a tracing query holds; the trace asks again from where it ended.
pub const TRACE_ROWS_MAX: i64 = 256;
/// Roll-up rows per fund that a chart of days reads: ten years of days with one kind each.
pub const DAYS_MAX: i64 = 3_660;
/// Days of an organisation that its page lists.
pub const DAY_LIST_MAX: i64 = 366;
/// Organisations that raise money: each has a payment key of its own.
pub const FUNDRAISERS_MAX: i64 = 10_000;
/// Jobs that are taken up at once.
pub const JOBS_AT_ONCE: i64 = 100;
/// A job that failed this often is dead and waits for a person.
pub const JOB_ATTEMPTS_MAX: i64 = 10;
/// Characters of an error that are kept with its job.
pub const JOB_ERROR_CHARS_MAX: usize = 500;

/// Batches that are committed and wait for the disk; then the writer waits too.
pub(crate) const FLUSHES_WAITING: usize = 64;
/// Lines of witnesses over one checkpoint that are read; a signed note has room for some more.
pub const COSIGNATURES_MAX: i64 = 48;
/// Entries in the history of one matter; the engine takes no more (`matter::limits::HISTORY_MAX`).
pub const MATTER_HISTORY_MAX: i64 = 1_000;
/// Entries of a register that are read in one part: a body changes its name or seat a few times in its life.
pub const REGISTER_ENTRIES: i64 = 2_000;
/// Organisations whose successor one may be: mergers join a few.
pub const PREDECESSORS_MAX: i64 = 50;
/// Parts of so many entries of which a register may consist.
pub const REGISTER_PARTS: usize = 50;
/// Registers that one page asks for at once.
pub const REGISTERS_AT_ONCE: std::ops::RangeTo<usize> = ..1_000;
/// Former and present names that are read beside one page of organisations.
pub const NAMES_MAX: i64 = 65_536;
/// Files of one matter that are read, also those that were replaced; no more are kept.
pub const MATTER_FILES_MAX: i64 = 1_000;
