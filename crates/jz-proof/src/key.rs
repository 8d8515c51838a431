//! Keys that sign notes, and their text forms.
//!
//! Text forms are those of C2SP signed notes: `name+id+base64` for a verifying key and
//! `PRIVATE+KEY+name+id+base64` for a signing one, where the base64 holds the type and the
//! key. Types:
//!
//! | bytes | meaning | key |
//! |---|---|---|
//! | `01` | Ed25519 over the text | 32 bytes |
//! | `04` | witness: time and Ed25519, C2SP cosignature v1 | 32 bytes |
//! | `ff` + `juanzong/sm2-sm3/v1\n` | SM2 with SM3 over the text, GB/T 32918.2 | 65 bytes: `04`, x, y |
//!
//! SM2 signatures are r and s, 32 bytes each; the distinguishing identifier is the usual
//! `1234567812345678`. C2SP leaves `ff` to types of one's own and asks for a longer
//! identifier behind it. The id of a key is the beginning of
//! SHA-256(name, newline, type, key), four bytes, for all types.

use crate::note::Signature;
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};
use sm2::dsa::signature::Verifier as _;
use std::fmt;
use zeroize::Zeroizing;

const ED25519: &[u8] = b"\x01";
const COSIGNATURE: &[u8] = b"\x04";
const SM2: &[u8] = b"\xffjuanzong/sm2-sm3/v1\n";
/// The identifier that GM/T 0009 prescribes where none was agreed on.
const SM2_SIGNER: &str = "1234567812345678";
const PRIVATE: &str = "PRIVATE+KEY+";

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty name, or a name with a space, a plus or a control character.
    #[error("not a name for a key")]
    Name,
    /// Not three parts of the expected form.
    #[error("not the text form of a key")]
    Form,
    /// The id does not belong to name and key: a typing error, or a changed key.
    #[error("the id of the key does not fit")]
    Id,
    /// A type that this program does not know, or not the wanted one.
    #[error("unknown type of key")]
    Type,
    /// The bytes are no key of that type.
    #[error("not the bytes of a key")]
    Material,
}

/// What a key signs, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// The text, with Ed25519.
    Ed25519,
    /// The text, with SM2 and SM3.
    Sm2,
    /// Text and time, by a witness, with Ed25519.
    Cosignature,
}

impl KeyKind {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => ED25519,
            Self::Sm2 => SM2,
            Self::Cosignature => COSIGNATURE,
        }
    }

    /// Splits the type from the key behind it.
    fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        [Self::Ed25519, Self::Sm2, Self::Cosignature]
            .into_iter()
            .find_map(|kind| Some((kind, bytes.strip_prefix(kind.bytes())?)))
    }
}

/// Whether a text may name a key: not empty, no spaces, no plus, no control characters.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+' || c.is_control())
}

fn key_id(name: &str, kind: KeyKind, public: &[u8]) -> u32 {
    let mut h = Sha256::new();
    for part in [name.as_bytes(), b"\n", kind.bytes(), public] {
        h.update(part);
    }
    let digest: [u8; 32] = h.finalize().into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// `name+id+base64`: the parts.
fn parts(text: &str) -> Result<(&str, u32, Zeroizing<Vec<u8>>), KeyError> {
    let mut split = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (split.next(), split.next(), split.next()) else {
        return Err(KeyError::Form);
    };
    if !is_key_name(name) {
        return Err(KeyError::Name);
    }
    let plain = id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| plain).ok_or(KeyError::Form)?;
    let key = B64.decode(key).map_err(|_| KeyError::Form)?;
    Ok((name, id, Zeroizing::new(key)))
}

#[derive(Clone)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

/// The signature is not of that key under that text.
pub(crate) struct NotSigned;

/// A key that verifies signatures.
#[derive(Clone)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: KeyKind,
    bytes: Vec<u8>,
    public: Public,
}

impl VerifierKey {
    fn new(name: &str, kind: KeyKind, bytes: &[u8]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let public = match kind {
            KeyKind::Ed25519 | KeyKind::Cosignature => {
                let bytes = bytes.try_into().map_err(|_| KeyError::Material)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Material)?;
                // Under a weak key one signature fits many texts.
                if key.is_weak() {
                    return Err(KeyError::Material);
                }
                Public::Ed25519(key)
            }
            KeyKind::Sm2 => {
                // One form only, so that one key has one id.
                if bytes.len() != 65 || bytes[0] != 4 {
                    return Err(KeyError::Material);
                }
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_SIGNER, bytes);
                Public::Sm2(Box::new(key.map_err(|_| KeyError::Material)?))
            }
        };
        let id = key_id(name, kind, bytes);
        Ok(Self { name: name.to_owned(), id, kind, bytes: bytes.to_vec(), public })
    }

    /// Reads `name+id+base64`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, bytes) = parts(text)?;
        let (kind, key) = KeyKind::split(&bytes).ok_or(KeyError::Type)?;
        let key = Self::new(name, kind, key)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// Name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Short id; tells keys of one name apart, and is no fingerprint.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it verifies.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Whether `signature` (the bytes behind the id) is under `text`. A cosignature answers
    /// with its time, in seconds since 1970.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NotSigned> {
        match (&self.public, self.kind) {
            (Public::Ed25519(key), KeyKind::Cosignature) => {
                let (at, signature) = signature.split_first_chunk::<8>().ok_or(NotSigned)?;
                let at = u64::from_be_bytes(*at);
                // C2SP wants a time that fits a signed number.
                i64::try_from(at).map_err(|_| NotSigned)?;
                ed25519(key, &cosigned(at, text), signature).map(|()| Some(at))
            }
            (Public::Ed25519(key), _) => ed25519(key, text, signature).map(|()| None),
            (Public::Sm2(key), _) => {
                let signature = sm2::dsa::Signature::from_slice(signature).map_err(|_| NotSigned)?;
                key.verify(text.as_bytes(), &signature).map_err(|_| NotSigned)?;
                Ok(None)
            }
        }
    }
}

fn ed25519(key: &ed25519_dalek::VerifyingKey, text: &str, signature: &[u8]) -> Result<(), NotSigned> {
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| NotSigned)?;
    key.verify_strict(text.as_bytes(), &signature).map_err(|_| NotSigned)
}

/// What a witness signs: C2SP cosignature v1.
fn cosigned(at: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = B64.encode([self.kind.bytes(), &self.bytes].concat());
        write!(f, "{}+{:08x}+{key}", self.name, self.id)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.bytes == other.bytes
    }
}

impl Eq for VerifierKey {}

/// The parts of `PRIVATE+KEY+name+id+base64`.
struct Private<'a> {
    name: &'a str,
    id: u32,
    kind: KeyKind,
    secret: Zeroizing<[u8; 32]>,
}

impl<'a> Private<'a> {
    fn parse(text: &'a str) -> Result<Self, KeyError> {
        let (name, id, bytes) = parts(text.strip_prefix(PRIVATE).ok_or(KeyError::Form)?)?;
        let (kind, secret) = KeyKind::split(&bytes).ok_or(KeyError::Type)?;
        let secret = secret.try_into().map_err(|_| KeyError::Material)?;
        Ok(Self { name, id, kind, secret: Zeroizing::new(secret) })
    }
}

fn private_text(key: &VerifierKey, secret: &[u8]) -> Zeroizing<String> {
    let bytes = Zeroizing::new([key.kind.bytes(), secret].concat());
    let encoded = Zeroizing::new(B64.encode(&*bytes));
    Zeroizing::new(format!("{PRIVATE}{}+{:08x}+{}", key.name, key.id, &*encoded))
}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Sm2(Box<sm2::dsa::SigningKey>),
}

/// A key that signs checkpoints: Ed25519 or SM2. The secret is 32 random bytes that the
/// caller provides.
pub struct Signer {
    secret: Secret,
    verifier: VerifierKey,
}

impl Signer {
    /// A key for Ed25519 from its seed.
    pub fn ed25519(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, KeyKind::Ed25519, key.verifying_key().as_bytes())?;
        Ok(Self { secret: Secret::Ed25519(Box::new(key)), verifier })
    }

    /// A key for SM2 from its scalar; one in 2³² strings of bytes is none, then try another.
    pub fn sm2(name: &str, scalar: &[u8; 32]) -> Result<Self, KeyError> {
        let key = sm2::dsa::SigningKey::from_slice(SM2_SIGNER, scalar).map_err(|_| KeyError::Material)?;
        let public = key.verifying_key().to_sec1_bytes();
        let verifier = VerifierKey::new(name, KeyKind::Sm2, &public)?;
        Ok(Self { secret: Secret::Sm2(Box::new(key)), verifier })
    }

    /// Reads `PRIVATE+KEY+…` of either kind.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let Private { name, id, kind, secret } = Private::parse(text)?;
        let key = match kind {
            KeyKind::Ed25519 => Self::ed25519(name, &secret)?,
            KeyKind::Sm2 => Self::sm2(name, &secret)?,
            KeyKind::Cosignature => return Err(KeyError::Type),
        };
        if key.verifier.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// `PRIVATE+KEY+…`, for keeping sealed.
    pub fn to_private_text(&self) -> Zeroizing<String> {
        match &self.secret {
            Secret::Ed25519(key) => private_text(&self.verifier, key.as_bytes()),
            Secret::Sm2(key) => private_text(&self.verifier, &key.to_bytes()),
        }
    }

    /// The key that verifies.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a text. The same text always gives the same signature.
    pub fn sign(&self, text: &str) -> Result<Signature, KeyError> {
        let bytes = match &self.secret {
            Secret::Ed25519(key) => key.sign(text.as_bytes()).to_bytes().to_vec(),
            Secret::Sm2(key) => {
                let signed: sm2::dsa::Signature =
                    key.try_sign(text.as_bytes()).map_err(|_| KeyError::Material)?;
                signed.to_bytes().to_vec()
            }
        };
        Ok(Signature { name: self.verifier.name.clone(), id: self.verifier.id, bytes })
    }
}

/// The key of a witness.
pub struct Cosigner {
    secret: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl Cosigner {
    /// A key from its seed. It must not be the seed of a [`Signer`] as well.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, KeyKind::Cosignature, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, verifier })
    }

    /// Reads `PRIVATE+KEY+…`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let Private { name, id, kind, secret } = Private::parse(text)?;
        if kind != KeyKind::Cosignature {
            return Err(KeyError::Type);
        }
        let key = Self::new(name, &secret)?;
        if key.verifier.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// `PRIVATE+KEY+…`, for keeping sealed.
    pub fn to_private_text(&self) -> Zeroizing<String> {
        private_text(&self.verifier, self.secret.as_bytes())
    }

    /// The key that verifies.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs the text of a checkpoint at a time, in seconds since 1970.
    pub fn cosign(&self, text: &str, at: u64) -> Signature {
        let signed = self.secret.sign(cosigned(at, text).as_bytes());
        let bytes = [&at.to_be_bytes()[..], &signed.to_bytes()].concat();
        Signature { name: self.verifier.name.clone(), id: self.verifier.id, bytes }
    }
}
