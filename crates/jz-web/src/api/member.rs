//! People.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::{Body, PathId},
    router::AppState,
};
use axum::{Json, http::StatusCode};
use jz_app::{audit, member as app};
use jz_domain::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(create))
        .routes(routes!(read, edit))
        .routes(routes!(reveal))
        .routes(routes!(history))
        .routes(routes!(looks))
}

#[utoipa::path(post, path = "/api/v1/persons/search", operation_id = "search_persons", tag = "member", request_body = app::ListQuery,
    responses((status = 200, body = app::PersonList), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn search(caller: Caller, Body(q): Body<app::ListQuery>) -> Result<Json<app::PersonList>, ApiError> {
    Ok(Json(caller.run(move |cx| app::list(cx, &q)).await?))
}

#[utoipa::path(post, path = "/api/v1/persons", operation_id = "create_person", tag = "member", request_body = app::PersonInput,
    responses((status = 201, body = app::PersonRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create(
    caller: Caller,
    Body(input): Body<app::PersonInput>,
) -> Result<(StatusCode, Json<app::PersonRecord>), ApiError> {
    Ok((StatusCode::CREATED, Json(caller.run(move |cx| app::create(cx, &input)).await?)))
}

#[utoipa::path(get, path = "/api/v1/persons/{person}", operation_id = "read_person", tag = "member", params(("person" = Id, Path)),
    responses((status = 200, body = app::PersonRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn read(caller: Caller, PathId(id): PathId) -> Result<Json<app::PersonRecord>, ApiError> {
    Ok(Json(caller.run(move |cx| app::read(cx, id)).await?))
}

#[utoipa::path(patch, path = "/api/v1/persons/{person}", operation_id = "edit_person", tag = "member", params(("person" = Id, Path)),
    request_body = app::PersonInput,
    responses((status = 200, body = app::PersonRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn edit(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::PersonInput>,
) -> Result<Json<app::PersonRecord>, ApiError> {
    Ok(Json(caller.run(move |cx| app::edit(cx, id, &input)).await?))
}

/// Why the full numbers are needed.
#[derive(Deserialize, ToSchema)]
pub struct Reason {
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/persons/{person}/reveal", operation_id = "reveal_person", tag = "member",
    params(("person" = Id, Path)), request_body = Reason,
    responses((status = 200, body = app::Revealed), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn reveal(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<Reason>,
) -> Result<Json<app::Revealed>, ApiError> {
    Ok(Json(caller.run(move |cx| app::reveal(cx, id, &input.reason)).await?))
}

/// The history of changes.
#[derive(Serialize, ToSchema)]
pub struct History {
    events: Vec<audit::EventView>,
}

#[utoipa::path(get, path = "/api/v1/persons/{person}/history", operation_id = "person_history", tag = "member",
    params(("person" = Id, Path)),
    responses((status = 200, body = History), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn history(caller: Caller, PathId(id): PathId) -> Result<Json<History>, ApiError> {
    Ok(Json(History { events: caller.run(move |cx| app::history(cx, id)).await? }))
}

/// Who looked.
#[derive(Serialize, ToSchema)]
pub struct Looks {
    looks: Vec<audit::Look>,
}

#[utoipa::path(get, path = "/api/v1/persons/{person}/looks", operation_id = "person_looks", tag = "member",
    params(("person" = Id, Path)),
    responses((status = 200, body = Looks), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn looks(caller: Caller, PathId(id): PathId) -> Result<Json<Looks>, ApiError> {
    Ok(Json(Looks { looks: caller.run(move |cx| app::looks(cx, id)).await? }))
}
