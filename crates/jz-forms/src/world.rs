//! The whole world a template sees: itself, `data.json`, the fonts, and a day.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));

pub(crate) struct Closed<'a> {
    fonts: &'a Fonts,
    main: Source,
    data: (FileId, Bytes),
    today: Option<Datetime>,
}

impl<'a> Closed<'a> {
    /// `None` only if the two fixed names were not valid paths.
    pub(crate) fn new(
        fonts: &'a Fonts,
        template: &str,
        data: Vec<u8>,
        today: Option<Datetime>,
    ) -> Option<Self> {
        let main = Source::new(virtual_file("main.typ")?, template.to_owned());
        // For a template today is a day, without the time.
        let today = today.and_then(|t| Datetime::from_ymd(t.year()?, t.month()?, t.day()?));
        Some(Self { fonts, main, data: (virtual_file("data.json")?, Bytes::new(data)), today })
    }
}

/// The typesetter keeps file names for ever, so there are only these two.
fn virtual_file(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Closed<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}
