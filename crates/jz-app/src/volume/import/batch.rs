//! An import as people see it, and as it is kept.

use super::plan::{Plan, Planned};
use crate::{App, Cx, Fail, jobs::JobView, seal};
use jz_domain::{
    Id, Millis,
    identity::{self, Action},
    intake::folders::Layout,
    org::Span,
};
use jz_store::{Db, account, job};
use serde::{Deserialize, Serialize};

/// Something about a volume that does not fit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FolderNote {
    /// File or folder.
    pub path: String,
    /// Stable code.
    pub code: String,
    /// `warning` or `error`; an error keeps the volume or the file out.
    pub severity: String,
    /// Sentence.
    pub message: String,
}

/// A file or folder that is not imported.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LeftOut {
    /// Path as given.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// One volume of an import.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FoundVolume {
    /// Folder.
    pub root: String,
    /// Whose it is; nobody when it is not filed.
    pub person: Option<Id>,
    /// Name.
    pub person_name: Option<String>,
    /// The volume, once it is filed.
    pub volume: Option<Id>,
    /// Its 档号.
    pub volume_no: Option<String>,
    /// Materials of the catalogue.
    pub materials: usize,
    /// Pages: found, or once it is filed, in the archive.
    pub pages: usize,
    /// `planned`, `refused`, `filed`, `same`.
    pub state: String,
    /// Materials that this import made.
    pub new_materials: usize,
    /// Pages that this import filed.
    pub new_pages: usize,
    /// What does not fit.
    pub findings: Vec<FolderNote>,
}

/// An import.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct VolumeBatch {
    /// Id.
    pub id: Id,
    /// `a`, `b`, `c` or `j`.
    pub layout: String,
    /// `preview`, `running`, `committed`, `undone`.
    pub state: String,
    /// When.
    pub created_at: Millis,
    /// By whom.
    pub actor: String,
    /// Volumes in the order of their folders.
    pub volumes: Vec<FoundVolume>,
    /// What is not imported.
    pub unmatched: Vec<LeftOut>,
    /// The job that files it, from the commit on; notices of jobs carry its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<JobView>,
    /// There is something to file.
    pub can_commit: bool,
    /// It can be taken back, unless something was changed since.
    pub can_undo: bool,
}

/// The sealed summary of a batch.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Summary {
    pub layout: Layout,
    pub volumes: Vec<FoundVolume>,
    pub unmatched: Vec<LeftOut>,
    #[serde(default)]
    pub job: Option<Id>,
}

impl Summary {
    pub fn of(plan: &Plan) -> Self {
        Self {
            layout: plan.layout,
            volumes: plan.volumes.iter().map(found).collect(),
            unmatched: plan
                .unmatched
                .iter()
                .map(|u| LeftOut { path: u.path.clone(), reason: u.reason.clone() })
                .collect(),
            job: None,
        }
    }
}

/// What became of one volume: kept with the batch's items, in the volume's transaction.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    /// Revision of the catalogue before; none when the volume is new.
    pub before: Option<i64>,
    /// The line of the batch.
    pub line: FoundVolume,
}

/// Kind of the item of a volume that was changed; others were as planned already.
pub(super) const CHANGED: &str = "volume";

/// What became of the volumes so far, by their place in the plan.
pub(super) fn outcomes(cx: &Cx<'_>, db: &mut Db<'_>, batch: Id) -> Result<Vec<(job::Item, Outcome)>, Fail> {
    let mut out = Vec::new();
    for item in job::items(db, batch, 0, i64::from(i32::MAX))? {
        let sealed = item.before.as_deref().unwrap_or_default();
        let outcome = seal::open_json(&cx.app.keys, seal::BEFORE, sealed)?;
        out.push((item, outcome));
    }
    Ok(out)
}

/// The summary with what became of the volumes so far.
pub(super) fn summary_now(cx: &Cx<'_>, db: &mut Db<'_>, b: &job::Batch) -> Result<Summary, Fail> {
    let mut summary = summary_of(cx, b)?;
    if b.state == "running" {
        for (item, outcome) in outcomes(cx, db, b.id)? {
            if let Some(line) = summary.volumes.get_mut(item.n as usize) {
                *line = outcome.line;
            }
        }
    }
    Ok(summary)
}

fn found(v: &Planned) -> FoundVolume {
    let notes = v.plan.findings.iter().map(|f| FolderNote {
        path: f.path.clone(),
        code: f.code.to_string(),
        severity: match f.severity {
            jz_domain::intake::Severity::Warning => "warning",
            jz_domain::intake::Severity::Error => "error",
        }
        .to_owned(),
        message: f.message.clone(),
    });
    let fits = v.refused.is_none();
    FoundVolume {
        root: v.plan.root.clone(),
        person: v.person.filter(|_| fits),
        person_name: v.person_name.clone().filter(|_| fits),
        volume: None,
        volume_no: None,
        materials: v.plan.materials.len(),
        pages: v.plan.pages(),
        state: if fits { "planned" } else { "refused" }.to_owned(),
        new_materials: 0,
        new_pages: 0,
        findings: notes.collect(),
    }
}

pub(super) fn layout_code(layout: Layout) -> &'static str {
    match layout {
        Layout::A => "a",
        Layout::B => "b",
        Layout::C => "c",
        Layout::J => "j",
    }
}

/// The kind of these batches and of their jobs.
pub(super) const KIND: &str = "volumes";

/// A new batch, not yet written.
pub(super) fn new_batch(
    cx: &Cx<'_>,
    id: Id,
    name: &str,
    state: &str,
    plan: Option<Vec<u8>>,
    summary: &Summary,
) -> Result<job::Batch, Fail> {
    Ok(job::Batch {
        id,
        kind: KIND.to_owned(),
        file: seal::text(&cx.app.keys, seal::FILE, name)?,
        object: None,
        plan,
        state: state.to_owned(),
        made: cx.now,
        actor: cx.actor.account,
        summary: seal::json(&cx.app.keys, seal::SUMMARY, summary)?,
    })
}

pub(super) fn summary_of(cx: &Cx<'_>, b: &job::Batch) -> Result<Summary, Fail> {
    seal::open_json(&cx.app.keys, seal::SUMMARY, &b.summary)
}

/// A batch of volumes that the actor may see: the own ones, and all for who keeps the
/// volumes of the whole house.
pub(super) fn find(cx: &Cx<'_>, db: &mut Db<'_>, id: Id, lock: bool) -> Result<job::Batch, Fail> {
    job::find_batch(db, id, lock)?.filter(|b| b.kind == KIND && may_see(cx, b)).ok_or(Fail::NotFound)
}

/// Whether the batch with this id is one of volumes.
pub fn is_one(app: &App, id: Id) -> Result<bool, Fail> {
    let found = app.store.read(|db| Ok::<_, Fail>(job::find_batch(db, id, false)?))?;
    Ok(found.is_some_and(|b| b.kind == KIND))
}

fn may_see(cx: &Cx<'_>, b: &job::Batch) -> bool {
    let all = || identity::scope(&cx.actor, Action::VolumeEdit).contains(&Span::ALL);
    cx.system || b.actor == cx.actor.account || all()
}

pub(super) fn view(cx: &Cx<'_>, db: &mut Db<'_>, b: &job::Batch) -> Result<VolumeBatch, Fail> {
    let s = summary_now(cx, db, b)?;
    let actor = match b.actor.0 {
        0 => "系统".to_owned(),
        _ => account::find(db, b.actor)?.map_or_else(|| "（已不存在）".to_owned(), |a| a.name),
    };
    let job = match s.job {
        Some(id) => job::find(db, id)?.map(JobView::from),
        None => None,
    };
    Ok(VolumeBatch {
        id: b.id,
        job,
        layout: layout_code(s.layout).to_owned(),
        can_commit: b.state == "preview" && s.volumes.iter().any(|v| v.state == "planned"),
        can_undo: b.state == "committed" && s.volumes.iter().any(|v| v.state == "filed"),
        state: b.state.clone(),
        created_at: b.made,
        actor,
        volumes: s.volumes,
        unmatched: s.unmatched,
    })
}

/// One import.
pub fn read(cx: &Cx<'_>, id: Id) -> Result<VolumeBatch, Fail> {
    cx.scope(Action::VolumeEdit)?;
    cx.app.store.read(|db| {
        let b = find(cx, db, id, false)?;
        view(cx, db, &b)
    })
}

/// The newest imports, without their findings.
pub fn list(cx: &Cx<'_>) -> Result<Vec<VolumeBatch>, Fail> {
    cx.scope(Action::VolumeEdit)?;
    cx.app.store.read(|db| {
        let mut out = Vec::new();
        for b in job::batches(db, 400)? {
            if b.kind == KIND && may_see(cx, &b) && out.len() < 50 {
                let mut one = view(cx, db, &b)?;
                one.volumes.iter_mut().for_each(|v| v.findings.clear());
                out.push(one);
            }
        }
        Ok(out)
    })
}
