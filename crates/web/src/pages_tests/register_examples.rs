//! Example values of registers and certificates.

use super::examples::{HOSTILE, Shape, link, organisation_line, salts, stream_record};
use app::view::{
    AnnualReportLine, AnnualReportPage, CertificateView, ContactView, RegisterLine, RegisterView,
};

pub(super) fn register(shape: Shape) -> RegisterView {
    RegisterView {
        on: "2026-11-22".into(),
        known: (shape == Shape::Extreme).then(|| "2026-05-01T11:59:59+08:00".into()),
        is_now: shape != Shape::Extreme,
        right: if shape == Shape::Empty {
            "unknown"
        } else {
            "stopped"
        }
        .into(),
        right_sentence: "公开募捐资格已经中止，不能公开募捐。".into(),
        holding: shape.rows(3, |n| register_line(shape, n)),
        former_names: shape.rows(1, |_| register_line(shape, 3)),
        entries: shape.rows(4, |n| register_line(shape, n)),
        successors: shape.rows(1, |_| link(shape, "org", "云山县慈善会")),
        record: shape.some(stream_record(shape, "register")),
        count: shape.money(2_348),
        older: shape.some(3_100),
        salts: salts(shape, 3_228, &["reason"]),
    }
}

/// The report of a year: published in time, late, or not yet.
pub(super) fn annual_line(shape: Shape, n: usize) -> AnnualReportLine {
    let (state, title) = [
        ("in_time", "按时公开"),
        ("late", "晚于期限公开"),
        ("missing", "逾期没有公开"),
    ][n % 3];
    AnnualReportLine {
        year: 2025 - i64::try_from(n).unwrap_or(0),
        due: "2026-06-01".into(),
        published: (state != "missing").then(|| "2026-04-20".into()),
        state: state.into(),
        state_title: shape.name(title),
    }
}

pub(super) fn annual_report(shape: Shape) -> AnnualReportPage {
    AnnualReportPage {
        organisation: organisation_line(shape),
        line: annual_line(shape, 0),
        lines: shape.rows(3, |_| {
            (
                "开展的慈善活动".into(),
                shape.text("助学二百人，走访十个村。"),
            )
        }),
        ratios: if shape == Shape::Empty {
            Vec::new()
        } else {
            vec![("管理费用占本年总支出", "9.42%".into())]
        },
        entry: register_line(shape, 3),
        versions: shape.rows(2, |n| register_line(shape, n)),
        salts: salts(shape, 3_228, &["words"]),
    }
}

/// A certificate: none, an everyday one, and one whose words are too many for a code.
pub(super) fn certificate(shape: Shape) -> CertificateView {
    CertificateView {
        kind: "fundraising".into(),
        title: "公开募捐资格证明".into(),
        item_title: "公开募捐资格".into(),
        organisation: organisation_line(shape),
        entry: shape.some(register_line(shape, 2)),
        waits: false,
        issued: "2026-11-22".into(),
        drawn_at: "2026-11-22T04:05:06Z".into(),
        origin: shape.name("shanji.example/log"),
        key: "shanji.example/log+00000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into(),
        payload: (shape == Shape::Everyday)
            .then(|| format!("SJ1.{}.{}", "A".repeat(300), "B".repeat(91))),
    }
}

pub(super) fn register_line(shape: Shape, n: usize) -> RegisterLine {
    let (item, title, standing, standing_title) = [
        ("legal", "法人登记", "in_force", "存续"),
        ("charity", "慈善组织", "recognised", "认定为慈善组织"),
        ("fundraising", "公开募捐资格", "suspended", "已中止"),
        ("name", "名称", "", ""),
    ][n % 4];
    let has_standing = !standing.is_empty();
    RegisterLine {
        id: format!("reg_06H2M9QXK4V7T{n}"),
        item: item.into(),
        item_title: title.into(),
        standing: has_standing.then(|| standing.into()),
        standing_title: has_standing.then(|| standing_title.into()),
        words: if has_standing {
            String::new()
        } else {
            shape.text("云山县慈善会")
        },
        from: "2026-11-20".into(),
        until: shape.some("2027-02-19".into()),
        office: shape.name("云山省民政厅"),
        document: shape.name("云民慈〔2026〕16号"),
        law: shape.text("慈善法 第一百一十一条"),
        reason: shape.text("结算资料不符，限期整改。"),
        source: shape.text("云山省社会组织登记簿"),
        matter: (n == 2).then(|| "mat_06H2M9QXK4V7TZ".into()),
        is_corrected: n == 1,
        holds: n != 1,
        recorded_at: "2026-11-20T06:00:00Z".into(),
        leaf_index: shape.money(3_228),
        successor: (n == 3).then(|| "org_06h2m9qxk4v7tz".into()),
    }
}

pub(super) fn contact(shape: Shape) -> ContactView {
    // The longest lines that the form takes; there is no page without an organisation.
    let hostile = if shape == Shape::Extreme { HOSTILE } else { "" };
    ContactView {
        organisation: link(shape, "org", "云山县慈善总会"),
        desk: format!("捐赠服务处{hostile}"),
        telephones: shape
            .rows(2, |n| format!("0000-8800100{n}"))
            .into_iter()
            .take(3)
            .collect(),
        mail: shape
            .some("donors@yunshan.example.org".to_string())
            .unwrap_or_default(),
        address: shape
            .some("云山省江城市和平路1号".to_string())
            .unwrap_or_default(),
        hours: shape
            .some("周一至周五 9:00至17:00".to_string())
            .unwrap_or_default(),
        said_on: shape.some("2026-11-20".into()),
        register_office: shape.some("云山省民政厅".to_string()).unwrap_or_default(),
    }
}
