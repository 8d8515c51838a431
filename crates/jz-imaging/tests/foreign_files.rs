//! What comes in from outside: honest files of every kind, and hostile ones.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

mod common;

use std::io::Cursor;

use common::{deflate, deflated_blanks, gradient, jpeg, mean_diff, one_page, pdf, scan_pdf, stream, worst};
use jz_imaging::pdf::PdfFile;
use jz_imaging::{
    Colour, Format, Image, ImagingError, Limits, Unsupported, decode, decode_page, decode_upright, encode,
    probe,
};

fn limits() -> Limits {
    Limits::default()
}

fn refused(bytes: &[u8]) -> ImagingError {
    decode(bytes, &limits()).expect_err("must be refused")
}

// ---- honest files

#[test]
fn jpeg_says_what_it_is() {
    let image = gradient(301, 203);
    let bytes = jpeg(&image);
    let found = probe(&bytes, &limits()).unwrap();
    assert_eq!((found.format, found.w, found.h), (Format::Jpeg, 301, 203));
    assert_eq!((found.dpi, found.bits, found.colour), (Some((300.0, 300.0)), 8, Colour::Rgb));
    assert_eq!((found.pages, found.orientation, found.progressive), (1, 1, false));
    let quality = found.jpeg_quality.unwrap();
    assert!((88..=92).contains(&quality), "{quality}");
    assert!(mean_diff(&decode(&bytes, &limits()).unwrap(), &image) < 4.0);
}

#[test]
fn jpeg_quality_is_told_from_the_tables() {
    for quality in [30, 60, 75, 85, 95] {
        let found = probe(&encode::jpeg(&gradient(64, 64), quality).unwrap(), &limits()).unwrap();
        assert!(found.jpeg_quality.unwrap().abs_diff(quality) <= 2, "{quality}: {:?}", found.jpeg_quality);
    }
}

#[test]
fn progressive_grey_and_cmyk_jpeg_decode() {
    use jpeg_encoder::{ColorType, Encoder};
    let (w, h) = (120u16, 90u16);
    let mut progressive = vec![];
    let mut encoder = Encoder::new(&mut progressive, 95);
    encoder.set_progressive(true);
    encoder.encode(gradient(120, 90).data(), w, h, ColorType::Rgb).unwrap();
    assert!(probe(&progressive, &limits()).unwrap().progressive);
    assert!(mean_diff(&decode(&progressive, &limits()).unwrap(), &gradient(120, 90)) < 4.0);

    let grey = encode::jpeg_gray(&gradient(120, 90).luma(), 95).unwrap();
    assert_eq!(probe(&grey, &limits()).unwrap().colour, Colour::Gray);
    let image = decode(&grey, &limits()).unwrap();
    assert!(mean_diff(&image, &gradient(120, 90).luma().to_rgb()) < 3.0);

    // Pure white and a plain cyan in four inks.
    for (ink, want) in [([0, 0, 0, 0], [255, 255, 255]), ([255, 0, 0, 0], [0, 255, 255])] {
        let mut cmyk = vec![];
        Encoder::new(&mut cmyk, 95).encode(&ink.repeat(64 * 64), 64, 64, ColorType::Cmyk).unwrap();
        assert_eq!(probe(&cmyk, &limits()).unwrap().colour, Colour::Cmyk);
        let got = decode(&cmyk, &limits()).unwrap().pixel(20, 20);
        assert!(got.iter().zip(want).all(|(a, b)| a.abs_diff(b) < 12), "{got:?} for {want:?}");
    }
}

#[test]
fn exif_turns_derived_pictures_only() {
    let image = gradient(80, 40);
    let mut bytes = vec![];
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    encoder.add_exif_metadata(exif).unwrap();
    encoder.encode(image.data(), 80, 40, jpeg_encoder::ColorType::Rgb).unwrap();
    let found = probe(&bytes, &limits()).unwrap();
    assert_eq!((found.w, found.h, found.orientation, found.upright()), (80, 40, 6, (40, 80)));
    let stored = decode(&bytes, &limits()).unwrap();
    let upright = decode_upright(&bytes, &limits()).unwrap();
    assert_eq!((stored.w(), upright.w()), (80, 40));
    assert_eq!(upright, stored.rotate(1));
}

#[test]
fn png_of_every_depth_becomes_rgb() {
    let image = gradient(37, 21);
    let bytes = encode::png(&image, Some(300)).unwrap();
    assert_eq!(probe(&bytes, &limits()).unwrap().dpi, Some((300.0, 300.0)));
    assert_eq!(decode(&bytes, &limits()).unwrap(), image);

    let make = |kind, depth, data: &[u8], palette: Option<Vec<u8>>| {
        let mut out = vec![];
        let mut encoder = png::Encoder::new(&mut out, 4, 2);
        encoder.set_color(kind);
        encoder.set_depth(depth);
        if let Some(palette) = palette {
            encoder.set_palette(palette);
        }
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        out
    };
    use png::{BitDepth, ColorType};
    let one_bit = make(ColorType::Grayscale, BitDepth::One, &[0b1010_0000, 0b0101_0000], None);
    let sixteen = make(ColorType::Grayscale, BitDepth::Sixteen, &[0xff, 0, 0, 0xff].repeat(4), None);
    let palette =
        make(ColorType::Indexed, BitDepth::Two, &[0b0110_0000, 0], Some(vec![1, 2, 3, 200, 0, 0, 9, 9, 9]));
    let clear = make(ColorType::Rgba, BitDepth::Eight, &[0, 0, 0, 0].repeat(8), None);
    let first = |bytes: &[u8]| {
        let image = decode(bytes, &limits()).unwrap();
        [image.pixel(0, 0), image.pixel(1, 0)]
    };
    assert_eq!(first(&one_bit), [[255; 3], [0; 3]]);
    assert_eq!(first(&sixteen), [[255; 3], [0; 3]]);
    assert_eq!(first(&palette), [[200, 0, 0], [9, 9, 9]]);
    assert_eq!(first(&clear), [[255; 3]; 2], "transparent is white paper");
    assert_eq!(probe(&one_bit, &limits()).unwrap().colour, Colour::Bitonal);
}

#[test]
fn tiff_pages_are_counted_and_decoded() {
    use tiff::encoder::{TiffEncoder, colortype};
    let image = gradient(50, 30);
    let mut bytes = Cursor::new(vec![]);
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    encoder.write_image::<colortype::RGB8>(50, 30, image.data()).unwrap();
    encoder.write_image::<colortype::Gray8>(50, 30, image.luma().data()).unwrap();
    let deep: Vec<u16> = image.data().iter().map(|&v| u16::from(v) << 8).collect();
    encoder.write_image::<colortype::RGB16>(50, 30, &deep).unwrap();
    let bytes = bytes.into_inner();
    let found = probe(&bytes, &limits()).unwrap();
    assert_eq!((found.format, found.w, found.h, found.pages), (Format::Tiff, 50, 30, 3));
    assert_eq!(decode_page(&bytes, 0, &limits()).unwrap(), image);
    assert_eq!(decode_page(&bytes, 1, &limits()).unwrap(), image.luma().to_rgb());
    assert_eq!(decode_page(&bytes, 2, &limits()).unwrap(), image);
    assert_eq!(decode_page(&bytes, 3, &limits()), Err(ImagingError::NoSuchPage { page: 3 }));
}

#[test]
fn bitonal_tiff_without_compression() {
    // 10 x 2, white is zero, hand-made: the layout of every old fax page.
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let entries: [(u16, u16, u32); 8] = [
        (256, 3, 10),
        (257, 3, 2),
        (258, 3, 1),
        (259, 3, 1),
        (262, 3, 0),
        (273, 4, 110),
        (278, 3, 2),
        (279, 4, 4),
    ];
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.resize(110, 0);
    bytes.extend([0b1000_0000, 0b0100_0000, 0, 0]);
    let found = probe(&bytes, &limits()).unwrap();
    assert_eq!((found.colour, found.bits), (Colour::Bitonal, 1));
    let image = decode(&bytes, &limits()).unwrap();
    assert_eq!(
        [image.pixel(0, 0), image.pixel(1, 0), image.pixel(9, 0), image.pixel(0, 1)],
        [[0; 3], [255; 3], [0; 3], [255; 3]]
    );
}

// ---- PDF

#[test]
fn a_scanners_pdf_gives_its_jpeg_untouched() {
    let image = gradient(600, 900);
    let bytes = jpeg(&image);
    for (name, after) in [("bare", ""), ("with hidden text", "BT 3 Tr /F1 9 Tf (abc) Tj ET")] {
        let file = PdfFile::open(scan_pdf(&bytes, 600, 900, after), &limits()).unwrap();
        assert_eq!(file.pages(), 1);
        let page = file.page(0).unwrap();
        assert!(page.untouched, "{name}");
        assert_eq!(page.bytes, bytes, "{name}");
        assert!((page.dpi - 150.0).abs() < 0.1, "{name}: {}", page.dpi);
        assert_eq!(file.page(1), Err(ImagingError::NoSuchPage { page: 1 }));
    }
}

#[test]
fn other_pages_are_drawn_on_white() {
    let bytes = jpeg(&gradient(60, 90));
    let file = PdfFile::open(scan_pdf(&bytes, 60, 90, "1 0 0 rg 0 0 144 216 re f"), &limits()).unwrap();
    let page = file.page(0).unwrap();
    assert!(!page.untouched, "a filled box shows");
    assert_eq!((page.format, page.w, page.h), (Format::Png, 1200, 1800));
    assert_eq!(probe(&page.bytes, &limits()).unwrap().dpi, Some((300.0, 300.0)));
    let image = decode(&page.bytes, &limits()).unwrap();
    assert_eq!(image.pixel(300, 1500), [255, 0, 0], "lower left quarter");

    let empty = one_page(stream("", b"0 0 1 rg 144 216 144 216 re f"), "", vec![]);
    let drawn = decode_page(&empty, 0, &limits()).unwrap();
    assert_eq!((drawn.pixel(10, 10), drawn.pixel(1190, 10)), ([255; 3], [0, 0, 255]));
}

#[test]
fn a_poster_is_drawn_coarser() {
    let small = Limits { max_side: 1000, ..limits() };
    let file = PdfFile::open(one_page(stream("", b"0 0 9 9 re f"), "", vec![]), &small).unwrap();
    let page = file.page(0).unwrap();
    assert!(page.h <= 1000 && page.h > 950, "{page:?}");
    let tiny = Limits { max_side: 100, ..limits() };
    let file = PdfFile::open(one_page(stream("", b"0 0 9 9 re f"), "", vec![]), &tiny).unwrap();
    assert!(matches!(file.page(0), Err(ImagingError::TooManyPixels { .. })));
}

// ---- hostile and broken files

#[test]
fn a_png_that_claims_50000_squared() {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(50_000u32.to_be_bytes());
    bytes.extend(50_000u32.to_be_bytes());
    bytes.extend([1, 0, 0, 0, 0]);
    bytes.extend([0; 4]);
    bytes.extend(b"\0\0\0\x01IDAT\0");
    assert!(matches!(refused(&bytes), ImagingError::TooManyPixels { w: 50_000, h: 50_000, .. }));
}

#[test]
fn a_tiff_that_claims_60000_squared() {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let entries: [(u16, u16, u32); 9] = [
        (256, 4, 60_000),
        (257, 4, 60_000),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 130),
        (277, 3, 1),
        (278, 4, 60_000),
        (279, 4, 80),
    ];
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.resize(216, 0);
    assert!(matches!(refused(&bytes), ImagingError::TooManyPixels { w: 60_000, h: 60_000, .. }));
}

#[test]
fn a_jpeg_that_claims_30000_squared() {
    let mut bytes = jpeg(&gradient(16, 16));
    let at = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    bytes.splice(at + 5..at + 9, [30_000u16.to_be_bytes(), 30_000u16.to_be_bytes()].concat());
    assert!(matches!(refused(&bytes), ImagingError::TooManyPixels { .. }));
}

#[test]
fn cut_off_files_are_said_to_be_cut_off() {
    let whole = jpeg(&gradient(400, 300));
    for keep in [3, 20, 200, whole.len() / 2, whole.len() - 2] {
        assert_eq!(refused(&whole[..keep]), ImagingError::Truncated, "{keep} bytes");
    }
    let whole = encode::png(&gradient(400, 300), None).unwrap();
    for keep in [10, 40, whole.len() / 2] {
        let got = refused(&whole[..keep]);
        assert!(matches!(got, ImagingError::Truncated | ImagingError::Damaged), "{keep} bytes: {got:?}");
    }
}

#[test]
fn damage_in_the_middle_is_noticed() {
    let mut bytes = jpeg(&gradient(400, 300));
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0xff);
    assert_eq!(refused(&bytes), ImagingError::Damaged);
}

#[test]
fn trailing_bytes_are_counted() {
    let mut bytes = jpeg(&gradient(16, 16));
    bytes.extend(b"appended");
    assert_eq!(probe(&bytes, &limits()).unwrap().trailing_bytes, 8);
}

#[test]
fn kinds_that_no_browser_shows_are_refused() {
    let whole = jpeg(&gradient(16, 16));
    let at = whole.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    let mut arithmetic = whole.clone();
    arithmetic[at + 1] = 0xc9;
    assert_eq!(refused(&arithmetic), ImagingError::Unsupported(Unsupported::JpegCoding));
    let mut deep = whole;
    deep[at + 4] = 12;
    assert_eq!(refused(&deep), ImagingError::Unsupported(Unsupported::JpegDepth));
    assert_eq!(refused(b"GIF89a"), ImagingError::UnknownFormat);
    assert_eq!(refused(b""), ImagingError::UnknownFormat);
}

#[test]
fn too_many_bytes() {
    let small = Limits { max_bytes: 100, ..limits() };
    let bytes = jpeg(&gradient(16, 16));
    assert!(matches!(probe(&bytes, &small), Err(ImagingError::TooManyBytes { max: 100, .. })));
}

#[test]
fn pdf_triple_flate_bomb() {
    let inner = deflate(&deflate(&deflated_blanks(900)));
    assert!(inner.len() < 20_000, "{}", inner.len());
    let content = stream("/Filter[/FlateDecode/FlateDecode/FlateDecode]", &inner);
    let file = PdfFile::open(one_page(content, "", vec![]), &limits()).unwrap();
    assert!(matches!(file.page(0), Err(ImagingError::PdfExpands { .. })));
}

#[test]
fn pdf_bombs_in_other_places() {
    let small = Limits { max_expanded: 1 << 20, ..limits() };
    let big = vec![b' '; 4 << 20];
    let hex: Vec<u8> = deflate(&big).iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
    let run_length = [129u8, b' '].repeat(40_000);
    let image = "/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray";
    let cases = [
        ("flate picture", format!("{image}/Filter/FlateDecode"), deflate(&big)),
        ("hex over flate", format!("{image}/Filter[/ASCIIHexDecode/FlateDecode]"), hex),
        ("run length", format!("{image}/Filter/RunLengthDecode"), run_length),
        ("form", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode".into(), deflate(&big)),
        ("jpeg claims", "/Subtype/Image/Width 60000/Height 60000/Filter/DCTDecode".into(), vec![0; 9]),
    ];
    for (name, dict, data) in cases {
        let bytes = one_page(stream("", b"/X Do"), "/XObject<</X 5 0 R>>", vec![stream(&dict, &data)]);
        let got = PdfFile::open(bytes, &small).unwrap().page(0);
        assert!(
            matches!(got, Err(ImagingError::PdfExpands { .. } | ImagingError::TooManyPixels { .. })),
            "{name}: {got:?}"
        );
    }
    // An object stream is expanded while the file is opened.
    let packed = stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &deflate(&big));
    let bytes = one_page(stream("", b""), "", vec![packed]);
    assert!(matches!(PdfFile::open(bytes, &small).err(), Some(ImagingError::PdfExpands { .. })));
}

#[test]
fn pdf_of_20000_nested_arrays() {
    let nested = ["[".repeat(20_000), "]".repeat(20_000)].concat();
    let bytes = pdf(
        &[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            format!("<</Type/Pages/Kids {nested}/Count 1>>").into_bytes(),
        ],
        "",
    );
    let got = PdfFile::open(bytes, &limits()).err();
    assert!(matches!(got, Some(ImagingError::PdfNoPages | ImagingError::PdfUnreadable)), "{got:?}");
}

#[test]
fn pdf_without_pages_encrypted_or_broken() {
    let none =
        pdf(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[]/Count 0>>".to_vec()], "");
    assert_eq!(PdfFile::open(none, &limits()).err(), Some(ImagingError::PdfNoPages));

    let locked = pdf(
        &[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[]/Count 0>>".to_vec(),
            format!("<</Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>>>", "00".repeat(32), "11".repeat(32))
                .into_bytes(),
        ],
        "/Encrypt 3 0 R/ID[<00><00>]",
    );
    assert_eq!(PdfFile::open(locked, &limits()).err(), Some(ImagingError::PdfEncrypted));

    assert_eq!(
        PdfFile::open(b"%PDF-1.4 nothing".to_vec(), &limits()).err(),
        Some(ImagingError::PdfUnreadable)
    );
}

#[test]
fn every_refusal_has_a_chinese_sentence_and_a_code() {
    let all = [
        ImagingError::TooManyBytes { bytes: 300 << 20, max: 256 << 20 },
        ImagingError::TooManyPixels { w: 50_000, h: 50_000, limits: limits() },
        ImagingError::NoPixels,
        ImagingError::UnknownFormat,
        ImagingError::Truncated,
        ImagingError::Damaged,
        ImagingError::Unsupported(Unsupported::JpegCoding),
        ImagingError::Unsupported(Unsupported::JpegDepth),
        ImagingError::Unsupported(Unsupported::TiffLayout),
        ImagingError::PdfEncrypted,
        ImagingError::PdfUnreadable,
        ImagingError::PdfNoPages,
        ImagingError::PdfExpands { max: 1 << 20 },
        ImagingError::TooManyPages { max: 9 },
        ImagingError::NoSuchPage { page: 0 },
        ImagingError::Model("x"),
        ImagingError::Font,
        ImagingError::Pack,
        ImagingError::Encode("x"),
    ];
    for error in all {
        let sentence = error.zh();
        assert!(
            sentence.ends_with('。') && sentence.contains('；') && error.code().contains('.'),
            "{error:?}"
        );
    }
}

#[test]
fn lossless_formats_agree_with_each_other() {
    let image: Image = gradient(77, 55);
    let png = decode(&encode::png(&image, None).unwrap(), &limits()).unwrap();
    assert_eq!(worst(&png, &image), 0);
}
