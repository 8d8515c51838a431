//! An import from a folder of this machine, for the command line: plan and filing in one go.

use super::{
    batch::{self, Summary, VolumeBatch},
    commit::file_all,
    files::Folder,
    plan::plan,
};
use crate::{About, Cx, Fail};
use jz_domain::{Id, identity::Action, intake::folders::Layout};
use jz_store::job;
use std::path::Path;

/// Imports the volumes below a folder. With `dry` nothing is written, and the batch has
/// the id 0.
pub fn local(cx: &Cx<'_>, dir: &Path, layout: &str, dry: bool) -> Result<VolumeBatch, Fail> {
    cx.scope(Action::VolumeEdit)?;
    let layout = Layout::from_code(layout)
        .ok_or_else(|| Fail::refused("import.layout", "目录布局只能是 a、b、c 或 j。"))?;
    let folder = Folder::open(dir)?;
    let found = folder.walk()?;
    let mut made = plan(cx, layout, &found.paths, &folder)?;
    made.unmatched.extend(found.unmatched);
    let summary = Summary::of(&made);
    if dry {
        let b = batch::new_batch(cx, Id(0), folder.name(), "preview", None, &summary)?;
        return cx.app.store.read(|db| batch::view(cx, db, &b));
    }
    let b = cx.change(|c| {
        let id = c.id()?;
        let b = batch::new_batch(cx, id, folder.name(), "running", None, &summary)?;
        job::put_batch(c.db, &b)?;
        c.note("import.previewed", About::thing("batch", id));
        Ok(b)
    })?;
    file_all(cx.app, &b, &made, &folder, &mut |_| Ok(()))?;
    batch::read(cx, b.id)
}
