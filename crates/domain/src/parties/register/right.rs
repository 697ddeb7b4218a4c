//! May an organisation raise from the public on a day? (CF-04, CF-05)

use super::{Entry, Item, Register, Standing};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔公开募捐权〕 What the register says of raising from the public on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// The register says nothing of a qualification; that is no reason to stop what runs, and none to begin.
    Unknown,
    /// It may, until this day where the certificate names one.
    Valid(Option<Day>),
    /// It may not: the entry that says so, what it says, and its last day.
    Stopped {
        /// The entry that stops it.
        entry: Id<ids::RegisterEntry>,
        /// What that entry says.
        standing: Standing,
        /// The last day, where it has one.
        until: Option<Day>,
    },
    /// The last certificate ended on this day.
    Expired(Day),
    /// The first certificate begins on this day.
    NotYet(Day),
}

impl Right {
    /// True if running campaigns take no gifts.
    #[must_use]
    pub fn freezes(self) -> bool {
        !matches!(self, Right::Unknown | Right::Valid(_))
    }
}

impl Register {
    /// What the register says of raising from the public on a day.
    #[must_use]
    pub fn right(&self, day: Day) -> Right {
        // Whoever may not act at all, or is no charity any more, raises nothing whatever a certificate says.
        for item in [Item::Legal, Item::Charity] {
            let Some(entry) = self.on(item, day) else {
                continue;
            };
            let acts = [
                Standing::InForce,
                Standing::CharityBorn,
                Standing::Recognised,
            ];
            if let Some(standing) = entry.new.standing.filter(|s| !acts.contains(s)) {
                return Right::Stopped {
                    entry: entry.id,
                    standing,
                    until: entry.new.last_day(),
                };
            }
        }
        let Some(entry) = self.latest(Item::Fundraising, day) else {
            let first = self.counting(Item::Fundraising).map(|entry| entry.new.from);
            let first = first.filter(|from| day < *from).min();
            return first.map_or(Right::Unknown, Right::NotYet);
        };
        let standing = entry.new.standing.unwrap_or(Standing::Revoked);
        match (standing, entry.new.until) {
            (Standing::Valid, Some(until)) if until < day => Right::Expired(until),
            (Standing::Valid, until) => Right::Valid(until),
            (Standing::Lapsed, _) => Right::Expired(self.certificate_end(entry.new.from)),
            (standing, _) => Right::Stopped {
                entry: entry.id,
                standing,
                until: entry.new.last_day(),
            },
        }
    }

    /// The certificate of raising from the public that counts or would count on a day if nothing interrupted it.
    #[must_use]
    pub fn certificate(&self, day: Day) -> Option<&Entry> {
        let is_passing = |standing: Standing| standing.is_passing();
        let latest = self
            .counting(Item::Fundraising)
            .filter(|entry| entry.new.from <= day)
            .filter(|entry| !entry.new.standing.is_some_and(is_passing))
            .max_by_key(|entry| entry.new.from)?;
        (latest.new.standing == Some(Standing::Valid)).then_some(latest)
    }

    /// The last day of the certificate before an entry that calls it over.
    fn certificate_end(&self, over: Day) -> Day {
        let before = self
            .counting(Item::Fundraising)
            .filter(|entry| entry.new.standing == Some(Standing::Valid) && entry.new.from <= over);
        let last = before.max_by_key(|entry| entry.new.from);
        let last = last.and_then(|entry| entry.new.until);
        last.filter(|last| *last < over)
            .unwrap_or(over.plus_days(-1))
    }

    /// The same as it was known at a moment, on the day of that moment: what a payment of that moment is worth.
    #[must_use]
    pub fn right_when(&self, moment: Timestamp) -> Right {
        let is_all_known = self
            .entries()
            .last()
            .is_none_or(|entry| entry.recorded_at <= moment);
        if is_all_known {
            self.right(moment.day())
        } else {
            self.known_at(moment).right(moment.day())
        }
    }

    /// The first day from `start` on which it may not raise, up to `end`; `None` if it may all the time.
    fn first_stop(&self, start: Day, end: Day) -> Option<Day> {
        // What is said changes only where an entry begins or behind one's last day.
        let begins = self.entries().iter().map(|entry| entry.new.from);
        let ends = self.entries().iter();
        let ends = ends.filter_map(|entry| Some(entry.new.until?.plus_days(1)));
        let mut days: Vec<Day> = begins.chain(ends).chain([start]).collect();
        days.retain(|day| (start..=end).contains(day));
        days.sort_unstable();
        let may = |day: &Day| matches!(self.right(*day), Right::Valid(_));
        days.into_iter().find(|day| !may(day))
    }
}

/// Why nobody may begin to raise, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightRefused {
    /// The register has no qualification.
    None,
    /// It begins later.
    NotYet(Day),
    /// It is over since this day.
    Expired(Day),
    /// It is suspended, until this day where that is known.
    Suspended(Option<Day>),
    /// It was revoked, or the organisation may not act, or is no charity any more.
    Stopped(Standing),
    /// It ends on this day, before the campaign does.
    EndsBefore(Day),
}

impl Refused for RightRefused {
    fn code(&self) -> &'static str {
        match self {
            RightRefused::None => "right_none",
            RightRefused::NotYet(_) => "right_not_yet",
            RightRefused::Expired(_) => "right_expired",
            RightRefused::Suspended(_) => "right_suspended",
            RightRefused::Stopped(_) => "right_stopped",
            RightRefused::EndsBefore(_) => "right_ends_before",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            RightRefused::None => {
                "登记簿里没有本组织的公开募捐资格，不能公开募捐；请先在办事大厅申请资格，或者与有资格的慈善组织合作，由它备案和收款。".into()
            }
            RightRefused::NotYet(from) => say!(
                "公开募捐资格自{from}起有效，请到那一天再开始。",
                from = *from
            ),
            RightRefused::Expired(last) => say!(
                "公开募捐资格已于{last}到期，请先在办事大厅重新申请。",
                last = *last
            ),
            RightRefused::Suspended(Some(until)) => say!(
                "公开募捐资格中止到{until}，期间不能开始募捐；请按决定整改，期满或者提前恢复后再试。",
                until = *until
            ),
            RightRefused::Suspended(None) => {
                "公开募捐资格已经中止，不能开始募捐；请按决定整改，恢复后再试。".into()
            }
            RightRefused::Stopped(standing) => say!(
                "登记簿里的记载是“{standing}”，不能公开募捐；已经募得的款物请继续按方案使用并公开。",
                standing = standing.title()
            ),
            RightRefused::EndsBefore(last) => say!(
                "公开募捐资格只到{last}，早于活动结束日；请把结束日改到那一天以前，或者先换证。",
                last = *last
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some(match self {
            RightRefused::Suspended(_) | RightRefused::Stopped(_) => {
                "慈善组织公开募捐管理办法 第二十三条"
            }
            _ => "慈善法 第二十二条",
        })
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            RightRefused::EndsBefore(_) => Some("ends_on"),
            _ => None,
        }
    }
}

/// May an organisation begin a campaign today that runs until `ends_on`?
///
/// # Errors
/// `RightRefused` in precedence order: what holds today first, then what happens before the end.
pub fn decide_right(register: &Register, today: Day, ends_on: Day) -> Result<(), RightRefused> {
    match register.right(today) {
        Right::Unknown => Err(RightRefused::None),
        Right::NotYet(from) => Err(RightRefused::NotYet(from)),
        Right::Expired(last) => Err(RightRefused::Expired(last)),
        Right::Stopped {
            standing: Standing::Suspended,
            until,
            ..
        } => Err(RightRefused::Suspended(until)),
        Right::Stopped { standing, .. } => Err(RightRefused::Stopped(standing)),
        Right::Valid(_) => match register.first_stop(today, ends_on) {
            Some(day) => Err(RightRefused::EndsBefore(day.plus_days(-1))),
            None => Ok(()),
        },
    }
}
