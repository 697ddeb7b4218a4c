//! Repairs take two people 两人办理: one asks, another one confirms, and only then the books change.

use crate::Sentence;
use crate::refusal::Refused;
use kernel::Id;
use leaf::ids;

/// 〔更正申请状态〕 Where a repair that was asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairState {
    /// 待确认: asked for, nothing booked
    Asked,
    /// 已确认: confirmed by another person and booked
    Confirmed,
    /// 已退回: sent back, nothing booked
    Refused,
}

impl RepairState {
    /// All states.
    pub const ALL: [RepairState; 3] = [
        RepairState::Asked,
        RepairState::Confirmed,
        RepairState::Refused,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            RepairState::Asked => "asked",
            RepairState::Confirmed => "confirmed",
            RepairState::Refused => "refused",
        }
    }

    /// The state of a stored code.
    pub fn parse(code: &str) -> Option<RepairState> {
        RepairState::ALL
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Why a repair is not asked for, confirmed or sent back, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountersignRefused {
    /// Somebody decided it already.
    Decided,
    /// The person who asked cannot be the second one.
    SamePerson,
    /// The same repair waits already.
    Waiting,
}

impl Refused for CountersignRefused {
    fn code(&self) -> &'static str {
        match self {
            CountersignRefused::Decided => "repair_decided",
            CountersignRefused::SamePerson => "repair_same_person",
            CountersignRefused::Waiting => "repair_waiting",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            CountersignRefused::Decided => "这项申请已经办理过，请刷新页面查看。",
            CountersignRefused::SamePerson => {
                "这项申请是您提出的，按规定要由另一位同事确认；不要了可以退回。"
            }
            CountersignRefused::Waiting => {
                "这一笔已经有一项申请在等另一位同事确认；请等它办完，或先把它退回再提。"
            }
        }
        .into()
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            CountersignRefused::SamePerson => Some("会计法 第三十五条；AS-14"),
            _ => None,
        }
    }
}

/// May this person confirm the repair?
///
/// # Errors
/// `Decided` or `SamePerson`.
pub fn decide_countersign(
    state: RepairState,
    asked_by: Id<ids::User>,
    second: Id<ids::User>,
) -> Result<(), CountersignRefused> {
    check_open(state)?;
    if asked_by == second {
        Err(CountersignRefused::SamePerson)
    } else {
        Ok(())
    }
}

/// May the repair still be decided?
///
/// # Errors
/// `Decided`.
pub fn check_open(state: RepairState) -> Result<(), CountersignRefused> {
    match state {
        RepairState::Asked => Ok(()),
        RepairState::Confirmed | RepairState::Refused => Err(CountersignRefused::Decided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_person_is_another_one_and_comes_once() {
        let user = Id::from_raw;
        let may = |state, second| decide_countersign(state, user(1), user(second));
        assert_eq!(may(RepairState::Asked, 2), Ok(()));
        let same = Err(CountersignRefused::SamePerson);
        assert_eq!(may(RepairState::Asked, 1), same);
        let decided = Err(CountersignRefused::Decided);
        assert_eq!(may(RepairState::Confirmed, 2), decided);
        assert_eq!(may(RepairState::Refused, 1), decided);
    }
}
