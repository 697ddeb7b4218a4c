//! What an office does about a qualification by itself: begun here, then a matter like any other.

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use app::{App, AppError, Command, Outcome};
use axum::extract::{Query, State};
use domain::identity::{Action, Denied, reach};
use domain::oversight::procedures::{PROCEDURES, is_of_office};
use serde::Deserialize;

/// The organisation that a link names.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    organisation: String,
}

fn sheet(organisation: &str) -> Result<Sheet, AppError> {
    let tables = PROCEDURES.into_iter().filter(|table| is_of_office(table));
    let choices = tables.map(|table| (table.name.to_string(), table.title.into()));
    let fields = vec![
        Field::new("organisation", "哪家组织", Input::Line("off"))
            .starting(organisation)
            .hint("填组织页面上的编号，例如 org_…，或者统一社会信用代码。"),
        Field::new("procedure", "作什么处理", Input::Choice(choices.collect())),
    ];
    let form = FormView::new("/desk/measures/new", "开始拟写", fields)?;
    Ok(
        Sheet::under("/desk/office", "机关待办", "依职权处理登记事项", form)
            .effect("建立一份草稿；经办提出意见、负责人决定，两个人办完才生效，决定以前不公开。"),
    )
}

fn judge(staff: &Staff) -> Result<(), AppError> {
    match reach(&staff.actor, Action::MatterHandle).is_empty() {
        true => Err(AppError::denied(Denied::NoRole(Action::MatterHandle))),
        false => Ok(()),
    }
}

/// `GET /desk/measures/new`
pub(crate) async fn new(staff: Staff, Query(about): Query<About>) -> Page {
    judge(&staff)?;
    sheet(&about.organisation)?.show(&staff)
}

/// `POST /desk/measures/new`
pub(crate) async fn new_send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    judge(&staff)?;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let organisation = match app.organisation_meant(typed.get("organisation")).await {
        Ok(organisation) => organisation,
        Err(error) if error::keeps_the_form(&error) => return sheet("")?.again(&sent, &error),
        Err(error) => return Err(error.into()),
    };
    let command = Command::MatterOpen {
        organisation,
        procedure: typed.text("procedure"),
    };
    match sent.write(command).await? {
        Ok(Outcome::Record { id }) => Ok(error::see_other(&format!(
            "/desk/matters/{id}/form?done=matter-open"
        ))),
        Ok(_) => Ok(error::see_other("/desk/office")),
        Err(error) => sheet("")?.again(&sent, &error),
    }
}
