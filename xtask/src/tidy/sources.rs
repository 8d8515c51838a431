//! Checks of source files: length, words, migrations.

use std::collections::BTreeMap;

use super::{Tree, is};

/// Lines of code a file may have.
const LONGEST: usize = 600;
const LONG_FILES: &str = "xtask/long-files.txt";
/// Files made by programs.
const GENERATED: &[&str] = &["web/src/api/schema.d.ts", "docs/openapi.json"];

/// No file over [`LONGEST`] lines of code, but for the shrinking list.
pub fn length(tree: &Tree) -> Result<Vec<String>, String> {
    let listed = tree.text(LONG_FILES).unwrap_or_default();
    let mut listed: BTreeMap<&str, usize> = listed
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        .map(|l| {
            let (file, n) =
                l.split_once('\t').ok_or_else(|| format!("{LONG_FILES} 的行应为“文件<TAB>行数”：{l}"))?;
            n.trim().parse().map(|n| (file, n)).map_err(|_| format!("{LONG_FILES} 的行数不是数字：{l}"))
        })
        .collect::<Result<_, String>>()?;
    let mut complaints = Vec::new();
    for file in &tree.files {
        let code = is(file, &["rs", "ts", "tsx", "mjs", "py"]);
        if !code || GENERATED.contains(&file.as_str()) {
            continue;
        }
        let lines = code_lines(&tree.text(file).unwrap_or_default(), is(file, &["py"]));
        match listed.remove(file.as_str()) {
            Some(allowed) if lines > allowed => {
                complaints
                    .push(format!("{file} 有 {lines} 行代码，名单允许 {allowed}；请拆分，名单只许缩小"));
            }
            Some(allowed) if lines < allowed => {
                complaints.push(format!("{file} 已缩短到 {lines} 行，请在 {LONG_FILES} 中改小或删去"));
            }
            None if lines > LONGEST => {
                complaints.push(format!("{file} 有 {lines} 行代码，上限 {LONGEST}；请拆分"));
            }
            _ => {}
        }
    }
    complaints.extend(listed.keys().map(|file| format!("{LONG_FILES} 中的 {file} 已不存在，请删去该行")));
    Ok(complaints)
}

/// Lines that are neither empty nor only a comment.
fn code_lines(text: &str, python: bool) -> usize {
    let comment =
        |l: &str| if python { l.starts_with('#') } else { l.starts_with("//") || l.starts_with('*') };
    text.lines().map(str::trim).filter(|l| !l.is_empty() && !comment(l)).count()
}

/// Folders that exist on one machine only have no place in the repository.
pub fn machine_paths(tree: &Tree) -> Result<Vec<String>, String> {
    // Put together here, so that this file does not contain what it looks for.
    let words = ["work", "root"].map(|w| format!("/{w}/"));
    let mut complaints = Vec::new();
    for file in &tree.files {
        let Some(text) = tree.text(file) else { continue };
        for (i, line) in text.lines().enumerate() {
            for word in &words {
                if standalone(line, word) {
                    complaints.push(format!("{file}:{} 含有 {word}", i + 1));
                }
            }
        }
    }
    Ok(complaints)
}

/// Whether `word` starts a path here: `/x/y`, but not `docs/x/y`.
fn standalone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '}' | '_' | '-' | '~' | ')'))
    })
}

/// Time is a parameter: only the clock itself and tests ask the machine.
pub fn clock(tree: &Tree) -> Result<Vec<String>, String> {
    const ASKS: &[&str] = &["SystemTime::now(", "Timestamp::now(", "Zoned::now("];
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|f| f.starts_with("crates/") && is(f, &["rs"])) {
        if file.ends_with("/clock.rs") || file.contains("/tests/") {
            continue;
        }
        let text = tree.text(file).unwrap_or_default();
        // Test modules stand at the end of a file.
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for ask in ASKS.iter().filter(|ask| product.contains(**ask)) {
            complaints.push(format!("{file} 调用了 {ask}…)；时间由调用者传入，系统时间只在 clock.rs 里读"));
        }
    }
    Ok(complaints)
}

/// Lock files name packages and digests; where a machine fetched them from is its own affair.
pub fn lock_addresses(tree: &Tree) -> Result<Vec<String>, String> {
    let locks = tree.files.iter().filter(|f| f.ends_with("package-lock.json"));
    let bad = locks.filter(|f| tree.text(f).unwrap_or_default().contains("\"resolved\": \"http"));
    Ok(bad
        .map(|f| format!("{f} 记录了下载地址，请用 npm 的 omit-lockfile-registry-resolved 重新生成"))
        .collect())
}

/// Where the two databases have scripts of their own, the names are the same.
pub fn migrations(tree: &Tree) -> Result<Vec<String>, String> {
    let names = |engine: &str| -> Vec<&str> {
        let folder = format!("crates/jz-store/migrations/{engine}/");
        tree.files.iter().filter_map(|f| f.strip_prefix(folder.as_str())).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let only = |a: &[&str], b: &[&str], engine: &str| -> Vec<String> {
        let missing = a.iter().filter(|n| !b.contains(n));
        missing.map(|n| format!("迁移脚本 {n} 在 {engine} 一侧没有同名文件")).collect()
    };
    let mut complaints = only(&sqlite, &postgres, "postgres");
    complaints.extend(only(&postgres, &sqlite, "sqlite"));
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::{code_lines, standalone};

    #[test]
    fn comments_and_empty_lines_are_not_code() {
        assert_eq!(code_lines("// a\n\nlet x = 1;\n  /// doc\n}\n", false), 2);
        assert_eq!(code_lines("# a\nx = 1\n", true), 1);
    }

    #[test]
    fn only_the_start_of_a_path_is_a_machine_path() {
        let word = ["", "work", ""].join("/");
        assert!(standalone(&format!("see {word}main"), &word));
        assert!(!standalone(&format!("docs{word}main"), &word));
    }
}
