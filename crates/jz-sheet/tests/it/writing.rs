//! Tables, templates and annotated copies, read back.

use crate::support::{Dir, Raw, read};
use jz_sheet::{
    Book, Cell, Column, Kind, Level, Limits, Mark, SheetMarks, Template, TemplateColumn, annotate,
    neutralise, template, write_table,
};
use proptest::prelude::*;

fn text(t: &str) -> Cell {
    Cell::Text(t.into())
}

fn column(header: &str, kind: Kind, options: &[&str]) -> Column {
    Column {
        header: header.into(),
        width: 12.0,
        kind,
        options: options.iter().map(|o| (*o).to_owned()).collect(),
    }
}

/// The text of one part of a workbook.
fn part(path: &std::path::Path, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_table_keeps_long_numbers_as_text_and_offers_lists() {
    let dir = Dir::new();
    let out = dir.path("t.xlsx");
    let many: Vec<String> = (0..80).map(|i| format!("选项{i:03}")).collect();
    let mut long = column("民族", Kind::Text, &[]);
    long.options = many;
    let columns = vec![
        column("身份证号", Kind::Text, &[]),
        column("性别", Kind::Text, &["男", "女"]),
        long,
        column("页数", Kind::Number, &[]),
    ];
    let rows =
        (0..3).map(|i| vec![text("990101200401011235"), text("男"), Cell::Empty, Cell::Number(f64::from(i))]);
    write_table(&out, "人员[名册]", columns, rows, dir.root()).unwrap();
    let rows = read(&out, "人员名册");
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[4], (5, vec![text("990101200401011235"), text("男"), Cell::Empty, Cell::Number(2.0)]));
    let xml = part(&out, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("\"男,女\""), "short lists stand in the rule");
    assert!(xml.contains("'代码表'!$B$2:$B$81"), "long lists are a range");
    let book = Book::open(&out, &Limits::default()).unwrap();
    assert!(book.sheets().iter().any(|s| s.name == "代码表" && s.hidden));
}

#[test]
fn a_template_has_title_header_example_lists_and_notes() {
    let dir = Dir::new();
    let out = dir.path("t.xlsx");
    let spec = Template {
        sheet: "名册".into(),
        title: "人员名册".into(),
        version: "2026-1".into(),
        columns: vec![
            TemplateColumn {
                column: column("姓名", Kind::Text, &[]),
                required: true,
                note: "与身份证一致".into(),
                example: "张三".into(),
            },
            TemplateColumn {
                column: column("性别", Kind::Text, &["男", "女"]),
                required: false,
                note: String::new(),
                example: "男".into(),
            },
        ],
        remarks: vec!["空白表示不修改".into()],
    };
    template(&out, &spec).unwrap();
    let rows = read(&out, "名册");
    assert_eq!(rows[0].1, vec![text("人员名册（模板版本 2026-1）")]);
    assert_eq!(rows[1].1, vec![text("序号"), text("姓名*"), text("性别")]);
    assert_eq!(rows[2].1, vec![text("示例"), text("张三"), text("男")]);
    let book = Book::open(&out, &Limits::default()).unwrap();
    let tabs: Vec<(&str, bool)> = book.sheets().iter().map(|s| (s.name.as_str(), s.hidden)).collect();
    assert_eq!(tabs, vec![("名册", false), ("代码表", true), ("填表说明", false)]);
    let notes = read(&out, "填表说明");
    assert_eq!(notes[2].1, vec![text("姓名"), text("是"), text("与身份证一致")]);
}

fn mark(row: u32, column: Option<u16>, text: &str, level: Level) -> Mark {
    Mark { row, column, text: text.into(), level }
}

#[test]
fn an_annotated_copy_has_the_values_the_colours_and_the_reasons() {
    let dir = Dir::new();
    let (path, out) = (dir.path("a.xlsx"), dir.path("b.xlsx"));
    let mut raw = Raw::one(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>姓名</v></c><c r=\"B1\" t=\"str\"><v>日期</v></c></row>\
         <row r=\"2\"><c r=\"A2\" t=\"str\"><v>甲</v></c><c r=\"B2\" s=\"1\"><v>18172</v></c></row>\
         <row r=\"4\"><c r=\"A4\" t=\"str\"><v>=cmd()</v></c><c r=\"B4\"><v>7</v></c></row>",
    );
    raw.styles =
        Some("<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".into());
    raw.sheets.push(("说明".into(), "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>随便</v></c></row>".into()));
    raw.save(&path);
    let marks = SheetMarks {
        sheet: "表".into(),
        header_row: Some(1),
        marks: vec![
            mark(4, Some(1), "日期错误", Level::Error),
            mark(2, Some(1), "请核对", Level::Warning),
            mark(3, Some(0), "缺少姓名", Level::Error),
            mark(4, None, "整行跳过", Level::Error),
            mark(9, Some(0), "表后", Level::Warning),
        ],
    };
    annotate(&path, "a", &out, std::slice::from_ref(&marks), &Limits::default(), dir.root()).unwrap();
    let rows = read(&out, "表");
    let want = vec![
        (1, vec![text("姓名"), text("日期"), text("原因")]),
        (2, vec![text("甲"), Cell::Date("1949-10-01".into()), text("请核对")]),
        (3, vec![Cell::Empty, Cell::Empty, text("缺少姓名")]),
        (4, vec![text("'=cmd()"), Cell::Number(7.0), text("日期错误；整行跳过")]),
        (9, vec![Cell::Empty, Cell::Empty, text("表后")]),
    ];
    assert_eq!(
        rows.iter().map(|(n, c)| (*n, c.iter().map(Cell::shape).collect::<Vec<_>>())).collect::<Vec<_>>(),
        want.iter().map(|(n, c)| (*n, c.iter().map(Cell::shape).collect::<Vec<_>>())).collect::<Vec<_>>()
    );
    assert_eq!(rows, want);
    assert_eq!(read(&out, "说明"), vec![(1, vec![text("随便")])]);
    let styles = part(&out, "xl/styles.xml");
    assert!(styles.contains("FFFFB3B3") && styles.contains("FFFFF2B3"), "red and yellow");
    assert_eq!(part(&out, "xl/comments1.xml").matches("<comment ").count(), 4);

    // A second round on the copy uses the same column again.
    let again = dir.path("c.xlsx");
    let fewer = SheetMarks { marks: vec![mark(2, Some(0), "仍有问题", Level::Error)], ..marks };
    annotate(&out, "b", &again, &[fewer], &Limits::default(), dir.root()).unwrap();
    let rows = read(&again, "表");
    assert_eq!(rows[0].1, vec![text("姓名"), text("日期"), text("原因")]);
    assert_eq!(rows[1].1.last(), Some(&text("仍有问题")));
    assert_eq!(rows[2], (4, vec![text("'=cmd()"), Cell::Number(7.0)]), "reasons of the first round are gone");
}

#[test]
fn a_csv_is_annotated_as_a_workbook() {
    let dir = Dir::new();
    let path = dir.write("upload", "姓名,学号\n甲,007\n".as_bytes());
    let out = dir.path("b.xlsx");
    let marks = SheetMarks {
        sheet: "我的/表".into(),
        header_row: Some(1),
        marks: vec![mark(2, Some(1), "查一查", Level::Error)],
    };
    annotate(&path, "我的/表", &out, &[marks], &Limits::default(), dir.root()).unwrap();
    assert_eq!(read(&out, "Sheet1")[1].1, vec![text("甲"), text("007"), text("查一查")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever people type, no cell of ours starts a formula when it is read back.
    #[test]
    fn no_written_cell_starts_a_formula(values in proptest::collection::vec("[=+@'\t\r＝ -]{0,3}[\\PC\n]{0,6}", 1..20)) {
        let dir = Dir::new();
        let out = dir.path("t.xlsx");
        let rows: Vec<Vec<Cell>> = values.iter().map(|v| vec![text("x"), text(v)]).collect();
        let columns = vec![column("甲", Kind::Text, &[]), column("乙", Kind::Text, &[])];
        write_table(&out, "表", columns, &rows, dir.root()).unwrap();
        let read = read(&out, "表");
        prop_assert_eq!(read.len(), values.len() + 2);
        for ((_, cells), value) in read.iter().skip(2).zip(&values) {
            let got = cells.get(1).map(Cell::shape).unwrap_or_default();
            prop_assert!(!got.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{:?}", got);
            prop_assert_eq!(got.replace("\r\n", "\n").replace('\r', "\n"), neutralise(value).replace("\r\n", "\n").replace('\r', "\n"));
        }
        prop_assert!(!part(&out, "xl/worksheets/sheet1.xml").contains("<f>"));
    }
}
