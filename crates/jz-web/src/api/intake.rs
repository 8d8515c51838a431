//! Imports of organisations and people from workbooks.

use crate::{
    caller::{Caller, blocking},
    error::{ApiError, Problem, problem},
    extract::{Form, Named, Params, PathId},
    router::AppState,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, Path, multipart::Field},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use jz_app::{Fail, intake as app};
use jz_domain::Id;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What a form may hold besides the file.
const ROOM: usize = 1 << 20;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes() -> OpenApiRouter<AppState> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(list, upload))
        .layer(DefaultBodyLimit::max(app::MOST_BYTES as usize + ROOM));
    OpenApiRouter::new()
        .merge(uploads)
        .routes(routes!(template))
        .routes(routes!(read))
        .routes(routes!(findings))
        .routes(routes!(changes))
        .routes(routes!(annotated))
        .routes(routes!(commit))
        .routes(routes!(undo))
}

/// The batches.
#[derive(Serialize, ToSchema)]
pub struct BatchList {
    batches: Vec<app::Batch>,
}

#[utoipa::path(get, path = "/api/v1/imports", operation_id = "list_imports", tag = "intake",
    responses((status = 200, body = BatchList), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list(caller: Caller) -> Result<Json<BatchList>, ApiError> {
    Ok(Json(BatchList { batches: caller.run(app::list).await? }))
}

/// A workbook to be imported.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read part by part")]
pub struct ImportForm {
    /// `orgs` or `members`.
    #[schema(pattern = "^(orgs|members)$")]
    kind: String,
    /// The workbook, at most 50 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/imports", operation_id = "upload_import", tag = "intake",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, body = app::Batch), (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 413, body = Problem, content_type = "application/problem+json"),
              (status = 415, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn upload(caller: Caller, Form(mut form): Form) -> Result<Response, Response> {
    let mut kind = None;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        match field.name() {
            Some("kind") => kind = Some(field.text().await.map_err(|e| broken(&e))?),
            Some("file") => file = Some(receive(&caller, field).await?),
            _ => {}
        }
    }
    let kind = kind.as_deref().and_then(app::Kind::from_code).ok_or_else(|| {
        let zh = "请说明导入的是党组织（orgs）还是人员（members）。";
        ApiError(Fail::at("import.kind", "/kind", zh)).into_response()
    })?;
    let file = file.ok_or_else(|| {
        ApiError(Fail::at("import.file", "/file", "没有收到文件，请选择一个工作簿。")).into_response()
    })?;
    let batch =
        caller.run(move |cx| app::preview(cx, kind, file)).await.map_err(IntoResponse::into_response)?;
    Ok((StatusCode::CREATED, Json(batch)).into_response())
}

fn broken(e: &axum::extract::multipart::MultipartError) -> Response {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let zh = "文件超过 50 MB 的上限，请拆分成几个工作簿后分别上传。".to_owned();
        return problem(e.status(), "sheet.file-too-big", zh, Vec::new());
    }
    let zh = "上传的内容没有传完整，请重试。".to_owned();
    problem(StatusCode::BAD_REQUEST, "request.body", zh, Vec::new())
}

/// Writes a part of the form to a private file while it arrives.
async fn receive(caller: &Caller, mut field: Field<'_>) -> Result<app::Upload, Response> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let app = Arc::clone(&caller.app);
    let (send, mut parts) = tokio::sync::mpsc::channel::<Bytes>(4);
    let write = blocking(move || {
        let mut upload = app::Upload::begin(&app, &name)?;
        while let Some(part) = parts.blocking_recv() {
            upload.write(&part)?;
        }
        Ok(upload)
    });
    let feed = async move {
        while let Some(part) = field.chunk().await.map_err(|e| broken(&e))? {
            // The writer has gone away; it says why.
            if send.send(part).await.is_err() {
                break;
            }
        }
        Ok::<_, Response>(())
    };
    let (fed, written) = tokio::join!(feed, write);
    fed?;
    written.map_err(IntoResponse::into_response)
}

#[utoipa::path(get, path = "/api/v1/imports/templates/{kind}", operation_id = "import_template", tag = "intake",
    params(("kind" = String, Path, description = "`orgs` or `members`.")),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn template(caller: Caller, Path(names): Named) -> Result<Response, ApiError> {
    let kind = names.get("kind").and_then(|k| app::Kind::from_code(k)).ok_or(ApiError(Fail::NotFound))?;
    let (name, bytes) = caller.run(move |cx| app::template(cx, kind)).await?;
    Ok(attachment(&name, bytes))
}

#[utoipa::path(get, path = "/api/v1/imports/{batch}", operation_id = "read_import", tag = "intake", params(("batch" = Id, Path)),
    responses((status = 200, body = app::Batch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn read(caller: Caller, PathId(id): PathId) -> Result<Json<app::Batch>, ApiError> {
    Ok(Json(caller.run(move |cx| app::read(cx, id)).await?))
}

/// Which findings are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FindingQuery {
    /// Only of this sheet.
    sheet: Option<String>,
    /// Only with this code.
    code: Option<String>,
    /// `next` of the answer before.
    after: Option<String>,
    /// At most, up to 500.
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/imports/{batch}/findings", operation_id = "import_findings", tag = "intake",
    params(("batch" = Id, Path), FindingQuery),
    responses((status = 200, body = app::FindingPage), (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn findings(
    caller: Caller,
    PathId(id): PathId,
    Params(q): Params<FindingQuery>,
) -> Result<Json<app::FindingPage>, ApiError> {
    let page = caller.run(move |cx| {
        let (sheet, code, after) = (q.sheet.as_deref(), q.code.as_deref(), q.after.as_deref());
        app::findings(cx, id, sheet, code, after, q.limit)
    });
    Ok(Json(page.await?))
}

/// Which changes are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// `next` of the answer before.
    after: Option<String>,
    /// At most, up to 500.
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/imports/{batch}/changes", operation_id = "import_changes", tag = "intake",
    params(("batch" = Id, Path), ChangeQuery),
    responses((status = 200, body = app::ChangePage), (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn changes(
    caller: Caller,
    PathId(id): PathId,
    Params(q): Params<ChangeQuery>,
) -> Result<Json<app::ChangePage>, ApiError> {
    Ok(Json(caller.run(move |cx| app::changes(cx, id, q.after.as_deref(), q.limit)).await?))
}

#[utoipa::path(get, path = "/api/v1/imports/{batch}/annotated", operation_id = "import_annotated", tag = "intake",
    params(("batch" = Id, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn annotated(caller: Caller, PathId(id): PathId) -> Result<Response, ApiError> {
    let (name, bytes) = caller.run(move |cx| app::annotated(cx, id)).await?;
    Ok(attachment(&name, bytes))
}

#[utoipa::path(post, path = "/api/v1/imports/{batch}/commit", operation_id = "commit_import", tag = "intake",
    params(("batch" = Id, Path)),
    responses((status = 200, body = app::Batch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn commit(caller: Caller, PathId(id): PathId) -> Result<Json<app::Batch>, ApiError> {
    Ok(Json(caller.run(move |cx| app::commit(cx, id)).await?))
}

#[utoipa::path(post, path = "/api/v1/imports/{batch}/undo", operation_id = "undo_import", tag = "intake",
    params(("batch" = Id, Path)),
    responses((status = 200, body = app::Batch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn undo(caller: Caller, PathId(id): PathId) -> Result<Json<app::Batch>, ApiError> {
    Ok(Json(caller.run(move |cx| app::undo(cx, id)).await?))
}

/// A workbook to be saved under a name, which may be Chinese (RFC 6266).
fn attachment(name: &str, bytes: Vec<u8>) -> Response {
    let mut encoded = String::with_capacity(name.len() * 3);
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            encoded.push(char::from(b));
        } else {
            encoded.push_str(&format!("%{b:02X}"));
        }
    }
    let mut r = ([(header::CONTENT_TYPE, XLSX)], bytes).into_response();
    if let Ok(v) =
        HeaderValue::from_str(&format!("attachment; filename=\"table.xlsx\"; filename*=UTF-8''{encoded}"))
    {
        r.headers_mut().insert(header::CONTENT_DISPOSITION, v);
    }
    r
}
