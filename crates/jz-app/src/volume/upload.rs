//! Pages added to a material by hand: images and born-digital PDF.

use super::{
    filing::{Press, place_pages},
    load::{self, Account},
    make::retried,
    view::{self, Material},
};
use crate::{Cx, Fail, audit::FieldChange, fail::Problem};
use jz_domain::{Id, identity::Action};
use jz_store::volume;

pub use crate::worker::MAX_FILE as MAX_PAGE_FILE;

/// A file as it was sent.
pub struct Upload {
    /// Name the person gave it.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Pages in one request.
const MOST_PAGES: usize = 2_000;

/// Adds the pages of files to the end of a material, in order: all of them or none.
pub fn add_pages(
    cx: &Cx<'_>,
    material: Id,
    files: impl Iterator<Item = Result<Upload, Fail>>,
) -> Result<Material, Fail> {
    let v = cx.app.store.read(|db| {
        let m = volume::find_material(db, material)?.ok_or(Fail::NotFound)?;
        load::find(db, m.volume)
    })?;
    cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
    let mut press = Press::new(cx.app);
    let mut problems: Vec<Problem> = Vec::new();
    let mut count = 0;
    for file in files {
        let file = file?;
        if let Err(trouble) = press.add(&file.name, file.bytes)? {
            problems.push(Problem {
                pointer: format!("/files/{count}"),
                message: format!("第 {} 个文件：{}", count + 1, trouble.zh),
            });
        }
        count += 1;
        if press.pages() > MOST_PAGES {
            return Err(Fail::refused(
                "page.too-many",
                format!("一次最多添加 {MOST_PAGES} 页，请分几次上传。"),
            ));
        }
    }
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
    retried(|| {
        cx.change(|c| {
            load::lock(c.db, v.person)?;
            let v = load::find(c.db, v.id)?;
            cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
            let mut loaded = load::load(c.db, v)?;
            let mut next = loaded.catalogue.clone();
            let ids = place_pages(c, &mut loaded, &mut next, material, &ready)?;
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
