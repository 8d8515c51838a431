//! Where the bytes of an import come from.

use super::MOST_FILES;
use crate::{App, Fail, objects, volume::MAX_PAGE_FILE};
use jz_domain::intake::folders::Unmatched;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Files by the paths that were given.
pub(super) trait Files {
    /// All bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, Fail>;
}

/// A folder of this machine. Paths begin with the folder's own name.
pub(super) struct Folder {
    root: PathBuf,
    name: String,
}

/// What a walk has found.
pub(super) struct Found {
    pub paths: Vec<String>,
    pub unmatched: Vec<Unmatched>,
}

impl Folder {
    pub fn open(dir: &Path) -> Result<Self, Fail> {
        let refused =
            |why: &str| Fail::refused("import.folder", format!("{}：{why}，请检查路径。", dir.display()));
        let root = dir.canonicalize().map_err(|_| refused("没有这个文件夹，或者没有读取权限"))?;
        if !root.is_dir() {
            return Err(refused("不是文件夹"));
        }
        let name =
            root.file_name().and_then(|n| n.to_str()).ok_or_else(|| refused("文件夹的名称无法识别"))?;
        Ok(Self { name: name.to_owned(), root })
    }

    /// Name of the folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All files below, sorted. Links are named, never followed.
    pub fn walk(&self) -> Result<Found, Fail> {
        let mut found = Found { paths: Vec::new(), unmatched: Vec::new() };
        let mut folders = vec![(self.root.clone(), self.name.clone())];
        while let Some((folder, path)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                    let shown = format!("{path}/{}", entry.file_name().to_string_lossy());
                    found.leave(shown, "文件名的编码无法识别，请改名后重新导入");
                    continue;
                };
                let path = format!("{path}/{name}");
                if kind.is_dir() {
                    folders.push((entry.path(), path));
                } else if !kind.is_file() {
                    found.leave(path, "符号链接或特殊文件，为安全起见不导入");
                } else if entry.metadata()?.len() > MAX_PAGE_FILE {
                    found.leave(path, TOO_BIG);
                } else {
                    found.paths.push(path);
                }
                if found.paths.len() > MOST_FILES {
                    return Err(too_many());
                }
            }
        }
        found.paths.sort_unstable();
        Ok(found)
    }
}

/// Why a large file is left out.
pub(super) const TOO_BIG: &str = "文件超过 50 MB 的上限，不导入；请降低扫描质量或拆分后重试";

pub(super) fn too_many() -> Fail {
    Fail::refused(
        "import.too-many-files",
        format!("文件超过 {MOST_FILES} 个；请按人或按批分成几个文件夹，分几次导入。"),
    )
}

impl Found {
    fn leave(&mut self, path: String, reason: &str) {
        self.unmatched.push(Unmatched { path, reason: reason.to_owned() });
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, Fail> {
        let inside = path.strip_prefix(&self.name).unwrap_or(path).trim_start_matches('/');
        Ok(fs::read(self.root.join(inside))?)
    }
}

/// Files of an upload, in the vault.
pub(super) struct Kept<'a> {
    pub app: &'a App,
    pub digests: &'a BTreeMap<String, String>,
}

impl Files for Kept<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Fail> {
        let digest = self.digests.get(path).ok_or(Fail::NotFound)?;
        let sha256 = hex::decode(digest).map_err(|e| Fail::machine("reading a plan", e))?;
        objects::read(self.app, &sha256)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_walk_names_files_by_their_folder_and_follows_no_link() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("volumes-A");
        fs::create_dir_all(root.join("甲/1")).unwrap();
        fs::write(root.join("甲/1/001.jpg"), b"x").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("甲/link.jpg")).unwrap();
        std::os::unix::fs::symlink("/etc", root.join("乙")).unwrap();
        let folder = Folder::open(&root).unwrap();
        let found = folder.walk().unwrap();
        assert_eq!(found.paths, ["volumes-A/甲/1/001.jpg"]);
        assert_eq!(found.unmatched.len(), 2);
        assert_eq!(folder.read("volumes-A/甲/1/001.jpg").unwrap(), b"x");
        assert!(Folder::open(&root.join("丙")).is_err());
    }
}
