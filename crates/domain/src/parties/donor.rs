//! Donors 捐赠人: who gives, and how they want to be shown.

use crate::Sentence;

/// 〔展示方式〕 How the donor is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// 实名
    Named,
    /// 只公开姓氏: the family name and two stars
    Masked,
    /// 匿名
    Anonymous,
}

impl Display {
    /// All ways, in the order of forms.
    pub const ALL: [Display; 3] = [Display::Masked, Display::Named, Display::Anonymous];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Display::Named => "named",
            Display::Masked => "masked",
            Display::Anonymous => "anonymous",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Display::Named => "公开姓名",
            Display::Masked => "只公开姓氏（单位公开全称）",
            Display::Anonymous => "匿名",
        }
    }

    /// The way of a stored code.
    pub fn parse(code: &str) -> Option<Display> {
        Display::ALL
            .into_iter()
            .find(|display| display.code() == code)
    }

    /// The name that pages may show.
    pub fn public_name(self, name: &str) -> String {
        match self {
            _ if name.trim().is_empty() => ANONYMOUS.into(),
            Display::Named => name.trim().into(),
            Display::Masked => kernel::mask_given_name(name.trim()),
            Display::Anonymous => ANONYMOUS.into(),
        }
    }
}

/// How a giver is called who wants no name to be shown.
const ANONYMOUS: &str = "爱心人士";

/// A giver's name as it was recorded for everybody, with our word for those without a name in every language.
pub fn said_donor(public: &str) -> Sentence {
    if public == ANONYMOUS {
        return ANONYMOUS.into();
    }
    public.to_string().into()
}

/// 〔捐赠人类型〕 Who gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DonorKind {
    /// 自然人
    Person,
    /// 法人或其他组织
    Organisation,
    /// 群体, 未说明 and other kinds that a published list prints
    Other,
}

impl DonorKind {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            DonorKind::Person => "person",
            DonorKind::Organisation => "organisation",
            DonorKind::Other => "other",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<DonorKind> {
        [DonorKind::Person, DonorKind::Organisation, DonorKind::Other]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_the_donor_chose() {
        assert_eq!(Display::Named.public_name("张三"), "张三");
        assert_eq!(Display::Anonymous.public_name("张三"), "爱心人士");
        assert_eq!(Display::Masked.public_name("王小明"), "王**");
        assert_eq!(Display::Masked.public_name("欧阳娜娜"), "欧阳**");
        assert_eq!(Display::Named.public_name(" "), "爱心人士");
    }
}
