//! An upload of folders: files go into the vault as they arrive, then the plan is made.

use super::{
    MOST_BYTES, MOST_FILES,
    batch::{self, Summary, VolumeBatch},
    files::{Kept, TOO_BIG, too_many},
    plan::plan,
};
use crate::{
    About, App, Cx, Fail, objects,
    volume::{
        MAX_PAGE_FILE,
        parts::{Content, Piece, assemble},
    },
    worker::{Entry, Op, ZipLimits},
};
use jz_blob::{Batch, Stored};
use jz_domain::{
    identity::Action,
    intake::folders::{Layout, Unmatched},
};
use jz_store::job;
use std::{collections::BTreeMap, path::Path};

/// Files between two flushes.
const FLUSH: usize = 200;

struct Incoming<'a> {
    app: &'a App,
    batch: Batch<'a>,
    stored: Vec<Stored>,
    digests: BTreeMap<String, String>,
    unmatched: Vec<Unmatched>,
    total: u64,
}

/// Takes the files of an upload and says what they would become. Nothing is filed yet.
/// The field `layout` is `a`, `b`, `c` or `j`.
pub fn receive(cx: &Cx<'_>, pieces: impl Iterator<Item = Result<Piece, Fail>>) -> Result<VolumeBatch, Fail> {
    cx.scope(Action::VolumeEdit)?;
    let mut layout = None;
    let mut incoming = Incoming {
        app: cx.app,
        batch: cx.app.vault.batch(),
        stored: Vec::new(),
        digests: BTreeMap::new(),
        unmatched: Vec::new(),
        total: 0,
    };
    let field = |name: &str, value: &str| {
        if name == "layout" {
            layout = Layout::from_code(value.trim());
        }
        Ok(())
    };
    assemble(cx.app, pieces, true, MOST_BYTES, field, |part| match part.content {
        Content::Bytes(bytes) => incoming.keep(part.path, &bytes),
        Content::Zip(file) => incoming.unzip(file.path()),
        Content::TooBig => {
            incoming.leave(part.path, TOO_BIG);
            Ok(())
        }
    })?;
    let layout =
        layout.ok_or_else(|| Fail::at("import.layout", "/layout", "请选择目录布局：A、B、C 或 J。"))?;
    incoming.flush()?;
    if incoming.digests.is_empty() && incoming.unmatched.is_empty() {
        return Err(Fail::at("import.no-file", "/files", "请选择要导入的文件夹或压缩包。"));
    }
    let Incoming { stored, digests, mut unmatched, .. } = incoming;
    cx.app.store.write(|db| stored.iter().try_for_each(|s| objects::register(db, s, cx.now)))?;
    let paths: Vec<String> = digests.keys().cloned().collect();
    let mut made = plan(cx, layout, &paths, &Kept { app: cx.app, digests: &digests })?;
    made.unmatched.append(&mut unmatched);
    made.digests = digests;
    let json = serde_json::to_vec(&made).map_err(|e| Fail::machine("writing a plan", e))?;
    let kept = objects::put(cx.app, &json)?;
    cx.change(|c| {
        objects::register(c.db, &kept, cx.now)?;
        let id = c.id()?;
        let b = batch::new_batch(cx, id, "", "preview", Some(kept.sha256.to_vec()), &Summary::of(&made))?;
        job::put_batch(c.db, &b)?;
        c.note("import.previewed", About::thing("batch", id));
        batch::view(cx, c.db, &b)
    })
}

impl Incoming<'_> {
    fn leave(&mut self, path: String, reason: &str) {
        self.unmatched.push(Unmatched { path, reason: reason.to_owned() });
    }

    fn keep(&mut self, path: String, bytes: &[u8]) -> Result<(), Fail> {
        self.total += bytes.len() as u64;
        if self.total > MOST_BYTES {
            return Err(Fail::refused(
                "import.too-many-bytes",
                format!("文件合计超过 {} GB；请分几次导入。", MOST_BYTES >> 30),
            ));
        }
        if bytes.len() as u64 > MAX_PAGE_FILE {
            self.leave(path, TOO_BIG);
            return Ok(());
        }
        if self.digests.len() >= MOST_FILES {
            return Err(too_many());
        }
        if self.digests.contains_key(&path) {
            self.leave(path, "上传了两个路径相同的文件，只保留前一个");
            return Ok(());
        }
        let digests = self.batch.put(&mut &*bytes)?;
        self.digests.insert(path, hex::encode(digests.sha256));
        if self.batch.len() >= FLUSH {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fail> {
        let full = std::mem::replace(&mut self.batch, self.app.vault.batch());
        self.stored.extend(full.flush()?);
        Ok(())
    }

    /// A zip counts as the folder it was made of.
    fn unzip(&mut self, path: &Path) -> Result<(), Fail> {
        let app = self.app;
        let limits = ZipLimits {
            entries: MOST_FILES as u64,
            each: MAX_PAGE_FILE,
            total: MOST_BYTES.saturating_sub(self.total),
            ratio: 100,
        };
        let op = Op::Unzip { path: path.to_owned(), limits };
        let answer = app.workers.call(&op, Vec::new(), |mut f| {
            let entry: Entry = f.parse()?;
            match (entry.left_out, f.parts.pop()) {
                (None, Some(bytes)) => self.keep(entry.name, &bytes),
                (reason, _) => {
                    self.leave(entry.name, reason.as_deref().unwrap_or("读不出，不导入"));
                    Ok(())
                }
            }
        })?;
        answer.map_err(|t| Fail::at("import.zip", "/files", t.zh))
    }
}
