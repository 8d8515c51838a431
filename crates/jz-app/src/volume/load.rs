//! A volume with its materials and pages as one value, and writing a changed one back.
//!
//! Every change of a catalogue, by hand or by an import, goes through [`Loaded::save`]:
//! one new revision, rows, page places, counters, search codes, one event.

use crate::{About, Change, Event, Fail, audit::FieldChange, page as pages, seal};
use jz_domain::{
    Id,
    identity::Object,
    volume::{self as rules, Catalogue, MaterialRow, Scheme},
};
use jz_store::{CodeTable, Db, StoreError, page, person, volume};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A volume with everything in it.
pub(super) struct Loaded {
    pub volume: volume::Volume,
    pub scheme: &'static Scheme,
    pub materials: BTreeMap<Id, volume::Material>,
    pub pages: BTreeMap<Id, page::Page>,
    pub catalogue: Catalogue,
}

/// One row of a stored revision.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowJson {
    pub id: Id,
    pub class_code: String,
    pub seq: i64,
    pub title: String,
    pub formed: Option<jz_domain::PartialDate>,
    pub page_count: Option<i64>,
    pub copies: i64,
    pub remark: String,
    pub pages: Vec<Id>,
    pub removed: Option<String>,
}

impl From<&MaterialRow> for RowJson {
    fn from(r: &MaterialRow) -> Self {
        Self {
            id: r.id,
            class_code: r.class_code.clone(),
            seq: r.seq,
            title: r.title.clone(),
            formed: r.formed,
            page_count: r.page_count,
            copies: r.copies,
            remark: r.remark.clone(),
            pages: r.pages.clone(),
            removed: r.removed.clone(),
        }
    }
}

impl From<RowJson> for MaterialRow {
    fn from(r: RowJson) -> Self {
        Self {
            id: r.id,
            class_code: r.class_code,
            seq: r.seq,
            title: r.title,
            formed: r.formed,
            page_count: r.page_count,
            copies: r.copies,
            remark: r.remark,
            pages: r.pages,
            removed: r.removed,
        }
    }
}

/// The sealed account of one revision.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Account {
    /// `made`, `edit`, `undo`, `file`, `import`.
    pub kind: String,
    /// What changed, readable.
    pub changes: Vec<FieldChange>,
    /// The revision whose catalogue this one has again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<i64>,
}

/// What is sealed of a revision: its account, and why, as typed.
#[derive(Serialize, Deserialize)]
pub(super) struct Reasoned {
    #[serde(flatten)]
    pub account: Account,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where the volume stands and whose it is.
pub(super) fn place_of(v: &volume::Volume) -> Object {
    Object { org_no: Some(v.org_no), subject: Some(v.person) }
}

/// What an entry about the volume is about.
pub(super) fn about(v: &volume::Volume) -> About {
    About::of("volume", v.id, v.person, v.org_no)
}

/// The volume, if it is in use.
pub(super) fn find(db: &mut Db<'_>, id: Id) -> Result<volume::Volume, Fail> {
    volume::find(db, id)?.filter(|v| v.state == "active").ok_or(Fail::NotFound)
}

/// Keeps others from changing any volume of the person until the end of the transaction.
pub(super) fn lock(db: &mut Db<'_>, person: Id) -> Result<person::Person, Fail> {
    person::find_locked(db, person)?.filter(|p| p.state == "active").ok_or(Fail::NotFound)
}

fn row_of(m: &volume::Material, pages: Vec<Id>) -> Result<MaterialRow, Fail> {
    let bad = |_| StoreError::Corrupt { table: "material", column: "formed" };
    Ok(MaterialRow {
        id: m.id,
        class_code: m.class_code.clone(),
        seq: m.seq,
        title: m.title.clone(),
        formed: m.formed.as_deref().map(str::parse).transpose().map_err(bad)?,
        page_count: m.page_count,
        copies: m.copies,
        remark: m.remark.clone(),
        pages,
        removed: m.removed.clone(),
    })
}

/// Reads a volume with everything in it.
pub(super) fn load(db: &mut Db<'_>, v: volume::Volume) -> Result<Loaded, Fail> {
    let scheme = rules::scheme(&v.scheme)
        .ok_or(Fail::Store(StoreError::Corrupt { table: "volume", column: "scheme" }))?;
    let materials: BTreeMap<Id, volume::Material> =
        volume::materials(db, v.id)?.into_iter().map(|m| (m.id, m)).collect();
    let mut held: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    let mut pages = BTreeMap::new();
    // They come by material and place.
    for p in page::of_volume(db, v.id)? {
        held.entry(p.material).or_default().push(p.id);
        pages.insert(p.id, p);
    }
    let mut rows = materials
        .values()
        .map(|m| row_of(m, held.remove(&m.id).unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| {
        let key = |r: &MaterialRow| (r.removed.is_some(), scheme.rank(&r.class_code), r.seq, r.id);
        key(a).cmp(&key(b))
    });
    Ok(Loaded { volume: v, scheme, materials, pages, catalogue: Catalogue { rows } })
}

impl Loaded {
    /// `4-1-2《学位证书》`, for histories.
    pub(super) fn name_of(&self, rows: &Catalogue, material: Id) -> String {
        let row = rows.rows.iter().chain(&self.catalogue.rows).find(|r| r.id == material);
        row.map_or_else(String::new, |r| match r.seq {
            0 => format!("《{}》", r.title),
            seq => format!("{}-{seq}《{}》", r.class_code, r.title),
        })
    }

    /// Writes a changed catalogue as the next revision, with an event of this kind unless
    /// the caller has written its own.
    pub(super) fn save(
        mut self,
        c: &mut Change<'_, '_>,
        next: Catalogue,
        account: &Account,
        reason: Option<&str>,
        kind: Option<&'static str>,
    ) -> Result<Self, Fail> {
        self.save_rows(c, &next)?;
        self.save_places(c.db, &next)?;
        self.catalogue = next;
        let read = self.volume.rev;
        let live = || self.catalogue.rows.iter().filter(|r| r.removed.is_none());
        self.volume.materials = live().count() as i64;
        self.volume.pages = live().map(|r| r.pages.len() as i64).sum();
        self.volume.rev = read + 1;
        volume::update(c.db, &self.volume, read)?;
        put_revision(c, &self.volume, &self.catalogue, account, reason)?;
        if let Some(kind) = kind {
            c.event(Event {
                kind,
                about: about(&self.volume),
                subject: self.volume.id,
                happened: None,
                basis: reason,
                changes: account.changes.clone(),
            })?;
        }
        Ok(self)
    }

    fn save_rows(&mut self, c: &mut Change<'_, '_>, next: &Catalogue) -> Result<(), Fail> {
        let kept: BTreeMap<Id, &MaterialRow> = next.rows.iter().map(|r| (r.id, r)).collect();
        // A row that is in no revision any more: an undone addition. It stays, marked.
        let undone: Vec<volume::Material> = self
            .materials
            .values()
            .filter(|m| !kept.contains_key(&m.id) && m.removed.is_none())
            .map(|m| volume::Material { removed: Some("撤销新增".into()), seq: 0, ..m.clone() })
            .collect();
        let (v, app) = (&self.volume, c.cx.app);
        let now = next.rows.iter().map(|r| volume::Material {
            id: r.id,
            volume: v.id,
            class_code: r.class_code.clone(),
            seq: r.seq,
            title: r.title.clone(),
            formed: r.formed.map(|d| d.to_string()),
            page_count: r.page_count,
            copies: r.copies,
            remark: r.remark.clone(),
            removed: r.removed.clone(),
            org_no: v.org_no,
        });
        for m in now.chain(undone) {
            let old = self.materials.get(&m.id);
            if old == Some(&m) {
                continue;
            }
            volume::put_material(c.db, &m)?;
            let found = |m: &volume::Material| m.removed.is_none().then(|| m.title.clone());
            match (old.and_then(found), found(&m)) {
                (before, Some(title)) if before.as_ref() != Some(&title) => {
                    let codes = pages::title_codes(app, c.db, &title, v.org_no, v.person, v.id)?;
                    c.db.put_codes(CodeTable::Title, m.id, &codes)?;
                }
                (Some(_), None) => c.db.drop_codes(CodeTable::Title, m.id)?,
                _ => {}
            }
            self.materials.insert(m.id, m);
        }
        Ok(())
    }

    /// Pages stand in the material and at the place the catalogue says, from 1 without gaps.
    fn save_places(&mut self, db: &mut Db<'_>, next: &Catalogue) -> Result<(), Fail> {
        for row in &next.rows {
            for (no, id) in (1i64..).zip(&row.pages) {
                if let Some(p) = self.pages.get_mut(id).filter(|p| (p.no, p.material) != (no, row.id)) {
                    (p.no, p.material) = (no, row.id);
                    page::put(db, p)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes the account of a revision that `v` already has.
pub(super) fn put_revision(
    c: &mut Change<'_, '_>,
    v: &volume::Volume,
    catalogue: &Catalogue,
    account: &Account,
    reason: Option<&str>,
) -> Result<(), Fail> {
    let rows: Vec<RowJson> = catalogue.rows.iter().map(RowJson::from).collect();
    let account = Reasoned { account: account.clone(), reason: reason.map(str::to_owned) };
    let keys = &c.cx.app.keys;
    volume::put_revision(
        c.db,
        &volume::Revision {
            volume: v.id,
            rev: v.rev,
            at: c.cx.now,
            actor: c.cx.actor.account,
            reason: None,
            changes: seal::json(keys, seal::REVISION, &account)?,
            rows: seal::json(keys, seal::REVISION, &rows)?,
        },
    )?;
    Ok(())
}

/// A new id that nothing of the kind has: ids of one moment share 22 bits of chance, and
/// a volume may bring thousands of pages in one transaction.
pub(super) fn fresh(
    c: &mut Change<'_, '_>,
    taken: impl Fn(&mut Db<'_>, Id) -> Result<bool, StoreError>,
) -> Result<Id, Fail> {
    loop {
        let id = c.id()?;
        if !taken(c.db, id)? {
            return Ok(id);
        }
    }
}

/// A new id for a material.
pub(super) fn material_id(c: &mut Change<'_, '_>) -> Result<Id, Fail> {
    fresh(c, |db, id| Ok(volume::find_material(db, id)?.is_some()))
}

/// A new id for a page.
pub(super) fn page_id(c: &mut Change<'_, '_>) -> Result<Id, Fail> {
    fresh(c, |db, id| Ok(page::find(db, id)?.is_some()))
}
