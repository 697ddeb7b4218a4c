//! What differs between two versions of a rule, piece by piece.

use super::book::book;
use super::words::{quantity, region, severity_title};
use crate::view::RuleChange;
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
pub(super) fn changes(old: &Rule, new: &Rule) -> Vec<RuleChange> {
    let mut found = Vec::new();
    if old.jurisdiction != new.jurisdiction {
        found.push(told(say!(
            "这是{region}自己的规定，以下是和全国规定的不同。",
            region = Sentence::known(&region(&new.jurisdiction).title)
        )));
    }
    if old.text != new.text {
        found.push(law_words("内容", [old.text.clone(), new.text.clone()]));
    }
    found.extend(numbers(old, new));
    if old.sources != new.sources {
        found.push(law_words("依据", [cited(old), cited(new)]));
    }
    let term = |title: &str| Some(Sentence::known(title));
    if old.severity != new.severity {
        found.push(RuleChange {
            old: term(severity_title(old.severity)),
            new: term(severity_title(new.severity)),
            ..told("规定的效力".into())
        });
    }
    if old.binds != new.binds {
        found.push(RuleChange {
            old: Some(bound(old)),
            new: Some(bound(new)),
            ..told("约束谁".into())
        });
    }
    if old.status != new.status {
        found.push(RuleChange {
            old: term(old.status.title()),
            new: term(new.status.title()),
            ..told("核对情况".into())
        });
    }
    found
}

/// A change that needs no words of before and after.
fn told(about: Sentence) -> RuleChange {
    RuleChange {
        about,
        name: None,
        old: None,
        new: None,
        chinese: false,
    }
}

/// Words of the law or about it before and after.
fn law_words(about: &'static str, [old, new]: [String; 2]) -> RuleChange {
    RuleChange {
        old: Some(old.into()),
        new: Some(new.into()),
        chinese: true,
        ..told(about.into())
    }
}

fn cited(rule: &Rule) -> String {
    let all: Vec<String> = rule.sources.iter().map(|one| book().cite(one)).collect();
    all.join("；")
}

fn bound(rule: &Rule) -> Sentence {
    let all = rule.binds.iter().map(|who| Sentence::known(who.title()));
    let parts = all.collect();
    say!("{who}", who = Value::Several(parts, "、"))
}

/// Numbers that are new, other or gone.
fn numbers(old: &Rule, new: &Rule) -> Vec<RuleChange> {
    let names = new.numbers.iter().chain(
        old.numbers
            .iter()
            .filter(|number| new.number(&number.name).is_none()),
    );
    let change = |number: &Number| {
        let value = |rule: &Rule| rule.number(&number.name).map(|number| number.quantity);
        let (before, after) = (value(old), value(new));
        (before != after).then(|| RuleChange {
            name: Some(number.title.clone()),
            old: before.map(quantity),
            new: after.map(quantity),
            ..told("数值".into())
        })
    };
    names.filter_map(change).collect()
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
