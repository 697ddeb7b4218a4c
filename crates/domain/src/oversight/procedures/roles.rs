//! Roles of procedures 办理角色, and the levels that hear of what is over.
//!
//! A procedure speaks of roles by codes of its own, because most of them do not exist as a
//! [`Role`](crate::identity::Role) yet. This file is the one place where the two will meet: whoever wires
//! procedures to the house maps these codes to grants here, and nothing else has to change.

use matter::{Level, Role};

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
