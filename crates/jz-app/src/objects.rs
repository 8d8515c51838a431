//! Stored bytes: put into the vault, then registered; read back verified.

use crate::{App, Fail};
use jz_blob::{ObjectName, Stored};
use jz_domain::Millis;
use jz_store::{Db, object};

/// The row of a stored object.
pub fn row(s: &Stored, now: Millis) -> object::Object {
    object::Object {
        sha256: s.sha256.to_vec(),
        sm3: s.sm3.to_vec(),
        len: s.len as i64,
        name: s.name.path(),
        cipher: s.cipher_sha256.to_vec(),
        wrapped: s.wrapped_key.to_vec(),
        made: now,
    }
}

/// Stores bytes durably. The row is written by the caller's transaction with
/// [`register`]; a crash in between leaves an object that the sweep finds.
pub fn put(app: &App, bytes: &[u8]) -> Result<Stored, Fail> {
    Ok(app.vault.put(&mut &bytes[..])?)
}

/// Stores what a file holds, in little memory; else like [`put`].
pub fn put_file(app: &App, file: &mut std::fs::File) -> Result<Stored, Fail> {
    Ok(app.vault.put(file)?)
}

/// Registers stored bytes.
pub fn register(db: &mut Db<'_>, s: &Stored, now: Millis) -> Result<(), Fail> {
    object::put(db, &row(s, now))?;
    Ok(())
}

fn name(o: &object::Object) -> Result<ObjectName, Fail> {
    ObjectName::from_path(&o.name)
        .ok_or_else(|| jz_store::StoreError::Corrupt { table: "object", column: "name" }.into())
}

fn digest(bytes: &[u8], column: &'static str) -> Result<[u8; 32], Fail> {
    bytes.try_into().map_err(|_| jz_store::StoreError::Corrupt { table: "object", column }.into())
}

/// Where a registered object is, for reading it piece by piece: name and digest.
pub fn locate(app: &App, sha256: &[u8]) -> Result<(ObjectName, [u8; 32]), Fail> {
    let found = app.store.read(|db| Ok::<_, Fail>(object::find(db, sha256)?))?.ok_or(Fail::NotFound)?;
    Ok((name(&found)?, digest(&found.sha256, "sha256")?))
}

/// Reads registered bytes and checks them against their digest.
pub fn read(app: &App, sha256: &[u8]) -> Result<Vec<u8>, Fail> {
    let (name, digest) = locate(app, sha256)?;
    Ok(app.vault.read_verified(&name, &digest)?)
}

/// Recomputes both digests of a stored object.
pub fn verify(app: &App, o: &object::Object) -> Result<(), jz_blob::Error> {
    let (Ok(name), Ok(sha256), Ok(sm3)) = (name(o), digest(&o.sha256, "sha256"), digest(&o.sm3, "sm3"))
    else {
        return Err(jz_blob::Error::Sealed);
    };
    app.vault.verify(&name, &sha256, &sm3)
}
