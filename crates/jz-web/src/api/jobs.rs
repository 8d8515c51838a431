//! Background jobs and the stream of notices.

use crate::{
    caller::Caller,
    error::{ApiError, Problem},
    extract::PathId,
    router::AppState,
};
use axum::{
    Json,
    http::StatusCode,
    response::sse::{Event, KeepAlive, Sse},
};
use jz_app::jobs as app;
use jz_domain::Id;
use serde::Serialize;
use std::{convert::Infallible, time::Duration};
use tokio_stream::{Stream, StreamExt as _, wrappers::ReceiverStream};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry)).routes(routes!(events))
}

/// The newest jobs.
#[derive(Serialize, ToSchema)]
pub struct Jobs {
    jobs: Vec<app::JobView>,
    /// How many wait or run.
    pending: i64,
}

#[utoipa::path(get, path = "/api/v1/jobs", operation_id = "list_jobs", tag = "jobs",
    responses((status = 200, body = Jobs), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list(caller: Caller) -> Result<Json<Jobs>, ApiError> {
    let (jobs, pending) = caller.run(app::list).await?;
    Ok(Json(Jobs { jobs, pending }))
}

#[utoipa::path(post, path = "/api/v1/jobs/{job}/retry", operation_id = "retry_job", tag = "jobs", params(("job" = Id, Path)),
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn retry(caller: Caller, PathId(id): PathId) -> Result<StatusCode, ApiError> {
    caller.run(move |cx| app::retry(cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/api/v1/events", operation_id = "events", tag = "jobs",
    responses((status = 200, content_type = "text/event-stream", body = String),
              (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn events(caller: Caller) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (tell, hear) = tokio::sync::mpsc::channel(64);
    // A page that does not keep up misses notices, not memory; it can ask the API.
    caller.app.hub.listen(move |n| {
        !matches!(tell.try_send(n.clone()), Err(tokio::sync::mpsc::error::TrySendError::Closed(_)))
    });
    let stream = ReceiverStream::new(hear).map(|n| {
        let data = serde_json::to_string(&n).unwrap_or_default();
        Ok(Event::default().event(n.topic).data(data))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
