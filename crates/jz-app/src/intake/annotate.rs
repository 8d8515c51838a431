//! Workbooks that are handed out: the upload with what is wrong painted red, and empty
//! ones to fill in.

use super::{
    lines,
    upload::{Scratch, refused, stem},
    view,
};
use crate::{
    About, App, Cx, Fail, objects, seal,
    worker::{Marks, Op},
};
use jz_domain::{
    Id,
    identity::Action,
    intake::{Finding, Kind, template as rules},
};
use std::{collections::BTreeMap, fs};

/// The workbook of a batch with red cells, comments and a column of reasons; and the name
/// it should be saved under.
pub fn annotated(cx: &Cx<'_>, id: Id) -> Result<(String, Vec<u8>), Fail> {
    let app = cx.app;
    let (batch, summary, findings) = view::findings_of(cx, id)?;
    let header_of = |sheet: &str| {
        summary.sheets.iter().find(|s| s.name == sheet).map(|s| s.header_row).filter(|row| *row > 0)
    };
    let mut by_sheet: BTreeMap<String, Marks> = BTreeMap::new();
    lines::each(app, &findings, |f: Finding| {
        // What is said of the workbook as a whole stands on its first sheet.
        let whole = || summary.sheets.first().map(|s| s.name.clone()).unwrap_or_default();
        let sheet = if f.sheet.is_empty() { whole() } else { f.sheet.clone() };
        let header_row = header_of(&sheet);
        let marks =
            by_sheet.entry(sheet.clone()).or_insert_with(|| Marks { sheet, header_row, marks: Vec::new() });
        let row = if f.row == 0 { header_row.unwrap_or(1) } else { f.row };
        // A finding about a whole sheet colours no cell.
        let column = f.col;
        marks.marks.push((row, column, f.message.clone(), f.is_error()));
        Ok(true)
    })?;
    let scratch = Scratch::new(app)?;
    let original = objects::locate(app, batch.object.as_deref().unwrap_or_default())?;
    app.vault.copy_to(&original.0, &original.1, &mut scratch.file("upload")?)?;
    let file_name = seal::open_text(&app.keys, seal::FILE, &batch.file)?;
    let op = Op::Annotate {
        path: scratch.path("upload"),
        name: stem(&file_name).to_owned(),
        out: scratch.path("annotated.xlsx"),
        marks: by_sheet.into_values().collect(),
    };
    app.workers.call(&op, Vec::new(), |_| Ok(()))?.map_err(|t| refused(&t))?;
    let bytes = fs::read(scratch.path("annotated.xlsx"))?;
    if !app.store.is_read_only() {
        cx.note("import.annotated", &About::thing("batch", id), "ok")?;
    }
    Ok((format!("{}-标注.xlsx", stem(&file_name)), bytes))
}

/// An empty workbook to fill in, and the name it should be saved under.
pub fn template(cx: &Cx<'_>, kind: Kind) -> Result<(String, Vec<u8>), Fail> {
    cx.scope(Action::ImportRun)?;
    let title = rules::template_title(kind);
    Ok((format!("{title}.xlsx"), written(cx.app, kind, title)?))
}

fn written(app: &App, kind: Kind, title: &str) -> Result<Vec<u8>, Fail> {
    let column = |c: rules::TemplateColumn| jz_sheet::TemplateColumn {
        column: jz_sheet::Column {
            width: (c.header.chars().count() as f64 * 2.2 + 2.0).clamp(10.0, 36.0),
            header: c.header,
            kind: jz_sheet::Kind::Text,
            options: c.options.into_iter().map(str::to_owned).collect(),
        },
        required: c.required,
        note: c.note.to_owned(),
        example: c.example.to_owned(),
    };
    let spec = jz_sheet::Template {
        sheet: match kind {
            Kind::Orgs => "党组织".to_owned(),
            Kind::Members => "人员".to_owned(),
        },
        title: title.to_owned(),
        version: rules::TEMPLATE_VERSION.to_owned(),
        columns: rules::template_columns(kind).into_iter().map(column).collect(),
        remarks: rules::TEMPLATE_REMARKS.iter().map(|r| (*r).to_owned()).collect(),
    };
    let scratch = Scratch::new(app)?;
    let out = scratch.path("template.xlsx");
    jz_sheet::template(&out, &spec).map_err(|e| Fail::machine("writing a template", e))?;
    Ok(fs::read(out)?)
}
