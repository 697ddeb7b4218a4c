//! Something public is taken down: first it is looked up by name, then it is said what of it and why.

use app::command::Repair;
use app::view::{CampaignPage, DeskPage, MovementPage, WhoAmI};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::fundraising::{Withdrawn, field_title, withdrawable};
use domain::text::Problem;
use domain::{Sentence, say};
use serde::Deserialize;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::fundraising::privacy::{desk, reasons};
use crate::identity::desk::{DeskForm, Sheet};
use crate::session::Staff;
use crate::show::{amount_of, day_words, filters};

/// The field of the form that means a file.
const FILE: &str = "file";
/// Kinds of records that have public words: how their numbers begin, and what they are called.
const KINDS: [(&str, &str); 7] = [
    ("cam", "募捐活动"),
    ("rpt", "报告"),
    ("qst", "问答"),
    ("fnd", "资金"),
    ("dsb", "拨付"),
    ("dlv", "送达"),
    ("mov", "流转，和它的照片、文件"),
];
/// Characters of a printed number behind its kind.
const NUMBER_CHARS: usize = 14;
/// Campaigns whose records are looked through for words.
const CAMPAIGNS_MAX: usize = 20;
/// Records in one list.
const THINGS_MAX: usize = 100;
/// Characters of words that stand for a record.
const TITLE_CHARS: usize = 40;

/// What is to be taken down, as far as it is known.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sought {
    /// Words that are looked for.
    q: Option<String>,
    /// The campaign whose records are listed.
    campaign: Option<String>,
    /// The record, or an address in which its number stands.
    record: Option<String>,
}

/// A record that can be chosen.
pub(crate) struct Thing {
    /// Its number.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: &'static str,
    /// What it is called.
    pub(crate) title: String,
    /// More to know it by.
    pub(crate) note: Sentence,
}

impl Thing {
    fn new(id: &str, title: &str, note: Sentence) -> Thing {
        Thing {
            id: id.to_string(),
            kind: kind_of(id),
            title: title.chars().take(TITLE_CHARS).collect(),
            note,
        }
    }

    /// True if it has these words, however they are written.
    fn has(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        [self.title.as_str(), self.kind, self.id.as_str()]
            .iter()
            .any(|text| text.to_lowercase().contains(&words))
    }
}

fn kind_of(id: &str) -> &'static str {
    let known = KINDS.iter().find(|(prefix, _)| id.starts_with(prefix));
    known.map_or("记录", |(_, title)| title)
}

/// The number of a record in a text: the number itself, or an address of one of our pages.
pub(crate) fn record_in(text: &str) -> Option<String> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_number = |word: &&str| {
        let (prefix, body) = word.split_once('_').unwrap_or_default();
        KINDS.iter().any(|(known, _)| *known == prefix) && body.len() == NUMBER_CHARS
    };
    words.rfind(is_number).map(str::to_string)
}

#[derive(Template)]
#[template(path = "fundraising/privacy/pick.html")]
pub(crate) struct Pick<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) desk: DeskPage,
    pub(crate) campaign: Option<CampaignPage>,
    pub(crate) typed: String,
    pub(crate) things: Vec<Thing>,
    pub(crate) more: bool,
}

/// What of a campaign can be taken down, the campaign first.
fn things_of(page: &CampaignPage) -> Vec<Thing> {
    let campaign = &page.card;
    let mut things = vec![Thing::new(&campaign.id, &campaign.title, "".into())];
    let words = &page.words;
    things.extend(words.reports.iter().map(|report| {
        let note = Sentence::known(&report.kind_title);
        Thing::new(&report.id, &report.title, note)
    }));
    things.extend(words.questions.iter().map(|question| {
        let asked = day_words(&question.asked_on);
        Thing::new(&question.id, &question.body, asked)
    }));
    things.extend(page.funds.iter().map(|fund| {
        let note = Sentence::known(&fund.kind_title);
        Thing::new(&fund.id, &fund.title, note)
    }));
    for line in &page.disbursements {
        let title = format!("{} {}", line.payee, line.purpose);
        things.push(Thing::new(&line.id, &title, amount_of(line.amount, "fen")));
        if let Some(movement) = &line.movement {
            things.push(Thing::new(movement, &title, day_words(&line.day)));
        }
    }
    for line in &page.deliveries {
        let title = format!("{} {}", line.payee, line.scheme);
        let reached = day_words(&line.reached_on);
        things.push(Thing::new(&line.id, &title, reached.clone()));
        things.push(Thing::new(&line.movement, &title, reached));
    }
    things.sort_by_key(|thing| KINDS.iter().position(|(_, title)| *title == thing.kind));
    things.dedup_by(|one, other| one.id == other.id);
    things
}

async fn pick(app: &App, staff: &Staff, organisation: &str, sought: &Sought) -> Page {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let typed = sought.q.as_deref().unwrap_or_default().trim().to_string();
    let of_organisation = |page: &CampaignPage| page.card.organisation.id == desk.organisation.id;
    let campaign = match &sought.campaign {
        Some(id) => Some(app.campaign_page(id, None).await?).filter(of_organisation),
        None => None,
    };
    let mut things = Vec::new();
    match &campaign {
        Some(page) => things = things_of(page),
        None if !typed.is_empty() => {
            for card in desk.campaigns.iter().take(CAMPAIGNS_MAX) {
                things.extend(things_of(&app.campaign_page(&card.id, None).await?));
            }
        }
        None => {}
    }
    if !typed.is_empty() {
        things.retain(|thing| thing.has(&typed));
    }
    let more = things.len() > THINGS_MAX;
    things.truncate(THINGS_MAX);
    let page = Pick {
        staff: &staff.who,
        desk,
        campaign,
        typed,
        things,
        more,
    };
    Ok(error::ok(staff.view.draw(&page)?))
}

/// The files that stand under a record; those of a movement are those of what it paid and delivered.
async fn files(app: &App, record: &str) -> Result<Vec<(String, Sentence)>, AppError> {
    if !record.starts_with("mov_") {
        return Ok(Vec::new());
    }
    let page: MovementPage = app.movement_page(record, None).await?;
    let files = page.evidence.into_iter();
    Ok(files
        .map(|(digest, title)| (digest, title.into()))
        .collect())
}

async fn sheet(
    app: &App,
    staff: &Staff,
    organisation: &str,
    record: &str,
) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let files = files(app, record).await?;
    let prefix = record.split('_').next().unwrap_or_default();
    let words = withdrawable(prefix).iter().map(|field| {
        let title = field_title(Withdrawn::Words, field);
        ((*field).to_owned(), title.into())
    });
    let mut choices: Vec<(String, Sentence)> = words.collect();
    if !files.is_empty() {
        let title = field_title(Withdrawn::File, "");
        choices.insert(0, (FILE.to_owned(), title.into()));
    }
    let mut fields = vec![
        Field::hidden("record", record),
        Field::new("field", "撤下哪一项", Input::Choice(choices)),
    ];
    if !files.is_empty() {
        let hint = "只在撤下照片或文件时选。";
        let chosen = Field::new(FILE, "哪一份文件", Input::Select(files));
        fields.push(chosen.optional().hint(hint));
    }
    fields.push(Field::new("reason", "理由", Input::Choice(reasons())));
    let action = format!("/desk/organisations/{organisation}/withdraw");
    let back = action.clone();
    let form = FormView::new(action, "提交申请", fields)?.grave();
    let what = say!(
        "{kind} {record}",
        kind = Sentence::known(kind_of(record)),
        record = record.to_string()
    );
    let name = say!("撤下公开的内容：{name}", name = &desk.organisation.title);
    Ok(Sheet::under(&back, name, "撤下公开的内容", form)
        .facts(vec![("记录", what)])
        .effect("另一位同事确认后，内容从所有页面、下载和查找里消失，原处写明撤下的时间和理由；日志里的承诺和证明不变，不能恢复。照片和文件从提交申请起就先不公开（理由是“内容有误”的除外），被退回时重新公开；文字在确认以前仍然公开。"))
}

/// `GET /desk/organisations/{organisation}/withdraw?q=…&campaign=…&record=…`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(mut sought): Query<Sought>,
) -> Page {
    // Who has a number or an address may type it where others search.
    let given = sought.record.as_deref().or(sought.q.as_deref());
    match given.and_then(record_in) {
        Some(record) => {
            let sheet = sheet(&app, &staff, &organisation, &record).await?;
            sheet.show(&staff)
        }
        None => {
            if let (None, Some(text)) = (&sought.q, &sought.record) {
                sought.q = Some(text.clone());
            }
            pick(&app, &staff, &organisation, &sought).await
        }
    }
}

/// `POST /desk/organisations/{organisation}/withdraw`
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let (record, reason) = (typed.text("record"), typed.text("reason"));
    let asked = match typed.get("field") {
        FILE => Repair::WithdrawFile {
            record: record.clone(),
            file: typed.text(FILE),
            reason,
        },
        field => Repair::Withdraw {
            record: record.clone(),
            field: field.to_owned(),
            reason,
        },
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(Command::Repair(asked)).await? {
        Ok(_) => Ok(error::see_other(&desk(&organisation, "asked-privacy"))),
        Err(error) => sheet(&app, &staff, &organisation, record.trim())
            .await?
            .again(&sent, &said(error)),
    }
}

/// What was not found is said at what was chosen.
fn said(error: AppError) -> AppError {
    match error {
        AppError::NotFound(what) => {
            let sentence = say!("没有找到{what}，请从列表里重新选。", what = what);
            AppError::Invalid(vec![Problem::new("field", "not_found", sentence)])
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Option<&str>) {
        assert_eq!(record_in(text).as_deref(), want, "{text}");
    }

    #[test]
    fn a_number_is_found_in_what_was_pasted() {
        check("dlv_0123456789ABCD", Some("dlv_0123456789ABCD"));
        check(
            "http://127.0.0.1:8080/movements/mov_0123456789ABCD?x=1#evidence",
            Some("mov_0123456789ABCD"),
        );
        check("冬衣", None);
        check("don_0123456789ABCD", None);
        check("mov_0123", None);
    }
}
