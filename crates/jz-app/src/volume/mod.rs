//! 案卷 (volume): volumes, catalogue, pages.

use crate::{Change, Fail};
use jz_store::{page, person, volume};

/// After a person moved: volumes, materials, pages and their search codes move along.
pub(crate) fn follow(c: &mut Change<'_, '_>, p: &person::Person) -> Result<(), Fail> {
    for v in volume::of_person(c.db, p.id)? {
        let rev = v.rev;
        volume::update(c.db, &volume::Volume { org_no: p.org_no, ..v.clone() }, rev)?;
        for m in volume::materials(c.db, v.id)? {
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
