//! `juanzong user`: accounts, by whoever may read the data folder.

use super::At;
use crate::output;
use clap::Subcommand;
use jz_app::{Cx, Fail, identity};
use jz_domain::identity::Role;
use std::{
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
};

/// What to do.
#[derive(Subcommand)]
pub enum User {
    /// 新建用户（密码从标准输入读取）
    Add {
        /// 用户名
        login: String,
        /// 角色代码
        #[arg(long)]
        role: String,
        /// 组织全称
        #[arg(long)]
        org: Option<String>,
        /// 对应人员的学号/工号
        #[arg(long)]
        number: Option<String>,
    },
    /// 重设密码（从标准输入读取）
    Passwd {
        /// 用户名
        login: String,
    },
    /// 增加角色
    Role {
        /// 用户名
        login: String,
        /// 角色代码
        #[arg(long)]
        role: String,
        /// 组织全称
        #[arg(long)]
        org: String,
    },
}

fn password() -> Result<String, Fail> {
    if std::io::stdin().is_terminal() {
        output::line("请输入密码，回车结束（输入内容会显示在屏幕上）：");
        let mut text = String::new();
        std::io::stdin().read_line(&mut text)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn role(code: &str) -> Result<Role, Fail> {
    Role::from_code(code).ok_or_else(|| {
        let all: Vec<&str> = Role::ALL.iter().map(|r| r.code()).collect();
        Fail::refused("identity.role", format!("没有角色“{code}”；可用：{}。", all.join(" ")))
    })
}

/// Carries it out.
pub fn run(at: &At, c: User) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    let id = match c {
        User::Add { login, role: code, org, number } => {
            let role = role(&code)?;
            let person = match number {
                Some(n) => Some(
                    app.store
                        .read(|db| Ok::<_, Fail>(jz_store::person::by_number(db, &n)?))?
                        .first()
                        .map(|p| p.id)
                        .ok_or_else(|| Fail::refused("member.number", "没有这个学号/工号的人员。"))?,
                ),
                None => None,
            };
            identity::bootstrap_account(&app, &login, &password()?, role, org.as_deref(), person)?
        }
        User::Passwd { login } => {
            let id = account(&app, &login)?;
            identity::set_password(&Cx::system(&app), id, &password()?)?;
            id
        }
        User::Role { login, role: code, org } => {
            let role = role(&code)?;
            let id = account(&app, &login)?;
            let place = app
                .store
                .read(|db| Ok::<_, Fail>(jz_store::org::by_name(db, &org)?))?
                .ok_or_else(|| Fail::refused("org.unknown", format!("没有全称为“{org}”的组织。")))?;
            let input =
                identity::GrantInput { role: role.code().into(), org: place.id, from: None, to: None };
            identity::grant(&Cx::system(&app), id, &input)?;
            id
        }
    };
    At::close(&app)?;
    if at.json {
        output::json(&serde_json::json!({ "account": id }))?;
    } else {
        output::line("已完成。");
    }
    Ok(ExitCode::SUCCESS)
}

fn account(app: &jz_app::App, login: &str) -> Result<jz_domain::Id, Fail> {
    app.store
        .read(|db| Ok::<_, Fail>(jz_store::account::by_login(db, login)?))?
        .map(|a| a.id)
        .ok_or_else(|| Fail::refused("identity.no-account", format!("没有用户“{login}”。")))
}
