//! The catalogue on paper and as a workbook. Both are in the ledger before a byte leaves.

use super::load::{self, Loaded};
use crate::{
    App, Cx, Fail,
    print::{CatalogueDoc, ClassDoc, RowDoc},
    seal,
};
use jz_domain::{
    Id,
    identity::Action,
    intake::idno::IdNo,
    volume::{MaterialRow, SECRECY},
};
use jz_sheet::{Cell, Column, Kind};
use jz_store::{Db, person, setting, volume};

/// A file for somebody to keep.
pub struct PrintedFile {
    /// Name to offer.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What both forms need.
struct Sheet {
    doc: CatalogueDoc,
    number: Option<String>,
}

fn sheet(cx: &Cx<'_>, id: Id, purpose: &str) -> Result<Sheet, Fail> {
    let v = cx.app.store.read(|db| load::find(db, id))?;
    cx.allow(Action::CataloguePrint, &load::place_of(&v))?;
    cx.look(Action::CataloguePrint, &load::about(&v), Some(purpose), |db| {
        let v = load::find(db, id)?;
        let loaded = load::load(db, v)?;
        let owner = person::find(db, loaded.volume.person)?.ok_or(Fail::NotFound)?;
        Ok(Sheet { doc: document(cx, db, &loaded, &owner)?, number: owner.number })
    })
}

fn document(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    loaded: &Loaded,
    owner: &person::Person,
) -> Result<CatalogueDoc, Fail> {
    let id_no = match &owner.id_enc {
        Some(sealed) => {
            let plain = seal::open_text(&cx.app.keys, seal::ID_NO, sealed)?;
            IdNo::parse(&plain).map_or_else(|_| String::new(), |n| n.masked())
        }
        None => String::new(),
    };
    let scheme = loaded.scheme;
    let classes = scheme.classes.iter().map(|class| ClassDoc {
        code: class.code.to_owned(),
        label: class.label.to_owned(),
        sub: class.parent.is_some(),
        leaf: class.leaf,
        rows: loaded
            .catalogue
            .rows
            .iter()
            .filter(|r| r.removed.is_none() && r.class_code == class.code)
            .map(row)
            .collect(),
    });
    Ok(CatalogueDoc {
        school: setting::get(db, "school")?.unwrap_or_default(),
        title: match scheme.code {
            "STUDENT" => "学生档案目录",
            "PARTY" => "党员档案目录",
            _ => "干部人事档案目录",
        }
        .to_owned(),
        name: owner.name.clone(),
        no: loaded.volume.no.clone(),
        id_no,
        scheme: scheme.name.to_owned(),
        secrecy: jz_domain::member::label(SECRECY, &loaded.volume.secrecy).to_owned(),
        rev: loaded.volume.rev,
        day: cx.today(),
        classes: classes.collect(),
    })
}

fn row(r: &MaterialRow) -> RowDoc {
    let scanned = Some(r.pages.len() as i64).filter(|n| *n > 0);
    RowDoc {
        seq: r.seq,
        title: r.title.clone(),
        formed: r.formed.map_or_else(String::new, |d| d.to_string()),
        pages: r.page_count.or(scanned),
        copies: r.copies,
        remark: r.remark.clone(),
    }
}

/// File names are ASCII (`domain-archives` 2.4): the dot of a 档号 becomes a low line.
fn file_name(no: &str, rev: i64, ending: &str) -> String {
    format!("{}-catalogue-r{rev}.{ending}", no.replace('·', "_"))
}

/// The volume with this 档号, or with this id.
pub fn find_by_no(cx: &Cx<'_>, no: &str) -> Result<Id, Fail> {
    let found = cx.app.store.read(|db| match volume::by_no(db, no.trim())? {
        Some(v) => Ok(Some(v)),
        None => match no.trim().parse::<Id>() {
            Ok(id) => volume::find(db, id),
            Err(_) => Ok(None),
        },
    });
    let found = found.map_err(Fail::from)?.filter(|v| v.state == "active");
    found.map(|v| v.id).ok_or_else(|| Fail::refused("volume.no", "没有这个档号的案卷。"))
}

/// The catalogue as PDF/A.
pub fn catalogue_pdf(cx: &Cx<'_>, id: Id) -> Result<PrintedFile, Fail> {
    let Some(printer) = &cx.app.printer else {
        return Err(Fail::refused("print.absent", "这个程序不带打印功能。"));
    };
    let Sheet { doc, .. } = sheet(cx, id, "打印目录（PDF）")?;
    let bytes = printer.catalogue(&doc, cx.now).map_err(|zh| Fail::refused("print.failed", zh))?;
    Ok(PrintedFile { name: file_name(&doc.no, doc.rev, "pdf"), bytes })
}

/// The catalogue as a workbook that can be handed over with the scans: with name and
/// number in the first row, as the import reads it.
pub fn catalogue_xlsx(cx: &Cx<'_>, id: Id) -> Result<PrintedFile, Fail> {
    let Sheet { doc, number } = sheet(cx, id, "导出目录（Excel）")?;
    let mut title = format!("{} 姓名：{}", doc.title, doc.name);
    if let Some(n) = number {
        title = format!("{title} 学号/工号：{n}");
    }
    title = format!("{title} 档案编号：{}", doc.no);
    Ok(PrintedFile { name: file_name(&doc.no, doc.rev, "xlsx"), bytes: workbook(cx.app, &title, &doc)? })
}

#[rustfmt::skip]
const COLUMNS: &[(&str, f64, Kind)] = &[
    ("类号", 8.0, Kind::Text), ("序号", 8.0, Kind::Number), ("材料名称", 50.0, Kind::Text),
    ("年", 8.0, Kind::Number), ("月", 6.0, Kind::Number), ("日", 6.0, Kind::Number),
    ("页数", 8.0, Kind::Number), ("份数", 8.0, Kind::Number), ("备注", 24.0, Kind::Text),
];

fn workbook(app: &App, title: &str, doc: &CatalogueDoc) -> Result<Vec<u8>, Fail> {
    let columns = COLUMNS
        .iter()
        .map(|(header, width, kind)| Column {
            header: (*header).to_owned(),
            width: *width,
            kind: *kind,
            options: Vec::new(),
        })
        .collect();
    let text = |t: &str| if t.is_empty() { Cell::Empty } else { Cell::Text(t.to_owned()) };
    let number = |n: Option<i64>| n.map_or(Cell::Empty, |n| Cell::Number(n as f64));
    let rows = doc.classes.iter().flat_map(|c| c.rows.iter().map(move |r| (c, r))).map(|(c, r)| {
        let mut parts = r.formed.split('-').map(|p| p.parse::<i64>().ok());
        let mut part = || number(parts.next().flatten());
        vec![
            text(&c.code),
            number(Some(r.seq)),
            text(&r.title),
            part(),
            part(),
            part(),
            number(r.pages),
            number(Some(r.copies)),
            text(&r.remark),
        ]
    });
    let scratch = super::parts::scratch_folder(app)?;
    let out = scratch.path().join("catalogue.xlsx");
    jz_sheet::write_table(&out, title, columns, rows, scratch.path())
        .map_err(|e| Fail::machine("writing a workbook", e))?;
    Ok(std::fs::read(&out)?)
}
