//! Comparing what is stored with what the database says.

use std::cmp::Ordering;
use std::iter::Peekable;

use crate::container::stored_len;
use crate::name::{Entry, Listing};
use crate::{ObjectName, Result};

/// A difference between store and database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Stored, but no row knows it: an orphan of a crash, or a file that does not belong here.
    /// Before deleting, look at [`Entry::modified`]: a young one may wait for its row.
    Extra(Entry),
    /// A row, but no object.
    Missing(ObjectName),
    /// Shorter or longer than the row says.
    Length {
        /// Which object.
        name: ObjectName,
        /// Its stored length.
        stored: u64,
        /// The stored length that follows from the row.
        expected: u64,
    },
}

/// Walks both in step. `expected` are the name and plaintext length of every row, in ascending order of the name.
pub fn compare<'a>(
    listing: Listing<'a>,
    expected: impl Iterator<Item = (ObjectName, u64)> + 'a,
) -> impl Iterator<Item = Result<Finding>> + 'a {
    let mut listing = listing.peekable();
    let mut expected = expected.peekable();
    std::iter::from_fn(move || step(&mut listing, &mut expected))
}

fn step<I: Iterator<Item = (ObjectName, u64)>>(
    listing: &mut Peekable<Listing<'_>>,
    expected: &mut Peekable<I>,
) -> Option<Result<Finding>> {
    loop {
        let order = match (listing.peek(), expected.peek()) {
            (None, None) => return None,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(Err(_)), _) => return listing.next()?.err().map(Err),
            // A stray file is extra wherever it stands.
            (Some(Ok(entry)), Some((name, _))) => entry.name.map_or(Ordering::Less, |n| n.cmp(name)),
        };
        match order {
            Ordering::Less => return Some(listing.next()?.map(Finding::Extra)),
            Ordering::Greater => return expected.next().map(|(name, _)| Ok(Finding::Missing(name))),
            Ordering::Equal => {
                let (entry, (name, len)) = (listing.next()?, expected.next()?);
                let (stored, expected) = (entry.ok()?.size, stored_len(len));
                if stored != expected {
                    return Some(Ok(Finding::Length { name, stored, expected }));
                }
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn name(n: u8) -> ObjectName {
        ObjectName::from_bytes([n; 32])
    }

    fn entry(n: u8, size: u64) -> Entry {
        Entry { path: name(n).path(), name: Some(name(n)), size, modified: None }
    }

    #[test]
    fn every_difference_is_named_once() {
        let stray = Entry { path: "note.txt".into(), name: None, size: 1, modified: None };
        let stored =
            [entry(1, stored_len(5)), entry(2, stored_len(5)), stray.clone(), entry(4, 7), entry(9, 1)];
        let rows = [(name(0), 1), (name(1), 5), (name(3), 1), (name(4), 5), (name(7), 1)];
        let found: Vec<_> =
            compare(Box::new(stored.into_iter().map(Ok)), rows.into_iter()).map(|f| f.unwrap()).collect();
        let wrong_length = Finding::Length { name: name(4), stored: 7, expected: stored_len(5) };
        assert_eq!(
            found,
            [
                Finding::Missing(name(0)),
                Finding::Extra(entry(2, stored_len(5))),
                Finding::Extra(stray),
                Finding::Missing(name(3)),
                wrong_length,
                Finding::Missing(name(7)),
                Finding::Extra(entry(9, 1)),
            ]
        );
    }
}
