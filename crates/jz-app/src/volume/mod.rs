//! 案卷 (volume): volumes, their catalogues, and how pages get into them.
//!
//! `load` reads a volume as one value and writes a changed one as the next revision;
//! `catalogue` edits it, `make` gives numbers to new ones, `list` finds them, `view` is
//! what the pages show. `filing` turns files into pages, `derived` keeps thumbnails and
//! tiles, `upload` adds pages by hand and `import` whole folders of scans, `print` gives the
//! catalogue out. The rules of classes and edits are in `jz_domain::volume`.

mod catalogue;
mod derived;
mod filing;
pub mod import;
mod list;
mod load;
mod make;
mod parts;
mod print;
mod upload;
mod view;

pub use catalogue::{CatalogueEdit, CatalogueOp, CatalogueUndo, RevisionView, edit, revisions, undo};
pub use derived::{Derived, Tiles, derived, evict, tiles};
pub use list::{VolumePage, VolumeQuery, list};
pub use make::{NewVolume, create};
pub use parts::Piece;
pub use print::{PrintedFile, catalogue_pdf, catalogue_xlsx, find_by_no};
pub use upload::{MAX_PAGE_FILE, MOST_UPLOAD, add_pages};
pub use view::{Material, PageRef, VolumeClass, VolumeRecord, VolumeRow, read};

use crate::{Change, Fail};
use jz_store::{CodeTable, page, person, volume};

/// After a person moved: volumes, materials, pages and their search codes move along.
pub(crate) fn follow(c: &mut Change<'_, '_>, p: &person::Person) -> Result<(), Fail> {
    for v in volume::of_person(c.db, p.id)? {
        let rev = v.rev;
        volume::update(c.db, &volume::Volume { org_no: p.org_no, ..v.clone() }, rev)?;
        for m in volume::materials(c.db, v.id)? {
            if m.removed.is_none() {
                let codes = crate::page::title_codes(c.cx.app, c.db, &m.title, p.org_no, p.id, v.id)?;
                c.db.put_codes(CodeTable::Title, m.id, &codes)?;
            }
            volume::put_material(c.db, &volume::Material { org_no: p.org_no, ..m })?;
        }
        for x in page::of_volume(c.db, v.id)? {
            let moved = page::Page { org_no: p.org_no, ..x };
            page::put(c.db, &moved)?;
            crate::page::reindex(c.cx.app, c.db, &moved)?;
        }
    }
    Ok(())
}
