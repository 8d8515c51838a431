//! Reading the ledger and the history of changes, for people.

use super::{Frontier, checkpoint, entry};
use crate::{Cx, Fail};
use jz_domain::{Id, Millis, identity::Action, identity::Role, intake};
use jz_store::{account, ledger};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry of the ledger.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EntryView {
    /// Number.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Login of the account; `系统` for the system.
    pub actor: String,
    /// Label of the role.
    pub role: String,
    /// Code of the action.
    pub action: String,
    /// Its label.
    pub action_label: String,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: Option<Id>,
    /// `ok` or a code.
    pub result: String,
    /// Stated purpose.
    pub purpose: Option<String>,
}

/// One look at a person's file.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Look {
    /// Number of the line in the ledger, for its receipt.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who: name of the account.
    pub actor: String,
    /// In which role.
    pub role_label: String,
    /// What was done.
    pub action_label: String,
    /// Stated purpose.
    pub purpose: Option<String>,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Its label. Imports leave it out, a thousand times the same words; reading fills it in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Before, masked where the field is sensitive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One recorded change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EventView {
    /// Id.
    pub id: Id,
    /// Code.
    pub kind: String,
    /// Label.
    pub kind_label: String,
    /// When it was recorded.
    pub at: Millis,
    /// Day it happened.
    pub happened: String,
    /// Who recorded it.
    pub actor: String,
    /// On what evidence.
    pub basis: Option<String>,
    /// What changed.
    pub changes: Vec<FieldChange>,
}

/// State of the ledger.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Status {
    /// Number of entries.
    pub size: u64,
    /// Root as hex.
    pub root: String,
    /// Entries covered by the checkpoint file.
    pub checkpoint_size: Option<u64>,
    /// When the checkpoint was written.
    pub checkpoint_at: Option<Millis>,
    /// Entries covered by the checkpoint that a witness cosigned last.
    pub cosigned_size: Option<u64>,
    /// Name of the log, in every checkpoint and receipt of this installation.
    pub origin: Option<String>,
    /// Keys that verify its signatures, as text: to be kept on paper by others.
    pub keys: Vec<String>,
    /// `ok` or `readonly`.
    pub state: &'static str,
    /// Why it is read-only.
    pub reason: Option<String>,
}

struct Names(BTreeMap<i64, (String, String)>);

impl Names {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Login and name of an account.
    fn get(&mut self, db: &mut jz_store::Db<'_>, id: Id) -> Result<(String, String), Fail> {
        if id.0 == 0 {
            return Ok(("系统".into(), "系统".into()));
        }
        if let Some(n) = self.0.get(&id.0) {
            return Ok(n.clone());
        }
        let found = account::find(db, id)?
            .map_or_else(|| (id.to_string(), "（已不存在）".into()), |a| (a.login, a.name));
        self.0.insert(id.0, found.clone());
        Ok(found)
    }
}

/// Labels of things that are recorded but are not actions of the rights table.
#[rustfmt::skip]
const MORE_LABELS: &[(&str, &str)] = &[
    ("session.opened", "登录"), ("session.refused", "登录失败"), ("session.closed", "退出登录"),
    ("installation.made", "建立系统"), ("account.made", "新建用户"), ("account.edited", "修改用户"),
    ("account.password", "修改密码"), ("role.granted", "授予角色"), ("role.ended", "收回角色"),
    ("org.made", "新建组织"), ("org.edited", "修改组织"), ("org.withdrawn", "撤回组织"),
    ("person.made", "新增人员"), ("person.edited", "修改人员信息"), ("person.imported", "导入人员"),
    ("person.withdrawn", "撤回导入"), ("person.restored", "撤销导入，恢复原值"), ("org.restored", "撤销导入，恢复原值"), ("import.previewed", "导入预检"), ("import.committed", "导入提交"),
    ("import.undone", "导入撤销"), ("import.failed", "导入失败"), ("import.annotated", "下载标注表格"), ("volume.made", "建立案卷"), ("volume.imported", "导入案卷"),
    ("volume.withdrawn", "撤回案卷"), ("catalogue.edited", "修改目录"), ("catalogue.undone", "撤销目录修改"),
    ("page.filed", "页面入卷"), ("page.recognised", "文字识别"), ("page.corrected", "校对文字"),
    ("page.failed", "识别失败"), ("catalogue.printed", "打印目录"), ("access.refused", "越权访问被拒"),
    ("job.retried", "重试任务"), ("ledger.checked", "核验审计账"),
];

pub(crate) fn label_of(action: &str) -> String {
    Action::from_code(action)
        .map(|a| a.label().to_owned())
        .or_else(|| MORE_LABELS.iter().find(|(c, _)| *c == action).map(|(_, l)| (*l).to_owned()))
        .unwrap_or_else(|| action.to_owned())
}

fn leaf_text(e: &ledger::Entry, key: &str) -> String {
    serde_json::from_slice::<serde_json::Value>(&e.leaf)
        .ok()
        .and_then(|v| v.get(key).and_then(serde_json::Value::as_str).map(str::to_owned))
        .unwrap_or_default()
}

fn role_label(code: &str) -> String {
    Role::from_code(code).map_or_else(|| code.to_owned(), |r| r.label().to_owned())
}

fn purpose(cx: &Cx<'_>, e: &ledger::Entry) -> Option<String> {
    let detail = entry_detail(cx, e)?;
    detail.get("purpose").and_then(serde_json::Value::as_str).map(str::to_owned)
}

fn entry_detail(cx: &Cx<'_>, e: &ledger::Entry) -> Option<serde_json::Value> {
    entry::opened_detail(&cx.app.keys, e).ok().flatten()
}

/// The newest entries below `before` that fit the filter.
pub fn entries(cx: &Cx<'_>, f: &ledger::Filter, before: i64, limit: i64) -> Result<Vec<EntryView>, Fail> {
    cx.allow(Action::LedgerRead, &jz_domain::identity::Object::default())?;
    cx.app.store.read(|db| {
        let mut names = Names::new();
        let mut out = Vec::new();
        for e in ledger::newest(db, f, before, limit)? {
            let actor = names.get(db, e.actor)?.0;
            out.push(EntryView {
                seq: e.seq,
                at: e.at,
                actor,
                role: role_label(&leaf_text(&e, "role")),
                action_label: label_of(&e.action),
                kind: leaf_text(&e, "kind"),
                object: e.object,
                result: leaf_text(&e, "result"),
                // The auditor reads who did what, not what the files say; a stated
                // purpose belongs to the former.
                purpose: purpose(cx, &e),
                action: e.action,
            });
        }
        Ok(out)
    })
}

/// Actions that count as a look at somebody's file.
const LOOKS: &[Action] = &[
    Action::PersonRead,
    Action::PersonReveal,
    Action::PersonHistory,
    Action::VolumeRead,
    Action::PageView,
    Action::CataloguePrint,
];

pub(super) fn looks_codes() -> impl Iterator<Item = &'static str> {
    LOOKS.iter().map(|a| a.code())
}

/// Who looked at a person's file, newest first.
pub fn looks(cx: &Cx<'_>, person: Id, limit: i64) -> Result<Vec<Look>, Fail> {
    cx.app.store.read(|db| {
        let f = ledger::Filter { subject: Some(person), ..ledger::Filter::default() };
        let mut names = Names::new();
        let mut out = Vec::new();
        for e in ledger::newest(db, &f, i64::MAX, limit * 4)? {
            if !looks_codes().any(|code| code == e.action) {
                continue;
            }
            out.push(Look {
                seq: e.seq,
                at: e.at,
                actor: names.get(db, e.actor)?.1,
                role_label: role_label(&leaf_text(&e, "role")),
                action_label: label_of(&e.action),
                purpose: purpose(cx, &e),
            });
            if out.len() as i64 >= limit {
                break;
            }
        }
        Ok(out)
    })
}

/// The changes about a person, a volume or another thing, newest first.
pub fn history(cx: &Cx<'_>, subject: Id, limit: i64) -> Result<Vec<EventView>, Fail> {
    cx.app.store.read(|db| {
        let mut names = Names::new();
        let mut out = Vec::new();
        let mut events = ledger::events(db, subject, Id(i64::MAX), limit)?;
        // Several machines have several clocks; the ledger has one order.
        events.sort_by_key(|e| std::cmp::Reverse(e.seq));
        for e in events {
            let plain = cx.app.keys.open_field(crate::seal::EVENT, &e.detail)?;
            let mut detail: EventDetail = serde_json::from_slice(&plain).unwrap_or_default();
            let area = if e.kind.starts_with("org.") { intake::Kind::Orgs } else { intake::Kind::Members };
            for change in detail.changes.iter_mut().filter(|c| c.label.is_empty()) {
                change.label = intake::label_of(area, &change.field);
            }
            out.push(EventView {
                id: e.id,
                kind_label: label_of(&e.kind),
                kind: e.kind,
                at: e.recorded,
                happened: e.happened,
                actor: names.get(db, e.actor)?.1,
                basis: detail.basis.or(e.basis),
                changes: detail.changes,
            });
        }
        Ok(out)
    })
}

/// The sealed part of an event.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct EventDetail {
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// Size, root and checkpoint of the ledger.
pub fn status(cx: &Cx<'_>) -> Result<Status, Fail> {
    let (size, edge) = cx.app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
    let root = Frontier::from_bytes(&edge).map(|f| hex::encode(f.root())).unwrap_or_default();
    let kept = checkpoint::read(cx.app).ok().flatten().map(|k| k.says);
    let reason = cx.app.read_only_reason();
    let log = cx.app.log_keys.as_ref();
    Ok(Status {
        size: size as u64,
        root,
        checkpoint_size: kept.as_ref().map(|c| c.size),
        checkpoint_at: kept.and_then(|c| c.at).map(Millis),
        cosigned_size: super::proof::cosigned(cx.app).map(|(says, _)| says.size),
        origin: log.map(|l| l.origin().to_owned()),
        keys: log.map(|l| l.public().iter().map(ToString::to_string).collect()).unwrap_or_default(),
        state: if reason.is_some() { "readonly" } else { "ok" },
        reason,
    })
}
