//! The real networks on pages drawn here. Needs the models and a font in
//! `assets/`, which `cargo xtask` fetches; without them the tests say so and pass,
//! except where CI is set.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ab_glyph::{Font, FontVec, ScaleFont, point};
use jz_imaging::Image;
use jz_imaging::ocr::{Ocr, PageText, Recogniser, Rten};

static ENGINE: LazyLock<Option<(Ocr<Rten>, FontVec)>> = LazyLock::new(|| {
    let assets: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let load = |name: &str| std::fs::read(assets.join(name)).ok();
    let font = FontVec::try_from_vec(load("fonts/NotoSerifSC-Regular.ttf")?).ok()?;
    let (det, rec) = (load("ocr/PP-OCRv6_det_small.rten")?, load("ocr/PP-OCRv6_rec_small.rten")?);
    Some((Rten::recogniser(det, rec, &load("ocr/ppocrv6_dict.txt")?).unwrap(), font))
});

/// The engine and the font, or `None` on a machine without assets.
fn engine() -> Option<&'static (Ocr<Rten>, FontVec)> {
    let found = ENGINE.as_ref();
    if found.is_none() {
        assert!(
            std::env::var("CI").is_err(),
            "assets/ocr and assets/fonts are missing: run cargo xtask setup"
        );
        eprintln!("no models in assets: not tested");
    }
    found
}

/// Draws a line of text; gives where it ends.
fn draw(page: &mut Image, font: &FontVec, text: &str, x: f32, y: f32, size: f32, ink: [u8; 3]) -> f32 {
    let scaled = font.as_scaled(size);
    let mut at = x;
    let w = page.w();
    for c in text.chars() {
        let glyph = scaled.glyph_id(c).with_scale_and_position(size, point(at, y + scaled.ascent()));
        at += scaled.h_advance(glyph.id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let corner = outline.px_bounds().min;
        outline.draw(|gx, gy, cover| {
            let (px, py) = (corner.x as u32 + gx, corner.y as u32 + gy);
            let index = (py * w + px) as usize * 3;
            for (v, ink) in page.data_mut()[index..index + 3].iter_mut().zip(ink) {
                *v = (f32::from(*v) * (1.0 - cover) + f32::from(ink) * cover) as u8;
            }
        });
    }
    at
}

fn texts(page: &PageText) -> Vec<&str> {
    page.lines.iter().map(|l| l.text.as_str()).collect()
}

const BLACK: [u8; 3] = [25, 25, 30];

#[test]
fn lines_come_with_places_for_every_character() {
    let Some((engine, font)) = engine() else { return };
    let mut page = Image::filled(1240, 500, [250, 248, 240]);
    let first = "关于做好毕业生党员组织关系转接工作的通知";
    let end = draw(&mut page, font, first, 100.0, 80.0, 44.0, BLACK);
    draw(&mut page, font, "身份证号：990500200306106098", 100.0, 240.0, 44.0, BLACK);
    let read = engine.recognise(&page).unwrap();
    assert_eq!(texts(&read), [first, "身份证号：990500200306106098"]);
    assert!(read.confidence() > 0.95 && !read.upside_down);

    let line = &read.lines[0];
    let [left, top, right, bottom] = line.bounds;
    assert!((left - 100.0).abs() < 20.0 && (right - end).abs() < 20.0, "{left} {right}");
    assert!(top > 60.0 && top < 100.0 && bottom > 120.0 && bottom < 165.0, "{top} {bottom}");
    assert_eq!(line.chars.len(), first.chars().count());
    let advance = (end - 100.0) / line.chars.len() as f32;
    for (i, c) in line.chars.iter().enumerate() {
        let middle = left + f32::midpoint(c.1, c.2);
        let want = 100.0 + (i as f32 + 0.5) * advance;
        assert!((middle - want).abs() < 0.45 * advance, "character {i}: {middle}, not {want}");
    }
    // Marking 组织关系 covers these four characters and not their neighbours.
    let start = first.chars().position(|c| c == '组').unwrap();
    let [from, _, to, _] = line.span(start..start + 4).bounds();
    assert!((from - 100.0 - start as f32 * advance).abs() < 0.6 * advance);
    assert!((to - 100.0 - (start + 4) as f32 * advance).abs() < 0.6 * advance);
}

#[test]
fn an_upside_down_page_is_read_and_said_to_be_so() {
    let Some((engine, font)) = engine() else { return };
    let mut page = Image::filled(1000, 400, [250; 3]);
    draw(&mut page, font, "预备党员转为正式党员", 80.0, 60.0, 48.0, BLACK);
    draw(&mut page, font, "中国共产党入党志愿书", 80.0, 200.0, 48.0, BLACK);
    let read = engine.recognise(&page.rotate(2)).unwrap();
    assert_eq!(texts(&read), ["预备党员转为正式党员", "中国共产党入党志愿书"]);
    assert!(read.upside_down);
    let first = &read.lines[0];
    assert!(first.bounds[1] > 200.0, "the first line is at the bottom of the picture as it is");
    assert!(first.quad.corner(0).0 > first.quad.corner(1).0, "and runs from right to left");
}

#[test]
fn a_red_seal_does_not_hide_what_is_under_it() {
    let Some((engine, font)) = engine() else { return };
    let mut page = Image::filled(1000, 300, [250; 3]);
    draw(&mut page, font, "中共江城师范学院委员会", 200.0, 100.0, 48.0, BLACK);
    let (w, red) = (page.w(), [205.0, 30.0, 35.0]);
    for (i, pixel) in page.data_mut().chunks_exact_mut(3).enumerate() {
        let (x, y) = ((i as u32 % w) as f32, (i as u32 / w) as f32);
        let ring = ((x - 480.0).hypot(y - 130.0) - 90.0).abs() < 9.0;
        let bar = (y - 130.0).abs() < 14.0 && (x - 480.0).abs() < 60.0;
        if ring || bar {
            for (v, red) in pixel.iter_mut().zip(red) {
                *v = (f32::from(*v) * 0.35 + red * 0.65 * f32::from(*v) / 250.0) as u8;
            }
        }
    }
    assert_eq!(texts(&engine.recognise(&page).unwrap()), ["中共江城师范学院委员会"]);
}

#[test]
fn a_blank_page_has_no_text_and_no_doubt() {
    let Some((engine, _)) = engine() else { return };
    let read = engine.recognise(&Image::filled(800, 600, [245, 240, 225])).unwrap();
    assert!(read.lines.is_empty());
    assert_eq!(read.confidence(), 1.0);
}

#[test]
fn odd_sizes_are_read_or_left_but_never_panic() {
    let Some((engine, font)) = engine() else { return };
    for (w, h) in [(1, 1), (7, 900), (900, 7), (33, 33)] {
        engine.recognise(&Image::filled(w, h, [120; 3])).unwrap();
    }
    let mut strip = Image::filled(2600, 70, [250; 3]);
    let text = "我志愿加入中国共产党拥护党的纲领遵守党的章程履行党员义务执行党的决定严守党的纪律";
    draw(&mut strip, font, text, 20.0, 4.0, 44.0, BLACK);
    let read: String = engine.recognise(&strip).unwrap().lines.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(read, text);
}

#[test]
fn pages_side_by_side_give_the_same_as_one_after_the_other() {
    let Some((engine, font)) = engine() else { return };
    let mut page = Image::filled(700, 200, [250; 3]);
    draw(&mut page, font, "思想汇报二〇二三年", 60.0, 60.0, 44.0, BLACK);
    let alone = engine.recognise(&page).unwrap();
    let both: Vec<PageText> = std::thread::scope(|scope| {
        let work: Vec<_> = (0..2).map(|_| scope.spawn(|| engine.recognise(&page).unwrap())).collect();
        work.into_iter().map(|w| w.join().unwrap()).collect()
    });
    assert!(both.iter().all(|other| *other == alone));
    let stored = serde_json::to_string(&alone).unwrap();
    assert_eq!(serde_json::from_str::<PageText>(&stored).unwrap(), alone, "what is stored comes back");
    assert!(!format!("{alone:?}").contains('思'), "what is written is never printed");
}
