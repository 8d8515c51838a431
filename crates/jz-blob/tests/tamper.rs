//! What is stored cannot be changed unnoticed: flipped bits, cuts, pieces that change places, wrong keys.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jz_blob::{CHUNK, Damage, Error, Keys, Stored, UnitKey, Vault, stored_len};
use proptest::prelude::*;
use tempfile::TempDir;

const HEADER: usize = 16;
const SEALED_CHUNK: usize = CHUNK + 16;
const TRAILER: usize = 96;

struct Fixture {
    dir: TempDir,
    vault: Vault,
}

impl Fixture {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let vault = open(&dir, keys(1));
        Self { dir, vault }
    }

    fn put(&self, content: &[u8]) -> Stored {
        self.vault.put(&mut &content[..]).unwrap()
    }

    fn file(&self, stored: &Stored) -> PathBuf {
        self.dir.path().join("objects").join(stored.name.path())
    }

    /// Both the check with the key and the check without must see it.
    fn assert_found(&self, stored: &Stored, bytes: &[u8], what: &str) {
        fs::write(self.file(stored), bytes).unwrap();
        assert!(self.vault.read(&stored.name).is_err(), "{what}: read");
        assert!(self.vault.verify_cipher(&stored.name, &stored.cipher_sha256).is_err(), "{what}: digest");
    }
}

fn keys(seed: u8) -> Arc<Keys> {
    Arc::new(Keys::new(&UnitKey::from_bytes([seed; 32])))
}

fn open(dir: &TempDir, keys: Arc<Keys>) -> Vault {
    Vault::in_folder(&dir.path().join("objects"), &dir.path().join("tmp"), keys).unwrap()
}

fn content(seed: u32, len: usize) -> Vec<u8> {
    let byte = |i: u32| (i ^ seed.wrapping_mul(0x0100_0193)).wrapping_mul(2_654_435_761).to_be_bytes()[0];
    (0..len as u32).map(byte).collect()
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let f = Fixture::new();
    let stored = f.put(&content(1, 2 * CHUNK + 500));
    let good = fs::read(f.file(&stored)).unwrap();
    assert_eq!(good.len() as u64, stored_len(stored.len));
    // Every bit of header and trailer, and bits all over the chunks.
    let framing = (0..HEADER * 8).chain((good.len() - TRAILER) * 8..good.len() * 8);
    let body = (0..1000usize).map(|i| HEADER * 8 + i * 7_919 % ((good.len() - HEADER - TRAILER) * 8));
    for bit in framing.chain(body) {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        f.assert_found(&stored, &bad, &format!("bit {bit}"));
    }
    fs::write(f.file(&stored), &good).unwrap();
    f.vault.verify(&stored.name, &stored.sha256, &stored.sm3).unwrap();
}

#[test]
fn a_flipped_bit_in_the_chunks_of_a_range_is_found() {
    let f = Fixture::new();
    let stored = f.put(&content(1, 3 * CHUNK));
    let good = fs::read(f.file(&stored)).unwrap();
    let mut bad = good.clone();
    bad[HEADER + SEALED_CHUNK + 100] ^= 1;
    fs::write(f.file(&stored), &bad).unwrap();
    let chunk = CHUNK as u64;
    assert!(f.vault.read_range(&stored.name, 0..chunk).is_ok(), "another chunk is fine");
    assert!(f.vault.read_range(&stored.name, chunk..chunk + 1).is_err());
    assert!(f.vault.read_range(&stored.name, 0..chunk + 1).is_err());
}

#[test]
fn cuts_and_additions_are_found() {
    let f = Fixture::new();
    let stored = f.put(&content(2, 2 * CHUNK));
    let good = fs::read(f.file(&stored)).unwrap();
    let cuts = [0, 1, HEADER, HEADER + TRAILER, HEADER + SEALED_CHUNK, good.len() - TRAILER, good.len() - 1];
    for cut in cuts.into_iter().chain((0..good.len()).step_by(4999)) {
        f.assert_found(&stored, &good[..cut], &format!("cut at {cut}"));
        f.assert_found(&stored, &good[good.len() - cut..], &format!("tail of {cut}"));
    }
    // The body cut at a chunk, with the right trailer behind it, and with a changed length in it.
    let trailer = &good[good.len() - TRAILER..];
    let short = [&good[..HEADER + SEALED_CHUNK], trailer].concat();
    f.assert_found(&stored, &short, "last chunk removed");
    let mut lying = short.clone();
    let at = short.len() - TRAILER + HEADER;
    lying[at..at + 8].copy_from_slice(&(CHUNK as u64).to_le_bytes());
    f.assert_found(&stored, &lying, "last chunk removed and length changed");
    f.assert_found(&stored, &[&good[..], b"x"].concat(), "one byte more");
    f.assert_found(&stored, &[&good[..], trailer].concat(), "two trailers");
}

#[test]
fn chunks_that_change_places_are_found() {
    let f = Fixture::new();
    let (a, b) = (f.put(&content(3, 3 * CHUNK)), f.put(&content(4, 3 * CHUNK)));
    let (bytes_a, bytes_b) = (fs::read(f.file(&a)).unwrap(), fs::read(f.file(&b)).unwrap());
    assert_ne!(a.name, b.name);
    let chunk = |n: usize| HEADER + n * SEALED_CHUNK..HEADER + (n + 1) * SEALED_CHUNK;

    for (x, y) in [(0, 1), (1, 2), (0, 2)] {
        let mut swapped = bytes_a.clone();
        swapped[chunk(x)].copy_from_slice(&bytes_a[chunk(y)]);
        swapped[chunk(y)].copy_from_slice(&bytes_a[chunk(x)]);
        f.assert_found(&a, &swapped, &format!("chunks {x} and {y} swapped"));
    }
    let mut foreign = bytes_a.clone();
    foreign[chunk(1)].copy_from_slice(&bytes_b[chunk(1)]);
    f.assert_found(&a, &foreign, "a chunk of another object");
    let mixed = [&bytes_b[..bytes_b.len() - TRAILER], &bytes_a[bytes_a.len() - TRAILER..]].concat();
    f.assert_found(&a, &mixed, "the body of another object");
    f.assert_found(&a, &bytes_b, "a whole other object under this name");
}

#[test]
fn another_key_opens_nothing_and_says_so() {
    let f = Fixture::new();
    let stored = f.put(b"confidential");
    let other = open(&f.dir, keys(2));
    let error = other.read(&stored.name).unwrap_err();
    assert!(matches!(error, Error::WrongKey));
    assert!(error.zh().contains("主密钥"));
    assert_ne!(keys(1).content_name(&stored.sha256), keys(2).content_name(&stored.sha256));
}

#[test]
fn nothing_of_the_plaintext_or_its_digest_is_on_the_disk() {
    let f = Fixture::new();
    let text = "涉密以外的内容也不应当出现在磁盘上 PLANTED-CANARY-0123456789";
    let stored = f.put(text.as_bytes());
    let bytes = fs::read(f.file(&stored)).unwrap();
    let (plain, name) = (text.as_bytes(), stored.name.path());
    assert!(!bytes.windows(8).any(|w| plain.windows(8).any(|p| p == w)));
    assert!(!bytes.windows(8).any(|w| stored.sha256.windows(8).any(|d| d == w)));
    assert!(!name.contains(&hex::encode(stored.sha256)[..16]));
}

#[test]
fn putting_a_file_again_repairs_a_damaged_object() {
    let f = Fixture::new();
    let plain = content(5, CHUNK + 9);
    let first = f.put(&plain);
    let mut bytes = fs::read(f.file(&first)).unwrap();
    bytes[HEADER + 33] ^= 4;
    fs::write(f.file(&first), bytes).unwrap();
    assert!(f.vault.read(&first.name).is_err());
    let second = f.put(&plain);
    assert!(!second.existed, "what is known about the new object must replace the old row");
    assert_eq!(f.vault.read_verified(&second.name, &first.sha256).unwrap(), plain);
    f.vault.verify_cipher(&second.name, &second.cipher_sha256).unwrap();
}

#[test]
fn a_thousand_objects_have_a_thousand_keys_and_nonces() {
    let f = Fixture::new();
    let (mut prefixes, mut wrapped) = (HashSet::new(), HashSet::new());
    for _ in 0..10 {
        let mut batch = f.vault.batch();
        for n in 0..100u32 {
            let text = (n, prefixes.len());
            batch.put(&mut format!("{text:?}").as_bytes()).unwrap();
        }
        for stored in batch.flush().unwrap() {
            prefixes.insert(fs::read(f.file(&stored)).unwrap()[8..15].to_vec());
            wrapped.insert(stored.wrapped_key);
        }
    }
    assert_eq!((prefixes.len(), wrapped.len()), (1000, 1000));
}

#[test]
fn rotation_wraps_anew_and_leaves_the_content_alone() {
    let dir = tempfile::tempdir().unwrap();
    let plain = content(6, 2 * CHUNK + 1);
    let stored = open(&dir, keys(1)).put(&mut &plain[..]).unwrap();
    let path = dir.path().join("objects").join(stored.name.path());
    let before = fs::read(&path).unwrap();

    let mut rotated = Keys::new(&UnitKey::from_bytes([1; 32]));
    rotated.rotate_wrap(&UnitKey::from_bytes([9; 32]));
    let vault = open(&dir, Arc::new(rotated));
    assert_eq!(vault.read(&stored.name).unwrap(), plain, "old wrapping still opens");
    let (wrapped_key, cipher_sha256) = vault.rewrap(&stored.name).unwrap().unwrap();
    assert_ne!(wrapped_key, stored.wrapped_key);
    assert_eq!(vault.rewrap(&stored.name).unwrap(), None, "a second time there is nothing to do");
    assert_eq!(vault.read_verified(&stored.name, &stored.sha256).unwrap(), plain);
    vault.verify_cipher(&stored.name, &cipher_sha256).unwrap();

    let after = fs::read(&path).unwrap();
    let body = before.len() - TRAILER;
    assert_eq!(before[..body], after[..body]);
    assert!(matches!(open(&dir, keys(1)).read(&stored.name), Err(Error::WrongKey)));
}

#[test]
fn a_failing_input_leaves_nothing_behind() {
    struct Broken(usize);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(std::io::ErrorKind::ConnectionReset)?;
            out.fill(7);
            Ok(out.len())
        }
    }
    let f = Fixture::new();
    assert!(matches!(f.vault.put(&mut Broken(3)), Err(Error::Io { .. })));
    let mut batch = f.vault.batch();
    batch.put(&mut &b"given up"[..]).unwrap();
    drop(batch);
    assert_eq!(f.vault.list().unwrap().count(), 0);
    let mine = fs::read_dir(f.dir.path().join("tmp")).unwrap().find_map(|e| {
        let path = e.unwrap().path();
        path.is_dir().then_some(path)
    });
    let left: Vec<_> = fs::read_dir(mine.unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"]);
}

#[test]
fn a_header_of_the_future_is_refused_by_name() {
    let f = Fixture::new();
    let stored = f.put(b"x");
    let mut bytes = fs::read(f.file(&stored)).unwrap();
    let trailer = bytes.len() - TRAILER;
    bytes[5] = 2;
    bytes[trailer + 5] = 2;
    fs::write(f.file(&stored), &bytes).unwrap();
    assert!(matches!(f.vault.read(&stored.name), Err(Error::Suite(2))));
    bytes[..4].copy_from_slice(b"%PDF");
    bytes[trailer..trailer + 4].copy_from_slice(b"%PDF");
    fs::write(f.file(&stored), &bytes).unwrap();
    assert!(matches!(f.vault.read(&stored.name), Err(Error::Damaged { damage: Damage::Form, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_range_is_the_slice(len in 0usize..4 * CHUNK, cuts in prop::collection::vec((any::<u32>(), any::<u32>()), 20)) {
        let f = Fixture::new();
        let plain = content(len as u32, len);
        let stored = f.put(&plain);
        for (a, b) in cuts {
            let (a, b) = (a as usize % (len + 1), b as usize % (len + 1));
            let (from, to) = (a.min(b), a.max(b));
            let part = f.vault.read_range(&stored.name, from as u64..to as u64).unwrap();
            prop_assert!(part == plain[from..to], "{from}..{to} of {len}");
        }
    }
}
