#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use super::*;
use crate::{
    intake::catalogue::CatalogueFile,
    volume::{self, Scheme},
};

fn scheme() -> &'static Scheme {
    volume::scheme("CADRE-2009").unwrap()
}

fn item(row: u32, class: &str, seq: u32, title: &str, pages: u32) -> CatalogueItem {
    CatalogueItem {
        row,
        class_code: class.into(),
        seq,
        title: title.into(),
        formed: None,
        page_count: Some(pages),
        copies: None,
        remark: String::new(),
    }
}

fn catalogue(items: Vec<CatalogueItem>) -> CatalogueFile {
    let person = PersonHint {
        name: "王甲".into(),
        id_no: IdNo::parse("990101200401011235").ok(),
        ..PersonHint::default()
    };
    CatalogueFile { person, items, findings: Vec::new() }
}

/// `1-1: 1 2 | 9-2-1: 1`
fn shown(plan: &VolumePlan) -> String {
    let material = |m: &PlannedMaterial| {
        let pages: Vec<String> = m.pages.iter().map(|p| p.no.to_string()).collect();
        format!("{}-{}: {}", m.item.class_code, m.item.seq, pages.join(" "))
    };
    plan.materials.iter().map(material).collect::<Vec<_>>().join(" | ")
}

fn codes(plan: &VolumePlan) -> Vec<&str> {
    plan.findings.iter().map(|f| f.code.as_ref()).collect()
}

/// Every path that went in comes out somewhere, once.
fn nothing_is_lost(paths: &[&str], found: &Discovery, plans: &[VolumePlan]) {
    let mut out: Vec<String> = found.unmatched.iter().map(|u| u.path.clone()).collect();
    for v in &found.volumes {
        out.extend([&v.workbook, &v.catalog_json, &v.person_json].into_iter().flatten().cloned());
        out.extend(v.manifests.iter().cloned());
    }
    for p in plans {
        out.extend(p.unmatched.iter().map(|u| u.path.clone()));
        out.extend(p.materials.iter().flat_map(|m| m.pages.iter().map(|p| p.path.clone())));
    }
    out.sort();
    let mut given: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
    given.sort();
    assert_eq!(out, given);
}

fn run(layout: Layout, paths: &[&str], items: Vec<CatalogueItem>) -> (Discovery, Vec<VolumePlan>) {
    let found = discover(layout, paths);
    let file = catalogue(items);
    let plans: Vec<VolumePlan> = found
        .volumes
        .iter()
        .map(|v| {
            plan_volume(
                layout,
                v,
                (v.workbook.is_some() || v.catalog_json.is_some()).then_some(&file),
                scheme(),
            )
        })
        .collect();
    nothing_is_lost(paths, &found, &plans);
    (found, plans)
}

#[test]
fn layout_a() {
    let paths = [
        "卷/{702E}/干部基本信息和档案目录.xlsx",
        "卷/{702E}/1/1/002.JPG",
        "卷/{702E}/1/1/001.JPG",
        "卷/{702E}/9-2/1/001.JPG",
        "卷/{702E}/9-2/1/1.jpg",
        "卷/{702E}/9-2/2/001.jpg",
        "卷/{702E}/9-2/1/封面.jpg",
        "卷/{702E}/9-2/1/Thumbs.db",
        "卷/{702E}/备忘.docx",
        "卷/truth.json",
        "../etc/passwd",
    ];
    let items =
        vec![item(3, "9-2", 1, "任免表", 1), item(2, "1", 1, "履历表", 2), item(4, "7", 1, "决定", 1)];
    let (found, plans) = run(Layout::A, &paths, items);
    assert_eq!(found.volumes.len(), 1);
    assert_eq!(found.unmatched.len(), 3, "system file, outside, unsafe");
    let plan = plans.first().unwrap();
    assert_eq!(shown(plan), "1-1: 1 2 | 7-1:  | 9-2-1: 1");
    assert_eq!(plan.materials.first().unwrap().pages.first().unwrap().path, "卷/{702E}/1/1/001.JPG");
    assert_eq!(codes(plan), ["MATERIAL_NO_PAGES"]);
    let reasons: Vec<&str> = plan.unmatched.iter().map(|u| u.reason.as_str()).collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert!(reasons.iter().any(|r| r.contains("9-2-2")) && reasons.iter().any(|r| r.contains("同一页")));
}

#[test]
fn layout_b() {
    let paths = [
        "王甲/干部基本信息和档案目录.xlsx",
        "王甲/6.参加党团材料/0101.jpg",
        "王甲/6.参加党团材料/0102.jpg",
        "王甲/6.参加党团材料/0104.jpg",
        "王甲/6.参加党团材料/020001.jpg",
        "王甲/41.学历学位材料/0101.tif",
        "王甲/10.其他材料/0101.png",
        "王甲/6.参加党团材料/01.jpg",
        "王甲/照片/0101.jpg",
        "李乙/1.履历材料/0101.jpg",
    ];
    let items = vec![
        item(2, "4-1", 1, "学位证书", 1),
        item(3, "6", 1, "申请书", 4),
        item(4, "6", 2, "志愿书", 1),
        item(5, "10", 1, "报到证", 1),
    ];
    let (found, plans) = run(Layout::B, &paths, items);
    assert_eq!(found.volumes.iter().map(|v| v.root.as_str()).collect::<Vec<_>>(), ["李乙", "王甲"]);
    let plan = plans.get(1).unwrap();
    assert_eq!(shown(plan), "4-1-1: 1 | 6-1: 1 2 4 | 6-2: 1 | 10-1: 1");
    assert_eq!(codes(plan), ["PAGE_GAP", "PAGE_COUNT_MISMATCH"]);
    assert_eq!(plan.unmatched.len(), 2);
    let orphan = plans.first().unwrap();
    assert_eq!(codes(orphan), ["CATALOGUE_MISSING"]);
    assert_eq!(orphan.unmatched.len(), 1);
}

#[test]
fn layout_c_with_titles_that_start_with_digits() {
    let root = "王甲990101200401011235";
    let paths: Vec<String> = [
        "干部基本信息和档案目录.xlsx",
        "012023年度考核登记表/001.jpg",
        "022024年度考核登记表/001.jpg",
        "022024年度考核登记表/002.jpg",
        "09入党申请书/001.jpg",
        "04不认识的材料/001.jpg",
        "0501.jpg",
        "05-2.jpg",
        "07-1.jpg",
        "说明.txt",
    ]
    .iter()
    .map(|p| format!("{root}/{p}"))
    .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let items = vec![
        item(2, "3", 1, "2023年度考核登记表", 1),
        item(3, "3", 2, "2024年度考核登记表", 2),
        item(4, "6", 1, "入党申请书", 1),
        item(5, "6", 2, "入党志愿书", 1),
        item(6, "9-2", 1, "任免审批表", 2),
    ];
    let (_, plans) = run(Layout::C, &paths, items);
    let plan = plans.first().unwrap();
    assert_eq!(shown(plan), "3-1: 1 | 3-2: 1 2 | 6-1: 1 | 6-2:  | 9-2-1: 1 2");
    assert_eq!(codes(plan), ["NUMBER_MISMATCH", "MATERIAL_NO_PAGES"]);
    assert_eq!(plan.unmatched.len(), 3);
}

#[test]
fn layout_c_checks_that_folder_and_workbook_mean_the_same_person() {
    for (folder, code) in
        [("李乙990101200401011235", "PERSON_MISMATCH"), ("王甲11010519491231002X", "PERSON_MISMATCH")]
    {
        let workbook = format!("{folder}/{WORKBOOK}");
        let (_, plans) = run(Layout::C, &[&workbook], vec![]);
        assert_eq!(codes(plans.first().unwrap()), [code], "{folder}");
    }
}

#[test]
fn layout_j_and_its_json() {
    let paths = [
        "A002-RS-000123/catalog.json",
        "A002-RS-000123/person.json",
        "A002-RS-000123/manifest-sha256.txt",
        "A002-RS-000123/catalog.xlsx",
        "A002-RS-000123/original/1/001/001.jpg",
        "A002-RS-000123/original/1/001/000.jpg",
        "A002-RS-000123/original/9-2/001/001.jpg",
        "A002-RS-000123/optimized/1/001/001.jpg",
        "A002-RS-000123/1/001/001.jpg",
    ];
    let (_, plans) =
        run(Layout::J, &paths, vec![item(0, "1", 1, "履历表", 1), item(0, "9-2", 1, "任免表", 1)]);
    let plan = plans.first().unwrap();
    assert_eq!(shown(plan), "1-1: 0 1 | 9-2-1: 1");
    assert_eq!(codes(plan), Vec::<&str>::new(), "a cover does not count as a page");
    assert_eq!(plan.unmatched.len(), 2);

    let catalog =
        CatalogJson { version: 1, scheme: "CADRE-2018".into(), items: vec![item(0, "1", 1, "履历表", 1)] };
    let person = serde_json::to_string(&catalogue(vec![]).person).unwrap();
    let (scheme, file) = parse_json(&serde_json::to_string(&catalog).unwrap(), &person).unwrap();
    assert_eq!((scheme.as_str(), file.items.len(), file.person.name.as_str()), ("CADRE-2018", 1, "王甲"));
    assert_eq!(parse_json("{\"version\":2}", &person), Err(JsonError::Version(2)));
    assert_eq!(parse_json("[]", &person), Err(JsonError::Malformed));
    let digest = "AB".repeat(32);
    let manifest = parse_manifest(&format!("{digest}  original/1/001/001.jpg\nnonsense\n{digest} *b.jpg\n"));
    assert_eq!(manifest.len(), 2);
    assert_eq!(manifest.get("b.jpg"), Some(&digest.to_lowercase()));
}

#[test]
fn the_chosen_folder_may_be_the_volume_itself() {
    let (found, plans) = run(Layout::A, &[WORKBOOK, "1/1/001.jpg"], vec![item(2, "1", 1, "履历表", 1)]);
    assert_eq!(found.volumes.first().unwrap().root, "");
    assert_eq!(shown(plans.first().unwrap()), "1-1: 1");
}

#[test]
fn classes_that_cannot_hold_materials_are_named() {
    let items = vec![item(2, "4", 1, "学位证书", 1), item(3, "11", 1, "杂项", 1)];
    let (_, plans) = run(Layout::A, &[WORKBOOK, "4/1/001.jpg"], items);
    let plan = plans.first().unwrap();
    assert_eq!(codes(plan), ["CLASS_UNKNOWN", "CLASS_UNKNOWN"]);
    assert_eq!(plan.unmatched.len(), 1);
}

#[test]
fn names_and_numbers_of_folders() {
    let read = |t: &str| person_of_folder(t).map(|(n, i)| (n, i.as_str().to_owned()));
    assert_eq!(read("王甲990101200401011235"), Some(("王甲".into(), "990101200401011235".into())));
    assert_eq!(read("王甲_11010519491231002x"), Some(("王甲".into(), "11010519491231002X".into())));
    assert_eq!(read("王甲110105491231002"), Some(("王甲".into(), "11010519491231002X".into())));
    for bad in ["王甲", "990101200401011235", "王甲990101200401011236", ""] {
        assert_eq!(read(bad), None, "{bad}");
    }
}
