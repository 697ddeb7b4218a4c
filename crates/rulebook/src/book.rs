//! The whole book, read once, and what of it holds on one day in one place.

use crate::citation::{Citation, Cited, cited};
use crate::deadline::Deadline;
use crate::id::RuleId;
use crate::jurisdiction::Jurisdiction;
use crate::law::{Law, Reading};
use crate::quantity::Quantity;
use crate::read::{Known, Text, Troubles, deadlines, laws, readings, rules};
use crate::rule::{Number, Rule};
use kernel::Day;
use std::collections::BTreeSet;

/// Names a file of the data and embeds its text.
macro_rules! text {
    ($file:literal) => {
        Text {
            file: $file,
            text: include_str!(concat!("../../../data/rules/", $file)),
        }
    };
}

const LAWS: Text = text!("laws.toml");
const READINGS: Text = text!("readings.toml");
const DEADLINES: Text = text!("deadlines.toml");
/// The files of rules, in the order of the groups.
const RULES: [Text; 16] = [
    text!("registration.toml"),
    text!("fundraising.toml"),
    text!("platform.toml"),
    text!("disclosure.toml"),
    text!("donation.toml"),
    text!("receipt.toml"),
    text!("tax.toml"),
    text!("spending.toml"),
    text!("asset.toml"),
    text!("accounting.toml"),
    text!("trust.toml"),
    text!("volunteer.toml"),
    text!("social_work.toml"),
    text!("supervision.toml"),
    text!("security.toml"),
    text!("identifier.toml"),
];

/// 〔规则库〕 All laws, rules in all versions, and deadlines; by default there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rulebook {
    laws: Vec<Law>,
    readings: Vec<Reading>,
    rules: Vec<Rule>,
    deadlines: Vec<Deadline>,
}

impl Rulebook {
    /// Reads the data that is built in.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn load() -> Result<Rulebook, Troubles> {
        Rulebook::read(&LAWS, &READINGS, &RULES, &DEADLINES)
    }

    pub(crate) fn read(
        law_file: &Text,
        reading_file: &Text,
        rule_files: &[Text],
        deadline_file: &Text,
    ) -> Result<Rulebook, Troubles> {
        let mut troubles = Troubles::default();
        let laws = laws(law_file, &mut troubles);
        let readings = readings(reading_file, &mut troubles);
        let known = Known {
            laws: &laws,
            readings: &readings,
        };
        let mut all: Vec<Rule> = Vec::new();
        let mut groups = BTreeSet::new();
        for file in rule_files {
            let some = rules(file, &known, &mut troubles);
            let own: BTreeSet<_> = some.iter().map(|rule| rule.id.group()).collect();
            for group in &own {
                if groups.contains(group) {
                    troubles.add(file.file, group.code(), "这一类规则已在别的文件里，请合并");
                }
            }
            groups.extend(own);
            all.extend(some);
        }
        all.sort_by_key(|rule| (rule.id, rule.jurisdiction, rule.start));
        let deadlines = deadlines(deadline_file, &all, &mut troubles);
        if !troubles.is_empty() {
            return Err(troubles);
        }
        Ok(Rulebook {
            laws,
            readings,
            rules: all,
            deadlines,
        })
    }

    /// All laws, in the order of the data.
    #[must_use]
    pub fn laws(&self) -> &[Law] {
        &self.laws
    }

    /// The law of this key.
    #[must_use]
    pub fn law(&self, key: &str) -> Option<&Law> {
        self.laws.iter().find(|law| law.key == key)
    }

    /// A citation as people read it: title marks, the number of the order, the place.
    #[must_use]
    pub fn cite(&self, citation: &Citation) -> String {
        let place = &citation.place;
        match self.law(&citation.law) {
            None => citation.to_string(),
            Some(law) => match &law.number {
                Some(number) => format!("《{}》（{number}）{place}", law.title),
                None => format!("《{}》{place}", law.title),
            },
        }
    }

    /// Where texts were read, in the order of the data.
    #[must_use]
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// All rules in all versions, by id, place and beginning.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The names of all rules, in order.
    pub fn ids(&self) -> impl Iterator<Item = RuleId> {
        let ids: BTreeSet<RuleId> = self.rules.iter().map(|rule| rule.id).collect();
        ids.into_iter()
    }

    /// All deadlines, in the order of the data.
    #[must_use]
    pub fn deadlines(&self) -> &[Deadline] {
        &self.deadlines
    }

    /// The deadlines that rest on this rule, in the order of the data.
    pub fn deadlines_by(&self, id: RuleId) -> impl Iterator<Item = &Deadline> {
        let all = self.deadlines.iter();
        all.filter(move |deadline| deadline.rule == id)
    }

    /// The deadline of this key.
    #[must_use]
    pub fn deadline(&self, key: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|deadline| deadline.key == key)
    }

    /// The deadlines that this event starts or bears on, in the order of the data.
    pub fn deadlines_of<'a>(&'a self, trigger: &'a str) -> impl Iterator<Item = &'a Deadline> {
        let all = self.deadlines.iter();
        all.filter(move |deadline| deadline.trigger == trigger)
    }

    /// 〔沿革〕 All versions of a rule: the nation's first, the older before the newer.
    pub fn history(&self, id: RuleId) -> impl Iterator<Item = &Rule> {
        // sorted by id
        let from = self.rules.partition_point(|rule| rule.id < id);
        let rest = self.rules.get(from..).unwrap_or_default();
        rest.iter().take_while(move |rule| rule.id == id)
    }

    /// The rule that holds on that day at that place: the nearest region's, else the nation's.
    #[must_use]
    pub fn rule(&self, id: RuleId, on: Day, place: Jurisdiction) -> Option<&Rule> {
        self.history(id)
            .filter(|rule| rule.holds_on(on) && rule.jurisdiction.holds_at(&place))
            .max_by_key(|rule| rule.jurisdiction.nearness())
    }

    /// The number of a rule of the nation on that day.
    #[must_use]
    pub fn number(&self, id: RuleId, name: &str, on: Day) -> Option<&Number> {
        self.rule(id, on, Jurisdiction::Nation)?.number(name)
    }

    /// What holds on that day at that place.
    #[must_use]
    pub fn in_force(&self, on: Day, place: Jurisdiction) -> InForce<'_> {
        InForce {
            book: self,
            on,
            place,
        }
    }

    /// 〔按条文查规则〕 The rules behind a text that cites laws, as refusals carry it: rules that it names, and rules
    /// that stand on an article that it names. An article on which no rule stands leads to the rules that stand on
    /// its law without an article, because theirs has not been read.
    #[must_use]
    pub fn by_article(&self, text: &str) -> Vec<RuleId> {
        let mut found = BTreeSet::new();
        for part in cited(text, &self.laws) {
            match part {
                Cited::Rule(id) => {
                    found.extend(self.history(id).map(|rule| rule.id));
                }
                Cited::Law(citation) => found.extend(self.standing_on(&citation)),
                Cited::Unknown(_) => {}
            }
        }
        found.into_iter().collect()
    }

    /// The rules that stand on this place of the law.
    #[must_use]
    pub fn standing_on(&self, citation: &Citation) -> BTreeSet<RuleId> {
        let Some(place) = citation.locator else {
            return self.with_source(|source| source.law == citation.law);
        };
        let exact = self.with_source(|source| {
            let meets = source.locator.is_some_and(|own| own.meets(&place));
            source.law == citation.law && meets
        });
        if exact.is_empty() {
            self.with_source(|source| source.law == citation.law && source.locator.is_none())
        } else {
            exact
        }
    }

    fn with_source(&self, fits: impl Fn(&Citation) -> bool) -> BTreeSet<RuleId> {
        let all = self.rules.iter();
        all.filter(|rule| rule.sources.iter().any(&fits))
            .map(|rule| rule.id)
            .collect()
    }
}

/// 〔当日当地的规则〕 What holds on one day at one place.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    book: &'a Rulebook,
    on: Day,
    place: Jurisdiction,
}

impl<'a> InForce<'a> {
    /// The day.
    #[must_use]
    pub fn day(&self) -> Day {
        self.on
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> Jurisdiction {
        self.place
    }

    /// The book.
    #[must_use]
    pub fn book(&self) -> &'a Rulebook {
        self.book
    }

    /// The rule of this name.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<&'a Rule> {
        self.book.rule(id, self.on, self.place)
    }

    /// A number of a rule.
    #[must_use]
    pub fn number(&self, id: RuleId, name: &str) -> Option<&'a Number> {
        self.rule(id)?.number(name)
    }

    /// The version of a rule under which a clock ends: `due` says when that is by the number of this name, and the
    /// version must hold on that day. The nearest place wins.
    #[must_use]
    pub fn rule_when_due(
        &self,
        id: RuleId,
        name: &str,
        due: impl Fn(Quantity) -> Option<Day>,
    ) -> Option<&'a Rule> {
        let fitting = self.book.history(id).filter(|rule| {
            let due = rule.number(name).and_then(|number| due(number.quantity));
            rule.jurisdiction.holds_at(&self.place) && due.is_some_and(|due| rule.holds_on(due))
        });
        fitting.max_by_key(|rule| rule.jurisdiction.nearness())
    }

    /// The same place on another day.
    #[must_use]
    pub fn moved(&self, on: Day) -> InForce<'a> {
        InForce { on, ..*self }
    }
}
