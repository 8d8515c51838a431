//! People of a workbook: what each row would do, and doing it.

use super::{
    facts::{self, Facts, Frame},
    matching::{Found, Pool},
    world::World,
};
use crate::{About, App, Change, Cx, Event, Fail, audit::FieldChange, seal};
use jz_domain::{
    Id,
    intake::{Finding, MemberRow, Severity, finding},
};
use jz_store::{
    StoreError, job,
    person::{self, Person},
};
use serde::{Deserialize, Serialize};

/// Not in the actor's part of the tree.
pub(super) const OUT_OF_SCOPE: &str = "OUT_OF_SCOPE";
/// The actor's own record.
const OWN_RECORD: &str = "OWN_RECORD";

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Effect {
    /// A new person.
    New,
    /// Somebody who was taken back comes again.
    Revived,
    /// Somebody who is there changes.
    Changed,
}

/// One line of the plan. Rows that change nothing have none.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    /// Which sheet.
    pub s: u16,
    /// What it does.
    pub k: Effect,
    /// To whom, if the person is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<Id>,
    /// The version that was compared with.
    pub v: i64,
    /// The row.
    pub m: MemberRow,
    /// Before and after, if the person is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub c: Vec<FieldChange>,
}

/// What a row comes to. A value lives for one row, on the stack of the loop over them:
/// boxing the larger cases would cost every row an allocation and save nothing.
#[expect(clippy::large_enum_variant, reason = "one value at a time, never stored")]
pub(super) enum Judged<'p> {
    New(Facts),
    Revived(&'p Person, Facts),
    Changed(&'p Person, Facts, Facts),
    Same(&'p Person),
    Refused(Vec<Finding>),
}

fn refused(
    sheet: &str,
    row: &MemberRow,
    code: &'static str,
    column: &str,
    value: String,
    text: &str,
) -> Finding {
    let place = format!("第 {} 行", row.row);
    let message = text.replacen("{}", &place, 1);
    Finding {
        row: row.row,
        column: column.to_owned(),
        value,
        ..Finding::on_sheet(sheet, code, Severity::Error, message)
    }
}

fn out_of_scope(world: &World, sheet: &str, row: &MemberRow) -> Finding {
    let value = row.org.map(|o| world.short_name(o)).unwrap_or_default();
    refused(sheet, row, OUT_OF_SCOPE, "所在党支部", value, "{}不在您的管理范围内，未导入。")
}

/// Decides what a row does. The same for the preview and for the commit.
pub(super) fn judge<'p>(
    app: &App,
    world: &World,
    pool: &'p Pool,
    at: usize,
    sheet: &str,
    row: &MemberRow,
) -> Result<Judged<'p>, Fail> {
    let reaches = |org: Id| world.place(org).is_some_and(|p| world.reaches(p.org.span.lo));
    if row.org.is_some_and(|o| !reaches(o)) {
        return Ok(Judged::Refused(vec![out_of_scope(world, sheet, row)]));
    }
    let fresh = |row: &MemberRow| {
        let missing = row.missing_for_new(sheet);
        match Facts::fresh(row).filter(|_| missing.is_empty()) {
            Some(facts) => Ok(facts),
            None => Err(missing),
        }
    };
    Ok(match pool.find(at, row) {
        Found::Nobody => match fresh(row) {
            Ok(facts) => Judged::New(facts),
            Err(no) => Judged::Refused(no),
        },
        Found::Withdrawn(p) => match fresh(row) {
            Ok(facts) => Judged::Revived(p, facts),
            Err(no) => Judged::Refused(no),
        },
        Found::Clash(clash) => {
            let (column, text) = clash.words();
            let value = match column {
                "学号/工号" => row.number.clone().unwrap_or_default(),
                _ => row.id_no.map(|i| i.masked()).unwrap_or_default(),
            };
            let found = refused(sheet, row, finding::NAME_ID_CONFLICT, column, value, text);
            Judged::Refused(vec![found])
        }
        Found::Known(p) if !world.reaches(p.org_no) => {
            let text = "{}的人员已在系统中，但不在您的管理范围内，未导入；如需转入，请通过组织部门办理。";
            Judged::Refused(vec![refused(sheet, row, OUT_OF_SCOPE, "姓名", row.name.clone(), text)])
        }
        Found::Known(p) => {
            let before = Facts::open(app, p)?;
            let mut after = before.clone();
            after.apply(row);
            if after == before {
                Judged::Same(p)
            } else if world.own == Some(p.id) {
                let text = "{}是您本人的记录，不能自行改动，请通过组织部门办理。";
                Judged::Refused(vec![refused(sheet, row, OWN_RECORD, "姓名", row.name.clone(), text)])
            } else {
                Judged::Changed(p, before, after)
            }
        }
    })
}

/// Where a row stands, as the number of what it touched: sheet, then row.
pub(super) fn place_of(sheet: u16, row: u32) -> i64 {
    (i64::from(sheet) << 24) | i64::from(row)
}

/// Sheet and row of such a number.
pub(super) fn sheet_and_row(place: i64) -> (usize, u32) {
    ((place >> 24) as usize, (place & 0xFF_FFFF) as u32)
}

/// Keys waiting to be written together: ordered keys cost a fraction of scattered ones.
const KEYS_TOGETHER: usize = 100_000;

/// Carries out a plan, piece by piece, inside one change.
pub(super) struct Writer<'w> {
    pub cx: &'w Cx<'w>,
    pub world: &'w World,
    pub batch: Id,
    pub basis: String,
    /// Places of rows that no longer fit.
    pub stale: Vec<i64>,
    keys: Vec<(String, i64, Id)>,
}

impl<'w> Writer<'w> {
    pub fn new(cx: &'w Cx<'w>, world: &'w World, batch: Id, basis: String) -> Self {
        Self { cx, world, batch, basis, stale: Vec::new(), keys: Vec::new() }
    }

    /// Writes some lines of the plan, or notes which no longer fit.
    pub fn write(&mut self, c: &mut Change<'_, '_>, lines: &[Line]) -> Result<(), Fail> {
        let app = self.cx.app;
        let pool = Pool::load(app, c.db, lines.iter().map(|l| &l.m), self.world.may_revive)?;
        let (mut people, mut items) = (Vec::new(), Vec::with_capacity(lines.len()));
        for (at, line) in lines.iter().enumerate() {
            let place = place_of(line.s, line.m.row);
            let judged = judge(app, self.world, &pool, at, "", &line.m)?;
            let touched = match (line.k, judged) {
                (Effect::New, Judged::New(facts)) => {
                    let p = self.made(c, &facts, None)?;
                    let touched = (p.id, 1, None);
                    people.push(p);
                    touched
                }
                (Effect::Revived, Judged::Revived(old, facts)) if fits(line, old) => {
                    let p = self.made(c, &facts, Some(old))?;
                    person::update(c.db, old, &p).map_err(taken)?;
                    (p.id, old.version + 1, None)
                }
                (Effect::Changed, Judged::Changed(old, before, after)) if fits(line, old) => {
                    let changes = facts::diff(self.world, Some(&before), &after);
                    self.changed(c, old, &before, &after, "person.imported", changes)?;
                    (old.id, old.version + 1, Some(seal::json(&app.keys, seal::BEFORE, &before)?))
                }
                _ => {
                    self.stale.push(place);
                    continue;
                }
            };
            let (object, version, before) = touched;
            items.push(job::Item { n: place, kind: "person".into(), object, version, before });
        }
        person::insert_many(c.db, &people).map_err(taken)?;
        job::put_items(c.db, self.batch, &items)?;
        if self.keys.len() >= KEYS_TOGETHER {
            self.flush(c)?;
        }
        Ok(())
    }

    /// Writes what is still waiting.
    pub fn flush(&mut self, c: &mut Change<'_, '_>) -> Result<(), Fail> {
        self.keys.sort_unstable();
        person::put_many_keys(c.db, &self.keys)?;
        self.keys.clear();
        Ok(())
    }

    fn org_no(&self, org: Id) -> Result<i64, Fail> {
        // `judge` has looked the organisation up.
        self.world.place(org).map(|p| p.org.span.lo).ok_or(Fail::NotFound)
    }

    /// Somebody who is new, or comes again.
    fn made(&mut self, c: &mut Change<'_, '_>, facts: &Facts, old: Option<&Person>) -> Result<Person, Fail> {
        let org_no = self.org_no(facts.org)?;
        let id = old.map_or_else(|| c.id(), |p| Ok(p.id))?;
        let frame = Frame {
            id,
            org_no,
            volumes: old.map_or(0, |p| p.volumes),
            state: "active",
            version: old.map_or(1, |p| p.version),
        };
        let p = facts.seal(self.cx.app, &frame, None)?;
        self.keys.extend(facts.keys(self.cx.app).into_iter().map(|k| (k, org_no, id)));
        self.event(c, &p, "person.imported", facts::diff(self.world, None, facts))?;
        Ok(p)
    }

    /// Somebody who is there and changes. Also how an undo puts things back.
    pub fn changed(
        &mut self,
        c: &mut Change<'_, '_>,
        old: &Person,
        before: &Facts,
        after: &Facts,
        kind: &'static str,
        changes: Vec<FieldChange>,
    ) -> Result<(), Fail> {
        let app = self.cx.app;
        let org_no = self.org_no(after.org)?;
        let frame = Frame { id: old.id, org_no, volumes: old.volumes, state: "active", version: old.version };
        let p = after.seal(app, &frame, Some((old, before)))?;
        person::update(c.db, old, &p).map_err(taken)?;
        if p.org_no != old.org_no || !before.same_names(after) {
            person::put_keys(c.db, p.id, org_no, &after.keys(app), false)?;
        }
        if p.org_no != old.org_no {
            crate::volume::follow(c, &p)?;
        }
        self.event(c, &p, kind, changes)
    }

    fn event(
        &self,
        c: &mut Change<'_, '_>,
        p: &Person,
        kind: &'static str,
        changes: Vec<FieldChange>,
    ) -> Result<(), Fail> {
        c.event(Event {
            kind,
            about: About::person(p.id, p.org_no),
            subject: p.id,
            happened: None,
            basis: Some(&self.basis),
            changes,
        })
    }
}

fn fits(line: &Line, p: &Person) -> bool {
    line.p == Some(p.id) && line.v == p.version
}

/// Two people with one number, or somebody who was faster.
pub(super) fn taken(e: StoreError) -> Fail {
    match e {
        StoreError::Taken | StoreError::Conflict => Fail::conflict(
            "import.stale",
            "预检之后，这批人员中有人刚刚被他人新增或修改。没有写入任何内容，请重新上传这个文件。",
        ),
        other => other.into(),
    }
}
