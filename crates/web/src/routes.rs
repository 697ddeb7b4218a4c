//! Every address of the house on one page: pages for people first, then files and interfaces for machines.

use app::list::Audience;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;
use tower_http::compression::CompressionLayer;

use crate::exchange::{crawl, day, gallery, help, imports, open, search, site};
use crate::fundraising::{
    calendar, campaign, counter, donation, find, intent, plan, privacy, refund, repair, withdraw,
    words,
};
use crate::funds::{delivery, disbursement, fund, goods, movement, settlement};
use crate::identity::{delegation, desk, kept, passkey, security, session as sign, user};
use crate::oversight::{eligibility, hall, matter, matter_form, measure, rule};
use crate::parties::{certificate, contact, organisation, report as annual_report};
use crate::state::AppState;
use crate::transparency::{evidence, feed, log, offline};
use crate::{api, assets, error, headers, list, log_files, operation, refusals, session, view};

/// The most bytes of a form without files.
pub(crate) const FORM_BYTES: usize = 256 * 1024;

/// What may stand behind `?` on pages; everything else is ignored.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Continue {
    /// Continues a list or a story.
    pub(crate) cursor: Option<String>,
    /// Continues the gifts of a campaign.
    pub(crate) gifts: Option<String>,
    /// The number of a gift that is looked for.
    pub(crate) number: Option<String>,
    /// The donor's own token.
    pub(crate) token: Option<String>,
    /// Where to go after signing in.
    pub(crate) next: Option<String>,
    /// Code of what was just done.
    pub(crate) done: Option<String>,
    /// What it was done to.
    pub(crate) id: Option<String>,
    /// The campaign of the slip before.
    pub(crate) campaign: Option<String>,
    /// The channel of the slip before.
    pub(crate) channel: Option<String>,
    /// The day on which the slip before was received, if that was not today.
    pub(crate) received_on: Option<String>,
}

/// Everything that the server answers.
pub(crate) fn router(state: AppState) -> Router {
    Router::new()
        .merge(pages(&state))
        .merge(machines(&state))
        .fallback(nowhere)
        .method_not_allowed_fallback(no_way)
        .layer(from_fn(view::show_errors))
        .layer(Extension(state.operator()))
        .layer(from_fn_with_state(state.refusals(), refusals::keep))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new().gzip(true))
        .merge(api::channel_routes())
        .layer(from_fn_with_state(state.clone(), operation::measure))
        .with_state(state)
}

/// Pages for people.
fn pages(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(public())
        .merge(list::list_routes(Audience::Public))
        .merge(staff().layer(from_fn(kept::keep)))
        .merge(list::list_routes(Audience::Desk))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .merge(with_files().layer(from_fn_with_state(state.clone(), kept::keep_words)))
        .layer(from_fn(session::same_origin_only))
}

/// What anybody may read and do.
fn public() -> Router<AppState> {
    Router::new()
        .route("/", get(site::home))
        .route("/search", get(search::show))
        .route("/search/suggest", get(search::suggest))
        .route("/regions/suggest", get(search::regions))
        .route("/gallery", get(gallery::show))
        .route("/open", get(open::show))
        .route("/open/{size}/{file}", get(open::file))
        .route("/help", get(help::index))
        .route("/help/report", get(help::report))
        .route("/help/{topic}", get(help::topic))
        .route("/organisations/{id}", get(organisation::show))
        .route(
            "/organisations/{id}/certificates/{kind}",
            get(certificate::show),
        )
        .route(
            "/organisations/{id}/certificates/{kind}/certificate.pdf",
            get(certificate::print),
        )
        .route(
            "/organisations/{id}/reports/{year}",
            get(annual_report::show),
        )
        .route(
            "/organisations/{id}/reports/{year}/text",
            get(annual_report::text),
        )
        .route("/organisations/{id}/days/{day}", get(day::show))
        .route("/campaigns", get(campaign::list))
        .route("/campaigns/{id}", get(campaign::show))
        .route("/campaigns/{id}/give", get(intent::give).post(intent::send))
        .route(
            "/campaigns/{id}/questions",
            get(words::ask).post(words::ask_send),
        )
        .route("/campaigns/{id}/calendar.ics", get(calendar::show))
        .route("/intents/{id}", get(intent::show))
        .route("/intents/{id}/pay", post(intent::pay))
        .route("/donations", get(donation::find))
        .route("/donations/{id}", get(donation::show))
        .route("/donations/{id}/receipt.pdf", get(donation::print))
        .route("/donations/{id}/receipt.html", get(donation::keep))
        .route("/donations/{id}/proof", get(donation::proof))
        .route("/funds/{id}", get(fund::show))
        .route("/movements/{id}", get(movement::show))
        .route("/evidence/{sha256}", get(evidence::show))
        .route("/evidence/{sha256}/small.jpg", get(evidence::small))
        .route("/evidence/{sha256}/large.jpg", get(evidence::large))
        .route("/rules/{id}", get(rule::show))
        .route("/hall", get(hall::index))
        .route("/hall/track", get(hall::track).post(hall::track_send))
        .route("/hall/{procedure}", get(hall::guide))
        .route("/log", get(log::show))
        .route("/log/checkpoints.atom", get(feed::show))
        .route("/log/feed.atom", get(feed::show))
        .route("/log/leaves", get(log::jump))
        .route("/log/leaves/{index}", get(log::leaf))
        .route("/verify", get(log::verify))
        .route("/verify/offline.html", get(offline::show))
        .route("/assets/{name}", get(assets::show))
        .route("/preferences", post(view::preferences::choose))
        .route("/sign-in", get(sign::show).post(sign::send))
        .route("/sign-in/code", post(sign::code))
        .route("/sign-in/passkey", post(passkey::ask_at_sign_in))
        .route("/sign-out", post(sign::sign_out))
}

/// What is done at the desk of one organisation.
fn of_organisation() -> Router<AppState> {
    Router::new()
        .route("/", get(desk::home))
        .route("/counter", get(counter::show).post(counter::send))
        .route("/find", get(find::show))
        .route("/contact", get(contact::show).post(contact::send))
        .route("/withdraw", get(withdraw::show).post(withdraw::send))
        .route("/campaigns/new", get(plan::draft).post(plan::draft_send))
        .route("/matters/new", get(matter::new).post(matter::new_send))
        .route("/eligibility", get(eligibility::show))
        .route("/funds/new", get(fund::open).post(fund::open_send))
        .route(
            "/reclassify",
            get(fund::reclassify).post(fund::reclassify_send),
        )
        .route("/handover", get(fund::handover).post(fund::handover_send))
        .route("/goods/new", get(goods::receive).post(goods::receive_send))
}

/// The desk of the staff.
fn staff() -> Router<AppState> {
    Router::new()
        .route("/desk", get(desk::choose))
        .nest("/desk/organisations/{organisation}", of_organisation())
        .route(
            "/desk/campaigns/{id}/publish",
            get(plan::publish).post(plan::publish_send),
        )
        .route(
            "/desk/campaigns/{id}/end",
            get(plan::end).post(plan::end_send),
        )
        .route(
            "/desk/campaigns/{id}/report",
            get(words::report).post(words::report_send),
        )
        .route(
            "/desk/questions/{id}",
            get(words::decide).post(words::decide_send),
        )
        .route(
            "/desk/donations/{id}/reassign",
            get(refund::reassign).post(refund::reassign_send),
        )
        .route(
            "/desk/donations/{id}/refund",
            get(refund::refund).post(refund::refund_send),
        )
        .route(
            "/desk/donations/{id}/correct",
            get(refund::correct).post(refund::correct_send),
        )
        .route(
            "/desk/movements/{id}/reverse",
            get(movement::reverse).post(movement::reverse_send),
        )
        .route("/desk/repairs/{id}", get(repair::show).post(repair::send))
        .route("/desk/repairs/{id}/file", get(repair::file))
        .route(
            "/desk/privacy/{id}",
            get(privacy::donor).post(privacy::donor_send),
        )
        .merge(staff_security())
        .merge(staff_matters())
        .merge(staff_money())
        .merge(staff_imports())
}

/// Files of gifts, from the first look to the last row.
fn staff_imports() -> Router<AppState> {
    Router::new()
        .route(
            "/desk/organisations/{organisation}/imports/look",
            get(imports::look).post(imports::stage),
        )
        .route(
            "/desk/organisations/{organisation}/imports/rejects.csv",
            get(imports::rejects_brought),
        )
        .route("/desk/imports/template.csv", get(imports::template))
        .route("/desk/imports/{run}", get(imports::run))
        .route("/desk/imports/{run}/post", post(imports::post))
        .route("/desk/imports/{run}/undo", post(imports::undo))
        .route("/desk/imports/{run}/rejects.csv", get(imports::rejects))
}

/// The own account, and those of others.
fn staff_security() -> Router<AppState> {
    Router::new()
        .route("/desk/users/new", get(user::new).post(user::new_send))
        .route(
            "/desk/users/factor",
            get(user::factor).post(user::factor_send),
        )
        .route("/desk/users/grant", get(user::grant).post(user::grant_send))
        .route(
            "/desk/delegations",
            get(delegation::show).post(delegation::send),
        )
        .route("/desk/delegations/{handle}/end", post(delegation::end))
        .route("/desk/security", get(security::show))
        .route("/desk/security/begin", post(security::begin))
        .route("/desk/security/on", post(security::on))
        .route("/desk/security/off", post(security::off))
        .route("/desk/security/renew", post(security::renew))
        .route(
            "/desk/security/passkeys/new",
            get(passkey::new).post(passkey::new_send),
        )
        .route("/desk/security/passkeys/ask", post(passkey::ask))
        .route("/desk/security/passkeys/add", post(passkey::add))
        .route(
            "/desk/security/passkeys/{handle}/remove",
            post(passkey::remove),
        )
        .route("/desk/security/end", post(security::end))
        .route("/desk/security/end-others", post(security::end_others))
        .route(
            "/desk/security/confirm",
            get(security::confirm).post(security::confirm_send),
        )
}

/// Applications, for those who ask and those who decide.
fn staff_matters() -> Router<AppState> {
    Router::new()
        .route(
            "/desk/measures/new",
            get(measure::new).post(measure::new_send),
        )
        .route("/desk/matters/{id}", get(matter::show))
        .route("/desk/matters/{id}/drop", post(matter_form::drop_file))
        .route(
            "/desk/matters/{id}/steps/{step}",
            get(matter::step).post(matter::step_send),
        )
        .route("/desk/matters/{id}/files/{sha256}", get(matter::file))
}

/// What the staff does with money and goods that a fund holds.
fn staff_money() -> Router<AppState> {
    Router::new()
        .route(
            "/desk/funds/{fund}/disbursement",
            get(disbursement::request).post(disbursement::request_send),
        )
        .route("/desk/disbursements/{id}", get(disbursement::show))
        .route("/desk/disbursements/{id}/{step}", post(disbursement::step))
        .route(
            "/desk/funds/{fund}/return",
            get(delivery::give_back).post(delivery::give_back_send),
        )
        .route(
            "/desk/funds/{fund}/goods-out",
            get(goods::hand_out).post(goods::hand_out_send),
        )
        .route(
            "/desk/funds/{fund}/goods-convert",
            get(goods::convert).post(goods::convert_send),
        )
        .route(
            "/desk/funds/{fund}/goods-loss",
            get(goods::loss).post(goods::loss_send),
        )
}

/// Forms with files take more bytes than others.
fn with_files() -> Router<AppState> {
    Router::new()
        .route(
            "/desk/funds/{fund}/delivery",
            get(delivery::report).post(delivery::report_send),
        )
        .route(
            "/desk/deliveries/{id}/evidence",
            get(delivery::attach).post(delivery::attach_send),
        )
        .route(
            "/desk/matters/{id}/form",
            get(matter_form::show).post(matter_form::send),
        )
        .route(
            "/desk/organisations/{organisation}/imports/new",
            get(imports::new).post(imports::bring),
        )
        .route(
            "/desk/organisations/{organisation}/settle",
            get(settlement::show).post(settlement::send),
        )
        .layer(DefaultBodyLimit::max(evidence::BODY_MAX))
}

/// Files and interfaces for machines.
fn machines(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(api::api_routes(state))
        .merge(log_files::log_routes())
        .merge(operation::operation_routes())
        .route("/robots.txt", get(crawl::robots))
        .route("/sitemap.xml", get(crawl::sitemap))
}

/// Whoever typed a stroke too many at the end of an address is led to the page; everybody else is told.
async fn nowhere(request: Request) -> Response {
    let path = request.uri().path();
    let bare = path.trim_end_matches('/');
    if is_one_stroke_more(path, bare) && request.method() == axum::http::Method::GET {
        let query = request.uri().query();
        return error::see_other(
            &query.map_or(bare.to_string(), |asked| format!("{bare}?{asked}")),
        );
    }
    error::not_found("这个页面")
}

/// Only an address of ours for people: what begins with two strokes would be another host, and machines get a plain
/// 404, as the specifications of the log say.
fn is_one_stroke_more(path: &str, bare: &str) -> bool {
    let is_for_machines = ["/log/", "/api/", "/open/"]
        .iter()
        .any(|part| path.starts_with(part));
    !is_for_machines
        && !bare.is_empty()
        && path.len() == bare.len() + 1
        && !path.starts_with("//")
        && !bare.contains('\\')
}

/// The address is there, but not for this method; the router names the others in `Allow`.
async fn no_way(_: Request) -> Response {
    error::no_way(error::not_found("这个页面"))
}
