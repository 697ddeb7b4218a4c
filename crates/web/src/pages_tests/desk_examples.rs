//! Example pages of the desk.

use super::examples::{Shape, card, disbursement_line, fund, gift, link, place, question};
use app::view::*;

pub(super) fn desk(shape: Shape) -> DeskPage {
    let may = [
        "donation_enter",
        "campaign_edit",
        "settlement_record",
        "fund_open",
        "goods_record",
    ];
    DeskPage {
        ended: shape.some("清算中".into()),
        organisation: link(shape, "org", "云山县慈善总会"),
        may: if shape == Shape::Empty {
            Vec::new()
        } else {
            may.map(String::from).to_vec()
        },
        duties: shape.rows(3, |n| DutyLine {
            kind: ["disclosure_final", "check", "question"][n % 3].into(),
            title: ["公布结项报告", "复核拨付", "答复提问"][n % 3].into(),
            object: link(shape, ["cam", "dsb", "qst"][n % 3], "云山县冬衣计划"),
            amount: (n == 1).then(|| shape.money(300_000)),
            due: format!("2026-11-2{n}"),
            urgency: ["late", "soon", "later"][n % 3].into(),
            days: 3,
            law: (n == 0).then(|| "慈善法 第七十九条".into()),
            mine: n != 2,
        }),
        questions: shape.rows(1, |n| question(shape, n)),
        waiting: shape.rows(2, |n| disbursement_line(shape, n)),
        repairs: shape.rows(1, |_| RepairLine {
            id: "rpr_06h2m9qxk4v7tz".into(),
            what: "冲回流转mov_06h2m9qxk4v7tz".into(),
            subject: "mov_06h2m9qxk4v7tz".into(),
            reason: shape.text("付错了账户"),
            who: shape.name("文经办"),
            at: "2026-11-22T10:00:00+08:00".into(),
            state: "asked".into(),
            may: vec!["confirm".into(), "refuse".into()],
            books: true,
        }),
        held: shape.rows(1, |_| HeldLine {
            gift: gift(shape, 2),
            reason: shape.name("到账时活动已经结束。"),
        }),
        campaigns: shape.rows(3, |n| card(shape, n)),
        funds: shape.rows(5, |n| fund(shape, n)),
        places: shape.rows(3, |n| place(shape, n)),
        imports: shape.rows(1, |_| ImportRunLine {
            id: "imp_06h2m9qxk4v7tz".into(),
            layout: "支付宝账单".into(),
            file: shape.name("账单-2026-11.csv"),
            state: "posted".into(),
            rows: 120,
            accepted: 118,
            rejected: 2,
            posted: 118,
            amount: 1_000_000,
            amount_accepted: 990_000,
            amount_rejected: 10_000,
            at: "2026-11-20T02:00:00Z".into(),
        }),
        recent: shape.rows(5, |n| gift(shape, n)),
    }
}

pub(super) fn disbursement(shape: Shape) -> DisbursementPage {
    DisbursementPage {
        line: disbursement_line(shape, 0),
        rule: domain::funds::Class::Direct.rule(),
        organisation: link(shape, "org", "云山县慈善总会"),
        fund: fund(shape, 0),
        steps: shape.rows(2, |n| StepLine {
            step: ["申请", "复核"][n % 2].into(),
            who: "王静".into(),
            at: "2026-11-20T02:00:00Z".into(),
            reason: shape.text("发票三张，已核对。"),
            voucher: shape.text("ICBC20261120001"),
        }),
        may: if shape == Shape::Empty {
            Vec::new()
        } else {
            vec!["check".into(), "pay".into(), "refuse".into()]
        },
        effect: shape
            .text("复核通过后，48,000.00元被预留，等待出纳付款。")
            .into(),
        places: shape.rows(2, |n| place(shape, n)),
        delivery: shape.some("dlv_06h2m9qxk4v7tz".into()),
        assumption: if shape == Shape::Extreme {
            "资料没有写明是哪一项资金。".into()
        } else {
            String::new()
        },
    }
}
