//! What the pages and the command line see of a batch.

use super::{
    facts::{self, Facts},
    lines, members, orgs, undo,
    world::World,
};
use crate::{App, Cx, Fail, audit::FieldChange, hub::Notice, seal};
use jz_domain::{
    Id, Millis,
    identity::Action,
    intake::{self, Finding, Kind, Role, Severity, SheetReport},
    org::Span,
};
use jz_store::{Db, account, job};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Batches in the list.
const LISTED: i64 = 200;
/// Most lines of one answer.
const MOST: usize = 500;

/// A batch.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Batch {
    /// Id.
    pub id: Id,
    /// `orgs` or `members`.
    pub kind: String,
    /// Name of the uploaded file.
    pub file_name: String,
    /// `preview`, `committed`, `undone`, `failed`.
    pub state: String,
    /// When it was uploaded.
    pub created_at: Millis,
    /// By whom.
    pub actor: String,
    /// Rows of data.
    pub rows: u32,
    /// Rows that can be taken.
    pub good: u32,
    /// Rows that cannot.
    pub bad: u32,
    /// Good rows that make something new.
    pub new: u32,
    /// Good rows that change something.
    pub changed: u32,
    /// Good rows that say what is known already.
    pub same: u32,
    /// All sheets in order. In the list of batches without their columns.
    pub sheets: Vec<SheetInfo>,
    /// There is something to write.
    pub can_commit: bool,
    /// It can be taken back. In the list of batches: it was written.
    pub can_undo: bool,
    /// Why it cannot be taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_blocked: Option<String>,
}

/// A sheet of the workbook.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct SheetInfo {
    /// Name on the tab.
    pub name: String,
    /// `data` or `skipped`.
    pub role: &'static str,
    /// Why it was passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Organisation by the name of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Id>,
    /// Its full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_name: Option<String>,
    /// Rows of column names.
    pub header_rows: u32,
    /// Columns.
    pub columns: Vec<SheetColumn>,
    /// Rows of data.
    pub rows: u32,
    /// Rows that can be taken.
    pub good: u32,
    /// Rows that cannot.
    pub bad: u32,
    /// Rows that are no data, with the reason; at most fifty.
    pub skipped_rows: Vec<SkippedRow>,
}

/// A column of a sheet.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct SheetColumn {
    /// Text as it stands in the sheet.
    pub header: String,
    /// Key of the field it was recognised as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Label of that field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_label: Option<String>,
    /// Why it is not imported, or what it may be meant to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A row that was passed over.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct SkippedRow {
    /// Row as shown in Excel.
    pub row: u32,
    /// Why.
    pub reason: String,
}

/// One thing to say about the workbook.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct ImportFinding {
    /// Sheet; empty for the workbook as a whole.
    pub sheet: String,
    /// Row as shown in Excel; 0 for the sheet as a whole.
    pub row: u32,
    /// Name of the column, if one is to blame.
    pub column: String,
    /// The value as it stands in the sheet.
    pub value: String,
    /// Stable code.
    pub code: String,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The sentence.
    pub message: String,
}

/// Some findings.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct FindingPage {
    /// In the order of the workbook.
    pub findings: Vec<ImportFinding>,
    /// How often each code stands in the whole workbook, by code; only in the first answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeCount>,
    /// Pass as `after` to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How often there is one kind of finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CodeCount {
    /// Stable code.
    pub code: String,
    /// How often.
    pub count: u32,
}

/// What one row would change.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct RowChange {
    /// Sheet.
    pub sheet: String,
    /// Row as shown in Excel.
    pub row: u32,
    /// Name of the person or the organisation.
    pub name: String,
    /// `new` or `changed`.
    pub kind: &'static str,
    /// Before and after; identity and telephone numbers are masked.
    pub fields: Vec<FieldChange>,
}

/// Some changes.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct ChangePage {
    /// In the order of the workbook.
    pub changes: Vec<RowChange>,
    /// Pass as `after` to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What is kept of a preview, sealed in the row of the batch.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    pub rows: u32,
    pub good: u32,
    pub bad: u32,
    pub new: u32,
    pub changed: u32,
    pub same: u32,
    /// Digest of the stored findings.
    pub findings: String,
    pub sheets: Vec<SheetReport>,
}

/// Opens the summary.
pub(super) fn summary(app: &App, b: &job::Batch) -> Result<Summary, Fail> {
    seal::open_json(&app.keys, seal::SUMMARY, &b.summary)
}

/// What the history gives as the evidence.
pub(super) fn basis(app: &App, b: &job::Batch) -> Result<String, Fail> {
    Ok(format!("{}（导入批次 {}）", seal::open_text(&app.keys, seal::FILE, &b.file)?, b.id))
}

/// A batch belongs to whoever uploaded it, and to those who may import everywhere.
fn sees(cx: &Cx<'_>, b: &job::Batch) -> bool {
    let everywhere =
        || cx.scope(Action::ImportRun).is_ok_and(|spans| spans.iter().any(|s| s.covers(Span::ALL)));
    Kind::from_code(&b.kind).is_some() && (cx.system || b.actor == cx.actor.account || everywhere())
}

/// Looks a batch up that the actor may see.
pub(super) fn visible(cx: &Cx<'_>, db: &mut Db<'_>, id: Id) -> Result<job::Batch, Fail> {
    cx.scope(Action::ImportRun)?;
    job::find_batch(db, id, false)?.filter(|b| sees(cx, b)).ok_or(Fail::NotFound)
}

/// Tells open pages that a batch has a new state.
pub(super) fn tell(app: &App, b: &job::Batch) {
    app.hub.tell(&Notice {
        topic: "batch",
        id: b.id.to_string(),
        kind: b.kind.clone(),
        state: b.state.clone(),
        done: 0,
        total: 0,
    });
}

fn sheet_info(s: SheetReport) -> SheetInfo {
    SheetInfo {
        name: s.name,
        role: if s.role == Role::Data { "data" } else { "skipped" },
        reason: s.reason,
        org: s.org,
        org_name: s.org_name,
        header_rows: s.header_rows,
        columns: s
            .columns
            .into_iter()
            .map(|c| SheetColumn {
                header: c.header,
                field: c.field,
                field_label: c.field_label,
                note: c.note,
            })
            .collect(),
        rows: s.rows,
        good: s.good,
        bad: s.bad,
        skipped_rows: s
            .skipped_rows
            .into_iter()
            .map(|r| SkippedRow { row: r.row, reason: r.reason })
            .collect(),
    }
}

fn view(cx: &Cx<'_>, db: &mut Db<'_>, b: &job::Batch, summary: Summary) -> Result<Batch, Fail> {
    let actor = if b.actor.0 == 0 {
        "系统".to_owned()
    } else {
        account::find(db, b.actor)?.map_or_else(|| b.actor.to_string(), |a| a.name)
    };
    Ok(Batch {
        id: b.id,
        kind: b.kind.clone(),
        file_name: seal::open_text(&cx.app.keys, seal::FILE, &b.file)?,
        state: b.state.clone(),
        created_at: b.made,
        actor,
        rows: summary.rows,
        good: summary.good,
        bad: summary.bad,
        new: summary.new,
        changed: summary.changed,
        same: summary.same,
        can_commit: b.state == "preview" && summary.new + summary.changed > 0,
        can_undo: b.state == "committed" && summary.new + summary.changed > 0,
        undo_blocked: None,
        sheets: summary.sheets.into_iter().map(sheet_info).collect(),
    })
}

/// The newest batches the actor may see.
pub fn list(cx: &Cx<'_>) -> Result<Vec<Batch>, Fail> {
    cx.scope(Action::ImportRun)?;
    cx.app.store.read(|db| {
        let mut out = Vec::new();
        for b in job::batches(db, LISTED)?.iter().filter(|b| sees(cx, b)) {
            let mut summary = summary(cx.app, b)?;
            for s in &mut summary.sheets {
                s.columns.clear();
                s.skipped_rows.clear();
            }
            out.push(view(cx, db, b, summary)?);
        }
        Ok(out)
    })
}

/// One batch.
pub fn read(cx: &Cx<'_>, id: Id) -> Result<Batch, Fail> {
    cx.app.store.read(|db| {
        let b = visible(cx, db, id)?;
        let summary = summary(cx.app, &b)?;
        let blocked = if b.state == "committed" { undo::blocked(db, &b, &summary)? } else { None };
        let mut out = view(cx, db, &b, summary)?;
        out.can_undo &= blocked.is_none();
        out.undo_blocked = blocked;
        Ok(out)
    })
}

impl From<Finding> for ImportFinding {
    fn from(f: Finding) -> Self {
        Self {
            sheet: f.sheet,
            row: f.row,
            column: f.column,
            value: f.value,
            code: f.code.into_owned(),
            severity: if f.severity == Severity::Error { "error" } else { "warning" },
            message: f.message,
        }
    }
}

/// Where the findings of a batch are.
pub(super) fn findings_of(cx: &Cx<'_>, id: Id) -> Result<(job::Batch, Summary, lines::Place), Fail> {
    let b = cx.app.store.read(|db| visible(cx, db, id))?;
    let summary = summary(cx.app, &b)?;
    let digest = hex::decode(&summary.findings).map_err(|e| Fail::machine("reading a digest", e))?;
    let place = lines::located(cx.app, &digest)?;
    Ok((b, summary, place))
}

fn start(after: Option<&str>) -> Result<u64, Fail> {
    after
        .map_or(Ok(0), |a| a.parse().map_err(|_| Fail::refused("import.after", "翻页参数不对，请刷新页面。")))
}

fn most(limit: Option<i64>) -> usize {
    limit.map_or(MOST / 5, |l| l.clamp(1, MOST as i64) as usize)
}

/// What there is to say about a workbook, in pieces.
pub fn findings(
    cx: &Cx<'_>,
    id: Id,
    sheet: Option<&str>,
    code: Option<&str>,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<FindingPage, Fail> {
    let (_, _, place) = findings_of(cx, id)?;
    let wanted =
        |f: &Finding| sheet.is_none_or(|s| s == f.sheet) && code.is_none_or(|c| c == f.code.as_ref());
    let codes = if after.is_none() { code_counts(cx.app, &place)? } else { Vec::new() };
    let (found, next) = lines::page(cx.app, &place, start(after)?, most(limit), wanted)?;
    Ok(FindingPage {
        findings: found.into_iter().map(ImportFinding::from).collect(),
        codes,
        next: next.map(|n| n.to_string()),
    })
}

fn code_counts(app: &App, place: &lines::Place) -> Result<Vec<CodeCount>, Fail> {
    let mut counts = BTreeMap::<String, u32>::new();
    lines::each(app, place, |f: Finding| {
        *counts.entry(f.code.into_owned()).or_default() += 1;
        Ok(true)
    })?;
    Ok(counts.into_iter().map(|(code, count)| CodeCount { code, count }).collect())
}

/// All of it, for the command line.
pub fn all_findings(cx: &Cx<'_>, id: Id) -> Result<Vec<ImportFinding>, Fail> {
    let (_, _, place) = findings_of(cx, id)?;
    let mut out = Vec::new();
    lines::each(cx.app, &place, |f: Finding| {
        out.push(ImportFinding::from(f));
        Ok(true)
    })?;
    Ok(out)
}

/// What the rows would change or have changed, in pieces.
pub fn changes(cx: &Cx<'_>, id: Id, after: Option<&str>, limit: Option<i64>) -> Result<ChangePage, Fail> {
    let app = cx.app;
    let b = app.store.read(|db| visible(cx, db, id))?;
    let kind = Kind::from_code(&b.kind).ok_or(Fail::NotFound)?;
    let summary = summary(app, &b)?;
    let sheet = |s: u16| summary.sheets.get(usize::from(s)).map(|s| s.name.clone()).unwrap_or_default();
    let place = lines::located(app, b.plan.as_deref().unwrap_or_default())?;
    let (at, most) = (start(after)?, most(limit));
    let (mut changes, next) = match kind {
        Kind::Members => {
            let world = app.store.read(|db| World::load(cx, db, kind))?;
            let (found, next) = lines::page(app, &place, at, most, |_: &members::Line| true)?;
            let row = |l: members::Line| {
                let known = l.k == members::Effect::Changed;
                let fields = match Facts::fresh(&l.m).filter(|_| !known) {
                    Some(facts) => facts::diff(&world, None, &facts),
                    None => l.c,
                };
                let kind = if known { "changed" } else { "new" };
                RowChange { sheet: sheet(l.s), row: l.m.row, name: l.m.name, kind, fields }
            };
            (found.into_iter().map(row).collect::<Vec<_>>(), next)
        }
        Kind::Orgs => {
            let wanted = |l: &orgs::Line| matches!(l.k, orgs::Effect::New | orgs::Effect::Changed);
            let (found, next) = lines::page(app, &place, at, most, wanted)?;
            let row = |l: orgs::Line| RowChange {
                sheet: sheet(l.s),
                row: l.o.row.row,
                name: l.o.row.full_name,
                kind: if l.k == orgs::Effect::New { "new" } else { "changed" },
                fields: l.c,
            };
            (found.into_iter().map(row).collect(), next)
        }
    };
    for field in changes.iter_mut().flat_map(|c| &mut c.fields).filter(|f| f.label.is_empty()) {
        field.label = intake::label_of(kind, &field.field);
    }
    Ok(ChangePage { changes, next: next.map(|n| n.to_string()) })
}
