//! What an import must know of the house: the tree and how far the actor reaches.

use crate::{Cx, Fail, org::Extra, seal};
use jz_domain::{
    Id,
    identity::Action,
    intake::{Kind, OrgEntry, OrgIndex},
    org::Span,
};
use jz_store::{Db, job, org, setting};
use std::collections::HashMap;

/// Top organisation of an installation whose first account was made before anybody said
/// what the school is called. An import may give it its name.
pub(super) const UNNAMED: &str = "中共未命名学校委员会";

/// An organisation that is there.
pub(super) struct Place {
    /// The row.
    pub org: org::Org,
    /// Its other fields.
    pub extra: Extra,
}

/// The tree, and where the actor may import.
pub(super) struct World {
    /// For finding organisations by name.
    pub index: OrgIndex,
    places: HashMap<Id, Place>,
    spans: Vec<Span>,
    /// The actor as a person of the archive: nobody changes the own record.
    pub own: Option<Id>,
    /// An import was undone before: its people may come again.
    pub may_revive: bool,
}

impl World {
    /// Reads it, inside the caller's transaction.
    pub fn load(cx: &Cx<'_>, db: &mut Db<'_>, kind: Kind) -> Result<Self, Fail> {
        let mut spans = cx.scope(Action::ImportRun)?;
        if kind == Kind::Orgs {
            spans = cut(&spans, &cx.scope(Action::OrgEdit)?);
        }
        let mut places = HashMap::new();
        let mut entries = Vec::new();
        let mut school = setting::get(db, "school")?.unwrap_or_default();
        for o in org::all(db)?.into_iter().filter(|o| o.state == "active") {
            if o.parent.is_none() && school.is_empty() {
                school = school_of(&o.full_name);
            }
            if o.full_name != UNNAMED {
                entries.push(OrgEntry {
                    id: o.id,
                    parent: o.parent,
                    kind: o.kind.clone(),
                    full_name: o.full_name.clone(),
                    short_name: o.short_name.clone(),
                });
            }
            let extra = seal::open_json(&cx.app.keys, seal::ORG, &o.extra)?;
            places.insert(o.id, Place { org: o, extra });
        }
        let may_revive = job::any_undone(db)?;
        Ok(Self { index: OrgIndex::new(&school, entries), places, spans, own: cx.actor.person, may_revive })
    }

    /// Looks an organisation up.
    pub fn place(&self, id: Id) -> Option<&Place> {
        self.places.get(&id)
    }

    /// Whether the actor may import into the organisation with this number.
    pub fn reaches(&self, org_no: i64) -> bool {
        self.spans.iter().any(|s| s.holds(org_no))
    }

    /// Whether the actor may import everywhere.
    pub fn reaches_all(&self) -> bool {
        self.spans.iter().any(|s| s.covers(Span::ALL))
    }

    /// Short name, for people.
    pub fn short_name(&self, id: Id) -> String {
        self.place(id).map(|p| p.org.short_name.clone()).unwrap_or_default()
    }

    /// The top that has no name yet.
    pub fn unnamed(&self) -> Option<&Place> {
        self.places.values().find(|p| p.org.parent.is_none() && p.org.full_name == UNNAMED)
    }
}

/// 中共东海大学委员会 → 东海大学.
pub(super) fn school_of(top: &str) -> String {
    let rest = top.strip_prefix("中国共产党").or_else(|| top.strip_prefix("中共")).unwrap_or(top);
    rest.strip_suffix("委员会").or_else(|| rest.strip_suffix("党委")).unwrap_or(rest).to_owned()
}

/// What lies in both.
fn cut(a: &[Span], b: &[Span]) -> Vec<Span> {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| Span { lo: x.lo.max(y.lo), hi: x.hi.min(y.hi) }));
    pairs.filter(|s| s.lo <= s.hi).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_by_the_name_of_its_committee() {
        assert_eq!(school_of("中共东海大学委员会"), "东海大学");
        assert_eq!(school_of("中国共产党东海大学委员会"), "东海大学");
        assert_eq!(school_of("东海大学党委"), "东海大学");
    }

    #[test]
    fn spans_are_cut_to_what_both_hold() {
        let s = |lo, hi| Span { lo, hi };
        assert_eq!(cut(&[s(1, 10), s(20, 30)], &[s(5, 25)]), vec![s(5, 10), s(20, 25)]);
        assert!(cut(&[s(1, 2)], &[s(3, 4)]).is_empty());
    }
}
