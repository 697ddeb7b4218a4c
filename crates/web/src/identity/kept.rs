//! A form that was sent after its session had ended: nothing is done, and nothing that was typed is lost.
//!
//! The body travels unseen through the sign-in page; once somebody has signed in, it stands on a page with
//! one button that sends it for real, under its own command key, so that it still cannot act twice. Files do not
//! travel: strangers may not store any, and so the page asks for them again.

use app::{App, AppError};
use askama::Template;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request, State};
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::middleware::Next;
use axum::response::Response;
use domain::Sentence;
use domain::identity::Who;

use crate::error::{self, Page};
use crate::form::{KEY_FIELD, REVIEW_FIELD, Typed, unreadable};
use crate::identity::session::{SignIn, sign_in_form};
use crate::refusals;
use crate::routes::FORM_BYTES;
use crate::session::{safe_next, session_token};
use crate::show::{filters, query_text};
use crate::view::View;

/// The type of a form without files.
const PLAIN_FORM: &str = "application/x-www-form-urlencoded";
/// The type of a form with files.
const FILE_FORM: &str = "multipart/form-data";
/// Name of the field that carries the body through the sign-in page.
pub(crate) const KEPT_FIELD: &str = "kept";
/// Marks a body whose form takes files; its value names a field in which one was chosen, or nothing.
const FILES_FIELD: &str = "kept_files";
/// The most bytes of words of a form with files that are carried along; written as an address they are three times
/// as many, and still one form.
const WORDS_MAX: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "identity/session/kept.html")]
pub(crate) struct Kept<'a> {
    pub(crate) action: &'a str,
    /// What is sent.
    pub(crate) pairs: &'a [(String, String)],
    /// What of it a person knows: the label and the value.
    pub(crate) told: Vec<(&'static str, Sentence)>,
    /// True if the form takes files.
    pub(crate) multipart: bool,
    /// Fields whose files have to be chosen again.
    pub(crate) files: Vec<String>,
    /// True if the filled form can be looked at once more.
    pub(crate) reviewed: bool,
}

/// Layer of the desk: where a sent form is answered with the way to the sign-in page, keeps what was typed.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    if !is_form(&request, PLAIN_FORM) {
        return next.run(request).await;
    }
    let view = View::of(request.headers(), request.uri());
    let address = request.uri().path().to_string();
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else {
        return error::page(unreadable());
    };
    let sent = Request::from_parts(parts, Body::from(bytes.clone()));
    let answer = next.run(sent).await;
    if leads_to_sign_in(&answer) {
        sign_in_with(&view, &address, &bytes).unwrap_or(answer)
    } else {
        answer
    }
}

/// Layer of the forms with files: who is not signed in is asked to, and keeps what was typed. The files are read over
/// and forgotten.
pub(crate) async fn keep_words(State(app): State<App>, request: Request, next: Next) -> Response {
    let token = session_token(request.headers());
    if !is_form(&request, FILE_FORM) || is_signed_in(&app, token).await {
        return next.run(request).await;
    }
    let view = View::of(request.headers(), request.uri());
    let address = request.uri().path().to_string();
    let Ok(parts) = Multipart::from_request(request, &()).await else {
        return error::page(unreadable());
    };
    let Some(kept) = words_of(parts).await else {
        return error::page(unreadable());
    };
    let elsewhere = error::see_other(&format!("/sign-in?next={}", query_text(&address)));
    sign_in_with(&view, &address, &Bytes::from(kept)).unwrap_or(elsewhere)
}

async fn is_signed_in(app: &App, token: Option<String>) -> bool {
    let Some(token) = token else {
        return false;
    };
    match app.session_actor(&token).await {
        Ok(actor) => !matches!(actor.who, Who::Public),
        // The page itself says what is wrong with the house.
        Err(_) => true,
    }
}

/// The words of a form with files as the body of one without, and in which fields files were chosen; nothing for
/// what no form of ours sends.
async fn words_of(mut parts: Multipart) -> Option<String> {
    let mut pairs = vec![(FILES_FIELD.to_string(), String::new())];
    let mut bytes = 0;
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_string();
        match part.file_name().map(str::is_empty) {
            Some(nameless) => {
                read_over(part).await?;
                let chosen = (FILES_FIELD.to_string(), name);
                if !nameless && is_field_name(&chosen.1) && !pairs.contains(&chosen) {
                    pairs.push(chosen);
                }
            }
            None => {
                let value = part.text().await.ok()?;
                bytes += name.len() + value.len();
                if bytes > WORDS_MAX {
                    return None;
                }
                pairs.push((name, value));
            }
        }
    }
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", query_text(name), query_text(value)));
    Some(pairs.collect::<Vec<_>>().join("&"))
}

async fn read_over(mut part: Field<'_>) -> Option<()> {
    while part.chunk().await.ok()?.is_some() {}
    Some(())
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn is_form(request: &Request, kind: &str) -> bool {
    request.method() == Method::POST
        && request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}

fn leads_to_sign_in(answer: &Response) -> bool {
    error::leads_elsewhere(answer)
        && answer
            .headers()
            .get(LOCATION)
            .is_some_and(|place| place.as_bytes().starts_with(b"/sign-in"))
}

/// The sign-in page that carries the form; none where it cannot be drawn.
fn sign_in_with(view: &View, address: &str, bytes: &Bytes) -> Option<Response> {
    let kept = std::str::from_utf8(bytes).ok()?;
    let form = sign_in_form(address, kept).ok()?;
    let ended = true;
    let html = view.draw(&SignIn { form, ended }).ok()?;
    Some(refusals::carrying(error::ok(html)))
}

/// The page after signing in: everything is still there, one button sends it, another shows the filled form.
pub(crate) async fn resume(view: &View, next: &str, kept: &str) -> Page {
    let sent = Request::post("/")
        .header(CONTENT_TYPE, PLAIN_FORM)
        .body(Body::from(kept.to_string()))
        .map_err(AppError::internal)?;
    let typed = match Typed::from_request(sent, &()).await {
        Ok(typed) => typed,
        Err(refused) => return Ok(refused),
    };
    let (marks, pairs): (Vec<_>, Vec<_>) = typed
        .0
        .into_iter()
        .filter(|(name, _)| name != REVIEW_FIELD)
        .partition(|(name, _)| name == FILES_FIELD);
    let action = safe_next(next);
    let files = marks.iter().map(|(_, field)| field.clone());
    view.page(&Kept {
        action,
        told: pairs.iter().filter_map(told).collect(),
        pairs: &pairs,
        multipart: !marks.is_empty(),
        files: files.filter(|field| is_field_name(field)).collect(),
        reviewed: shows_form_again(action),
    })
}

/// True for forms that can be shown filled without acting: those that are carried out in the one way of the desk.
fn shows_form_again(action: &str) -> bool {
    let acts_at_once = ["/desk/security", "/desk/imports/"];
    !acts_at_once.iter().any(|path| action.starts_with(path))
        && !action.ends_with("/drop")
        && !action.ends_with("/imports/look")
}

/// What of a form people know by its label; keys and what was left empty are passed over.
fn told((name, value): &(String, String)) -> Option<(&'static str, Sentence)> {
    if name == KEY_FIELD || value.trim().is_empty() {
        return None;
    }
    // The tick under photographs; the consent of a donor is told in words.
    if name == "consent" && value == "yes" {
        return Some(("照片里能认出的人都同意公开", words_of_code(value)));
    }
    let label = LABELS.iter().find(|(field, _)| field == name)?.1;
    Some((label, words_of_code(value)))
}

/// Codes of a choice in words; numbers of records say nothing to a person, only that one was chosen.
fn words_of_code(value: &str) -> Sentence {
    let is_number = value
        .split_once('_')
        .is_some_and(|(kind, number)| kind.len() == 3 && number.len() == 14);
    match value {
        "person" => "个人".into(),
        "organisation" => "单位".into(),
        "cash" => "现金".into(),
        "bank" => "银行转账".into(),
        "yes" => "是".into(),
        "named" => "公开姓名".into(),
        "masked" => "只公开姓氏（单位公开全称）".into(),
        "anonymous" => "匿名".into(),
        _ if is_number => "已选好".into(),
        other => other.to_string().into(),
    }
}

/// What the fields of the desk's forms are called.
const LABELS: [(&str, &str); 38] = [
    ("amount", "金额"),
    ("slip", "单号"),
    ("donor_name", "捐赠人"),
    ("donor_kind", "类型"),
    ("display", "公开方式"),
    ("channel", "方式"),
    ("campaign", "活动"),
    ("contact", "手机或邮箱"),
    ("message", "留言"),
    ("payee", "受益人或受益单位"),
    ("payee_kind", "收款人类型"),
    ("scheme", "项目"),
    ("persons", "受益人数"),
    ("reached_on", "送达日期"),
    ("region", "地区"),
    ("caption", "凭证说明"),
    ("purpose", "用途"),
    ("assumption", "标注的假定"),
    ("reason", "理由"),
    ("note", "意见"),
    ("sum", "账单金额"),
    ("title", "名称"),
    ("story", "募捐缘由"),
    ("promise", "使用计划"),
    ("filing_number", "备案编号"),
    ("starts_on", "开始日期"),
    ("ends_on", "结束日期"),
    ("target", "目标金额"),
    ("administrative_share", "管理费比例"),
    ("name", "名称"),
    ("spec", "规格"),
    ("unit", "单位"),
    ("units", "数量"),
    ("receiver", "接收单位"),
    ("body", "做了什么"),
    ("plan", "余款怎样使用"),
    ("answer", "答复"),
    ("consent", "捐赠人怎样同意的"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, value: &str) -> Option<(&'static str, String)> {
        told(&(name.to_string(), value.to_string())).map(|(l, s)| (l, s.to_string()))
    }

    #[test]
    fn people_are_told_what_they_typed_and_no_keys() {
        assert_eq!(shown("amount", "88"), Some(("金额", "88".into())));
        assert_eq!(shown("channel", "cash"), Some(("方式", "现金".into())));
        let campaign = shown("campaign", "cam_12345678901234");
        assert_eq!(campaign, Some(("活动", "已选好".into())));
        assert_eq!(shown(KEY_FIELD, "0011"), None);
        assert_eq!(shown("note", " "), None);
    }

    #[test]
    fn forms_that_act_at_once_are_not_sent_for_a_look() {
        assert!(shows_form_again("/desk/funds/fnd_1/delivery"));
        assert!(!shows_form_again("/desk/security/off"));
        assert!(!shows_form_again("/desk/imports/imp_1/post"));
        assert!(!shows_form_again("/desk/matters/mat_1/drop"));
    }
}
