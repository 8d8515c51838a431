//! Stories of objects, volumes, pages, jobs and batches.

use super::{both, read, someone, top, write};
use jz_domain::{Id, Millis, org::Span};
use jz_store::{CodeTable, StoreError, account, job, object, org, page, person, vals, volume};

#[test]
fn objects() {
    both(|s| {
        let o = object::Object {
            sha256: vec![1; 32],
            sm3: vec![2; 32],
            len: 3,
            name: "ab/cd".into(),
            cipher: vec![3; 32],
            wrapped: vec![4],
            made: Millis(1),
        };
        assert!(write(s, |db| object::put(db, &o)));
        assert!(!write(s, |db| object::put(db, &o)));
        assert_eq!(read(s, |db| object::find(db, &[1; 32])), Some(o));
        assert_eq!(read(s, |db| object::all(db, &[], 10)).len(), 1);
        assert_eq!(read(s, |db| object::all(db, &[1; 32], 10)).len(), 0);
    });
}

fn a_volume() -> volume::Volume {
    volume::Volume {
        id: Id(20),
        no: "A001-RS-000001".into(),
        person: Id(7),
        org_no: 5,
        scheme: "CADRE-2018".into(),
        secrecy: "1".into(),
        state: "active".into(),
        rev: 1,
        materials: 0,
        pages: 0,
        made: Millis(1),
    }
}

#[test]
fn volumes_and_their_catalogue() {
    both(|s| {
        write(s, |db| volume::insert(db, &a_volume()));
        assert!(read(s, |db| volume::by_no(db, "A001-RS-000001")).is_some());
        assert_eq!(
            read(s, |db| volume::last_no(db, "A001-RS-", "A001-RS.")).as_deref(),
            Some("A001-RS-000001")
        );
        assert_eq!(read(s, |db| volume::of_person(db, Id(7))).len(), 1);
        assert_eq!(read(s, |db| volume::by_no_range(db, "A001-RS-", "A001-RS.", 5)).len(), 1);
        assert_eq!(read(s, |db| volume::list(db, Span { lo: 5, hi: 5 }, Id(i64::MAX), 10)).len(), 1);
        assert_eq!(read(s, |db| volume::list(db, Span { lo: 6, hi: 9 }, Id(i64::MAX), 10)).len(), 0);
        assert_eq!(read(s, |db| volume::count(db, Span { lo: 1, hi: 9 }, 10)), 1);
        let next = volume::Volume { rev: 2, pages: 3, ..a_volume() };
        write(s, |db| volume::update(db, &next, 1));
        assert!(matches!(s.write(|db| volume::update(db, &next, 1)), Err(StoreError::Conflict)));
        assert_eq!(read(s, |db| volume::find(db, Id(20))), Some(next));

        let m = volume::Material {
            id: Id(30),
            volume: Id(20),
            class_code: "1".into(),
            seq: 1,
            title: "干部履历表".into(),
            formed: Some("2019".into()),
            page_count: Some(2),
            copies: 1,
            remark: String::new(),
            removed: None,
            org_no: 5,
        };
        write(s, |db| volume::put_material(db, &m));
        write(s, |db| volume::put_material(db, &volume::Material { title: "履历表".into(), ..m.clone() }));
        assert_eq!(read(s, |db| volume::find_material(db, Id(30))).unwrap().title, "履历表");
        assert_eq!(read(s, |db| volume::materials(db, Id(20))).len(), 1);
        assert!(read(s, |db| volume::checked(db, Id(0), 9)).iter().all(|x| x.1));
        assert!(read(s, |db| volume::checked_materials(db, Id(0), 9)).iter().all(|x| x.1));
        write(s, |db| db.exec("update material set formed = '2018' where id = ?1", vals![30]));
        assert!(read(s, |db| volume::checked_materials(db, Id(0), 9)).iter().all(|x| !x.1));

        let r = volume::Revision {
            volume: Id(20),
            rev: 2,
            at: Millis(1),
            actor: Id(1),
            reason: None,
            changes: vec![1],
            rows: vec![2],
        };
        write(s, |db| volume::put_revision(db, &r));
        assert_eq!(read(s, |db| volume::revisions(db, Id(20), 5)).len(), 1);
        assert!(read(s, |db| volume::revision(db, Id(20), 2)).is_some_and(|x| x == r));
    });
}

#[test]
fn pages_readings_and_their_index() {
    both(|s| {
        let p = page::Page {
            id: Id(40),
            volume: Id(20),
            material: Id(30),
            person: Id(7),
            org_no: 5,
            no: 1,
            object: vec![1; 32],
            source: vec![2],
            format: "jpeg".into(),
            w: 100,
            h: 200,
            dpi: Some(300),
            facts: "{}".into(),
            ocr: "pending".into(),
            confidence: None,
            text_rev: 0,
            state: "active".into(),
        };
        write(s, |db| page::put(db, &p));
        assert_eq!(read(s, page::ocr_counts), vec![("pending".to_owned(), 1)]);
        assert!(read(s, |db| page::candidate(db, Id(40))).is_none());
        let t = page::Reading {
            page: Id(40),
            rev: 1,
            kind: "machine".into(),
            at: Millis(1),
            actor: None,
            lines: vec![1],
            folded: vec![2],
        };
        write(s, |db| {
            page::put_reading(db, &t)?;
            page::put(
                db,
                &page::Page { ocr: "done".into(), confidence: Some(0.5), text_rev: 1, ..p.clone() },
            )?;
            db.put_codes(CodeTable::Page, Id(40), &[1, 2, 3, 0x7FFF_FFFF])?;
            db.put_codes(CodeTable::Page, Id(41), &[2, 3, 4])?;
            db.put_codes(CodeTable::Title, Id(41), &[1])
        });
        assert!(
            read(s, |db| page::candidate(db, Id(40))).is_some_and(|c| c.org_no == 5 && c.folded == vec![2])
        );
        assert!(read(s, |db| page::reading(db, Id(40), 1)).is_some_and(|x| x == t));
        assert_eq!(read(s, |db| page::low_confidence(db, 0.9, Span { lo: 1, hi: 9 }, Id(0), 9)).len(), 1);
        assert_eq!(read(s, |db| page::low_confidence(db, 0.4, Span { lo: 1, hi: 9 }, Id(0), 9)).len(), 0);
        assert_eq!(read(s, |db| page::of_volume(db, Id(20))).len(), 1);
        assert_eq!(read(s, |db| page::of_material(db, Id(30))).len(), 1);
        assert_eq!(read(s, |db| page::by_object(db, &[1; 32])).len(), 1);
        assert!(read(s, |db| page::find(db, Id(40))).is_some_and(|p| p.confidence == Some(0.5)));
        assert!(read(s, |db| page::checked(db, Id(0), 9)).iter().all(|x| x.1));

        let find = |all: &[u32], any: &[u32], before: i64| {
            let mut out = Vec::new();
            s.read(|db| {
                db.find_codes(CodeTable::Page, all, any, Id(before), 10, |id| {
                    out.push(id.0);
                    Ok::<_, StoreError>(true)
                })
            })
            .unwrap();
            out
        };
        assert_eq!(find(&[2, 3], &[], i64::MAX), vec![41, 40]);
        assert_eq!(find(&[2, 3], &[], 41), vec![40]);
        assert_eq!(find(&[1, 0x7FFF_FFFF], &[], i64::MAX), vec![40]);
        assert_eq!(find(&[2], &[4, 99], i64::MAX), vec![41]);
        write(s, |db| db.put_codes(CodeTable::Page, Id(41), &[9]));
        assert_eq!(find(&[2], &[], i64::MAX), vec![40]);
        write(s, |db| db.drop_codes(CodeTable::Page, Id(40)));
        assert_eq!(find(&[2], &[], i64::MAX), Vec::<i64>::new());

        // Many small changes leave many parts; joining them changes no answer.
        for id in 100..200 {
            write(s, |db| db.put_codes(CodeTable::Page, Id(id), &[5, id as u32]));
        }
        let before = find(&[5], &[], 150);
        let parts = read(s, |db| db.code_parts());
        s.join_codes(|| false).unwrap();
        assert_eq!(read(s, |db| db.code_parts()), parts, "told to stop before the first step");
        s.join_codes(|| true).unwrap();
        assert!(!s.is_sqlite() || (parts > 4 && read(s, |db| db.code_parts()) == 1), "{parts} parts");
        assert_eq!((before.first(), find(&[5], &[], 150)), (Some(&149), before.clone()));
    });
}

#[test]
fn jobs_are_claimed_once_and_come_back_when_their_worker_dies() {
    both(|s| {
        write(s, |db| {
            job::add(db, Id(1), "ocr", "40", Millis(10))?;
            job::add(db, Id(2), "file", "x", Millis(11))
        });
        let claim =
            |now: i64, not: &str| write(s, |db| job::claim(db, Millis(now), 100, not)).map(|j| j.id.0);
        assert_eq!(claim(9, ""), None);
        assert_eq!(claim(20, "ocr"), Some(2));
        assert_eq!(claim(20, ""), Some(1));
        assert_eq!(claim(20, ""), None);
        write(s, |db| job::progress(db, Id(2), 3, 9, Millis(500)));
        assert_eq!(claim(200, ""), Some(1));
        assert_eq!(read(s, |db| job::find(db, Id(1))).map(|j| j.tries), Some(2));
        write(s, |db| job::end(db, Id(1), None, Millis(300)));
        write(s, |db| job::again(db, Id(2), Some("blob.missing"), Millis(400)));
        assert_eq!(read(s, job::open_count), 1);
        write(s, |db| job::end(db, Id(2), Some("blob.missing"), Millis(401)));
        let states: Vec<_> =
            read(s, |db| job::list(db, 9)).into_iter().map(|j| (j.id.0, j.state, j.done)).collect();
        assert_eq!(states, vec![(2, "failed".into(), 3), (1, "done".into(), 0)]);
    });
}

#[test]
fn batches_and_what_they_touched() {
    both(|s| {
        let b = job::Batch {
            id: Id(1),
            kind: "members".into(),
            file: vec![1],
            object: Some(vec![2]),
            plan: None,
            state: "preview".into(),
            made: Millis(1),
            actor: Id(9),
            summary: vec![3],
        };
        write(s, |db| job::put_batch(db, &b));
        let done = job::Batch { state: "committed".into(), ..b };
        write(s, |db| {
            job::find_batch(db, Id(1), true)?;
            job::put_batch(db, &done)
        });
        assert!(read(s, |db| job::find_batch(db, Id(1), false)).is_some_and(|x| x == done));
        assert_eq!(read(s, |db| job::batches(db, 5)).len(), 1);
        let item = |n| job::Item {
            n,
            kind: "person".into(),
            object: Id(50 + n),
            version: 1,
            before: (n == 1).then(|| vec![1]),
        };
        write(s, |db| {
            job::put_item(db, Id(1), &item(0))?;
            job::put_item(db, Id(1), &item(1))
        });
        assert!(read(s, |db| job::items(db, Id(1), 1, 9)) == vec![item(1)]);
        assert!(!read(s, job::any_undone));
        assert_eq!(read(s, |db| job::with_accounts(db, Id(1), 9)), Vec::<i64>::new());
        // Nobody with these ids: both are disturbed, until the first one is there as it was left.
        assert_eq!(read(s, |db| job::disturbed(db, Id(1), 9)), vec![0, 1]);
        write(s, |db| person::insert(db, &someone(50, 100, "1")));
        assert_eq!(read(s, |db| job::disturbed(db, Id(1), 9)), vec![1]);
        let left = read(s, |db| person::find(db, Id(50))).unwrap();
        write(s, |db| person::update(db, &left, &left));
        assert_eq!(read(s, |db| job::disturbed(db, Id(1), 1)), vec![0]);
        let account = account::Account {
            id: Id(60),
            login: "x".into(),
            name: "x".into(),
            pw: "h".into(),
            person: Some(Id(50)),
            state: "active".into(),
            failed: 0,
            retry_at: Millis(0),
            version: 1,
        };
        write(s, |db| account::insert(db, &account));
        assert_eq!(read(s, |db| job::with_accounts(db, Id(1), 9)), vec![0]);
        write(s, |db| job::put_batch(db, &job::Batch { state: "undone".into(), ..done.clone() }));
        assert!(read(s, job::any_undone));
        write(s, |db| org::insert(db, &top()));
        let org_item =
            |version| job::Item { n: 7, kind: "org".into(), object: Id(10), version, before: None };
        write(s, |db| job::put_items(db, Id(2), &[org_item(1)]));
        write(s, |db| job::put_items(db, Id(3), &[org_item(2)]));
        assert_eq!(read(s, |db| job::disturbed(db, Id(2), 9)), Vec::<i64>::new());
        assert_eq!(read(s, |db| job::disturbed(db, Id(3), 9)), vec![7]);
    });
}
