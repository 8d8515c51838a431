//! Volumes, their catalogues, pages added by hand, imports of folders.

use crate::{
    caller::Caller,
    error::{ApiError, Problem, problem},
    extract::{Body, PathId},
    router::AppState,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jz_app::{
    Cx, Fail,
    volume::{self as app, Piece, import},
};
use jz_domain::Id;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    // Their own limits are kept while the bytes arrive, see `jz_app::volume`.
    let uploads = OpenApiRouter::new()
        .routes(routes!(add_pages))
        .routes(routes!(list_imports, receive))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(create))
        .routes(routes!(read))
        .routes(routes!(edit))
        .routes(routes!(undo))
        .routes(routes!(revisions))
        .routes(routes!(print_pdf))
        .routes(routes!(print_xlsx))
        .routes(routes!(read_import))
        .routes(routes!(commit_import))
        .routes(routes!(undo_import))
        .merge(uploads)
}

#[utoipa::path(post, path = "/api/v1/volumes/search", operation_id = "search_volumes", tag = "volume", request_body = app::VolumeQuery,
    responses((status = 200, body = app::VolumePage), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn search(caller: Caller, Body(q): Body<app::VolumeQuery>) -> Result<Json<app::VolumePage>, ApiError> {
    Ok(Json(caller.run(move |cx| app::list(cx, &q)).await?))
}

#[utoipa::path(post, path = "/api/v1/volumes", operation_id = "create_volume", tag = "volume", request_body = app::NewVolume,
    responses((status = 201, body = app::VolumeRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create(
    caller: Caller,
    Body(input): Body<app::NewVolume>,
) -> Result<(StatusCode, Json<app::VolumeRecord>), ApiError> {
    Ok((StatusCode::CREATED, Json(caller.run(move |cx| app::create(cx, &input)).await?)))
}

#[utoipa::path(get, path = "/api/v1/volumes/{volume}", operation_id = "read_volume", tag = "volume", params(("volume" = Id, Path)),
    responses((status = 200, body = app::VolumeRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn read(caller: Caller, PathId(id): PathId) -> Result<Json<app::VolumeRecord>, ApiError> {
    Ok(Json(caller.run(move |cx| app::read(cx, id)).await?))
}

#[utoipa::path(post, path = "/api/v1/volumes/{volume}/catalogue", operation_id = "edit_catalogue", tag = "volume", params(("volume" = Id, Path)),
    request_body = app::CatalogueEdit,
    responses((status = 200, body = app::VolumeRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn edit(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::CatalogueEdit>,
) -> Result<Json<app::VolumeRecord>, ApiError> {
    Ok(Json(caller.run(move |cx| app::edit(cx, id, &input)).await?))
}

#[utoipa::path(post, path = "/api/v1/volumes/{volume}/catalogue/undo", operation_id = "undo_catalogue", tag = "volume",
    params(("volume" = Id, Path)), request_body = app::CatalogueUndo,
    responses((status = 200, body = app::VolumeRecord), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn undo(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::CatalogueUndo>,
) -> Result<Json<app::VolumeRecord>, ApiError> {
    Ok(Json(caller.run(move |cx| app::undo(cx, id, &input)).await?))
}

/// The revisions of a catalogue.
#[derive(Serialize, ToSchema)]
pub struct Revisions {
    revisions: Vec<app::RevisionView>,
}

#[utoipa::path(get, path = "/api/v1/volumes/{volume}/revisions", operation_id = "catalogue_revisions", tag = "volume",
    params(("volume" = Id, Path)),
    responses((status = 200, body = Revisions), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn revisions(caller: Caller, PathId(id): PathId) -> Result<Json<Revisions>, ApiError> {
    Ok(Json(Revisions { revisions: caller.run(move |cx| app::revisions(cx, id)).await? }))
}

const PDF: &str = "application/pdf";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to keep: never shown inside a page of ours.
fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut r = bytes.into_response();
    r.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // RFC 6266: an ASCII name for old programs, the real one percent-encoded.
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let value = format!("attachment; filename=\"catalogue.{ending}\"; filename*=UTF-8''{encoded}");
    if let Ok(v) = HeaderValue::from_str(&value) {
        r.headers_mut().insert(header::CONTENT_DISPOSITION, v);
    }
    r
}

#[utoipa::path(get, path = "/api/v1/volumes/{volume}/catalogue.pdf", operation_id = "print_catalogue", tag = "volume",
    params(("volume" = Id, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn print_pdf(caller: Caller, PathId(id): PathId) -> Result<Response, ApiError> {
    let file = caller.run(move |cx| app::catalogue_pdf(cx, id)).await?;
    Ok(download(PDF, &file.name, file.bytes))
}

#[utoipa::path(get, path = "/api/v1/volumes/{volume}/catalogue.xlsx", operation_id = "export_catalogue", tag = "volume",
    params(("volume" = Id, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn print_xlsx(caller: Caller, PathId(id): PathId) -> Result<Response, ApiError> {
    let file = caller.run(move |cx| app::catalogue_xlsx(cx, id)).await?;
    Ok(download(XLSX, &file.name, file.bytes))
}

/// Page files: jpg, png, tif or pdf.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form for the API document")]
struct PageFiles {
    /// Files in order, at most 50 MB each.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/materials/{material}/pages", operation_id = "add_pages", tag = "volume",
    params(("material" = Id, Path)), request_body(content = PageFiles, content_type = "multipart/form-data"),
    responses((status = 200, body = app::Material), (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn add_pages(caller: Caller, PathId(id): PathId, req: Request) -> Response {
    upload(caller, req, move |cx, pieces| app::add_pages(cx, id, pieces)).await
}

/// Folders of scans.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form for the API document")]
struct FolderFiles {
    /// `a`, `b`, `c` or `j`; before the files.
    layout: String,
    /// Files with their path inside the chosen folder as file name, or zip archives.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/volume-imports", operation_id = "upload_volumes", tag = "volume",
    request_body(content = FolderFiles, content_type = "multipart/form-data"),
    responses((status = 200, body = import::VolumeBatch), (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn receive(caller: Caller, req: Request) -> Response {
    upload(caller, req, import::receive).await
}

/// Imports, newest first.
#[derive(Serialize, ToSchema)]
pub struct VolumeBatchList {
    batches: Vec<import::VolumeBatch>,
}

#[utoipa::path(get, path = "/api/v1/volume-imports", operation_id = "list_volume_imports", tag = "volume",
    responses((status = 200, body = VolumeBatchList), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list_imports(caller: Caller) -> Result<Json<VolumeBatchList>, ApiError> {
    Ok(Json(VolumeBatchList { batches: caller.run(import::list).await? }))
}

#[utoipa::path(get, path = "/api/v1/volume-imports/{batch}", operation_id = "read_volume_import", tag = "volume", params(("batch" = Id, Path)),
    responses((status = 200, body = import::VolumeBatch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn read_import(caller: Caller, PathId(id): PathId) -> Result<Json<import::VolumeBatch>, ApiError> {
    Ok(Json(caller.run(move |cx| import::read(cx, id)).await?))
}

#[utoipa::path(post, path = "/api/v1/volume-imports/{batch}/commit", operation_id = "commit_volume_import", tag = "volume",
    params(("batch" = Id, Path)),
    responses((status = 200, body = import::VolumeBatch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn commit_import(caller: Caller, PathId(id): PathId) -> Result<Json<import::VolumeBatch>, ApiError> {
    Ok(Json(caller.run(move |cx| import::commit(cx, id)).await?))
}

#[utoipa::path(post, path = "/api/v1/volume-imports/{batch}/undo", operation_id = "undo_volume_import", tag = "volume",
    params(("batch" = Id, Path)),
    responses((status = 200, body = import::VolumeBatch), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn undo_import(caller: Caller, PathId(id): PathId) -> Result<Json<import::VolumeBatch>, ApiError> {
    Ok(Json(caller.run(move |cx| import::undo(cx, id)).await?))
}

type Pieces = tokio::sync::mpsc::Receiver<Result<Piece, Fail>>;

/// The pieces as they arrive, for a thread that may block.
struct Arriving(Pieces);

impl Iterator for Arriving {
    type Item = Result<Piece, Fail>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.blocking_recv()
    }
}

/// Pieces on their way between network and use case: a few, so that a slow disk slows the
/// sender and memory stays flat.
const ON_THE_WAY: usize = 8;

/// Reads a form from the network while a use case takes it piece by piece.
async fn upload<T: Serialize + Send + 'static>(
    caller: Caller,
    req: Request,
    f: impl FnOnce(&Cx<'_>, Arriving) -> Result<T, Fail> + Send + 'static,
) -> Response {
    let Ok(form) = Multipart::from_request(req, &()).await else { return bad_form() };
    let (tell, hear) = tokio::sync::mpsc::channel(ON_THE_WAY);
    let sending = tokio::spawn(send(form, tell));
    let done = caller.run(move |cx| f(cx, Arriving(hear))).await;
    match (done, sending.await) {
        (Ok(value), Ok(true)) => Json(value).into_response(),
        (Ok(_), _) => bad_form(),
        (Err(e), _) => e.into_response(),
    }
}

fn bad_form() -> Response {
    let text = "上传的内容没有传完整，或不是文件表单，请重试。".to_owned();
    problem(StatusCode::BAD_REQUEST, "request.form", text, Vec::new())
}

/// Sends the form on; `false` when it broke off. A use case that no longer listens has
/// its reason.
async fn send(mut form: Multipart, tell: tokio::sync::mpsc::Sender<Result<Piece, Fail>>) -> bool {
    let broken = |e: &MultipartError| {
        // What the parser met, without the name of the field that it quotes.
        let met = std::error::Error::source(e).map(ToString::to_string).unwrap_or_default();
        tracing::warn!(met = met.split('"').next(), "an upload broke off");
        Fail::refused("request.form", "上传中断，没有传完整，请重试。")
    };
    loop {
        let mut field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return true,
            Err(e) => {
                // Nobody listens any more when the use case has failed already.
                let _ = tell.send(Err(broken(&e))).await;
                return false;
            }
        };
        let first = match field.file_name().map(str::to_owned) {
            Some(path) => Piece::File(path),
            None => {
                let name = field.name().unwrap_or_default().to_owned();
                match text_of(&mut field).await {
                    Some(value) => Piece::Field(name, value),
                    None => return false,
                }
            }
        };
        let is_file = matches!(first, Piece::File(_));
        if tell.send(Ok(first)).await.is_err() {
            return true;
        }
        if !is_file {
            continue;
        }
        loop {
            match field.chunk().await {
                Ok(Some(bytes)) => {
                    if tell.send(Ok(Piece::Bytes(bytes.into()))).await.is_err() {
                        return true;
                    }
                }
                Ok(None) => break,
                Err(e) => {
                    let _ = tell.send(Err(broken(&e))).await;
                    return false;
                }
            }
        }
    }
}

/// A short text field.
async fn text_of(field: &mut axum::extract::multipart::Field<'_>) -> Option<String> {
    let mut all = Vec::new();
    while let Some(bytes) = field.chunk().await.ok()? {
        all.extend_from_slice(&bytes);
        if all.len() > 4096 {
            return None;
        }
    }
    String::from_utf8(all).ok()
}
