//! Folders of scans: which volumes, materials and pages a list of paths means.
//!
//! Four layouts (`domain-archives` 2.4): A person/class/material/page, B class folders
//! with combined numbers, C one folder per material named by number and title, J ours.
//! The functions see paths, not files. Every path that is given comes back: as a page,
//! as the workbook, or in a list of what does not fit, with the reason.

mod ours;
mod plan;
#[cfg(test)]
mod tests;

pub use ours::{CatalogJson, JsonError, parse_json, parse_manifest};
pub use plan::plan_volume;

use super::{
    catalogue::{CatalogueItem, PersonHint},
    class_code::{class_of_folder, parse_class},
    finding::Severity,
    idno::IdNo,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How the folders are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// `{person}/{class}/{number}/{page}.jpg`
    A,
    /// `{class}.{name}/{NN}{page}.jpg`
    B,
    /// `{name}{identity number}/{NN}{title}/{page}.jpg`
    C,
    /// `{volume}/original/{class}/{number}/{page}.jpg` with `catalog.json`
    J,
}

impl Layout {
    /// Looks a layout up by its letter.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "a" | "A" => Self::A,
            "b" | "B" => Self::B,
            "c" | "C" => Self::C,
            "j" | "J" => Self::J,
            _ => return None,
        })
    }
}

/// A path that is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// The path as given.
    pub path: String,
    /// Why, for people.
    pub reason: String,
}

/// Something about a volume that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderFinding {
    /// File or folder it is about.
    pub path: String,
    /// Stable code.
    pub code: std::borrow::Cow<'static, str>,
    /// An error keeps the volume from being filed.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
}

/// The files of one volume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeFiles {
    /// Folder of the volume; empty when the folder that was chosen is the volume.
    pub root: String,
    /// The workbook with person and catalogue.
    pub workbook: Option<String>,
    /// `catalog.json` of layout J.
    pub catalog_json: Option<String>,
    /// `person.json` of layout J.
    pub person_json: Option<String>,
    /// `manifest-sha256.txt` and `manifest-sm3.txt` of layout J.
    pub manifests: Vec<String>,
    /// All other files, sorted.
    pub files: Vec<String>,
}

/// What a list of paths means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Volumes in the order of their folders.
    pub volumes: Vec<VolumeFiles>,
    /// Paths outside of any volume.
    pub unmatched: Vec<Unmatched>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPage {
    /// Number in the file name; 0 is a cover.
    pub no: u32,
    /// The path as given.
    pub path: String,
}

/// One material with its pages in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMaterial {
    /// The row of the catalogue.
    #[serde(flatten)]
    pub item: CatalogueItem,
    /// Pages by number.
    pub pages: Vec<PlannedPage>,
}

/// What will become of a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumePlan {
    /// Folder of the volume.
    pub root: String,
    /// Who it is about.
    pub person: PersonHint,
    /// Materials in the order of classes and numbers.
    pub materials: Vec<PlannedMaterial>,
    /// What does not fit.
    pub findings: Vec<FolderFinding>,
    /// Files of the folder that are not imported.
    pub unmatched: Vec<Unmatched>,
}

impl VolumePlan {
    /// Number of pages.
    pub fn pages(&self) -> usize {
        self.materials.iter().map(|m| m.pages.len()).sum()
    }
}

/// The workbook beside the images.
pub const WORKBOOK: &str = "干部基本信息和档案目录.xlsx";
const IMAGES: &[&str] = &["jpg", "jpeg", "png", "tif", "tiff"];

fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn stem_and_ext(name: &str) -> (&str, String) {
    name.rsplit_once('.').map_or((name, String::new()), |(s, e)| (s, e.to_ascii_lowercase()))
}

/// Whether a path stays where it is put.
fn is_safe(path: &str) -> bool {
    !path.starts_with('/')
        && !path.contains(['\\', '\0'])
        && path.len() <= 1024
        && path.split('/').all(|p| !p.is_empty() && p != "." && p != "..")
        && path.as_bytes().get(1) != Some(&b':')
}

fn is_system_file(path: &str) -> bool {
    let (folder, name) = parts(path);
    matches!(name.to_ascii_lowercase().as_str(), "thumbs.db" | ".ds_store" | "desktop.ini" | "ehthumbs.db")
        || name.starts_with("._")
        || name.starts_with("~$")
        || folder.split('/').any(|p| p == "__MACOSX")
}

fn drop_path(list: &mut Vec<Unmatched>, path: &str, reason: &str) {
    list.push(Unmatched { path: path.to_owned(), reason: reason.to_owned() });
}

/// Finds the volumes in a list of relative paths with `/`.
pub fn discover<S: AsRef<str>>(layout: Layout, paths: &[S]) -> Discovery {
    let mut out = Discovery::default();
    let mut sound: BTreeSet<&str> = BTreeSet::new();
    for path in paths.iter().map(AsRef::as_ref) {
        if !is_safe(path) {
            drop_path(&mut out.unmatched, path, "路径不规范（含“..”、反斜杠或以“/”开头），为安全起见未导入");
        } else if is_system_file(path) {
            drop_path(&mut out.unmatched, path, "操作系统或 Office 生成的临时文件，不导入");
        } else {
            sound.insert(path);
        }
    }
    let mut roots: BTreeMap<&str, VolumeFiles> = BTreeMap::new();
    for path in &sound {
        if let Some(root) = root_by_sheet(layout, path).or_else(|| root_by_shape(layout, path)) {
            roots
                .entry(root)
                .or_insert_with(|| VolumeFiles { root: root.to_owned(), ..VolumeFiles::default() });
        }
    }
    // A folder inside a volume is part of it, even if it looks like a volume of its own.
    let named: BTreeSet<&str> = sound.iter().filter_map(|p| root_by_sheet(layout, p)).collect();
    roots.retain(|root, _| named.contains(root) || !ancestors(root).any(|a| named.contains(a)));
    for path in sound {
        let home = ancestors(path).find(|a| roots.contains_key(a));
        match home.and_then(|h| roots.get_mut(h)) {
            Some(volume) => volume.take(layout, path),
            None => drop_path(&mut out.unmatched, path, "不在任何案卷文件夹中，也不符合所选目录布局"),
        }
    }
    out.volumes = roots.into_values().collect();
    out
}

/// The folders above a path, nearest first, down to the empty one.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let current = rest?;
        if current.is_empty() {
            rest = None;
            return None;
        }
        let above = parts(current).0;
        rest = Some(above);
        Some(above)
    })
}

fn is_catalogue_name(name: &str) -> bool {
    let (stem, ext) = stem_and_ext(name);
    ext == "xlsx" && stem.contains("目录")
}

/// The folder that holds the catalogue.
fn root_by_sheet(layout: Layout, path: &str) -> Option<&str> {
    let (folder, name) = parts(path);
    let found = match layout {
        Layout::J => matches!(name, "catalog.json" | "catalog.xlsx"),
        _ => is_catalogue_name(name),
    };
    found.then_some(folder)
}

/// The folder of a volume without a catalogue, by the shape of the path of a page.
fn root_by_shape(layout: Layout, path: &str) -> Option<&str> {
    let (folder, name) = parts(path);
    let (stem, ext) = stem_and_ext(name);
    if !IMAGES.contains(&ext.as_str()) || !all_digits(stem) {
        return None;
    }
    let up = |path| parts(path).0;
    match layout {
        Layout::A => {
            let class = up(folder);
            (all_digits(parts(folder).1) && parse_class(parts(class).1).is_some()).then(|| up(class))
        }
        Layout::B => (stem.len() >= 4 && class_of_folder(parts(folder).1).is_some()).then(|| up(folder)),
        Layout::C => person_of_folder(parts(up(folder)).1).map(|_| up(folder)),
        Layout::J => {
            let original = up(up(folder));
            (parts(original).1 == "original").then(|| up(original))
        }
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit())
}

impl VolumeFiles {
    fn take(&mut self, layout: Layout, path: &str) {
        let (folder, name) = parts(path);
        let at_root = folder == self.root;
        let is_sheet = match layout {
            Layout::J => name == "catalog.xlsx",
            _ => is_catalogue_name(name),
        };
        if at_root && is_sheet && (self.workbook.is_none() || name == WORKBOOK) {
            // A second workbook stays among the files and is named there.
            self.files.extend(self.workbook.replace(path.to_owned()));
            return;
        }
        let slot = match (layout, at_root, name) {
            (Layout::J, true, "catalog.json") => Some(&mut self.catalog_json),
            (Layout::J, true, "person.json") => Some(&mut self.person_json),
            (Layout::J, true, "manifest-sha256.txt" | "manifest-sm3.txt") => {
                self.manifests.push(path.to_owned());
                return;
            }
            _ => None,
        };
        match slot {
            Some(slot) => *slot = Some(path.to_owned()),
            None => self.files.push(path.to_owned()),
        }
    }
}

/// `张三990101…`: name and identity number of a folder of layout C.
pub fn person_of_folder(name: &str) -> Option<(String, IdNo)> {
    let chars: Vec<char> = name.chars().collect();
    let tail = |n: usize| chars.len().checked_sub(n).filter(|at| *at > 0);
    for length in [18, 15] {
        let Some(at) = tail(length) else { continue };
        let (name, id): (String, String) = (chars.iter().take(at).collect(), chars.iter().skip(at).collect());
        if let Ok(id) = IdNo::parse(&id) {
            let name = name.trim_matches([' ', '-', '_', '—']);
            return (!name.is_empty() && !name.chars().any(|c| c.is_ascii_digit()))
                .then(|| (name.to_owned(), id));
        }
    }
    None
}
