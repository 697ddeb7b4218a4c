//! 负责人备案 (OR-06 to OR-08): who was elected to what, for how long, and that nothing bars it.

use super::{Answers, Condition, Field, Form, Kind, Known, NO, Needed, Slot, YES};
use crate::parties::OrganisationKind;
use crate::parties::register::{Item, Right};
use crate::say;
use crate::text::Problem;
use kernel::Day;

const BARS: &str = "慈善法 第十六条";
const IDENTITY: &str = "基金会管理条例 第二十三条";
const TERM: &str = "基金会管理条例 第二十条";
const APART: &str = "慈善组织公开募捐管理办法 第五条";
/// Months in which a bar of 慈善法 第十六条 holds, and the longest term of a foundation's council.
const MONTHS: i32 = 60;

/// The posts that stand in the register; the legal representative is registered by a change of its own.
const POSTS: [(&str, &str); 2] = [("chair", "理事长"), ("secretary", "秘书长")];

/// 〔负责人备案表〕
pub(super) const OFFICERS: Form = Form {
    procedure: "officers",
    about: "把新当选的理事长或者秘书长和任期写进登记簿；姓名、职务和任期公开，证件和其他个人信息不公开。",
    applicants: "选举产生负责人的社会组织；更换法定代表人另办变更登记。",
    conditions: &[
        Condition {
            text: "没有不得担任负责人的情形：无民事行为能力或者限制民事行为能力；故意犯罪刑罚执行完毕未满五年；在被吊销登记证书或者被取缔的组织担任负责人未满五年。",
            law: BARS,
        },
        Condition {
            text: "基金会的理事长、副理事长、秘书长不由现职国家工作人员兼任。",
            law: IDENTITY,
        },
        Condition {
            text: "基金会理事每届任期不超过五年，届满可以连任。",
            law: TERM,
        },
        Condition {
            text: "有公开募捐资格的，理事长不兼任秘书长。",
            law: APART,
        },
    ],
    fields: &[
        Field {
            name: "post",
            label: "职务",
            help: "一件备案写一个人的一个职务。",
            kind: Kind::Choice(&POSTS),
            needed: Needed::Always,
            law: BARS,
        },
        Field {
            name: "name",
            label: "姓名",
            help: "与身份证件一致；公开在登记簿里，不要写证件号码。",
            kind: Kind::Line,
            needed: Needed::Always,
            law: "慈善法 第七十六条",
        },
        day("term_from", "任期开始", "决议写的日期，不能晚于今天。"),
        day(
            "term_until",
            "任期结束",
            "本届最后一天；基金会每届最长五年。",
        ),
        yes_no(
            "capacity",
            "具有完全民事行为能力",
            "以本人声明和登记机关核查为准。",
            BARS,
        ),
        yes_no(
            "crime",
            "曾因故意犯罪受刑罚",
            "受过的请在下面写执行完毕的日期。",
            BARS,
        ),
        Field {
            needed: Needed::Optional,
            ..day(
                "sentence_end",
                "刑罚执行完毕的日期",
                "没有受过刑罚的不用填。",
            )
        },
        yes_no(
            "struck",
            "曾在被吊销登记证书或者被取缔的组织担任负责人",
            "担任过的请在下面写吊销或者取缔的日期。",
            BARS,
        ),
        Field {
            needed: Needed::Optional,
            ..day(
                "struck_on",
                "该组织被吊销或者取缔的日期",
                "没有担任过的不用填。",
            )
        },
        yes_no(
            "civil_servant",
            "现职国家工作人员",
            "退（离）休领导干部要另附批准文件。",
            IDENTITY,
        ),
    ],
    slots: &[
        Slot {
            name: "resolution",
            label: "选举会议纪要",
            help: "写明到会人数、表决结果和任期，有签名。",
            needed: Needed::Always,
            law: "基金会管理条例 第二十一条",
        },
        Slot {
            name: "declaration",
            label: "本人声明",
            help: "声明没有不得担任的情形，有签名；只给登记机关看。",
            needed: Needed::Always,
            law: BARS,
        },
    ],
    facts: &[],
    check,
};

const fn day(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Day,
        needed: Needed::Always,
        law: TERM,
    }
}

const fn yes_no(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    law: &'static str,
) -> Field {
    Field {
        kind: Kind::YesNo,
        law,
        ..day(name, label, help)
    }
}

/// The item of a post.
#[must_use]
pub fn item_of_post(post: &str) -> Option<Item> {
    let known = POSTS.iter().any(|(code, _)| *code == post);
    Item::parse(post).filter(|_| known)
}

fn check(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = bars(answers, known.today);
    found.extend(term(answers, known));
    let is_foundation = known.around.kind == Some(OrganisationKind::Foundation);
    if is_foundation && answers.get("civil_servant") == YES {
        found.push(Problem::new(
            "civil_servant",
            "civil_servant",
            "基金会的理事长、秘书长不能由现职国家工作人员兼任，请另选；依据：基金会管理条例 第二十三条。",
        ));
    }
    found.extend(one_person(answers, known));
    let mut words = crate::text::Form::new();
    words.stated("name", "姓名", answers.get("name"));
    found.extend(words.problems());
    found
}

/// 慈善法 第十六条: capacity, and five years after a sentence or the end of an organisation that was headed.
fn bars(answers: &Answers, today: Day) -> Vec<Problem> {
    let mut found = Vec::new();
    if answers.get("capacity") == NO {
        found.push(Problem::new(
            "capacity",
            "capacity",
            "无民事行为能力或者限制民事行为能力的人不能担任负责人，请另选；依据：慈善法 第十六条。",
        ));
    }
    let pairs = [
        ("crime", "sentence_end", "刑罚执行完毕"),
        ("struck", "struck_on", "所任职组织被吊销或者取缔"),
    ];
    for (question, field, what) in pairs {
        if answers.get(question) != YES {
            continue;
        }
        let Some(since) = answers.day(field) else {
            let sentence = say!("请写明{what}的日期；依据：慈善法 第十六条。", what);
            found.push(Problem::new(field, "required", sentence));
            continue;
        };
        let free = since.plus_months(MONTHS).plus_days(1);
        if today < free {
            let sentence = say!(
                "{what}未满五年，{free}起才能担任，请另选；依据：慈善法 第十六条。",
                what,
                free
            );
            found.push(Problem::new(question, "barred", sentence));
        }
    }
    found
}

fn term(answers: &Answers, known: &Known) -> Vec<Problem> {
    let (Some(from), Some(until)) = (answers.day("term_from"), answers.day("term_until")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if from > known.today {
        found.push(Problem::new(
            "term_from",
            "ahead",
            "任期还没有开始，请到那一天再备案；依据：基金会管理条例 第二十条。",
        ));
    }
    if until < from || until < known.today {
        found.push(Problem::new(
            "term_until",
            "over",
            "任期结束日要在开始日和今天以后，请照决议改正；依据：基金会管理条例 第二十条。",
        ));
    }
    let latest = from.plus_months(MONTHS);
    if known.around.kind == Some(OrganisationKind::Foundation) && until > latest {
        let sentence = say!(
            "基金会理事每届任期最长五年，最晚到{latest}，请缩短任期；依据：基金会管理条例 第二十条。",
            latest
        );
        found.push(Problem::new("term_until", "too_long", sentence));
    }
    found
}

/// Whoever may raise from the public has two people in the two posts (CF-02).
fn one_person(answers: &Answers, known: &Known) -> Option<Problem> {
    let other = match item_of_post(answers.get("post"))? {
        Item::Chair => Item::Secretary,
        _ => Item::Chair,
    };
    let is_qualified = matches!(known.register.right(known.today), Right::Valid(_));
    let entry = known.register.on(other, known.today)?;
    let is_same = is_qualified && entry.new.words == answers.get("name");
    is_same.then(|| {
        let sentence = "有公开募捐资格的，理事长不能兼任秘书长，请另选；依据：慈善组织公开募捐管理办法 第五条。";
        Problem::new("name", "same_person", sentence)
    })
}
