//! What can be wrong with a policy file, and in which line.

use crate::key::KeyError;
use crate::limits::POLICY_ENTRIES_MAX;

/// A policy file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("验证政策第 {line} 行：{fault}")]
pub struct PolicyError {
    /// The line, from 1; for what is missing, the last line.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub fault: PolicyFault,
}

/// What is wrong with one line, or with the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// The file is beyond the limit.
    #[error("文件过大，请删去不用的内容")]
    TooLarge,
    /// Too many logs, witnesses or groups.
    #[error("日志、见证人、分组各不得超过 {POLICY_ENTRIES_MAX} 个，请删去不用的")]
    TooMany,
    /// A control character other than tab and line feed.
    #[error("含有不允许的控制字符（例如 Windows 换行），请以 Unix 换行保存")]
    ControlCharacter,
    /// The first word is none of the four.
    #[error("行首应为 log、witness、group 或 quorum，请改正")]
    UnknownKeyword,
    /// Words are missing or left over.
    #[error(
        "项数不对，请对照格式：log 公钥 [网址]；witness 名称 公钥 [网址]；group 名称 any|all|数 成员…；quorum 名称"
    )]
    WrongWords,
    /// A key was refused.
    #[error("{0}")]
    Key(#[source] KeyError),
    /// An address is not UTF-8.
    #[error("网址不是 UTF-8 文字，请改正")]
    BadUrl,
    /// The same public key stands in an earlier line of the same kind.
    #[error("此公钥在前面已经出现过，请去掉一行")]
    DuplicateKey,
    /// The name is taken.
    #[error("此名称在前面已经用过，请换一个")]
    DuplicateName,
    /// `none` means that no witness is asked for and cannot name one.
    #[error("none 是保留名称，请换一个")]
    ReservedName,
    /// A name that no earlier line defines.
    #[error("提到的名称在前面没有定义，请先定义或改正")]
    UnknownName,
    /// A witness or group is a member twice, here or in another group.
    #[error("同一成员只能归入一个分组一次，请去掉重复")]
    MemberTwice,
    /// The threshold is not between one and the number of members.
    #[error("门槛应为 any、all 或 1 至成员数之间的整数，请改正")]
    BadThreshold,
    /// A second quorum line.
    #[error("quorum 只能有一行，请去掉多余的")]
    QuorumTwice,
    /// There is no quorum line.
    #[error("缺少 quorum 一行，请补上（不要求见证人时写 quorum none）")]
    NoQuorum,
}

impl PolicyError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.fault {
            PolicyFault::TooLarge => "tlog.policy.too_large",
            PolicyFault::TooMany => "tlog.policy.too_many",
            PolicyFault::ControlCharacter => "tlog.policy.control_character",
            PolicyFault::UnknownKeyword => "tlog.policy.unknown_keyword",
            PolicyFault::WrongWords => "tlog.policy.wrong_words",
            PolicyFault::Key(error) => error.code(),
            PolicyFault::BadUrl => "tlog.policy.bad_url",
            PolicyFault::DuplicateKey => "tlog.policy.duplicate_key",
            PolicyFault::DuplicateName => "tlog.policy.duplicate_name",
            PolicyFault::ReservedName => "tlog.policy.reserved_name",
            PolicyFault::UnknownName => "tlog.policy.unknown_name",
            PolicyFault::MemberTwice => "tlog.policy.member_twice",
            PolicyFault::BadThreshold => "tlog.policy.bad_threshold",
            PolicyFault::QuorumTwice => "tlog.policy.quorum_twice",
            PolicyFault::NoQuorum => "tlog.policy.no_quorum",
        }
    }
}
