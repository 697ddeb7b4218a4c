//! Settlement: a channel paid out what waited at it.

use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::funds::account;
use domain::text::Problem;

use super::place::places;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, lacks_a_role, made, pick};
use crate::session::Staff;
use crate::transparency::evidence::TypedWithFiles;

/// The field of the bill.
const BILL: &str = "bill";

async fn sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let at = |accounts: &[&str]| {
        let found = desk.places.iter();
        let found = found.filter(|place| accounts.contains(&place.account.as_str()));
        found.cloned().collect::<Vec<_>>()
    };
    let channels = at(&[account::CLEARING]);
    let accounts = at(&[account::BANK, account::CASH]);
    let fields = vec![
        Field::new("from", "哪个渠道", pick(places(&channels))),
        Field::new("to", "进哪个账户", pick(places(&accounts))),
        Field::new("sum", "账单金额", Input::Amount)
            .hint("渠道账单上的合计；和账面不符时不会入账，会告诉您差多少。"),
        Field::new(BILL, "渠道账单文件", Input::Sheet)
            .hint("从渠道下载的原文件，不要改动。文件只留在本系统，不公开；公开的只有它的摘要。"),
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

/// The digest of the bill that was sent now, or with an earlier try; whoever could write any digest here before may
/// still do so, it is only what this person says of the bill.
async fn bill_of(
    app: &App,
    staff: &Staff,
    (organisation, sent): (&str, &mut TypedWithFiles),
) -> Result<Option<[u8; 32]>, AppError> {
    if let Some((name, bytes)) = sent.take_file() {
        let digest = app.bill_keep(&staff.actor, organisation, bytes).await?;
        let kept = vec![(hex::encode(digest), name)];
        sent.typed.keep_files(BILL, kept);
        return Ok(Some(digest));
    }
    let mut digest = [0; 32];
    let kept = sent.typed.kept_of(BILL);
    let known = kept
        .first()
        .is_some_and(|(text, _)| hex::decode_to_slice(text, &mut digest).is_ok());
    Ok(known.then_some(digest))
}

/// `POST /desk/organisations/{organisation}/settle`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let bill = bill_of(&app, &staff, (&organisation, &mut sent_files)).await;
    let typed: Typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let missing = || {
        let problem = Problem::new(BILL, "file", "请选择渠道的账单文件，系统会算出它的摘要。");
        AppError::Invalid(vec![problem])
    };
    let bill = match bill.and_then(|bill| bill.ok_or_else(missing)) {
        Ok(bill) => bill,
        Err(error) if error::keeps_the_form(&error) || lacks_a_role(&error) => {
            let again = sheet(&app, &staff, &organisation).await?;
            return again.again(&sent, &error);
        }
        Err(error) => return Err(error.into()),
    };
    let command = Command::Settle {
        from: typed.text("from"),
        to: typed.text("to"),
        sum: typed.text("sum"),
        bill,
    };
    match sent.write(command).await? {
        Ok(outcome) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=settled{}",
            made(&outcome)
        ))),
        Err(error) => sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}
