//! The JSON interface under `/api/v1`: everything that the pages do, for machines.
//!
//! [`rows`] is the list of all addresses; the router and the OpenAPI document are both made from it, so neither can
//! say what the other does not.

mod answer;
mod body;
mod caller;
mod command;
mod document;
mod evidence;
pub(crate) mod fault;
pub(crate) mod limits;
pub(crate) mod notice;
pub(crate) mod pace;
mod problem;
mod read;
mod request;
mod row;
mod rule;
mod session;

use answer::{Done, IntentMade};
use app::view::{
    CampaignCard, CampaignPage, DayPage, DeskPage, DisbursementPage, FundPage, HomePage,
    IntentView, LeafPage, LogPage, MovementPage, OrganisationLine, OrganisationPage, ReceiptPage,
    RuleLine, RulePage, SearchPage, Suggestions, UserLine, WhoAmI,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use fault::Fault;
pub(crate) use row::Success;
use row::{Door, Row};
use utoipa::openapi::path::HttpMethod::{Delete, Get, Post};
use utoipa::{PartialSchema, ToSchema};

use crate::state::AppState;

/// Where the interface is mounted.
const BASE: &str = "/api/v1";

/// Routes of the JSON interface, `/api/v1` included.
pub(crate) fn api_routes(state: &AppState) -> Router<AppState> {
    let mut inner = Router::new().route("/openapi.json", get(document::show));
    for row in rows().into_iter().filter(|row| row.door != Door::Channel) {
        inner = inner.route(row.path, row.route);
    }
    let inner = inner
        .fallback(async || Fault::Route)
        .method_not_allowed_fallback(async || Fault::Method)
        .layer(DefaultBodyLimit::max(limits::JSON_BYTES))
        .layer(from_fn_with_state(state.clone(), pace::keep));
    Router::new().nest(BASE, inner)
}

/// The doors of payment channels. They stand outside what pages need (compression, headers for browsers): thousands
/// a second come in here, and nobody looks at the answers.
pub(crate) fn channel_routes() -> Router<AppState> {
    let mut doors = Router::new();
    for row in rows().into_iter().filter(|row| row.door == Door::Channel) {
        doors = doors.route(&format!("{BASE}{}", row.path), row.route);
    }
    // No limit of bodies as a layer: the handlers read at most what a notice may have.
    doors.method_not_allowed_fallback(async || Fault::Method)
}

/// Every address of the interface but the document's own.
fn rows() -> Vec<Row> {
    let mut rows = public_rows();
    rows.extend(rule_rows());
    rows.extend(giving_rows());
    rows.extend(desk_rows());
    rows.extend(fund_rows());
    rows
}

#[expect(
    clippy::too_many_lines,
    reason = "one table, read as one: the router and the document are built from it"
)]
fn public_rows() -> Vec<Row> {
    let cursor: &[&str] = &["cursor"];
    vec![
        Row::new(Get, "/home", "首页：合计、活动与最近捐赠", get(read::home)).shows::<HomePage>(),
        Row::new(
            Get,
            "/search",
            "搜索组织、活动、资金或编号，可按种类翻页",
            get(read::search),
        )
        .query(&["q", "kind", "page"])
        .shows::<SearchPage>(),
        Row::new(
            Get,
            "/search/suggest",
            "边输入边联想：最多八个名称",
            get(read::suggest),
        )
        .query(&["q"])
        .shows::<Suggestions>(),
        Row::new(Get, "/organisations", "组织列表", get(read::organisations))
            .query(cursor)
            .lists::<OrganisationLine>(),
        Row::new(
            Get,
            "/organisations/{organisation}",
            "一个组织",
            get(read::organisation),
        )
        .shows::<OrganisationPage>(),
        Row::new(
            Get,
            "/organisations/{organisation}/days/{day}",
            "一个组织的一天",
            get(read::day),
        )
        .query(cursor)
        .shows::<DayPage>(),
        Row::new(Get, "/campaigns", "募捐活动列表", get(read::campaigns)).lists::<CampaignCard>(),
        Row::new(
            Get,
            "/campaigns/{campaign}",
            "一个募捐活动",
            get(read::campaign),
        )
        .query(cursor)
        .shows::<CampaignPage>(),
        Row::new(Get, "/intents/{intent}", "一个捐赠意向", get(read::intent))
            .query(&["token"])
            .shows::<IntentView>(),
        Row::new(
            Get,
            "/donations/{donation}",
            "一笔捐赠和它的去向",
            get(read::donation),
        )
        .query(&["token", "cursor"])
        .shows::<ReceiptPage>(),
        Row::new(
            Get,
            "/donations/{donation}/proof",
            "一笔捐赠的证明文件，可离线核对",
            get(read::proof),
        )
        .query(&["token"])
        .sends("text/plain; charset=utf-8"),
        Row::new(Get, "/funds/{fund}", "一份资金和它的流转", get(read::fund))
            .query(cursor)
            .shows::<FundPage>(),
        Row::new(
            Get,
            "/movements/{movement}",
            "一次流转和它的来源",
            get(read::movement),
        )
        .query(cursor)
        .shows::<MovementPage>(),
        Row::new(
            Get,
            "/key",
            "接口密钥的用量：请求头 X-Api-Key 里的那一个",
            get(pace::show),
        )
        .shows::<pace::KeyUse>(),
        Row::new(Get, "/log", "公开日志的状态", get(read::log)).shows::<LogPage>(),
        Row::new(
            Get,
            "/log/leaves/{index}",
            "公开日志的一片叶",
            get(read::leaf),
        )
        .shows::<LeafPage>(),
        Row::new(Get, "/evidence/{sha256}", "一份附件", get(evidence::show))
            .sends("application/octet-stream"),
    ]
}

fn rule_rows() -> Vec<Row> {
    let filters: &[&str] = &["q", "on", "group", "binds", "enforced", "status", "region"];
    vec![
        Row::new(
            Get,
            "/rules",
            "规则库：按问题、条文、编号或拼音查规则",
            get(rule::list),
        )
        .query(filters)
        .lists::<RuleLine>(),
        Row::new(
            Get,
            "/rules/{rule}",
            "一条规则：某一天的版本、沿革、数值和期限",
            get(rule::show),
        )
        .query(&["on", "place", "deadline", "from"])
        .shows::<RulePage>(),
    ]
}

fn giving_rows() -> Vec<Row> {
    let notice = post(notice::receive);
    vec![
        Row::new(
            Post,
            "/campaigns/{campaign}/intents",
            "提出捐赠意向",
            post(command::intent_create),
        )
        .keyed()
        .takes::<request::IntentNew>()
        .creates()
        .shows::<IntentMade>(),
        Row::new(
            Post,
            "/intents/{intent}/demo-payment",
            "用演示渠道支付",
            post(command::intent_demo_pay),
        )
        .query(&["token"])
        .shows::<IntentView>(),
        Row::new(
            Post,
            "/payments/notices/{channel}",
            "支付渠道的到账通知",
            notice,
        )
        .door(Door::Channel)
        .takes_foreign_json()
        .shows::<Done>(),
        Row::new(Post, "/sessions", "登录", post(session::open))
            .takes::<request::SignIn>()
            .creates()
            .shows::<session::SessionNew>(),
        Row::new(Get, "/sessions/current", "我是谁", get(read::who))
            .door(Door::Staff)
            .shows::<WhoAmI>(),
        Row::new(
            Delete,
            "/sessions/current",
            "退出登录",
            delete(session::end),
        )
        .door(Door::Staff)
        .gone(),
    ]
}

#[expect(
    clippy::too_many_lines,
    reason = "one table, read as one: the router and the document are built from it"
)]
fn desk_rows() -> Vec<Row> {
    let send = post(evidence::send).layer(DefaultBodyLimit::max(gateway::evidence::SIZE_LIMIT));
    vec![
        Row::new(Get, "/users", "用户列表", get(read::users))
            .door(Door::Staff)
            .lists::<UserLine>(),
        does("/users", "建立用户", post(command::user_create)).takes::<request::UserNew>(),
        does(
            "/users/{login}/roles",
            "授予角色",
            post(command::role_grant),
        )
        .takes::<request::GrantNew>(),
        Row::new(
            Get,
            "/organisations/{organisation}/desk",
            "一个组织的工作台",
            get(read::desk),
        )
        .door(Door::Staff)
        .shows::<DeskPage>(),
        Row::new(
            Get,
            "/disbursements/{disbursement}",
            "一笔拨付",
            get(read::disbursement),
        )
        .door(Door::Staff)
        .shows::<DisbursementPage>(),
        Row::new(Post, "/evidence", "上传附件", send)
            .door(Door::Staff)
            .takes_file("application/octet-stream")
            .shows::<evidence::EvidenceKept>(),
        creates::<request::OrganisationNew>(
            "/organisations",
            "登记组织",
            post(command::organisation_register),
        ),
        creates::<request::CampaignNew>(
            "/organisations/{organisation}/campaigns",
            "起草募捐活动",
            post(command::campaign_draft),
        ),
        does(
            "/campaigns/{campaign}/publish",
            "发布募捐活动",
            post(command::campaign_publish),
        ),
        does(
            "/campaigns/{campaign}/end",
            "结束募捐活动",
            post(command::campaign_end),
        ),
        creates::<request::CounterGiftNew>(
            "/counter-gifts",
            "登记柜台捐赠",
            post(command::counter_gift),
        ),
        does(
            "/donations/{donation}/refunds",
            "退款",
            post(command::refund),
        )
        .takes::<request::RefundNew>(),
        does(
            "/donations/{donation}/correction",
            "更正错记的捐赠",
            post(command::correct),
        )
        .takes::<request::ReasonNew>(),
        does(
            "/donations/{donation}/hiding",
            "停止公开捐赠人的称呼",
            post(command::donor_hide),
        )
        .takes::<request::ReasonNew>(),
        does(
            "/donations/{donation}/restriction",
            "限制处理捐赠人的个人信息",
            post(command::donor_restrict),
        )
        .takes::<request::ReasonNew>(),
        does(
            "/donations/{donation}/erasure",
            "申请删除捐赠人的姓名和留言",
            post(command::donor_erase),
        )
        .takes::<request::ReasonNew>(),
        does(
            "/withdrawals",
            "申请撤下公开的文字或文件",
            post(command::withdraw),
        )
        .takes::<request::WithdrawalNew>(),
        does(
            "/donations/{donation}/reassignment",
            "待处理款改投",
            post(command::held_reassign),
        )
        .takes::<request::ReassignNew>(),
        creates::<request::GoodsGiftNew>(
            "/organisations/{organisation}/goods-gifts",
            "登记物资捐赠",
            post(command::goods_gift),
        ),
    ]
}

#[expect(
    clippy::too_many_lines,
    reason = "one table, read as one: the router and the document are built from it"
)]
fn fund_rows() -> Vec<Row> {
    vec![
        creates::<request::FundNew>(
            "/organisations/{organisation}/funds",
            "设立资金",
            post(command::fund_open),
        ),
        does(
            "/funds/{fund}/reclassifications",
            "调整用途",
            post(command::reclassify),
        )
        .takes::<request::ReclassificationNew>(),
        creates::<request::DisbursementNew>(
            "/funds/{fund}/disbursements",
            "申请拨付",
            post(command::disbursement_request),
        ),
        does(
            "/disbursements/{disbursement}/steps",
            "复核、批准或退回拨付",
            post(command::disbursement_step),
        )
        .takes::<request::StepNew>(),
        does(
            "/disbursements/{disbursement}/payment",
            "付款",
            post(command::disbursement_pay),
        )
        .takes::<request::PayNew>(),
        does(
            "/funds/{fund}/deliveries",
            "报告预付款的使用",
            post(command::delivery_record),
        )
        .takes::<request::DeliveryNew>(),
        does(
            "/deliveries/{delivery}/evidence",
            "为发放补充附件",
            post(command::evidence_attach),
        )
        .takes::<request::EvidenceList>(),
        does(
            "/funds/{fund}/returns",
            "登记预付款退回",
            post(command::advance_return),
        )
        .takes::<request::AdvanceReturnNew>(),
        does("/settlements", "登记渠道结算", post(command::settle))
            .takes::<request::SettlementNew>(),
        does(
            "/movements/{movement}/reversal",
            "冲销错误的流出",
            post(command::reverse),
        )
        .takes::<request::ReasonNew>(),
        does(
            "/repairs/{repair}/steps",
            "确认或退回同事提出的退款、更正、冲回或调整",
            post(command::repair_decide),
        )
        .takes::<request::RepairStepNew>(),
        does(
            "/funds/{fund}/goods-conversions",
            "物资换算",
            post(command::goods_convert),
        )
        .takes::<request::GoodsConversionNew>(),
        does(
            "/funds/{fund}/goods-losses",
            "登记物资损耗",
            post(command::goods_lose),
        )
        .takes::<request::GoodsLossNew>(),
        does(
            "/funds/{fund}/goods-deliveries",
            "发放物资",
            post(command::goods_deliver),
        )
        .takes::<request::GoodsDeliveryNew>(),
    ]
}

/// A command of the staff.
fn does(
    path: &'static str,
    summary: &'static str,
    route: axum::routing::MethodRouter<AppState>,
) -> Row {
    Row::new(Post, path, summary, route)
        .door(Door::Staff)
        .keyed()
        .shows::<Done>()
}

/// A command of the staff that makes a record.
fn creates<T: ToSchema + PartialSchema>(
    path: &'static str,
    summary: &'static str,
    route: axum::routing::MethodRouter<AppState>,
) -> Row {
    does(path, summary, route).takes::<T>().creates()
}
