//! The service hall 办事大厅: what can be asked for, how, and where an application is.

use crate::attempts::Attempts;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::show::filters;
use crate::view::View;
use app::view::{ClockLine, GuidePage, HallPage, TrackPage};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use domain::oversight::forms::Needed;
use domain::text::Problem;
use domain::{Refusal, say};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "oversight/hall/index.html")]
pub(crate) struct Index {
    pub(crate) page: HallPage,
}

#[derive(Template)]
#[template(path = "oversight/hall/guide.html")]
pub(crate) struct Guide {
    pub(crate) page: GuidePage,
}

impl Guide {
    /// When a question or a document is asked for, in words.
    fn when(&self, needed: &Needed) -> &'static str {
        match needed {
            Needed::Always => "必须",
            Needed::Optional => "可不填",
            Needed::With(_) => "有这种情况时必须",
        }
    }
}

#[derive(Template)]
#[template(path = "oversight/hall/track.html")]
pub(crate) struct Track {
    pub(crate) form: FormView,
    pub(crate) found: Option<TrackPage>,
}

impl Track {
    fn clocks(&self) -> &[ClockLine] {
        self.found.as_ref().map_or(&[], |found| &found.clocks)
    }
}

/// `GET /hall`
pub(crate) async fn index(State(app): State<App>, view: View) -> Page {
    let page = app.hall_page().await?;
    view.page(&Index { page })
}

/// `GET /hall/{procedure}`
pub(crate) async fn guide(State(app): State<App>, view: View, Path(name): Path<String>) -> Page {
    let page = app.guide_page(&name).await?;
    view.page(&Guide { page })
}

pub(crate) fn track_form() -> Result<FormView, AppError> {
    let fields = vec![
        Field::new("number", "办件编号", Input::Line("off"))
            .hint("以 mat_ 开头，字母大小写和空格都可以。"),
        Field::new("code", "查询码的最后四位", Input::Line("off"))
            .hint("申请单位在办件页上看得到查询码。"),
    ];
    FormView::new("/hall/track", "查询进度", fields)
}

/// `GET /hall/track`
pub(crate) async fn track(view: View) -> Page {
    view.page(&Track {
        form: track_form()?,
        found: None,
    })
}

/// `POST /hall/track`
pub(crate) async fn track_send(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    view: View,
    typed: Typed,
) -> Page {
    let answer = tracked(&app, &attempts, &typed).await;
    let form = track_form()?;
    match answer {
        Ok(found) => view.page(&Track {
            form,
            found: Some(found),
        }),
        Err(error) if error::keeps_the_form(&error) => {
            let form = form.answering(&typed, &error);
            view.again(&error, &Track { form, found: None })
        }
        Err(error) => Err(error.into()),
    }
}

/// Wrong codes for a number wait longer each time, so that four letters are not guessed.
async fn tracked(app: &App, attempts: &Attempts, typed: &Typed) -> Result<TrackPage, AppError> {
    let key = format!("track {}", typed.get("number"));
    if let Err(seconds) = attempts.begin(&key, app.now()) {
        return Err(AppError::Refused(Refusal {
            code: "track_wait",
            sentence: say!("试的次数太多了，请{seconds}秒后再查。", seconds),
            law: None,
            field: Some("code"),
        }));
    }
    let found = app
        .matter_track(typed.get("number"), typed.get("code"))
        .await;
    match found {
        Ok(found) => {
            attempts.succeeded(&key);
            Ok(found)
        }
        Err(AppError::NotFound(_)) => {
            let sentence = "没有这个编号和查询码的办件，请对照申请单位的办件页再看一遍。";
            Err(AppError::Invalid(vec![Problem::new(
                "number", "unknown", sentence,
            )]))
        }
        Err(other) => Err(other),
    }
}
