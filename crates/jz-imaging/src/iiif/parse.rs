//! The path of an image request, from text to values and back.

use std::fmt;

use super::IiifError;

/// An image request: the four parameters after the identifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// Which part of the picture.
    pub region: Region,
    /// How large it becomes.
    pub size: Size,
    /// How it is turned.
    pub rotation: Rotation,
    /// In which colours.
    pub quality: Quality,
    /// As which kind of file.
    pub format: FileFormat,
}

/// Which part of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Region {
    /// All of it.
    Full,
    /// The largest square, from the middle.
    Square,
    /// A rectangle in pixels.
    Pixels(Area<u32>),
    /// A rectangle in per cent.
    Percent(Area<f64>),
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area<T> {
    /// Left edge.
    pub x: T,
    /// Upper edge.
    pub y: T,
    /// Width.
    pub w: T,
    /// Height.
    pub h: T,
}

/// How large it becomes, and whether it may become larger than it is (`^`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// `^` was given.
    pub enlarge: bool,
    /// The extent asked for.
    pub extent: Extent,
}

/// The extent asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// As large as there is.
    Max,
    /// Width; the height follows.
    Width(u32),
    /// Height; the width follows.
    Height(u32),
    /// Per cent of the region.
    Percent(f64),
    /// Exactly this, whatever the shape.
    Exact(u32, u32),
    /// As large as fits into this.
    Within(u32, u32),
}

/// How it is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotation {
    /// Left becomes right, before turning.
    pub mirror: bool,
    /// Clockwise, 0 to 360.
    pub degrees: f64,
}

/// In which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Colour, as it is.
    Default,
    /// Colour.
    Color,
    /// Grey.
    Gray,
    /// Black and white.
    Bitonal,
}

/// As which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// JPEG.
    Jpg,
    /// PNG.
    Png,
}

impl FileFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

impl Request {
    /// Parses the four path segments (percent-decoded): region, size, rotation,
    /// and quality with format.
    pub fn parse(region: &str, size: &str, rotation: &str, last: &str) -> Result<Self, IiifError> {
        let (quality, format) = last.rsplit_once('.').ok_or(IiifError::Bad("format"))?;
        Ok(Self {
            region: parse_region(region).ok_or(IiifError::Bad("region"))?,
            size: parse_size(size).ok_or(IiifError::Bad("size"))?,
            rotation: parse_rotation(rotation).ok_or(IiifError::Bad("rotation"))?,
            quality: parse_quality(quality).ok_or(IiifError::Bad("quality"))?,
            format: parse_format(format)?,
        })
    }

    /// Parses `region/size/rotation/quality.format`.
    pub fn parse_path(path: &str) -> Result<Self, IiifError> {
        let mut parts = path.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(region), Some(size), Some(rotation), Some(last), None) => {
                Self::parse(region, size, rotation, last)
            }
            _ => Err(IiifError::Bad("format")),
        }
    }
}

fn parse_region(text: &str) -> Option<Region> {
    match text {
        "full" => Some(Region::Full),
        "square" => Some(Region::Square),
        _ => match text.strip_prefix("pct:") {
            Some(rest) => four(rest, decimal).map(Region::Percent),
            None => four(text, whole).map(Region::Pixels),
        },
    }
}

fn four<T>(text: &str, number: impl Fn(&str) -> Option<T>) -> Option<Area<T>> {
    let mut parts = text.split(',').map(number);
    let area = Area { x: parts.next()??, y: parts.next()??, w: parts.next()??, h: parts.next()?? };
    parts.next().is_none().then_some(area)
}

fn parse_size(text: &str) -> Option<Size> {
    let (enlarge, text) = text.strip_prefix('^').map_or((false, text), |rest| (true, rest));
    let extent = if text == "max" {
        Extent::Max
    } else if let Some(rest) = text.strip_prefix("pct:") {
        Extent::Percent(decimal(rest).filter(|&p| p > 0.0)?)
    } else {
        let (within, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (w, h) = text.split_once(',')?;
        let some = |t: &str| if t.is_empty() { Some(None) } else { whole(t).filter(|&v| v > 0).map(Some) };
        match (some(w)?, some(h)?, within) {
            (Some(w), Some(h), true) => Extent::Within(w, h),
            (Some(w), Some(h), false) => Extent::Exact(w, h),
            (Some(w), None, false) => Extent::Width(w),
            (None, Some(h), false) => Extent::Height(h),
            _ => return None,
        }
    };
    Some(Size { enlarge, extent })
}

fn parse_rotation(text: &str) -> Option<Rotation> {
    let (mirror, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    let degrees = decimal(text).filter(|&d| d <= 360.0)?;
    Some(Rotation { mirror, degrees })
}

fn parse_quality(text: &str) -> Option<Quality> {
    Some(match text {
        "default" => Quality::Default,
        "color" => Quality::Color,
        "gray" => Quality::Gray,
        "bitonal" => Quality::Bitonal,
        _ => return None,
    })
}

fn parse_format(text: &str) -> Result<FileFormat, IiifError> {
    match text {
        "jpg" => Ok(FileFormat::Jpg),
        "png" => Ok(FileFormat::Png),
        // The other formats that the specification knows.
        "tif" | "gif" | "jp2" | "pdf" | "webp" => Err(IiifError::NotImplemented("format")),
        _ => Err(IiifError::Bad("format")),
    }
}

/// Digits only: no sign, no blank, no exponent.
fn whole(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Digits with at most one point between digits (or before them).
fn decimal(text: &str) -> Option<f64> {
    let (before, after) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let fine = digits(before) && digits(after) && !after.is_empty() && text.len() <= 20;
    if fine && !text.is_empty() { text.parse().ok() } else { None }
}

impl fmt::Display for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.mirror { "!" } else { "" }, self.degrees)
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Color => "color",
            Self::Gray => "gray",
            Self::Bitonal => "bitonal",
        })
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpg => "jpg",
            Self::Png => "png",
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn status(path: &str) -> u16 {
        Request::parse_path(path).err().map_or(200, |e| e.status())
    }

    #[test]
    fn a_full_request() {
        let got = Request::parse_path("pct:1.5,2,30,40/^!200,300/!22.5/gray.png").unwrap();
        assert_eq!(got.region, Region::Percent(Area { x: 1.5, y: 2.0, w: 30.0, h: 40.0 }));
        assert_eq!(got.size, Size { enlarge: true, extent: Extent::Within(200, 300) });
        assert_eq!(got.rotation, Rotation { mirror: true, degrees: 22.5 });
        assert_eq!((got.quality, got.format), (Quality::Gray, FileFormat::Png));
    }

    #[test]
    fn what_is_legal_and_what_is_not() {
        #[rustfmt::skip]
        let cases = [
            (200, "full/max/0/default.jpg"), (200, "square/max/360/color.png"),
            (200, "0,0,10,10/5,/90/bitonal.jpg"), (200, "full/,5/0.5/default.jpg"),
            (200, "full/pct:.5/0/default.jpg"), (200, "full/^max/0/default.jpg"),
            (400, "full/full/0/default.jpg"), (400, "full/max/361/default.jpg"),
            (400, "full/max/-90/default.jpg"), (400, "full/max/90./default.jpg"),
            (400, "full/max/1e2/default.jpg"), (400, "full/max/+90/default.jpg"),
            (400, "full/max/nan/default.jpg"), (400, "full/max/inf/default.jpg"),
            (400, "full/max/!/default.jpg"), (400, "full/max//default.jpg"),
            (400, "1,2,3/max/0/default.jpg"), (400, "1,2,3,4,5/max/0/default.jpg"),
            (400, "1.5,2,3,4/max/0/default.jpg"), (400, "-1,2,3,4/max/0/default.jpg"),
            (400, "99999999999,2,3,4/max/0/default.jpg"), (400, "pct:1,2,3/max/0/default.jpg"),
            (400, "full/,/0/default.jpg"), (400, "full/!5,/0/default.jpg"),
            (400, "full/!,5/0/default.jpg"), (400, "full/0,5/0/default.jpg"),
            (400, "full/5,0/0/default.jpg"), (400, "full/pct:0/0/default.jpg"),
            (400, "full/5/0/default.jpg"), (400, "full/^/0/default.jpg"),
            (400, "full/max/0/native.jpg"), (400, "full/max/0/default.abc"),
            (400, "full/max/0/default"), (400, "full/max/0"), (400, ""),
            (400, "full/max/0/default.jpg/x"), (400, "full/max/0/.jpg"),
            (501, "full/max/0/default.tif"), (501, "full/max/0/default.webp"),
        ];
        for (want, path) in cases {
            assert_eq!(status(path), want, "{path}");
        }
    }

    #[test]
    fn random_segments_never_panic() {
        let mut seed = 9u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(char::from(48 + (seed >> 33) as u8 % 75));
            }
            let (a, b) = text.split_at(4);
            let _ = Request::parse(a, b, &text[2..6], &format!("default.{}", &text[..3]));
            let _ = Request::parse(&text, &text, a, "default.jpg");
        }
    }
}
