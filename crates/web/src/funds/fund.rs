//! A fund: its tape, places and movements; and, for the desk, opening one and moving money between two.

use app::command::FundForm;
use app::list::MOVEMENTS_OF_FUND;
use app::view::{DeskPage, FundLine, FundPage};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, State};
use domain::funds::said_title;
use domain::sentence::Value;
use domain::{Sentence, say};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Sheet, TWO_PEOPLE, made, options};
use crate::list::{self, Table};
use crate::session::Staff;
use crate::show::{filters, permille};
use crate::view::View;

/// Thousandths of a whole drawing.
const WHOLE: i64 = 1_000;

#[derive(Template)]
#[template(path = "funds/fund/page.html")]
pub(crate) struct Shown {
    pub(crate) page: FundPage,
    pub(crate) tape: Tape,
    pub(crate) list: Table,
}

/// The tape as it is drawn: used, reserved, free, from its head to its tail, in thousandths.
pub(crate) struct Tape {
    pub(crate) used: i64,
    pub(crate) reserved: i64,
    pub(crate) free: i64,
}

impl Tape {
    /// The parts of a fund; something that is there is never drawn as nothing.
    pub(crate) fn of(line: &FundLine) -> Tape {
        let used = permille(line.outflow, line.inflow);
        let reserved = permille(line.reserved, line.inflow).min(WHOLE - used);
        let free = if line.inflow > 0 {
            WHOLE - used - reserved
        } else {
            0
        };
        Tape {
            used,
            reserved,
            free,
        }
    }
}

/// What left a fund, by where it went; used up, advanced, turned into goods and moved on are four things.
const LEAVING: [(&str, &[&str]); 5] = [
    ("已用", &["delivery", "cost", "fee", "loss"]),
    ("预付执行机构", &["allotment"]),
    ("换成物资", &["conversion"]),
    ("转到其他资金", &["reclassification", "merger"]),
    (
        "退回和更正",
        &["return", "refund", "correction", "chargeback"],
    ),
];

/// The parts of a fund's outflow that are there; whatever has no name above stands last.
pub(crate) fn leaving(page: &FundPage) -> Vec<(&'static str, i64)> {
    let of = |kinds: &[&str]| {
        let out = page.kinds.iter().filter(|kind| kind.direction == "out");
        out.filter(|kind| kinds.contains(&kind.kind.as_str()))
            .fold(0_i64, |sum, kind| sum.saturating_add(kind.amount))
    };
    let mut parts: Vec<_> = LEAVING
        .iter()
        .map(|(title, kinds)| (*title, of(kinds)))
        .collect();
    let named = parts
        .iter()
        .fold(0_i64, |sum, part| sum.saturating_add(part.1));
    parts.push(("其他支出", page.line.outflow.saturating_sub(named)));
    parts.retain(|part| part.1 != 0);
    parts
}

/// `GET /funds/{id}`
pub(crate) async fn show(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.fund_page(&id, None).await?;
    let list = list::part(&app, &view, (&MOVEMENTS_OF_FUND, vec![id])).await?;
    let tape = Tape::of(&page.line);
    view.page(&Shown { page, tape, list })
}

async fn open_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let kinds = [
        ("designated", "定向资金"),
        ("pool", "资金池"),
        ("unrestricted", "非限定资金"),
        ("agency", "受托代理"),
    ];
    let campaigns = options(
        desk.campaigns
            .iter()
            .map(|card| (&card.id, card.title.clone())),
    );
    let fields = vec![
        Field::new("kind", "类别", Input::Choice(choices(&kinds))),
        Field::new("title", "名称", Input::Line("off"))
            .hint("会公开显示，例如“云山县校舍修缮定向资金”。"),
        Field::new("purpose", "用途", Input::Area(3)).hint("限定来自捐赠人或法律，开立后不能改。"),
        Field::new("campaign", "所属活动", Input::Select(campaigns)).optional(),
    ];
    let action = format!("/desk/organisations/{organisation}/funds/new");
    let form = FormView::new(action, "开立资金", fields)?;
    Ok(Sheet::of_desk(&desk, "开立资金", form)
        .effect("公开开立一项新资金，写进日志；它的限定从此不变，里面还没有钱。"))
}

/// `GET /desk/organisations/{organisation}/funds/new`
pub(crate) async fn open(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    open_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/funds/new`
pub(crate) async fn open_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::FundOpen(FundForm {
        organisation: organisation.clone(),
        campaign: typed.text("campaign"),
        kind: typed.text("kind"),
        title: typed.text("title"),
        purpose: typed.text("purpose"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(outcome) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=fund{}",
            made(&outcome)
        ))),
        Err(error) => open_sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}

/// The funds of a desk to choose from, each with what is in it.
fn fund_choices(desk: &DeskPage) -> Vec<(String, Sentence)> {
    options(desk.funds.iter().map(|f| {
        (
            &f.id,
            say!(
                "{fund}（结余{balance}）",
                fund = said_title(&f.title),
                balance = Value::Quantity(f.balance, f.unit.clone())
            ),
        )
    }))
}

async fn move_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let funds = fund_choices(&desk);
    let fields = vec![
        Field::new("from", "转出资金", Input::Select(funds.clone())),
        Field::new("to", "转入资金", Input::Select(funds)),
        Field::new(
            "place",
            "钱在哪里",
            Input::Select(super::place::places(&desk.places)),
        ),
        Field::new("amount", "金额", Input::Amount),
        Field::new("reason", "依据", Input::Area(3))
            .hint("写明捐赠人同意书或决定的名称和日期，会公开。"),
        Field::new(
            "assumed",
            "这是标注的假定，资料没有说明具体是哪些捐赠",
            Input::Tick,
        )
        .optional(),
    ];
    let action = format!("/desk/organisations/{organisation}/reclassify");
    let form = FormView::new(action, "调整用途", fields)?.grave();
    Ok(Sheet::of_desk(&desk, "在资金之间调整", form)
        .facts(vec![("办理方式", TWO_PEOPLE.into())])
        .effect("从转出资金的头部取钱，接到转入资金的尾部；依据公开写进日志，不能删除，只能再办一次反向调整。"))
}

async fn handover_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let funds = fund_choices(&desk);
    let fields = vec![
        Field::new("from", "转出资金", Input::Select(funds)),
        Field::new(
            "place",
            "钱在哪里",
            Input::Select(super::place::places(&desk.places)),
        ),
        Field::new("to", "接收方的资金编号", Input::Line("off"))
            .hint("以 fnd_ 开头，接收方资金页面上写着；限定用途要相同。"),
        Field::new("amount", "金额", Input::Amount),
        Field::new("reason", "依据", Input::Area(3)).hint("写明移交协议的名称和日期，会公开。"),
    ];
    let action = format!("/desk/organisations/{organisation}/handover");
    let form = FormView::new(action, "申请移交", fields)?.grave();
    Ok(Sheet::of_desk(&desk, "移交剩余财产", form)
        .facts(vec![("办理方式", TWO_PEOPLE.into())])
        .effect("只有清算中的组织可以办；钱从本组织的资金头部取出，接到另一家慈善组织资金的尾部，进它的银行账户，公开写进日志，不能删除。"))
}

/// `GET /desk/organisations/{organisation}/handover`
pub(crate) async fn handover(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    handover_sheet(&app, &staff, &organisation)
        .await?
        .show(&staff)
}

/// `POST /desk/organisations/{organisation}/handover`
pub(crate) async fn handover_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::Repair(app::command::Repair::HandOver {
        from: typed.text("from"),
        to: typed.text("to"),
        place: typed.text("place"),
        amount: typed.text("amount"),
        reason: typed.text("reason"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=asked"
        ))),
        Err(error) => handover_sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}

/// `GET /desk/organisations/{organisation}/reclassify`
pub(crate) async fn reclassify(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    move_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/reclassify`
pub(crate) async fn reclassify_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::Repair(app::command::Repair::Reclassify {
        from: typed.text("from"),
        to: typed.text("to"),
        place: typed.text("place"),
        amount: typed.text("amount"),
        reason: typed.text("reason"),
        assumed: typed.get("assumed") == "yes",
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=asked"
        ))),
        Err(error) => move_sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages_tests::usual_fund_page;
    use app::view::KindTotal;

    #[test]
    fn what_left_a_fund_is_told_apart_and_adds_up() {
        let mut page = usual_fund_page();
        let total = |kind: &str, direction: &str, amount: i64| KindTotal {
            kind: kind.into(),
            title: kind.into(),
            direction: direction.into(),
            amount,
            movements: 1,
        };
        page.line.outflow = 191;
        page.kinds = vec![
            total("gift", "in", 900),
            total("delivery", "out", 10),
            total("cost", "out", 20),
            total("allotment", "out", 40),
            total("reclassification", "out", 30),
            total("conversion", "out", 80),
            total("refund", "out", 5),
            total("surplus", "out", 6),
        ];
        let want = [
            ("已用", 30),
            ("预付执行机构", 40),
            ("换成物资", 80),
            ("转到其他资金", 30),
            ("退回和更正", 5),
            ("其他支出", 6),
        ];
        assert_eq!(leaving(&page), want);
        assert_eq!(want.iter().map(|part| part.1).sum::<i64>(), 191);
    }
}
