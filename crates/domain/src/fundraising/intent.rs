//! Donation intents 捐赠意向: what a donor wants to give, before any money moved. An intent may be refused.

use super::campaign::{Campaign, State};
use crate::parties::register::Right;
use crate::parties::{Display, DonorKind};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, MESSAGE_MAX, Problem};
use crate::{Sentence, say};
use kernel::{Amount, Day, Fen, Id, Timestamp};
use leaf::ids;

/// The largest gift by the online form: 5,000,000.00 yuan in fen; larger ones go through the organisation.
pub const ONLINE_MAX: i64 = 500_000_000;
/// Code of the problem of an amount above [`ONLINE_MAX`].
pub const TOO_LARGE: &str = "too_large";
/// An intent stays payable this long, in microseconds: 30 minutes (rules 3.4).
pub(crate) const PAYABLE_MICROS: i64 = 30 * 60 * 1_000_000;

/// What the give page sends.
#[derive(Debug, Clone, Default)]
pub struct IntentForm {
    /// Yuan with at most two decimals.
    pub amount: String,
    /// Name, may be empty for an anonymous gift.
    pub donor_name: String,
    /// Code of `DonorKind`; empty means a person.
    pub donor_kind: String,
    /// Code of `Display`; empty means masked.
    pub display: String,
    /// Telephone or mail for the donor's own link, may be empty.
    pub contact: String,
    /// Words to the organisation, may be empty.
    pub message: String,
}

/// 〔捐赠意向〕 An intent ready to be kept.
#[derive(Debug, Clone)]
pub struct NewIntent {
    /// How much.
    pub amount: Amount,
    /// Name, may be empty.
    pub donor_name: String,
    /// Who gives.
    pub donor_kind: DonorKind,
    /// How they are shown.
    pub display: Display,
    /// Telephone or mail, may be empty.
    pub contact: String,
    /// Words, may be empty.
    pub message: String,
    /// Payable until.
    pub expires_at: Timestamp,
}

/// An intent as it was kept.
#[derive(Debug, Clone)]
pub struct Intent {
    /// Its key.
    pub id: Id<ids::Intent>,
    /// For which campaign.
    pub campaign: Id<ids::Campaign>,
    /// How much was meant.
    pub amount: Amount,
    /// Name, may be empty.
    pub donor_name: String,
    /// Who gives.
    pub donor_kind: DonorKind,
    /// How they are shown.
    pub display: Display,
    /// Telephone or mail.
    pub contact: String,
    /// Words.
    pub message: String,
}

/// Why an intent is refused, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntentRefused {
    /// The campaign does not take gifts now.
    NotLive(State),
    /// The first day has not come.
    NotYet(Day),
    /// The last day is over.
    Over(Day),
    /// The organisation may not raise from the public now.
    Frozen,
}

impl Refused for IntentRefused {
    fn code(&self) -> &'static str {
        match self {
            IntentRefused::NotLive(_) => "campaign_not_live",
            IntentRefused::NotYet(_) => "campaign_not_yet",
            IntentRefused::Over(_) => "campaign_over",
            IntentRefused::Frozen => "campaign_frozen",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            IntentRefused::NotLive(_) => "这个活动现在不接受捐赠，请到首页看看其他活动。".into(),
            IntentRefused::NotYet(day) => {
                say!("这个活动{day}才开始接受捐赠，请到时再来。", day = *day)
            }
            IntentRefused::Over(day) => {
                say!("这个活动已于{day}结束，请到首页看看其他活动。", day = *day)
            }
            IntentRefused::Frozen => "这家组织现在没有有效的公开募捐资格，活动暂停接受捐赠；原因写在活动页面上，请到首页看看其他活动。".into(),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some(match self {
            IntentRefused::Frozen => "慈善组织公开募捐管理办法 第二十三条",
            _ => "慈善法 第二十四条",
        })
    }
}

/// Digits of the shortest number of a telephone, with its area.
const PHONE_DIGITS_MIN: usize = 7;
/// Digits of the longest (ITU-T E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// Can a telephone or a mail reach this? The form of it is looked at, nothing is asked of the world.
fn reaches(contact: &str) -> bool {
    if let Some((name, house)) = contact.split_once('@') {
        let clean = |part: &str| !part.is_empty() && !part.contains([' ', '@', ',', '，']);
        return clean(name) && clean(house) && house.trim_matches('.').contains('.');
    }
    let digits = contact.chars().filter(char::is_ascii_digit).count();
    (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits)
        && contact
            .chars()
            .all(|c| c.is_ascii_digit() || " +-()（）".contains(c))
}

/// Reads the give page's form.
///
/// # Errors
/// All problems at once.
pub fn read_intent(form: &IntentForm, now: Timestamp) -> Result<NewIntent, Vec<Problem>> {
    let mut check = Form::new();
    let amount = check.amount("amount", &form.amount);
    if amount.is_some_and(|a| a.get() > ONLINE_MAX) {
        let sentence = say!(
            "网上一次最多捐{most}，更大的善款请直接联系慈善组织办理。",
            most = Fen::new(ONLINE_MAX)
        );
        check.refuse("amount", TOO_LARGE, sentence);
    }
    let donor_name = check.name("donor_name", "姓名", &form.donor_name);
    let contact = check.private("contact", "联系方式", &form.contact, LINE_MAX);
    if !contact.is_empty() && !reaches(&contact) {
        let sentence = "请填手机号或邮箱，例如 13800138000 或 name@example.com；不想留也可以空着。";
        check.refuse("contact", "contact", sentence);
    }
    let message = check.private("message", "留言", &form.message, MESSAGE_MAX);
    let donor_kind = match form.donor_kind.trim() {
        "" => Some(DonorKind::Person),
        code => DonorKind::parse(code),
    };
    let display = match form.display.trim() {
        "" => Some(Display::Masked),
        code => Display::parse(code),
    };
    // An organisation has no family name: one letter of its name with two stars says nothing and looks like a person.
    let display = match (donor_kind, display) {
        (Some(DonorKind::Organisation), Some(Display::Masked)) if !donor_name.is_empty() => {
            Some(Display::Named)
        }
        (_, display) => display,
    };
    if donor_kind.is_none() {
        check.refuse("donor_kind", "choice", "请选择以个人或单位名义捐赠。");
    }
    if display.is_none() {
        check.refuse("display", "choice", "请选择姓名的展示方式。");
    }
    if display == Some(Display::Named) && donor_name.is_empty() {
        check.refuse(
            "donor_name",
            "required",
            "选择公开姓名时请填写姓名，或改选匿名。",
        );
    }
    let expires_at = now.plus_micros(PAYABLE_MICROS).unwrap_or(now);
    check
        .finish(())
        .and_then(|()| match (amount, donor_kind, display) {
            (Some(amount), Some(donor_kind), Some(display)) => Ok(NewIntent {
                amount,
                donor_name,
                donor_kind,
                display,
                contact,
                message,
                expires_at,
            }),
            _ => Err(Vec::new()),
        })
}

/// May somebody give to this campaign today, with what the register says of whoever raises?
///
/// # Errors
/// `IntentRefused` in precedence order.
pub fn decide_intent(campaign: &Campaign, right: Right, today: Day) -> Result<(), IntentRefused> {
    if campaign.state != State::Live {
        return Err(IntentRefused::NotLive(campaign.state));
    }
    if today < campaign.starts_on {
        return Err(IntentRefused::NotYet(campaign.starts_on));
    }
    if campaign.ends_on < today {
        return Err(IntentRefused::Over(campaign.ends_on));
    }
    if right.freezes() {
        Err(IntentRefused::Frozen)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amount: &str, name: &str, display: &str, want: &[&str]) {
        let form = IntentForm {
            amount: amount.into(),
            donor_name: name.into(),
            display: display.into(),
            ..IntentForm::default()
        };
        let got = read_intent(&form, Timestamp::from_micros(0))
            .err()
            .unwrap_or_default();
        assert_eq!(got.iter().map(|p| p.field).collect::<Vec<_>>(), want);
    }

    #[test]
    fn a_contact_can_be_reached() {
        for (contact, reached) in [
            ("13800138000", true),
            ("+86 138-0013-8000", true),
            ("(0871) 6312345", true),
            ("zhang.san@example.com", true),
            ("abc", false),
            ("12345", false),
            ("@example.com", false),
            ("zhang@san", false),
            ("1380013800a", false),
        ] {
            assert_eq!(reaches(contact), reached, "{contact}");
        }
    }

    #[test]
    fn forms_are_read_with_all_problems() {
        check("50", "", "", &[]);
        check("50", "", "named", &["donor_name"]);
        check("5000000.01", "张三", "named", &["amount"]);
        check(
            "x",
            &"长".repeat(101),
            "loud",
            &["amount", "donor_name", "display"],
        );
    }
}
