//! Who sent the request, as the guard found out; handlers run use cases through it.

use crate::error::ApiError;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use jz_app::{App, Cx, Fail};
use jz_domain::{Millis, identity::Actor};
use std::sync::Arc;

/// The caller of a guarded route.
#[derive(Clone)]
pub struct Caller {
    pub(crate) app: Arc<App>,
    pub(crate) actor: Actor,
    pub(crate) login: String,
    pub(crate) session: String,
    pub(crate) addr: String,
    pub(crate) now: Millis,
    /// Cookie value; empty on public routes.
    pub(crate) token: String,
}

impl Caller {
    pub(crate) fn from_cx(app: Arc<App>, cx: &Cx<'_>, token: String) -> Self {
        Self {
            app,
            actor: cx.actor.clone(),
            login: cx.login.clone(),
            session: cx.session.clone(),
            addr: cx.addr.clone(),
            now: cx.now,
            token,
        }
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            app: &self.app,
            actor: self.actor.clone(),
            login: self.login.clone(),
            session: self.session.clone(),
            addr: self.addr.clone(),
            now: self.now,
            system: false,
        }
    }

    /// Runs a use case on a thread that may block.
    pub async fn run<T: Send + 'static>(
        self,
        f: impl FnOnce(&Cx<'_>) -> Result<T, Fail> + Send + 'static,
    ) -> Result<T, ApiError> {
        blocking(move || f(&self.cx())).await
    }
}

/// Runs something that blocks, off the threads that serve.
pub async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, Fail> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(f).await {
        Ok(r) => r.map_err(ApiError),
        Err(e) => Err(ApiError(Fail::machine("a worker thread", e))),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            crate::error::problem(
                StatusCode::UNAUTHORIZED,
                "identity.no-session",
                "请先登录。".into(),
                Vec::new(),
            )
        })
    }
}
