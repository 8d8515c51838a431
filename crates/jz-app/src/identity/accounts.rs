//! Accounts and grants, for the administrators.

use super::password;
use crate::{About, Cx, Event, Fail, audit::FieldChange};
use jz_domain::{
    Id, Millis, PartialDate,
    identity::{Action, Object, Role},
};
use jz_store::{StoreError, account, org};
use serde::{Deserialize, Serialize};

/// A grant as the pages show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct GrantView {
    /// Id.
    pub id: Id,
    /// Code of the role.
    pub role: String,
    /// Its label.
    pub role_label: String,
    /// Organisation.
    pub org: Id,
    /// Its name.
    pub org_name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: Option<String>,
    /// Whether it was taken back.
    pub ended: bool,
}

/// An account as the pages show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AccountView {
    /// Id.
    pub id: Id,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// `active` or `disabled`.
    pub state: String,
    /// Locked until then after wrong passwords.
    pub locked_until: Option<Millis>,
    /// Grants, also ended ones.
    pub roles: Vec<GrantView>,
}

/// A new account.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
pub struct NewAccount {
    /// Login: letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// Name.
    #[serde(default)]
    pub name: Option<String>,
    /// First password.
    pub password: String,
    /// Person behind it.
    #[serde(default)]
    pub person: Option<Id>,
}

/// A new grant.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
pub struct GrantInput {
    /// Code of the role.
    pub role: String,
    /// Organisation.
    pub org: Id,
    /// First day; today when not given.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day.
    #[serde(default)]
    pub to: Option<String>,
}

const HOUSE: Object = Object { org_no: None, subject: None };

/// All accounts.
pub fn accounts(cx: &Cx<'_>) -> Result<Vec<AccountView>, Fail> {
    cx.allow(Action::AccountRead, &HOUSE)?;
    cx.app.store.read(|db| {
        let mut out = Vec::new();
        for a in account::all(db)? {
            let mut roles = Vec::new();
            for g in account::grants_of(db, a.id)? {
                roles.push(GrantView {
                    id: g.id,
                    role_label: Role::from_code(&g.role)
                        .map_or_else(|| g.role.clone(), |r| r.label().to_owned()),
                    role: g.role,
                    org: g.org,
                    org_name: org::find(db, g.org)?.map(|o| o.short_name).unwrap_or_default(),
                    from: g.from_day,
                    to: g.to_day,
                    ended: g.ended.is_some(),
                });
            }
            out.push(AccountView {
                id: a.id,
                login: a.login,
                name: a.name,
                state: a.state,
                locked_until: (a.retry_at > cx.now).then_some(a.retry_at),
                roles,
            });
        }
        Ok(out)
    })
}

fn checked_login(login: &str) -> Result<String, Fail> {
    let l = login.trim();
    let fits = (2..=64).contains(&l.chars().count())
        && l.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if fits {
        Ok(l.to_owned())
    } else {
        Err(Fail::at("identity.login", "/login", "用户名须为 2 至 64 个字母、数字或 . - _ 。"))
    }
}

fn field(field: &str, label: &str, before: Option<String>, after: Option<String>) -> FieldChange {
    FieldChange { field: field.into(), label: label.into(), before, after }
}

/// Makes an account. Answers its id.
pub fn create(cx: &Cx<'_>, input: &NewAccount) -> Result<Id, Fail> {
    cx.allow(Action::AccountManage, &HOUSE)?;
    let login = checked_login(&input.login)?;
    password::check_new(&input.password, &login)?;
    let pw = password::hash(&input.password)?;
    let name = input.name.clone().filter(|n| !n.trim().is_empty()).unwrap_or_else(|| login.clone());
    cx.change(|c| {
        let id = c.id()?;
        let a = account::Account {
            id,
            login: login.clone(),
            name,
            pw,
            person: input.person,
            state: "active".into(),
            failed: 0,
            retry_at: Millis(0),
            version: 1,
        };
        if account::by_login(c.db, &login)?.is_some() {
            return Err(Fail::at(
                "identity.login-taken",
                "/login",
                "这个用户名已被使用；停用的用户名也不能再次使用。",
            ));
        }
        account::insert(c.db, &a).map_err(|e| match e {
            StoreError::Taken => Fail::at("identity.login-taken", "/login", "这个用户名已被使用。"),
            other => other.into(),
        })?;
        c.event(Event {
            kind: "account.made",
            about: About::thing("account", id),
            subject: id,
            happened: None,
            basis: None,
            changes: vec![field("login", "用户名", None, Some(login))],
        })?;
        Ok(id)
    })
}

/// Enables or disables an account; disabling ends its sessions.
pub fn set_state(cx: &Cx<'_>, id: Id, state: &str) -> Result<(), Fail> {
    cx.allow(Action::AccountManage, &HOUSE)?;
    if !matches!(state, "active" | "disabled") {
        return Err(Fail::at("identity.state", "/state", "状态只能是启用或停用。"));
    }
    if id == cx.actor.account {
        return Err(Fail::refused("identity.self", "不能停用自己正在使用的用户。"));
    }
    cx.change(|c| {
        let a = account::find(c.db, id)?.ok_or(Fail::NotFound)?;
        account::update(c.db, &account::Account { state: state.to_owned(), ..a.clone() })?;
        if state == "disabled" {
            account::drop_other_sessions(c.db, id, &[])?;
        } else {
            account::set_failed(c.db, id, 0, Millis(0))?;
        }
        c.event(Event {
            kind: "account.edited",
            about: About::thing("account", id),
            subject: id,
            happened: None,
            basis: None,
            changes: vec![field("state", "状态", Some(a.state), Some(state.to_owned()))],
        })
    })
}

/// A new password for somebody else; ends all sessions of the account.
pub fn set_password(cx: &Cx<'_>, id: Id, new: &str) -> Result<(), Fail> {
    cx.allow(Action::AccountManage, &HOUSE)?;
    let a = cx.app.store.read(|db| Ok::<_, Fail>(account::find(db, id)?))?.ok_or(Fail::NotFound)?;
    password::check_new(new, &a.login)?;
    let pw = password::hash(new)?;
    cx.change(|c| {
        account::update(c.db, &account::Account { pw, ..a.clone() })?;
        account::set_failed(c.db, id, 0, Millis(0))?;
        account::drop_other_sessions(c.db, id, &[])?;
        c.note("account.password", About::thing("account", id));
        Ok(())
    })
}

/// Gives a role. Answers the id of the grant.
pub fn grant(cx: &Cx<'_>, id: Id, input: &GrantInput) -> Result<Id, Fail> {
    cx.allow(Action::RoleGrant, &HOUSE)?;
    let role = Role::from_code(&input.role)
        .ok_or_else(|| Fail::at("identity.role", "/role", "没有这个角色，请从列表中选择。"))?;
    let from = day(input.from.as_deref(), "/from")?.unwrap_or_else(|| cx.today());
    let to = day(input.to.as_deref(), "/to")?;
    if to.as_ref().is_some_and(|t| *t < from) {
        return Err(Fail::at("identity.days", "/to", "结束日期不能早于开始日期。"));
    }
    if id == cx.actor.account {
        return Err(Fail::refused("identity.self-grant", "不能给自己授权。"));
    }
    cx.change(|c| {
        let a = account::find(c.db, id)?.ok_or(Fail::NotFound)?;
        let place = org::find(c.db, input.org)?
            .ok_or_else(|| Fail::at("identity.org", "/org", "没有这个组织，请从组织树中选择。"))?;
        let today = cx.today();
        let clash = account::grants_of(c.db, id)?
            .into_iter()
            .filter(|g| g.ended.is_none() && g.to_day.as_ref().is_none_or(|t| *t >= today))
            .filter_map(|g| Role::from_code(&g.role))
            .find(|held| !held.compatible(role));
        if let Some(held) = clash {
            return Err(Fail::refused(
                "identity.separation",
                format!("三员分立：已担任{}的用户不能再担任{}。", held.label(), role.label()),
            ));
        }
        let g = account::RoleGrant {
            id: c.id()?,
            account: id,
            role: role.code().into(),
            org: place.id,
            from_day: from.clone(),
            to_day: to.clone(),
            ended: None,
        };
        account::grant(c.db, &g)?;
        account::drop_other_sessions(c.db, id, &[])?;
        c.event(Event {
            kind: "role.granted",
            about: About::thing("account", id),
            subject: id,
            happened: None,
            basis: None,
            changes: vec![
                field("role", "角色", None, Some(role.label().into())),
                field("org", "组织", None, Some(place.short_name)),
                field("login", "用户", None, Some(a.login)),
            ],
        })?;
        Ok(g.id)
    })
}

fn day(text: Option<&str>, pointer: &str) -> Result<Option<String>, Fail> {
    let Some(t) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let full = t.parse::<PartialDate>().ok().and_then(PartialDate::full);
    full.map(|d| Some(d.to_string()))
        .ok_or_else(|| Fail::at("identity.day", pointer, "日期须写成 2026-01-31 的样子，且当天须存在。"))
}

/// Takes a grant back; ends the sessions of the account.
pub fn end_grant(cx: &Cx<'_>, account_id: Id, grant: Id) -> Result<(), Fail> {
    cx.allow(Action::RoleGrant, &HOUSE)?;
    cx.change(|c| {
        let g =
            account::find_grant(c.db, grant)?.filter(|g| g.account == account_id).ok_or(Fail::NotFound)?;
        account::end_grant(c.db, &g, cx.now)?;
        account::drop_other_sessions(c.db, g.account, &[])?;
        let label = Role::from_code(&g.role).map_or(g.role.clone(), |r| r.label().to_owned());
        c.event(Event {
            kind: "role.ended",
            about: About::thing("account", g.account),
            subject: g.account,
            happened: None,
            basis: None,
            changes: vec![field("role", "角色", Some(label), None)],
        })
    })
}
