//! Edits of a catalogue, its revisions, and taking the last edit back.
//!
//! The rules are `jz_domain::volume::Catalogue::apply`; here the edits come in, the
//! revision that was read is compared, and the result is written as the next revision.

use super::{
    load::{self, Account, Loaded, Reasoned, RowJson},
    view::{self, VolumeRecord},
};
use crate::{Cx, Fail, audit::FieldChange, seal};
use jz_domain::{
    Id, Millis, PartialDate,
    identity::Action,
    volume::{Catalogue, Change as Edited, Field, MaterialRow, Op},
};
use jz_store::{account, volume};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// One edit.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum CatalogueOp {
    /// A new row.
    Add {
        /// Class.
        class_code: String,
        /// 材料名称.
        title: String,
        /// 材料形成时间.
        #[serde(default)]
        formed: Option<String>,
        /// 页数 by the paper catalogue.
        #[serde(default)]
        page_count: Option<i64>,
        /// 份数; 1 when not given.
        #[serde(default)]
        copies: Option<i64>,
        /// 备注.
        #[serde(default)]
        remark: Option<String>,
        /// Place in the class from 1; the end when not given.
        #[serde(default)]
        at: Option<i64>,
    },
    /// A new value for one field.
    Edit {
        /// Material.
        material: Id,
        /// `title`, `formed`, `page_count`, `copies` or `remark`.
        field: String,
        /// As typed.
        value: String,
    },
    /// Another place, also in another class.
    Move {
        /// Material.
        material: Id,
        /// Target class.
        class_code: String,
        /// Place from 1.
        at: i64,
    },
    /// Out of the catalogue.
    Remove {
        /// Material.
        material: Id,
        /// Why.
        reason: String,
    },
    /// A page to another material or place.
    PageMove {
        /// Page.
        page: Id,
        /// Target material.
        material: Id,
        /// Place from 1.
        at: i64,
    },
}

/// Edits over the revision that was read.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueEdit {
    /// Revision that was read.
    pub rev: i64,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// Edits; all of them or none.
    pub ops: Vec<CatalogueOp>,
}

/// Takes the last edit back.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueUndo {
    /// Revision that was read.
    pub rev: i64,
}

/// One revision.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct RevisionView {
    /// Number, from 1.
    pub rev: i64,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
    /// What changed, in one line.
    pub summary: String,
    /// What changed.
    pub changes: Vec<FieldChange>,
}

/// Edits in one request.
const MOST_OPS: usize = 500;

pub(super) fn stale(v: &volume::Volume, read: i64) -> Result<(), Fail> {
    if v.rev == read {
        return Ok(());
    }
    Err(Fail::conflict(
        "volume.rev",
        format!("这份目录刚刚被他人修改过（现在是第 {} 版），请刷新后再改；您的改动没有丢失。", v.rev),
    ))
}

fn reason(text: Option<&str>) -> Result<Option<String>, Fail> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > 200 || t.chars().any(char::is_control)) {
        return Err(Fail::at("volume.reason", "/reason", "理由不能超过 200 个字，不能含有控制字符。"));
    }
    Ok(text.map(str::to_owned))
}

/// Applies edits.
pub fn edit(cx: &Cx<'_>, id: Id, input: &CatalogueEdit) -> Result<VolumeRecord, Fail> {
    if input.ops.is_empty() || input.ops.len() > MOST_OPS {
        return Err(Fail::at("volume.ops", "/ops", format!("一次须有 1 至 {MOST_OPS} 处修改。")));
    }
    let reason = reason(input.reason.as_deref())?;
    cx.change(|c| {
        let v = load::find(c.db, id)?;
        load::lock(c.db, v.person)?;
        let v = load::find(c.db, v.id)?;
        cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
        stale(&v, input.rev)?;
        let loaded = load::load(c.db, v)?;
        let mut ops = Vec::with_capacity(input.ops.len());
        for (i, op) in input.ops.iter().enumerate() {
            let made = match op {
                CatalogueOp::Add { .. } => Some(load::material_id(c)?),
                _ => None,
            };
            ops.push(op_of(op, i, made.unwrap_or(Id(0)))?);
        }
        let (next, changes) = loaded
            .catalogue
            .apply(loaded.scheme, &ops)
            .map_err(|e| Fail::at(e.code, format!("/ops/{}", e.index), e.zh))?;
        if changes.is_empty() {
            // Typing the same value again is no revision.
            c.note(Action::VolumeRead.code(), load::about(&loaded.volume));
            return view::record(cx, c.db, &loaded);
        }
        let account = Account {
            kind: "edit".into(),
            changes: changes.iter().map(|x| readable(&loaded, &next, x)).collect(),
            restores: None,
        };
        let loaded = loaded.save(c, next, &account, reason.as_deref(), Some("catalogue.edited"))?;
        view::record(cx, c.db, &loaded)
    })
}

fn op_of(op: &CatalogueOp, index: usize, made: Id) -> Result<Op, Fail> {
    let at = |code, name: &str, zh: &str| Fail::at(code, format!("/ops/{index}/{name}"), zh);
    Ok(match op {
        CatalogueOp::Add { class_code, title, formed, page_count, copies, remark, at: place } => {
            let bad =
                || at("volume.date", "formed", "日期须写成 2024、2024-05 或 2024-05-01，且当天须存在。");
            let text = formed.as_deref().map(str::trim).filter(|t| !t.is_empty());
            Op::Add {
                id: made,
                class_code: class_code.clone(),
                title: title.clone(),
                formed: text.map(str::parse::<PartialDate>).transpose().map_err(|_| bad())?,
                page_count: *page_count,
                copies: copies.unwrap_or(1),
                remark: remark.clone().unwrap_or_default(),
                at: *place,
            }
        }
        CatalogueOp::Edit { material, field, value } => Op::Edit {
            material: *material,
            field: Field::from_name(field)
                .ok_or_else(|| at("volume.field", "field", "目录中没有这一栏，不能修改。"))?,
            value: value.clone(),
        },
        CatalogueOp::Move { material, class_code, at } => {
            Op::Move { material: *material, class_code: class_code.clone(), at: *at }
        }
        CatalogueOp::Remove { material, reason } => {
            Op::Remove { material: *material, reason: reason.clone() }
        }
        CatalogueOp::PageMove { page, material, at } => {
            Op::PageMove { page: *page, material: *material, at: *at }
        }
    })
}

/// A change with the name of its material, for people.
fn readable(loaded: &Loaded, next: &Catalogue, x: &Edited) -> FieldChange {
    let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    FieldChange {
        field: x.kind.to_owned(),
        label: match x.kind {
            "add" => "新增材料".to_owned(),
            "remove" => "移出目录".to_owned(),
            _ => format!("{} {}", loaded.name_of(next, x.material), x.label),
        },
        before: some(&x.before),
        after: some(&x.after),
    }
}

/// What a volume's revision said.
fn catalogue_of(cx: &Cx<'_>, r: &volume::Revision) -> Result<Catalogue, Fail> {
    let rows: Vec<RowJson> = seal::open_json(&cx.app.keys, seal::REVISION, &r.rows)?;
    Ok(Catalogue { rows: rows.into_iter().map(MaterialRow::from).collect() })
}

fn account_of(cx: &Cx<'_>, r: &volume::Revision) -> Result<Account, Fail> {
    seal::open_json(&cx.app.keys, seal::REVISION, &r.changes)
}

/// Makes the catalogue what it was before its newest revision. The result is a revision
/// of its own; undoing again goes one further back.
pub fn undo(cx: &Cx<'_>, id: Id, input: &CatalogueUndo) -> Result<VolumeRecord, Fail> {
    cx.change(|c| {
        let v = load::find(c.db, id)?;
        load::lock(c.db, v.person)?;
        let v = load::find(c.db, v.id)?;
        cx.allow(Action::VolumeEdit, &load::place_of(&v))?;
        stale(&v, input.rev)?;
        let nothing = || Fail::refused("volume.nothing-to-undo", "没有可以撤销的修改。");
        let mut undone = volume::revision(c.db, id, v.rev)?.ok_or_else(nothing)?;
        let mut account = account_of(cx, &undone)?;
        while let Some(rev) = account.restores {
            undone = volume::revision(c.db, id, rev)?.ok_or_else(nothing)?;
            account = account_of(cx, &undone)?;
        }
        if account.kind != "edit" {
            return Err(Fail::refused(
                "volume.not-undoable",
                "上一版是入卷或导入，不能在目录中撤销；导入可在“导入案卷”中按批次撤销。",
            ));
        }
        let before = volume::revision(c.db, id, undone.rev - 1)?.ok_or_else(nothing)?;
        let next = catalogue_of(cx, &before)?;
        let loaded = load::load(c.db, v)?;
        same_pages(&loaded, &next)?;
        let taken_back = account.changes.into_iter().map(|x| FieldChange {
            field: x.field,
            label: format!("撤销：{}", x.label),
            before: x.after,
            after: x.before,
        });
        let account =
            Account { kind: "undo".into(), changes: taken_back.collect(), restores: Some(before.rev) };
        let loaded = loaded.save(c, next, &account, None, Some("catalogue.undone"))?;
        view::record(cx, c.db, &loaded)
    })
}

/// Pages that came meanwhile have no place in the older catalogue.
fn same_pages(loaded: &Loaded, next: &Catalogue) -> Result<(), Fail> {
    let all = |c: &Catalogue| c.rows.iter().flat_map(|r| r.pages.iter().copied()).collect::<BTreeSet<_>>();
    if all(&loaded.catalogue) == all(next) {
        return Ok(());
    }
    Err(Fail::refused("volume.pages-changed", "这次修改之后又有页面入卷，不能撤销；请直接修改目录。"))
}

/// The revisions of a catalogue, newest first.
pub fn revisions(cx: &Cx<'_>, id: Id) -> Result<Vec<RevisionView>, Fail> {
    let v = cx.app.store.read(|db| load::find(db, id))?;
    cx.allow(Action::VolumeRead, &load::place_of(&v))?;
    cx.look(Action::VolumeRead, &load::about(&v), None, |db| {
        let mut names: BTreeMap<Id, String> = BTreeMap::from([(Id(0), "系统".to_owned())]);
        let mut out = Vec::new();
        for r in volume::revisions(db, id, 200)? {
            if let Entry::Vacant(slot) = names.entry(r.actor) {
                let found = account::find(db, r.actor)?.map_or_else(|| "（已不存在）".to_owned(), |a| a.name);
                slot.insert(found);
            }
            let Reasoned { account, reason } = seal::open_json(&cx.app.keys, seal::REVISION, &r.changes)?;
            out.push(RevisionView {
                rev: r.rev,
                at: r.at,
                actor: names.get(&r.actor).cloned().unwrap_or_default(),
                reason: reason.or(r.reason),
                summary: summary(&account.changes),
                changes: account.changes,
            });
        }
        Ok(out)
    })
}

/// The first change, and how many more.
fn summary(changes: &[FieldChange]) -> String {
    let Some(first) = changes.first() else { return "建立案卷".to_owned() };
    let text = match (&first.before, &first.after) {
        (Some(b), Some(a)) => format!("{}：{b} → {a}", first.label),
        (None, Some(t)) | (Some(t), None) => format!("{}：{t}", first.label),
        (None, None) => first.label.clone(),
    };
    match changes.len() {
        1 => text,
        n => format!("{text}，等 {n} 处"),
    }
}
