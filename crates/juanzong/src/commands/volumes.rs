//! `juanzong import volumes` and `juanzong export catalogue`.

use super::At;
use crate::output;
use clap::{Args, Subcommand};
use jz_app::{App, Cx, Fail, volume};
use std::{path::PathBuf, process::ExitCode};

/// A folder of scanned volumes.
#[derive(Args)]
pub struct Volumes {
    /// 目录
    dir: PathBuf,
    /// 目录布局：a、b、c 或 j
    #[arg(long)]
    layout: String,
    /// 只预检，不写入
    #[arg(long)]
    dry_run: bool,
}

/// Imports them.
pub fn import(at: &At, app: &App, c: &Volumes) -> Result<ExitCode, Fail> {
    let batch = volume::import::local(&Cx::system(app), &c.dir, &c.layout, c.dry_run)?;
    if at.json {
        let volumes: Vec<_> = batch
            .volumes
            .iter()
            .map(|v| {
                serde_json::json!({
                    "root": v.root, "person": v.person_name, "person_id": v.person, "volume": v.volume_no,
                    "volume_id": v.volume, "materials": v.materials, "pages": v.pages, "new_pages": v.new_pages,
                    "state": v.state, "findings": v.findings,
                })
            })
            .collect();
        output::json(&serde_json::json!({
            "batch": batch.id, "state": batch.state, "volumes": volumes, "unmatched": batch.unmatched,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for v in &batch.volumes {
        let who = v.person_name.as_deref().unwrap_or("（未对应到人）");
        output::line(format!("{} {who}：{} 份，{} 页", v.root, v.materials, v.pages));
        for f in &v.findings {
            output::line(format!("  [{}] {} {}", f.code, f.path, f.message));
        }
    }
    for u in &batch.unmatched {
        output::line(format!("未入卷：{} {}", u.path, u.reason));
    }
    output::line(if c.dry_run {
        "预检完成，没有写入。"
    } else {
        "导入完成；文字识别在后台任务中进行。"
    });
    Ok(ExitCode::SUCCESS)
}

/// What to export.
#[derive(Subcommand)]
pub enum Export {
    /// 案卷目录
    Catalogue {
        /// 档号
        volume: String,
        /// PDF 文件
        #[arg(long)]
        pdf: Option<PathBuf>,
        /// 工作簿
        #[arg(long)]
        xlsx: Option<PathBuf>,
    },
}

/// Exports.
pub fn export(at: &At, c: &Export) -> Result<ExitCode, Fail> {
    let Export::Catalogue { volume: no, pdf, xlsx } = c;
    if pdf.is_none() && xlsx.is_none() {
        return Err(Fail::refused("export.where", "请用 --pdf 文件 或 --xlsx 文件 说明导出到哪里。"));
    }
    let app = at.open()?;
    let cx = Cx::system(&app);
    let id = volume::find_by_no(&cx, no)?;
    if let Some(out) = pdf {
        std::fs::write(out, volume::catalogue_pdf(&cx, id)?.1)?;
    }
    if let Some(out) = xlsx {
        std::fs::write(out, volume::catalogue_xlsx(&cx, id)?.1)?;
    }
    At::close(&app)?;
    if at.json {
        output::json(&serde_json::json!({ "volume": no, "pdf": pdf, "xlsx": xlsx }))?;
    } else {
        output::line("已导出。");
    }
    Ok(ExitCode::SUCCESS)
}
