//! `juanzong search TEXT --as LOGIN`: exactly what that login would find.

use super::At;
use crate::output;
use clap::Args;
use jz_app::{Fail, identity, search as app};
use serde::Serialize;
use std::process::ExitCode;

/// What to look for, and with whose rights.
#[derive(Args)]
pub struct Search {
    /// 要查找的文字
    text: String,
    /// 以哪个用户的权限
    #[arg(long = "as")]
    login: String,
    /// 范围：all、person、material 或 page
    #[arg(long, default_value = "all")]
    kind: String,
    /// 最多多少页
    #[arg(long, default_value_t = 100)]
    limit: i64,
}

#[derive(Serialize)]
struct Hit {
    kind: &'static str,
    person: String,
    volume: Option<String>,
    material: Option<String>,
    page: Option<i64>,
    /// Path the page was imported from.
    file: Option<String>,
    snippet: String,
    boxes: Vec<[f32; 4]>,
}

/// Searches and prints.
pub fn search(at: &At, c: Search) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    let cx = identity::context_for_login(&app, &c.login)?;
    let q = app::SearchQuery {
        q: c.text,
        kind: Some(c.kind),
        limit: Some(c.limit),
        ..app::SearchQuery::default()
    };
    let found = app::search(&cx, &q)?;
    let mut hits = Vec::with_capacity(found.hits.len());
    for h in found.hits {
        let file = h.page.map(|p| app::source_of(&cx, p)).transpose()?.flatten();
        hits.push(Hit {
            kind: h.kind,
            person: h.person_name,
            volume: h.volume_no,
            material: h.material_title,
            page: h.page_no,
            file,
            snippet: h.snippet.iter().map(|p| p.text.as_str()).collect(),
            boxes: h.boxes,
        });
    }
    At::close(&app)?;
    if at.json {
        output::json(&serde_json::json!({ "hits": hits, "total": found.total, "capped": found.capped }))?;
    } else {
        for h in &hits {
            let place = [h.volume.clone(), h.material.clone(), h.page.map(|n| format!("第 {n} 页"))];
            let place: Vec<String> = place.into_iter().flatten().collect();
            output::line(format!("{} {} {}", h.person, place.join(" "), h.snippet));
        }
        output::line(format!("共 {} 条{}", found.total, if found.capped { "以上" } else { "" }));
    }
    Ok(ExitCode::SUCCESS)
}
