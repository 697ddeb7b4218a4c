//! Drafting, publishing and ending campaigns.

use app::view::CampaignPage;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::fundraising::CampaignForm;
use domain::{Sentence, say};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{day_words, money, percent_text};

async fn draft_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let fields = vec![
        Field::new("title", "活动名称", Input::Line("off")).focused(),
        Field::new("story", "募捐缘由", Input::Area(8))
            .hint("为什么需要这笔钱。请不要写受益人的全名、住址和证件号码，最多5000字。"),
        Field::new("promise", "使用计划", Input::Area(8))
            .hint("钱会怎样用、用给谁、什么时候用完，最多5000字。"),
        Field::new("filing_number", "备案编号", Input::Line("off"))
            .hint("公开募捐方案在民政部门备案后得到的编号。"),
        Field::new("starts_on", "开始日期", Input::Day),
        Field::new("ends_on", "结束日期", Input::Day).hint("开始之后三年以内。"),
        Field::new("target", "目标金额", Input::Amount).optional(),
        Field::new("administrative_share", "管理费比例", Input::Percent)
            .optional()
            .hint("从每笔捐赠中列支，0到10之间，最多两位小数；不收可不填。"),
        Field::new("region", "地区", Input::Region)
            .optional()
            .hint("写省、市或县的名称，例如“杭州市 西湖区”。"),
    ];
    let action = format!("/desk/organisations/{organisation}/campaigns/new");
    let form = FormView::new(action, "保存草稿", fields)?;
    Ok(Sheet::of_desk(&desk, "起草募捐活动", form)
        .effect("保存为草稿，公众还看不到；由负责人核对后发布。"))
}

/// `GET /desk/organisations/{organisation}/campaigns/new`
pub(crate) async fn draft(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    draft_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/campaigns/new`
pub(crate) async fn draft_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let form = CampaignForm {
        title: typed.text("title"),
        story: typed.text("story"),
        promise: typed.text("promise"),
        filing_number: typed.text("filing_number"),
        region: app.region_code(typed.get("region")).await?,
        starts_on: typed.text("starts_on"),
        ends_on: typed.text("ends_on"),
        target: typed.text("target"),
        administrative_share: typed.text("administrative_share"),
    };
    let command = Command::CampaignDraft {
        organisation: organisation.clone(),
        form,
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=draft"
        ))),
        Err(error) => {
            let sheet = draft_sheet(&app, &staff, &organisation).await?;
            sheet.regions(&app, &typed).await?.again(&sent, &error)
        }
    }
}

fn facts(page: &CampaignPage) -> Vec<(&'static str, Sentence)> {
    vec![
        ("活动", page.card.title.clone().into()),
        ("备案编号", page.filing_number.clone().into()),
        (
            "期限",
            say!(
                "{first} 至 {last}",
                first = day_words(&page.card.starts_on),
                last = day_words(&page.card.ends_on)
            ),
        ),
        ("目标", money(page.card.target)),
        ("管理费比例", percent_text(page.administrative_share).into()),
        ("募捐缘由", page.story.clone().into()),
        ("使用计划", page.promise.clone().into()),
    ]
}

async fn publish_sheet(app: &App, id: &str) -> Result<Sheet, AppError> {
    let page = app.campaign_page(id, None).await?;
    let form = FormView::new(format!("/desk/campaigns/{id}/publish"), "发布", Vec::new())?;
    Ok(Sheet::of(&page.card.organisation, "发布募捐活动", form).facts(facts(&page)).effect(
        "以上内容公开并写进日志，开立项目资金和管理费资金，公众从开始日期起可以捐赠；发布后的改动都会留下记录。",
    ))
}

/// `GET /desk/campaigns/{id}/publish`
pub(crate) async fn publish(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    publish_sheet(&app, &id).await?.show(&staff)
}

/// `POST /desk/campaigns/{id}/publish`
pub(crate) async fn publish_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent
        .write(Command::CampaignPublish {
            campaign: id.clone(),
        })
        .await?
    {
        Ok(_) => Ok(error::see_other(&home_of(&app, &id, "published").await?)),
        Err(error) => publish_sheet(&app, &id).await?.again(&sent, &error),
    }
}

async fn end_sheet(app: &App, id: &str) -> Result<Sheet, AppError> {
    let page = app.campaign_page(id, None).await?;
    let form = FormView::new(format!("/desk/campaigns/{id}/end"), "结束募捐", Vec::new())?.grave();
    Ok(Sheet::of(&page.card.organisation, "结束募捐活动", form)
        .facts(vec![
            ("活动", page.card.title.clone().into()),
            ("已筹", money(page.card.raised)),
            ("未用", money(page.card.unspent)),
        ])
        .effect("不再接受捐赠，之后到的款记为待处理款；已筹的钱仍按承诺使用。结束后不能重新开始。"))
}

/// `GET /desk/campaigns/{id}/end`
pub(crate) async fn end(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    end_sheet(&app, &id).await?.show(&staff)
}

/// `POST /desk/campaigns/{id}/end`
pub(crate) async fn end_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent
        .write(Command::CampaignEnd {
            campaign: id.clone(),
        })
        .await?
    {
        Ok(_) => Ok(error::see_other(&home_of(&app, &id, "ended").await?)),
        Err(error) => end_sheet(&app, &id).await?.again(&sent, &error),
    }
}

async fn home_of(app: &App, campaign: &str, done: &str) -> Result<String, AppError> {
    let page = app.campaign_page(campaign, None).await?;
    Ok(format!(
        "/desk/organisations/{}?done={done}&id={campaign}",
        page.card.organisation.id
    ))
}
