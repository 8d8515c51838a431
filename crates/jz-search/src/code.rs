//! Keyed codes: all that the index of page texts holds.
//!
//! A code is the keyed hash of a pair of neighbouring characters, or of a scope
//! (the unit or person a page belongs to). Both engines keep sets of 31-bit
//! numbers: PostgreSQL as `int[]`, SQLite as words of six characters. The upper
//! half of the numbers belongs to scopes, so a pair never looks like a scope.
//!
//! The hash is one AES-256 block over an injective encoding of its input, cut
//! to 30 bits: without the key a code says nothing. What remains is frequency:
//! who holds the index sees which codes are common and which pages share codes,
//! and may guess very common pairs from that; `docs/security.md` says so.

use aes::Aes256;
use aes::cipher::array::Array;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

/// Codes of scopes have this bit, codes of pairs do not.
const SCOPE: u32 = 1 << 30;
/// Blocks given to the cipher at once; it works on several in parallel.
const LANES: usize = 32;

/// First byte of a cipher block: what is hashed. Never reuse a number.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Domain {
    Pair = 1,
    Unit = 2,
    Person = 3,
    Volume = 4,
    IdTail = 5,
}

type Block = aes::Block;

/// The key of the search index, from `jz_blob::Keys::search_key`. Wiped when dropped, never printed.
pub struct SearchKey(Aes256);

impl SearchKey {
    /// Prepares the key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Aes256::new(key.into()))
    }

    /// A keyed hash of up to 15 bytes under a domain.
    pub(crate) fn hash(&self, domain: Domain, input: [u8; 15]) -> u128 {
        let mut block = block(domain, input);
        self.0.encrypt_block(&mut block);
        u128::from_le_bytes(block.into())
    }
}

/// What a page belongs to; its code narrows a search to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// An organisation: give a page the codes of all organisations above it.
    Unit(i64),
    /// The person whose file it is.
    Person(i64),
    /// One volume.
    Volume(i64),
}

/// The code of a scope. Two scopes may share a code: it is a filter, the row's own column decides.
pub fn scope_code(scope: Scope, key: &SearchKey) -> u32 {
    let (domain, id) = match scope {
        Scope::Unit(id) => (Domain::Unit, id),
        Scope::Person(id) => (Domain::Person, id),
        Scope::Volume(id) => (Domain::Volume, id),
    };
    let mut input = [0; 15];
    input[..8].copy_from_slice(&id.to_le_bytes());
    SCOPE | (key.hash(domain, input) as u32 & (SCOPE - 1))
}

/// The set of codes of a folded text, ascending.
pub fn codes(folded: &str, key: &SearchKey) -> Vec<u32> {
    let mut codes = Vec::with_capacity(folded.len() / 2);
    let mut blocks = [Block::default(); LANES];
    let mut used = 0;
    let mut flush = |blocks: &mut [Block]| {
        key.0.encrypt_blocks(blocks);
        codes.extend(blocks.iter().map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) & (SCOPE - 1)));
    };
    for (a, b) in folded.chars().zip(folded.chars().skip(1)) {
        blocks[used] = pair_block(a, b);
        used += 1;
        if used == LANES {
            flush(&mut blocks);
            used = 0;
        }
    }
    flush(&mut blocks[..used]);
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A code as a word for a full-text index: six digits to the base of 36, lower case.
pub fn term_text(code: u32) -> String {
    terms(&[code])
}

/// Codes as words with blanks between: the document to index, or a query that wants all of them.
pub fn terms(codes: &[u32]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut out = String::with_capacity(codes.len() * 7);
    for &code in codes {
        if !out.is_empty() {
            out.push(' ');
        }
        let mut rest = code;
        let mut word = [b'0'; 6];
        for digit in word.iter_mut().rev() {
            *digit = DIGITS[(rest % 36) as usize];
            rest /= 36;
        }
        out.extend(word.map(char::from));
    }
    out
}

fn pair_block(a: char, b: char) -> Block {
    let mut input = [0; 15];
    input[..4].copy_from_slice(&u32::from(a).to_le_bytes());
    input[4..8].copy_from_slice(&u32::from(b).to_le_bytes());
    block(Domain::Pair, input)
}

fn block(domain: Domain, input: [u8; 15]) -> Block {
    let mut block = [0; 16];
    block[0] = domain as u8;
    block[1..].copy_from_slice(&input);
    Array::from(block)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn key(seed: u8) -> SearchKey {
        SearchKey::new(&[seed; 32])
    }

    #[test]
    fn a_text_has_one_code_for_each_distinct_pair() {
        let key = key(1);
        assert!(codes("", &key).is_empty());
        assert!(codes("党", &key).is_empty());
        assert_eq!(codes("党员党员党", &key).len(), 2);
        let page: String = (0..500u32).filter_map(|i| char::from_u32(0x4e00 + i * 7)).collect();
        let all = codes(&page, &key);
        assert_eq!(all.len(), 499);
        assert!(all.is_sorted());
        assert!(all.iter().all(|c| *c < SCOPE));
        assert_ne!(codes("ab", &key), codes("ba", &key));
    }

    #[test]
    fn codes_of_a_part_are_codes_of_the_whole() {
        let key = key(1);
        let page = "中国共产党入党志愿书本人自愿加入中国共产党";
        let all = codes(page, &key);
        for part in ["入党志愿书", "自愿", "产党入党", page] {
            assert!(codes(part, &key).iter().all(|c| all.contains(c)), "{part}");
        }
    }

    #[test]
    fn another_key_gives_other_codes() {
        let text = "中国共产党入党志愿书本人自愿加入中国共产党";
        let (a, b) = (codes(text, &key(1)), codes(text, &key(2)));
        assert!(a.iter().all(|c| !b.contains(c)));
    }

    #[test]
    fn scopes_are_apart_from_pairs_and_from_each_other() {
        let key = key(1);
        let scopes: BTreeSet<u32> = (0..1000)
            .flat_map(|id| [Scope::Unit(id), Scope::Person(id), Scope::Volume(id)])
            .map(|scope| scope_code(scope, &key))
            .collect();
        assert_eq!(scopes.len(), 3000);
        assert!(scopes.iter().all(|c| (SCOPE..1 << 31).contains(c)));
        assert_eq!(scope_code(Scope::Unit(5), &key), scope_code(Scope::Unit(5), &key));
    }

    #[test]
    fn words_are_six_characters_and_keep_the_order() {
        assert_eq!(term_text(0), "000000");
        assert_eq!(term_text(35), "00000z");
        assert_eq!(term_text((1 << 31) - 1), "zik0zj");
        assert_eq!(terms(&[36, 1]), "000010 000001");
        let mut words: Vec<_> = (0..1000u32).map(|n| term_text(n * 2_147_483)).collect();
        assert!(words.is_sorted());
        words.dedup();
        assert_eq!(words.len(), 1000);
    }
}
