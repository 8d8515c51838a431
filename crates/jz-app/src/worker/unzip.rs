//! A zip of scans, in the child process: one message for each file, within limits.
//!
//! Names are only told, never used as paths. The sizes a zip claims are the attacker's:
//! bytes are counted while they are inflated.

use super::{
    frame::{Frame, Trouble, ZipLimits},
    server::lost,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};
use zip::{ZipArchive, result::ZipError};

/// One file of a zip; its bytes come with it unless it is left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Name as stored, with `/`.
    pub name: String,
    /// Why its bytes do not come along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// Small files may compress better than the ratio; they cannot hurt.
const RATIO_FLOOR: u64 = 1 << 20;

fn trouble(code: &str, zh: impl Into<String>) -> Trouble {
    Trouble { code: code.into(), zh: zh.into() }
}

fn damaged(e: &ZipError) -> Trouble {
    let text = e.to_string();
    if text.to_ascii_lowercase().contains("password") {
        return trouble("zip.encrypted", "压缩包设有密码，无法读取；请取消密码后重新压缩再上传。");
    }
    trouble("zip.damaged", "压缩包已损坏或不是 zip 格式，无法读取；请重新压缩后上传，或直接选择文件夹。")
}

/// Answers [`super::Op::Unzip`].
pub(super) fn answer(path: &Path, limits: &ZipLimits, out: &mut impl Write) -> Result<(), Trouble> {
    let mut file = File::open(path).map_err(lost)?;
    let count = count_entries(&mut file)?;
    if count > limits.entries {
        return Err(trouble(
            "zip.too-many-entries",
            format!("压缩包中有 {count} 个文件，超过 {} 个的上限；请分成几个压缩包上传。", limits.entries),
        ));
    }
    let mut archive = ZipArchive::new(file).map_err(|e| damaged(&e))?;
    let mut total = 0u64;
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(|e| damaged(&e))?;
        if part.is_dir() {
            continue;
        }
        let name = name_of(part.name_raw());
        if part.is_symlink() {
            send(&Entry { name, left_out: Some("符号链接，为安全起见不导入".into()) }, None, out)?;
            continue;
        }
        let stored = part.compressed_size().max(1);
        let mut bytes = Vec::new();
        let mut chunk = vec![0u8; 64 << 10];
        let mut too_big = false;
        loop {
            let n = part.read(&mut chunk).map_err(|e| damaged(&ZipError::Io(e)))?;
            let Some(read) = chunk.get(..n).filter(|c| !c.is_empty()) else { break };
            total += n as u64;
            let size = bytes.len() as u64 + n as u64;
            if total > limits.total || (size > RATIO_FLOOR && size / stored > limits.ratio) {
                return Err(trouble(
                    "zip.expands",
                    "压缩包解压后体积异常，已停止读取；请确认来源，或直接选择文件夹上传。",
                ));
            }
            if size > limits.each {
                too_big = true;
                break;
            }
            bytes.extend_from_slice(read);
        }
        if too_big {
            let reason = format!("文件超过 {} MB 的上限，不导入", limits.each >> 20);
            send(&Entry { name, left_out: Some(reason) }, None, out)?;
        } else {
            send(&Entry { name, left_out: None }, Some(bytes), out)?;
        }
    }
    Ok(())
}

fn send(entry: &Entry, bytes: Option<Vec<u8>>, out: &mut impl Write) -> Result<(), Trouble> {
    let frame = Frame::of(entry, bytes.into_iter().collect()).map_err(lost)?;
    frame.write(out).and_then(|()| out.flush()).map_err(lost)
}

/// UTF-8, or what Chinese Windows writes.
fn name_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";

/// The number of files by the end record alone, so that a list of millions is never built.
fn count_entries(file: &mut File) -> Result<u64, Trouble> {
    let not_zip = || damaged(&ZipError::InvalidArchive("no end record".into()));
    let length = file.seek(SeekFrom::End(0)).map_err(lost)?;
    // The comment at the end has at most 64 KiB; the zip64 record stands just before.
    let tail_length = length.min((64 << 10) + 256);
    file.seek(SeekFrom::Start(length - tail_length)).map_err(lost)?;
    let mut tail = Vec::with_capacity(tail_length as usize);
    Read::by_ref(file).take(tail_length).read_to_end(&mut tail).map_err(lost)?;
    let last = |mark: &[u8]| tail.windows(mark.len()).rposition(|w| w == mark);
    let number = |from: usize, width: usize| {
        let bytes = tail.get(from..from + width)?;
        Some(bytes.iter().rev().fold(0u64, |n, b| (n << 8) | u64::from(*b)))
    };
    let end = last(END).ok_or_else(not_zip)?;
    let short = number(end + 10, 2).ok_or_else(not_zip)?;
    match last(END64).and_then(|at| number(at + 32, 8)) {
        Some(long) => Ok(short.max(long)),
        None => Ok(short),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use zip::{ZipWriter, write::SimpleFileOptions};

    const LIMITS: ZipLimits = ZipLimits { entries: 10, each: 2 << 20, total: 4 << 20, ratio: 100 };

    fn zip_of(files: &[(&str, Vec<u8>)]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut w = ZipWriter::new(file.reopen().unwrap());
        for (name, bytes) in files {
            w.start_file(*name, SimpleFileOptions::default()).unwrap();
            w.write_all(bytes).unwrap();
        }
        w.finish().unwrap();
        file
    }

    fn unzip(file: &tempfile::NamedTempFile) -> Result<Vec<(Entry, usize)>, Trouble> {
        let mut out = Vec::new();
        answer(file.path(), &LIMITS, &mut out)?;
        let mut pipe = &out[..];
        let mut all = Vec::new();
        while let Some(f) = Frame::read(&mut pipe).unwrap() {
            all.push((f.parse().unwrap(), f.parts.first().map_or(0, Vec::len)));
        }
        Ok(all)
    }

    #[test]
    fn files_come_one_by_one_and_names_are_only_told() {
        let noise: Vec<u8> = (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let all = unzip(&zip_of(&[("卷/1/001.jpg", noise), ("../../etc/x", vec![1])])).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].0.name.as_str(), all[0].1), ("卷/1/001.jpg", 100_000));
        assert_eq!(all[1].0.name, "../../etc/x");
    }

    #[test]
    fn bombs_end_in_a_sentence() {
        let zeros = vec![0u8; 3 << 20];
        assert_eq!(unzip(&zip_of(&[("a", zeros)])).unwrap_err().code, "zip.expands");
        let many: Vec<(String, Vec<u8>)> = (0..11).map(|i| (i.to_string(), vec![1])).collect();
        let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
        assert_eq!(unzip(&zip_of(&many)).unwrap_err().code, "zip.too-many-entries");
        let junk = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(junk.path(), b"PK\x03\x04 nothing").unwrap();
        assert_eq!(unzip(&junk).unwrap_err().code, "zip.damaged");
    }

    #[test]
    fn names_of_old_windows_are_read() {
        let (gbk, ..) = encoding_rs::GB18030.encode("目录/王甲.jpg");
        assert_eq!(name_of(&gbk), "目录/王甲.jpg");
    }
}
