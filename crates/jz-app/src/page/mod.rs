//! 页 (page): what is on a page, the machine's reading and people's corrections.
//!
//! `recognise` is the job that reads pages; `text` shows and corrects; `index` keeps the
//! search codes in step with the newest reading.

mod image;
mod index;
mod recognise;
mod text;

pub use image::{NoImage, image, image_info, thumb};
pub(crate) use index::{reindex, title_codes, unit_scope};
pub(crate) use recognise::recognise;
pub(crate) use text::newest_text;
pub use text::{Correction, Low, LowList, PageInfo, correct, info, low_confidence};
