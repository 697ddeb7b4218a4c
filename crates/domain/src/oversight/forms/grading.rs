//! 登记评估等级 (SU-07): the grade and the day of its announcement; from when to when it counts follows.

use super::measure::{EVIDENCE, FACTS, REASON, public_reason};
use super::{Answers, Condition, Field, Form, Kind, Known, Needed};
use crate::parties::register::{Item, Register, Standing};
use crate::text::Problem;
use kernel::Day;

const LAW: &str = "社会组织评估管理办法（2026年修订）";
/// Calendar years in which a grade counts.
const YEARS: i32 = 5;

const GRADES: [(&str, &str); 6] = [
    ("5a", "5A级"),
    ("4a", "4A级"),
    ("3a", "3A级"),
    ("2a", "2A级"),
    ("1a", "1A级"),
    ("ended", "取消等级"),
];

/// 〔等级登记意见〕
pub(super) const GRADING: Form = Form {
    procedure: "grading",
    about: "把评估委员会公告的等级写进登记簿；有效期由系统计算：公告次年的1月1日起，到第五年的12月31日为止。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "评估结论已经公示并公告；评估自愿参加。",
        law: LAW,
    }],
    fields: &[
        Field {
            name: "grade",
            label: "等级",
            help: "照公告填写；跟踪评估后降级的填新的等级。",
            kind: Kind::Choice(&GRADES),
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "announced_on",
            label: "公告的日期",
            help: "不能晚于今天。",
            kind: Kind::Day,
            needed: Needed::Always,
            law: LAW,
        },
        FACTS,
        REASON,
    ],
    slots: &[EVIDENCE],
    facts: &[],
    check: |answers, known| {
        let mut found = public_reason(answers);
        found.extend(ahead(answers, known));
        found
    },
};

/// The day lies behind us, and there is a grade if one is taken away.
fn ahead(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = Vec::new();
    if answers
        .day("announced_on")
        .is_some_and(|day| day > known.today)
    {
        found.push(Problem::new(
            "announced_on",
            "ahead",
            "公告的日期不能晚于今天，请照公告改正；依据：社会组织评估管理办法。",
        ));
    }
    let mut grades = known.register.counting(Item::Grade);
    if answers.get("grade") == "ended" && grades.next().is_none() {
        found.push(Problem::new(
            "grade",
            "nothing",
            "登记簿里这家组织没有等级可以取消，请核对；依据：社会组织评估管理办法。",
        ));
    }
    found
}

/// 〔等级和有效期〕 What is entered: the grade, its first day, and its last one. A grade that is taken away ends today, or
/// never begins.
#[must_use]
pub fn graded(
    answers: &Answers,
    register: &Register,
    today: Day,
) -> Option<(Standing, Day, Option<Day>)> {
    let standing = Standing::parse(Item::Grade, answers.get("grade"))?;
    let announced = answers.day("announced_on")?;
    if standing == Standing::GradeEnded {
        let newest = register.counting(Item::Grade).map(|entry| entry.new.from);
        return Some((
            standing,
            newest.max().map_or(today, |from| from.max(today)),
            None,
        ));
    }
    let (year, ..) = announced.ymd();
    let from = Day::parse(&format!("{:04}-01-01", year + 1)).ok()?;
    let until = Day::parse(&format!("{:04}-12-31", year + YEARS)).ok()?;
    Some((standing, from, Some(until)))
}
