//! 检索 (search): people by what they are called, page text and titles by what they say.

mod find;

pub use find::{Hit, SearchAnswer, SearchQuery, SnippetPart, search, source_of};

use crate::{App, Fail};
use jz_domain::{Id, intake::idno::IdNo, org::Span};
use jz_store::{Db, person};

/// What somebody is looked up by. Digits of the identity number only as keyed hashes.
pub(crate) fn person_keys(
    app: &App,
    name: &str,
    former: Option<&str>,
    number: Option<&str>,
    id_no: Option<&str>,
) -> Vec<String> {
    let names = jz_search::PersonNames { name, former: former.as_slice(), numbers: number.as_slice(), id_no };
    jz_search::person_keys(&names, app.search_key())
}

/// People inside the spans whose keys begin with the text, at most `limit`.
pub(crate) fn people(
    app: &App,
    db: &mut Db<'_>,
    text: &str,
    spans: &[Span],
    limit: i64,
) -> Result<Vec<Id>, Fail> {
    let mut out: Vec<Id> = Vec::new();
    if let Ok(id_no) = IdNo::parse(text) {
        let key = app.keys.keyed_index(crate::seal::ID_NO, id_no.as_str().as_bytes());
        let found = person::by_id_key(db, &key)?
            .filter(|p| p.state == "active" && spans.iter().any(|s| s.holds(p.org_no)));
        return Ok(found.map(|p| p.id).into_iter().collect());
    }
    for (lo, hi) in jz_search::person_query(text, app.search_key()) {
        for span in spans {
            for id in person::by_key(db, &lo, &hi, *span, limit)? {
                if !out.contains(&id) {
                    out.push(id);
                }
            }
        }
        if out.len() as i64 >= limit {
            break;
        }
    }
    out.truncate(limit as usize);
    Ok(out)
}
