//! From a request to exact numbers, for a picture of a known size.

use super::parse::{Extent, FileFormat, Quality, Region, Request};
use super::{Area, IiifError};

/// The largest picture that is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxSize {
    /// Most pixels of a picture.
    pub area: u64,
}

impl Default for MaxSize {
    /// An A3 page at 300 dpi whole, and no more than a browser can show.
    fn default() -> Self {
        Self { area: 40_000_000 }
    }
}

impl MaxSize {
    /// Whether the whole page may be given out at full size. Otherwise the limit
    /// stands in info.json as `maxArea`.
    pub fn holds(&self, w: u32, h: u32) -> bool {
        u64::from(w) * u64::from(h) <= self.area
    }
}

/// What is to be done: all in pixels of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The part that is shown, inside the page.
    pub region: Area<u32>,
    /// Width before turning.
    pub w: u32,
    /// Height before turning.
    pub h: u32,
    /// Size of the whole page.
    pub page: (u32, u32),
    /// The request it came from.
    pub request: Request,
}

/// Makes exact numbers of a request.
pub fn plan(request: &Request, w: u32, h: u32, max: &MaxSize) -> Result<Plan, IiifError> {
    let region = region(&request.region, w, h).ok_or(IiifError::Bad("region"))?;
    let (out_w, out_h) = extent(request, region, max).ok_or(IiifError::Bad("size"))?;
    let larger = out_w > region.w || out_h > region.h;
    if (larger && !request.size.enlarge) || !max.holds(out_w, out_h) || out_w.max(out_h) > 65_535 {
        return Err(IiifError::Bad("size"));
    }
    Ok(Plan { region, w: out_w, h: out_h, page: (w, h), request: *request })
}

/// The rectangle, cut off at the edges of the page; `None` if nothing is left.
fn region(region: &Region, w: u32, h: u32) -> Option<Area<u32>> {
    let area = match *region {
        Region::Full => Area { x: 0, y: 0, w, h },
        Region::Square => {
            let side = w.min(h);
            Area { x: (w - side) / 2, y: (h - side) / 2, w: side, h: side }
        }
        Region::Pixels(area) => area,
        Region::Percent(p) => {
            let at = |percent: f64, of: u32| (percent / 100.0 * f64::from(of)).round() as u32;
            Area { x: at(p.x, w), y: at(p.y, h), w: at(p.w, w), h: at(p.h, h) }
        }
    };
    if area.x >= w || area.y >= h || area.w == 0 || area.h == 0 {
        return None;
    }
    Some(Area { w: area.w.min(w - area.x), h: area.h.min(h - area.y), ..area })
}

fn extent(request: &Request, region: Area<u32>, max: &MaxSize) -> Option<(u32, u32)> {
    let (w, h) = (f64::from(region.w), f64::from(region.h));
    let pixels = |v: f64| if v < 4e9 { Some((v.round() as u32).max(1)) } else { None };
    Some(match request.size.extent {
        Extent::Max => {
            let shrink = (max.area as f64 / (w * h)).sqrt().min(1.0);
            // Rounding up could step over the limit again.
            if shrink < 1.0 {
                (((w * shrink) as u32).max(1), ((h * shrink) as u32).max(1))
            } else {
                (region.w, region.h)
            }
        }
        Extent::Width(out) => (out, pixels(h * f64::from(out) / w)?),
        Extent::Height(out) => (pixels(w * f64::from(out) / h)?, out),
        Extent::Percent(percent) => (pixels(w * percent / 100.0)?, pixels(h * percent / 100.0)?),
        Extent::Exact(w, h) => (w, h),
        Extent::Within(box_w, box_h) => {
            let mut scale = (f64::from(box_w) / w).min(f64::from(box_h) / h);
            if !request.size.enlarge && scale > 1.0 {
                return None; // the box is larger than the picture in both directions
            }
            scale = scale.min(f64::from(u32::MAX) / w.max(h));
            (pixels(w * scale)?.min(box_w), pixels(h * scale)?.min(box_h))
        }
    })
}

impl Plan {
    /// The one spelling of this request that all its other spellings mean: what
    /// stands in the canonical link after the identifier.
    pub fn canonical(&self) -> String {
        let Area { x, y, w, h } = self.region;
        let region = if (w, h) == self.page { "full".to_owned() } else { format!("{x},{y},{w},{h}") };
        let larger = self.w > w || self.h > h;
        let size = match (larger, (self.w, self.h) == (w, h)) {
            (true, _) => format!("^{},{}", self.w, self.h),
            (false, true) => "max".to_owned(),
            (false, false) => format!("{},{}", self.w, self.h),
        };
        let Request { rotation, format, .. } = self.request;
        let quality = match self.request.quality {
            Quality::Color => Quality::Default,
            other => other,
        };
        format!("{region}/{size}/{rotation}/{quality}.{format}")
    }

    /// Whether the answer is in colour, upright and a JPEG, as tiles are stored.
    pub(super) fn is_plain(&self) -> bool {
        let Request { rotation, quality, format, .. } = self.request;
        rotation.degrees % 360.0 == 0.0
            && !rotation.mirror
            && matches!(quality, Quality::Default | Quality::Color)
            && format == FileFormat::Jpg
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn sized(path: &str) -> Option<(u32, u32, u32, u32, u32, u32)> {
        let request = Request::parse_path(&format!("{path}/0/default.jpg")).unwrap();
        let p = plan(&request, 1000, 2000, &MaxSize { area: 4_500_000 }).ok()?;
        Some((p.region.x, p.region.y, p.region.w, p.region.h, p.w, p.h))
    }

    #[test]
    fn regions_and_sizes() {
        #[rustfmt::skip]
        let cases = [
            ("full/max",                Some((0, 0, 1000, 2000, 1000, 2000))),
            ("square/max",              Some((0, 500, 1000, 1000, 1000, 1000))),
            ("900,1900,500,500/max",    Some((900, 1900, 100, 100, 100, 100))),
            ("1000,0,5,5/max",          None),
            ("0,0,0,5/max",             None),
            ("pct:50,50,25,10/max",     Some((500, 1000, 250, 200, 250, 200))),
            ("pct:100,0,5,5/max",       None),
            ("pct:90,90,50,50/max",     Some((900, 1800, 100, 200, 100, 200))),
            ("full/500,",               Some((0, 0, 1000, 2000, 500, 1000))),
            ("full/,500",               Some((0, 0, 1000, 2000, 250, 500))),
            ("full/pct:25",             Some((0, 0, 1000, 2000, 250, 500))),
            ("full/300,300",            Some((0, 0, 1000, 2000, 300, 300))),
            ("full/!300,300",           Some((0, 0, 1000, 2000, 150, 300))),
            ("full/1,",                 Some((0, 0, 1000, 2000, 1, 2))),
            ("full/1001,",              None),
            ("full/pct:101",            None),
            ("full/!1500,3000",         None),
            ("full/!5000,2000",         Some((0, 0, 1000, 2000, 1000, 2000))),
            ("full/^1200,",             Some((0, 0, 1000, 2000, 1200, 2400))),
            ("full/^max",               Some((0, 0, 1000, 2000, 1000, 2000))),
            ("full/^2000,",             None),
            ("full/^pct:1000000000000", None),
            ("0,0,1,2000/^4000000000,", None),
            ("0,0,10,10/^!40,20",       Some((0, 0, 10, 10, 20, 20))),
        ];
        for (path, want) in cases {
            assert_eq!(sized(path), want, "{path}");
        }
    }

    #[test]
    fn max_shrinks_what_is_over_the_limit() {
        let request = Request::parse_path("full/max/0/default.jpg").unwrap();
        let p = plan(&request, 10_000, 10_000, &MaxSize { area: 1_000_000 }).unwrap();
        assert_eq!((p.w, p.h), (1000, 1000));
        let p = plan(&request, 9_999, 3_333, &MaxSize { area: 1_000_000 }).unwrap();
        assert!(MaxSize { area: 1_000_000 }.holds(p.w, p.h));
    }

    #[test]
    fn canonical_spelling() {
        let canonical = |path: &str| {
            let request = Request::parse_path(path).unwrap();
            plan(&request, 1000, 2000, &MaxSize::default()).unwrap().canonical()
        };
        assert_eq!(canonical("0,0,1000,2000/1000,2000/0.0/color.jpg"), "full/max/0/default.jpg");
        assert_eq!(canonical("pct:0,0,50,50/pct:50/!90/gray.png"), "0,0,500,1000/250,500/!90/gray.png");
        assert_eq!(canonical("full/^2000,/22.5/default.jpg"), "full/^2000,4000/22.5/default.jpg");
    }
}
