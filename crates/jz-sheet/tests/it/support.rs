//! Workbooks by hand: only as much XML as a reader needs, so that tests can be nasty.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A private folder and paths in it.
pub struct Dir(pub tempfile::TempDir);

impl Dir {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
    pub fn root(&self) -> &Path {
        self.0.path()
    }
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// Builds an xlsx from sheet bodies (the inside of `sheetData`).
pub struct Raw {
    pub sheets: Vec<(String, String)>,
    pub workbook_extra: String,
    pub strings: Option<String>,
    pub styles: Option<String>,
    pub more: Vec<(String, Vec<u8>)>,
}

impl Raw {
    pub fn one(body: &str) -> Self {
        Self {
            sheets: vec![("表".into(), body.into())],
            workbook_extra: String::new(),
            strings: None,
            styles: None,
            more: Vec::new(),
        }
    }

    pub fn save(&self, path: &Path) {
        let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
        let mut put = |name: &str, text: &[u8]| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text).unwrap();
        };
        let ns = "http://schemas.openxmlformats.org";
        put("[Content_Types].xml", format!("<Types xmlns=\"{ns}/package/2006/content-types\"/>").as_bytes());
        put(
            "_rels/.rels",
            format!("<Relationships xmlns=\"{ns}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{ns}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes(),
        );
        let link = |id: &str, kind: &str, target: &str| {
            let kind = format!("{ns}/officeDocument/2006/relationships/{kind}");
            format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
        };
        let (mut tabs, mut links) = (String::new(), String::new());
        for (i, (name, _)) in self.sheets.iter().enumerate() {
            let n = i + 1;
            let _ = write!(tabs, "<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"r{n}\"/>");
            links += &link(&format!("r{n}"), "worksheet", &format!("worksheets/sheet{n}.xml"));
        }
        if self.strings.is_some() {
            links += &link("s", "sharedStrings", "sharedStrings.xml");
        }
        put("xl/workbook.xml", format!("<workbook xmlns=\"{ns}/spreadsheetml/2006/main\" xmlns:r=\"{ns}/officeDocument/2006/relationships\">{}<sheets>{tabs}</sheets></workbook>", self.workbook_extra).as_bytes());
        put(
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships xmlns=\"{ns}/package/2006/relationships\">{links}</Relationships>")
                .as_bytes(),
        );
        if let Some(strings) = &self.strings {
            put("xl/sharedStrings.xml", strings.as_bytes());
        }
        if let Some(styles) = &self.styles {
            put("xl/styles.xml", styles.as_bytes());
        }
        for (i, (_, body)) in self.sheets.iter().enumerate() {
            let text = format!(
                "<worksheet xmlns=\"{ns}/spreadsheetml/2006/main\"><sheetData>{body}</sheetData></worksheet>"
            );
            put(&format!("xl/worksheets/sheet{}.xml", i + 1), text.as_bytes());
        }
        for (name, bytes) in &self.more {
            put(name, bytes);
        }
        zip.finish().unwrap();
    }
}

/// All rows of a sheet.
pub fn read(path: &Path, sheet: &str) -> Vec<(u32, Vec<jz_sheet::Cell>)> {
    let mut book = jz_sheet::Book::open(path, &jz_sheet::Limits::default()).unwrap();
    let mut rows = Vec::new();
    book.rows(sheet, |n, cells| {
        rows.push((n, cells.to_vec()));
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    rows
}

/// Opening and reading everything, for files that must fail somewhere on the way.
pub fn read_all(path: &Path, limits: &jz_sheet::Limits) -> Result<u64, jz_sheet::SheetError> {
    let mut book = jz_sheet::Book::open(path, limits)?;
    let mut n = 0;
    for info in book.sheets().to_vec() {
        book.rows(&info.name, |_, cells| {
            n += cells.len() as u64;
            std::ops::ControlFlow::Continue(())
        })?;
    }
    Ok(n)
}
