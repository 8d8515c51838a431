//! Brings typesetting to the use cases.

use jz_app::print::{CatalogueDoc, Printer};
use jz_domain::Millis;
use jz_forms::{CatalogueClass, CatalogueData, CatalogueItem, Fonts, render_catalogue};
use std::{path::PathBuf, sync::OnceLock};

/// Typesets with the embedded fonts and those in the data folder, which come first.
pub struct Typst {
    folder: PathBuf,
    // Parsing fonts takes longer than setting a page.
    fonts: OnceLock<Fonts>,
}

impl Typst {
    /// `folder` holds the house's own fonts; it is read when the first form is printed.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, fonts: OnceLock::new() }
    }

    fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| {
            let all = std::fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
            let is_font = |p: &PathBuf| {
                p.extension().is_some_and(|e| ["ttf", "otf", "ttc"].iter().any(|f| e.eq_ignore_ascii_case(f)))
            };
            let mut own: Vec<PathBuf> = all.map(|e| e.path()).filter(is_font).collect();
            own.sort();
            Fonts::with_extra(own.into_iter().filter_map(|p| std::fs::read(p).ok()))
        })
    }
}

impl Printer for Typst {
    fn catalogue(&self, doc: &CatalogueDoc, now: Millis) -> Result<Vec<u8>, String> {
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
        let data = CatalogueData {
            title: doc.title.clone(),
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
        render_catalogue(&data, self.fonts(), now.0).map_err(|e| e.zh())
    }
}
