//! The master key file, and the unit keys it wraps.
//!
//! The master key wraps unit keys and nothing else. A unit key is random, is
//! kept wrapped by the caller (in the database), and all working keys come
//! from it ([`Keys`](crate::Keys)). To change the master key is therefore to
//! wrap a handful of unit keys anew: no file and no field is touched.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::keys::cipher;
use crate::suite::{Secret, random};
use crate::{Error, Result};

/// First line of a key file.
const HEAD: &str = "juanzong master key v1";
/// Longest key file that is read.
const MAX_FILE: u64 = 512;
const UNIT_LABEL: &[u8] = b"unit key";

/// The key above all others, from a file that only the service may read.
pub struct MasterKey(Secret);

/// The random key of one archive-holding unit.
pub struct UnitKey(Secret);

impl MasterKey {
    /// Draws a new key and writes it to `path`, which must not exist. On return the file is on the disk.
    pub fn create(path: &Path) -> Result<Self> {
        let mut secret = Secret::default();
        random(secret.as_mut())?;
        let key = Self(secret);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|e| {
                match e.kind() {
                    ErrorKind::AlreadyExists => Error::KeyExists(path.into()),
                    _ => Error::Io { doing: "create the key file", source: e },
                }
            })?;
        let text = key.to_text();
        let write = |file: &mut File| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(parent)?.sync_all()
        };
        write(&mut file).map_err(|e| {
            // Nothing is encrypted with it yet; a half-written key must not be found later.
            let _ = std::fs::remove_file(path);
            Error::Io { doing: "write the key file", source: e }
        })?;
        Ok(key)
    }

    /// Reads the key. Refuses a file that group or others may touch.
    pub fn load(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| match e.kind() {
            ErrorKind::NotFound => Error::KeyMissing(path.into()),
            _ => Error::Io { doing: "open the key file", source: e },
        })?;
        let mode = file.metadata().map_err(Error::io("read the key file"))?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(Error::KeyOpen { path: path.into(), mode });
        }
        let mut text = Zeroizing::new(String::with_capacity(MAX_FILE as usize));
        match file.take(MAX_FILE).read_to_string(&mut text) {
            Err(e) if e.kind() == ErrorKind::InvalidData => return Err(Error::KeyMalformed(path.into())),
            other => other.map_err(Error::io("read the key file"))?,
        };
        Self::from_text(&text).ok_or_else(|| Error::KeyMalformed(path.into()))
    }

    /// Refuses a key file that lies in the folder whose content it protects.
    pub fn check_outside(path: &Path, data: &Path) -> Result<()> {
        let real = |p: &Path| std::path::absolute(p).and_then(|p| p.canonicalize().or(Ok(p)));
        let (key, data) = (real(path), real(data));
        match (key, data) {
            (Ok(key), Ok(data)) if key.starts_with(&data) => Err(Error::KeyInside(path.into())),
            _ => Ok(()),
        }
    }

    /// Wraps a unit key for keeping in the database.
    pub fn wrap(&self, unit: &UnitKey) -> Result<Vec<u8>> {
        cipher(&self.0).seal(UNIT_LABEL, unit.0.as_slice())
    }

    /// Opens a wrapped unit key. [`Error::WrongKey`] when another master key wrapped it.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<UnitKey> {
        let plain = cipher(&self.0).open(UNIT_LABEL, wrapped)?;
        let mut secret = Secret::default();
        if plain.len() != secret.len() {
            return Err(Error::Sealed);
        }
        secret.copy_from_slice(&plain);
        Ok(UnitKey(secret))
    }

    /// Three lines: what it is, the key, and a check against typing errors (people keep a printed copy).
    fn to_text(&self) -> Zeroizing<String> {
        let mut hex = Zeroizing::new([0; 64]);
        // The buffer is exactly twice the key, so this cannot fail.
        let _ = hex::encode_to_slice(self.0.as_slice(), hex.as_mut());
        let key = std::str::from_utf8(hex.as_ref()).unwrap_or_default();
        Zeroizing::new(format!("{HEAD}\n{key}\n{}\n", self.check()))
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        if lines.next()? != HEAD {
            return None;
        }
        let mut secret = Secret::default();
        hex::decode_to_slice(lines.next()?, secret.as_mut()).ok()?;
        let key = Self(secret);
        (lines.next()? == key.check() && lines.next().is_none()).then_some(key)
    }

    fn check(&self) -> String {
        let digest = Sha256::new().chain_update(HEAD).chain_update(self.0.as_slice()).finalize();
        hex::encode(&digest[..4])
    }
}

impl UnitKey {
    /// A new random unit key.
    pub fn generate() -> Result<Self> {
        let mut secret = Secret::default();
        random(secret.as_mut())?;
        Ok(Self(secret))
    }

    /// A unit key from known bytes, for tests and recovery.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use std::fs::{Permissions, read_to_string, set_permissions, write};

    #[test]
    fn a_key_file_is_private_and_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("school.key");
        let key = MasterKey::create(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(MasterKey::load(&path).unwrap().0 == key.0);
        let before = read_to_string(&path).unwrap();
        assert!(matches!(MasterKey::create(&path), Err(Error::KeyExists(_))));
        assert_eq!(read_to_string(&path).unwrap(), before);
    }

    #[test]
    fn a_key_file_that_others_may_touch_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("school.key");
        MasterKey::create(&path).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o777] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let error = MasterKey::load(&path).err().unwrap();
            assert!(matches!(error, Error::KeyOpen { .. }), "{mode:o}");
            assert!(error.zh().contains("chmod 600"), "{}", error.zh());
        }
        set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert!(MasterKey::load(&path).is_ok());
    }

    #[test]
    fn a_mistyped_key_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("school.key");
        MasterKey::create(&path).unwrap();
        let good = read_to_string(&path).unwrap();
        let digit = good.find('\n').unwrap() + 5;
        let mut typo = good.clone().into_bytes();
        typo[digit] = if typo[digit] == b'0' { b'1' } else { b'0' };
        for bad in [&typo, &good.as_bytes()[..40], b"", b"\xff\xfe", b"juanzong master key v1\n"] {
            write(&path, bad).unwrap();
            assert!(matches!(MasterKey::load(&path), Err(Error::KeyMalformed(_))));
        }
        write(&path, good.replace('\n', "\r\n\r\n")).unwrap();
        assert!(MasterKey::load(&path).is_ok(), "line ends of another system are fine");
        assert!(matches!(MasterKey::load(&dir.path().join("no.key")), Err(Error::KeyMissing(_))));
    }

    #[test]
    fn a_key_inside_the_data_folder_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let (inside, beside) = (data.join("a.key"), dir.path().join("data.key"));
        write(&inside, "").unwrap();
        let link = dir.path().join("link.key");
        std::os::unix::fs::symlink(&inside, &link).unwrap();
        assert!(matches!(MasterKey::check_outside(&inside, &data), Err(Error::KeyInside(_))));
        assert!(matches!(MasterKey::check_outside(&link, &data), Err(Error::KeyInside(_))));
        assert!(MasterKey::check_outside(&beside, &data).is_ok());
    }

    #[test]
    fn changing_the_master_key_keeps_the_unit_key() {
        let dir = tempfile::tempdir().unwrap();
        let old = MasterKey::create(&dir.path().join("old.key")).unwrap();
        let new = MasterKey::create(&dir.path().join("new.key")).unwrap();
        let unit = UnitKey::generate().unwrap();
        let wrapped = old.wrap(&unit).unwrap();
        assert!(matches!(new.unwrap(&wrapped), Err(Error::WrongKey)));
        let again = new.wrap(&old.unwrap(&wrapped).unwrap()).unwrap();
        assert!(new.unwrap(&again).unwrap().0 == unit.0);
    }
}
