//! A volume as the pages show it.

use super::load::{self, Loaded};
use crate::{App, Cx, Fail, member};
use jz_domain::{
    Id,
    identity::Action,
    volume::{self as rules, MaterialRow, SECRECY},
};
use jz_store::{Db, page, person, volume};
use serde::Serialize;

/// A line of the list.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct VolumeRow {
    /// Id.
    pub id: Id,
    /// 档号.
    pub no: String,
    /// Whose.
    pub person: Id,
    /// 姓名.
    pub person_name: String,
    /// Short name of the person's organisation.
    pub org_name: String,
    /// Code of the class scheme.
    pub scheme: String,
    /// Its name.
    pub scheme_label: String,
    /// Materials in the catalogue.
    pub materials: i64,
    /// Pages in the catalogue.
    pub pages: i64,
    /// Code of the secrecy.
    pub secrecy: String,
    /// Its label.
    pub secrecy_label: String,
    /// `active` or `withdrawn`.
    pub state: String,
    /// Revision of the catalogue.
    pub catalogue_rev: i64,
}

/// A page in the catalogue.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PageRef {
    /// Id.
    pub id: Id,
    /// Place in the material, from 1.
    pub no: i64,
    /// Width in pixels.
    pub w: i64,
    /// Height in pixels.
    pub h: i64,
    /// State of recognition: `pending`, `done`, `failed`, `none`.
    pub state: String,
    /// Mean confidence of the recognised text.
    pub confidence: Option<f64>,
    /// Below the threshold for a person to look at.
    pub low: bool,
}

/// A material of the catalogue.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Material {
    /// Id.
    pub id: Id,
    /// Class.
    pub class_code: String,
    /// Number in the class; 0 when it was taken out.
    pub seq: i64,
    /// 材料名称.
    pub title: String,
    /// 材料形成时间.
    pub formed: Option<String>,
    /// Pages in order.
    pub pages: Vec<PageRef>,
    /// 页数 by the paper catalogue.
    pub page_count: Option<i64>,
    /// 份数.
    pub copies: i64,
    /// 备注.
    pub remark: String,
    /// `active` or `removed`.
    pub state: String,
    /// Why it was taken out.
    pub removed: Option<String>,
}

/// A class with its materials.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct VolumeClass {
    /// Code.
    pub code: String,
    /// Class above.
    pub parent: Option<String>,
    /// Full name.
    pub name: String,
    /// Label in the printed catalogue.
    pub label: String,
    /// Whether materials may stand in it.
    pub leaf: bool,
    /// Materials in order.
    pub materials: Vec<Material>,
}

/// A whole volume.
#[derive(Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Volume)]
pub struct VolumeRecord {
    /// The line of the list.
    #[serde(flatten)]
    pub row: VolumeRow,
    /// Revision of the catalogue, to be given back with an edit.
    pub rev: i64,
    /// Classes of the scheme in order, empty ones too.
    pub classes: Vec<VolumeClass>,
    /// Materials that were taken out of the catalogue.
    pub removed: Vec<Material>,
    /// Codes of what the actor may do.
    pub actions: Vec<&'static str>,
}

/// The line of the list for a volume.
pub(super) fn row_view(
    db: &mut Db<'_>,
    names: &mut member::Names,
    v: &volume::Volume,
) -> Result<VolumeRow, Fail> {
    let owner = person::find(db, v.person)?;
    let org_name = match &owner {
        Some(p) => names.org(db, p.org)?,
        None => String::new(),
    };
    Ok(VolumeRow {
        id: v.id,
        no: v.no.clone(),
        person: v.person,
        person_name: owner.map(|p| p.name).unwrap_or_default(),
        org_name,
        scheme: v.scheme.clone(),
        scheme_label: rules::scheme(&v.scheme).map_or(v.scheme.as_str(), |s| s.name).to_owned(),
        materials: v.materials,
        pages: v.pages,
        secrecy: v.secrecy.clone(),
        secrecy_label: jz_domain::member::label(SECRECY, &v.secrecy).to_owned(),
        state: v.state.clone(),
        catalogue_rev: v.rev,
    })
}

fn page_ref(app: &App, p: &page::Page) -> PageRef {
    PageRef {
        id: p.id,
        no: p.no,
        w: p.w,
        h: p.h,
        state: p.ocr.clone(),
        confidence: p.confidence,
        low: p.confidence.is_some_and(|c| c < app.low_confidence()),
    }
}

/// One material of a loaded volume.
pub(super) fn material_view(app: &App, loaded: &Loaded, r: &MaterialRow) -> Material {
    Material {
        id: r.id,
        class_code: r.class_code.clone(),
        seq: r.seq,
        title: r.title.clone(),
        formed: r.formed.map(|d| d.to_string()),
        pages: r.pages.iter().filter_map(|id| loaded.pages.get(id)).map(|p| page_ref(app, p)).collect(),
        page_count: r.page_count,
        copies: r.copies,
        remark: r.remark.clone(),
        state: if r.removed.is_some() { "removed" } else { "active" }.to_owned(),
        removed: r.removed.clone(),
    }
}

/// The whole volume, inside a transaction, without a line in the ledger.
pub(super) fn record(cx: &Cx<'_>, db: &mut Db<'_>, loaded: &Loaded) -> Result<VolumeRecord, Fail> {
    let place = load::place_of(&loaded.volume);
    let rows = &loaded.catalogue.rows;
    let classes = loaded
        .scheme
        .classes
        .iter()
        .map(|class| VolumeClass {
            code: class.code.to_owned(),
            parent: class.parent.map(str::to_owned),
            name: class.name.to_owned(),
            label: class.label.to_owned(),
            leaf: class.leaf,
            materials: rows
                .iter()
                .filter(|r| r.removed.is_none() && r.class_code == class.code)
                .map(|r| material_view(cx.app, loaded, r))
                .collect(),
        })
        .collect();
    Ok(VolumeRecord {
        row: row_view(db, &mut member::Names::default(), &loaded.volume)?,
        rev: loaded.volume.rev,
        classes,
        removed: rows
            .iter()
            .filter(|r| r.removed.is_some())
            .map(|r| material_view(cx.app, loaded, r))
            .collect(),
        actions: [Action::VolumeEdit, Action::PageView, Action::PageCorrect, Action::CataloguePrint]
            .into_iter()
            .filter(|a| cx.allow(*a, &place).is_ok())
            .map(Action::code)
            .collect(),
    })
}

/// Opens a volume: a line in the ledger, then the answer.
pub fn read(cx: &Cx<'_>, id: Id) -> Result<VolumeRecord, Fail> {
    let v = cx.app.store.read(|db| load::find(db, id))?;
    cx.allow(Action::VolumeRead, &load::place_of(&v))?;
    cx.look(Action::VolumeRead, &load::about(&v), None, |db| {
        let v = load::find(db, id)?;
        let loaded = load::load(db, v)?;
        record(cx, db, &loaded)
    })
}
