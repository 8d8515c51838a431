//! Glyphs as pictures of coverage, drawn once for each size.

use std::collections::HashMap;
use std::rc::Rc;

use ab_glyph::{Font, FontRef, PxScale};

/// One glyph at one size.
pub(crate) struct Glyph {
    /// From the pen to the left edge of the picture.
    pub(crate) left: i32,
    /// From the baseline to the top edge of the picture; upwards is negative.
    pub(crate) top: i32,
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) cover: Vec<u8>,
    pub(crate) advance: f32,
}

/// The two weights of the embedded font.
pub(crate) struct Faces {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    cache: HashMap<(char, u16, bool), Rc<Glyph>>,
}

impl Faces {
    /// `None` when the build had no fonts.
    pub(crate) fn embedded() -> Option<Self> {
        let fonts = jz_assets::fonts();
        let find = |bold: bool| {
            let font = fonts.iter().find(|f| f.name.contains("Bold") == bold)?;
            FontRef::try_from_slice(font.bytes).ok()
        };
        Some(Self { regular: find(false)?, bold: find(true)?, cache: HashMap::new() })
    }

    /// The glyph of `c`, `size` pixels to the em.
    pub(crate) fn glyph(&mut self, c: char, size: u16, bold: bool) -> Rc<Glyph> {
        if let Some(glyph) = self.cache.get(&(c, size, bold)) {
            return Rc::clone(glyph);
        }
        let glyph = Rc::new(render(if bold { &self.bold } else { &self.regular }, c, size));
        self.cache.insert((c, size, bold), Rc::clone(&glyph));
        glyph
    }

    /// Width of a line of text.
    pub(crate) fn width(&mut self, text: &str, size: u16, bold: bool) -> f32 {
        text.chars().map(|c| self.glyph(c, size, bold).advance).sum()
    }
}

fn render(font: &FontRef<'static>, c: char, size: u16) -> Glyph {
    let em = font.units_per_em().unwrap_or(1000.0);
    // The library counts from the lowest to the highest point of the font, not by the em.
    let scale = PxScale::from(f32::from(size) * font.height_unscaled() / em);
    let id = font.glyph_id(c);
    let advance = font.h_advance_unscaled(id) * f32::from(size) / em;
    let Some(outline) = font.outline_glyph(id.with_scale(scale)) else {
        return Glyph { left: 0, top: 0, w: 0, h: 0, cover: Vec::new(), advance };
    };
    let bounds = outline.px_bounds();
    let (w, h) = (bounds.width().ceil() as usize, bounds.height().ceil() as usize);
    let mut cover = vec![0; w * h];
    outline.draw(|x, y, share| {
        if let Some(cell) = cover.get_mut(y as usize * w + x as usize) {
            *cell = (share.clamp(0.0, 1.0) * 255.0) as u8;
        }
    });
    Glyph { left: bounds.min.x as i32, top: bounds.min.y as i32, w, h, cover, advance }
}
