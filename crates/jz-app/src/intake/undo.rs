//! Taking a whole batch back, while nothing else has touched what it wrote.
//!
//! Nothing is deleted from the record of people: new ones are withdrawn, so that lists,
//! searches and counts no longer know them, and changed ones get their old values back
//! with an event of their own.

use super::{
    commit::{places, record},
    facts::{self, Facts, Frame},
    members::{Writer, taken},
    orgs,
    view::{self, Batch, Summary},
    world::World,
};
use crate::{About, Change, Cx, Event, Fail, audit::FieldChange, seal};
use jz_domain::{Id, identity, identity::Action, intake::Kind};
use jz_store::{Db, job, person};
use std::collections::HashMap;

/// Things taken back at once.
const TOGETHER: i64 = 256;
/// What stands in the way is counted up to here.
const LOOK: i64 = 11;

/// Takes a batch back. Doing it twice does nothing the second time.
pub fn undo(cx: &Cx<'_>, id: Id) -> Result<Batch, Fail> {
    let app = cx.app;
    let found = app.store.read(|db| view::visible(cx, db, id))?;
    match found.state.as_str() {
        "committed" => {}
        "undone" => return view::read(cx, id),
        _ => return Err(Fail::refused("import.not-committed", "这一批还没有写入，不需要撤销。")),
    }
    let summary = view::summary(app, &found)?;
    let kind = Kind::from_code(&found.kind).ok_or(Fail::NotFound)?;
    let basis = format!("撤销：{}", view::basis(app, &found)?);
    cx.change(|c| {
        let batch = job::find_batch(c.db, id, true)?.ok_or(Fail::NotFound)?;
        if batch.state != "committed" {
            return Err(Fail::conflict("import.state", "这一批刚刚已由他人处理，请刷新页面。"));
        }
        if let Some(why) = blocked(c.db, &batch, &summary)? {
            return Err(Fail::conflict("import.undo-blocked", format!("不能撤销：{why}")));
        }
        let world = World::load(cx, c.db, kind)?;
        match kind {
            Kind::Orgs => {
                let items = job::items(c.db, id, 0, i64::MAX)?;
                orgs::undo(c, &world, &basis, &items)?;
            }
            Kind::Members => undo_members(c, &world, id, &basis)?,
        }
        job::put_batch(c.db, &job::Batch { state: "undone".into(), ..batch })?;
        record(c, id, "import.undone", &basis, &summary)
    })?;
    tracing::info!(batch = %id, "import undone");
    let done = app.store.read(|db| view::visible(cx, db, id))?;
    view::tell(app, &done);
    view::read(cx, id)
}

/// Why a committed batch cannot be taken back, as a sentence.
pub(super) fn blocked(
    db: &mut Db<'_>,
    batch: &job::Batch,
    summary: &Summary,
) -> Result<Option<String>, Fail> {
    let touched = job::disturbed(db, batch.id, LOOK)?;
    if !touched.is_empty() {
        return Ok(Some(format!("{}写入之后又有改动。", places(summary, &touched))));
    }
    let used = if batch.kind == Kind::Orgs.code() {
        let items = job::items(db, batch.id, 0, i64::MAX)?;
        orgs::in_use(db, &items)?
    } else {
        job::with_accounts(db, batch.id, LOOK)?
    };
    if used.is_empty() {
        return Ok(None);
    }
    let why = if batch.kind == Kind::Orgs.code() {
        "下已有人员、下级组织或任职的用户，请先处理这些内容"
    } else {
        "的人员已有登录账号，请先停用"
    };
    Ok(Some(format!("{}{why}。", places(summary, &used))))
}

pub(super) fn out_of_reach() -> Fail {
    identity::Denied::OutOfReach(Action::ImportRun).into()
}

fn undo_members(c: &mut Change<'_, '_>, world: &World, batch: Id, basis: &str) -> Result<(), Fail> {
    let cx = c.cx;
    let mut writer = Writer::new(cx, world, batch, basis.to_owned());
    let mut from = 0;
    loop {
        let items = job::items(c.db, batch, from, TOGETHER)?;
        let Some(last) = items.last() else { return Ok(()) };
        from = last.n + 1;
        let ids: Vec<Id> = items.iter().map(|i| i.object).collect();
        let people: HashMap<Id, person::Person> =
            person::by_ids(c.db, &ids)?.into_iter().map(|p| (p.id, p)).collect();
        for item in &items {
            let p = people.get(&item.object).ok_or(Fail::NotFound)?;
            if !world.reaches(p.org_no) {
                return Err(out_of_reach());
            }
            match &item.before {
                None => withdraw(c, p, basis)?,
                Some(sealed) => {
                    let before: Facts = seal::open_json(&cx.app.keys, seal::BEFORE, sealed)?;
                    let now = Facts::open(cx.app, p)?;
                    let changes = facts::diff(world, Some(&now), &before);
                    writer.changed(c, p, &now, &before, "person.restored", changes)?;
                }
            }
        }
    }
}

/// Nobody finds this person any more, until an import brings the same person again.
fn withdraw(c: &mut Change<'_, '_>, p: &person::Person, basis: &str) -> Result<(), Fail> {
    let app = c.cx.app;
    let facts = Facts::open(app, p)?;
    let frame =
        Frame { id: p.id, org_no: p.org_no, volumes: p.volumes, state: "withdrawn", version: p.version };
    let gone = facts.seal(app, &frame, Some((p, &facts)))?;
    person::update(c.db, p, &gone).map_err(taken)?;
    person::put_keys(c.db, p.id, p.org_no, &[], false)?;
    c.event(Event {
        kind: "person.withdrawn",
        about: About::person(p.id, p.org_no),
        subject: p.id,
        happened: None,
        basis: Some(basis),
        changes: vec![FieldChange {
            field: "state".into(),
            label: "状态".into(),
            before: Some("在册".into()),
            after: Some("已撤回".into()),
        }],
    })
}
