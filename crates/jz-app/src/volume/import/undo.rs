//! Taking an import back: new volumes and pages are withdrawn, old catalogues are what
//! they were. Masters and revisions stay.

use super::{
    batch::{self, VolumeBatch},
    commit::{catalogue_at, owner_of},
};
use crate::{
    About, Change, Cx, Event, Fail,
    audit::FieldChange,
    volume::{
        load::{self, Account, Loaded},
        make::count_volumes,
    },
};
use jz_domain::{Id, identity::Action, volume::Catalogue};
use jz_store::{CodeTable, job, page, volume};
use std::collections::BTreeSet;

/// Takes a batch back, all of it or nothing.
pub fn undo(cx: &Cx<'_>, id: Id) -> Result<VolumeBatch, Fail> {
    cx.scope(Action::VolumeEdit)?;
    cx.change(|c| {
        let b = batch::find(cx, c.db, id, true)?;
        if b.state != "committed" {
            return Err(Fail::conflict("import.state", "只有已提交的批次可以撤销，请刷新后查看。"));
        }
        let mut items = batch::outcomes(cx, c.db, id)?;
        items.retain(|(item, _)| item.kind == batch::CHANGED);
        let mut changed = Vec::new();
        for (i, _) in &items {
            let v = volume::find(c.db, i.object)?.ok_or(Fail::NotFound)?;
            cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
            if v.rev != i.version || v.state != "active" {
                changed.push(v.no);
            }
        }
        if let Some(first) = changed.first() {
            return Err(Fail::conflict(
                "import.changed-since",
                format!("导入之后有 {} 个案卷又有改动（如 {first}），不能整批撤销。", changed.len()),
            ));
        }
        for (i, outcome) in &items {
            let v = load::find(c.db, i.object)?;
            match outcome.before {
                None => withdraw(c, v)?,
                Some(rev) => restore(c, v, rev)?,
            }
        }
        let b = job::Batch { state: "undone".to_owned(), ..b };
        job::put_batch(c.db, &b)?;
        c.note("import.undone", About::thing("batch", id));
        batch::view(cx, c.db, &b)
    })
}

/// A volume that the import made.
fn withdraw(c: &mut Change<'_, '_>, v: volume::Volume) -> Result<(), Fail> {
    let owner = owner_of(c.db, &v)?;
    let mut loaded = load::load(c.db, v)?;
    drop_pages(c, &mut loaded, &BTreeSet::new())?;
    let mut loaded = loaded.save(
        c,
        Catalogue::default(),
        &Account { kind: "import".into(), changes: vec![taken_back()], restores: None },
        None,
        None,
    )?;
    let rev = loaded.volume.rev;
    loaded.volume.state = "withdrawn".to_owned();
    volume::update(c.db, &loaded.volume, rev)?;
    count_volumes(c.db, &owner)?;
    c.event(Event {
        kind: "volume.withdrawn",
        about: load::about(&loaded.volume),
        subject: owner.id,
        happened: None,
        basis: None,
        changes: vec![FieldChange {
            field: "no".into(),
            label: "档号".into(),
            before: Some(loaded.volume.no.clone()),
            after: None,
        }],
    })
}

fn taken_back() -> FieldChange {
    FieldChange { field: "import".into(), label: "撤销导入".into(), before: None, after: None }
}

/// A volume that was there before: its catalogue is what it was.
fn restore(c: &mut Change<'_, '_>, v: volume::Volume, rev: i64) -> Result<(), Fail> {
    owner_of(c.db, &v)?;
    let next = catalogue_at(c.cx, c.db, v.id, rev)?;
    let mut loaded = load::load(c.db, v)?;
    let kept: BTreeSet<Id> = next.rows.iter().flat_map(|r| r.pages.iter().copied()).collect();
    drop_pages(c, &mut loaded, &kept)?;
    let account = Account { kind: "import".into(), changes: vec![taken_back()], restores: None };
    loaded.save(c, next, &account, None, Some("catalogue.undone"))?;
    Ok(())
}

/// Pages that are not kept leave the volume and the search.
fn drop_pages(c: &mut Change<'_, '_>, loaded: &mut Loaded, kept: &BTreeSet<Id>) -> Result<(), Fail> {
    let gone: Vec<Id> = loaded.pages.keys().filter(|id| !kept.contains(id)).copied().collect();
    for id in gone {
        if let Some(p) = loaded.pages.remove(&id) {
            page::put(c.db, &page::Page { state: "withdrawn".to_owned(), ..p })?;
            c.db.drop_codes(CodeTable::Page, id)?;
        }
    }
    Ok(())
}
