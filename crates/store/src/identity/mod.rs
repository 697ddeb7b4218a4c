//! Identity 身份: accounts, grants and sessions as they are kept.

mod deed;
mod delegation;
mod passkey;
mod second_factor;
mod session;
mod user;

pub use deed::{deeds_of_user, detail_of_deed};
pub use delegation::{
    DelegationRecord, delegations_given, delegations_held, delegations_received,
    delegations_running,
};
pub use passkey::{PasskeyRecord, PasskeyStanding, passkey_standing, passkeys_of_user};
pub use second_factor::{FactorRecord, factor_logins, has_factor, recovery_left, second_factor};
pub use session::{DeviceRecord, SessionRecord, devices_of_user, session_actor, session_by_token};
pub use user::{
    UserRecord, grants_of_user, password_hash, user_by_id, user_by_login, user_names, users,
    users_with_grants,
};
