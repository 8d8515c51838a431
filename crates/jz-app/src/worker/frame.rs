//! What goes through the pipe: a JSON head and pieces of bytes.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// One message.
#[derive(Debug, Default)]
pub struct Frame {
    /// JSON.
    pub head: Vec<u8>,
    /// Bytes that belong to it.
    pub parts: Vec<Vec<u8>>,
}

/// What the child is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Names of the sheets and the rows of all of them.
    Sheets {
        /// File.
        path: std::path::PathBuf,
        /// Name the person gave it.
        name: String,
    },
    /// The workbook with marks; see `jz_sheet::annotate`.
    Annotate {
        /// File.
        path: std::path::PathBuf,
        /// Name the person gave it.
        name: String,
        /// Where to write.
        out: std::path::PathBuf,
        /// JSON of `Vec<Marks>`.
        marks: Vec<Marks>,
    },
    /// A page image or a PDF (first part): facts, thumbnail, tiles of some of its pages.
    Image {
        /// First page wanted, from 0.
        from: u32,
        /// How many at most: a long PDF is asked for in several calls.
        most: u32,
    },
    /// The files inside a zip, one message each; see `unzip`.
    Unzip {
        /// File.
        path: std::path::PathBuf,
        /// What may come out of it.
        limits: ZipLimits,
    },
    /// Recognition of a page image (first part).
    Ocr,
}

/// What may come out of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZipLimits {
    /// Files, counted before they are listed.
    pub entries: u64,
    /// Bytes of one file.
    pub each: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Inflated bytes per stored byte, looked at in files larger than a mebibyte.
    pub ratio: u64,
}

/// Marks of one sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Marks {
    /// Sheet.
    pub sheet: String,
    /// Row of the column names.
    pub header_row: Option<u32>,
    /// Row, column, text, whether it is an error.
    pub marks: Vec<(u32, Option<u16>, String, bool)>,
}

/// How an answer ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub(super) enum End {
    Done,
    Trouble { code: String, zh: String },
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Trouble {
    /// Stable code.
    pub code: String,
    /// Sentence for people.
    pub zh: String,
}

/// No message is larger than this; a child that says otherwise is broken.
const MOST: u64 = 1 << 30;

impl Frame {
    /// A message with a JSON head.
    pub fn of<T: Serialize>(head: &T, parts: Vec<Vec<u8>>) -> io::Result<Self> {
        Ok(Self { head: serde_json::to_vec(head)?, parts })
    }

    /// The head as a value.
    pub fn parse<T: DeserializeOwned>(&self) -> io::Result<T> {
        Ok(serde_json::from_slice(&self.head)?)
    }

    /// Whether the head is the end of an answer.
    pub(super) fn end(&self) -> Option<End> {
        self.head.starts_with(b"{\"end\"").then(|| serde_json::from_slice(&self.head).ok()).flatten()
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut piece = |bytes: &[u8]| -> io::Result<()> {
            out.write_all(&(bytes.len() as u64).to_be_bytes())?;
            out.write_all(bytes)
        };
        piece(&self.head)?;
        piece(&(self.parts.len() as u32).to_be_bytes())?;
        for p in &self.parts {
            piece(p)?;
        }
        Ok(())
    }

    /// Reads a message; `None` at the end of the pipe.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Option<Self>> {
        let Some(head) = piece(input, true)? else { return Ok(None) };
        let count = piece(input, false)?.unwrap_or_default();
        let count = count.first_chunk::<4>().map_or(0, |c| u32::from_be_bytes(*c));
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(piece(input, false)?.unwrap_or_default());
        }
        Ok(Some(Self { head, parts }))
    }
}

fn piece(input: &mut impl Read, may_end: bool) -> io::Result<Option<Vec<u8>>> {
    let mut len = [0u8; 8];
    match input.read_exact(&mut len) {
        Err(e) if may_end && e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let len = u64::from_be_bytes(len);
    if len > MOST {
        return Err(io::Error::other("message too large"));
    }
    let mut bytes = Vec::new();
    // Grows as bytes arrive: a lying length costs nothing.
    if input.take(len).read_to_end(&mut bytes)? as u64 != len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_pipe() {
        let f = Frame::of(&Op::Ocr, vec![vec![1, 2, 3], vec![]]).unwrap();
        let mut pipe = Vec::new();
        f.write(&mut pipe).unwrap();
        f.write(&mut pipe).unwrap();
        let mut read = &pipe[..];
        for _ in 0..2 {
            let g = Frame::read(&mut read).unwrap().unwrap();
            assert_eq!((g.head, g.parts), (f.head.clone(), f.parts.clone()));
        }
        assert!(Frame::read(&mut read).unwrap().is_none());
        assert!(Frame::read(&mut &pipe[..pipe.len() - 1]).unwrap().is_some());
    }

    #[test]
    fn a_lying_length_is_refused() {
        assert!(Frame::read(&mut &u64::MAX.to_be_bytes()[..]).is_err());
    }
}
