//! Why a page could not be read, in a form a scanner operator can act on.

use crate::Limits;

/// Everything that can go wrong with foreign bytes. One variant per remedy.
///
/// No variant carries anything out of the file but numbers, so that neither a
/// log line nor a page of findings can leak what is written on the scan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImagingError {
    /// The file is larger than allowed.
    #[error("file has {bytes} bytes, at most {max} are allowed")]
    TooManyBytes { bytes: u64, max: u64 },
    /// The header claims more pixels than allowed.
    #[error("image claims {w} x {h} pixels")]
    TooManyPixels { w: u64, h: u64, limits: Limits },
    /// Width or height is zero.
    #[error("image has no pixels")]
    NoPixels,
    /// Neither JPEG, PNG, TIFF nor PDF.
    #[error("unknown file format")]
    UnknownFormat,
    /// The end of the file is missing.
    #[error("file is cut off")]
    Truncated,
    /// The structure of the file is broken.
    #[error("file is damaged")]
    Damaged,
    /// A legal file of a kind that is not handled here.
    #[error("unsupported: {0:?}")]
    Unsupported(Unsupported),
    /// The PDF is encrypted.
    #[error("PDF is encrypted")]
    PdfEncrypted,
    /// The PDF cannot be parsed.
    #[error("PDF cannot be parsed")]
    PdfUnreadable,
    /// The PDF has no page that can be found.
    #[error("PDF has no pages")]
    PdfNoPages,
    /// Compressed parts expand beyond the limit.
    #[error("PDF expands beyond {max} bytes")]
    PdfExpands { max: u64 },
    /// More pages than allowed.
    #[error("file has more than {max} pages")]
    TooManyPages { max: u32 },
    /// The page asked for is not there.
    #[error("no page {page}")]
    NoSuchPage { page: u32 },
    /// A recognition model or its dictionary does not fit this program.
    #[error("recognition model does not fit: {0}")]
    Model(&'static str),
    /// A font cannot be read.
    #[error("font cannot be read")]
    Font,
    /// A tile pack is not one, or is cut off. Packs are derived: build it again.
    #[error("tile pack is damaged")]
    Pack,
    /// The encoder refused; a programming error of ours.
    #[error("cannot encode: {0}")]
    Encode(&'static str),
}

/// Kinds of legal files that are refused on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// JPEG with arithmetic coding, lossless or hierarchical.
    JpegCoding,
    /// JPEG with other than eight bits.
    JpegDepth,
    /// TIFF compression or pixel layout that no decoder here knows.
    TiffLayout,
}

impl ImagingError {
    /// Stable name of the rule, for interfaces and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyBytes { .. } => "image.too-many-bytes",
            Self::TooManyPixels { .. } => "image.too-many-pixels",
            Self::NoPixels => "image.no-pixels",
            Self::UnknownFormat => "image.unknown-format",
            Self::Truncated => "image.truncated",
            Self::Damaged => "image.damaged",
            Self::Unsupported(_) => "image.unsupported",
            Self::PdfEncrypted => "pdf.encrypted",
            Self::PdfUnreadable => "pdf.unreadable",
            Self::PdfNoPages => "pdf.no-pages",
            Self::PdfExpands { .. } => "pdf.expands",
            Self::TooManyPages { .. } => "image.too-many-pages",
            Self::NoSuchPage { .. } => "image.no-such-page",
            Self::Model(_) => "ocr.model",
            Self::Font => "font.unreadable",
            Self::Pack => "pack.damaged",
            Self::Encode(_) => "image.encode",
        }
    }

    /// One Chinese sentence: what is wrong, and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::TooManyBytes { bytes, max } => format!(
                "文件有 {} MB，超过每个文件 {} MB 的上限；请分页上传，或降低扫描质量后重试。",
                bytes.div_ceil(1 << 20),
                max >> 20
            ),
            Self::TooManyPixels { w, h, limits } => format!(
                "图像声称有 {w}×{h} 像素，超过上限（每边 {} 像素、共 {} 万像素），没有解码；请确认文件来源，或以较低分辨率重新扫描。",
                limits.max_side,
                limits.max_pixels / 10_000
            ),
            Self::NoPixels => "图像的宽或高为零，没有内容；请重新扫描这一页。".into(),
            Self::UnknownFormat => "无法识别的文件格式；请使用 JPEG、PNG、TIFF 或 PDF 文件。".into(),
            Self::Truncated => {
                "图像文件不完整，末尾缺失（可能是复制或传输中断）；请重新复制或重新扫描这一页。".into()
            }
            Self::Damaged => "图像文件已损坏，无法完整解码；请重新复制或重新扫描这一页。".into(),
            Self::Unsupported(kind) => kind.zh().into(),
            Self::PdfEncrypted => {
                "PDF 文件已加密，无法读取；请用原密码打开后另存为不加密的 PDF 再上传。".into()
            }
            Self::PdfUnreadable => {
                "PDF 文件结构损坏，无法读取；请用原程序重新导出，或将各页另存为图像后上传。".into()
            }
            Self::PdfNoPages => {
                "PDF 文件中找不到任何页面；请用原程序重新导出，或将各页另存为图像后上传。".into()
            }
            Self::PdfExpands { max } => format!(
                "PDF 文件的压缩内容展开后超过 {} MB，已停止读取；请确认文件来源，或将各页另存为图像后上传。",
                max >> 20
            ),
            Self::TooManyPages { max } => {
                format!("文件超过 {max} 页的上限；请拆分成几个文件后分别上传。")
            }
            Self::NoSuchPage { page } => {
                format!("文件中没有第 {} 页；请检查页数后重试。", u64::from(*page) + 1)
            }
            Self::Model(_) => {
                "文字识别模型与本程序不匹配；请运行 juanzong doctor 检查模型文件，并重新安装模型。".into()
            }
            Self::Font => "水印字体无法读取；请运行 juanzong doctor 检查字体文件。".into(),
            Self::Pack => "页面的缓存切片已损坏；请重试，系统会重新生成。".into(),
            Self::Encode(_) => "图像编码失败；请重试，若仍失败请联系系统管理员。".into(),
        }
    }
}

impl Unsupported {
    fn zh(self) -> &'static str {
        match self {
            Self::JpegCoding => {
                "JPEG 使用了算术编码或无损编码，浏览器无法显示；请另存为普通（基线）JPEG 后上传。"
            }
            Self::JpegDepth => "JPEG 每个颜色分量不是 8 位，无法处理；请另存为 8 位 JPEG 后上传。",
            Self::TiffLayout => {
                "TIFF 的压缩方式或像素格式不受支持；请另存为 LZW 压缩或不压缩的 8 位 RGB TIFF 后上传。"
            }
        }
    }
}
