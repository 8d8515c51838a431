//! Finding people: by place in the tree, by stage, by what they are called.

use super::record::{Names, PersonRow, row_view};
use crate::{Cx, Fail, search};
use jz_domain::{
    Id,
    identity::Action,
    org::{self as rules, Span},
};
use jz_store::{Db, org, person};
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    /// This organisation and below.
    pub org: Option<Id>,
    /// 人员类别.
    pub stage: Option<String>,
    /// Name, 全拼, 首字母, 学号/工号 or the last digits of the identity number.
    pub q: Option<String>,
    /// Go on after this one (`next` of the last answer).
    pub after: Option<Id>,
    /// At most, up to 200; 50 when not given.
    pub limit: Option<i64>,
}

/// A slice of the list.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PersonList {
    /// Newest first; with `q` in the order of organisations.
    pub rows: Vec<PersonRow>,
    /// Pass as `after` to go on.
    pub next: Option<Id>,
    /// How many there are, as far as the actor may see.
    pub total: i64,
    /// `total` is a lower bound.
    pub capped: bool,
}

/// People found by name are counted up to here.
const MOST: i64 = 1_000;

/// The spans a list is trimmed to: the actor's scope, cut to the organisation asked for.
pub(crate) fn spans(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    action: Action,
    wanted: Option<Id>,
) -> Result<Vec<Span>, Fail> {
    let scope = cx.scope(action)?;
    let Some(id) = wanted else { return Ok(scope) };
    let place = org::find(db, id)?.ok_or(Fail::NotFound)?;
    let cut: Vec<Span> = scope
        .iter()
        .map(|s| Span { lo: s.lo.max(place.span.lo), hi: s.hi.min(place.span.hi) })
        .filter(|s| s.lo <= s.hi)
        .collect();
    if cut.is_empty() {
        Err(jz_domain::identity::Denied::OutOfReach(action).into())
    } else {
        Ok(rules::merge(cut))
    }
}

/// Lists people.
pub fn list(cx: &Cx<'_>, q: &ListQuery) -> Result<PersonList, Fail> {
    let limit = q.limit.unwrap_or(50).clamp(1, 200);
    if q.stage.as_ref().is_some_and(|s| !jz_domain::member::STAGES.iter().any(|c| c.code == s)) {
        return Err(Fail::at("member.stage", "/stage", "没有这个人员类别。"));
    }
    let out = cx.app.store.read(|db| {
        let spans = spans(cx, db, Action::PersonList, q.org)?;
        match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            Some(text) => by_text(cx, db, q, &spans, text, limit),
            None => by_place(cx, db, q, &spans, limit),
        }
    })?;
    Ok(out)
}

fn by_place(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    q: &ListQuery,
    spans: &[Span],
    limit: i64,
) -> Result<PersonList, Fail> {
    let before = q.after.unwrap_or(Id(i64::MAX));
    let stage = q.stage.as_deref();
    let mut total = 0;
    let mut found: Vec<person::Person> = Vec::new();
    for span in spans {
        let (here, groups) = person::tally_sum(db, *span, stage)?;
        total += here;
        found.extend(person::list(db, *span, stage, before, limit, groups)?);
    }
    found.sort_by_key(|p| std::cmp::Reverse(p.id));
    found.truncate(limit as usize);
    let next = (found.len() as i64 == limit).then(|| found.last().map(|p| p.id)).flatten();
    let mut names = Names::default();
    let rows = found.iter().map(|p| row_view(cx, db, &mut names, p)).collect::<Result<_, _>>()?;
    Ok(PersonList { rows, next, total, capped: false })
}

fn by_text(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    q: &ListQuery,
    spans: &[Span],
    text: &str,
    limit: i64,
) -> Result<PersonList, Fail> {
    let mut ids = search::people(cx.app, db, text, spans, MOST + 1)?;
    let capped = ids.len() as i64 > MOST;
    ids.truncate(MOST as usize);
    if let Some(stage) = &q.stage {
        let mut kept = Vec::with_capacity(ids.len());
        for id in ids {
            if person::find(db, id)?.is_some_and(|p| p.stage == *stage && p.state == "active") {
                kept.push(id);
            }
        }
        ids = kept;
    }
    let total = ids.len() as i64;
    let start = q.after.and_then(|a| ids.iter().position(|i| *i == a)).map_or(0, |p| p + 1);
    let mut names = Names::default();
    let mut rows = Vec::new();
    for id in ids.iter().skip(start).take(limit as usize) {
        if let Some(p) = person::find(db, *id)?.filter(|p| p.state == "active") {
            rows.push(row_view(cx, db, &mut names, &p)?);
        }
    }
    let end = start + limit as usize;
    let next = (end < ids.len()).then(|| ids.get(end - 1).copied()).flatten();
    Ok(PersonList { rows, next, total, capped })
}
