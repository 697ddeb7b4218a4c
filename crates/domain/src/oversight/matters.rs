//! Matters as the house keeps them: why one is not opened or not written in.

use crate::refusal::Refused;
use crate::{Sentence, say};

/// Why a matter is not opened or its form not changed, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterRefused {
    /// There is no form for it yet.
    NotOnline,
    /// The register does not say where the organisation is, so nobody knows whose office decides.
    NoOffice,
    /// The organisation has one of this kind already.
    OpenAlready,
    /// The report of this year is published already; what was wrong in it is corrected.
    ReportedAlready(i32),
    /// It was handed in; what was handed in stays as it is.
    NotADraft,
}

impl Refused for MatterRefused {
    fn code(&self) -> &'static str {
        match self {
            MatterRefused::NotOnline => "matter_not_online",
            MatterRefused::NoOffice => "matter_no_office",
            MatterRefused::OpenAlready => "matter_open_already",
            MatterRefused::ReportedAlready(_) => "matter_reported_already",
            MatterRefused::NotADraft => "matter_not_a_draft",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            MatterRefused::ReportedAlready(year) => {
                return say!(
                    "{year}年的年度报告已经公开，不用再报；写错了请登记管理机关更正登记记载。",
                    year = i64::from(*year)
                );
            }
            MatterRefused::NotOnline => "这个事项还不能在线申请，请按办事指南到登记管理机关办理。",
            MatterRefused::NoOffice => {
                "登记簿里没有本组织所在的地区，不知道由哪个机关办理，请管理员补上地区。"
            }
            MatterRefused::OpenAlready => {
                "同一事项已有一件正在办理，请从事项清单打开它，办结或者撤回后才能再申请。"
            }
            MatterRefused::NotADraft => {
                "已经交出去的内容不能改；要改请先由复核退回修改，或者等待补正通知。"
            }
        }
        .into()
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            MatterRefused::NotADraft => Some("行政许可法 第三十一条"),
            MatterRefused::ReportedAlready(_) => Some("慈善法 第十三条"),
            _ => None,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            MatterRefused::NotOnline
            | MatterRefused::OpenAlready
            | MatterRefused::ReportedAlready(_) => Some("procedure"),
            MatterRefused::NoOffice | MatterRefused::NotADraft => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_say_what_to_do_next() {
        let all = [
            MatterRefused::NotOnline,
            MatterRefused::NoOffice,
            MatterRefused::OpenAlready,
            MatterRefused::ReportedAlready(2025),
            MatterRefused::NotADraft,
        ];
        for refused in all {
            let text = refused.sentence().to_string();
            assert!(text.contains('请') && text.ends_with('。'), "{text}");
            assert!(refused.code().starts_with("matter_"));
        }
        assert!(MatterRefused::NotADraft.law().is_some());
        assert_eq!(MatterRefused::OpenAlready.field(), Some("procedure"));
    }
}
