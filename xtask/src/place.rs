//! Where things are: the checkout, the cache outside it, the binary.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders every command needs.
pub struct Place {
    /// The checkout.
    pub root: PathBuf,
    /// What may be kept between checkouts: downloads, judges, build products.
    pub cache: PathBuf,
    /// Cargo's target folder; outside the checkout, so that a fresh clone reuses it.
    pub target: PathBuf,
}

impl Place {
    /// Reads the environment. The checkout is the one that cargo was called in: where this
    /// program was compiled may be another, when two checkouts share a target folder.
    pub fn find() -> Result<Self, String> {
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here)
            .parent()
            .ok_or("无法确定仓库所在目录")?
            .canonicalize()
            .map_err(|e| format!("仓库目录不可用：{e}"))?;
        let cache = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
            (Some(dir), _) if !dir.is_empty() => PathBuf::from(dir).join("juanzong"),
            (_, Some(home)) if !home.is_empty() => PathBuf::from(home).join(".cache/juanzong"),
            _ => root.join("target/cache"),
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // A relative folder means relative to the checkout, wherever a child runs.
            Some(dir) if !dir.is_empty() => root.join(dir),
            _ => cache.join("target"),
        };
        Ok(Self { root, cache, target })
    }

    /// Makes the target folder this checkout's own, before anything is built.
    ///
    /// Cargo names packages of a workspace alike in every checkout, and a build script
    /// remembers absolute paths: with one target folder for several checkouts, one of them
    /// would embed the pages of another. So what is compiled from the workspace is
    /// forgotten when the checkout changes; everything else is kept.
    pub fn claim_target(&self) {
        let stamp = self.target.join("juanzong-checkout.txt");
        let own = self.root.to_string_lossy();
        if fs::read_to_string(&stamp).is_ok_and(|was| was == own) {
            return;
        }
        for profile in ["debug", "release", "measure"] {
            let Ok(entries) = fs::read_dir(self.target.join(profile).join(".fingerprint")) else { continue };
            for entry in entries.filter_map(Result::ok) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with("jz-") || name.starts_with("juanzong-") {
                    // What cannot be removed is only compiled less often than it should be.
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
        }
        let _ = fs::create_dir_all(&self.target);
        let _ = fs::write(&stamp, own.as_bytes());
    }

    /// The Python environment of the test judges.
    pub fn venv(&self) -> PathBuf {
        self.cache.join("judges")
    }

    /// The binary that `cargo build` makes.
    pub fn binary(&self) -> PathBuf {
        self.target.join("debug/juanzong")
    }

    /// Where `cargo xtask run` keeps its demo school.
    pub fn demo_data(&self) -> PathBuf {
        match (env::var_os("XDG_DATA_HOME"), env::var_os("HOME")) {
            (Some(dir), _) if !dir.is_empty() => PathBuf::from(dir).join("juanzong-demo"),
            (_, Some(home)) if !home.is_empty() => PathBuf::from(home).join(".local/share/juanzong-demo"),
            _ => self.root.join("demo-data"),
        }
    }
}

/// The first program of this name in `PATH`.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}
