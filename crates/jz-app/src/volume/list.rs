//! Finding volumes: by place in the tree, by person, by 档号 or by the person's name.

use super::view::{VolumeRow, row_view};
use crate::{Cx, Fail, member, search};
use jz_domain::{Id, identity::Action, org::Span};
use jz_store::{Db, volume};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is wanted.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VolumeQuery {
    /// This organisation and below.
    pub org: Option<Id>,
    /// Volumes of this person.
    pub person: Option<Id>,
    /// Beginning of a 档号, or what the person is called.
    pub q: Option<String>,
    /// Go on after this one (`next` of the last answer).
    pub after: Option<Id>,
    /// At most, up to 200; 50 when not given.
    pub limit: Option<i64>,
}

/// A slice of the list.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct VolumePage {
    /// Newest first; with `q` in the order of numbers or names.
    pub rows: Vec<VolumeRow>,
    /// Pass as `after` to go on.
    pub next: Option<Id>,
    /// How many there are, as far as the actor may see.
    pub total: i64,
    /// `total` is a lower bound.
    pub capped: bool,
}

/// Volumes are counted up to here.
const MOST: i64 = 10_000;
/// Volumes found by a word are counted up to here.
const FOUND: i64 = 1_000;

/// Lists volumes.
pub fn list(cx: &Cx<'_>, q: &VolumeQuery) -> Result<VolumePage, Fail> {
    let limit = q.limit.unwrap_or(50).clamp(1, 200) as usize;
    let word = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    cx.app.store.read(|db| {
        let spans = member::spans(cx, db, Action::VolumeList, q.org)?;
        if word.is_none() && q.person.is_none() {
            return by_place(db, &spans, q.after, limit);
        }
        let (found, capped) = found(cx, db, &spans, q.person, word)?;
        let start = q.after.and_then(|a| found.iter().position(|v| v.id == a)).map_or(0, |p| p + 1);
        let slice: Vec<&volume::Volume> = found.iter().skip(start).take(limit).collect();
        let next = (start + limit < found.len()).then(|| slice.last().map(|v| v.id)).flatten();
        Ok(VolumePage { rows: views(db, &slice)?, next, total: found.len() as i64, capped })
    })
}

fn views(db: &mut Db<'_>, volumes: &[&volume::Volume]) -> Result<Vec<VolumeRow>, Fail> {
    let mut names = member::Names::default();
    volumes.iter().map(|v| row_view(db, &mut names, v)).collect()
}

fn by_place(db: &mut Db<'_>, spans: &[Span], after: Option<Id>, limit: usize) -> Result<VolumePage, Fail> {
    let before = after.unwrap_or(Id(i64::MAX));
    let (mut all, mut total) = (Vec::new(), 0);
    for span in spans {
        all.extend(volume::list(db, *span, before, limit as i64 + 1)?);
        total += volume::count(db, *span, MOST + 1)?;
    }
    all.sort_by_key(|v| std::cmp::Reverse(v.id));
    let more = all.len() > limit;
    let slice: Vec<&volume::Volume> = all.iter().take(limit).collect();
    let next = if more { slice.last().map(|v| v.id) } else { None };
    Ok(VolumePage { rows: views(db, &slice)?, next, total: total.min(MOST), capped: total > MOST })
}

/// The volumes that fit a word or a person, inside the spans.
fn found(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    spans: &[Span],
    person: Option<Id>,
    word: Option<&str>,
) -> Result<(Vec<volume::Volume>, bool), Fail> {
    let mut out: Vec<volume::Volume> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |v: volume::Volume| {
        let fits = spans.iter().any(|s| s.holds(v.org_no)) && person.is_none_or(|p| p == v.person);
        if fits && seen.insert(v.id) {
            out.push(v);
        }
    };
    let Some(word) = word else {
        for v in person.map_or_else(|| Ok(Vec::new()), |p| volume::of_person(db, p))? {
            add(v);
        }
        return Ok((out, false));
    };
    let mut hidden = 0;
    if looks_like_a_number(word) {
        let lo = word.to_uppercase();
        let numbered = volume::by_no_range(db, &lo, &format!("{lo}\u{10ffff}"), FOUND + 1)?;
        hidden = numbered.len() as i64;
        numbered.into_iter().for_each(&mut add);
    }
    let people = search::people(cx.app, db, word, spans, FOUND + 1)?;
    let capped = people.len() as i64 > FOUND || hidden > FOUND;
    for p in people {
        volume::of_person(db, p)?.into_iter().for_each(&mut add);
    }
    Ok((out, capped))
}

/// `A001…`: one letter and three digits, as far as typed.
fn looks_like_a_number(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && word.chars().count() >= 2
        && chars.take(3).all(|c| c.is_ascii_digit())
}
