//! What comes out of ordinary and odd workbooks.

use crate::support::{Dir, Raw, read, read_all};
use jz_sheet::{Book, Cell, Limits, SheetError};
use std::ops::ControlFlow;

fn text(t: &str) -> Cell {
    Cell::Text(t.into())
}

#[test]
fn rows_keep_their_numbers_and_gaps() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let cell = |r: &str, t: &str| {
        format!("<c r=\"{r}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{t}</t></is></c>")
    };
    let body = format!(
        "<row r=\"2\">{}{}</row><row r=\"5\"><c r=\"B5\"/>{}<c r=\"XFD5\" s=\"0\"/></row><row r=\"6\">{}</row>",
        cell("A2", "甲"),
        cell("D2", " 乙 "),
        cell("C5", "丙"),
        cell("A6", "丁"),
    );
    Raw::one(&body).save(&path);
    let rows = read(&path, "表");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], (2, vec![text("甲"), Cell::Empty, Cell::Empty, text(" 乙 ")]));
    assert_eq!(rows[1], (5, vec![Cell::Empty, Cell::Empty, text("丙")]), "no leftovers of the row before");
    assert_eq!(rows[2], (6, vec![text("丁")]));
}

#[test]
fn kinds_of_cells_are_kept_apart() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let mut raw = Raw::one(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>1.10105E+17</v></c><c r=\"C1\" s=\"1\"><v>18172</v></c>\
         <c r=\"D1\" t=\"b\"><v>1</v></c><c r=\"E1\" t=\"e\"><v>#REF!</v></c><c r=\"F1\" t=\"str\"><f>A1</f><v>值</v></c>\
         <c r=\"G1\" s=\"2\"><v>44000</v></c><c r=\"H1\" s=\"3\"><v>0.5</v></c><c r=\"I1\" t=\"d\"><v>2020-02-03T00:00:00</v></c></row>",
    );
    raw.strings = Some("<sst><si><r><t>共</t></r><r><t>享</t></r></si></sst>".into());
    // 31 is 年月日 in Chinese Excel and not in the standard's list.
    raw.styles = Some(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts>\
         <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"200\"/><xf numFmtId=\"31\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
            .into(),
    );
    raw.save(&path);
    let rows = read(&path, "表");
    assert_eq!(
        rows[0].1,
        vec![
            text("共享"),
            Cell::Number(1.10105E+17),
            Cell::Date("1949-10-01".into()),
            Cell::Bool(true),
            Cell::Error("#REF!".into()),
            text("值"),
            Cell::Date("2020-06-18".into()),
            Cell::Number(0.5),
            Cell::Date("2020-02-03".into()),
        ]
    );
}

#[test]
fn the_1904_system_is_honoured() {
    let dir = Dir::new();
    let path = dir.path("mac.xlsx");
    let mut raw = Raw::one("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>43889</v></c></row>");
    raw.workbook_extra = "<workbookPr date1904=\"1\"/>".into();
    raw.styles =
        Some("<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".into());
    raw.save(&path);
    assert_eq!(read(&path, "表")[0].1, vec![Cell::Date("2024-02-29".into())]);
    assert!(Book::open(&path, &Limits::default()).unwrap().is_1904());
}

#[test]
fn sheets_are_listed_with_hidden_ones_and_reading_can_stop() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("甲").unwrap().write(0, 0, 1).unwrap().write(1, 0, 2).unwrap();
    book.add_worksheet().set_name("乙").unwrap().set_hidden(true);
    book.save(&path).unwrap();
    let mut book = Book::open(&path, &Limits::default()).unwrap();
    let seen: Vec<(String, bool)> = book.sheets().iter().map(|s| (s.name.clone(), s.hidden)).collect();
    assert_eq!(seen, vec![("甲".into(), false), ("乙".into(), true)]);
    let mut calls = 0;
    book.rows("甲", |_, _| {
        calls += 1;
        ControlFlow::Break(())
    })
    .unwrap();
    assert_eq!(calls, 1);
    assert!(matches!(book.rows("丙", |_, _| ControlFlow::Continue(())), Err(SheetError::NoSuchSheet)));
}

#[test]
fn foreign_formats_say_save_as_xlsx() {
    let dir = Dir::new();
    let ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let mut locked = ole.to_vec();
    locked.extend([0; 600]);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let mut zip_of_something = Vec::new();
    {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(&mut zip_of_something));
        zip.start_file("readme.txt", zip::write::SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap();
    }
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("old.xls",     [&ole[..], &[0; 600]].concat(), "sheet.not-xlsx"),
        ("locked.xlsx", locked,                         "sheet.encrypted"),
        ("a.docx",      zip_of_something,               "sheet.not-xlsx"),
        ("a.pdf",       b"%PDF-1.7 ...".to_vec(),       "sheet.not-xlsx"),
        ("cut.xlsx",    b"PK\x03\x04 and no end".to_vec(), "sheet.not-xlsx"),
        ("image.csv",   vec![0x89, b'P', b'N', b'G', 0, 0, 1, 0xFF, 0xFE], "sheet.unknown-encoding"),
    ];
    for (name, bytes, code) in cases {
        let path = dir.write(name, &bytes);
        let error = read_all(&path, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
        assert!(error.zh().contains("另存为"), "{name}: {}", error.zh());
    }
}

#[test]
fn text_tables_in_the_encodings_people_have() {
    let dir = Dir::new();
    // 㐀 and 𠀀 are in GB18030 only; a GBK decoder would lose them.
    let table = "姓名,学号,备注\n王㐀,007,\"一,二\n三\"\n\n李𠀀,=1+1,\n";
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let tabs = table.replace(',', "\t").replace("一\t二", "一,二");
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>); 5] = [
        ("utf8.csv",   table.as_bytes().to_vec()),
        ("bom.csv",    ["\u{FEFF}".as_bytes(), table.as_bytes()].concat()),
        ("gb.csv",     encoding_rs::GB18030.encode(table).0.into_owned()),
        ("utf16.csv",  utf16),
        ("tabs.txt",   tabs.into_bytes()),
    ];
    for (name, bytes) in cases {
        let path = dir.write(name, &bytes);
        let sheet = name.split('.').next().unwrap();
        let rows = read(&path, sheet);
        assert_eq!(
            rows,
            vec![
                (1, vec![text("姓名"), text("学号"), text("备注")]),
                (2, vec![text("王㐀"), text("007"), text("一,二\n三")]),
                (4, vec![text("李𠀀"), text("=1+1")]),
            ],
            "{name}"
        );
    }
}

#[test]
fn a_damaged_sheet_is_an_error_not_a_short_sheet() {
    let dir = Dir::new();
    for (name, body) in [
        ("unclosed comment", "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><!-- "),
        ("string that is not there", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>"),
        (
            "backwards",
            "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        ),
    ] {
        let path = dir.path("a.xlsx");
        Raw::one(body).save(&path);
        let error = read_all(&path, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "sheet.damaged", "{name}");
    }
}
