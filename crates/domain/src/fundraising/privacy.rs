//! Privacy 隐私: what stood open is taken down and leaves a tombstone; a donor's information is restricted, and
//! erased when the law lets it go. The leaf and every proof stay as they are.

use crate::funds::posting::{Posting, Subject};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Day, Id, Timestamp};
use leaf::{Json, Kind as LeafKind, ids};

/// What pages show in place of words that were withdrawn.
pub const WORDS_WITHDRAWN: &str = "（已撤回）";
/// What pages show in place of a donor's name that is not shown any more.
pub const DONOR_WITHDRAWN: &str = "（已停止公开）";
/// What pages show in place of a donor's name that was erased.
pub const DONOR_ERASED: &str = "（已删除）";
/// What pages show in place of a donor's name that was lost with a database and could not be recovered from the log.
pub const DONOR_LOST: &str = "（资料遗失）";

/// What stands in place of public words that were lost with a database; the leaf has their commitment.
pub const WORDS_LOST: &str = DONOR_LOST;

/// Years for which vouchers are kept after the year of their account, and with them who gave.
const KEEP_YEARS: i32 = 30;
/// Where that stands.
const KEEP_LAW: &str = "个人信息保护法 第四十七条第二款；会计档案管理办法 第十四条（SE-05、AC-15）";

/// 〔撤回理由〕 Why something is taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawReason {
    /// 当事人撤回同意
    Consent,
    /// 含有个人信息
    Personal,
    /// 侵犯他人权益
    Infringing,
    /// 依法停止公开
    Unlawful,
    /// 内容有误
    Mistaken,
}

impl WithdrawReason {
    /// All reasons, in the order of the form.
    pub const ALL: [WithdrawReason; 5] = [
        WithdrawReason::Consent,
        WithdrawReason::Personal,
        WithdrawReason::Infringing,
        WithdrawReason::Unlawful,
        WithdrawReason::Mistaken,
    ];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            WithdrawReason::Consent => "consent",
            WithdrawReason::Personal => "personal",
            WithdrawReason::Infringing => "infringing",
            WithdrawReason::Unlawful => "unlawful",
            WithdrawReason::Mistaken => "mistaken",
        }
    }

    /// True if each day in public does somebody harm: a file is then not shown from the moment of the request.
    pub fn is_urgent(self) -> bool {
        !matches!(self, WithdrawReason::Mistaken)
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            WithdrawReason::Consent => "当事人撤回同意",
            WithdrawReason::Personal => "含有个人信息",
            WithdrawReason::Infringing => "侵犯他人权益",
            WithdrawReason::Unlawful => "依法停止公开",
            WithdrawReason::Mistaken => "内容有误",
        }
    }

    /// The reason of a stored code.
    pub fn parse(code: &str) -> Option<WithdrawReason> {
        WithdrawReason::ALL
            .into_iter()
            .find(|reason| reason.code() == code)
    }

    /// True if the words are deleted and not only closed: they are somebody's own, and no duty to keep them is known.
    pub fn is_personal(self) -> bool {
        matches!(self, WithdrawReason::Consent | WithdrawReason::Personal)
    }
}

/// 〔撤回对象〕 What is taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// 文字: public words beside a leaf
    Words,
    /// 捐赠人称呼: the name under which a gift is shown
    Donor,
    /// 文件: a photograph or another file
    File,
    /// 密钥: what opens a donor's words
    Key,
}

impl Withdrawn {
    /// All of them.
    pub const ALL: [Withdrawn; 4] = [
        Withdrawn::Words,
        Withdrawn::Donor,
        Withdrawn::File,
        Withdrawn::Key,
    ];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            Withdrawn::Words => "words",
            Withdrawn::Donor => "donor",
            Withdrawn::File => "file",
            Withdrawn::Key => "key",
        }
    }

    /// The one of a stored code.
    pub fn parse(code: &str) -> Option<Withdrawn> {
        Withdrawn::ALL.into_iter().find(|what| what.code() == code)
    }
}

/// The fields of a record's words that may be withdrawn, by the prefix of its printed id. What a register says and
/// what the law wants public for ever (filing numbers, names of organisations) is not among them.
pub fn withdrawable(prefix: &str) -> &'static [&'static str] {
    match prefix {
        "cam" => &["title", "story", "promise"],
        "rpt" => &["title", "body", "plan"],
        "qst" => &["question", "answer"],
        "dsb" => &["payee", "purpose", "assumption"],
        "dlv" => &["payee", "scheme"],
        "fnd" => &["title", "purpose"],
        "mov" => &["reason", "payee"],
        _ => &[],
    }
}

/// Whether the words of such a record belong to a voucher: they are closed when withdrawn, and kept as long as it.
pub fn is_voucher(prefix: &str) -> bool {
    matches!(prefix, "dsb" | "dlv" | "fnd" | "mov")
}

/// The Chinese name of a field or of what else was withdrawn, for tombstones.
pub fn field_title(what: Withdrawn, field: &str) -> &'static str {
    match (what, field) {
        (Withdrawn::Donor, _) => "捐赠人的称呼",
        (Withdrawn::File, _) => "照片或文件",
        (Withdrawn::Key, _) => "捐赠人的姓名和留言",
        (_, "title") => "标题",
        (_, "story") => "说明",
        (_, "promise") => "使用计划",
        (_, "body") => "正文",
        (_, "plan") => "后续安排",
        (_, "question") => "提问",
        (_, "answer") => "答复",
        (_, "payee") => "收款人或受益人",
        (_, "purpose") => "用途",
        (_, "assumption") => "假设说明",
        (_, "scheme") => "项目",
        (_, "reason") => "原因",
        _ => "文字",
    }
}

/// Why something is not withdrawn, restricted or erased, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyRefused {
    /// These words must stay public.
    MustStay,
    /// Erased already.
    Erased,
    /// The information is not restricted yet.
    NotRestricted,
    /// The law wants it kept until this day.
    KeepUntil(Day),
}

impl Refused for PrivacyRefused {
    fn code(&self) -> &'static str {
        match self {
            PrivacyRefused::MustStay => "withdraw_must_stay",
            PrivacyRefused::Erased => "privacy_erased",
            PrivacyRefused::NotRestricted => "erase_not_restricted",
            PrivacyRefused::KeepUntil(_) => "erase_keep_until",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            PrivacyRefused::MustStay => {
                "这一项没有可以撤回的文字，或者依法必须一直公开，请核对编号和项目。".into()
            }
            PrivacyRefused::Erased => "这笔捐赠的个人信息已经删除，没有可以再办理的。".into(),
            PrivacyRefused::NotRestricted => {
                "请先把这笔捐赠的个人信息设为限制处理，再申请删除。".into()
            }
            PrivacyRefused::KeepUntil(day) => say!(
                "捐赠记录依法还要保存，{day}起才可以删除，在那以前只能限制处理。",
                day = *day
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            PrivacyRefused::KeepUntil(_) => Some(KEEP_LAW),
            PrivacyRefused::NotRestricted => Some("个人信息保护法 第四十七条第二款"),
            _ => None,
        }
    }
}

/// The first day on which a donor's information may be erased: vouchers are kept thirty years, counted from the first
/// day after their year.
pub fn keep_until(gift: Day) -> Day {
    let year = gift.ymd().0.saturating_add(1 + KEEP_YEARS);
    // The first of January of any year exists.
    Day::from_ymd(year, 1, 1).unwrap_or(gift)
}

/// May this donor's information be erased today? `restricted` is the day until which it is kept, if it is restricted.
///
/// # Errors
/// `NotRestricted`, then `KeepUntil`.
pub fn decide_erasure(restricted: Option<Day>, today: Day) -> Result<(), PrivacyRefused> {
    let until = restricted.ok_or(PrivacyRefused::NotRestricted)?;
    if today < until {
        Err(PrivacyRefused::KeepUntil(until))
    } else {
        Ok(())
    }
}

/// May this field of such a record be withdrawn?
///
/// # Errors
/// `MustStay`.
pub fn decide_words(prefix: &str, field: &str) -> Result<(), PrivacyRefused> {
    if withdrawable(prefix).contains(&field) {
        Ok(())
    } else {
        Err(PrivacyRefused::MustStay)
    }
}

/// 〔撤回陈述〕 What the log says of a withdrawal.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// What is taken down.
    pub what: Withdrawn,
    /// Which commitment it was; empty for a file.
    pub field: &'a str,
    /// The file's digest.
    pub file: Option<[u8; 32]>,
    /// Why.
    pub reason: WithdrawReason,
    /// Index of the leaf whose words it was.
    pub leaf_index: i64,
}

/// The statement of a withdrawal: it names the leaf, the field and the reason, and says nothing of the words.
pub fn withdrawal(
    record: (Id<ids::Withdrawal>, Timestamp),
    owner: (Id<ids::Organisation>, Option<Id<ids::Campaign>>),
    taken: Taken<'_>,
) -> Posting {
    let subject = Subject::Withdrawal(record.0);
    let mut posting = Posting::new(subject, LeafKind::Withdrawal, owner.0, record.1)
        .fact("kind", taken.what.code())
        .fact("reason", taken.reason.code());
    if !taken.field.is_empty() {
        posting = posting.fact("field", taken.field);
    }
    if let Some(file) = &taken.file {
        // The digest stands in the earlier leaf; which file it was must be plain.
        posting = posting.fact("evidence", vec![Json::from(leaf::digest_text(file))]);
    }
    posting.campaign = owner.1;
    posting.reference = Some(taken.leaf_index);
    posting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn vouchers_are_kept_thirty_years_from_the_next_year_on() {
        assert_eq!(keep_until(day("2026-11-22")), day("2057-01-01"));
        assert_eq!(keep_until(day("2026-01-01")), day("2057-01-01"));
        assert_eq!(keep_until(day("2025-12-31")), day("2056-01-01"));
    }

    #[test]
    fn nothing_is_erased_before_it_is_restricted_and_the_time_is_over() {
        let until = day("2057-01-01");
        let refused = |restricted, today| decide_erasure(restricted, today).unwrap_err();
        assert_eq!(refused(None, until), PrivacyRefused::NotRestricted);
        let early = refused(Some(until), day("2056-12-31"));
        assert_eq!(early, PrivacyRefused::KeepUntil(until));
        assert!(
            early.sentence().to_string().contains("2057"),
            "{}",
            early.sentence()
        );
        assert!(early.law().unwrap().contains("第四十七条"));
        assert_eq!(decide_erasure(Some(until), until), Ok(()));
    }

    #[test]
    fn what_registers_say_stays() {
        assert_eq!(decide_words("cam", "story"), Ok(()));
        for (prefix, field) in [("cam", "filing_number"), ("org", "source"), ("don", "gift")] {
            let refused = decide_words(prefix, field);
            assert_eq!(refused, Err(PrivacyRefused::MustStay), "{prefix} {field}");
        }
    }

    #[test]
    fn a_withdrawal_says_what_and_why_and_no_word() {
        let taken = Taken {
            what: Withdrawn::Words,
            field: "story",
            file: None,
            reason: WithdrawReason::Personal,
            leaf_index: 7,
        };
        let owner = (Id::from_raw(1), Some(Id::from_raw(2)));
        let posting = withdrawal((Id::from_raw(3), Timestamp::from_micros(0)), owner, taken);
        assert_eq!(posting.reference, Some(7));
        assert!(posting.words.is_empty());
        let said: Vec<_> = posting.data.keys().collect();
        assert_eq!(said, ["field", "kind", "reason"]);
    }
}
