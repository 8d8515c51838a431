//! The file format of a stored object.
//!
//! ```text
//! header   16  "JZOB", version, suite, log2 of the chunk, 0, nonce prefix (7), 0
//! chunks   64 KiB of plaintext each (the last one shorter) + a tag of 16 bytes
//! trailer  96  the header again, plaintext length (8), wrapped data key (66), "JZOEND"
//! ```
//!
//! Chunks are STREAM (32-bit counter, last-chunk flag in the nonce) under a
//! random key of this object, with the header as associated data: a chunk
//! cannot be changed, moved, or taken for the last one. The data key is wrapped
//! under header, object name and length, so an object put under another name,
//! or a trailer with another length, does not open at all. The trailer stands
//! at the end because name and length are known only after the one pass over
//! the plaintext; a reader of a range needs the trailer and the chunks it touches.
//!
//! To wrap the data key anew changes the trailer and nothing else.

use std::io::{self, Read, Write};
use std::ops::Range;

use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::{Aes256Gcm, aead::KeyInit};
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::keys::Keys;
use crate::suite::{BOX_OVERHEAD, Cipher, Secret, Suite, random};
use crate::{Damage, Error, ObjectName, Result};

/// Plaintext bytes in a chunk.
pub const CHUNK: usize = 1 << CHUNK_LOG2;
const CHUNK_LOG2: u8 = 16;
const TAG: usize = 16;
const MAGIC: &[u8; 4] = b"JZOB";
const END: &[u8; 6] = b"JZOEND";
const VERSION: u8 = 1;
const PREFIX: Range<usize> = 8..15;

/// Length of the header.
pub(crate) const HEADER: usize = 16;
/// Length of a wrapped data key.
pub(crate) const WRAPPED: usize = 32 + BOX_OVERHEAD;
/// Length of the trailer.
pub(crate) const TRAILER: usize = HEADER + 8 + WRAPPED + END.len();

/// Stored length of an object with `len` plaintext bytes.
pub fn stored_len(len: u64) -> u64 {
    HEADER as u64 + len + TAG as u64 * chunks(len) + TRAILER as u64
}

/// An empty object still has one (empty, authenticated) chunk.
fn chunks(len: u64) -> u64 {
    len.div_ceil(CHUNK as u64).max(1)
}

/// What is known when the last byte was sealed.
pub(crate) struct Sealed {
    pub name: ObjectName,
    pub len: u64,
    pub sha256: [u8; 32],
    pub sm3: [u8; 32],
    pub cipher_sha256: [u8; 32],
    pub wrapped_key: [u8; WRAPPED],
}

/// Encrypts `input` to `output` and digests both sides, in one pass.
/// `name` is told the plaintext's SHA-256 and says what the object is called.
pub(crate) fn seal(
    keys: &Keys,
    input: &mut dyn Read,
    output: &mut dyn Write,
    name: impl FnOnce(&[u8; 32]) -> ObjectName,
) -> Result<Sealed> {
    let mut key = Secret::default();
    random(key.as_mut())?;
    let header = new_header()?;
    let stream = stream(&key, &header);
    let mut out = Tee { output, digest: Sha256::new() };
    out.write(&header)?;

    let (mut sha256, mut sm3) = (Sha256::new(), Sm3::new());
    let (mut current, mut next) = (Vec::with_capacity(CHUNK + TAG), Vec::with_capacity(CHUNK + TAG));
    fill(input, &mut current)?;
    let (mut len, mut index) = (0u64, 0u32);
    loop {
        // One chunk is read ahead: only then it is known which one is the last.
        let last = current.len() < CHUNK || {
            fill(input, &mut next)?;
            next.is_empty()
        };
        sha256.update(&current);
        sm3.update(&current);
        len += current.len() as u64;
        stream.encrypt_in_place(index, last, &header, &mut current).map_err(|_| too_long())?;
        out.write(&current)?;
        if last {
            break;
        }
        index = index.checked_add(1).ok_or_else(too_long)?;
        std::mem::swap(&mut current, &mut next);
    }

    let sha256: [u8; 32] = sha256.finalize().into();
    let name = name(&sha256);
    let wrapped_key = wrap(keys.wrap(), &header, &name, len, &key)?;
    out.write(&trailer(&header, len, &wrapped_key))?;
    let cipher_sha256 = out.digest.finalize().into();
    Ok(Sealed { name, len, sha256, sm3: sm3.finalize().into(), cipher_sha256, wrapped_key })
}

/// A stored object whose trailer has been checked and whose key is at hand.
pub(crate) struct Opened {
    name: ObjectName,
    header: [u8; HEADER],
    len: u64,
    key: Secret,
    stream: StreamBE32<Aes256Gcm>,
}

impl Opened {
    /// Reads the trailer of an object that is `stored` bytes long.
    pub(crate) fn new(keys: &Keys, name: &ObjectName, stored: u64, trailer: &[u8]) -> Result<Self> {
        let damaged = |damage| Error::damaged(*name, damage);
        let trailer: &[u8; TRAILER] = trailer.try_into().map_err(|_| damaged(Damage::Length))?;
        let (header, rest) = trailer.split_first_chunk::<HEADER>().ok_or(damaged(Damage::Length))?;
        let (len, rest) = rest.split_first_chunk::<8>().ok_or(damaged(Damage::Length))?;
        let (wrapped, end) = rest.split_at(WRAPPED);
        if end != END || &header[..4] != MAGIC {
            return Err(damaged(Damage::Form));
        }
        Suite::from_id(header[5])?;
        let len = u64::from_le_bytes(*len);
        if (header[4], header[6], header[7], header[15]) != (VERSION, CHUNK_LOG2, 0, 0) {
            return Err(damaged(Damage::Form));
        }
        // A length that would overflow is no length of ours.
        if len > stored || stored_len(len) != stored {
            return Err(damaged(Damage::Length));
        }
        let key = match keys.wrap_of(wrapped)?.open(&wrap_label(header, name, len), wrapped) {
            Err(Error::Sealed) => return Err(damaged(Damage::Content)),
            other => other?,
        };
        let key: Secret = Secret::new(key.as_slice().try_into().map_err(|_| damaged(Damage::Content))?);
        let stream = stream(&key, header);
        Ok(Self { name: *name, header: *header, len, key, stream })
    }

    /// Plaintext length.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Number of chunks.
    pub(crate) fn chunks(&self) -> u64 {
        chunks(self.len)
    }

    /// Where these chunks are in the stored file.
    pub(crate) fn span(&self, chunks: &Range<u64>) -> Range<u64> {
        let at = |chunk: u64| HEADER as u64 + chunk * (CHUNK + TAG) as u64;
        let body_end = stored_len(self.len) - TRAILER as u64;
        at(chunks.start)..at(chunks.end).min(body_end)
    }

    /// The header at the front must be the one in the trailer.
    pub(crate) fn check_front(&self, front: &[u8]) -> Result<()> {
        Error::require(front.starts_with(&self.header), self.name, Damage::Form)
    }

    /// Decrypts consecutive chunks, the first of which has this index, and hands each plaintext to `sink`.
    pub(crate) fn open_chunks(
        &self,
        first: u64,
        cipher: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut buffer = Vec::with_capacity(CHUNK + TAG);
        for (index, chunk) in (first..).zip(cipher.chunks(CHUNK + TAG)) {
            buffer.clear();
            buffer.extend_from_slice(chunk);
            let position = u32::try_from(index).map_err(|_| Error::damaged(self.name, Damage::Length))?;
            let last = index + 1 == self.chunks();
            // Nothing of the buffer is used before its tag was found good.
            self.stream
                .decrypt_in_place(position, last, &self.header, &mut buffer)
                .map_err(|_| Error::damaged(self.name, Damage::Content))?;
            sink(&buffer)?;
        }
        Ok(())
    }

    /// The trailer of this object with its data key wrapped by the present wrapping key.
    pub(crate) fn rewrapped(&self, keys: &Keys) -> Result<([u8; TRAILER], [u8; WRAPPED])> {
        let wrapped = wrap(keys.wrap(), &self.header, &self.name, self.len, &self.key)?;
        Ok((trailer(&self.header, self.len, &wrapped), wrapped))
    }
}

/// The wrapped key inside a trailer of the right length.
pub(crate) fn wrapped_in(trailer: &[u8]) -> Option<[u8; WRAPPED]> {
    trailer.get(HEADER + 8..HEADER + 8 + WRAPPED)?.try_into().ok()
}

fn new_header() -> Result<[u8; HEADER]> {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(MAGIC);
    header[4] = VERSION;
    header[5] = Suite::Aes256Gcm as u8;
    header[6] = CHUNK_LOG2;
    random(&mut header[PREFIX])?;
    Ok(header)
}

fn stream(key: &Secret, header: &[u8; HEADER]) -> StreamBE32<Aes256Gcm> {
    let mut prefix = [0; 7];
    prefix.copy_from_slice(&header[PREFIX]);
    StreamBE32::from_aead(Aes256Gcm::new((&**key).into()), &prefix.into())
}

fn wrap(by: &Cipher, header: &[u8], name: &ObjectName, len: u64, key: &Secret) -> Result<[u8; WRAPPED]> {
    let wrapped = by.seal(&wrap_label(header, name, len), &**key)?;
    wrapped.try_into().map_err(|_| Error::Sealed)
}

fn wrap_label(header: &[u8], name: &ObjectName, len: u64) -> Vec<u8> {
    [header, name.as_bytes(), &len.to_le_bytes()].concat()
}

fn trailer(header: &[u8; HEADER], len: u64, wrapped: &[u8; WRAPPED]) -> [u8; TRAILER] {
    let mut out = [0; TRAILER];
    let parts: [&[u8]; 4] = [header, &len.to_le_bytes(), wrapped, END];
    let mut rest = &mut out[..];
    for part in parts {
        let (here, after) = rest.split_at_mut(part.len());
        here.copy_from_slice(part);
        rest = after;
    }
    out
}

/// Reads until the chunk is full or the input ends.
fn fill(input: &mut dyn Read, chunk: &mut Vec<u8>) -> Result<()> {
    chunk.clear();
    input.take(CHUNK as u64).read_to_end(chunk).map_err(Error::io("read the file to be stored"))?;
    Ok(())
}

fn too_long() -> Error {
    Error::Io { doing: "encrypt the file", source: io::ErrorKind::FileTooLarge.into() }
}

/// Writes ciphertext and digests it on the way.
struct Tee<'w> {
    output: &'w mut dyn Write,
    digest: Sha256,
}

impl Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.output.write_all(bytes).map_err(Error::io("write the temporary file"))
    }
}
