//! Example pages of a rule of the law.

use super::examples::Shape;
use app::view::{
    Coded, RuleChange, RuleClock, RuleDeadline, RuleLine, RuleNumber, RulePage, RuleSource,
    RuleVersion,
};
use domain::say;
use kernel::Day;

fn coded(code: &str, title: &str) -> Coded {
    Coded {
        code: code.into(),
        title: title.into(),
    }
}

fn line(shape: Shape) -> RuleLine {
    let day = Day::from_number(20_000);
    RuleLine {
        id: "CF-08".into(),
        title: shape.name("募捐方案备案的期限"),
        text: shape.name("开展公开募捐前，在期限内报送募捐方案备案。"),
        group: coded("CF", "公开募捐资格与募捐活动"),
        sources: shape.rows(2, |_| shape.text("《慈善组织公开募捐管理办法》第十一条")),
        binds: shape.rows(2, |_| coded("PF-ORG", "具有公开募捐资格的慈善组织")),
        severity: coded("block", "禁止"),
        enforced: coded("warn", "提示"),
        status: coded("R-M", "未核对，把握一般，只作提示"),
        region: match shape {
            Shape::Extreme => coded("440100", "广州市"),
            _ => coded("CN", "全国"),
        },
        from: shape.some(day.to_string()),
        since: say!("{day}", day),
        until: shape.some("2025-12-31".into()),
    }
}

fn deadline(shape: Shape, n: usize) -> RuleDeadline {
    RuleDeadline {
        key: format!("filing_submit_{n}"),
        duty: shape.text("报送募捐方案备案"),
        since: shape.text("募捐活动开始"),
        owes: vec![coded("PF-ORG", "具有公开募捐资格的慈善组织")],
        length: say!("至少提前{length}", length = say!("{n}日", n = 10_u32)),
        notes: vec!["按到期那一天施行的规定计算。".into()],
        clock: n.is_multiple_of(2).then(|| RuleClock {
            from: "2026-11-22".into(),
            last: (n == 0).then(|| "2026-12-02".into()),
            other: Some("2026-12-07".into()),
            latest: Some("2027-01-04".into()),
            sentence: "程序检查到违反时，只提示办理的人，不阻止。".into(),
        }),
        unreadable: (shape == Shape::Extreme).then(|| shape.text("昨天")),
    }
}

/// A rule with everything that it may have.
pub(super) fn page(shape: Shape) -> RulePage {
    let version = |n: usize| RuleVersion {
        line: line(shape),
        on: "2025-06-30".into(),
        holds: n == 0,
        shown: n == 0,
        against_nation: n == 2,
        changes: shape.rows(n, |_| RuleChange {
            about: "内容".into(),
            name: shape.some(shape.text("公开的最后一日")),
            old: shape.some(shape.text("旧").into()),
            new: (n > 1).then(|| shape.text("新").into()),
            chinese: n > 1,
        }),
    };
    RulePage {
        line: line(shape),
        on: "2025-06-30".into(),
        is_today: shape == Shape::Everyday,
        holds: shape != Shape::Empty,
        advice: shape.rows(1, |_| shape.text("不是日期。").into()),
        effect: "程序检查到违反时，只提示办理的人，不阻止。".into(),
        caution: shape.some("这个数字还没有核对原文，只作提示，不会阻止任何人。".into()),
        note: shape.some(shape.text("条文没有读到。")),
        sources: shape.rows(2, |_| RuleSource {
            text: shape.text("《慈善组织公开募捐管理办法》（民政部令第74号）第十一条"),
            since: "起始日没有读到".into(),
            until: shape.some("2025-12-31".into()),
            note: shape.some(shape.text("原文公布时没有写明。")),
        }),
        readings: shape.rows(2, |_| shape.text("全文：某网站")),
        numbers: shape.rows(3, |n| RuleNumber {
            name: format!("number_{n}"),
            title: shape.text("开始前"),
            value: say!("{n}日", n = 10_u32),
            words: "十日".into(),
            status: coded("R-M", "未核对，把握一般，只作提示"),
            ours: n == 2,
            source: shape.some(shape.text("《广州市慈善促进条例》第二十四条")),
            caution: (n > 0).then(|| "这个数字还没有核对原文，只作提示，不会阻止任何人。".into()),
        }),
        versions: (0..3).map(version).collect(),
        deadlines: shape.rows(3, |n| deadline(shape, n)),
        previous: shape.some(coded("CF-07", &shape.text("募捐方案的内容"))),
        next: shape.some(coded("CF-09", &shape.text("一次活动一次备案"))),
    }
}
