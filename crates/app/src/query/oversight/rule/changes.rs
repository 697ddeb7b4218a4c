//! What differs between two versions of a rule, sentence by sentence.

use super::book::book;
use super::words::{quantity, region, severity_title};
use domain::sentence::Value;
use domain::{Sentence, say};
use rulebook::{Jurisdiction, Number, Rule};

/// The version with which one is compared: the one before it at the same place, for a region's first the nation's.
pub(super) fn before<'a>(version: &Rule, history: &[&'a Rule]) -> Option<&'a Rule> {
    let place = history.iter().position(|other| *other == version)?;
    let earlier = history.get(..place)?.iter().rev();
    let same = earlier
        .clone()
        .find(|other| other.jurisdiction == version.jurisdiction);
    let nation = |other: &&&Rule| other.jurisdiction == Jurisdiction::Nation;
    same.or_else(|| earlier.clone().find(nation)).copied()
}

/// What is different in `new`.
pub(super) fn changes(old: &Rule, new: &Rule) -> Vec<Sentence> {
    let mut found = Vec::new();
    if old.jurisdiction != new.jurisdiction {
        found.push(say!(
            "这是{region}自己的规定，以下是和全国规定的不同。",
            region = Value::Sentence(Box::new(Sentence::known(&region(&new.jurisdiction).title)))
        ));
    }
    if old.text != new.text {
        found.push(say!(
            "内容由“{old}”改为“{new}”。",
            old = &old.text,
            new = &new.text
        ));
    }
    found.extend(numbers(old, new));
    if old.sources != new.sources {
        found.push(say!(
            "依据由{old}改为{new}。",
            old = cited(old),
            new = cited(new)
        ));
    }
    if old.severity != new.severity {
        found.push(say!(
            "效力由“{old}”改为“{new}”。",
            old = Value::Term(severity_title(old.severity)),
            new = Value::Term(severity_title(new.severity))
        ));
    }
    if old.binds != new.binds {
        found.push("约束谁有变化，见各版本。".into());
    }
    if old.status != new.status {
        found.push(say!(
            "核对情况由“{old}”变为“{new}”。",
            old = Value::Term(old.status.title()),
            new = Value::Term(new.status.title())
        ));
    }
    found
}

fn cited(rule: &Rule) -> String {
    let all: Vec<String> = rule.sources.iter().map(|one| book().cite(one)).collect();
    all.join("；")
}

fn numbers(old: &Rule, new: &Rule) -> Vec<Sentence> {
    let title = |number: &Number| number.title.clone();
    let value = |number: &Number| quantity(number.quantity);
    let mut found = Vec::new();
    for number in &new.numbers {
        match old.number(&number.name) {
            None => found.push(say!(
                "新增数值“{title}”：{new}。",
                title = title(number),
                new = value(number)
            )),
            Some(before) if before.quantity != number.quantity => found.push(say!(
                "“{title}”由{old}改为{new}。",
                title = title(number),
                old = value(before),
                new = value(number)
            )),
            Some(_) => {}
        }
    }
    let gone = |number: &&Number| new.number(&number.name).is_none();
    found.extend(old.numbers.iter().filter(gone).map(|number| {
        say!(
            "不再有数值“{title}”（原为{old}）。",
            title = title(number),
            old = value(number)
        )
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Day;
    use rulebook::RuleId;

    #[test]
    fn every_version_tells_what_changed() {
        for rule in book().rules() {
            let history: Vec<&Rule> = book().history(rule.id).collect();
            if let Some(old) = before(rule, &history) {
                assert!(!changes(old, rule).is_empty(), "{} {}", rule.id, rule.start);
            }
        }
    }

    #[test]
    fn a_version_is_compared_with_the_one_before_it() {
        let id = RuleId::parse("DO-05").unwrap();
        let history: Vec<&Rule> = book().history(id).collect();
        let shanghai = *history.last().unwrap();
        let old = before(shanghai, &history).unwrap();
        assert_eq!(old.jurisdiction, Jurisdiction::Nation);
        assert!(old.holds_on(Day::parse("2026-01-01").unwrap()));
        assert!(before(history[0], &history).is_none());
    }
}
