//! Who has to keep a rule.

/// 〔受约束者〕 A kind of person or body that a rule binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// 慈善组织
    Charity,
    /// 具有公开募捐资格的慈善组织
    Qualified,
    /// 基金会
    Foundation,
    /// 社会团体
    Association,
    /// 社会服务机构
    ServiceInstitution,
    /// 具有公开募捐资格的基金会
    QualifiedFoundation,
    /// 具有公开募捐资格的社会团体
    QualifiedAssociation,
    /// 具有公开募捐资格的社会服务机构
    QualifiedServiceInstitution,
    /// 募捐平台
    Platform,
    /// 民政部门
    Authority,
    /// 捐赠人
    Donor,
    /// 受益人
    Beneficiary,
    /// 志愿者
    Volunteer,
    /// 志愿服务组织
    VolunteerBody,
    /// 个人求助人和信息发布人
    HelpSeeker,
    /// 慈善信托的受托人
    Trustee,
    /// 慈善信托的委托人
    Settlor,
    /// 社会工作者
    SocialWorker,
    /// 社会工作服务机构
    SocialAgency,
    /// 各有关单位和个人
    Everybody,
}

/// Code and Chinese name of each, in the order of [`Who::ALL`].
const NAMES: [(&str, &str); 20] = [
    ("ORG", "慈善组织"),
    ("PF-ORG", "具有公开募捐资格的慈善组织"),
    ("FDN", "基金会"),
    ("ASSOC", "社会团体"),
    ("SSO", "社会服务机构"),
    ("PF-FDN", "具有公开募捐资格的基金会"),
    ("PF-ASSOC", "具有公开募捐资格的社会团体"),
    ("PF-SSO", "具有公开募捐资格的社会服务机构"),
    ("PLAT", "募捐平台"),
    ("CA", "民政部门"),
    ("DONOR", "捐赠人"),
    ("BEN", "受益人"),
    ("VOL", "志愿者"),
    ("VORG", "志愿服务组织"),
    ("HELP", "个人求助人和信息发布人"),
    ("TRUSTEE", "慈善信托受托人"),
    ("SETTLOR", "慈善信托委托人"),
    ("SW", "社会工作者"),
    ("SWORG", "社会工作服务机构"),
    ("ALL", "各有关单位和个人"),
];

impl Who {
    /// All of them.
    pub const ALL: [Who; 20] = [
        Who::Charity,
        Who::Qualified,
        Who::Foundation,
        Who::Association,
        Who::ServiceInstitution,
        Who::QualifiedFoundation,
        Who::QualifiedAssociation,
        Who::QualifiedServiceInstitution,
        Who::Platform,
        Who::Authority,
        Who::Donor,
        Who::Beneficiary,
        Who::Volunteer,
        Who::VolunteerBody,
        Who::HelpSeeker,
        Who::Trustee,
        Who::Settlor,
        Who::SocialWorker,
        Who::SocialAgency,
        Who::Everybody,
    ];

    fn names(self) -> (&'static str, &'static str) {
        // The two lists have one length, and a test compares their order.
        let at = Who::ALL.iter().position(|who| *who == self);
        at.and_then(|at| NAMES.get(at)).copied().unwrap_or_default()
    }

    /// The code in the data.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.names().0
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.names().1
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Who> {
        Who::ALL.into_iter().find(|who| who.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back() {
        for who in Who::ALL {
            assert!(!who.code().is_empty() && !who.title().is_empty());
            assert_eq!(Who::parse(who.code()), Some(who));
        }
        for (who, code) in [
            (Who::Authority, "CA"),
            (Who::QualifiedServiceInstitution, "PF-SSO"),
            (Who::Everybody, "ALL"),
            (Who::Trustee, "TRUSTEE"),
        ] {
            assert_eq!(who.code(), code);
        }
        assert_eq!(Who::parse("NOBODY"), None);
    }
}
