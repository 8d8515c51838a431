//! Page images in the child process: facts, thumbnail and tiles, and pages cut out of
//! files that hold several.
//!
//! A file with one picture is the master as it is. The pages of a PDF or of a TIFF with
//! several become masters of their own: a JPEG that stands in a PDF is taken untouched,
//! everything else is drawn without loss.

use super::{
    frame::{Frame, Trouble},
    server::lost,
};
use jz_imaging::{
    Format, Image, Limits, Probe, decode::decode_probed, encode, pack, pdf::PdfFile, probe, quality,
};
use serde::{Deserialize, Serialize};
use std::{io::Write, sync::Arc};

/// Bytes of one uploaded page file.
pub const MAX_FILE: u64 = 50 << 20;

/// What comes first: the file as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileHead {
    /// Format by its signature.
    pub format: Format,
    /// Pages in it, whether asked for or not.
    pub pages: u32,
}

/// One page; the thumbnail and the tiles come with it, and the master unless it is the
/// file itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PageHead {
    /// Place in the file, from 0.
    pub page: u32,
    /// The file itself is the master.
    pub same: bool,
    /// Format of the master.
    pub format: Format,
    /// Width as a person sees the page.
    pub w: u32,
    /// Height as a person sees the page.
    pub h: u32,
    /// Resolution.
    pub dpi: Option<u32>,
    /// Facts about the picture, for the row of the page.
    pub facts: serde_json::Value,
}

/// For pages: half of what the decoder would take, so that picture, smaller pictures and
/// file fit into the memory of this process.
fn limits() -> Limits {
    Limits { max_bytes: MAX_FILE, max_pixels: 120_000_000, ..Limits::default() }
}

/// Answers [`super::Op::Image`] about the file in the first part.
pub(super) fn answer(from: u32, most: u32, parts: &[Vec<u8>], out: &mut impl Write) -> Result<(), Trouble> {
    let bytes = parts.first().map(Vec::as_slice).unwrap_or_default();
    let found = probe(bytes, &limits())?;
    match found.format {
        Format::Pdf => pdf_pages(bytes, from, most, out),
        _ if found.pages > 1 => tiff_pages(bytes, &found, from, most, out),
        _ => {
            send_file(Format::of(bytes).unwrap_or(found.format), 1, out)?;
            let image = decode_probed(bytes, &found, 0, &limits())?;
            send_page(0, &found, image, None, bytes, out)
        }
    }
}

fn send_file(format: Format, pages: u32, out: &mut impl Write) -> Result<(), Trouble> {
    Frame::of(&FileHead { format, pages }, Vec::new()).and_then(|f| f.write(out)).map_err(lost)
}

fn window(pages: u32, from: u32, most: u32) -> std::ops::Range<u32> {
    from.min(pages)..from.saturating_add(most).min(pages)
}

fn pdf_pages(bytes: &[u8], from: u32, most: u32, out: &mut impl Write) -> Result<(), Trouble> {
    let mut file = PdfFile::open(bytes.to_vec(), &limits())?;
    // A page that names a Chinese font without bringing it is drawn with ours.
    if let Some(font) = jz_assets::fonts().first() {
        file = file.with_font(Arc::new(font.bytes.to_vec()));
    }
    send_file(Format::Pdf, file.pages(), out)?;
    for n in window(file.pages(), from, most) {
        let page = file.page(n)?;
        let mut found = probe(&page.bytes, &limits())?;
        let image = decode_probed(&page.bytes, &found, 0, &limits())?;
        found.dpi = Some((page.dpi, page.dpi));
        send_page(n, &found, image, Some(page.bytes), bytes, out)?;
    }
    Ok(())
}

fn tiff_pages(
    bytes: &[u8],
    found: &Probe,
    from: u32,
    most: u32,
    out: &mut impl Write,
) -> Result<(), Trouble> {
    send_file(Format::Tiff, found.pages, out)?;
    for n in window(found.pages, from, most) {
        let image = decode_probed(bytes, found, n, &limits())?;
        let master = encode::png(&image, found.dpi.map(|d| d.0.round() as u16))?;
        let page = Probe { format: Format::Png, pages: 1, ..found.clone() };
        send_page(n, &page, image, Some(master), bytes, out)?;
    }
    Ok(())
}

fn send_page(
    page: u32,
    found: &Probe,
    image: Image,
    master: Option<Vec<u8>>,
    file: &[u8],
    out: &mut impl Write,
) -> Result<(), Trouble> {
    let image = image.oriented(found.orientation);
    let master = master.filter(|m| m != file);
    let head = PageHead {
        page,
        same: master.is_none(),
        format: found.format,
        w: image.w(),
        h: image.h(),
        dpi: found.dpi.map(|d| d.0.round() as u32),
        facts: facts(found, &image),
    };
    let derived = pack::derive(&image)?;
    let mut parts = vec![derived.thumb, derived.pack];
    parts.extend(master);
    Frame::of(&head, parts).and_then(|f| f.write(out)).map_err(lost)?;
    // The near end stores this page while the next one is decoded.
    out.flush().map_err(lost)
}

/// What the row of a page keeps: what was measured, and what the file says about itself.
fn facts(found: &Probe, image: &Image) -> serde_json::Value {
    let file = serde_json::json!({
        "bits": found.bits,
        "colour": found.colour,
        "orientation": found.orientation,
        "jpeg_quality": found.jpeg_quality,
        "trailing_bytes": found.trailing_bytes,
    });
    serde_json::json!({ "quality": quality::measure(image), "file": file })
}
