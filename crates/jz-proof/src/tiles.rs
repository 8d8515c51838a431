//! C2SP tlog-tiles: the ledger as a folder of files that never change, for export and for
//! serving as they are.
//!
//! A tile holds up to 256 hashes of one level, every eighth level of the tree; an entry
//! bundle holds the entries of a tile of level 0. Only the last tile of a level is partial.
//! This module names the files of a tree, makes their bytes, and reads them back for proofs.

use crate::hash::{Hash, TreeHash, node_hash};
use crate::tree::{MAX_SIZE, Nodes};
use std::fmt::Write as _;
use std::marker::PhantomData;

/// Hashes of a full tile.
const WIDTH: u64 = 256;
/// Levels of the tree between two levels of tiles.
const HEIGHT: u32 = 8;

/// Why the bytes of a tile cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The tree does not reach that far.
    #[error("the tree is shorter than the tile")]
    Missing,
    /// An entry has more bytes than its length field can say.
    #[error("an entry of more than 65,535 bytes")]
    LongEntry,
    /// Not as many entries or hashes as the name of the tile says.
    #[error("not as wide as the tile")]
    Width,
}

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// The bytes of the entries, each behind its length in two bytes.
    Entries,
    /// Hashes of this level of tiles: 0 has the leaves, 1 has full tiles of level 0, ….
    Hashes(u8),
}

impl Content {
    /// All that a tree of any size can have.
    fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Entries).chain((0..u64::BITS / HEIGHT).map(|level| Self::Hashes(level as u8)))
    }

    /// How many of it a tree of `size` entries has.
    fn of(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes(level) => size >> (HEIGHT * u32::from(level)),
        }
    }
}

/// Name of one file of the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// What it holds.
    pub content: Content,
    /// Place within the level, from 0.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Path below the folder of the export, e.g. `tile/0/x001/x234/067.p/8`.
    pub fn path(&self) -> String {
        let mut path = match self.content {
            Content::Entries => "tile/entries".to_owned(),
            Content::Hashes(level) => format!("tile/{level}"),
        };
        let digits = self.index.to_string();
        let digits = format!("{:0>1$}", digits, digits.len().div_ceil(3) * 3);
        for at in (0..digits.len()).step_by(3) {
            let mark = if at + 3 < digits.len() { "x" } else { "" };
            let _ = write!(path, "/{mark}{}", &digits[at..at + 3]);
        }
        if u64::from(self.width) < WIDTH {
            let _ = write!(path, ".p/{}", self.width);
        }
        path
    }

    /// Reads a path; `None` for anything that [`Tile::path`] would write differently.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("tile/")?;
        let (level, rest) = rest.split_once('/')?;
        let content = match level {
            "entries" => Content::Entries,
            level => Content::Hashes(level.parse().ok().filter(|l| *l < 64)?),
        };
        let (place, width) = match rest.split_once(".p/") {
            Some((place, width)) => (place, width.parse().ok().filter(|w| u64::from(*w) < WIDTH && *w > 0)?),
            None => (rest, WIDTH as u16),
        };
        let digits: String = place.chars().filter(char::is_ascii_digit).collect();
        // Beyond, the numbers of its entries would not fit their type.
        let index = digits.parse().ok().filter(|i| *i < MAX_SIZE / WIDTH)?;
        let found = Self { content, index, width };
        (found.path() == path).then_some(found)
    }

    /// The files that a tree of `new` entries has and one of `old` had not, lowest level
    /// first. Write all of them before the checkpoint of the new size.
    pub fn added(old: u64, new: u64) -> Vec<Self> {
        let mut tiles = Vec::new();
        for content in Content::all() {
            let [had, has] = [old, new].map(|size| content.of(size));
            if had < has {
                tiles.extend((had / WIDTH..has.div_ceil(WIDTH)).map(|index| Self::at(content, index, has)));
            }
        }
        tiles
    }

    /// The partial tiles of a tree of `old` entries that one of `new` no longer needs. They
    /// may be deleted after the checkpoint of the new size is written.
    pub fn outgrown(old: u64, new: u64) -> Vec<Self> {
        let partial = Content::all().filter(|c| c.of(old) % WIDTH != 0);
        let grown = partial.filter(|c| c.of(old) < c.of(new));
        grown.map(|c| Self::at(c, c.of(old) / WIDTH, c.of(old))).collect()
    }

    fn at(content: Content, index: u64, hashes: u64) -> Self {
        Self { content, index, width: WIDTH.min(hashes - index * WIDTH) as u16 }
    }

    /// Numbers of the entries that an entry bundle holds.
    pub fn entries(&self) -> std::ops::Range<u64> {
        let first = self.index * WIDTH;
        first..first + u64::from(self.width)
    }
}

/// Bytes of a tile of hashes. Entry bundles come from [`bundle`].
pub fn hashes(nodes: &impl Nodes, level: u8, tile: &Tile) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::with_capacity(usize::from(tile.width) * 32);
    for n in tile.entries() {
        bytes.extend(nodes.full(u32::from(level) * HEIGHT, n).ok_or(TileError::Missing)?);
    }
    Ok(bytes)
}

/// Bytes of an entry bundle of these entries, in order.
pub fn bundle<L: AsRef<[u8]>>(leaves: impl IntoIterator<Item = L>) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        let leaf = leaf.as_ref();
        let length = u16::try_from(leaf.len()).map_err(|_| TileError::LongEntry)?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(leaf);
    }
    Ok(bytes)
}

/// The entries of a bundle of that width.
pub fn read_bundle(mut bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let mut leaves = Vec::with_capacity(usize::from(width));
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (leaf, rest) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(TileError::Width)?;
        leaves.push(leaf);
        bytes = rest;
    }
    if bytes.is_empty() && leaves.len() == usize::from(width) { Ok(leaves) } else { Err(TileError::Width) }
}

/// The nodes of an exported tree. `fetch` answers the bytes of a tile of hashes.
pub struct TileNodes<D, F> {
    size: u64,
    fetch: F,
    digest: PhantomData<D>,
}

impl<D: TreeHash, F: Fn(&Tile) -> Option<Vec<u8>>> TileNodes<D, F> {
    /// Nodes of the export of a tree of `size` entries.
    pub fn new(size: u64, fetch: F) -> Self {
        Self { size, fetch, digest: PhantomData }
    }
}

impl<D: TreeHash, F: Fn(&Tile) -> Option<Vec<u8>>> Nodes for TileNodes<D, F> {
    fn size(&self) -> u64 {
        self.size
    }

    fn full(&self, level: u32, index: u64) -> Option<Hash> {
        if level >= u64::BITS || index > MAX_SIZE >> level {
            return None;
        }
        let (row, inside) = (level / HEIGHT, level % HEIGHT);
        let there = self.size.checked_shr(HEIGHT * row)?;
        // A node inside a tile is a power of two of its hashes.
        let first = index << inside;
        let last = first + (1 << inside);
        if last > there {
            return None;
        }
        let tile = Tile::at(Content::Hashes(row as u8), first / WIDTH, there);
        let bytes = (self.fetch)(&tile)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
            return None;
        }
        let from = (first % WIDTH) as usize;
        let mut hashes = hashes.get(from..from + (1 << inside))?.to_vec();
        while hashes.len() > 1 {
            hashes = hashes.as_chunks::<2>().0.iter().map(|[l, r]| node_hash::<D>(l, r)).collect();
        }
        hashes.pop()
    }
}
