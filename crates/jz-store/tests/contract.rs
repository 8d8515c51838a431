//! The contract stories: every repository function, on both engines.
//!
//! PostgreSQL is named by `JZ_TEST_PG`; without it that half is left out on a
//! developer's machine and fails in CI.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

use jz_domain::{Id, Millis, org::Span};
use jz_store::{
    CodeTable, Db, Place, RowKey, Store, StoreError, account, all_sql, job, ledger, object, org, page,
    person, setting, vals, volume,
};

fn sqlite(dir: &std::path::Path) -> Store {
    Store::open(Place::Sqlite(dir.join("t.db")), RowKey([7; 32])).expect("opens")
}

/// A database of its own on the test server, or `None` when there is no server.
fn postgres() -> Option<Store> {
    let Ok(url) = std::env::var("JZ_TEST_PG") else {
        assert!(std::env::var("CI").is_err(), "CI must set JZ_TEST_PG: no silent skip");
        return None;
    };
    let name = format!(
        "jz_{}_{:x}",
        std::process::id(),
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()
    );
    let mut admin = ::postgres::Client::connect(&url, ::postgres::NoTls).expect("server answers");
    admin
        .batch_execute(&format!(
            "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
        ))
        .expect("creates");
    let (base, query) = url.split_once('?').map_or((url.as_str(), ""), |(b, q)| (b, q));
    let cut = base.rfind('/').expect("url has a database");
    let own = format!("{}/{name}{}{query}", &base[..cut], if query.is_empty() { "" } else { "?" });
    Some(Store::open(Place::Pg(own), RowKey([7; 32])).expect("opens"))
}

fn both(story: impl Fn(&Store)) {
    let dir = tempfile::tempdir().unwrap();
    story(&sqlite(dir.path()));
    if let Some(pg) = postgres() {
        story(&pg);
    }
}

type R<T> = Result<T, StoreError>;

fn write<T>(s: &Store, f: impl FnOnce(&mut Db<'_>) -> R<T>) -> T {
    s.write(f).expect("write")
}
fn read<T>(s: &Store, f: impl FnOnce(&mut Db<'_>) -> R<T>) -> T {
    s.read(f).expect("read")
}

#[test]
fn every_statement_is_understood() {
    both(|s| {
        for sql in all_sql() {
            read(s, |db| db.prepare_only(sql).map_err(|e| panic!("{sql}: {e:?}")));
        }
    });
}

fn top() -> org::Org {
    org::Org {
        id: Id(10),
        parent: None,
        kind: "XDW".into(),
        full_name: "中共示例大学委员会".into(),
        short_name: "校党委".into(),
        span: Span::ALL,
        state: "active".into(),
        extra: vec![1, 2],
        version: 1,
    }
}

fn someone(id: i64, org_no: i64, stage: &str) -> person::Person {
    person::Person {
        id: Id(id),
        org: Id(10),
        org_no,
        name: "林溪".into(),
        former_name: None,
        sex: "2".into(),
        birth: Some("2001-05".into()),
        number: Some(format!("2019{id}")),
        id_enc: Some(vec![9]),
        id_key: Some(id.to_be_bytes().to_vec()),
        phone_enc: None,
        stage: stage.into(),
        status: None,
        joined: None,
        regular: None,
        detail: vec![0],
        volumes: 0,
        state: "active".into(),
        version: 1,
    }
}

#[test]
fn settings_and_keys() {
    both(|s| {
        assert_eq!(read(s, |db| setting::get(db, "school")), None);
        write(s, |db| setting::put(db, "school", "一"));
        write(s, |db| setting::put(db, "school", "示例大学"));
        assert_eq!(read(s, |db| setting::get(db, "school")).as_deref(), Some("示例大学"));
        assert_eq!(read(s, setting::unit_key), None);
        write(s, |db| setting::put_unit_key(db, &[1, 2, 3]));
        assert_eq!(read(s, setting::unit_key), Some(vec![1, 2, 3]));
    });
}

#[test]
fn organisations() {
    both(|s| {
        write(s, |db| org::insert(db, &top()));
        let child = org::Org {
            id: Id(11),
            parent: Some(Id(10)),
            full_name: "中共示例大学第一支部".into(),
            span: Span { lo: 2, hi: 50 },
            ..top()
        };
        write(s, |db| org::insert(db, &child));
        assert_eq!(read(s, org::all).len(), 2);
        assert_eq!(read(s, |db| org::last_child(db, Id(10))), Some(Span { lo: 2, hi: 50 }));
        assert_eq!(read(s, |db| org::children(db, Id(10))), 1);
        assert_eq!(read(s, |db| org::above(db, 2)), vec![1, 2]);
        assert_eq!(read(s, |db| org::above(db, 60)), vec![1]);
        assert!(read(s, |db| org::by_name(db, "中共示例大学第一支部")).is_some());
        let twice = s.write(|db| {
            org::insert(db, &org::Org { id: Id(12), span: Span { lo: 60, hi: 61 }, ..child.clone() })
        });
        assert!(matches!(twice, Err(StoreError::Taken)), "{twice:?}");
        let renamed = org::Org { short_name: "一支部".into(), kind: "ZB".into(), ..child };
        write(s, |db| org::update(db, &renamed));
        assert!(matches!(s.write(|db| org::update(db, &renamed)), Err(StoreError::Conflict)));
        assert_eq!(
            read(s, |db| org::find(db, Id(11))).map(|o| (o.short_name, o.kind, o.version)),
            Some(("一支部".into(), "ZB".into(), 2))
        );
        assert_eq!(read(s, org::misfits), (2, vec![]));
        write(s, |db| db.exec("update org set full_name = 'x' where id = ?1", vals![11]));
        assert_eq!(read(s, org::misfits), (2, vec![Id(11)]));
        write(s, |db| org::delete(db, Id(11)));
        assert_eq!(read(s, org::all).len(), 1);
    });
}

#[test]
fn people_lists_tallies_and_keys() {
    both(|s| {
        write(s, |db| {
            for i in 1..=30 {
                person::insert(db, &someone(i, 100 + i % 3, if i % 2 == 0 { "5" } else { "1" }))?;
                person::put_keys(db, Id(i), 100 + i % 3, &[format!("k{:02}", i % 10)], true)?;
            }
            Ok(())
        });
        let all = Span { lo: 100, hi: 102 };
        let max = Id(i64::MAX);
        let ids = |v: Vec<person::Person>| v.into_iter().map(|p| p.id.0).collect::<Vec<_>>();
        for few in [false, true] {
            assert_eq!(
                ids(read(s, |db| person::list(db, all, None, max, 3, few))),
                vec![30, 29, 28],
                "few {few}"
            );
            assert_eq!(ids(read(s, |db| person::list(db, all, None, Id(28), 2, few))), vec![27, 26]);
            assert_eq!(ids(read(s, |db| person::list(db, all, Some("1"), max, 2, few))), vec![29, 27]);
            assert_eq!(
                ids(read(s, |db| person::list(db, Span { lo: 100, hi: 100 }, None, max, 2, few))),
                vec![30, 27]
            );
        }
        let sum: i64 = read(s, |db| person::tallies(db, all)).iter().map(|t| t.2).sum();
        assert_eq!(sum, 30);
        let mut found = read(s, |db| person::by_key(db, "k03", "k04", all, 10));
        found.sort();
        assert_eq!(found, vec![Id(3), Id(13), Id(23)]);
        let old = read(s, |db| person::find(db, Id(4))).unwrap();
        assert!(write(s, |db| person::find_locked(db, Id(4))).is_some_and(|p| p == old));
        let moved = person::Person { org_no: 500, stage: "4".into(), ..old.clone() };
        write(s, |db| person::update(db, &old, &moved));
        assert!(matches!(s.write(|db| person::update(db, &old, &moved)), Err(StoreError::Conflict)));
        assert_eq!(
            read(s, |db| person::tallies(db, Span { lo: 500, hi: 500 })),
            vec![(500, "4".to_owned(), 1)]
        );
        let sum: i64 = read(s, |db| person::tallies(db, all)).iter().map(|t| t.2).sum();
        assert_eq!(sum, 29);
        write(s, |db| person::put_keys(db, Id(4), 500, &["z".into()], false));
        assert_eq!(read(s, |db| person::by_key(db, "z", "zz", Span { lo: 500, hi: 500 }, 10)), vec![Id(4)]);
        assert!(read(s, |db| person::by_id_key(db, &7i64.to_be_bytes())).is_some_and(|p| p.id == Id(7)));
        assert_eq!(read(s, |db| person::by_number(db, "20197")).len(), 1);
        let twice = s.write(|db| person::insert(db, &person::Person { id: Id(99), ..someone(7, 1, "1") }));
        assert!(matches!(twice, Err(StoreError::Taken)), "{twice:?}");
        assert!(read(s, |db| person::checked(db, Id(0), 100)).iter().all(|(_, ok)| *ok));
        write(s, |db| db.exec("update person set name = '某某' where id = ?1", vals![7]));
        let bad: Vec<i64> =
            read(s, |db| person::checked(db, Id(0), 100)).iter().filter(|x| !x.1).map(|x| x.0.id.0).collect();
        assert_eq!(bad, vec![7]);
    });
}

#[test]
fn many_people_at_once() {
    both(|s| {
        let people: Vec<person::Person> =
            (1..=200).map(|i| someone(i, 100 + i % 2, if i % 4 == 0 { "5" } else { "1" })).collect();
        write(s, |db| person::insert_many(db, &people));
        let mut tallies = read(s, |db| person::tallies(db, Span { lo: 100, hi: 101 }));
        tallies.sort();
        assert_eq!(tallies, vec![(100, "1".into(), 50), (100, "5".into(), 50), (101, "1".into(), 100)]);
        assert_eq!(read(s, |db| person::checked(db, Id(0), 900)).iter().filter(|(_, ok)| *ok).count(), 200);
        let keys: Vec<(String, i64, Id)> =
            (1..=200).map(|i| (format!("k{i:03}"), 100 + i % 2, Id(i))).collect();
        write(s, |db| person::put_many_keys(db, &keys));
        assert_eq!(read(s, |db| person::by_key(db, "k00", "k01", Span { lo: 100, hi: 101 }, 99)).len(), 9);
        let id_keys: Vec<[u8; 8]> = (0..70i64).map(i64::to_be_bytes).collect();
        let id_keys: Vec<&[u8]> = id_keys.iter().map(|k| &k[..]).collect();
        assert_eq!(read(s, |db| person::by_id_keys(db, &id_keys)).len(), 69);
        assert_eq!(read(s, |db| person::by_numbers(db, &["20195", "2019200", "x"])).len(), 2);
        assert_eq!(read(s, |db| person::by_ids(db, &[Id(3), Id(900)])).len(), 1);
        let twice = s.write(|db| person::insert_many(db, &people[..1]));
        assert!(matches!(twice, Err(StoreError::Taken)), "{twice:?}");
    });
}

#[test]
fn accounts_grants_and_sessions() {
    both(|s| {
        write(s, |db| org::insert(db, &top()));
        assert_eq!(read(s, account::count), 0);
        let a = account::Account {
            id: Id(1),
            login: "dang".into(),
            name: "档案员".into(),
            pw: "h".into(),
            person: Some(Id(5)),
            state: "active".into(),
            failed: 0,
            retry_at: Millis(0),
            version: 1,
        };
        write(s, |db| account::insert(db, &a));
        assert!(matches!(
            s.write(|db| account::insert(db, &account::Account { id: Id(2), ..a.clone() })),
            Err(StoreError::Taken)
        ));
        write(s, |db| account::set_failed(db, Id(1), 3, Millis(99)));
        let found = read(s, |db| account::by_login(db, "dang")).unwrap();
        assert_eq!((found.failed, found.retry_at), (3, Millis(99)));
        assert!(read(s, |db| account::by_person(db, Id(5))).is_some());
        write(s, |db| account::update(db, &account::Account { name: "新名".into(), ..found.clone() }));
        assert!(matches!(s.write(|db| account::update(db, &found)), Err(StoreError::Conflict)));
        assert_eq!(read(s, account::all).len(), 1);
        assert_eq!(read(s, |db| account::find(db, Id(1))).unwrap().name, "新名");

        let g = account::RoleGrant {
            id: Id(3),
            account: Id(1),
            role: "archivist".into(),
            org: Id(10),
            from_day: "2026-01-01".into(),
            to_day: Some("2026-12-31".into()),
            ended: None,
        };
        write(s, |db| account::grant(db, &g));
        assert_eq!(read(s, |db| account::grants_at(db, Id(10))), 1);
        for (day, n) in [("2025-12-31", 0), ("2026-01-01", 1), ("2026-12-31", 1), ("2027-01-01", 0)] {
            assert_eq!(read(s, |db| account::valid_grants(db, Id(1), day)).len(), n, "{day}");
        }
        assert_eq!(read(s, account::misfits), (2, vec![]));
        write(s, |db| db.exec("update role_grant set to_day = null where id = ?1", vals![3]));
        assert_eq!(read(s, account::misfits), (2, vec![("role_grant", Id(3))]));
        write(s, |db| account::end_grant(db, &g, Millis(5)));
        assert!(matches!(s.write(|db| account::end_grant(db, &g, Millis(6))), Err(StoreError::Conflict)));
        assert_eq!(read(s, |db| account::grants_at(db, Id(10))), 0);
        assert_eq!(read(s, |db| account::valid_grants(db, Id(1), "2026-06-01")).len(), 0);
        assert_eq!(read(s, |db| account::find_grant(db, Id(3))).unwrap().ended, Some(Millis(5)));
        assert_eq!(read(s, |db| account::grants_of(db, Id(1))).len(), 1);

        let session = |t: u8| account::Session {
            token: vec![t],
            account: Id(1),
            made: Millis(1),
            seen: Millis(1),
            ends: Millis(100),
            addr: "a".into(),
            agent: "b".into(),
        };
        write(s, |db| {
            account::put_session(db, &session(1))?;
            account::put_session(db, &session(2))?;
            account::put_session(db, &session(3))
        });
        write(s, |db| account::touch_session(db, &[1], Millis(50)));
        assert_eq!(read(s, |db| account::find_session(db, &[1])).unwrap().seen, Millis(50));
        write(s, |db| account::drop_session(db, &[3]));
        assert_eq!(write(s, |db| account::drop_other_sessions(db, Id(1), &[1])), 1);
        assert_eq!(write(s, |db| account::sweep_sessions(db, Millis(60), Millis(60))), 1);
        assert!(read(s, |db| account::find_session(db, &[1])).is_none());
    });
}

#[test]
fn ledger_and_events() {
    both(|s| {
        assert_eq!(read(s, |db| ledger::head(db, false)), (0, vec![]));
        write(s, |db| {
            for seq in 0..5 {
                ledger::head(db, true)?;
                ledger::add(
                    db,
                    &ledger::Entry {
                        seq,
                        at: Millis(1000 + seq),
                        actor: Id(seq % 2),
                        action: if seq == 3 { "search" } else { "person.read" }.into(),
                        subject: (seq > 1).then_some(Id(7)),
                        object: None,
                        leaf: vec![seq as u8],
                        salt: Some(vec![1]),
                        detail: None,
                    },
                )?;
                ledger::put_head(db, seq + 1, &[seq as u8])?;
            }
            Ok(())
        });
        assert_eq!(read(s, |db| ledger::head(db, false)), (5, vec![4]));
        let seqs = |f: ledger::Filter, before| {
            read(s, |db| ledger::newest(db, &f, before, 10)).iter().map(|e| e.seq).collect::<Vec<_>>()
        };
        let none = ledger::Filter::default();
        assert_eq!(seqs(none.clone(), i64::MAX), vec![4, 3, 2, 1, 0]);
        assert_eq!(seqs(none.clone(), 2), vec![1, 0]);
        assert_eq!(seqs(ledger::Filter { subject: Some(Id(7)), ..none.clone() }, 99), vec![4, 3, 2]);
        assert_eq!(seqs(ledger::Filter { actor: Some(Id(1)), ..none.clone() }, 99), vec![3, 1]);
        assert_eq!(seqs(ledger::Filter { action: Some("search".into()), ..none.clone() }, 99), vec![3]);
        assert_eq!(
            seqs(ledger::Filter { from: Some(Millis(1001)), to: Some(Millis(1003)), ..none }, 99),
            vec![2, 1]
        );
        assert_eq!(read(s, |db| ledger::from(db, 3, 10)).len(), 2);
        let gap = s.write(|db| {
            ledger::add(
                db,
                &ledger::Entry {
                    seq: 2,
                    at: Millis(1),
                    actor: Id(0),
                    action: "x".into(),
                    subject: None,
                    object: None,
                    leaf: vec![],
                    salt: None,
                    detail: None,
                },
            )
        });
        assert!(matches!(gap, Err(StoreError::Taken)));
        write(s, |db| {
            for i in 1..=3 {
                ledger::add_event(
                    db,
                    &ledger::Event {
                        id: Id(i),
                        subject: Id(7),
                        kind: "person.edited".into(),
                        happened: "2026-01-01".into(),
                        recorded: Millis(i),
                        actor: Id(1),
                        basis: Some("介绍信".into()),
                        detail: vec![i as u8],
                        seq: i,
                    },
                )?;
            }
            Ok(())
        });
        let ev = read(s, |db| ledger::events(db, Id(7), Id(3), 10));
        assert_eq!(ev.iter().map(|e| e.id.0).collect::<Vec<_>>(), vec![2, 1]);
    });
}

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

#[test]
fn a_failed_change_leaves_nothing_and_a_read_cannot_write() {
    both(|s| {
        let r: Result<(), StoreError> = s.write(|db| {
            setting::put(db, "a", "1")?;
            Err(StoreError::Conflict)
        });
        assert!(r.is_err());
        assert_eq!(read(s, |db| setting::get(db, "a")), None);
        assert!(s.read(|db| setting::put(db, "a", "2")).is_err());
        assert_eq!(read(s, |db| setting::get(db, "a")), None);
        write(s, |db| setting::put(db, "a", "3"));
        s.set_read_only();
        assert!(matches!(s.write(|db| setting::put(db, "a", "4")), Err(StoreError::ReadOnly)));
    });
}

#[test]
fn writers_from_many_threads_lose_nothing() {
    both(|s| {
        std::thread::scope(|scope| {
            for t in 0..8 {
                scope.spawn(move || {
                    for _ in 0..25 {
                        loop {
                            let r: Result<(), StoreError> = s.write(|db| {
                                let (n, _) = ledger::head(db, true)?;
                                ledger::put_head(db, n + 1, &[t])
                            });
                            match r {
                                Ok(()) => break,
                                Err(StoreError::Busy | StoreError::Taken) => {}
                                Err(e) => panic!("{e:?}"),
                            }
                        }
                    }
                });
            }
        });
        // The very first rows may race on an empty table of PostgreSQL, where there is
        // no row to lock yet; the application makes that row when it opens the store.
        let (n, _) = read(s, |db| ledger::head(db, false));
        assert!(n <= 200 && (!s.is_sqlite() || n == 200), "{n}");
    });
}
