//! Problem details for machines (RFC 9457): every fault in the same shape.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::fault::{Fault, FieldFault};
use crate::error;
use app::AppError;

/// Media type of a problem.
pub(crate) const PROBLEM_TYPE: &str = "application/problem+json";

/// 〔问题说明〕 Why a request was not carried out (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemJson {
    /// Path that stands for this kind of problem: `/problems/` and the code.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// A few words, the same for every problem of this kind.
    pub(crate) title: &'static str,
    /// The status, as in the status line.
    pub(crate) status: u16,
    /// One plain Chinese sentence with what to do next.
    pub(crate) detail: String,
    /// Stable code for programs.
    pub(crate) code: &'static str,
    /// The article behind the refusal, if a law demands it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) law: Option<&'static str>,
    /// The rules behind that article, for example `CF-08`; each can be read at `/api/v1/rules/{rule}`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<String>,
    /// What is wrong with single fields, all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<FieldProblem>,
}

/// 〔字段问题〕 What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// Name of the field, for example `amount` or `evidence[0].sha256`.
    pub(crate) field: String,
    /// Stable code for programs.
    pub(crate) code: &'static str,
    /// One plain Chinese sentence with what to do.
    pub(crate) sentence: String,
}

impl From<FieldFault> for FieldProblem {
    fn from(fault: FieldFault) -> Self {
        FieldProblem {
            field: fault.field,
            code: fault.code,
            sentence: fault.sentence,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        log_inner(&self);
        let status = error::fault_status(&self);
        let problem = ProblemJson {
            kind: format!("/problems/{}", self.code()),
            title: self.title(),
            status: status.as_u16(),
            detail: self.detail(),
            code: self.code(),
            law: self.law(),
            rules: self.law().map(app::rules_cited).unwrap_or_default(),
            problems: self.fields().into_iter().map(FieldProblem::from).collect(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let headers = [(CONTENT_TYPE, PROBLEM_TYPE), (CACHE_CONTROL, "no-store")];
        let mut answer = (status, headers, body).into_response();
        let seconds = match &self {
            Fault::House(error) => error::retry_after(error),
            Fault::TooMany(seconds) | Fault::TooFast(seconds) => Some(*seconds),
            _ => None,
        };
        if let Some(seconds) = seconds {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if error::asks_for_sign_in(status) {
            answer
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// Our own mistakes are logged here, once, with their source.
fn log_inner(fault: &Fault) {
    use gateway::evidence::EvidenceRefused::{Disk, Entropy};
    let source: &(dyn std::error::Error + 'static) = match fault {
        Fault::House(AppError::Internal(source)) => source.as_ref(),
        Fault::Evidence(refused @ (Disk(_) | Entropy(_))) => refused,
        _ => return,
    };
    tracing::error!(error = source, "an API request failed inside");
}
