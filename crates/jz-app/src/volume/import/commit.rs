//! Filing a plan, volume by volume. Safe to run twice.

use super::{
    batch::{self, FolderNote, FoundVolume, Outcome as Filed, VolumeBatch},
    files::{Files, Kept},
    plan::{Plan, Planned, add_op},
};
use crate::{
    About, App, Change, Cx, Fail,
    audit::FieldChange,
    jobs::{Outcome, Ticket},
    objects, seal,
    volume::{
        derived,
        filing::{Press, Ready, place_pages},
        load::{self, Account, Loaded, RowJson},
        make::{open_volume, retried},
    },
};
use jz_domain::{
    Id,
    identity::{Action, Actor},
    intake::folders::PlannedMaterial,
    volume::{self as rules, Catalogue},
};
use jz_store::{Db, StoreError, job, page, person, volume};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Starts the filing of a batch; a job does it.
pub fn commit(cx: &Cx<'_>, id: Id) -> Result<VolumeBatch, Fail> {
    cx.scope(Action::VolumeEdit)?;
    cx.change(|c| {
        let b = batch::find(cx, c.db, id, true)?;
        if b.state != "preview" {
            return Err(Fail::conflict("import.state", "这一批已经提交或撤销，请刷新后查看。"));
        }
        let mut summary = batch::summary_of(cx, &b)?;
        if !summary.volumes.iter().any(|v| v.state == "planned") {
            return Err(Fail::refused("import.nothing", "这一批没有可以导入的案卷，原因见下面的列表。"));
        }
        summary.job = Some(c.enqueue(batch::KIND, &id.to_string())?);
        let summary = seal::json(&cx.app.keys, seal::SUMMARY, &summary)?;
        let b = job::Batch { state: "running".to_owned(), summary, ..b };
        job::put_batch(c.db, &b)?;
        c.note("import.committed", About::thing("batch", id));
        batch::view(cx, c.db, &b)
    })
}

/// The job: files the batch whose id is its argument.
pub(crate) fn work(app: &App, t: &Ticket<'_>) -> Result<Outcome, Fail> {
    let Ok(id) = t.job.arg.parse::<Id>() else { return Ok(Outcome::Failed("import.argument".into())) };
    let found = app.store.read(|db| Ok::<_, Fail>(job::find_batch(db, id, false)?))?;
    let Some(b) = found.filter(|b| b.state == "running") else { return Ok(Outcome::Done) };
    let Some(digest) = &b.plan else { return Ok(Outcome::Failed("import.no-plan".into())) };
    let plan: Plan = serde_json::from_slice(&objects::read(app, digest)?)
        .map_err(|e| Fail::machine("reading a plan", e))?;
    let kept = Kept { app, digests: &plan.digests };
    let total: usize = plan.volumes.iter().filter(|v| v.refused.is_none()).map(|v| v.plan.pages()).sum();
    let mut told = app.now();
    let mut progress = |done: usize| {
        let now = app.now();
        // Each word costs a write: often enough for eyes, and for the lease of the job.
        if done < total && now.0 - told.0 < 1_000 {
            return Ok(());
        }
        told = now;
        t.progress(done as i64, total as i64)
    };
    file_all(app, &b, &plan, &kept, &mut progress)?;
    Ok(Outcome::Done)
}

/// Acts for whoever started the batch; the right was checked when the plan was made.
fn on_behalf<'a>(app: &'a App, b: &job::Batch) -> Cx<'a> {
    let actor = Actor { account: b.actor, person: None, grants: Vec::new() };
    Cx { actor, ..Cx::system(app) }
}

/// Files all volumes of a batch that are not filed yet, then closes it.
pub(super) fn file_all(
    app: &App,
    b: &job::Batch,
    plan: &Plan,
    files: &dyn Files,
    progress: &mut dyn FnMut(usize) -> Result<(), Fail>,
) -> Result<(), Fail> {
    let cx = on_behalf(app, b);
    let before = app.store.read(|db| batch::summary_now(&cx, db, b))?;
    let mut done = 0;
    for (n, v) in plan.volumes.iter().enumerate().filter(|(_, v)| v.refused.is_none()) {
        // A job that runs again after a crash goes on where it was.
        if let Some(line) = before.volumes.get(n).filter(|f| f.state == "planned") {
            let cx = on_behalf(app, b);
            let mut step = |more: usize| progress(done + more);
            Volume { cx: &cx, batch: b.id, n, line, planned: v, files }.file(&mut step)?;
        }
        done += v.plan.pages();
        progress(done)?;
    }
    let cx = on_behalf(app, b);
    cx.change(|c| {
        let b = job::find_batch(c.db, b.id, true)?.ok_or(Fail::NotFound)?;
        let summary = batch::summary_now(&cx, c.db, &b)?;
        let summary = seal::json(&app.keys, seal::SUMMARY, &summary)?;
        job::put_batch(c.db, &job::Batch { state: "committed".to_owned(), summary, ..b.clone() })?;
        c.note("import.committed", About::thing("batch", b.id));
        Ok(())
    })?;
    let removed = derived::evict(app, app.config.cache_bytes())?;
    if removed > 0 {
        tracing::info!(removed, "derived pictures evicted");
    }
    Ok(())
}

/// One volume on its way.
struct Volume<'a> {
    cx: &'a Cx<'a>,
    batch: Id,
    n: usize,
    line: &'a FoundVolume,
    planned: &'a Planned,
    files: &'a dyn Files,
}

/// What a volume holds already, by the digest of the pages.
#[derive(Default)]
struct Known {
    pages: BTreeMap<Vec<u8>, Vec<Id>>,
    ids: BTreeSet<Id>,
}

impl Known {
    fn add(&mut self, p: &page::Page) {
        self.pages.entry(p.object.clone()).or_default().push(p.id);
        self.ids.insert(p.id);
    }

    /// Takes one page with these bytes, if there is one that nobody took.
    fn take(&mut self, sha256: &[u8]) -> Option<Id> {
        self.pages.get_mut(sha256).and_then(Vec::pop)
    }
}

/// A planned material on its way: what is there already, what is new.
struct Row<'a> {
    material: &'a PlannedMaterial,
    there: Vec<Id>,
    new: Vec<usize>,
}

impl Volume<'_> {
    fn file(&self, progress: &mut dyn FnMut(usize) -> Result<(), Fail>) -> Result<(), Fail> {
        let Some(owner) = self.planned.person else { return Ok(()) };
        let mut known = self.known(owner)?;
        let mut notes = Vec::new();
        let mut press = Press::new(self.cx.app);
        let mut rows = Vec::new();
        let mut seen = 0;
        for material in &self.planned.plan.materials {
            let mut row = Row { material, there: Vec::new(), new: Vec::new() };
            for page in &material.pages {
                self.page(&page.path, &mut known, &mut press, &mut row, &mut notes)?;
                seen += 1;
                progress(seen)?;
            }
            rows.push(row);
        }
        let ready = press.finish()?;
        retried(|| self.write(owner, &rows, &ready, &known.ids, &notes))
    }

    /// The pages of the volume this plan would go into.
    fn known(&self, owner: Id) -> Result<Known, Fail> {
        self.cx.app.store.read(|db| {
            let mut known = Known::default();
            if let Some(v) = self.target(db, owner)? {
                page::of_volume(db, v.id)?.iter().for_each(|p| known.add(p));
            }
            Ok(known)
        })
    }

    /// The person's volume of this scheme, or the one the hand-over names.
    fn target(&self, db: &mut Db<'_>, owner: Id) -> Result<Option<volume::Volume>, Fail> {
        let named = self.planned.plan.person.archive_no.as_deref();
        let all = volume::of_person(db, owner)?;
        let by_no = all.iter().find(|v| named == Some(v.no.as_str()) && v.scheme == self.planned.scheme);
        Ok(by_no.or_else(|| all.iter().find(|v| v.scheme == self.planned.scheme)).cloned())
    }

    /// One page: known by its digest, or new. A file that cannot be read is a note.
    fn page(
        &self,
        path: &str,
        known: &mut Known,
        press: &mut Press<'_>,
        row: &mut Row<'_>,
        notes: &mut Vec<FolderNote>,
    ) -> Result<(), Fail> {
        let mut note = |code: &str, message: String| {
            let severity = "error".to_owned();
            notes.push(FolderNote { path: path.to_owned(), code: code.to_owned(), severity, message });
        };
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(Fail::Machine(..)) => {
                note("FILE_UNREADABLE", "文件读不出，这一页没有入卷；请检查磁盘后重新导入。".to_owned());
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let sha256 = Sha256::digest(&bytes).to_vec();
        if let Some(id) = known.take(&sha256) {
            row.there.push(id);
            return Ok(());
        }
        let wanted = self.planned.expected.get(path);
        if wanted.is_some_and(|w| *w != hex::encode(&sha256)) {
            note(
                "FIXITY_MISMATCH",
                "文件与移交清单中的 SHA-256 不一致，这一页没有入卷；请向移交方核对。".to_owned(),
            );
            return Ok(());
        }
        let first = press.pages();
        match press.add(path, bytes)? {
            Ok(pages) => row.new.extend(first..first + pages),
            Err(trouble) => note(&trouble.code, format!("这一页没有入卷：{}", trouble.zh)),
        }
        Ok(())
    }

    /// One transaction: volume, materials, pages, jobs, events, and the line of the batch.
    fn write(
        &self,
        owner: Id,
        rows: &[Row<'_>],
        ready: &[Ready],
        seen: &BTreeSet<Id>,
        notes: &[FolderNote],
    ) -> Result<(), Fail> {
        let cx = self.cx;
        cx.change(|c| {
            let owner = load::lock(c.db, owner)?;
            let scheme = rules::scheme(&self.planned.scheme)
                .ok_or(Fail::Store(StoreError::Corrupt { table: "plan", column: "scheme" }))?;
            let old = self.target(c.db, owner.id)?;
            let before = old.as_ref().map(|v| v.rev);
            let v = match old {
                Some(v) => v,
                None => open_volume(c, &owner, scheme, &[])?,
            };
            let mut loaded = load::load(c.db, v)?;
            let mut next = loaded.catalogue.clone();
            // Pages that somebody filed since we looked: another import of the same folder.
            let mut since = Known::default();
            loaded.pages.values().filter(|p| !seen.contains(&p.id)).for_each(|p| since.add(p));
            let (mut changes, mut taken) = (Vec::new(), BTreeSet::new());
            let (mut new_materials, mut new_pages) = (0, 0);
            for row in rows {
                let there = home(&loaded, &next, row, &taken);
                let id = match there {
                    Home::Row(id) => id,
                    Home::Removed => continue,
                    Home::New => {
                        let id = load::material_id(c)?;
                        let add = add_op(id, &row.material.item);
                        let (with, _) = next
                            .apply(scheme, std::slice::from_ref(&add))
                            .map_err(|e| Fail::refused(e.code, e.zh))?;
                        next = with;
                        new_materials += 1;
                        changes.push(FieldChange {
                            field: "add".into(),
                            label: "新增材料".into(),
                            before: None,
                            after: Some(loaded.name_of(&next, id)),
                        });
                        id
                    }
                };
                taken.insert(id);
                let new: Vec<&Ready> = row
                    .new
                    .iter()
                    .filter_map(|i| ready.get(*i))
                    .filter(|r| since.take(&r.master.sha256).is_none())
                    .collect();
                if !new.is_empty() {
                    new_pages += place_pages(c, &mut loaded, &mut next, id, &new)?.len();
                }
            }
            let there: usize = rows.iter().map(|r| r.there.len() + r.new.len()).sum();
            let changed = new_materials + new_pages > 0;
            if changed {
                changes.push(FieldChange {
                    field: "pages".into(),
                    label: "入卷".into(),
                    before: None,
                    after: Some(format!("{new_materials} 份材料、{new_pages} 页")),
                });
                let account = Account { kind: "import".into(), changes, restores: None };
                loaded = loaded.save(c, next, &account, Some("导入案卷"), Some("volume.imported"))?;
            } else {
                c.note("volume.imported", load::about(&loaded.volume));
            }
            self.tell(c, &loaded, (before, changed), (new_materials, new_pages, there), notes)
        })
    }

    /// The line of the batch and what an undo needs, in the same transaction.
    fn tell(
        &self,
        c: &mut Change<'_, '_>,
        loaded: &Loaded,
        (before, changed): (Option<i64>, bool),
        (new_materials, new_pages, pages): (usize, usize, usize),
        notes: &[FolderNote],
    ) -> Result<(), Fail> {
        let mut line = FoundVolume {
            volume: Some(loaded.volume.id),
            volume_no: Some(loaded.volume.no.clone()),
            state: if changed { "filed" } else { "same" }.to_owned(),
            pages,
            new_materials,
            new_pages,
            ..self.line.clone()
        };
        line.findings.extend_from_slice(notes);
        let outcome = Filed { before, line };
        job::put_item(
            c.db,
            self.batch,
            &job::Item {
                n: self.n as i64,
                kind: if changed { batch::CHANGED } else { "same" }.to_owned(),
                object: loaded.volume.id,
                version: loaded.volume.rev,
                before: Some(seal::json(&self.cx.app.keys, seal::BEFORE, &outcome)?),
            },
        )?;
        Ok(())
    }
}

/// Where a planned material goes.
enum Home {
    /// It is in the catalogue.
    Row(Id),
    /// It was taken out of the catalogue by a person and stays out.
    Removed,
    /// It is new.
    New,
}

/// A material is known by its pages, else by class, title and date.
fn home(loaded: &Loaded, next: &Catalogue, row: &Row<'_>, taken: &BTreeSet<Id>) -> Home {
    let item = &row.material.item;
    let by_page = row.there.first().and_then(|p| loaded.pages.get(p)).map(|p| p.material);
    let same = |r: &&rules::MaterialRow| {
        r.title == item.title.trim() && r.class_code == item.class_code && r.formed == item.formed
    };
    let rows = || next.rows.iter().filter(|r| !taken.contains(&r.id));
    let found = match by_page {
        Some(id) => next.rows.iter().find(|r| r.id == id),
        None => rows().filter(|r| r.removed.is_none()).find(same).or_else(|| rows().find(same)),
    };
    match found {
        Some(r) if r.removed.is_none() => Home::Row(r.id),
        Some(_) => Home::Removed,
        None => Home::New,
    }
}

/// The catalogue a revision had.
pub(super) fn catalogue_at(cx: &Cx<'_>, db: &mut Db<'_>, v: Id, rev: i64) -> Result<Catalogue, Fail> {
    let r = volume::revision(db, v, rev)?.ok_or(Fail::NotFound)?;
    let rows: Vec<RowJson> = seal::open_json(&cx.app.keys, seal::REVISION, &r.rows)?;
    Ok(Catalogue { rows: rows.into_iter().map(rules::MaterialRow::from).collect() })
}

/// The person of a volume, for its counter.
pub(super) fn owner_of(db: &mut Db<'_>, v: &volume::Volume) -> Result<person::Person, Fail> {
    load::lock(db, v.person)
}
