//! The browser part: installed when its lock changed, built when its sources changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::place::Place;
use crate::sh;

/// `npm ci` in `dir`, unless the installed packages already are those of the lock.
pub fn install(place: &Place, dir: &Path) -> Result<(), String> {
    let lock = dir.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|e| format!("{}：{e}", lock.display()))?;
    let stamp = dir.join("node_modules/.juanzong-lock.json");
    if fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    let mut npm = sh::command(place, "npm", dir);
    sh::run(npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]))?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}：{e}", stamp.display()))
}

/// `vite build`, unless the result is newer than everything it is made of.
pub fn build(place: &Place) -> Result<(), String> {
    let web = place.root.join("web");
    install(place, &web)?;
    let stamp = web.join("node_modules/.juanzong-built");
    let built = fs::metadata(&stamp).and_then(|m| m.modified()).ok();
    let index = web.join("dist/index.html");
    if let Some(built) = built
        && index.is_file()
        && sources(&web).iter().all(|path| modified(path).is_some_and(|at| at < built))
    {
        println!("前端没有变化");
        return Ok(());
    }
    sh::run(sh::command(place, "npm", &web).args(["run", "--silent", "build"]))?;
    fs::write(&stamp, "").map_err(|e| format!("{}：{e}", stamp.display()))
}

/// Everything a build depends on.
fn sources(web: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![web.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for path in entries.filter_map(Result::ok).map(|e| e.path()) {
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "node_modules" && name != "dist" && name != "test" {
                // The folder counts too: a deleted file changes nothing else.
                all.push(path.clone());
                open.push(path);
            } else if path.is_file() {
                all.push(path);
            }
        }
    }
    all
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|m| m.modified()).ok()
}
