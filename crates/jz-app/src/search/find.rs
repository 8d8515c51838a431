//! One box: people by what they are called, titles of materials, and any stretch of the
//! text of pages. Everything is trimmed by rights before it is counted.

use super::people;
use crate::{About, App, Cx, Fail, member, page as pages, seal};
use jz_domain::{
    Id,
    identity::{self, Action},
    org::Span,
};
use jz_search::{Query, fold_lines, line_ranges, scope_code, snippet};
use jz_store::{CodeTable, Db, org, page, person, volume};
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SearchQuery {
    /// What was typed.
    pub q: String,
    /// `all`, `person`, `material` or `page`; all when not given.
    pub kind: Option<String>,
    /// This organisation and below.
    pub org: Option<Id>,
    /// Only titles and pages of this volume; people are not looked for.
    pub volume: Option<Id>,
    /// Pages before this one (`next` of the last answer).
    pub after: Option<Id>,
    /// Pages at most, up to 100; 20 when not given.
    pub limit: Option<i64>,
}

/// A piece of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SnippetPart {
    /// Text.
    pub text: String,
    /// To be marked.
    pub hit: bool,
}

/// One hit.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Hit {
    /// `person`, `material`, `page`.
    pub kind: &'static str,
    /// Id of the person, the material or the page.
    pub id: Id,
    /// Whose.
    pub person: Id,
    /// Name.
    pub person_name: String,
    /// Organisation of the person.
    pub org_name: String,
    /// Volume.
    pub volume: Option<Id>,
    /// 档号.
    pub volume_no: Option<String>,
    /// Material.
    pub material: Option<Id>,
    /// Title of the material.
    pub material_title: Option<String>,
    /// Page.
    pub page: Option<Id>,
    /// Place of the page in its material.
    pub page_no: Option<i64>,
    /// Text around the hit.
    pub snippet: Vec<SnippetPart>,
    /// Left, top, right, bottom of each marked stretch, in pixels of the page.
    pub boxes: Vec<[f32; 4]>,
    /// Width of the page.
    pub w: Option<i64>,
    /// Height of the page.
    pub h: Option<i64>,
}

/// What was found.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct SearchAnswer {
    /// People, then titles, then pages; newest first.
    pub hits: Vec<Hit>,
    /// How many there are, as far as the actor may see.
    pub total: i64,
    /// `total` is a lower bound.
    pub capped: bool,
    /// Pass as `after` for more pages.
    pub next: Option<Id>,
}

/// People and titles are counted up to here.
const MOST: usize = 1_000;
/// Pages are counted up to here: each is deciphered and read before it counts.
const MOST_PAGES: usize = 100;
/// People and titles shown beside pages.
const FEW: usize = 8;

/// Where a search looks: ranges and the volume for the rows, codes for the index.
struct Scope {
    spans: Vec<Span>,
    volume: Option<Id>,
    codes: Vec<u32>,
}

impl Scope {
    fn new(cx: &Cx<'_>, db: &mut Db<'_>, action: Action, q: &SearchQuery) -> Result<Self, Fail> {
        let wanted = q.org;
        let spans = member::spans(cx, db, action, wanted)?;
        if let Some(id) = q.volume {
            // One volume is the narrowest code there is; the rows decide about rights.
            let codes = vec![scope_code(jz_search::Scope::Volume(id.0), cx.app.search_key())];
            return Ok(Self { spans, volume: q.volume, codes });
        }
        // Codes stand for whole organisations: those of the grants, or the one asked for.
        let wanted = match wanted {
            Some(id) => org::find(db, id)?.map(|o| o.span),
            None => None,
        };
        let of_grants = || {
            let held = |g: &&identity::Grant| {
                let one = identity::Actor { grants: vec![(*g).clone()], ..cx.actor.clone() };
                !identity::scope(&one, action).is_empty()
            };
            cx.actor.grants.iter().filter(held).map(|g| g.span).collect::<Vec<_>>()
        };
        let units = match wanted {
            Some(w) if spans == [w] => vec![w],
            _ if cx.system => vec![Span::ALL],
            _ => of_grants(),
        };
        let codes = if units.contains(&Span::ALL) {
            Vec::new()
        } else {
            units.iter().map(|u| scope_code(pages::unit_scope(u.lo), cx.app.search_key())).collect()
        };
        Ok(Self { spans, volume: None, codes })
    }

    fn holds(&self, org_no: i64, volume: Id) -> bool {
        self.volume.is_none_or(|v| v == volume) && self.spans.iter().any(|s| s.holds(org_no))
    }
}

/// Searches. The words are in the ledger, sealed, before the answer leaves.
pub fn search(cx: &Cx<'_>, q: &SearchQuery) -> Result<SearchAnswer, Fail> {
    let text = q.q.trim();
    let kind = q.kind.as_deref().unwrap_or("all");
    if !matches!(kind, "all" | "person" | "material" | "page") {
        return Err(Fail::at("search.kind", "/kind", "检索范围只能是全部、人员、材料或页面。"));
    }
    let parsed = Query::parse(text);
    let by_text = text.is_empty() || (kind != "person" && kind != "all");
    if let (true, Err(e)) = (by_text, &parsed) {
        return Err(Fail::at(e.code(), "/q", e.zh()));
    }
    cx.scope(Action::Search)?;
    let about = About { kind: "search", ..About::default() };
    cx.look(Action::Search, &about, Some(text), |_| Ok(()))?;
    let limit = q.limit.unwrap_or(20).clamp(1, 100) as usize;
    cx.app.store.read(|db| {
        let mut out = SearchAnswer { hits: Vec::new(), total: 0, capped: false, next: None };
        let first = q.after.is_none();
        if first && q.volume.is_none() && matches!(kind, "all" | "person") {
            find_people(cx, db, q, text, if kind == "person" { limit } else { FEW }, &mut out)?;
        }
        let Ok(query) = parsed else { return Ok(out) };
        if first && matches!(kind, "all" | "material") {
            find_titles(cx, db, q, &query, if kind == "material" { limit } else { FEW }, &mut out)?;
        }
        if matches!(kind, "all" | "page") && cx.scope(Action::PageView).is_ok() {
            find_pages(cx, db, q, &query, limit, &mut out)?;
        }
        Ok(out)
    })
}

fn find_people(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    q: &SearchQuery,
    text: &str,
    most: usize,
    out: &mut SearchAnswer,
) -> Result<(), Fail> {
    let spans = member::spans(cx, db, Action::PersonList, q.org)?;
    let ids = people(cx.app, db, text, &spans, MOST as i64 + 1)?;
    out.total += ids.len().min(MOST) as i64;
    out.capped |= ids.len() > MOST;
    let mut names = member::Names::default();
    for id in ids.into_iter().take(most) {
        let Some(p) = person::find(db, id)?.filter(|p| p.state == "active") else { continue };
        out.hits.push(Hit {
            kind: "person",
            id,
            person: id,
            org_name: names.org(db, p.org)?,
            person_name: p.name,
            volume: None,
            volume_no: None,
            material: None,
            material_title: None,
            page: None,
            page_no: None,
            snippet: Vec::new(),
            boxes: Vec::new(),
            w: None,
            h: None,
        });
    }
    Ok(())
}

/// Walks candidates newest first in growing slices, as long as `each` says so.
fn walk(
    db: &mut Db<'_>,
    table: CodeTable,
    query: &Query,
    app: &App,
    scope: &Scope,
    before: Id,
    mut each: impl FnMut(&mut Db<'_>, Id) -> Result<bool, Fail>,
) -> Result<(), Fail> {
    let codes = query.codes(app.search_key());
    let mut before = before;
    let mut slice = 64;
    loop {
        let mut ids: Vec<Id> = Vec::with_capacity(slice as usize);
        db.find_codes(table, &codes, &scope.codes, before, slice, |id| {
            ids.push(id);
            Ok::<_, Fail>(true)
        })?;
        let full = ids.len() as i64 == slice;
        for id in ids {
            before = id;
            if !each(db, id)? {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
        slice = (slice * 4).min(1_024);
    }
}

fn find_titles(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    q: &SearchQuery,
    query: &Query,
    most: usize,
    out: &mut SearchAnswer,
) -> Result<(), Fail> {
    let scope = Scope::new(cx, db, Action::VolumeRead, q)?;
    let mut found = 0usize;
    let hits = &mut out.hits;
    walk(db, CodeTable::Title, query, cx.app, &scope, Id(i64::MAX), |db, id| {
        let Some(m) = volume::find_material(db, id)?.filter(|m| m.removed.is_none()) else { return Ok(true) };
        if !scope.holds(m.org_no, m.volume) || !query.matches_raw(&m.title) {
            return Ok(true);
        }
        let Some(v) = volume::find(db, m.volume)?.filter(|v| v.state == "active") else { return Ok(true) };
        found += 1;
        if found <= most {
            let lines = [m.title.as_str()];
            let folded = fold_lines(lines);
            let marks = query.verify(folded.text()).unwrap_or_default();
            let parts = snippet(&lines, &folded, &marks, 60);
            hits.push(Hit {
                kind: "material",
                id,
                person: v.person,
                person_name: person::find(db, v.person)?.map(|p| p.name).unwrap_or_default(),
                org_name: String::new(),
                volume: Some(v.id),
                volume_no: Some(v.no),
                material: Some(id),
                material_title: Some(m.title.clone()),
                page: None,
                page_no: None,
                snippet: parts.into_iter().map(|p| SnippetPart { text: p.text, hit: p.hit }).collect(),
                boxes: Vec::new(),
                w: None,
                h: None,
            });
        }
        Ok(found <= MOST)
    })?;
    out.total += found.min(MOST) as i64;
    out.capped |= found > MOST;
    Ok(())
}

fn find_pages(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    q: &SearchQuery,
    query: &Query,
    most: usize,
    out: &mut SearchAnswer,
) -> Result<(), Fail> {
    let scope = Scope::new(cx, db, Action::PageView, q)?;
    let before = q.after.unwrap_or(Id(i64::MAX));
    let mut found = 0usize;
    let mut shown: Vec<Id> = Vec::new();
    walk(db, CodeTable::Page, query, cx.app, &scope, before, |db, id| {
        let Some(c) = page::candidate(db, id)? else { return Ok(true) };
        // Nobody reads the own file, so nobody is told what is in it.
        if !scope.holds(c.org_no, c.volume) || Some(c.person) == cx.actor.person {
            return Ok(true);
        }
        let folded = cx.app.keys.open_field(seal::FOLDED, &c.folded)?;
        if !std::str::from_utf8(&folded).is_ok_and(|t| query.matches(t)) {
            return Ok(true);
        }
        found += 1;
        if shown.len() < most {
            shown.push(id);
        }
        Ok(found <= MOST_PAGES)
    })?;
    out.total += found.min(MOST_PAGES) as i64;
    out.capped |= found > MOST_PAGES;
    out.next = (found > shown.len()).then(|| shown.last().copied()).flatten();
    for id in shown {
        if let Some(hit) = page_hit(cx, db, query, id)? {
            out.hits.push(hit);
        }
    }
    Ok(())
}

fn page_hit(cx: &Cx<'_>, db: &mut Db<'_>, query: &Query, id: Id) -> Result<Option<Hit>, Fail> {
    let Some(p) = page::find(db, id)? else { return Ok(None) };
    let Some((text, _)) = pages::newest_text(cx.app, db, &p)? else { return Ok(None) };
    let lines: Vec<&str> = text.lines.iter().map(|l| l.text.as_str()).collect();
    let folded = fold_lines(&lines);
    let marks = query.verify(folded.text()).unwrap_or_default();
    let boxes = line_ranges(&folded, &marks)
        .into_iter()
        .filter_map(|r| Some(text.lines.get(r.line)?.span(r.start..r.end).bounds()))
        .collect();
    let parts = snippet(&lines, &folded, &marks, 60);
    let v = volume::find(db, p.volume)?;
    let m = volume::find_material(db, p.material)?;
    let who = person::find(db, p.person)?;
    Ok(Some(Hit {
        kind: "page",
        id,
        person: p.person,
        person_name: who.map(|x| x.name).unwrap_or_default(),
        org_name: String::new(),
        volume: Some(p.volume),
        volume_no: v.map(|v| v.no),
        material: Some(p.material),
        material_title: m.map(|m| m.title),
        page: Some(id),
        page_no: Some(p.no),
        snippet: parts.into_iter().map(|x| SnippetPart { text: x.text, hit: x.hit }).collect(),
        boxes,
        w: Some(p.w),
        h: Some(p.h),
    }))
}

/// The path or file name a page was imported from, for those who may see the page.
pub fn source_of(cx: &Cx<'_>, id: Id) -> Result<Option<String>, Fail> {
    let Some(p) = cx.app.store.read(|db| Ok::<_, Fail>(page::find(db, id)?))? else { return Ok(None) };
    cx.allow(Action::PageView, &identity::Object { org_no: Some(p.org_no), subject: Some(p.person) })?;
    seal::open_text(&cx.app.keys, seal::SOURCE, &p.source).map(Some)
}
