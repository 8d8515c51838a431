//! Pictures of a page for the viewer: pieces of its tile pack, stamped for everybody but
//! the custodian, and the description of the service.
//!
//! A look at a page is in the ledger before the first piece leaves; the pieces of the
//! next minutes belong to that look.

use crate::{
    About, Cx, Fail,
    identity::is_custodian,
    volume::{Derived, derived, tiles},
};
use jz_domain::{
    Id,
    identity::{Action, Object},
};
use jz_imaging::{
    iiif::{self, MaxSize, Rendered, Request},
    pack::Pack,
    stamp::{Stamp, StampFont},
};
use jz_store::{Db, account, page, person};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

fn find(db: &mut Db<'_>, id: Id) -> Result<page::Page, Fail> {
    page::find(db, id)?.filter(|p| p.state == "active").ok_or(Fail::NotFound)
}

/// Loads a page the actor may see, with its look in the ledger.
fn opened(cx: &Cx<'_>, id: Id) -> Result<page::Page, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PageView, &Object { org_no: Some(p.org_no), subject: Some(p.person) })?;
    if !cx.app.has_looked(cx, id) {
        cx.look(Action::PageView, &About::of("page", id, p.person, p.org_no), None, |_| Ok(()))?;
        cx.app.looked(cx, id);
    }
    Ok(p)
}

/// The description of the image service; `base` is its absolute address.
pub fn image_info(cx: &Cx<'_>, id: Id, base: &str) -> Result<serde_json::Value, Fail> {
    let p = opened(cx, id)?;
    Ok(iiif::info(base, p.w as u32, p.h as u32, &MaxSize::default()))
}

/// Why there is no picture.
#[derive(Debug)]
pub enum NoImage {
    /// The request cannot be satisfied; status, code and sentence.
    Iiif(iiif::IiifError),
    /// The use case failed.
    Fail(Fail),
}

impl From<Fail> for NoImage {
    fn from(e: Fail) -> Self {
        Self::Fail(e)
    }
}

impl From<iiif::IiifError> for NoImage {
    fn from(e: iiif::IiifError) -> Self {
        Self::Iiif(e)
    }
}

/// A picture as the request wants it.
pub fn image(cx: &Cx<'_>, id: Id, path: [&str; 4]) -> Result<Rendered, NoImage> {
    let p = opened(cx, id)?;
    let [region, size, rotation, last] = path;
    let request = Request::parse(region, size, rotation, last)?;
    let plan = iiif::plan(&request, p.w as u32, p.h as u32, &MaxSize::default())?;
    let pack = Pack::open(tiles(cx.app, &p)?).map_err(iiif::IiifError::from)?;
    let stamp = stamp_for(cx)?;
    Ok(iiif::render(&pack, &plan, stamp.as_deref())?)
}

/// The thumbnail of a page. Too small to read, it belongs to the look at the volume.
pub fn thumb(cx: &Cx<'_>, id: Id) -> Result<Vec<u8>, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PageView, &Object { org_no: Some(p.org_no), subject: Some(p.person) })?;
    if !cx.app.has_looked(cx, p.volume) {
        cx.look(Action::VolumeRead, &About::of("volume", p.volume, p.person, p.org_no), None, |_| Ok(()))?;
        cx.app.looked(cx, p.volume);
    }
    derived(cx.app, &p, Derived::Thumb)
}

fn font() -> Option<&'static StampFont> {
    static FONT: OnceLock<Option<StampFont>> = OnceLock::new();
    FONT.get_or_init(|| {
        let fonts = jz_assets::fonts();
        let regular = fonts.iter().find(|f| f.name.contains("400")).or(fonts.first())?;
        StampFont::new(regular.bytes.to_vec()).ok()
    })
    .as_ref()
}

type Stamps = Mutex<HashMap<String, Arc<Stamp>>>;

/// The stamp of this reader and this minute; none for the custodian. Without a font
/// nobody else sees a page: a picture that should be stamped never leaves unstamped.
fn stamp_for(cx: &Cx<'_>) -> Result<Option<Arc<Stamp>>, Fail> {
    static MADE: OnceLock<Stamps> = OnceLock::new();
    if is_custodian(&cx.actor) {
        return Ok(None);
    }
    let text = format!("{} {}", reader(cx)?, cx.now.minute());
    let mut made = MADE.get_or_init(Stamps::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(s) = made.get(&text) {
        return Ok(Some(Arc::clone(s)));
    }
    if made.len() > 64 {
        made.clear();
    }
    let lost =
        || Fail::refused("page.no-font", "程序中没有内置字体，不能加盖水印，因此不能阅档；请重新构建。");
    let stamp = Stamp::new(font().ok_or_else(lost)?, &text).map_err(|_| lost())?;
    let stamp = Arc::new(stamp);
    made.insert(text, Arc::clone(&stamp));
    Ok(Some(stamp))
}

/// Who reads: the person's name, else the account's, and the login.
fn reader(cx: &Cx<'_>) -> Result<String, Fail> {
    cx.app.store.read(|db| {
        let a = account::find(db, cx.actor.account)?;
        let name = match a.as_ref().and_then(|a| a.person) {
            Some(p) => person::find(db, p)?.map(|p| p.name),
            None => a.map(|a| a.name),
        };
        Ok(format!("{} {}", name.unwrap_or_default(), cx.login))
    })
}
