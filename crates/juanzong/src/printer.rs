//! Brings typesetting to the use cases.

use jz_app::print::{CatalogueDoc, Printer};
use jz_forms::{CatalogueClass, CatalogueData, CatalogueItem, Fonts, render_catalogue};
use std::path::PathBuf;

/// Typesets with the embedded fonts and those in the data folder, which come first.
pub struct Typst {
    /// Folder of the house's own fonts.
    pub fonts: PathBuf,
}

impl Typst {
    fn fonts(&self) -> Fonts {
        let own =
            std::fs::read_dir(&self.fonts).into_iter().flatten().filter_map(Result::ok).map(|e| e.path());
        let is_font = |p: &PathBuf| {
            p.extension().is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("otf"))
        };
        Fonts::with_extra(own.filter(is_font).filter_map(|p| std::fs::read(p).ok()))
    }
}

impl Printer for Typst {
    fn catalogue(&self, doc: &CatalogueDoc) -> Result<Vec<u8>, String> {
        let classes = doc
            .classes
            .iter()
            .map(|c| CatalogueClass {
                code: c.code.clone(),
                label: c.label.clone(),
                sub: c.sub,
                leaf: c.leaf,
                items: c
                    .rows
                    .iter()
                    .map(|r| CatalogueItem {
                        seq: r.seq,
                        title: r.title.clone(),
                        formed: r.formed.clone(),
                        pages: r.pages,
                        copies: r.copies,
                        remark: r.remark.clone(),
                    })
                    .collect(),
            })
            .collect();
        let title = if doc.scheme.starts_with("干部人事档案") {
            "干部人事档案目录"
        } else {
            "档案目录"
        };
        let data = CatalogueData {
            title: title.into(),
            person: doc.name.clone(),
            volume_no: doc.no.clone(),
            id_no: doc.id_no.clone(),
            // Already masked.
            id_in_full: true,
            classes,
            date: doc.day.clone(),
            revision: doc.rev,
            secrecy: doc.secrecy.clone(),
            ..CatalogueData::default()
        };
        let now = doc.day.parse::<jz_domain::PartialDate>().ok().and_then(jz_domain::PartialDate::full);
        let ms = now
            .and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map_or(0, |z| z.timestamp().as_millisecond());
        render_catalogue(&data, &self.fonts(), ms).map_err(|e| e.zh())
    }
}
