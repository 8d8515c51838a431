//! The near end: a few children, kept for the next file, ended when they misbehave.

use super::frame::{End, Frame, Op, Trouble};
use crate::Fail;
use std::{
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

/// Children that wait for work. Used from many threads; each call has a child for itself.
pub struct Pool {
    how: How,
    idle: Mutex<Vec<Kid>>,
    idle_ocr: Mutex<Vec<Kid>>,
}

enum How {
    Process {
        dir: PathBuf,
    },
    /// Tests of this crate have no program to start.
    Thread,
}

struct Kid {
    child: Option<Child>,
    to: BufWriter<Box<dyn std::io::Write + Send>>,
    from: mpsc::Receiver<std::io::Result<Frame>>,
}

impl Drop for Kid {
    fn drop(&mut self) {
        if let Some(c) = &mut self.child {
            // It may have ended by itself.
            let _ = c.kill();
            let _ = c.wait();
        }
    }
}

/// Longest wait for one file.
const PATIENCE: Duration = Duration::from_secs(60);

impl Pool {
    /// Children of this program, working for a data folder.
    pub fn new(dir: &Path) -> Self {
        Self {
            how: How::Process { dir: dir.to_owned() },
            idle: Mutex::new(Vec::new()),
            idle_ocr: Mutex::new(Vec::new()),
        }
    }

    /// The same code on a thread of this process, without its limits: for tests only.
    pub fn in_process() -> Self {
        Self { how: How::Thread, idle: Mutex::new(Vec::new()), idle_ocr: Mutex::new(Vec::new()) }
    }

    fn nest(&self, op: &Op) -> &Mutex<Vec<Kid>> {
        if matches!(op, Op::Ocr) { &self.idle_ocr } else { &self.idle }
    }

    fn start(&self, op: &Op) -> Result<Kid, Fail> {
        let lane = if matches!(op, Op::Ocr) { "ocr" } else { "parse" };
        match &self.how {
            How::Process { dir } => {
                let exe = std::env::current_exe()?;
                let mut child = Command::new(exe)
                    .args(["worker", lane])
                    .arg("--data")
                    .arg(dir)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::inherit())
                    .spawn()?;
                let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
                    return Err(std::io::Error::other("no pipe").into());
                };
                Ok(Self::kid(Some(child), to, from))
            }
            How::Thread => {
                let (child_in, to) = std::io::pipe()?;
                let (from, child_out) = std::io::pipe()?;
                std::thread::spawn(move || {
                    super::server::answer_all(&mut BufReader::new(child_in), &mut BufWriter::new(child_out))
                });
                Ok(Self::kid(None, to, from))
            }
        }
    }

    fn kid(
        child: Option<Child>,
        to: impl std::io::Write + Send + 'static,
        from: impl std::io::Read + Send + 'static,
    ) -> Kid {
        let (tell, hear) = mpsc::sync_channel(16);
        std::thread::spawn(move || {
            let mut from = BufReader::with_capacity(1 << 16, from);
            loop {
                let read = Frame::read(&mut from);
                let last = !matches!(read, Ok(Some(_)));
                let send = match read {
                    Ok(Some(f)) => Ok(f),
                    Ok(None) => Err(std::io::ErrorKind::UnexpectedEof.into()),
                    Err(e) => Err(e),
                };
                if tell.send(send).is_err() || last {
                    return;
                }
            }
        });
        Kid { child, to: BufWriter::new(Box::new(to)), from: hear }
    }

    /// Asks a child and hands every message of the answer to `each`.
    pub fn call(
        &self,
        op: &Op,
        parts: Vec<Vec<u8>>,
        mut each: impl FnMut(Frame) -> Result<(), Fail>,
    ) -> Result<Result<(), Trouble>, Fail> {
        let nest = self.nest(op);
        let waiting = nest.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut kid = match waiting {
            Some(k) => k,
            None => self.start(op)?,
        };
        let frame = Frame::of(op, parts)?;
        let broken = || {
            Trouble {
            code: "worker.broken".into(),
            zh: "这个文件读不下去：处理它的程序超出了内存或时间限制，文件可能损坏，或是有意构造的。请换用原始文件或重新扫描。".into(),
        }
        };
        if frame.write(&mut kid.to).and_then(|()| std::io::Write::flush(&mut kid.to)).is_err() {
            return Ok(Err(broken()));
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match kid.from.recv_timeout(left) {
                Ok(Ok(f)) => match f.end() {
                    Some(End::Done) => {
                        nest.lock().unwrap_or_else(PoisonError::into_inner).push(kid);
                        return Ok(Ok(()));
                    }
                    Some(End::Trouble { code, zh }) => {
                        nest.lock().unwrap_or_else(PoisonError::into_inner).push(kid);
                        return Ok(Err(Trouble { code, zh }));
                    }
                    None => each(f)?,
                },
                // It ended, or it takes too long; dropping it ends it.
                Ok(Err(_)) | Err(_) => return Ok(Err(broken())),
            }
        }
    }

    /// Ends all waiting children: idle memory with no model loaded.
    pub fn rest(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.idle_ocr.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
