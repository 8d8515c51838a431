//! info.json.

use serde_json::{Value, json};

use super::MaxSize;
use crate::pack::{Layout, TILE};

/// The description of a page of `w` by `h` whose service is at `id` (an absolute
/// address without a slash at its end).
pub fn info(id: &str, w: u32, h: u32, max: &MaxSize) -> Value {
    let layout = Layout::of(w, h);
    let sizes: Vec<Value> = layout
        .levels
        .iter()
        .rev()
        .filter(|l| max.holds(l.w, l.h))
        .map(|l| json!({ "width": l.w, "height": l.h }))
        .collect();
    let scales: Vec<u32> = layout.levels.iter().map(|l| l.scale).collect();
    let mut value = json!({
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": id,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": w,
        "height": h,
        "sizes": sizes,
        "tiles": [{ "width": TILE, "height": TILE, "scaleFactors": scales }],
        "preferredFormats": ["jpg"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": ["canonicalLinkHeader", "mirroring", "profileLinkHeader", "rotationArbitrary", "sizeUpscaling"],
    });
    if !max.holds(w, h) {
        value["maxArea"] = json!(max.area);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_offered() {
        let value = info("http://localhost/iiif/3/7", 2480, 3508, &MaxSize::default());
        assert_eq!(value["profile"], "level2");
        assert_eq!(value["tiles"][0]["scaleFactors"], json!([1, 2, 4, 8]));
        assert_eq!(value["sizes"][0], json!({ "width": 310, "height": 439 }));
        assert_eq!(value["sizes"][3], json!({ "width": 2480, "height": 3508 }));
        assert_eq!(value.get("maxArea"), None);
        let poster = info("http://localhost/iiif/3/7", 15_000, 10_000, &MaxSize::default());
        assert_eq!(poster["maxArea"], 40_000_000);
        assert_eq!(poster["sizes"].as_array().map(Vec::len), Some(5), "the full size is over the limit");
    }
}
