//! Every refusal in words, with code, law and field.

use super::*;
use crate::oversight::procedures::{FILING, RECOGNITION};
use kernel::{Day, Timestamp};
use matter::Person;

#[track_caller]
fn check(procedure: &'static Procedure, refused: StepRefused, want: &str) {
    let refusal = StepRefusal { procedure, refused };
    assert_eq!(refusal.sentence().to_string(), want);
    assert_eq!(refusal.code(), refusal.refused.code());
}

#[test]
fn what_the_matter_says() {
    check(
        &FILING,
        StepRefused::Unknown,
        "没有这个办理步骤，请刷新页面后重新选择。",
    );
    check(
        &FILING,
        StepRefused::Ended { state: "withdrawn" },
        "这件事项已经办结（已撤回），不能再办理；需要时请另行申请。",
    );
    check(
        &FILING,
        StepRefused::HistoryFull { limit: 1000 },
        "这件事项已有1000条办理记录，达到上限，请另行立项并说明原事项。",
    );
    let last = Timestamp::from_micros(0);
    check(
        &FILING,
        StepRefused::Backwards { last },
        "已有更晚的办理记录，请刷新页面，核对时间后再办理。",
    );
    check(
        &FILING,
        StepRefused::NotNow {
            state: "filed",
            from: &["draft", "returned"],
        },
        "事项现在是“已备案公开”，这一步要在“拟定方案、待补齐”时办理，请刷新页面查看现在可以办理的步骤。",
    );
    check(
        &FILING,
        StepRefused::NotHere { fact: "major" },
        "这件事项是否“章程规定须经理事会决定”与这一步不符，不用办理；情况有变请先更正申请内容。",
    );
}

#[test]
fn what_is_said_of_people() {
    let person = Person(1);
    let rows = [
        (
            StepRefused::System,
            "由系统自动办理的步骤和由人办理的步骤不能互相代替，请选择其他步骤。",
        ),
        (
            StepRefused::NotRepresented {
                represented: person,
            },
            "今天没有这个岗位的有效委托，请核对委托人、岗位和委托起止日期。",
        ),
        (
            StepRefused::Role {
                roles: &["clerk", "leader"],
            },
            "这一步由登记管理机关经办、登记管理机关负责人办理，请转给有这个岗位的人。",
        ),
        (
            StepRefused::Interested { person },
            "办理人或者委托人与这件事项有利害关系，应当回避，请转给其他人办理。",
        ),
        (
            StepRefused::SamePerson {
                person,
                step: "review",
            },
            "办理人或者委托人已经办理过“审查”，这一步要由另一个人办理，请转给其他人。",
        ),
        (
            StepRefused::AlreadyGiven { person },
            "办理人或者委托人已经给过意见，还需要其他人的意见，请转给其他人。",
        ),
        (
            StepRefused::Lacking {
                lacking: vec![Lacking {
                    step: "review",
                    people: 2,
                    given: 1,
                }],
            },
            "还差这些意见：审查（要2人，已有1人）；请等齐之后再办理。",
        ),
    ];
    for (refused, want) in rows {
        check(&RECOGNITION, refused, want);
    }
}

#[test]
fn what_is_said_of_clocks() {
    let due = Day::from_ymd(2026, 3, 30).unwrap();
    let clock = "decision";
    let rows = [
        (
            StepRefused::TooEarly {
                clock,
                due: Some(due),
            },
            "“作出认定决定”到2026-03-30才期满，请在这一天之后办理。",
        ),
        (
            StepRefused::TooEarly { clock, due: None },
            "“作出认定决定”还没有起算或者正在中止，请等期满后办理。",
        ),
        (
            StepRefused::ClockUnknown { clock, year: 2027 },
            "还没有2027年的放假安排，不知道“作出认定决定”何时期满，请管理员导入后再办理。",
        ),
        (
            StepRefused::TooLate { clock, due },
            "“作出认定决定”已在2026-03-30期满，不能再办理这一步，请查看现在可以办理的步骤。",
        ),
        (
            StepRefused::NoClock { clock },
            "“作出认定决定”现在没有计时，不用延长。",
        ),
        (
            StepRefused::ExtendedBefore { clock },
            "“作出认定决定”已经延长过一次，不能再延长，请在期限内办结。",
        ),
        (
            StepRefused::Extension { clock, most: 60 },
            "“作出认定决定”可以延长1到60日，请改正延长的天数。",
        ),
    ];
    for (refused, want) in rows {
        check(&RECOGNITION, refused, want);
    }
}

#[test]
fn what_is_said_of_the_form() {
    let today = Day::from_ymd(2026, 3, 30).unwrap();
    let rows = [
        (
            StepRefused::ReasonMissing,
            "请写明理由，理由会记入办理记录。",
        ),
        (
            StepRefused::ReasonTooLong { limit: 2000 },
            "理由最多2000个字，请写短一些。",
        ),
        (
            StepRefused::GapsMissing,
            "退回时要一次告知全部缺少的内容，请逐项填写。",
        ),
        (
            StepRefused::GapsMisplaced,
            "只有退回补正才列缺少的内容，请去掉后再办理。",
        ),
        (
            StepRefused::GapsWrong {
                most: 60,
                characters: 500,
            },
            "缺少的内容最多60项，每项都要写明且不超过500个字，请改正。",
        ),
        (StepRefused::DayMissing, "请填写这件事发生的日期。"),
        (
            StepRefused::DayMisplaced,
            "这一步按办理当天记录，请去掉日期。",
        ),
        (
            StepRefused::DayAhead { today },
            "日期不能晚于今天（2026-03-30），请改正。",
        ),
        (
            StepRefused::FactWrong {
                fact: "huge".into(),
            },
            "这一步不能说明“huge”，请刷新页面后重新填写。",
        ),
    ];
    for (refused, want) in rows {
        let refusal = StepRefusal {
            procedure: &RECOGNITION,
            refused: refused.clone(),
        };
        assert!(refusal.field().is_some(), "{}", refusal.code());
        check(&RECOGNITION, refused, want);
    }
}

#[test]
fn clocks_cite_their_law() {
    let law = |refused| {
        let procedure = &RECOGNITION;
        StepRefusal { procedure, refused }.law()
    };
    let clock = "decision";
    let due = Day::from_ymd(2026, 3, 30).unwrap();
    assert_eq!(
        law(StepRefused::TooLate { clock, due }),
        Some("慈善法 第十条")
    );
    let longer = law(StepRefused::Extension { clock, most: 60 });
    assert!(longer.unwrap().contains("国务院民政部门批准"));
    assert_eq!(law(StepRefused::ReasonMissing), None);
}
