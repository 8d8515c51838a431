//! The receipt: one file that shows, without our server, that a line is in the ledger.
//!
//! The file is a C2SP tlog-proof, extension `.tlog-proof`:
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64 of JSON>
//! index 73894
//! <base64 of a hash, from the leaf's sibling up>
//! …
//!
//! <the signed checkpoint>
//! ```
//!
//! The JSON opens the leaf: `{"v":1,"leaf":"…","salt":"…","detail":"…"}`. `leaf` are the
//! exact bytes that the tree hashes, themselves JSON. Their `commit` is SHA-256 over salt
//! and detail, in hex; `salt` is 32 bytes in hex, `detail` the exact text. Where the detail
//! was erased, salt and detail are missing and the line stands without it.

use crate::checkpoint::{Checkpoint, CheckpointError, decimal, hash64};
use crate::hash::Hash;
use crate::key::{KeyKind, VerifierKey};
use crate::note::{Note, NoteError, Signed};
use crate::tree::{Nodes, ProofError, prove_inclusion, verify_inclusion};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

const FIRST: &str = "c2sp.org/tlog-proof@v1";
/// Longest receipt that is read, in bytes.
pub const MAX_RECEIPT: usize = 512 * 1024;
/// How far a witness's clock may be ahead, in seconds.
const SKEW: u64 = 600;

/// What opens a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Version of this form: 1.
    pub v: u8,
    /// The hashed bytes of the entry, exactly.
    pub leaf: String,
    /// Salt of the commitment, in hex; none when the detail was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The detail, exactly as it was committed to; none when empty or erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Opening {
    /// An opening from what the ledger keeps; `None` where leaf or detail are no UTF-8,
    /// which the ledger never writes.
    pub fn new(leaf: &[u8], salt: Option<&[u8]>, detail: Option<&[u8]>) -> Option<Self> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let detail = match detail {
            Some(bytes) if !bytes.is_empty() => Some(text(bytes)?),
            _ => None,
        };
        Some(Self { v: 1, leaf: text(leaf)?, salt: salt.map(hex::encode), detail })
    }

    /// Whether salt and detail are what the line committed to.
    fn fits(&self, commit: &str) -> bool {
        match &self.salt {
            None => self.detail.is_none(),
            Some(salt) => hex::decode(salt).is_ok_and(|bytes| {
                let detail = self.detail.as_deref().unwrap_or_default();
                let digest = Sha256::new().chain_update(&bytes).chain_update(detail).finalize();
                // One spelling only: hex has capitals too.
                bytes.len() == 32 && hex::encode(&bytes) == *salt && hex::encode(digest) == commit
            }),
        }
    }
}

/// The fields of a ledger line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Version of the line.
    pub v: u32,
    /// Number of the line, from 0: its place in the tree.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub t: i64,
    /// Id of the account; `0` is the system itself.
    pub actor: String,
    /// Code of the role.
    pub role: String,
    /// Beginning of the session's digest.
    pub sess: String,
    /// Address the request came from.
    pub addr: String,
    /// Code of the action.
    pub action: String,
    /// Kind of the object.
    pub kind: String,
    /// Id of the object.
    pub object: Option<String>,
    /// Keyed tag of the person it is about.
    pub subject: Option<String>,
    /// `ok` or the code of a refusal.
    pub result: String,
    /// Commitment to the detail, in hex.
    pub commit: String,
}

/// Why a text is not a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Longer than [`MAX_RECEIPT`].
    #[error("too long for a receipt")]
    TooLong,
    /// Does not begin as one: another kind of file.
    #[error("not a receipt")]
    Kind,
    /// A line of the receipt, from 1, that is not what it should be.
    #[error("line {0} is not that of a receipt")]
    Line(usize),
    /// The part with the checkpoint is no signed note.
    #[error("no signed checkpoint")]
    Checkpoint,
}

/// A receipt; nothing in it is to be believed before [`Receipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What opens the leaf.
    pub opening: Opening,
    /// Number of the line.
    pub index: u64,
    /// From the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub note: Note,
}

/// Whom the one who verifies trusts, and what he asks for.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Keys of logs. A key signs only for the log of its name.
    pub logs: Vec<VerifierKey>,
    /// Keys of witnesses.
    pub witnesses: Vec<VerifierKey>,
    /// How many different witnesses must have cosigned; 0 asks for none.
    pub quorum: usize,
    /// Whether an SM2 signature of the log must be there.
    pub sm2: bool,
}

impl Trust {
    /// Reads keys, one a line; empty lines and lines from `#` on do not count. Keys of
    /// type `04` are those of witnesses. A failure names the line, from 1.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut found = Self::default();
        for (n, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = VerifierKey::parse(line).map_err(|_| n + 1)?;
            let list =
                if key.kind() == KeyKind::Cosignature { &mut found.witnesses } else { &mut found.logs };
            if !list.contains(&key) {
                list.push(key);
            }
        }
        Ok(found)
    }
}

/// Why a receipt is refused; the first reason that was met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a receipt.
    #[error(transparent)]
    Form(#[from] ReceiptError),
    /// Not a checkpoint, although a signed note; the line of its text.
    #[error("line {0} of the checkpoint cannot be read")]
    Checkpoint(usize),
    /// No trusted key of the log signed the checkpoint: another log, or a key not known here.
    #[error("no trusted key signed the checkpoint")]
    UnknownLog,
    /// Two trusted keys cannot be told apart.
    #[error("two trusted keys have the name {0}")]
    Ambiguous(String),
    /// A signature in the name of a trusted key is not of that key: changed or forged.
    #[error("the signature of {0} does not hold")]
    BadSignature(String),
    /// The policy asks for SM2, and only other signatures are there.
    #[error("no SM2 signature of the log")]
    NoSm2,
    /// Fewer trusted witnesses than asked for.
    #[error("{have} of {need} witnesses")]
    TooFewWitnesses {
        /// Different trusted witnesses that cosigned.
        have: usize,
        /// How many the policy asks for.
        need: usize,
    },
    /// A cosignature is dated after now.
    #[error("the cosignature of {0} is dated in the future")]
    Future(String),
    /// The line is not at that place of the tree: line, place or tree are other ones.
    #[error("the line is not in the tree")]
    NotIncluded(ProofError),
    /// The line itself cannot be read, though it is in the tree.
    #[error("the line cannot be read")]
    Unreadable,
    /// The line bears another number than its place.
    #[error("the line bears another number")]
    Number,
    /// Salt and detail are not those that the line committed to.
    #[error("the detail is not the one committed to")]
    Detail,
}

impl Refused {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "receipt.form",
            Self::Checkpoint(_) => "receipt.checkpoint",
            Self::UnknownLog => "receipt.unknown-log",
            Self::Ambiguous(_) => "receipt.ambiguous-key",
            Self::BadSignature(_) => "receipt.bad-signature",
            Self::NoSm2 => "receipt.no-sm2",
            Self::TooFewWitnesses { .. } => "receipt.too-few-witnesses",
            Self::Future(_) => "receipt.future",
            Self::NotIncluded(_) => "receipt.not-included",
            Self::Unreadable => "receipt.unreadable",
            Self::Number => "receipt.number",
            Self::Detail => "receipt.detail",
        }
    }
}

impl From<CheckpointError> for Refused {
    fn from(e: CheckpointError) -> Self {
        match e {
            CheckpointError::Line(n) => Self::Checkpoint(n),
            CheckpointError::Note(NoteError::BadSignature(name)) => Self::BadSignature(name),
            CheckpointError::Note(NoteError::Ambiguous(name)) => Self::Ambiguous(name),
            CheckpointError::Note(NoteError::NoTrustedSignature) => Self::UnknownLog,
            _ => Self::Form(ReceiptError::Checkpoint),
        }
    }
}

/// What a receipt shows once it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The line of the ledger.
    pub line: Line,
    /// Its detail; `None` when it was erased, empty when there was none.
    pub detail: Option<String>,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
    /// Signatures of the log that hold.
    pub signed: Vec<Signed>,
    /// Cosignatures of trusted witnesses that hold, with their times.
    pub cosigned: Vec<Signed>,
}

impl Receipt {
    /// A receipt for line `index` under a signed checkpoint, with the nodes of a SHA-256
    /// tree at least as large.
    pub fn new(opening: Opening, index: u64, nodes: &impl Nodes, note: Note) -> Result<Self, Refused> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let path = prove_inclusion::<Sha256>(nodes, index, checkpoint.size).map_err(Refused::NotIncluded)?;
        Ok(Self { opening, index, path, note })
    }

    /// Reads the file.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        if text.len() > MAX_RECEIPT {
            return Err(ReceiptError::TooLong);
        }
        let rest = text.strip_prefix(FIRST).and_then(|r| r.strip_prefix('\n')).ok_or(ReceiptError::Kind)?;
        let (head, note) = rest.split_once("\n\n").ok_or(ReceiptError::Checkpoint)?;
        let mut lines = head.split('\n').zip(2..);
        let mut field = |name: &str| {
            let (line, n) = lines.next().ok_or(ReceiptError::Line(2))?;
            let value = line.strip_prefix(name).and_then(|r| r.strip_prefix(' '));
            value.ok_or(ReceiptError::Line(n))
        };
        let extra = B64.decode(field("extra")?).map_err(|_| ReceiptError::Line(2))?;
        let opening: Opening = serde_json::from_slice(&extra).map_err(|_| ReceiptError::Line(2))?;
        if opening.v != 1 {
            return Err(ReceiptError::Line(2));
        }
        let index = decimal(field("index")?).ok_or(ReceiptError::Line(3))?;
        let path = lines
            .map(|(line, n)| hash64(line).ok_or(ReceiptError::Line(n)))
            .collect::<Result<Vec<_>, _>>()?;
        let note = Note::parse(note).map_err(|_| ReceiptError::Checkpoint)?;
        Ok(Self { opening, index, path, note })
    }

    /// Checks everything. `now` is in seconds since 1970; without it, times of witnesses
    /// are not looked at.
    pub fn verify(&self, trust: &Trust, now: Option<u64>) -> Result<Verified, Refused> {
        let (checkpoint, signed) = Checkpoint::open(&self.note, &trust.logs)?;
        if trust.sm2 && !signed.iter().any(|s| s.kind == KeyKind::Sm2) {
            return Err(Refused::NoSm2);
        }
        let cosigned = self.cosigned(trust, now)?;
        let leaf = self.opening.leaf.as_bytes();
        verify_inclusion::<Sha256>(leaf, self.index, checkpoint.size, &checkpoint.root, &self.path)
            .map_err(Refused::NotIncluded)?;
        let line: Line = serde_json::from_slice(leaf).map_err(|_| Refused::Unreadable)?;
        if line.seq != self.index {
            return Err(Refused::Number);
        }
        if !self.opening.fits(&line.commit) {
            return Err(Refused::Detail);
        }
        let detail = self.opening.salt.as_ref().map(|_| self.opening.detail.clone().unwrap_or_default());
        Ok(Verified { line, detail, checkpoint, signed, cosigned })
    }

    fn cosigned(&self, trust: &Trust, now: Option<u64>) -> Result<Vec<Signed>, Refused> {
        let cosigned = match self.note.verify(&trust.witnesses) {
            Err(NoteError::NoTrustedSignature) => Vec::new(),
            other => other.map_err(CheckpointError::Note)?,
        };
        let late =
            |s: &&Signed| matches!((s.at, now), (Some(at), Some(now)) if at > now.saturating_add(SKEW));
        if let Some(s) = cosigned.iter().find(late) {
            return Err(Refused::Future(s.name.clone()));
        }
        // A witness that changed its key is still one witness.
        let mut names: Vec<&str> = cosigned.iter().map(|s| s.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < trust.quorum {
            return Err(Refused::TooFewWitnesses { have: names.len(), need: trust.quorum });
        }
        Ok(cosigned)
    }
}

/// Reads and checks a receipt in one step.
pub fn verify(text: &str, trust: &Trust, now: Option<u64>) -> Result<Verified, Refused> {
    Receipt::parse(text)?.verify(trust, now)
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra = serde_json::to_vec(&self.opening).map_err(|_| fmt::Error)?;
        writeln!(f, "{FIRST}\nextra {}\nindex {}", B64.encode(extra), self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", B64.encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}
