//! One page for the reader: facts, lines with their places, corrections.

use super::index;
use crate::{About, App, Cx, Event, Fail, audit::FieldChange, seal};
use jz_blob::Keys;
use jz_domain::{
    Id, Millis,
    identity::{Action, Object},
};
use jz_imaging::ocr::{Char, Line, PageText};
use jz_search::fold_lines;
use jz_store::{Db, account, object, page, person, volume};
use serde::{Deserialize, Serialize};
use std::io::{Read as _, Write as _};

/// One line of a page.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct LineView {
    /// Text.
    pub text: String,
    /// What the machine read, where a person has changed it.
    pub machine: Option<String>,
    /// Confidence, 0 to 1; 1 for what a person typed.
    pub conf: f32,
    /// Left, top, right, bottom in pixels of the page.
    pub r#box: [f32; 4],
    /// Corners of the slanted rectangle.
    pub quad: [f32; 8],
    /// Start and end of each character along the line, in pixels from its start.
    pub chars: Vec<[f32; 2]>,
}

/// Who corrected a page.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Corrected {
    /// When.
    pub at: Millis,
    /// Name.
    pub actor: String,
}

/// A page.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PageInfo {
    /// Id.
    pub id: Id,
    /// Volume.
    pub volume: Id,
    /// Material.
    pub material: Id,
    /// Title of the material.
    pub material_title: String,
    /// Place in the material.
    pub no: i64,
    /// Width in pixels.
    pub w: i64,
    /// Height in pixels.
    pub h: i64,
    /// Resolution.
    pub dpi: Option<i64>,
    /// SHA-256 of the master, recorded at capture.
    pub sha256: String,
    /// SM3 of the master, recorded at capture.
    pub sm3: String,
    /// Format of the master.
    pub format: String,
    /// Bytes of the master.
    pub bytes: i64,
    /// `pending`, `done`, `failed`, `none`.
    pub ocr: String,
    /// Mean confidence.
    pub confidence: Option<f64>,
    /// Below the threshold for a person to look at.
    pub low: bool,
    /// Revision of the text; 0 when there is none.
    pub rev: i64,
    /// Lines in reading order.
    pub lines: Vec<LineView>,
    /// The newest correction.
    pub corrected: Option<Corrected>,
    /// Quality facts measured at capture.
    #[schema(value_type = Object)]
    pub facts: serde_json::Value,
    /// IIIF image service.
    pub image: String,
    /// Codes of what the actor may do.
    pub actions: Vec<&'static str>,
}

/// Corrected lines.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Revision that was read.
    pub rev: i64,
    /// Lines that change.
    pub lines: Vec<CorrectedLine>,
}

/// One corrected line.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedLine {
    /// Place in the list of lines, from 0.
    pub index: usize,
    /// What it says.
    pub text: String,
}

/// A page that a person should look at.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Low {
    /// Page.
    pub page: Id,
    /// Volume.
    pub volume: Id,
    /// 档号.
    pub volume_no: String,
    /// Whose.
    pub person_name: String,
    /// Title of the material.
    pub material_title: String,
    /// Place in the material.
    pub no: i64,
    /// Mean confidence.
    pub confidence: f64,
}

/// Pages that a person should look at.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct LowList {
    /// Below this confidence.
    pub threshold: f64,
    /// Pages in the order they were filed.
    pub rows: Vec<Low>,
    /// Pass as `after` to go on.
    pub next: Option<Id>,
}

/// Seals a reading: coordinates to a tenth of a pixel, packed, encrypted.
pub(crate) fn seal_text(keys: &Keys, text: &PageText) -> Result<Vec<u8>, Fail> {
    let mut text = text.clone();
    let tenth = |v: &mut f32| *v = (*v * 10.0).round() / 10.0;
    for l in &mut text.lines {
        l.bounds.iter_mut().for_each(tenth);
        l.quad.0.iter_mut().for_each(tenth);
        l.conf = (l.conf * 1000.0).round() / 1000.0;
        for c in &mut l.chars {
            tenth(&mut c.1);
            tenth(&mut c.2);
            c.3 = (c.3 * 1000.0).round() / 1000.0;
        }
    }
    let plain = serde_json::to_vec(&text).map_err(|e| Fail::machine("writing JSON", e))?;
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(4));
    packed.write_all(&plain)?;
    Ok(keys.seal_field(seal::LINES, &packed.finish()?)?)
}

/// Opens a sealed reading.
fn open_text(keys: &Keys, sealed: &[u8]) -> Result<PageText, Fail> {
    let packed = keys.open_field(seal::LINES, sealed)?;
    let mut plain = Vec::new();
    flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut plain)?;
    serde_json::from_slice(&plain).map_err(|e| Fail::machine("reading a page's text", e))
}

/// A reading, and when it was corrected by whom.
pub(crate) type Newest = (PageText, Option<(Millis, Id)>);

/// The newest reading of a page.
pub(crate) fn newest_text(app: &App, db: &mut Db<'_>, p: &page::Page) -> Result<Option<Newest>, Fail> {
    if p.text_rev == 0 {
        return Ok(None);
    }
    let Some(r) = page::reading(db, p.id, p.text_rev)? else { return Ok(None) };
    let text = open_text(&app.keys, &r.lines)?;
    Ok(Some((text, r.actor.map(|a| (r.at, a)))))
}

/// The last reading of a page that no person has touched.
fn machine_text(app: &App, db: &mut Db<'_>, p: &page::Page) -> Result<Option<PageText>, Fail> {
    for rev in (1..p.text_rev).rev() {
        match page::reading(db, p.id, rev)? {
            Some(r) if r.actor.is_none() => return open_text(&app.keys, &r.lines).map(Some),
            _ => {}
        }
    }
    Ok(None)
}

fn place(p: &page::Page) -> Object {
    Object { org_no: Some(p.org_no), subject: Some(p.person) }
}

fn find(db: &mut Db<'_>, id: Id) -> Result<page::Page, Fail> {
    page::find(db, id)?.filter(|p| p.state == "active").ok_or(Fail::NotFound)
}

/// Opens a page: a line in the ledger, then the answer.
pub fn info(cx: &Cx<'_>, id: Id) -> Result<PageInfo, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PageView, &place(&p))?;
    let out =
        cx.look(Action::PageView, &About::of("page", id, p.person, p.org_no), None, |db| view(cx, db, id))?;
    cx.app.looked(cx, id);
    Ok(out)
}

fn view(cx: &Cx<'_>, db: &mut Db<'_>, id: Id) -> Result<PageInfo, Fail> {
    let p = find(db, id)?;
    let o = object::find(db, &p.object)?.ok_or(Fail::NotFound)?;
    let text = newest_text(cx.app, db, &p)?;
    let corrected = match text.as_ref().and_then(|t| t.1) {
        Some((at, who)) => {
            Some(Corrected { at, actor: account::find(db, who)?.map(|a| a.name).unwrap_or_default() })
        }
        None => None,
    };
    let machine = if corrected.is_some() { machine_text(cx.app, db, &p)? } else { None };
    let may = |a: Action| cx.allow(a, &place(&p)).is_ok();
    Ok(PageInfo {
        id,
        volume: p.volume,
        material: p.material,
        material_title: volume::find_material(db, p.material)?.map(|m| m.title).unwrap_or_default(),
        no: p.no,
        w: p.w,
        h: p.h,
        dpi: p.dpi,
        sha256: hex::encode(&o.sha256),
        sm3: hex::encode(&o.sm3),
        format: p.format.clone(),
        bytes: o.len,
        low: p.confidence.is_some_and(|c| c < cx.app.low_confidence()),
        confidence: p.confidence,
        rev: p.text_rev,
        lines: text.map(|t| line_views(&t.0, machine.as_ref())).unwrap_or_default(),
        corrected,
        facts: serde_json::from_str(&p.facts).unwrap_or_default(),
        image: format!("/iiif/3/{id}"),
        actions: [Action::PageCorrect, Action::VolumeEdit]
            .into_iter()
            .filter(|a| may(*a))
            .map(Action::code)
            .collect(),
        ocr: p.ocr,
    })
}

fn line_views(text: &PageText, machine: Option<&PageText>) -> Vec<LineView> {
    // Corrections change the text of lines, never their number or order.
    let before = |i: usize| machine.and_then(|m| m.lines.get(i)).map(|l| l.text.as_str());
    text.lines.iter().enumerate().map(|(i, l)| line_view(l, before(i))).collect()
}

fn line_view(l: &Line, machine: Option<&str>) -> LineView {
    LineView {
        text: l.text.clone(),
        machine: machine.filter(|m| *m != l.text).map(str::to_owned),
        conf: l.conf,
        r#box: l.bounds,
        quad: l.quad.0,
        chars: l.chars.iter().map(|c| [c.1, c.2]).collect(),
    }
}

/// New text in an old line. Characters keep their places when their number is the same;
/// otherwise they share the length of the line evenly.
fn retype(line: &mut Line, text: &str) {
    let new: Vec<char> = text.chars().collect();
    if new.len() == line.chars.len() {
        for (c, n) in line.chars.iter_mut().zip(new) {
            *c = Char(n, c.1, c.2, 1.0);
        }
    } else {
        let step = line.quad.length() / new.len().max(1) as f32;
        let place = |i: usize| i as f32 * step;
        line.chars = new.iter().enumerate().map(|(i, c)| Char(*c, place(i), place(i + 1), 1.0)).collect();
    }
    text.clone_into(&mut line.text);
    line.conf = 1.0;
}

/// Corrects lines; the machine's reading is kept as its own revision.
pub fn correct(cx: &Cx<'_>, id: Id, input: &Correction) -> Result<PageInfo, Fail> {
    if input.lines.is_empty() {
        return Err(Fail::refused("page.same", "没有改动。"));
    }
    cx.change(|c| {
        let p = find(c.db, id)?;
        cx.allow(Action::PageCorrect, &place(&p))?;
        if p.text_rev != input.rev {
            return Err(Fail::conflict(
                "page.rev",
                "这一页的文字刚刚被他人校对过，请刷新后重新校对；您填写的内容还在页面上。",
            ));
        }
        let Some((mut text, _)) = newest_text(cx.app, c.db, &p)? else {
            return Err(Fail::refused("page.no-text", "这一页还没有识别文字，请等识别完成后再校对。"));
        };
        let mut changes = Vec::new();
        for l in &input.lines {
            let typed = l.text.trim();
            if typed.chars().count() > 500 || typed.chars().any(char::is_control) {
                return Err(Fail::at(
                    "page.line",
                    format!("/lines/{}", l.index),
                    "一行不能超过 500 个字，不能含有控制字符。",
                ));
            }
            let line = text.lines.get_mut(l.index).ok_or_else(|| {
                Fail::at("page.line", format!("/lines/{}", l.index), "没有这一行，请刷新后重试。")
            })?;
            if line.text == typed {
                continue;
            }
            changes.push(FieldChange {
                field: format!("line/{}", l.index),
                label: format!("第 {} 行", l.index + 1),
                before: Some(line.text.clone()),
                after: Some(typed.to_owned()),
            });
            retype(line, typed);
        }
        if changes.is_empty() {
            return Err(Fail::refused("page.same", "没有改动。"));
        }
        let folded = fold_lines(text.lines.iter().map(|l| l.text.as_str())).into_text();
        let rev = p.text_rev + 1;
        page::put_reading(
            c.db,
            &page::Reading {
                page: id,
                rev,
                kind: "corrected".into(),
                at: cx.now,
                actor: Some(cx.actor.account),
                lines: seal_text(&cx.app.keys, &text)?,
                folded: seal::text(&cx.app.keys, seal::FOLDED, &folded)?,
            },
        )?;
        let p = page::Page { text_rev: rev, confidence: Some(f64::from(text.confidence())), ..p };
        page::put(c.db, &p)?;
        index::index(cx.app, c.db, &p, &folded)?;
        c.event(Event {
            kind: "page.corrected",
            about: About::of("page", id, p.person, p.org_no),
            subject: p.volume,
            happened: None,
            basis: None,
            changes,
        })?;
        view(cx, c.db, id)
    })
}

/// Pages whose reading is less sure than the threshold, inside the scope.
pub fn low_confidence(cx: &Cx<'_>, after: Option<Id>, limit: i64) -> Result<LowList, Fail> {
    let threshold = cx.app.low_confidence();
    let spans = cx.scope(Action::PageCorrect)?;
    cx.app.store.read(|db| {
        let mut pages = Vec::new();
        for s in spans {
            pages.extend(page::low_confidence(db, threshold, s, after.unwrap_or(Id(0)), limit)?);
        }
        pages.retain(|p| Some(p.person) != cx.actor.person);
        pages.sort_by_key(|p| p.id);
        pages.truncate(limit as usize);
        let next = (pages.len() as i64 == limit).then(|| pages.last().map(|p| p.id)).flatten();
        let mut rows = Vec::with_capacity(pages.len());
        for p in pages {
            rows.push(Low {
                page: p.id,
                volume: p.volume,
                volume_no: volume::find(db, p.volume)?.map(|v| v.no).unwrap_or_default(),
                person_name: person::find(db, p.person)?.map(|x| x.name).unwrap_or_default(),
                material_title: volume::find_material(db, p.material)?.map(|m| m.title).unwrap_or_default(),
                no: p.no,
                confidence: p.confidence.unwrap_or(0.0),
            });
        }
        Ok(LowList { threshold, rows, next })
    })
}
