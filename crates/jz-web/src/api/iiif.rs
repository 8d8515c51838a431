//! IIIF: pictures of pages (Image API 3, level 2) and a manifest per volume
//! (Presentation API 3), for the viewer and for any other IIIF viewer with a session.

use crate::{
    caller::Caller,
    error::{ApiError, Problem, problem},
    extract::{Named, PathId},
    router::AppState,
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jz_app::{Fail, page as app};
use jz_domain::Id;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(thumb))
        .routes(routes!(base))
        .routes(routes!(info))
        .routes(routes!(image))
        .routes(routes!(manifest))
}

const CONTEXT: &str = "http://iiif.io/api/image/3/context.json";

fn origin(headers: &HeaderMap) -> String {
    let get = |k: &str| headers.get(k).and_then(|v| v.to_str().ok());
    let scheme = if get("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    // Only what a host name can hold: the value goes into documents.
    let host: String = get("host")
        .unwrap_or("localhost")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(*c))
        .collect();
    format!("{scheme}://{host}")
}

/// JSON as the standard wants it: as linked data where asked for, else plain.
fn json(value: &serde_json::Value, headers: &HeaderMap, context: &str) -> Response {
    let linked =
        headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("ld+json"));
    let kind = if linked {
        format!("application/ld+json;profile=\"{context}\"")
    } else {
        "application/json".to_owned()
    };
    let mut r = serde_json::to_vec(value).unwrap_or_default().into_response();
    if let Ok(v) = HeaderValue::from_str(&kind) {
        r.headers_mut().insert(header::CONTENT_TYPE, v);
    }
    r.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    // The protocol asks for it. It opens nothing: a foreign page cannot send our session (SameSite=Strict),
    // and browsers give no answer with credentials to a wildcard.
    r.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    r
}

#[utoipa::path(get, path = "/api/v1/pages/{page}/thumb", operation_id = "page_thumb", tag = "page", params(("page" = Id, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn thumb(caller: Caller, PathId(id): PathId) -> Result<Response, ApiError> {
    let bytes = caller.run(move |cx| app::thumb(cx, id)).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}

#[utoipa::path(get, path = "/iiif/3/{page}", operation_id = "iiif_base", tag = "iiif", params(("page" = Id, Path)),
    responses((status = 303), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn base(_: Caller, PathId(id): PathId) -> Redirect {
    Redirect::to(&format!("/iiif/3/{id}/info.json"))
}

#[utoipa::path(get, path = "/iiif/3/{page}/info.json", operation_id = "iiif_info", tag = "iiif", params(("page" = Id, Path)),
    responses((status = 200, content_type = "application/json", body = Object),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn info(caller: Caller, headers: HeaderMap, PathId(id): PathId) -> Result<Response, ApiError> {
    let service = format!("{}/iiif/3/{id}", origin(&headers));
    let value = caller.run(move |cx| app::image_info(cx, id, &service)).await?;
    Ok(json(&value, &headers, CONTEXT))
}

#[utoipa::path(get, path = "/iiif/3/{page}/{region}/{size}/{rotation}/{file}", operation_id = "iiif_image", tag = "iiif",
    params(("page" = Id, Path), ("region" = String, Path), ("size" = String, Path), ("rotation" = String, Path), ("file" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
              (status = 400, body = Problem, content_type = "application/problem+json"),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 501, body = Problem, content_type = "application/problem+json")))]
async fn image(caller: Caller, path: Named) -> Result<Response, ApiError> {
    let part = |k: &str| path.0.get(k).cloned().unwrap_or_default();
    let Ok(id) = part("page").parse::<Id>() else { return Err(ApiError(Fail::NotFound)) };
    let parts = [part("region"), part("size"), part("rotation"), part("file")];
    let drawn = caller
        .run(move |cx| {
            let [a, b, c, d] = &parts;
            match app::image(cx, id, [a, b, c, d]) {
                Ok(r) => Ok(Ok(r)),
                Err(app::NoImage::Iiif(e)) => Ok(Err(e)),
                Err(app::NoImage::Fail(f)) => Err(f),
            }
        })
        .await?;
    Ok(match drawn {
        Ok(r) => {
            let kind = r.format.media_type();
            let mut out = ([(header::CONTENT_TYPE, kind)], r.bytes).into_response();
            let profile = "<http://iiif.io/api/image/3/level2.json>;rel=\"profile\"";
            out.headers_mut().insert(header::LINK, HeaderValue::from_static(profile));
            out
        }
        Err(e) => {
            let status = StatusCode::from_u16(e.status()).unwrap_or(StatusCode::BAD_REQUEST);
            problem(status, e.code(), e.zh(), Vec::new())
        }
    })
}

#[utoipa::path(get, path = "/iiif/presentation/3/{volume}/manifest.json", operation_id = "iiif_manifest", tag = "iiif",
    params(("volume" = Id, Path)),
    responses((status = 200, content_type = "application/json", body = Object),
              (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn manifest(caller: Caller, headers: HeaderMap, PathId(id): PathId) -> Result<Response, ApiError> {
    let base = origin(&headers);
    let v = caller.run(move |cx| jz_app::volume::read(cx, id)).await?;
    let address = format!("{base}/iiif/presentation/3/{id}");
    let mut canvases = Vec::new();
    for class in &v.classes {
        for m in &class.materials {
            for p in &m.pages {
                canvases.push(canvas(&base, &address, &m.title, p));
            }
        }
    }
    let label = format!("{} {}", v.row.no, v.row.person_name);
    let value = serde_json::json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": format!("{address}/manifest.json"),
        "type": "Manifest",
        "label": { "zh": [label] },
        "behavior": ["paged"],
        "items": canvases,
    });
    Ok(json(&value, &headers, "http://iiif.io/api/presentation/3/context.json"))
}

fn canvas(base: &str, address: &str, title: &str, p: &jz_app::volume::PageRef) -> serde_json::Value {
    let here = format!("{address}/canvas/{}", p.id);
    let service = format!("{base}/iiif/3/{}", p.id);
    serde_json::json!({
        "id": here,
        "type": "Canvas",
        "label": { "zh": [format!("{title} 第{}页", p.no)] },
        "width": p.w,
        "height": p.h,
        "items": [{
            "id": format!("{here}/page"),
            "type": "AnnotationPage",
            "items": [{
                "id": format!("{here}/image"),
                "type": "Annotation",
                "motivation": "painting",
                "target": here,
                "body": {
                    "id": format!("{service}/full/max/0/default.jpg"),
                    "type": "Image",
                    "format": "image/jpeg",
                    "width": p.w,
                    "height": p.h,
                    "service": [{ "id": service, "type": "ImageService3", "profile": "level2" }],
                },
            }],
        }],
    })
}
