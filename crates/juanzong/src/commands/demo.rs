//! `juanzong demo`: a fictitious school, made and handed over as a real one would be,
//! and taken in through the same use cases.

use super::At;
use crate::output;
use clap::Args;
use jz_app::{App, Cx, Fail, config::Config, identity, intake, volume::import as volume};
use jz_domain::{Id, identity::Role};
use jz_store::{org, person};
use serde::Serialize;
use std::{path::Path, process::ExitCode};

/// How large a school.
#[derive(Args)]
pub struct Demo {
    /// 人数
    #[arg(long, default_value_t = 160)]
    people: usize,
    /// 案卷数
    #[arg(long, default_value_t = 6)]
    volumes: usize,
    /// 总页数
    #[arg(long, default_value_t = 36)]
    pages: usize,
    /// 同一个种子得到同一所学校
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Only here is there a password that everybody knows; the school is fictitious too.
const PASSWORD: &str = "yanshi-mima-2026";

#[derive(Serialize)]
struct Login {
    login: String,
    password: &'static str,
    role: &'static str,
    role_label: &'static str,
    org: String,
}

/// Makes the school and takes it in.
pub fn demo(at: &At, c: &Demo) -> Result<ExitCode, Fail> {
    if !at.data.join("config.toml").exists() {
        App::init(&at.data, Config::default())?;
    }
    let app = at.open()?;
    if !identity::needs_setup(&app)? {
        return Err(Fail::refused(
            "demo.not-empty",
            "这个数据目录已经在使用，演示学校只能建在新的数据目录里。",
        ));
    }
    let folder = tempfile::Builder::new().prefix("demo").tempdir_in(app.dir.join("tmp"))?;
    let plan =
        jz_demo::Plan { people: c.people, volumes: c.volumes, pages: c.pages, seed: c.seed, faults: false };
    let truth =
        jz_demo::generate(folder.path(), &plan).map_err(|e| Fail::machine("making the demo school", e))?;
    let cx = Cx::system(&app);
    app.store.write(|db| Ok::<_, Fail>(jz_store::setting::put(db, "school", truth.school)?))?;
    take_in(&cx, intake::Kind::Orgs, &folder.path().join(jz_demo::ORGS_FILE))?;
    take_in(&cx, intake::Kind::Members, &folder.path().join(jz_demo::MEMBERS_FILE))?;
    for layout in ["a", "b", "c"] {
        let from = folder.path().join(format!("volumes-{}", layout.to_uppercase()));
        if from.exists() {
            volume::local(&cx, &from, layout, false)?;
        }
    }
    let logins = accounts(&app)?;
    At::close(&app)?;
    print(at, &logins)?;
    Ok(ExitCode::SUCCESS)
}

fn take_in(cx: &Cx<'_>, kind: intake::Kind, file: &Path) -> Result<(), Fail> {
    let batch = intake::preview(cx, kind, intake::Upload::copy_of(cx.app, file)?)?;
    intake::commit(cx, batch.id).map(drop)
}

/// One account for each role, at places where the role makes sense; the member is
/// somebody with a volume.
fn accounts(app: &App) -> Result<Vec<Login>, Fail> {
    let (orgs, people) = app.store.read(|db| {
        let orgs = org::all(db)?;
        let people: Vec<person::Person> =
            person::checked(db, Id(0), 100_000)?.into_iter().map(|x| x.0).collect();
        Ok::<_, Fail>((orgs, people))
    })?;
    let top = orgs.first().ok_or(Fail::NotFound)?;
    let member = people.iter().find(|p| p.volumes > 0).or(people.first());
    let branch = orgs.iter().find(|o| member.is_some_and(|m| m.org == o.id)).unwrap_or(top);
    let college = orgs.iter().find(|o| o.kind == "EJDW" && o.span.covers(branch.span)).unwrap_or(top);
    let mut out = Vec::new();
    for role in Role::ALL {
        let (place, person) = match role {
            Role::CommitteeSecretary => (college, None),
            Role::BranchSecretary => (branch, None),
            Role::Member => (branch, member.map(|m| m.id)),
            _ => (top, None),
        };
        let login = role.code().replace('_', "-");
        identity::bootstrap_account(app, &login, PASSWORD, role, Some(&place.full_name), person)?;
        out.push(Login {
            login,
            password: PASSWORD,
            role: role.code(),
            role_label: role.label(),
            org: place.full_name.clone(),
        });
    }
    Ok(out)
}

fn print(at: &At, logins: &[Login]) -> Result<(), Fail> {
    if at.json {
        return output::json(&serde_json::json!({ "logins": logins }));
    }
    output::line(format!("演示学校已建好。所有用户的密码都是 {PASSWORD}"));
    for l in logins {
        output::line(format!("  {:20} {}（{}）", l.login, l.role_label, l.org));
    }
    output::line(format!("启动服务：juanzong serve --data {}", at.data.display()));
    Ok(())
}
