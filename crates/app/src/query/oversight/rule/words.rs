//! Rules in plain words: since when, how long, what the program does and what it leaves to people.

use super::book::book;
use crate::view::{Coded, RuleLine};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Day;
use rulebook::{Jurisdiction, Number, Origin, Quantity, Rule, Severity, Start, Status, Who};

/// Code of the whole country among regions.
pub const NATION: &str = "CN";

/// A version as a line of a list, judged on a day.
pub(crate) fn line(rule: &Rule, on: Day) -> RuleLine {
    let group = rule.id.group();
    RuleLine {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        text: rule.text.clone(),
        group: coded(group.code(), group.title()),
        sources: rule.sources.iter().map(|one| book().cite(one)).collect(),
        binds: who(&rule.binds),
        severity: severity(rule.severity),
        enforced: severity(enforced(rule, on)),
        status: status(rule.status),
        region: region(&rule.jurisdiction),
        from: match rule.start {
            Start::Unread => None,
            Start::Year(year) => Some(year.to_string()),
            Start::On(day) => Some(day.to_string()),
        },
        since: start(rule.start),
        until: rule.end.map(|end| end.to_string()),
    }
}

pub(super) fn coded(code: &str, title: &str) -> Coded {
    Coded {
        code: code.to_owned(),
        title: title.to_owned(),
    }
}

pub(super) fn severity(severity: Severity) -> Coded {
    coded(severity.code(), severity_title(severity))
}

/// What breaking a rule does, so that nobody takes a hint for more than that.
pub(super) fn severity_title(severity: Severity) -> &'static str {
    match severity {
        Severity::Warn => "只提示",
        Severity::Record => "只记录",
        Severity::Gate | Severity::Block => severity.title(),
    }
}

pub(super) fn status(status: Status) -> Coded {
    coded(status.code(), status.title())
}

pub(super) fn who(all: &[Who]) -> Vec<Coded> {
    all.iter()
        .map(|who| coded(who.code(), who.title()))
        .collect()
}

/// Where a rule holds. The regions are those of the data; a test finds one without a name.
pub(super) fn region(place: &Jurisdiction) -> Coded {
    let code = match place {
        Jurisdiction::Nation => return coded(NATION, "全国"),
        // Codes of counties and above are written with six digits.
        Jurisdiction::Region(region) => format!("{:0<6}", region.as_str()),
    };
    let title = match code.get(..4).unwrap_or_default() {
        "3100" => "上海市",
        "3300" => "浙江省",
        "4401" => "广州市",
        _ => code.as_str(),
    };
    coded(&code, title)
}

/// What breaking a version really does on a day.
pub(super) fn enforced(rule: &Rule, on: Day) -> Severity {
    rule.enforced(on)
}

/// Since when, as far as it was read.
pub(super) fn start(start: Start) -> Sentence {
    match start {
        Start::Unread => "起始日没有读到".into(),
        Start::Year(year) => say!(
            "{year}年（没有读到是哪一天）",
            year = Value::Words(year.to_string())
        ),
        Start::On(day) => say!("{day}", day),
    }
}

/// A number with its unit.
pub(super) fn quantity(quantity: Quantity) -> Sentence {
    match quantity {
        Quantity::Days(1) => "1日".into(),
        Quantity::WorkingDays(1) => "1个工作日".into(),
        Quantity::Months(1) => "1个月".into(),
        Quantity::Years(1) => "1年".into(),
        Quantity::Hours(1) => "1小时".into(),
        Quantity::Days(n) => say!("{n}日", n),
        Quantity::WorkingDays(n) => say!("{n}个工作日", n),
        Quantity::Months(n) => say!("{n}个月", n),
        Quantity::Years(n) => say!("{n}年", n),
        Quantity::Hours(n) => say!("{n}小时", n),
        Quantity::Money(fen) => say!("{money}", money = fen),
        Quantity::Count(n) => say!("{n}", n),
        Quantity::YearDay { month, day } => say!(
            "{month}月{day}日",
            month = u32::from(month),
            day = u32::from(day)
        ),
        Quantity::Share(_) | Quantity::Fraction { .. } => quantity.to_string().into(),
    }
}

/// What the program does where it finds something of this severity.
pub(super) fn effect(severity: Severity) -> Sentence {
    match severity {
        Severity::Block => "程序检查到违反时，这一步不能办理，并说明依据和怎样改正。",
        Severity::Gate => "程序检查到违反时，要由具名的人说明理由才能继续，理由随记录公开。",
        Severity::Warn => "程序检查到违反时，只提示办理的人，不阻止。",
        Severity::Record => "只作记录和说明，不提示，也不阻止。",
    }
    .into()
}

/// Why less is done on a day than the rule asks for.
pub(super) fn caution(rule: &Rule, on: Day) -> Option<Sentence> {
    if enforced(rule, on) == rule.severity {
        return None;
    }
    if !rule.status.may_block() {
        return Some(say!(
            "这条规则还没有核对原文，所以只提示，不会阻止任何人；核对以后才按“{severity}”执行。",
            severity = Value::Term(severity_title(rule.severity))
        ));
    }
    Some("只读到是这一年施行的，没有读到是哪一天，所以在这一年里只提示，不会阻止任何人。".into())
}

/// Why a number stops nobody although the rule might.
pub(super) fn number_caution(rule: &Rule, number: &Number, on: Day) -> Option<Sentence> {
    if number.origin == Origin::House {
        return Some("这是本平台自己的服务标准，不是法律规定的数字，不会阻止任何人。".into());
    }
    let lowered = rule.enforced_by(number, on) < enforced(rule, on);
    (lowered || !number.status.may_block())
        .then(|| "这个数字还没有核对原文，只作提示，不会阻止任何人。".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn what_is_not_confirmed_says_that_it_stops_nobody() {
        let on = day("2026-11-22");
        for rule in book().rules() {
            let less = enforced(rule, on) < rule.severity;
            assert_eq!(caution(rule, on).is_some(), less, "{}", rule.id);
            for number in &rule.numbers {
                let sure = number.status.may_block() && number.origin != Origin::House;
                assert_eq!(number_caution(rule, number, on).is_none(), sure);
            }
        }
    }

    #[test]
    fn numbers_are_said_with_their_unit() {
        let check = |text, want: &str| {
            assert_eq!(quantity(Quantity::parse(text).unwrap()).to_string(), want);
        };
        check("20 d", "20日");
        check("8000000 yuan", "8,000,000.00元");
        check("2/3", "2/3");
        check("05-31", "5月31日");
    }
}
