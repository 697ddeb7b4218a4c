//! What a rule is called: a group of two letters and a number, for ever.

use std::fmt;

/// 〔规则类别〕 The part of the law that a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// 登记、认定与内部治理
    Registration,
    /// 公开募捐资格与募捐活动
    Fundraising,
    /// 募捐平台
    Platform,
    /// 信息公开
    Disclosure,
    /// 捐赠
    Donation,
    /// 捐赠票据
    Receipt,
    /// 税收
    Tax,
    /// 年度支出、管理费用与募捐成本
    Spending,
    /// 财产、投资与项目
    Asset,
    /// 会计
    Accounting,
    /// 慈善信托
    Trust,
    /// 志愿服务
    Volunteer,
    /// 社会工作
    SocialWork,
    /// 监督管理
    Supervision,
    /// 个人信息与网络安全
    Security,
    /// 编码
    Identifier,
}

impl Group {
    /// All groups, in the order of the book.
    pub const ALL: [Group; 16] = [
        Group::Registration,
        Group::Fundraising,
        Group::Platform,
        Group::Disclosure,
        Group::Donation,
        Group::Receipt,
        Group::Tax,
        Group::Spending,
        Group::Asset,
        Group::Accounting,
        Group::Trust,
        Group::Volunteer,
        Group::SocialWork,
        Group::Supervision,
        Group::Security,
        Group::Identifier,
    ];

    /// The two letters with which its rules begin.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Group::Registration => "OR",
            Group::Fundraising => "CF",
            Group::Platform => "PL",
            Group::Disclosure => "DI",
            Group::Donation => "DO",
            Group::Receipt => "RC",
            Group::Tax => "TX",
            Group::Spending => "EX",
            Group::Asset => "AS",
            Group::Accounting => "AC",
            Group::Trust => "TR",
            Group::Volunteer => "VO",
            Group::SocialWork => "SW",
            Group::Supervision => "SU",
            Group::Security => "SE",
            Group::Identifier => "ID",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Group::Registration => "登记、认定与内部治理",
            Group::Fundraising => "公开募捐资格与募捐活动",
            Group::Platform => "募捐平台",
            Group::Disclosure => "信息公开",
            Group::Donation => "捐赠",
            Group::Receipt => "捐赠票据",
            Group::Tax => "税收",
            Group::Spending => "年度支出、管理费用与募捐成本",
            Group::Asset => "财产、投资与项目",
            Group::Accounting => "会计",
            Group::Trust => "慈善信托",
            Group::Volunteer => "志愿服务",
            Group::SocialWork => "社会工作",
            Group::Supervision => "监督管理",
            Group::Security => "个人信息与网络安全",
            Group::Identifier => "编码",
        }
    }
}

/// 〔规则编号〕 The stable name of a rule, for example `CF-08`; it stays when the rule changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    group: Group,
    number: u8,
}

impl RuleId {
    /// The rule of this group with this number, from one.
    #[must_use]
    pub const fn new(group: Group, number: u8) -> RuleId {
        RuleId { group, number }
    }

    /// Reads `CF-08`: two capital letters of a group, a hyphen, two digits, not `00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<RuleId> {
        let (code, digits) = text.split_once('-')?;
        let group = Group::ALL.into_iter().find(|group| group.code() == code)?;
        if digits.len() != 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok().filter(|number| *number > 0)?;
        Some(RuleId { group, number })
    }

    /// The group.
    #[must_use]
    pub const fn group(self) -> Group {
        self.group
    }

    /// The number within the group.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.group.code(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for group in Group::ALL {
            for number in 1..=99 {
                let id = RuleId::new(group, number);
                assert_eq!(RuleId::parse(&id.to_string()), Some(id));
            }
        }
    }

    #[test]
    fn other_texts_are_no_rules() {
        for text in [
            "", "CF", "CF-8", "CF-008", "cf-08", "XX-01", "CF-00", "CF 08", "CF-0八",
        ] {
            assert_eq!(RuleId::parse(text), None, "{text}");
        }
    }
}
