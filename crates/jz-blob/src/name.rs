//! Names of objects, and what a place to keep them in must be able to do.

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::Result;

/// Name of a stored object: a keyed digest, so that the name tells nothing about the content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName([u8; 32]);

impl ObjectName {
    /// The name with these bytes, as kept in a database row.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads the 64 hexadecimal digits written by [`fmt::Display`].
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Path below the root of the store: two levels of 256 folders, then the whole name.
    pub fn path(&self) -> String {
        let hex = hex::encode(self.0);
        format!("{}/{}/{hex}", &hex[..2], &hex[2..4])
    }

    /// The inverse of [`ObjectName::path`]; `None` for anything that is not an object's path.
    pub fn from_path(path: &str) -> Option<Self> {
        let name = Self::parse(path.rsplit('/').next()?)?;
        (name.path() == path).then_some(name)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A finished temporary file that waits for its place.
#[derive(Debug, Clone)]
pub struct Staged {
    /// The name it shall get.
    pub name: ObjectName,
    /// Where it is now.
    pub file: PathBuf,
}

/// What to do when the name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Leave the stored object alone.
    Absent,
    /// Replace it in one step: a reader sees the old or the new object, never a mixture.
    Always,
}

/// What became of a [`Staged`] file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is the stored object now.
    Stored,
    /// The name was taken; the temporary file is still there and belongs to the caller.
    Existed,
}

/// One file found while listing a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path below the root of the store.
    pub path: String,
    /// The object's name; `None` when the file does not belong here.
    pub name: Option<ObjectName>,
    /// Stored length in bytes.
    pub size: u64,
    /// When it was written. A sweep leaves young extra objects alone: their row may not be committed yet.
    pub modified: Option<SystemTime>,
}

/// Everything in a store, in ascending order of the path.
pub type Listing<'a> = Box<dyn Iterator<Item = Result<Entry>> + Send + 'a>;

/// A place where objects live: put, get, head, delete, and a listing for the sweep.
///
/// It moves ciphertext and knows no key. All functions block.
pub trait Blobs: Send + Sync {
    /// Gives each file its name. When this returns, every object of the batch is durable,
    /// also those that [`Placed::Existed`].
    fn put(&self, batch: &[Staged], when: When) -> Result<Vec<Placed>>;

    /// Reads `len` bytes from `offset`, fewer at the end of the object. "Not there" is `None`.
    fn get(&self, name: &ObjectName, offset: u64, len: u64) -> Result<Option<Vec<u8>>>;

    /// Stored length in bytes. "Not there" is `None`.
    fn head(&self, name: &ObjectName) -> Result<Option<u64>>;

    /// Removes an object for good. `false` when there was none.
    fn delete(&self, name: &ObjectName) -> Result<bool>;

    /// Lists everything, also files that are no objects.
    fn list(&self) -> Result<Listing<'_>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_back_to_its_name() {
        let name = ObjectName::from_bytes(std::array::from_fn(|i| i as u8 ^ 0xa5));
        assert_eq!(ObjectName::from_path(&name.path()), Some(name));
        assert_eq!(ObjectName::parse(&name.to_string()), Some(name));
        let hex = name.to_string();
        for wrong in [format!("00/00/{hex}"), hex.clone(), hex.to_uppercase(), hex[1..].into(), String::new()]
        {
            assert_eq!(ObjectName::from_path(&wrong), None, "{wrong}");
        }
        assert_eq!(ObjectName::parse(&hex.to_uppercase()), None);
    }
}
