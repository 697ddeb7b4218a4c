//! Deliveries: a partner reports use with evidence, returns what is left; the desk adds evidence.

use app::command::EvidenceRef;
use app::view::FundPage;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::Sentence;
use domain::funds::{DeliveryForm, NewDelivery, said_title};
use domain::text::Problem;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, made, options, pick};
use crate::session::Staff;
use crate::show::money;
use crate::transparency::evidence::{TypedWithFiles, captioned, has_pictures};

/// The box to tick where persons may be seen.
const CONSENT: &str = "consent";
/// What the page that takes files says of them.
const FILES_HINT: &str = "至少一份：签收单、发票或照片，最多10份，每份20 MB以内。照片会去掉拍摄地点和设备信息；\
     PDF 和表格按原样公开，请先遮住姓名、证件号和住址。";

fn facts(page: &FundPage) -> Vec<(&'static str, Sentence)> {
    vec![
        ("预付款", said_title(&page.line.title)),
        ("执行机构手中", money(page.line.balance)),
    ]
}

/// The files, what they are called in public, and that whoever can be seen agreed.
fn evidence_fields() -> [Field; 3] {
    [
        Field::new("evidence", "凭证", Input::Files).hint(FILES_HINT),
        Field::new("caption", "凭证说明", Input::Line("off"))
            .optional()
            .hint("会公开，代替文件名，例如“签收单”“发放现场”；不写就按文件种类写成“送达照片”等。请不要写姓名。"),
        Field::new(CONSENT, "照片里能认出的人（未成年人由监护人）都同意公开，或已经遮住", Input::Tick)
            .optional()
            .hint("附有照片时必须确认；没有照片不用勾选。"),
    ]
}

/// What is missing where a photograph came without the word of whoever may be seen on it.
fn consent(evidence: &[EvidenceRef], typed: &Typed) -> Option<Problem> {
    let asked = has_pictures(evidence) && typed.get(CONSENT) != "yes";
    let sentence = "附有照片：请确认能认出的人都同意公开或已经遮住，再勾选。";
    asked.then(|| Problem::new(CONSENT, "consent", sentence))
}

fn delivery_sheet(page: &FundPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("amount", "金额", Input::Amount).focused(),
        Field::new("payee", "受益人或受益单位", Input::Line("off"))
            .hint("单位写全称；个人只写不含姓名的说明，例如“云山县困难家庭”。会公开。"),
        Field::new("scheme", "项目", Input::Line("off")),
        Field::new("persons", "受益人数", Input::Number).hint("不知道填0；不足5人不公开人数。"),
        Field::new("reached_on", "送达日期", Input::Day),
        Field::new("region", "地区", Input::Region)
            .optional()
            .hint("写到县，例如“杭州市 西湖区”，只写“西湖区”也可以。"),
    ];
    let fields = fields.into_iter().chain(evidence_fields()).collect();
    let action = format!("/desk/funds/{}/delivery", page.line.id);
    let form = FormView::new(action, "记录送达", fields)?;
    Ok(Sheet::under("/desk", "工作台", "报告送达", form)
        .facts(facts(page))
        .effect(
            "这笔钱从预付款记为已送达受益人，凭证的摘要写进日志；用到的每笔捐款的凭据页都会显示。",
        ))
}

/// `GET /desk/funds/{fund}/delivery`
pub(crate) async fn report(State(app): State<App>, staff: Staff, Path(fund): Path<String>) -> Page {
    let page = app.fund_page(&fund, None).await?;
    delivery_sheet(&page)?.show(&staff)
}

/// `POST /desk/funds/{fund}/delivery`
pub(crate) async fn report_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let kept = sent_files.keep(&app, &staff).await;
    let typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let evidence = match kept {
        Ok(evidence) => captioned(evidence, typed.get("caption")),
        Err(error) if error::keeps_the_form(&error) => {
            return report_again(&sent, &page, &error).await;
        }
        Err(error) => return Err(error.into()),
    };
    let form = DeliveryForm {
        amount: typed.text("amount"),
        payee: typed.text("payee"),
        scheme: typed.text("scheme"),
        region: app.region_code(typed.get("region")).await?,
        persons: typed.text("persons"),
        reached_on: typed.text("reached_on"),
    };
    if let Some(problem) = consent(&evidence, &typed) {
        // All that is wrong is said at once.
        let dates = (kernel::Day::from_number(0), app.now().day());
        let digests = evidence.iter().map(|file| file.sha256).collect();
        let read = NewDelivery::read(&form, digests, dates);
        let mut problems = read.err().unwrap_or_default();
        problems.push(problem);
        return report_again(&sent, &page, &AppError::Invalid(problems)).await;
    }
    match sent
        .write(Command::DeliveryRecord {
            fund,
            form,
            evidence,
        })
        .await?
    {
        Ok(outcome) => Ok(error::see_other(&format!(
            "{}{}",
            desk_of(&staff, &page, "delivered"),
            made(&outcome)
        ))),
        Err(error) => report_again(&sent, &page, &error).await,
    }
}

async fn report_again(sent: &DeskForm<'_>, page: &FundPage, error: &AppError) -> Page {
    let again = delivery_sheet(page)?.regions(sent.app, sent.typed).await?;
    again.again(sent, error)
}

async fn return_sheet(app: &App, staff: &Staff, page: &FundPage) -> Result<Sheet, AppError> {
    let places = app.return_places(&staff.actor, &page.line.id).await?;
    let places = options(
        places
            .iter()
            .map(|place| (&place.id, said_title(&place.title))),
    );
    let fields = vec![
        Field::new("amount", "退回金额", Input::Amount).focused(),
        Field::new("place", "退回到哪里", pick(places)),
    ];
    let action = format!("/desk/funds/{}/return", page.line.id);
    let form = FormView::new(action, "记录退回", fields)?;
    Ok(Sheet::under("/desk", "工作台", "执行机构退回余款", form)
        .facts(facts(page))
        .effect("没有用完的预付款回到原资金的尾部，可以再次使用；追踪照样连得上。"))
}

/// `GET /desk/funds/{fund}/return`
pub(crate) async fn give_back(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    return_sheet(&app, &staff, &page).await?.show(&staff)
}

/// `POST /desk/funds/{fund}/return`
pub(crate) async fn give_back_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let command = Command::AdvanceReturn {
        fund,
        amount: typed.text("amount"),
        place: typed.text("place"),
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(outcome) => Ok(error::see_other(&format!(
            "{}{}",
            desk_of(&staff, &page, "returned"),
            made(&outcome)
        ))),
        Err(error) => return_sheet(&app, &staff, &page)
            .await?
            .again(&sent, &error),
    }
}

fn attach_sheet(delivery: &str) -> Result<Sheet, AppError> {
    let fields = evidence_fields().into_iter().collect();
    let action = format!("/desk/deliveries/{delivery}/evidence");
    let form = FormView::new(action, "补充凭证", fields)?;
    Ok(Sheet::under("/desk", "工作台", "补充送达凭证", form)
        .facts(vec![("送达编号", delivery.to_string().into())])
        .effect("凭证公开，摘要写进日志；已有的凭证不变。"))
}

/// `GET /desk/deliveries/{id}/evidence`
pub(crate) async fn attach(staff: Staff, Path(delivery): Path<String>) -> Page {
    attach_sheet(&delivery)?.show(&staff)
}

/// `POST /desk/deliveries/{id}/evidence`
pub(crate) async fn attach_send(
    State(app): State<App>,
    staff: Staff,
    Path(delivery): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let kept = sent_files.keep(&app, &staff).await;
    let typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let evidence = match kept {
        Ok(evidence) => captioned(evidence, typed.get("caption")),
        Err(error) if error::keeps_the_form(&error) => {
            return attach_sheet(&delivery)?.again(&sent, &error);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(problem) = consent(&evidence, &typed) {
        return attach_sheet(&delivery)?.again(&sent, &AppError::Invalid(vec![problem]));
    }
    match sent
        .write(Command::EvidenceAttach {
            delivery: delivery.clone(),
            evidence,
        })
        .await?
    {
        Ok(_) => Ok(error::see_other("/desk?done=evidence")),
        Err(error) => attach_sheet(&delivery)?.again(&sent, &error),
    }
}

/// The desk of the organisation for those who work there, a partner's own desk for a partner.
fn desk_of(staff: &Staff, page: &FundPage, done: &str) -> String {
    let owner = &page.organisation.id;
    if staff.who.organisations.iter().any(|one| &one.id == owner) {
        format!("/desk/organisations/{owner}?done={done}")
    } else {
        format!("/desk?done={done}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(mime: &str) -> EvidenceRef {
        EvidenceRef {
            sha256: [1; 32],
            length: 1,
            mime: mime.into(),
            title: "IMG_20261122_张三家.jpg".into(),
        }
    }

    #[test]
    fn photographs_need_the_word_of_whoever_is_on_them() {
        let ticked = Typed(vec![(CONSENT.into(), "yes".into())]);
        let silent = Typed::default();
        assert!(consent(&[file("image/jpeg")], &silent).is_some());
        assert!(consent(&[file("image/jpeg")], &ticked).is_none());
        assert!(consent(&[file("application/pdf")], &silent).is_none());
    }

    #[test]
    fn the_name_of_a_file_is_never_public() {
        let titles = |caption: &str, files: Vec<EvidenceRef>| {
            let files = captioned(files, caption).into_iter();
            files.map(|file| file.title).collect::<Vec<_>>()
        };
        let two = vec![file("image/jpeg"), file("application/pdf")];
        assert_eq!(titles("", two.clone()), ["送达照片（1）", "送达单据（2）"]);
        assert_eq!(titles(" 签收单 ", two), ["签收单（1）", "签收单（2）"]);
        assert_eq!(titles("发放现场", vec![file("image/png")]), ["发放现场"]);
    }
}
