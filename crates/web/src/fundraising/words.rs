//! What is said about a campaign: reports by the staff, questions by anybody, answers by the staff.

use app::view::{CampaignPage, QuestionLine};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, State};
use domain::fundraising::{
    CampaignState, DeclineReason, NewReport, ReportForm, ReportKind, check_report,
};
use domain::identity::Actor;
use domain::{Sentence, say};
use kernel::Day;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, REVIEW_FIELD, Typed};
use crate::fundraising::campaign::hide_draft;
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{day_words, filters, money};
use crate::view::View;

/// What the form of a question may choose: to answer, or not to.
const ANSWER: &str = "answer";
/// Says that a report was looked at before it is published.
const CHECKED: &str = "checked";

#[derive(Template)]
#[template(path = "fundraising/question/ask.html")]
pub(crate) struct Ask {
    pub(crate) page: CampaignPage,
    pub(crate) form: FormView,
}

/// The form of a question.
pub(crate) fn ask_form(campaign: &str) -> Result<FormView, AppError> {
    let question = Field::new("question", "您的问题", Input::Area(5))
        .focused()
        .hint("最多500字。请不要写姓名、电话和证件号码：问题会和答复一起公开。");
    FormView::new(
        format!("/campaigns/{campaign}/questions"),
        "提交问题",
        vec![question],
    )
}

/// `GET /campaigns/{id}/questions`
pub(crate) async fn ask(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.campaign_page(&id, None).await?;
    hide_draft(&page)?;
    let form = ask_form(&page.card.id)?;
    view.page(&Ask { page, form })
}

/// `POST /campaigns/{id}/questions`
pub(crate) async fn ask_send(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::QuestionAsk {
        campaign: id.clone(),
        text: typed.text("question"),
    };
    match app.write(&Actor::public(), &typed.key(), command).await {
        Ok(_) => Ok(error::see_other(&format!(
            "/campaigns/{id}?done=asked#questions"
        ))),
        Err(error) if error::keeps_the_form(&error) => {
            let page = app.campaign_page(&id, None).await?;
            hide_draft(&page)?;
            let form = ask_form(&page.card.id)?
                .answering(&typed, &error)
                .reaching();
            view.again(&error, &Ask { page, form })
        }
        Err(error) => Err(error.into()),
    }
}

/// Figures stand beside the report; nobody types them (DI-06).
fn report_sheet(page: &CampaignPage) -> Result<Sheet, AppError> {
    let card = &page.card;
    let kinds = ReportKind::ALL.map(|kind| (kind.code().to_string(), kind.title().into()));
    let first = if card.state == "ended" {
        ReportKind::Final
    } else {
        ReportKind::Progress
    };
    let fields = vec![
        Field::new("kind", "种类", Input::Choice(kinds.to_vec())).starting(first.code()),
        Field::new("title", "标题", Input::Line("off"))
            .focused()
            .hint("一句话说清做成了什么，例如“第一批200件冬衣已送到三所小学”。"),
        Field::new("body", "做了什么", Input::Area(8)).hint(
            "在哪里、为谁、做了多少；金额由账上自动列出，不用填写。请不要写受益人的姓名和住址。",
        ),
        Field::new("plan", "余款怎样使用", Input::Area(4))
            .optional()
            .hint("还有余款时必须写明。"),
        Field::new("until", "截至日期", Input::Day),
    ];
    let form = FormView::new(report_action(page), "下一步：核对", fields)?;
    Ok(Sheet::of(&card.organisation, "公布活动报告", form)
        .facts(report_figures(page))
        .effect("下一步先核对，再公布。公布后立即公开在活动页上并写进日志，不能撤回；写错了可以再公布一份说明。"))
}

fn report_action(page: &CampaignPage) -> String {
    format!("/desk/campaigns/{}/report", page.card.id)
}

/// The figures that stand beside a report.
fn report_figures(page: &CampaignPage) -> Vec<(&'static str, Sentence)> {
    let card = &page.card;
    vec![
        ("活动", card.title.clone().into()),
        ("已筹", money(card.raised)),
        ("已送达受益人", money(card.delivered)),
        ("在执行机构手中", money(card.advanced)),
        ("已购物资（在库或已发放）", money(card.purchased)),
        ("管理和募捐成本", money(card.cost)),
        ("尚未使用", money(card.unspent)),
    ]
}

/// Whether the report could be published as things are now.
fn publishable(page: &CampaignPage, new: &NewReport) -> Result<(), AppError> {
    let card = &page.card;
    // A campaign that the register has stopped is still a live one.
    let state = CampaignState::parse(&card.state).unwrap_or(CampaignState::Live);
    let starts_on = Day::parse(&card.starts_on).map_err(AppError::internal)?;
    check_report((state, starts_on), new, card.unspent).map_err(AppError::refused)
}

/// What would be published, whole, before it cannot be taken back.
fn check_sheet(page: &CampaignPage, new: &NewReport, typed: &Typed) -> Result<Sheet, AppError> {
    let mut form = FormView::asking_again(report_action(page), "确认公布", typed)?.grave();
    for name in ["kind", "title", "body", "plan", "until"] {
        form.fields.push(Field::hidden(name, typed.get(name)));
    }
    form.fields.push(Field::hidden(CHECKED, "yes"));
    let mut facts: Vec<(&'static str, Sentence)> = vec![
        ("种类", new.kind.title().into()),
        ("标题", new.title.clone().into()),
        ("做了什么", new.body.clone().into()),
    ];
    if !new.plan.is_empty() {
        facts.push(("余款怎样使用", new.plan.clone().into()));
    }
    facts.push(("截至日期", day_words(&new.until.to_string())));
    facts.extend(report_figures(page));
    Ok(Sheet::of(&page.card.organisation, "核对要公布的报告", form)
        .facts(facts)
        .effect("立即公开在活动页上并写进日志，不能撤回；写错了可以再公布一份说明。"))
}

/// `GET /desk/campaigns/{id}/report`
pub(crate) async fn report(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let page = app.campaign_page(&id, None).await?;
    report_sheet(&page)?.show(&staff)
}

/// `POST /desk/campaigns/{id}/report`
pub(crate) async fn report_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.campaign_page(&id, None).await?;
    let form = ReportForm {
        kind: typed.text("kind"),
        title: typed.text("title"),
        body: typed.text("body"),
        plan: typed.text("plan"),
        until: typed.text("until"),
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    // Back to the filled form, or a report that was not looked at yet.
    let is_new = typed.get(REVIEW_FIELD).is_empty() && typed.get(CHECKED).is_empty();
    if is_new {
        let read = NewReport::read(&form, app.now().day()).map_err(AppError::Invalid);
        return match read.and_then(|new| publishable(&page, &new).map(|()| new)) {
            Ok(new) => check_sheet(&page, &new, &typed)?.ask_again(&staff),
            Err(error) => report_sheet(&page)?.again(&sent, &error),
        };
    }
    let command = Command::ReportPublish { campaign: id, form };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{}?done=reported",
            page.card.organisation.id
        ))),
        Err(error) => report_sheet(&page)?.again(&sent, &error),
    }
}

fn decide_sheet(question: &QuestionLine) -> Result<Sheet, AppError> {
    let mut choices: Vec<(String, Sentence)> = vec![(ANSWER.into(), "公开答复".into())];
    choices.extend(DeclineReason::ALL.map(|reason| {
        let words = say!("不公开：{reason}", reason = reason.title());
        (reason.code().to_string(), words)
    }));
    let fields = vec![
        Field::new("answer", "答复", Input::Area(6))
            .optional()
            .focused()
            .hint("最多2000字。问题和答复一起公开，请不要写个人信息。"),
        Field::new("reason", "怎样办理", Input::Choice(choices)).starting(ANSWER),
    ];
    let form = FormView::new(format!("/desk/questions/{}", question.id), "办理", fields)?;
    let back = format!("/campaigns/{}", question.campaign.id);
    let facts: Vec<(&'static str, Sentence)> = vec![
        ("问题", question.body.clone().into()),
        ("提问日期", day_words(&question.asked_on)),
        ("承诺答复日期", day_words(&question.due)),
    ];
    let name = say!("活动：{name}", name = &question.campaign.title);
    Ok(Sheet::under(&back, name, "答复提问", form)
        .facts(facts)
        .effect(
            "公开答复会和问题一起写进日志；不公开的只计数，活动页会显示有几个问题没有公开答复。",
        ))
}

/// `GET /desk/questions/{id}`
pub(crate) async fn decide(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let question = app.question_page(&staff.actor, &id).await?;
    decide_sheet(&question)?.show(&staff)
}

/// `POST /desk/questions/{id}`
pub(crate) async fn decide_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let question = app.question_page(&staff.actor, &id).await?;
    let command = if typed.get("reason") == ANSWER {
        Command::QuestionAnswer {
            question: id,
            text: typed.text("answer"),
        }
    } else {
        Command::QuestionDecline {
            question: id,
            reason: typed.text("reason"),
        }
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other("/desk?done=answered")),
        Err(error) => decide_sheet(&question)?.again(&sent, &error),
    }
}
