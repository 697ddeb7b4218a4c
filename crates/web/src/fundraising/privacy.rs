//! What is taken down, and what becomes of a donor's information: the desk's forms.

use app::command::Repair;
use app::view::DonorPrivacy;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::fundraising::{WithdrawReason, Withdrawn, field_title};
use domain::text::Problem;
use domain::{Sentence, say};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{amount_of, day_words};

/// The field of the form that means a file.
const FILE: &str = "file";
/// Words that may be taken down, as the form offers them.
const FIELDS: [&str; 10] = [
    "title", "story", "promise", "body", "plan", "question", "answer", "payee", "purpose", "scheme",
];
/// Words that stand beside corrections and assumptions.
const MORE: [&str; 2] = ["reason", "assumption"];

fn reasons() -> Vec<(String, Sentence)> {
    let pair = |reason: &WithdrawReason| (reason.code().to_owned(), reason.title().into());
    WithdrawReason::ALL.iter().map(pair).collect()
}

fn donor_sheet(page: &DonorPrivacy) -> Result<Sheet, AppError> {
    let can = |step: &str| page.may.iter().any(|may| may == step);
    let steps: Vec<(String, Sentence)> = [
        ("hide", "停止公开称呼"),
        ("restrict", "限制处理：只保存，不使用，不显示"),
        ("erase", "申请删除姓名和留言"),
    ]
    .into_iter()
    .filter(|(step, _)| can(step))
    .map(|(step, title)| (step.to_owned(), title.into()))
    .collect();
    let fields = vec![
        Field::new("step", "怎样办理", Input::Choice(steps)),
        Field::new("reason", "理由", Input::Choice(reasons())).starting("consent"),
    ];
    let form = FormView::new(format!("/desk/privacy/{}", page.id), "办理", fields)?.grave();
    let mut facts = vec![
        ("捐赠", page.id.clone().into()),
        ("捐赠人", Sentence::known(&page.donor)),
        ("金额", amount_of(page.amount, &page.unit)),
        ("日期", day_words(&page.day)),
        ("现在", page.sentence.clone()),
        ("可删除日", day_words(&page.keep_until)),
    ];
    if let Some(name) = &page.name {
        facts.push(("姓名（只给负责人看）", name.clone().into()));
    }
    let effect = match page.state.as_str() {
        "erased" => "个人信息已经删除，没有可以再办理的。",
        "restricted" if !can("erase") => {
            "已经限制处理；依法要保存的期限没有过，到可删除日再来办理。"
        }
        "restricted" => "删除要由另一位同事确认；删除后任何人都不能再打开，金额、去向和证明不变。",
        _ => {
            "停止公开和限制处理立即生效，称呼从所有页面、名单和下载里消失，联系方式限制处理时删除；日志里的记录不变，并写明撤下。"
        }
    };
    Ok(Sheet::of(&page.organisation, "捐赠人的个人信息", form)
        .facts(facts)
        .closed(page.may.is_empty())
        .effect(effect))
}

/// `GET /desk/privacy/{donation}`
pub(crate) async fn donor(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let page = app.donor_privacy(&staff.actor, &id).await?;
    donor_sheet(&page)?.show(&staff)
}

/// `POST /desk/privacy/{donation}`
pub(crate) async fn donor_send(
    State(app): State<App>,
    staff: Staff,
    Path(donation): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.donor_privacy(&staff.actor, &donation).await?;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let reason = typed.text("reason");
    let (command, done) = match typed.get("step") {
        "hide" => (Command::DonorHide { donation, reason }, "hidden"),
        "restrict" => (Command::DonorRestrict { donation, reason }, "restricted"),
        "erase" => {
            let erase = Repair::Erase { donation, reason };
            (Command::Repair(erase), "asked-privacy")
        }
        _ => {
            let problem = Problem::new("step", "choice", "请选择怎样办理。");
            return donor_sheet(&page)?.again(&sent, &AppError::Invalid(vec![problem]));
        }
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&desk(&page.organisation.id, done))),
        Err(error) => donor_sheet(&page)?.again(&sent, &error),
    }
}

fn desk(organisation: &str, done: &str) -> String {
    format!("/desk/organisations/{organisation}?done={done}")
}

async fn sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let field = |field: &&str| {
        let title = field_title(Withdrawn::Words, field);
        ((*field).to_owned(), title.into())
    };
    let mut choices: Vec<(String, Sentence)> = FIELDS.iter().chain(&MORE).map(field).collect();
    choices.push((FILE.to_owned(), field_title(Withdrawn::File, "").into()));
    let fields = vec![
        Field::new("record", "记录的编号", Input::Line("off"))
            .focused()
            .hint("活动cam_、报告rpt_、问答qst_、拨付dsb_、发放dlv_、资金fnd_或流转mov_开头的编号，页面的网址里有。捐赠人的称呼请在“查找捐赠”里办理。"),
        Field::new("field", "撤下哪一项", Input::Select(choices)),
        Field::new("file", "文件的指纹", Input::Line("off"))
            .optional()
            .hint("只在撤下照片或文件时填写：流转页“凭证”下的64位SHA-256。"),
        Field::new("reason", "理由", Input::Choice(reasons())),
    ];
    let form = FormView::new(
        format!("/desk/organisations/{organisation}/withdraw"),
        "提交申请",
        fields,
    )?
    .grave();
    Ok(Sheet::of_desk(&desk, "撤下公开的内容", form).effect(
        "另一位同事确认后，内容从所有页面、下载和查找里消失，原处写明撤下的时间和理由；日志里的承诺和证明不变，不能恢复。",
    ))
}

/// `GET /desk/organisations/{organisation}/withdraw`
pub(crate) async fn withdraw(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/withdraw`
pub(crate) async fn withdraw_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let (record, reason) = (typed.text("record"), typed.text("reason"));
    let asked = match typed.get("field") {
        FILE => Repair::WithdrawFile {
            record,
            file: typed.text("file"),
            reason,
        },
        field => Repair::Withdraw {
            record,
            field: field.to_owned(),
            reason,
        },
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(Command::Repair(asked)).await? {
        Ok(_) => Ok(error::see_other(&desk(&organisation, "asked-privacy"))),
        Err(error) => sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &said(error)),
    }
}

/// A number that leads nowhere is a problem of its field.
fn said(error: AppError) -> AppError {
    match error {
        AppError::NotFound(what) => {
            let sentence = say!("没有找到{what}，请核对编号或从列表进入。", what = what);
            AppError::Invalid(vec![Problem::new("record", "not_found", sentence)])
        }
        other => other,
    }
}
