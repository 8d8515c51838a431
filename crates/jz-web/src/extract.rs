//! House extractors: what does not parse is answered as a problem in Chinese.

use crate::error::problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
    response::Response,
};
use jz_domain::Id;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// A JSON body.
pub struct Body<T>(pub T);

/// A form with files, read part by part.
pub struct Form(pub Multipart);

/// Query parameters.
pub struct Params<T>(pub T);

/// The one id in the path.
pub struct PathId(pub Id);

/// Two ids in the path, in order.
pub struct PathIds(pub Id, pub Id);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(req: Request, state: &S) -> Result<Self, Response> {
        let json = req
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.split(';').next().is_some_and(|m| m.trim() == "application/json"));
        if !json {
            let s = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(problem(s, "request.media-type", "请求内容须为 JSON。".into(), Vec::new()));
        }
        let bytes = Bytes::from_request(req, state).await.map_err(|e: BytesRejection| too_large(&e))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|e| {
            let s = StatusCode::BAD_REQUEST;
            let detail = format!("请求内容不符合要求（第 {} 行第 {} 列）。", e.line(), e.column());
            problem(s, "request.json", detail, Vec::new())
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(req: Request, state: &S) -> Result<Self, Response> {
        Multipart::from_request(req, state).await.map(Self).map_err(|_| {
            let s = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            problem(s, "request.media-type", "请求内容须为带文件的表单。".into(), Vec::new())
        })
    }
}

fn too_large(e: &BytesRejection) -> Response {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        problem(e.status(), "request.too-large", "请求内容过大。".into(), Vec::new())
    } else {
        problem(StatusCode::BAD_REQUEST, "request.body", "请求内容没有传完整，请重试。".into(), Vec::new())
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        axum::extract::Query::<T>::from_request_parts(parts, state).await.map(|q| Self(q.0)).map_err(|_| {
            problem(StatusCode::BAD_REQUEST, "request.query", "网址中的参数不符合要求。".into(), Vec::new())
        })
    }
}

async fn ids<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<Id>, Response> {
    let bad = || {
        problem(
            StatusCode::NOT_FOUND,
            "not-found",
            "没有这项内容，或者不在您的管理范围内。".into(),
            Vec::new(),
        )
    };
    let map = axum::extract::Path::<Vec<(String, String)>>::from_request_parts(parts, state)
        .await
        .map_err(|_| bad())?;
    let ids: Option<Vec<Id>> = map.0.iter().map(|(_, v)| v.parse().ok()).collect();
    ids.ok_or_else(bad)
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match ids(parts, state).await?[..] {
            [id] => Ok(Self(id)),
            _ => Err(problem(StatusCode::NOT_FOUND, "not-found", "没有这项内容。".into(), Vec::new())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match ids(parts, state).await?[..] {
            [a, b] => Ok(Self(a, b)),
            _ => Err(problem(StatusCode::NOT_FOUND, "not-found", "没有这项内容。".into(), Vec::new())),
        }
    }
}

/// Parameters of the path by name, for routes whose parameters are not ids.
pub type Named = axum::extract::Path<HashMap<String, String>>;
