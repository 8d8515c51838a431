//! Brings typesetting to the use cases.

use jz_app::print::{CatalogueDoc, Printer};

/// Typesets with the embedded fonts and those in the data folder.
pub struct Typst;

impl Printer for Typst {
    fn catalogue(&self, doc: &CatalogueDoc) -> Result<Vec<u8>, String> {
        let _ = doc;
        Err("本版本尚不能打印目录。".to_owned())
    }
}
