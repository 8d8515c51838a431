//! `juanzong import`: workbooks of organisations and people, by whoever may read the data
//! folder. Works beside a running server: both use the same database.

use super::At;
use crate::output;
use clap::{Args, Subcommand};
use jz_app::{App, Cx, Fail, intake, volume};
use jz_domain::Id;
use std::{path::PathBuf, process::ExitCode};

/// What to import, or to take back.
#[derive(Subcommand)]
pub enum Import {
    /// 导入党组织（01 党组织信息采集表）
    Orgs(Workbook),
    /// 导入人员（02 党员发展信息汇总等）
    Members(Workbook),
    /// 导入案卷目录（扫描件）
    Volumes(super::volumes::Volumes),
    /// 收下见证方的回件
    Cosignature(super::proof::Cosignature),
    /// 整批撤销
    Undo {
        /// 批次编号
        batch: Id,
    },
}

/// A workbook.
#[derive(Args)]
pub struct Workbook {
    /// 工作簿（xlsx 或 csv）
    file: PathBuf,
    /// 只预检，不写入
    #[arg(long)]
    dry_run: bool,
}

/// Carries it out.
pub fn run(at: &At, c: &Import) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    let code = match c {
        Import::Orgs(w) => workbook(at, &app, intake::Kind::Orgs, w),
        Import::Members(w) => workbook(at, &app, intake::Kind::Members, w),
        Import::Volumes(v) => super::volumes::import(at, &app, v),
        Import::Cosignature(c) => super::proof::adopt(at, &app, c),
        Import::Undo { batch } => undo(at, &app, *batch),
    };
    // What was written is written, also when the last step failed.
    At::close(&app)?;
    code
}

fn workbook(at: &At, app: &App, kind: intake::Kind, w: &Workbook) -> Result<ExitCode, Fail> {
    let cx = Cx::system(app);
    let upload = intake::Upload::copy_of(app, &w.file)?;
    let mut batch = intake::preview(&cx, kind, upload)?;
    if !w.dry_run && batch.good > 0 {
        batch = intake::commit(&Cx::system(app), batch.id)?;
    }
    let findings = intake::all_findings(&cx, batch.id)?;
    let nothing_good = batch.good == 0 && findings.iter().any(|f| f.severity == "error");
    if at.json {
        output::json(&serde_json::json!({
            "rows": batch.rows,
            "good": batch.good,
            "bad": batch.bad,
            "findings": findings,
            "batch": batch.id,
            "state": batch.state,
            "new": batch.new,
            "changed": batch.changed,
            "same": batch.same,
        }))?;
    } else {
        for line in summary(&batch, &findings, w.dry_run) {
            output::line(line);
        }
    }
    Ok(ExitCode::from(u8::from(nothing_good)))
}

/// Findings that are printed for people; a script reads all of them with `--json`.
const SHOWN: usize = 50;

fn summary(b: &intake::Batch, findings: &[intake::ImportFinding], dry_run: bool) -> Vec<String> {
    let mut out = vec![format!("{}：数据行 {}，可写入 {}，有错误 {}。", b.file_name, b.rows, b.good, b.bad)];
    for s in b.sheets.iter().filter(|s| s.role == "skipped") {
        out.push(format!("跳过工作表“{}”：{}", s.name, s.reason.as_deref().unwrap_or_default()));
    }
    for f in findings.iter().take(SHOWN) {
        let mark = if f.severity == "error" { "错误" } else { "提醒" };
        out.push(format!("[{mark}] {} {} {}", f.sheet, f.code, f.message));
    }
    if findings.len() > SHOWN {
        out.push(format!("…… 共 {} 条，用 --json 查看全部。", findings.len()));
    }
    out.push(match b.state.as_str() {
        _ if b.good == 0 => "没有可写入的行，未写入任何内容。".to_owned(),
        "committed" if b.new + b.changed == 0 => "与系统中的数据一致，没有改动。".to_owned(),
        "committed" => format!("已写入：新增 {}，变化 {}，无变化 {}。", b.new, b.changed, b.same),
        _ if dry_run => format!("只做了预检：将新增 {}，变化 {}，无变化 {}。", b.new, b.changed, b.same),
        _ => "未写入。".to_owned(),
    });
    out.push(format!("批次 {}；整批撤销：juanzong import undo {}", b.id, b.id));
    out
}

fn undo(at: &At, app: &App, batch: Id) -> Result<ExitCode, Fail> {
    let cx = Cx::system(app);
    if volume::import::is_one(app, batch)? {
        return super::volumes::undo(at, app, batch);
    }
    let before = intake::read(&cx, batch)?;
    let done = intake::undo(&cx, batch)?;
    if at.json {
        output::json(&serde_json::json!({
            "batch": done.id,
            "state": done.state,
            "new": done.new,
            "changed": done.changed,
        }))?;
    } else if before.state == "undone" {
        output::line("这一批此前已经撤销，没有改动。");
    } else {
        output::line(format!("已撤销：撤回新增 {}，恢复原值 {}。", done.new, done.changed));
    }
    Ok(ExitCode::SUCCESS)
}
