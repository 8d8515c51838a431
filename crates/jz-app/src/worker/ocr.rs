//! Recognition in the child process. The networks are loaded with the first page and
//! stay until the child ends.

use super::{
    frame::{Frame, Trouble},
    server::lost,
};
use jz_imaging::{
    Limits, decode_upright,
    ocr::{Ocr, Recogniser as _, Rten},
};
use std::{io::Write, sync::OnceLock};

impl From<jz_imaging::ImagingError> for Trouble {
    fn from(e: jz_imaging::ImagingError) -> Self {
        Self { code: e.code().to_owned(), zh: e.zh() }
    }
}

fn recogniser() -> Result<&'static Ocr<Rten>, Trouble> {
    static LOADED: OnceLock<Option<Ocr<Rten>>> = OnceLock::new();
    LOADED
        .get_or_init(|| {
            let m = jz_assets::ocr_model()?;
            Rten::recogniser(m.det, m.rec, m.dict.as_bytes()).ok()
        })
        .as_ref()
        .ok_or_else(|| Trouble {
            code: "ocr.no-model".into(),
            zh: "程序中没有识别模型，页面文字未识别；请用 cargo xtask build 重新构建。".into(),
        })
}

/// The text of the page image in the first part.
pub(super) fn answer(parts: &[Vec<u8>], out: &mut impl Write) -> Result<(), Trouble> {
    let bytes = parts.first().map(Vec::as_slice).unwrap_or_default();
    // Boxes are in the picture that people see.
    let image = decode_upright(bytes, &Limits::default())?;
    let text = recogniser()?.recognise(&image)?;
    Frame::of(&text, Vec::new()).and_then(|f| f.write(out)).map_err(lost)
}
