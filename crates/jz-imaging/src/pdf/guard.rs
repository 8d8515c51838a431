//! Counts what compressed parts of a PDF expand to, with little memory, before
//! the library that has no limits of its own sees them.
//!
//! Twice: object and cross-reference streams are expanded while a file is being
//! opened, so they are found by a scan over the raw bytes; everything a page uses
//! is found by walking from the page.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Page;
use memchr::memmem;

use crate::probe::check_size;
use crate::{ImagingError, Limits};

/// No honest page uses more objects than this.
const MAX_OBJECTS: usize = 200_000;

/// How deep the walk goes; beyond it nothing is drawn in practice.
const MAX_DEPTH: u32 = 64;

/// Checks the streams that opening the file expands.
pub(super) fn before_parsing(bytes: &[u8], limits: &Limits) -> Result<(), ImagingError> {
    let mut budget = Budget::new(limits);
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        let start = at + found;
        at = start + 6;
        let before = &bytes[..start];
        if before.ends_with(b"end") {
            continue;
        }
        let head = &before[before.len().saturating_sub(4096)..];
        let head = find_last(head, b"obj").map_or(head, |i| &head[i..]);
        if find(head, b"/ObjStm").is_none() && find(head, b"/XRef").is_none() {
            continue;
        }
        let data = &bytes[at..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let end = find(data, b"endstream").unwrap_or(data.len());
        budget.spend(&data[..end], &named_filters(head))?;
    }
    Ok(())
}

/// The filters that a dictionary names in the open. An indirect or missing entry
/// is taken for Flate, which does no harm to data that is not.
fn named_filters(head: &[u8]) -> Vec<Filter> {
    let text = find(head, b"/Filter").map_or(&b""[..], |i| &head[i + 7..]);
    let end = if text.trim_ascii_start().starts_with(b"[") {
        find(text, b"]").unwrap_or(text.len())
    } else {
        let name = find(text, b"/").map_or(0, |i| i + 1);
        let tail = &text[name..];
        name + tail.iter().position(|b| b"/>[ \r\n\t".contains(b)).unwrap_or(tail.len())
    };
    let filters: Vec<_> = text[..end]
        .split(|&b| b == b'/')
        .filter_map(|name| match name.trim_ascii() {
            b"FlateDecode" | b"Fl" => Some(Filter::FlateDecode),
            b"LZWDecode" | b"LZW" => Some(Filter::LzwDecode),
            b"RunLengthDecode" | b"RL" => Some(Filter::RunLengthDecode),
            b"ASCII85Decode" | b"A85" => Some(Filter::Ascii85Decode),
            b"ASCIIHexDecode" | b"AHx" => Some(Filter::AsciiHexDecode),
            _ => None,
        })
        .collect();
    if filters.is_empty() { vec![Filter::FlateDecode] } else { filters }
}

/// Checks everything that drawing this page may expand.
pub(super) fn before_drawing(page: &Page<'_>, limits: &Limits) -> Result<(), ImagingError> {
    let mut walk = Walk { page, limits, budget: Budget::new(limits), seen: HashSet::new() };
    walk.dict(page.raw(), 0)?;
    let used = page.resources();
    let inherited = [
        &used.ext_g_states,
        &used.fonts,
        &used.properties,
        &used.color_spaces,
        &used.x_objects,
        &used.patterns,
        &used.shadings,
    ];
    for dict in inherited {
        walk.dict(dict, 0)?;
    }
    Ok(())
}

struct Walk<'p, 'a> {
    page: &'p Page<'a>,
    limits: &'p Limits,
    budget: Budget,
    seen: HashSet<ObjectIdentifier>,
}

impl<'a> Walk<'_, 'a> {
    fn dict(&mut self, dict: &Dict<'a>, depth: u32) -> Result<(), ImagingError> {
        for (key, value) in dict.entries() {
            // These lead back to other pages.
            if ![&b"Parent"[..], b"P", b"Dest", b"A", b"StructParents", b"B"].contains(&&*key) {
                self.value(value, depth + 1)?;
            }
        }
        Ok(())
    }

    fn value(&mut self, value: MaybeRef<Object<'a>>, depth: u32) -> Result<(), ImagingError> {
        if depth > MAX_DEPTH {
            return Ok(());
        }
        let object = match value {
            MaybeRef::NotRef(object) => object,
            MaybeRef::Ref(reference) => {
                let id = ObjectIdentifier::from(reference);
                if !self.seen.insert(id) {
                    return Ok(());
                }
                if self.seen.len() > MAX_OBJECTS {
                    return Err(ImagingError::PdfExpands { max: self.limits.max_expanded });
                }
                match self.page.xref().get::<Object<'a>>(id) {
                    Some(object) => object,
                    None => return Ok(()),
                }
            }
        };
        match object {
            Object::Dict(dict) => self.dict(&dict, depth),
            Object::Array(array) => array.raw_iter().try_for_each(|item| self.value(item, depth + 1)),
            Object::Stream(stream) => {
                self.stream(&stream)?;
                self.dict(stream.dict(), depth)
            }
            _ => Ok(()),
        }
    }

    fn stream(&mut self, stream: &Stream<'a>) -> Result<(), ImagingError> {
        let dict = stream.dict();
        let number = |key: &str| dict.get::<f32>(key).map_or(1, |v| v.max(1.0) as u64);
        if dict.contains_key("Width") || dict.contains_key("W") {
            check_size(number("Width").max(number("W")), number("Height").max(number("H")), self.limits)?;
        }
        let data = stream.raw_data();
        let filters = stream.filters();
        match filters.last() {
            Some(Filter::JpxDecode) => check_sides(jpx_size(&data), self.limits)?,
            Some(Filter::Jbig2Decode) => check_sides(jbig2_size(&data), self.limits)?,
            Some(Filter::CcittFaxDecode) => {
                let params = dict.get::<Dict<'_>>("DecodeParms").unwrap_or_default();
                let columns = params.get::<f32>("Columns").map_or(1728, |v| v as u64);
                check_size(columns.max(1), number("Height"), self.limits)?;
            }
            _ => {}
        }
        self.budget.spend(&data, &filters)
    }
}

fn check_sides(size: Option<(u32, u32)>, limits: &Limits) -> Result<(), ImagingError> {
    size.map_or(Ok(()), |(w, h)| check_size(u64::from(w.max(1)), u64::from(h.max(1)), limits))
}

/// Width and height from the SIZ segment of a JPEG 2000 code stream.
fn jpx_size(data: &[u8]) -> Option<(u32, u32)> {
    let at = find(data, &[0xff, 0x4f, 0xff, 0x51])?;
    Some((be32(data, at + 8)?, be32(data, at + 12)?))
}

/// Width and height from the page information segment, which comes first.
fn jbig2_size(data: &[u8]) -> Option<(u32, u32)> {
    let (flags, referred) = (*data.get(4)?, *data.get(5)? >> 5);
    if flags & 0x3f != 48 || referred != 0 {
        return None;
    }
    let body = if flags & 0x40 == 0 { 11 } else { 14 };
    Some((be32(data, body)?, be32(data, body + 4)?))
}

fn be32(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// What may still be expanded.
struct Budget {
    left: u64,
    max: u64,
}

impl Budget {
    fn new(limits: &Limits) -> Self {
        Self { left: limits.max_expanded, max: limits.max_expanded }
    }

    /// Runs data through its filters and takes every stage off the budget.
    fn spend(&mut self, data: &[u8], filters: &[Filter]) -> Result<(), ImagingError> {
        let over = ImagingError::PdfExpands { max: self.max };
        let mut owned: Option<Vec<u8>> = None;
        for (i, filter) in filters.iter().enumerate() {
            let input = owned.as_deref().unwrap_or(data);
            let last = i + 1 == filters.len();
            let (len, output) = match filter {
                Filter::FlateDecode => inflate(input, self.left, !last),
                Filter::LzwDecode => (lzw_len(input, self.left), None),
                Filter::RunLengthDecode => (input.len() as u64 * 64, None),
                Filter::AsciiHexDecode => kept(from_hex(input)),
                Filter::Ascii85Decode => kept(from_85(input)),
                // Pictures: their size was checked from the headers.
                _ => return Ok(()),
            };
            self.left = self.left.checked_sub(len).ok_or_else(|| over.clone())?;
            let picture_next = filters.get(i + 1).is_none_or(|f| !expands(*f));
            match output {
                Some(output) => owned = Some(output),
                None if picture_next => return Ok(()),
                // Two stages of the rare old filters: nobody writes that.
                None => return Err(over),
            }
        }
        Ok(())
    }
}

fn expands(filter: Filter) -> bool {
    use Filter as F;
    matches!(
        filter,
        F::FlateDecode | F::LzwDecode | F::RunLengthDecode | F::AsciiHexDecode | F::Ascii85Decode
    )
}

fn kept(output: Vec<u8>) -> (u64, Option<Vec<u8>>) {
    (output.len() as u64, Some(output))
}

/// Length of the expanded data, at most `max + 1`, and the data if wanted. Broken
/// streams count as far as they go, as the reader would use them.
fn inflate(data: &[u8], max: u64, keep: bool) -> (u64, Option<Vec<u8>>) {
    let zlib = matches!(data, [cmf, flg, ..] if cmf & 15 == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)).is_multiple_of(31));
    let source: Box<dyn Read + '_> =
        if zlib { Box::new(ZlibDecoder::new(data)) } else { Box::new(DeflateDecoder::new(data)) };
    let mut source = source.take(max.saturating_add(1));
    let (mut chunk, mut len) = (vec![0; 64 << 10], 0);
    let mut output = keep.then(Vec::new);
    loop {
        let got = match source.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(got) => got,
        };
        len += got as u64;
        if let Some(output) = &mut output {
            output.extend_from_slice(&chunk[..got]);
        }
    }
    (len, output)
}

/// Length of LZW data (the PDF variety: 9 to 12 bits, most significant first),
/// by keeping lengths instead of strings.
fn lzw_len(data: &[u8], max: u64) -> u64 {
    let (mut lens, mut previous, mut total) = (Vec::<u64>::new(), None::<u64>, 0);
    let (mut bits, mut have) = (0u32, 0u32);
    let mut bytes = data.iter();
    while total <= max {
        let width = 9 + [511, 1023, 2047].iter().filter(|&&n| lens.len() + 259 > n).count() as u32;
        while have < width {
            let Some(&byte) = bytes.next() else { return total };
            (bits, have) = (bits << 8 | u32::from(byte), have + 8);
        }
        let code = (bits >> (have - width) & ((1 << width) - 1)) as usize;
        have -= width;
        let len = match code {
            256 => {
                lens.clear();
                previous = None;
                continue;
            }
            257 => return total,
            0..256 => 1,
            _ => lens.get(code - 258).copied().or(previous.map(|p| p + 1)).unwrap_or(1),
        };
        if let Some(previous) = previous
            && lens.len() < 4096 - 258
        {
            lens.push(previous + 1);
        }
        previous = Some(len);
        total += len;
    }
    total
}

fn from_hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|&&b| b != b'>')
        .filter_map(|&b| char::from(b).to_digit(16))
        .map(|d| d as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn from_85(data: &[u8]) -> Vec<u8> {
    let (mut out, mut group) = (Vec::with_capacity(data.len() / 5 * 4), Vec::with_capacity(5));
    for &byte in data.iter().take_while(|&&b| b != b'~') {
        match byte {
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            out.extend_from_slice(&group_85(&group));
            group.clear();
        }
    }
    if group.len() > 1 {
        let keep = group.len() - 1;
        group.resize(5, 84);
        out.extend_from_slice(&group_85(&group)[..keep]);
    }
    out
}

fn group_85(group: &[u8]) -> [u8; 4] {
    group.iter().fold(0u32, |sum, &d| sum.wrapping_mul(85).wrapping_add(u32::from(d))).to_be_bytes()
}

fn find(data: &[u8], what: &[u8]) -> Option<usize> {
    memmem::find(data, what)
}

fn find_last(data: &[u8], what: &[u8]) -> Option<usize> {
    memmem::rfind(data, what)
}
