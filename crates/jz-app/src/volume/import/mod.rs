//! 导入案卷: folders of scans become volumes.
//!
//! `files` is where the bytes come from: a folder of this machine, or an upload whose
//! files lie in the vault already. `plan` says what each file will become and who the
//! volume is about; that is the preview. `commit` files one volume at a time, each in one
//! transaction; running it again files nothing twice, because a page is known by the
//! digest of its bytes. `undo` takes a whole batch back.
//!
//! What does not fit is listed, with the reason; nothing is thrown away. The rules of the
//! folder layouts are in `jz_domain::intake::folders`.

mod batch;
mod commit;
mod files;
mod local;
mod plan;
mod receive;
mod undo;

pub use batch::{FolderNote, FoundVolume, LeftOut, VolumeBatch, is_one, list, read};
pub use commit::commit;
pub(crate) use commit::work;
pub use local::local;
pub use receive::receive;
pub use undo::undo;

/// Files of one import.
pub const MOST_FILES: usize = 20_000;
/// Bytes of one upload.
pub const MOST_BYTES: u64 = 20 << 30;
