//! Licences of what the program is made of: permissive, or copyleft by file.
//!
//! `deny.toml` says the same to cargo-deny, where that is installed; this check
//! needs nothing but cargo.

use std::collections::BTreeMap;

use super::Tree;
use crate::{run, sh};

/// Licences that may be linked into an Apache-2.0 program.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "IJG",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages that have no place here, with what stands in for them.
const UNWANTED: &[(&str, &str)] = &[
    ("openssl-sys", "加密传输用 rustls"),
    ("native-tls", "加密传输用 rustls"),
    ("sqlx", "数据库只经 jz-store 内的薄层"),
];

/// Every package that ends up in the program.
pub fn dependencies(tree: &Tree) -> Result<Vec<String>, String> {
    let mut cargo = run::cargo(tree.place);
    cargo.args(["tree", "--workspace", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
    let text = sh::output(cargo.args(["--format", "{p}|{l}"]))?;
    let packages: BTreeMap<&str, &str> = text.lines().filter_map(|l| l.split_once('|')).collect();
    let mut complaints = Vec::new();
    for (package, licence) in packages {
        let name = package.split(' ').next().unwrap_or(package);
        if !fits(licence) {
            complaints.push(format!("{package} 的许可是“{licence}”，不在允许之列"));
        }
        if let Some((_, instead)) = UNWANTED.iter().find(|(unwanted, _)| *unwanted == name) {
            complaints.push(format!("{package} 不应出现：{instead}"));
        }
    }
    Ok(complaints)
}

/// Whether an expression leaves us a way: each part joined by AND has an allowed choice.
fn fits(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|one| ALLOWED.contains(&one.trim())))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn one_allowed_choice_is_enough_but_every_part_counts() {
        assert!(fits("MIT OR Apache-2.0"));
        assert!(fits("GPL-3.0 OR MIT"));
        assert!(fits("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(fits("Apache-2.0 / MIT"));
        assert!(!fits("MIT AND GPL-3.0"));
        assert!(!fits("AGPL-3.0"));
        assert!(!fits(""));
    }
}
