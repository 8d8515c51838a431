//! The catalogue on paper and as a workbook, and what follows a person who moves.

use crate::{
    catalogue::{add, edited, made},
    import::volumes_of,
    world::{JIA, World, both, jpeg},
};
use jz_app::{
    Fail, audit, member, org,
    print::{CatalogueDoc, Printer},
    volume::{self, import},
};
use jz_domain::{Id, Millis, identity::Role, org::Span};
use jz_store::CodeTable;
use std::{fs, sync::mpsc};

/// Prints nothing and remembers what it was given.
struct Ear(mpsc::Sender<CatalogueDoc>);

impl Printer for Ear {
    fn catalogue(&self, doc: &CatalogueDoc, _: Millis) -> Result<Vec<u8>, String> {
        self.0.send(doc.clone()).map_err(|e| e.to_string())?;
        Ok(b"%PDF-1.7".to_vec())
    }
}

#[test]
fn a_printed_catalogue_is_masked_complete_and_in_the_ledger() {
    let mut w = World::new(None);
    let v = made(&w, w.jia, "CADRE-2018");
    let v = edited(&w, &v, vec![add("9-2", "干部任免审批表"), add("1", "干部履历表")]);
    assert_eq!(volume::catalogue_pdf(&w.cx(), v.row.id).err().unwrap().code(), "print.absent");
    let (tell, hear) = mpsc::channel();
    w.app.printer = Some(Box::new(Ear(tell)));
    let file = volume::catalogue_pdf(&w.cx(), v.row.id).unwrap();
    assert_eq!((file.name.as_str(), &file.bytes[..5]), ("A001-RS-000001-catalogue-r2.pdf", &b"%PDF-"[..]));
    let doc = hear.recv().unwrap();
    assert_eq!((doc.title.as_str(), doc.name.as_str(), doc.rev), ("干部人事档案目录", "王甲", 2));
    assert!(doc.id_no.contains('*') && !doc.id_no.contains(&JIA.2[6..14]));
    assert_eq!(doc.classes.len(), 18, "empty classes are printed too");
    let rows: Vec<_> = doc
        .classes
        .iter()
        .flat_map(|c| c.rows.iter().map(move |r| (c.code.as_str(), r.seq, r.title.as_str())))
        .collect();
    assert_eq!(rows, [("1", 1, "干部履历表"), ("9-2", 1, "干部任免审批表")]);
    let looks = audit::looks(&w.cx(), w.jia, 10).unwrap();
    assert_eq!(looks[0].purpose.as_deref(), Some("打印目录（PDF）"));
    let own = w.actor(Role::Archivist, Span::ALL, Some(w.jia));
    assert!(volume::catalogue_pdf(&own, v.row.id).is_err());
    assert_eq!(volume::find_by_no(&w.cx(), "A001-RS-000001").unwrap(), v.row.id);
    assert_eq!(volume::find_by_no(&w.cx(), &v.row.id.to_string()).unwrap(), v.row.id);
    assert!(volume::find_by_no(&w.cx(), "A001-RS-000009").is_err());
}

#[test]
fn an_exported_workbook_is_read_back_as_the_same_catalogue() {
    let w = World::new(None);
    let v = made(&w, w.jia, "CADRE-2018");
    edited(&w, &v, vec![add("9-2", "干部任免审批表"), add("1", "干部履历表")]);
    let book = volume::catalogue_xlsx(&w.cx(), v.row.id).unwrap();
    let root = w.dir.path().join("移交");
    fs::create_dir_all(root.join("甲/1/1")).unwrap();
    fs::write(root.join("甲/干部基本信息和档案目录.xlsx"), &book.bytes).unwrap();
    fs::write(root.join("甲/1/1/001.jpg"), jpeg(1)).unwrap();
    let done = import::local(&w.cx(), &root, "a", false).unwrap();
    assert_eq!(
        (done.volumes[0].state.as_str(), done.volumes[0].new_materials, done.volumes[0].new_pages),
        ("filed", 0, 1)
    );
    assert_eq!(volumes_of(&w, w.jia).len(), 1);
    assert!(
        fs::read_dir(w.dir.path().join("data/tmp")).unwrap().all(|e| !e
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("import-"))
    );
}

#[test]
fn titles_are_found_where_the_person_is_now() {
    both(|w| {
        let v = made(w, w.jia, "CADRE-2018");
        let v = edited(w, &v, vec![add("1", "干部履历表")]);
        let material = v.classes[0].materials[0].id;
        let top = org::list(&w.cx()).unwrap()[0].id;
        let new = org::NewOrg {
            parent: Some(top),
            kind: "ZB".into(),
            full_name: "中共示例大学第二支部".into(),
            short_name: None,
        };
        let second = org::create(&w.cx(), &new).unwrap().id;
        let read = member::read(&w.cx(), w.jia).unwrap();
        let input = member::PersonInput {
            version: Some(read.version),
            org: Some(second),
            ..member::PersonInput::default()
        };
        member::edit(&w.cx(), w.jia, &input).unwrap();
        let place =
            w.app.store.read(|db| Ok::<_, Fail>(jz_store::org::find(db, second)?)).unwrap().unwrap().span.lo;
        let unit = |no: i64| jz_search::scope_code(jz_search::Scope::Unit(no), w.app.search_key());
        let old = w
            .app
            .store
            .read(|db| Ok::<_, Fail>(jz_store::org::find(db, w.branch)?))
            .unwrap()
            .unwrap()
            .span
            .lo;
        let found = |no: i64| {
            let mut ids = Vec::new();
            let each = |id: Id| {
                ids.push(id);
                Ok::<_, Fail>(true)
            };
            w.app
                .store
                .read(|db| db.find_codes(CodeTable::Title, &[unit(no)], &[], Id(i64::MAX), 9, each))
                .unwrap();
            ids
        };
        assert_eq!((found(place), found(old)), (vec![material], vec![]));
        assert_eq!(volume::read(&w.cx(), v.row.id).unwrap().row.org_name, "示例大学第二支部");
        w.verify();
    });
}
