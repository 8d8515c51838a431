//! `test`: everything that must hold before a change lands, in one command.
//!
//! Cheap parts come first. A part that fails does not hide the parts after it,
//! unless they need what it makes. What cannot be tried on a machine is
//! reported as untested, never as passed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::{Place, which};
use crate::steps::{Count, Report};
use crate::{assets, generate, run, services, setup, sh, tidy, web};

/// Lints while compiling: the dependencies are compiled once, not twice.
const LINTING: (&str, &str) = ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");

const PARTS: &[&str] = &[
    "fmt", "tidy", "web", "build", "rust", "gen", "e2e", "api", "iiif", "guard", "proof", "engines", "crash",
];

/// Runs the named parts; all of them when none is named.
pub fn test(place: &Place, parts: &[&str]) -> Result<(), String> {
    let parts = match parts {
        [] => PARTS,
        named => named,
    };
    if let Some(unknown) = parts.iter().find(|p| !PARTS.contains(p)) {
        return Err(format!("没有部分“{unknown}”；可用：{}", PARTS.join(" ")));
    }
    let wanted = |part: &str| parts.contains(&part);
    let needs_binary =
        ["rust", "gen", "e2e", "api", "iiif", "guard", "proof", "engines", "crash"].iter().any(|p| wanted(p));
    let mut report = Report::default();
    run::tools()?;

    if needs_binary {
        report.step("准备：系统软件包与检验工具", || setup::setup(place).map(|()| Count::one()));
    }
    if wanted("fmt") {
        report.step("排版", || done(run::cargo(place).args(["fmt", "--all", "--check"])));
    }
    if wanted("tidy") {
        report.step("结构", || tidy::count(place));
    }
    let mut ready = true;
    if wanted("build") || needs_binary {
        place.claim_target();
    }
    if wanted("web") || wanted("build") || needs_binary {
        ready &= report.step("资源文件", || assets::fetch(place).map(|()| Count::one()));
        ready &= report.step("前端编译", || web::build(place).map(|()| Count::one()));
    }
    if wanted("web") {
        let web = place.root.join("web");
        report.step("前端检查", || {
            let mut count = sh::counted(sh::command(place, "npm", &web).args(["run", "--silent", "check"]))?;
            // Types, lint and dictionaries close without a number of their own.
            count.passed += u64::from(count.failed == 0) * 3;
            Ok(count)
        });
    }
    if wanted("build") || needs_binary {
        let mut build = linting(place);
        build.args(["build", "--workspace", "--all-targets"]);
        ready &= report.step("程序编译与静态检查", || done(&mut build));
    }
    if wanted("rust") {
        if ready {
            rust(place, &mut report);
        } else {
            report.blocked("程序测试", "编译");
        }
    }
    if wanted("gen") {
        if ready {
            report.step("生成的文件", || generate::from_binary(place, true).map(|()| Count::one()));
        } else {
            report.blocked("生成的文件", "编译");
        }
    }
    judges(place, &mut report, ready, &wanted);
    for left in PARTS.iter().filter(|p| !parts.contains(p)) {
        println!("未检测：{left}（cargo xtask test {left}）");
    }
    report.close()
}

/// Parts that drive the finished program from outside.
fn judges(place: &Place, report: &mut Report, ready: bool, wanted: &dyn Fn(&str) -> bool) {
    let outside = |part: &str, file: &str| wanted(part) && place.root.join(file).is_file();
    let parts: [(&str, &str, &str, &[&str]); 11] = [
        ("e2e", "浏览器", "e2e/package.json", &[]),
        ("api", "接口（schemathesis）", "tests-judges/api.py", &[]),
        ("iiif", "图像接口（iiif-validator）", "tests-judges/iiif.py", &[]),
        ("guard", "植入的字符串", "tests-judges/planted.py", &[]),
        ("guard", "恶意文件", "tests-judges/bombs.py", &[]),
        ("proof", "凭证的另一种实现", "tests-judges/proofs.py", &[]),
        ("proof", "离开本机的证明", "tests-judges/carried.py", &[]),
        ("guard", "慢客户端", "tests-judges/slow.py", &[]),
        ("engines", "两种部署的答案", "tests-judges/engines.py", &[]),
        ("crash", "断电 20 次", "tests-judges/powercut.py", &["--cuts", "20"]),
        ("crash", "强制结束 100 次", "tests-judges/kill.py", &["--kills", "100"]),
    ];
    let chosen: Vec<_> = parts.into_iter().filter(|(part, _, file, _)| outside(part, file)).collect();
    if chosen.is_empty() {
        return;
    }
    let mut school = None;
    let made = ready
        && report.step("演示数据", || {
            school = Some(School::make(place)?);
            Ok(Count::one())
        });
    let template = school.as_ref().map(|s| s.data.clone()).unwrap_or_default();
    for (part, name, file, words) in chosen {
        if !made {
            report.blocked(name, if ready { "演示数据" } else { "编译" });
            continue;
        }
        report.step(name, || {
            let mut judge = if part == "e2e" {
                browser(place)?
            } else {
                let mut python = sh::command(place, place.venv().join("bin/python"), &place.root);
                // Compiled Python would lie in the checkout.
                python.arg("-B").arg(place.root.join(file)).args(words);
                python
            };
            let servers = match part {
                "engines" => vec![services::postgres()?, services::s3(place)?],
                _ => Vec::new(),
            };
            judge.envs(servers.iter().map(|s| (s.variable.0, s.variable.1.as_str())));
            sh::counted(judge.env("JZ_BIN", place.binary()).env("JZ_TEMPLATE", &template))
        });
    }
}

/// A small demo school, recognised to the end, that the judges copy; gone when dropped.
struct School {
    folder: PathBuf,
    data: PathBuf,
}

impl School {
    fn make(place: &Place) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("juanzong-school-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|e| format!("{}：{e}", folder.display()))?;
        let data = folder.join("data");
        let school = Self { folder, data };
        let juanzong = || sh::command(place, place.binary(), &place.root);
        let mut demo = juanzong();
        demo.args(["demo", "--people", "60", "--volumes", "3", "--pages", "12", "--json", "--data"]);
        let said = sh::output(demo.arg(&school.data))?;
        fs::write(school.folder.join("data.json"), said).map_err(|e| e.to_string())?;
        sh::output(juanzong().args(["jobs", "run", "--until-idle", "--data"]).arg(&school.data))?;
        Ok(school)
    }
}

impl Drop for School {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// All tests of the workspace, with both servers running beside them.
fn rust(place: &Place, report: &mut Report) {
    let mut servers = Vec::new();
    for (name, start) in [
        ("PostgreSQL 服务", &services::postgres as &dyn Fn() -> Result<services::Server, String>),
        ("S3 服务", &|| services::s3(place)),
    ] {
        report.step(name, || {
            servers.push(start()?);
            Ok(Count::one())
        });
    }
    report.step("程序测试", || {
        let mut tests = linting(place);
        if which("cargo-nextest").is_some() {
            tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        } else {
            println!("没有 cargo-nextest（cargo install cargo-nextest 可安装），改用 cargo test");
            tests.args(["test", "--workspace", "--no-fail-fast"]);
        }
        // With CI set, a test that misses a server, a font or a tool fails; none skips on its own.
        tests.env("CI", "1").env("JZ_BIN", place.binary());
        tests.envs(servers.iter().map(|s| (s.variable.0, s.variable.1.as_str())));
        sh::counted(&mut tests)
    });
}

/// Journeys through the pages in Debian's Chromium.
fn browser(place: &Place) -> Result<Command, String> {
    let e2e = place.root.join("e2e");
    web::install(place, &e2e)?;
    let chromium = setup::chromium().ok_or("没有找到 Chromium")?;
    let files = journeys(&e2e)?;
    let mut node = sh::command(place, "node", &e2e);
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]).args(files);
    node.env("JZ_CHROMIUM", chromium).env("JZ_PYTHON", place.venv().join("bin/python"));
    Ok(node)
}

fn journeys(e2e: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(e2e.join("journeys")).map_err(|e| format!("e2e/journeys：{e}"))?;
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    files.retain(|f| f.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// A cargo whose compiler for our own crates is clippy.
fn linting(place: &Place) -> Command {
    let mut cargo = run::cargo(place);
    if which("clippy-driver").is_some() {
        cargo.env(LINTING.0, LINTING.1);
    } else {
        println!("没有 clippy-driver（rustup component add clippy 可安装），不做静态检查");
    }
    cargo
}

fn done(command: &mut Command) -> Result<Count, String> {
    sh::run(command).map(|()| Count::one())
}
