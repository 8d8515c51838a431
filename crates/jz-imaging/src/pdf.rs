//! PDF files: how many pages, and each page as a picture file.
//!
//! A scanner's PDF is one JPEG a page: that stream is handed out untouched, so
//! nothing is lost and its digest stays the same. Every other page is drawn on
//! white at [`DPI`]. Before a page is drawn, [`guard`] counts what its compressed
//! parts expand to, because the drawing library itself has no such limit.

mod embedded;
mod guard;

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::{Format, Image, ImagingError, Limits, encode, probe};

/// Resolution that born-digital pages are drawn at.
pub const DPI: f32 = 300.0;

/// Below this a page that is too large for the limits is refused, not shrunk.
const LEAST_DPI: f32 = 72.0;

/// A drawing needs four bytes a pixel and more: fewer pixels than for scans.
const MAX_DRAWN_PIXELS: f32 = 80_000_000.0;

/// An open PDF.
pub struct PdfFile {
    pdf: Pdf,
    limits: Limits,
    settings: InterpreterSettings,
}

/// One page as a picture file.
#[derive(Clone, PartialEq)]
pub struct PdfPage {
    /// A whole JPEG or PNG file.
    pub bytes: Vec<u8>,
    /// Which of the two.
    pub format: Format,
    /// Width in pixels.
    pub w: u32,
    /// Height in pixels.
    pub h: u32,
    /// Dots per inch on paper, from the page's size.
    pub dpi: f32,
    /// True when `bytes` stood in the PDF exactly like this.
    pub untouched: bool,
}

impl std::fmt::Debug for PdfPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { format, w, h, dpi, untouched, bytes } = self;
        write!(f, "PdfPage({format:?} {w}x{h} {dpi} dpi, untouched: {untouched}, {} bytes)", bytes.len())
    }
}

impl PdfFile {
    /// Opens a PDF; no page is a refusal, not an empty file.
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ImagingError> {
        probe(&bytes, limits)?;
        guard::before_parsing(&bytes, limits)?;
        let pdf = Pdf::new(bytes).map_err(|e| match e {
            LoadPdfError::Decryption(_) => ImagingError::PdfEncrypted,
            LoadPdfError::Invalid => ImagingError::PdfUnreadable,
        })?;
        if pdf.pages().is_empty() {
            return Err(ImagingError::PdfNoPages);
        }
        if pdf.pages().len() > limits.max_pages as usize {
            return Err(ImagingError::TooManyPages { max: limits.max_pages });
        }
        Ok(Self { pdf, limits: *limits, settings: InterpreterSettings::default() })
    }

    /// Uses `font` (TTF, OTF or TTC bytes) where a page names a Chinese font
    /// without bringing it along, as office programs of old did.
    #[must_use]
    pub fn with_font(mut self, font: Arc<Vec<u8>>) -> Self {
        let default = Arc::clone(&self.settings.font_resolver);
        self.settings.font_resolver = Arc::new(move |query| match query {
            FontQuery::Fallback(wanted) if wanted.character_collection.is_some() => {
                Some((Arc::clone(&font) as FontData, 0))
            }
            other => default(other),
        });
        self
    }

    /// How many pages there are; at least one.
    pub fn pages(&self) -> u32 {
        self.pdf.pages().len() as u32
    }

    /// One page, from 0.
    pub fn page(&self, page: u32) -> Result<PdfPage, ImagingError> {
        let found = self.pdf.pages().get(page as usize).ok_or(ImagingError::NoSuchPage { page })?;
        guard::before_drawing(found, &self.limits)?;
        match embedded::jpeg(found, &self.limits) {
            Some(page) => Ok(page),
            None => self.draw(found),
        }
    }

    fn draw(&self, page: &Page<'_>) -> Result<PdfPage, ImagingError> {
        let (w, h) = page.render_dimensions(); // in points, 72 an inch
        let dpi = self.dpi_that_fits(w, h)?;
        // The library cuts fractions off; a little more makes whole pixels whole.
        let scale = |points: f32| ((points * dpi / 72.0).round().max(1.0) + 0.05) / points;
        let pixmap = render(
            page,
            &RenderCache::new(),
            &self.settings,
            &RenderSettings::default(),
            &PixmapSettings { x_scale: scale(w), y_scale: scale(h), bg_color: WHITE },
        );
        let rgb = pixmap.data_as_u8_slice().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let image = Image::new(u32::from(pixmap.width()), u32::from(pixmap.height()), rgb);
        let image = image.ok_or(ImagingError::NoPixels)?;
        Ok(PdfPage {
            bytes: encode::png(&image, Some(dpi.round() as u16))?,
            format: Format::Png,
            w: image.w(),
            h: image.h(),
            dpi,
            untouched: false,
        })
    }

    /// [`DPI`], or less for a poster.
    fn dpi_that_fits(&self, w: f32, h: f32) -> Result<f32, ImagingError> {
        if !(w >= 1.0 && h >= 1.0) {
            return Err(ImagingError::NoPixels);
        }
        let side = self.limits.max_side as f32 * 72.0 / w.max(h);
        let pixels = MAX_DRAWN_PIXELS.min(self.limits.max_pixels as f32);
        let area = (pixels / (w * h)).sqrt() * 72.0;
        let dpi = DPI.min(side).min(area);
        if dpi < LEAST_DPI {
            let at = |points: f32| f64::from(points / 72.0 * LEAST_DPI) as u64;
            return Err(ImagingError::TooManyPixels { w: at(w), h: at(h), limits: self.limits });
        }
        Ok(dpi)
    }
}
