//! Organisations and class schemes.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::{Body, PathId},
    router::AppState,
};
use axum::{Json, http::StatusCode};
use jz_app::org as app;
use jz_domain::Id;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(edit)).routes(routes!(schemes))
}

/// The tree in pre-order.
#[derive(Serialize, ToSchema)]
pub struct Orgs {
    orgs: Vec<app::OrgView>,
}

#[utoipa::path(get, path = "/api/v1/orgs", operation_id = "list_orgs", tag = "org",
    responses((status = 200, body = Orgs), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list(caller: Caller) -> Result<Json<Orgs>, ApiError> {
    Ok(Json(Orgs { orgs: caller.run(app::list).await? }))
}

#[utoipa::path(post, path = "/api/v1/orgs", operation_id = "create_org", tag = "org", request_body = app::NewOrg,
    responses((status = 201, body = app::OrgView), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create(
    caller: Caller,
    Body(input): Body<app::NewOrg>,
) -> Result<(StatusCode, Json<app::OrgView>), ApiError> {
    Ok((StatusCode::CREATED, Json(caller.run(move |cx| app::create(cx, &input)).await?)))
}

#[utoipa::path(patch, path = "/api/v1/orgs/{org}", operation_id = "edit_org", tag = "org", request_body = app::OrgEdit,
    params(("org" = Id, Path)),
    responses((status = 200, body = app::OrgView), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn edit(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::OrgEdit>,
) -> Result<Json<app::OrgView>, ApiError> {
    Ok(Json(caller.run(move |cx| app::edit(cx, id, &input)).await?))
}

/// One class.
#[derive(Serialize, ToSchema)]
pub struct ClassView {
    code: &'static str,
    parent: Option<&'static str>,
    name: &'static str,
    label: &'static str,
    leaf: bool,
}

/// One scheme.
#[derive(Serialize, ToSchema)]
pub struct SchemeView {
    code: &'static str,
    name: &'static str,
    valid_from: &'static str,
    source: &'static str,
    classes: Vec<ClassView>,
}

/// All class schemes.
#[derive(Serialize, ToSchema)]
pub struct Schemes {
    schemes: Vec<SchemeView>,
}

#[utoipa::path(get, path = "/api/v1/schemes", operation_id = "list_schemes", tag = "volume",
    responses((status = 200, body = Schemes), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn schemes(_: Caller) -> Json<Schemes> {
    let schemes = jz_domain::volume::SCHEMES
        .iter()
        .map(|s| SchemeView {
            code: s.code,
            name: s.name,
            valid_from: s.valid_from,
            source: s.source,
            classes: s
                .classes
                .iter()
                .map(|c| ClassView {
                    code: c.code,
                    parent: c.parent,
                    name: c.name,
                    label: c.label,
                    leaf: c.leaf,
                })
                .collect(),
        })
        .collect();
    Json(Schemes { schemes })
}
