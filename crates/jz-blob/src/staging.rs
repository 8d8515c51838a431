//! Temporary files: where an object is written before it gets its name.
//!
//! Each process has its own folder below `tmp/` and holds a lock in it, so that
//! a command beside a running server sweeps away what dead processes left, and
//! nothing else.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::suite::random;
use crate::{Error, Result};

const PREFIX: &str = "objects-";
const LOCK: &str = "lock";

/// This process's folder for unfinished objects. Removed when dropped.
#[derive(Debug)]
pub struct Staging {
    dir: PathBuf,
    next: AtomicU64,
    swept: usize,
    // Held, not used: the lock says that the owner of the folder is alive.
    _lock: File,
}

impl Staging {
    /// Makes a folder below `tmp` and removes the folders of processes that are gone.
    pub fn open(tmp: &Path) -> Result<Self> {
        fs::create_dir_all(tmp).map_err(Error::io("create the temporary folder"))?;
        // One at a time: a folder without a locked file in it is an orphan, not one being made.
        let gate = open_lock(&tmp.join("objects.lock"))?;
        gate.lock().map_err(Error::io("lock the temporary folder"))?;
        let swept = sweep(tmp).map_err(Error::io("sweep the temporary folder"))?;

        let mut unique = [0; 8];
        random(&mut unique)?;
        let dir = tmp.join(format!("{PREFIX}{}", hex::encode(unique)));
        fs::DirBuilder::new().mode(0o700).create(&dir).map_err(Error::io("create the temporary folder"))?;
        let lock = open_lock(&dir.join(LOCK))?;
        lock.lock().map_err(Error::io("lock the temporary folder"))?;
        Ok(Self { dir, next: AtomicU64::new(0), swept, _lock: lock })
    }

    /// How many unfinished files of dead processes were removed at the start.
    pub fn swept(&self) -> usize {
        self.swept
    }

    /// A new, empty, private file.
    pub(crate) fn file(&self) -> Result<TempFile> {
        let path = self.dir.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path);
        Ok(TempFile { file: file.map_err(Error::io("create a temporary file"))?, path })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is swept at the next start.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A temporary file; removed when dropped, unless it was renamed away before.
pub(crate) struct TempFile {
    pub file: File,
    pub path: PathBuf,
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(path);
    file.map_err(Error::io("open the lock of the temporary folder"))
}

/// Removes the folders whose owner no longer holds its lock; says how many files were in them.
fn sweep(tmp: &Path) -> std::io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(tmp)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) || !entry.file_type()?.is_dir() {
            continue;
        }
        let dir = entry.path();
        match File::open(dir.join(LOCK)) {
            Ok(lock) if lock.try_lock().is_err() => continue,
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        swept += fs::read_dir(&dir)?.filter(|e| e.as_ref().is_ok_and(|e| e.file_name() != LOCK)).count();
        fs::remove_dir_all(&dir)?;
    }
    Ok(swept)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn orphans_are_swept_and_the_files_of_the_living_stay() {
        let tmp = tempfile::tempdir().unwrap();
        let orphan = tmp.path().join("objects-0123456789abcdef");
        fs::create_dir(&orphan).unwrap();
        fs::write(orphan.join("0"), "half").unwrap();
        fs::write(orphan.join(LOCK), "").unwrap();
        fs::write(tmp.path().join("upload-1"), "somebody else's").unwrap();

        let first = Staging::open(tmp.path()).unwrap();
        assert_eq!(first.swept(), 1);
        assert!(!orphan.exists());
        let ours = first.file().unwrap();
        let second = Staging::open(tmp.path()).unwrap();
        assert_eq!(second.swept(), 0);
        assert!(ours.path.exists());
        assert!(tmp.path().join("upload-1").exists());
        let path = ours.path.clone();
        drop(ours);
        assert!(!path.exists());
        drop((first, second));
        assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 2, "the gate and the foreign file");
    }
}
