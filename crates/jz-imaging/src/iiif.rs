//! IIIF Image API 3, level 2 and more: requests as values, info.json as a value,
//! pictures as bytes.
//!
//! Pure: no HTTP, no identifiers, no rights. The web layer maps a path to
//! [`Request::parse`], an error to its [`IiifError::status`], and adds headers.
//! Offered beyond level 2: grey and bitonal, mirroring, any angle, enlarging.

mod info;
mod parse;
mod render;
mod size;

pub use info::info;
pub use parse::{Area, Extent, FileFormat, Quality, Region, Request, Rotation, Size};
pub use render::{Rendered, render};
pub use size::{MaxSize, Plan, plan};

use crate::ImagingError;

/// Why a request gets no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IiifError {
    /// Not a legal request, or one that the picture cannot satisfy: 400.
    #[error("bad {0}")]
    Bad(&'static str),
    /// A legal request for something that is not offered: 501.
    #[error("{0} is not implemented")]
    NotImplemented(&'static str),
    /// The pack behind it could not be used: 500.
    #[error(transparent)]
    Image(#[from] ImagingError),
}

impl IiifError {
    /// The HTTP status that the specification asks for.
    pub fn status(&self) -> u16 {
        match self {
            Self::Bad(_) => 400,
            Self::NotImplemented(_) => 501,
            Self::Image(_) => 500,
        }
    }

    /// Stable name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bad(_) => "iiif.bad-request",
            Self::NotImplemented(_) => "iiif.not-implemented",
            Self::Image(e) => e.code(),
        }
    }

    /// One Chinese sentence.
    pub fn zh(&self) -> String {
        let part = |name: &str| match name {
            "region" => "区域",
            "size" => "尺寸",
            "rotation" => "旋转角度",
            "quality" => "色彩",
            _ => "格式",
        };
        match self {
            Self::Bad(name) => {
                format!("图像请求的{}参数不正确；请按 IIIF Image API 3 的写法修改后重试。", part(name))
            }
            Self::NotImplemented(name) => {
                format!("图像服务不提供所请求的{}；请改用 jpg 或 png。", part(name))
            }
            Self::Image(e) => e.zh(),
        }
    }
}
