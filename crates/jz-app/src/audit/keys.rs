//! The keys that sign checkpoints: one for Ed25519, one for SM2, made once and kept sealed
//! in the database.
//!
//! Their name is the origin of the log. It is drawn with them and never changes: whoever
//! holds an old checkpoint, receipt or list of keys must recognise the log by it for ever.

use super::checkpoint;
use crate::{Fail, rand};
use jz_blob::Keys;
use jz_proof::{KeyError, Signer, VerifierKey};
use jz_store::{Db, Store, ledger, setting};
use std::path::Path;
use zeroize::Zeroizing;

/// The setting that holds them.
const SETTING: &str = "ledger.keys";
/// Label under which they are sealed.
const LABEL: &str = "ledger.keys";
/// Last line of the sealed text as long as nothing was signed.
const UNUSED: &str = "unused";

/// The keys of this log.
pub struct LogKeys {
    ed25519: Signer,
    sm2: Signer,
    public: Vec<VerifierKey>,
    is_unused: bool,
}

impl LogKeys {
    fn new(ed25519: Signer, sm2: Signer, is_unused: bool) -> Self {
        let public = vec![ed25519.verifier().clone(), sm2.verifier().clone()];
        Self { ed25519, sm2, public, is_unused }
    }

    /// Reads the keys. They are made where the ledger is still empty, and for folders of
    /// programs that did not sign yet; anywhere else a lack of keys means that somebody
    /// took them away, and new ones would hide it: then the answer is `None`.
    pub(crate) fn open(store: &Store, keys: &Keys, dir: &Path) -> Result<Option<Self>, Fail> {
        if let Some(kept) = store.read(|db| Ok::<_, Fail>(setting::get(db, SETTING)?))? {
            return Ok(Self::unsealed(keys, &kept));
        }
        store.write(|db| {
            // Locked, so that two programs starting at once agree on one pair.
            let (size, _) = ledger::head(db, true)?;
            if let Some(kept) = setting::get(db, SETTING)? {
                return Ok(Self::unsealed(keys, &kept));
            }
            if size > 0 && !checkpoint::is_unsigned(dir) {
                return Ok(None);
            }
            let made = Self::make()?;
            made.put(db, keys)?;
            Ok::<_, Fail>(Some(made))
        })
    }

    fn make() -> Result<Self, Fail> {
        let bad = |e: KeyError| Fail::machine("making the keys of the ledger", e);
        let origin = format!("juanzong/{}", hex::encode(rand::bytes::<8>()?));
        let ed25519 = Signer::ed25519(&origin, &Zeroizing::new(rand::bytes()?)).map_err(bad)?;
        let sm2 = loop {
            // One in four thousand million strings of bytes is no key.
            if let Ok(key) = Signer::sm2(&origin, &Zeroizing::new(rand::bytes()?)) {
                break key;
            }
        };
        Ok(Self::new(ed25519, sm2, true))
    }

    fn unsealed(keys: &Keys, kept: &str) -> Option<Self> {
        let plain = keys.open_field(LABEL, &hex::decode(kept).ok()?).ok()?;
        let mut lines = std::str::from_utf8(&plain).ok()?.lines();
        let ed25519 = Signer::parse(lines.next()?).ok()?;
        let sm2 = Signer::parse(lines.next()?).ok()?;
        Some(Self::new(ed25519, sm2, lines.next() == Some(UNUSED)))
    }

    fn put(&self, db: &mut Db<'_>, keys: &Keys) -> Result<(), Fail> {
        let mut plain = Zeroizing::new(String::with_capacity(512));
        for part in [self.ed25519.to_private_text(), self.sm2.to_private_text()] {
            plain.push_str(&part);
            plain.push('\n');
        }
        if self.is_unused {
            plain.push_str(UNUSED);
        }
        let sealed = keys.seal_field(LABEL, plain.as_bytes())?;
        Ok(setting::put(db, SETTING, &hex::encode(sealed))?)
    }

    /// Remembers that a checkpoint was signed: from now on an unsigned one is a forgery.
    pub(crate) fn used(&mut self, store: &Store, keys: &Keys) -> Result<(), Fail> {
        if std::mem::replace(&mut self.is_unused, false) {
            store.write(|db| self.put(db, keys))?;
        }
        Ok(())
    }

    /// Whether no checkpoint was signed yet.
    pub(super) fn is_unused(&self) -> bool {
        self.is_unused
    }

    /// Name of the log.
    pub fn origin(&self) -> &str {
        self.ed25519.verifier().name()
    }

    /// The keys that verify: Ed25519, then SM2.
    pub fn public(&self) -> &[VerifierKey] {
        &self.public
    }

    pub(super) fn signers(&self) -> [&Signer; 2] {
        [&self.ed25519, &self.sm2]
    }
}
