//! Checks of the repository itself: fast, textual, and with a reason in each complaint.
//!
//! A check is a function from the checkout to a list of complaints and one line
//! of [`CHECKS`]. Lists of exceptions (`long-files.txt`) may only shrink: a
//! line that is no longer needed is a complaint too.

mod documents;
mod fences;
mod licences;
mod sources;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::place::Place;
use crate::sh;
use crate::steps::Count;

type Check = fn(&Tree) -> Result<Vec<String>, String>;

const CHECKS: &[(&str, Check)] = &[
    ("依赖方向", fences::direction),
    ("数据库驱动只在 jz-store", fences::drivers),
    ("规则层没有输入输出", fences::pure),
    ("依赖的许可", licences::dependencies),
    ("文件长度", sources::length),
    ("不写机器路径", sources::machine_paths),
    ("时间由外面传入", sources::clock),
    ("锁文件不含下载地址", sources::lock_addresses),
    ("迁移脚本同名", sources::migrations),
    ("ARCHITECTURE.md 中的路径存在", documents::architecture),
    ("术语表覆盖各领域", documents::glossary),
    ("使用手册的图片存在", documents::guide),
];

/// The checkout and the files git knows.
pub struct Tree<'a> {
    place: &'a Place,
    root: &'a Path,
    files: Vec<String>,
}

impl Tree<'_> {
    /// The text of a tracked file; binary files have none.
    fn text(&self, file: &str) -> Option<String> {
        String::from_utf8(fs::read(self.root.join(file)).ok()?).ok()
    }
}

/// Whether the file has one of these extensions.
fn is(file: &str, extensions: &[&str]) -> bool {
    Path::new(file).extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

/// Runs all checks for the command line.
pub fn run(place: &Place) -> Result<(), String> {
    let count = count(place)?;
    if count.failed == 0 { Ok(()) } else { Err("结构检查未通过".into()) }
}

/// Runs all checks and counts them.
pub fn count(place: &Place) -> Result<Count, String> {
    let mut git = Command::new("git");
    git.current_dir(&place.root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = sh::output(&mut git)?;
    let mut files: Vec<String> = listed.split('\0').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    files.retain(|f| place.root.join(f).is_file());
    files.sort();
    let tree = Tree { place, root: &place.root, files };
    let mut count = Count::default();
    for (name, check) in CHECKS {
        match check(&tree) {
            Ok(complaints) if complaints.is_empty() => count.passed += 1,
            Ok(complaints) => {
                count.failed += 1;
                println!("{name}：");
                for complaint in complaints {
                    println!("  {complaint}");
                }
            }
            Err(why) => {
                count.failed += 1;
                println!("{name}：无法检查，{why}");
            }
        }
    }
    println!("结构检查：{} 项通过，{} 项未通过", count.passed, count.failed);
    Ok(count)
}
