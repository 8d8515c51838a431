//! The installation, the ledger and who gets in: what everything else stands on.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

use jz_app::{App, Clock, Cx, Fail, audit, config::Config, identity, member, org};
use jz_domain::{Id, Millis, identity::Role};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A clock that tests move.
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

struct House {
    dir: tempfile::TempDir,
    clock: Hands,
}

const PASSWORD: &str = "correct horse battery";

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        App::init(&dir.path().join("data"), Config::default()).expect("init");
        Self { dir, clock: Hands(Arc::new(AtomicI64::new(1_795_536_000_000))) }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn open(&self) -> App {
        let mut app = App::open(&self.data()).expect("open");
        app.clock = Box::new(self.clock.clone());
        app
    }

    fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

fn staffed(app: &App) {
    let code = identity::setup_code(app).unwrap();
    let input = identity::SetupInput {
        code,
        school: "示例大学".into(),
        login: "chief".into(),
        password: PASSWORD.into(),
    };
    identity::setup(app, &input).expect("set up");
    let name = "中共示例大学委员会";
    for role in [Role::Archivist, Role::Auditor, Role::BranchSecretary] {
        identity::bootstrap_account(app, role.code(), PASSWORD, role, Some(name), None).expect("account");
    }
}

fn a_branch(cx: &Cx<'_>) -> Id {
    let top = org::list(cx).unwrap().first().map(|o| o.id);
    let input = org::NewOrg {
        parent: top,
        kind: "ZB".into(),
        full_name: "中共示例大学第一支部".into(),
        short_name: None,
    };
    org::create(cx, &input).expect("branch").id
}

fn a_person(cx: &Cx<'_>, branch: Id) -> Id {
    let input = member::PersonInput {
        org: Some(branch),
        name: Some("林溪".into()),
        stage: Some("5".into()),
        id_no: Some("990101200401011235".into()),
        phone: Some("15400001111".into()),
        basis: Some("入党志愿书".into()),
        ..Default::default()
    };
    member::create(cx, &input).expect("person").row.id
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for e in std::fs::read_dir(from).unwrap() {
        let e = e.unwrap();
        if e.path().is_dir() {
            copy(&e.path(), &to.join(e.file_name()));
        } else {
            std::fs::copy(e.path(), to.join(e.file_name())).unwrap();
        }
    }
}

fn sql(house: &House, text: &str) {
    let c = rusqlite::Connection::open(house.data().join("juanzong.db")).unwrap();
    c.execute_batch(text).unwrap();
}

fn codes(app: &App) -> Vec<&'static str> {
    audit::verify(app).unwrap().findings.into_iter().map(|f| f.code).collect()
}

#[test]
fn a_fresh_installation_has_no_account_and_one_code_opens_it_once() {
    let house = House::new();
    let app = house.open();
    assert!(identity::needs_setup(&app).unwrap());
    let code = identity::setup_code(&app).unwrap();
    let input = |code: &str| identity::SetupInput {
        code: code.into(),
        school: "示例大学".into(),
        login: "chief".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(identity::setup(&app, &input("0000-0000")).unwrap_err().code(), "setup.code");
    house.pass(31 * 60);
    assert_eq!(identity::setup(&app, &input(&code)).unwrap_err().code(), "setup.code", "expired");
    let code = identity::setup_code(&app).unwrap();
    identity::setup(&app, &input(&code)).expect("opens");
    assert_eq!(identity::setup(&app, &input(&code)).unwrap_err().code(), "setup.done");
    assert!(codes(&app).is_empty());
}

#[test]
fn a_second_init_and_a_foreign_key_are_refused() {
    let house = House::new();
    assert_eq!(App::init(&house.data(), Config::default()).unwrap_err().code(), "init.exists");
    let key = house.dir.path().join("data.key");
    std::fs::remove_file(&key).unwrap();
    jz_blob::MasterKey::create(&key).unwrap();
    assert!(App::open(&house.data()).is_err(), "another master key");
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let e = App::open(&house.data()).err().expect("refused");
    assert!(e.zh().contains("600"), "{}", e.zh());
}

#[test]
fn wrong_passwords_slow_down_and_lock_and_a_good_one_counts_anew() {
    let house = House::new();
    let app = house.open();
    staffed(&app);
    let mut last = String::new();
    for n in 1..=10 {
        house.pass(20);
        last =
            identity::login(&app, "archivist", "wrong wrong wrong", "a", "b").unwrap_err().code().to_owned();
        assert_eq!(last, "identity.wrong", "{n}");
    }
    house.pass(20);
    let e = identity::login(&app, "archivist", PASSWORD, "a", "b").unwrap_err();
    assert_eq!(e.code(), "identity.slow-down", "after {last}");
    house.pass(15 * 60);
    let token = identity::login(&app, "archivist", PASSWORD, "a", "b").expect("after the lock");
    // Unknown and wrong read alike.
    let unknown = identity::login(&app, "nobody", PASSWORD, "a", "b").unwrap_err();
    let wrong = identity::login(&app, "archivist", "wrong wrong wrong", "a", "b").unwrap_err();
    assert_eq!(unknown.zh(), wrong.zh());
    assert!(identity::context_for(&app, &token, "a").is_ok());
    house.pass(16 * 60);
    assert!(matches!(identity::context_for(&app, &token, "a"), Err(Fail::NoSession)), "idle");
}

#[test]
fn three_administrators_stand_apart_and_nobody_grants_himself() {
    let house = House::new();
    let app = house.open();
    staffed(&app);
    let system = Cx::system(&app);
    let orgs = org::list(&system).unwrap();
    let top = orgs.first().unwrap().id;
    let all = identity::accounts(&system).unwrap();
    let id = |login: &str| all.iter().find(|a| a.login == login).unwrap().id;
    let chief = identity::context_for_login(&app, "chief").unwrap();
    let grant = |to: &str, role: &str| {
        let input = identity::GrantInput { role: role.into(), org: top, from: None, to: None };
        identity::grant(&chief, id(to), &input)
    };
    assert_eq!(grant("auditor", "sysadmin").unwrap_err().code(), "identity.separation");
    assert_eq!(grant("archivist", "auditor").unwrap_err().code(), "identity.separation");
    assert_eq!(grant("chief", "archivist").unwrap_err().code(), "identity.self-grant");
    grant("archivist", "member").expect("fits");
    let archivist = identity::context_for_login(&app, "archivist").unwrap();
    let e = identity::grant(
        &archivist,
        id("auditor"),
        &identity::GrantInput { role: "member".into(), org: top, from: None, to: None },
    );
    assert_eq!(e.unwrap_err().code(), "identity.no-right");
    assert!(codes(&app).is_empty());
}

#[test]
fn every_change_and_every_look_is_in_the_ledger_and_the_history_is_readable() {
    let house = House::new();
    let app = house.open();
    staffed(&app);
    let cx = identity::context_for_login(&app, "archivist").unwrap();
    let branch = a_branch(&cx);
    let person = a_person(&cx, branch);
    let read = member::read(&cx, person).unwrap();
    assert_eq!(read.row.id_masked.as_deref().map(|m| m.contains('*')), Some(true));
    let input = member::PersonInput {
        version: Some(read.version),
        name: Some("林小溪".into()),
        basis: Some("更名证明".into()),
        ..Default::default()
    };
    member::edit(&cx, person, &input).expect("edit");
    assert_eq!(
        member::edit(&cx, person, &input).err().map(|e| e.code()),
        Some("store.conflict"),
        "stale version"
    );
    assert_eq!(member::reveal(&cx, person, " ").err().map(|e| e.code()), Some("member.reason"));
    let numbers = member::reveal(&cx, person, "核对证件").unwrap();
    assert_eq!(numbers.id_no.as_deref(), Some("990101200401011235"));

    let history = member::history(&cx, person).unwrap();
    assert_eq!(history.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["person.edited", "person.made"]);
    let change = history.first().and_then(|e| e.changes.first()).unwrap();
    assert_eq!(
        (change.label.as_str(), change.before.as_deref(), change.after.as_deref()),
        ("姓名", Some("林溪"), Some("林小溪"))
    );
    let text = serde_json::to_string(&history).unwrap();
    assert!(
        !text.contains("990101200401011235") && !text.contains("15400001111"),
        "numbers are masked in the history"
    );

    let looks = member::looks(&cx, person).unwrap();
    assert!(looks.iter().any(|l| l.purpose.as_deref() == Some("核对证件")));
    assert!(looks.len() >= 3);
    let found =
        member::list(&cx, &member::ListQuery { q: Some("lxx".into()), ..Default::default() }).unwrap();
    assert_eq!(found.rows.len(), 1, "by initials of the new name");
    let found =
        member::list(&cx, &member::ListQuery { q: Some("1235".into()), ..Default::default() }).unwrap();
    assert_eq!(found.rows.len(), 1, "by the last digits of the identity number");
    assert!(codes(&app).is_empty());
}

#[test]
fn a_refused_change_leaves_nothing_behind() {
    let house = House::new();
    let app = house.open();
    staffed(&app);
    let cx = identity::context_for_login(&app, "archivist").unwrap();
    let branch = a_branch(&cx);
    let before = audit::status(&cx).unwrap().size;
    let r: Result<(), Fail> = cx.change(|c| {
        jz_store::setting::put(c.db, "x", "1")?;
        c.note("org.edited", jz_app::About::thing("org", branch));
        Err(Fail::NotFound)
    });
    assert!(r.is_err());
    let r: Result<(), Fail> = cx.change(|c| Ok(jz_store::setting::put(c.db, "x", "1")?));
    assert!(r.is_err(), "a change without an event");
    assert_eq!(audit::status(&cx).unwrap().size, before);
    assert_eq!(app.store.read(|db| Ok::<_, Fail>(jz_store::setting::get(db, "x")?)).unwrap(), None);
}

#[test]
fn what_is_changed_past_the_program_is_named() {
    let cases: [(&str, &str); 7] = [
        ("update person set name = '某某'", "row-changed"),
        ("update person set stage = '1'", "row-changed"),
        ("update role_grant set role = 'archivist' where role = 'auditor'", "row-changed"),
        ("update org set full_name = 'x' where kind = 'ZB'", "row-changed"),
        ("update ledger set actor = 7 where seq = 3", "entry-changed"),
        ("update ledger set leaf = x'7b7d' where seq = 2", "entry-changed"),
        ("delete from ledger where seq = 4", "entry-missing"),
    ];
    for (text, code) in cases {
        let house = House::new();
        {
            let app = house.open();
            staffed(&app);
            let cx = identity::context_for_login(&app, "archivist").unwrap();
            let branch = a_branch(&cx);
            a_person(&cx, branch);
            audit::write_checkpoint(&app).unwrap();
            assert!(codes(&app).is_empty());
        }
        sql(&house, text);
        let app = house.open();
        assert!(codes(&app).contains(&code), "{text}: {:?}", codes(&app));
    }
}

#[test]
fn an_older_copy_or_a_shortened_ledger_is_served_read_only() {
    let house = House::new();
    {
        let app = house.open();
        staffed(&app);
        audit::write_checkpoint(&app).unwrap();
    }
    let old = house.dir.path().join("old");
    copy(&house.data(), &old);
    {
        let app = house.open();
        let cx = identity::context_for_login(&app, "archivist").unwrap();
        a_branch(&cx);
        audit::write_checkpoint(&app).unwrap();
        assert_eq!(app.read_only_reason(), None);
    }
    // The database of yesterday with the checkpoint of today.
    for name in ["juanzong.db", "juanzong.db-wal", "juanzong.db-shm"] {
        let _ = std::fs::remove_file(house.data().join(name));
        if old.join(name).exists() {
            std::fs::copy(old.join(name), house.data().join(name)).unwrap();
        }
    }
    let app = house.open();
    let reason = app.read_only_reason().expect("noticed");
    assert!(reason.contains("检查点"), "{reason}");
    let cx = identity::context_for_login(&app, "archivist").unwrap();
    let e = org::create(
        &cx,
        &org::NewOrg { parent: None, kind: "ZB".into(), full_name: "新支部".into(), short_name: None },
    );
    assert_eq!(e.err().map(|e| e.code()), Some("read-only"));
    assert!(!org::list(&cx).unwrap().is_empty(), "reading lists goes on");
}

#[test]
fn a_missing_or_edited_checkpoint_is_noticed() {
    for damage in ["remove", "edit"] {
        let house = House::new();
        {
            let app = house.open();
            staffed(&app);
            audit::write_checkpoint(&app).unwrap();
        }
        let file = house.data().join("checkpoint");
        if damage == "remove" {
            std::fs::remove_file(&file).unwrap();
        } else {
            let text = std::fs::read_to_string(&file).unwrap();
            let size = text.lines().nth(1).unwrap().to_owned();
            std::fs::write(&file, text.replacen(&size, "1", 1)).unwrap();
        }
        assert!(house.open().read_only_reason().is_some(), "{damage}");
    }
}

#[test]
fn numbers_are_not_to_be_found_in_the_data_folder() {
    let house = House::new();
    let app = house.open();
    staffed(&app);
    let cx = identity::context_for_login(&app, "archivist").unwrap();
    let branch = a_branch(&cx);
    a_person(&cx, branch);
    app.store.checkpoint().unwrap();
    let mut files = vec![house.data()];
    while let Some(f) = files.pop() {
        if f.is_dir() {
            files.extend(std::fs::read_dir(f).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&f).unwrap();
        for planted in ["990101200401011235", "15400001111", "入党志愿书更名"] {
            assert!(
                !bytes.windows(planted.len()).any(|w| w == planted.as_bytes()),
                "{planted} in {}",
                f.display()
            );
        }
    }
}
