//! The witness: another unit that remembers the last checkpoint and cosigns only what
//! continues it.
//!
//! Requests and answers are the bodies of C2SP tlog-witness, so that the same two texts go
//! over HTTP or, as small files, across an air gap:
//!
//! ```text
//! old 20852014                      — archive-b.example/w <base64>
//! <base64 of a hash>
//! …
//!
//! <the signed checkpoint>
//! ```
//!
//! On the left the request, on the right the answer: lines of signatures. A refusal that is
//! carried as a file is one line, `refused <code> <size>`, with the size that the witness
//! saw last. What the witness keeps is the last checkpoint with its own cosignature under
//! it; so whoever changes the kept file is found out.

use crate::checkpoint::{Checkpoint, CheckpointError, decimal, hash64};
use crate::hash::Hash;
use crate::key::{Cosigner, KeyKind, VerifierKey};
use crate::note::{MAX_NOTE, Note, NoteError, Signature, Signed};
use crate::tree::{Head, Nodes, ProofError, prove_consistency, verify_consistency};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use sha2::Sha256;
use std::fmt;

/// Most hashes of a consistency proof, as C2SP has it.
const MAX_PROOF: usize = 63;
/// Longest request that is read, in bytes: a note and the lines of a proof.
pub const MAX_REQUEST: usize = MAX_NOTE + 64 * (MAX_PROOF + 1);

/// What the log asks the witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Size that the witness cosigned last; 0 if it never did.
    pub old: u64,
    /// Consistency proof from that size.
    pub path: Vec<Hash>,
    /// The new checkpoint.
    pub note: Note,
}

/// A text that is not a request, or not an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a file for or from a witness")]
pub struct Unreadable;

impl Request {
    /// A request to cosign `note`, from the size that the witness saw last.
    pub fn new(nodes: &impl Nodes, old: u64, note: Note) -> Result<Self, RequestError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let path = prove_consistency::<Sha256>(nodes, old, checkpoint.size)?;
        Ok(Self { old, path, note })
    }

    /// Reads the file, or the body of the HTTP request.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.len() > MAX_REQUEST {
            return Err(Unreadable);
        }
        let rest = text.strip_prefix("old ").ok_or(Unreadable)?;
        let (head, note) = rest.split_once("\n\n").ok_or(Unreadable)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(decimal).ok_or(Unreadable)?;
        let path: Vec<Hash> = lines.map(|line| hash64(line).ok_or(Unreadable)).collect::<Result<_, _>>()?;
        if path.len() > MAX_PROOF {
            return Err(Unreadable);
        }
        Ok(Self { old, path, note: Note::parse(note).map_err(|_| Unreadable)? })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", B64.encode(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

/// Why a request cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The witness saw more entries than there are, or a node is missing.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Why the witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No key is known for a log of that origin.
    #[error("the log is not known here")]
    UnknownLog,
    /// Not a checkpoint.
    #[error("not a checkpoint")]
    Checkpoint,
    /// The log's signature is missing or does not hold.
    #[error("the signature of the log does not hold")]
    BadSignature,
    /// Fewer entries than were seen: the log was cut or put back.
    #[error("the log has {offered} entries and had {seen}")]
    Rollback {
        /// Entries of the last cosigned checkpoint.
        seen: u64,
        /// Entries of the offered one.
        offered: u64,
    },
    /// As many entries as were seen, but another root: one of both was rewritten.
    #[error("another root for the same {0} entries")]
    OtherRoot(u64),
    /// The proof starts at another size than the one seen last. No suspicion: ask again from `seen`.
    #[error("the proof must start at {seen}")]
    OtherStart {
        /// Entries of the last cosigned checkpoint.
        seen: u64,
    },
    /// The new tree does not continue the seen one: history was rewritten, or the proof is broken.
    #[error("the log does not continue what was seen at {seen}")]
    Fork {
        /// Entries of the last cosigned checkpoint.
        seen: u64,
    },
    /// What the witness kept is not its own: nothing is cosigned until a person has looked.
    #[error("the kept checkpoint was changed")]
    Memory,
}

impl Refusal {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownLog => "unknown-log",
            Self::Checkpoint => "checkpoint",
            Self::BadSignature => "bad-signature",
            Self::Rollback { .. } => "rollback",
            Self::OtherRoot(_) => "other-root",
            Self::OtherStart { .. } => "other-start",
            Self::Fork { .. } => "fork",
            Self::Memory => "memory",
        }
    }

    /// The HTTP status that C2SP tlog-witness asks for.
    pub fn status(&self) -> u16 {
        match self {
            Self::UnknownLog => 404,
            Self::BadSignature => 403,
            Self::Checkpoint => 400,
            Self::Rollback { .. } | Self::OtherRoot(_) | Self::OtherStart { .. } => 409,
            Self::Fork { .. } => 422,
            Self::Memory => 500,
        }
    }

    /// Entries of the last cosigned checkpoint, where that is known.
    pub fn seen(&self) -> Option<u64> {
        match self {
            Self::Rollback { seen, .. }
            | Self::OtherStart { seen }
            | Self::Fork { seen }
            | Self::OtherRoot(seen) => Some(*seen),
            _ => None,
        }
    }

    /// Whether two signed statements of the log contradict each other. Keep both notes:
    /// together they are the evidence.
    pub fn is_alarm(&self) -> bool {
        matches!(self, Self::Rollback { .. } | Self::OtherRoot(_) | Self::Fork { .. })
    }
}

/// What follows from an accepted request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the witness must have stored safely before it answers.
    pub keep: Note,
    /// The answer.
    pub cosignature: Signature,
}

/// One step of the witness. `kept` is the note of its last [`Accepted::keep`] for this log,
/// `logs` are the keys of the logs it serves, `now` is in seconds since 1970.
///
/// Steps for one log must follow one another: read `kept`, step, store, answer.
pub fn step(
    key: &Cosigner,
    logs: &[VerifierKey],
    kept: Option<&Note>,
    request: &Request,
    now: u64,
) -> Result<Accepted, Refusal> {
    let offered = Checkpoint::parse(request.note.text()).map_err(|_| Refusal::Checkpoint)?;
    if !logs.iter().any(|k| k.kind() != KeyKind::Cosignature && k.name() == offered.origin) {
        return Err(Refusal::UnknownLog);
    }
    Checkpoint::open(&request.note, logs).map_err(|_| Refusal::BadSignature)?;
    let seen = kept.map(|note| remembered(key, note, &offered.origin)).transpose()?;
    if let Some(seen) = seen {
        if offered.size < seen.size {
            return Err(Refusal::Rollback { seen: seen.size, offered: offered.size });
        }
        if offered.size == seen.size && offered.root != seen.root {
            return Err(Refusal::OtherRoot(seen.size));
        }
    }
    let old = seen.map_or(0, |head| head.size);
    if request.old != old {
        return Err(Refusal::OtherStart { seen: old });
    }
    let from = seen.unwrap_or(Head { size: 0, root: crate::hash::empty_root::<Sha256>() });
    verify_consistency::<Sha256>(from, offered.head(), &request.path)
        .map_err(|_| Refusal::Fork { seen: old })?;
    let cosignature = key.cosign(request.note.text(), now);
    let mut keep = request.note.clone();
    keep.add(cosignature.clone());
    Ok(Accepted { keep, cosignature })
}

/// Size and root that the witness itself cosigned.
fn remembered(key: &Cosigner, note: &Note, origin: &str) -> Result<Head, Refusal> {
    note.verify(std::slice::from_ref(key.verifier())).map_err(|_| Refusal::Memory)?;
    let kept = Checkpoint::parse(note.text()).map_err(|_| Refusal::Memory)?;
    if kept.origin == origin { Ok(kept.head()) } else { Err(Refusal::Memory) }
}

/// What comes back from a witness, as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Cosignatures.
    Cosigned(Vec<Signature>),
    /// A refusal.
    Refused {
        /// [`Refusal::code`].
        code: String,
        /// Entries that the witness saw last, if it says.
        seen: Option<u64>,
    },
}

impl Answer {
    /// The answer to a step.
    pub fn new(outcome: &Result<Accepted, Refusal>) -> Self {
        match outcome {
            Ok(accepted) => Self::Cosigned(vec![accepted.cosignature.clone()]),
            Err(refusal) => Self::Refused { code: refusal.code().to_owned(), seen: refusal.seen() },
        }
    }

    /// Reads the file, or the body of a good HTTP answer.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.len() > MAX_NOTE {
            return Err(Unreadable);
        }
        let Some(refused) = text.strip_prefix("refused ") else {
            return Signature::parse_lines(text).map(Self::Cosigned).map_err(|_| Unreadable);
        };
        let words: Vec<&str> = refused.strip_suffix('\n').ok_or(Unreadable)?.split(' ').collect();
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        match words.as_slice() {
            [code] if word(code) => Ok(Self::Refused { code: (*code).to_owned(), seen: None }),
            [code, seen] if word(code) => {
                let seen = decimal(seen).ok_or(Unreadable)?;
                Ok(Self::Refused { code: (*code).to_owned(), seen: Some(seen) })
            }
            _ => Err(Unreadable),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cosigned(lines) => lines.iter().try_for_each(|line| line.fmt(f)),
            Self::Refused { code, seen: None } => writeln!(f, "refused {code}"),
            Self::Refused { code, seen: Some(seen) } => writeln!(f, "refused {code} {seen}"),
        }
    }
}

/// Adds those cosignatures to the note that are of trusted witnesses and hold for it;
/// answers which. Lines of others are left out, and a line that names a trusted witness
/// but does not hold (an answer to another checkpoint) refuses the whole.
pub fn adopt(
    note: &mut Note,
    lines: &[Signature],
    witnesses: &[VerifierKey],
) -> Result<Vec<Signed>, NoteError> {
    let answered = Note::new(note.text().to_owned(), lines.to_vec())?;
    let mut held = answered.verify(witnesses)?;
    held.retain(|s| s.kind == KeyKind::Cosignature);
    for s in &held {
        if let Some(line) = lines.iter().find(|l| (&l.name, l.id) == (&s.name, s.id)) {
            note.add(line.clone());
        }
    }
    Ok(held)
}
