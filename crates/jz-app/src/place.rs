//! Where things stand in the tree and whose they are: what a right is decided on.

use crate::Fail;
use jz_domain::{Id, identity::Object};
use jz_store::{Db, org, page, person, volume};

/// Kinds of things that a route can name by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 组织.
    Org,
    /// 人员.
    Person,
    /// 案卷.
    Volume,
    /// 材料.
    Material,
    /// 页.
    Page,
}

/// The place of a thing; `None` when there is no such thing.
pub fn object_of(db: &mut Db<'_>, kind: Kind, id: Id) -> Result<Option<Object>, Fail> {
    Ok(match kind {
        Kind::Org => org::find(db, id)?.map(|o| Object { org_no: Some(o.span.lo), subject: None }),
        Kind::Person => person::find(db, id)?
            .filter(|p| p.state == "active")
            .map(|p| Object { org_no: Some(p.org_no), subject: Some(p.id) }),
        Kind::Volume => volume::find(db, id)?
            .filter(|v| v.state == "active")
            .map(|v| Object { org_no: Some(v.org_no), subject: Some(v.person) }),
        Kind::Material => {
            let Some(m) = volume::find_material(db, id)? else { return Ok(None) };
            return object_of(db, Kind::Volume, m.volume);
        }
        Kind::Page => page::find(db, id)?
            .filter(|p| p.state == "active")
            .map(|p| Object { org_no: Some(p.org_no), subject: Some(p.person) }),
    })
}
