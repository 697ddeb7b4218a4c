//! What a machine sends: JSON of a known shape, cursors and searches in the address, printed numbers.

use app::App;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use kernel::IdKind;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fault::{Fault, FieldFault};
use super::limits::{JSON_BYTES, QUERY_BYTES};

/// A JSON body; every way in which it can be wrong has its own words.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Fault> {
        if !is_json(request.headers()) {
            return Err(Fault::MediaType("application/json"));
        }
        let bytes = read(request, state, JSON_BYTES).await?;
        must_be_object(&bytes)?;
        let reader = &mut serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut *reader).map_err(json_fault)?;
        reader
            .end()
            .map_err(|error| Fault::Json(error.line(), error.column()))?;
        Ok(Json(value))
    }
}

/// Every body is an object; the reader would take an array as its fields in order, which nobody should rely on.
fn must_be_object(bytes: &[u8]) -> Result<(), Fault> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return Ok(());
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes)
        .map_err(|error| Fault::Json(error.line(), error.column()))?;
    let sentence = "内容须是一个 JSON 对象，即用大括号括起的字段，请按接口文档改写。";
    Err(Fault::field(".", "type", sentence))
}

/// The whole body, at most `limit` bytes (which the route's own limit enforces while reading).
pub(crate) async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    limit: usize,
) -> Result<Bytes, Fault> {
    use axum::extract::rejection::FailedToBufferBody::LengthLimitError;
    match Bytes::from_request(request, state).await {
        Ok(bytes) if bytes.len() <= limit => Ok(bytes),
        Ok(_) | Err(BytesRejection::FailedToBufferBody(LengthLimitError(_))) => {
            Err(Fault::TooLarge(limit))
        }
        Err(_) => Err(Fault::BodyBroken),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let name = text.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json")
}

/// The fault of JSON that does not fit: malformed text by line and column, a wrong shape by its field.
fn json_fault(error: serde_path_to_error::Error<serde_json::Error>) -> Fault {
    use serde_json::error::Category;
    let path = error.path().to_string();
    let inner = error.into_inner();
    match inner.classify() {
        Category::Data => Fault::Fields(vec![shape_fault(path, &inner)]),
        Category::Io | Category::Syntax | Category::Eof => {
            Fault::Json(inner.line(), inner.column())
        }
    }
}

/// Puts what the reader says of a wrong shape into Chinese, with the field's name.
fn shape_fault(path: String, error: &serde_json::Error) -> FieldFault {
    let text = error.to_string();
    let named = |start: &str| {
        text.strip_prefix(start)
            .and_then(|rest| rest.split('`').next())
            .map(str::to_string)
    };
    let inside = |name: &str| match path.as_str() {
        "." | "" => name.to_string(),
        // The reader counts an unknown field into the path already.
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_string(),
        path => format!("{path}.{name}"),
    };
    if let Some(name) = named("missing field `") {
        return fault(inside(&name), "required", "缺少这个字段，请补上。".into());
    }
    if let Some(name) = named("unknown field `") {
        let sentence = format!("没有这个字段，可用的有：{}；请核对拼写。", allowed(&text));
        return fault(inside(&name), "unknown_field", sentence);
    }
    if let Some(name) = named("duplicate field `") {
        return fault(
            inside(&name),
            "duplicate_field",
            "这个字段出现了两次，请只留一个。".into(),
        );
    }
    if text.starts_with("unknown variant `") {
        let sentence = format!("没有这个选项，请从这些里选：{}。", allowed(&text));
        return fault(path, "choice", sentence);
    }
    let place = (error.line(), error.column());
    let sentence = format!(
        "类型不对（第 {} 行第 {} 列），请按接口文档填写；金额要写成带引号的文字，例如 \"50.00\"。",
        place.0, place.1
    );
    fault(path, "type", sentence)
}

fn fault(field: String, code: &'static str, sentence: String) -> FieldFault {
    FieldFault {
        field,
        code,
        sentence,
    }
}

/// The names that the reader says it expected.
fn allowed(text: &str) -> String {
    let Some((_, names)) = text.split_once("expected ") else {
        return "（无）".into();
    };
    let names: Vec<&str> = names.split('`').skip(1).step_by(2).collect();
    names.join("、")
}

/// 〔地址参数〕 What may stand behind `?`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Where a list goes on.
    pub(crate) cursor: Option<String>,
    /// The token of the donor's own link.
    pub(crate) token: Option<String>,
    /// What is searched for.
    #[serde(default)]
    pub(crate) q: String,
    /// The only kind that is searched for.
    pub(crate) kind: Option<String>,
    /// Which page of that kind.
    pub(crate) page: Option<i64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Fault> {
        read_query(&parts.uri)
    }
}

fn read_query(uri: &Uri) -> Result<Asked, Fault> {
    if uri.query().is_some_and(|text| text.len() > QUERY_BYTES) {
        return Err(Fault::Query);
    }
    Query::<Asked>::try_from_uri(uri)
        .map(|Query(asked)| asked)
        .map_err(|_| Fault::Query)
}

/// The only variable part of an address, as it was written.
pub(crate) struct Part(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Part, Fault> {
        let read = Path::<String>::from_request_parts(parts, state).await;
        read.map(|Path(text)| Part(text)).map_err(|_| Fault::Route)
    }
}

/// Reads a printed number only to say precisely what is wrong with it; the house reads it again.
pub(crate) fn number<K: IdKind>(app: &App, what: &'static str, text: &str) -> Result<(), Fault> {
    app.cipher()
        .read::<K>(text.trim())
        .map(|_| ())
        .map_err(|error| Fault::Number(what, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is tested")]
    struct Sample {
        amount: String,
        step: Option<Step>,
        #[serde(default)]
        rows: Vec<Row>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is tested")]
    struct Row {
        title: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Step {
        Check,
        Approve,
    }

    async fn read_text(kind: &str, text: &str) -> Result<Sample, Fault> {
        let request = Request::builder()
            .header(CONTENT_TYPE, kind)
            .body(axum::body::Body::from(text.to_string()))
            .unwrap();
        Json::from_request(request, &())
            .await
            .map(|Json(sample)| sample)
    }

    async fn check_field(text: &str, field: &str, code: &str) {
        let fault = read_text("application/json", text).await.unwrap_err();
        let Fault::Fields(fields) = fault else {
            panic!("{text}: {fault:?}")
        };
        assert_eq!(
            (fields[0].field.as_str(), fields[0].code),
            (field, code),
            "{text}"
        );
    }

    #[tokio::test]
    async fn wrong_shapes_are_named_by_their_field() {
        check_field("{}", "amount", "required").await;
        check_field(r#"{"amount":50}"#, "amount", "type").await;
        check_field(r#"{"amount":null}"#, "amount", "type").await;
        check_field(r#"{"amount":"1","sum":"2"}"#, "sum", "unknown_field").await;
        check_field(
            r#"{"amount":"1","amount":"2"}"#,
            "amount",
            "duplicate_field",
        )
        .await;
        check_field(r#"{"amount":"1","step":"sign"}"#, "step", "choice").await;
        check_field(r#"{"amount":"1","rows":[{}]}"#, "rows[0].title", "required").await;
        check_field(
            r#"{"amount":"1","rows":[{"title":"a"},{"x":1}]}"#,
            "rows[1].x",
            "unknown_field",
        )
        .await;
        check_field("[]", ".", "type").await;
        check_field(r#"["50"]"#, ".", "type").await;
        check_field("null", ".", "type").await;
    }

    async fn check_json(text: &str, line: usize, column: usize) {
        let fault = read_text("application/json", text).await.unwrap_err();
        let Fault::Json(l, c) = fault else {
            panic!("{text}: {fault:?}")
        };
        assert_eq!((l, c), (line, column), "{text}");
    }

    #[tokio::test]
    async fn malformed_json_says_where() {
        check_json("", 1, 0).await;
        check_json("{\n \"amount\": \"1\",}", 2, 16).await;
        check_json("{\"amount\":\"1\"} x", 1, 16).await;
        check_json("amount=50", 1, 1).await;
    }

    #[tokio::test]
    async fn the_content_type_must_be_json() {
        let whole = r#"{"amount":"1"}"#;
        assert!(
            read_text("application/json; charset=utf-8", whole)
                .await
                .is_ok()
        );
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
        ] {
            let fault = read_text(kind, whole).await.unwrap_err();
            assert_eq!(fault.code(), "media_type", "{kind}");
        }
    }

    #[test]
    fn addresses_are_read_or_refused() {
        let read = |text: &str| read_query(&text.parse().unwrap());
        assert_eq!(read("/x?q=%E4%BA%91&cursor=c").unwrap().q, "云");
        assert_eq!(read("/x").unwrap().cursor, None);
        assert_eq!(
            read(&format!("/x?q={}", "a".repeat(QUERY_BYTES)))
                .unwrap_err()
                .code(),
            "query_malformed"
        );
    }
}
