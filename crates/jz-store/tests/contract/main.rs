//! The contract stories: every repository function, on both engines.
//!
//! PostgreSQL is named by `JZ_TEST_PG`; without it that half is left out on a
//! developer's machine and fails in CI.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

mod archive;

use jz_domain::{Id, Millis, org::Span};
use jz_store::{Db, Place, RowKey, Store, StoreError, account, all_sql, ledger, org, person, setting, vals};

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

/// On SQLite: looking something up must not walk a whole table. Those that do are named,
/// with the reason.
#[test]
fn no_look_up_walks_a_table() {
    #[rustfmt::skip]
    let small = ["from account", "from role_grant", "from batch ", "from org", "from setting", "from migration", "from job", "from session"];
    let dir = tempfile::tempdir().unwrap();
    drop(sqlite(dir.path()));
    let c = rusqlite::Connection::open(dir.path().join("t.db")).unwrap();
    let one_line = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = all_sql().map(one_line).filter(|s| s.starts_with("select"));
    for sql in all.filter(|s| !small.iter().any(|t| s.contains(t))) {
        let mut st = c.prepare(&format!("explain query plan {sql}")).unwrap();
        let n = st.parameter_count();
        let plan: Vec<String> = st
            .query_map(rusqlite::params_from_iter(vec![rusqlite::types::Null; n]), |r| r.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for step in plan {
            // A key of which only the unit is known, or nothing at all.
            let walks =
                step.ends_with("PRIMARY KEY (unit=?)") || (step.starts_with("SCAN") && step != "SCAN x");
            assert!(!walks, "{step}: {sql}");
        }
    }
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
        for groups in [1, 1_000] {
            assert_eq!(
                ids(read(s, |db| person::list(db, all, None, max, 3, groups))),
                vec![30, 29, 28],
                "groups {groups}"
            );
            assert_eq!(ids(read(s, |db| person::list(db, all, None, Id(28), 2, groups))), vec![27, 26]);
            assert_eq!(ids(read(s, |db| person::list(db, all, Some("1"), max, 2, groups))), vec![29, 27]);
            assert_eq!(
                ids(read(s, |db| person::list(db, Span { lo: 100, hi: 100 }, None, max, 2, groups))),
                vec![30, 27]
            );
        }
        let sum: i64 = read(s, |db| person::tallies(db, all)).iter().map(|t| t.2).sum();
        assert_eq!(sum, 30);
        assert_eq!(read(s, |db| person::tally_sum(db, all, None)).0, 30);
        let of_one = read(s, |db| person::tally_sum(db, all, Some("1")));
        assert_eq!(of_one.0, ids(read(s, |db| person::list(db, all, Some("1"), max, 100, 1))).len() as i64);
        let walked: Vec<i64> = (1..=30).rev().collect();
        for groups in [1, 1_000] {
            let found = ids(read(s, |db| person::list(db, all, None, max, 100, groups)));
            assert_eq!(found, walked, "all of them, groups {groups}");
        }
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
