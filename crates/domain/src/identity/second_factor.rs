//! The second factor: when a code counts, and which acts want one.

use super::actor::{Actor, Who};
use super::permission::Action;
use super::role::Role;
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::Timestamp;

/// Wrong codes before a pause.
pub const TRIES_MAX: u32 = 5;
/// After the last wrong code the tries are forgotten: 15 minutes, three times as long as a ticket lives, so that no
/// ticket sees more than [`TRIES_MAX`] of them.
pub const PAUSE_MICROS: i64 = 15 * MINUTE_MICROS;
/// Between the right password and the code: 5 minutes.
pub const TICKET_MICROS: i64 = 5 * MINUTE_MICROS;
/// A session is strong for so long after a code: 15 minutes.
pub const STRONG_MICROS: i64 = 15 * MINUTE_MICROS;
/// Recovery codes that are made at once.
pub const RECOVERY_CODES: u32 = 10;
const MINUTE_MICROS: i64 = 60 * 1_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// 〔验证记数〕 What was tried with a second factor. A right code does not clear the wrong ones before it: only time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The last step whose code was accepted; steps up to it count no more.
    pub last_step: i64,
    /// Wrong codes since the last pause.
    pub tries: u32,
    /// When the last of them was given.
    pub tried_at: Timestamp,
}

/// What somebody gave.
#[derive(Debug, Clone, Copy)]
pub enum Offer<'a> {
    /// The steps whose code it is, oldest first; none for a wrong code.
    Steps(&'a [i64]),
    /// A recovery code that was not used before.
    Recovery,
}

/// How a code was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It counts; keep this.
    Right(Tally),
    /// It does not; keep this. So many tries are left.
    Wrong(Tally, u32),
    /// Nothing was looked at: wait so many seconds. Nothing changes, so that trying on makes no pause longer.
    Paused(i64),
}

/// Judges a code: each step counts once, and after [`TRIES_MAX`] wrong ones nothing counts for [`PAUSE_MICROS`].
#[must_use]
pub fn judge(tally: Tally, offer: Offer<'_>, now: Timestamp) -> Judged {
    let quiet = now.micros().saturating_sub(tally.tried_at.micros());
    let tries = if quiet >= PAUSE_MICROS {
        0
    } else {
        tally.tries
    };
    if tries >= TRIES_MAX {
        let left = PAUSE_MICROS.saturating_sub(quiet);
        return Judged::Paused(left.saturating_add(MICROS_PER_SECOND - 1) / MICROS_PER_SECOND);
    }
    let right = |last_step| {
        Judged::Right(Tally {
            last_step,
            tries,
            ..tally
        })
    };
    match offer {
        Offer::Recovery => right(tally.last_step),
        Offer::Steps(steps) => match steps.iter().find(|step| **step > tally.last_step) {
            Some(step) => right(*step),
            None => {
                let tries = tries.saturating_add(1);
                let wrong = Tally {
                    tries,
                    tried_at: now,
                    ..tally
                };
                Judged::Wrong(wrong, TRIES_MAX.saturating_sub(tries))
            }
        },
    }
}

/// 〔身份强度〕 How a session proved whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// True if the person has a second factor.
    pub has_factor: bool,
    /// Until when the session is strong: a code was given within it.
    pub strong_until: Option<Timestamp>,
}

impl Proof {
    /// True if a code was given a short while ago.
    #[must_use]
    pub fn is_strong(self, now: Timestamp) -> bool {
        self.strong_until.is_some_and(|until| now < until)
    }
}

impl Action {
    /// True for what decides or pays: a session that is strong is asked for.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(
            self,
            Action::UserManage
                | Action::CampaignDecide
                | Action::DisbursementApprove
                | Action::DisbursementPay
                | Action::CorrectionRecord
                | Action::PrivacyDecide
                | Action::MatterDecide
                | Action::DutyDelegate
        )
    }
}

impl Role {
    /// True for whoever must have a second factor.
    #[must_use]
    pub fn needs_factor(self) -> bool {
        matches!(
            self,
            Role::Checker | Role::Approver | Role::Payer | Role::Decider | Role::Administrator
        )
    }
}

/// Why an act that decides is not done though the role permits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// The role asks for a second factor, and there is none.
    SwitchOn,
    /// There is one, and no code was given lately.
    Confirm,
}

impl Refused for Unproven {
    fn code(&self) -> &'static str {
        match self {
            Unproven::SwitchOn => "second_factor_required",
            Unproven::Confirm => "second_factor_confirm",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            Unproven::SwitchOn => {
                "这一步要先开启两步验证，请到工作台的“账号安全”开启后再办理。".into()
            }
            Unproven::Confirm => say!(
                "办理这一步要再确认一次身份，请填写验证码；{minutes}分钟内不再问。",
                minutes = STRONG_MICROS / MINUTE_MICROS
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Unproven::SwitchOn => None,
            Unproven::Confirm => Some("one_time_code"),
        }
    }
}

/// May this session do what decides? Asked after [`super::permit`], which asks for the role.
///
/// # Errors
/// `Unproven`. Nobody without a second factor is asked for one where `required` is false or no role asks for it.
pub fn proven(
    actor: &Actor,
    action: Action,
    (now, required): (Timestamp, bool),
) -> Result<(), Unproven> {
    let is_person = matches!(actor.who, Who::User(_));
    if !is_person || !action.decides() {
        return Ok(());
    }
    let proof = actor.proof();
    if proof.has_factor {
        return match proof.is_strong(now) {
            true => Ok(()),
            false => Err(Unproven::Confirm),
        };
    }
    let bound = actor.grants().iter().any(|grant| grant.role.needs_factor());
    if required && bound {
        return Err(Unproven::SwitchOn);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Grant;
    use kernel::{Day, Id};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_795_312_800_000_000 + seconds * MICROS_PER_SECOND)
    }

    fn actor(role: Role, proof: Proof) -> Actor {
        let grant = Grant {
            role,
            organisation: None,
            region: None,
            from: Day::from_number(0),
            to: None,
        };
        let today = Day::from_number(20_000);
        Actor::user(Id::from_raw(1), "甲", vec![grant], today).proved(proof)
    }

    #[test]
    fn every_action_in_every_role_and_session() {
        for (role, action) in Role::ALL
            .into_iter()
            .flat_map(|role| Action::ALL.map(|action| (role, action)))
        {
            let judge = |has_factor, strong: bool, required| {
                let strong_until = strong.then(|| at(900));
                let proof = Proof {
                    has_factor,
                    strong_until,
                };
                proven(&actor(role, proof), action, (at(899), required))
            };
            let decides = action.decides();
            let told = |problem| if decides { Err(problem) } else { Ok(()) };
            for required in [false, true] {
                assert_eq!(judge(true, true, required), Ok(()), "{role:?} {action:?}");
                let weak = judge(true, false, required);
                assert_eq!(weak, told(Unproven::Confirm), "{role:?} {action:?}");
            }
            assert_eq!(judge(false, false, false), Ok(()), "{role:?} {action:?}");
            let bound = if role.needs_factor() {
                told(Unproven::SwitchOn)
            } else {
                Ok(())
            };
            assert_eq!(judge(false, false, true), bound, "{role:?} {action:?}");
        }
    }

    #[test]
    fn strength_ends_and_the_house_needs_none() {
        let proof = Proof {
            has_factor: true,
            strong_until: Some(at(900)),
        };
        let payer = actor(Role::Payer, proof);
        let pay = |now| proven(&payer, Action::DisbursementPay, (now, true));
        assert_eq!(pay(at(899)), Ok(()));
        assert_eq!(pay(at(900)), Err(Unproven::Confirm));
        for who in [Actor::house("任务"), Actor::public(), Actor::channel("x")] {
            assert_eq!(proven(&who, Action::DisbursementPay, (at(0), true)), Ok(()));
        }
    }

    #[test]
    fn a_step_counts_once_and_five_wrong_codes_are_the_end_for_a_while() {
        let fresh = Tally {
            last_step: 0,
            tries: 0,
            tried_at: Timestamp::from_micros(0),
        };
        let Judged::Right(once) = judge(fresh, Offer::Steps(&[10]), at(0)) else {
            panic!("a right code");
        };
        let mut tally = once;
        for left in (0..TRIES_MAX).rev() {
            let Judged::Wrong(next, told) = judge(tally, Offer::Steps(&[9, 10]), at(1)) else {
                panic!("a step counted twice");
            };
            assert_eq!(told, left);
            tally = next;
        }
        assert_eq!(
            judge(tally, Offer::Steps(&[11]), at(2)),
            Judged::Paused(899)
        );
        assert_eq!(judge(tally, Offer::Recovery, at(900)), Judged::Paused(1));
        assert!(matches!(
            judge(tally, Offer::Steps(&[11]), at(901)),
            Judged::Right(_)
        ));
    }

    /// What somebody does: waits, then gives the code of a step so far from now, or any wrong one.
    fn deeds() -> impl Strategy<Value = Vec<(i64, Option<i64>)>> {
        let code = prop_oneof![Just(None), (-3_i64..=1).prop_map(Some)];
        proptest::collection::vec((0_i64..400, code), 1..80)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_order_of_codes_counts_a_step_twice_or_a_sixth_try(deeds in deeds()) {
            let mut tally = Tally { last_step: 0, tries: 0, tried_at: Timestamp::from_micros(0) };
            let (mut seconds, mut used, mut wrong) = (0, BTreeSet::new(), Vec::<i64>::new());
            for (wait, code) in deeds {
                seconds += wait;
                let here = at(seconds).micros() / 30_000_000;
                // Only a step of drift is offered by the gateway.
                let steps: Vec<i64> = code.filter(|by| by.abs() <= 1).map(|by| here + by).into_iter().collect();
                match judge(tally, Offer::Steps(&steps), at(seconds)) {
                    Judged::Right(next) => {
                        prop_assert!(used.insert(steps[0]), "a step counted twice");
                        prop_assert!(used.last() == Some(&steps[0]), "an older step after a newer one");
                        tally = next;
                    }
                    Judged::Wrong(next, _) => {
                        wrong.push(seconds);
                        tally = next;
                    }
                    Judged::Paused(left) => prop_assert!((1..=900).contains(&left)),
                }
                // Within the life of any ticket there are at most five wrong codes.
                let live = wrong.iter().filter(|then| seconds - **then < TICKET_MICROS / MICROS_PER_SECOND).count();
                prop_assert!(live <= TRIES_MAX as usize);
            }
        }
    }
}
