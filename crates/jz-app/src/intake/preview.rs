//! Reading an upload and comparing it with what is stored. Nothing is written but the
//! batch itself.

use super::{
    facts, lines,
    lines::Lines,
    matching::Pool,
    members::{self, Effect, Judged, Line},
    orgs,
    upload::Upload,
    view::{self, Batch, Summary},
    world::World,
};
use crate::{About, Cx, Fail, objects, seal, worker::Frame};
use jz_domain::{
    Id,
    intake::{
        Cell, Context, Finding, Intake, Kind, MemberRow, RowKind, SavedNames, Severity, SheetReport, finding,
    },
};
use jz_store::job;
use serde::Deserialize;
use std::collections::HashMap;

/// Rows compared at once.
const TOGETHER: usize = 500;
/// Rows that are no data are named one by one up to here.
const SKIPPED_ROWS: usize = 50;

/// What the worker says about a workbook.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    sheets: Option<Vec<(String, bool)>>,
    is_1904: bool,
    sheet: usize,
    rows: Vec<(u32, Vec<Cell>)>,
}

/// Reads an upload: what it holds, what is wrong, what it would change.
pub fn preview(cx: &Cx<'_>, kind: Kind, mut upload: Upload) -> Result<Batch, Fail> {
    let app = cx.app;
    if let Some(reason) = app.read_only_reason() {
        tracing::debug!(reason, "no preview while read-only");
        return Err(Fail::ReadOnly);
    }
    let world = app.store.read(|db| World::load(cx, db, kind))?;
    let saved_names = SavedNames::new();
    let read = lines::store(app, |findings| {
        lines::store(app, |plan| {
            let mut reading = Reading::new(cx, &world, kind, findings, plan);
            reading.read(&upload, &saved_names)?;
            reading.finish()
        })
    });
    let ((mut summary, plan), findings) = match read {
        Ok(done) => done,
        Err(e) => {
            if matches!(e, Fail::Refused { .. }) {
                cx.note("import.failed", &About { kind: "batch", ..About::default() }, e.code())?;
            }
            return Err(e);
        }
    };
    summary.findings = hex::encode(findings.sha256);
    let original = upload.store(app)?;
    let made = cx.change(|c| {
        for stored in [&original, &plan, &findings] {
            objects::register(c.db, stored, cx.now)?;
        }
        let batch = job::Batch {
            id: c.id()?,
            kind: kind.code().to_owned(),
            file: seal::text(&app.keys, seal::FILE, upload.name())?,
            object: Some(original.sha256.to_vec()),
            plan: Some(plan.sha256.to_vec()),
            state: "preview".into(),
            made: cx.now,
            actor: cx.actor.account,
            summary: seal::json(&app.keys, seal::SUMMARY, &summary)?,
        };
        job::put_batch(c.db, &batch)?;
        c.note("import.previewed", About::thing("batch", batch.id));
        Ok(batch)
    })?;
    tracing::info!(batch = %made.id, kind = kind.code(), rows = summary.rows, bad = summary.bad, "import previewed");
    view::tell(app, &made);
    view::read(cx, made.id)
}

struct Reading<'r> {
    cx: &'r Cx<'r>,
    world: &'r World,
    kind: Kind,
    findings: &'r mut Lines,
    plan: &'r mut Lines,
    intake: Option<Intake<'r>>,
    names: Vec<(String, bool)>,
    opened: usize,
    rows: Vec<MemberRow>,
    said: Vec<Finding>,
    /// Rows of each sheet that the rules found good and the comparison did not.
    refused: Vec<u32>,
    /// Who a row of this file was about already.
    met: HashMap<Id, u32>,
    summary: Summary,
}

impl<'r> Reading<'r> {
    fn new(
        cx: &'r Cx<'r>,
        world: &'r World,
        kind: Kind,
        findings: &'r mut Lines,
        plan: &'r mut Lines,
    ) -> Self {
        Self {
            cx,
            world,
            kind,
            findings,
            plan,
            intake: None,
            names: Vec::new(),
            opened: 0,
            rows: Vec::new(),
            said: Vec::new(),
            refused: Vec::new(),
            met: HashMap::new(),
            summary: Summary::default(),
        }
    }

    fn read(&mut self, upload: &Upload, saved_names: &'r SavedNames) -> Result<(), Fail> {
        let today = self
            .cx
            .today()
            .parse()
            .map_err(|_| Fail::machine("reading the clock", std::io::Error::other("no such day")))?;
        upload.parse(self.cx.app, |frame: Frame| {
            let m: Message = frame.parse()?;
            if let Some(names) = m.sheets {
                self.refused = vec![0; names.len()];
                self.names = names;
                self.intake = Some(Intake::new(Context {
                    kind: self.kind,
                    today,
                    orgs: &self.world.index,
                    saved_names,
                    is_1904: m.is_1904,
                }));
                return Ok(());
            }
            self.open_up_to(m.sheet + 1)?;
            for (no, cells) in &m.rows {
                self.row(*no, cells)?;
            }
            self.settle()
        })?;
        self.open_up_to(self.names.len())
    }

    /// Opens sheets in order; those without rows never send any.
    fn open_up_to(&mut self, count: usize) -> Result<(), Fail> {
        while self.opened < count.min(self.names.len()) {
            self.settle()?;
            let Some(intake) = &mut self.intake else { return Ok(()) };
            let said = intake.close_sheet();
            self.said.extend(said);
            if let Some((name, hidden)) = self.names.get(self.opened) {
                intake.open_sheet(name, *hidden);
            }
            self.opened += 1;
        }
        Ok(())
    }

    fn row(&mut self, no: u32, cells: &[Cell]) -> Result<(), Fail> {
        let Some(intake) = &mut self.intake else { return Ok(()) };
        let out = intake.push_row(no, cells);
        self.said.extend(out.findings);
        if let RowKind::Member(row) = out.kind {
            self.rows.push(*row);
            if self.rows.len() >= TOGETHER {
                return self.settle();
            }
        }
        Ok(())
    }

    /// Compares the rows so far, and passes on what there is to say about them.
    fn settle(&mut self) -> Result<(), Fail> {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            let (app, revive) = (self.cx.app, self.world.may_revive);
            let pool = app.store.read(|db| Pool::load(app, db, rows.iter(), revive))?;
            for (at, row) in rows.into_iter().enumerate() {
                self.compare(&pool, at, row)?;
            }
        }
        self.said.sort_by_key(|f| f.row);
        for f in self.said.drain(..) {
            self.findings.put(&f)?;
        }
        Ok(())
    }

    fn compare(&mut self, pool: &Pool, at: usize, row: MemberRow) -> Result<(), Fail> {
        let sheet = self.opened.saturating_sub(1);
        let name = self.names.get(sheet).map_or("", |(name, _)| name.as_str());
        let judged = members::judge(self.cx.app, self.world, pool, at, name, &row)?;
        let (k, known, c) = match &judged {
            Judged::Refused(said) => {
                self.said.extend(said.iter().cloned());
                return self.refuse(sheet);
            }
            Judged::New(_) => (Effect::New, None, Vec::new()),
            Judged::Revived(p, _) => (Effect::Revived, Some(*p), Vec::new()),
            Judged::Same(p) => (Effect::Changed, Some(*p), Vec::new()),
            Judged::Changed(p, before, after) => {
                (Effect::Changed, Some(*p), facts::diff(self.world, Some(before), after))
            }
        };
        if let Some(earlier) = known.and_then(|p| self.met.insert(p.id, row.row)) {
            let text = format!(
                "第 {} 行与前面的第 {earlier} 行是系统中的同一个人，只能出现一次，请删除多余的行。",
                row.row
            );
            self.said.push(Finding {
                row: row.row,
                column: "姓名".to_owned(),
                value: row.name.clone(),
                ..Finding::on_sheet(name, finding::ID_DUPLICATE, Severity::Error, text)
            });
            return self.refuse(sheet);
        }
        match judged {
            Judged::Same(_) => {
                self.summary.same += 1;
                return Ok(());
            }
            Judged::Changed(..) => self.summary.changed += 1,
            _ => self.summary.new += 1,
        }
        let (p, v) = known.map_or((None, 0), |p| (Some(p.id), p.version));
        self.plan.put(&Line { s: sheet as u16, k, p, v, m: row, c })
    }

    fn refuse(&mut self, sheet: usize) -> Result<(), Fail> {
        if let Some(n) = self.refused.get_mut(sheet) {
            *n += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Summary, Fail> {
        self.settle()?;
        let Some(intake) = self.intake.take() else {
            return Err(Fail::at("sheet.damaged", "/file", "工作簿里没有工作表，无法读取。"));
        };
        let end = intake.finish();
        self.said.extend(end.findings);
        let mut sheets = end.sheets;
        if self.kind == Kind::Orgs {
            let compared = orgs::compare(self.world, &sheets, &end.orgs)?;
            for line in &compared.lines {
                match line.k {
                    orgs::Effect::New => self.summary.new += 1,
                    orgs::Effect::Changed => self.summary.changed += 1,
                    orgs::Effect::Same => self.summary.same += 1,
                    orgs::Effect::Refused => self.refuse(usize::from(line.s))?,
                }
                self.plan.put(line)?;
            }
            self.said.extend(compared.findings);
        }
        let order = |f: &Finding| (sheets.iter().position(|s| s.name == f.sheet), f.row);
        self.said.sort_by_key(order);
        for f in self.said.drain(..) {
            self.findings.put(&f)?;
        }
        for (sheet, refused) in sheets.iter_mut().zip(&self.refused) {
            demote(sheet, *refused);
        }
        let summary = &mut self.summary;
        for s in &sheets {
            summary.rows += s.rows;
            summary.good += s.good;
            summary.bad += s.bad;
        }
        summary.sheets = sheets;
        Ok(self.summary)
    }
}

fn demote(sheet: &mut SheetReport, refused: u32) {
    sheet.good = sheet.good.saturating_sub(refused);
    sheet.bad = sheet.rows - sheet.good;
    sheet.skipped_rows.truncate(SKIPPED_ROWS);
}
