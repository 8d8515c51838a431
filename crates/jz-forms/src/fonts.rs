//! The fonts a form may use, parsed once.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Fonts in the order in which they are tried.
///
/// Parsing takes tens of milliseconds and the result is shared: make one and keep it.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
    body: Vec<String>,
    title: Vec<String>,
}

impl Fonts {
    /// The embedded fonts only.
    pub fn embedded() -> Self {
        Self::with_extra([])
    }

    /// Font files of the school (仿宋, 楷体, 小标宋 …) come first, the embedded ones
    /// last: they have the widest coverage. Files that are no fonts are left out.
    pub fn with_extra(extra: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let extra = extra.into_iter().flat_map(|file| Font::iter(Bytes::new(file)));
        let embedded = jz_assets::fonts().into_iter().flat_map(|f| Font::iter(Bytes::new(f.bytes)));
        Self::from_fonts(extra.chain(embedded).collect())
    }

    pub(crate) fn from_fonts(faces: Vec<Font>) -> Self {
        let mut families: Vec<String> = Vec::new();
        for font in &faces {
            let family = &font.info().family;
            if !families.iter().any(|f| f == family) {
                families.push(family.clone());
            }
        }
        // A display face is for headings and would look wrong in the rows; in the
        // heading everything else is only there to fill gaps.
        let (display, text): (Vec<_>, Vec<_>) = families.into_iter().partition(|f| is_display(f));
        let mut title = display.clone();
        title.extend(text.iter().rev().cloned());
        let mut body = text;
        body.extend(display);
        Self { book: LazyHash::new(FontBook::from_fonts(&faces)), faces, body, title }
    }

    /// Family names for the rows, first choice first.
    pub fn body(&self) -> &[String] {
        &self.body
    }

    /// Family names for headings, first choice first.
    pub fn title(&self) -> &[String] {
        &self.title
    }

    /// Whether any font has a glyph for `c`.
    pub fn covers(&self, c: char) -> bool {
        self.faces.iter().any(|f| f.info().coverage.contains(u32::from(c)))
    }
}

/// 小标宋 and its like, under the names font makers give it.
fn is_display(family: &str) -> bool {
    let lower = family.to_lowercase();
    ["标宋", "標宋", "biaosong", "fzxbs"].iter().any(|mark| lower.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::{Fonts, is_display};

    #[test]
    fn files_that_are_no_fonts_are_left_out() {
        let with = Fonts::with_extra([b"not a font".to_vec(), Vec::new()]);
        assert_eq!(with.faces.len(), Fonts::embedded().faces.len());
    }

    #[test]
    fn display_faces_are_known_by_name() {
        for name in ["方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXBSJW"] {
            assert!(is_display(name), "{name}");
        }
        for name in ["仿宋_GB2312", "LXGW WenKai", "Noto Serif SC"] {
            assert!(!is_display(name), "{name}");
        }
    }
}
