//! The keys of one archive-holding unit, derived from its unit key by label.
//!
//! Fields, look-up values, object names, page text and the search index each
//! have a key of their own: what leaks through one use cannot open another.
//! A new use is a new label in [`label`] and a method here; labels are never
//! changed, for that would make old data unreadable.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::master::UnitKey;
use crate::suite::{Cipher, Secret, Suite, sealed_by};
use crate::{Error, ObjectName, Result};

/// Labels of the derived keys.
mod label {
    pub const FIELD: &[u8] = b"juanzong field v1";
    pub const INDEX: &[u8] = b"juanzong index v1";
    pub const ROW: &[u8] = b"juanzong row digest v1";
    pub const NAME: &[u8] = b"juanzong object name v1";
    pub const WRAP: &[u8] = b"juanzong object wrap v1";
    pub const LEDGER: &[u8] = b"juanzong ledger pepper v1";
    pub const SEARCH: &[u8] = b"juanzong search v1";
    pub const KEY_ID: &[u8] = b"juanzong key id v1";
}

/// Everything that is derived from a unit key. Wiped when dropped; there is no way to print it.
pub struct Keys {
    field: Cipher,
    index: Secret,
    row: Secret,
    name: Secret,
    ledger: Secret,
    search: Secret,
    wrap: Cipher,
    older_wraps: Vec<Cipher>,
}

impl Keys {
    /// Derives all keys of a unit.
    pub fn new(unit: &UnitKey) -> Self {
        let derive = |label| derive(unit.secret(), label);
        Self {
            field: cipher(&derive(label::FIELD)),
            index: derive(label::INDEX),
            row: derive(label::ROW),
            name: derive(label::NAME),
            ledger: derive(label::LEDGER),
            search: derive(label::SEARCH),
            wrap: cipher(&derive(label::WRAP)),
            older_wraps: Vec::new(),
        }
    }

    /// From now on wraps the keys of objects with `newer`; objects wrapped before stay readable
    /// and move over with [`Vault::rewrap`](crate::Vault::rewrap). Names and fields stay as they are.
    pub fn rotate_wrap(&mut self, newer: &UnitKey) {
        let next = cipher(&derive(newer.secret(), label::WRAP));
        let previous = std::mem::replace(&mut self.wrap, next);
        self.older_wraps.push(previous);
    }

    /// Encrypts one field. `label` names the place ("person.id_no"); a value cannot be moved to another label.
    pub fn seal_field(&self, label: &str, plaintext: &[u8]) -> Result<Vec<u8>> {
        self.field.seal(label.as_bytes(), plaintext)
    }

    /// Decrypts what [`Keys::seal_field`] made under the same label. The plaintext is wiped when dropped.
    pub fn open_field(&self, label: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.field.open(label.as_bytes(), sealed)
    }

    /// A value to look an encrypted field up by: equal plaintexts give equal values, and nothing else is told.
    /// The caller normalises (trim, upper-case X) before.
    pub fn keyed_index(&self, label: &str, value: &[u8]) -> [u8; 16] {
        tag(&self.index, label, value)
    }

    /// A digest of a row's canonical bytes that nobody without the key can forge.
    pub fn row_digest(&self, table: &str, row: &[u8]) -> [u8; 16] {
        tag(&self.row, table, row)
    }

    /// A person's or object's tag in the ledger: linkable with the key, meaningless without.
    pub fn ledger_tag(&self, label: &str, value: &[u8]) -> [u8; 16] {
        tag(&self.ledger, label, value)
    }

    /// The key of the search index, for `jz_search::SearchKey`.
    pub fn search_key(&self) -> Zeroizing<[u8; 32]> {
        self.search.clone()
    }

    /// Name of the object whose plaintext has this SHA-256.
    pub fn content_name(&self, sha256: &[u8; 32]) -> ObjectName {
        ObjectName::from_bytes(mac(&self.name, &[b"content", sha256]))
    }

    /// Name of a derived object (tiles, thumbnails) that is found by what it is made from.
    pub fn derived_name(&self, kind: &str, from: &[u8]) -> ObjectName {
        let kind_len = (kind.len() as u64).to_le_bytes();
        ObjectName::from_bytes(mac(&self.name, &[b"derived", &kind_len, kind.as_bytes(), from]))
    }

    pub(crate) fn wrap(&self) -> &Cipher {
        &self.wrap
    }

    /// The wrapping key that sealed this box.
    pub(crate) fn wrap_of(&self, sealed: &[u8]) -> Result<&Cipher> {
        let id = sealed_by(sealed).ok_or(Error::Sealed)?;
        let mut all = std::iter::once(&self.wrap).chain(&self.older_wraps);
        all.find(|c| c.key_id() == id).ok_or(Error::WrongKey)
    }
}

/// A cipher over a derived key, with the key's public id.
pub(crate) fn cipher(key: &Secret) -> Cipher {
    let id = mac(key, &[label::KEY_ID]);
    Cipher::new(Suite::Aes256Gcm, key, [id[0], id[1], id[2], id[3]])
}

/// First block of HKDF-Expand (RFC 5869): the unit key is uniformly random, so no extract step is needed.
fn derive(key: &[u8; 32], label: &[u8]) -> Secret {
    Zeroizing::new(mac(key, &[label, &[1]]))
}

fn tag(key: &Secret, label: &str, value: &[u8]) -> [u8; 16] {
    // The length in front keeps ("ab", "c") and ("a", "bc") apart.
    let full = mac(key, &[&(label.len() as u64).to_le_bytes(), label.as_bytes(), value]);
    let mut out = [0; 16];
    out.copy_from_slice(&full[..16]);
    out
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to the block of the hash.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn keys(seed: u8) -> Keys {
        Keys::new(&UnitKey::from_bytes([seed; 32]))
    }

    #[test]
    fn derivation_is_hkdf_expand() {
        // RFC 5869, test case 1, first block of the output; its PRK is 32 bytes like our keys.
        let prk = hex::decode("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5").unwrap();
        let info = hex::decode("f0f1f2f3f4f5f6f7f8f9").unwrap();
        let okm = derive(&prk.try_into().unwrap(), &info);
        assert_eq!(hex::encode(*okm), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn a_field_opens_only_under_its_label_and_key() {
        let (ours, others) = (keys(1), keys(2));
        let sealed = ours.seal_field("person.id_no", "990101199001011234".as_bytes()).unwrap();
        assert_eq!(&**ours.open_field("person.id_no", &sealed).unwrap(), b"990101199001011234");
        assert!(matches!(ours.open_field("person.phone", &sealed), Err(Error::Sealed)));
        assert!(matches!(others.open_field("person.id_no", &sealed), Err(Error::WrongKey)));
        assert!(!sealed.windows(6).any(|w| b"990101199001011234".windows(6).any(|p| p == w)));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_of_a_field_is_found() {
        let keys = keys(1);
        let sealed = keys.seal_field("x", b"some value").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(keys.open_field("x", &bad).is_err(), "bit {bit}");
        }
        for len in 0..sealed.len() {
            assert!(keys.open_field("x", &sealed[..len]).is_err(), "cut at {len}");
        }
    }

    #[test]
    fn unknown_suites_are_named_not_guessed() {
        let keys = keys(1);
        let mut sealed = keys.seal_field("x", b"v").unwrap();
        sealed[1] = 2;
        let error = keys.open_field("x", &sealed).err().unwrap();
        assert!(matches!(error, Error::Suite(2)));
        assert!(error.zh().contains("编号 2"));
    }

    #[test]
    fn a_thousand_seals_have_a_thousand_nonces() {
        let keys = keys(1);
        let nonces: HashSet<Vec<u8>> =
            (0..1000).map(|_| keys.seal_field("x", b"same").unwrap()[6..18].to_vec()).collect();
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn tags_depend_on_use_label_value_and_key() {
        let (a, b) = (keys(1), keys(2));
        let all = [
            a.keyed_index("id", b"1"),
            a.keyed_index("id", b"2"),
            a.keyed_index("i", b"d1"),
            a.row_digest("id", b"1"),
            a.ledger_tag("id", b"1"),
            b.keyed_index("id", b"1"),
        ];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert_eq!(a.keyed_index("id", b"1"), all[0]);
        assert_ne!(a.derived_name("ab", b"c"), a.derived_name("a", b"bc"));
        assert_ne!(a.content_name(&[7; 32]), b.content_name(&[7; 32]));
    }
}
