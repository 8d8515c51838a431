//! The two things we want from EXIF: orientation and resolution.

use super::plausible_dpi;

/// What a TIFF-shaped EXIF block says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Exif {
    pub orientation: Option<u8>,
    pub dpi: Option<(f32, f32)>,
}

struct Block<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Block<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let b: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(b) } else { u16::from_be_bytes(b) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let b: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    }

    fn rational(&self, at: usize) -> Option<f64> {
        let (num, den) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
        (den != 0).then(|| f64::from(num) / f64::from(den))
    }
}

/// Reads the first directory of an EXIF block (without the `Exif\0\0` prefix).
/// Broken blocks give what could be read: they must not stop an import.
pub(super) fn read(bytes: &[u8]) -> Exif {
    let mut exif = Exif::default();
    read_into(bytes, &mut exif);
    exif
}

fn read_into(bytes: &[u8], exif: &mut Exif) -> Option<()> {
    let little = match bytes.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let block = Block { bytes, little };
    let start = block.u32(4)? as usize;
    let count = block.u16(start)?;
    let (mut x, mut y, mut unit) = (None, None, 2);
    for i in 0..usize::from(count) {
        let at = start.checked_add(2 + i * 12)?;
        let Some(tag) = block.u16(at) else { break };
        match tag {
            0x0112 => {
                let value = block.u16(at + 8).and_then(|v| u8::try_from(v).ok());
                exif.orientation = value.filter(|v| (1..=8).contains(v));
            }
            0x011a => x = block.u32(at + 8).and_then(|o| block.rational(o as usize)),
            0x011b => y = block.u32(at + 8).and_then(|o| block.rational(o as usize)),
            0x0128 => unit = block.u16(at + 8).unwrap_or(2),
            _ => {}
        }
    }
    let per_inch = if unit == 3 { 2.54 } else { 1.0 };
    exif.dpi = plausible_dpi(x? * per_inch, y? * per_inch);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_byte_orders() {
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
        assert_eq!(read(big).orientation, Some(6));
        assert_eq!(read(little).orientation, Some(8));
    }

    #[test]
    fn rubbish_says_nothing() {
        for bytes in [&b""[..], b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(read(bytes), Exif::default());
        }
    }
}
