//! Roles of procedures 办理角色, and the levels that hear of what is over.
//!
//! A procedure speaks of roles by codes of its own, because not all of them exist as a [`HouseRole`]. This file is the
//! one place where the two meet: [`roles_of`] says which of these codes the grants of a person are worth in a matter.

use crate::identity::{Action, Actor, Object, Role as HouseRole};
use matter::{Level, Role, Step};

/// The organisation's maker 经办.
pub const ORGANISATION_MAKER: &str = "organisation_maker";
/// The organisation's checker 复核, who hands in.
pub const ORGANISATION_CHECKER: &str = "organisation_checker";
/// The council 理事会, by whoever records its resolution.
pub const COUNCIL: &str = "council";
/// Founders who ask for a registration 申请人.
pub const APPLICANT: &str = "applicant";
/// The sponsor unit 业务主管单位.
pub const SPONSOR: &str = "sponsor";
/// A clerk of the registration authority 登记管理机关经办.
pub const CLERK: &str = "clerk";
/// A leader of the registration authority 登记管理机关负责人; never the clerk of the same matter.
pub const LEADER: &str = "leader";
/// The authority above 上级民政部门.
pub const SUPERIOR: &str = "superior";
/// Whoever complains 投诉举报人.
pub const COMPLAINANT: &str = "complainant";
/// An officer who looks into a complaint 承办人.
pub const HANDLER: &str = "handler";

/// Every role with its title.
const TITLES: [Role; 10] = [
    role(ORGANISATION_MAKER, "机构经办"),
    role(ORGANISATION_CHECKER, "机构复核"),
    role(COUNCIL, "理事会"),
    role(APPLICANT, "申请人"),
    role(SPONSOR, "业务主管单位"),
    role(CLERK, "登记管理机关经办"),
    role(LEADER, "登记管理机关负责人"),
    role(SUPERIOR, "上级民政部门"),
    role(COMPLAINANT, "投诉举报人"),
    role(HANDLER, "承办人"),
];

const fn role(name: &'static str, title: &'static str) -> Role {
    Role { name, title }
}

/// The roles of matters between an organisation and its authority.
pub(super) const ORGANISATION_AND_AUTHORITY: &[Role] = &[
    TITLES[0], TITLES[1], TITLES[2], TITLES[4], TITLES[5], TITLES[6], TITLES[7],
];
/// The roles of what an office does by itself.
pub(super) const AUTHORITY: &[Role] = &[TITLES[5], TITLES[6], TITLES[7]];
/// The roles of a registration, before there is an organisation.
pub(super) const FOUNDERS_AND_AUTHORITY: &[Role] =
    &[TITLES[3], TITLES[4], TITLES[5], TITLES[6], TITLES[7]];
/// The roles of a complaint.
pub(super) const COMPLAINT: &[Role] = &[TITLES[5], TITLES[6], TITLES[7], TITLES[8], TITLES[9]];

/// Who hears of what an authority owes.
pub(super) const ABOVE_AUTHORITY: &[Level] = &[
    Level {
        after: 1,
        name: LEADER,
        title: "登记管理机关负责人",
    },
    Level {
        after: 5,
        name: SUPERIOR,
        title: "上级民政部门",
    },
];
/// Who hears of what an organisation owes.
pub(super) const ABOVE_ORGANISATION: &[Level] = &[
    Level {
        after: 1,
        name: CLERK,
        title: "登记管理机关经办",
    },
    Level {
        after: 10,
        name: LEADER,
        title: "登记管理机关负责人",
    },
];

/// The codes that an actor's grants are worth in a matter of this organisation at the office of this region.
///
/// Whoever works for the organisation is no official in its matters, whatever else was granted (应当回避). A decider
/// whose region reaches beyond the office's is also the authority above it.
#[must_use]
pub fn roles_of(actor: &Actor, place: &Object) -> Vec<&'static str> {
    let mut roles = Vec::new();
    let grants = || actor.grants().iter();
    for grant in grants().filter(|grant| grant.organisation.is_some()) {
        if grant.organisation == place.organisation {
            roles.extend(match grant.role {
                HouseRole::Maker => &[ORGANISATION_MAKER][..],
                HouseRole::Checker => &[ORGANISATION_CHECKER],
                HouseRole::Approver => &[ORGANISATION_CHECKER, COUNCIL],
                _ => &[],
            });
        }
    }
    if grants()
        .any(|grant| grant.organisation.is_some() && grant.organisation == place.organisation)
    {
        return roles;
    }
    for grant in grants().filter(|grant| grant.organisation.is_none()) {
        let (Some(root), Some(office)) = (grant.region, place.region) else {
            continue;
        };
        if !root.contains(&office) {
            continue;
        }
        roles.extend(match grant.role {
            HouseRole::Handler => &[CLERK, HANDLER][..],
            HouseRole::Decider if root == office => &[LEADER],
            HouseRole::Decider => &[LEADER, SUPERIOR],
            _ => &[],
        });
    }
    roles
}

/// What an actor has to be permitted for a step, any of them.
#[must_use]
pub fn actions_of(step: &Step) -> Vec<Action> {
    let action = |role: &str| match role {
        ORGANISATION_MAKER | ORGANISATION_CHECKER | COUNCIL | APPLICANT => {
            Some(Action::MatterApply)
        }
        CLERK | HANDLER => Some(Action::MatterHandle),
        LEADER | SUPERIOR => Some(Action::MatterDecide),
        _ => None,
    };
    let mut actions: Vec<Action> = step.roles.iter().filter_map(|role| action(role)).collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// The title of a code, for whoever a matter waits for.
#[must_use]
pub fn title_of(role: &str) -> &'static str {
    let found = TITLES.iter().find(|known| known.name == role);
    found.map_or("", |role| role.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Grant;
    use kernel::{Day, Id, RegionCode};

    #[track_caller]
    fn check(grants: &[(HouseRole, Option<i64>, Option<&str>)], want: &[&str]) {
        let grant =
            |&(role, organisation, region): &(HouseRole, Option<i64>, Option<&str>)| Grant {
                role,
                organisation: organisation.map(Id::from_raw),
                region: region.map(|code| RegionCode::parse(code).unwrap()),
                from: Day::from_number(0),
                to: None,
            };
        let grants = grants.iter().map(grant).collect();
        let actor = Actor::user(Id::from_raw(1), "甲", grants, Day::from_number(20_000));
        let place = Object {
            region: RegionCode::parse("4201").ok(),
            ..Object::of(Id::from_raw(7))
        };
        assert_eq!(roles_of(&actor, &place), want);
    }

    #[test]
    fn grants_are_worth_what_the_table_of_roles_says() {
        use HouseRole::{Approver, Checker, Decider, Handler, Maker, Payer, Supervisor};
        check(&[(Maker, Some(7), None)], &[ORGANISATION_MAKER]);
        check(&[(Checker, Some(7), None)], &[ORGANISATION_CHECKER]);
        check(
            &[(Approver, Some(7), None)],
            &[ORGANISATION_CHECKER, COUNCIL],
        );
        check(&[(Payer, Some(7), None), (Maker, Some(8), None)], &[]);
        check(&[(Handler, None, Some("4201"))], &[CLERK, HANDLER]);
        check(&[(Decider, None, Some("4201"))], &[LEADER]);
        check(&[(Decider, None, Some("42"))], &[LEADER, SUPERIOR]);
        check(&[(Decider, None, Some("420106"))], &[]);
        check(
            &[(Handler, None, Some("43")), (Supervisor, None, Some("42"))],
            &[],
        );
        check(&[(Handler, None, None)], &[]);
    }

    #[test]
    fn whoever_works_for_the_applicant_is_no_official_in_its_matters() {
        use HouseRole::{Decider, Handler, Payer};
        check(&[(Payer, Some(7), None), (Handler, None, Some("42"))], &[]);
        check(
            &[(Payer, Some(8), None), (Decider, None, Some("4201"))],
            &[LEADER],
        );
    }

    #[test]
    fn every_step_that_people_of_the_house_take_needs_a_permission() {
        for table in crate::oversight::procedures::PROCEDURES {
            for step in table.steps.iter().filter(|step| !step.is_of_system()) {
                let outside = [SPONSOR, COMPLAINANT];
                let only_outside = step.roles.iter().all(|role| outside.contains(role));
                assert_eq!(actions_of(step).is_empty(), only_outside, "{}", step.name);
            }
        }
        assert_eq!(title_of(CLERK), "登记管理机关经办");
        assert_eq!(title_of("nobody"), "");
    }
}
