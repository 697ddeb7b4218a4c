//! Roles and their grants.

use kernel::{Day, Id, RegionCode};
use leaf::ids::Organisation;

/// 〔角色〕 What somebody does in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 经办: enters gifts, files campaigns, asks for payments.
    Maker,
    /// 复核: checks what a maker entered.
    Checker,
    /// 负责人: approves above the charter's threshold, publishes campaigns.
    Approver,
    /// 出纳: pays what was checked.
    Payer,
    /// 执行机构经办: reports the use of advances.
    Partner,
    /// 监管人员: sees a region, decides nothing about money.
    Supervisor,
    /// 内部审计: reads everything of an organisation, changes nothing.
    Auditor,
    /// 系统管理员: keeps accounts and roles, touches no money.
    Administrator,
    /// 受理人员 (CA-1): accepts and looks into applications of a region.
    Handler,
    /// 审批人员 (CA-2): decides applications of a region, never one that he handled.
    Decider,
}

impl Role {
    /// Every role, in the order of lists on pages.
    pub const ALL: [Role; 10] = [
        Role::Maker,
        Role::Checker,
        Role::Approver,
        Role::Payer,
        Role::Partner,
        Role::Supervisor,
        Role::Auditor,
        Role::Administrator,
        Role::Handler,
        Role::Decider,
    ];

    /// The code stored in the database and used by the API.
    pub fn code(self) -> &'static str {
        match self {
            Role::Maker => "maker",
            Role::Checker => "checker",
            Role::Approver => "approver",
            Role::Payer => "payer",
            Role::Partner => "partner",
            Role::Supervisor => "supervisor",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Handler => "handler",
            Role::Decider => "decider",
        }
    }

    /// The Chinese name on pages.
    pub fn title(self) -> &'static str {
        match self {
            Role::Maker => "经办",
            Role::Checker => "复核",
            Role::Approver => "负责人",
            Role::Payer => "出纳",
            Role::Partner => "执行机构经办",
            Role::Supervisor => "监管人员",
            Role::Auditor => "内部审计",
            Role::Administrator => "系统管理员",
            Role::Handler => "受理人员",
            Role::Decider => "审批人员",
        }
    }

    /// True for the roles of an authority: they are held for a region and its subtree, never for one organisation, so
    /// that nobody is an official of a single applicant.
    pub fn is_of_authority(self) -> bool {
        matches!(self, Role::Supervisor | Role::Handler | Role::Decider)
    }

    /// The role of a stored code.
    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// 〔授权〕 A role for an organisation or a region subtree, between two days.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The role given.
    pub role: Role,
    /// Limits the role to one organisation; absent for regional and house-wide roles.
    pub organisation: Option<Id<Organisation>>,
    /// Limits the role to a region and all below it.
    pub region: Option<RegionCode>,
    /// First day of the grant.
    pub from: Day,
    /// Last day of the grant, absent if it is open.
    pub to: Option<Day>,
}

impl Grant {
    /// True if the grant holds on this day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
