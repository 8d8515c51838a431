//! Which crate may depend on which.
//!
//! Crates mark direction: rules know no database, use cases know no driver,
//! leaf tools know nothing of the Party or of each other. A new arrow is a
//! visible change of [`ARROWS`].

use super::{Tree, is};
use crate::{run, sh};

/// Crate → our crates it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("jz-domain", &[]),
    ("jz-store", &["jz-domain"]),
    ("jz-blob", &[]),
    ("jz-search", &[]),
    ("jz-sheet", &[]),
    ("jz-imaging", &[]),
    ("jz-proof", &[]),
    ("jz-assets", &[]),
    ("jz-forms", &["jz-assets"]),
    (
        "jz-app",
        &["jz-domain", "jz-store", "jz-blob", "jz-search", "jz-sheet", "jz-imaging", "jz-assets", "jz-proof"],
    ),
    ("jz-web", &["jz-domain", "jz-store", "jz-app", "jz-imaging", "jz-assets"]),
    ("jz-demo", &["jz-domain", "jz-sheet", "jz-imaging", "jz-assets"]),
    (
        "juanzong",
        &[
            "jz-domain",
            "jz-store",
            "jz-blob",
            "jz-search",
            "jz-sheet",
            "jz-imaging",
            "jz-assets",
            "jz-forms",
            "jz-app",
            "jz-web",
            "jz-demo",
            "jz-proof",
        ],
    ),
    ("xtask", &[]),
    // Measures what it likes; nothing depends on it.
    ("jz-bench", &["jz-domain", "jz-store", "jz-app", "jz-search", "jz-imaging", "jz-demo"]),
    ("jz-bench-intake", &["jz-app", "jz-blob", "jz-imaging", "jz-demo"]),
];

/// Crates that must never reach these packages, however indirectly.
const PURE: &[(&str, &[&str])] = &[
    ("jz-domain", &["tokio", "rusqlite", "postgres", "axum", "hyper"]),
    ("jz-store", &["axum", "hyper"]),
    ("jz-sheet", &["tokio", "rusqlite", "postgres", "axum"]),
    ("jz-imaging", &["tokio", "rusqlite", "postgres", "axum"]),
    ("jz-search", &["tokio", "rusqlite", "postgres", "axum"]),
    // Keys and time come from the caller, so not even randomness.
    ("jz-proof", &["tokio", "rusqlite", "postgres", "axum", "getrandom"]),
];

/// The arrows between our crates.
pub fn direction(tree: &Tree) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for name in ours(tree) {
        let Some((_, allowed)) = ARROWS.iter().find(|(n, _)| *n == name) else {
            complaints.push(format!("{name} 不在依赖方向表里（xtask/src/tidy/fences.rs）"));
            continue;
        };
        for other in reached(tree, &name, true)? {
            let our = other.starts_with("jz-") || other == "juanzong" || other == "xtask";
            if our && other != name && !allowed.contains(&other.as_str()) {
                complaints.push(format!("{name} 不得依赖 {other}"));
            }
        }
    }
    Ok(complaints)
}

/// `jz-app` and `jz-web` cannot even name a driver.
pub fn drivers(tree: &Tree) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for name in ours(tree).into_iter().filter(|n| n != "jz-store") {
        for other in reached(tree, &name, true)? {
            if other == "rusqlite" || other == "postgres" {
                complaints.push(format!("{name} 直接依赖 {other}；数据库只经 jz-store"));
            }
        }
    }
    for file in &tree.files {
        let above = file.starts_with("crates/jz-app/src/") || file.starts_with("crates/jz-web/src/");
        if above && is(file, &["rs"]) {
            let text = tree.text(file).unwrap_or_default();
            if text.contains("rusqlite::") || text.contains("postgres::") {
                complaints.push(format!("{file} 提到了数据库驱动"));
            }
        }
    }
    Ok(complaints)
}

/// Rules and leaf tools do no input or output of the forbidden kinds.
pub fn pure(tree: &Tree) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for (name, forbidden) in PURE {
        for other in reached(tree, name, false)? {
            if forbidden.contains(&other.as_str()) {
                complaints.push(format!("{name} 经由依赖引入了 {other}"));
            }
        }
    }
    Ok(complaints)
}

/// The names of our packages.
fn ours(tree: &Tree) -> Vec<String> {
    let manifests = tree.files.iter().filter(|f| f.ends_with("/Cargo.toml"));
    let name = |text: String| {
        let line = text.lines().find_map(|l| l.strip_prefix("name = \""))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    manifests.filter_map(|f| name(tree.text(f)?)).collect()
}

/// Packages that `name` depends on: only at once, or all of them. Tests do not count.
fn reached(tree: &Tree, name: &str, direct: bool) -> Result<Vec<String>, String> {
    let mut cargo = run::cargo(tree.place);
    cargo.args(["tree", "--offline", "--package", name, "--edges", "normal,build", "--prefix", "none"]);
    cargo.args(["--format", "{p}"]);
    if direct {
        cargo.args(["--depth", "1"]);
    }
    let text = match sh::output(&mut cargo) {
        Ok(text) => text,
        // A fresh machine has not downloaded the packages yet.
        Err(_) => sh::output(run::cargo(tree.place).arg("fetch").arg("--quiet"))
            .and_then(|_| sh::output(&mut cargo))?,
    };
    let mut names: Vec<String> =
        text.lines().skip(1).filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    Ok(names)
}
