//! A hand-over from end to end: workbook → cells → intake. The school is made up here;
//! a real sample folder can be tried with `JZ_SAMPLES=DIR cargo test -p jz-sheet -- --ignored`.

use crate::support::Dir;
use jz_domain::{
    Id,
    intake::{
        Cell, Context, Finding, Finished, Intake, Kind, MemberRow, OrgEntry, OrgIndex, RowKind, SavedNames,
        catalogue, folders, template,
    },
    volume,
};
use jz_sheet::{Book, Limits};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Everything that comes out of a workbook.
pub struct Taken {
    pub people: Vec<(String, MemberRow)>,
    pub findings: Vec<Finding>,
    pub end: Finished,
}

/// The conversion an application makes, here by way of JSON as between processes.
fn convert(cells: &[jz_sheet::Cell]) -> Vec<Cell> {
    serde_json::from_str(&serde_json::to_string(cells).unwrap()).unwrap()
}

pub fn take(path: &Path, kind: Kind, orgs: &OrgIndex) -> Taken {
    let mut book = Book::open(path, &Limits::default()).unwrap();
    let saved = SavedNames::new();
    let today = jiff::civil::date(2026, 11, 24);
    let mut intake = Intake::new(Context { kind, today, orgs, saved_names: &saved, is_1904: book.is_1904() });
    let (mut people, mut findings) = (Vec::new(), Vec::new());
    for sheet in book.sheets().to_vec() {
        if intake.open_sheet(&sheet.name, sheet.hidden) {
            book.rows(&sheet.name, |n, cells| {
                let out = intake.push_row(n, &convert(cells));
                findings.extend(out.findings);
                if let RowKind::Member(m) = out.kind {
                    people.push((sheet.name.clone(), *m));
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        }
        findings.extend(intake.close_sheet());
    }
    let end = intake.finish();
    findings.extend(end.findings.iter().cloned());
    Taken { people, findings, end }
}

/// The organisations of a plan, as they would be after the commit.
pub fn index_of(school: &str, end: &Finished) -> OrgIndex {
    let entry = |(i, o): (usize, &jz_domain::intake::PlannedOrg)| OrgEntry {
        id: Id(i as i64 + 1),
        parent: None,
        kind: o.row.kind.clone().unwrap_or_default().into_owned(),
        full_name: o.row.full_name.clone(),
        short_name: o.row.short_name.clone().unwrap_or_default(),
    };
    OrgIndex::new(school, end.orgs.iter().enumerate().map(entry))
}

#[test]
#[ignore = "needs a sample folder in JZ_SAMPLES"]
fn the_sample_school() {
    let root = std::path::PathBuf::from(std::env::var("JZ_SAMPLES").unwrap());
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root.join("truth.json")).unwrap()).unwrap();
    let school = truth["school"].as_str().unwrap();
    let orgs = take(&root.join("01党组织信息采集表.xlsx"), Kind::Orgs, &OrgIndex::new(school, []));
    assert_eq!(orgs.findings, []);
    assert_eq!(orgs.end.counts(), (13, 13, 0));
    let index = index_of(school, &orgs.end);
    let people = take(&root.join("02党员发展信息汇总.xlsx"), Kind::Members, &index);
    let want = &truth["import_expectation"];
    let mut expected: Vec<(String, u64, String)> = want["bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| {
            (
                b["sheet"].as_str().unwrap().into(),
                b["row"].as_u64().unwrap(),
                b["code"].as_str().unwrap().into(),
            )
        })
        .collect();
    let mut got: Vec<(String, u64, String)> = people
        .findings
        .iter()
        .map(|f| (f.sheet.clone(), u64::from(f.row), f.code.clone().into_owned()))
        .collect();
    expected.sort();
    got.sort();
    assert_eq!(got, expected, "these findings and no others, not even warnings");
    assert!(people.findings.iter().all(Finding::is_error));
    let (rows, good, bad) = people.end.counts();
    assert_eq!(
        (u64::from(rows), u64::from(good), u64::from(bad)),
        (want["rows"].as_u64().unwrap(), want["good"].as_u64().unwrap(), 16)
    );

    for (sheet, row) in &people.people {
        let person = truth["people"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["no"] == *row.number.as_ref().unwrap())
            .unwrap();
        let text = |key: &str| person[key].as_str().map(str::to_owned);
        let date = |d: Option<jz_domain::PartialDate>| d.map(|d| d.to_string());
        assert_eq!(Some(row.name.clone()), text("name"));
        assert_eq!(text("branch").as_ref(), Some(sheet));
        assert_eq!(row.id_no.map(|i| i.as_str().to_owned()), text("id"));
        assert_eq!(date(row.birth), text("birth"), "{sheet} {}", row.row);
        assert_eq!(row.phone, text("tel"));
        assert_eq!(date(row.applied), text("app"), "{sheet} {}", row.row);
        for (got, key) in
            [(row.activist, "act"), (row.candidate, "dev"), (row.joined, "meet"), (row.regular, "reg")]
        {
            if got.is_some() {
                assert_eq!(date(got), text(key), "{sheet} {} {key}", row.row);
            }
        }
        let reports: Vec<String> = row.reports.iter().map(|r| r.date.to_string()).collect();
        if !reports.is_empty() {
            let want: Vec<String> =
                person["reports"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().into()).collect();
            assert_eq!(reports, want, "{sheet} {}", row.row);
        }
    }
    let skipped: Vec<&str> =
        people.end.sheets.iter().filter(|s| s.reason.is_some()).map(|s| s.name.as_str()).collect();
    assert_eq!(skipped, ["填表说明", "汇总"]);
}

/// All relative paths of files under a folder.
fn walk(root: &Path, below: &str, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            walk(root, &path, out);
        } else {
            out.push(path);
        }
    }
}

pub fn read_catalogue(path: &Path) -> catalogue::CatalogueFile {
    let mut book = Book::open(path, &Limits::default()).unwrap();
    let mut sheets = Vec::new();
    for info in book.sheets().to_vec() {
        let mut rows = Vec::new();
        book.rows(&info.name, |n, cells| {
            rows.push((n, convert(cells)));
            ControlFlow::Continue(())
        })
        .unwrap();
        sheets.push((info.name, rows));
    }
    catalogue::read_catalogue(&sheets)
}

#[test]
#[ignore = "needs a sample folder in JZ_SAMPLES"]
fn the_sample_volumes() {
    let root = PathBuf::from(std::env::var("JZ_SAMPLES").unwrap());
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root.join("truth.json")).unwrap()).unwrap();
    let mut paths = Vec::new();
    walk(&root, "", &mut paths);
    let scheme = volume::scheme("CADRE-2009").unwrap();
    let (mut volumes, mut pages) = (0, 0);
    for volume in truth["volumes"].as_array().unwrap() {
        let layout = folders::Layout::from_code(volume["layout"].as_str().unwrap()).unwrap();
        let found = folders::discover(layout, &paths);
        let files = found.volumes.iter().find(|v| v.root == volume["root"].as_str().unwrap()).unwrap();
        let file = read_catalogue(&root.join(files.workbook.as_ref().unwrap()));
        let plan = folders::plan_volume(layout, files, Some(&file), scheme);
        assert_eq!(plan.findings, [], "{}", plan.root);
        assert_eq!(plan.unmatched, [], "{}", plan.root);
        assert_eq!(Some(plan.person.name.as_str()), volume["name"].as_str());
        assert_eq!(plan.person.number.as_deref(), volume["no"].as_str());
        assert_eq!(plan.person.id_no.map(|i| i.as_str().to_owned()).as_deref(), volume["id"].as_str());
        let got: Vec<(String, u64, String, String, Vec<String>)> = plan
            .materials
            .iter()
            .map(|m| {
                let pages = m.pages.iter().map(|p| p.path.clone()).collect();
                let formed = m.item.formed.map(|d| d.to_string()).unwrap_or_default();
                (m.item.class_code.clone(), u64::from(m.item.seq), m.item.title.clone(), formed, pages)
            })
            .collect();
        let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
        let want: Vec<_> = volume["materials"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| {
                let pages = m["pages"].as_array().unwrap().iter().map(|p| text(&p["file"])).collect();
                (text(&m["cls"]), m["seq"].as_u64().unwrap(), text(&m["title"]), text(&m["date"]), pages)
            })
            .collect();
        assert_eq!(got, want);
        volumes += 1;
        pages += plan.pages();
    }
    assert_eq!((volumes, pages), (6, 29));
}

const SCHOOL: &str = "东海大学";

fn orgs() -> OrgIndex {
    let entry = |id, kind: &str, full: &str, short: &str| OrgEntry {
        id: Id(id),
        parent: (id > 1).then_some(Id(1)),
        kind: kind.into(),
        full_name: full.into(),
        short_name: short.into(),
    };
    OrgIndex::new(
        SCHOOL,
        [
            entry(1, "XDW", "中共东海大学委员会", "东海大学党委"),
            entry(2, "ZB", "中共东海大学化学学院研究生支部委员会", "化学学院研究生党支部"),
            entry(3, "ZB", "中共东海大学物理学院教工支部委员会", "物理学院教工党支部"),
        ],
    )
}

/// An identity number with a right check digit.
fn id_no(birth: &str, order: u32) -> String {
    let first = format!("990101{birth}{order:03}");
    let bytes: [u8; 17] = first.as_bytes().try_into().unwrap();
    format!("{first}{}", char::from(jz_domain::intake::idno::check_digit(&bytes).unwrap()))
}

const HEADERS: [&str; 14] = [
    "序号",
    "姓名",
    "学号",
    "性别 ",
    "民族",
    "出生日期",
    "公民身份号码",
    "手机号码",
    "学历",
    "人员类别 ",
    "入党日期",
    "第一次思想汇报",
    "第二次思想汇报",
    "思想汇报总篇数",
];

/// A workbook with the usual traps, as somebody in an office would have filled it in.
fn traps(path: &Path) {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("填表说明").unwrap().write(0, 0, "日期按实际填写").unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    sheet.set_name("化学学院研究生党支部").unwrap();
    sheet.write(0, 0, "基本信息").unwrap().write(0, 9, "发展情况").unwrap().write(0, 11, "思想汇报").unwrap();
    for (c, header) in (0..).zip(HEADERS) {
        sheet.write(1, c, header).unwrap();
    }
    let good = |order: u32| -> Vec<String> {
        [
            &order.to_string(),
            "王甲",
            &format!("2020{order:04}"),
            "男",
            "汉族",
            "2001-03-13",
            &id_no("20010313", order * 2 + 1),
            "13800000000",
            "大学本科",
            "预备党员",
            "2020.10.22",
            "2019-01-02",
            "2019/4/2",
            "2",
        ]
        .iter()
        .map(|t| (*t).to_owned())
        .collect()
    };
    let mut rows: Vec<Vec<String>> = (1..=14).map(good).collect();
    rows[1].remove(0); // row 4: shifted left
    rows[2][1].clear(); // row 5: no name
    let wrong = if rows[3][6].ends_with('1') { "2" } else { "1" };
    rows[3][6].replace_range(17.., wrong); // row 6: check digit
    rows[4][5] = "2001年13月40日".into(); // row 7
    rows[5][9] = "党员同志".into(); // row 8
    rows[6][4] = "火星族".into(); // row 9
    let first = rows[0].clone();
    rows[7][6].clone_from(&first[6]); // row 10: the number of row 3
    rows[8][2].clone_from(&first[2]); // row 11: the student number of row 3, somebody else
    rows[8][1] = "李乙".into();
    rows[9][5] = "03/04/2001".into(); // row 12
    rows[10][13] = "5".into(); // row 13: count
    rows[11][12] = "2018-01-01".into(); // row 14: order
    rows[12][3] = "女".into(); // row 15: sex against the number
    rows[13].insert(0, String::new()); // row 16: shifted right
    for (r, row) in (2..).zip(&rows) {
        for (c, text) in (0..).zip(row).filter(|(_, t)| !t.is_empty()) {
            sheet.write_string(r, c, text).unwrap();
        }
    }
    // Row 17: native dates, numbers instead of text, all blank but the key.
    sheet.write(16, 1, "张三").unwrap().write(16, 2, 20_201_234_f64).unwrap();
    sheet.write_with_format(16, 5, ExcelDateTime::parse_from_str("1949-10-01").unwrap(), &date).unwrap();
    sheet.write(16, 10, "清空").unwrap();
    // Row 18: the identity number as a number.
    sheet.write(17, 1, "李四").unwrap().write(17, 6, 990101200103130351.0_f64).unwrap();
    sheet.write(18, 0, "合计").unwrap().write(18, 1, 16).unwrap();
    let summary = book.add_worksheet();
    summary.set_name("汇总").unwrap().write(0, 0, "支部").unwrap().write(0, 1, "人数").unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("物理学院教工党支部").unwrap().set_hidden(true).write(0, 0, "姓名").unwrap();
    let stranger = book.add_worksheet();
    stranger.set_name("生物学院党支部").unwrap().write(0, 0, "姓名").unwrap().write(0, 1, "学号").unwrap();
    stranger.write(1, 0, "赵六").unwrap().write(1, 1, "20209999").unwrap();
    book.save(path).unwrap();
}

#[test]
fn a_workbook_with_the_usual_traps() {
    let dir = Dir::new();
    let path = dir.path("a.xlsx");
    traps(&path);
    let taken = take(&path, Kind::Members, &orgs());
    let chemistry = "化学学院研究生党支部";
    let got: Vec<(&str, u32, &str, bool)> =
        taken.findings.iter().map(|f| (f.sheet.as_str(), f.row, f.code.as_ref(), f.is_error())).collect();
    #[rustfmt::skip]
    let want = vec![
        (chemistry, 4, "ROW_SHIFTED", true), (chemistry, 5, "REQUIRED_MISSING", true), (chemistry, 6, "ID_INVALID", true),
        (chemistry, 7, "DATE_INVALID", true), (chemistry, 8, "STAGE_INVALID", true), (chemistry, 9, "CODE_UNKNOWN", true),
        (chemistry, 10, "ID_DUPLICATE", true), (chemistry, 11, "NAME_ID_CONFLICT", true), (chemistry, 12, "DATE_AMBIGUOUS", true),
        (chemistry, 13, "REPORT_COUNT_MISMATCH", false), (chemistry, 14, "REPORT_SEQUENCE", false), (chemistry, 15, "RULE_R003", false),
        (chemistry, 16, "ROW_SHIFTED", true), (chemistry, 18, "ID_INVALID", true),
        ("生物学院党支部", 0, "UNKNOWN_BRANCH", true),
    ];
    assert_eq!(got, want);
    assert_eq!(taken.end.counts(), (17, 5, 12));
    let rows: Vec<u32> = taken.people.iter().map(|(_, p)| p.row).collect();
    assert_eq!(rows, [3, 13, 14, 15, 17]);
    let old = &taken.people[4].1;
    assert_eq!((old.number.as_deref(), old.org), (Some("20201234"), Some(Id(2))));
    assert_eq!(old.birth.map(|d| d.to_string()).as_deref(), Some("1949-10-01"));
    assert_eq!(old.cleared.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["joined"]);
    assert!(old.sex.is_none() && old.joined.is_none(), "blank keeps the old value");
    assert_eq!(old.missing_for_new(chemistry).len(), 1, "a new person needs a stage");
    let lost = taken.findings.iter().find(|f| f.row == 18).unwrap();
    assert!(lost.message.contains("丢失") && lost.message.contains("文本"), "{}", lost.message);
    for f in &taken.findings {
        assert!(
            f.value.is_empty() || f.value.chars().count() < 2 || !f.message.contains(&f.value),
            "{}",
            f.message
        );
        assert!(f.message.ends_with('。'), "{}", f.message);
    }
    let reports: Vec<(&str, Option<&str>)> =
        taken.end.sheets.iter().map(|s| (s.name.as_str(), s.reason.as_deref())).collect();
    assert_eq!(reports.len(), 5);
    for (name, reason) in reports {
        assert_eq!(
            reason.is_some(),
            ["填表说明", "汇总", "物理学院教工党支部"].contains(&name),
            "{name}: {reason:?}"
        );
    }
    let sheet = &taken.end.sheets[1];
    assert_eq!((sheet.header_row, sheet.header_rows), (2, 2));
    assert_eq!(sheet.skipped_rows.iter().map(|s| s.row).collect::<Vec<_>>(), [19]);
}

#[test]
fn our_own_templates_are_read_back() {
    let dir = Dir::new();
    for kind in [Kind::Members, Kind::Orgs] {
        let out = dir.path("t.xlsx");
        let columns = template::template_columns(kind);
        let spec = jz_sheet::Template {
            sheet: template::template_title(kind).into(),
            title: template::template_title(kind).into(),
            version: template::TEMPLATE_VERSION.into(),
            columns: columns
                .iter()
                .map(|c| jz_sheet::TemplateColumn {
                    column: jz_sheet::Column {
                        header: c.header.clone(),
                        width: 16.0,
                        kind: jz_sheet::Kind::Text,
                        options: c.options.iter().map(|o| (*o).to_owned()).collect(),
                    },
                    required: c.required,
                    note: c.note.into(),
                    example: c.example.into(),
                })
                .collect(),
            remarks: template::TEMPLATE_REMARKS.iter().map(|r| (*r).to_owned()).collect(),
        };
        jz_sheet::template(&out, &spec).unwrap();
        let taken = take(&out, kind, &orgs());
        assert_eq!(taken.findings, [], "{}", kind.code());
        let sheet = &taken.end.sheets[0];
        assert_eq!(sheet.columns.len(), columns.len() + 1);
        assert!(sheet.columns.iter().all(|c| c.field.is_some()), "{:?}", sheet.columns);
        assert_eq!(sheet.skipped_rows.len(), 1, "the example is no person");
        assert_eq!(taken.end.counts(), (0, 0, 0));
    }
}

fn any_cell() -> impl proptest::strategy::Strategy<Value = Cell> {
    use proptest::prelude::*;
    prop_oneof![
        Just(Cell::Empty),
        any::<f64>().prop_map(Cell::Number),
        (0_f64..1e18).prop_map(Cell::Number),
        any::<bool>().prop_map(Cell::Bool),
        "\\PC{0,12}".prop_map(Cell::Text),
        "[姓名学号第一二三次思想汇报日期清空(（）)0-9./年月日Xx+E' -]{0,14}".prop_map(Cell::Text),
        "[0-9X]{15,18}".prop_map(Cell::Text),
        Just(Cell::Error("#N/A".into())),
        Just(Cell::Date("2020-02-30".into())),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]
    /// Whatever stands in the cells, every row gets an answer and the counts add up.
    #[test]
    fn no_cell_is_too_strange(
        rows in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..16), 1..14),
        known in proptest::prelude::any::<bool>(),
    ) {
        let (orgs, saved) = (orgs(), SavedNames::new());
        let today = jiff::civil::date(2026, 11, 24);
        for kind in [Kind::Members, Kind::Orgs] {
            let mut intake = Intake::new(Context { kind, today, orgs: &orgs, saved_names: &saved, is_1904: false });
            intake.open_sheet("化学学院研究生党支部", false);
            if known {
                let header: Vec<Cell> = HEADERS.iter().chain(&["党组织全称", "组织类别", "上级党组织"]).map(|h| Cell::from(*h)).collect();
                intake.push_row(1, &header);
            }
            let (mut good, mut bad) = (0, 0);
            for (n, row) in (2..).zip(&rows) {
                let out = intake.push_row(n, row);
                let errors = out.findings.iter().filter(|f| f.is_error() && f.row == n).count();
                match out.kind {
                    RowKind::Member(_) | RowKind::Org => {
                        proptest::prop_assert_eq!(errors, 0);
                        good += 1;
                    }
                    RowKind::Bad => {
                        proptest::prop_assert!(errors > 0);
                        bad += 1;
                    }
                    _ => proptest::prop_assert_eq!(errors, 0),
                }
            }
            let end = intake.finish();
            let fallen = end.findings.iter().filter(|f| f.is_error() && f.row > 0).count() as u32;
            proptest::prop_assert_eq!(end.counts(), (good + bad, good - fallen, bad + fallen));
        }
        let sheet = ("目录".to_owned(), (1..).zip(rows.iter().cloned()).collect());
        let file = catalogue::read_catalogue(&[sheet]);
        let _ = folders::plan_volume(folders::Layout::A, &folders::VolumeFiles::default(), Some(&file), volume::scheme("STUDENT").unwrap());
    }
}
