//! Somebody with full access to the database and the data folder, and with the master key,
//! against the last checkpoint that had left the machine: every tampering is found, and a
//! clean ledger never raises a false alarm.
//!
//! `JZ_TAMPERINGS=1000` tries as many; `JZ_SEED` repeats a run.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

use jz_app::{About, App, Cx, audit, config::Config, identity};
use jz_domain::{Id, identity::Action};
use jz_proof::{Edge, Note, receipt};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Small and repeatable; nothing secret hangs on it.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

struct House {
    dir: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        App::init(&dir.path().join("data"), Config::default()).expect("init");
        Self { dir }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn open(&self) -> App {
        App::open(&self.data()).expect("open")
    }

    /// Looks at files and refusals, with and without a purpose.
    fn work(app: &App, n: i64) {
        let cx = Cx::system(app);
        for i in 0..n {
            let about = About::person(Id(1_000 + i % 7), 1);
            let purpose = (i % 3 == 0).then_some("转接组织关系");
            cx.look(Action::PersonRead, &about, purpose, |_| Ok(())).unwrap();
        }
        cx.note("access.refused", &About::default(), "denied").unwrap();
    }
}

/// A data folder with its key, as whoever owns the machine can copy it.
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

fn leaves(db: &Connection) -> Vec<(i64, Vec<u8>)> {
    let mut q = db.prepare("select seq, leaf from ledger order by seq").unwrap();
    q.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Makes the ledger whole again: numbers without gap, in the rows and in the leaves, and the
/// edge over them. What a careful forger does with the database.
fn rebuild(db: &Connection) {
    let mut edge: Edge<Sha256> = Edge::default();
    let all = leaves(db);
    for (n, (seq, leaf)) in all.iter().enumerate() {
        let n = n as i64;
        let leaf = match serde_json::from_slice::<serde_json::Value>(leaf) {
            Ok(v) if v["seq"] != n => {
                let (old, new) = (format!("\"seq\":{seq},"), format!("\"seq\":{n},"));
                String::from_utf8(leaf.clone()).unwrap().replacen(&old, &new, 1).into_bytes()
            }
            _ => leaf.clone(),
        };
        db.execute("update ledger set seq = ?1, leaf = ?2 where seq = ?3", params![n, leaf, seq]).unwrap();
        edge.push(&leaf);
    }
    db.execute("update ledger_head set size = ?1, frontier = ?2", params![all.len() as i64, edge.to_bytes()])
        .unwrap();
}

/// Changes one fact of a leaf, and the row's own columns with it.
fn edit(db: &Connection, seq: i64, leaf: &[u8], dice: &mut Dice) {
    let text = String::from_utf8(leaf.to_vec()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let changed = match dice.below(3) {
        0 => {
            let t = value["t"].as_i64().unwrap();
            let later = t + 1 + dice.below(1_000_000) as i64;
            db.execute("update ledger set at = ?1 where seq = ?2", params![later, seq]).unwrap();
            text.replacen(&format!("\"t\":{t}"), &format!("\"t\":{later}"), 1)
        }
        1 => {
            db.execute("update ledger set action = 'person.list' where seq = ?1", params![seq]).unwrap();
            let action = value["action"].as_str().unwrap();
            text.replacen(&format!("\"action\":\"{action}\""), "\"action\":\"person.list\"", 1)
        }
        _ => {
            // Another detail with a commitment that fits it.
            let commit = hex::encode(Sha256::new().chain_update([7; 32]).finalize());
            db.execute("update ledger set salt = ?1, detail = null where seq = ?2", params![[7u8; 32], seq])
                .unwrap();
            text.replacen(value["commit"].as_str().unwrap(), &commit, 1)
        }
    };
    assert_ne!(changed, text);
    db.execute("update ledger set leaf = ?1 where seq = ?2", params![changed.into_bytes(), seq]).unwrap();
}

/// Has the program itself sign whatever is there, with its own keys: they are sealed again
/// as never used, beside a checkpoint as older programs wrote it.
fn resign(data: &Path) {
    let db = Connection::open(data.join("juanzong.db")).unwrap();
    let (label, keys) = ("ledger.keys", App::open(data).unwrap().keys.clone());
    let kept: String =
        db.query_row("select value from setting where key = ?1", [label], |r| r.get(0)).unwrap();
    let mut plain = keys.open_field(label, &hex::decode(kept).unwrap()).unwrap().to_vec();
    plain.extend(b"unused");
    let sealed = hex::encode(keys.seal_field(label, &plain).unwrap());
    db.execute("update setting set value = ?1 where key = ?2", [&sealed, label]).unwrap();
    let (size, frontier): (i64, Vec<u8>) =
        db.query_row("select size, frontier from ledger_head", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    let edge: Edge<Sha256> = Edge::from_bytes(&frontier).unwrap();
    std::fs::write(data.join("checkpoint"), unsigned(&keys, size as u64, &edge.root())).unwrap();
    let app = App::open(data).unwrap();
    assert_eq!(app.read_only_reason(), None, "to the machine itself all is well");
}

/// The checkpoint file of a program that did not sign yet.
fn unsigned(keys: &jz_blob::Keys, size: u64, root: &[u8]) -> String {
    let root = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, root);
    let body = format!("juanzong/ledger\n{size}\n{root}\nat 5\nedge \n");
    let tag = hex::encode(keys.ledger_tag("checkpoint", body.as_bytes()));
    format!("{body}tag {tag}\n")
}

/// One tampering of the entries that the checkpoint covers; answers its name.
fn tamper(data: &Path, old: &Path, covered: u64, dice: &mut Dice) -> &'static str {
    let kind = dice.below(6);
    let file = data.join("juanzong.db");
    if kind == 5 {
        // The whole folder of an earlier day, its own valid checkpoint included.
        std::fs::remove_dir_all(data).unwrap();
        copy(old, data);
        let app = App::open(data).unwrap();
        House::work(&app, dice.below(8) as i64);
        audit::write_checkpoint(&app).unwrap();
        return "an older copy, worked on";
    }
    let db = Connection::open(&file).unwrap();
    let at = |dice: &mut Dice| dice.below(covered) as i64;
    let all = leaves(&db);
    let name = match kind {
        0 => {
            let seq = at(dice);
            edit(&db, seq, &all[seq as usize].1, dice);
            "edit"
        }
        1 => {
            db.execute("delete from ledger where seq = ?1", params![at(dice)]).unwrap();
            "delete"
        }
        2 => {
            let a = at(dice);
            let b = (a + 1 + dice.below(covered - 1) as i64) % covered as i64;
            for (from, to) in [(a, -1), (b, a), (-1, b)] {
                db.execute("update ledger set seq = ?1 where seq = ?2", params![to, from]).unwrap();
            }
            "swap"
        }
        3 => {
            db.execute("delete from ledger where seq >= ?1", params![at(dice)]).unwrap();
            "truncate"
        }
        _ => {
            // A line that never was, in the middle.
            let seq = at(dice);
            db.execute("update ledger set seq = -seq - 1 where seq >= ?1", params![seq]).unwrap();
            db.execute("update ledger set seq = -seq where seq < 0", []).unwrap();
            db.execute(
                "insert into ledger select ?1, at, actor, action, subject, object, leaf, salt, detail from ledger
                 where seq = ?2",
                params![seq, seq + 1],
            )
            .unwrap();
            "insert"
        }
    };
    // Clumsy, careful, or careful and with a checkpoint signed anew by the real keys.
    let care = dice.below(3);
    if care > 0 {
        rebuild(&db);
    }
    drop(db);
    if care == 2 {
        resign(data);
    }
    name
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |v| v.parse().expect("a number"))
}

#[test]
fn every_tampering_is_found_and_no_clean_run_alarms() {
    let (trials, seed) = (number("JZ_TAMPERINGS", 60), number("JZ_SEED", 20_261_125));
    let mut dice = Dice(seed);
    let house = House::new();
    let old = house.dir.path().join("old");
    House::work(&house.open(), 20);
    drop(audit::write_checkpoint(&house.open()).unwrap());
    copy(&house.data(), &old);
    let (outside, covered) = {
        let app = house.open();
        House::work(&app, 300);
        let (says, note) = audit::current(&app).unwrap();
        // After the note left, work goes on.
        House::work(&app, 30);
        (Note::parse(&note.to_string()).unwrap(), says.size)
    };
    let key = |data: &Path| data.with_extension("key");
    let master = key(&house.data());
    let mut tried: BTreeMap<&str, u64> = BTreeMap::new();
    let mut missed = Vec::new();
    for trial in 0..trials {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        copy(&house.data(), &data);
        std::fs::copy(&master, key(&data)).unwrap();
        {
            let app = App::open(&data).unwrap();
            House::work(&app, dice.below(5) as i64);
            assert_eq!(app.read_only_reason(), None, "false alarm at start, trial {trial}");
            audit::write_checkpoint(&app).unwrap();
            let report = audit::verify_against(&app, Some(&outside)).unwrap();
            assert!(report.ok, "false alarm in trial {trial} of seed {seed}: {:?}", report.findings);
        }
        let name = tamper(&data, &old, covered, &mut dice);
        *tried.entry(name).or_default() += 1;
        let app = App::open(&data).unwrap();
        if audit::verify_against(&app, Some(&outside)).unwrap().ok {
            missed.push(format!("trial {trial}: {name}"));
        }
    }
    eprintln!("{trials} tamperings, {} missed, seed {seed}: {tried:?}", missed.len());
    assert!(missed.is_empty(), "seed {seed}: {missed:?}");
}

#[test]
fn receipts_of_looks_hold_elsewhere_and_only_for_the_person() {
    let house = House::new();
    let app = house.open();
    House::work(&app, 700);
    let text = audit::keys_text(&app);
    let trust = receipt::Trust::parse(&text).unwrap();
    let dir = house.dir.path().join("tiles");
    let cx = Cx::system(&app);
    for seq in [0u64, 1, 255, 256, 511, 512, 699, 700] {
        let made = audit::line_receipt(&cx, seq).unwrap();
        let shown = receipt::verify(&made, &trust, None).expect("holds");
        assert_eq!(shown.line.seq, seq);
        assert_eq!(shown.detail, None, "the auditor proves that, not what");
        let other = made.replacen("index ", "index 1", 1);
        assert!(receipt::verify(&other, &trust, None).is_err());
    }
    assert!(audit::line_receipt(&cx, 9_999).is_err());
    // Each of the eight is a line of the ledger too, the refused one is none.
    assert_eq!(audit::export(&app, &dir).unwrap(), 701 + 8);
    let checkpoint = std::fs::read_to_string(dir.join("checkpoint")).unwrap();
    assert_eq!(checkpoint, std::fs::read_to_string(house.data().join("checkpoint")).unwrap());
    assert!(dir.join("tile/entries/002.p/197").exists() && dir.join("tile/1/000.p/2").exists());
}

#[test]
fn the_daily_line_is_recognised_and_a_changed_ledger_is_not() {
    let house = House::new();
    let app = house.open();
    House::work(&app, 300);
    let cx = Cx::system(&app);
    let line = audit::daily(&cx).unwrap();
    House::work(&app, 20);
    let check = |text: &str| audit::check_daily(&cx, &audit::TypedLine { text: text.into() });
    for text in [&line.line, &line.code] {
        let answer = check(text).unwrap();
        assert!(answer.ok, "{}", answer.message);
        assert_eq!((answer.size, answer.now), (301, 322));
    }
    let e = check(&line.line.replacen(&line.groups[2], "00000-0", 1)).unwrap_err();
    assert!(e.zh().contains("第 3 组"), "{}", e.zh());
    let db = Connection::open(house.data().join("juanzong.db")).unwrap();
    db.execute_batch("update ledger set leaf = x'7b7d' where seq = 290").unwrap();
    for text in [&line.line, &line.code] {
        assert_eq!(check(text).unwrap().code, "other");
    }
    db.execute_batch("delete from ledger where seq > 100").unwrap();
    rebuild(&db);
    assert_eq!(check(&line.line).unwrap().code, "shorter");
}

#[test]
fn a_folder_of_an_earlier_program_is_taken_over_once() {
    let house = House::new();
    let unsigned = {
        let app = house.open();
        House::work(&app, 10);
        let status = audit::status(&Cx::system(&app)).unwrap();
        unsigned(&app.keys, status.size, &hex::decode(&status.root).unwrap())
    };
    let file = house.data().join("checkpoint");
    let db = Connection::open(house.data().join("juanzong.db")).unwrap();
    db.execute_batch("delete from setting where key = 'ledger.keys'").unwrap();
    std::fs::write(&file, &unsigned).unwrap();
    assert_eq!(house.open().read_only_reason(), None);
    assert!(std::fs::read_to_string(&file).unwrap().contains("\nsm3 "), "signed now");
    assert_eq!(house.open().read_only_reason(), None);
    std::fs::write(&file, &unsigned).unwrap();
    assert!(house.open().read_only_reason().is_some(), "an unsigned one is a forgery from now on");
}

#[test]
fn missing_keys_and_a_running_ledger_that_was_changed_are_noticed() {
    let house = House::new();
    let app = house.open();
    House::work(&app, 10);
    audit::write_checkpoint(&app).unwrap();
    House::work(&app, 3);
    let db = Connection::open(house.data().join("juanzong.db")).unwrap();
    db.execute_batch("update ledger set leaf = x'7b7d' where seq = 12").unwrap();
    assert_eq!(audit::write_checkpoint(&app).unwrap(), None, "not signed");
    assert!(app.read_only_reason().is_some());
    drop(app);
    let house = House::new();
    House::work(&house.open(), 10);
    // The side file is only a help.
    std::fs::write(house.data().join("checkpoint.edge"), "nonsense").unwrap();
    assert_eq!(house.open().read_only_reason(), None);
    let db = Connection::open(house.data().join("juanzong.db")).unwrap();
    db.execute_batch("delete from setting where key = 'ledger.keys'").unwrap();
    assert!(house.open().read_only_reason().is_some());
    assert!(identity::needs_setup(&house.open()).unwrap());
}
