//! Checks of what people read: paths, areas and pictures must exist.

use std::collections::BTreeSet;

use super::{Tree, is};

/// Every path in backquotes in `ARCHITECTURE.md` exists, and the document stays short.
pub fn architecture(tree: &Tree) -> Result<Vec<String>, String> {
    const LONGEST: usize = 150;
    let Some(text) = tree.text("ARCHITECTURE.md") else {
        return Ok(vec!["没有 ARCHITECTURE.md".into()]);
    };
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        complaints.push(format!("ARCHITECTURE.md 有 {lines} 行，上限 {LONGEST}；细节写进模块说明"));
    }
    for path in paths(&text) {
        if !tree.root.join(path.trim_end_matches('/')).exists() {
            complaints.push(format!("ARCHITECTURE.md 提到的 {path} 不存在"));
        }
    }
    Ok(complaints)
}

/// Words in backquotes that look like a path of the repository.
fn paths(text: &str) -> BTreeSet<&str> {
    const TOPS: &[&str] =
        &["crates/", "web/", "docs/", "xtask/", "e2e/", "forms/", "bench/", "tests-judges/", ".ci/"];
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .map(str::trim)
        .filter(|w| TOPS.iter().any(|top| w.starts_with(top)))
        .filter(|w| !w.contains(['<', '*', ' ', '{', '…']))
        .collect()
}

/// An area is a folder (or a file) of one name below `jz-domain/src` and `jz-app/src`.
pub fn glossary(tree: &Tree) -> Result<Vec<String>, String> {
    let Some(text) = tree.text("docs/glossary.md") else {
        return Ok(vec!["没有 docs/glossary.md".into()]);
    };
    let mut areas = BTreeSet::new();
    for file in &tree.files {
        for layer in ["crates/jz-domain/src/", "crates/jz-app/src/"] {
            if let Some((area, _)) = file.strip_prefix(layer).and_then(|rest| rest.split_once('/')) {
                areas.insert(area);
            }
        }
    }
    let missing = areas.iter().filter(|area| !text.contains(&format!("`{area}`")));
    Ok(missing.map(|area| format!("docs/glossary.md 没有领域 `{area}`")).collect())
}

/// Pictures that the guide shows.
pub fn guide(tree: &Tree) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|f| f.starts_with("docs/guide/") && is(f, &["md"])) {
        let text = tree.text(file).unwrap_or_default();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ']).next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            if !tree.root.join("docs/guide").join(target).exists() {
                complaints.push(format!("{file} 引用的 {target} 不存在"));
            }
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn only_words_that_look_like_paths_are_taken() {
        let text = "see `crates/jz-domain` and `cargo run`, `crates/<area>` and `docs/api.md`";
        assert_eq!(paths(text).into_iter().collect::<Vec<_>>(), ["crates/jz-domain", "docs/api.md"]);
    }
}
