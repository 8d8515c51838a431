//! Why a workbook was not read or written. One variant per rule, one sentence each.

/// What went wrong. [`SheetError::zh`] is the sentence for people, [`SheetError::code`]
/// the stable name. Neither holds values of cells.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file has more bytes than allowed.
    #[error("file is larger than {max} bytes")]
    FileTooBig {
        /// The bound.
        max: u64,
    },
    /// The zip holds too many files.
    #[error("zip holds more than {max} files")]
    TooManyEntries {
        /// The bound.
        max: u64,
    },
    /// The zip inflates to too much.
    #[error("zip inflates to more than allowed")]
    ExpandsTooMuch,
    /// One text is too long.
    #[error("a text is longer than {max} bytes")]
    TextTooLong {
        /// The bound.
        max: usize,
    },
    /// Too many sheets.
    #[error("more than {max} sheets")]
    TooManySheets {
        /// The bound.
        max: usize,
    },
    /// A value stands below the last allowed row.
    #[error("a value stands below row {max}")]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// The bound.
        max: u32,
    },
    /// A value stands right of the last allowed column.
    #[error("a value stands right of column {max}")]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The bound.
        max: u32,
    },
    /// The sheet has too many cells.
    #[error("a sheet has more than {max} cells")]
    TooManyCells {
        /// The sheet.
        sheet: String,
        /// The bound.
        max: u64,
    },
    /// The cells of a sheet say more than any table of people does.
    #[error("a sheet says more than {max} bytes of text")]
    TooMuchText {
        /// The sheet.
        sheet: String,
        /// The bound.
        max: u64,
    },
    /// Locked with a password.
    #[error("the workbook is encrypted")]
    Encrypted,
    /// An old or foreign format: xls, et, xlsb, ods or no workbook at all.
    #[error("not an xlsx workbook")]
    NotXlsx,
    /// A csv in no encoding we know.
    #[error("text in an unknown encoding")]
    UnknownEncoding,
    /// The sheet asked for is not there.
    #[error("no such sheet")]
    NoSuchSheet,
    /// It looks like a workbook but cannot be read.
    #[error("the workbook is damaged")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk said no.
    #[error("could not read the file")]
    Io(#[from] std::io::Error),
    /// The new workbook could not be written.
    #[error("could not write the workbook")]
    Write(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SheetError {
    /// Stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileTooBig { .. } => "sheet.file-too-big",
            Self::TooManyEntries { .. } => "sheet.too-many-entries",
            Self::ExpandsTooMuch => "sheet.expands-too-much",
            Self::TextTooLong { .. } => "sheet.text-too-long",
            Self::TooManySheets { .. } => "sheet.too-many-sheets",
            Self::TooManyRows { .. } => "sheet.too-many-rows",
            Self::TooManyColumns { .. } => "sheet.too-many-columns",
            Self::TooManyCells { .. } => "sheet.too-many-cells",
            Self::TooMuchText { .. } => "sheet.too-much-text",
            Self::Encrypted => "sheet.encrypted",
            Self::NotXlsx => "sheet.not-xlsx",
            Self::UnknownEncoding => "sheet.unknown-encoding",
            Self::NoSuchSheet => "sheet.no-such-sheet",
            Self::Damaged(_) => "sheet.damaged",
            Self::Io(_) => "sheet.io",
            Self::Write(_) => "sheet.write",
        }
    }

    /// A sentence that says what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::FileTooBig { max } => {
                format!("文件超过 {} MB 的上限，请拆分成几个工作簿后分别上传。", max >> 20)
            }
            Self::TooManyEntries { max } => {
                format!("文件内部包含超过 {max} 个部件，不是正常的工作簿，已拒绝读取。请在 Excel 或 WPS 中新建工作簿，粘贴数据后再上传。")
            }
            Self::ExpandsTooMuch => {
                "文件解压后体积异常，已拒绝读取。请在 Excel 或 WPS 中把有数据的区域复制到新工作簿后再上传。".to_owned()
            }
            Self::TextTooLong { .. } => {
                "有一个单元格的内容过长，已拒绝读取。请删去多余的空格或文字后再上传。".to_owned()
            }
            Self::TooManySheets { max } => format!("工作表超过 {max} 张，请拆分成几个工作簿后分别上传。"),
            Self::TooManyRows { sheet, max } => {
                format!("工作表“{sheet}”在第 {max} 行以下还有内容，请删除多余的行或拆分后再上传。")
            }
            Self::TooManyColumns { sheet, max } => {
                format!("工作表“{sheet}”在第 {max} 列以右还有内容，请删除多余的列后再上传。")
            }
            Self::TooManyCells { sheet, max } => {
                format!("工作表“{sheet}”的单元格超过 {max} 个，请拆分成几个工作簿后分别上传。")
            }
            Self::TooMuchText { sheet, max } => {
                format!("工作表“{sheet}”的文字合计超过 {} MB，已停止读取，请拆分成几个工作簿后分别上传。", max >> 20)
            }
            Self::Encrypted => "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，另存为 xlsx 后再上传。".to_owned(),
            Self::NotXlsx => "不是 xlsx 工作簿（可能是 xls、et 等旧格式）。请在 Excel 或 WPS 中打开，另存为 xlsx 后再上传。".to_owned(),
            Self::UnknownEncoding => "文本文件的编码无法识别。请另存为 UTF-8 编码的 CSV，或另存为 xlsx 后再上传。".to_owned(),
            Self::NoSuchSheet => "找不到指定的工作表。".to_owned(),
            Self::Damaged(_) => "工作簿已损坏，无法读取。请在 Excel 或 WPS 中打开并另存为 xlsx 后再上传。".to_owned(),
            Self::Io(_) => "读取文件失败，请稍后再试；若仍失败，请联系系统管理员检查磁盘。".to_owned(),
            Self::Write(_) => "生成工作簿失败，请稍后再试；若仍失败，请联系系统管理员检查磁盘空间。".to_owned(),
        }
    }

    pub(crate) fn damaged(e: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Damaged(Box::new(e))
    }
}
