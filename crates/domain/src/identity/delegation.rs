//! 〔委托办理〕 Handing a duty to a colleague for some days.
//!
//! What is handed over is one role at one place, in matters only: whoever acts for somebody has acted together with that
//! person, which the procedures of matters count (record 0029). Duties about money are not handed over, because there
//! the three people are told apart by who presses the button.

use super::actor::Actor;
use super::role::{Grant, Role};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Day, Id, RegionCode};
use leaf::ids::{Organisation, User};

/// The longest delegation, in days.
pub const DAYS_MAX: i64 = 183;
/// Delegations of one person that run or are to come.
pub const RUNNING_MAX: i64 = 20;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 200;

/// 〔职责〕 One role at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// The role.
    pub role: Role,
    /// Where it is held, for people of an organisation.
    pub organisation: Option<Id<Organisation>>,
    /// Where it is held, for officials.
    pub region: Option<RegionCode>,
}

impl Duty {
    /// The duty of a grant, if it is one that can be handed over: a role of matters at a place.
    #[must_use]
    pub fn of(grant: &Grant) -> Option<Duty> {
        let duty = Duty {
            role: grant.role,
            organisation: grant.organisation,
            region: grant.region,
        };
        let official = grant.organisation.is_none() && grant.region.is_some();
        match grant.role {
            Role::Maker | Role::Checker | Role::Approver => {
                grant.organisation.is_some().then_some(duty)
            }
            Role::Handler | Role::Decider => official.then_some(duty),
            Role::Payer
            | Role::Partner
            | Role::Supervisor
            | Role::Auditor
            | Role::Administrator => None,
        }
    }

    /// True if this grant holds the duty.
    #[must_use]
    pub fn is_held_by(&self, grant: &Grant) -> bool {
        Duty::of(grant).as_ref() == Some(self)
    }

    /// True if this grant makes a colleague who may take it over: of the same organisation, or an official whose region
    /// reaches as far, with a role of matters himself.
    #[must_use]
    pub fn suits(&self, grant: &Grant) -> bool {
        let Some(own) = Duty::of(grant) else {
            return false;
        };
        match (self.organisation, self.region) {
            (Some(here), _) => own.organisation == Some(here),
            (None, Some(here)) => own.region.is_some_and(|root| root.contains(&here)),
            (None, None) => false,
        }
    }
}

/// 〔委托〕 A duty in the hands of a colleague, from a first to a last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delegation {
    /// Whose duty it is 〔委托人〕.
    pub represented: Id<User>,
    /// Who acts 〔受托人〕.
    pub delegate: Id<User>,
    /// What is handed over.
    pub duty: Duty,
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

impl Delegation {
    /// The person represented with this duty and nothing else, as far as it is held on this day: a delegation is not
    /// passed on, and ends with the grant behind it.
    #[must_use]
    pub fn represents(&self, name: &str, grants: &[Grant], today: Day) -> Option<Actor> {
        if today < self.first || self.last < today {
            return None;
        }
        let held = grants.iter().filter(|grant| grant.holds_on(today));
        let held: Vec<Grant> = held.filter(|g| self.duty.is_held_by(g)).cloned().collect();
        (!held.is_empty()).then(|| Actor::user(self.represented, name, held, today))
    }
}

/// Why a duty is not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelegationRefused {
    /// The duty is not held.
    NotHeld,
    /// Nobody is his own delegate.
    Oneself,
    /// The other one is no colleague with a role that fits.
    NoColleague,
    /// The days are past, the wrong way round or too many.
    Days,
    /// There are as many as may be.
    TooMany,
    /// This colleague has it in these days already.
    Known,
}

impl Refused for DelegationRefused {
    fn code(&self) -> &'static str {
        match self {
            DelegationRefused::NotHeld => "delegation_not_held",
            DelegationRefused::Oneself => "delegation_oneself",
            DelegationRefused::NoColleague => "delegation_no_colleague",
            DelegationRefused::Days => "delegation_days",
            DelegationRefused::TooMany => "delegation_too_many",
            DelegationRefused::Known => "delegation_known",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            DelegationRefused::NotHeld => "您没有这项职责，请从列出的里选一项。".into(),
            DelegationRefused::Oneself => "不能委托给自己，请填一位同事的登录名。".into(),
            DelegationRefused::NoColleague => {
                "这个登录名不是本单位或本机关有办件角色的同事，请核对，或请系统管理员先授予角色。"
                    .into()
            }
            DelegationRefused::Days => say!(
                "委托从今天或以后开始，最后一天不早于第一天，一共不超过{max}天，请改日期。",
                max = DAYS_MAX
            ),
            DelegationRefused::TooMany => say!(
                "同时最多有{max}项委托，请先提前结束不用的。",
                max = RUNNING_MAX
            ),
            DelegationRefused::Known => {
                "这几天里已经把这项职责委托给这位同事了，请看下面的列表。".into()
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            DelegationRefused::NotHeld => Some("duty"),
            DelegationRefused::Oneself | DelegationRefused::NoColleague => Some("login"),
            DelegationRefused::Days => Some("last"),
            DelegationRefused::TooMany | DelegationRefused::Known => None,
        }
    }
}

/// May this duty be handed to this colleague? `running` are the giver's delegations that are not over.
///
/// # Errors
/// `DelegationRefused`.
pub fn decide_delegation(
    giver: &Actor,
    colleague: &Actor,
    wanted: &Delegation,
    (today, running): (Day, &[Delegation]),
) -> Result<(), DelegationRefused> {
    if !giver.grants().iter().any(|g| wanted.duty.is_held_by(g)) {
        return Err(DelegationRefused::NotHeld);
    }
    if wanted.represented == wanted.delegate {
        return Err(DelegationRefused::Oneself);
    }
    if !colleague.grants().iter().any(|g| wanted.duty.suits(g)) {
        return Err(DelegationRefused::NoColleague);
    }
    let days = i64::from(wanted.last.number()) - i64::from(wanted.first.number());
    if wanted.first < today || !(0..DAYS_MAX).contains(&days) {
        return Err(DelegationRefused::Days);
    }
    if i64::try_from(running.len()).unwrap_or(i64::MAX) >= RUNNING_MAX {
        return Err(DelegationRefused::TooMany);
    }
    let same = |old: &&Delegation| {
        old.delegate == wanted.delegate
            && old.duty == wanted.duty
            && old.first <= wanted.last
            && wanted.first <= old.last
    };
    match running.iter().find(same) {
        Some(_) => Err(DelegationRefused::Known),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i32 = 20_000;

    fn day(n: i32) -> Day {
        Day::from_number(n)
    }

    fn grant(role: Role, organisation: Option<i64>, region: Option<&str>) -> Grant {
        Grant {
            role,
            organisation: organisation.map(Id::from_raw),
            region: region.map(|code| RegionCode::parse(code).unwrap()),
            from: day(0),
            to: None,
        }
    }

    fn actor(id: i64, grants: Vec<Grant>) -> Actor {
        Actor::user(Id::from_raw(id), "甲", grants, day(TODAY))
    }

    fn wanted(duty: Duty) -> Delegation {
        Delegation {
            represented: Id::from_raw(1),
            delegate: Id::from_raw(2),
            duty,
            first: day(TODAY),
            last: day(TODAY + 6),
        }
    }

    #[test]
    fn money_and_the_house_are_not_handed_over() {
        for role in Role::ALL {
            let of_house = Duty::of(&grant(role, None, None));
            assert_eq!(of_house, None, "{role:?} of the whole house");
            let there = Duty::of(&grant(role, Some(7), None)).is_some();
            let matters = matches!(role, Role::Maker | Role::Checker | Role::Approver);
            assert_eq!(there, matters, "{role:?} at an organisation");
            let official = Duty::of(&grant(role, None, Some("4201"))).is_some();
            assert_eq!(
                official,
                matches!(role, Role::Handler | Role::Decider),
                "{role:?}"
            );
        }
    }

    #[track_caller]
    fn check(giver: Grant, colleague: Grant, want: Result<(), DelegationRefused>) {
        let duty = Duty::of(&grant(Role::Decider, None, Some("4201"))).unwrap();
        let judged = decide_delegation(
            &actor(1, vec![giver]),
            &actor(2, vec![colleague]),
            &wanted(duty),
            (day(TODAY), &[]),
        );
        assert_eq!(judged, want);
    }

    #[test]
    fn only_an_own_duty_goes_to_a_colleague_who_reaches_as_far() {
        let own = || grant(Role::Decider, None, Some("4201"));
        check(own(), grant(Role::Handler, None, Some("4201")), Ok(()));
        check(own(), grant(Role::Decider, None, Some("42")), Ok(()));
        let stranger = Err(DelegationRefused::NoColleague);
        check(own(), grant(Role::Handler, None, Some("420102")), stranger);
        check(own(), grant(Role::Handler, None, Some("33")), stranger);
        check(own(), grant(Role::Supervisor, None, Some("4201")), stranger);
        check(own(), grant(Role::Checker, Some(7), None), stranger);
        let held = Err(DelegationRefused::NotHeld);
        let handler = || grant(Role::Handler, None, Some("4201"));
        check(handler(), handler(), held);
        check(grant(Role::Decider, None, Some("42")), handler(), held);
    }

    #[test]
    fn days_people_and_numbers_are_judged() {
        let duty = Duty::of(&grant(Role::Checker, Some(7), None)).unwrap();
        let giver = actor(1, vec![grant(Role::Checker, Some(7), None)]);
        let colleague = actor(2, vec![grant(Role::Maker, Some(7), None)]);
        let judge = |wanted: &Delegation, running: &[Delegation]| {
            decide_delegation(&giver, &colleague, wanted, (day(TODAY), running))
        };
        let fine = wanted(duty);
        assert_eq!(judge(&fine, &[]), Ok(()));
        for (first, last, is_fine) in [
            (-1, 3, false),
            (3, 2, false),
            (0, 0, true),
            (0, 182, true),
            (0, 183, false),
            (400, 401, true),
        ] {
            let moved = Delegation {
                first: day(TODAY + first),
                last: day(TODAY + last),
                ..fine
            };
            assert_eq!(judge(&moved, &[]).is_ok(), is_fine, "{first}..{last}");
        }
        assert_eq!(judge(&fine, &[fine]), Err(DelegationRefused::Known));
        let later = Delegation {
            first: day(TODAY + 7),
            last: day(TODAY + 8),
            ..fine
        };
        assert_eq!(judge(&later, &[fine]), Ok(()), "the days do not meet");
        assert_eq!(judge(&later, &[fine; 20]), Err(DelegationRefused::TooMany));
        let own = Delegation {
            delegate: fine.represented,
            ..fine
        };
        assert_eq!(judge(&own, &[]), Err(DelegationRefused::Oneself));
    }

    #[test]
    fn it_holds_on_its_days_and_while_the_grant_does() {
        let mut held = grant(Role::Decider, None, Some("4201"));
        held.to = Some(day(TODAY + 3));
        let grants = vec![grant(Role::Maker, Some(7), None), held];
        let delegation = wanted(Duty::of(&grants[1]).unwrap());
        for (offset, want) in [(-1, 0), (0, 1), (3, 1), (4, 0), (6, 0), (7, 0)] {
            let found = delegation.represents("乙", &grants, day(TODAY + offset));
            let roles = found.map_or(0, |actor| actor.grants().len());
            assert_eq!(
                roles, want,
                "day {offset}: that duty alone, while it is held"
            );
        }
    }
}
