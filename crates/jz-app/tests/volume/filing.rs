//! Pages into materials: images, PDF, what is derived, what is refused.

use crate::{
    catalogue::{add, edited, made},
    world::{World, both, jpeg, pdf, png},
};
use jz_app::{
    Fail, audit,
    volume::{self, CatalogueEdit, CatalogueOp, CatalogueUndo, Derived, Material, Piece, VolumeRecord},
};
use jz_domain::Id;
use jz_imaging::pack::Pack;

pub fn send(w: &World, material: Id, files: Vec<Vec<u8>>) -> Result<Material, Fail> {
    let pieces = files.into_iter().flat_map(|bytes| {
        let (a, b) = bytes.split_at(bytes.len() / 3);
        [Ok(Piece::File("扫描.jpg".into())), Ok(Piece::Bytes(a.to_vec())), Ok(Piece::Bytes(b.to_vec()))]
    });
    volume::add_pages(&w.cx(), material, pieces)
}

fn a_material(w: &World) -> (VolumeRecord, Id) {
    let v = made(w, w.jia, "CADRE-2018");
    let v = edited(w, &v, vec![add("1", "干部履历表"), add("1", "简历表")]);
    let id = v.classes[0].materials[0].id;
    (v, id)
}

fn refused(r: Result<Material, Fail>) -> String {
    match r {
        Err(Fail::Refused { code: "page.file", zh, .. }) => zh,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn pages_are_masters_with_rows_jobs_events_and_pictures() {
    both(|w| {
        let (v, m) = a_material(w);
        let (first, second) = (jpeg(1), png(2));
        let filed = send(w, m, vec![first.clone(), second.clone()]).unwrap();
        assert_eq!(
            filed.pages.iter().map(|p| (p.no, p.w, p.h)).collect::<Vec<_>>(),
            [(1, 620, 877), (2, 620, 877)]
        );
        let (a, b) = (w.page(filed.pages[0].id), w.page(filed.pages[1].id));
        assert_eq!(
            (a.format.as_str(), b.format.as_str(), a.dpi, a.ocr.as_str()),
            ("jpeg", "png", Some(75), "pending")
        );
        assert_eq!(jz_app::objects::read(&w.app, &a.object).unwrap(), first);
        assert_eq!(jz_app::objects::read(&w.app, &b.object).unwrap(), second);
        let mut args: Vec<String> = w.jobs("ocr").into_iter().map(|j| j.arg).collect();
        args.sort();
        let mut ids = vec![a.id.to_string(), b.id.to_string()];
        ids.sort();
        assert_eq!(args, ids);
        let now = volume::read(&w.cx(), v.row.id).unwrap();
        assert_eq!((now.rev, now.row.pages), (3, 2));
        let events = audit::history(&w.cx(), v.row.id, 10).unwrap();
        assert_eq!(events[0].kind, "page.filed");
        assert_eq!(events[0].changes[0].after.as_deref(), Some(hex(&a.object).as_str()));
        assert_eq!(audit::looks(&w.cx(), w.jia, 10).unwrap().len(), 1, "filing is no look, reading is");
        w.verify();
    });
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn thumbnails_and_tiles_come_back_when_the_cache_is_emptied() {
    let w = World::new(None);
    let (_, m) = a_material(&w);
    let filed = send(&w, m, vec![jpeg(1)]).unwrap();
    let p = w.page(filed.pages[0].id);
    let thumb = volume::derived(&w.app, &p, Derived::Thumb).unwrap();
    assert!(thumb.starts_with(&[0xff, 0xd8]));
    assert!(volume::evict(&w.app, 0).unwrap() >= 2);
    assert_eq!(volume::derived(&w.app, &p, Derived::Thumb).unwrap(), thumb);
    assert!(volume::evict(&w.app, 0).unwrap() >= 2);
    let pack = Pack::open(volume::tiles(&w.app, &p).unwrap()).unwrap();
    assert_eq!((pack.layout().w, pack.layout().h), (620, 877));
    assert!(pack.tile(0, 0, 0).unwrap().starts_with(&[0xff, 0xd8]));
}

#[test]
fn a_pdf_gives_its_scans_untouched_and_the_rest_drawn() {
    both(|w| {
        let (_, m) = a_material(w);
        let scan = jpeg(5);
        let file = pdf(&[Some(scan.clone()), None, Some(jpeg(6))]);
        let filed = send(w, m, vec![file.clone()]).unwrap();
        let pages: Vec<_> = filed.pages.iter().map(|p| w.page(p.id)).collect();
        assert_eq!(pages.iter().map(|p| p.format.as_str()).collect::<Vec<_>>(), ["jpeg", "png", "jpeg"]);
        assert_eq!(jz_app::objects::read(&w.app, &pages[0].object).unwrap(), scan);
        assert_eq!((pages[1].w, pages[1].h, pages[1].dpi), (2479, 3508, Some(300)));
        let facts: serde_json::Value = serde_json::from_str(&pages[1].facts).unwrap();
        assert_eq!(facts["original_page"], 2);
        let original = facts["original"].as_str().unwrap();
        let sha: Vec<u8> =
            (0..32).map(|i| u8::from_str_radix(&original[2 * i..2 * i + 2], 16).unwrap()).collect();
        assert_eq!(jz_app::objects::read(&w.app, &sha).unwrap(), file, "the file itself is kept");
        w.verify();
    });
}

#[test]
fn what_cannot_be_read_is_refused_in_a_sentence_and_nothing_is_filed() {
    let w = World::new(None);
    let (v, m) = a_material(&w);
    let cut = |mut b: Vec<u8>| {
        b.truncate(b.len() / 2);
        b
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a JPEG that ends in the middle", cut(jpeg(1)), "不完整"),
        ("a picture of 50,000 x 50,000", huge_png(), "像素"),
        ("no picture at all", b"hello".to_vec(), "无法识别的文件格式"),
        ("nothing", Vec::new(), "无法识别的文件格式"),
        ("a PDF without pages", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".to_vec(), "PDF"),
        ("a PDF that expands", swelling_pdf(), "MB"),
    ];
    for (name, bytes, words) in cases {
        let zh = refused(send(&w, m, vec![jpeg(1), bytes]));
        assert!(
            zh.contains(words) && zh.contains("第 2 个文件") && zh.contains("没有页面入卷"),
            "{name}: {zh}"
        );
    }
    assert_eq!(volume::read(&w.cx(), v.row.id).unwrap().row.pages, 0);
    assert!(w.jobs("ocr").is_empty());
    let none = volume::add_pages(&w.cx(), m, std::iter::empty());
    assert_eq!(none.err().unwrap().code(), "page.no-file");
    w.verify();
}

/// Only a header: it claims 50,000 x 50,000 pixels of one bit.
fn huge_png() -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], body: &[u8]| {
        out.extend((body.len() as u32).to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(body);
        out.extend_from_slice(kind);
        out.extend_from_slice(body);
        out.extend(crc.sum().to_be_bytes());
    };
    let mut head = 50_000u32.to_be_bytes().to_vec();
    head.extend(50_000u32.to_be_bytes());
    head.extend([1, 0, 0, 0, 0]);
    chunk(b"IHDR", &head);
    chunk(b"IDAT", &[0; 64]);
    chunk(b"IEND", &[]);
    out
}

/// A content stream of half a gigabyte of blanks, compressed three times over.
fn swelling_pdf() -> Vec<u8> {
    use std::io::Write as _;
    let squeeze = |bytes: &[u8]| {
        let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        z.write_all(bytes).unwrap();
        z.finish().unwrap()
    };
    let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..512 {
        z.write_all(&blanks).unwrap();
    }
    let stream = squeeze(&squeeze(&z.finish().unwrap()));
    let mut out = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>\nendobj\n".to_vec();
    out.extend(
        format!(
            "4 0 obj\n<</Length {}/Filter[/FlateDecode/FlateDecode/FlateDecode]>>\nstream\n",
            stream.len()
        )
        .into_bytes(),
    );
    out.extend(stream);
    out.extend_from_slice(b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 5>>\n%%EOF\n");
    out
}

#[test]
fn a_page_moves_and_what_came_later_keeps_an_edit_from_being_undone() {
    both(|w| {
        let (v, m) = a_material(w);
        send(w, m, vec![jpeg(1), jpeg(2)]).unwrap();
        let v = volume::read(&w.cx(), v.row.id).unwrap();
        let (from, to) = (&v.classes[0].materials[0], &v.classes[0].materials[1]);
        let ops = vec![CatalogueOp::PageMove { page: from.pages[1].id, material: to.id, at: 1 }];
        let moved =
            volume::edit(&w.cx(), v.row.id, &CatalogueEdit { rev: v.rev, reason: None, ops }).unwrap();
        let p = w.page(from.pages[1].id);
        assert_eq!((p.material, p.no), (to.id, 1));
        let back = volume::undo(&w.cx(), v.row.id, &CatalogueUndo { rev: moved.rev }).unwrap();
        let p = w.page(from.pages[1].id);
        assert_eq!((p.material, p.no, back.row.pages), (m, 2, 2));
        let edit = edited(w, &back, vec![CatalogueOp::Remove { material: m, reason: "误收".into() }]);
        assert_eq!((edit.row.pages, edit.removed[0].pages.len()), (0, 2));
        send(w, to.id, vec![jpeg(3)]).unwrap();
        let now = volume::read(&w.cx(), v.row.id).unwrap();
        let undone = volume::undo(&w.cx(), v.row.id, &CatalogueUndo { rev: now.rev });
        assert_eq!(undone.err().unwrap().code(), "volume.not-undoable");
        assert!(matches!(send(w, m, vec![jpeg(4)]), Err(Fail::Refused { code: "volume.no-material", .. })));
        w.verify();
    });
}
