//! Organisations of a workbook: what each row would do, doing it, and taking it back.
//!
//! Names are what an organisation is known by, so a workbook never renames one; and
//! moving one below another parent renumbers everything below it, which is not done by
//! an import. Such rows are refused and say so.

use super::{
    facts::shown,
    members::{OUT_OF_SCOPE, place_of},
    world::{Place, UNNAMED, World, school_of},
};
use crate::{
    About, Change, Event, Fail,
    audit::FieldChange,
    org::{Extra, Fresh, insert_as},
    seal,
};
use jz_domain::{
    Id,
    intake::{Finding, Kind, PlannedOrg, PlannedParent, Severity, SheetReport, finding},
    org as rules,
};
use jz_store::{Db, StoreError, account, job, org, person, setting};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// The parent is another one than in the system.
const RULE_ORG_PARENT: &str = "RULE_ORG_PARENT";
/// People stand where they could not.
const RULE_ORG_KIND: &str = "RULE_ORG_KIND";
/// Too short or too long.
const RULE_ORG_NAME: &str = "RULE_ORG_NAME";

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Effect {
    New,
    Changed,
    Same,
    Refused,
}

/// One line of the plan. All rows have one, because others hang below them.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    /// Which sheet.
    pub s: u16,
    /// What it does.
    pub k: Effect,
    /// To which, if it is known.
    pub p: Option<Id>,
    /// The version that was compared with.
    pub v: i64,
    /// The row.
    pub o: PlannedOrg,
    /// Before and after.
    pub c: Vec<FieldChange>,
}

/// What an import may say of an organisation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Facts {
    kind: String,
    full_name: String,
    short_name: String,
    fields: BTreeMap<String, String>,
}

impl Facts {
    fn of(o: &org::Org, extra: &Extra) -> Self {
        Self {
            kind: o.kind.clone(),
            full_name: o.full_name.clone(),
            short_name: o.short_name.clone(),
            fields: extra.fields.clone(),
        }
    }

    fn fresh(planned: &PlannedOrg) -> Self {
        let full_name = planned.row.full_name.clone();
        let short = full_name.strip_prefix("中共").unwrap_or(&full_name).to_owned();
        let mut facts = Self { kind: String::new(), full_name, short_name: short, fields: BTreeMap::new() };
        facts.apply(planned);
        facts
    }

    fn apply(&mut self, planned: &PlannedOrg) {
        let row = &planned.row;
        if let Some(kind) = &row.kind {
            self.kind = kind.clone().into_owned();
        }
        if let Some(short) = &row.short_name {
            self.short_name.clone_from(short);
        }
        let dates = [("founded", row.founded), ("term_from", row.term_from), ("term_to", row.term_to)];
        let dates = dates.into_iter().filter_map(|(k, d)| Some((k.to_owned(), d?.to_string())));
        let flag = row.can_approve.map(|yes| ("can_approve".to_owned(), u8::from(yes).to_string()));
        let extra = row.extra.iter().map(|(k, v)| (k.clone().into_owned(), v.clone()));
        self.fields.extend(dates.chain(flag).chain(extra));
        for key in &row.cleared {
            self.fields.remove(key.as_ref());
        }
    }

    fn diff(before: Option<&Self>, after: &Self) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        let mut put = |field: &str, b: Option<&String>, a: Option<&String>| {
            if b != a {
                let show = |v: &String| {
                    if field == "phone" {
                        jz_domain::intake::mask_phone(v)
                    } else {
                        shown(Kind::Orgs, field, v)
                    }
                };
                let (before, after) = (b.map(show), a.map(show));
                changes.push(FieldChange { field: field.to_owned(), label: String::new(), before, after });
            }
        };
        put("full_name", before.map(|b| &b.full_name), Some(&after.full_name));
        put("short_name", before.map(|b| &b.short_name), Some(&after.short_name));
        put("kind", before.map(|b| &b.kind), Some(&after.kind));
        let none = BTreeMap::new();
        let old = before.map_or(&none, |b| &b.fields);
        let gone = old.keys().filter(|k| !after.fields.contains_key(*k));
        for key in after.fields.keys().chain(gone) {
            put(key, old.get(key), after.fields.get(key));
        }
        changes
    }
}

/// The plan of a workbook of organisations.
pub(super) struct Compared {
    pub lines: Vec<Line>,
    pub findings: Vec<Finding>,
}

/// Why a row is refused.
struct Refusal {
    code: &'static str,
    column: &'static str,
    value: String,
    text: &'static str,
}

impl Refusal {
    fn new(code: &'static str, column: &'static str, value: &str, text: &'static str) -> Self {
        Self { code, column, value: value.to_owned(), text }
    }
}

/// Compares the rows with what is stored.
pub(super) fn compare(
    world: &World,
    sheets: &[SheetReport],
    planned: &[PlannedOrg],
) -> Result<Compared, Fail> {
    let mut out = Compared { lines: Vec::new(), findings: Vec::new() };
    let mut met = HashSet::new();
    for o in planned {
        let s = sheets.iter().position(|s| s.name == o.sheet).unwrap_or_default() as u16;
        let known = match (o.existing, o.parent) {
            (Some(id), _) => world.place(id),
            (None, PlannedParent::Root) => world.unnamed(),
            (None, _) => None,
        };
        let twice = known.is_some_and(|k| !met.insert(k.org.id));
        let refusal = if twice {
            let text = "与前面的一行是系统中的同一个党组织，请删除多余的行。";
            Some(Refusal::new(finding::ID_DUPLICATE, "党组织全称", &o.row.full_name, text))
        } else {
            refusal(world, &out.lines, planned, o, known)
        };
        let (p, v) = known.map_or((None, 0), |k| (Some(k.org.id), k.org.version));
        let mut line = Line { s, k: Effect::Refused, p, v, o: o.clone(), c: Vec::new() };
        if let Some(no) = refusal {
            out.findings.push(Finding {
                row: o.row.row,
                column: no.column.to_owned(),
                value: no.value,
                ..Finding::on_sheet(
                    &o.sheet,
                    no.code,
                    Severity::Error,
                    format!("第 {} 行{}", o.row.row, no.text),
                )
            });
        } else {
            let (before, after) = before_and_after(known, o);
            line.k = match &before {
                None => Effect::New,
                Some(b) if *b == after => Effect::Same,
                Some(_) => Effect::Changed,
            };
            line.c = Facts::diff(before.as_ref(), &after);
        }
        out.lines.push(line);
    }
    Ok(out)
}

fn before_and_after(known: Option<&Place>, o: &PlannedOrg) -> (Option<Facts>, Facts) {
    let Some(place) = known else { return (None, Facts::fresh(o)) };
    let before = Facts::of(&place.org, &place.extra);
    let mut after = if place.org.full_name == UNNAMED { Facts::fresh(o) } else { before.clone() };
    after.apply(o);
    (Some(before), after)
}

fn refusal(
    world: &World,
    lines: &[Line],
    planned: &[PlannedOrg],
    o: &PlannedOrg,
    known: Option<&Place>,
) -> Option<Refusal> {
    let name = &o.row.full_name;
    let far = || Some(Refusal::new(OUT_OF_SCOPE, "党组织全称", name, "的党组织不在您的管理范围内，未导入。"));
    if let Some(place) = known {
        if !world.reaches(place.org.span.lo) {
            return far();
        }
        let written = match o.parent {
            PlannedParent::Existing(id) => Some(Some(id)),
            PlannedParent::Planned(i) => Some(planned.get(i).and_then(|p| p.existing)),
            PlannedParent::Keep | PlannedParent::Root => None,
        };
        if written.is_some_and(|parent| parent != place.org.parent) {
            let value = o.row.parent_name.clone().unwrap_or_default();
            let text = "的“上级党组织”与系统中的不同：导入不改变隶属关系，未导入。请改回原来的上级，或留空。";
            return Some(Refusal::new(RULE_ORG_PARENT, "上级党组织", &value, text));
        }
        let holds = |kind: &str| rules::kind(kind).is_none_or(|k| k.holds_people);
        if o.row.kind.as_deref().is_some_and(|k| holds(k) != holds(&place.org.kind)) {
            let text = "的“组织类别”与系统中的不能互换（一种直接管理人员，一种不直接管理），未导入，请核对。";
            return Some(Refusal::new(RULE_ORG_KIND, "组织类别", name, text));
        }
        return None;
    }
    let ok = |n: &str| (2..=100).contains(&n.chars().count());
    if !ok(name) || o.row.short_name.as_deref().is_some_and(|s| !ok(s)) {
        let text = "的党组织全称、简称须为 2 至 100 个字，请改正。";
        return Some(Refusal::new(RULE_ORG_NAME, "党组织全称", name, text));
    }
    match o.parent {
        PlannedParent::Root if !world.reaches_all() => far(),
        PlannedParent::Existing(id) if !world.place(id).is_some_and(|p| world.reaches(p.org.span.lo)) => {
            far()
        }
        PlannedParent::Planned(i) => {
            let above = lines.get(i)?;
            match above.p.and_then(|id| world.place(id)) {
                Some(p) if !world.reaches(p.org.span.lo) => far(),
                None if above.k == Effect::Refused => {
                    let value = o.row.parent_name.clone().unwrap_or_default();
                    let text = "的上级在本表中有错误，请先改正上级所在的行。";
                    Some(Refusal::new(finding::UNKNOWN_BRANCH, "上级党组织", &value, text))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Carries out a plan. The answer are the places of rows that no longer fit.
pub(super) fn write(
    c: &mut Change<'_, '_>,
    world: &World,
    batch: Id,
    basis: &str,
    lines: &[Line],
) -> Result<Vec<i64>, Fail> {
    let mut made: Vec<Option<org::Org>> = Vec::with_capacity(lines.len());
    let (mut stale, mut items) = (Vec::new(), Vec::new());
    for line in lines {
        let place = place_of(line.s, line.o.row.row);
        let now = match line.k {
            Effect::Refused => line.p.map_or(Ok(None), |id| org::find(c.db, id))?,
            Effect::Same => current(c.db, line)?,
            Effect::New => new(c, &made, line, basis)?,
            Effect::Changed => changed(c, world, line, basis)?,
        };
        match (&now, line.k) {
            (None, Effect::Refused) => {}
            (None, _) => stale.push(place),
            (Some(o), Effect::New | Effect::Changed) => {
                let before = match line.p.and_then(|id| world.place(id)) {
                    Some(p) => Some(seal::json(&c.cx.app.keys, seal::BEFORE, &Facts::of(&p.org, &p.extra))?),
                    None => None,
                };
                let kind = "org".to_owned();
                items.push(job::Item { n: place, kind, object: o.id, version: o.version, before });
            }
            _ => {}
        }
        made.push(now);
    }
    job::put_items(c.db, batch, &items)?;
    Ok(stale)
}

/// The stored row, if it is still the one that was compared with.
fn current(db: &mut Db<'_>, line: &Line) -> Result<Option<org::Org>, Fail> {
    let Some(id) = line.p else { return Ok(None) };
    Ok(org::find(db, id)?.filter(|o| o.version == line.v))
}

fn new(
    c: &mut Change<'_, '_>,
    made: &[Option<org::Org>],
    line: &Line,
    basis: &str,
) -> Result<Option<org::Org>, Fail> {
    let facts = Facts::fresh(&line.o);
    let parent = match line.o.parent {
        PlannedParent::Root => None,
        PlannedParent::Existing(id) => match org::find(c.db, id)? {
            Some(p) => Some(p),
            None => return Ok(None),
        },
        PlannedParent::Planned(i) => match made.get(i).cloned().flatten() {
            Some(p) => Some(p),
            None => return Ok(None),
        },
        PlannedParent::Keep => return Ok(None),
    };
    let top = parent.is_none() && org::all(c.db)?.iter().any(|o| o.parent.is_none());
    if top || org::by_name(c.db, &facts.full_name)?.is_some() {
        return Ok(None);
    }
    let extra = Extra { fields: facts.fields.clone() };
    let changes = line.c.clone();
    let fresh = Fresh {
        kind: &facts.kind,
        full_name: &facts.full_name,
        short_name: &facts.short_name,
        extra: &extra,
        basis: Some(basis),
        changes,
    };
    let o = insert_as(c, parent.as_ref(), fresh)?;
    if o.parent.is_none() {
        name_school(c.db, &o)?;
    }
    Ok(Some(o))
}

/// The school is called after its committee, unless it has been given a name before.
fn name_school(db: &mut Db<'_>, top: &org::Org) -> Result<(), Fail> {
    let unnamed = school_of(UNNAMED);
    if setting::get(db, "school")?.is_none_or(|s| s.is_empty() || s == unnamed) {
        setting::put(db, "school", &school_of(&top.full_name))?;
    }
    Ok(())
}

fn changed(
    c: &mut Change<'_, '_>,
    world: &World,
    line: &Line,
    basis: &str,
) -> Result<Option<org::Org>, Fail> {
    let Some(old) = current(c.db, line)? else { return Ok(None) };
    let (_, after) = before_and_after(world.place(old.id), &line.o);
    let new = put(c, &old, &after, "org.edited", basis, line.c.clone())?;
    if new.parent.is_none() {
        name_school(c.db, &new)?;
    }
    Ok(Some(new))
}

/// Writes what is known of an organisation over what is there.
fn put(
    c: &mut Change<'_, '_>,
    old: &org::Org,
    facts: &Facts,
    kind: &'static str,
    basis: &str,
    changes: Vec<FieldChange>,
) -> Result<org::Org, Fail> {
    let extra = Extra { fields: facts.fields.clone() };
    let mut new = org::Org {
        kind: facts.kind.clone(),
        full_name: facts.full_name.clone(),
        short_name: facts.short_name.clone(),
        extra: seal::json(&c.cx.app.keys, seal::ORG, &extra)?,
        ..old.clone()
    };
    org::update(c.db, &new).map_err(|e| match e {
        StoreError::Taken => Fail::conflict("import.stale", "已有同名的党组织，请重新上传后再试。"),
        other => other.into(),
    })?;
    new.version += 1;
    event(c, &new, kind, basis, changes)?;
    Ok(new)
}

fn event(
    c: &mut Change<'_, '_>,
    o: &org::Org,
    kind: &'static str,
    basis: &str,
    changes: Vec<FieldChange>,
) -> Result<(), Fail> {
    c.event(Event {
        kind,
        about: About { kind: "org", object: Some(o.id), subject: None, org_no: Some(o.span.lo) },
        subject: o.id,
        happened: None,
        basis: Some(basis),
        changes,
    })
}

/// Places of new organisations that cannot be taken back, because something hangs below
/// them or somebody holds a role there.
pub(super) fn in_use(db: &mut Db<'_>, items: &[job::Item]) -> Result<Vec<i64>, Fail> {
    let new: HashSet<Id> = items.iter().filter(|i| i.before.is_none()).map(|i| i.object).collect();
    let mut places = Vec::new();
    let all = org::all(db)?;
    for item in items.iter().filter(|i| i.before.is_none()) {
        let Some(o) = all.iter().find(|o| o.id == item.object) else { continue };
        let child = all.iter().any(|x| x.parent == Some(o.id) && !new.contains(&x.id));
        let people: i64 = person::tallies(db, o.span)?.iter().map(|t| t.2).sum();
        if child || people > 0 || account::grants_at(db, o.id)? > 0 {
            places.push(item.n);
        }
    }
    Ok(places)
}

/// Takes a batch back: new ones go, changed ones get their old values.
pub(super) fn undo(
    c: &mut Change<'_, '_>,
    world: &World,
    basis: &str,
    items: &[job::Item],
) -> Result<(), Fail> {
    let mut gone = Vec::new();
    for item in items {
        let o = org::find(c.db, item.object)?.ok_or(Fail::NotFound)?;
        if !world.reaches(o.span.lo) {
            return Err(super::undo::out_of_reach());
        }
        match &item.before {
            None => gone.push(o),
            Some(sealed) => {
                let before: Facts = seal::open_json(&c.cx.app.keys, seal::BEFORE, sealed)?;
                let extra: Extra = seal::open_json(&c.cx.app.keys, seal::ORG, &o.extra)?;
                let changes = Facts::diff(Some(&Facts::of(&o, &extra)), &before);
                put(c, &o, &before, "org.restored", basis, changes)?;
            }
        }
    }
    // Those below have higher numbers: they go first.
    gone.sort_by_key(|o| std::cmp::Reverse(o.span.lo));
    for o in gone {
        org::delete(c.db, o.id)?;
        event(c, &o, "org.withdrawn", basis, Vec::new())?;
    }
    Ok(())
}
