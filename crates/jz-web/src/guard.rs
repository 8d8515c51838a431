//! The guard: session, right and place are checked here, once, for every route.

use crate::{
    caller::{Caller, blocking},
    error::ApiError,
    registry::{self, About},
    router::AppState,
};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jz_app::{About as Subject, App, Fail, identity::context_for, place};
use jz_domain::{
    Id, Millis,
    identity::{Actor, Object},
};
use std::{net::SocketAddr, sync::Arc};

/// Name of the session cookie.
pub const COOKIE: &str = "jz_session";

/// Value of the session cookie.
pub fn token_of(headers: &axum::http::HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(k, _)| *k == COOKIE)
        .map(|(_, v)| v.to_owned())
}

/// Unsafe methods must come from our own pages: a header that other sites cannot send,
/// and the browser's own word on where the request comes from.
fn same_origin(req: &Request) -> bool {
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let get = |k: &str| req.headers().get(k).and_then(|v| v.to_str().ok());
    let marked = get("x-juanzong").is_some();
    let site = get("sec-fetch-site").is_none_or(|s| matches!(s, "same-origin" | "none"));
    let origin = match (get("origin"), get("host")) {
        (Some(o), Some(h)) => o.split("://").nth(1) == Some(h),
        _ => true,
    };
    marked && site && origin
}

fn address(req: &Request) -> String {
    req.extensions().get::<ConnectInfo<SocketAddr>>().map_or(String::new(), |c| c.0.ip().to_string())
}

/// The first parameter of the path.
fn first_id(pattern: &str, path: &str) -> Option<Id> {
    let place = pattern.split('/').position(|p| p.starts_with('{'))?;
    path.split('/').nth(place)?.parse().ok()
}

/// Runs before every handler.
pub async fn guard(State(state): State<AppState>, mut req: Request, next: Next) -> Response {
    let pattern = req.extensions().get::<MatchedPath>().map(|m| m.as_str().to_owned()).unwrap_or_default();
    let Some(route) = registry::find(req.method().as_str(), &pattern) else {
        return ApiError(Fail::NotFound).into_response();
    };
    if !same_origin(&req) {
        return ApiError(Fail::refused("request.origin", "请求不是从本系统的页面发出的，已被拒绝。"))
            .into_response();
    }
    let app = Arc::clone(&state.app);
    let token = token_of(req.headers()).unwrap_or_default();
    let addr = address(&req);
    let id = first_id(route.path, req.uri().path());
    let route = *route;
    match blocking(move || admit(app, route, id, token, addr)).await {
        Ok(caller) => {
            req.extensions_mut().insert(caller);
            next.run(req).await
        }
        Err(e) => e.into_response(),
    }
}

fn admit(
    app: Arc<App>,
    route: registry::Route,
    id: Option<Id>,
    token: String,
    addr: String,
) -> Result<Caller, Fail> {
    if route.about == About::Public {
        let nobody = Actor { account: Id(0), person: None, grants: Vec::new() };
        let now = app.now();
        return Ok(anonymous(app, nobody, now, addr));
    }
    let caller = {
        let cx = context_for(&app, &token, &addr)?;
        Caller::from_cx(Arc::clone(&app), &cx, token)
    };
    let cx = caller.cx();
    let object = match (route.about, id) {
        (About::Thing(kind), Some(id)) => app.store.read(|db| place::object_of(db, kind, id))?,
        (About::Thing(_), None) => None,
        _ => Some(Object::default()),
    };
    // A role without the right is told so whether the thing exists or not.
    let found = object.unwrap_or(Object { org_no: Some(-1), subject: None });
    match cx.allow(route.action, &found) {
        Ok(_) if object.is_none() => Err(Fail::NotFound),
        Ok(_) => {
            drop(cx);
            Ok(caller)
        }
        Err(refusal) => {
            let about =
                Subject { kind: "route", object: id, subject: object.and_then(|o| o.subject), org_no: None };
            if !app.store.is_read_only() && object.is_some() {
                cx.note("access.refused", &about, refusal.code())?;
            }
            Err(refusal)
        }
    }
}

fn anonymous(app: Arc<App>, actor: Actor, now: Millis, addr: String) -> Caller {
    Caller { app, actor, login: String::new(), session: String::new(), addr, now, token: String::new() }
}
