//! What is said about a campaign: reports by the staff, questions by anybody, answers by the staff.

use app::view::{CampaignPage, QuestionLine};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, State};
use domain::fundraising::{DeclineReason, ReportForm, ReportKind};
use domain::identity::Actor;
use domain::{Sentence, say};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::fundraising::campaign::hide_draft;
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{day_words, filters, money};
use crate::view::View;

/// What the form of a question may choose: to answer, or not to.
const ANSWER: &str = "answer";

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
    let action = format!("/desk/campaigns/{}/report", card.id);
    let form = FormView::new(action, "公布", fields)?;
    let facts: Vec<(&'static str, Sentence)> = vec![
        ("活动", card.title.clone().into()),
        ("已筹", money(card.raised)),
        ("已送达受益人", money(card.delivered)),
        ("在执行机构手中", money(card.advanced)),
        ("已购物资（在库或已发放）", money(card.purchased)),
        ("管理和募捐成本", money(card.cost)),
        ("尚未使用", money(card.unspent)),
    ];
    Ok(Sheet::of(&card.organisation, "公布活动报告", form)
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
    let command = Command::ReportPublish { campaign: id, form };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
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
