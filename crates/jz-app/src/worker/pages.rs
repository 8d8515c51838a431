//! Page images in the child process.

use super::{
    frame::{Op, Trouble},
    server::lost,
};
use std::io::Write;

/// Answers [`Op::Image`] and [`Op::Ocr`].
pub(super) fn answer(op: &Op, parts: &[Vec<u8>], out: &mut impl Write) -> Result<(), Trouble> {
    let _ = (op, parts, out, lost);
    Err(Trouble { code: "worker.absent".into(), zh: "本版本尚不能处理页面图像。".into() })
}
