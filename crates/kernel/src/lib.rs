//! The values everybody speaks: money, time, numbers, codes and masks.
//!
//! Nothing here waits, reads a clock, draws a random number or knows another floor.
//! A value of one of these types is valid by construction: text is parsed once, at the
//! edge, and everything behind the edge may rely on it.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod calendar;
pub mod id;
pub mod id_cipher;
mod limits;
pub mod mask;
pub mod money;
mod money_reading;
mod money_words;
pub mod region;
pub mod secret;
pub mod share;
mod text;
pub mod time;
pub mod uscc;

pub use calendar::{CalendarError, DayKind, WorkCalendar, YearMissing};
pub use id::{Id, IdKind, IdMinter};
pub use id_cipher::{IdCipher, ParseIdError, id_check_ok};
pub use mask::{
    id_number_ok, mask_account, mask_child_name, mask_given_name, mask_id_number, mask_phone,
};
pub use money::{Amount, Fen, ParseFenError};
pub use region::{ParseRegionError, RegionCode, RegionListError, RegionListProblem};
pub use secret::Secret;
pub use share::{BasisPoints, SplitError, split};
pub use time::{Day, ParseTimeError, Timestamp};
pub use uscc::{Uscc, UsccError};
