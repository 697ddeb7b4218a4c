//! Annual reports 年度报告: their words as the register keeps them, and when they fall due.

use super::forms::{Answers, Form, Kind, NO, YES};
use crate::parties::register::{Item, Register};
use crate::say;
use kernel::{Day, Fen, WorkCalendar};

/// Between the name of an answer and the answer.
const COLON: char = '：';

/// 〔报告文本〕 The report as it is entered: a line for each answer, in the order of the form. Line breaks of an answer
/// become blanks, so that every line is an answer.
#[must_use]
pub fn report_words(form: &Form, answers: &Answers) -> String {
    let lines = form.fields.iter().filter_map(|field| {
        let answer = answers.get(field.name);
        let said = match (field.kind, answer) {
            (_, "") => return None,
            (Kind::YesNo, YES) => "是".to_owned(),
            (Kind::YesNo, NO) => "否".to_owned(),
            (Kind::Yuan | Kind::Ledger, amount) => match answers.fen(field.name) {
                Some(fen) => say!("{amount}", amount = Fen::new(fen)).to_string(),
                None => amount.to_owned(),
            },
            (_, words) => words.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        Some(format!("{}{COLON}{said}", field.label.replace(COLON, "·")))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The answers of a report that was entered: name and answer.
#[must_use]
pub fn report_lines(words: &str) -> Vec<(&str, &str)> {
    words
        .lines()
        .map(|line| line.split_once(COLON).unwrap_or(("", line)))
        .collect()
}

/// The answers of a report that was entered, as far as they are figures: what a page computes from it again.
#[must_use]
pub fn report_figures(form: &Form, words: &str) -> Answers {
    let amount = |(name, said): (&str, &str)| {
        let field = form.fields.iter().find(|field| field.label == name)?;
        let is_amount = matches!(field.kind, Kind::Yuan | Kind::Ledger);
        let plain: String = said
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        is_amount.then_some((field.name, plain))
    };
    let amounts = report_lines(words).into_iter().filter_map(amount);
    amounts.fold(Answers::default(), |answers, (name, plain)| {
        answers.with(name, plain)
    })
}

/// 〔公开期限〕 The last day on which the report of a year is published in time: 31 May of the next one, or the working
/// day behind it (慈善法 第十三条; 民法典 第二百零三条).
#[must_use]
pub fn report_due(year: i32, calendar: &WorkCalendar) -> Option<Day> {
    let day = Day::parse(&format!("{:04}-05-31", year.saturating_add(1))).ok()?;
    Some(calendar.working_day_from(day).unwrap_or(day))
}

/// The first and the last day of a year.
#[must_use]
pub fn year_days(year: i32) -> Option<(Day, Day)> {
    let day = |text: &str| Day::parse(&format!("{year:04}-{text}")).ok();
    Some((day("01-01")?, day("12-31")?))
}

/// 〔年度报告情况〕 The report of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportYear {
    /// The year.
    pub year: i32,
    /// The last day in time.
    pub due: Day,
    /// When it was first published.
    pub published: Option<Day>,
}

impl ReportYear {
    /// True if it came in time.
    #[must_use]
    pub fn is_in_time(&self) -> bool {
        self.published.is_some_and(|day| day <= self.due)
    }

    /// True if it should be there and is not.
    #[must_use]
    pub fn is_missing(&self, today: Day) -> bool {
        self.published.is_none() && self.due < today
    }
}

/// The reports of an organisation, the newest year first: those that are published, and those of `years`, in which the
/// ledger has something, that could be. A year that fell due before this house knew the organisation asks for nothing.
#[must_use]
pub fn report_years(
    register: &Register,
    years: &[i32],
    (known_since, today): (Day, Day),
    calendar: &WorkCalendar,
) -> Vec<ReportYear> {
    let entered = register.entries().iter();
    let entered = entered.filter(|entry| entry.new.item == Item::Report);
    let entered: Vec<_> = entered
        .map(|entry| (entry.new.from.ymd().0, entry.recorded_at.day()))
        .collect();
    let mut all: Vec<i32> = entered.iter().map(|entry| entry.0).collect();
    all.extend(years.iter().filter(|year| **year < today.ymd().0));
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    let of = |year: i32| {
        let due = report_due(year, calendar)?;
        let published = entered.iter().filter(|entry| entry.0 == year);
        let published = published.map(|entry| entry.1).min();
        (published.is_some() || known_since <= due).then_some(ReportYear {
            year,
            due,
            published,
        })
    };
    all.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oversight::forms::form;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_report_is_lines_of_answers() {
        let form = form("annual_report").unwrap();
        let typed = [
            ("activities", "助学二百人。\n走访十个村。"),
            ("management", "1200.50"),
        ];
        let answers = Answers::read(form, typed).unwrap();
        let words = report_words(form, &answers);
        assert_eq!(
            report_lines(&words),
            [
                ("管理费用", "1,200.50元"),
                ("开展的慈善活动", "助学二百人。 走访十个村。")
            ]
        );
        let figures = report_figures(form, &words);
        assert_eq!(figures.fen("management"), Some(120_050));
        assert_eq!(figures.get("activities"), "");
        // What the ledger says is never typed.
        let typed = Answers::read(form, [("ledger_raised", "1")]).unwrap();
        assert_eq!(typed.get("ledger_raised"), "");
        assert_eq!(typed.with("ledger_raised", "2").get("ledger_raised"), "2");
    }

    #[test]
    fn reports_fall_due_at_the_end_of_may_unless_nobody_knew_the_organisation() {
        let calendar = WorkCalendar::default();
        let years = |known: &str, today: &str| {
            let days = (day(known), day(today));
            let found = report_years(&Register::default(), &[2024, 2025, 2026], days, &calendar);
            let found = found.iter().map(|one| (one.year, one.is_missing(days.1)));
            found.collect::<Vec<_>>()
        };
        assert_eq!(years("2026-06-02", "2026-11-28"), []);
        assert_eq!(years("2026-05-31", "2026-11-28"), [(2025, true)]);
        assert_eq!(years("2026-01-01", "2026-05-31"), [(2025, false)]);
        assert_eq!(
            years("2025-01-01", "2027-03-01"),
            [(2026, false), (2025, true), (2024, true)]
        );
    }
}
