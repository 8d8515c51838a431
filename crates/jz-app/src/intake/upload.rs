//! An uploaded workbook on its way: a private file that lives as long as the request.
//!
//! The file has to have a name, because another process reads it. Its folder carries the
//! number of this process, so that what a killed process left is removed by the next one.

use crate::{
    App, Fail, objects,
    worker::{Frame, Op, Trouble},
};
use jz_blob::Stored;
use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Largest workbook that is taken, in bytes.
pub const MOST_BYTES: u64 = 50 << 20;
/// Longest file name that is kept.
const MOST_NAME: usize = 120;
const PREFIX: &str = "import-";

/// A private folder below `DIR/tmp`, removed when dropped.
pub(super) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new(app: &App) -> Result<Self, Fail> {
        let tmp = app.dir.join("tmp");
        fs::create_dir_all(&tmp)?;
        sweep(&tmp)?;
        let prefix = format!("{PREFIX}{}-", std::process::id());
        // Mode 0700 by default.
        Ok(Self(tempfile::Builder::new().prefix(&prefix).tempdir_in(tmp)?))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A new private file.
    pub fn file(&self, name: &str) -> Result<File, Fail> {
        let mut options = OpenOptions::new();
        Ok(options.read(true).write(true).create_new(true).mode(0o600).open(self.path(name))?)
    }
}

/// Removes the folders of processes that are gone.
fn sweep(tmp: &Path) -> Result<(), Fail> {
    for entry in fs::read_dir(tmp)? {
        let entry = entry?;
        let name = entry.file_name();
        let owner = name.to_str().and_then(|n| n.strip_prefix(PREFIX)).and_then(|n| n.split('-').next());
        let Some(owner) = owner.filter(|o| o.bytes().all(|b| b.is_ascii_digit())) else { continue };
        if !Path::new("/proc").join(owner).exists() {
            // Somebody else may be removing it as well.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

/// An uploaded workbook.
pub struct Upload {
    scratch: Scratch,
    file: File,
    name: String,
    len: u64,
}

impl Upload {
    /// Starts an upload; `name` is what the person called the file.
    pub fn begin(app: &App, name: &str) -> Result<Self, Fail> {
        let scratch = Scratch::new(app)?;
        let file = scratch.file("upload")?;
        Ok(Self { scratch, file, name: tidy(name), len: 0 })
    }

    /// Adds bytes. Too many are refused.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fail> {
        self.len += bytes.len() as u64;
        if self.len > MOST_BYTES {
            let e = jz_sheet::SheetError::FileTooBig { max: MOST_BYTES };
            return Err(Fail::at(e.code(), "/file", e.zh()));
        }
        self.file.write_all(bytes)?;
        Ok(())
    }

    /// A file of this machine, for the command line.
    pub fn copy_of(app: &App, path: &Path) -> Result<Self, Fail> {
        let missing = |e: std::io::Error| {
            let why = match e.kind() {
                std::io::ErrorKind::NotFound => "没有这个文件",
                std::io::ErrorKind::PermissionDenied => "没有读取权限",
                _ => "无法读取",
            };
            Fail::refused("import.file", format!("{}：{why}，请检查路径。", path.display()))
        };
        let mut from = File::open(path).map_err(missing)?;
        if from.metadata().map_err(missing)?.is_dir() {
            return Err(Fail::refused("import.file", format!("{}：是文件夹，不是工作簿。", path.display())));
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mut upload = Self::begin(app, &name)?;
        let mut part = vec![0; 1 << 16];
        loop {
            match from.read(&mut part).map_err(missing)? {
                0 => return Ok(upload),
                n => upload.write(part.get(..n).unwrap_or_default())?,
            }
        }
    }

    /// What the person called the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands every message about the workbook to `each`.
    pub(super) fn parse(&self, app: &App, each: impl FnMut(Frame) -> Result<(), Fail>) -> Result<(), Fail> {
        let op = Op::Sheets { path: self.scratch.path("upload"), name: stem(&self.name).to_owned() };
        app.workers.call(&op, Vec::new(), each)?.map_err(|t| refused(&t))
    }

    /// Keeps the original.
    pub(super) fn store(&mut self, app: &App) -> Result<Stored, Fail> {
        self.file.rewind()?;
        objects::put_file(app, &mut self.file)
    }
}

/// A file name without folders and control characters, not too long.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(MOST_NAME).collect();
    let clean = clean.trim();
    if clean.is_empty() { "未命名.xlsx".to_owned() } else { clean.to_owned() }
}

/// The name without its ending: what the only sheet of a csv file is called.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Why the worker could not read a workbook, for people.
pub(super) fn refused(t: &Trouble) -> Fail {
    let code = CODES.iter().find(|c| **c == t.code).copied().unwrap_or("sheet.unreadable");
    Fail::at(code, "/file", t.zh.clone())
}

const CODES: &[&str] = &[
    "sheet.file-too-big",
    "sheet.too-many-entries",
    "sheet.expands-too-much",
    "sheet.text-too-long",
    "sheet.too-many-sheets",
    "sheet.too-many-rows",
    "sheet.too-many-columns",
    "sheet.too-many-cells",
    "sheet.too-much-text",
    "sheet.encrypted",
    "sheet.not-xlsx",
    "sheet.unknown-encoding",
    "sheet.no-such-sheet",
    "sheet.damaged",
    "sheet.io",
    "sheet.write",
    "worker.broken",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_made_harmless() {
        for (given, want) in [
            ("名册.xlsx", "名册.xlsx"),
            ("C:\\档案\\名册.xlsx", "名册.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("a\u{0}\r\nb.xlsx", "ab.xlsx"),
            ("  ", "未命名.xlsx"),
            ("", "未命名.xlsx"),
        ] {
            assert_eq!(tidy(given), want);
        }
        assert_eq!(tidy(&"长".repeat(500)).chars().count(), MOST_NAME);
        assert_eq!((stem("a.b.csv"), stem("a")), ("a.b", "a"));
    }
}
