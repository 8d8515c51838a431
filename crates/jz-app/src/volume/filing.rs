//! From the bytes of a file to pages in a material.
//!
//! First the bytes go to the worker process and the masters into the vault ([`Press`]):
//! outside of any transaction, many files with one flush. Then one transaction writes the
//! rows, the events and the recognition jobs ([`place_pages`]). A crash in between leaves
//! objects without rows, which the sweep finds, and never rows without objects.

use super::{
    derived::Derived,
    load::{self, Loaded},
};
use crate::{
    App, Change, Event, Fail,
    audit::FieldChange,
    objects, seal,
    worker::{FileHead, Frame, Op, PageHead, Trouble},
};
use jz_blob::{Batch, Stored};
use jz_domain::{Id, volume::Catalogue};
use jz_imaging::Format;
use jz_store::page;

/// Pages of a PDF asked for in one call.
const SLICE: u32 = 8;
/// Masters between two flushes.
const FLUSH: usize = 200;

/// Files on their way into the vault.
pub(super) struct Press<'a> {
    app: &'a App,
    batch: Batch<'a>,
    stored: Vec<Stored>,
    put: usize,
    pages: Vec<Pressed>,
}

/// A page whose master is on its way.
struct Pressed {
    master: usize,
    original: Option<(usize, String)>,
    head: PageHead,
    source: String,
}

/// A page whose master is stored.
pub(super) struct Ready {
    pub master: Stored,
    original: Option<(Stored, String)>,
    head: PageHead,
    source: String,
}

impl<'a> Press<'a> {
    pub fn new(app: &'a App) -> Self {
        Self { app, batch: app.vault.batch(), stored: Vec::new(), put: 0, pages: Vec::new() }
    }

    /// How many pages are in it.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(usize, [u8; 32]), Fail> {
        let digests = self.batch.put(&mut &*bytes)?;
        self.put += 1;
        Ok((self.put - 1, digests.sha256))
    }

    fn flush(&mut self) -> Result<(), Fail> {
        let full = std::mem::replace(&mut self.batch, self.app.vault.batch());
        self.stored.extend(full.flush()?);
        Ok(())
    }

    /// Takes a file: one page, or as many as a PDF has. A file that cannot be read leaves
    /// no page, and the reason comes back.
    pub fn add(&mut self, source: &str, bytes: Vec<u8>) -> Result<Result<usize, Trouble>, Fail> {
        let before = self.pages.len();
        let done = self.take(source, bytes)?;
        if done.is_err() {
            self.pages.truncate(before);
        }
        if self.batch.len() >= FLUSH {
            self.flush()?;
        }
        Ok(done.map(|()| self.pages.len() - before))
    }

    fn take(&mut self, source: &str, bytes: Vec<u8>) -> Result<Result<(), Trouble>, Fail> {
        let app = self.app;
        let mut original: Option<(usize, [u8; 32])> = None;
        let mut from = 0;
        loop {
            let mut total = 0;
            let op = Op::Image { from, most: SLICE };
            let answer = app.workers.call(&op, vec![bytes.clone()], |f| {
                if f.parts.is_empty() {
                    total = f.parse::<FileHead>()?.pages;
                    return Ok(());
                }
                self.page(source, &bytes, f, &mut original)
            })?;
            if let Err(trouble) = answer {
                return Ok(Err(trouble));
            }
            from += SLICE;
            if from >= total {
                return Ok(Ok(()));
            }
        }
    }

    fn page(
        &mut self,
        source: &str,
        file: &[u8],
        mut f: Frame,
        original: &mut Option<(usize, [u8; 32])>,
    ) -> Result<(), Fail> {
        let head: PageHead = f.parse()?;
        let of_file = if head.same { None } else { Some(self.original(file, original)?) };
        let (master, sha256) = match (head.same, f.parts.get(2)) {
            (false, Some(bytes)) => self.keep(bytes)?,
            _ => self.keep(file)?,
        };
        for (kind, bytes) in [Derived::Thumb, Derived::Tiles].into_iter().zip(f.parts.drain(..)) {
            kind.put(self.app, &sha256, &bytes)?;
        }
        self.pages.push(Pressed { master, original: of_file, head, source: source.to_owned() });
        Ok(())
    }

    /// The file that several pages came from is kept as it is, once.
    fn original(
        &mut self,
        file: &[u8],
        known: &mut Option<(usize, [u8; 32])>,
    ) -> Result<(usize, String), Fail> {
        let (at, sha256) = match known {
            Some(k) => *k,
            None => *known.insert(self.keep(file)?),
        };
        Ok((at, hex::encode(sha256)))
    }

    /// Stores everything durably.
    pub fn finish(mut self) -> Result<Vec<Ready>, Fail> {
        self.flush()?;
        let stored = self.stored;
        let at = |i: usize| {
            stored
                .get(i)
                .cloned()
                .ok_or_else(|| Fail::machine("storing a page", std::io::Error::other("the vault lost count")))
        };
        self.pages
            .into_iter()
            .map(|p| {
                let original = p.original.map(|(i, hex)| Ok::<_, Fail>((at(i)?, hex))).transpose()?;
                Ok(Ready { master: at(p.master)?, original, head: p.head, source: p.source })
            })
            .collect()
    }
}

fn format_code(f: Format) -> &'static str {
    match f {
        Format::Jpeg => "jpeg",
        Format::Png => "png",
        Format::Tiff => "tiff",
        Format::Pdf => "pdf",
    }
}

impl Ready {
    /// Facts of the picture, and where it was cut out of.
    fn facts(&self) -> String {
        let mut facts = self.head.facts.clone();
        if let (Some((_, sha256)), Some(map)) = (&self.original, facts.as_object_mut()) {
            map.insert("original".into(), sha256.as_str().into());
            map.insert("original_page".into(), (self.head.page + 1).into());
        }
        facts.to_string()
    }
}

/// Puts stored pages at the end of a material of `next`: rows, jobs and the event. The
/// caller saves the catalogue.
pub(super) fn place_pages(
    c: &mut Change<'_, '_>,
    loaded: &mut Loaded,
    next: &mut Catalogue,
    material: Id,
    ready: &[&Ready],
) -> Result<Vec<Id>, Fail> {
    let gone = || Fail::refused("volume.no-material", "这份材料已移出目录，页面没有入卷；请刷新后重试。");
    let name = loaded.name_of(next, material);
    let row = next.rows.iter_mut().find(|r| r.id == material && r.removed.is_none()).ok_or_else(gone)?;
    let (v, now) = (loaded.volume.clone(), c.cx.now);
    let (mut ids, mut changes) = (Vec::with_capacity(ready.len()), Vec::with_capacity(ready.len()));
    for r in ready {
        objects::register(c.db, &r.master, now)?;
        if let Some((stored, _)) = &r.original {
            objects::register(c.db, stored, now)?;
        }
        let id = load::page_id(c)?;
        row.pages.push(id);
        let no = row.pages.len() as i64;
        let p = page::Page {
            id,
            volume: v.id,
            material,
            person: v.person,
            org_no: v.org_no,
            no,
            object: r.master.sha256.to_vec(),
            source: seal::text(&c.cx.app.keys, seal::SOURCE, &r.source)?,
            format: format_code(r.head.format).to_owned(),
            w: i64::from(r.head.w),
            h: i64::from(r.head.h),
            dpi: r.head.dpi.map(i64::from),
            facts: r.facts(),
            ocr: "pending".to_owned(),
            confidence: None,
            text_rev: 0,
            state: "active".to_owned(),
        };
        page::put(c.db, &p)?;
        loaded.pages.insert(id, p);
        c.enqueue("ocr", &id.to_string())?;
        changes.push(FieldChange {
            field: "page".into(),
            label: format!("{name} 第 {no} 页 SHA-256"),
            before: None,
            after: Some(hex::encode(r.master.sha256)),
        });
        ids.push(id);
    }
    c.event(Event {
        kind: "page.filed",
        about: load::about(&v),
        subject: v.id,
        happened: None,
        basis: None,
        changes,
    })?;
    Ok(ids)
}
