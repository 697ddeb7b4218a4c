//! Imports on the desk: bring a file, look at it and say where its columns are, stage it, post it or take it back.
//!
//! Nothing needs scripts: each look is a page of its own with everything in its address, and a page of a run that is
//! being posted refreshes itself.

use app::exchange::ImportAsk;
use app::view::{DeskPage, ImportLook, ImportReport, ImportRunPage, WhoAmI};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::Sentence;
use domain::text::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{self, Page, refreshing};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, options};
use crate::session::Staff;
use crate::show::{filters, query_text};
use crate::transparency::evidence::TypedWithFiles;

/// Runs that are being posted at once, at most; more wait for a click.
const POSTINGS_MAX: usize = 8;
/// Where the empty list is.
const TEMPLATE: &str = "/desk/imports/template.csv";
/// The empty list: headings that are read without asking, and no row that somebody could import by mistake.
const TEMPLATE_BYTES: &str = include_str!("../../assets/import-template.csv");
/// What comes before the code of a field in an address.
const COLUMN: &str = "column_";
/// The lines that are left out, in an address or form.
const OUT: &str = "out";
/// What comes before a line that was ticked.
const OUT_TICKED: &str = "out_";

/// 〔正在入账的批次〕 What is being posted by this process, and what went wrong with what was.
#[derive(Debug, Default)]
pub(crate) struct Postings(Mutex<BTreeMap<String, Posting>>);

/// How a posting is getting on.
#[derive(Debug, Clone)]
enum Posting {
    Running,
    /// The sentence that ended it.
    Failed(Sentence),
}

impl Postings {
    /// False if it is running already or too many are.
    fn begin(&self, run: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = all.values().filter(|p| matches!(p, Posting::Running));
        if running.count() >= POSTINGS_MAX || matches!(all.get(run), Some(Posting::Running)) {
            return false;
        }
        all.insert(run.to_string(), Posting::Running);
        true
    }

    fn end(&self, run: &str, failed: Option<Sentence>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match failed {
            Some(sentence) => all.insert(run.to_string(), Posting::Failed(sentence)),
            None => all.remove(run),
        };
    }

    fn state(&self, run: &str) -> Option<Posting> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(run).cloned()
    }
}

/// The campaigns that money can be entered for: number and title.
fn campaigns_of(desk: &DeskPage) -> Vec<(String, Sentence)> {
    let cards = desk.campaigns.iter().filter(|card| card.state != "draft");
    options(cards.map(|card| (&card.id, card.title.clone())))
}

async fn new_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let campaigns = campaigns_of(&desk);
    let fields = vec![
        Field::new("file", "文件", Input::Sheet)
            .hint("CSV或XLSX，也可以是gzip或ZIP压缩的；中文编码UTF-8或GB18030都能读。一次一个文件，最大60 MB。"),
        Field::new("campaign", "归入哪个活动", Input::Select(campaigns))
            .optional()
            .hint("捐赠名单和账单要选；物资明细和公布数不用选。"),
    ];
    let action = format!("/desk/organisations/{organisation}/imports/new");
    let form = FormView::new(action, "预检", fields)?;
    let template = (TEMPLATE.to_string(), "下载导入模板（CSV）");
    Ok(Sheet::of_desk(&desk, "导入文件", form)
        .links(vec![template])
        .effect(
            "先预检：逐行说明会怎样登记、哪些行退回和为什么，什么都不会入账。核对无误后再确认。",
        ))
}

/// `GET /desk/organisations/{organisation}/imports/new`
pub(crate) async fn new(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    new_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/imports/new`
pub(crate) async fn bring(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    mut sent: TypedWithFiles,
) -> Page {
    let Some((name, bytes)) = sent.take_file() else {
        let problem = Problem::new("file", "file", "请选择要导入的文件。");
        let error = AppError::Invalid(vec![problem]);
        let form = DeskForm {
            app: &app,
            staff: &staff,
            typed: &sent.typed,
        };
        return new_sheet(&app, &staff, &organisation)
            .await?
            .again(&form, &error);
    };
    let sha256 = app.import_bring(&staff.actor, &organisation, bytes).await?;
    Ok(error::see_other(&format!(
        "/desk/organisations/{organisation}/imports/look?file={sha256}&name={}&campaign={}",
        query_text(&name),
        query_text(sent.typed.get("campaign"))
    )))
}

/// Lines that somebody wrote with commas or blanks between them.
fn lines_of(text: &str) -> impl Iterator<Item = u64> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok())
}

/// What an address or form asks of a brought file.
fn ask_of<'a>(organisation: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> ImportAsk {
    let pairs: BTreeMap<&str, &str> = pairs.filter(|(_, text)| !text.is_empty()).collect();
    let get = |name: &str| pairs.get(name).map(|text| (*text).to_owned());
    // Those that were written and those that were ticked in the table.
    let ticked = pairs
        .keys()
        .filter_map(|name| name.strip_prefix(OUT_TICKED));
    let left_out = lines_of(pairs.get(OUT).unwrap_or(&""))
        .chain(ticked.filter_map(|line| line.parse().ok()))
        .collect();
    let columns = domain::exchange::import::mapped_fields()
        .into_iter()
        .filter_map(|field| {
            let text = get(&format!("{COLUMN}{}", field.code))?;
            // People count columns from one.
            let at: usize = text.trim().parse().ok()?;
            Some((field.code.to_string(), at.checked_sub(1)?))
        })
        .collect();
    ImportAsk {
        organisation: organisation.into(),
        campaign: get("campaign").unwrap_or_default(),
        sha256: get("file").unwrap_or_default(),
        name: get("name").unwrap_or_default(),
        columns,
        left_out,
    }
}

fn pairs_of(pairs: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    pairs
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
}

#[derive(Template)]
#[template(path = "exchange/imports/look.html")]
pub(crate) struct Look<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) ask: ImportAsk,
    pub(crate) look: ImportLook,
    pub(crate) key: String,
    /// Why staging was refused.
    pub(crate) refusal: Option<Sentence>,
    /// What can be chosen where no campaign was.
    pub(crate) campaigns: Vec<(String, Sentence)>,
}

impl Look<'_> {
    /// True if the campaign is still to be chosen, and not beside the columns.
    fn asks_for_campaign_alone(&self) -> bool {
        self.ask.campaign.is_empty() && self.look.columns.is_empty() && !self.campaigns.is_empty()
    }

    fn report(&self) -> Option<&ImportReport> {
        self.look.report.as_ref()
    }

    /// True if a field stands in this column.
    fn stands(&self, place: &Option<usize>, column: &usize) -> bool {
        *place == Some(*column)
    }

    /// Where the rejected rows of this look can be taken home before anything is staged.
    fn rejects_href(&self) -> String {
        let ask = &self.ask;
        let mut href = format!(
            "/desk/organisations/{}/imports/rejects.csv?file={}&name={}&campaign={}",
            ask.organisation,
            ask.sha256,
            query_text(&ask.name),
            query_text(&ask.campaign)
        );
        for column in &self.look.columns {
            if let Some(place) = column.place {
                href.push_str(&format!("&{COLUMN}{}={}", column.code, place + 1));
            }
        }
        if !ask.left_out.is_empty() {
            href.push_str(&format!("&{OUT}={}", query_text(&self.left_out())));
        }
        href
    }

    /// The lines that are left out, as they are written.
    fn left_out(&self) -> String {
        let lines = self.ask.left_out.iter().map(u64::to_string);
        lines.collect::<Vec<_>>().join(", ")
    }

    /// The cells of a rejected row as they were typed.
    fn cells(&self, at: &usize) -> String {
        let cells = self.look.rejected_cells.get(*at);
        let cells = cells.into_iter().flatten();
        let typed = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty());
        typed.collect::<Vec<_>>().join(" · ")
    }

    /// The headings that are read, each with its field.
    fn read_columns(&self) -> impl Iterator<Item = (&String, &&'static str)> {
        let used = self.look.used.iter();
        used.filter_map(|(heading, field)| Some((heading, field.as_ref()?)))
    }

    /// The headings that nothing is read from.
    fn unread_columns(&self) -> Vec<&str> {
        let used = self.look.used.iter();
        let unread = used.filter(|(heading, field)| field.is_none() && !heading.trim().is_empty());
        unread.map(|(heading, _)| heading.as_str()).collect()
    }

    /// True if rows can still be left out: a file that was brought before stands as it was staged then.
    fn leaves_out(&self) -> bool {
        let is_new = self.report().is_some_and(|report| report.earlier.is_none());
        is_new && (!self.look.rows.is_empty() || !self.ask.left_out.is_empty())
    }

    fn can_stage(&self) -> bool {
        self.report()
            .is_some_and(|report| report.earlier.is_none() && report.accepted > 0)
    }
}

/// `GET /desk/organisations/{organisation}/imports/look`
pub(crate) async fn look(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(pairs): Query<BTreeMap<String, String>>,
) -> Page {
    let ask = ask_of(&organisation, pairs_of(&pairs));
    let look = app.import_look(&staff.actor, &ask).await?;
    let desk = app.desk_page(&staff.actor, &organisation).await?;
    let shown = Look {
        staff: &staff.who,
        key: crate::form::fresh_key()?,
        ask,
        look,
        refusal: None,
        campaigns: campaigns_of(&desk),
    };
    staff.view.page(&shown)
}

/// `POST /desk/organisations/{organisation}/imports/look`: stages what was looked at.
pub(crate) async fn stage(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let sent = typed
        .0
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let ask = ask_of(&organisation, sent);
    match app.import_stage_brought(&staff.actor, &ask).await {
        Ok(report) => {
            let run = report.run.map(|run| run.id).unwrap_or_default();
            Ok(error::see_other(&format!("/desk/imports/{run}")))
        }
        Err(error) if error::keeps_the_form(&error) => {
            let look = app.import_look(&staff.actor, &ask).await?;
            let desk = app.desk_page(&staff.actor, &organisation).await?;
            let shown = Look {
                staff: &staff.who,
                key: typed.get("command_key").to_string(),
                ask,
                look,
                refusal: Some(error.sentence()),
                campaigns: campaigns_of(&desk),
            };
            staff.view.again(&error, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "exchange/imports/run.html")]
pub(crate) struct Run<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: ImportRunPage,
    pub(crate) key: String,
    pub(crate) running: bool,
    pub(crate) failed: Option<Sentence>,
}

impl Run<'_> {
    fn sums_agree(&self) -> bool {
        let line = &self.page.line;
        line.amount_accepted.checked_add(line.amount_rejected) == Some(line.amount)
            && line.accepted.checked_add(line.rejected) == Some(line.rows)
    }
}

/// `GET /desk/imports/{run}`
pub(crate) async fn run(
    State(app): State<App>,
    State(postings): State<Arc<Postings>>,
    staff: Staff,
    Path(run): Path<String>,
) -> Page {
    let page = app.import_run_page(&staff.actor, &run).await?;
    let state = postings.state(&run);
    let running = matches!(state, Some(Posting::Running));
    let shown = Run {
        staff: &staff.who,
        key: crate::form::fresh_key()?,
        page,
        running,
        failed: match state {
            Some(Posting::Failed(sentence)) => Some(sentence),
            _ => None,
        },
    };
    let answer = staff.view.page(&shown)?;
    Ok(if running { refreshing(answer) } else { answer })
}

/// The run, for whoever may do something with it and not only look.
fn may_import(page: ImportRunPage) -> Result<ImportRunPage, AppError> {
    match page.denied {
        Some(denied) => Err(AppError::denied(denied)),
        None => Ok(page),
    }
}

/// `POST /desk/imports/{run}/post`: begins, or goes on after a stop; rows that are known add nothing.
pub(crate) async fn post(
    State(app): State<App>,
    State(postings): State<Arc<Postings>>,
    staff: Staff,
    Path(run): Path<String>,
) -> Page {
    // Whoever may not import there is told so now and not in the background.
    let page = may_import(app.import_run_page(&staff.actor, &run).await?)?;
    let place = format!("/desk/imports/{run}");
    if !matches!(page.line.state.as_str(), "staged" | "posting") {
        return Ok(error::see_other(&place));
    }
    if postings.begin(&run) {
        let (actor, name) = (staff.actor, run);
        tokio::spawn(async move {
            let outcome = app.import_post(&actor, &name, &mut |_, _| ()).await;
            let failed = outcome.err().map(|error| {
                let source: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(error = source, import.run = name, "import stopped");
                error.sentence()
            });
            postings.end(&name, failed);
        });
    }
    Ok(error::see_other(&place))
}

/// `POST /desk/imports/{run}/undo`
pub(crate) async fn undo(State(app): State<App>, staff: Staff, Path(run): Path<String>) -> Page {
    match app.import_undo(&staff.actor, &run).await {
        Ok(_) | Err(AppError::Conflict(_)) => Ok(error::see_other(&format!("/desk/imports/{run}"))),
        Err(error) => Err(error.into()),
    }
}

/// `GET /desk/imports/{run}/rejects.csv`
pub(crate) async fn rejects(State(app): State<App>, staff: Staff, Path(run): Path<String>) -> Page {
    may_import(app.import_run_page(&staff.actor, &run).await?)?;
    let bytes = app.import_rejects(&run).await?;
    csv(&format!("rejects-{run}"), bytes)
}

/// `GET /desk/organisations/{organisation}/imports/rejects.csv`: the rejected rows of a file that is only looked at.
pub(crate) async fn rejects_brought(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(pairs): Query<BTreeMap<String, String>>,
) -> Page {
    let ask = ask_of(&organisation, pairs_of(&pairs));
    let file = app.import_rejects_brought(&staff.actor, &ask).await?;
    csv("rejects", file.bytes)
}

/// `GET /desk/imports/template.csv`
pub(crate) async fn template(_: Staff) -> Page {
    csv("import-template", TEMPLATE_BYTES.into())
}

/// A table to save.
fn csv(name: &str, bytes: Vec<u8>) -> Page {
    let name = format!("attachment; filename=\"{name}.csv\"");
    let name = HeaderValue::from_str(&name).map_err(AppError::internal)?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
