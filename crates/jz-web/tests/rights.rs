//! The rights matrix: every route × role × relation, called over HTTP and compared with
//! the rules and with the golden table `docs/permissions.txt`.
//!
//! Set `JZ_BLESS=1` to write the table anew; the change is then a diff to be read.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jz_app::{App, Fail, config::Config, place::Kind};
use jz_domain::{
    Id, Millis,
    identity::{self, Actor, Grant, Object, Role},
    org::Span,
};
use jz_store::{account, org, page, person, volume};
use jz_web::registry::{About, ROUTES, Route};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Where the object stands, seen from a grant at the college.
const RELATIONS: [&str; 5] = ["self", "below", "same", "above", "sibling"];

struct World {
    app: Arc<App>,
    addr: SocketAddr,
    accounts: BTreeMap<Role, Id>,
    /// Person by relation.
    people: BTreeMap<&'static str, (Id, i64)>,
    college: Span,
    _dir: tempfile::TempDir,
}

fn an_org(id: i64, parent: Option<i64>, kind: &str, name: &str, span: Span, extra: Vec<u8>) -> org::Org {
    org::Org {
        id: Id(id),
        parent: parent.map(Id),
        kind: kind.into(),
        full_name: name.into(),
        short_name: name.into(),
        span,
        state: "active".into(),
        extra,
        version: 1,
    }
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    App::init(&data, Config::default()).expect("init");
    let mut app = App::open(&data).expect("open");
    app.workers = jz_app::worker::Pool::in_process();
    let spans = [Span::ALL, Span { lo: 100, hi: 199 }, Span { lo: 110, hi: 119 }, Span { lo: 200, hi: 299 }];
    let [top, college, branch, other] = spans;
    let sealed = |label: &str, json: &str| app.keys.seal_field(label, json.as_bytes()).unwrap();
    let mut people = BTreeMap::new();
    let mut accounts = BTreeMap::new();
    let master = jz_app::objects::put(&app, b"not an image, only bytes").unwrap();
    app.store
        .write(|db| {
            jz_app::objects::register(db, &master, Millis(1))?;
            for (id, parent, kind, name, span) in [
                (1, None, "XDW", "示例大学党委", top),
                (2, Some(1), "EJDW", "一学院党委", college),
                (3, Some(2), "ZB", "一学院支部", branch),
                (4, Some(1), "ZB", "二学院支部", other),
            ] {
                org::insert(db, &an_org(id, parent, kind, name, span, sealed("org.extra", "{}")))?;
            }
            let places = [
                ("self", 3, branch.lo),
                ("below", 3, branch.lo),
                ("same", 2, college.lo),
                ("above", 1, top.lo),
                ("sibling", 4, other.lo),
            ];
            for (i, (relation, place, no)) in places.into_iter().enumerate() {
                let id = Id(1000 + i as i64);
                person::insert(
                    db,
                    &person::Person {
                        id,
                        org: Id(place),
                        org_no: no,
                        name: format!("测试{relation}"),
                        former_name: None,
                        sex: "1".into(),
                        birth: None,
                        number: None,
                        id_enc: None,
                        id_key: None,
                        phone_enc: None,
                        stage: "5".into(),
                        status: None,
                        joined: None,
                        regular: None,
                        detail: sealed("person.detail", "{}"),
                        volumes: 1,
                        state: "active".into(),
                        version: 1,
                    },
                )?;
                volume::insert(
                    db,
                    &volume::Volume {
                        id: Id(id.0 + 1000),
                        no: format!("A001-RS-{i:06}"),
                        person: id,
                        org_no: no,
                        scheme: "CADRE-2018".into(),
                        secrecy: "1".into(),
                        state: "active".into(),
                        rev: 1,
                        materials: 1,
                        pages: 1,
                        made: Millis(1),
                    },
                )?;
                volume::put_material(
                    db,
                    &volume::Material {
                        id: Id(id.0 + 2000),
                        volume: Id(id.0 + 1000),
                        class_code: "1".into(),
                        seq: 1,
                        title: "干部履历表".into(),
                        formed: None,
                        page_count: None,
                        copies: 1,
                        remark: String::new(),
                        removed: None,
                        org_no: no,
                    },
                )?;
                page::put(
                    db,
                    &page::Page {
                        id: Id(id.0 + 3000),
                        volume: Id(id.0 + 1000),
                        material: Id(id.0 + 2000),
                        person: id,
                        org_no: no,
                        no: 1,
                        object: master.sha256.to_vec(),
                        source: sealed("page.source", "x"),
                        format: "jpeg".into(),
                        w: 10,
                        h: 10,
                        dpi: None,
                        facts: "{}".into(),
                        ocr: "pending".into(),
                        confidence: None,
                        text_rev: 0,
                        state: "active".into(),
                    },
                )?;
                people.insert(relation, (id, no));
            }
            for (i, role) in Role::ALL.into_iter().enumerate() {
                let id = Id(50 + i as i64);
                account::insert(
                    db,
                    &account::Account {
                        id,
                        login: role.code().into(),
                        name: role.label().into(),
                        pw: "-".into(),
                        person: Some(Id(1000)),
                        state: "active".into(),
                        failed: 0,
                        retry_at: Millis(0),
                        version: 1,
                    },
                )?;
                account::grant(
                    db,
                    &account::RoleGrant {
                        id: Id(70 + i as i64),
                        account: id,
                        role: role.code().into(),
                        org: Id(2),
                        from_day: "2020-01-01".into(),
                        to_day: None,
                        ended: None,
                    },
                )?;
                accounts.insert(role, id);
            }
            Ok::<_, Fail>(())
        })
        .expect("world");
    let app = Arc::new(app);
    let addr = start(Arc::clone(&app));
    World { app, addr, accounts, people, college, _dir: dir }
}

fn start(app: Arc<App>) -> SocketAddr {
    let (tell, hear) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            jz_web::serve(listener, jz_web::router(app), jz_web::Limits::default(), std::future::pending())
                .await
                .unwrap();
        });
    });
    hear.recv().unwrap()
}

/// A new session for an account, straight into the table: logging in is tested elsewhere.
fn session(w: &World, account_id: Id) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let raw = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let now = w.app.now();
    let s = account::Session {
        token: Sha256::digest(raw).to_vec(),
        account: account_id,
        made: now,
        seen: now,
        ends: Millis(now.0 + 3_600_000),
        addr: String::new(),
        agent: String::new(),
    };
    w.app.store.write(|db| Ok::<_, Fail>(account::put_session(db, &s)?)).unwrap();
    URL_SAFE_NO_PAD.encode(raw)
}

/// One request over TCP; answers the status.
fn call(w: &World, method: &str, path: &str, cookie: Option<&str>, marked: bool) -> u16 {
    let mut s = TcpStream::connect(w.addr).unwrap();
    s.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let cookie = cookie.map_or(String::new(), |c| format!("Cookie: jz_session={c}\r\n"));
    let marked = if marked { "X-Juanzong: 1\r\n" } else { "" };
    let body = if method == "GET" { "" } else { "{}" };
    write!(
        s,
        "{method} {path} HTTP/1.1\r\nHost: {}\r\n{cookie}{marked}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        w.addr,
        body.len()
    )
    .unwrap();
    let mut head = [0u8; 12];
    s.read_exact(&mut head).expect("an answer");
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

fn thing(w: &World, kind: Kind, relation: &str) -> (Id, Object) {
    let (p, no) = w.people[relation];
    let object = Object { org_no: Some(no), subject: Some(p) };
    match kind {
        Kind::Person => (p, object),
        Kind::Volume => (Id(p.0 + 1000), object),
        Kind::Material => (Id(p.0 + 2000), object),
        Kind::Page => (Id(p.0 + 3000), object),
        Kind::Org => {
            let (id, no) = match relation {
                "below" => (3, 110),
                "above" => (1, 1),
                "sibling" => (4, 200),
                _ => (2, 100),
            };
            (Id(id), Object { org_no: Some(no), subject: None })
        }
    }
}

fn url(route: &Route, id: Option<Id>) -> String {
    let mut first = true;
    route
        .path
        .split('/')
        .map(|part| {
            if !part.starts_with('{') {
                return part.to_owned();
            }
            let value = if first { id.map_or("1".to_owned(), |i| i.to_string()) } else { "1".to_owned() };
            first = false;
            value
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn allowed(w: &World, role: Role, route: &Route, object: &Object) -> bool {
    let actor = Actor {
        account: w.accounts[&role],
        person: Some(Id(1000)),
        grants: vec![Grant { role, span: w.college }],
    };
    identity::decide(&actor, route.action, object).is_ok()
}

#[test]
fn every_route_answers_each_role_as_the_rules_say() {
    let w = world();
    let mut table = String::new();
    let mut wrong = Vec::new();
    let mut calls = 0;
    for route in ROUTES {
        if route.about == About::Public {
            writeln!(table, "{:6} {}\n       public", route.method, route.path).unwrap();
            continue;
        }
        writeln!(table, "{:6} {}  [{}]", route.method, route.path, route.action.code()).unwrap();
        for role in Role::ALL {
            let mut cells = String::new();
            let relations: &[&str] = if matches!(route.about, About::Thing(_)) { &RELATIONS } else { &["-"] };
            for relation in relations {
                let (id, object) = match route.about {
                    About::Thing(kind) => {
                        let (id, o) = thing(&w, kind, relation);
                        (Some(id), o)
                    }
                    _ => (None, Object::default()),
                };
                let token = session(&w, w.accounts[&role]);
                let status = call(&w, route.method, &url(route, id), Some(&token), true);
                calls += 1;
                let yes = allowed(&w, role, route, &object);
                // A thing of the house that does not exist answers 404 to those who may.
                let refused = status == 403 || (status == 404 && matches!(route.about, About::Thing(_)));
                if yes == refused || status >= 500 || status == 401 {
                    wrong.push(format!(
                        "{} {} as {} on {relation}: {status}, rules say {yes}",
                        route.method,
                        route.path,
                        role.code()
                    ));
                }
                write!(cells, " {relation}:{}", if yes { "yes" } else { "no" }).unwrap();
            }
            writeln!(table, "       {:20}{cells}", role.code()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} of {calls} calls are wrong:\n{}", wrong.len(), wrong.join("\n"));
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/permissions.txt");
    if std::env::var("JZ_BLESS").is_ok() {
        std::fs::write(&golden, &table).unwrap();
    }
    let kept = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(
        kept == table,
        "docs/permissions.txt is not what the rules say; read the change, then run with JZ_BLESS=1"
    );
}

#[test]
fn without_a_session_or_from_elsewhere_nothing_is_done() {
    let w = world();
    let token = session(&w, w.accounts[&Role::Archivist]);
    for route in ROUTES.iter().filter(|r| r.about != About::Public) {
        let path = url(route, Some(Id(1001)));
        assert_eq!(call(&w, route.method, &path, None, true), 401, "{} {path}", route.method);
        if route.method != "GET" {
            let status = call(&w, route.method, &path, Some(&token), false);
            assert_eq!(status, 422, "{} {path} without the header", route.method);
        }
    }
}

#[test]
fn the_registry_and_the_api_document_name_the_same_routes() {
    let document = jz_web::openapi();
    let mut documented = BTreeSet::new();
    let mut operations = BTreeSet::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
            ("HEAD", &item.head),
        ];
        for (method, op) in methods {
            let Some(op) = op else { continue };
            documented.insert((method.to_owned(), path.clone()));
            let id = op.operation_id.clone().expect("every operation has an id");
            assert!(operations.insert(id.clone()), "operation id {id} is used twice");
            assert!(op.tags.as_ref().is_some_and(|t| !t.is_empty()), "{id} has no tag");
        }
    }
    let registered: BTreeSet<_> = ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
    let missing: Vec<_> = registered.symmetric_difference(&documented).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
