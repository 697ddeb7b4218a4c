//! How an organisation is reached: the form with which its staff publishes it.

use app::view::{ContactDesk, ContactVersion};
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::parties::ContactForm;
use domain::{Sentence, say};

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::moment_text;
use crate::view::Language;

/// Carries the version that the writer saw.
const VERSION: &str = "version";

/// A version in one line: who wrote it when, and what it says.
fn told(version: &ContactVersion, language: Language) -> Sentence {
    say!(
        "{who}，{at}：{lines}",
        who = &version.who,
        at = moment_text(&version.at, language),
        lines = version.lines.join(" · ")
    )
}

pub(crate) fn form_of(desk: &ContactDesk) -> Result<FormView, AppError> {
    let now = &desk.now;
    let fields = vec![
        Field::new("desk", "联系部门", Input::Line("organization"))
            .hint("接待捐赠人的部门或岗位，例如“捐赠服务处”。不要写个人姓名：人会换，公开的姓名收不回来。")
            .starting(&now.desk),
        Field::new("telephones", "办公电话", Input::Area(3))
            .optional()
            .hint("一行写一个，最多三个，带区号；可以写“转 8001”。不要填个人手机。")
            .starting(&now.telephones.join("\n")),
        Field::new("mail", "邮箱", Input::Line("email"))
            .optional()
            .hint("办公邮箱，只写一个。")
            .starting(&now.mail),
        Field::new("hours", "办公时间", Input::Line("off"))
            .optional()
            .hint("例如“周一至周五 9:00至17:00，法定节假日休息”。")
            .starting(&now.hours),
        Field::new("address", "通信地址", Input::Line("off"))
            .optional()
            .hint("寄信和上门能找到的地址，不要填个人住址。")
            .starting(&now.address),
        Field::hidden(VERSION, &desk.version.to_string()),
    ];
    let action = format!("/desk/organisations/{}/contact", now.organisation.id);
    FormView::new(action, "公布", fields)
}

/// The form with what everybody reads now and what stood before.
fn sheet(desk: &ContactDesk, language: Language) -> Result<Sheet, AppError> {
    let mut facts: Vec<(&'static str, Sentence)> = Vec::new();
    for (at, version) in desk.versions.iter().enumerate() {
        let label = match at {
            0 => "现在公开的",
            _ => "更早的一版",
        };
        facts.push((label, told(version, language)));
    }
    if facts.is_empty() {
        facts.push(("现在公开的", "还没有公布联系方式。".into()));
    }
    let shown = format!("/organisations/{}#whom", desk.now.organisation.id);
    Ok(
        Sheet::of(&desk.now.organisation, "公布联系方式", form_of(desk)?)
            .facts(facts)
            .links(vec![(shown, "看公开页上的样子")])
            .effect("立即显示在组织页、活动页、捐赠页和凭据上，谁在什么时候改的会留底；联系方式不写进日志，可以随时再改。"),
    )
}

/// `GET /desk/organisations/{organisation}/contact`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    let desk = app.contact_desk(&staff.actor, &organisation).await?;
    sheet(&desk, staff.view.language)?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/contact`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    mut typed: Typed,
) -> Page {
    let form = ContactForm {
        desk: typed.text("desk"),
        telephones: typed.text("telephones"),
        mail: typed.text("mail"),
        address: typed.text("address"),
        hours: typed.text("hours"),
        version: typed.get(VERSION).parse().unwrap_or(-1),
    };
    let command = Command::ContactPublish {
        organisation: organisation.clone(),
        form,
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let error = match sent.write(command).await? {
        Ok(_) => {
            let home = format!("/desk/organisations/{organisation}?done=contact");
            return Ok(error::see_other(&home));
        }
        Err(error) => error,
    };
    let desk = app.contact_desk(&staff.actor, &organisation).await?;
    if matches!(error, AppError::Conflict(_)) {
        // What a colleague published meanwhile stands above the form now: whoever sends again has seen it.
        typed.0.retain(|(name, _)| name != VERSION);
    }
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    sheet(&desk, staff.view.language)?.again(&sent, &error)
}
