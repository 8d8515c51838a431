//! Search codes of pages and titles: keyed codes of the folded text, and one code for
//! every organisation above, for the person and for the volume.

use crate::{App, Fail};
use jz_domain::Id;
use jz_search::{Scope, codes, scope_code};
use jz_store::{CodeTable, Db, org, page};

/// What an organisation is called in the index: its number in the tree.
pub(crate) fn unit_scope(lo: i64) -> Scope {
    Scope::Unit(lo)
}

/// Numbers of the organisations above `org_no` and of itself.
pub(crate) fn ancestors(db: &mut Db<'_>, org_no: i64) -> Result<Vec<i64>, Fail> {
    Ok(org::above(db, org_no)?)
}

fn with_scopes(app: &App, mut text: Vec<u32>, units: &[i64], person: Id, volume: Id) -> Vec<u32> {
    let key = app.search_key();
    text.extend(units.iter().map(|lo| scope_code(unit_scope(*lo), key)));
    text.push(scope_code(Scope::Person(person.0), key));
    text.push(scope_code(Scope::Volume(volume.0), key));
    text.sort_unstable();
    text.dedup();
    text
}

/// Writes the codes of a page whose newest reading folds to `folded`.
pub(crate) fn index(app: &App, db: &mut Db<'_>, p: &page::Page, folded: &str) -> Result<(), Fail> {
    let units = ancestors(db, p.org_no)?;
    let all = with_scopes(app, codes(folded, app.search_key()), &units, p.person, p.volume);
    Ok(db.put_codes(CodeTable::Page, p.id, &all)?)
}

/// The codes of a material's title.
pub(crate) fn title_codes(
    app: &App,
    db: &mut Db<'_>,
    title: &str,
    org_no: i64,
    person: Id,
    volume: Id,
) -> Result<Vec<u32>, Fail> {
    let units = ancestors(db, org_no)?;
    let folded = jz_search::fold_text(title);
    Ok(with_scopes(app, codes(&folded, app.search_key()), &units, person, volume))
}

/// Writes the codes of a page anew, after its person moved in the tree.
pub(crate) fn reindex(app: &App, db: &mut Db<'_>, p: &page::Page) -> Result<(), Fail> {
    let Some(c) = page::candidate(db, p.id)? else { return Ok(()) };
    let folded = crate::seal::open_text(&app.keys, crate::seal::FOLDED, &c.folded)?;
    index(app, db, p, &folded)
}
