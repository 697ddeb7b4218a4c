//! A matter at the desk: opened, read, moved on step by step.

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Done, Sheet, done};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::filters;
use app::command::MatterStep;
use app::view::{AnswerLine, MatterPage, StepOffer, WhoAmI};
use app::{App, AppError, Command, Outcome};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::Sentence;
use domain::oversight::forms::{FORMS, Kind, NO, OTHER, YES, form};
use domain::oversight::procedures::{is_of_office, procedure};

#[derive(Template)]
#[template(path = "oversight/matter/page.html")]
pub(crate) struct Shown<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: MatterPage,
    pub(crate) done: Option<Done>,
}

impl Shown<'_> {
    /// How many steps this reader may take now.
    fn may(&self) -> usize {
        self.page.steps.iter().filter(|step| step.may).count()
    }
}

#[derive(Template)]
#[template(path = "oversight/matter/step.html")]
pub(crate) struct StepShown<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: MatterPage,
    pub(crate) offer: StepOffer,
    pub(crate) form: FormView,
}

impl StepShown<'_> {
    /// True if what is missing has to be mended before this step can be taken.
    fn incomplete(&self) -> bool {
        self.offer.hands_in && !self.page.problems.is_empty()
    }
}

/// What an office does by itself stands in no catalogue.
pub(crate) fn has_guide(name: &str) -> bool {
    procedure(name).is_some_and(|table| !is_of_office(table))
}

/// An answer in words: a yes and a no are ours.
pub(crate) fn answer_words(line: &AnswerLine) -> Sentence {
    if let Kind::Choice(choices) = line.field.kind {
        let chosen = choices.iter().find(|(code, _)| *code == line.value);
        return chosen.map_or_else(|| line.value.clone().into(), |(_, title)| (*title).into());
    }
    if line.field.kind == Kind::Ledger {
        return domain::say!("{amount}元", amount = line.value.clone());
    }
    match line.value.as_str() {
        YES => "是".into(),
        NO => "否".into(),
        other => other.to_string().into(),
    }
}

/// True for what the house fills in.
pub(crate) fn is_ledger(line: &AnswerLine) -> bool {
    line.field.kind == Kind::Ledger
}

/// Where a problem of a draft is mended: its field in the form.
pub(crate) fn mend_href(id: &str, field: &str) -> String {
    format!("/desk/matters/{id}/form#{field}")
}

async fn open_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let choices = FORMS.iter().filter_map(|form| procedure(form.procedure));
    let choices = choices.filter(|table| !is_of_office(table));
    let choices = choices.map(|table| (table.name.to_string(), table.title.into()));
    let fields = vec![
        Field::new("procedure", "申请什么", Input::Choice(choices.collect()))
            .hint("条件、材料和时限写在办事大厅的指南里。"),
    ];
    let action = format!("/desk/organisations/{organisation}/matters/new");
    let form = FormView::new(action, "开始填写", fields)?;
    Ok(Sheet::of(&desk.organisation, "新的申请", form)
        .effect("建立一份草稿，随时可以保存；复核同事提交以前，登记管理机关看不到。"))
}

/// `GET /desk/organisations/{organisation}/matters/new`
pub(crate) async fn new(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    open_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/matters/new`
pub(crate) async fn new_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::MatterOpen {
        organisation: organisation.clone(),
        procedure: typed.text("procedure"),
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(Outcome::Record { id }) => Ok(error::see_other(&format!(
            "/desk/matters/{id}/form?done=matter-open"
        ))),
        Ok(_) => Ok(error::see_other("/desk")),
        Err(error) => open_sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}

/// `GET /desk/matters/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = app.matter_page(&staff.actor, &id).await?;
    staff.view.page(&Shown {
        staff: &staff.who,
        page,
        done: done(&on),
    })
}

/// What a step asks for.
pub(crate) fn step_form(page: &MatterPage, offer: &StepOffer) -> Result<FormView, AppError> {
    let mut fields = vec![Field::hidden("version", &page.version.to_string())];
    if let Some(other) = &offer.on_behalf {
        fields.push(Field::hidden("on_behalf", &other.id));
    }
    if offer.asks_day {
        fields.push(
            Field::new("dated", "发生的日期", Input::Day)
                .hint("这件事实际发生的日期，例如文书上写的同意或送达日期，不能晚于今天。"),
        );
    }
    if let Some(writes) = offer.writes {
        fields.push(
            Field::new("document", "决定书文号", Input::Line("off"))
                .hint("照决定书写，例如 云民慈〔2026〕12号；写进公开的登记簿。"),
        );
        if let Some(name) = writes.until {
            fields.push(
                Field::new("until", name, Input::Day)
                    .optional()
                    .hint("这一天仍算在内；没有期限的留空。"),
            );
        }
    }
    if let Some(most) = offer.longer_by {
        let hint = domain::say!("最多{most}日，按期限自己的单位算。", most = i64::from(most));
        fields.push(Field::new("longer_by", "延长多少日", Input::Number).hint(hint));
    }
    if offer.asks_gaps {
        fields.extend(gap_fields(page));
    }
    let reason =
        Field::new("reason", "理由", Input::Area(3)).hint("记入办理记录，申请单位看得到。");
    fields.push(if offer.asks_reason {
        reason
    } else {
        reason.optional()
    });
    let action = format!("/desk/matters/{}/steps/{}", page.id, offer.name);
    let form = FormView::new(action, offer.title, fields)?;
    Ok(if offer.ends { form.grave() } else { form })
}

/// One box for each question and document, so that all gaps are told at once.
fn gap_fields(page: &MatterPage) -> Vec<Field> {
    let Some(form) = form(page.procedure) else {
        return Vec::new();
    };
    let fields = form.fields.iter().map(|field| (field.name, field.label));
    let slots = form.slots.iter().map(|slot| (slot.name, slot.label));
    let all = slots.chain(fields).chain([(OTHER, "其他")]);
    let mut boxes: Vec<Field> = all
        .map(|(name, label)| Field::new(name, label, Input::Area(2)).optional())
        .collect();
    if let Some(first) = boxes.first_mut() {
        first.hint = "缺什么、怎样补；没有问题的留空，所有问题一次写完。".into();
        first.anchor = "gaps".into();
    }
    boxes
}

fn offered(page: &MatterPage, step: &str) -> Result<StepOffer, AppError> {
    let mut offers = page.steps.iter();
    let found = offers.find(|offer| offer.name == step).cloned();
    found.ok_or(AppError::NotFound("现在可以办的这一步"))
}

/// `GET /desk/matters/{id}/steps/{step}`
pub(crate) async fn step(
    State(app): State<App>,
    staff: Staff,
    Path((id, step)): Path<(String, String)>,
) -> Page {
    let page = app.matter_page(&staff.actor, &id).await?;
    let offer = offered(&page, &step)?;
    let form = step_form(&page, &offer)?;
    staff.view.page(&StepShown {
        staff: &staff.who,
        page,
        offer,
        form,
    })
}

/// `POST /desk/matters/{id}/steps/{step}`
pub(crate) async fn step_send(
    State(app): State<App>,
    staff: Staff,
    Path((id, step)): Path<(String, String)>,
    typed: Typed,
) -> Page {
    let page = app.matter_page(&staff.actor, &id).await?;
    let gaps = gap_fields(&page).into_iter();
    let gaps = gaps.map(|field| (field.name.to_string(), typed.text(field.name)));
    let command = MatterStep {
        matter: id.clone(),
        version: typed.get("version").parse().unwrap_or(-1),
        step: step.clone(),
        reason: typed.text("reason"),
        gaps: gaps
            .filter(|(_, missing)| !missing.trim().is_empty())
            .collect(),
        dated: typed.text("dated"),
        longer_by: typed.text("longer_by"),
        document: typed.text("document"),
        until: typed.text("until"),
        on_behalf: typed.text("on_behalf"),
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(Command::MatterStep(Box::new(command))).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/matters/{id}?done=matter-step"
        ))),
        Err(error) => step_again(&sent, (page, &step), &error),
    }
}

/// The form again; after a conflict with the version of now, so that whoever has read what changed can go on.
fn step_again(sent: &DeskForm<'_>, (page, step): (MatterPage, &str), error: &AppError) -> Page {
    let offer = match offered(&page, step) {
        Ok(offer) => offer,
        Err(_) => return Err(refresh(error)),
    };
    let form = step_form(&page, &offer)?.answering(sent.typed, error);
    let form = form.with_value("version", page.version.to_string());
    let shown = StepShown {
        staff: &sent.staff.who,
        page,
        offer,
        form,
    };
    sent.staff.view.again(error, &shown)
}

/// Where the step is gone meanwhile, the refusal has a page of its own.
fn refresh(error: &AppError) -> crate::error::PageError {
    let refusal = domain::Refusal {
        code: "step_gone",
        sentence: error.sentence(),
        law: None,
        field: None,
    };
    AppError::Conflict(refusal).into()
}

/// `GET /desk/matters/{id}/files/{sha256}`: a document, for those who may read the matter.
pub(crate) async fn file(
    State(app): State<App>,
    staff: Staff,
    Path((id, digest)): Path<(String, String)>,
) -> Page {
    let mut sha256 = [0; 32];
    hex::decode_to_slice(&digest, &mut sha256).map_err(|_| AppError::NotFound("这份材料"))?;
    app.matter_file(&staff.actor, (&id, &sha256)).await?;
    let store = app.evidence().clone();
    let read = tokio::task::spawn_blocking(move || store.read(&sha256));
    let bytes = read.await.map_err(AppError::internal)?;
    let bytes = bytes.map_err(AppError::internal)?;
    let bytes = bytes.ok_or(AppError::NotFound("这份材料"))?;
    // Strangers made these bytes, and they are nobody else's: saved, never shown inside our site, kept by no cache.
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
