//! Sheets as a whole: which are read, which are named, what becomes of their rows.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use super::*;
use crate::Id;

fn orgs() -> OrgIndex {
    let entry = |id, kind: &str, full: &str, short: &str| OrgEntry {
        id: Id(id),
        parent: None,
        kind: kind.into(),
        full_name: full.into(),
        short_name: short.into(),
    };
    OrgIndex::new(
        "东海大学",
        [
            entry(1, "EJDW", "中共东海大学化学学院委员会", "化学学院党委"),
            entry(2, "ZB", "中共东海大学化学学院研究生支部委员会", "化学学院研究生党支部"),
            entry(3, "ZB", "中共东海大学化学学院教工支部委员会", "化学学院教工党支部"),
        ],
    )
}

struct Out {
    rows: Vec<RowKind>,
    said: Vec<String>,
    end: Finished,
}

/// Reads one sheet; rows are numbered from 1.
fn read(name: &str, rows: &[Vec<Cell>]) -> Out {
    let orgs = orgs();
    let saved = SavedNames::from([("番号".to_owned(), "number".to_owned())]);
    let today = jiff::civil::date(2026, 11, 24);
    let mut intake =
        Intake::new(Context { kind: Kind::Members, today, orgs: &orgs, saved_names: &saved, is_1904: false });
    intake.open_sheet(name, false);
    let (mut kinds, mut said) = (Vec::new(), Vec::new());
    let mut note = |findings: Vec<Finding>| {
        let level = |f: &Finding| if f.is_error() { "E" } else { "W" };
        said.extend(findings.iter().map(|f| format!("{} {} {}", f.row, level(f), f.code)));
    };
    for (n, cells) in (1..).zip(rows) {
        let out = intake.push_row(n, cells);
        kinds.push(out.kind);
        note(out.findings);
    }
    note(intake.close_sheet());
    let end = intake.finish();
    note(end.findings.clone());
    Out { rows: kinds, said, end }
}

fn cells(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|t| Cell::from(*t)).collect()
}

const BRANCH: &str = "化学学院研究生党支部";

fn person(rows: &Out, at: usize) -> &MemberRow {
    match rows.rows.get(at).unwrap() {
        RowKind::Member(m) => m,
        other => panic!("{other:?}"),
    }
}

/// Name, rows, what is said, a word of the reason if the sheet is passed over.
type SheetCase<'a> = (&'a str, &'a [Vec<Cell>], &'a [&'a str], Option<&'a str>);

#[test]
fn sheets_are_read_or_named() {
    let table = [cells(&["姓名", "学号"]), cells(&["王甲", "2020001"])];
    let with_org = [cells(&["姓名", "学号", "所在党支部"]), cells(&["王甲", "2020001", "化学学院教工支部"])];
    let notes = [cells(&["请各支部认真填写"])];
    #[rustfmt::skip]
    let cases: [SheetCase<'_>; 11] = [
        ("化学学院研究生党支部",  &table,    &[],                                          None),
        ("填表说明",            &notes,    &["0 E HEADER_NOT_FOUND"],                    Some("说明")),
        ("汇总",                &table,    &["0 E HEADER_NOT_FOUND"],                    Some("汇总")),
        ("2026年汇总表",        &with_org, &[],                                          None),
        ("2026年汇总表",        &table,    &["0 E HEADER_NOT_FOUND"],                    Some("汇总")),
        ("Sheet1",              &with_org, &[],                                          None),
        ("Sheet1",              &table,    &["0 E UNKNOWN_SHEET"],                       None),
        ("生物学院党支部",       &table,    &["0 E UNKNOWN_BRANCH"],                      None),
        ("化学学院党委",         &table,    &["0 E UNKNOWN_BRANCH"],                      None),
        ("随便",                &notes,    &["0 W UNKNOWN_SHEET", "0 E HEADER_NOT_FOUND"], Some("未知")),
        (BRANCH,                &notes,    &["0 E HEADER_NOT_FOUND", "0 E HEADER_NOT_FOUND"], Some("表头")),
    ];
    for (name, rows, want, reason) in cases {
        let out = read(name, rows);
        assert_eq!(out.said, want, "{name}");
        let report = out.end.sheets.first().unwrap();
        assert_eq!(report.role == Role::Skipped, reason.is_some(), "{name}");
        if let Some(reason) = reason {
            assert!(
                report.reason.as_deref().unwrap_or_default().contains(reason),
                "{name}: {:?}",
                report.reason
            );
        }
        let homeless = want.iter().any(|w| w.starts_with("0 E UNKNOWN"));
        assert_eq!(report.bad, u32::from(homeless), "{name}: rows nobody can place are bad");
    }
}

#[test]
fn the_names_may_stand_in_the_tenth_row_but_not_in_the_eleventh() {
    let mut rows = vec![cells(&["题目"]); 9];
    rows.extend([cells(&["姓名", "番号"]), cells(&["王甲", "2020001"])]);
    let out = read(BRANCH, &rows);
    assert_eq!(out.said, Vec::<String>::new());
    assert_eq!(person(&out, 10).number.as_deref(), Some("2020001"), "a saved name is used");
    rows.insert(0, cells(&["题目"]));
    assert!(read(BRANCH, &rows).said.iter().all(|s| s.ends_with("HEADER_NOT_FOUND")));
}

#[test]
fn a_column_beats_the_name_of_the_sheet() {
    let out = read(
        BRANCH,
        &[
            cells(&["姓名", "学号", "所在党支部"]),
            cells(&["王甲", "1001", "中共东海大学化学学院教工支部委员会"]),
            cells(&["李乙", "1002", ""]),
            cells(&["赵丙", "1003", "没有的支部"]),
            cells(&["钱丁", "1004", "化学学院党委"]),
        ],
    );
    assert_eq!(person(&out, 1).org, Some(Id(3)));
    assert_eq!(person(&out, 2).org, Some(Id(2)));
    assert_eq!(out.said, ["4 E UNKNOWN_BRANCH", "5 E UNKNOWN_BRANCH"]);
}

#[test]
fn rows_that_are_not_people() {
    let out = read(
        BRANCH,
        &[
            cells(&["序号", "姓名", "学号", "备注"]),
            cells(&["示例", "赵示例", "2023000001", ""]),
            cells(&["1", "", "", ""]),
            cells(&["", "", "", " "]),
            cells(&["序号", "姓名", "学号", "备注"]),
            cells(&["2", "王甲", "1001", ""]),
            cells(&["合计", "1", "", ""]),
            cells(&["填表人：某某", "", "", ""]),
        ],
    );
    assert_eq!(out.said, Vec::<String>::new());
    assert_eq!(out.end.counts(), (1, 1, 0));
    let skipped: Vec<u32> = out.end.sheets.first().unwrap().skipped_rows.iter().map(|s| s.row).collect();
    assert_eq!(skipped, [2, 5, 7, 8]);
}

#[test]
fn who_a_row_is_about() {
    let id = "990101200401011235";
    #[rustfmt::skip]
    let cases: [(&str, [&str; 3], &[&str]); 9] = [
        ("id alone",        ["王甲", id, ""],            &[]),
        ("number alone",    ["王甲", "", "1001"],        &[]),
        ("neither",         ["王甲", "", ""],            &["2 E REQUIRED_MISSING"]),
        ("no name",         ["", id, "1001"],           &["2 E REQUIRED_MISSING"]),
        ("digits as name",  ["2020", id, "1001"],       &["2 E REQUIRED_MISSING"]),
        ("name cleared",    ["清空", id, "1001"],        &["2 E REQUIRED_MISSING"]),
        ("id cleared",      ["王甲", "清空", "1001"],     &["2 E REQUIRED_MISSING"]),
        ("id wrong",        ["王甲", "990101200401011236", ""], &["2 E ID_INVALID"]),
        ("id a fraction",   ["王甲", "9.90101E+17", "1001"], &["2 E ID_INVALID"]),
    ];
    for (name, row, want) in cases {
        let out = read(BRANCH, &[cells(&["姓名", "身份证号", "工号"]), cells(&row)]);
        assert_eq!(out.said, want, "{name}");
    }
}

#[test]
fn values_as_they_are_kept() {
    let out = read(
        BRANCH,
        &[
            cells(&[
                "姓名",
                "身份证号",
                "手机",
                "民族",
                "学历",
                "出生年月",
                "转正日期",
                "政治面貌",
                "毕业时间",
                "是否流动党员",
                "籍贯",
                "血型",
            ]),
            cells(&[
                "张 三",
                "’110105491231002",
                "+86 138-0000-0000",
                "汉",
                "本科",
                "1949.12",
                "2027-01-01",
                "共青团员",
                "2027.07",
                "否",
                " 某省 ",
                "A",
            ]),
        ],
    );
    assert_eq!(out.said, ["2 W RULE_R028"], "a plan may lie ahead, a fact may not");
    let m = person(&out, 1);
    assert_eq!((m.name.as_str(), m.phone.as_deref()), ("张三", Some("13800000000")));
    assert_eq!(m.id_no.unwrap().as_str(), "11010519491231002X");
    assert_eq!((m.ethnicity.as_deref(), m.education.as_deref()), (Some("01"), Some("21")));
    assert_eq!(m.birth.unwrap().to_string(), "1949-12");
    let extra: Vec<(&str, &str)> = m.extra.iter().map(|(k, v)| (k.as_ref(), v.as_str())).collect();
    assert_eq!(
        extra,
        [("graduated", "2027-07"), ("is_floating", "0"), ("native_place", "某省"), ("political", "03")]
    );
    assert_eq!(m.sex_or_derived(), Some("2"));
    let columns = &out.end.sheets.first().unwrap().columns;
    assert_eq!(
        columns.iter().filter(|c| c.field.is_none()).map(|c| c.header.as_str()).collect::<Vec<_>>(),
        ["血型"]
    );
    let json = serde_json::to_string(m).unwrap();
    assert_eq!(&serde_json::from_str::<MemberRow>(&json).unwrap(), m);
    assert_eq!(format!("{m:?}"), "MemberRow(2)");
}

#[test]
fn error_cells_and_long_numbers_are_not_taken_for_values() {
    let header = cells(&["姓名", "学号", "出生日期"]);
    let row = |number: Cell, birth: Cell| vec![Cell::from("王甲"), number, birth];
    let out = read(
        BRANCH,
        &[
            header,
            row(Cell::Number(1e16), Cell::Empty),
            row(Cell::from("2.02E+15"), Cell::Empty),
            row(Cell::from("1001"), Cell::Error("#VALUE!".into())),
            row(Cell::Error("#N/A".into()), Cell::Empty),
            row(Cell::Number(20_200_001.0), Cell::Number(36_735.0)),
        ],
    );
    assert_eq!(out.said, ["2 E CODE_UNKNOWN", "3 E CODE_UNKNOWN", "4 E DATE_INVALID", "5 E CODE_UNKNOWN"]);
    let m = person(&out, 5);
    assert_eq!(
        (m.number.as_deref(), m.birth.unwrap().to_string().as_str()),
        (Some("20200001"), "2000-07-28")
    );
}

#[test]
fn gaps_and_partial_dates_of_reports() {
    let header = cells(&["姓名", "学号", "第一次思想汇报", "第二次思想汇报", "第三次思想汇报"]);
    #[rustfmt::skip]
    let cases: [(&str, [&str; 3], bool); 6] = [
        ("in order",        ["2019-01", "2019-04-02", "2019-07"], false),
        ("only the first",  ["2019-01-02", "", ""],               false),
        ("gap",             ["2019-01-02", "", "2019-07-02"],     true),
        ("same day",        ["2019-01-02", "2019-01-02", ""],     true),
        ("same month",      ["2019-01", "2019-01-20", ""],        false),
        ("backwards",       ["2019-05", "2019-04-02", ""],        true),
    ];
    for (name, dates, warned) in cases {
        let out = read(BRANCH, &[header.clone(), cells(&["王甲", "1001", dates[0], dates[1], dates[2]])]);
        assert_eq!(out.said.iter().any(|s| s == "2 W REPORT_SEQUENCE"), warned, "{name}: {:?}", out.said);
        assert!(matches!(out.rows.get(1), Some(RowKind::Member(_))), "{name}: a warning keeps nobody out");
    }
}
