//! Login, own account, accounts and grants.

use crate::{
    caller::{Caller, blocking},
    error::{ApiError, Problem},
    extract::{Body, PathId, PathIds},
    guard::{COOKIE, token_of},
    router::AppState,
};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jz_app::identity as app;
use jz_domain::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_setup, post_setup))
        .routes(routes!(open_session, close_session))
        .routes(routes!(me))
        .routes(routes!(own_password))
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(edit_account))
        .routes(routes!(reset_password))
        .routes(routes!(grant_role))
        .routes(routes!(end_role))
}

/// Whether the installation waits for its first account.
#[derive(Serialize, ToSchema)]
pub struct Setup {
    /// No account yet.
    needed: bool,
}

#[utoipa::path(get, path = "/api/v1/setup", operation_id = "get_setup", tag = "identity",
    responses((status = 200, body = Setup)))]
async fn get_setup(caller: Caller) -> Result<Json<Setup>, ApiError> {
    let needed = caller.run(|cx| app::needs_setup(cx.app)).await?;
    Ok(Json(Setup { needed }))
}

#[utoipa::path(post, path = "/api/v1/setup", operation_id = "post_setup", tag = "identity", request_body = app::SetupInput,
    responses((status = 204), (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn post_setup(caller: Caller, Body(input): Body<app::SetupInput>) -> Result<StatusCode, ApiError> {
    caller.run(move |cx| app::setup(cx.app, &input)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Login and password.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    login: String,
    password: String,
}

fn cookie(value: &str, headers: &HeaderMap, gone: bool) -> HeaderValue {
    // Behind TLS the proxy says so; on the plain intranet the cookie must work as well.
    let secure = headers.get("x-forwarded-proto").is_some_and(|v| v == "https");
    let age = if gone { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}"))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[utoipa::path(post, path = "/api/v1/session", operation_id = "open_session", tag = "identity", request_body = Credentials,
    responses((status = 200, body = app::Me), (status = 422, body = Problem, content_type = "application/problem+json"),
              (status = 429, body = Problem, content_type = "application/problem+json")))]
async fn open_session(
    caller: Caller,
    headers: HeaderMap,
    Body(input): Body<Credentials>,
) -> Result<Response, ApiError> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let addr = caller.addr.clone();
    let at = std::sync::Arc::clone(&caller.app);
    let (token, me) = blocking(move || {
        let token = app::login(&at, &input.login, &input.password, &addr, &agent)?;
        let me = app::me(&app::context_for(&at, &token, &addr)?)?;
        Ok((token, me))
    })
    .await?;
    let mut r = Json(me).into_response();
    r.headers_mut().insert(header::SET_COOKIE, cookie(&token, &headers, false));
    Ok(r)
}

#[utoipa::path(delete, path = "/api/v1/session", operation_id = "close_session", tag = "identity",
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn close_session(caller: Caller, headers: HeaderMap) -> Result<Response, ApiError> {
    let token = token_of(&headers).unwrap_or_default();
    caller.run(move |cx| app::logout(cx, &token)).await?;
    let mut r = StatusCode::NO_CONTENT.into_response();
    r.headers_mut().insert(header::SET_COOKIE, cookie("", &headers, true));
    // Not the cache: what is personal is never in it, and browsers take many seconds to empty it.
    r.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(r)
}

#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "identity",
    responses((status = 200, body = app::Me), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn me(caller: Caller) -> Result<Json<app::Me>, ApiError> {
    Ok(Json(caller.run(app::me).await?))
}

/// Old and new password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    old: String,
    new: String,
}

#[utoipa::path(post, path = "/api/v1/me/password", operation_id = "change_own_password", tag = "identity", request_body = NewPassword,
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn own_password(caller: Caller, Body(input): Body<NewPassword>) -> Result<StatusCode, ApiError> {
    let token = caller.token.clone();
    caller.run(move |cx| app::change_password(cx, &token, &input.old, &input.new)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All accounts.
#[derive(Serialize, ToSchema)]
pub struct Accounts {
    accounts: Vec<app::AccountView>,
}

#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "list_accounts", tag = "identity",
    responses((status = 200, body = Accounts), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list_accounts(caller: Caller) -> Result<Json<Accounts>, ApiError> {
    Ok(Json(Accounts { accounts: caller.run(app::accounts).await? }))
}

/// Id of what was made.
#[derive(Serialize, ToSchema)]
pub struct Made {
    /// Id.
    pub id: Id,
}

#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "create_account", tag = "identity", request_body = app::NewAccount,
    responses((status = 201, body = Made), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create_account(
    caller: Caller,
    Body(input): Body<app::NewAccount>,
) -> Result<(StatusCode, Json<Made>), ApiError> {
    let id = caller.run(move |cx| app::create(cx, &input)).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// New state of an account.
#[derive(Deserialize, ToSchema)]
pub struct AccountState {
    /// `active` or `disabled`.
    state: String,
}

#[utoipa::path(patch, path = "/api/v1/accounts/{account}", operation_id = "edit_account", tag = "identity", request_body = AccountState,
    params(("account" = Id, Path)),
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn edit_account(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<AccountState>,
) -> Result<StatusCode, ApiError> {
    caller.run(move |cx| app::set_state(cx, id, &input.state)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password set by an administrator.
#[derive(Deserialize, ToSchema)]
pub struct ResetPassword {
    password: String,
}

#[utoipa::path(post, path = "/api/v1/accounts/{account}/password", operation_id = "reset_password", tag = "identity",
    request_body = ResetPassword, params(("account" = Id, Path)),
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn reset_password(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<ResetPassword>,
) -> Result<StatusCode, ApiError> {
    caller.run(move |cx| app::set_password(cx, id, &input.password)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/v1/accounts/{account}/roles", operation_id = "grant_role", tag = "identity",
    request_body = app::GrantInput, params(("account" = Id, Path)),
    responses((status = 201, body = Made), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn grant_role(
    caller: Caller,
    PathId(id): PathId,
    Body(input): Body<app::GrantInput>,
) -> Result<(StatusCode, Json<Made>), ApiError> {
    let id = caller.run(move |cx| app::grant(cx, id, &input)).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

#[utoipa::path(delete, path = "/api/v1/accounts/{account}/roles/{grant}", operation_id = "end_role", tag = "identity",
    params(("account" = Id, Path), ("grant" = Id, Path)),
    responses((status = 204), (status = 401, body = Problem, content_type = "application/problem+json"),
              (status = 403, body = Problem, content_type = "application/problem+json"),
              (status = 404, body = Problem, content_type = "application/problem+json"),
              (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn end_role(caller: Caller, PathIds(account, grant): PathIds) -> Result<StatusCode, ApiError> {
    caller.run(move |cx| app::end_grant(cx, account, grant)).await?;
    Ok(StatusCode::NO_CONTENT)
}
