//! Puts routes, guard, headers and the embedded pages together.

use crate::{api, assets, guard};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use jz_app::App;
use std::sync::Arc;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, path::Operation};
use utoipa_axum::router::OpenApiRouter;

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    /// The installation.
    pub app: Arc<App>,
}

fn documented() -> OpenApiRouter<AppState> {
    let info = InfoBuilder::new()
        .title("卷宗 API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("高校党员与人事档案系统的接口。所有写操作须带请求头 X-Juanzong: 1。"))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build()).merge(api::routes())
}

/// The API document.
pub fn openapi() -> OpenApi {
    let mut document = documented().split_for_parts().1;
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        operations.into_iter().flatten().for_each(refused_bodies);
    }
    document
}

/// What a request with a body may be told before its handler runs: that it cannot be read
/// (400), that it is of another kind (415), that a field does not fit (422).
fn refused_bodies(operation: &mut Operation) {
    if operation.request_body.is_none() {
        return;
    }
    let answers = &mut operation.responses.responses;
    let Some(problem) = ["422", "401"].iter().find_map(|status| answers.get(*status)).cloned() else {
        return;
    };
    for status in ["400", "415", "422"] {
        answers.entry(status.to_owned()).or_insert_with(|| problem.clone());
    }
}

/// The whole service.
pub fn router(app: Arc<App>) -> Router {
    let state = AppState { app };
    let (api, _) = documented().split_for_parts();
    let api = api
        .route_layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(2 << 20))
        .with_state(state);
    Router::new()
        .merge(api)
        .fallback(assets::page)
        .method_not_allowed_fallback(|| async {
            let s = StatusCode::METHOD_NOT_ALLOWED;
            crate::error::problem(s, "request.method", "这个地址不支持这种操作。".into(), Vec::new())
        })
        .layer(middleware::from_fn(headers))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_| {
            let s = StatusCode::INTERNAL_SERVER_ERROR;
            crate::error::problem(s, "internal", "系统内部出错，已记入运行日志。".into(), Vec::new())
        }))
}

/// Headers of every answer, also of errors. Pages set their own, wider, content policy.
async fn headers(req: Request, next: Next) -> Response {
    let mut r = next.run(req).await;
    let h = r.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !h.contains_key(&name) {
            h.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    r
}
