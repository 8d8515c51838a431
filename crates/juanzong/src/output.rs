//! What people and scripts read: answers on standard output, everything else on
//! standard error.

use jz_app::Fail;
use serde::Serialize;
use std::{io::Write as _, process::ExitCode};

/// Prints one line; a closed pipe ends quietly.
pub fn line(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
}

/// Prints a JSON document.
pub fn json<T: Serialize>(value: &T) -> Result<(), Fail> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Fail::machine("writing JSON", e))?;
    line(text);
    Ok(())
}

/// Logs go to standard error; the level comes from `RUST_LOG`.
pub fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,juanzong=info,jz_web=info,jz_app=info"));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    // Only a second start in one process can fail; the first one stays.
    drop(started);
}

/// What went wrong, as a sentence, and where to look.
pub fn failure(e: &Fail) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{}", e.zh());
    if let Fail::Refused { problems, .. } = e {
        for p in problems.iter().filter(|p| p.message != e.zh()) {
            let _ = writeln!(std::io::stderr(), "  {}：{}", p.pointer, p.message);
        }
    }
    let mut cause = std::error::Error::source(e);
    while let Some(c) = cause {
        let _ = writeln!(std::io::stderr(), "  原因：{c}");
        cause = c.source();
    }
    ExitCode::from(match e {
        Fail::Store(_) | Fail::Machine(..) | Fail::Blob(_) => 3,
        _ => 2,
    })
}

/// A command line that does not parse, or a request for help.
pub fn usage(e: &clap::Error) -> ExitCode {
    // Help goes to standard output, mistakes to standard error; clap knows.
    let _ = e.print();
    ExitCode::from(if e.use_stderr() { 2 } else { 0 })
}
