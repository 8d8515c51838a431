//! Thumbnails and tile packs: made when a page is filed, made again when they are gone.
//!
//! They lie encrypted in a folder of their own under names derived from the master's
//! digest. Nothing in that folder is part of the archive, see [`evict`].

use crate::{App, Fail, objects, worker::Op};
use jz_blob::ObjectName;
use jz_imaging::pack::ReadAt;
use jz_store::page;
use std::io;

/// What is derived from a master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// JPEG with a longer side of 256 pixels.
    Thumb,
    /// All tiles of all levels, see `jz_imaging::pack`.
    Tiles,
}

impl Derived {
    fn kind(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Tiles => "tiles",
        }
    }

    /// The name under which it lies.
    pub(super) fn name(self, app: &App, sha256: &[u8]) -> ObjectName {
        app.keys.derived_name(self.kind(), sha256)
    }

    /// Puts one into the cache.
    pub(super) fn put(self, app: &App, sha256: &[u8], bytes: &[u8]) -> Result<(), Fail> {
        app.cache.put_as(&self.name(app, sha256), &mut &*bytes)?;
        Ok(())
    }
}

/// The bytes of a derived object, from the cache or made now.
pub fn derived(app: &App, p: &page::Page, kind: Derived) -> Result<Vec<u8>, Fail> {
    match app.cache.read(&kind.name(app, &p.object)) {
        Ok(bytes) => Ok(bytes),
        Err(e) if lost(&e) => make(app, p, kind),
        Err(e) => Err(e.into()),
    }
}

/// The tile pack of a page, to be read in parts.
pub struct Tiles<'a> {
    app: &'a App,
    name: ObjectName,
}

/// Opens the tile pack of a page, making it first when it is gone.
pub fn tiles<'a>(app: &'a App, p: &page::Page) -> Result<Tiles<'a>, Fail> {
    let name = Derived::Tiles.name(app, &p.object);
    match app.cache.len(&name) {
        Ok(Some(_)) => {}
        Ok(None) => drop(make(app, p, Derived::Tiles)?),
        Err(e) if lost(&e) => drop(make(app, p, Derived::Tiles)?),
        Err(e) => return Err(e.into()),
    }
    Ok(Tiles { app, name })
}

impl ReadAt for Tiles<'_> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = offset.saturating_add(buf.len() as u64);
        let part = self.app.cache.read_range(&self.name, offset..end).map_err(io::Error::other)?;
        if part.len() != buf.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buf.copy_from_slice(&part);
        Ok(())
    }
}

/// Evicted, or half-written when the power went.
fn lost(e: &jz_blob::Error) -> bool {
    matches!(e, jz_blob::Error::Missing(_) | jz_blob::Error::Damaged { .. })
}

/// Makes both from the master and answers the one asked for.
fn make(app: &App, p: &page::Page, wanted: Derived) -> Result<Vec<u8>, Fail> {
    let master = objects::read(app, &p.object)?;
    let mut made: Option<Vec<u8>> = None;
    let answer = app.workers.call(&Op::Image { from: 0, most: 1 }, vec![master], |mut f| {
        if f.parts.len() < 2 {
            return Ok(());
        }
        for (kind, bytes) in [Derived::Thumb, Derived::Tiles].into_iter().zip(f.parts.drain(..2)) {
            kind.put(app, &p.object, &bytes)?;
            if kind == wanted {
                made = Some(bytes);
            }
        }
        Ok(())
    })?;
    if let Err(t) = answer {
        return Err(Fail::refused("page.undrawable", t.zh));
    }
    made.ok_or_else(|| Fail::machine("drawing a page", io::Error::other("no answer")))
}

/// Removes the oldest derived objects until at most `most` bytes are left.
pub fn evict(app: &App, most: u64) -> Result<u64, Fail> {
    let mut all = Vec::new();
    let mut total = 0;
    for entry in app.cache.list()? {
        let entry = entry?;
        total += entry.size;
        if let Some(name) = entry.name {
            all.push((entry.modified, entry.size, name));
        }
    }
    all.sort_by_key(|(at, ..)| *at);
    let mut removed = 0;
    for (_, size, name) in all {
        if total <= most {
            break;
        }
        app.cache.delete(&name)?;
        total -= size;
        removed += 1;
    }
    Ok(removed)
}
