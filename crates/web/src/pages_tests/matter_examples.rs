//! Example matters and guides: the real forms, filled in everyday and extreme ways.

use super::examples::{Shape, link};
use app::view::*;
use domain::oversight::forms::{FORMS, Form};
use domain::say;
use domain::text::Problem;

pub(super) fn form() -> &'static Form {
    FORMS[1]
}

pub(super) fn clock(shape: Shape, light: &'static str) -> ClockLine {
    ClockLine {
        title: "作出资格决定",
        nature: "法定",
        law: "慈善法 第二十二条；慈善组织公开募捐管理办法 第五条",
        counting: "行政许可法 第八十二条：按工作日计算，不含法定节假日",
        light,
        says: say!("还有{left}个工作日。", left = 3_i64),
        started: "2026-11-03".into(),
        due: "2026-12-01".to_string().into(),
        otherwise: shape.some(say!("如按自然日计算：{due}", due = "2026-11-23")),
        owed_by: "登记管理机关负责人",
        level: shape.some("上级民政部门"),
        notes: shape.rows(1, |_| {
            say!(
                "{from}起中止：{reason}",
                from = "2026-11-05",
                reason = shape.text("等待鉴定")
            )
        }),
    }
}

fn gap(shape: Shape, n: usize) -> GapLine {
    GapLine {
        anchor: if n.is_multiple_of(2) {
            "resolution"
        } else {
            ""
        },
        item: if n.is_multiple_of(2) {
            "内部决议"
        } else {
            "其他"
        },
        missing: shape.name("缺少签名，请补签后重新上传。"),
    }
}

fn taken(shape: Shape, n: usize) -> TakenLine {
    TakenLine {
        step: "一次性告知补正",
        who: shape.name("沈受理").into(),
        at: "2026-11-22T10:00:00Z".into(),
        dated: shape.some("2026-11-20".into()),
        reason: shape.text("材料不齐"),
        gaps: if n == 0 {
            shape.rows(3, |n| gap(shape, n))
        } else {
            Vec::new()
        },
    }
}

pub(super) fn offer(shape: Shape, name: &'static str, may: bool) -> StepOffer {
    StepOffer {
        name,
        title: "一次性告知补正",
        may,
        why: if may {
            "".into()
        } else {
            "这一步由登记管理机关经办办理，请转给有这个岗位的人。".into()
        },
        leads_to: "待补正",
        effect: "办理后记入经过，状态不变。".into(),
        asks_reason: true,
        asks_gaps: name == "return",
        asks_day: shape == Shape::Extreme,
        longer_by: shape.some(60),
        writes: (shape == Shape::Extreme)
            .then(|| domain::oversight::effects::effect("suspension", "decide"))
            .flatten(),
        hands_in: name == "prepare",
        ends: shape == Shape::Extreme,
        on_behalf: (may && shape == Shape::Extreme).then(|| link(shape, "usr", "王静")),
    }
}

/// The conditions of somebody of whom nothing is known.
pub(super) fn eligibility() -> Vec<domain::oversight::eligibility::Checked> {
    use domain::oversight::eligibility::{Facts, Reports, eligibility};
    eligibility(&Facts {
        today: kernel::Day::from_number(20_000),
        region: None,
        register: &domain::parties::register::Register::default(),
        reports: Reports { due: 3, on_time: 3 },
        answers: &domain::oversight::forms::Answers::default(),
        papers: &[],
    })
}

pub(super) fn page(shape: Shape) -> MatterPage {
    let form = form();
    let answer = |field| AnswerLine {
        field,
        value: shape.text("九"),
        needed: true,
    };
    let file = |n: usize| PaperFile {
        sha256: format!("{n:064}"),
        title: shape.name("会议纪要.pdf"),
        length: 1_000,
    };
    let paper = |slot| PaperLine {
        slot,
        needed: true,
        files: shape.rows(1, file),
    };
    MatterPage {
        id: "mat_06h2m9qxk4v7tz".into(),
        organisation: link(shape, "org", "云山县慈善总会"),
        procedure: form.procedure,
        title: "公开募捐资格申请",
        state: "待补正",
        phase: "mending",
        version: 4,
        opened: "2026-11-01".into(),
        code: shape.some("AB12CD34".into()),
        waits_for: shape.rows(1, |_| "机构经办"),
        clocks: shape.rows(1, |_| clock(shape, "yellow")),
        history: shape.rows(2, |n| taken(shape, n)),
        gaps: shape.rows(3, |n| gap(shape, n)),
        returned: shape.some("2026-11-22T10:00:00Z".into()),
        answers: form.fields.iter().map(answer).collect(),
        papers: form.slots.iter().map(paper).collect(),
        eligibility: eligibility(),
        figures: vec![("满一年的日期", "2026-11-23".to_string().into())],
        problems: vec![Problem::new(
            "staff",
            "required",
            "要有专职工作人员，请先聘用再申请；依据：慈善组织公开募捐管理办法 第五条。",
        )],
        editable: true,
        steps: vec![offer(shape, "prepare", true), offer(shape, "return", false)],
    }
}

fn guide_clock() -> GuideClock {
    GuideClock {
        title: "作出资格决定",
        nature: "法定",
        length: say!("{n}个工作日", n = 20_i64),
        law: "慈善法 第二十二条",
        counting: "行政许可法 第八十二条：按工作日计算，不含法定节假日",
        owed_by: "登记管理机关负责人",
    }
}

pub(super) fn hall_line(shape: Shape) -> HallLine {
    HallLine {
        name: "qualification",
        title: "公开募捐资格申请",
        about: form().about,
        online: shape != Shape::Empty,
        statutory: shape.rows(2, |_| guide_clock()),
        measured: shape.some(took()),
    }
}

fn took() -> Measured {
    Measured {
        count: 12,
        median: 9,
        ninetieth: 17,
        unknown: 0,
    }
}

pub(super) fn guide(shape: Shape) -> GuidePage {
    let form = form();
    GuidePage {
        line: hall_line(shape),
        rules: &["CF-01", "CF-02"],
        applicants: form.applicants,
        conditions: form.conditions,
        fields: form.fields,
        slots: form.slots,
        route: shape.rows(3, |n| RouteState {
            title: "已受理",
            phase: "deciding",
            steps: (0..n)
                .map(|_| RouteStep {
                    title: "审查",
                    who: vec!["登记管理机关经办", "登记管理机关负责人"],
                    leads_to: shape.some("已取得资格"),
                })
                .collect(),
        }),
        clocks: vec![guide_clock()],
        steps_took: shape.rows(2, |_| ("审查", took())),
    }
}

pub(super) fn track(shape: Shape) -> TrackPage {
    TrackPage {
        id: "mat_06h2m9qxk4v7tz".into(),
        title: "公开募捐资格申请",
        state: "待补正",
        phase: "mending",
        waits_for: vec!["机构复核"],
        steps: shape.rows(3, |_| ("受理", "2026-11-22".into())),
        gaps: usize::from(shape != Shape::Empty),
        clocks: shape.rows(1, |_| clock(shape, "red")),
    }
}
