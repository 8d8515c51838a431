//! `run`, `dev` and `build`: from a checkout to a served page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::place::{Place, which};
use crate::{assets, sh, web};

const LISTEN: &str = "127.0.0.1:8080";

/// Builds everything, makes the demo school once, and serves it until stopped.
pub fn run(place: &Place, words: &[&str]) -> Result<(), String> {
    let (listen, fresh) = options(words)?;
    compile(place)?;
    let data = place.demo_data();
    if fresh {
        set_aside(&data)?;
    }
    let logins = timed("演示学校", || demo(place, &data))?;
    println!("\n数据目录：{}", data.display());
    println!("{logins}");
    println!("地址：http://{listen}/    （按 Ctrl C 停止）\n");
    let mut serve = sh::command(place, place.binary(), &place.root);
    sh::run(serve.arg("serve").arg("--data").arg(&data).args(["--listen", &listen]))
}

fn options(words: &[&str]) -> Result<(String, bool), String> {
    let (mut listen, mut fresh) = (LISTEN.to_owned(), false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--fresh" => fresh = true,
            "--listen" => {
                let word = words.next().ok_or("--listen 后面要写地址，例如 127.0.0.1:8080")?;
                listen = (*word).to_string();
            }
            other => return Err(format!("run 不认识“{other}”；可用：--listen 地址、--fresh")),
        }
    }
    Ok((listen, fresh))
}

/// Tools, assets, browser part, binary.
fn compile(place: &Place) -> Result<(), String> {
    tools()?;
    place.claim_target();
    timed("资源文件", || assets::fetch(place))?;
    timed("前端", || web::build(place))?;
    timed("程序", || sh::run(cargo(place).args(["build", "--package", "juanzong"])))
}

/// A cargo that does not wait for a terminal.
pub fn cargo(place: &Place) -> Command {
    sh::command(place, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), &place.root)
}

/// Says what is missing before anything is built.
pub fn tools() -> Result<(), String> {
    let mut missing = Vec::new();
    for (program, hint) in [
        ("node", "Node.js 20 或更新"),
        ("npm", "npm"),
        ("python3", "Python 3（含 pip）"),
        ("cc", "C 编译器（gcc）"),
    ] {
        if which(program).is_none() {
            missing.push(format!("{program}：{hint}"));
        }
    }
    if !missing.is_empty() {
        return Err(format!("缺少工具：{}", missing.join("；")));
    }
    let version = sh::output(Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    match major {
        Some(20..) => Ok(()),
        _ => Err(format!("Node.js 需要 20 或更新，现为 {}", version.trim())),
    }
}

/// Makes the demo school unless a finished one is there; returns the logins.
///
/// The logins lie beside the folder once the school is complete. A folder
/// without them is a school that was never finished: it is set aside, not deleted.
fn demo(place: &Place, data: &Path) -> Result<String, String> {
    let note = beside(data, ".logins.txt");
    if data.is_dir() && note.is_file() {
        return fs::read_to_string(&note).map_err(|e| format!("{}：{e}", note.display()));
    }
    set_aside(data)?;
    if let Some(parent) = data.parent() {
        fs::create_dir_all(parent).map_err(|e| format!("{}：{e}", parent.display()))?;
    }
    let text =
        sh::output(sh::command(place, place.binary(), &place.root).arg("demo").arg("--data").arg(data))?;
    fs::write(&note, &text).map_err(|e| format!("{}：{e}", note.display()))?;
    Ok(text)
}

/// Renames an old demo folder with its key and note, so that nothing is lost.
fn set_aside(data: &Path) -> Result<(), String> {
    let stamp = std::time::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_secs());
    for tail in ["", ".key", ".logins.txt"] {
        let old = beside(data, tail);
        if old.exists() {
            let new = beside(data, &format!(".old-{stamp}{tail}"));
            fs::rename(&old, &new).map_err(|e| format!("{}：{e}", old.display()))?;
            println!("原有的 {} 已改名为 {}", old.display(), new.display());
        }
    }
    Ok(())
}

fn beside(data: &Path, tail: &str) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

/// Vite with hot reload in front of the served demo school.
pub fn dev(place: &Place) -> Result<(), String> {
    compile(place)?;
    let data = place.demo_data();
    println!("{}", demo(place, &data)?);
    let mut serve = sh::command(place, place.binary(), &place.root);
    serve.arg("serve").arg("--data").arg(&data).args(["--listen", LISTEN]);
    let mut server = serve.spawn().map_err(|e| format!("无法启动服务：{e}"))?;
    let vite = sh::run(sh::command(place, "npm", &place.root.join("web")).args(["run", "dev"]));
    let _ = server.kill();
    let _ = server.wait();
    vite
}

/// The release binary, copied to where scripts expect it.
pub fn build(place: &Place) -> Result<(), String> {
    tools()?;
    place.claim_target();
    timed("资源文件", || assets::fetch(place))?;
    timed("前端", || web::build(place))?;
    timed("发布版程序", || sh::run(cargo(place).args(["build", "--release", "--package", "juanzong"])))?;
    let made = place.target.join("release/juanzong");
    let wanted = place.root.join("target/release/juanzong");
    if made != wanted {
        if let Some(parent) = wanted.parent() {
            fs::create_dir_all(parent).map_err(|e| format!("{}：{e}", parent.display()))?;
        }
        // A running program cannot be overwritten, but its name can be taken over.
        let part = wanted.with_extension("part");
        fs::copy(&made, &part)
            .and_then(|_| fs::rename(&part, &wanted))
            .map_err(|e| format!("{}：{e}", wanted.display()))?;
    }
    println!("{}", wanted.display());
    Ok(())
}

fn timed<T>(name: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("━━ {name}");
    let start = Instant::now();
    let done = work()?;
    println!("━━ {name}：{:.1} 秒", start.elapsed().as_secs_f64());
    Ok(done)
}
