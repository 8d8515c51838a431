//! Numbers, lists, edits, undo.

use crate::world::{World, YI, both};
use jz_app::{
    Fail, audit,
    search::{SearchQuery, search},
    volume::{self, CatalogueEdit, CatalogueOp, CatalogueUndo, NewVolume, VolumeQuery, VolumeRecord},
};
use jz_domain::{Id, identity::Role, org::Span};
use jz_store::CodeTable;

pub fn made(w: &World, person: Id, scheme: &str) -> VolumeRecord {
    volume::create(&w.cx(), &NewVolume { person, scheme: scheme.into() }).expect("made")
}

pub fn add(class: &str, title: &str) -> CatalogueOp {
    CatalogueOp::Add {
        class_code: class.into(),
        title: title.into(),
        formed: Some("2019-02".into()),
        page_count: None,
        copies: None,
        remark: None,
        at: None,
    }
}

pub fn edited(w: &World, v: &VolumeRecord, ops: Vec<CatalogueOp>) -> VolumeRecord {
    volume::edit(&w.cx(), v.row.id, &CatalogueEdit { rev: v.rev, reason: None, ops }).expect("edited")
}

pub fn shown(v: &VolumeRecord) -> Vec<String> {
    v.classes
        .iter()
        .flat_map(|c| &c.materials)
        .map(|m| format!("{}-{} {} {}", m.class_code, m.seq, m.title, m.pages.len()))
        .collect()
}

fn titles_found(w: &World, word: &str) -> usize {
    let codes = jz_search::codes(&jz_search::fold_text(word), w.app.search_key());
    let mut n = 0;
    w.app
        .store
        .read(|db| {
            db.find_codes(CodeTable::Title, &codes, &[], Id(i64::MAX), 50, |_| {
                n += 1;
                Ok::<_, Fail>(true)
            })
        })
        .unwrap();
    n
}

#[test]
fn a_search_may_stay_in_one_volume() {
    both(|w| {
        let one = made(w, w.jia, "CADRE-2018");
        edited(w, &one, vec![add("1", "干部履历表")]);
        let two = made(w, w.yi, "CADRE-2018");
        edited(w, &two, vec![add("1", "干部履历表"), add("1", "干部履历表副本")]);
        let found = |cx: &jz_app::Cx<'_>, volume: Option<Id>| {
            let q = SearchQuery { q: "干部履历".into(), volume, ..SearchQuery::default() };
            let hits = search(cx, &q).unwrap().hits;
            hits.into_iter().map(|h| h.volume.unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(found(&w.cx(), None).len(), 3);
        assert_eq!(found(&w.cx(), Some(one.row.id)), [one.row.id]);
        assert_eq!(found(&w.cx(), Some(two.row.id)), [two.row.id; 2]);
        let elsewhere = w.actor(Role::Archivist, Span { lo: 5, hi: 9 }, None);
        assert_eq!(found(&elsewhere, Some(two.row.id)), [], "a volume gives no rights");
        let q = SearchQuery { q: YI.0.into(), volume: Some(two.row.id), ..SearchQuery::default() };
        assert!(search(&w.cx(), &q).unwrap().hits.is_empty(), "people are in no volume");
    });
}

#[test]
fn numbers_run_by_kind_and_the_person_counts_them() {
    both(|w| {
        let year = &w.cx().today()[..4];
        assert_eq!(made(w, w.jia, "CADRE-2018").row.no, "A001-RS-000001");
        assert_eq!(made(w, w.yi, "CADRE-2009").row.no, "A001-RS-000002");
        assert_eq!(made(w, w.jia, "PARTY").row.no, "A001-RS·DY-000001");
        assert_eq!(made(w, w.jia, "STUDENT").row.no, format!("A001-RS·XS·{year}-000001"));
        let again = volume::create(&w.cx(), &NewVolume { person: w.jia, scheme: "PARTY".into() });
        assert_eq!(again.err().unwrap().code(), "volume.exists");
        let owner = w.app.store.read(|db| Ok::<_, Fail>(jz_store::person::find(db, w.jia)?)).unwrap();
        assert_eq!(owner.unwrap().volumes, 3);
        let kinds: Vec<String> =
            audit::history(&w.cx(), w.jia, 10).unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds.iter().filter(|k| *k == "volume.made").count(), 3);
        w.verify();
    });
}

#[test]
fn lists_are_trimmed_by_place_and_found_by_number_and_name() {
    both(|w| {
        let a = made(w, w.jia, "CADRE-2018");
        let b = made(w, w.yi, "CADRE-2018");
        let list = |q: VolumeQuery| {
            let page = volume::list(&w.cx(), &q).unwrap();
            let ids: Vec<Id> = page.rows.iter().map(|r| r.id).collect();
            (ids, page.total, page.next)
        };
        let q = |t: &str| VolumeQuery { q: Some(t.into()), ..VolumeQuery::default() };
        assert_eq!(list(VolumeQuery::default()), (vec![b.row.id, a.row.id], 2, None));
        let first = list(VolumeQuery { limit: Some(1), ..VolumeQuery::default() });
        assert_eq!(first, (vec![b.row.id], 2, Some(b.row.id)));
        let second = list(VolumeQuery { limit: Some(1), after: first.2, ..VolumeQuery::default() });
        assert_eq!(second, (vec![a.row.id], 2, None));
        assert_eq!(list(q("A001-RS-000002")).0, vec![b.row.id]);
        assert_eq!(list(q("a001")).0, vec![a.row.id, b.row.id]);
        assert_eq!(list(q("王甲")).0, vec![a.row.id]);
        assert_eq!(list(q("lyi")).0, vec![]);
        assert_eq!(list(VolumeQuery { person: Some(w.yi), ..VolumeQuery::default() }).0, vec![b.row.id]);
        let elsewhere = w.actor(Role::Archivist, Span { lo: 1 << 40, hi: 1 << 41 }, None);
        assert_eq!(volume::list(&elsewhere, &VolumeQuery::default()).unwrap().total, 0);
        assert!(volume::read(&elsewhere, a.row.id).is_err());
        let own = w.actor(Role::Member, Span::ALL, Some(w.jia));
        assert!(volume::read(&own, a.row.id).is_ok());
        assert!(volume::read(&own, b.row.id).is_err());
        let looks = audit::looks(&w.cx(), w.jia, 10).unwrap();
        assert_eq!(looks.iter().filter(|l| l.role_label == "党员").count(), 1);
    });
}

#[test]
fn an_edit_is_a_revision_and_a_stale_one_is_refused() {
    both(|w| {
        let v = made(w, w.jia, "CADRE-2018");
        let v = edited(w, &v, vec![add("9-2", "干部任免审批表"), add("1", "干部履历表"), add("1", "简历表")]);
        assert_eq!(shown(&v), ["1-1 干部履历表 0", "1-2 简历表 0", "9-2-1 干部任免审批表 0"]);
        assert_eq!((v.rev, v.row.materials), (2, 3));
        let stale = CatalogueEdit { rev: 1, reason: None, ops: vec![add("1", "迟到的材料")] };
        assert!(matches!(
            volume::edit(&w.cx(), v.row.id, &stale),
            Err(Fail::Conflict { code: "volume.rev", .. })
        ));
        let bad =
            CatalogueEdit { rev: 2, reason: None, ops: vec![add("1", "新材料"), add("4", "成绩表")] };
        match volume::edit(&w.cx(), v.row.id, &bad) {
            Err(Fail::Refused { code, problems, .. }) => {
                assert_eq!((code, problems[0].pointer.as_str()), ("volume.class-not-leaf", "/ops/1"));
            }
            _ => panic!("accepted"),
        }
        let first = v.classes[0].materials[0].id;
        let title = |t: &str| CatalogueOp::Edit { material: first, field: "title".into(), value: t.into() };
        let same = edited(w, &v, vec![title("干部履历表")]);
        assert_eq!(same.rev, 2, "typing the same again is no revision");
        let v = edited(w, &v, vec![title("干部简要履历表")]);
        assert_eq!((titles_found(w, "简要履历"), titles_found(w, "部履历表")), (1, 0));
        let events = audit::history(&w.cx(), v.row.id, 10).unwrap();
        let last = &events[0];
        assert_eq!(
            (last.kind.as_str(), last.changes[0].label.as_str()),
            ("catalogue.edited", "1-1《干部简要履历表》 材料名称")
        );
        assert_eq!(last.changes[0].before.as_deref(), Some("干部履历表"));
        let revisions = volume::revisions(&w.cx(), v.row.id).unwrap();
        assert_eq!(revisions.iter().map(|r| r.rev).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(revisions[0].summary, "1-1《干部简要履历表》 材料名称：干部履历表 → 干部简要履历表");
        assert!(revisions[1].summary.ends_with("等 3 处") && revisions[2].summary == "建立案卷");
        w.verify();
    });
}

#[test]
fn undo_goes_back_step_by_step() {
    both(|w| {
        let v = made(w, w.jia, "CADRE-2018");
        let v = edited(w, &v, vec![add("1", "干部履历表"), add("1", "简历表")]);
        let second = v.classes[0].materials[1].id;
        let v = edited(w, &v, vec![CatalogueOp::Remove { material: second, reason: "重复".into() }]);
        assert_eq!((shown(&v), v.removed.len()), (vec!["1-1 干部履历表 0".to_owned()], 1));
        assert_eq!(titles_found(w, "简历"), 0);
        let undo = |v: &VolumeRecord| volume::undo(&w.cx(), v.row.id, &CatalogueUndo { rev: v.rev });
        let v = undo(&v).expect("one back");
        assert_eq!((shown(&v).len(), v.rev), (2, 4));
        assert_eq!(titles_found(w, "简历"), 1);
        let v = undo(&v).expect("two back");
        assert_eq!((shown(&v).len(), v.rev, v.row.materials), (0, 5, 0));
        assert_eq!(undo(&v).err().unwrap().code(), "volume.not-undoable");
        let v = edited(w, &v, vec![add("6", "入党申请书")]);
        assert_eq!(shown(&v), ["6-1 入党申请书 0"]);
        assert!(matches!(
            volume::undo(&w.cx(), v.row.id, &CatalogueUndo { rev: 5 }),
            Err(Fail::Conflict { code: "volume.rev", .. })
        ));
        w.verify();
    });
}

#[test]
fn two_editors_at_once_lose_nothing() {
    both(|w| {
        let v = made(w, w.jia, "CADRE-2018");
        let won = std::thread::scope(|s| {
            let tries: Vec<_> = (0..4)
                .map(|i| {
                    let (id, rev) = (v.row.id, v.rev);
                    s.spawn(move || {
                        let ops = vec![add("1", &format!("材料 {i}"))];
                        volume::edit(&w.cx(), id, &CatalogueEdit { rev, reason: None, ops }).is_ok()
                    })
                })
                .collect();
            tries.into_iter().filter(|_| true).map(|t| t.join().unwrap()).filter(|ok| *ok).count()
        });
        assert_eq!(won, 1);
        assert_eq!(volume::read(&w.cx(), v.row.id).unwrap().row.materials, 1);
        w.verify();
    });
}
