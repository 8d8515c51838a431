//! What a reader is sent: tiles, cut-outs, turned pages, and the stamp on all of
//! them.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

mod common;

use common::{box_font, gradient, mean_diff};
use jz_imaging::iiif::{MaxSize, Request, plan, render};
use jz_imaging::pack::{self, Pack};
use jz_imaging::stamp::{Stamp, StampFont};
use jz_imaging::{Image, Limits, decode};

/// The test picture of the IIIF validator: ten by ten squares of one colour each,
/// a hundred pixels wide.
fn squares() -> Image {
    let colour = |x: u32, y: u32| [(x * 25) as u8, (y * 25) as u8, ((x * 7 + y * 13) % 10 * 25) as u8];
    let pixel = |x: u32, y: u32| colour(x / 100, y / 100);
    Image::new(1000, 1000, (0..1000).flat_map(|y| (0..1000).flat_map(move |x| pixel(x, y))).collect())
        .unwrap()
}

fn pack_of(image: &Image) -> Pack<Vec<u8>> {
    Pack::open(pack::build(image).unwrap()).unwrap()
}

fn get(pack: &Pack<Vec<u8>>, path: &str, stamp: Option<&Stamp>) -> Vec<u8> {
    let request = Request::parse_path(path).unwrap();
    let (w, h) = (pack.layout().w, pack.layout().h);
    render(pack, &plan(&request, w, h, &MaxSize::default()).unwrap(), stamp).unwrap().bytes
}

fn see(pack: &Pack<Vec<u8>>, path: &str, stamp: Option<&Stamp>) -> Image {
    decode(&get(pack, path, stamp), &Limits::default()).unwrap()
}

fn stamp() -> Stamp {
    Stamp::new(&StampFont::new(box_font()).unwrap(), "READER 2026-11-24 10:30").unwrap()
}

fn near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 6)
}

#[test]
fn aligned_tiles_are_the_stored_bytes() {
    let pack = pack_of(&gradient(1500, 1100));
    for (path, tile) in [
        ("0,0,512,512/512,512/0/default.jpg", (0, 0, 0)),
        ("0,0,512,512/max/0/color.jpg", (0, 0, 0)),
        ("1024,1024,476,76/476,76/0/default.jpg", (0, 2, 2)),
        ("1024,0,476,1024/238,512/0/default.jpg", (1, 1, 0)),
        ("full/375,275/0/default.jpg", (2, 0, 0)),
        ("full/375,/360/default.jpg", (2, 0, 0)),
    ] {
        assert_eq!(get(&pack, path, None), pack.tile(tile.0, tile.1, tile.2).unwrap(), "{path}");
    }
    for path in [
        "0,0,512,512/511,512/0/default.jpg",
        "0,0,512,512/512,512/90/default.jpg",
        "1,0,512,512/512,512/0/default.jpg",
    ] {
        assert_ne!(get(&pack, path, None), pack.tile(0, 0, 0).unwrap(), "{path}");
    }
}

#[test]
fn cut_outs_show_the_right_place_at_the_right_size() {
    let image = gradient(1500, 1100);
    let pack = pack_of(&image);
    #[rustfmt::skip]
    let cases = [
        ("100,200,300,400/max/0/default.png", image.crop(100, 200, 300, 400)),
        ("500,500,100,100/50,50/0/default.png", image.crop(500, 500, 100, 100).half()),
        ("0,0,1500,1100/750,550/0/default.png", image.half()),
        ("400,400,8,8/max/0/default.png", image.crop(400, 400, 8, 8)),
        ("200,100,300,200/max/90/default.png", image.crop(200, 100, 300, 200).rotate(1)),
        ("200,100,300,200/max/!180/default.png", image.crop(200, 100, 300, 200).mirror().rotate(2)),
        ("300,200,200,200/max/0/gray.png", image.crop(300, 200, 200, 200).luma().to_rgb()),
    ];
    for (path, want) in cases {
        let got = see(&pack, path, None);
        assert_eq!((got.w(), got.h()), (want.w(), want.h()), "{path}");
        assert!(mean_diff(&got, &want) < 6.0, "{path}: {}", mean_diff(&got, &want));
    }
    assert_eq!((see(&pack, "full/^3000,/0/default.jpg", None).w()), 3000);
    assert_eq!((see(&pack, "full/max/0/default.jpg", None).h()), 1100);
    assert_eq!((see(&pack, "1499,1099,1,1/max/0/default.jpg", None).w()), 1);
}

#[test]
fn the_validators_squares_keep_their_colours() {
    let image = squares();
    let pack = pack_of(&image);
    for s in [45u32, 61, 75, 100, 200] {
        let got = see(&pack, &format!("full/^pct:{s}/0/default.jpg"), None);
        assert_eq!((got.w(), got.h()), (s * 10, s * 10));
        for (x, y) in [(0, 0), (3, 7), (9, 9), (5, 2)] {
            let middle = |v: u32| v * s + s / 2;
            assert!(
                near(got.pixel(middle(x), middle(y)), image.pixel(x * 100 + 50, y * 100 + 50)),
                "{s} {x},{y}"
            );
        }
    }
    let turned = see(&pack, "full/max/90/default.jpg", None);
    assert!(near(turned.pixel(950, 50), image.pixel(50, 50)), "what was upper left is upper right");
    let slanted = see(&pack, "full/max/22/default.png", None);
    assert!(slanted.w() > 1200 && slanted.pixel(0, 0) == [255; 3]);
    assert!(near(slanted.pixel(slanted.w() / 2 - 60, slanted.h() / 2 - 60), image.pixel(422, 467)));
}

#[test]
fn bitonal_has_two_values() {
    let pack = pack_of(&gradient(700, 600));
    let got = see(&pack, "full/max/0/bitonal.png", None);
    assert!(got.data().iter().all(|&v| v == 0 || v == 255));
    let dark = got.data().iter().filter(|&&v| v == 0).count() as f64 / got.data().len() as f64;
    assert!((0.2..0.8).contains(&dark), "{dark}");
}

// ---- the stamp

#[test]
fn every_piece_of_every_picture_is_stamped() {
    let pack = pack_of(&Image::filled(1600, 1200, [255; 3]));
    let stamp = stamp();
    // Pieces of 160 pixels, cut anywhere, at full size and enlarged, in all
    // colours, as both files, at all angles.
    for quality in ["default", "gray", "bitonal"] {
        for (format, rotation) in [("jpg", "0"), ("png", "90"), ("png", "!180"), ("png", "33")] {
            for (x, y) in [(0, 0), (37, 411), (512, 512), (700, 123), (1440, 1040)] {
                for size in ["max", "^320,"] {
                    let path = format!("{x},{y},160,160/{size}/{rotation}/{quality}.{format}");
                    let piece = see(&pack, &path, Some(&stamp));
                    let ink = piece.data().iter().filter(|&&v| v < 250).count();
                    assert!(ink > piece.data().len() / 200, "{path}: {ink} of {}", piece.data().len());
                }
            }
        }
    }
    // And every aligned tile.
    for (level, size) in pack.layout().levels.iter().enumerate() {
        for y in 0..size.rows() {
            for x in 0..size.columns() {
                let s = size.scale * 512;
                let (w, h) = size.tile_size(x, y);
                let path = format!("{},{},{s},{s}/{w},{h}/0/default.jpg", x * s, y * s);
                let tile = see(&pack, &path, Some(&stamp));
                assert!(tile.data().iter().any(|&v| v < 245), "level {level} tile {x},{y}");
            }
        }
    }
}

#[test]
fn neighbouring_tiles_join_up() {
    let pack = pack_of(&Image::filled(1600, 1200, [255; 3]));
    let stamp = stamp();
    let mut sheet = Image::filled(1600, 1200, [255; 3]);
    stamp.rgb(&mut sheet, (0, 0));
    for (x, y, w, h) in [(0, 0, 512, 512), (512, 0, 512, 512), (1024, 1024, 512, 176), (300, 450, 200, 100)] {
        let piece = see(&pack, &format!("{x},{y},{w},{h}/max/0/default.jpg"), Some(&stamp));
        let want = sheet.crop(x, y, w, h);
        assert!(mean_diff(&piece, &want) < 2.0, "{x},{y}: {}", mean_diff(&piece, &want));
        let other = sheet.crop(x + 40, y + 9, w, h);
        assert!((other.w(), other.h()) != (w, h) || mean_diff(&piece, &other) > 3.0, "the place matters");
    }
}

#[test]
fn the_stamp_shows_on_black_as_well_and_is_faint() {
    let stamp = stamp();
    let spread = |grey: u8| {
        let mut image = Image::filled(512, 512, [grey; 3]);
        stamp.rgb(&mut image, (0, 0));
        (*image.data().iter().min().unwrap(), *image.data().iter().max().unwrap())
    };
    assert_eq!(spread(0).0, 0);
    assert!((20..50).contains(&spread(0).1), "{:?}", spread(0));
    assert_eq!(spread(255).1, 255);
    assert!((205..235).contains(&spread(255).0), "{:?}", spread(255));
}

#[test]
fn long_texts_shrink_and_unknown_ones_are_refused() {
    let font = StampFont::new(box_font()).unwrap();
    for text in ["A", &"LONG ".repeat(60)] {
        assert!(Stamp::new(&font, text).is_ok(), "{} letters", text.len());
    }
    assert!(Stamp::new(&font, "张").is_err(), "no glyph: the page may not go out unstamped");
    assert!(Stamp::new(&font, "").is_err());
    assert!(StampFont::new(b"no font".to_vec()).is_err());
}
