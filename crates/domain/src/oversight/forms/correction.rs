//! What an office writes down before an entry of a register is corrected 更正登记记载: which entry, what is right, why.

use super::measure::{EVIDENCE, FACTS, REASON};
use super::{Answers, Condition, Field, Form, Kind, Known, Needed};
use crate::oversight::effects::{CorrectionRefused, correction};
use crate::parties::register::STANDING_CHOICES;
use crate::refusal::Refused;
use crate::text::Problem;

const LAW: &str = "慈善法 第七十六条";

/// 〔更正意见〕
pub(super) const CORRECTION: Form = Form {
    procedure: "correction",
    about: "原来的记载不删除，标明已更正；从更正的时刻起按新的记载计算，查更正以前的时刻仍然是原来的样子。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "核对了原始文件，原来的记载确实有误；情况后来变化的不是更正，请另办变更。",
        law: LAW,
    }],
    fields: &[
        Field {
            name: "entry",
            label: "有误的记载",
            help: "填这条记载在日志里的序号，组织页面上每条记载的末尾写着。",
            kind: Kind::Count,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "standing",
            label: "正确的状态",
            help: "名称、住所这类用文字登记的事项不用选。",
            kind: Kind::Choice(&STANDING_CHOICES),
            needed: Needed::Optional,
            law: LAW,
        },
        Field {
            name: "words",
            label: "正确的内容",
            help: "只有名称、住所、业务范围、法定代表人、章程要填。",
            kind: Kind::Line,
            needed: Needed::Optional,
            law: LAW,
        },
        Field {
            name: "from",
            label: "正确的起始日",
            help: "照原始文件填写，不能晚于今天。",
            kind: Kind::Day,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "until",
            label: "正确的终止日",
            help: "不定期限的不用填。",
            kind: Kind::Day,
            needed: Needed::Optional,
            law: LAW,
        },
        FACTS,
        REASON,
    ],
    slots: &[EVIDENCE],
    facts: &[],
    check,
};

fn check(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut words = crate::text::Form::new();
    words.public("public_reason", REASON.label, answers.get("public_reason"));
    let mut found = words.problems();
    match correction(answers, &known.register, known.today) {
        Ok(_) => {}
        // What is not filled in yet is asked for by its field.
        Err(CorrectionRefused::Incomplete) => {}
        Err(refused) => {
            let field = refused.field().unwrap_or("entry");
            found.push(Problem::new(field, refused.code(), refused.sentence()));
        }
    }
    found
}
