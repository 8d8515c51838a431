//! Self-check.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    router::AppState,
};
use axum::Json;
use jz_app::system as app;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(doctor))
}

/// What was looked at.
#[derive(Serialize, ToSchema)]
pub struct Doctor {
    checks: Vec<app::Check>,
}

#[utoipa::path(get, path = "/api/v1/system/doctor", operation_id = "doctor", tag = "system",
    responses((status = 200, body = Doctor), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn doctor(caller: Caller) -> Result<Json<Doctor>, ApiError> {
    let parts = app::Parts {
        fonts: jz_assets::fonts().len(),
        models: jz_assets::ocr_model().is_some(),
        pages: jz_assets::web().len(),
    };
    let checks = caller.run(move |cx| app::doctor_for(cx, parts)).await?;
    Ok(Json(Doctor { checks }))
}
