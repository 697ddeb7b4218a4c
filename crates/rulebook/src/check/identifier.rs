//! Codes of organisations, regions and persons (OR-17, ID-01, ID-02, ID-03).
//!
//! A finding about a person's number never repeats it: findings are shown, kept and logged.

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use kernel::{Day, RegionCode, Uscc, id_number_ok};

const ONE_CODE: RuleId = RuleId::new(Group::Registration, 17);
const CODE: RuleId = RuleId::new(Group::Identifier, 1);
const REGION: RuleId = RuleId::new(Group::Identifier, 2);
const PERSON: RuleId = RuleId::new(Group::Identifier, 3);

const NO_CODE: Saying = Saying {
    code: "uscc_missing",
    problem: "没有统一社会信用代码",
    next: "请对照登记证书填写",
};
const SEVERAL: Saying = Saying {
    code: "uscc_several",
    problem: "同时有 {count} 个统一社会信用代码",
    next: "请核对登记证书，只留有效的一个",
};
const TAKEN: Saying = Saying {
    code: "uscc_taken",
    problem: "统一社会信用代码 {uscc} 已属于另一个组织",
    next: "请核对是否重复登记",
};
const WRONG_CODE: Saying = Saying {
    code: "uscc_wrong",
    problem: "{why}",
    next: "请对照登记证书改正",
};
const NOT_CIVIL: Saying = Saying {
    code: "uscc_not_civil_affairs",
    problem: "{uscc} 的第一位不是民政部门的代码 5",
    next: "请核对是不是社会组织的登记证书",
};
const INNER: Saying = Saying {
    code: "uscc_inner_check",
    problem: "{uscc} 中主体标识码的校验位不符，老代码可能如此",
    next: "请再对照一次登记证书",
};
const WRONG_REGION: Saying = Saying {
    code: "region_wrong",
    problem: "行政区划代码不对：{why}",
    next: "请从区划表中选择",
};
const SHORT_REGION: Saying = Saying {
    code: "region_digits",
    problem: "行政区划代码应为 {digits} 位",
    next: "请把下级补零到 {digits} 位",
};
const UNDATED: Saying = Saying {
    code: "region_undated",
    problem: "行政区划代码没有写明从何时有效",
    next: "请补写有效的起始日",
};
const OUT_OF_DATE: Saying = Saying {
    code: "region_not_valid",
    problem: "行政区划代码在 {day} 无效",
    next: "请改用当日有效的代码",
};
const WRONG_PERSON: Saying = Saying {
    code: "id_number_wrong",
    problem: "公民身份号码不对，位数、出生日期或者校验码不符",
    next: "请对照证件重新输入",
};

/// 〔组织代码情况〕 The codes that an organisation holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFacts {
    /// The codes that are recorded as valid.
    pub codes: Vec<Uscc>,
    /// Those of them that another organisation holds too.
    pub held_by_others: Vec<Uscc>,
}

/// 〔区划代码情况〕 A code of a region as a record has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionFacts<'a> {
    /// The text.
    pub code: &'a str,
    /// Since when the code is valid.
    pub valid_from: Option<Day>,
    /// Until when the code is valid.
    pub valid_to: Option<Day>,
    /// The day for which it is used.
    pub used: Day,
}

/// Has the organisation one code, and is it nobody else's?
#[must_use]
pub fn check_codes(law: &InForce<'_>, facts: &CodeFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(ONE_CODE) else {
        return judge.findings();
    };
    match facts.codes.len() {
        0 => judge.say(held, &NO_CODE, Vec::new()),
        1 => {}
        count => judge.say(held, &SEVERAL, vec![("count", count.into())]),
    }
    let held_twice = |code: &&Uscc| facts.held_by_others.contains(code);
    for code in facts.codes.iter().filter(held_twice) {
        judge.say(held, &TAKEN, vec![("uscc", code.as_str().into())]);
    }
    judge.findings()
}

/// Is this text a code of a social organisation? The first character and the inner check only warn: their meaning
/// was recalled and not read.
#[must_use]
pub fn check_uscc(law: &InForce<'_>, text: &str) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(CODE) else {
        return judge.findings();
    };
    match Uscc::parse(text) {
        Err(error) => {
            let why = error.to_string();
            judge.say(held, &WRONG_CODE, vec![("why", why.as_str().into())]);
        }
        Ok(code) => {
            let values = || vec![("uscc", code.as_str().into())];
            if !code.as_str().starts_with('5') {
                judge.warn(held, &NOT_CIVIL, values());
            }
            if !code.inner_check_ok() {
                judge.warn(held, &INNER, values());
            }
        }
    }
    judge.findings()
}

/// Is this a whole code of a region, with its time, and valid on the day for which it is used?
#[must_use]
pub fn check_region(law: &InForce<'_>, facts: &RegionFacts<'_>) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(REGION) else {
        return judge.findings();
    };
    if let Err(error) = RegionCode::parse(facts.code) {
        let why = error.to_string();
        judge.say(held, &WRONG_REGION, vec![("why", why.as_str().into())]);
        return judge.findings();
    }
    if let Some(digits) = judge.number(held, "digits") {
        let own = facts.code.chars().filter(|c| !c.is_whitespace()).count();
        let own = u32::try_from(own).ok();
        if own != digits.quantity.count() {
            judge.say_by(
                held,
                digits,
                &SHORT_REGION,
                vec![("digits", digits.quantity.into())],
            );
        }
    }
    match facts.valid_from {
        None => judge.say(held, &UNDATED, Vec::new()),
        Some(from) => {
            let over = facts.valid_to.is_some_and(|to| facts.used > to);
            if facts.used < from || over {
                judge.say(held, &OUT_OF_DATE, vec![("day", facts.used.into())]);
            }
        }
    }
    judge.findings()
}

/// Is this the number of a person?
#[must_use]
pub fn check_id_number(law: &InForce<'_>, number: &str) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    if let Some(held) = judge.rule(PERSON)
        && !id_number_ok(number)
    {
        judge.say(held, &WRONG_PERSON, Vec::new());
    }
    judge.findings()
}

#[cfg(test)]
#[path = "identifier_tests.rs"]
pub(crate) mod pairs;
