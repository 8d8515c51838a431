//! Bytes that travel inside the executable: fonts, recognition models, the web part.
//!
//! The build script embeds what lies in `assets/` and `web/dist/` when this crate
//! is compiled. What is missing there is missing here (`None`, an empty list), so
//! everything compiles without downloads; whoever needs a thing says so in its own
//! words. Where the files come from is written in `assets.lock` at the root.
//!
//! This crate serves nothing and decodes nothing. A new kind of file is a new
//! function here and a new `write_…` in `build.rs`.

#![deny(missing_docs)]

/// A font file, unmodified.
#[derive(Clone, Copy)]
pub struct Font {
    /// File name without its ending, for example `NotoSerifSC-Regular`.
    pub name: &'static str,
    /// The TrueType or OpenType file.
    pub bytes: &'static [u8],
}

/// The networks that find and read lines of text.
#[derive(Clone, Copy)]
pub struct OcrModel {
    /// Which model this is, for the record of a recognition run.
    pub name: &'static str,
    /// Finds the lines.
    pub det: &'static [u8],
    /// Reads one line.
    pub rec: &'static [u8],
    /// What the reader can say: one entry a line.
    pub dict: &'static str,
}

/// A file of the web part.
#[derive(Clone, Copy)]
pub struct WebFile {
    /// Path below the root, without a leading slash: `index.html`, `assets/app-1a2b.js`.
    pub path: &'static str,
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The same, Brotli, when the web build made one.
    pub brotli: Option<&'static [u8]>,
    /// The same, gzip, when the web build made one.
    pub gzip: Option<&'static [u8]>,
    /// Strong entity tag, quotes included.
    pub etag: &'static str,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
}

/// The text of a licence or notice that must travel with the bytes.
#[derive(Clone, Copy)]
pub struct Licence {
    /// Folder and file: `fonts/LICENSE-NotoSerifSC.txt`.
    pub name: &'static str,
    /// The full text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// All embedded fonts, by file name.
pub fn fonts() -> Vec<Font> {
    FONTS.to_vec()
}

/// The embedded recognition model; `None` when the build had no model files.
pub fn ocr_model() -> Option<OcrModel> {
    OCR
}

/// All files of the web part, by path; empty when the build had none.
pub fn web() -> &'static [WebFile] {
    WEB
}

/// Licences and notices of the fonts and models.
pub fn licences() -> &'static [Licence] {
    LICENCES
}

#[cfg(test)]
mod tests {
    use super::{fonts, licences, ocr_model, web};

    #[test]
    fn fonts_are_whole_files() {
        for font in fonts() {
            let head = font.bytes.get(..4);
            let known = [&b"\x00\x01\x00\x00"[..], b"OTTO", b"true"];
            assert!(head.is_some_and(|h| known.contains(&h)), "{}", font.name);
            assert!(licences().iter().any(|l| l.name.starts_with("fonts/")), "a font needs its licence");
        }
    }

    #[test]
    fn model_weights_are_aligned() {
        let Some(model) = ocr_model() else { return };
        assert_eq!(model.det.as_ptr().align_offset(8), 0);
        assert_eq!(model.rec.as_ptr().align_offset(8), 0);
        assert!(model.dict.lines().count() > 10_000);
        assert!(licences().iter().any(|l| l.name.starts_with("ocr/")), "a model needs its licence");
    }

    #[test]
    fn web_paths_are_unique_and_tagged() {
        let mut paths: Vec<_> = web().iter().map(|f| f.path).collect();
        paths.dedup();
        assert_eq!(paths.len(), web().len());
        for file in web() {
            assert!(file.etag.starts_with('"') && file.etag.len() == 34, "{}", file.path);
            assert!(!file.path.starts_with('/'), "{}", file.path);
        }
    }
}
