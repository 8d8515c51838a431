//! C2SP signed notes: a text, an empty line, and lines of signatures.
//!
//! The parser takes one spelling only and refuses everything else, so that a note that
//! was read is written again byte for byte.

use crate::key::{KeyKind, VerifierKey, is_key_name};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use std::fmt;

/// Longest note that is read, in bytes.
pub const MAX_NOTE: usize = 64 * 1024;
/// Most signatures of a note.
pub const MAX_SIGNATURES: usize = 64;

/// Why a note cannot be read or is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the form of a note.
    #[error("not a signed note")]
    Form,
    /// Longer than [`MAX_NOTE`], or more than [`MAX_SIGNATURES`].
    #[error("too long for a note")]
    TooLong,
    /// No trusted key signed it.
    #[error("no signature of a trusted key")]
    NoTrustedSignature,
    /// A signature that names a trusted key is not of that key.
    #[error("the signature of {0} does not hold")]
    BadSignature(String),
    /// Two different trusted keys have one name and one id.
    #[error("two trusted keys have the name {0}")]
    Ambiguous(String),
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// The signature itself; a cosignature begins with 8 bytes of time.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// Reads a line, without its newline.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix("— ").ok_or(NoteError::Form)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::Form)?;
        let bytes = B64.decode(encoded).map_err(|_| NoteError::Form)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
        if !is_key_name(name) || bytes.is_empty() {
            return Err(NoteError::Form);
        }
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }

    /// Reads lines, each with its newline; at least one.
    pub fn parse_lines(text: &str) -> Result<Vec<Self>, NoteError> {
        let lines = text.strip_suffix('\n').ok_or(NoteError::Form)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        lines.split('\n').map(Self::parse).collect()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        writeln!(f, "— {} {}", self.name, B64.encode(bytes))
    }
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// What it signed, and how.
    pub kind: KeyKind,
    /// For a witness: when, in seconds since 1970.
    pub at: Option<u64>,
}

/// A text with signatures; nothing in it is to be believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A note of a text that ends in a newline, and at least one signature.
    pub fn new(text: String, signatures: Vec<Signature>) -> Result<Self, NoteError> {
        if !text.ends_with('\n') || text.contains(|c: char| c < ' ' && c != '\n') || signatures.is_empty() {
            return Err(NoteError::Form);
        }
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        Ok(Self { text, signatures })
    }

    /// Reads a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::TooLong);
        }
        // The text may have empty lines itself; the last one ends it.
        let at = note.rfind("\n\n").ok_or(NoteError::Form)?;
        let (text, rest) = note.split_at(at + 1);
        Self::new(text.to_owned(), Signature::parse_lines(&rest[1..])?)
    }

    /// The signed text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, also those of unknown keys.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature; an older one of the same key gives way.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.retain(|s| (&s.name, s.id) != (&signature.name, signature.id));
        self.signatures.push(signature);
    }

    /// The signatures of these keys, each key once. A note that none of them signed is
    /// refused, and one where a signature names one of them but does not hold.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Vec<Signed>, NoteError> {
        let mut held: Vec<Signed> = Vec::new();
        for s in &self.signatures {
            let mut known = keys.iter().filter(|k| (k.name(), k.id()) == (s.name.as_str(), s.id));
            let Some(key) = known.next() else { continue };
            if known.any(|other| other != key) {
                return Err(NoteError::Ambiguous(s.name.clone()));
            }
            let at = key.verify(&self.text, &s.bytes).map_err(|_| NoteError::BadSignature(s.name.clone()))?;
            if !held.iter().any(|h| (&h.name, h.id) == (&s.name, s.id)) {
                held.push(Signed { name: s.name.clone(), id: s.id, kind: key.kind(), at });
            }
        }
        if held.is_empty() { Err(NoteError::NoTrustedSignature) } else { Ok(held) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|s| s.fmt(f))
    }
}
