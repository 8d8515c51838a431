//! The ledger, for the auditor.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::{Body, PathId, PathIds},
    router::AppState,
};
use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use jz_app::{audit as app, member};
use jz_domain::{Id, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(status))
        .routes(routes!(verify))
        .routes(routes!(checkpoint))
        .routes(routes!(offline))
        .routes(routes!(line_receipt))
        .routes(routes!(look_receipt))
        .routes(routes!(daily))
        .routes(routes!(check_daily))
}

/// Which entries are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// By login.
    #[serde(default)]
    login: Option<String>,
    /// By action code.
    #[serde(default)]
    action: Option<String>,
    /// By the person the entry is about.
    #[serde(default)]
    subject: Option<Id>,
    /// Not before.
    #[serde(default)]
    from: Option<Millis>,
    /// Before.
    #[serde(default)]
    to: Option<Millis>,
    /// Below this number.
    #[serde(default)]
    before: Option<i64>,
    /// At most, up to 200.
    #[serde(default)]
    limit: Option<i64>,
}

/// A slice of the ledger.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    entries: Vec<app::EntryView>,
    /// Ask for entries before this number to go on.
    next: Option<i64>,
}

#[utoipa::path(post, path = "/api/v1/ledger/search", operation_id = "search_ledger", tag = "audit", request_body = Query,
    responses((status = 200, body = Entries), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn search(caller: Caller, Body(q): Body<Query>) -> Result<Json<Entries>, ApiError> {
    let limit = q.limit.unwrap_or(50).clamp(1, 200);
    let entries = caller
        .run(move |cx| {
            let actor = match &q.login {
                Some(l) => Some(
                    cx.app
                        .store
                        .read(|db| Ok::<_, jz_app::Fail>(jz_store::account::by_login(db, l)?))?
                        .map_or(Id(-1), |a| a.id),
                ),
                None => None,
            };
            let f = jz_store::ledger::Filter {
                actor,
                action: q.action,
                subject: q.subject,
                from: q.from,
                to: q.to,
            };
            app::entries(cx, &f, q.before.unwrap_or(i64::MAX), limit)
        })
        .await?;
    let next = (entries.len() as i64 == limit).then(|| entries.last().map(|e| e.seq)).flatten();
    Ok(Json(Entries { entries, next }))
}

#[utoipa::path(get, path = "/api/v1/ledger/status", operation_id = "ledger_status", tag = "audit",
    responses((status = 200, body = app::Status), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn status(caller: Caller) -> Result<Json<app::Status>, ApiError> {
    Ok(Json(caller.run(app::status).await?))
}

#[utoipa::path(post, path = "/api/v1/ledger/verify", operation_id = "verify_ledger", tag = "audit",
    responses((status = 200, body = app::Report), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn verify(caller: Caller) -> Result<Json<app::Report>, ApiError> {
    let report = caller
        .run(|cx| {
            let report = app::verify(cx.app)?;
            let result = if report.ok { "ok" } else { "findings" };
            if !cx.app.store.is_read_only() {
                cx.note("ledger.checked", &jz_app::About::default(), result)?;
            }
            if report.ok {
                app::write_checkpoint(cx.app)?;
            }
            Ok(report)
        })
        .await?;
    Ok(Json(report))
}

/// A file to keep.
fn file(kind: &'static str, name: &str, text: String) -> Response {
    let mut r = text.into_response();
    r.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(v) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        r.headers_mut().insert(header::CONTENT_DISPOSITION, v);
    }
    r
}

const TEXT: &str = "text/plain; charset=utf-8";

#[utoipa::path(get, path = "/api/v1/ledger/checkpoint", operation_id = "ledger_checkpoint", tag = "audit",
    responses((status = 200, body = String, content_type = "text/plain"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn checkpoint(caller: Caller) -> Result<Response, ApiError> {
    let (says, note) = caller.run(|cx| app::current(cx.app)).await?;
    Ok(file(TEXT, &format!("checkpoint-{}.txt", says.size), note.to_string()))
}

#[utoipa::path(get, path = "/api/v1/ledger/offline", operation_id = "offline_verifier", tag = "audit",
    responses((status = 200, body = String, content_type = "text/html"),
              (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn offline(caller: Caller) -> Result<Response, ApiError> {
    let page = caller.run(|cx| Ok(app::offline_page(cx.app))).await?;
    Ok(file("text/html; charset=utf-8", "juanzong-verify.html", page))
}

#[utoipa::path(get, path = "/api/v1/ledger/entries/{seq}/receipt", operation_id = "entry_receipt", tag = "audit",
    params(("seq" = Id, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn line_receipt(caller: Caller, PathId(seq): PathId) -> Result<Response, ApiError> {
    let n = u64::try_from(seq.0).map_err(|_| ApiError(jz_app::Fail::NotFound))?;
    let text = caller.run(move |cx| app::line_receipt(cx, n)).await?;
    Ok(file(TEXT, &format!("receipt-{n}.tlog-proof"), text))
}

#[utoipa::path(get, path = "/api/v1/persons/{person}/looks/{seq}/receipt", operation_id = "look_receipt", tag = "audit",
    params(("person" = Id, Path), ("seq" = Id, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn look_receipt(caller: Caller, PathIds(person, seq): PathIds) -> Result<Response, ApiError> {
    let n = u64::try_from(seq.0).map_err(|_| ApiError(jz_app::Fail::NotFound))?;
    let text = caller.run(move |cx| member::look_receipt(cx, person, n)).await?;
    Ok(file(TEXT, &format!("receipt-{n}.tlog-proof"), text))
}

#[utoipa::path(get, path = "/api/v1/ledger/daily", operation_id = "daily_line", tag = "audit",
    responses((status = 200, body = app::Daily), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn daily(caller: Caller) -> Result<Json<app::Daily>, ApiError> {
    Ok(Json(caller.run(app::daily).await?))
}

#[utoipa::path(post, path = "/api/v1/ledger/daily/check", operation_id = "check_daily_line", tag = "audit",
    request_body = app::TypedLine,
    responses((status = 200, body = app::DailyCheck), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn check_daily(
    caller: Caller,
    Body(input): Body<app::TypedLine>,
) -> Result<Json<app::DailyCheck>, ApiError> {
    Ok(Json(caller.run(move |cx| app::check_daily(cx, &input)).await?))
}
