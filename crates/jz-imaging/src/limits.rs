//! How much a foreign file may ask for.

/// Upper bounds, checked from headers before anything is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub max_bytes: u64,
    /// Pixels of one page.
    pub max_pixels: u64,
    /// Pixels along one side.
    pub max_side: u32,
    /// Pages of one PDF or TIFF.
    pub max_pages: u32,
    /// Bytes that the compressed parts of one PDF page may expand to.
    pub max_expanded: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_pixels: 200_000_000,
            max_side: 16_000,
            max_pages: 2_000,
            max_expanded: 256 << 20,
        }
    }
}
