//! Logging in, and the context of a request.

use super::password;
use crate::{About, App, Cx, Fail, rand};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jz_domain::{
    Id, Millis,
    identity::{self, Action, Actor, Grant, Role},
    org::Span,
};
use jz_store::{Db, account, org, person, setting};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A session lives this long at most.
const LONGEST: i64 = 12 * 3600 * 1000;
/// … and this long without being used; shorter for those who see or run much.
const IDLE: i64 = 30 * 60 * 1000;
const IDLE_STAFF: i64 = 15 * 60 * 1000;
/// Attempts before an account waits; the wait grows by these seconds (S7).
const STEPS: &[(i64, i64)] = &[(3, 1), (5, 3), (8, 5), (10, 10)];
const LOCK: i64 = 15 * 60;

/// One role of the person who is logged in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// Code.
    pub role: String,
    /// Label.
    pub role_label: String,
    /// Organisation.
    pub org: Id,
    /// Its short name.
    pub org_name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: Option<String>,
}

/// Who is logged in and what the pages may offer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// Account.
    pub account: Id,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Person behind it.
    pub person: Option<Id>,
    /// Roles valid today.
    pub roles: Vec<RoleView>,
    /// Codes of actions that some role allows.
    pub actions: Vec<&'static str>,
    /// Name of the school.
    pub school: String,
    /// Text that is burnt into pages this account reads.
    pub watermark: String,
    /// Reads without a watermark.
    pub custodian: bool,
    /// Why the server is read-only.
    pub readonly: Option<String>,
}

/// Tries a login. Answers the token for the cookie.
pub fn login(app: &App, login: &str, password: &str, addr: &str, agent: &str) -> Result<String, Fail> {
    let now = app.now();
    let found = app.store.read(|db| Ok::<_, Fail>(account::by_login(db, login)?))?;
    if let Some(a) = &found
        && now < a.retry_at
    {
        return Err(Fail::SlowDown((a.retry_at.0 - now.0).div_euclid(1000) + 1));
    }
    let active = found.as_ref().filter(|a| a.state == "active");
    let good = password::fits(password, active.map(|a| a.pw.as_str()));
    let mut cx = Cx::system(app);
    addr.clone_into(&mut cx.addr);
    let Some(a) = active.filter(|_| good) else {
        if let Some(a) = &found {
            refuse(&cx, a)?;
        } else {
            cx.note("session.refused", &About { kind: "account", ..About::default() }, "wrong")?;
        }
        return Err(Fail::refused("identity.wrong", "用户名或密码不正确。"));
    };
    let token: [u8; 32] = rand::bytes()?;
    let digest = Sha256::digest(token).to_vec();
    cx.actor.account = a.id;
    cx.session = short(&digest);
    cx.change(|c| {
        account::set_failed(c.db, a.id, 0, Millis(0))?;
        account::put_session(
            c.db,
            &account::Session {
                token: digest.clone(),
                account: a.id,
                made: now,
                seen: now,
                ends: Millis(now.0 + LONGEST),
                addr: addr.to_owned(),
                agent: agent.chars().take(200).collect(),
            },
        )?;
        account::sweep_sessions(c.db, now, Millis(now.0 - IDLE))?;
        c.note("session.opened", About::thing("account", a.id));
        Ok(())
    })?;
    Ok(URL_SAFE_NO_PAD.encode(token))
}

fn refuse(cx: &Cx<'_>, a: &account::Account) -> Result<(), Fail> {
    let failed = a.failed + 1;
    let wait =
        if failed >= 10 { LOCK } else { STEPS.iter().find(|(n, _)| failed < *n).map_or(0, |(_, s)| *s) };
    // The first attempts are typing mistakes.
    let wait = if failed < 3 { 0 } else { wait };
    cx.change(|c| {
        account::set_failed(c.db, a.id, failed, Millis(cx.now.0 + wait * 1000))?;
        c.note("session.refused", About::thing("account", a.id));
        Ok(())
    })
}

fn short(digest: &[u8]) -> String {
    hex::encode(digest.get(..4).unwrap_or_default())
}

/// The actor behind an account, with the grants valid on a day.
pub fn actor_for(db: &mut Db<'_>, a: &account::Account, day: &str) -> Result<Actor, Fail> {
    let grants = account::valid_grants(db, a.id, day)?
        .into_iter()
        .filter_map(|(role, lo, hi)| Some(Grant { role: Role::from_code(&role)?, span: Span { lo, hi } }))
        .collect();
    Ok(Actor { account: a.id, person: a.person, grants })
}

/// The context of a request with this cookie.
pub fn context_for<'a>(app: &'a App, token: &str, addr: &str) -> Result<Cx<'a>, Fail> {
    let raw = URL_SAFE_NO_PAD.decode(token).map_err(|_| Fail::NoSession)?;
    let digest = Sha256::digest(raw).to_vec();
    let now = app.now();
    let (session, a, actor) = app.store.read(|db| {
        let s = account::find_session(db, &digest)?.ok_or(Fail::NoSession)?;
        let a = account::find(db, s.account)?.filter(|a| a.state == "active").ok_or(Fail::NoSession)?;
        let actor = actor_for(db, &a, &now.day())?;
        Ok::<_, Fail>((s, a, actor))
    })?;
    let staff = actor.grants.iter().any(|g| !matches!(g.role, Role::Member | Role::BranchSecretary));
    let idle = if staff { IDLE_STAFF } else { IDLE };
    if now >= session.ends || now.0 - session.seen.0 > idle {
        return Err(Fail::NoSession);
    }
    // Once a minute is enough to tell idle from busy, and keeps reads free of writes.
    if now.0 - session.seen.0 > 60_000 && !app.store.is_read_only() {
        app.store.write(|db| Ok::<_, Fail>(account::touch_session(db, &digest, now)?))?;
    }
    Ok(Cx { app, actor, login: a.login, session: short(&digest), addr: addr.to_owned(), now, system: false })
}

/// The context of a command run on behalf of a login, with exactly its rights.
pub fn context_for_login<'a>(app: &'a App, login: &str) -> Result<Cx<'a>, Fail> {
    let now = app.now();
    let found = app.store.read(|db| {
        let Some(a) = account::by_login(db, login)?.filter(|a| a.state == "active") else { return Ok(None) };
        let actor = actor_for(db, &a, &now.day())?;
        Ok::<_, Fail>(Some((a, actor)))
    })?;
    let (a, actor) =
        found.ok_or_else(|| Fail::refused("identity.no-account", format!("没有可用的用户“{login}”。")))?;
    Ok(Cx {
        app, actor, login: a.login, session: String::new(), addr: "命令行".into(), now, system: false
    })
}

/// Ends the session of this cookie.
pub fn logout(cx: &Cx<'_>, token: &str) -> Result<(), Fail> {
    let Ok(raw) = URL_SAFE_NO_PAD.decode(token) else { return Ok(()) };
    let digest = Sha256::digest(raw).to_vec();
    cx.change(|c| {
        account::drop_session(c.db, &digest)?;
        c.note("session.closed", About::thing("account", cx.actor.account));
        Ok(())
    })
}

/// Who is logged in.
pub fn me(cx: &Cx<'_>) -> Result<Me, Fail> {
    cx.app.store.read(|db| {
        let a = account::find(db, cx.actor.account)?.ok_or(Fail::NoSession)?;
        let mut roles = Vec::new();
        let today = cx.today();
        for g in account::grants_of(db, a.id)? {
            let valid =
                g.ended.is_none() && g.from_day <= today && g.to_day.as_ref().is_none_or(|t| *t >= today);
            let (true, Some(role)) = (valid, Role::from_code(&g.role)) else { continue };
            roles.push(RoleView {
                role: g.role,
                role_label: role.label().to_owned(),
                org: g.org,
                org_name: org::find(db, g.org)?.map(|o| o.short_name).unwrap_or_default(),
                from: g.from_day,
                to: g.to_day,
            });
        }
        let actions = Action::ALL
            .iter()
            .filter(|x| identity::reach_of(&cx.actor, **x).is_some())
            .map(|x| x.code())
            .collect();
        let name = match a.person {
            Some(p) => person::find(db, p)?.map_or(a.name.clone(), |p| p.name),
            None => a.name.clone(),
        };
        Ok(Me {
            account: a.id,
            watermark: format!("{name} {}", a.login),
            login: a.login,
            name,
            person: a.person,
            roles,
            actions,
            school: setting::get(db, "school")?.unwrap_or_default(),
            custodian: is_custodian(&cx.actor),
            readonly: cx.app.read_only_reason(),
        })
    })
}

/// The custodian of the volumes reads without a watermark.
pub(crate) fn is_custodian(actor: &Actor) -> bool {
    actor.grants.iter().any(|g| g.role == Role::Archivist)
}

/// A new password for oneself; ends all other sessions.
pub fn change_password(cx: &Cx<'_>, token: &str, old: &str, new: &str) -> Result<(), Fail> {
    let a = cx
        .app
        .store
        .read(|db| Ok::<_, Fail>(account::find(db, cx.actor.account)?))?
        .ok_or(Fail::NoSession)?;
    if !password::fits(old, Some(&a.pw)) {
        return Err(Fail::at("identity.wrong", "/old", "原密码不正确。"));
    }
    password::check_new(new, &a.login)?;
    let pw = password::hash(new)?;
    let keep = URL_SAFE_NO_PAD.decode(token).map(|raw| Sha256::digest(raw).to_vec()).unwrap_or_default();
    cx.change(|c| {
        account::update(c.db, &account::Account { pw, ..a.clone() })?;
        account::drop_other_sessions(c.db, a.id, &keep)?;
        c.note("account.password", About::thing("account", a.id));
        Ok(())
    })
}
