//! Carrying out the plan of a batch: all of it in one transaction, or nothing.

use super::{
    lines,
    members::{self, Writer, sheet_and_row},
    orgs,
    view::{self, Batch, Summary},
    world::World,
};
use crate::{About, Change, Cx, Event, Fail, audit::FieldChange};
use jz_domain::{Id, intake::Kind};
use jz_store::job;

/// Lines carried out at once.
const TOGETHER: usize = 256;
/// Rows that a refusal names.
const NAMED: usize = 10;

/// Writes a batch. Doing it twice does nothing the second time.
pub fn commit(cx: &Cx<'_>, id: Id) -> Result<Batch, Fail> {
    let app = cx.app;
    let found = app.store.read(|db| view::visible(cx, db, id))?;
    match found.state.as_str() {
        "preview" => {}
        "committed" => return view::read(cx, id),
        _ => return Err(Fail::conflict("import.state", "这一批已经撤销，不能再写入；请重新上传这个文件。")),
    }
    let summary = view::summary(app, &found)?;
    if summary.good == 0 {
        return Err(Fail::refused("import.nothing", "没有可写入的行。请按问题清单改好表格后重新上传。"));
    }
    let kind = Kind::from_code(&found.kind).ok_or(Fail::NotFound)?;
    let plan = lines::located(app, found.plan.as_deref().unwrap_or_default())?;
    let basis = view::basis(app, &found)?;
    cx.change(|c| {
        let batch = job::find_batch(c.db, id, true)?.ok_or(Fail::NotFound)?;
        if batch.state != "preview" {
            return Err(Fail::conflict("import.state", "这一批刚刚已由他人处理，请刷新页面。"));
        }
        let world = World::load(cx, c.db, kind)?;
        let stale = match kind {
            Kind::Members => write_members(c, &world, id, &basis, &plan)?,
            Kind::Orgs => {
                let mut plan_lines = Vec::new();
                lines::each(app, &plan, |line: orgs::Line| {
                    plan_lines.push(line);
                    Ok(true)
                })?;
                orgs::write(c, &world, id, &basis, &plan_lines)?
            }
        };
        if !stale.is_empty() {
            return Err(no_longer_fits(&summary, &stale));
        }
        job::put_batch(c.db, &job::Batch { state: "committed".into(), ..batch })?;
        record(c, id, "import.committed", &basis, &summary)
    })?;
    tracing::info!(batch = %id, new = summary.new, changed = summary.changed, "import committed");
    let done = app.store.read(|db| view::visible(cx, db, id))?;
    view::tell(app, &done);
    view::read(cx, id)
}

fn write_members(
    c: &mut Change<'_, '_>,
    world: &World,
    batch: Id,
    basis: &str,
    plan: &lines::Place,
) -> Result<Vec<i64>, Fail> {
    let cx = c.cx;
    let mut writer = Writer::new(cx, world, batch, basis.to_owned());
    let mut waiting: Vec<members::Line> = Vec::with_capacity(TOGETHER);
    lines::each(cx.app, plan, |line: members::Line| {
        waiting.push(line);
        if waiting.len() == TOGETHER {
            writer.write(c, &waiting)?;
            waiting.clear();
        }
        // A plan that does not fit will be refused: enough rows to name are enough.
        Ok(writer.stale.len() <= NAMED)
    })?;
    writer.write(c, &waiting)?;
    writer.flush(c)?;
    Ok(writer.stale)
}

/// The line of the batch itself.
pub(super) fn record(
    c: &mut Change<'_, '_>,
    id: Id,
    kind: &'static str,
    basis: &str,
    summary: &Summary,
) -> Result<(), Fail> {
    let count = |field: &str, label: &str, n: u32| FieldChange {
        field: field.into(),
        label: label.into(),
        before: None,
        after: Some(n.to_string()),
    };
    c.event(Event {
        kind,
        about: About::thing("batch", id),
        subject: id,
        happened: None,
        basis: Some(basis),
        changes: vec![
            count("new", "新增", summary.new),
            count("changed", "变化", summary.changed),
            count("same", "无变化", summary.same),
            count("bad", "有错误，未写入", summary.bad),
        ],
    })
}

fn no_longer_fits(summary: &Summary, stale: &[i64]) -> Fail {
    Fail::conflict(
        "import.stale",
        format!(
            "预检之后，系统中的内容有变化，这些行已不再适用：{}。没有写入任何内容，请重新上传这个文件。",
            places(summary, stale)
        ),
    )
}

/// Sheets and rows in words: “甲支部”第 3、7 行；“乙支部”第 5 行.
pub(super) fn places(summary: &Summary, all: &[i64]) -> String {
    let mut out = String::new();
    let mut last = None;
    for place in all.iter().take(NAMED) {
        let (sheet, row) = sheet_and_row(*place);
        if last == Some(sheet) {
            out.truncate(out.len() - " 行".len());
            out.push_str(&format!("、{row} 行"));
            continue;
        }
        if last.is_some() {
            out.push('；');
        }
        let name = summary.sheets.get(sheet).map_or("", |s| s.name.as_str());
        out.push_str(&format!("“{name}”第 {row} 行"));
        last = Some(sheet);
    }
    if all.len() > NAMED {
        out.push('等');
    }
    out
}
