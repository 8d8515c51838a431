//! Printed forms: data in, a PDF/A-2b file out.
//!
//! A form is a template in `forms/*.typ` and a data type in this crate. The
//! typesetter sees exactly that template, the data as `data.json` and the fonts it
//! is given: nothing from disk, nothing from the network, no clock. Text in the data
//! is text, it can never become code.
//!
//! This crate knows nothing of members, volumes or rights; whoever calls it decides
//! what may be printed. A character that no font has is an error ([`FormError::MissingGlyphs`]),
//! never an empty box.
//!
//! A new form: a template, a module like [`catalogue`] with its data type and
//! `render_…`, and rows in [`samples`].

#![deny(missing_docs)]

pub mod catalogue;
mod fonts;
mod render;
pub mod samples;
mod world;

pub use catalogue::{CatalogueClass, CatalogueData, CatalogueItem, render_catalogue};
pub use fonts::Fonts;

/// Why a form could not be printed.
///
/// The texts carry no personal data; single missing characters excepted, because
/// nobody could add the right font without knowing them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// No usable font at all.
    #[error("no usable font")]
    NoFonts,
    /// Characters that none of the fonts can draw, each once, in order of appearance.
    #[error("{} characters are in no font", .0.len())]
    MissingGlyphs(Vec<char>),
    /// A font forbids being embedded in documents.
    #[error("a font forbids embedding")]
    FontLicence,
    /// The template or its data does not fit this version.
    #[error("template failed: {0}")]
    Template(String),
    /// The document was set but could not be written as PDF/A.
    #[error("PDF/A export failed: {0}")]
    Export(String),
    /// The typesetter stopped in an unforeseen way.
    #[error("typesetter crashed")]
    Crashed,
}

impl FormError {
    /// Stable name of the rule, for pages and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoFonts => "forms.no-fonts",
            Self::MissingGlyphs(_) => "forms.missing-glyphs",
            Self::FontLicence => "forms.font-licence",
            Self::Template(_) => "forms.template",
            Self::Export(_) => "forms.export",
            Self::Crashed => "forms.crashed",
        }
    }

    /// The sentence for people: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::NoFonts => {
                "没有可用的字库，无法打印。请把 TTF 或 OTF 字体放入数据目录的 fonts 文件夹。".to_owned()
            }
            Self::MissingGlyphs(chars) => {
                let list: Vec<String> = chars.iter().map(|c| show(*c)).collect();
                format!(
                    "字库缺字：{}。请把含有这些字的字体放入数据目录的 fonts 文件夹后重试。",
                    list.join("、")
                )
            }
            Self::FontLicence => {
                "数据目录 fonts 文件夹中有一款字体不允许嵌入文档，请移走该字体后重试。".to_owned()
            }
            Self::Template(_) => "表格模板与数据不符，无法排版。请联系系统管理员查看日志。".to_owned(),
            Self::Export(_) => "无法生成符合 PDF/A 的文件。请联系系统管理员查看日志。".to_owned(),
            Self::Crashed => "排版程序意外中止，请重试；若再次出现，请联系系统管理员。".to_owned(),
        }
    }
}

/// The character itself, or its number when it cannot be seen.
fn show(c: char) -> String {
    if c.is_control() || c.is_whitespace() || ('\u{e000}'..='\u{f8ff}').contains(&c) {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("{c}（U+{:04X}）", u32::from(c))
    }
}
