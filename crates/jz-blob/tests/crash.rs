//! A process that is killed while it stores: what it acknowledged is there and whole,
//! what is visible is whole, and what was half done is swept.
//!
//! This proves that the order of the steps is right for the death of the process.
//! The death of the power needs another test (a disk image copied under load), which lives with the product's.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jz_blob::{Keys, ObjectName, UnitKey, Vault};

const CHILD: &str = "JZ_TEST_CRASH_CHILD";
const ROUNDS: u64 = 20;

fn open(dir: &Path) -> Vault {
    let keys = Arc::new(Keys::new(&UnitKey::from_bytes([3; 32])));
    Vault::in_folder(&dir.join("objects"), &dir.join("tmp"), keys).unwrap()
}

/// Stores batches for ever and says after each flush what is durable.
fn child(dir: &Path) {
    let vault = open(dir);
    let mut out = stdout().lock();
    for round in 0u64.. {
        let mut batch = vault.batch();
        for n in 0..=round % 9 {
            let content = (std::process::id(), round, n, vec![n as u8; 40_000]);
            batch.put(&mut format!("{content:?}").as_bytes()).unwrap();
        }
        for stored in batch.flush().unwrap() {
            writeln!(out, "ack {} {}", stored.name, hex::encode(stored.sha256)).unwrap();
        }
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged() {
    if let Ok(dir) = std::env::var(CHILD) {
        return child(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut swept) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_killed_process_loses_nothing_it_acknowledged", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acks = |line: std::io::Result<String>| {
            let line = line.ok()?;
            let (name, sha256) = line.strip_prefix("ack ")?.split_once(' ')?;
            let mut digest = [0; 32];
            hex::decode_to_slice(sha256, &mut digest).ok()?;
            Some((ObjectName::parse(name)?, digest))
        };
        // Some work first, then death at a moment that differs from round to round.
        acknowledged.extend(lines.by_ref().filter_map(acks).take(5 + round as usize));
        std::thread::sleep(Duration::from_micros(round * 977 % 20_000));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(acks));

        let vault = open(dir.path());
        swept += vault.swept();
        for (name, sha256) in &acknowledged {
            vault.read_verified(name, sha256).unwrap();
        }
        let visible: Vec<_> = vault.list().unwrap().map(|e| e.unwrap()).collect();
        for entry in &visible {
            vault.read(&entry.name.unwrap()).unwrap(); // only objects are visible
        }
        assert!(visible.len() >= acknowledged.len());
    }
    assert!(acknowledged.len() as u64 >= 5 * ROUNDS);
    eprintln!("{} acknowledged, {swept} unfinished files swept in {ROUNDS} kills", acknowledged.len());
}
