//! Calling other programs: with their output passed on, counted, or taken.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::place::Place;
use crate::steps::Count;

/// A command that runs in `dir` with the settings every child shares.
pub fn command(place: &Place, program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).env("CARGO_TARGET_DIR", &place.target).stdin(Stdio::null());
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// Runs to the end with output passed through.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    if status.success() { Ok(()) } else { Err(format!("{} 失败（{status}）", name(command))) }
}

/// Runs to the end and returns what it printed; its complaints become the error.
pub fn output(command: &mut Command) -> Result<String, String> {
    let out = command.output().map_err(|e| cannot_start(command, &e))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&out.stderr);
    Err(format!("{} 失败（{}）：{}", name(command), out.status, complaint.trim()))
}

/// Runs to the end, passes every line on, and adds up the tests that it reports.
pub fn counted(command: &mut Command) -> Result<Count, String> {
    let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|e| cannot_start(command, &e))?;
    let (sender, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|pipe| forward(pipe, sender.clone())),
        child.stderr.take().map(|pipe| forward(pipe, sender)),
    ];
    let mut count = Count::default();
    for line in lines {
        println!("{line}");
        count.read(&line);
    }
    for reader in readers.into_iter().flatten() {
        reader.join().map_err(|_| "读取输出的线程崩溃".to_owned())?;
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    if !status.success() {
        count.failed = count.failed.max(1);
        count.why = Some(format!("{}（{status}）", name(command)));
    }
    Ok(count)
}

fn forward(pipe: impl Read + Send + 'static, to: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut raw = Vec::new();
        while matches!(pipe.read_until(b'\n', &mut raw), Ok(n) if n > 0) {
            let line = String::from_utf8_lossy(&raw).trim_end().to_owned();
            raw.clear();
            if to.send(line).is_err() {
                return;
            }
        }
    })
}

/// The program and its first words, for messages.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let words = command.get_args().take(4).map(|a| a.to_string_lossy().into_owned());
    let mut text = program.into_owned();
    for word in words {
        text.push(' ');
        text.push_str(&word);
    }
    text
}

fn cannot_start(command: &Command, why: &std::io::Error) -> String {
    format!("无法运行 {}：{why}", command.get_program().to_string_lossy())
}
