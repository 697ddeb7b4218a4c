//! Reads for `shanji audit --database`: the money rows in pages of keys, as they stand.
//!
//! Nothing here interprets: a code that no program knows or a span that cannot be is what the audit is
//! looking for, so rows are handed over as texts and numbers.

mod counters;
mod jobs;
mod log;
mod money;
mod records;
mod sessions;

pub use counters::{
    BalanceRow, ChannelDayRow, FundDayRow, balances_after, channel_days_after, fund_days_after,
    reserved_of_funds, stream_rows_after,
};
pub use jobs::jobs_due;
pub use log::{
    OpeningRow, checkpoint_rows_after, leaf_rows_from, opening_rows_between, tile_bytes,
};
pub use money::{MoneyRow, SwapRow, money_rows_after, money_rows_by_id, swap_rows_after};
pub use records::{
    DonationAuditRow, FundAuditRow, PaidRow, PlaceAuditRow, PublicDonationRow, donation_rows_after,
    donation_rows_by_id, fund_rows_after, paid_rows_after, place_rows_after,
    public_donations_after, statement_rows_after,
};
pub use sessions::open_sessions_of;
