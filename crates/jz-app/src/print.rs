//! The door to printing. Typesetting is heavy and lives outside; the binary brings it.

use serde::Serialize;

/// A catalogue as it is printed.
#[derive(Clone, Serialize)]
pub struct CatalogueDoc {
    /// Name of the school.
    pub school: String,
    /// Heading: 干部人事档案目录.
    pub title: String,
    /// 姓名.
    pub name: String,
    /// 档案编号.
    pub no: String,
    /// 身份证号, masked.
    pub id_no: String,
    /// Name of the class scheme.
    pub scheme: String,
    /// 密级, by its label.
    pub secrecy: String,
    /// Catalogue revision.
    pub rev: i64,
    /// Day of printing.
    pub day: String,
    /// Classes with their rows.
    pub classes: Vec<ClassDoc>,
}

/// One class of a printed catalogue.
#[derive(Clone, Serialize)]
pub struct ClassDoc {
    /// Code.
    pub code: String,
    /// Label.
    pub label: String,
    /// Whether it is a sub-class.
    pub sub: bool,
    /// Whether materials may stand in it.
    pub leaf: bool,
    /// Rows in order.
    pub rows: Vec<RowDoc>,
}

/// One row of a printed catalogue.
#[derive(Clone, Serialize)]
pub struct RowDoc {
    /// Number in the class.
    pub seq: i64,
    /// Title.
    pub title: String,
    /// `YYYY[-MM[-DD]]` as far as known.
    pub formed: String,
    /// Pages, when known.
    pub pages: Option<i64>,
    /// Copies.
    pub copies: i64,
    /// Remark.
    pub remark: String,
}

/// Typesets forms.
pub trait Printer: Send + Sync {
    /// The catalogue as PDF, dated `now`; an error is a sentence for people.
    fn catalogue(&self, doc: &CatalogueDoc, now: jz_domain::Millis) -> Result<Vec<u8>, String>;
}
