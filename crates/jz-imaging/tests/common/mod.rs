//! Pictures and files made on the spot; nothing binary is committed.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "every test program uses a part of this"
)]

use std::io::Write;

use jz_imaging::{Image, encode};

/// A page with a colour that changes everywhere, so that no two places are alike.
pub fn gradient(w: u32, h: u32) -> Image {
    let pixel = |x: u32, y: u32| [(x * 255 / w) as u8, (y * 255 / h) as u8, ((x + y) % 256) as u8];
    Image::new(w, h, (0..h).flat_map(|y| (0..w).flat_map(move |x| pixel(x, y))).collect()).unwrap()
}

/// Largest difference of any channel of any pixel.
pub fn worst(a: &Image, b: &Image) -> u8 {
    assert_eq!((a.w(), a.h()), (b.w(), b.h()));
    a.data().iter().zip(b.data()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

/// Mean difference over all channels.
pub fn mean_diff(a: &Image, b: &Image) -> f64 {
    assert_eq!((a.w(), a.h()), (b.w(), b.h()));
    let sum: u64 = a.data().iter().zip(b.data()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.data().len() as f64
}

pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

/// So many MB of blanks, compressed without ever being held.
pub fn deflated_blanks(megabytes: usize) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..megabytes {
        out.write_all(&blanks).unwrap();
    }
    out.finish().unwrap()
}

/// A PDF of numbered objects, with a plain cross-reference table.
pub fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = vec![];
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    out.extend_from_slice(
        format!("trailer\n<</Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{table}\n%%EOF").as_bytes(),
    );
    out
}

pub fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dict} /Length {}>>\nstream\n", data.len()).into_bytes();
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream");
    out
}

/// One A6 page whose content stream is `content`, with `resources`, and further
/// objects from number 5 on.
pub fn one_page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]/Contents 4 0 R/Resources<<{resources}>>>>")
            .into_bytes(),
        content,
    ];
    objects.extend(more);
    pdf(&objects, "")
}

/// A PDF as a scanner makes it: one JPEG over the whole page.
pub fn scan_pdf(jpeg: &[u8], w: u32, h: u32, after: &str) -> Vec<u8> {
    let content = format!("q 288 0 0 432 0 0 cm /Im0 Do Q {after}");
    let dict = format!(
        "/Type/XObject/Subtype/Image/Width {w}/Height {h}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
    );
    one_page(stream("", content.as_bytes()), "/XObject<</Im0 5 0 R>>", vec![stream(&dict, jpeg)])
}

pub fn jpeg(image: &Image) -> Vec<u8> {
    encode::jpeg_with_dpi(image, 90, 300).unwrap()
}

/// A TrueType font whose every letter from space to `~` is a filled box: enough
/// to draw a stamp, and nothing to ship.
pub fn box_font() -> Vec<u8> {
    let be16 =
        |values: &[i32]| -> Vec<u8> { values.iter().flat_map(|&v| (v as u16).to_be_bytes()).collect() };
    let glyph =
        [be16(&[1, 100, 0, 500, 700, 3, 0]), vec![1; 4], be16(&[100, 0, 400, 0, 0, 700, 0, -700])].concat();
    let mut head = vec![0; 54];
    head[..4].copy_from_slice(&[0, 1, 0, 0]);
    head[12..16].copy_from_slice(&0x5f0f_3cf5u32.to_be_bytes());
    head[18..20].copy_from_slice(&1000u16.to_be_bytes());
    head[50..52].copy_from_slice(&1u16.to_be_bytes()); // long offsets
    let mut hhea = vec![0; 36];
    hhea[..4].copy_from_slice(&[0, 1, 0, 0]);
    hhea[4..6].copy_from_slice(&800u16.to_be_bytes());
    hhea[6..8].copy_from_slice(&(-200i16).to_be_bytes());
    hhea[34..36].copy_from_slice(&1u16.to_be_bytes());
    let maxp = [0x0000_5000u32.to_be_bytes().to_vec(), be16(&[2])].concat();
    let hmtx = be16(&[600, 100, 100]);
    let loca: Vec<u8> = [0u32, 0, glyph.len() as u32].iter().flat_map(|v| v.to_be_bytes()).collect();
    // Format 12: one group that maps all letters to glyph 1 needs a group each.
    let groups: Vec<u8> = (32u32..127).flat_map(|c| [c, c, 1]).flat_map(u32::to_be_bytes).collect();
    let length = 16 + groups.len() as u32;
    let cmap = [
        be16(&[0, 1, 3, 10]),
        12u32.to_be_bytes().to_vec(),
        be16(&[12, 0]),
        length.to_be_bytes().to_vec(),
        0u32.to_be_bytes().to_vec(),
        95u32.to_be_bytes().to_vec(),
        groups,
    ]
    .concat();
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"cmap", cmap),
        (b"glyf", glyph),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
    ];
    let mut out = [vec![0, 1, 0, 0], be16(&[tables.len() as i32, 64, 2, 48])].concat();
    let mut at = 12 + 16 * tables.len();
    for (name, table) in &tables {
        out.extend_from_slice(*name);
        for value in [0, at as u32, table.len() as u32] {
            out.extend_from_slice(&value.to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        out.extend_from_slice(&table);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}
