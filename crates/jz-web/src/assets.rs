//! The embedded pages: hashed files for ever, the two entry pages with a fresh nonce.

use crate::error::problem;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Stands in the entry pages where the nonce of an answer goes.
const NONCE: &str = "__CSP_NONCE__";

fn find(path: &str) -> Option<&'static jz_assets::WebFile> {
    jz_assets::web().iter().find(|f| f.path == path)
}

/// Everything that is not the API.
pub async fn page(req: Request) -> Response {
    let path = req.uri().path();
    let missing = || problem(StatusCode::NOT_FOUND, "not-found", "没有这个地址。".into(), Vec::new());
    if path.starts_with("/api/") || path.starts_with("/iiif/") {
        return missing();
    }
    if !matches!(*req.method(), Method::GET | Method::HEAD) {
        let s = StatusCode::METHOD_NOT_ALLOWED;
        return problem(s, "request.method", "这个地址不支持这种操作。".into(), Vec::new());
    }
    let wanted = path.trim_start_matches('/');
    match find(wanted) {
        Some(f) if !wanted.ends_with(".html") => file(&req, f),
        // A missing script must not be answered with a page.
        None if wanted.starts_with("assets/") => missing(),
        _ => entry(wanted).map_or_else(not_built, html),
    }
}

/// The phone has its own entry; every other address is a place inside the desktop pages.
fn entry(path: &str) -> Option<&'static jz_assets::WebFile> {
    if path == "m" || path.starts_with("m/") {
        find("m/index.html").or_else(|| find("mobile.html"))
    } else {
        find("index.html")
    }
}

fn not_built() -> Response {
    let text = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>卷宗</title><h1>卷宗</h1>\
        <p>服务正在运行，但这个程序没有包含网页部分。请用 cargo xtask build 构建。</p></html>";
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

fn accepts(req: &Request, coding: &str) -> bool {
    req.headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|c| c.trim().split(';').next() == Some(coding)))
}

fn file(req: &Request, f: &'static jz_assets::WebFile) -> Response {
    let known = req.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()) == Some(f.etag);
    let (bytes, coding) = match (f.brotli, f.gzip) {
        (Some(b), _) if accepts(req, "br") => (b, Some("br")),
        (_, Some(g)) if accepts(req, "gzip") => (g, Some("gzip")),
        _ => (f.bytes, None),
    };
    let body = if known { Body::empty() } else { Body::from(bytes) };
    let mut r = Response::new(body);
    if known {
        *r.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let h = r.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(f.content_type));
    h.insert(header::ETAG, HeaderValue::from_static(f.etag));
    h.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let cache = if f.path.contains("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(c) = coding {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(c));
    }
    r
}

fn html(f: &'static jz_assets::WebFile) -> Response {
    let mut raw = [0u8; 16];
    if getrandom::fill(&mut raw).is_err() {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "系统内部出错。".into(), Vec::new());
    }
    let nonce = hex::encode(raw);
    let text = String::from_utf8_lossy(f.bytes).replace(NONCE, &nonce);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    );
    let mut r = (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response();
    if let Ok(v) = HeaderValue::from_str(&policy) {
        r.headers_mut().insert(header::CONTENT_SECURITY_POLICY, v);
    }
    r.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    r
}
