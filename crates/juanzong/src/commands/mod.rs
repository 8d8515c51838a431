//! Commands, one file each.

mod demo;
mod import;
mod proof;
mod search;
mod serve;
mod setup;
mod user;
mod volumes;

use crate::output;
use clap::{Parser, Subcommand};
use jz_app::{App, Fail};
use std::{path::PathBuf, process::ExitCode};

/// 卷宗：高校党员与人事档案系统
#[derive(Parser)]
#[command(name = "juanzong", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// 数据目录
    #[arg(long, global = true, env = "JUANZONG_DATA", default_value = "juanzong-data")]
    data: PathBuf,
    /// 输出一个 JSON 文档
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 建立数据目录和主密钥
    Init(setup::Init),
    /// 建一所虚构的演示学校
    Demo(demo::Demo),
    /// 启动服务
    Serve(serve::Serve),
    /// 导入工作簿，或整批撤销
    #[command(subcommand)]
    Import(import::Import),
    /// 导出
    #[command(subcommand)]
    Export(Export),
    /// 后台任务
    #[command(subcommand)]
    Jobs(Jobs),
    /// 检索（以某个用户的权限）
    Search(search::Search),
    /// 全面核验审计账、目录和图像
    Verify(Verify),
    /// 核对一份凭证
    VerifyProof(proof::VerifyProof),
    /// 为另一个单位的审计账作见证
    Witness(proof::Witness),
    /// 输出接口文档（OpenAPI 3.1）
    Openapi,
    /// 自检：数据目录、密钥、字体、模型、数据库、磁盘
    Doctor,
    /// 用户
    #[command(subcommand)]
    User(user::User),
    /// 处理外来文件的子进程（由服务自己启动）
    #[command(hide = true)]
    Worker {
        /// parse 或 ocr
        lane: String,
    },
}

/// What to verify against.
#[derive(clap::Args)]
struct Verify {
    /// 另存在别处的检查点文件，一并核对
    #[arg(long)]
    against: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Export {
    #[command(flatten)]
    Volumes(volumes::Export),
    #[command(flatten)]
    Proof(proof::Export),
}

#[derive(Subcommand)]
enum Jobs {
    /// 办理排队的任务
    Run {
        /// 没有任务时结束
        #[arg(long)]
        until_idle: bool,
    },
}

/// What a command works with.
pub struct At {
    /// Data folder.
    pub data: PathBuf,
    /// One JSON document.
    pub json: bool,
}

impl At {
    /// Opens the installation.
    pub fn open(&self) -> Result<App, Fail> {
        let mut app = App::open(&self.data)?;
        app.printer = Some(Box::new(crate::printer::Typst::new(self.data.join("fonts"))));
        Ok(app)
    }

    /// Closes it: what was written is covered by the checkpoint.
    pub fn close(app: &App) -> Result<(), Fail> {
        jz_app::audit::write_checkpoint(app).map(drop)
    }
}

/// Carries out a command.
pub fn run(cli: Cli) -> Result<ExitCode, Fail> {
    let at = At { data: cli.data, json: cli.json };
    match cli.command {
        Command::Init(c) => setup::init(&at, c),
        Command::Demo(c) => demo::demo(&at, &c),
        Command::Serve(c) => serve::serve(&at, &c),
        Command::Import(c) => import::run(&at, &c),
        Command::Export(Export::Volumes(c)) => volumes::export(&at, &c),
        Command::Export(Export::Proof(c)) => proof::export(&at, &c),
        Command::Jobs(Jobs::Run { until_idle }) => serve::jobs(&at, until_idle),
        Command::Search(c) => search::search(&at, c),
        Command::Verify(c) => verify(&at, &c),
        Command::VerifyProof(c) => proof::verify_proof(&at, &c),
        Command::Witness(c) => proof::witness(&at, &c),
        Command::Openapi => openapi(),
        Command::Doctor => doctor(&at),
        Command::User(c) => user::run(&at, c),
        Command::Worker { lane } => {
            jz_app::worker::serve(&lane)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn verify(at: &At, c: &Verify) -> Result<ExitCode, Fail> {
    let outside = c.against.as_deref().map(proof::read_note).transpose()?;
    let app = at.open()?;
    let report = jz_app::audit::verify_against(&app, outside.as_ref())?;
    if report.ok {
        At::close(&app)?;
    }
    if at.json {
        output::json(&report)?;
    } else {
        for (place, n) in &report.checked {
            output::line(format!("已核验 {place}：{n} 条"));
        }
        for f in &report.findings {
            output::line(format!("不符：{} {} [{}] {}", f.place, f.record, f.code, f.message));
        }
        output::line(format!("审计账 {} 条，根 {}", report.size, report.root));
        output::line(if report.ok { "全部相符。" } else { "有不符之处，见上。" });
    }
    Ok(ExitCode::from(u8::from(!report.ok)))
}

fn openapi() -> Result<ExitCode, Fail> {
    let mut text = jz_web::openapi().to_pretty_json().map_err(|e| Fail::machine("writing JSON", e))?;
    text.truncate(text.trim_end().len());
    output::line(text);
    Ok(ExitCode::SUCCESS)
}

/// What the binary carries.
pub fn parts() -> jz_app::system::Parts {
    jz_app::system::Parts {
        fonts: jz_assets::fonts().len(),
        models: jz_assets::ocr_model().is_some(),
        pages: jz_assets::web().len(),
    }
}

fn doctor(at: &At) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    let checks = jz_app::system::doctor(&app, parts())?;
    let bad = checks.iter().any(|c| c.state == "bad");
    if at.json {
        output::json(&serde_json::json!({ "ok": !bad, "checks": checks }))?;
    } else {
        for c in &checks {
            let mark = match c.state {
                "ok" => "正常",
                "warn" => "注意",
                "bad" => "有误",
                _ => "未检测",
            };
            output::line(format!("[{mark}] {}", c.sentence));
        }
    }
    Ok(ExitCode::from(u8::from(bad)))
}
