//! What the tests need beyond Rust, Node and Python: Debian packages and Python judges.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::{Place, which};
use crate::sh;

/// A Debian package and the sign that it is there.
struct Package {
    name: &'static str,
    there: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package { name: "chromium", there: || chromium().is_some() },
    Package { name: "fonts-noto-cjk", there: || Path::new("/usr/share/fonts/opentype/noto").is_dir() },
    Package { name: "postgresql", there: || postgres_bin().is_some() },
    Package { name: "poppler-utils", there: || which("pdftoppm").is_some() },
    Package { name: "libmagic1", there: || shared_library("libmagic.so.1") },
    Package { name: "e2fsprogs", there: || found("mkfs.ext4") },
    Package { name: "python3-venv", there: || python("import ensurepip, venv") },
    Package { name: "python3-pip", there: || python("import pip") },
];

/// Installs what is missing. Asks for nothing when all is there.
pub fn setup(place: &Place) -> Result<(), String> {
    packages()?;
    judges(place)
}

/// Debian packages: installed when we are root, named otherwise.
pub fn packages() -> Result<(), String> {
    let missing = || PACKAGES.iter().filter(|p| !(p.there)()).map(|p| p.name).collect::<Vec<_>>();
    let names = missing();
    if names.is_empty() {
        println!("系统软件包齐全");
        return Ok(());
    }
    let by_hand = format!("请以管理员身份执行：apt-get install {}", names.join(" "));
    if which("apt-get").is_none() || !root() {
        return Err(format!("缺少系统软件包。{by_hand}"));
    }
    println!("安装系统软件包：{}", names.join(" "));
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        apt
    };
    sh::run(apt().arg("update")).and_then(|()| {
        sh::run(
            apt().args(["install", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]).args(&names),
        )
    })?;
    match missing().as_slice() {
        [] => Ok(()),
        still => Err(format!("安装后仍缺少：{}。{by_hand}", still.join(" "))),
    }
}

/// The Python environment of the judges, remade when its list of versions changes.
pub fn judges(place: &Place) -> Result<(), String> {
    let wanted = place.root.join("tests-judges/requirements.txt");
    let wanted = fs::read_to_string(&wanted).map_err(|e| format!("{}：{e}", wanted.display()))?;
    let venv = place.venv();
    let stamp = venv.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) && venv.join("bin/python").exists() {
        println!("Python 检验工具齐全");
        return Ok(());
    }
    println!("安装 Python 检验工具");
    if venv.exists() {
        fs::remove_dir_all(&venv).map_err(|e| format!("{}：{e}", venv.display()))?;
    }
    fs::create_dir_all(&place.cache).map_err(|e| format!("{}：{e}", place.cache.display()))?;
    sh::run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    sh::run(pip.arg(place.root.join("tests-judges/requirements.txt")))?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}：{e}", stamp.display()))
}

/// Debian's browser.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser"].iter().find_map(|name| which(name))
}

/// The folder with `initdb` and `postgres`; Debian keeps them out of `PATH`.
pub fn postgres_bin() -> Option<PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    versions.sort();
    let debian = versions.pop().map(|(_, bin)| bin);
    debian.or_else(|| which("postgres").and_then(|p| p.parent().map(Path::to_owned)))
}

/// Whether this process may do everything.
pub fn root() -> bool {
    sh::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn found(name: &str) -> bool {
    which(name).is_some() || Path::new("/usr/sbin").join(name).is_file()
}

fn python(code: &str) -> bool {
    sh::output(Command::new("python3").args(["-c", code])).is_ok()
}

fn shared_library(name: &str) -> bool {
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64"]
        .iter()
        .any(|dir| Path::new(dir).join(name).exists())
}
