//! Finds out whether a page is nothing but one upright JPEG.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Name, Number, Object, Stream};
use hayro::hayro_syntax::page::{Page, Rotation};

use super::PdfPage;
use crate::{Colour, Format, Limits, probe};

/// The JPEG of a page that paints one picture over (nearly) the whole sheet and
/// nothing else that can be seen. Anything unusual gives `None`: then the page is
/// drawn, which is always right.
pub(super) fn jpeg(page: &Page<'_>, limits: &Limits) -> Option<PdfPage> {
    if !matches!(page.rotation(), Rotation::None) || has_annotations(page) {
        return None;
    }
    let (name, [w_pt, h_pt]) = only_picture(page)?;
    let stream = page.resources().get_x_object(&name)?;
    if !plain_jpeg(&stream) {
        return None;
    }
    let bytes = stream.raw_data().into_owned();
    let found = probe(&bytes, limits).ok()?;
    // Four inks may be stored inverted, and EXIF would turn what the PDF does not.
    if found.format != Format::Jpeg || found.colour == Colour::Cmyk || found.orientation != 1 {
        return None;
    }
    let (across, down) = (found.w as f32 * 72.0 / w_pt, found.h as f32 * 72.0 / h_pt);
    let same_shape = (across / down - 1.0).abs() < 0.02;
    same_shape.then_some(PdfPage {
        bytes,
        format: Format::Jpeg,
        w: found.w,
        h: found.h,
        dpi: across,
        untouched: true,
    })
}

fn has_annotations(page: &Page<'_>) -> bool {
    page.raw().get::<Array<'_>>("Annots").is_some_and(|a| a.raw_iter().next().is_some())
}

/// Filter DCT alone, and no mask, palette or decoding of its own.
fn plain_jpeg(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    let odd = ["SMask", "Mask", "Decode", "ImageMask"];
    let direct = match dict.get::<Object<'_>>("ColorSpace") {
        None => true,
        Some(Object::Name(name)) => [&b"DeviceRGB"[..], b"DeviceGray"].contains(&&*name),
        Some(Object::Array(array)) => {
            let kind = array.iter::<Object<'_>>().next().and_then(Object::into_name);
            kind.is_some_and(|name| [&b"ICCBased"[..], b"CalRGB", b"CalGray"].contains(&&*name))
        }
        Some(_) => false,
    };
    direct && stream.filters()[..] == [Filter::DctDecode] && !odd.iter().any(|key| dict.contains_key(key))
}

/// The name of the only picture, and its size in points, if nothing else shows.
fn only_picture<'a>(page: &'a Page<'_>) -> Option<(Name<'a>, [f32; 2])> {
    use TypedInstruction as I;
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut stack, mut invisible) = (vec![], vec![false]);
    let mut found = None;
    let mut operations = page.typed_operations();
    while let Some(instruction) = operations.next() {
        match instruction {
            I::SaveState(_) => {
                stack.push(matrix);
                invisible.push(*invisible.last()?);
            }
            I::RestoreState(_) => {
                matrix = stack.pop()?;
                invisible.pop();
            }
            I::Transform(t) => {
                let step = [t.0, t.1, t.2, t.3, t.4, t.5].map(|n: Number| n.as_f32());
                matrix = multiply(step, matrix);
            }
            I::TextRenderingMode(mode) => *invisible.last_mut()? = mode.0.as_i64() == 3,
            I::XObject(object) if found.is_none() => found = Some((object.0.clone(), matrix)),
            I::ShowText(_) | I::ShowTexts(_) | I::NextLineAndShowText(_) | I::ShowTextWithParameters(_)
                if *invisible.last()? => {}
            // Whatever paints, clips or changes how things are painted.
            I::XObject(_)
            | I::InlineImage(_)
            | I::Shading(_)
            | I::SetGraphicsState(_)
            | I::StrokePath(_)
            | I::CloseAndStrokePath(_)
            | I::FillPathNonZero(_)
            | I::FillPathNonZeroCompatibility(_)
            | I::FillPathEvenOdd(_)
            | I::FillAndStrokeNonZero(_)
            | I::FillAndStrokeEvenOdd(_)
            | I::CloseFillAndStrokeNonZero(_)
            | I::CloseFillAndStrokeEvenOdd(_)
            | I::ShowText(_)
            | I::ShowTexts(_)
            | I::NextLineAndShowText(_)
            | I::ShowTextWithParameters(_)
            | I::Fallback(_) => return None,
            _ => {}
        }
    }
    let (name, m) = found?;
    let sheet = page.intersected_crop_box();
    let (w, h) = ((sheet.x1 - sheet.x0) as f32, (sheet.y1 - sheet.y0) as f32);
    let upright = m[1] == 0.0 && m[2] == 0.0 && m[0] > 0.0 && m[3] > 0.0;
    let covers = (m[0] / w - 1.0).abs() < 0.03
        && (m[3] / h - 1.0).abs() < 0.03
        && (m[4] - sheet.x0 as f32).abs() < 0.03 * w
        && (m[5] - sheet.y0 as f32).abs() < 0.03 * h;
    (upright && covers).then_some((name, [m[0], m[3]]))
}

/// `a` applied first, then `b`.
fn multiply(a: [f32; 6], b: [f32; 6]) -> [f32; 6] {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}
