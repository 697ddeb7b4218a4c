//! The gallery: every component in every state on one page, for those who change styles. Shown in demonstrations only.

use app::App;
use app::view::{CampaignCard, DayTotal, GiftLine, Link, Segment, SegmentEnd};
use askama::Template;
use axum::extract::State;
use domain::text::Problem;

use crate::chart::{Band, Bar, Line, Tile, UsePart, bars, flow, line, tiles, use_parts};
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::show::filters;
use crate::view::View;

/// An amount that shows every separator.
const SUM: i64 = 123_456_789;

#[derive(Template)]
#[template(path = "exchange/gallery/page.html")]
pub(crate) struct Gallery {
    sum: i64,
    cards: Vec<CampaignCard>,
    gifts: Vec<GiftLine>,
    segments: Vec<Segment>,
    form: FormView,
    parts: Vec<UsePart>,
    bands: Vec<Band>,
    bars: Vec<Bar>,
    shown_days: Vec<DayTotal>,
    organisation: Option<Link>,
    curve: Line,
    running: Vec<(String, i64)>,
    map: Vec<Tile>,
}

impl Gallery {
    /// All examples.
    ///
    /// # Errors
    /// The machine has no random numbers.
    pub(crate) fn new() -> Result<Gallery, app::AppError> {
        let cards = vec![card("live", Some(6_200)), card("ended", None)];
        let parts = use_parts(&card("live", None));
        let shown_days: Vec<DayTotal> = (1..=14).map(day).collect();
        let mut sum = 0_i64;
        let running: Vec<(String, i64)> = shown_days
            .iter()
            .map(|day| {
                sum = sum.saturating_add(day.amount);
                (day.day.clone(), sum)
            })
            .collect();
        let curve: Vec<i64> = running.iter().map(|(_, amount)| *amount).collect();
        Ok(Gallery {
            sum: SUM,
            cards,
            gifts: gifts(),
            segments: segments(),
            form: form()?,
            bands: flow(&parts),
            parts,
            bars: bars(&shown_days),
            shown_days,
            organisation: None,
            curve: line(&curve),
            running,
            map: tiles(&[
                ("33", 860),
                ("32", 640),
                ("42", 300),
                ("51", 120),
                ("65", 4),
            ]),
        })
    }
}

fn link(id: &str, title: &str) -> Link {
    Link {
        id: id.into(),
        title: title.into(),
    }
}

fn card(state: &str, progress: Option<i64>) -> CampaignCard {
    CampaignCard {
        id: "cmp_example".into(),
        title: "山区孩子的冬衣".into(),
        organisation: link("org_example", "云山县慈善总会"),
        state: state.into(),
        state_title: if state == "live" {
            "募捐中"
        } else {
            "已结束"
        }
        .into(),
        raised: SUM,
        target: SUM,
        progress,
        gifts: 1_234,
        delivered: 60_000_000,
        advanced: 20_000_000,
        purchased: 0,
        cost: 3_456_789,
        unspent: 40_000_000,
        starts_on: "2026-10-01".into(),
        ends_on: "2027-01-31".into(),
    }
}

fn gifts() -> Vec<GiftLine> {
    ["standing", "held", "refunded"]
        .into_iter()
        .map(|state| GiftLine {
            id: "don_example".into(),
            donor: "王**".into(),
            amount: 5_000,
            unit: "fen".into(),
            day: "2026-11-22".into(),
            channel: "微信支付".into(),
            state: state.into(),
            campaign: None,
            leaf_index: 0,
        })
        .collect()
}

fn segments() -> Vec<Segment> {
    [
        ("delivered", "已使用"),
        ("advanced", "已预付执行机构"),
        ("resting", "尚未使用"),
    ]
    .into_iter()
    .map(|(kind, title)| Segment {
        offset: 0,
        share: 2_400,
        amount: 2_400,
        unit: "fen".into(),
        end: SegmentEnd {
            kind: kind.into(),
            title: title.into(),
            sentence: "这是次要的说明。".into(),
        },
        fund: link("fnd_example", "山区孩子的冬衣 项目资金"),
        movement: None,
        delivery: None,
        hops: Vec::new(),
        leaves: Vec::new(),
        day: Some("2026-11-22".into()),
    })
    .collect()
}

fn day(number: i64) -> DayTotal {
    DayTotal {
        day: format!("2026-11-{number:02}"),
        amount: (number * 37 % 23 + 1) * 10_000,
        gifts: number,
    }
}

/// One field of each kind, some with something wrong.
fn form() -> Result<FormView, app::AppError> {
    let kinds = choices(&[("person", "个人"), ("organisation", "单位")]);
    let fields = vec![
        Field::new("amount", "金额", Input::Amount).hint("会公开。"),
        Field::new("day", "日期", Input::Day),
        Field::new("donor_kind", "类型", Input::Choice(kinds.clone())).starting("person"),
        Field::new("kind", "类别", Input::Select(kinds)).optional(),
        Field::new("message", "留言", Input::Area(3)).optional(),
        Field::new("evidence", "凭证", Input::Files).optional(),
    ];
    let form = FormView::new("/search", "搜索", fields)?.apart("g");
    let wrong = Problem::new("amount", "amount", "金额要大于零，请填写至少0.01元。");
    Ok(form.answering(
        &Typed(vec![("amount".into(), "0".into())]),
        &app::AppError::Invalid(vec![wrong]),
    ))
}

/// `GET /gallery`
pub(crate) async fn show(State(app): State<App>, view: View) -> Page {
    if app.is_demo() {
        view.page(&Gallery::new()?)
    } else {
        Ok(error::not_found("这个页面"))
    }
}
