//! First start: no account and no default password. A one-time code, printed by the
//! server, makes the first two administrators.

use super::password;
use crate::{About, App, Cx, Event, Fail, rand};
use jz_domain::{Id, Millis, identity::Role, org::Span};
use jz_store::{account, org, setting};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The code is good for half an hour.
const GOOD_FOR: i64 = 30 * 60 * 1000;

/// What the first-start page sends.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
pub struct SetupInput {
    /// One-time code.
    pub code: String,
    /// Name of the school.
    pub school: String,
    /// Login of the first system administrator.
    pub login: String,
    /// Password.
    pub password: String,
}

/// Whether there is no account yet.
pub fn needs_setup(app: &App) -> Result<bool, Fail> {
    app.store.read(|db| Ok(account::count(db)? == 0))
}

/// A new one-time code, for the console. Only its digest is kept.
pub fn setup_code(app: &App) -> Result<String, Fail> {
    let raw: [u8; 16] = rand::bytes()?;
    let code = hex::encode(raw);
    let kept = format!("{}:{}", hex::encode(Sha256::digest(code.as_bytes())), app.now().0 + GOOD_FOR);
    app.store.write(|db| Ok::<_, Fail>(setting::put(db, "setup.code", &kept)?))?;
    // In groups of four, as people type.
    let groups: Vec<String> =
        code.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    Ok(groups.join("-"))
}

/// Makes the top organisation and the first account from a valid code. The first account
/// is system administrator and, until a second person takes it over, security administrator:
/// the only moment in which one person may hold both, said so on the self-check page.
pub fn setup(app: &App, input: &SetupInput) -> Result<(), Fail> {
    let code: String = input.code.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
    let wrong =
        || Fail::at("setup.code", "/code", "初始化码不正确或已过期；重新启动服务会打印新的初始化码。");
    if !needs_setup(app)? {
        return Err(Fail::refused("setup.done", "系统已经初始化过，请直接登录。"));
    }
    let kept = app.store.read(|db| Ok::<_, Fail>(setting::get(db, "setup.code")?))?.ok_or_else(wrong)?;
    let (digest, until) = kept.split_once(':').ok_or_else(wrong)?;
    if hex::encode(Sha256::digest(code.as_bytes())) != digest
        || until.parse::<i64>().is_ok_and(|u| u < app.now().0)
    {
        return Err(wrong());
    }
    let school = input.school.trim();
    if !(2..=60).contains(&school.chars().count()) {
        return Err(Fail::at("setup.school", "/school", "请填写学校全称（2 至 60 个字）。"));
    }
    password::check_new(&input.password, &input.login)?;
    first_account(app, school, &input.login, &input.password, &[Role::Sysadmin, Role::Secadmin])
}

fn first_account(app: &App, school: &str, login: &str, password: &str, roles: &[Role]) -> Result<(), Fail> {
    let pw = password::hash(password)?;
    let cx = Cx::system(app);
    cx.change(|c| {
        let top = top_org(c, school)?;
        let id = c.id()?;
        account::insert(
            c.db,
            &account::Account {
                id,
                login: login.to_owned(),
                name: login.to_owned(),
                pw,
                person: None,
                state: "active".into(),
                failed: 0,
                retry_at: Millis(0),
                version: 1,
            },
        )?;
        for role in roles {
            grant_row(c, id, *role, top)?;
        }
        setting::put(c.db, "setup.code", "")?;
        c.event(Event {
            kind: "installation.made",
            about: About::thing("account", id),
            subject: id,
            happened: None,
            basis: None,
            changes: Vec::new(),
        })
    })
}

fn grant_row(c: &mut crate::Change<'_, '_>, account_id: Id, role: Role, place: Id) -> Result<(), Fail> {
    let g = account::RoleGrant {
        id: c.id()?,
        account: account_id,
        role: role.code().into(),
        org: place,
        from_day: c.cx.today(),
        to_day: None,
        ended: None,
    };
    Ok(account::grant(c.db, &g)?)
}

/// The top organisation, made if there is none.
fn top_org(c: &mut crate::Change<'_, '_>, school: &str) -> Result<Id, Fail> {
    setting::put(c.db, "school", school)?;
    if let Some(top) = org::all(c.db)?.into_iter().find(|o| o.parent.is_none()) {
        return Ok(top.id);
    }
    let top = org::Org {
        id: c.id()?,
        parent: None,
        kind: "XDW".into(),
        full_name: format!("中共{school}委员会"),
        short_name: format!("{school}党委"),
        span: Span::ALL,
        state: "active".into(),
        extra: crate::seal::json(&c.cx.app.keys, crate::seal::ORG, &serde_json::json!({}))?,
        version: 1,
    };
    org::insert(c.db, &top)?;
    c.event(Event {
        kind: "org.made",
        about: About::thing("org", top.id),
        subject: top.id,
        happened: None,
        basis: None,
        changes: Vec::new(),
    })?;
    Ok(top.id)
}

/// `user add` on the command line, by somebody who may read the data folder: an account
/// with a role at an organisation named by its full name. Works before the first start
/// is over.
pub fn bootstrap_account(
    app: &App,
    login: &str,
    password: &str,
    role: Role,
    org_name: Option<&str>,
    person: Option<Id>,
) -> Result<Id, Fail> {
    let cx = Cx::system(app);
    let id = super::accounts::create(
        &cx,
        &super::NewAccount { login: login.into(), name: None, password: password.into(), person },
    )?;
    cx.change(|c| {
        let place = match org_name {
            Some(n) => {
                org::by_name(c.db, n)?
                    .or(org::all(c.db)?.into_iter().find(|o| o.short_name == n))
                    .ok_or_else(|| Fail::refused("org.unknown", format!("没有全称为“{n}”的组织。")))?
                    .id
            }
            None => top_org(c, "未命名学校")?,
        };
        grant_row(c, id, role, place)?;
        c.event(Event {
            kind: "role.granted",
            about: About::thing("account", id),
            subject: id,
            happened: None,
            basis: None,
            changes: Vec::new(),
        })
    })?;
    Ok(id)
}
