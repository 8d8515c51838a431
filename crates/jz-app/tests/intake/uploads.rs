//! What comes in as bytes and what goes out.

use crate::house::{FIRST, House, Table, code, orgs, people};
use jz_app::intake::{self, Kind, MOST_BYTES, Upload};
use jz_sheet::{Book, Cell, Limits};
use std::{io::Write as _, ops::ControlFlow, path::Path};
use zip::{ZipWriter, write::SimpleFileOptions};

fn house() -> House {
    let h = House::bare(None);
    h.take(Kind::Orgs, &orgs());
    h
}

fn rows(path: &Path, sheet: usize) -> Vec<(u32, Vec<String>)> {
    let mut book = Book::open(path, &Limits::default()).unwrap();
    let name = book.sheets()[sheet].name.clone();
    let mut out = Vec::new();
    book.rows(&name, |no, cells| {
        out.push((no, cells.iter().map(Cell::shape).collect()));
        ControlFlow::Continue(())
    })
    .unwrap();
    out
}

/// A workbook whose only sheet inflates to far more than it weighs.
fn bomb(path: &Path) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    let ns = "http://schemas.openxmlformats.org";
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    };
    put("[Content_Types].xml", b"<Types/>");
    put(
        "xl/workbook.xml",
        format!("<workbook xmlns=\"{ns}/spreadsheetml/2006/main\"><sheets/></workbook>").as_bytes(),
    );
    put("xl/worksheets/sheet1.xml", &b"<c/>".repeat(16 << 20));
    zip.finish().unwrap();
}

#[test]
fn hostile_and_foreign_files_end_in_a_sentence_and_leave_nothing() {
    let h = house();
    let before = intake::list(&h.cx()).unwrap().len();
    let path = |name: &str| h.dir.path().join(name);
    bomb(&path("bomb.xlsx"));
    std::fs::write(path("old.xls"), [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]).unwrap();
    std::fs::write(path("picture.xlsx"), b"\x89PNG\r\n\x1a\n0000").unwrap();
    let good = people("名册", FIRST, 0, 3);
    good.save(&path("good.xlsx"), h.dir.path());
    let mut half = std::fs::read(path("good.xlsx")).unwrap();
    half.truncate(half.len() / 2);
    std::fs::write(path("half.xlsx"), half).unwrap();
    for (name, want) in [
        ("bomb.xlsx", "sheet.expands-too-much"),
        ("old.xls", "sheet.not-xlsx"),
        ("picture.xlsx", "sheet.not-xlsx"),
        ("half.xlsx", "sheet.damaged"),
    ] {
        let refused = intake::preview(&h.cx(), Kind::Members, Upload::copy_of(&h.app, &path(name)).unwrap());
        let e = refused.err().expect(name);
        assert!(
            e.code() == want || (want == "sheet.damaged" && e.code() == "sheet.not-xlsx"),
            "{name}: {}",
            e.code()
        );
        assert!(e.zh().chars().count() > 10, "{name}: a sentence");
        h.no_leftovers();
    }
    assert_eq!(intake::list(&h.cx()).unwrap().len(), before, "no batch");
    assert_eq!(code(Upload::copy_of(&h.app, &path("absent.xlsx"))), "import.file");
    assert_eq!(code(Upload::copy_of(&h.app, h.dir.path())), "import.file");
    // The next one is read as if nothing had happened.
    assert_eq!(h.preview(Kind::Members, &good).good, 3);
    h.no_leftovers();
    h.verify();
}

#[test]
fn an_upload_stops_at_its_limit() {
    let h = house();
    let mut upload = Upload::begin(&h.app, "大.xlsx").unwrap();
    let part = vec![0; 1 << 20];
    let mut sent = 0;
    let refused = loop {
        match upload.write(&part) {
            Ok(()) => sent += part.len() as u64,
            Err(e) => break e,
        }
    };
    assert_eq!((sent, refused.code()), (MOST_BYTES, "sheet.file-too-big"));
    drop(upload);
    h.no_leftovers();
}

#[test]
fn what_a_killed_process_left_is_removed() {
    let h = house();
    // No process has this number: the largest one Linux gives is 2^22.
    let left = h.data().join("tmp/import-4194305-abcdef");
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("upload"), "somebody's names").unwrap();
    let alive = h.data().join(format!("tmp/import-{}-abcdef", std::process::id()));
    std::fs::create_dir(&alive).unwrap();
    drop(Upload::begin(&h.app, "x.xlsx").unwrap());
    assert!(!left.exists() && alive.exists());
}

#[test]
fn the_workbook_comes_back_with_reasons() {
    let h = house();
    let mut table = people("名册", FIRST, 0, 4);
    table.set(1, "身份证号", "990101200401011234");
    table.set(3, "所在党支部", "没有这个党支部");
    let seen = h.preview(Kind::Members, &table);
    let (name, bytes) = intake::annotated(&h.cx(), seen.id).unwrap();
    assert_eq!(name, "名册-标注.xlsx");
    let path = h.dir.path().join("annotated.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let got = rows(&path, 0);
    let reason = |row: u32| {
        let (_, cells) = got.iter().find(|(no, _)| *no == row).unwrap();
        cells.get(table.headers.len()).cloned().unwrap_or_default()
    };
    assert_eq!(reason(2), "原因");
    assert_eq!(reason(Table::row(0)), "");
    assert!(reason(Table::row(1)).contains("校验位"), "{}", reason(Table::row(1)));
    assert!(reason(Table::row(3)).contains("没有对应的党组织"), "{}", reason(Table::row(3)));
    h.no_leftovers();

    // Corrected there and uploaded as it is: the column of reasons is read past.
    let again = Upload::copy_of(&h.app, &path).unwrap();
    let seen = intake::preview(&h.cx(), Kind::Members, again).unwrap();
    assert_eq!((seen.rows, seen.good, seen.bad), (4, 2, 2));
}

#[test]
fn an_empty_template_says_nothing() {
    let h = house();
    for kind in [Kind::Orgs, Kind::Members] {
        let (name, bytes) = intake::template(&h.cx(), kind).unwrap();
        let path = h.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let seen = intake::preview(&h.cx(), kind, Upload::copy_of(&h.app, &path).unwrap()).unwrap();
        assert_eq!((seen.rows, seen.good, seen.bad), (0, 0, 0));
        let sheet = &seen.sheets[0];
        assert!(sheet.role == "data" || kind == Kind::Members, "{:?}", sheet.reason);
        assert!(sheet.columns.iter().filter(|c| c.field.is_none()).count() == 0, "every column is known");
    }
    h.no_leftovers();
}

#[test]
fn nothing_of_a_workbook_lies_in_the_clear() {
    let h = house();
    let mut table = people("名册", FIRST, 41_000, 30);
    table.headers.push("现居住地".into());
    for row in &mut table.rows {
        row.push("某某市无名路零号".into());
    }
    table.set(0, "身份证号", "990101200401011234");
    let seen = h.preview(Kind::Members, &table);
    intake::commit(&h.cx(), seen.id).unwrap();
    intake::annotated(&h.cx(), seen.id).unwrap();
    let planted = [
        crate::house::id_no(41_005),
        "13800041005".into(),
        "某某市无名路零号".into(),
        "990101200401011234".into(),
    ];
    let mut files = vec![h.data()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        seen += bytes.len();
        for p in &planted {
            let found = bytes.windows(p.len()).any(|w| w == p.as_bytes());
            assert!(!found, "{} in {}", p, path.display());
        }
    }
    assert!(seen > 100_000);
}
