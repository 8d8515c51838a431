//! Tile packs: every tile of every level of one page in one run of bytes, so that
//! a viewer's request for an aligned tile is a byte range and no decoding.
//!
//! A pack is derived and may be thrown away at any time; nothing in it is part of
//! the archive. The format is ours and carries a version in its first bytes: on
//! any doubt a pack is [`ImagingError::Pack`], and the caller builds it again.
//!
//! ```text
//! "JZTILES1"  w  h  tile  count       four u32, little endian
//! offsets                             count + 1 u32, from the start of the pack
//! tiles                               JPEG files, by level (full size first), row, column
//! ```

use std::io;
use std::ops::Range;

use crate::image::Smooth;
use crate::{Image, ImagingError, encode, thumb};

/// Side of a tile.
pub const TILE: u32 = 512;
/// JPEG quality of tiles.
pub const QUALITY: u8 = 80;

const MAGIC: &[u8; 8] = b"JZTILES1";
const HEAD: usize = 24;
/// A pack has at most this many tiles: 16 000 x 16 000 pixels have 1365.
const MOST_TILES: u32 = 1 << 16;

/// One size of the page. Level `n` is the page divided by `2^n`, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Divisor: 1, 2, 4 …
    pub scale: u32,
    /// Width of the page at this level.
    pub w: u32,
    /// Height of the page at this level.
    pub h: u32,
    first: u32,
}

impl Level {
    /// Tiles in a row.
    pub fn columns(&self) -> u32 {
        self.w.div_ceil(TILE)
    }

    /// Rows of tiles.
    pub fn rows(&self) -> u32 {
        self.h.div_ceil(TILE)
    }

    /// Size of a tile; those at the right and lower edge are smaller.
    pub fn tile_size(&self, x: u32, y: u32) -> (u32, u32) {
        (TILE.min(self.w - x * TILE), TILE.min(self.h - y * TILE))
    }
}

/// The levels of a page of a given size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Width of the page.
    pub w: u32,
    /// Height of the page.
    pub h: u32,
    /// Full size first, down to the one that fits into a single tile.
    pub levels: Vec<Level>,
}

impl Layout {
    /// The levels of a `w` by `h` page.
    pub fn of(w: u32, h: u32) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        let mut levels = vec![];
        let (mut scale, mut first) = (1, 0);
        loop {
            let level = Level { scale, w: w.div_ceil(scale), h: h.div_ceil(scale), first };
            levels.push(level);
            first += level.columns() * level.rows();
            if level.columns() * level.rows() == 1 {
                return Self { w, h, levels };
            }
            scale *= 2;
        }
    }

    /// Number of tiles of all levels.
    pub fn tiles(&self) -> u32 {
        self.levels.last().map_or(0, |l| l.first + l.columns() * l.rows())
    }
}

/// Builds the pack of a page.
pub fn build(page: &Image) -> Result<Vec<u8>, ImagingError> {
    Ok(derive(page)?.pack)
}

/// What is derived from a page when it comes in.
pub struct Derived {
    /// The tile pack.
    pub pack: Vec<u8>,
    /// The thumbnail, a JPEG.
    pub thumb: Vec<u8>,
}

/// Builds pack and thumbnail together: the thumbnail comes from a small level, so
/// that the page is walked over once.
pub fn derive(page: &Image) -> Result<Derived, ImagingError> {
    let layout = Layout::of(page.w(), page.h());
    let mut tiles: Vec<u8> = Vec::with_capacity(page.data().len() / 8);
    let mut ends = vec![];
    let mut thumb = None;
    let mut current = std::borrow::Cow::Borrowed(page);
    for (i, level) in layout.levels.iter().enumerate() {
        if i > 0 {
            current = std::borrow::Cow::Owned(current.half());
        }
        for y in 0..level.rows() {
            for x in 0..level.columns() {
                let tile = current.crop(x * TILE, y * TILE, TILE, TILE);
                tiles.extend(encode::jpeg(&tile, QUALITY)?);
                ends.push(tiles.len());
            }
        }
        // Twice the wanted size is enough for a crisp thumbnail.
        let next = current.w().max(current.h()).div_ceil(2);
        if thumb.is_none() && next < 2 * thumb::SIDE {
            thumb = Some(thumb::jpeg(&current)?);
        }
    }
    let thumb = match thumb {
        Some(thumb) => thumb,
        None => thumb::jpeg(&current)?,
    };
    Ok(Derived { pack: assemble(&layout, &tiles, &ends)?, thumb })
}

fn assemble(layout: &Layout, tiles: &[u8], ends: &[usize]) -> Result<Vec<u8>, ImagingError> {
    let start = HEAD + 4 * (ends.len() + 1);
    let mut out = Vec::with_capacity(start + tiles.len());
    out.extend_from_slice(MAGIC);
    for value in [layout.w, layout.h, TILE, layout.tiles()] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for end in std::iter::once(&0).chain(ends) {
        let offset = u32::try_from(start + end).map_err(|_| ImagingError::Encode("pack over 4 GB"))?;
        out.extend_from_slice(&offset.to_le_bytes());
    }
    out.extend_from_slice(tiles);
    Ok(out)
}

/// Bytes that can be read at any place: a slice, a file, an encrypted object.
pub trait ReadAt {
    /// Fills `buf` from `offset` on, or fails.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for [u8] {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(buf.len());
        let part = self.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(part);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buf)
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &R {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buf)
    }
}

impl<R: ReadAt + ?Sized> ReadAt for std::sync::Arc<R> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buf)
    }
}

/// An open pack: its index is in memory, its tiles are not.
pub struct Pack<R> {
    source: R,
    layout: Layout,
    offsets: Vec<u32>,
}

impl<R: ReadAt> Pack<R> {
    /// Reads and checks the index.
    pub fn open(source: R) -> Result<Self, ImagingError> {
        let mut head = [0; HEAD];
        source.read_at(0, &mut head).map_err(|_| ImagingError::Pack)?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        let (w, h, tile, count) = (number(8), number(12), number(16), number(20));
        // Before the layout is computed: it may not be asked of absurd sizes.
        if &head[..8] != MAGIC || tile != TILE || w == 0 || h == 0 || count > MOST_TILES {
            return Err(ImagingError::Pack);
        }
        if u64::from(w).div_ceil(512) * u64::from(h).div_ceil(512) > u64::from(count) {
            return Err(ImagingError::Pack);
        }
        let layout = Layout::of(w, h);
        if layout.tiles() != count {
            return Err(ImagingError::Pack);
        }
        let mut index = vec![0; 4 * (count as usize + 1)];
        source.read_at(HEAD as u64, &mut index).map_err(|_| ImagingError::Pack)?;
        let offsets: Vec<u32> =
            index.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if offsets[0] as usize != HEAD + index.len() || !offsets.is_sorted() {
            return Err(ImagingError::Pack);
        }
        Ok(Self { source, layout, offsets })
    }

    /// The levels.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Where a tile's JPEG is; `None` if there is no such tile.
    pub fn range(&self, level: usize, x: u32, y: u32) -> Option<Range<u64>> {
        let level = self.layout.levels.get(level)?;
        if x >= level.columns() || y >= level.rows() {
            return None;
        }
        let i = (level.first + y * level.columns() + x) as usize;
        Some(u64::from(self.offsets[i])..u64::from(self.offsets[i + 1]))
    }

    /// A tile's JPEG, as it is stored.
    pub fn tile(&self, level: usize, x: u32, y: u32) -> Result<Vec<u8>, ImagingError> {
        let range = self.range(level, x, y).ok_or(ImagingError::Pack)?;
        let mut bytes = vec![0; (range.end - range.start) as usize];
        self.source.read_at(range.start, &mut bytes).map_err(|_| ImagingError::Pack)?;
        Ok(bytes)
    }

    /// A part of a level as pixels; only the tiles it touches are decoded. The
    /// part is clipped to the level.
    pub fn part(&self, level: usize, x: u32, y: u32, w: u32, h: u32) -> Result<Image, ImagingError> {
        let size = self.layout.levels.get(level).ok_or(ImagingError::Pack)?;
        let (x, y) = (x.min(size.w - 1), y.min(size.h - 1));
        let (w, h) = (w.clamp(1, size.w - x), h.clamp(1, size.h - y));
        let mut out = Image::filled(w, h, [255; 3]);
        for row in y / TILE..=(y + h - 1) / TILE {
            for column in x / TILE..=(x + w - 1) / TILE {
                let tile = decode(&self.tile(level, column, row)?, size.tile_size(column, row))?;
                // The part of this tile that is wanted, in its own coordinates.
                let (left, top) = (x.saturating_sub(column * TILE), y.saturating_sub(row * TILE));
                let piece = if left == 0 && top == 0 { tile } else { tile.crop(left, top, TILE, TILE) };
                out.paste(&piece, (column * TILE).saturating_sub(x), (row * TILE).saturating_sub(y));
            }
        }
        Ok(out)
    }

    /// The whole page, smaller: from the nearest level that is large enough.
    pub fn shrunk(&self, w: u32, h: u32) -> Result<Image, ImagingError> {
        let fits = |l: &Level| l.w >= w && l.h >= h;
        let level = self.layout.levels.iter().rposition(fits).unwrap_or(0);
        let size = self.layout.levels[level];
        Ok(self.part(level, 0, 0, size.w, size.h)?.resize(w, h, Smooth::Lanczos))
    }
}

/// Decodes a tile and insists on its size.
fn decode(bytes: &[u8], size: (u32, u32)) -> Result<Image, ImagingError> {
    let tile = crate::decode::jpeg_of_ours(bytes).map_err(|_| ImagingError::Pack)?;
    if (tile.w(), tile.h()) == size { Ok(tile) } else { Err(ImagingError::Pack) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn page(w: u32, h: u32) -> Image {
        let pixel = |x: u32, y: u32| [(x / 8 % 256) as u8, (y / 8 % 256) as u8, 128];
        Image::new(w, h, (0..h).flat_map(|y| (0..w).flat_map(move |x| pixel(x, y))).collect()).unwrap()
    }

    fn close(a: &Image, b: &Image, within: f64) -> bool {
        let sum: u64 = a.data().iter().zip(b.data()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        (a.w(), a.h()) == (b.w(), b.h()) && sum as f64 / a.data().len() as f64 <= within
    }

    #[test]
    fn an_a4_page_has_52_tiles() {
        let layout = Layout::of(2480, 3508);
        assert_eq!(layout.tiles(), 52);
        assert_eq!(
            layout.levels.iter().map(|l| (l.scale, l.w, l.h)).collect::<Vec<_>>(),
            [(1, 2480, 3508), (2, 1240, 1754), (4, 620, 877), (8, 310, 439)]
        );
        assert_eq!(layout.levels[0].tile_size(4, 6), (432, 436));
        assert_eq!(Layout::of(1, 1).tiles(), 1);
        assert_eq!(Layout::of(512, 512).tiles(), 1);
        assert_eq!(Layout::of(513, 1).tiles(), 3);
    }

    #[test]
    fn tiles_and_parts_come_back() {
        let page = page(1100, 700);
        let derived = derive(&page).unwrap();
        let pack = Pack::open(derived.pack).unwrap();
        for (level, size) in pack.layout().levels.clone().iter().enumerate() {
            for y in 0..size.rows() {
                for x in 0..size.columns() {
                    let tile = crate::decode(&pack.tile(level, x, y).unwrap(), &crate::Limits::default());
                    let tile = tile.unwrap();
                    assert_eq!((tile.w(), tile.h()), size.tile_size(x, y), "level {level} {x},{y}");
                }
            }
        }
        assert!(close(&pack.part(0, 0, 0, 1100, 700).unwrap(), &page, 3.0));
        assert!(close(&pack.part(0, 500, 400, 200, 250).unwrap(), &page.crop(500, 400, 200, 250), 3.0));
        assert!(close(&pack.part(1, 250, 100, 100, 90).unwrap(), &page.half().crop(250, 100, 100, 90), 3.0));
        let small = pack.shrunk(275, 175).unwrap();
        assert!(close(&small, &page.half().half(), 4.0));
        assert!(pack.range(0, 3, 0).is_none() && pack.range(9, 0, 0).is_none());
        let thumb = crate::decode(&derived.thumb, &crate::Limits::default()).unwrap();
        assert_eq!((thumb.w(), thumb.h()), (256, 163));
    }

    #[test]
    fn damaged_packs_are_noticed_and_never_panic() {
        let whole = build(&page(600, 600)).unwrap();
        for keep in [0, 7, 23, 24, 40, 60, whole.len() - 1] {
            let got = Pack::open(whole[..keep].to_vec()).and_then(|p| p.part(1, 0, 0, 300, 300));
            assert_eq!(got, Err(ImagingError::Pack), "{keep} bytes");
        }
        for at in 0..80 {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                if let Ok(pack) = Pack::open(bytes) {
                    let _ = pack.part(0, 0, 0, 600, 600);
                }
            }
        }
    }
}
