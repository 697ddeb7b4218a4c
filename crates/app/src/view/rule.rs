//! Rules of the law as pages and the API show them. What the law says is Chinese in every language.

use super::{as_optional_text, as_text, as_texts};
use domain::Sentence;
use serde::Serialize;
use utoipa::ToSchema;

/// 〔代码和名称〕 A code with its Chinese name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coded {
    /// The stable code.
    pub code: String,
    /// The Chinese name.
    pub title: String,
}

/// 〔规则〕 One version of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleLine {
    /// Its name, for example `CF-08`; the same in all versions.
    pub id: String,
    /// The short title.
    pub title: String,
    /// What it says and what one must do, in our own words.
    pub text: String,
    /// The part of the law that it belongs to.
    pub group: Coded,
    /// The articles on which it stands.
    pub sources: Vec<String>,
    /// Whom it binds.
    pub binds: Vec<Coded>,
    /// What breaking it does once it has been read: record, warn, gate, block.
    pub severity: Coded,
    /// What breaking it really does on the day that was asked about.
    pub enforced: Coded,
    /// How well it was read.
    pub status: Coded,
    /// Where it holds: `CN` or the code of a region.
    pub region: Coded,
    /// Since when it holds: a day, a year where only that was read, absent where neither was.
    pub from: Option<String>,
    /// The same in words.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub since: Sentence,
    /// The last day of this version; absent while it goes on.
    pub until: Option<String>,
}

impl RuleLine {
    /// The page of this version on this day; the day only where it is not today.
    #[must_use]
    pub fn path(&self, on: Option<&str>) -> String {
        let mut path = format!("/rules/{}", self.id);
        let mut sign = '?';
        if self.region.code != crate::query::NATION {
            path.push_str(&format!("?place={}", self.region.code));
            sign = '&';
        }
        if let Some(on) = on {
            path.push_str(&format!("{sign}on={on}"));
        }
        path
    }
}

impl RuleVersion {
    /// The page that shows this version.
    #[must_use]
    pub fn path(&self) -> String {
        self.line.path(Some(&self.on))
    }
}

/// 〔规则依据〕 An article on which a rule stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleSource {
    /// The law, its number and the article.
    pub text: String,
    /// Since when that law is in force, as far as it was read.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub since: Sentence,
    /// The last day of that law, if it is no longer in force.
    pub until: Option<String>,
    /// What is special about our reading of it.
    pub note: Option<String>,
}

/// 〔规则数值〕 A number of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleNumber {
    /// The name by which programs ask for it.
    pub name: String,
    /// What it is.
    pub title: String,
    /// The number with its unit.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub value: Sentence,
    /// As laws write it, for example 二十日.
    pub words: String,
    /// How well it was read.
    pub status: Coded,
    /// True if this platform set it and no law does.
    pub ours: bool,
    /// The law that sets it, where it is another one than the rule's.
    pub source: Option<String>,
    /// Why it stops nobody although the rule might; absent where it counts like the rule.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub caution: Option<Sentence>,
}

/// 〔规则版本〕 A version in the history of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleVersion {
    /// The version.
    pub line: RuleLine,
    /// A day on which it holds, for the address of its page.
    pub on: String,
    /// True if it holds on the day that was asked about.
    pub holds: bool,
    /// True if it is the one that is shown.
    pub shown: bool,
    /// True if it is compared with the rule of the whole country and not with a version before.
    pub against_nation: bool,
    /// What differs from that.
    pub changes: Vec<RuleChange>,
}

/// 〔改动〕 One difference between two versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleChange {
    /// What is different.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub about: Sentence,
    /// The name of a number.
    pub name: Option<String>,
    /// Before; absent where it is new.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub old: Option<Sentence>,
    /// After; absent where it is gone.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub new: Option<Sentence>,
    /// True if before and after are Chinese whoever reads them.
    pub chinese: bool,
}

/// 〔期限算式〕 The last day that a deadline leads to from a day on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleClock {
    /// The day from which it is counted.
    pub from: String,
    /// The last day; absent where it cannot be counted.
    pub last: Option<String>,
    /// The last day by the other way of counting, where the law leaves a doubt.
    pub other: Option<String>,
    /// The last day with the whole extension.
    pub latest: Option<String>,
    /// What missing it does, or why there is no last day.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub sentence: Sentence,
}

/// 〔规则期限〕 A deadline that rests on a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleDeadline {
    /// Its name, for ever.
    pub key: String,
    /// What has to be done.
    pub duty: String,
    /// What starts the clock.
    pub since: String,
    /// Who owes it.
    pub owes: Vec<Coded>,
    /// How the last day follows.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub length: Sentence,
    /// How it is counted, and when to remind.
    #[serde(serialize_with = "as_texts")]
    #[schema(value_type = Vec<String>)]
    pub notes: Vec<Sentence>,
    /// The last day, if one was asked for.
    pub clock: Option<RuleClock>,
    /// What was typed as a day and is none.
    pub unreadable: Option<String>,
}

/// 〔规则页〕 A rule as of a day, with its history and its deadlines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RulePage {
    /// The version that is shown.
    pub line: RuleLine,
    /// The day that was asked about.
    pub on: String,
    /// True if that is today.
    pub is_today: bool,
    /// False if no version holds on that day: then the nearest one is shown.
    pub holds: bool,
    /// What was typed as a day or place and is none.
    #[serde(serialize_with = "as_texts")]
    #[schema(value_type = Vec<String>)]
    pub advice: Vec<Sentence>,
    /// What the program does where it finds the rule broken.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub effect: Sentence,
    /// Why it does less than the rule asks for.
    #[serde(serialize_with = "as_optional_text")]
    #[schema(value_type = Option<String>)]
    pub caution: Option<Sentence>,
    /// What has not been read yet, or why the text is as it is.
    pub note: Option<String>,
    /// Where it stands.
    pub sources: Vec<RuleSource>,
    /// Where it was read.
    pub readings: Vec<String>,
    /// Its numbers.
    pub numbers: Vec<RuleNumber>,
    /// All versions, older before newer, the nation's first.
    pub versions: Vec<RuleVersion>,
    /// The deadlines that rest on it.
    pub deadlines: Vec<RuleDeadline>,
    /// The rule before it in the book.
    pub previous: Option<Coded>,
    /// The rule after it in the book.
    pub next: Option<Coded>,
}
