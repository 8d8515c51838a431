//! The checkpoint: size and root of the ledger, signed, as C2SP tlog-checkpoint writes it.
//!
//! ```text
//! archive.example.edu.cn/juanzong
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! sm3 Q0yNfjh0SIIyZnmq0Y8x3YwVQ1Cq3nlJzkPqk3tXG1I=
//! at 1764032400000
//!
//! — archive.example.edu.cn/juanzong Az3grlgt…
//! ```
//!
//! Origin, number of entries in decimal, root; then extension lines. Ours are `sm3`, the
//! root of a tree of the same entries built with SM3, and `at`, when it was made, in
//! milliseconds since 1970. Both are claims of the log: a witness checks the first three
//! lines only.

use crate::hash::Hash;
use crate::key::{KeyError, KeyKind, Signer, VerifierKey, is_key_name};
use crate::note::{Note, NoteError, Signed};
use crate::tree::{Head, MAX_SIZE};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};

/// Why a text is not a checkpoint, or not one to believe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note, or its signatures.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Line of the text, from 1, that is not what it should be.
    #[error("line {0} is not that of a checkpoint")]
    Line(usize),
    /// A key that signs must bear the name of the log.
    #[error("the name of the key is not the origin")]
    Name,
    /// A signature could not be made.
    #[error("signing failed")]
    Sign(#[from] KeyError),
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, for ever the same, e.g. `archive.example.edu.cn/juanzong`.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the SHA-256 tree over them.
    pub root: Hash,
    /// Root of the SM3 tree over the same entries.
    pub sm3: Option<Hash>,
    /// When it was made, in milliseconds since 1970.
    pub at: Option<i64>,
    /// Extension lines of others, which come last.
    pub others: Vec<String>,
}

/// A number as it must be written: digits, no zero in front.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || (text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0'));
    text.parse().ok().filter(|n| plain && *n <= MAX_SIZE)
}

/// A hash in base64.
pub(crate) fn hash64(text: &str) -> Option<Hash> {
    B64.decode(text).ok()?.try_into().ok()
}

impl Checkpoint {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, B64.encode(self.root));
        let ours = [self.sm3.map(|h| format!("sm3 {}", B64.encode(h))), self.at.map(|at| format!("at {at}"))];
        for line in ours.iter().flatten().chain(&self.others) {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text of a note.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Line(1))?;
        let lines: Vec<&str> = body.split('\n').collect();
        let line =
            |n: usize| lines.get(n).copied().filter(|l| !l.is_empty()).ok_or(CheckpointError::Line(n + 1));
        let mut found = Self {
            origin: line(0)?.to_owned(),
            size: decimal(line(1)?).ok_or(CheckpointError::Line(2))?,
            root: hash64(line(2)?).ok_or(CheckpointError::Line(3))?,
            sm3: None,
            at: None,
            others: Vec::new(),
        };
        for n in 3..lines.len() {
            let (text, bad) = (line(n)?, CheckpointError::Line(n + 1));
            // Each of ours once, and in the order in which they are written.
            if let Some(root) = text.strip_prefix("sm3 ") {
                let first = found.sm3.is_none() && found.at.is_none() && found.others.is_empty();
                found.sm3 = Some(hash64(root).filter(|_| first).ok_or(bad)?);
            } else if let Some(at) = text.strip_prefix("at ") {
                let first = found.at.is_none() && found.others.is_empty();
                let at = decimal(at).and_then(|at| i64::try_from(at).ok()).filter(|_| first);
                found.at = Some(at.ok_or(bad)?);
            } else {
                found.others.push(text.to_owned());
            }
        }
        Ok(found)
    }

    /// Size and root.
    pub fn head(&self) -> Head {
        Head { size: self.size, root: self.root }
    }

    /// Signs with the keys of the log, whose name is the origin: Ed25519 first, so that the
    /// tools of others find what they know.
    pub fn sign(&self, keys: &[&Signer]) -> Result<Note, CheckpointError> {
        let text = self.to_text();
        // What cannot be read again is not signed.
        if Self::parse(&text)? != *self || !is_key_name(&self.origin) {
            return Err(CheckpointError::Line(1));
        }
        if keys.iter().any(|k| k.verifier().name() != self.origin) {
            return Err(CheckpointError::Name);
        }
        let signatures = keys.iter().map(|k| k.sign(&text)).collect::<Result<_, _>>()?;
        Ok(Note::new(text, signatures)?)
    }

    /// Reads a note and checks that the log itself signed it: a key among `keys` that is
    /// none of a witness and bears the name of the log. Answers what it says and which
    /// signatures of the log hold.
    pub fn open(note: &Note, keys: &[VerifierKey]) -> Result<(Self, Vec<Signed>), CheckpointError> {
        let found = Self::parse(note.text())?;
        let own = |k: &&VerifierKey| k.kind() != KeyKind::Cosignature && k.name() == found.origin;
        let own: Vec<VerifierKey> = keys.iter().filter(own).cloned().collect();
        let signed = note.verify(&own)?;
        Ok((found, signed))
    }
}
