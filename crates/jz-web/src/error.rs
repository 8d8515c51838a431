//! RFC 9457 problems: status, stable code, Chinese sentence, places in the input.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jz_app::Fail;
use jz_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// A place in the input and what is wrong there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pointer {
    /// JSON pointer.
    pub pointer: String,
    /// Sentence.
    pub message: String,
}

/// Why a request was not carried out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`; `code` tells problems apart.
    pub r#type: String,
    /// Short sentence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// Places in the input.
    pub errors: Vec<Pointer>,
}

/// A use case that failed, on its way out.
pub struct ApiError(pub Fail);

impl<E: Into<Fail>> From<E> for ApiError {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}

fn status(f: &Fail) -> StatusCode {
    match f {
        Fail::Denied(jz_domain::identity::Denied::OutOfReach(_)) | Fail::NotFound => StatusCode::NOT_FOUND,
        Fail::Denied(_) => StatusCode::FORBIDDEN,
        Fail::NoSession => StatusCode::UNAUTHORIZED,
        Fail::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Fail::Conflict { .. } => StatusCode::CONFLICT,
        Fail::SlowDown(_) => StatusCode::TOO_MANY_REQUESTS,
        Fail::ReadOnly | Fail::Store(StoreError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        Fail::Store(_) | Fail::Blob(_) | Fail::Machine(..) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(s: StatusCode) -> &'static str {
    match s {
        StatusCode::UNAUTHORIZED => "未登录",
        StatusCode::FORBIDDEN => "没有权限",
        StatusCode::NOT_FOUND => "没有这项内容",
        StatusCode::METHOD_NOT_ALLOWED => "不支持这种操作",
        StatusCode::CONFLICT => "内容已变化",
        StatusCode::PAYLOAD_TOO_LARGE => "内容过大",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "格式不支持",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "填写有误",
        StatusCode::TOO_MANY_REQUESTS => "尝试过多",
        StatusCode::SERVICE_UNAVAILABLE => "暂时不能办理",
        _ => "系统出错",
    }
}

/// A problem answer.
pub fn problem(status: StatusCode, code: &str, detail: String, errors: Vec<Pointer>) -> Response {
    let body = Problem {
        r#type: "about:blank".to_owned(),
        title: title(status).to_owned(),
        status: status.as_u16(),
        code: code.to_owned(),
        detail,
        errors,
    };
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let mut r = (status, bytes).into_response();
    r.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    r
}

/// Logs a failure of ours once, with its whole chain. Personal data is in none of the
/// sentences of the chain by the rules of the crates they come from.
fn log(f: &Fail) {
    let mut chain = f.to_string();
    let mut cause = std::error::Error::source(f);
    while let Some(c) = cause {
        chain.push_str(": ");
        chain.push_str(&c.to_string());
        cause = c.source();
    }
    tracing::error!(code = f.code(), chain, "request failed");
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let s = status(&self.0);
        if s == StatusCode::INTERNAL_SERVER_ERROR {
            log(&self.0);
        }
        let errors = match &self.0 {
            Fail::Refused { problems, .. } => problems
                .iter()
                .map(|p| Pointer { pointer: p.pointer.clone(), message: p.message.clone() })
                .collect(),
            _ => Vec::new(),
        };
        let mut r = problem(s, self.0.code(), self.0.zh(), errors);
        let retry = match &self.0 {
            Fail::SlowDown(seconds) => Some(*seconds),
            Fail::Store(StoreError::Busy) => Some(2),
            _ => None,
        };
        if let Some(v) = retry.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
            r.headers_mut().insert(header::RETRY_AFTER, v);
        }
        r
    }
}
