//! One story for every place where objects can live, told on a local folder and on a real S3 server.
//!
//! The S3 part needs `JZ_TEST_S3=endpoint,bucket,key,secret`; `tests/s3_server.py` starts a server and
//! prints that value. Without it the test says that it was skipped, and fails when CI is set.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jz_blob::{
    Blobs, CHUNK, Damage, Error, Finding, Folder, Keys, ObjectName, Placed, S3, S3Config, Staged, Staging,
    UnitKey, Vault, When, compare, stored_len,
};

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(&UnitKey::from_bytes([42; 32])))
}

/// Bytes that differ everywhere, so that a misplaced piece shows.
fn content(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(next).collect()
}

fn names(blobs: &dyn Blobs) -> Vec<ObjectName> {
    blobs.list().unwrap().filter_map(|e| e.unwrap().name).collect()
}

/// The store itself: five functions.
fn store_story(blobs: &dyn Blobs, tmp: &Path) {
    let name = |n: u8| ObjectName::from_bytes([n; 32]);
    let stage = |n: u8, text: &str| {
        let file = tmp.join(format!("{n}-{text}"));
        fs::write(&file, text).unwrap();
        Staged { name: name(n), file }
    };
    assert_eq!(blobs.head(&name(1)).unwrap(), None);
    assert_eq!(blobs.get(&name(1), 0, 10).unwrap(), None);
    assert!(!blobs.delete(&name(1)).unwrap());
    assert_eq!(blobs.list().unwrap().count(), 0);

    let batch: Vec<_> = (1..=9).rev().map(|n| stage(n, &format!("object {n}"))).collect();
    assert_eq!(blobs.put(&batch, When::Absent).unwrap(), vec![Placed::Stored; 9]);
    assert_eq!(blobs.head(&name(3)).unwrap(), Some(8));
    assert_eq!(blobs.get(&name(3), 0, 100).unwrap().unwrap(), b"object 3");
    assert_eq!(blobs.get(&name(3), 2, 3).unwrap().unwrap(), b"jec");
    assert_eq!(blobs.get(&name(3), 6, 100).unwrap().unwrap(), b" 3");
    assert_eq!(blobs.get(&name(3), 8, 100).unwrap().unwrap(), b"");
    assert_eq!(names(blobs), (1..=9).map(name).collect::<Vec<_>>(), "in order");
    assert!(blobs.list().unwrap().all(|e| e.unwrap().size == 8));

    let mixed = [stage(3, "other"), stage(10, "new")];
    assert_eq!(blobs.put(&mixed, When::Absent).unwrap(), [Placed::Existed, Placed::Stored]);
    assert_eq!(blobs.get(&name(3), 0, 100).unwrap().unwrap(), b"object 3", "the first one stays");
    assert_eq!(blobs.put(&[stage(3, "replaced")], When::Always).unwrap(), [Placed::Stored]);
    assert_eq!(blobs.get(&name(3), 0, 100).unwrap().unwrap(), b"replaced");
    assert!(blobs.delete(&name(3)).unwrap());
    assert_eq!(blobs.head(&name(3)).unwrap(), None);
    for n in 1..=10 {
        blobs.delete(&name(n)).unwrap();
    }
    assert_eq!(blobs.list().unwrap().count(), 0);
}

/// Files through the vault.
fn vault_story(vault: &Vault) {
    let sizes = [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17];
    let files: Vec<_> = (1..).zip(sizes).map(|(seed, len)| content(seed, len)).collect();

    // A batch acknowledges in order, and stores equal files once.
    let mut batch = vault.batch();
    for file in files.iter().chain(&files[2..3]) {
        assert_eq!(batch.put(&mut file.as_slice()).unwrap().len, file.len() as u64);
    }
    assert_eq!(vault.list().unwrap().count(), 0, "nothing is visible before the flush");
    let mut stored = batch.flush().unwrap();
    assert_eq!(stored.pop().unwrap(), stored[2]);
    for (file, s) in files.iter().zip(&stored) {
        assert!(!s.existed);
        assert_eq!(vault.read_verified(&s.name, &s.sha256).unwrap(), *file);
        assert_eq!(vault.len(&s.name).unwrap(), Some(s.len));
        vault.verify(&s.name, &s.sha256, &s.sm3).unwrap();
        vault.verify_cipher(&s.name, &s.cipher_sha256).unwrap();
        let mut copy = Vec::new();
        assert_eq!(vault.copy_to(&s.name, &s.sha256, &mut copy).unwrap(), s.len);
        assert_eq!(copy, *file);
    }
    let stored_names: BTreeSet<_> = stored.iter().map(|s| s.name).collect();
    assert_eq!(stored_names.len(), files.len());

    // Known answers: the digests of the empty file.
    assert!(hex::encode(stored[0].sha256).starts_with("e3b0c44298fc1c149afbf4c8996fb924"));
    assert!(hex::encode(stored[0].sm3).starts_with("1ab21d8355cfa17f8e61194831e81a8f"));

    // Ranges, over chunk borders and over the end.
    let (file, s) = (&files[7], &stored[7]);
    let end = file.len();
    for (from, to) in [(0, 1), (0, end), (CHUNK - 1, CHUNK + 1), (CHUNK, 2 * CHUNK), (end - 1, end), (5, 5)] {
        let part = vault.read_range(&s.name, from as u64..to as u64).unwrap();
        assert_eq!(part, file[from..to], "{from}..{to}");
    }
    assert_eq!(vault.read_range(&s.name, 10..u64::MAX).unwrap(), file[10..]);
    assert_eq!(vault.read_range(&s.name, 1 << 40..1 << 41).unwrap(), b"");

    // The same content again: what is known about the stored object, not about the discarded one.
    let again = vault.put(&mut files[4].as_slice()).unwrap();
    assert!(again.existed);
    assert_eq!(jz_blob::Stored { existed: false, ..again }, stored[4]);

    // The sweep: one row too many, one object too many.
    let mut rows: Vec<_> = stored.iter().map(|s| (s.name, s.len)).collect();
    rows.sort_unstable();
    let findings = |rows: Vec<(ObjectName, u64)>| -> Vec<Finding> {
        compare(vault.list().unwrap(), rows.into_iter()).map(|f| f.unwrap()).collect()
    };
    assert_eq!(findings(rows.clone()), []);
    let (dropped, _) = rows.remove(3);
    let absent = ObjectName::from_bytes([0xff; 32]);
    rows.push((absent, 1));
    match findings(rows).as_slice() {
        [Finding::Extra(extra), Finding::Missing(missing)] => {
            assert_eq!((extra.name, *missing), (Some(dropped), absent));
            assert!(extra.modified.is_some());
        }
        other => panic!("{other:?}"),
    }

    // Missing things say so.
    assert!(vault.delete(&stored[1].name).unwrap());
    assert!(!vault.delete(&stored[1].name).unwrap());
    assert!(matches!(vault.read(&stored[1].name), Err(Error::Missing(n)) if n == stored[1].name));
    assert_eq!(vault.len(&stored[1].name).unwrap(), None);
    assert!(matches!(vault.read_range(&stored[1].name, 0..1), Err(Error::Missing(_))));

    // Right bytes under a wrong expectation.
    let wrong = vault.read_verified(&s.name, &[0; 32]);
    assert!(matches!(wrong, Err(Error::Damaged { damage: Damage::Digest, .. })));

    // Derived objects have the caller's name and may be replaced.
    let tile = keys().derived_name("tiles", &s.sha256);
    vault.put_as(&tile, &mut &b"first"[..]).unwrap();
    let second = vault.put_as(&tile, &mut &b"second"[..]).unwrap();
    assert_eq!(vault.read(&tile).unwrap(), b"second");
    vault.verify_cipher(&tile, &second.cipher_sha256).unwrap();
}

/// An object too big to be fetched whole, through the windowed paths.
fn big_object_story(vault: &Vault) {
    let file = content(99, (9 << 20) + 12345);
    let s = vault.put(&mut file.as_slice()).unwrap();
    assert!(stored_len(s.len) > 2 * (4 << 20));
    assert!(vault.read_verified(&s.name, &s.sha256).unwrap() == file);
    vault.verify_cipher(&s.name, &s.cipher_sha256).unwrap();
    let part = vault.read_range(&s.name, 8_000_000..8_100_000).unwrap();
    assert!(part == file[8_000_000..8_100_000]);
    assert!(vault.put(&mut file.as_slice()).unwrap().existed);
    assert!(vault.delete(&s.name).unwrap());
}

#[test]
fn a_local_folder_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let (objects, tmp) = (dir.path().join("objects"), dir.path().join("tmp"));
    fs::create_dir(&tmp).unwrap();
    store_story(&Folder::open(&objects).unwrap(), &tmp);
    let vault = Vault::in_folder(&objects, &tmp, keys()).unwrap();
    vault_story(&vault);
    big_object_story(&vault);
    drop(vault);
    let left: Vec<_> = fs::read_dir(&tmp).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|n| !n.to_string_lossy().starts_with("objects-")), "{left:?}");
}

#[test]
fn an_unsynced_cache_folder_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let (objects, tmp) = (dir.path().join("cache"), dir.path().join("tmp"));
    fs::create_dir(&tmp).unwrap();
    store_story(&Folder::cache(&objects).unwrap(), &tmp);
    let folder = Box::new(Folder::cache(&objects).unwrap());
    vault_story(&Vault::new(folder, Staging::open(&tmp).unwrap(), keys()));
}

#[test]
fn an_s3_store_keeps_the_contract() {
    let Ok(setting) = std::env::var("JZ_TEST_S3") else {
        assert!(std::env::var("CI").is_err(), "CI must set JZ_TEST_S3: no silent skip");
        eprintln!("skipped: JZ_TEST_S3 is not set, see tests/s3_server.py");
        return;
    };
    let [endpoint, bucket, key_id, secret] = setting.split(',').collect::<Vec<_>>()[..] else {
        panic!("JZ_TEST_S3 must be endpoint,bucket,key,secret");
    };
    // A prefix of its own for each run, so that an old run cannot disturb.
    let prefix =
        format!("test-{}-{}", std::process::id(), std::time::UNIX_EPOCH.elapsed().unwrap().as_millis());
    let open = |prefix: &str| {
        Box::new(
            S3::open(&S3Config {
                endpoint: endpoint.into(),
                region: "us-east-1".into(),
                bucket: bucket.into(),
                prefix: prefix.into(),
                key_id: key_id.into(),
                secret: secret.to_owned().into(),
            })
            .unwrap(),
        )
    };
    let dir = tempfile::tempdir().unwrap();
    let tmp = dir.path().join("tmp");
    fs::create_dir(&tmp).unwrap();
    store_story(&*open(&format!("{prefix}-store")), &tmp);
    let vault = Vault::new(open(&prefix), Staging::open(&tmp).unwrap(), keys());
    vault_story(&vault);
    big_object_story(&vault);
    for name in vault.list().unwrap().filter_map(|e| e.unwrap().name).collect::<Vec<_>>() {
        vault.delete(&name).unwrap();
    }
}
