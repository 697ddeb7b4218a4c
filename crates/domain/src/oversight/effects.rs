//! What a decision writes into the register 决定的效力: which steps do, what they ask for, and which entries follow.
//!
//! A table, like the procedures themselves. A step that is not in it changes nothing but its matter.

mod correcting;
mod ending;
mod refused;

pub use correcting::{Correction, CorrectionRefused, correction};
pub use refused::EffectRefused;

use super::annual::{report_words, year_days};
use super::forms::{Answers, Around, form, graded, item_of_post};
use crate::parties::register::{
    Entry, Item, NewEntry, Origin, Register, Right, Standing, read_document,
};
use crate::text::{Form, LINE_MAX, Problem};
use kernel::{Day, Id, RegionCode};
use leaf::ids;

/// 〔决定所写〕 What a step that writes into the register asks whoever takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Name of the procedure.
    pub procedure: &'static str,
    /// Name of the step.
    pub step: &'static str,
    /// What the last day is called, where one may be given.
    pub until: Option<&'static str>,
    /// The article on which the entry rests.
    law: &'static str,
    writes: Writes,
    by: By,
}

/// Whose decision it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// The registration authority's.
    Office,
    /// The organisation's own.
    Organisation,
}

/// Which entries follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writes {
    /// This standing.
    Standing(Standing),
    /// A suspension is over: the certificate is valid again until its own last day, or over if that has come.
    Restored,
    /// What the form says has changed.
    Changes,
    /// The registration ends, with everything that rested on it, and whoever goes on is named.
    Deregistered,
    /// The report of a year.
    Report,
    /// A grade with the days that the rule gives it.
    Grade,
    /// An officer for a term.
    Officer,
    /// Another entry takes the place of one that was a mistake.
    Correction,
}

/// Every step that writes into the register.
pub const EFFECTS: [Effect; 15] = [
    Effect {
        procedure: "recognition",
        step: "grant",
        until: None,
        law: "慈善法 第十条",
        writes: Writes::Standing(Standing::Recognised),
        by: By::Office,
    },
    Effect {
        procedure: "qualification",
        step: "grant",
        until: Some("证书有效期至"),
        law: "慈善法 第二十二条",
        writes: Writes::Standing(Standing::Valid),
        by: By::Office,
    },
    Effect {
        procedure: "registration_change",
        step: "grant",
        until: None,
        law: "社会团体登记管理条例 第十八条；民办非企业单位登记管理暂行条例 第十五条",
        writes: Writes::Changes,
        by: By::Office,
    },
    Effect {
        procedure: "annual_report",
        step: "publish",
        until: None,
        law: "慈善法 第十三条",
        writes: Writes::Report,
        by: By::Organisation,
    },
    Effect {
        procedure: "officers",
        step: "grant",
        until: None,
        law: "慈善法 第七十六条",
        writes: Writes::Officer,
        by: By::Office,
    },
    Effect {
        procedure: "termination",
        step: "resolve",
        until: None,
        law: "慈善法 第十七条",
        writes: Writes::Standing(Standing::Terminating),
        by: By::Organisation,
    },
    Effect {
        procedure: "termination",
        step: "form_group",
        until: None,
        law: "慈善法 第十八条",
        writes: Writes::Standing(Standing::Liquidating),
        by: By::Organisation,
    },
    Effect {
        procedure: "deregistration",
        step: "deregister",
        until: None,
        law: "慈善法 第十八条",
        writes: Writes::Deregistered,
        by: By::Office,
    },
    Effect {
        procedure: "suspension",
        step: "decide",
        until: Some("中止到哪一天"),
        law: "慈善法 第一百一十一条",
        writes: Writes::Standing(Standing::Suspended),
        by: By::Office,
    },
    Effect {
        procedure: "lifting",
        step: "decide",
        until: None,
        law: "慈善组织公开募捐管理办法 第二十三条",
        writes: Writes::Restored,
        by: By::Office,
    },
    Effect {
        procedure: "revocation",
        step: "decide",
        until: None,
        law: "慈善法 第一百一十一条",
        writes: Writes::Standing(Standing::Revoked),
        by: By::Office,
    },
    Effect {
        procedure: "ordered_stop",
        step: "decide",
        until: Some("停止活动到哪一天"),
        law: "慈善法 第一百一十条",
        writes: Writes::Standing(Standing::OrderedStop),
        by: By::Office,
    },
    Effect {
        procedure: "striking",
        step: "decide",
        until: None,
        law: "慈善法 第一百零九条",
        writes: Writes::Standing(Standing::Struck),
        by: By::Office,
    },
    Effect {
        procedure: "grading",
        step: "decide",
        until: None,
        law: "社会组织评估管理办法（2026年修订）",
        writes: Writes::Grade,
        by: By::Office,
    },
    Effect {
        procedure: "correction",
        step: "decide",
        until: None,
        law: "慈善法 第七十六条",
        writes: Writes::Correction,
        by: By::Office,
    },
];

/// Which answer of the form of a change is which item.
const CHANGES: [(&str, Item); 5] = [
    ("new_name", Item::Name),
    ("new_domicile", Item::Domicile),
    ("new_scope", Item::Scope),
    ("new_charter", Item::Charter),
    ("new_representative", Item::Representative),
];

/// What a step writes, if it writes anything.
#[must_use]
pub fn effect(procedure: &str, step: &str) -> Option<&'static Effect> {
    EFFECTS
        .iter()
        .find(|effect| effect.procedure == procedure && effect.step == step)
}

/// 〔决定文书〕 What whoever decides writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// 〔文号〕 Number of the document.
    pub document: String,
    /// The last day, where one is given.
    pub until: Option<Day>,
}

impl Effect {
    /// Reads what was typed.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(&self, document: &str, until: &str, today: Day) -> Result<Paper, Vec<Problem>> {
        let mut form = Form::new();
        let document = read_document(&mut form, document);
        let until = match (self.until, until.trim()) {
            (None, _) | (_, "") => None,
            (Some(name), text) => form.day("until", name, text),
        };
        if until.is_some_and(|until| until < today) {
            form.refuse(
                "until",
                "past",
                "这一天已经过去，请填今天或者以后的日期，不定期限的留空。",
            );
        }
        form.finish(Paper { document, until })
    }
}

/// 〔决定〕 A decision with everything that its entries need.
#[derive(Debug)]
pub struct Decided<'a> {
    /// The step that was taken.
    pub effect: &'static Effect,
    /// The matter.
    pub matter: Id<ids::Matter>,
    /// The answers on which it was decided.
    pub answers: &'a Answers,
    /// What the organisation's register says until now.
    pub register: &'a Register,
    /// The document.
    pub paper: Paper,
    /// 〔决定机关〕 Its full name.
    pub office: String,
    /// Name of the organisation, for what it decides itself.
    pub organisation: String,
    /// What else the house knows: what is left in its funds, and who goes on with it.
    pub around: &'a Around,
    /// The day of the decision, from which it holds.
    pub today: Day,
}

/// The entries that follow from a decision; none if the register has them already, under the same document.
///
/// # Errors
/// `EffectRefused`: the register changed since the matter was prepared, so that the decision would mean nothing.
pub fn entries(decided: &Decided<'_>) -> Result<Vec<NewEntry>, EffectRefused> {
    let of = |item: Item| NewEntry {
        item,
        standing: None,
        words: String::new(),
        from: decided.today,
        until: decided.effect.until.and(decided.paper.until),
        office: match decided.effect.by {
            By::Office => decided.office.clone(),
            By::Organisation => decided.organisation.clone(),
        },
        document: decided.paper.document.clone(),
        law: decided.effect.law.into(),
        reason: decided.answers.get("public_reason").into(),
        source: SOURCE.into(),
        origin: Origin::Matter(decided.matter),
        corrects: None,
        successor: None,
    };
    match known_document(decided) {
        None => {}
        Some(true) => return Ok(Vec::new()),
        Some(false) => return Err(EffectRefused::DecidedAlready),
    }
    let right = decided.register.right(decided.today);
    Ok(match decided.effect.writes {
        Writes::Standing(standing) => {
            judge(standing, decided, right)?;
            vec![NewEntry {
                standing: Some(standing),
                ..of(standing.item())
            }]
        }
        Writes::Restored => vec![restored(decided, right, of(Item::Fundraising))?],
        Writes::Correction => {
            let right = correction(decided.answers, decided.register, decided.today);
            let right = right.map_err(EffectRefused::Correction)?;
            vec![NewEntry {
                standing: right.standing,
                words: right.words,
                from: right.from,
                until: right.until,
                corrects: Some(right.wrong),
                ..of(right.item)
            }]
        }
        Writes::Changes => changes(decided, of),
        Writes::Deregistered => ending::deregistered(decided, of)?,
        Writes::Grade => {
            ending::judge_acting(decided)?;
            let grade = graded(decided.answers, decided.register, decided.today);
            let (standing, from, until) = grade.ok_or(EffectRefused::Incomplete)?;
            vec![NewEntry {
                standing: Some(standing),
                from,
                until,
                ..of(Item::Grade)
            }]
        }
        Writes::Officer => vec![officer(decided, of)?],
        Writes::Report => vec![report(decided, of(Item::Report))?],
    })
}

/// Whether the register has what this step decided, and if it has, whether under the document that is named now:
/// whoever names that document ends the matter by it, and writes nothing.
///
/// A step is decided once. The matter's own steps see to that, but for a house that came back from a mirror: there
/// the register knows decisions that the matter does not. The end of an organisation has two steps in one matter.
fn known_document(decided: &Decided<'_>) -> Option<bool> {
    let again = |new: &NewEntry| match decided.effect.writes {
        Writes::Standing(standing) if standing.item() == Item::Legal => {
            new.standing == Some(standing)
        }
        // A report that was sent back is published again, as the correction of what was published.
        Writes::Report => false,
        _ => true,
    };
    let known = decided.register.entries().iter();
    let mut known =
        known.filter(|entry| entry.new.matter() == Some(decided.matter) && again(&entry.new));
    let same = |entry: &Entry| entry.new.document == decided.paper.document;
    let first = same(known.next()?);
    Some(first && known.all(same))
}

/// The certificate that was suspended goes on until its own last day. If that has come meanwhile, the suspension ends
/// all the same: nothing is valid again, and the way to a new application is open.
fn restored(
    decided: &Decided<'_>,
    right: Right,
    blank: NewEntry,
) -> Result<NewEntry, EffectRefused> {
    let is_suspended =
        matches!(right, Right::Stopped { standing, .. } if standing == Standing::Suspended);
    if !is_suspended {
        return Err(EffectRefused::NotSuspended);
    }
    let certificate = decided.register.certificate(decided.today);
    let certificate = certificate.filter(|entry| entry.new.covers(decided.today));
    Ok(NewEntry {
        standing: Some(certificate.map_or(Standing::Lapsed, |_| Standing::Valid)),
        until: certificate.and_then(|entry| entry.new.until),
        ..blank
    })
}

fn changes(decided: &Decided<'_>, of: impl Fn(Item) -> NewEntry) -> Vec<NewEntry> {
    let fields = CHANGES.iter();
    fields
        .filter(|(field, _)| !decided.answers.get(field).is_empty())
        .map(|(field, item)| NewEntry {
            words: decided.answers.get(field).into(),
            reason: String::new(),
            ..of(*item)
        })
        .collect()
}

/// The report of a year holds for that year; one that is published again corrects the one before it.
fn report(decided: &Decided<'_>, blank: NewEntry) -> Result<NewEntry, EffectRefused> {
    let days = decided.around.year.and_then(year_days);
    let (from, until) = days.ok_or(EffectRefused::Incomplete)?;
    let form = form("annual_report").ok_or(EffectRefused::Incomplete)?;
    let mut before = decided.register.counting(Item::Report);
    let before = before.find(|entry| entry.new.from == from);
    Ok(NewEntry {
        words: report_words(form, decided.answers),
        from,
        until: Some(until),
        reason: String::new(),
        corrects: before.map(|entry| entry.id),
        ..blank
    })
}

/// An officer stands in the register for the days of the term.
fn officer(
    decided: &Decided<'_>,
    of: impl Fn(Item) -> NewEntry,
) -> Result<NewEntry, EffectRefused> {
    ending::judge_acting(decided)?;
    let answers = decided.answers;
    let item = item_of_post(answers.get("post")).ok_or(EffectRefused::Incomplete)?;
    let from = answers.day("term_from").ok_or(EffectRefused::Incomplete)?;
    Ok(NewEntry {
        words: answers.get("name").into(),
        from: from.min(decided.today),
        until: answers.day("term_until"),
        reason: String::new(),
        ..of(item)
    })
}

/// The register of this house, as the source of what it decides itself.
pub const SOURCE: &str = "本平台登记";

/// Years after a revocation in which nobody may apply again (慈善法 第一百一十一条).
const YEARS_BARRED: i32 = 5;

/// May this standing be entered, with what the register says now?
fn judge(standing: Standing, decided: &Decided<'_>, right: Right) -> Result<(), EffectRefused> {
    let is = |wanted| matches!(right, Right::Stopped { standing, .. } if standing == wanted);
    if standing.item() == Item::Legal {
        return ending::judge(standing, decided);
    }
    if matches!(standing, Standing::Valid | Standing::Recognised) {
        ending::judge_acting(decided)?;
    }
    match standing {
        Standing::Suspended if !matches!(right, Right::Valid(_)) => Err(EffectRefused::NotValid),
        Standing::Revoked if !matches!(right, Right::Valid(_)) && !is(Standing::Suspended) => {
            Err(EffectRefused::NotValid)
        }
        Standing::Valid => match reapply_from(decided.register) {
            Some(day) if decided.today < day => Err(EffectRefused::Barred(day)),
            _ if is(Standing::Suspended) => Err(EffectRefused::Suspended),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The first day on which a new qualification may be had after a revocation, where there was one.
#[must_use]
pub fn reapply_from(register: &Register) -> Option<Day> {
    register
        .counting(Item::Fundraising)
        .filter(|entry| entry.new.standing == Some(Standing::Revoked))
        .map(|entry| entry.new.from.plus_months(12 * YEARS_BARRED).plus_days(1))
        .max()
}

/// 〔登记管理机关〕 The name of the office of a region: a province has a department 厅, what is below and the
/// municipalities have a bureau 局.
#[must_use]
pub fn office_name(region: &RegionCode, region_name: &str) -> String {
    const MUNICIPALITIES: [&str; 4] = ["11", "12", "31", "50"];
    let is_department = region.level() == 1 && !MUNICIPALITIES.contains(&region.as_str());
    let name: String = region_name.chars().take(LINE_MAX).collect();
    format!(
        "{name}{}",
        if is_department {
            "民政厅"
        } else {
            "民政局"
        }
    )
}

#[cfg(test)]
#[path = "effects_tests.rs"]
mod tests;
