//! One box for people, titles and the text of pages.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::Body,
    router::AppState,
};
use axum::Json;
use jz_app::search as app;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search))
}

#[utoipa::path(post, path = "/api/v1/search", operation_id = "search", tag = "search", request_body = app::SearchQuery,
    responses((status = 200, body = app::SearchAnswer), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn search(
    caller: Caller,
    Body(q): Body<app::SearchQuery>,
) -> Result<Json<app::SearchAnswer>, ApiError> {
    Ok(Json(caller.run(move |cx| app::search(cx, &q)).await?))
}
