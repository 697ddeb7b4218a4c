//! The only file that chooses status codes: what the house answers becomes a page here.
//!
//! Pages show one sentence and a way on. What machines get (problem+json) is made from the same
//! [`status`] so that both always agree.

use std::sync::Arc;

use app::AppError;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION, REFRESH, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use domain::say;
use gateway::evidence::EvidenceRefused;
use gateway::payment::NoticeRefused;
use tlog::limits::ENTRY_BYTES_MAX;

use crate::api::Success;
use crate::api::fault::Fault;
use crate::log_files::EntryRefused;
use crate::view::Unshown;

/// What handlers of pages give back.
pub(crate) type Page = Result<Response, PageError>;

/// An error on its way to a page.
pub(crate) struct PageError(pub(crate) AppError);

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        PageError(error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        PageError(AppError::internal(error))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        page(self.0)
    }
}

/// The status of an error, for pages and machines alike.
pub(crate) fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::Invalid(_) | AppError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Denied(refusal) if refusal.code == "sign_in_first" => StatusCode::UNAUTHORIZED,
        AppError::Denied(_) => StatusCode::FORBIDDEN,
        AppError::NotFound(_) => StatusCode::NOT_FOUND,
        AppError::Conflict(_) => StatusCode::CONFLICT,
        AppError::Busy(_) | AppError::Unwell(_) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) if error.is_machine() => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The page of an error, drawn by [`crate::view::show_errors`]; an inner error is logged here, once.
pub(crate) fn page(error: AppError) -> Response {
    let status = match &error {
        // For pages, 401 would make browsers ask for a password of their own.
        AppError::Denied(_) => StatusCode::FORBIDDEN,
        other => status(other),
    };
    log_inner(&error);
    let unshown = Unshown {
        title: title(&error),
        sentence: error.sentence(),
        law: law(&error),
        sign_in: matches!(&error, AppError::Denied(r) if r.code == "sign_in_first"),
    };
    let mut answer = status.into_response();
    answer.extensions_mut().insert(Arc::new(unshown));
    with_retry(answer, &error)
}

/// The page for an address that leads nowhere.
pub(crate) fn not_found(what: &'static str) -> Response {
    page(AppError::NotFound(what))
}

/// A page that was rendered well.
pub(crate) fn ok(body: String) -> Response {
    Html(body).into_response()
}

/// A page that stands where something was taken down: it is gone, and the page says so.
pub(crate) fn gone(body: String) -> Response {
    (StatusCode::GONE, Html(body)).into_response()
}

/// A page that stands where something is not shown until somebody has decided about it.
pub(crate) fn kept_back(body: String) -> Response {
    (StatusCode::FORBIDDEN, Html(body)).into_response()
}

/// After a form was carried out: go to this page with GET, so that reloading never sends the form again.
pub(crate) fn see_other(path: &str) -> Response {
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}

/// Seconds after which a page that waits for something looks again.
const REFRESH_SECONDS: &str = "3";

/// The page looks again by itself: what it waits for comes soon, and whoever waits need not press anything.
pub(crate) fn refreshing(mut answer: Response) -> Response {
    let seconds = HeaderValue::from_static(REFRESH_SECONDS);
    answer.headers_mut().insert(REFRESH, seconds);
    answer
}

/// Whether the answer sends the reader to another page.
pub(crate) fn leads_elsewhere(answer: &Response) -> bool {
    answer.status() == StatusCode::SEE_OTHER
}

/// True if the form's page is shown again with everything that was typed.
pub(crate) fn keeps_the_form(error: &AppError) -> bool {
    matches!(
        error,
        AppError::Invalid(_)
            | AppError::Refused(_)
            | AppError::Conflict(_)
            | AppError::Busy(_)
            | AppError::Unwell(_)
            // Nothing chosen from a list; where the page itself is gone, reading it again says so.
            | AppError::NotFound(_)
    )
}

/// The form's page, shown again because of `error`.
pub(crate) fn again(error: &AppError, body: String) -> Response {
    with_retry((status(error), Html(body)).into_response(), error)
}

/// A form of the desk, shown again because of `error`. Its page is there: what cannot be found is a choice on it.
pub(crate) fn refused_form(error: &AppError, body: String) -> Response {
    let status = match error {
        AppError::NotFound(_) => StatusCode::UNPROCESSABLE_ENTITY,
        other => status(other),
    };
    with_retry((status, Html(body)).into_response(), error)
}

/// The form's page, shown again because somebody tries too often.
pub(crate) fn slow_down(seconds: u32, body: String) -> Response {
    let mut answer = (StatusCode::TOO_MANY_REQUESTS, Html(body)).into_response();
    answer
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

fn with_retry(mut answer: Response, error: &AppError) -> Response {
    if let Some(seconds) = retry_after(error) {
        answer
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// Seconds after which a machine that has failed is asked again: somebody has to look at it first.
const UNWELL_SECONDS: u32 = 30;

/// After how many seconds the same may be tried again, if that helps.
pub(crate) fn retry_after(error: &AppError) -> Option<u32> {
    match error {
        AppError::Busy(seconds) => Some(*seconds),
        error => error.is_machine().then_some(UNWELL_SECONDS),
    }
}

fn log_inner(error: &AppError) {
    if let AppError::Internal(source) = error {
        let source: &(dyn std::error::Error + 'static) = source.as_ref();
        tracing::error!(error = source, "page failed inside");
    }
}

fn title(error: &AppError) -> &'static str {
    match error {
        AppError::Invalid(_) => "填写有误",
        AppError::Refused(_) => "这一步现在不能办理",
        AppError::Denied(refusal) if refusal.code == "wrong_password" => "用户名或密码不对",
        AppError::Denied(refusal) if refusal.code.starts_with("second_factor") => "需要两步验证",
        AppError::Denied(_) => "没有权限",
        AppError::NotFound(_) => "没有找到",
        AppError::Conflict(_) => "内容已经变化",
        AppError::Busy(_) => "现在人多，请稍候",
        AppError::Unwell(_) => "暂时不能写入",
        AppError::Internal(_) => "系统出错",
    }
}

fn law(error: &AppError) -> Option<&'static str> {
    match error {
        AppError::Refused(r) | AppError::Denied(r) | AppError::Conflict(r) => r.law,
        _ => None,
    }
}

/// The status of a fault, for machines.
pub(crate) fn fault_status(fault: &Fault) -> StatusCode {
    match fault {
        Fault::House(error) => machine_status(error),
        Fault::Notice(refused) => notice_status(*refused),
        Fault::Evidence(refused) => evidence_status(refused),
        Fault::Withdrawn(..) => StatusCode::GONE,
        Fault::Number(..) | Fault::Route | Fault::NotSealed => StatusCode::NOT_FOUND,
        Fault::SessionUnknown | Fault::BearerMalformed | Fault::ApiKeyUnknown => {
            StatusCode::UNAUTHORIZED
        }
        Fault::KeyRequired | Fault::KeyMalformed => StatusCode::BAD_REQUEST,
        Fault::Json(..) | Fault::BodyBroken | Fault::Query => StatusCode::BAD_REQUEST,
        Fault::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Fault::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Fault::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::TooMany(_) | Fault::TooFast(_) => StatusCode::TOO_MANY_REQUESTS,
        Fault::Method => StatusCode::METHOD_NOT_ALLOWED,
    }
}

/// True for what was wrong with a sign-in of a machine.
fn is_sign_in(code: &str) -> bool {
    matches!(
        code,
        "wrong_password" | "second_factor" | "second_factor_wrong"
    )
}

/// Like [`status`], but a wrong password is a failed sign-in for machines.
fn machine_status(error: &AppError) -> StatusCode {
    match error {
        AppError::Denied(refusal) if is_sign_in(refusal.code) => StatusCode::UNAUTHORIZED,
        other => status(other),
    }
}

fn notice_status(refused: NoticeRefused) -> StatusCode {
    match refused {
        NoticeRefused::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        NoticeRefused::MalformedHeader(_) => StatusCode::BAD_REQUEST,
        NoticeRefused::UnknownKey
        | NoticeRefused::SignatureWrong
        | NoticeRefused::TooOld
        | NoticeRefused::TooNew => StatusCode::UNAUTHORIZED,
        NoticeRefused::MalformedBody => StatusCode::UNPROCESSABLE_ENTITY,
        NoticeRefused::WrongChannel | NoticeRefused::WrongMerchant => StatusCode::FORBIDDEN,
    }
}

fn evidence_status(refused: &EvidenceRefused) -> StatusCode {
    match refused {
        EvidenceRefused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        EvidenceRefused::UnknownType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        EvidenceRefused::Empty
        | EvidenceRefused::TypeDiffers { .. }
        | EvidenceRefused::BrokenPicture => StatusCode::UNPROCESSABLE_ENTITY,
        EvidenceRefused::Entropy(_) | EvidenceRefused::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// True for the status that tells a machine to sign in.
pub(crate) fn asks_for_sign_in(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED
}

/// An answer about something that was made and can be read at `place`.
pub(crate) fn created(mut answer: Response, place: &str) -> Response {
    *answer.status_mut() = StatusCode::CREATED;
    if let Ok(place) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    answer
}

/// Done, and nothing to say.
pub(crate) fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// The status of a success, as the OpenAPI document writes it.
pub(crate) fn success_code(success: Success) -> String {
    let status = match success {
        Success::Shown => StatusCode::OK,
        Success::Created => StatusCode::CREATED,
        Success::Gone => StatusCode::NO_CONTENT,
    };
    status.as_str().to_string()
}

/// A health check that found something wrong: a proxy sends nobody here meanwhile.
pub(crate) fn unwell(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer
}

/// No such file of the log; a client asks again later for what does not exist yet.
pub(crate) fn no_file() -> Response {
    (
        StatusCode::NOT_FOUND,
        [(CACHE_CONTROL, "no-store")],
        "没有这个文件。\n",
    )
        .into_response()
}

/// The reader has it already.
pub(crate) fn unchanged() -> Response {
    StatusCode::NOT_MODIFIED.into_response()
}

/// A request with more bytes than its address takes.
pub(crate) fn request_too_long() -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        [(CACHE_CONTROL, "no-store")],
        "请求太长，请核对发送的内容。\n",
    )
        .into_response()
}

/// A request that broke off, or did not arrive in time.
pub(crate) fn request_too_slow() -> Response {
    (
        StatusCode::REQUEST_TIMEOUT,
        [(CACHE_CONTROL, "no-store")],
        "请求没有及时传完，请检查网络后重新发送。\n",
    )
        .into_response()
}

/// A page for whoever asks an address in a way that it does not know: it is there, so this is not 404.
pub(crate) fn no_way(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    answer
}

/// A file of the log is read, and nothing else; the router names the methods in `Allow`.
pub(crate) fn wrong_method() -> Response {
    (
        StatusCode::METHOD_NOT_ALLOWED,
        [(CACHE_CONTROL, "no-store")],
        "这个地址不收这样的请求，请看 Allow 一行列出的办法。\n",
    )
        .into_response()
}

/// Entries are brought with `POST`.
pub(crate) fn only_post() -> Response {
    ([(ALLOW, "POST")], wrong_method()).into_response()
}

/// A question about the log's index that is none.
pub(crate) fn bad_file_question() -> Response {
    (
        StatusCode::BAD_REQUEST,
        [(CACHE_CONTROL, "no-store")],
        "请写成 /log/index/stream?name=记录串名&from=起点&count=条数（起点从0数，写负数就从末尾数起，超出两头就取头一条或末一条），/log/index/below?prefix=开头，或 /log/proof/leaves?size=日志条数&index=序号,序号（从小到大，最多64个）。\n",
    )
        .into_response()
}

/// The index of an entry that a test log has taken.
pub(crate) fn entry_taken(index: i64) -> Response {
    (
        [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
        ],
        index.to_string(),
    )
        .into_response()
}

/// Why a test log did not take an entry.
pub(crate) fn entry_refused(refused: &EntryRefused) -> Response {
    let (status, sentence) = match refused {
        EntryRefused::Empty => (
            StatusCode::BAD_REQUEST,
            "内容是空的，请把要写入的字节放在正文里。".into(),
        ),
        EntryRefused::TooLong => (
            StatusCode::PAYLOAD_TOO_LARGE,
            say!(
                "内容太长，一条最多{max}字节。",
                max = i64::try_from(ENTRY_BYTES_MAX).unwrap_or(i64::MAX)
            )
            .to_string(),
        ),
        EntryRefused::Broken => (StatusCode::BAD_REQUEST, "内容没有传完，请重新发送。".into()),
        EntryRefused::House(error) => (status(error), error.to_string()),
    };
    if let EntryRefused::House(error) = refused {
        log_inner(error);
    }
    let body = (
        status,
        [(CACHE_CONTROL, "no-store")],
        format!("{sentence}\n"),
    );
    match refused {
        EntryRefused::House(error) => with_retry(body.into_response(), error),
        _ => body.into_response(),
    }
}

/// Why a witness did not sign; the specification of its protocol names the status.
pub(crate) fn witness_refused(refusal: tlog::witness::Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status());
    (
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        [
            (CONTENT_TYPE, refusal.media_type()),
            (CACHE_CONTROL, "no-store"),
        ],
        refusal.body(),
    )
        .into_response()
}

/// A file of the log that could not be read.
pub(crate) fn file_failed(error: &AppError) -> Response {
    log_inner(error);
    (
        status(error),
        [(CACHE_CONTROL, "no-store")],
        "日志文件暂时读不出来，请稍后再试。\n",
    )
        .into_response()
}
