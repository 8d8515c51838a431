//! Cipher suites and the sealed box: nonce, ciphertext and tag behind a header that names suite and key.
//!
//! Every sealed thing carries the number of its suite, so that a second cipher
//! (SM4-GCM, number 2, or a device behind PKCS#11) can be added while old data
//! stays readable.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Ciphers by the number that is written into every header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Suite {
    /// AES-256 in Galois/counter mode.
    Aes256Gcm = 1,
}

impl Suite {
    /// The suite with this number.
    pub fn from_id(id: u8) -> Result<Self> {
        match id {
            1 => Ok(Self::Aes256Gcm),
            other => Err(Error::Suite(other)),
        }
    }
}

/// A key of 32 bytes that is wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// Version of the sealed box.
const BOX_VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
/// Version, suite and key id.
const BOX_HEADER: usize = 6;

/// What sealing adds to a plaintext.
pub(crate) const BOX_OVERHEAD: usize = BOX_HEADER + NONCE + TAG;

/// One key, ready to seal and to open.
///
/// Nonces are random: one key may seal 2^32 values before a repeated nonce
/// becomes thinkable, a thousand times more than a province has fields.
pub(crate) struct Cipher {
    suite: Suite,
    key_id: [u8; 4],
    aead: Aes256Gcm,
}

impl Cipher {
    /// `key_id` is public; it only tells "wrong key" from "damaged".
    pub(crate) fn new(suite: Suite, key: &Secret, key_id: [u8; 4]) -> Self {
        let aead = match suite {
            Suite::Aes256Gcm => Aes256Gcm::new((&**key).into()),
        };
        Self { suite, key_id, aead }
    }

    pub(crate) fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// Seals `plaintext` under `label`; the same label is needed to open it.
    pub(crate) fn seal(&self, label: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(BOX_OVERHEAD + plaintext.len());
        out.extend([BOX_VERSION, self.suite as u8]);
        out.extend(self.key_id);
        let aad = [&out[..BOX_HEADER], label].concat();
        let mut nonce = [0; NONCE];
        random(&mut nonce)?;
        out.extend(nonce);
        out.extend(plaintext);
        let body = &mut out[BOX_HEADER + NONCE..];
        let tag = self
            .aead
            .encrypt_inout_detached(&Nonce::from(nonce), &aad, body.into())
            .map_err(|_| Error::Sealed)?;
        out.extend(tag);
        Ok(out)
    }

    /// Opens what [`Cipher::seal`] made, or says why not.
    pub(crate) fn open(&self, label: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (header, rest) = sealed.split_at_checked(BOX_HEADER).ok_or(Error::Sealed)?;
        if header[0] != BOX_VERSION {
            return Err(Error::Sealed);
        }
        if Suite::from_id(header[1])? != self.suite {
            return Err(Error::Suite(header[1]));
        }
        if header[2..] != self.key_id {
            return Err(Error::WrongKey);
        }
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(Error::Sealed)?;
        let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(Error::Sealed)?;
        let aad = [header, label].concat();
        let mut plain = Zeroizing::new(body.to_vec());
        self.aead
            .decrypt_inout_detached(&Nonce::from(*nonce), &aad, plain.as_mut_slice().into(), &(*tag).into())
            .map_err(|_| Error::Sealed)?;
        Ok(plain)
    }
}

/// The key id of a sealed box, without opening it.
pub(crate) fn sealed_by(sealed: &[u8]) -> Option<[u8; 4]> {
    sealed.get(2..BOX_HEADER)?.try_into().ok()
}

/// Fills `out` from the operating system's generator.
pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    let failed = |e: getrandom::Error| std::io::Error::other(e.to_string());
    getrandom::fill(out).map_err(failed).map_err(Error::io("draw random bytes"))
}
