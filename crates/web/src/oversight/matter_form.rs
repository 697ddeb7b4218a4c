//! The form of an application: saved as a draft as often as one likes, with its documents.

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Done, done};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::filters;
use crate::transparency::evidence::TypedWithFiles;
use app::command::MatterAnswer;
use app::view::{AnswerLine, MatterPage, PaperFile, PaperLine, WhoAmI};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::oversight::forms::{Kind, NO, YES};

#[derive(Template)]
#[template(path = "oversight/matter/form.html")]
pub(crate) struct Shown<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: MatterPage,
    pub(crate) form: FormView,
    /// A command key for each button that takes a file out.
    pub(crate) drop_key: String,
    pub(crate) done: Option<Done>,
}

/// A question as it is asked.
fn input(kind: Kind) -> Input {
    match kind {
        Kind::Line => Input::Line("off"),
        Kind::Area => Input::Area(4),
        Kind::Day => Input::Day,
        Kind::Count => Input::Number,
        Kind::Yuan | Kind::Ledger => Input::Amount,
        Kind::YesNo => Input::Choice(choices(&[(YES, "是"), (NO, "否")])),
        Kind::Choice(some) => Input::Select(choices(some)),
    }
}

/// All questions and documents of the form; a draft may be saved with gaps, so the browser demands nothing.
pub(crate) fn form_of(page: &MatterPage) -> Result<FormView, AppError> {
    let mut fields = vec![Field::hidden("version", &page.version.to_string())];
    let typed = page.answers.iter();
    for line in typed.filter(|line| line.field.kind != Kind::Ledger) {
        let asked = line.field;
        let field = Field::new(asked.name, asked.label, input(asked.kind)).hint(asked.help);
        let field = field.starting(&line.value);
        fields.push(if line.needed { field } else { field.optional() });
    }
    for line in &page.papers {
        let slot = line.slot;
        let field = Field::new(slot.name, slot.label, Input::Files).hint(slot.help);
        let there = !line.files.is_empty();
        fields.push(if line.needed && !there {
            field
        } else {
            field.optional()
        });
    }
    let action = format!("/desk/matters/{}/form", page.id);
    let mut form = FormView::new(action, "保存草稿", fields)?;
    // Gaps that an official told stand at their fields, in the official's own words.
    for gap in &page.gaps {
        for field in form
            .fields
            .iter_mut()
            .filter(|field| field.name == gap.anchor)
        {
            field.problems.push(gap.missing.clone().into());
        }
    }
    Ok(form)
}

async fn editable(app: &App, staff: &Staff, id: &str) -> Result<MatterPage, AppError> {
    let page = app.matter_page(&staff.actor, id).await?;
    if page.editable {
        Ok(page)
    } else {
        Err(AppError::refused(
            domain::oversight::matters::MatterRefused::NotADraft,
        ))
    }
}

/// `GET /desk/matters/{id}/form`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = editable(&app, &staff, &id).await?;
    let form = form_of(&page)?;
    staff.view.page(&Shown {
        staff: &staff.who,
        page,
        form,
        drop_key: crate::form::fresh_key()?,
        done: done(&on),
    })
}

/// `POST /desk/matters/{id}/form`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let page = editable(&app, &staff, &id).await?;
    let slots: Vec<&'static str> = page.papers.iter().map(|line| line.slot.name).collect();
    let kept = sent_files.keep_for(&app, &slots).await;
    let typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let files = match kept {
        Ok(files) => files,
        Err(error) if error::keeps_the_form(&error) => return again(&sent, page, &error),
        Err(error) => return Err(error.into()),
    };
    let command = MatterAnswer {
        matter: id.clone(),
        version: typed.get("version").parse().unwrap_or(-1),
        answers: typed.0.clone(),
        files,
        dropped: Vec::new(),
    };
    match sent.write(Command::MatterAnswer(Box::new(command))).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/matters/{id}?done=matter-saved"
        ))),
        Err(error) => again(&sent, page, &error),
    }
}

fn again(sent: &DeskForm<'_>, page: MatterPage, error: &AppError) -> Page {
    let form = form_of(&page)?.answering(sent.typed, error);
    // Somebody saved meanwhile: what was typed here stays, and the next try is about the draft of now.
    let form = form.with_value("version", page.version.to_string());
    let shown = Shown {
        staff: &sent.staff.who,
        page,
        form,
        drop_key: crate::form::fresh_key()?,
        done: None,
    };
    sent.staff.view.again(error, &shown)
}

/// `POST /desk/matters/{id}/drop`: a file counts no more; answers stay as they are.
pub(crate) async fn drop_file(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = editable(&app, &staff, &id).await?;
    let mut sha256 = [0; 32];
    hex::decode_to_slice(typed.get("sha256"), &mut sha256)
        .map_err(|_| AppError::NotFound("这份材料"))?;
    let answers = page.answers.iter();
    let answers = answers.map(|line| (line.field.name.to_string(), line.value.clone()));
    let command = MatterAnswer {
        matter: id.clone(),
        version: typed.get("version").parse().unwrap_or(-1),
        answers: answers.collect(),
        files: Vec::new(),
        dropped: vec![(typed.text("slot"), sha256)],
    };
    let command = Command::MatterAnswer(Box::new(command));
    app.write(&staff.actor, &typed.key(), command).await?;
    Ok(error::see_other(&format!(
        "/desk/matters/{id}/form?done=matter-saved"
    )))
}

impl Shown<'_> {
    /// What the ledger knows, so that nobody is asked for it.
    fn ledger(&self) -> Vec<&AnswerLine> {
        let lines = self.page.answers.iter();
        lines
            .filter(|line| line.field.kind == Kind::Ledger)
            .collect()
    }

    /// The documents that have files, for the list of what is there.
    fn kept(&self) -> impl Iterator<Item = (&PaperLine, &PaperFile)> {
        let papers = self.page.papers.iter();
        papers.flat_map(|line| line.files.iter().map(move |file| (line, file)))
    }
}
