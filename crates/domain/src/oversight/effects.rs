//! What a decision writes into the register 决定的效力: which steps do, what they ask for, and which entries follow.
//!
//! A table, like the procedures themselves. A step that is not in it changes nothing but its matter.

mod correcting;

pub use correcting::{Correction, CorrectionRefused, correction};

use super::forms::Answers;
use crate::parties::register::{
    Entry, Item, NewEntry, Origin, Register, Right, Standing, read_document,
};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem};
use crate::{Sentence, say};
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
    /// Another entry takes the place of one that was a mistake.
    Correction,
}

/// Every step that writes into the register.
pub const EFFECTS: [Effect; 7] = [
    Effect {
        procedure: "recognition",
        step: "grant",
        until: None,
        law: "慈善法 第十条",
        writes: Writes::Standing(Standing::Recognised),
    },
    Effect {
        procedure: "qualification",
        step: "grant",
        until: Some("证书有效期至"),
        law: "慈善法 第二十二条",
        writes: Writes::Standing(Standing::Valid),
    },
    Effect {
        procedure: "registration_change",
        step: "grant",
        until: None,
        law: "社会团体登记管理条例 第十八条；民办非企业单位登记管理暂行条例 第十五条",
        writes: Writes::Changes,
    },
    Effect {
        procedure: "suspension",
        step: "decide",
        until: Some("中止到哪一天"),
        law: "慈善法 第一百一十一条",
        writes: Writes::Standing(Standing::Suspended),
    },
    Effect {
        procedure: "lifting",
        step: "decide",
        until: None,
        law: "慈善组织公开募捐管理办法 第二十三条",
        writes: Writes::Restored,
    },
    Effect {
        procedure: "revocation",
        step: "decide",
        until: None,
        law: "慈善法 第一百一十一条",
        writes: Writes::Standing(Standing::Revoked),
    },
    Effect {
        procedure: "correction",
        step: "decide",
        until: None,
        law: "慈善法 第七十六条",
        writes: Writes::Correction,
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
        office: decided.office.clone(),
        document: decided.paper.document.clone(),
        law: decided.effect.law.into(),
        reason: decided.answers.get("public_reason").into(),
        source: SOURCE.into(),
        origin: Origin::Matter(decided.matter),
        corrects: None,
    };
    // A matter is decided once. Its own steps see to that, but for a house that came back from a mirror: there the
    // register knows decisions that the matter does not. Whoever names the document of that decision ends the matter by
    // it, and writes nothing.
    let known = decided.register.entries().iter();
    let mut known = known.filter(|entry| entry.new.matter() == Some(decided.matter));
    if let Some(first) = known.next() {
        let same = |entry: &Entry| entry.new.document == decided.paper.document;
        return match same(first) && known.all(same) {
            true => Ok(Vec::new()),
            false => Err(EffectRefused::DecidedAlready),
        };
    }
    let right = decided.register.right(decided.today);
    match decided.effect.writes {
        Writes::Standing(standing) => {
            judge(standing, decided, right)?;
            Ok(vec![NewEntry {
                standing: Some(standing),
                ..of(standing.item())
            }])
        }
        Writes::Restored => {
            let is_suspended =
                matches!(right, Right::Stopped { standing, .. } if standing == Standing::Suspended);
            if !is_suspended {
                return Err(EffectRefused::NotSuspended);
            }
            // The certificate that was suspended goes on until its own last day. If that has come meanwhile, the
            // suspension ends all the same: nothing is valid again, and the way to a new application is open.
            let certificate = decided.register.certificate(decided.today);
            let certificate = certificate.filter(|entry| entry.new.covers(decided.today));
            Ok(vec![NewEntry {
                standing: Some(certificate.map_or(Standing::Lapsed, |_| Standing::Valid)),
                until: certificate.and_then(|entry| entry.new.until),
                ..of(Item::Fundraising)
            }])
        }
        Writes::Correction => {
            let right = correction(decided.answers, decided.register, decided.today);
            let right = right.map_err(EffectRefused::Correction)?;
            Ok(vec![NewEntry {
                standing: right.standing,
                words: right.words,
                from: right.from,
                until: right.until,
                corrects: Some(right.wrong),
                ..of(right.item)
            }])
        }
        Writes::Changes => Ok(CHANGES
            .iter()
            .filter(|(field, _)| !decided.answers.get(field).is_empty())
            .map(|(field, item)| NewEntry {
                words: decided.answers.get(field).into(),
                reason: String::new(),
                ..of(*item)
            })
            .collect()),
    }
}

/// The register of this house, as the source of what it decides itself.
pub const SOURCE: &str = "本平台登记";

/// Years after a revocation in which nobody may apply again (慈善法 第一百一十一条).
const YEARS_BARRED: i32 = 5;

/// May this standing be entered, with what the register says now?
fn judge(standing: Standing, decided: &Decided<'_>, right: Right) -> Result<(), EffectRefused> {
    let is = |wanted| matches!(right, Right::Stopped { standing, .. } if standing == wanted);
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

/// Why a decision cannot take effect, in precedence order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectRefused {
    /// The register has what this very matter decided, under another document.
    DecidedAlready,
    /// After a revocation nobody gets a new qualification before this day.
    Barred(Day),
    /// There is a suspended one, which is restored and not granted anew.
    Suspended,
    /// There is no valid qualification that could be stopped.
    NotValid,
    /// There is no suspension that could end.
    NotSuspended,
    /// The entry cannot be corrected like this.
    Correction(CorrectionRefused),
}

impl Refused for EffectRefused {
    fn code(&self) -> &'static str {
        match self {
            EffectRefused::DecidedAlready => "effect_decided_already",
            EffectRefused::Barred(_) => "effect_barred",
            EffectRefused::Suspended => "effect_suspended",
            EffectRefused::NotValid => "effect_not_valid",
            EffectRefused::NotSuspended => "effect_not_suspended",
            EffectRefused::Correction(refused) => refused.code(),
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            EffectRefused::DecidedAlready => {
                "登记簿里已有这项办件的决定，不能再决定一次；请填登记簿里那份决定的文号，办件就此办结，登记簿不变。".into()
            }
            EffectRefused::Barred(day) => say!(
                "资格被吊销后五年内不能再次取得，{day}起才可以，请不予资格或者退回。",
                day = *day
            ),
            EffectRefused::Suspended => {
                "这家组织的资格正在中止，请先办理恢复，原证书已经到期的恢复后再重新申请。".into()
            }
            EffectRefused::NotValid => {
                "登记簿里这家组织现在没有可以处理的公开募捐资格，请核对登记记载后不予处理。".into()
            }
            EffectRefused::NotSuspended => {
                "登记簿里这家组织的资格现在没有中止，不用恢复，请核对后不予处理。".into()
            }
            EffectRefused::Correction(refused) => refused.sentence(),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some(match self {
            EffectRefused::Barred(_) => "慈善法 第一百一十一条",
            EffectRefused::Correction(_) => "慈善法 第七十六条",
            _ => "慈善组织公开募捐管理办法 第二十三条",
        })
    }
}

#[cfg(test)]
#[path = "effects_tests.rs"]
mod tests;
