//! 〔通行密钥〕 Passkeys: how many, for how long a question waits, and when a key may be removed.

use super::actor::Actor;
use crate::refusal::Refused;
use crate::{Sentence, say};

/// Keys of one person.
pub const PASSKEYS_MAX: i64 = 10;
/// Questions to browsers of one person that wait for an answer at once.
pub const QUESTIONS_MAX: i64 = 8;
/// A question waits for its answer: 5 minutes, as long as a ticket lives.
pub const QUESTION_MICROS: i64 = 5 * 60 * 1_000_000;
/// The longest name of a key, in characters.
pub const NAME_MAX: usize = 40;

/// Why a key is not added, used or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyRefused {
    /// The house has an address that browsers give no keys to.
    Impossible,
    /// There are as many as may be.
    TooMany,
    /// A device has brought this key before.
    Known,
    /// There is none that could be used.
    Absent,
    /// It is the last factor of somebody who must have one.
    Last,
}

impl Refused for PasskeyRefused {
    fn code(&self) -> &'static str {
        match self {
            PasskeyRefused::Impossible => "passkey_impossible",
            PasskeyRefused::TooMany => "passkey_too_many",
            PasskeyRefused::Known => "passkey_known",
            PasskeyRefused::Absent => "passkey_absent",
            PasskeyRefused::Last => "passkey_last",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            PasskeyRefused::Impossible => {
                "本站的地址用不了通行密钥，请用手机验证器开启两步验证。".into()
            }
            PasskeyRefused::TooMany => say!(
                "通行密钥最多{max}把，请先移除不用的。",
                max = PASSKEYS_MAX
            ),
            PasskeyRefused::Known => "这把通行密钥已经添加过，请换一台设备。".into(),
            PasskeyRefused::Absent => "还没有可用的通行密钥，请改填验证码。".into(),
            PasskeyRefused::Last => {
                "您的角色要决定或付款，这是最后一种两步验证，请先添加另一把通行密钥或手机验证器，再移除它。".into()
            }
        }
    }
}

/// May one more key be added to so many?
///
/// # Errors
/// `TooMany`.
pub fn may_add(kept: i64) -> Result<(), PasskeyRefused> {
    if kept < PASSKEYS_MAX {
        Ok(())
    } else {
        Err(PasskeyRefused::TooMany)
    }
}

/// What somebody would have left without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// An authenticator is switched on.
    pub authenticator: bool,
    /// Other keys that can prove somebody.
    pub keys: i64,
}

/// May this person's key be removed? Never the last factor of somebody who must have one.
///
/// # Errors
/// `Last`.
pub fn may_remove(actor: &Actor, left: Left, required: bool) -> Result<(), PasskeyRefused> {
    let bound = required && actor.grants().iter().any(|grant| grant.role.needs_factor());
    if bound && !left.authenticator && left.keys == 0 {
        return Err(PasskeyRefused::Last);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Grant, Role};
    use kernel::{Day, Id};

    fn actor(role: Role) -> Actor {
        let grant = Grant {
            role,
            organisation: None,
            region: None,
            from: Day::from_number(0),
            to: None,
        };
        Actor::user(Id::from_raw(1), "甲", vec![grant], Day::from_number(20_000))
    }

    #[test]
    fn the_last_factor_stays_with_whoever_must_have_one() {
        for role in Role::ALL {
            for (authenticator, keys) in [(false, 0), (true, 0), (false, 1), (true, 2)] {
                let left = Left {
                    authenticator,
                    keys,
                };
                let judged = may_remove(&actor(role), left, true);
                let is_last = !authenticator && keys == 0;
                assert_eq!(judged.is_err(), is_last && role.needs_factor(), "{role:?}");
                assert_eq!(
                    may_remove(&actor(role), left, false),
                    Ok(()),
                    "a demonstration"
                );
            }
        }
    }

    #[test]
    fn ten_keys_are_enough() {
        assert_eq!(may_add(PASSKEYS_MAX - 1), Ok(()));
        assert_eq!(may_add(PASSKEYS_MAX), Err(PasskeyRefused::TooMany));
    }
}
