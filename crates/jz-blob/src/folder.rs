//! Objects in a local folder: `ab/cd/<name>`.
//!
//! A file is durable when its bytes, its directory entry and the entries of all
//! new directories above it are on the disk. Small batches sync each of them;
//! from [`SYNCFS_FROM`] files on, the file system is told twice to write
//! everything (before and after the renames), which is far cheaper than one
//! flush for each file and directory.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{CWD, RenameFlags, renameat_with, syncfs};
use rustix::io::Errno;

use crate::name::{Blobs, Entry, Listing, Placed, Staged, When};
use crate::{Error, ObjectName, Result};

/// From this many files on, one sync of the file system replaces the syncs of single files.
const SYNCFS_FROM: usize = 4;

/// A folder of objects. The temporary files must be on the same file system.
pub struct Folder {
    root: PathBuf,
    // Open from the start: syncfs reports write errors that happened since the descriptor was opened.
    root_dir: File,
    durable: bool,
    /// Directories whose own entry is known to be on the disk.
    settled: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    /// Opens or makes a folder in which nothing that was acknowledged is lost.
    pub fn open(root: &Path) -> Result<Self> {
        Self::new(root, true)
    }

    /// Opens or makes a folder for derived objects that can be made again: nothing is synced.
    /// What a power cut leaves half-written is found by its tags when it is read.
    pub fn cache(root: &Path) -> Result<Self> {
        Self::new(root, false)
    }

    fn new(root: &Path, durable: bool) -> Result<Self> {
        fs::create_dir_all(root).map_err(Error::io("create the object folder"))?;
        let root = root.canonicalize().map_err(Error::io("open the object folder"))?;
        let root_dir = File::open(&root).map_err(Error::io("open the object folder"))?;
        if let Some(parent) = root.parent().filter(|_| durable) {
            sync_dir(parent).map_err(Error::io("sync the data folder"))?;
        }
        Ok(Self { root, root_dir, durable, settled: Mutex::default() })
    }

    fn at(&self, name: &ObjectName) -> PathBuf {
        self.root.join(name.path())
    }

    /// Before the renames: no name may ever point to bytes that are not there.
    fn sync_content(&self, batch: &[Staged]) -> io::Result<()> {
        if batch.len() >= SYNCFS_FROM && self.sync_all()? {
            return Ok(());
        }
        batch.iter().try_for_each(|s| File::open(&s.file)?.sync_all())
    }

    /// After the renames: the names must survive too.
    fn sync_names(&self, batch: &[Staged]) -> io::Result<()> {
        let leaf_of = |s: &Staged| self.at(&s.name).parent().map(Path::to_path_buf);
        let leaves: HashSet<PathBuf> = batch.iter().filter_map(leaf_of).collect();
        if batch.len() >= SYNCFS_FROM && self.sync_all()? {
            let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
            settled.extend(leaves.iter().filter_map(|l| Some(l.parent()?.to_path_buf())));
            settled.extend(leaves);
            return Ok(());
        }
        leaves.iter().try_for_each(|leaf| {
            sync_dir(leaf)?;
            self.settle(leaf)
        })
    }

    /// Makes sure that the entry of `dir` in its parent, and so on up to the root, is on the disk.
    fn settle(&self, dir: &Path) -> io::Result<()> {
        let known = |dir: &Path| self.settled.lock().unwrap_or_else(PoisonError::into_inner).contains(dir);
        if dir == self.root || known(dir) {
            return Ok(());
        }
        if let Some(parent) = dir.parent() {
            sync_dir(parent)?;
            self.settle(parent)?;
        }
        self.settled.lock().unwrap_or_else(PoisonError::into_inner).insert(dir.into());
        Ok(())
    }

    /// `false` when the file system cannot do it.
    fn sync_all(&self) -> io::Result<bool> {
        match syncfs(&self.root_dir) {
            Ok(()) => Ok(true),
            Err(Errno::NOSYS | Errno::OPNOTSUPP | Errno::INVAL) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    fn place(&self, staged: &Staged, when: When) -> io::Result<Placed> {
        let target = self.at(&staged.name);
        match rename(&staged.file, &target, when) {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(target.parent().unwrap_or(&self.root))?;
                rename(&staged.file, &target, when)
            }
            other => other,
        }
    }
}

impl Blobs for Folder {
    fn put(&self, batch: &[Staged], when: When) -> Result<Vec<Placed>> {
        if self.durable {
            self.sync_content(batch).map_err(Error::io("sync the new objects"))?;
        }
        let placed: io::Result<Vec<_>> = batch.iter().map(|s| self.place(s, when)).collect();
        let placed = placed.map_err(Error::io("name the new objects"))?;
        if self.durable {
            self.sync_names(batch).map_err(Error::io("sync the object folder"))?;
        }
        Ok(placed)
    }

    fn get(&self, name: &ObjectName, offset: u64, len: u64) -> Result<Option<Vec<u8>>> {
        let doing = "read an object";
        let Some(file) = found(File::open(self.at(name))).map_err(Error::io(doing))? else { return Ok(None) };
        let size = file.metadata().map_err(Error::io(doing))?.len();
        let wanted = size.saturating_sub(offset).min(len);
        let mut bytes = vec![0; usize::try_from(wanted).map_err(|e| Error::io(doing)(io::Error::other(e)))?];
        file.read_exact_at(&mut bytes, offset).map_err(Error::io(doing))?;
        Ok(Some(bytes))
    }

    fn head(&self, name: &ObjectName) -> Result<Option<u64>> {
        let metadata = found(fs::metadata(self.at(name))).map_err(Error::io("look for an object"))?;
        Ok(metadata.map(|m| m.len()))
    }

    fn delete(&self, name: &ObjectName) -> Result<bool> {
        let path = self.at(name);
        let removed = found(fs::remove_file(&path)).map_err(Error::io("delete an object"))?.is_some();
        if let Some(leaf) = path.parent().filter(|_| removed && self.durable) {
            sync_dir(leaf).map_err(Error::io("sync the object folder"))?;
        }
        Ok(removed)
    }

    fn list(&self) -> Result<Listing<'_>> {
        let mut walk = Walk { root: &self.root, open: Vec::new() };
        walk.enter(&self.root).map_err(Error::io("list the objects"))?;
        Ok(Box::new(walk.map(|entry| entry.map_err(Error::io("list the objects")))))
    }
}

/// Depth first, names in order; one directory of each level in memory.
struct Walk<'a> {
    root: &'a Path,
    open: Vec<Vec<PathBuf>>,
}

impl Walk<'_> {
    fn enter(&mut self, dir: &Path) -> io::Result<()> {
        let mut paths = fs::read_dir(dir)?.map(|e| Ok(e?.path())).collect::<io::Result<Vec<_>>>()?;
        paths.sort_unstable_by(|a, b| b.cmp(a));
        self.open.push(paths);
        Ok(())
    }

    fn step(&mut self) -> io::Result<Option<Entry>> {
        while let Some(level) = self.open.last_mut() {
            let Some(path) = level.pop() else {
                self.open.pop();
                continue;
            };
            // Deleted between listing and looking: no longer our business.
            let Some(metadata) = found(fs::symlink_metadata(&path))? else { continue };
            if metadata.is_dir() {
                self.enter(&path)?;
                continue;
            }
            let relative = path.strip_prefix(self.root).unwrap_or(&path).to_string_lossy().into_owned();
            let name = ObjectName::from_path(&relative).filter(|_| metadata.is_file());
            return Ok(Some(Entry {
                path: relative,
                name,
                size: metadata.len(),
                modified: metadata.modified().ok(),
            }));
        }
        Ok(None)
    }
}

impl Iterator for Walk<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

fn rename(from: &Path, to: &Path, when: When) -> io::Result<Placed> {
    if when == When::Always {
        return fs::rename(from, to).map(|()| Placed::Stored);
    }
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(Placed::Stored),
        Err(Errno::EXIST) => Ok(Placed::Existed),
        // Some network file systems lack the flag; a hard link refuses a taken name as well.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => match fs::hard_link(from, to) {
            Ok(()) => fs::remove_file(from).map(|()| Placed::Stored),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(Placed::Existed),
            Err(e) => Err(e),
        },
        Err(e) => Err(e.into()),
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// "Not found" is a value, not an error.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}
