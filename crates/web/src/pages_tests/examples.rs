//! Example values for every view: an everyday one and an extreme one.

use super::log_examples::witnessed;
pub(super) use super::people::who;
use app::view::*;

/// Everyday or extreme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// As on most days.
    Everyday,
    /// Long names, huge amounts, hostile words, everything there.
    Extreme,
    /// As on the first day: nothing there.
    Empty,
}

pub(super) const SHAPES: [Shape; 3] = [Shape::Everyday, Shape::Extreme, Shape::Empty];

pub(super) const HOSTILE: &str = "<script>alert(1)</script>\"'>&amp;<b>";

impl Shape {
    pub(super) fn text(self, everyday: &str) -> String {
        match self {
            Shape::Everyday => everyday.into(),
            Shape::Extreme => format!("{everyday}{}{HOSTILE}", "很长的名称".repeat(18)),
            Shape::Empty => String::new(),
        }
    }

    pub(super) fn name(self, everyday: &str) -> String {
        if self == Shape::Empty {
            everyday.into()
        } else {
            self.text(everyday)
        }
    }

    pub(super) fn money(self, everyday: i64) -> i64 {
        match self {
            Shape::Everyday => everyday,
            Shape::Extreme => 100_000_000_000_000_000 + everyday,
            Shape::Empty => 0,
        }
    }

    pub(super) fn some<T>(self, value: T) -> Option<T> {
        (self != Shape::Empty).then_some(value)
    }

    pub(super) fn rows<T>(self, count: usize, row: impl Fn(usize) -> T) -> Vec<T> {
        let count = match self {
            Shape::Everyday => count,
            Shape::Extreme => count * 4,
            Shape::Empty => 0,
        };
        (0..count).map(row).collect()
    }
}

pub(super) fn link(shape: Shape, kind: &str, title: &str) -> Link {
    Link {
        id: format!("{kind}_06h2m9qxk4v7tz"),
        title: shape.name(title),
    }
}

pub(super) fn totals(shape: Shape) -> HouseTotals {
    HouseTotals {
        raised: shape.money(128_450_000),
        delivered: shape.money(61_200_000),
        advanced: shape.money(20_000_000),
        purchased: shape.money(1_950_000),
        cost: shape.money(4_472_500),
        unspent: shape.money(40_827_500),
        gifts: shape.money(1_843),
        organisations: shape.money(27),
    }
}

pub(super) fn card(shape: Shape, n: usize) -> CampaignCard {
    let titles = [
        "云山县乡村小学冬衣计划",
        "清河镇困难老人助餐",
        "青石乡村卫生室修缮",
    ];
    let states = [("live", "募捐中"), ("live", "募捐中"), ("ended", "已结束")];
    let (state, state_title) = states[n % 3];
    CampaignCard {
        id: format!("cam_06h2m9qxk4v7t{n}"),
        title: shape.name(titles[n % 3]),
        organisation: link(shape, "org", "云山县慈善总会"),
        state: state.into(),
        state_title: state_title.into(),
        starts_on: "2026-10-01".into(),
        ends_on: "2027-01-31".into(),
        target: shape.money(50_000_000),
        raised: shape.money(32_145_050),
        gifts: shape.money(612),
        delivered: shape.money(12_000_000),
        advanced: shape.money(8_000_000),
        purchased: shape.money(1_250_000),
        cost: shape.money(1_145_050),
        unspent: shape.money(11_000_000),
        progress: shape.some(if shape == Shape::Extreme {
            999_999_999
        } else {
            6_429
        }),
    }
}

pub(super) fn gift(shape: Shape, n: usize) -> GiftLine {
    let donors = [
        "王**",
        "爱心人士",
        "云山县第二建筑有限公司",
        "李*",
        "欧阳**",
    ];
    let states = [
        "standing",
        "standing",
        "held",
        "refunded",
        "reassigned",
        "corrected",
    ];
    let amounts = [5_000, 10_000, 2_000_000, 20, 66_600];
    GiftLine {
        id: format!("don_06h2m9qxk4v7tz{n}"),
        donor: shape.name(donors[n % 5]),
        amount: shape.money(amounts[n % 5]),
        unit: if shape == Shape::Extreme && n == 1 {
            "箱".into()
        } else {
            "fen".into()
        },
        day: "2026-11-22".into(),
        channel: ["演示支付", "现金", "银行转账"][n % 3].into(),
        state: states[n % 6].into(),
        campaign: Some(link(shape, "cam", "云山县乡村小学冬衣计划")),
        leaf_index: 7,
    }
}

pub(super) fn fund(shape: Shape, n: usize) -> FundLine {
    let kinds = [
        ("project", "项目资金", "冬衣计划项目资金"),
        ("administrative", "管理费", "冬衣计划管理费"),
        ("advance", "预付执行机构", "预付云山县教育基金会"),
        ("held", "待处理款", "待处理款"),
        ("goods", "物资", "儿童羽绒服 130码"),
    ];
    let (kind, kind_title, title) = kinds[n % 5];
    FundLine {
        id: format!("fun_06h2m9qxk4v7tz{n}"),
        title: shape.name(title),
        kind: kind.into(),
        kind_title: kind_title.into(),
        unit: if kind == "goods" {
            "件".into()
        } else {
            "fen".into()
        },
        restriction: "用途限定".into(),
        inflow: shape.money(32_145_050),
        outflow: shape.money(20_000_000),
        reserved: shape.money(500_000),
        balance: shape.money(12_145_050),
    }
}

pub(super) fn place(shape: Shape, n: usize) -> PlaceLine {
    let rows = [
        ("1002", "银行存款", "农商银行基本户"),
        ("1009", "支付渠道在途", "演示支付"),
        ("1001", "现金", "现金柜"),
    ];
    let (account, account_title, title) = rows[n % 3];
    PlaceLine {
        id: format!("pla_06h2m9qxk4v7tz{n}"),
        title: shape.name(title),
        account: account.into(),
        account_title: account_title.into(),
        amount: shape.money(8_000_000),
    }
}

pub(super) fn movement(shape: Shape, n: usize) -> MovementLine {
    let kinds = [
        ("gift", "捐赠收入"),
        ("delivery", "送达"),
        ("allotment", "调拨"),
    ];
    let (kind, kind_title) = kinds[n % 3];
    MovementLine {
        id: format!("mov_06h2m9qxk4v7tz{n}"),
        kind: kind.into(),
        kind_title: kind_title.into(),
        amount: shape.money(5_000),
        from: (kind != "gift").then(|| link(shape, "fun", "冬衣计划项目资金")),
        out_span: (kind != "gift").then_some((1_000, 6_000)),
        to: (kind != "delivery").then(|| link(shape, "fun", "冬衣计划项目资金")),
        in_span: (kind != "delivery").then_some((32_140_050, 32_145_050)),
        place_from: shape.some("农商银行基本户".into()),
        place_to: shape.some("现金柜".into()),
        day: "2026-11-22".into(),
        donation: shape.some("don_06h2m9qxk4v7tz0".into()),
        leaf_index: 18_420 + i64::try_from(n).unwrap(),
    }
}

pub(super) fn checkpoint(n: i64) -> CheckpointView {
    CheckpointView {
        size: 18_431 - n,
        root: "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=".into(),
        note: "log.shanji.example/yunshan\n18431\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n\n— log.shanji.example/yunshan Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n".into(),
        signed_at: "2026-11-22T12:40:00Z".into(),
    }
}

pub(super) fn home(shape: Shape) -> HomePage {
    HomePage {
        deliveries: shape.rows(3, |n| delivery(shape, n)),
        totals: totals(shape),
        campaigns: shape.rows(3, |n| card(shape, n)),
        recent: shape.rows(5, |n| gift(shape, n)),
        checkpoint: shape.some(checkpoint(0)),
    }
}

fn delivery(shape: Shape, n: usize) -> DeliveryLine {
    DeliveryLine {
        id: format!("del_06h2m9qxk4v7tz{n}"),
        payee: shape.name("云山县高寒乡镇小学生"),
        scheme: shape.name("冬衣第一批"),
        amount: shape.money(4_800_000),
        unit: "fen".into(),
        standing: shape.money(4_800_000),
        state: "standing".into(),
        state_title: "已送达".into(),
        persons: shape.money(200),
        reached_on: "2026-11-18".into(),
        movement: "mov_06h2m9qxk4v7tz1".into(),
        evidence: 2,
        picture: shape.some(PictureLine {
            sha256: "5e".repeat(32),
            title: shape.name("发放现场"),
        }),
        leaf_index: 1_204,
    }
}

pub(super) fn organisation_line(shape: Shape) -> OrganisationLine {
    OrganisationLine {
        id: "org_06h2m9qxk4v7tz".into(),
        name: shape.name("云山县慈善总会"),
        kind: "社会团体".into(),
        uscc: shape.some("51330106MJ86000000".into()),
        source: "演示名册（虚构）".into(),
        ended: shape.some("已注销".into()),
        successors: shape.rows(1, |_| link(shape, "org", "江城市慈善会")),
    }
}

pub(super) fn organisation(shape: Shape) -> OrganisationPage {
    OrganisationPage {
        disclosures_due: shape.money(4),
        disclosures_on_time: 3,
        line: organisation_line(shape),
        region: shape.some("云山县".into()),
        registered: shape.text("民國89年13月40日"),
        marks: shape.rows(2, |_| shape.text("登记日期无法识别")),
        documents: shape.rows(2, |_| shape.text("章程.pdf")),
        duplicates: shape.rows(1, |_| {
            (link(shape, "org", "雲山縣慈善總會"), "名称只差简繁".into())
        }),
        totals: totals(shape),
        campaigns: shape.rows(3, |n| card(shape, n)),
        funds: shape.rows(4, |n| fund(shape, n)),
        goods: shape.rows(1, |_| fund(shape, 4)),
        places: shape.rows(3, |n| place(shape, n)),
        days: shape.rows(6, |n| format!("2026-11-{:02}", n + 1)),
        leaf_index: shape.some(12),
        record: shape.some(stream_record(shape, "org")),
        register: super::register_examples::register(shape),
        // A page never tells more than five years.
        years: shape.rows(1, |n| YearLine {
            year: 2026 - i64::try_from(n).unwrap_or(0),
            raised: shape.money(9_876_500),
            delivered: shape.money(5_000_000),
            purchased: shape.money(1_000_000),
            cost: shape.money(234_500),
            spent: shape.money(6_234_500),
        }),
        penalties: shape.rows(1, |_| super::register_examples::register_line(shape, 2)),
        sealed: shape.some(3_242),
        reports: shape.rows(3, |n| super::register_examples::annual_line(shape, n)),
        predecessors: shape.rows(1, |_| link(shape, "org", "旧县慈善会")),
        contact: super::register_examples::contact(shape),
    }
}

pub(super) fn stream_record(shape: Shape, word: &str) -> StreamRecord {
    StreamRecord {
        stream: format!("{word}/06H2M9QXK4V7TZ"),
        count: shape.money(348),
        index: shape.money(3_228),
        kind_title: "捐赠".into(),
        day: "2026-11-21".into(),
        sealed: shape.money(3_242),
    }
}

pub(super) fn search(shape: Shape) -> SearchPage {
    let count = |kind: &str, title: &str, count| SearchCount {
        kind: kind.into(),
        title: title.into(),
        count,
    };
    SearchPage {
        query: shape.name("云山"),
        kind: shape.some("organisation".into()),
        counts: vec![
            count("campaign", "募捐活动", 2),
            count("organisation", "慈善组织", shape.money(1_234)),
        ],
        total: shape.money(1_236),
        numbers: shape.rows(1, |_| NumberHit {
            kind: "organisation".into(),
            kind_title: "慈善组织".into(),
            title: shape.name("云山县慈善总会"),
            path: "/organisations/org_06h2m9qxk4v7tz".into(),
        }),
        donation: shape.some(gift(shape, 2)),
        campaigns: shape.rows(2, |n| card(shape, n)),
        organisations: shape.rows(2, |_| organisation_line(shape)),
        funds: shape.rows(2, |n| fund(shape, n)),
        deliveries: shape.rows(2, |n| delivery(shape, n)),
        direct: shape.some("/organisations/org_06h2m9qxk4v7tz".into()),
        unknown: shape.some(UnknownView {
            text: shape.name("云山县慈善总会"),
            stream: "known/3fa2".into(),
            sealed: shape.money(1_236),
        }),
        similar: shape.rows(2, |_| Suggestion {
            kind: "organisation".into(),
            kind_title: "慈善组织".into(),
            title: shape.name("云山县慈善总会"),
            path: "/organisations/org_06h2m9qxk4v7tz".into(),
            how: "close".into(),
        }),
        advice: shape.some("没有这个编号，请对照原件重新输入。".into()),
        more: shape == Shape::Extreme,
        page: 2,
        previous: shape.some(1),
        next: shape.some(3),
    }
}

pub(super) fn campaign(shape: Shape) -> CampaignPage {
    let long = "云山县海拔一千二百米以上的六所小学，每年十一月到次年三月要过一百多天的冬天。\n\n去年冬天我们走访了三百一十二个孩子的家，其中一百八十七个孩子没有一件能过冬的外套。";
    CampaignPage {
        card: card(shape, 0),
        story: if shape == Shape::Empty { String::new() } else { shape.text(long) },
        promise: shape.text("每件冬衣预算二百四十元，采购价公开；2027年1月底前全部送到孩子手上。\n用不完的钱转入下一年的同一计划，并在这里说明。"),
        filing_number: shape.text("51330106MJ86A26001"),
        administrative_share: 500,
        open: shape != Shape::Empty,
        closed_sentence: (shape == Shape::Empty).then(|| "这个活动已于2026年11月1日结束。".into()),
        // On the everyday page: the extreme one is the longest there is, and the organisation shows long entries.
        stopped_by: (shape == Shape::Everyday).then(|| super::register_examples::register_line(shape, 2)),
        ended_early: (shape == Shape::Empty).then(|| "2026-11-01".into()),
        raised_steps: shape.rows(3, |n| {
            let titles = ["捐赠到账（已扣除渠道手续费）", "从其他资金调入", "退还捐赠人"];
            (titles[n % 3].into(), shape.money(4_000_000))
        }).into_iter().take(7).collect(),
        funds: shape.rows(3, |n| fund(shape, n)),
        days: shape.rows(22, |n| DayTotal {
            day: format!("2026-{:02}-{:02}", 8 + n / 28, n % 28 + 1),
            amount: shape.money(100_000 * i64::try_from(1 + (n * 7) % 13).unwrap()),
            gifts: 12,
        }),
        gifts: Page { rows: shape.rows(6, |n| gift(shape, n)), next: shape.some("abc/+=".into()) },
        disbursements: shape.rows(3, |n| disbursement_line(shape, n)),
        deliveries: shape.rows(2, |n| delivery(shape, n)),
        leaf_index: shape.some(20),
        salts: salts(shape, 20, &["title", "story", "promise"]),
        record: shape.some(stream_record(shape, "camp")),
        words: campaign_words(shape),
        // The page shows the newest only; it is the longest page there is.
        contact: super::register_examples::contact(shape),
        tombstones: tombstones(shape).into_iter().take(1).collect(),
    }
}

pub(super) fn salts(shape: Shape, leaf_index: i64, fields: &[&str]) -> WordSalts {
    WordSalts(shape.rows(fields.len(), |n| WordSalt {
        leaf_index,
        field: fields[n % fields.len()].into(),
        salt: "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".into(),
    }))
}

fn campaign_words(shape: Shape) -> CampaignWords {
    CampaignWords {
        reports: shape.rows(2, |n| ReportLine {
            id: format!("rpt_06h2m9qxk4v7tz{n}"),
            kind: "progress".into(),
            kind_title: "进展报告".into(),
            title: shape.name("第一批冬衣已经送到三所小学"),
            body: shape.text("二百件冬衣已经送到。\n\n道路结冰，第四所小学改在下周。"),
            plan: shape.text("余款用于另外三所小学。"),
            until: "2026-11-18".into(),
            at: "2026-11-19T02:03:04Z".into(),
            leaf_index: 31,
        }),
        questions: shape.rows(2, |n| question(shape, n)),
        questions_waiting: shape.money(2),
        questions_waiting_since: shape.some("2026-11-20".into()),
        questions_declined: shape.money(1),
        calendar: shape.rows(3, |n| DisclosureLine {
            kind: "progress".into(),
            kind_title: "进展报告".into(),
            due: format!("2026-1{n}-01"),
            done: (n == 0).then(|| "2026-10-03".into()),
            days_late: if n < 2 { 2 } else { 0 },
            days_left: if n < 2 { 0 } else { 4 },
        }),
    }
}

pub(super) fn question(shape: Shape, n: usize) -> QuestionLine {
    QuestionLine {
        id: format!("qst_06h2m9qxk4v7tz{n}"),
        campaign: link(shape, "cam", "云山县冬衣计划"),
        body: shape.text("冬衣是在哪里采购的，每件多少钱？"),
        answer: shape.text("在县城公开询价，每件二百三十八元，合同和发票见送达凭证。"),
        asked_on: "2026-11-16".into(),
        answered_on: shape.some("2026-11-18".into()),
        due: "2026-11-26".into(),
        leaf_index: shape.some(30),
    }
}

pub(super) fn disbursement_line(shape: Shape, n: usize) -> DisbursementLine {
    let states = [
        ("requested", "待复核"),
        ("approved", "待付款"),
        ("paid", "已付款"),
        ("refused", "已退回"),
    ];
    let (state, state_title) = states[n % 4];
    DisbursementLine {
        id: format!("dis_06h2m9qxk4v7tz{n}"),
        class: "直接资助".into(),
        payee: shape.name("云山县教育基金会"),
        amount: shape.money(4_800_000),
        purpose: shape.name("采购第一批冬衣二百件"),
        state: state.into(),
        state_title: state_title.into(),
        day: "2026-11-20".into(),
        standing: shape.money(1_000_000),
        movement: (state == "paid").then(|| "mov_06h2m9qxk4v7tz1".into()),
        leaf_index: (state == "paid").then_some(30),
        fund: link(shape, "fun", "冬衣计划项目资金"),
    }
}

pub(super) fn intent(shape: Shape, state: &str) -> IntentView {
    IntentView {
        id: "int_06h2m9qxk4v7tz".into(),
        campaign: link(shape, "cam", "云山县乡村小学冬衣计划"),
        organisation: link(shape, "org", "云山县慈善总会"),
        amount: shape.money(5_000),
        amount_words: "伍拾元整".into(),
        state: state.into(),
        expires_at: "2026-11-22T13:10:00Z".into(),
        donation: None,
        token: None,
    }
}

fn segment(shape: Shape, n: usize) -> Segment {
    let ends = [
        (
            "delivered",
            "已送达",
            "2026年11月18日用于“冬衣第一批”，送达云山县高寒乡镇小学生200人。",
        ),
        (
            "advanced",
            "在执行机构",
            "2026年11月20日预付给云山县教育基金会，等待送达报告。",
        ),
        ("resting", "未用", "还在“冬衣计划项目资金”里，等待使用。"),
        ("cost", "管理费", "2026年11月20日用于活动管理。"),
    ];
    let (kind, title, sentence) = ends[n % 4];
    Segment {
        offset: 0,
        share: shape.money(2_400),
        amount: shape.money(2_400),
        unit: "fen".into(),
        end: SegmentEnd {
            kind: kind.into(),
            title: title.into(),
            sentence: shape.name(sentence).into(),
        },
        fund: link(shape, "fun", "冬衣计划项目资金"),
        movement: (kind != "resting").then(|| "mov_06h2m9qxk4v7tz1".into()),
        delivery: (kind == "delivered").then(|| "del_06h2m9qxk4v7tz".into()),
        hops: if n.is_multiple_of(2) {
            Vec::new()
        } else {
            vec!["mov_06h2m9qxk4v7tz2".into()]
        },
        leaves: if n.is_multiple_of(2) {
            vec![30]
        } else {
            vec![29, 30]
        },
        day: (kind != "resting").then(|| "2026-11-18".into()),
    }
}

/// Facts for the summary before paying; the extreme ones are stale.
pub(super) fn giving_facts(shape: Shape) -> GivingFacts {
    let extreme = shape == Shape::Extreme;
    let last = |day: &str, days| LastDay {
        day: (!extreme).then(|| day.to_string()),
        days,
        stale: extreme,
    };
    GivingFacts {
        uscc: shape.some("53330000MJ0000237A".into()),
        kind: "慈善组织".into(),
        source: shape.text("示范登记簿"),
        right: "可以公开募捐。".into(),
        qualification: shape.some(super::register_examples::register_line(shape, 1)),
        usual: Some(5_000),
        progress: last("2026-11-18", 4),
        finance: last("2026-11-20", 2),
    }
}

/// Everything that a saved receipt holds.
pub(super) fn keepsake(shape: Shape, state: &str) -> Keepsake {
    let page = receipt(shape, state);
    Keepsake {
        uscc: shape.some("53330000MJ0000237A".into()),
        filing_number: shape.text("53330000MJ0000237A26001"),
        promise: shape.some(shape.text("每人一件冬衣，入冬以前送到。")),
        administrative_share: 850,
        leaf_hash: "0f".repeat(32),
        drawn_at: "2026-11-27T09:08:07Z".into(),
        proof: page.seal.sealed.then(|| "c2sp.org/tlog-proof@v1\n".into()),
        pages: 1,
        progress_by: shape.some("2027-02-01".into()),
        full_by: shape.some("2027-09-30".into()),
        origin: "localhost/log".into(),
        contact: super::register_examples::contact(shape),
        page,
    }
}

/// The receipt in one of its states: sealed, waiting, held, refunded.
/// What was taken down.
pub(super) fn tombstones(shape: Shape) -> Vec<Tombstone> {
    shape.rows(2, |n| Tombstone {
        what: "words".into(),
        title: "说明".into(),
        at: "2026-11-22T12:40:00Z".into(),
        reason: "personal".into(),
        reason_title: "含有个人信息".into(),
        leaf_index: 21,
        stated_at: 22 + i64::try_from(n).unwrap_or(0),
    })
}

pub(super) fn receipt(shape: Shape, state: &str) -> ReceiptPage {
    let sealed = state != "waiting";
    let held = state == "held";
    ReceiptPage {
        id: "don_06h2m9qxk4v7tz0".into(),
        organisation: link(shape, "org", "云山县慈善总会"),
        campaign: shape.some(link(shape, "cam", "云山县乡村小学冬衣计划")),
        amount: shape.money(5_000),
        unit: "fen".into(),
        amount_words: shape.text("伍拾元整"),
        fee: shape.money(30),
        day: "2026-11-22".into(),
        time_note: (shape == Shape::Extreme).then(|| "名单只写了日期，没有写时间。".into()),
        donor: shape.name("王**"),
        channel: "演示支付".into(),
        state: if held {
            "held"
        } else if state == "refunded" {
            "refunded"
        } else {
            "standing"
        }
        .into(),
        held_sentence: held
            .then(|| "到账时活动已经结束，请等待工作人员与您联系，可以退款或转入其他活动。".into()),
        headline: shape
            .name("这50.00元里，24.00元已经送到受益人手中，26.00元还没有用出去。")
            .into(),
        sentence: shape
            .name("您的50.00元：24.00元已送达，16.00元在执行机构手中，10.00元还没有使用。")
            .into(),
        segments: shape.rows(4, |n| segment(shape, n)),
        remaining: if shape == Shape::Extreme { 100 } else { 0 },
        next: (shape == Shape::Extreme).then(|| "next+1".into()),
        movements: shape.rows(1, |_| movement(shape, 0)),
        funds: shape.rows(2, |n| fund(shape, n)),
        seal: Seal {
            sealed,
            leaf_index: 18_420,
            checkpoint_size: 18_431,
            witnessed: witnessed(shape),
            sentence: if sealed {
                "由运营方在2026年11月22日20:40签名。".into()
            } else {
                "等待下一个检查点签名。".into()
            },
        },
        own: shape == Shape::Extreme,
        privacy: DonorState {
            sentence: (shape == Shape::Extreme)
                .then(|| "捐赠人的称呼已于2026年11月23日停止公开。".into()),
            tombstones: tombstones(shape),
        },
        donor_name: (shape == Shape::Extreme).then(|| shape.text("王小明")),
        message: (shape == Shape::Extreme).then(|| shape.text("愿孩子们温暖过冬")),
        paid_at: (shape == Shape::Extreme).then(|| "2026-11-22T12:39:58Z".into()),
    }
}

pub(super) fn fund_page(shape: Shape) -> FundPage {
    FundPage {
        line: fund(shape, 0),
        organisation: link(shape, "org", "云山县慈善总会"),
        campaign: shape.some(link(shape, "cam", "云山县乡村小学冬衣计划")),
        purpose: shape.text("为高寒乡镇小学生购买冬衣"),
        places: shape.rows(3, |n| place(shape, n)),
        kinds: shape.rows(2, |n| KindTotal {
            kind: "gift".into(),
            title: if n == 0 {
                "捐赠收入".into()
            } else {
                "送达".into()
            },
            direction: if n == 0 { "in".into() } else { "out".into() },
            amount: shape.money(5_000),
            movements: 3,
        }),
        movements: Page {
            rows: shape.rows(6, |n| movement(shape, n)),
            next: shape.some("n".into()),
        },
        leaf_index: 21,
        record: shape.some(stream_record(shape, "fund")),
    }
}

pub(super) fn movement_page(shape: Shape) -> MovementPage {
    MovementPage {
        line: movement(shape, 1),
        organisation: link(shape, "org", "云山县慈善总会"),
        entries: shape.rows(1, |_| EntryLine {
            account: "5101".into(),
            title: "业务活动成本——直接资助".into(),
            debit: shape.money(5_000),
            credit: 0,
        }),
        salts: salts(shape, 30, &["payee", "scheme"]),
        facts: shape.rows(3, |n| {
            (
                ["受益对象", "项目", "人数"][n % 3].into(),
                shape.text("云山县高寒乡镇小学生"),
            )
        }),
        sources: shape.rows(5, |n| SourceLine {
            donation: (n != 1).then(|| format!("don_06h2m9qxk4v7tz{n}")),
            movement: format!("mov_06h2m9qxk4v7tz{n}"),
            title: "捐赠收入".into(),
            donor: shape.name("王**"),
            amount: shape.money(1_000),
            day: "2026-11-01".into(),
            assumed: n == 3,
        }),
        remaining: shape.money(700),
        next: shape.some("n/1".into()),
        assumption: (shape == Shape::Extreme).then(|| "无法对应到具体捐赠。".into()),
        undoes: (shape == Shape::Extreme).then(|| "mov_06h2m9qxk4v7tz8".into()),
        undone_by: if shape == Shape::Extreme {
            vec![UndoingLine {
                id: "mov_06h2m9qxk4v7tz9".into(),
                day: "2026-11-20".into(),
                amount: 300,
                reason: shape.text("金额记错"),
            }]
        } else {
            Vec::new()
        },
        standing: shape.money(700),
        campaign: shape.some(Link {
            id: "cam_06h2m9qxk4v7tz".into(),
            title: shape.name("冬日暖衣"),
        }),
        evidence: shape.rows(2, |_| {
            (
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
                shape.text("签收单.pdf"),
            )
        }),
        evidence_hidden: Vec::new(),
        pictures: shape.rows(1, |_| {
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into()
        }),
        tombstones: tombstones(shape),
        segments: shape.rows(1, |n| segment(shape, n)),
        segments_remaining: 0,
    }
}

pub(super) fn day_page(shape: Shape) -> DayPage {
    DayPage {
        organisation: link(shape, "org", "武汉市红十字会"),
        day: "2020-02-01".into(),
        previous: shape.some("2020-01-31".into()),
        following: shape.some("2020-02-02".into()),
        channels: shape.rows(3, |n| ChannelTotal {
            channel: ["扫码和刷卡", "银行转账", "邮政汇款"][n % 3].into(),
            gifts: shape.money(1_204),
            amount: shape.money(45_123_050),
            rejected: i64::from(n == 1),
        }),
        amount: shape.money(135_369_150),
        gifts: shape.money(3_612),
        announced: shape.rows(2, |n| Announced {
            by: "武汉市红十字会".into(),
            measure: ["当日接收", "累计拨付"][n % 2].into(),
            said: shape.money(135_400_000),
            ours: (n % 2 == 0).then_some(135_369_150),
            difference: (n % 2 == 0).then_some(30_850),
            money: true,
            note: if n == 0 {
                "名单里有5行没有姓名或是小计，见退出文件。".into()
            } else {
                "".into()
            },
        }),
        order_note: shape.text("名单只写到天，同一天里按文件和行号排列。"),
        list: Page {
            rows: shape.rows(6, |n| gift(shape, n)),
            next: shape.some("p2".into()),
        },
    }
}

pub(super) fn dump(shape: Shape, n: usize) -> app::exchange::Dump {
    use app::exchange::{Dump, Manifest, OpenFile};
    let manifest = |since: Option<i64>, ending: &str| Manifest {
        origin: "log.example/a".into(),
        size: 1_234 - i64::try_from(n).unwrap_or(0),
        root: "A".repeat(43),
        since,
        licence: shape.text("任何人都可以使用。"),
        files: ["organisations", "movements"]
            .map(|name| OpenFile {
                name: shape.text(&format!("{name}{ending}.csv")),
                dataset: name.into(),
                rows: 1_234,
                bytes: 567_890,
                sha256: "0f".repeat(32),
            })
            .into(),
        fields: Vec::new(),
    };
    Dump {
        manifest: manifest(None, ""),
        delta: shape.some(manifest(Some(1_000), "-since-1000")),
    }
}
