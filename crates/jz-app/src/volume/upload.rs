//! Pages added to a material by hand: images and born-digital PDF.

use super::{
    filing::{Press, place_pages},
    load::{self, Account},
    make::retried,
    parts::{Content, Piece, assemble},
    view::{self, Material},
};
use crate::{Cx, Fail, audit::FieldChange, fail::Problem};
use jz_domain::{Id, identity::Action};
use jz_store::volume;

pub use crate::worker::MAX_FILE as MAX_PAGE_FILE;

/// Pages in one request.
const MOST_PAGES: usize = 2_000;
/// Bytes in one request.
pub const MOST_UPLOAD: u64 = 2 << 30;

/// Adds the pages of files to the end of a material, in order: all of them or none.
pub fn add_pages(
    cx: &Cx<'_>,
    material: Id,
    pieces: impl Iterator<Item = Result<Piece, Fail>>,
) -> Result<Material, Fail> {
    let v = cx.app.store.read(|db| {
        let m = volume::find_material(db, material)?.ok_or(Fail::NotFound)?;
        load::find(db, m.volume)
    })?;
    cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
    let mut press = Press::new(cx.app);
    let mut problems: Vec<Problem> = Vec::new();
    let mut count = 0;
    let take = |part: super::parts::Part| {
        let read = match part.content {
            Content::Bytes(bytes) => press.add(&part.path, bytes)?.map_err(|t| t.zh),
            _ => Err(format!("文件超过 {} MB 的上限；请降低扫描质量或拆分后重试。", MAX_PAGE_FILE >> 20)),
        };
        count += 1;
        if let Err(zh) = read {
            problems.push(Problem {
                pointer: format!("/files/{}", count - 1),
                message: format!("第 {count} 个文件：{zh}"),
            });
        }
        if press.pages() > MOST_PAGES {
            return Err(Fail::refused(
                "page.too-many",
                format!("一次最多添加 {MOST_PAGES} 页，请分几次上传。"),
            ));
        }
        Ok(())
    };
    assemble(cx.app, pieces, false, MOST_UPLOAD, |_, _| Ok(()), take)?;
    if count == 0 {
        return Err(Fail::at("page.no-file", "/files", "请选择要添加的图像或 PDF 文件。"));
    }
    if let Some(first) = problems.first() {
        let zh = match problems.len() {
            1 => format!("{}没有页面入卷。", first.message),
            n => format!("{}另有 {} 个文件也读不出；没有页面入卷。", first.message, n - 1),
        };
        return Err(Fail::Refused { code: "page.file", zh, problems });
    }
    let ready = press.finish()?;
    let all: Vec<_> = ready.iter().collect();
    retried(|| {
        cx.change(|c| {
            load::lock(c.db, v.person)?;
            let v = load::find(c.db, v.id)?;
            cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
            let mut loaded = load::load(c.db, v)?;
            let mut next = loaded.catalogue.clone();
            let ids = place_pages(c, &mut loaded, &mut next, material, &all)?;
            let account = Account {
                kind: "file".into(),
                changes: vec![FieldChange {
                    field: "pages".into(),
                    label: format!("{} 入卷", loaded.name_of(&next, material)),
                    before: None,
                    after: Some(format!("{} 页", ids.len())),
                }],
                restores: None,
            };
            let loaded = loaded.save(c, next, &account, None, None)?;
            let row = loaded.catalogue.rows.iter().find(|r| r.id == material).ok_or(Fail::NotFound)?;
            Ok(view::material_view(cx.app, &loaded, row))
        })
    })
}
