//! 组织 (org): the tree, new organisations, names.

use crate::{About, Change, Cx, Event, Fail, audit::FieldChange, seal};
use jz_domain::{
    Id,
    identity::{Action, Object},
    org::{self as rules, Span},
};
use jz_store::{org, person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An organisation as the pages show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OrgView {
    /// Id.
    pub id: Id,
    /// Parent, when the actor may see it.
    pub parent: Option<Id>,
    /// Code of the kind.
    pub kind: String,
    /// Its label.
    pub kind_label: String,
    /// 全称.
    pub full_name: String,
    /// 简称.
    pub short_name: String,
    /// People in it and below.
    pub people: i64,
    /// Depth below the first visible one.
    pub depth: i64,
    /// `active` or `closed`.
    pub state: String,
    /// Optimistic lock.
    pub version: i64,
}

/// A new organisation.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrg {
    /// Parent; none for the top.
    #[serde(default)]
    pub parent: Option<Id>,
    /// Code of the kind.
    pub kind: String,
    /// 全称.
    pub full_name: String,
    /// 简称; the full name without 中共 when not given.
    #[serde(default)]
    pub short_name: Option<String>,
}

/// New names.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgEdit {
    /// Version that was read.
    pub version: i64,
    /// 全称.
    #[serde(default)]
    pub full_name: Option<String>,
    /// 简称.
    #[serde(default)]
    pub short_name: Option<String>,
}

/// Everything about an organisation that is not a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// 成立日期, 本届起止, 书记 … by key.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

/// The organisations the actor may see, in pre-order, with counts trimmed to the scope.
pub fn list(cx: &Cx<'_>) -> Result<Vec<OrgView>, Fail> {
    let everything = cx.system || cx.actor.grants.iter().any(|g| g.span == Span::ALL);
    let spans = cx.scope(Action::OrgRead)?;
    let counted = cx.scope(Action::PersonList).unwrap_or_default();
    cx.app.store.read(|db| {
        let all = org::all(db)?;
        let tallies = person::tallies(db, Span::ALL)?;
        let seen: Vec<&org::Org> =
            all.iter().filter(|o| everything || spans.iter().any(|s| s.holds(o.span.lo))).collect();
        let visible = |id: Option<Id>| id.filter(|p| seen.iter().any(|o| o.id == *p));
        let mut depth: BTreeMap<Id, i64> = BTreeMap::new();
        let mut out = Vec::with_capacity(seen.len());
        for o in &seen {
            let parent = visible(o.parent);
            let d = parent.and_then(|p| depth.get(&p)).map_or(0, |d| d + 1);
            depth.insert(o.id, d);
            let people = tallies
                .iter()
                .filter(|(no, _, _)| o.span.holds(*no) && counted.iter().any(|s| s.holds(*no)))
                .map(|t| t.2)
                .sum();
            out.push(view(o, parent, people, d));
        }
        Ok(out)
    })
}

fn view(o: &org::Org, parent: Option<Id>, people: i64, depth: i64) -> OrgView {
    OrgView {
        id: o.id,
        parent,
        kind_label: rules::kind(&o.kind).map_or(o.kind.as_str(), |k| k.label).to_owned(),
        kind: o.kind.clone(),
        full_name: o.full_name.clone(),
        short_name: o.short_name.clone(),
        people,
        depth,
        state: o.state.clone(),
        version: o.version,
    }
}

fn checked_name(name: &str, pointer: &str) -> Result<String, Fail> {
    let n = name.trim();
    if (2..=100).contains(&n.chars().count()) && !n.chars().any(char::is_control) {
        Ok(n.to_owned())
    } else {
        Err(Fail::at("org.name", pointer, "名称须为 2 至 100 个字，不能含有控制字符。"))
    }
}

/// Makes an organisation below another one.
pub fn create(cx: &Cx<'_>, input: &NewOrg) -> Result<OrgView, Fail> {
    let full_name = checked_name(&input.full_name, "/full_name")?;
    let short = input.short_name.as_deref().map(str::trim).filter(|s| !s.is_empty());
    let short_name = match short {
        Some(s) => checked_name(s, "/short_name")?,
        None => full_name.trim_start_matches("中共").to_owned(),
    };
    if rules::kind(&input.kind).is_none() {
        return Err(Fail::at("org.kind", "/kind", "没有这种组织类别，请从列表中选择。"));
    }
    cx.change(|c| {
        let parent = match input.parent {
            Some(p) => Some(org::find(c.db, p)?.ok_or_else(|| {
                Fail::at("org.parent", "/parent", "没有这个上级党组织，请从组织树中选择。")
            })?),
            None => None,
        };
        let no = parent.as_ref().map(|p| p.span.lo);
        cx.allow(Action::OrgEdit, &Object { org_no: no, subject: None })?;
        let o = insert(c, parent.as_ref(), &input.kind, &full_name, &short_name, &Extra::default())?;
        Ok(view(&o, o.parent, 0, 0))
    })
}

/// Writes a new organisation inside a change. The caller has checked the right.
pub(crate) fn insert(
    c: &mut Change<'_, '_>,
    parent: Option<&org::Org>,
    kind: &str,
    full_name: &str,
    short_name: &str,
    extra: &Extra,
) -> Result<org::Org, Fail> {
    let changes = vec![FieldChange {
        field: "full_name".into(),
        label: "全称".into(),
        before: None,
        after: Some(full_name.to_owned()),
    }];
    insert_as(c, parent, Fresh { kind, full_name, short_name, extra, basis: None, changes })
}

/// An organisation to be written.
pub(crate) struct Fresh<'f> {
    pub kind: &'f str,
    pub full_name: &'f str,
    pub short_name: &'f str,
    pub extra: &'f Extra,
    /// On what evidence.
    pub basis: Option<&'f str>,
    /// What the history says.
    pub changes: Vec<FieldChange>,
}

/// Like [`insert`], with the evidence and the words of the history.
pub(crate) fn insert_as(
    c: &mut Change<'_, '_>,
    parent: Option<&org::Org>,
    fresh: Fresh<'_>,
) -> Result<org::Org, Fail> {
    let Fresh { kind, full_name, short_name, extra, basis, changes } = fresh;
    let span = match parent {
        None => {
            if org::all(c.db)?.iter().any(|o| o.parent.is_none()) {
                return Err(Fail::at("org.top", "/parent", "已有最上级党组织，请为新组织选择上级。"));
            }
            Span::ALL
        }
        Some(p) => p.span.child(org::last_child(c.db, p.id)?).ok_or_else(|| {
            Fail::refused("org.full", "这个上级下的编号已用完，请联系系统管理员重新编排组织树。")
        })?,
    };
    if org::by_name(c.db, full_name)?.is_some() {
        return Err(Fail::at("org.name-taken", "/full_name", format!("已有全称为“{full_name}”的组织。")));
    }
    let o = org::Org {
        id: c.id()?,
        parent: parent.map(|p| p.id),
        kind: kind.to_owned(),
        full_name: full_name.to_owned(),
        short_name: short_name.to_owned(),
        span,
        state: "active".into(),
        extra: seal::json(&c.cx.app.keys, seal::ORG, extra)?,
        version: 1,
    };
    org::insert(c.db, &o)?;
    c.event(Event {
        kind: "org.made",
        about: About { kind: "org", object: Some(o.id), subject: None, org_no: Some(span.lo) },
        subject: o.id,
        happened: None,
        basis,
        changes,
    })?;
    Ok(o)
}

/// Changes names; the old ones stay in the history.
pub fn edit(cx: &Cx<'_>, id: Id, input: &OrgEdit) -> Result<OrgView, Fail> {
    cx.change(|c| {
        let old = org::find(c.db, id)?.ok_or(Fail::NotFound)?;
        cx.allow(Action::OrgEdit, &Object { org_no: Some(old.span.lo), subject: None })?;
        let mut new = org::Org { version: input.version, ..old.clone() };
        let mut changes = Vec::new();
        for (field, label, given, slot) in [
            ("full_name", "全称", &input.full_name, &mut new.full_name),
            ("short_name", "简称", &input.short_name, &mut new.short_name),
        ] {
            let Some(value) = given else { continue };
            let value = checked_name(value, &format!("/{field}"))?;
            if value != *slot {
                changes.push(FieldChange {
                    field: field.into(),
                    label: label.into(),
                    before: Some(std::mem::replace(slot, value.clone())),
                    after: Some(value),
                });
            }
        }
        if changes.is_empty() {
            return Err(Fail::refused("org.same", "没有改动。"));
        }
        org::update(c.db, &new).map_err(|e| match e {
            jz_store::StoreError::Taken => Fail::at("org.name-taken", "/full_name", "已有同名的组织。"),
            other => other.into(),
        })?;
        c.event(Event {
            kind: "org.edited",
            about: About { kind: "org", object: Some(id), subject: None, org_no: Some(old.span.lo) },
            subject: id,
            happened: None,
            basis: None,
            changes,
        })?;
        new.version += 1;
        Ok(view(&new, new.parent, 0, 0))
    })
}
