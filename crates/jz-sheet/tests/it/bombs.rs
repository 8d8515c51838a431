//! Small files that want a lot. Each ends in one clear error, with little memory.

use crate::support::{Dir, Raw, read_all};
use jz_sheet::{Limits, SheetError};
use std::io::Write;
use zip::{ZipWriter, write::SimpleFileOptions};

fn outcome(path: &std::path::Path) -> SheetError {
    let error = read_all(path, &Limits::default()).unwrap_err();
    assert!(error.zh().ends_with('。') && !error.zh().contains(".rs"), "{}", error.zh());
    error
}

#[test]
fn two_cells_at_the_ends_of_the_sheet() {
    let dir = Dir::new();
    let path = dir.path("corner.xlsx");
    Raw::one("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>")
        .save(&path);
    assert!(std::fs::metadata(&path).unwrap().len() < 2500);
    assert_eq!(outcome(&path).code(), "sheet.too-many-rows");
    Raw::one("<row r=\"1\"><c r=\"XFD1\"><v>2</v></c></row>").save(&path);
    assert_eq!(outcome(&path).code(), "sheet.too-many-columns");
}

/// A gigabyte of blanks, in a sheet and in the strings. Streamed out, never held here either.
#[test]
fn a_gigabyte_of_blanks() {
    let dir = Dir::new();
    for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/image1.png"] {
        let path = dir.path("blanks.xlsx");
        let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
        zip.start_file("[Content_Types].xml", SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<Types/>").unwrap();
        zip.start_file(part, SimpleFileOptions::default().compression_level(Some(1))).unwrap();
        let blanks = vec![b' '; 1 << 20];
        for _ in 0..1024 {
            zip.write_all(&blanks).unwrap();
        }
        zip.finish().unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 20 << 20);
        let code = outcome(&path).code();
        assert!(code == "sheet.expands-too-much" || code == "sheet.text-too-long", "{part}: {code}");
    }
}

/// Two megabytes that become twenty million strings, or two million formats, in memory.
/// Noise between them keeps the ratio honest.
#[test]
fn many_small_things_that_stay_in_memory() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let mut state = 1_u64;
    let mut noisy = |tag: &str, times: usize| -> String {
        let mut text = String::new();
        for _ in 0..times {
            text += &tag.repeat(5000);
            text += "<!--";
            for _ in 0..1500 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push(char::from(b'a' + (state >> 59) as u8 % 26));
            }
            text += "-->";
        }
        text
    };
    let mut raw = Raw::one("");
    raw.strings = Some(format!("<sst>{}</sst>", noisy("<si/>", 1500)));
    raw.save(&path);
    assert_eq!(outcome(&path).code(), "sheet.expands-too-much");
    let mut raw = Raw::one("");
    raw.styles = Some(format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", noisy("<xf/>", 150)));
    raw.save(&path);
    assert_eq!(outcome(&path).code(), "sheet.expands-too-much");
}

/// Strings are held in memory wherever the package says they are.
#[test]
fn a_workbook_that_hides_among_its_sheets() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Type=\"x/relationships/officeDocument\" Target=\"xl/worksheets/book.xml\"/></Relationships>",
        ),
        ("xl/worksheets/book.xml", "<workbook><sheets/></workbook>"),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(outcome(&path).code(), "sheet.not-xlsx");
}

/// Sizes in the zip are claims. Here they claim a few bytes.
#[test]
fn a_zip_that_lies_about_its_sizes() {
    let dir = Dir::new();
    let path = dir.path("liar.xlsx");
    let body = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>".to_owned() + &" <a/>".repeat(20 << 20);
    Raw::one(&body).save(&path);
    let mut bytes = std::fs::read(&path).unwrap();
    let (mut at, mut changed) = (0, 0);
    while let Some(found) = bytes[at..].windows(4).position(|w| w == b"PK\x01\x02") {
        at += found;
        bytes[at + 24..at + 28].copy_from_slice(&100_u32.to_le_bytes());
        at += 4;
        changed += 1;
    }
    assert!(changed > 4);
    std::fs::write(&path, &bytes).unwrap();
    let code = outcome(&path).code();
    assert!(code == "sheet.expands-too-much" || code == "sheet.damaged", "{code}");
}

#[test]
fn seventy_thousand_entries() {
    let dir = Dir::new();
    let path = dir.path("many.xlsx");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for i in 0..70_000 {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(format!("xl/{i}"), stored).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(outcome(&path).code(), "sheet.too-many-entries");
}

#[test]
fn more_cells_sheets_and_bytes_than_allowed() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let row = |r: usize| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>1</v></c><c r=\"B{r}\"><v>1</v></c></row>");
    let mut raw = Raw::one(&(1..=100).map(row).collect::<String>());
    raw.sheets.push(("二".into(), String::new()));
    raw.save(&path);
    let limits = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let code = |l: Limits| read_all(&path, &l).map_err(|e| e.code());
    assert_eq!(code(Limits::default()), Ok(200));
    assert_eq!(code(limits(|l| l.cells = 199)), Err("sheet.too-many-cells"));
    assert_eq!(code(limits(|l| l.cells = 200)), Ok(200));
    assert_eq!(code(limits(|l| l.sheets = 1)), Err("sheet.too-many-sheets"));
    assert_eq!(code(limits(|l| l.file_bytes = 500)), Err("sheet.file-too-big"));
    assert_eq!(code(limits(|l| l.rows = 99)), Err("sheet.too-many-rows"));
    assert_eq!(code(limits(|l| l.columns = 1)), Err("sheet.too-many-columns"));
}

/// One long text that many cells point to: the file is small, what it says is not.
#[test]
fn one_text_said_by_every_cell() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let cell = "<c t=\"s\"><v>0</v></c>";
    let mut raw = Raw::one(&format!("<row>{}</row>", cell.repeat(100)).repeat(50));
    raw.strings = Some(format!("<sst><si><t>{}</t></si></sst>", "a".repeat(30_000)));
    raw.save(&path);
    let said = 5_000 * 30_000;
    let read =
        |said_bytes| read_all(&path, &Limits { said_bytes, ..Limits::default() }).map_err(|e| e.code());
    assert_eq!(read(said), Ok(5_000));
    assert_eq!(read(said - 1), Err("sheet.too-much-text"));
    assert_eq!(outcome(&path).code(), "sheet.too-much-text");
}

/// Entities that would blow up are not expanded; a file that needs them is damaged.
#[test]
fn entity_bombs_do_not_expand() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let mut raw = Raw::one("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    raw.strings = Some(
        "<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
         <sst><si><t>&b;&x;</t></si></sst>"
            .into(),
    );
    raw.save(&path);
    match read_all(&path, &Limits::default()) {
        Ok(cells) => assert!(cells <= 1),
        Err(e) => assert_eq!(e.code(), "sheet.damaged"),
    }
}
