//! Settings of an installation: `config.toml` in the data folder.

use crate::Fail;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What the file may say; everything has a default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Master key file; beside the data folder when not given.
    pub key_file: Option<PathBuf>,
    /// PostgreSQL connection string; the embedded database when not given.
    pub database: Option<String>,
    /// S3-compatible storage; the local folder when not given.
    pub s3: Option<S3>,
    /// Pages whose mean confidence is below this are listed for a person (0–1).
    pub low_confidence: Option<f64>,
    /// Worker threads for recognition.
    pub workers: Option<usize>,
    /// Largest size of the cache of thumbnails and tiles, in MiB; 20 GiB when not given.
    pub cache_mib: Option<u64>,
}

/// An S3-compatible store.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// Address.
    pub endpoint: String,
    /// Bucket.
    pub bucket: String,
    /// Region.
    pub region: Option<String>,
    /// Folder inside the bucket.
    pub prefix: Option<String>,
    /// Access key.
    pub access_key: String,
    /// Secret key.
    pub secret_key: String,
}

impl std::fmt::Debug for S3 {
    /// Never the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the file; defaults when there is none.
    pub fn read(dir: &Path) -> Result<Self, Fail> {
        match std::fs::read_to_string(dir.join("config.toml")) {
            Ok(text) => toml::from_str(&text).map_err(|e| {
                Fail::refused("config.invalid", format!("配置文件 config.toml 有误：{}", e.message()))
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(e.into()),
        }
    }

    /// Writes the file.
    pub fn write(&self, dir: &Path) -> Result<(), Fail> {
        let text = toml::to_string_pretty(self).map_err(|e| Fail::machine("writing config.toml", e))?;
        std::fs::write(dir.join("config.toml"), text)?;
        Ok(())
    }

    /// Largest size of the cache, in bytes.
    pub fn cache_bytes(&self) -> u64 {
        self.cache_mib.unwrap_or(20 << 10) << 20
    }

    /// Where the master key is.
    pub fn key_path(&self, dir: &Path) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| {
            let mut name = dir.file_name().unwrap_or_default().to_os_string();
            name.push(".key");
            dir.with_file_name(name)
        })
    }
}
