//! Clocks in words: lights, last days in both counts, pauses.

use crate::view::{ClockLine, GuideClock};
use domain::oversight::procedures::roles;
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Day;
use matter::{Clock, ClockStatus, Due, Length, Light, Nature, Outcome, Phase};

/// Stable codes of the lights with their words, in the order in which they press.
pub(crate) const LIGHTS: [(Light, &str, &str); 6] = [
    (Light::Red, "red", "红灯：已超期"),
    (Light::Yellow, "yellow", "黄灯：快到期"),
    (Light::Green, "green", "绿灯：在期限内"),
    (Light::Paused, "paused", "中止：不计时"),
    (Light::Unknown, "unknown", "待定：放假安排未公布"),
    (Light::Off, "off", "不计时"),
];

/// The code and the words of a light.
pub(crate) fn light(light: Light) -> (&'static str, &'static str) {
    let found = LIGHTS.iter().find(|(known, ..)| *known == light);
    found.map_or(("off", ""), |(_, code, words)| (code, words))
}

/// The code of a phase.
pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Preparing => "preparing",
        Phase::Deciding => "deciding",
        Phase::Mending => "mending",
        Phase::InForce => "in_force",
        Phase::Refused => "refused",
        Phase::Withdrawn => "withdrawn",
        Phase::Closed => "closed",
    }
}

/// What a clock rests on.
pub(crate) fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Statutory => "法定",
        Nature::Promised => "承诺",
        Nature::Waiting => "等待期",
    }
}

/// A last day, or what is known of it.
fn due_words(due: Due) -> Sentence {
    match due {
        Due::On(day) => say!("{day}", day),
        Due::Stopped { left } => say!("中止，恢复后还有{left}日", left),
        Due::Unknown { year, not_before } => say!(
            "不早于{day}；{year}年的放假安排公布后才能确定",
            day = not_before,
            year = year.to_string()
        ),
    }
}

/// How a run of a clock stands, in one sentence.
fn says(status: &ClockStatus) -> Sentence {
    let left = i64::from(status.left.unwrap_or(0).abs());
    let over = i64::from(status.working_days_over.unwrap_or(0));
    let in_working_days = status.run.clock.length.is_in_working_days();
    match (status.outcome, in_working_days) {
        (Outcome::Running, _) if status.left.is_none() => {
            "还不能确定最后一日，先按最早的日子抓紧办理。".into()
        }
        (Outcome::Running, true) => say!("还有{left}个工作日。", left),
        (Outcome::Running, false) => say!("还有{left}天。", left),
        (Outcome::Paused, _) => "中止办理，不计时。".into(),
        (Outcome::Overdue, _) if status.working_days_over.is_none() => "已经超期。".into(),
        (Outcome::Overdue, _) => say!("已经超期{over}个工作日。", over),
        (Outcome::Elapsed, _) => "等待期已满。".into(),
        (Outcome::Met, _) => "按期办结。".into(),
        (Outcome::MetLate, _) if status.working_days_over.is_none() => "逾期办结。".into(),
        (Outcome::MetLate, _) => say!("逾期{over}个工作日办结。", over),
        (Outcome::Missed, _) => "逾期没有办。".into(),
        (Outcome::Cancelled, _) => "没有到期就不再计时。".into(),
        (Outcome::Unknown, _) => "已结束；放假安排公布后才知道是否按期。".into(),
    }
}

/// Pauses and the extension, each with its reason.
fn notes(status: &ClockStatus) -> Vec<Sentence> {
    let words = |reason: &Option<String>| Value::Words(reason.clone().unwrap_or_default());
    let pause = |pause: &matter::Pause| match pause.stop.to {
        Some(to) => say!(
            "{from}至{to}中止：{reason}",
            from = pause.stop.from,
            to,
            reason = words(&pause.reason)
        ),
        None => say!(
            "{from}起中止：{reason}",
            from = pause.stop.from,
            reason = words(&pause.reason)
        ),
    };
    let mut notes: Vec<Sentence> = status.run.pauses.iter().map(pause).collect();
    if let Some(extended) = &status.run.extended {
        notes.push(say!(
            "{on}延长{by}日：{reason}",
            on = extended.on,
            by = i64::from(extended.by),
            reason = words(&extended.reason)
        ));
    }
    notes
}

/// A run of a clock for pages.
pub(crate) fn clock_line(status: &ClockStatus) -> ClockLine {
    let clock = status.run.clock;
    let otherwise = status.due_otherwise.map(|due| {
        let due = due_words(due);
        if clock.length.is_in_working_days() {
            say!("如按自然日计算：{due}", due)
        } else {
            say!("如按工作日计算：{due}", due)
        }
    });
    ClockLine {
        title: clock.title,
        nature: nature(clock.nature),
        law: clock.law,
        counting: clock.counting,
        light: light(status.light).0,
        says: says(status),
        started: status.run.started.to_string(),
        due: due_words(status.due),
        otherwise,
        owed_by: roles::title_of(clock.owes),
        level: status.level.map(|level| level.title),
        notes: notes(status),
    }
}

/// How long a clock is, in words.
fn length(length: Length) -> Sentence {
    match length {
        Length::Days(n) => say!("{n}日", n = i64::from(n)),
        Length::WorkingDays(n) => say!("{n}个工作日", n = i64::from(n)),
        Length::Months(n) => say!("{n}个月", n = i64::from(n)),
        Length::UntilDate { month, day } => say!(
            "每年{month}月{day}日前",
            month = i64::from(month),
            day = i64::from(day)
        ),
    }
}

/// A clock of a table for guides.
pub(crate) fn guide_clock(clock: &Clock) -> GuideClock {
    GuideClock {
        title: clock.title,
        nature: nature(clock.nature),
        length: length(clock.length),
        law: clock.law,
        counting: clock.counting,
        owed_by: roles::title_of(clock.owes),
    }
}

/// The clock that presses most on a day, of those that run.
pub(crate) fn pressing(matter: &matter::Matter, day: Day) -> Option<ClockStatus> {
    let listed = [matter::Listed { id: 0, matter }];
    let lines = matter::inbox(&listed, day, crate::oversight::calendar()).ok()?;
    lines.into_iter().next()?.clock
}
