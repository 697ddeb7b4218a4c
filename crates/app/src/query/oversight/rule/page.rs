//! A rule as of a day: the version in force, all versions, numbers, sources, deadlines.

use super::ask::RulePlace;
use super::book::book;
use super::changes::{before, changes};
use super::clock::deadline;
use super::words::{
    caution, coded, effect, enforced, line, number_caution, quantity, start, status,
};
use crate::view::{Coded, RuleNumber, RulePage, RuleSource, RuleVersion};
use crate::{App, AppError};
use domain::{Sentence, say};
use kernel::{Day, RegionCode};
use rulebook::{Citation, Jurisdiction, Origin, Rule, RuleId, as_written};

/// Characters of what was typed that are shown again.
const TYPED_CHARS_MAX: usize = 40;

/// As of when and where a rule is looked at.
struct Seen {
    on: Day,
    place: Jurisdiction,
    advice: Vec<Sentence>,
}

impl Seen {
    /// What cannot be read is told and left aside, so that an old link still shows the rule.
    fn read(asked: &RulePlace, today: Day) -> Seen {
        let typed = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let short = |text: &str| -> String { text.chars().take(TYPED_CHARS_MAX).collect() };
        let mut seen = Seen {
            on: today,
            place: Jurisdiction::Nation,
            advice: Vec::new(),
        };
        if let Some(text) = typed(&asked.on) {
            match Day::parse(&text) {
                Ok(day) => seen.on = day,
                Err(_) => seen.advice.push(say!(
                    "“{text}”不是日期，下面是今天的版本；请写成 2025-06-30 这样。",
                    text = short(&text)
                )),
            }
        }
        if let Some(text) = typed(&asked.place) {
            match RegionCode::parse(&text) {
                Ok(region) => seen.place = Jurisdiction::Region(region),
                Err(_) => seen.advice.push(say!(
                    "“{text}”不是行政区划代码，下面是全国的规定；请写成 440100 这样。",
                    text = short(&text)
                )),
            }
        }
        seen
    }
}

impl App {
    /// A rule as of a day and a place.
    ///
    /// # Errors
    /// `NotFound`: no rule has this name.
    pub fn rule_page(&self, id: &str, asked: &RulePlace) -> Result<RulePage, AppError> {
        let missing = AppError::NotFound("这条规则");
        let today = self.now().day();
        let id = RuleId::parse(&as_written(id)).ok_or(AppError::NotFound("这条规则"))?;
        let seen = Seen::read(asked, today);
        let in_force = book().rule(id, seen.on, seen.place);
        let history: Vec<&Rule> = book().history(id).collect();
        let rule = in_force
            .or_else(|| nearest(&history, seen.on))
            .ok_or(missing)?;
        let law = book().in_force(seen.on, seen.place);
        let deadlines = book().deadlines_by(id);
        Ok(RulePage {
            line: line(rule, seen.on),
            on: seen.on.to_string(),
            is_today: seen.on == today,
            holds: in_force.is_some(),
            effect: effect(enforced(rule, seen.on)),
            caution: caution(rule, seen.on),
            note: rule.note.clone(),
            sources: rule.sources.iter().map(source).collect(),
            readings: readings(rule),
            numbers: numbers(rule, seen.on),
            versions: versions(&history, rule, seen.on),
            deadlines: deadlines.map(|one| deadline(one, &law, asked)).collect(),
            previous: book()
                .ids()
                .take_while(|other| *other < id)
                .last()
                .map(named),
            next: book().ids().find(|other| *other > id).map(named),
            advice: seen.advice,
        })
    }
}

/// Where no version holds: the last one before that day, else the first one.
fn nearest<'a>(history: &[&'a Rule], on: Day) -> Option<&'a Rule> {
    let before = history.iter().rev().find(|rule| rule.start.reached(on));
    before.or(history.first()).copied()
}

fn source(citation: &Citation) -> RuleSource {
    let law = book().law(&citation.law);
    RuleSource {
        text: book().cite(citation),
        since: law.map_or_else(|| "".into(), |law| start(law.start)),
        until: law.and_then(|law| law.end).map(|end| end.to_string()),
        note: law.and_then(|law| law.note.clone()),
    }
}

fn readings(rule: &Rule) -> Vec<String> {
    let all = book().readings().iter();
    let read = all.filter(|reading| rule.read.contains(&reading.key));
    read.map(|reading| format!("{}：{}", reading.what, reading.place))
        .collect()
}

fn numbers(rule: &Rule, on: Day) -> Vec<RuleNumber> {
    let number = |number: &rulebook::Number| RuleNumber {
        name: number.name.clone(),
        title: number.title.clone(),
        value: quantity(number.quantity),
        words: number.quantity.in_words(),
        status: status(number.status),
        ours: number.origin == Origin::House,
        source: match &number.origin {
            Origin::Cited(citation) => Some(book().cite(citation)),
            Origin::Law | Origin::House => None,
        },
        caution: number_caution(rule, number, on),
    };
    rule.numbers.iter().map(number).collect()
}

fn versions(history: &[&Rule], shown: &Rule, on: Day) -> Vec<RuleVersion> {
    let version = |rule: &&Rule| {
        let old = before(rule, history);
        let day = match rule.holds_on(on) {
            true => on,
            false => rule.end.or(rule.start.first()).unwrap_or(on),
        };
        RuleVersion {
            line: line(rule, day),
            on: day.to_string(),
            holds: rule.holds_on(on),
            shown: *rule == shown,
            against_nation: old.is_some_and(|old| old.jurisdiction != rule.jurisdiction),
            changes: old.map_or_else(Vec::new, |old| changes(old, rule)),
        }
    };
    history.iter().map(version).collect()
}

/// A rule by its name and title.
fn named(id: RuleId) -> Coded {
    let title = book().history(id).next().map(|rule| rule.title.as_str());
    coded(&id.to_string(), title.unwrap_or_default())
}
