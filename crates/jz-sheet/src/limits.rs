//! How much of an uploaded workbook is believed.

/// Upper bounds for one file. Whatever breaks one is refused, never cut short.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Files inside the zip, counted before they are listed.
    pub entries: u64,
    /// Bytes of all files inside the zip when inflated.
    pub expanded_bytes: u64,
    /// Inflated bytes per stored byte, looked at once a part is larger than `ratio_floor`.
    pub ratio: u64,
    /// Small parts may compress better than `ratio`; they cannot hurt.
    pub ratio_floor: u64,
    /// Inflated bytes of a part that has to be held in memory (strings, styles).
    pub resident_bytes: u64,
    /// Tags in the table of shared strings: each may be a string in memory.
    pub string_tags: u64,
    /// Tags in any other part that has to be held in memory. Excel itself allows 65,490
    /// cell formats; 2 MB of input can claim millions.
    pub part_tags: u64,
    /// Bytes between two tags: the longest text of a cell.
    pub text_bytes: usize,
    /// Sheets.
    pub sheets: usize,
    /// Last row that may hold a value.
    pub rows: u32,
    /// Last column that may hold a value.
    pub columns: u32,
    /// Cells with a value in one sheet.
    pub cells: u64,
    /// Bytes of shared strings that the cells of one sheet say together. Such a string is
    /// stored once and counts for every cell that points to it: a small file can say
    /// gigabytes. Other text is as long as the file inflates to.
    pub said_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50 << 20,
            entries: 10_000,
            expanded_bytes: 512 << 20,
            ratio: 100,
            ratio_floor: 8 << 20,
            resident_bytes: 64 << 20,
            string_tags: 6_000_000,
            part_tags: 500_000,
            text_bytes: 1 << 20,
            sheets: 256,
            rows: 200_000,
            columns: 200,
            cells: 6_000_000,
            said_bytes: 128 << 20,
        }
    }
}
