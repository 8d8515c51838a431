//! What a put costs beside the bare sum of its parts, and what group sync saves.
//!
//! `cargo run -p jz-blob --example throughput [FOLDER]` (the hot crates are optimised in every profile); the folder decides which disk is measured.
//! CPU figures are of this thread, so other work on the machine disturbs them little.
#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]

use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use jz_blob::{CHUNK, Folder, Keys, Staging, UnitKey, Vault};
use sha2::{Digest, Sha256};
use sm3::Sm3;

const PAGE: usize = 400_000;
const PAGES: usize = 200;

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn report(what: &str, work: impl FnOnce()) -> f64 {
    let (wall, start) = (Instant::now(), cpu());
    work();
    let (used, wall) = (cpu() - start, wall.elapsed().as_secs_f64());
    let (megabytes, pages) = ((PAGE * PAGES) as f64 / 1e6, PAGES as f64);
    let (rate, each, speed) = (megabytes / used, used * 1e3 / pages, pages / wall);
    eprintln!("{what:<34} {rate:>7.0} MB/CPU-s {each:>7.3} CPU-ms/page {speed:>7.0} pages/s wall");
    used
}

fn main() {
    let base: PathBuf = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(base).unwrap();
    let keys = Arc::new(Keys::new(&UnitKey::from_bytes([1; 32])));
    let page = |n: usize| -> Vec<u8> {
        (0..PAGE as u32).map(|i| (i ^ n as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
    };
    let pages: Vec<_> = (0..PAGES).map(|n| [&(n as u64).to_le_bytes()[..], &page(n)].concat()).collect();
    let cipher = Aes256Gcm::new(&[7; 32].into());

    let sha = report("sha256", || each(&pages, |p| drop(black_box(Sha256::digest(p).to_vec()))));
    let sm3 = report("sm3", || each(&pages, |p| drop(black_box(Sm3::digest(p).to_vec()))));
    let aes = report("aes-256-gcm, 64 KiB", || {
        for chunk in pages.iter().flat_map(|p| p.chunks(CHUNK)) {
            black_box(cipher.encrypt(&Nonce::from([0; 12]), chunk).unwrap());
        }
    });
    let write = report("write a new file", || {
        for (n, p) in pages.iter().enumerate() {
            std::fs::File::create(dir.path().join(n.to_string())).unwrap().write_all(p).unwrap();
        }
    });
    let sum = 2.0 * sha + sm3 + aes + write;
    eprintln!("{:<34} {:>7.0} MB/CPU-s", "bare sum (sha256 twice)", (PAGE * PAGES) as f64 / 1e6 / sum);

    let vault = |name: &str, folder: Folder| {
        Vault::new(Box::new(folder), Staging::open(&dir.path().join(name)).unwrap(), Arc::clone(&keys))
    };
    let cache = vault("tmp0", Folder::cache(&dir.path().join("unsynced")).unwrap());
    let put = report("put, no sync", || each(&pages, |mut p| assert!(!cache.put(&mut p).unwrap().existed)));
    eprintln!("{:<34} {:>7.2} x the bare sum", "", put / sum);

    let grouped = vault("tmp1", Folder::open(&dir.path().join("grouped")).unwrap());
    let mut stored = Vec::new();
    report("put, batches of 100", || {
        for part in pages.chunks(100) {
            let mut batch = grouped.batch();
            for p in part {
                batch.put(&mut p.as_slice()).unwrap();
            }
            stored.extend(batch.flush().unwrap());
        }
    });
    let single = vault("tmp2", Folder::open(&dir.path().join("single")).unwrap());
    report("put, one by one", || each(&pages, |mut p| assert!(!single.put(&mut p).unwrap().existed)));
    report("read and verify sha256", || {
        for s in &stored {
            black_box(grouped.read_verified(&s.name, &s.sha256).unwrap());
        }
    });
    report("read 30 KB of each", || {
        for s in &stored {
            black_box(grouped.read_range(&s.name, 200_000..230_000).unwrap());
        }
    });
    report("put again (known content)", || {
        each(&pages, |mut p| assert!(grouped.put(&mut p).unwrap().existed));
    });
}

fn each(pages: &[Vec<u8>], mut work: impl FnMut(&[u8])) {
    for page in pages {
        work(page);
    }
}
