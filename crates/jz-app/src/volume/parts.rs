//! Files as they arrive over the network: pieces are put together here, within limits,
//! so that whoever reads from the network needs no rules.

use super::MAX_PAGE_FILE;
use crate::{App, Fail};
use std::io::Write as _;

/// A piece of an upload, in the order of the network.
pub enum Piece {
    /// A field that is not a file.
    Field(String, String),
    /// A file begins: its name, or its path inside the chosen folder.
    File(String),
    /// More of the file.
    Bytes(Vec<u8>),
}

/// A whole file.
pub(super) struct Part {
    pub path: String,
    pub content: Content,
}

pub(super) enum Content {
    Bytes(Vec<u8>),
    /// A zip may be larger than memory: it waits in a private file.
    Zip(tempfile::NamedTempFile),
    /// More bytes than one file may have.
    TooBig,
}

/// A private file that the worker process can open; gone when dropped. The prefix is the
/// one whose leftovers are swept with those of workbook imports.
pub(super) fn scratch(app: &App) -> Result<tempfile::NamedTempFile, Fail> {
    let tmp = app.dir.join("tmp");
    std::fs::create_dir_all(&tmp)?;
    let prefix = format!("import-{}-", std::process::id());
    Ok(tempfile::Builder::new().prefix(&prefix).tempfile_in(tmp)?)
}

/// A private folder, gone when dropped.
pub(super) fn scratch_folder(app: &App) -> Result<tempfile::TempDir, Fail> {
    let tmp = app.dir.join("tmp");
    std::fs::create_dir_all(&tmp)?;
    let prefix = format!("import-{}-", std::process::id());
    Ok(tempfile::Builder::new().prefix(&prefix).tempdir_in(tmp)?)
}

/// Puts pieces together and hands each whole file to `each`. `zips` says that a zip is a
/// folder of files and may be as large as all of them, `most` bounds all bytes.
pub(super) fn assemble(
    app: &App,
    pieces: impl Iterator<Item = Result<Piece, Fail>>,
    zips: bool,
    most: u64,
    mut field: impl FnMut(&str, &str) -> Result<(), Fail>,
    mut each: impl FnMut(Part) -> Result<(), Fail>,
) -> Result<(), Fail> {
    let (mut current, mut total): (Option<Part>, u64) = (None, 0);
    for piece in pieces {
        match piece? {
            Piece::Field(name, value) => field(&name, &value)?,
            Piece::File(path) => {
                if let Some(whole) = current.take() {
                    each(whole)?;
                }
                let is_zip = zips && path.to_ascii_lowercase().ends_with(".zip");
                let content = if is_zip { Content::Zip(scratch(app)?) } else { Content::Bytes(Vec::new()) };
                current = Some(Part { path, content });
            }
            Piece::Bytes(bytes) => {
                total += bytes.len() as u64;
                if total > most {
                    return Err(Fail::refused(
                        "import.too-many-bytes",
                        format!("文件合计超过 {} MB；请分几次上传。", most >> 20),
                    ));
                }
                if let Some(part) = &mut current {
                    part.content.take(&bytes)?;
                }
            }
        }
    }
    current.map_or(Ok(()), each)
}

impl Content {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Fail> {
        match self {
            Self::Bytes(all) if (all.len() + bytes.len()) as u64 > MAX_PAGE_FILE => *self = Self::TooBig,
            Self::Bytes(all) => all.extend_from_slice(bytes),
            Self::Zip(file) => file.write_all(bytes)?,
            Self::TooBig => {}
        }
        Ok(())
    }
}
