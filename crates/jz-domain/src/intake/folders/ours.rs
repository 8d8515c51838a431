//! The JSON beside the images of layout J, which is what we write ourselves.

use crate::intake::catalogue::{CatalogueFile, CatalogueItem, PersonHint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `catalog.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogJson {
    /// Version of this format: 1.
    pub version: u32,
    /// Code of the class scheme.
    pub scheme: String,
    /// Materials in the order of the catalogue.
    pub items: Vec<CatalogueItem>,
}

/// Why the JSON cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not the JSON we write.
    #[error("not a catalog.json or person.json")]
    Malformed,
    /// Written by a newer version.
    #[error("catalog.json has version {0}")]
    Version(u32),
}

impl JsonError {
    /// A sentence for people.
    pub fn zh(self) -> String {
        match self {
            Self::Malformed => "catalog.json 或 person.json 不是本系统导出的格式，无法读取。".to_owned(),
            Self::Version(v) => format!("catalog.json 的格式版本 {v} 比本系统新，请先升级本系统。"),
        }
    }
}

/// Reads `catalog.json` and `person.json`; returns the code of the scheme as well.
pub fn parse_json(catalog: &str, person: &str) -> Result<(String, CatalogueFile), JsonError> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let head: Head = serde_json::from_str(catalog).map_err(|_| JsonError::Malformed)?;
    if head.version != 1 {
        return Err(JsonError::Version(head.version));
    }
    let catalog: CatalogJson = serde_json::from_str(catalog).map_err(|_| JsonError::Malformed)?;
    let person: PersonHint = serde_json::from_str(person).map_err(|_| JsonError::Malformed)?;
    Ok((catalog.scheme, CatalogueFile { person, items: catalog.items, findings: Vec::new() }))
}

/// Reads a manifest: path → digest in lower case. Lines are `digest  path`, a star before
/// the path (binary mode) is allowed; other lines are left out.
pub fn parse_manifest(text: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let (digest, path) = line.trim_end().split_once(' ')?;
        let path = path.trim_start().trim_start_matches('*').trim_start_matches("./");
        let sound = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) && !path.is_empty();
        sound.then(|| (path.to_owned(), digest.to_ascii_lowercase()))
    };
    text.lines().filter_map(line).collect()
}
