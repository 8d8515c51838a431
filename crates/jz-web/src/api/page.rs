//! Pages: text, corrections, pages to look at.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::{Body, Params, PathId},
    router::AppState,
};
use axum::Json;
use jz_app::page as app;
use jz_domain::Id;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(info)).routes(routes!(correct)).routes(routes!(low))
}

#[utoipa::path(get, path = "/api/v1/pages/{page}", operation_id = "read_page", tag = "page", params(("page" = Id, Path)),
    responses((status = 200, body = app::PageInfo), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn info(caller: Caller, PathId(id): PathId) -> Result<Json<app::PageInfo>, ApiError> {
    Ok(Json(caller.run(move |cx| app::info(cx, id)).await?))
}

#[utoipa::path(put, path = "/api/v1/pages/{page}/text", operation_id = "correct_page", tag = "page", params(("page" = Id, Path)),
    request_body = app::Correction,
    responses((status = 200, body = app::PageInfo), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn correct(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::Correction>,
) -> Result<Json<app::PageInfo>, ApiError> {
    Ok(Json(caller.run(move |cx| app::correct(cx, id, &input)).await?))
}

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Slice {
    /// `next` of the last answer.
    after: Option<Id>,
    /// At most, up to 200.
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/low-confidence", operation_id = "low_confidence_pages", tag = "page", params(Slice),
    responses((status = 200, body = app::LowList), (status = 400, body = Problem, content_type = "application/problem+json"), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn low(caller: Caller, Params(s): Params<Slice>) -> Result<Json<app::LowList>, ApiError> {
    let limit = s.limit.unwrap_or(50).clamp(1, 200);
    Ok(Json(caller.run(move |cx| app::low_confidence(cx, s.after, limit)).await?))
}
