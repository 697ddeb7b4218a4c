//! 〔委托办理〕 Handing a duty to a colleague, the lists of what was given and received, and ending it early.

use app::command::DelegationForm;
use app::view::{DelegationsPage, WhoAmI};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, Query, State};

use super::desk::{DeskForm, Done, done, pick};
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::filters;

const HOME: &str = "/desk/delegations";

#[derive(Template)]
#[template(path = "identity/delegation/page.html")]
pub(crate) struct Delegations<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: DelegationsPage,
    pub(crate) form: FormView,
    pub(crate) done: Option<Done>,
}

/// What is asked for a new one.
pub(crate) fn form(page: &DelegationsPage) -> Result<FormView, AppError> {
    let fields = vec![
        Field::new("duty", "委托哪项职责", pick(page.duties.clone())),
        Field::new("login", "同事的登录名", Input::Line("off"))
            .hint("同一单位或同一机关里有办件角色的同事。"),
        Field::new("first", "第一天", Input::Day),
        Field::new("last", "最后一天", Input::Day).hint("这一天仍算在内，到期自动结束。"),
        Field::new("reason", "原因", Input::Line("off")).hint("例如“出差”，同事看得到。"),
    ];
    let form = FormView::new(HOME, "委托", fields)?;
    Ok(form.with_value("first", page.today.clone()))
}

async fn page<'a>(app: &App, staff: &'a Staff) -> Result<Delegations<'a>, AppError> {
    let page = app.delegations(&staff.actor).await?;
    Ok(Delegations {
        staff: &staff.who,
        form: form(&page)?,
        page,
        done: None,
    })
}

/// `GET /desk/delegations`
pub(crate) async fn show(State(app): State<App>, staff: Staff, Query(on): Query<Continue>) -> Page {
    let mut shown = page(&app, &staff).await?;
    shown.done = done(&on);
    staff.view.page(&shown)
}

/// `POST /desk/delegations`
pub(crate) async fn send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let command = Command::DelegationGive(DelegationForm {
        duty: typed.text("duty"),
        login: typed.text("login"),
        first: typed.text("first"),
        last: typed.text("last"),
        reason: typed.text("reason"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other("/desk/delegations?done=delegated")),
        Err(error) => {
            let mut shown = page(&app, &staff).await?;
            shown.form = shown.form.answering(&typed, &error);
            staff.view.again(&error, &shown)
        }
    }
}

/// `POST /desk/delegations/{handle}/end`
pub(crate) async fn end(
    State(app): State<App>,
    staff: Staff,
    Path(handle): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::DelegationEnd { handle };
    app.write(&staff.actor, &typed.key(), command).await?;
    Ok(error::see_other("/desk/delegations?done=delegation-ended"))
}
