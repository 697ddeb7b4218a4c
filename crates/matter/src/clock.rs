//! Clocks as tables say them: how long, how counted, who owes it, when it is yellow and who hears of red.

use crate::procedure::When;

/// 〔期限〕 A time limit of a procedure.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Stable name.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
    /// The rule of the rulebook, for example `CF-08`; for promises `house`.
    pub rule: &'static str,
    /// The article that sets it, or what the promise is, in Chinese.
    pub law: &'static str,
    /// Asked by a statute or promised by the house.
    pub nature: Nature,
    /// How long.
    pub length: Length,
    /// What happens when the last day is a holiday.
    pub last_day: LastDay,
    /// Why days are counted so: the article, in Chinese.
    pub counting: &'static str,
    /// Under which fact it starts at all.
    pub when: When,
    /// The role that has to act.
    pub owes: &'static str,
    /// Yellow when at most so many of its days are left: working days for [`Length::WorkingDays`], else calendar days.
    pub yellow: u16,
    /// It may be made longer once.
    pub extension: Option<Extension>,
    /// Who hears of it when it is over, in ascending order.
    pub levels: &'static [Level],
}

/// 〔期限性质〕 Whether a statute asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// 〔法定〕 A statute sets it.
    Statutory,
    /// 〔承诺〕 The house promises it.
    Promised,
    /// 〔等待期〕 A time that simply passes: a notice, an objection, a right that ends. Nobody is late when it is over.
    Waiting,
}

/// 〔期间〕 How long a clock runs. The day of the event that starts it is never counted (民法典 第二百零一条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// 〔日〕 Calendar days.
    Days(u16),
    /// 〔工作日〕 Working days.
    WorkingDays(u16),
    /// 〔月〕 Months: to the same day of that month, or its last day (民法典 第二百零二条).
    Months(u16),
    /// 〔每年某日前〕 Until the next such date after the day of the event.
    UntilDate {
        /// 1 to 12.
        month: u8,
        /// A day that this month has in every year.
        day: u8,
    },
}

impl Length {
    /// The number of its units; one for a date.
    #[must_use]
    pub fn units(self) -> u16 {
        match self {
            Length::Days(n) | Length::WorkingDays(n) | Length::Months(n) => n,
            Length::UntilDate { .. } => 1,
        }
    }

    /// Longer by so many of its own units; a date stays.
    #[must_use]
    pub fn longer_by(self, units: u16) -> Length {
        match self {
            Length::Days(n) => Length::Days(n.saturating_add(units)),
            Length::WorkingDays(n) => Length::WorkingDays(n.saturating_add(units)),
            Length::Months(n) => Length::Months(n.saturating_add(units)),
            Length::UntilDate { .. } => self,
        }
    }

    /// Whether only working days count.
    #[must_use]
    pub fn is_in_working_days(self) -> bool {
        matches!(self, Length::WorkingDays(_))
    }
}

/// 〔期末〕 What happens when the last day is a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastDay {
    /// It moves to the next working day (民法典 第二百零三条). Working days need no move.
    NextWorkingDay,
    /// It stays.
    AsItFalls,
}

/// 〔延长〕 How a clock may be made longer, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// At most so many more of the clock's own units.
    pub most: u16,
    /// The article that permits it, in Chinese.
    pub law: &'static str,
}

/// 〔督办级别〕 Who hears of a clock that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// After so many working days beyond the last day.
    pub after: u16,
    /// Stable code of who hears.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
}
