//! Storing and reading files: what the rest of the product calls.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::container::{self, CHUNK, HEADER, Opened, Sealed, TRAILER, WRAPPED, wrapped_in};
use crate::folder::Folder;
use crate::keys::Keys;
use crate::name::{Blobs, Listing, Placed, Staged, When};
use crate::staging::{Staging, TempFile};
use crate::suite::sealed_by;
use crate::{Damage, Error, ObjectName, Result};

/// Chunks fetched at once when an object is too big to be held whole.
const WINDOW: u64 = 64;
/// Objects below this stored length are fetched in one go.
const WHOLE: u64 = WINDOW * CHUNK as u64;

/// What the caller keeps in the row of a stored file. When it is handed out, the object is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Name of the object.
    pub name: ObjectName,
    /// Plaintext length.
    pub len: u64,
    /// SHA-256 of the plaintext.
    pub sha256: [u8; 32],
    /// SM3 of the plaintext.
    pub sm3: [u8; 32],
    /// SHA-256 of the stored file: checked without any key, also on an off-site copy.
    pub cipher_sha256: [u8; 32],
    /// The data key as it stands in the object, wrapped.
    pub wrapped_key: [u8; WRAPPED],
    /// The same content was stored before; this is what is known about that object.
    pub existed: bool,
}

/// What is known about a file in a [`Batch`] before it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// Plaintext length.
    pub len: u64,
    /// SHA-256 of the plaintext.
    pub sha256: [u8; 32],
    /// SM3 of the plaintext.
    pub sm3: [u8; 32],
}

/// Encrypted objects in some store. All functions block; share it behind an [`Arc`].
pub struct Vault {
    blobs: Box<dyn Blobs>,
    staging: Staging,
    keys: Arc<Keys>,
}

impl Vault {
    /// A vault over any store. `staging` holds ciphertext until the store has taken it.
    pub fn new(blobs: Box<dyn Blobs>, staging: Staging, keys: Arc<Keys>) -> Self {
        Self { blobs, staging, keys }
    }

    /// A vault in a local folder, with temporary files in `tmp` on the same file system.
    pub fn in_folder(objects: &Path, tmp: &Path, keys: Arc<Keys>) -> Result<Self> {
        Ok(Self::new(Box::new(Folder::open(objects)?), Staging::open(tmp)?, keys))
    }

    /// How many unfinished files of dead processes were removed when the vault was opened.
    pub fn swept(&self) -> usize {
        self.staging.swept()
    }

    /// Starts a batch: many puts, one flush.
    pub fn batch(&self) -> Batch<'_> {
        Batch { vault: self, pending: Vec::new(), by_name: HashMap::new(), order: Vec::new() }
    }

    /// Stores one file, durable on return. For several files a [`Vault::batch`] is much cheaper.
    pub fn put(&self, input: &mut dyn Read) -> Result<Stored> {
        let pending = self.stage(input, |sha256| self.keys.content_name(sha256))?;
        let placed = self.place(&pending, When::Absent)?;
        self.settle(pending, placed)
    }

    /// Stores a derived object under a name of the caller's ([`Keys::derived_name`]), replacing what is there.
    pub fn put_as(&self, name: &ObjectName, input: &mut dyn Read) -> Result<Stored> {
        let pending = self.stage(input, |_| *name)?;
        self.place(&pending, When::Always)?;
        Ok(pending.fresh())
    }

    /// Reads a whole file. Every byte is authenticated before it is returned.
    pub fn read(&self, name: &ObjectName) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        self.stream(name, |part| {
            plain.extend_from_slice(part);
            Ok(())
        })?;
        Ok(plain)
    }

    /// Reads a whole file and compares its SHA-256 with the registered one.
    pub fn read_verified(&self, name: &ObjectName, sha256: &[u8; 32]) -> Result<Vec<u8>> {
        let plain = self.read(name)?;
        Error::require(Sha256::digest(&plain)[..] == sha256[..], *name, Damage::Digest)?;
        Ok(plain)
    }

    /// Reads a part of a file; only the chunks it touches are fetched and decrypted.
    /// A range beyond the end is cut off.
    pub fn read_range(&self, name: &ObjectName, range: Range<u64>) -> Result<Vec<u8>> {
        let opened = self.open(name)?;
        let range = range.start.min(opened.len())..range.end.min(opened.len());
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let chunk = CHUNK as u64;
        let touched = range.start / chunk..range.end.div_ceil(chunk);
        let cipher = self.fetch(name, opened.span(&touched))?;
        let mut plain = Vec::with_capacity((range.end - range.start) as usize + 2 * CHUNK);
        opened.open_chunks(touched.start, &cipher, |part| {
            plain.extend_from_slice(part);
            Ok(())
        })?;
        let skip = (range.start - touched.start * chunk) as usize;
        plain.drain(..skip);
        plain.truncate((range.end - range.start) as usize);
        Ok(plain)
    }

    /// Writes a file to `output`, whatever its size, in little memory. An error at the end means
    /// that what was written must be thrown away.
    pub fn copy_to(&self, name: &ObjectName, sha256: &[u8; 32], output: &mut dyn Write) -> Result<u64> {
        let (mut digest, mut len) = (Sha256::new(), 0);
        self.stream(name, |part| {
            digest.update(part);
            len += part.len() as u64;
            output.write_all(part).map_err(Error::io("write the copy"))
        })?;
        Error::require(digest.finalize()[..] == sha256[..], *name, Damage::Digest)?;
        Ok(len)
    }

    /// Plaintext length of an object; `None` when there is none.
    pub fn len(&self, name: &ObjectName) -> Result<Option<u64>> {
        match self.open(name) {
            Ok(opened) => Ok(Some(opened.len())),
            Err(Error::Missing(_)) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Decrypts an object and recomputes both digests.
    pub fn verify(&self, name: &ObjectName, sha256: &[u8; 32], sm3: &[u8; 32]) -> Result<()> {
        let (mut a, mut b) = (Sha256::new(), Sm3::new());
        self.stream(name, |part| {
            a.update(part);
            b.update(part);
            Ok(())
        })?;
        Error::require(a.finalize()[..] == sha256[..] && b.finalize()[..] == sm3[..], *name, Damage::Digest)
    }

    /// Compares the stored bytes with their registered SHA-256. Needs no key.
    pub fn verify_cipher(&self, name: &ObjectName, cipher_sha256: &[u8; 32]) -> Result<()> {
        let mut digest = Sha256::new();
        self.raw(name, |part| {
            digest.update(part);
            Ok(())
        })?;
        Error::require(digest.finalize()[..] == cipher_sha256[..], *name, Damage::Content)
    }

    /// Removes an object and with it its data key. `false` when there was none.
    pub fn delete(&self, name: &ObjectName) -> Result<bool> {
        self.blobs.delete(name)
    }

    /// Everything in the store, for [`compare`](crate::compare).
    pub fn list(&self) -> Result<Listing<'_>> {
        self.blobs.list()
    }

    /// After [`Keys::rotate_wrap`]: wraps an object's data key with the present key, without encrypting
    /// the content again. The result goes into the row. `None` when it was done before.
    pub fn rewrap(&self, name: &ObjectName) -> Result<Option<([u8; WRAPPED], [u8; 32])>> {
        let opened = self.open(name)?;
        let end = opened.span(&(0..opened.chunks())).end;
        let old = self.fetch(name, end..end + TRAILER as u64)?;
        if wrapped_in(&old).and_then(|w| sealed_by(&w)) == Some(self.keys.wrap().key_id()) {
            return Ok(None);
        }
        let (trailer, wrapped_key) = opened.rewrapped(&self.keys)?;
        let mut temp = self.staging.file()?;
        let mut digest = Sha256::new();
        let mut left = end as usize;
        let mut write = |bytes: &[u8]| {
            digest.update(bytes);
            temp.file.write_all(bytes).map_err(Error::io("write the temporary file"))
        };
        self.raw(name, |part| {
            let body = &part[..part.len().min(left)];
            left -= body.len();
            write(body)
        })?;
        write(&trailer)?;
        self.blobs.put(&[Staged { name: *name, file: temp.path.clone() }], When::Always)?;
        Ok(Some((wrapped_key, digest.finalize().into())))
    }

    /// Encrypts to a temporary file.
    fn stage(&self, input: &mut dyn Read, name: impl FnOnce(&[u8; 32]) -> ObjectName) -> Result<Pending> {
        let mut temp = self.staging.file()?;
        let sealed = container::seal(&self.keys, input, &mut temp.file, name)?;
        Ok(Pending { temp, sealed })
    }

    /// Gives one staged file its name.
    fn place(&self, pending: &Pending, when: When) -> Result<Placed> {
        let placed = self.blobs.put(&[pending.staged()], when)?;
        Ok(placed.first().copied().unwrap_or(Placed::Existed))
    }

    /// The acknowledgement, after the store said what it did with the staged file.
    fn settle(&self, pending: Pending, placed: Placed) -> Result<Stored> {
        if placed == Placed::Stored {
            return Ok(pending.fresh());
        }
        match self.existing(&pending.sealed) {
            // The old copy is damaged and the good one is at hand: repair it.
            Err(Error::Damaged { .. } | Error::Missing(_)) => {
                self.place(&pending, When::Always)?;
                Ok(pending.fresh())
            }
            other => other,
        }
    }

    /// What is stored under the name of `sealed`, if it is whole.
    fn existing(&self, sealed: &Sealed) -> Result<Stored> {
        let name = &sealed.name;
        // With an equal SHA-256 the SM3 is equal too; the stored bytes need a digest of their own.
        self.copy_to(name, &sealed.sha256, &mut std::io::sink())?;
        let (mut digest, mut tail) = (Sha256::new(), Vec::new());
        self.raw(name, |part| {
            digest.update(part);
            tail.extend_from_slice(&part[part.len().saturating_sub(TRAILER)..]);
            tail.drain(..tail.len().saturating_sub(TRAILER));
            Ok(())
        })?;
        let wrapped = wrapped_in(&tail).ok_or(Error::damaged(*name, Damage::Length))?;
        Ok(stored(sealed, digest.finalize().into(), wrapped, true))
    }

    fn open(&self, name: &ObjectName) -> Result<Opened> {
        let size = self.blobs.head(name)?.ok_or(Error::Missing(*name))?;
        let at = size.saturating_sub(TRAILER as u64);
        let trailer = self.blobs.get(name, at, TRAILER as u64)?.ok_or(Error::Missing(*name))?;
        Opened::new(&self.keys, name, size, &trailer)
    }

    /// Decrypts all chunks in order.
    fn stream(&self, name: &ObjectName, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let start = self.blobs.get(name, 0, WHOLE)?.ok_or(Error::Missing(*name))?;
        if (start.len() as u64) < WHOLE {
            let body = start.len().saturating_sub(TRAILER);
            let opened = Opened::new(&self.keys, name, start.len() as u64, &start[body..])?;
            opened.check_front(&start)?;
            return opened.open_chunks(0, &start[HEADER..body], sink);
        }
        drop(start);
        let opened = self.open(name)?;
        opened.check_front(&self.fetch(name, 0..HEADER as u64)?)?;
        let mut first = 0;
        while first < opened.chunks() {
            let window = first..(first + WINDOW).min(opened.chunks());
            let cipher = self.fetch(name, opened.span(&window))?;
            opened.open_chunks(first, &cipher, &mut sink)?;
            first = window.end;
        }
        Ok(())
    }

    /// Hands out the stored bytes in order.
    fn raw(&self, name: &ObjectName, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut offset = 0;
        loop {
            let part = self.blobs.get(name, offset, WHOLE)?.ok_or(Error::Missing(*name))?;
            sink(&part)?;
            offset += part.len() as u64;
            if (part.len() as u64) < WHOLE {
                return Ok(());
            }
        }
    }

    /// Exactly these stored bytes.
    fn fetch(&self, name: &ObjectName, range: Range<u64>) -> Result<Vec<u8>> {
        let len = range.end - range.start;
        let bytes = self.blobs.get(name, range.start, len)?.ok_or(Error::Missing(*name))?;
        Error::require(bytes.len() as u64 == len, *name, Damage::Length)?;
        Ok(bytes)
    }
}

/// Files that are encrypted but have no name yet.
struct Pending {
    temp: TempFile,
    sealed: Sealed,
}

impl Pending {
    fn staged(&self) -> Staged {
        Staged { name: self.sealed.name, file: self.temp.path.clone() }
    }

    /// The acknowledgement of an object that was not there before.
    fn fresh(&self) -> Stored {
        stored(&self.sealed, self.sealed.cipher_sha256, self.sealed.wrapped_key, false)
    }
}

/// Many puts with one flush. Dropped without a flush, it leaves nothing behind.
#[must_use = "nothing is stored before `flush`"]
pub struct Batch<'v> {
    vault: &'v Vault,
    pending: Vec<Pending>,
    by_name: HashMap<ObjectName, usize>,
    /// For each put, which pending file it is: equal files are stored once.
    order: Vec<usize>,
}

impl Batch<'_> {
    /// Encrypts a file. It is not stored before [`Batch::flush`].
    pub fn put(&mut self, input: &mut dyn Read) -> Result<Digests> {
        let keys = &self.vault.keys;
        let pending = self.vault.stage(input, |sha256| keys.content_name(sha256))?;
        let Sealed { name, len, sha256, sm3, .. } = pending.sealed;
        let next = self.pending.len();
        let index = *self.by_name.entry(name).or_insert(next);
        if index == next {
            self.pending.push(pending);
        }
        self.order.push(index);
        Ok(Digests { len, sha256, sm3 })
    }

    /// How many files were put. A few hundred are a good time to flush.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nothing was put yet.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Stores all files; on return they are durable. The acknowledgements are in the order of the puts.
    pub fn flush(self) -> Result<Vec<Stored>> {
        let Self { vault, pending, order, .. } = self;
        let staged: Vec<Staged> = pending.iter().map(Pending::staged).collect();
        let placed = vault.blobs.put(&staged, When::Absent)?;
        let done = pending.into_iter().zip(placed).map(|(p, placed)| vault.settle(p, placed));
        let done = done.collect::<Result<Vec<_>>>()?;
        Ok(order.into_iter().map(|i| done[i].clone()).collect())
    }
}

fn stored(sealed: &Sealed, cipher_sha256: [u8; 32], wrapped_key: [u8; WRAPPED], existed: bool) -> Stored {
    let Sealed { name, len, sha256, sm3, .. } = *sealed;
    Stored { name, len, sha256, sm3, cipher_sha256, wrapped_key, existed }
}
