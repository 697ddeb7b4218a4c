//! What becomes of a donor's information: the desk's forms.

use app::command::Repair;
use app::view::DonorPrivacy;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::Sentence;
use domain::fundraising::WithdrawReason;
use domain::text::Problem;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{amount_of, day_words};

/// The reasons that may be given.
pub(crate) fn reasons() -> Vec<(String, Sentence)> {
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

pub(crate) fn desk(organisation: &str, done: &str) -> String {
    format!("/desk/organisations/{organisation}?done={done}")
}
