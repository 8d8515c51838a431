//! Labels under which columns are sealed: a value moved to another column does not open.

use crate::Fail;
use jz_blob::Keys;
use serde::{Serialize, de::DeserializeOwned};

/// 公民身份号码.
pub const ID_NO: &str = "person.id_no";
/// 手机号码.
pub const PHONE: &str = "person.phone";
/// Other fields of a person.
pub const PERSON: &str = "person.detail";
/// Extras of an organisation.
pub const ORG: &str = "org.extra";
/// Detail of an event.
pub const EVENT: &str = "event.detail";
/// Lines of a page.
pub const LINES: &str = "page_text.lines";
/// Folded text of a page.
pub const FOLDED: &str = "page_text.folded";
/// Path or file name a page came from.
pub const SOURCE: &str = "page.source";
/// Name of an uploaded file.
pub const FILE: &str = "batch.file";
/// Summary of a batch.
pub const SUMMARY: &str = "batch.summary";
/// State before a batch.
pub const BEFORE: &str = "batch_item.before";
/// Catalogue revisions.
pub const REVISION: &str = "catalogue_rev";

/// Seals a value as JSON.
pub fn json<T: Serialize>(keys: &Keys, label: &str, value: &T) -> Result<Vec<u8>, Fail> {
    let plain = serde_json::to_vec(value).map_err(|e| Fail::machine("writing JSON", e))?;
    Ok(keys.seal_field(label, &plain)?)
}

/// Opens a sealed JSON value.
pub fn open_json<T: DeserializeOwned>(keys: &Keys, label: &str, sealed: &[u8]) -> Result<T, Fail> {
    let plain = keys.open_field(label, sealed)?;
    serde_json::from_slice(&plain).map_err(|e| Fail::machine("reading JSON", e))
}

/// Seals text.
pub fn text(keys: &Keys, label: &str, value: &str) -> Result<Vec<u8>, Fail> {
    Ok(keys.seal_field(label, value.as_bytes())?)
}

/// Opens sealed text.
pub fn open_text(keys: &Keys, label: &str, sealed: &[u8]) -> Result<String, Fail> {
    let plain = keys.open_field(label, sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|e| Fail::machine("reading sealed text", e))
}
