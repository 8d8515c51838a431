//! A whole school, read back by other programs' eyes: the spreadsheet reader, the JPEG
//! decoder, the file system.

#![expect(clippy::expect_used, reason = "a failed expectation is the failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use jz_demo::{MEMBERS_FILE, ORGS_FILE, Plan, Truth, generate, people, text_corpus};

/// Fonts are there, or this is not CI.
fn can_draw() -> bool {
    let there = !jz_assets::fonts().is_empty();
    assert!(there || std::env::var_os("CI").is_none(), "CI must fetch the fonts of assets.lock");
    there
}

fn make(plan: &Plan) -> (tempfile::TempDir, Truth) {
    let dir = tempfile::tempdir().expect("a folder");
    let truth = generate(dir.path(), plan).expect("a school");
    (dir, truth)
}

fn without_pages(people: usize, faults: bool) -> Plan {
    Plan { people, volumes: 0, pages: 0, seed: 11, faults }
}

/// Every file below `dir` with its bytes.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).expect("inside").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

fn sheets(path: &Path) -> Vec<(String, Range<Data>)> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    book.worksheets()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    if !can_draw() {
        return;
    }
    let plan = Plan { people: 40, volumes: 3, pages: 7, seed: 3, faults: true };
    let (first, _) = make(&plan);
    let (second, _) = make(&plan);
    let (first, second) = (tree(first.path()), tree(second.path()));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(second.get(name) == Some(bytes), "{name} differs");
    }
    let (other, _) = make(&Plan { seed: 4, ..plan });
    assert_ne!(tree(other.path()).get("truth.json"), first.get("truth.json"));
}

#[test]
fn the_truth_names_every_page_and_nothing_else_was_drawn() {
    if !can_draw() {
        return;
    }
    let (dir, truth) = make(&Plan { people: 60, volumes: 5, pages: 23, seed: 5, faults: false });
    let files = tree(dir.path());
    let mut pages: Vec<&str> = Vec::new();
    for volume in &truth.volumes {
        let book = format!("{}/干部基本信息和档案目录.xlsx", volume.root);
        let catalogue = sheets(&dir.path().join(&book));
        let names: Vec<&str> = catalogue.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["基本信息", "目录"]);
        let rows: Vec<_> = catalogue.get(1).expect("two sheets").1.rows().skip(1).collect();
        assert_eq!(rows.len(), volume.materials.len());
        for (row, material) in rows.iter().zip(&volume.materials) {
            assert_eq!(row.first(), Some(&Data::String(material.cls.clone())));
            assert_eq!(row.get(2), Some(&Data::String(material.title.clone())));
            assert_eq!(row.get(6), Some(&Data::Float(material.pages.len() as f64)));
        }
        pages.extend(volume.materials.iter().flat_map(|m| &m.pages).map(|p| p.file.as_str()));
    }
    assert_eq!(pages.len(), 23);
    assert!(truth.volumes.iter().any(|v| v.layout == 'A'));
    assert!(truth.volumes.iter().any(|v| v.layout == 'B'));
    assert!(truth.volumes.iter().any(|v| v.layout == 'C'));
    pages.sort_unstable();
    let drawn: Vec<&str> = files
        .keys()
        .filter(|f| Path::new(f).extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg")))
        .map(String::as_str)
        .collect();
    assert_eq!(drawn, pages);
}

#[test]
fn lines_are_where_the_truth_says_also_on_skewed_pages() {
    if !can_draw() {
        return;
    }
    let (dir, truth) = make(&Plan { people: 30, volumes: 2, pages: 12, seed: 8, faults: false });
    let pages: Vec<_> = truth.volumes.iter().flat_map(|v| &v.materials).flat_map(|m| &m.pages).collect();
    assert!(pages.iter().any(|p| p.skew.abs() > 0.4) && pages.iter().any(|p| p.skew == 0.0));
    for page in pages {
        let bytes = fs::read(dir.path().join(&page.file)).expect("a page");
        assert_eq!(&bytes[13..18], [1, 1, 44, 1, 44], "300 dpi");
        let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(bytes));
        let rgb = decoder.decode().expect("a JPEG");
        assert_eq!(decoder.dimensions(), Some((2480, 3508)));
        assert!(!page.lines.is_empty());
        // The green channel sees black, blue and red ink.
        let green = |x: i32, y: i32| rgb[(y as usize * 2480 + x as usize) * 3 + 1];
        let dark = |[x0, y0, x1, y1]: [i32; 4]| {
            let points =
                (y0.max(0)..y1.min(3508)).flat_map(|y| (x0.max(0)..x1.min(2480)).map(move |x| (x, y)));
            let all = ((x1 - x0) * (y1 - y0)).max(1);
            points.filter(|(x, y)| green(*x, *y) < 140).count() as f32 / all as f32
        };
        for line in &page.lines {
            let [x0, y0, x1, y1] = line.area;
            assert!(x0 >= 0 && y0 >= 0 && x1 <= 2480 && y1 <= 3508, "{} at {:?}", page.file, line.area);
            assert!(
                dark(line.area) > 0.015,
                "no ink in {:?} of {} ({} letters)",
                line.area,
                page.file,
                line.t.len()
            );
        }
        let name = &truth.volumes.iter().find(|v| page.file.starts_with(&v.root)).expect("its volume").name;
        let text: String = page.lines.iter().map(|l| l.t.as_str()).collect();
        assert!(text.contains(name.as_str()) || !text.contains("签名"), "{} names its person", page.file);
    }
}

#[test]
fn the_member_workbook_has_the_shape_and_the_faults_it_says() {
    let (dir, truth) = make(&without_pages(300, true));
    let sheets = sheets(&dir.path().join(MEMBERS_FILE));
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    let mut want = vec!["填表说明"];
    want.extend(truth.branches.iter().map(String::as_str));
    want.push("汇总");
    assert_eq!(names, want);

    let expected = &truth.import_expectation;
    assert_eq!((expected.rows, expected.good + expected.bad.len()), (300, 300));
    let mut codes: Vec<&str> = expected.bad.iter().map(|f| f.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes, ["DATE_INVALID", "ID_INVALID", "REQUIRED_MISSING", "ROW_SHIFTED", "STAGE_INVALID"]);

    let mut rows = 0;
    for (name, range) in sheets.iter().filter(|(name, _)| truth.branches.contains(name)) {
        let cell = |row: usize, column: usize| range.get((row, column)).unwrap_or(&Data::Empty);
        assert_eq!(cell(1, 3), &Data::String("性别 ".to_owned()), "headers end in blanks");
        assert_eq!(cell(1, 15), &Data::String("第一次思想汇报".to_owned()));
        for row in 2..range.height() {
            rows += 1;
            let fault = expected.bad.iter().find(|f| f.sheet == *name && f.row as usize == row + 1);
            let id = cell(row, 6).to_string();
            let valid_id = id.len() == 18 && id.starts_with("99") && checks(&id);
            let stages = ["入党申请人", "入党积极分子", "发展对象", "预备党员", "正式党员"];
            match fault.map(|f| f.code) {
                Some("ROW_SHIFTED") => assert!(matches!(cell(row, 0), Data::String(_))),
                Some("REQUIRED_MISSING") => assert_eq!(cell(row, 1), &Data::Empty),
                Some("ID_INVALID") => assert!(!valid_id),
                Some("DATE_INVALID") => assert!(cell(row, 5).to_string().ends_with("年13月40日")),
                Some("STAGE_INVALID") => assert!(!stages.contains(&cell(row, 9).to_string().as_str())),
                _ => {
                    assert!(valid_id && stages.contains(&cell(row, 9).to_string().as_str()));
                    assert!(
                        matches!(cell(row, 0), Data::Float(_)) && matches!(cell(row, 1), Data::String(_))
                    );
                }
            }
        }
    }
    assert_eq!(rows, 300);
    let has_float_id =
        sheets.iter().any(|(_, range)| range.rows().any(|r| matches!(r.get(6), Some(Data::Float(_)))));
    assert!(has_float_id, "one number has lost its digits");
}

/// GB 11643, written down here a second time on purpose.
fn checks(id: &str) -> bool {
    let value = |c: char| if c == 'X' { 10 } else { c.to_digit(10).unwrap_or(99) };
    let weight = |place: u32| 2_u32.pow(17 - place) % 11;
    (0..).zip(id.chars()).map(|(place, c)| weight(place) * value(c)).sum::<u32>() % 11 == 1
}

#[test]
fn the_organisation_workbook_lists_parents_first() {
    let (dir, truth) = make(&without_pages(500, false));
    let sheets = sheets(&dir.path().join(ORGS_FILE));
    let (name, range) = sheets.first().expect("a sheet");
    assert_eq!(name, "党组织");
    assert_eq!(range.height(), truth.orgs.len() + 2);
    assert_eq!(range.get((1, 0)), Some(&Data::String("党组织全称".to_owned())));
    assert_eq!(truth.orgs.iter().filter(|o| o.kind == "学校党委").count(), 1);
    assert!(truth.import_expectation.bad.is_empty());
}

#[test]
fn twenty_thousand_people_fit_in_one_workbook() {
    let (dir, truth) = make(&without_pages(20_000, false));
    assert_eq!(truth.people.len(), 20_000);
    let sheets = sheets(&dir.path().join(MEMBERS_FILE));
    let rows: usize =
        sheets.iter().filter(|(n, _)| truth.branches.contains(n)).map(|(_, r)| r.height() - 2).sum();
    assert_eq!(rows, 20_000);
}

#[test]
fn benches_get_their_people_and_texts() {
    let two: Vec<_> = people(1000, 9).map(|p| (p.id, p.name)).collect();
    assert_eq!(two, people(1000, 9).map(|p| (p.id, p.name)).collect::<Vec<_>>());
    assert_eq!(text_corpus(10, 9).count(), 10);
}
