//! A made-up school handed to the product's own intake: it must find what was planted,
//! and nothing else.

#![expect(clippy::expect_used, reason = "a failed expectation is the failed test")]

use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::date;
use jz_demo::{MEMBERS_FILE, ORGS_FILE, Plan, generate};
use jz_domain::Id;
use jz_domain::intake::{Cell, Context, Finding, Finished, Intake, Kind, OrgEntry, OrgIndex, SavedNames};
use jz_sheet::{Book, Limits};

fn take(path: &Path, kind: Kind, orgs: &OrgIndex) -> (Vec<Finding>, Finished) {
    let mut book = Book::open(path, &Limits::default()).expect("a workbook");
    let saved_names = SavedNames::new();
    let today = date(2026, 11, 20);
    let is_1904 = book.is_1904();
    let mut intake = Intake::new(Context { kind, today, orgs, saved_names: &saved_names, is_1904 });
    let mut findings = Vec::new();
    for sheet in book.sheets().to_vec() {
        if intake.open_sheet(&sheet.name, sheet.hidden) {
            let each_row = |row: u32, cells: &[jz_sheet::Cell]| {
                let json = serde_json::to_string(cells).expect("cells");
                let cells: Vec<Cell> = serde_json::from_str(&json).expect("the same cells");
                findings.extend(intake.push_row(row, &cells).findings);
                ControlFlow::Continue(())
            };
            book.rows(&sheet.name, each_row).expect("rows");
        }
        findings.extend(intake.close_sheet());
    }
    let end = intake.finish();
    findings.extend(end.findings.iter().cloned());
    (findings, end)
}

fn places(findings: &[Finding]) -> Vec<(String, u32, String)> {
    let mut places: Vec<_> =
        findings.iter().map(|f| (f.sheet.clone(), f.row, f.code.clone().into_owned())).collect();
    places.sort();
    places
}

#[test]
fn the_intake_finds_what_was_planted_and_nothing_else() {
    // Three colleges, eight colleges, all colleges with many branches.
    for (people, faults) in [(160, true), (2000, true), (9000, false)] {
        let dir = tempfile::tempdir().expect("a folder");
        let plan = Plan { people, volumes: 0, pages: 0, seed: 21, faults };
        let truth = generate(dir.path(), &plan).expect("a school");

        let (findings, end) = take(&dir.path().join(ORGS_FILE), Kind::Orgs, &OrgIndex::new(truth.school, []));
        assert_eq!(places(&findings), [], "organisations for {people}");
        assert_eq!(end.orgs.len(), truth.orgs.len());
        let entry = |(id, org): (i64, &jz_demo::Org)| OrgEntry {
            id: Id(id),
            parent: None,
            kind: if org.kind == "党支部" { "ZB" } else { "EJDW" }.to_owned(),
            full_name: org.full_name.clone(),
            short_name: org.short_name.clone(),
        };
        let orgs = OrgIndex::new(truth.school, (1..).zip(&truth.orgs).map(entry));

        let (findings, end) = take(&dir.path().join(MEMBERS_FILE), Kind::Members, &orgs);
        let planted = &truth.import_expectation;
        let mut want: Vec<_> =
            planted.bad.iter().map(|f| (f.sheet.clone(), f.row, f.code.to_owned())).collect();
        want.sort();
        assert_eq!(places(&findings), want, "members for {people}");
        let (rows, good, bad) = end.counts();
        assert_eq!((rows as usize, good as usize), (planted.rows, planted.good));
        assert_eq!(bad as usize, planted.bad.len());
        let skipped: Vec<&str> =
            end.sheets.iter().filter(|s| s.reason.is_some()).map(|s| s.name.as_str()).collect();
        assert_eq!(skipped, ["填表说明", "汇总"]);
    }
}
