//! Reads for `shanji audit --database`: the money rows in pages of keys, as they stand.
//!
//! Nothing here interprets: a code that no program knows or a span that cannot be is what the audit is
//! looking for, so rows are handed over as texts and numbers.

mod counters;
mod jobs;
mod kept;
mod log;
mod matters;
mod money;
mod records;
mod sessions;
mod statements;
mod trail;

pub use counters::{
    BalanceRow, ChannelDayRow, FundDayRow, balances_after, channel_days_after, fund_days_after,
    reserved_of_funds, stream_rows_after,
};
pub use jobs::jobs_due;
pub use kept::Kept;
pub use log::{
    OpeningRow, checkpoint_rows_after, leaf_rows_from, opening_rows_between, tile_bytes,
};
pub use matters::{
    MatterRow, StepRow, delivery_rows_after, delivery_rows_by_movement, disbursement_row,
    disbursement_rows_after, evidence_of_deliveries, steps_of_matters,
};
pub use money::{MoneyRow, SwapRow, money_rows_after, money_rows_by_id, swap_rows_after};
pub use records::{
    DonationAuditRow, DonationWords, FundAuditRow, PlaceAuditRow, PublicDonationRow,
    donation_rows_after, donation_rows_by_id, fund_rows_after, place_rows_after,
    public_donations_after,
};
pub use sessions::open_sessions_of;
pub use statements::{StatementRow, StatementTable, statement_rows_after};
pub use trail::{PaymentRow, audit_entries_after, commands_after, payment_rows_after};
