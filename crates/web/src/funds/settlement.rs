//! Settlement: a channel paid out what waited at it.

use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::text::Problem;

use super::place::places;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, pick};
use crate::session::Staff;

/// Account of payment channels (dictionary 2.16).
const CLEARING: &str = "1009";

async fn sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let (channels, accounts): (Vec<_>, Vec<_>) = desk
        .places
        .iter()
        .cloned()
        .partition(|place| place.account == CLEARING);
    let fields = vec![
        Field::new("from", "哪个渠道", pick(places(&channels))),
        Field::new("to", "进哪个账户", pick(places(&accounts))),
        Field::new("sum", "账单金额", Input::Amount)
            .hint("渠道账单上的合计；和账面不符时不会入账，会告诉您差多少。"),
        Field::new("bill", "账单文件的 SHA-256", Input::Line("off"))
            .hint("64个十六进制字符，由账单文件算出，例如运行 sha256sum 账单.csv。"),
    ];
    let action = format!("/desk/organisations/{organisation}/settle");
    let form = FormView::new(action, "结算入账", fields)?;
    Ok(Sheet::of_desk(&desk, "渠道结算入账", form)
        .effect("在途的钱记为已到账户，每项资金各多少不变，账单的摘要写进日志。"))
}

/// `GET /desk/organisations/{organisation}/settle`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/settle`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let mut bill = [0; 32];
    if hex::decode_to_slice(typed.get("bill").trim(), &mut bill).is_err() {
        let problem = Problem::new("bill", "digest", "账单摘要要64个十六进制字符，请重新复制。");
        let error = AppError::Invalid(vec![problem]);
        return sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error);
    }
    let command = Command::Settle {
        from: typed.text("from"),
        to: typed.text("to"),
        sum: typed.text("sum"),
        bill,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=settled"
        ))),
        Err(error) => sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}
