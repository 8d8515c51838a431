//! `juanzong import volumes` and `juanzong export catalogue`.

use super::At;
use crate::output;
use clap::{Args, Subcommand};
use jz_app::{App, Cx, Fail, volume};
use jz_domain::Id;
use std::{path::PathBuf, process::ExitCode};

/// A folder of scanned volumes.
#[derive(Args)]
pub struct Volumes {
    /// 文件夹
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
        let volumes: Vec<_> = batch.volumes.iter().map(line).collect();
        output::json(&serde_json::json!({
            "batch": batch.id, "state": batch.state, "volumes": volumes, "unmatched": batch.unmatched,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for v in &batch.volumes {
        let who = v.person_name.as_deref().unwrap_or("（未导入）");
        let no = v.volume_no.as_deref().unwrap_or_default();
        let new = match v.state.as_str() {
            "filed" => format!("，新增 {} 份、{} 页", v.new_materials, v.new_pages),
            "same" => "，没有变化".to_owned(),
            _ => String::new(),
        };
        output::line(format!("{} {who} {no}：{} 份，{} 页{new}", v.root, v.materials, v.pages));
        for f in &v.findings {
            let mark = if f.severity == "error" { "错误" } else { "提醒" };
            output::line(format!("  [{mark}] {} {} {}", f.path, f.code, f.message));
        }
    }
    for u in &batch.unmatched {
        output::line(format!("未导入：{} {}", u.path, u.reason));
    }
    output::line(if c.dry_run {
        "只做了预检，没有写入。".to_owned()
    } else {
        format!("批次 {}；整批撤销：juanzong import undo {}。文字识别在后台任务中进行。", batch.id, batch.id)
    });
    Ok(ExitCode::SUCCESS)
}

/// Takes a batch back.
pub fn undo(at: &At, app: &App, batch: Id) -> Result<ExitCode, Fail> {
    let done = volume::import::undo(&Cx::system(app), batch)?;
    let filed = done.volumes.iter().filter(|v| v.state == "filed").count();
    if at.json {
        output::json(&serde_json::json!({ "batch": done.id, "state": done.state, "volumes": filed }))?;
    } else {
        output::line(format!("已撤销：{filed} 个案卷。"));
    }
    Ok(ExitCode::SUCCESS)
}

/// One volume for scripts. Of a volume that is refused nothing is in the archive; it
/// stands among the unmatched with its reason, too.
fn line(v: &volume::import::FoundVolume) -> serde_json::Value {
    let refused = v.state == "refused";
    serde_json::json!({
        "root": v.root,
        "person": v.person_name,
        "person_id": v.person,
        "volume": v.volume_no,
        "volume_id": v.volume,
        "state": v.state,
        "materials": if refused { 0 } else { v.materials },
        "pages": if refused { 0 } else { v.pages },
        "new_materials": v.new_materials,
        "new_pages": v.new_pages,
        "findings": v.findings,
    })
}

/// What to export.
#[derive(Subcommand)]
pub enum Export {
    /// 案卷目录
    Catalogue {
        /// 档号或编号
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
        std::fs::write(out, volume::catalogue_pdf(&cx, id)?.bytes)?;
    }
    if let Some(out) = xlsx {
        std::fs::write(out, volume::catalogue_xlsx(&cx, id)?.bytes)?;
    }
    At::close(&app)?;
    if at.json {
        output::json(&serde_json::json!({ "volume": no, "pdf": pdf, "xlsx": xlsx }))?;
    } else {
        output::line("已导出。");
    }
    Ok(ExitCode::SUCCESS)
}
