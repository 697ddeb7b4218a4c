//! A repair that a colleague asked for: confirmed, or sent back.

use app::command::RepairStep;
use app::view::RepairPage;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::Sentence;
use domain::text::Problem;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::transparency::evidence;

fn sheet(page: &RepairPage) -> Result<Sheet, AppError> {
    let line = &page.line;
    let can = |step: &str| line.may.iter().any(|may| may == step);
    let labels = match line.books {
        true => [("confirm", "确认并记账"), ("refuse", "退回，不记账")],
        false => [("confirm", "确认并执行"), ("refuse", "退回，不执行")],
    };
    let steps: Vec<(&str, &str)> = labels.into_iter().filter(|(step, _)| can(step)).collect();
    let fields = vec![
        Field::new("step", "怎样办理", Input::Choice(choices(&steps))),
        Field::new("note", "意见", Input::Area(3))
            .optional()
            .hint("退回时请写明理由，提出的同事会看到。"),
    ];
    let action = format!("/desk/repairs/{}", line.id);
    let form = FormView::new(action, "办理", fields)?.grave();
    let effect = match (can("confirm"), can("refuse")) {
        (true, _) if !line.books => {
            "确认后立即执行并写进公开日志，内容不能恢复；退回则什么都不变。请先核对申请的依据。"
        }
        (true, _) => "确认后立即记账并写进公开日志，不能撤回；退回则什么都不变。请先核对原始单据。",
        (false, true) => "确认要由另一位同事来做；不再需要这项申请时可以退回，什么都不变。",
        (false, false) => "这项申请已经办理过，或者要由另一位有权限的同事确认。",
    };
    let title = match line.books {
        true => "确认更正申请",
        false => "确认撤下或删除",
    };
    let mut facts = vec![
        ("申请", line.what.clone()),
        ("理由", Sentence::known(&line.reason)),
        ("提出人", Sentence::known(&line.who)),
    ];
    facts.extend(page.told.facts.iter().cloned());
    // What was decided already is not told as if it were still to come.
    let entries = match line.may.is_empty() {
        true => Vec::new(),
        false => page.told.entries.clone(),
    };
    let mut links = page.told.links.clone();
    if page.file {
        let place = format!("/desk/repairs/{}/file", line.id);
        links.push((place, "看要撤下的照片或文件"));
    }
    Ok(Sheet::of(&page.organisation, title, form)
        .facts(facts)
        .links(links)
        .entries(entries)
        .closed(line.may.is_empty())
        .effect(effect))
}

/// `GET /desk/repairs/{id}`
pub(crate) async fn show(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let page = app.repair_page(&staff.actor, &id).await?;
    sheet(&page)?.show(&staff)
}

/// `GET /desk/repairs/{id}/file`: what is to be taken down, for those who decide about it.
pub(crate) async fn file(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let sha256 = app.repair_file(&staff.actor, &id).await?;
    evidence::for_the_desk(&app, sha256).await
}

/// `POST /desk/repairs/{id}`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.repair_page(&staff.actor, &id).await?;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let (step, done) = match typed.get("step") {
        "confirm" if !page.line.books => (RepairStep::Confirm, "done-privacy"),
        "confirm" => (RepairStep::Confirm, "confirmed"),
        "refuse" => (RepairStep::Refuse, "declined"),
        _ => {
            let problem = Problem::new("step", "choice", "请选择确认或退回。");
            return sheet(&page)?.again(&sent, &AppError::Invalid(vec![problem]));
        }
    };
    let command = Command::RepairDecide {
        repair: id,
        step,
        note: typed.text("note"),
    };
    match sent.write(command).await? {
        Ok(_) => {
            let desk = &page.organisation.id;
            Ok(error::see_other(&format!(
                "/desk/organisations/{desk}?done={done}"
            )))
        }
        Err(error) => sheet(&page)?.again(&sent, &error),
    }
}
