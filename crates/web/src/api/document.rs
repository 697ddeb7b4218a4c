//! The OpenAPI 3.1 document, made from the rows of the interface and the schemas of the views.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::path::{
    Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder,
    Paths, Required, Type,
};

use super::BASE;
use super::pace::KEY_HEADER;
use super::row::{Door, Row, Shape, Success};
use crate::error;

/// Name of the security scheme of whoever is signed in.
const BEARER: &str = "bearer";
/// Name of the scheme of programs with a limit of their own; every call takes it, none needs it.
const PROGRAM: &str = "program";

/// The document as bytes; made once, because rows never change while a server runs.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let mut value = serde_json::to_value(document()).unwrap_or_default();
    count_places(&mut value);
    serde_json::to_vec_pretty(&value).unwrap_or_default().into()
});

/// Says how long rows of fixed places are in numbers. `"items": false` says the same, but makers of clients take it for
/// a mistake.
fn count_places(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let places = fields.get("prefixItems").and_then(Value::as_array);
            if let Some(count) = places.map(Vec::len) {
                fields.remove("items");
                fields.insert("minItems".into(), count.into());
                fields.insert("maxItems".into(), count.into());
            }
            fields.values_mut().for_each(count_places);
        }
        Value::Array(items) => items.iter_mut().for_each(count_places),
        _ => {}
    }
}

pub(super) async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, DOCUMENT.clone()).into_response()
}

/// The document of all rows.
pub(super) fn document() -> OpenApi {
    let rows = super::rows();
    let mut paths = Paths::new();
    let mut components = ComponentsBuilder::new().security_scheme(
        BEARER,
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    let key =
        ApiKeyValue::with_description(KEY_HEADER.as_str(), "接口密钥：按密钥的限额计数，可以不带");
    components = components.security_scheme(PROGRAM, SecurityScheme::ApiKey(ApiKey::Header(key)));
    components = components.schemas_from_iter(Shape::problem().named);
    for row in rows {
        let address = format!("{BASE}{}", row.path);
        let shapes = [&row.body, &row.answer];
        for shape in shapes.into_iter().flatten() {
            components = components.schemas_from_iter(shape.named.clone());
        }
        let method = row.method.clone();
        let item = PathItem::new(method, operation(row));
        match paths.paths.get_mut(&address) {
            Some(there) => there.merge_operations(item),
            None => drop(paths.paths.insert(address, item)),
        }
    }
    OpenApiBuilder::new()
        .info(info())
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

fn info() -> Info {
    let mut info = Info::new("善迹 Shanji", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "金额：请求里写元（文字，如 \"50.00\"），答复里是分（整数）。\
         编号都带前缀和校验位。列表用 cursor 续读：把答复里的 next 原样放进 cursor。\
         错误一律是 application/problem+json，code 固定不变。\
         每个地址每分钟最多问 1200 次，超过得到 429，请等 Retry-After 所说的秒数；带 X-Api-Key 的按密钥的限额。\
         需要 Idempotency-Key 的请求，用同一编号重发不会重复执行；同一编号换了内容会得到 409。"
            .into(),
    );
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".into());
    info.license = Some(license);
    info
}

fn operation(row: Row) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(operation_id(&row)))
        .summary(Some(row.summary))
        .tag(tag(row.path));
    for parameter in parameters(&row) {
        operation = operation.parameter(parameter);
    }
    if row.door == Door::Staff {
        let no_scopes: [String; 0] = [];
        operation = operation.security(SecurityRequirement::new(BEARER, no_scopes));
    }
    let (status, answer) = success(row.success, row.answer);
    operation
        .request_body(row.body.map(body))
        .response(status, answer)
        .response("default", problem())
        .build()
}

/// `get_campaigns_campaign`: method and address, so that it changes only when they do.
fn operation_id(row: &Row) -> String {
    let method = match row.method {
        utoipa::openapi::HttpMethod::Get => "get",
        utoipa::openapi::HttpMethod::Delete => "delete",
        _ => "post",
    };
    let words = row.path.replace(['/', '-'], "_").replace(['{', '}'], "");
    format!("{method}{words}")
}

fn tag(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

fn parameters(row: &Row) -> Vec<Parameter> {
    let inside = row
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut all: Vec<Parameter> = inside
        .map(|name| parameter(name, ParameterIn::Path, Required::True))
        .collect();
    let behind = row.query.iter();
    all.extend(behind.map(|name| parameter(name, ParameterIn::Query, Required::False)));
    if row.keyed {
        all.push(parameter(
            "Idempotency-Key",
            ParameterIn::Header,
            Required::True,
        ));
    }
    if row.door == Door::Channel {
        let names = [
            "Shanji-Key-Id",
            "Shanji-Timestamp",
            "Shanji-Nonce",
            "Shanji-Signature",
        ];
        all.extend(names.map(|name| parameter(name, ParameterIn::Header, Required::True)));
    }
    all
}

fn parameter(name: &str, place: ParameterIn, required: Required) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(meaning(name))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "cursor" => "上一页答复里的 next",
        "token" => "捐赠人自己的链接里的令牌",
        "q" => "要搜索的文字或编号",
        "rule" => "规则编号，例如 CF-08",
        "on" => "哪一天施行的规则，不写就是今天",
        "group" => "规则类别的代码，例如 CF",
        "binds" => "受约束者的代码，例如 ORG",
        "enforced" => "实际效力：record、warn、gate、block",
        "status" => "核对情况：C、C2、R-H、R-M、R-L",
        "region" => "适用地域：CN 是全国，其余是区划代码",
        "place" => "按哪里的规则，写区划代码，不写就是全国",
        "deadline" => "要计算的期限的名称",
        "from" => "从哪一天起算",
        "day" => "北京时间的日期，例如 2026-11-22",
        "index" => "叶序号，从零起",
        "sha256" => "SHA-256，十六进制",
        "channel" => "渠道代号，与签名密钥一致",
        "Idempotency-Key" => "16 至 64 个可见英文字符的随机编号，例如 UUID；保留 30 天",
        "Shanji-Key-Id" => "签名密钥的编号",
        "Shanji-Timestamp" => "签名时刻，1970 年起的秒数",
        "Shanji-Nonce" => "每次不同的随机文字",
        "Shanji-Signature" => "对“时刻、随机文字、正文”各加换行后的签名，base64",
        _ => return None,
    })
}

fn body(shape: Shape) -> RequestBody {
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content(
            shape.media,
            ContentBuilder::new().schema(Some(shape.schema)).build(),
        )
        .build()
}

fn success(success: Success, answer: Option<Shape>) -> (String, Described) {
    let words = match success {
        Success::Shown => "成功",
        Success::Created => "已建立，地址在 Location",
        Success::Gone => "已完成",
    };
    let mut described = ResponseBuilder::new().description(words);
    if let Some(shape) = answer {
        described = described.content(
            shape.media,
            ContentBuilder::new().schema(Some(shape.schema)).build(),
        );
    }
    (error::success_code(success), described.build())
}

fn problem() -> Described {
    let shape = Shape::problem();
    ResponseBuilder::new()
        .description("没有执行，原因见正文（RFC 9457）")
        .content(
            shape.media,
            ContentBuilder::new().schema(Some(shape.schema)).build(),
        )
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn value() -> serde_json::Value {
        serde_json::from_slice(&DOCUMENT).unwrap()
    }

    #[test]
    fn it_is_openapi_3_1_with_every_row() {
        let document = value();
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().unwrap();
        let operations: usize = paths
            .values()
            .map(|item| item.as_object().unwrap().len())
            .sum();
        assert_eq!(operations, super::super::rows().len());
        for row in super::super::rows() {
            assert!(
                paths.contains_key(&format!("{BASE}{}", row.path)),
                "{}",
                row.path
            );
        }
    }

    #[test]
    fn operation_ids_are_unique() {
        let rows = super::super::rows();
        let ids: BTreeSet<String> = rows.iter().map(operation_id).collect();
        assert_eq!(ids.len(), rows.len());
    }

    /// A name that stood for two shapes would describe one of them wrongly, and nobody would notice.
    #[test]
    fn every_name_has_one_shape() {
        let mut known = std::collections::BTreeMap::new();
        for row in super::super::rows() {
            for (name, schema) in row.body.into_iter().chain(row.answer).flat_map(|s| s.named) {
                let shape = serde_json::to_string(&schema).unwrap();
                let first = known.entry(name.clone()).or_insert_with(|| shape.clone());
                assert_eq!(*first, shape, "{name} is two things");
            }
        }
        assert!(known.len() > 80, "{}", known.len());
    }

    /// Every `$ref` leads somewhere, so that generators of clients do not stumble.
    #[test]
    fn every_reference_leads_somewhere() {
        let document = value();
        let mut wanted = BTreeSet::new();
        gather(&document, &mut wanted);
        assert!(wanted.len() > 30, "{}", wanted.len());
        for name in wanted {
            let path = name.strip_prefix('#').unwrap();
            assert!(document.pointer(path).is_some(), "{name}");
        }
    }

    fn gather(value: &serde_json::Value, into: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, inner) in fields {
                    match inner.as_str() {
                        Some(text) if name == "$ref" => drop(into.insert(text.to_string())),
                        _ => gather(inner, into),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
            _ => {}
        }
    }

    #[test]
    fn what_the_staff_does_is_marked() {
        let document = value();
        for row in super::super::rows() {
            let method = operation_id(&row);
            let method = method.split('_').next().unwrap();
            let operation = &document["paths"][format!("{BASE}{}", row.path)][method];
            let marked = !operation["security"].is_null();
            assert_eq!(marked, row.door == Door::Staff, "{}", row.path);
        }
    }
}
