//! What is asked of the rules, and the codes by which they can be narrowed.

use super::book::book;
use super::found;
use super::words::{enforced, line, region, severity_title};
use crate::App;
use crate::view::{Coded, RuleLine};
use kernel::Day;
use rulebook::{Group, Rule, Severity, Status, Who};
use std::collections::BTreeSet;

/// 〔规则查询〕 What is asked of the rules; what is absent narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct RuleAsk {
    /// Words, an article, a rule's name.
    pub text: Option<String>,
    /// The day on which they must hold; today if absent.
    pub on: Option<Day>,
    /// Code of a group.
    pub group: Option<String>,
    /// Code of somebody bound.
    pub binds: Option<String>,
    /// Code of what breaking it really does.
    pub enforced: Option<String>,
    /// Code of how well it was read.
    pub status: Option<String>,
    /// `CN` or the code of a region.
    pub region: Option<String>,
}

/// 〔查看规则〕 As of which day and place a rule is looked at, and from which day a deadline is counted; all as typed.
#[derive(Debug, Clone, Default)]
pub struct RulePlace {
    /// The day.
    pub on: Option<String>,
    /// The code of a region.
    pub place: Option<String>,
    /// The deadline.
    pub deadline: Option<String>,
    /// The day from which it is counted.
    pub from: Option<String>,
}

/// Codes and names of a choice.
type Choices = Vec<(String, String)>;

fn pair(code: &str, title: &str) -> (String, String) {
    (code.to_owned(), title.to_owned())
}

/// All groups.
pub(crate) fn groups() -> Choices {
    let all = Group::ALL.iter();
    all.map(|group| pair(group.code(), group.title())).collect()
}

/// Everybody who is bound by some rule.
pub(crate) fn binds() -> Choices {
    let rules = book().rules().iter();
    let bound: BTreeSet<Who> = rules.flat_map(|rule| rule.binds.clone()).collect();
    bound
        .iter()
        .map(|who| pair(who.code(), who.title()))
        .collect()
}

/// What breaking a rule may do.
pub(crate) fn enforcements() -> Choices {
    let all = Severity::ALL.iter().rev();
    all.map(|severity| pair(severity.code(), severity_title(*severity)))
        .collect()
}

/// How well rules were read.
pub(crate) fn statuses() -> Choices {
    let all = Status::ALL.iter();
    all.map(|status| pair(status.code(), status.title()))
        .collect()
}

/// The nation and the regions that have rules of their own.
pub(crate) fn regions() -> Choices {
    let places: BTreeSet<_> = book()
        .rules()
        .iter()
        .map(|rule| rule.jurisdiction)
        .collect();
    let all = places.iter().map(region);
    all.map(|region| (region.code, region.title)).collect()
}

impl RuleAsk {
    fn fits(&self, rule: &Rule, on: Day) -> bool {
        let is = |wanted: &Option<String>, code: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == code)
        };
        let bound = |wanted: &String| rule.binds.iter().any(|who| who.code() == wanted);
        is(&self.group, rule.id.group().code())
            && self.binds.as_ref().is_none_or(bound)
            && is(&self.enforced, enforced(rule, on).code())
            && is(&self.status, rule.status.code())
            && is(&self.region, &region(&rule.jurisdiction).code)
    }
}

impl App {
    /// The rules that are asked for, the best answer first, else in the order of the book.
    #[must_use]
    pub fn rules(&self, ask: &RuleAsk) -> Vec<RuleLine> {
        let on = ask.on.unwrap_or_else(|| self.now().day());
        let all = found(ask.text.as_deref(), on).into_iter();
        all.filter(|rule| ask.fits(rule, on))
            .map(|rule| line(rule, on))
            .collect()
    }

    /// Codes by which rules can be narrowed, by the name of the filter.
    #[must_use]
    pub fn rule_choices(&self, filter: &str) -> Vec<Coded> {
        let choices = match filter {
            "group" => groups(),
            "binds" => binds(),
            "enforced" => enforcements(),
            "status" => statuses(),
            "region" => regions(),
            _ => Vec::new(),
        };
        let coded = |(code, title)| Coded { code, title };
        choices.into_iter().map(coded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::NATION;
    use super::*;

    #[test]
    fn every_region_has_a_name() {
        for (code, title) in regions() {
            assert_ne!(code, title);
        }
        assert_eq!(regions()[0].0, NATION);
    }
}
